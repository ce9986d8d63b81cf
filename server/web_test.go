package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestPages(t *testing.T) {
	h := newHouse(t)
	for path, want := range map[string]struct {
		status int
		kind   string
		text   string
	}{
		"/":             {200, "text/html; charset=utf-8", "Granary"},
		"/healthz":      {200, "text/plain; charset=utf-8", "ok"},
		"/openapi.json": {200, "application/json", `"openapi": "3.1.0"`},
		"/openapi.yaml": {200, "application/yaml", "openapi: 3.1.0"},
		"/docs":         {301, "text/html; charset=utf-8", ""},
		"/docs/":        {200, "text/html", "swagger"},
		"/metrics":      {200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", "go_goroutines"},
		"/nowhere":      {404, "application/problem+json", "There is nothing at /nowhere"},
		"/webhdfs/v2":   {404, "application/problem+json", ""},
		"/webhdfs/v1x":  {404, "application/problem+json", ""},
	} {
		a := h.do("GET", path, "")
		a.want(t, want.status, want.text)
		if got := a.Header.Get("Content-Type"); got != want.kind {
			t.Errorf("%s: Content-Type %q; want %q", path, got, want.kind)
		}
		cache := "private, no-store"
		if path == "/" {
			cache = "no-cache" // the same for everybody, and revalidated each time
		}
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": cache,
		} {
			if got := a.Header.Get(name); got != value {
				t.Errorf("%s: %s %q; want %q", path, name, got, value)
			}
		}
	}
	for _, other := range []string{"http://", "https://", "//cdn"} {
		if a := h.do("GET", "/docs/", ""); strings.Contains(a.body, `src="`+other) || strings.Contains(a.body, `href="`+other) {
			t.Errorf("/docs/ loads something from elsewhere: %s", a.body)
		}
	}
}

// TestMetricsOfManyAtOnce: metrics are gathered anew for each request, so that only metricsAtOnce are served at a time.
func TestMetricsOfManyAtOnce(t *testing.T) {
	h := newHouse(t)
	s := h.handler.(*Server)
	gathering, goOn := make(chan struct{}), make(chan struct{})
	must(t, s.telemetry.registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "slow"}, func() float64 {
		gathering <- struct{}{}
		<-goOn
		return 0
	})))
	ask := func() int {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
		return w.Code
	}
	answers := make(chan int, metricsAtOnce)
	for range metricsAtOnce {
		go func() { answers <- ask() }()
	}
	for range metricsAtOnce {
		<-gathering
	}
	more := make(chan int, 1)
	go func() { more <- ask() }()
	select {
	case code := <-more:
		if code != 503 {
			t.Errorf("one more: %d", code)
		}
	case <-gathering:
		t.Error("one more is gathered for")
		defer func() { <-more }()
	}
	close(goOn)
	for range metricsAtOnce {
		if code := <-answers; code != 200 {
			t.Errorf("one of so many: %d", code)
		}
	}
}

// TestProblems checks what failures look like under /api, and that their id is also in the header and the log.
func TestProblems(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	for _, c := range []struct {
		method, target string
		user           string
		want           Problem
	}{
		{"GET", "open?path=/none", "ada", Problem{Title: "Not found", Status: 404, Instance: "/none", Exception: "FileNotFoundException"}},
		{"GET", "open", "ada", Problem{Title: "Invalid argument", Status: 400, Exception: "IllegalArgumentException", Detail: "Required param path for op: OPEN is null or empty"}},
		{"GET", "open?path=a", "ada", Problem{Title: "Invalid path", Status: 400, Exception: "InvalidPathException"}},
		{"GET", "open?path=/example/hello.txt&offset=x", "ada", Problem{Title: "Invalid argument", Status: 400, Exception: "IllegalArgumentException"}},
		{"GET", "open?path=/example/hello.txt", "", Problem{Title: "Credential required", Status: 401, Exception: "AccessControlException"}},
		{"GET", "open?path=/a&delegation=x", "", Problem{Title: "Invalid token", Status: 401, Exception: "SecurityException", Detail: "the token is not a JWT: three parts of base64url, joined by dots, without padding"}},
		{"PUT", "create?path=/example/x", "bob", Problem{Title: "Permission denied", Status: 403, Instance: "/example/x", Exception: "AccessControlException"}},
		{"PUT", "create?path=/example/hello.txt", "ada", Problem{Title: "Already exists", Status: 409, Instance: "/example/hello.txt", Exception: "FileAlreadyExistsException"}},
		{"PUT", "open?path=/example/hello.txt", "ada", Problem{Title: "Method not allowed", Status: 405, Exception: "UnsupportedOperationException"}},
		{"GET", "fly?path=/", "ada", Problem{Title: "Not found", Status: 404, Exception: "FileNotFoundException"}},
	} {
		body := ""
		if c.method == "PUT" {
			body = "x"
		}
		options := []func(*http.Request){header("X-Request-Id", "test-7")}
		if c.user != "" {
			options = append(options, h.as(c.user))
		}
		a := h.do(c.method, apiPrefix+c.target, body, options...)
		var got Problem
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Errorf("%s: %s: %v", c.target, a.body, err)
			continue
		}
		c.want.Type, c.want.RequestID = "about:blank", "test-7"
		if c.want.Detail == "" {
			c.want.Detail = got.Detail
		}
		if got != c.want || a.StatusCode != c.want.Status || a.Header.Get("X-Request-Id") != "test-7" || got.Detail == "" ||
			a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s; want %+v", c.target, a.StatusCode, a.body, c.want)
		}
	}
	h.stop()
	if !strings.Contains(h.log.String(), `"id":"test-7"`) {
		t.Error("the request id is not in the log")
	}
}

func TestRequestID(t *testing.T) {
	for given, kept := range map[string]bool{
		"abc-1.2_X": true, "": false, "a b": false, "a\"b": false, "é": false, strings.Repeat("a", 65): false,
	} {
		r := &http.Request{Header: http.Header{"X-Request-Id": {given}}}
		if got := requestID(r); (got == given) != kept || got == "" {
			t.Errorf("requestID(%q) = %q", given, got)
		}
	}
}

// TestJavaGetsUntypedJSON: Spark 4.3's shaded client fails on every media type.
func TestJavaGetsUntypedJSON(t *testing.T) {
	h := newHouse(t, simple)
	for _, target := range []string{"/webhdfs/v1/?op=LISTSTATUS", "/webhdfs/v1/?op=GETFILESTATUS", "/webhdfs/v1/none?op=GETFILESTATUS"} {
		a := h.do("GET", target, "", header("X-Hadoop-Accept-EZ", "true"))
		if kinds, ok := a.Header["Content-Type"]; ok {
			t.Errorf("%s: Content-Type %q; want none", target, kinds)
		}
	}
}

// TestPanic makes a handler panic, before and after its answer has begun.
func TestPanic(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	row, err := find("GET", "GETHOMEDIRECTORY")
	must(t, err)
	handle := row.handle
	defer func() { row.handle = handle }()
	row.handle = func(*call) error { panic("secret in a panic") }
	a := h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("ada"))
	if a.StatusCode != 500 || a.remote(t).Exception != "RuntimeException" || strings.Contains(a.body, "secret") {
		t.Errorf("%d %s; want a RuntimeException that tells nothing", a.StatusCode, a.body)
	}
	row.handle = func(c *call) error {
		c.w.WriteHeader(200)
		_, _ = c.w.Write([]byte("half"))
		return errors.New("the store broke")
	}
	conn := h.dial()
	fmt.Fprint(conn, "GET /webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=ada HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	if err == nil {
		t.Error("an answer that broke off ended well")
	}
	h.stop()
	for _, want := range []string{"panic in a handler", "TestPanic", "the store broke"} {
		if !strings.Contains(h.log.String(), want) {
			t.Errorf("the log has no %q", want)
		}
	}
	if strings.Contains(h.log.String(), "secret in a panic") {
		t.Error("the panic's value is in the log")
	}
}

// A panic in a goroutine of a handler costs no more than one in the handler: the server goes on, and the log has the place, not the value.
func TestPanicBesideAHandler(t *testing.T) {
	var log strings.Builder
	s := &Server{limits: newLimiter(Limits{Writes: -1}), log: slog.New(slog.NewJSONHandler(&log, nil))}
	c := &call{exchange: &exchange{server: s, id: "b7"}, ctx: t.Context()} // without a file system, which panics
	out, err := changeAccess(c, AccessChanges{Targets: []AccessTarget{{Path: "/a"}}})
	must(t, err)
	if p := out.Items[0].Problem; p == nil || p.Status != 500 || out.Items[0].Path != "/a" || out.Items[0].Changed {
		t.Errorf("of a change that panicked is told %+v", out)
	}
	c.partProblem(beside(func() error { panic("secret in a panic") }), "/b")
	if told := log.String(); strings.Count(told, "panic in a handler") != 2 || !strings.Contains(told, "TestPanicBesideAHandler") || !strings.Contains(told, "changeAccessOf") ||
		strings.Contains(told, "nil pointer") || strings.Contains(told, "secret") {
		t.Errorf("the log: %s", told)
	}
}

func TestMetrics(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	h.do("GET", "/webhdfs/v1/none?op=OPEN", "").want(t, 404, "")
	h.do("GET", "/webhdfs/v1/none?op=NOSUCHOPERATION", "").want(t, 400, "")
	text := h.do("GET", "/metrics", "").body
	for _, want := range []string{
		`http_response_status_code="404",op="OPEN"`, `http_response_status_code="201",op="CREATE"`, `op="other"`,
		`granary_received_bytes_total{op="CREATE"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics have no %s:\n%s", want, text)
			break
		}
	}
	if strings.Contains(text, "NOSUCH") {
		t.Error("a client can make time series")
	}
}

// TestDrain stops the server during an upload: the upload is completed, and new connections are refused.
func TestDrain(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	conn := h.dial()
	fmt.Fprint(conn, "PUT /webhdfs/v1/example/slow?op=CREATE&data=true&user.name=ada HTTP/1.1\r\n"+
		"Host: x\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n")
	from := bufio.NewReader(conn)
	h.receive(from).want(t, 100, "") // the handler reads
	stopped := make(chan struct{})
	go func() {
		h.stop()
		close(stopped)
	}()
	for { // until the listener is closed
		other, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			break
		}
		other.Close()
	}
	select {
	case <-stopped:
		t.Fatal("Serve did not wait for the upload")
	default:
	}
	fmt.Fprint(conn, "content")
	h.receive(from).want(t, 201, "")
	select {
	case <-stopped:
	case <-time.After(30 * time.Second):
		t.Fatal("Serve does not return")
	}
}

func TestSimpleStaysLocal(t *testing.T) {
	for address, local := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "0.0.0.0:1": false, "[::]:1": false, "192.0.2.1:1": false} {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		must(t, err)
		if err := CheckLoopback(tcp); (err == nil) != local {
			t.Errorf("CheckLoopback(%s): %v", address, err)
		}
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	must(t, err)
	if err := (&Server{simple: true}).Serve(t.Context(), l); err == nil {
		t.Error("Serve believes names on every interface")
	}
}

// TestIDs checks that an operation has the same name in both APIs.
func TestIDs(t *testing.T) {
	for i := range ops {
		if flat := strings.ToUpper(ops[i].ID); !ops[i].compat && flat != strings.ReplaceAll(ops[i].Name, "_", "") {
			t.Errorf("%s has the id %s", ops[i].Name, ops[i].ID)
		}
	}
}

func TestAllow(t *testing.T) {
	h := newHouse(t, simple)
	for target, want := range map[string]string{
		"/webhdfs/v1/a?op=OPEN": "GET, HEAD, PUT, POST, DELETE", apiPrefix + "open": "GET, HEAD", apiPrefix + "append": "POST", "/healthz": "GET, HEAD", linksPrefix + "a%2Fb": "GET, HEAD, POST",
	} {
		a := h.do("PATCH", target, "")
		if got := a.Header.Get("Allow"); a.StatusCode != 405 || got != want {
			t.Errorf("PATCH %s: %d, Allow %q; want 405, %q", target, a.StatusCode, got, want)
		}
	}
	a := h.do("OPTIONS", restPrefix+uploadsPath+"/1", "")
	if got := a.Header.Get("Allow"); a.StatusCode != 405 || got != "GET, HEAD, PATCH, DELETE" {
		t.Errorf("OPTIONS of an upload: %d, Allow %q: a POST only stands for others", a.StatusCode, got)
	}
}

// TestHeadOfWhatIsRead: where GET is answered, so is HEAD, as checks of links and of health use it.
func TestHeadOfWhatIsRead(t *testing.T) {
	h := newHouse(t)
	for _, target := range []string{"/docs", "/docs/", "/metrics", "/.well-known/jwks.json", "/readyz", "/healthz", "/openapi.yaml", "/"} {
		read, asked := h.do("GET", target, ""), h.do("HEAD", target, "")
		if asked.StatusCode != read.StatusCode || asked.body != "" || asked.Header.Get("Content-Type") != read.Header.Get("Content-Type") {
			t.Errorf("%s: HEAD is answered %d %s %q, and GET %d %s", target, asked.StatusCode, asked.Header.Get("Content-Type"), asked.body, read.StatusCode, read.Header.Get("Content-Type"))
		}
	}
}

// TestIdempotencyKey sends each change twice under one key, as a client does that lost the first answer.
func TestIdempotencyKey(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for i, c := range []struct{ method, target, body, want string }{
		{"POST", "/webhdfs/v1/example/hello.txt?op=APPEND&data=true", "more", ""},
		{"PUT", "/webhdfs/v1/example/once?op=CREATE&data=true", "content", ""},
		{"PUT", apiPrefix + "rename?path=/example/once&destination=/example/twice", "", `{"boolean":true}`},
		{"DELETE", apiPrefix + "delete?path=/example/twice", "", `{"boolean":true}`},
	} {
		key := header("Idempotency-Key", fmt.Sprintf("6ba7b810-9dad-41d1-80b4-00c04fd430c%d", i))
		first := h.do(c.method, c.target, c.body, h.as("ada"), key)
		again := h.do(c.method, c.target, c.body, h.as("ada"), key)
		if first.StatusCode/100 != 2 || again.StatusCode != first.StatusCode || first.body != c.want || again.body != c.want {
			t.Errorf("%s: %d %s, then %d %s; want %s twice", c.target, first.StatusCode, first.body, again.StatusCode, again.body, c.want)
		}
	}
	h.do("GET", "/webhdfs/v1/example/hello.txt?op=GETFILESTATUS", "", h.as("ada")).want(t, 200, `"length":17`)
	h.do("PUT", apiPrefix+"mkdirs?path=/example/d", "", h.as("ada"), header("Idempotency-Key", "7")).want(t, 400, "is not a UUID")
}
