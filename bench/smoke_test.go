package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serving starts a server on this machine and returns it as a target that takes files in one hop.
func serving(t *testing.T, name string, h http.Handler) *target {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	addr, err := address(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &target{name: name, addr: addr, oneHop: true}
}

// quick is a comparison with everything in it, as short as it can be.
func quick(t *testing.T, more ...string) *settings {
	t.Helper()
	s, err := parse(append([]string{"-rounds=2", "-duration=50ms", "-most=100", "-warm=50", "-clients=1,4", "-sizes=1KiB,70KiB", "-large=3MiB", "-commit=abc"}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every operation, on two servers, of which one takes no file in one hop and wants a user's name.
func TestWholeComparison(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.json")
	one, two := newNull(), newNull()
	ours := serving(t, "one", one)
	theirs := serving(t, "two", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if first := query.Get("data") == ""; first == (query.Get("user.name") != user) {
			http.Error(w, "the name belongs to the first hop", http.StatusUnauthorized)
			return
		}
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "&user.name="+user, "", 1)
		r.RequestURI = ""
		two.ServeHTTP(w, r)
	}))
	theirs.query, theirs.oneHop = "&user.name="+user, false
	var out strings.Builder
	if err := quick(t, "-json="+file).compare(t.Context(), []*target{ours, theirs}, &out); err != nil {
		t.Fatal(err, "\n", out.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if want := 3*3 + 7*2 + 2; len(r.Rows) != want {
		t.Errorf("there are %d rows, want %d", len(r.Rows), want)
	}
	for _, row := range r.Rows {
		if len(row.Samples) != 2 || len(row.Samples[0]) != 2 || len(row.Samples[1]) != 2 || len(row.Ratios) != 1 || row.Ratios[0].Median <= 0 {
			t.Errorf("%s: %+v", row.Name, row)
		}
		for _, s := range row.Samples[0] {
			if s.Ops < 1 || s.Ops > 100 || s.PerSec <= 0 || s.P50 <= 0 || s.P99 < s.P50 || s.Max < s.P99 {
				t.Errorf("%s: %+v", row.Name, s)
			}
		}
	}
	for name, n := range map[string]*null{"one": one, "two": two} {
		if left := len(n.all); left > 2 { // the root and /tmp
			t.Errorf("%d files and directories are left on %s", left, name)
		}
	}
	if first, last := strings.Index(out.String(), "round 1"), strings.LastIndex(out.String(), "round 2"); !strings.Contains(out.String()[first:][:120], " one ") || !strings.Contains(out.String()[last:][:120], " one ") {
		t.Errorf("round 1 should begin and round 2 end with server one:\n%s", out.String())
	}
}

// spoiled passes requests on, and does something else to those of one operation after a while. CREATE is its first hop,
// "CREATE data" its second.
type spoiled struct {
	null *null
	op   string
	left atomic.Int64
	do   http.HandlerFunc
}

func (s *spoiled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op := r.URL.Query().Get("op")
	if r.URL.Query().Get("data") == "true" {
		op += " data"
	}
	if op == s.op && s.left.Add(-1) < 0 {
		s.do(w, r)
		return
	}
	s.null.ServeHTTP(w, r)
}

// One wrong answer among many right ones fails the comparison, says what and where, and still cleans up.
func TestAnyErrorFails(t *testing.T) {
	lie := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	for name, test := range map[string]struct {
		ops, op string
		after   int64 // right answers
		do      http.HandlerFunc
		want    string
	}{
		"refused":       {"mkdirs", "MKDIRS", 100, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no more", http.StatusServiceUnavailable) }, "status 503 where 200 is right: no more"},
		"false":         {"mkdirs", "MKDIRS", 100, lie(`{"boolean":false}`), `the reply should be {\"boolean\":true}`},
		"wrong content": {"read", "OPEN", 10, lie(strings.Repeat("x", 1024)), "not what was written"},
		"short content": {"read", "OPEN", 10, lie("x"), "1 bytes of content where the file has 1024"},
		"wrong length":  {"stat", "GETFILESTATUS", 10, lie(`{"FileStatus":{"length":10240}}`), `should say "length":1024`},
		"lost entry":    {"list", "LISTSTATUS", 10, lie(`{"FileStatuses":{"FileStatus":[]}}`), "0 entries and should have 1000"},
		"sent away": {"create", "CREATE", 100, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1:80/x", http.StatusTemporaryRedirect)
		}, "not a loopback address"},
		"nowhere to go":  {"create", "CREATE", 100, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTemporaryRedirect) }, "not an http address"},
		"not redirected": {"create", "CREATE", 100, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }, "status 201 where 307 is right"},
		"hung up":        {"rename", "RENAME", 10, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		// The bytes are lost, the reply is right: reading some files back finds out.
		"forgotten": {"create", "CREATE data", 2, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }, "status 404 where 200 is right"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := &spoiled{null: newNull(), op: test.op, do: test.do}
			bad.left.Store(test.after)
			s := quick(t, "-ops="+test.ops, "-sizes=1KiB", "-clients=4", "-warm=0", "-duration=1m") // so that every machine gets that far
			err := s.compare(t.Context(), []*target{serving(t, "bad", bad)}, io.Discard)
			if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(test.want, `\"`, `"`)) {
				t.Fatalf("the comparison gives %v, want %q", err, test.want)
			}
			if left := len(bad.null.all); left > 2 { // the root and /tmp
				t.Errorf("%d files and directories are left", left)
			}
		})
	}
}

// A server that never answers holds nobody up for longer than the caller wants to wait.
func TestSilenceEndsWithTheContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, errors.New("long enough"))
	defer cancel()
	began := time.Now()
	_, err = newBed(ctx, &target{name: "silent", addr: listener.Addr().String()}, "/tmp/x", plan{most: 1})
	if err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("a silent server gives %v after %s", err, time.Since(began))
	}
}

// A comparison may take longer than a token lives, so a round begins with a new one when the last was used long enough.
func TestRoundsHaveTokensThatLive(t *testing.T) {
	var asked atomic.Int64
	plain := newNull()
	to := serving(t, "one", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, want := r.Header.Get("Authorization"), "Bearer t"+strconv.FormatInt(asked.Load(), 10)
		if asked.Load() > 0 && got != want && r.URL.Query().Get("op") == "GETFILESTATUS" {
			http.Error(w, got+" is not "+want, http.StatusUnauthorized)
			return
		}
		plain.ServeHTTP(w, r)
	}))
	to.token = func() (string, error) { return "t" + strconv.FormatInt(asked.Add(1), 10), nil }
	if err := quick(t, "-ops=stat", "-rounds=3").compare(t.Context(), []*target{to}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if got := asked.Load(); got != 3 {
		t.Errorf("%d tokens were asked for in 3 rounds", got)
	}
	asked.Store(0)
	to.use, to.renewed = time.Hour, time.Time{}
	if err := quick(t, "-ops=stat", "-rounds=3").compare(t.Context(), []*target{to}, io.Discard); err != nil || asked.Load() != 1 {
		t.Errorf("%d tokens were asked for in less than an hour: %v", asked.Load(), err)
	}
	to.use = 0
	to.token = func() (string, error) { return "", errors.New("no more tokens") }
	if err := quick(t, "-ops=stat").compare(t.Context(), []*target{to}, io.Discard); err == nil || !strings.Contains(err.Error(), "one: no more tokens") {
		t.Errorf("a server without tokens gives %v", err)
	}
}

// What a datanode refuses while a run is prepared is asked for again; what another server does is not.
func TestPreparingOnHDFSIsTriedAgain(t *testing.T) {
	for name, tries := range map[string]int{nameHDFS: prepareTries, nameHTTPFS: prepareTries, nameGranary: 1} {
		for failing := range prepareTries + 1 {
			preparesAgain(t, name, "delete", "delete-", failing, tries)
		}
	}
	for op, made := range map[string]string{"read": "set-", "spotify": "spotify-", "ranges": "large-"} {
		preparesAgain(t, nameHDFS, op, made, 1, prepareTries)
		preparesAgain(t, nameHDFS, op, made, prepareTries, prepareTries)
	}
}

// preparesAgain runs an operation on a server that takes no file below the first of the places in the benchmark's directory whose names begin with
// made.
func preparesAgain(t *testing.T, name, op, made string, failing, tries int) {
	t.Helper()
	var (
		mu     sync.Mutex
		places []string // of the attempts
	)
	plain := newNull()
	to := serving(t, name, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, rest, found := strings.Cut(r.URL.Path, "/"+made)
		if found && r.URL.Query().Get("op") == "CREATE" {
			place, _, _ := strings.Cut(rest, "/")
			mu.Lock()
			if !slices.Contains(places, place) {
				places = append(places, place)
			}
			fails := slices.Index(places, place) < failing
			mu.Unlock()
			if fails {
				http.Error(w, "could only be written to 0 of the 1 minReplication nodes", http.StatusInternalServerError)
				return
			}
		}
		plain.ServeHTTP(w, r)
	}))
	var out strings.Builder
	err := quick(t, "-ops="+op, "-rounds=1", "-clients=1", "-sizes=1KiB", "-warm=0").compare(t.Context(), []*target{to}, &out)
	if (err == nil) != (failing < tries) {
		t.Errorf("%s, %s with %d failures: %v\n%s", name, op, failing, err, out.String())
	}
	if told := strings.Count(out.String(), " again: "); told != min(failing, tries-1) {
		t.Errorf("%s, %s with %d failures, tells of %d", name, op, failing, told)
	}
}
