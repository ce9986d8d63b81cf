package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

// limited sets the limits of a house.
func limited(l Limits) func(*Config) { return func(c *Config) { c.Limits = l } }

const (
	statusByHadoop = "/webhdfs/v1/user?op=GETFILESTATUS"
	statusByAPI    = "/api/v1/fs/get-file-status?path=/user"
)

// One request in ten seconds is allowed: a principal that has made one must wait, and nobody else.
func TestLimitOfOnePrincipal(t *testing.T) {
	h := newHouse(t, limited(Limits{Reads: 0.1, Writes: 0.1, Costly: 0.1}))
	ada, bob := h.as("ada"), h.as("bob")
	first := h.do("GET", statusByHadoop, "", ada)
	first.want(t, 200, "FileStatus")
	if policy, left := first.Header.Get("RateLimit-Policy"), first.Header.Get("RateLimit"); policy != `"reads";q=1;w=10` || left != `"reads";r=0;t=10` {
		t.Errorf("RateLimit-Policy: %s, RateLimit: %s", policy, left)
	}
	for name, second := range map[string]answer{
		"/webhdfs": h.do("GET", statusByHadoop, "", ada), "/api": h.do("GET", statusByAPI, "", ada), "a route": h.do("GET", "/api/v1/projects", "", ada),
	} {
		if second.StatusCode != http.StatusTooManyRequests {
			t.Fatalf("%s: %d %s", name, second.StatusCode, second.body)
		}
		if after, err := strconv.Atoi(second.Header.Get("Retry-After")); err != nil || after < 1 || after > 10 {
			t.Errorf("%s: Retry-After: %s", name, second.Header.Get("Retry-After"))
		}
		if left := second.Header.Get("RateLimit"); left != `"reads";r=0;t=10` {
			t.Errorf("%s: RateLimit: %s", name, left)
		}
	}
	if e := h.do("GET", statusByHadoop, "", ada).remote(t); e.JavaClassName != "org.apache.hadoop.ipc.RetriableException" || !strings.Contains(e.Message, "Retry-After") {
		t.Errorf("Hadoop is told %+v", e)
	}
	h.do("GET", statusByAPI, "", ada).want(t, 429, `"title":"Too many requests"`)
	// Each class, and each principal, counts by itself.
	h.do("PUT", "/webhdfs/v1/user/ada?op=MKDIRS", "", ada).want(t, 200, "true")
	h.do("PUT", "/webhdfs/v1/user/ada?op=MKDIRS", "", ada).want(t, 429, "RetriableException")
	costly := h.do("GET", "/api/v1/discover", "", ada)
	costly.want(t, 200, "items")
	if got := costly.Header.Get("RateLimit-Policy"); got != `"costly";q=1;w=10` {
		t.Errorf("a search counts as %s", got)
	}
	h.do("PUT", "/webhdfs/v1/user/bob?op=MKDIRS", "", bob).want(t, 200, "true")
	h.do("GET", "/webhdfs/v1/?op=GETDELEGATIONTOKEN", "", bob).want(t, 429, "RetriableException") // counts as a write, since it makes a token
	h.do("GET", statusByHadoop, "", bob).want(t, 200, "FileStatus")
	// A request that is refused for its credential uses up nobody's limit.
	for range 3 {
		h.do("GET", statusByAPI, "").want(t, 401, "")
	}
}

// The bucket refills over time.
func TestLimitComesBack(t *testing.T) {
	h := newHouse(t, limited(Limits{Reads: 0.2}))
	s, err := New(Config{FS: h.fs, Auth: h.auth, Limits: Limits{Reads: 0.2}, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	now := time.Unix(1_700_000_000, 0)
	s.limits.now = func() time.Time { return now }
	ask := func() (int, string) {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, statusByAPI, nil)
		h.as("ada")(r)
		s.ServeHTTP(w, r)
		return w.Code, w.Header().Get("Retry-After")
	}
	for i, want := range []struct {
		wait   time.Duration
		status int
		after  string
	}{{0, 200, ""}, {0, 200, ""}, {0, 429, "5"}, {4 * time.Second, 429, "1"}, {time.Second, 200, ""}, {0, 429, "5"}, {time.Hour, 200, ""}, {0, 200, ""}, {0, 429, "5"}} {
		now = now.Add(want.wait)
		if status, after := ask(); status != want.status || after != want.after {
			t.Errorf("request %d: %d, Retry-After %q; want %d, %q", i, status, after, want.status, want.after)
		}
	}
}

// patient sends the body of a request with "Expect: 100-continue" only when the server reads it.
var patient = &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}

// upload begins an upload by user that stays under way until end is called.
func (h *house) upload(user string) (end func() int) {
	h.t.Helper()
	return h.holdBack(user, http.MethodPut, "/webhdfs/v1/tmp/"+user+"?op=CREATE&data=true", "some of it")
}

// holdBack begins a request of user whose chunked body is complete only once end is called, which returns the status.
func (h *house) holdBack(user, method, target, body string) (end func() int) {
	h.t.Helper()
	from, to := io.Pipe()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+target, from)
	must(h.t, err)
	h.as(user)(r)
	if strings.HasPrefix(target, restPrefix) {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Expect", "100-continue")
	status := make(chan int, 1)
	go func() {
		resp, err := patient.Do(r)
		if err != nil {
			status <- 0
			return
		}
		resp.Body.Close()
		status <- resp.StatusCode
	}()
	_, err = to.Write([]byte(body)) // the server reads it only after it has let the request in
	must(h.t, err)
	return func() int {
		must(h.t, to.Close())
		return <-status
	}
}

func TestLimitOfWhatIsUnderWay(t *testing.T) {
	h := newHouse(t, limited(Limits{Each: 1}))
	ada, bob := h.as("ada"), h.as("bob")
	end := h.upload("ada")
	refused := h.do("GET", statusByHadoop, "", ada)
	if e := refused.remote(t); refused.StatusCode != 429 || e.Exception != "RetriableException" || refused.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %+v", refused.StatusCode, e)
	}
	h.do("GET", statusByAPI, "", ada).want(t, 429, "1 requests under way")
	h.do("GET", statusByHadoop, "", bob).want(t, 200, "FileStatus")
	if status := end(); status != 201 {
		t.Errorf("the upload: %d", status)
	}
	h.do("GET", statusByHadoop, "", ada).want(t, 200, "FileStatus")
}

func TestLimitOfTheServer(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1}))
	bob := h.as("bob")
	end := h.upload("ada")
	shed := h.do("GET", statusByHadoop, "", bob)
	if e := shed.remote(t); shed.StatusCode != 503 || e.Exception != "RetriableException" || shed.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %+v", shed.StatusCode, e)
	}
	h.do("GET", statusByAPI, "", bob).want(t, 503, `"title":"Try again"`)
	h.do("GET", "/api/v1/projects", "", bob).want(t, 503, `"title":"Try again"`)
	h.do("PUT", "/webhdfs/v1/tmp/bob?op=CREATE&data=true", "what nobody reads", bob).want(t, 503, "")
	for probe := range probes {
		h.do("GET", probe, "").want(t, 200, "")
	}
	if status := end(); status != 201 {
		t.Errorf("the upload: %d", status)
	}
	h.do("GET", statusByHadoop, "", bob).want(t, 200, "FileStatus")
}

// A bounded number of principals is remembered, however many there are.
func TestLimitsForget(t *testing.T) {
	l := newLimiter(Limits{})
	first := l.of("0")
	for i := range limitedPrincipals - 1 {
		l.of(strconv.Itoa(i))
	}
	if l.of("0") != first {
		t.Error("a use was forgotten that there is room for")
	}
	for i := range 2 * limitedPrincipals {
		l.of("other" + strconv.Itoa(i))
	}
	if n := l.uses.Len(); n != limitedPrincipals {
		t.Errorf("%d uses are remembered, want %d", n, limitedPrincipals)
	}
}

func TestNoLimit(t *testing.T) {
	h := newHouse(t, limited(Limits{Reads: -1, Writes: -1, Costly: -1, Each: -1, All: -1}))
	a := h.do("GET", statusByHadoop, "", h.as("ada"))
	a.want(t, 200, "FileStatus")
	if got := a.Header.Get("RateLimit") + a.Header.Get("RateLimit-Policy"); got != "" {
		t.Errorf("there is no limit, and the answer says %s", got)
	}
}

// BenchmarkCount measures what counting costs each request: a lookup of the principal, one bucket and two header fields.
func BenchmarkCount(b *testing.B) {
	for _, principals := range []int{1, 1000} {
		b.Run(fmt.Sprint(principals), func(b *testing.B) {
			s := &Server{limits: newLimiter(Limits{Reads: 1e12})}
			names := make([]string, principals)
			for i := range names {
				names[i] = "user" + strconv.Itoa(i)
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					c := &call{exchange: &exchange{server: s, w: &reply{ResponseWriter: httptest.NewRecorder()}}, principal: auth.Principal{User: names[i%principals]}}
					if err := c.count(c.principal.User, reading); err != nil {
						b.Fatal(err)
					}
					c.release()
				}
			})
		})
	}
}
