package crash

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/postgres"
)

// TestNothingInTheClear writes files and uses credentials in every way there is, and then finds none of their text in
// the data folder, the dump of the database, the logs and the metrics. The same search finds the content when the
// program is built without sealing, and the one credential that is meant to be there.
func TestNothingInTheClear(t *testing.T) {
	sealed := leaveTraces(t, build(t, ""))
	for name, places := range sealed.found {
		if strings.HasPrefix(name, "printed token") {
			continue
		}
		t.Errorf("%s is in the clear in %v", name, places)
	}
	// The first token is printed once. Elsewhere it is a leak.
	if got := sealed.found["printed token"]; len(got) != 1 || !got["stdout"] {
		t.Errorf("the token of the first start is in %v, want stdout", got)
	}

	unsealed := leaveTraces(t, build(t, "granary_unsealed"))
	for _, kind := range canaryKinds {
		if len(unsealed.found[kind]) == 0 {
			t.Errorf("the search misses content that is not sealed: %s", kind)
		}
	}
	for _, place := range []string{"dump", filepath.Join("data", "blocks"), filepath.Join("data", "postgres")} {
		if !slices.ContainsFunc(canaryKinds, func(kind string) bool {
			for at := range unsealed.found[kind] {
				if strings.HasPrefix(at, place) {
					return true
				}
			}
			return false
		}) {
			t.Errorf("the search misses content that is not sealed in %s", place)
		}
	}
	t.Logf("soak: searched %d MiB of data folder, database dump and logs for %d texts in %d forms: nothing in the clear; without sealing all %d kinds of content are found",
		sealed.read>>20, len(sealed.secrets), len(sealed.secrets)*len(sealed.secrets[0].forms), len(canaryKinds))
}

// canaryKinds are the ways in which content gets onto the disk. Each has a text of its own.
var canaryKinds = []string{
	"a short file", "a file in blocks", "a short file that was overwritten", "a file in blocks that was overwritten",
	"a short append", "a long append", "a short file that was deleted", "a file in blocks that was deleted",
	"an upload that was broken off",
}

// leaveTraces makes an installation, works with it and searches what that left behind.
func leaveTraces(t *testing.T, program string) *search {
	t.Helper()
	g := install(t, program)
	g.start(t)
	base := rand.Text()
	contents := map[string]string{}
	for i, kind := range canaryKinds {
		contents[kind] = fmt.Sprintf("%s-canary-%02d", base, i)
	}
	secrets := useCredentials(t, g)
	for kind, text := range contents {
		secrets = append(secrets, newSecret(kind, text))
	}
	s := newSearch(secrets)
	// What an upload leaves that is broken off is garbage, and gone some seconds later.
	begun := func() {
		if err := g.searchLongBlock(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	writeCanaries(t, newClient(g.url, g.token(t, "admin")), contents, begun)
	g.fsck(t)
	metrics, err := newClient(g.url, "").http.Get(g.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer metrics.Body.Close()
	if err := errors.Join(s.in("metrics", metrics.Body), dump(t, g, s)); err != nil {
		t.Fatal(err)
	}
	g.terminate(t)
	if err := s.folder(g.folder); err != nil {
		t.Fatal(err)
	}
	return s
}

// searchLongBlock waits for a block as long as one can be, and searches it.
func (g *installation) searchLongBlock(ctx context.Context, s *search) error {
	const long = 64 << 20
	for wait := time.NewTicker(10 * time.Millisecond); ; {
		files, err := filepath.Glob(filepath.Join(g.data(), "blocks", "[0-9a-f][0-9a-f]", "*"))
		if err != nil {
			return err
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.Size() < long {
				continue // others come and go
			}
			f, err := os.Open(file)
			if err != nil {
				return err
			}
			defer f.Close()
			place, err := filepath.Rel(g.folder, file)
			return errors.Join(err, s.in(place, f))
		}
		select {
		case <-wait.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// writeCanaries writes each kind of content. Every file holds its text many times, between other bytes. begun is called while most of
// an upload is there that is broken off then.
func writeCanaries(t *testing.T, c *client, contents map[string]string, begun func()) {
	t.Helper()
	body := func(kind string, size int) io.Reader {
		return bytes.NewReader(bytes.Repeat([]byte(contents[kind]+"\x00\x01"), size/len(contents[kind])))
	}
	do := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	const short, long = 3 << 10, 300 << 10
	do(c.mkdirs(top))
	do(c.create(top+"/short", false, body("a short file", short), -1))
	do(c.create(top+"/blocks", false, body("a file in blocks", long), -1))
	do(c.append(top+"/blocks", body("a short append", short), -1))
	do(c.append(top+"/blocks", body("a long append", long), -1))
	for kind, size := range map[string]int{"short": short, "blocks": long} {
		file := "a short file"
		if kind == "blocks" {
			file = "a file in blocks"
		}
		do(c.create(top+"/over-"+kind, false, body(file+" that was overwritten", size), -1))
		do(c.create(top+"/over-"+kind, true, strings.NewReader("something else"), -1))
		do(c.create(top+"/gone-"+kind, false, body(file+" that was deleted", size), -1))
		do(c.delete(top + "/gone-" + kind))
	}
	// Two blocks' worth, and then the client is gone.
	broken := io.MultiReader(body("an upload that was broken off", 70<<20), failingReader{begun})
	var lost *lostError
	if err := c.create(top+"/broken", false, broken, -1); !errors.As(err, &lost) {
		t.Fatalf("an upload that broke off ended with %v", err)
	}
	// What the server has to say about failures must not quote content or names of secrets either.
	if err := c.append(top+"/missing", body("a short file", short), -1); err == nil {
		t.Fatal("an append to a missing file succeeded")
	}
}

// failingReader is a client's disk that breaks when before is over.
type failingReader struct{ before func() }

func (r failingReader) Read([]byte) (int, error) {
	r.before()
	return 0, errors.New("the test breaks off here")
}

// printedToken finds the token in what the first start prints.
var printedToken = regexp.MustCompile(`(?m)^  (ey\S+)$`)

// useCredentials identifies itself in every way and returns what it used for that.
func useCredentials(t *testing.T, g *installation) []secret {
	t.Helper()
	bearer, basic, query, wrong := g.token(t, "admin"), g.token(t, "admin"), g.token(t, "admin"), g.token(t, "admin")
	wrong = wrong[:len(wrong)-20] + strings.Repeat("A", 20)
	m := printedToken.FindSubmatch(tail(g.stdout(), 64<<10))
	if m == nil {
		t.Fatal("the first start printed no token")
	}
	for _, try := range []struct {
		want   int
		query  string
		header func(*http.Request)
	}{
		{http.StatusOK, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+string(m[1])) }},
		{http.StatusOK, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+bearer) }},
		{http.StatusOK, "", func(r *http.Request) { r.SetBasicAuth("admin", basic) }},
		{http.StatusOK, "&delegation=" + query, nil},
		{http.StatusForbidden, "&delegation=" + wrong, nil},
		{http.StatusUnauthorized, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+wrong) }},
		{http.StatusBadRequest, "&delegation=" + query + "&length=no", nil},
	} {
		send(t, http.MethodGet, g.url+"/webhdfs/v1/?op=LISTSTATUS"+try.query, try.header, try.want)
	}
	redirected := send(t, http.MethodPut, g.url+"/webhdfs/v1/tmp/ticket?op=CREATE",
		func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+bearer) }, http.StatusTemporaryRedirect)
	location, err := url.Parse(redirected.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	ticket := location.Query().Get("ticket")
	if len(ticket) < 40 {
		t.Fatalf("the redirect has the ticket %q", ticket)
	}
	send(t, http.MethodPut, location.String(), nil, http.StatusCreated)
	send(t, http.MethodPut, strings.Replace(location.String(), "op=CREATE", "op=MKDIRS", 1), nil, 0)

	secrets := []secret{
		newSecret("printed token", signature(string(m[1]))), newSecret("bearer token", signature(bearer)),
		newSecret("token of Basic", signature(basic)), newSecret("token in the query", signature(query)),
		newSecret("ticket", ticket[len(ticket)-40:]),
	}
	return append(secrets, newSecret("refused token", wrong[len(wrong)-60:len(wrong)-20]))
}

// signature is the part of a token that nobody could make up.
func signature(token string) string { return token[len(token)-60:] }

// send makes a request without following redirects and returns the head of the answer. want is its status, 0: any.
func send(t *testing.T, method, url string, prepare func(*http.Request), want int) http.Header {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(r)
	}
	c := newClient("", "").http
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if want != 0 && answer.StatusCode != want {
		text, _ := io.ReadAll(answer.Body) // for the message alone
		t.Fatalf("%s: status %d, want %d: %s", method, answer.StatusCode, want, text)
	}
	c.CloseIdleConnections()
	return answer.Header
}

// dump searches every row of every table, as PostgreSQL writes them out for a backup. Bytes come in hexadecimal, which
// is one of the forms that are searched for.
func dump(t *testing.T, g *installation, s *search) error {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	at, ok := postgres.Attach(filepath.Join(g.data(), "postgres"))
	if !ok {
		return errors.New("the private PostgreSQL does not answer")
	}
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if !slices.Contains(tables, "public.contents") {
		return fmt.Errorf("the tables are %v", tables)
	}
	for _, table := range tables {
		reader, writer := io.Pipe()
		go func() {
			_, err := conn.PgConn().CopyTo(ctx, writer, "COPY "+table+" TO STDOUT")
			writer.CloseWithError(err)
		}()
		if err := s.in("dump of "+table, reader); err != nil {
			return err
		}
	}
	return nil
}
