package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"
)

// dial opens a socket to the server, for requests that no client would make.
func (h *house) dial() *net.TCPConn {
	h.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(h.t, err)
	h.t.Cleanup(func() { conn.Close() })
	must(h.t, conn.SetDeadline(time.Now().Add(time.Minute)))
	return conn.(*net.TCPConn)
}

// send writes a request to a new socket, unchanged, and reads the answer.
func (h *house) send(text string) answer {
	h.t.Helper()
	conn := h.dial()
	_, err := io.WriteString(conn, text)
	must(h.t, err)
	return h.receive(bufio.NewReader(conn))
}

func (h *house) receive(from *bufio.Reader) answer {
	h.t.Helper()
	resp, err := http.ReadResponse(from, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "over a socket"}}) // named in the messages of failed tests
	must(h.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(h.t, err)
	return answer{resp, string(body)}
}

// TestHostileHeads sends heads that net/http does not let through, or should not.
func TestHostileHeads(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for name, c := range map[string]struct {
		target    string
		status    int
		exception string
	}{
		"bad escape in the path":     {"/webhdfs/v1/a%zzb?op=OPEN", 400, "IllegalArgumentException"},
		"cut escape in the path":     {"/webhdfs/v1/a%4?op=OPEN", 400, "IllegalArgumentException"},
		"control character":          {"/webhdfs/v1/a\x01b?op=OPEN", 400, "IllegalArgumentException"},
		"bad escape in the query":    {"/webhdfs/v1/example?op=LISTSTATUS&a=%zz", 400, "IllegalArgumentException"},
		"dots":                       {"/webhdfs/v1/example/../example?op=LISTSTATUS", 400, "InvalidPathException"},
		"escaped dots":               {"/webhdfs/v1/example/%2e%2e/example?op=LISTSTATUS", 400, "InvalidPathException"},
		"escaped slash and dots":     {"/webhdfs/v1/example/%2F..%2f?op=LISTSTATUS", 400, "InvalidPathException"},
		"dots out of the prefix":     {"/webhdfs/v1/../../metrics?op=LISTSTATUS", 400, "InvalidPathException"},
		"NUL":                        {"/webhdfs/v1/a%00?op=OPEN", 400, "InvalidPathException"},
		"not UTF-8":                  {"/webhdfs/v1/a%ff?op=OPEN", 400, "InvalidPathException"},
		"not UTF-8, raw":             {"/webhdfs/v1/a\xff?op=OPEN", 400, "InvalidPathException"},
		"a name of 256 bytes":        {"/webhdfs/v1/example/" + strings.Repeat("n", 256) + "?op=MKDIRS&user.name=ada", 403, "PathComponentTooLongException"},
		"ten thousand deep":          {"/webhdfs/v1" + strings.Repeat("/a", 10_000) + "?op=MKDIRS", 403, "IOException"},
		"a query of a megabyte":      {"/webhdfs/v1/example?op=LISTSTATUS&a=" + strings.Repeat("x", 1<<20), 431, "IllegalArgumentException"},
		"a query of many parameters": {"/webhdfs/v1/example?op=LISTSTATUS" + strings.Repeat("&a=1", 1001), 400, "IllegalArgumentException"},
		"slashes":                    {"/webhdfs/v1//example///hello.txt/?op=GETFILESTATUS", 200, ""},
		"raw UTF-8":                  {"/webhdfs/v1/example/café?op=MKDIRS&user.name=ada", 200, ""},
		"matrix parameters":          {"/webhdfs/v1/example;a=1?op=GETFILESTATUS", 404, "FileNotFoundException"},
		"absolute form":              {"http://evil.example/webhdfs/v1/example?op=LISTSTATUS", 200, ""},
		"no slash":                   {"/webhdfs/v1?op=LISTSTATUS", 200, ""},
	} {
		method := "GET"
		if strings.Contains(c.target, "MKDIRS") {
			method = "PUT"
		}
		a := h.send(method + " " + c.target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
		if a.StatusCode != c.status {
			t.Errorf("%s: %d %.200s; want %d", name, a.StatusCode, a.body, c.status)
			continue
		}
		if c.exception == "" {
			continue
		}
		if got := a.remote(t).Exception; got != c.exception || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s as %q; want %s as JSON", name, got, a.Header.Get("Content-Type"), c.exception)
		}
	}
}

// TestEarlyErrorIsRead sends a long body to a path where it is refused at once, as Java and Python do: they send all of it before
// they look for the answer. If the server did not drain it, the connection would be reset.
func TestEarlyErrorIsRead(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	const size = 8 << 20
	conn := h.dial()
	fmt.Fprintf(conn, "PUT /webhdfs/v1/example/new?op=CREATE&data=true&user.name=bob HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", size)
	chunk := make([]byte, 64<<10)
	for sent := 0; sent < size; sent += len(chunk) {
		if _, err := conn.Write(chunk); err != nil {
			t.Fatalf("after %d bytes: %v", sent, err)
		}
	}
	from := bufio.NewReader(conn)
	if a := h.receive(from); a.StatusCode != 403 || a.remote(t).Exception != "AccessControlException" {
		t.Errorf("%d %s; want an AccessControlException", a.StatusCode, a.body)
	}
	// The connection can still be used.
	fmt.Fprint(conn, "GET /webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=ada HTTP/1.1\r\nHost: x\r\n\r\n")
	h.receive(from).want(t, 200, `{"Path":"/user/ada"}`)
}

// TestEarlyErrorSaysThatItCloses refuses bodies that it may not read to their end. A client that has sent all of one would otherwise
// use the connection for its next request, and lose that.
func TestEarlyErrorSaysThatItCloses(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for name, c := range map[string]struct {
		head   string
		closes bool
	}{
		"as long as what is drained": {fmt.Sprintf("Content-Length: %d", drainBytes), false},
		"longer":                     {fmt.Sprintf("Content-Length: %d", drainBytes+1), true},
		"of unknown length":          {"Transfer-Encoding: chunked", true},
	} {
		conn := h.dial()
		fmt.Fprintf(conn, "PUT /webhdfs/v1/example/new?op=CREATE&data=true&user.name=bob HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", c.head)
		a := h.receive(bufio.NewReader(conn))
		if a.StatusCode != 403 || a.remote(t).Exception != "AccessControlException" || a.Close != c.closes {
			t.Errorf("%s: %d %s, closes: %t; want an AccessControlException, %t", name, a.StatusCode, a.body, a.Close, c.closes)
		}
		must(t, conn.Close())
	}
}

// TestExpectContinue asks before it sends the body, as curl does.
func TestExpectContinue(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	head := func(name, user string) string {
		return "PUT /webhdfs/v1/example/" + name + "?op=CREATE&user.name=" + user +
			" HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n"
	}
	conn := h.dial()
	fmt.Fprint(conn, head("new", "ada"))
	from := bufio.NewReader(conn)
	if a := h.receive(from); a.StatusCode != http.StatusContinue {
		t.Fatalf("%d; want 100", a.StatusCode)
	}
	fmt.Fprint(conn, "content")
	h.receive(from).want(t, 201, "")
	// A caller who may not write is refused without being asked for the body.
	a := h.send(head("other", "bob"))
	if a.StatusCode != 403 || a.remote(t).Exception != "AccessControlException" {
		t.Errorf("%d %s; want an AccessControlException", a.StatusCode, a.body)
	}
}

// TestTornBody breaks off a body in every possible way. Nothing of it may be kept.
func TestTornBody(t *testing.T) {
	h := newHouse(t, simple, func(c *Config) { c.Stall = 200 * time.Millisecond })
	h.furnish()
	const head = "PUT /webhdfs/v1/example/torn?op=CREATE&data=true&user.name=ada HTTP/1.1\r\nHost: x\r\n"
	// The server looks at the first byte to see whether the client sends its data at once.
	oneHop := strings.Replace(head, "&data=true", "", 1) + "Transfer-Encoding: chunked\r\n\r\n"
	for name, c := range map[string]struct {
		text string
		gone bool // the client hangs up
	}{
		"short of its length, hung up":  {head + "Content-Length: 100\r\n\r\nhalf", true},
		"short of its length, stalling": {head + "Content-Length: 100\r\n\r\nhalf", false},
		"chunk cut short":               {head + "Transfer-Encoding: chunked\r\n\r\n10\r\nhalf", true},
		"no last chunk":                 {head + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true},
		"not chunks":                    {head + "Transfer-Encoding: chunked\r\n\r\nrubbish\r\n", false},
		"not chunks after one byte":     {oneHop + "1\r\nh\r\nrubbish\r\n", false},
		"no end behind the last chunk":  {oneHop + "1\r\nh\r\n0\r\n", true},
		"an append":                     {strings.Replace(strings.Replace(head, "PUT", "POST", 1), "torn?op=CREATE", "hello.txt?op=APPEND", 1) + "Content-Length: 100\r\n\r\nhalf", true},
	} {
		conn := h.dial()
		_, err := io.WriteString(conn, c.text)
		must(t, err)
		if c.gone {
			must(t, conn.CloseWrite())
		}
		a := h.receive(bufio.NewReader(conn))
		if a.StatusCode != 400 || !strings.Contains(a.remote(t).Message, "ended before its end") {
			t.Errorf("%s: %d %s; want a 400", name, a.StatusCode, a.body)
		}
		h.do("GET", "/webhdfs/v1/example?op=LISTSTATUS", "", h.as("ada")).want(t, 200, `"length":13`)
		if a := h.do("GET", "/webhdfs/v1/example/torn?op=GETFILESTATUS", "", h.as("ada")); a.StatusCode != 404 {
			t.Fatalf("%s: left %s", name, a.body)
		}
	}
}

// TestUnreadBody announces a body to an operation that needs none, and never sends it.
func TestUnreadBody(t *testing.T) {
	h := newHouse(t, simple, func(c *Config) { c.Stall = 2 * time.Second }) // within which a busy machine must answer
	h.furnish()
	h.send("PUT /webhdfs/v1/example/d?op=MKDIRS&user.name=ada HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n").want(t, 200, "true")
}

// TestSlowReader stops reading in the middle of a long file: the server gives up after a stall.
func TestSlowReader(t *testing.T) {
	h := newHouse(t, simple, func(c *Config) { c.Stall = 300 * time.Millisecond })
	h.furnish()
	const size = 32 << 20 // more than the sockets hold
	h.do("PUT", "/webhdfs/v1/example/long?op=CREATE&data=true", strings.Repeat("x", size), h.as("ada")).want(t, 201, "")
	conn := h.dial()
	fmt.Fprint(conn, "GET /webhdfs/v1/example/long?op=OPEN&user.name=ada HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(h.log.String(), "i/o timeout"); {
		if time.Now().After(deadline) {
			t.Fatal("the server still waits for a reader that does not read")
		}
		// Only the log shows it; another request paces the loop.
		h.do("GET", "/healthz", "").want(t, 200, "ok")
	}
	if n, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Errorf("the answer ended well, with %d bytes of %d", 1<<20+n, size)
	}
}

// TestKeepAlive sends many requests over one connection, with bodies and without.
func TestKeepAlive(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	conn := h.dial()
	from := bufio.NewReader(conn)
	for range 3 {
		fmt.Fprint(conn, "PUT /webhdfs/v1/example/k?op=CREATE&data=true&overwrite=true&user.name=ada HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
		h.receive(from).want(t, 201, "")
		fmt.Fprint(conn, "GET /webhdfs/v1/example/k?op=OPEN&user.name=ada HTTP/1.1\r\nHost: x\r\n\r\n")
		h.receive(from).want(t, 200, "hi")
		fmt.Fprint(conn, "GET /webhdfs/v1/example/none?op=OPEN&user.name=ada HTTP/1.1\r\nHost: x\r\n\r\n")
		h.receive(from).want(t, 404, "FileNotFound")
	}
}

func TestHead(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	for target, status := range map[string]int{
		"/webhdfs/v1/example/hello.txt?op=OPEN": 200, "/webhdfs/v1/example?op=LISTSTATUS": 200,
		"/webhdfs/v1/none?op=GETFILESTATUS": 404, apiPrefix + "open?path=/example/hello.txt": 200, "/healthz": 200,
		"/webhdfs/v1/none?op=CREATE": 400,
	} {
		a := h.do("HEAD", target, "", h.as("ada"))
		if a.StatusCode != status || a.body != "" {
			t.Errorf("HEAD %s: %d %q; want %d", target, a.StatusCode, a.body, status)
		}
	}
	if a := h.do("HEAD", "/webhdfs/v1/example/hello.txt?op=OPEN", "", h.as("ada")); a.ContentLength != 13 {
		t.Errorf("HEAD of a file of 13 bytes says %d", a.ContentLength)
	}
}

// TestUnreadableRequests checks that what never reaches a handler is refused in the shape of the API that it was meant for, also on a
// connection that has served the other one.
func TestUnreadableRequests(t *testing.T) {
	h := newHouse(t, simple)
	h.furnish()
	const rest, hadoop = "application/problem+json", "application/json"
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		target string
		status int
		kind   string
	}{
		{"/api/v1/search?text=" + long, 431, rest},
		{"/api/v1/fs/open?path=/\x01", 400, rest},
		{"/webhdfs/v1/api/v1?op=OPEN&a=" + long, 431, hadoop},
		{"/webhdfs/v1/a%zz?op=OPEN", 400, hadoop},
	} {
		for _, before := range []string{"", "/api/v1/users/me", "/webhdfs/v1/example?op=LISTSTATUS"} {
			conn := h.dial()
			from := bufio.NewReader(conn)
			if before != "" {
				fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", before)
				h.receive(from)
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", c.target)
			a := h.receive(from)
			if a.StatusCode != c.status || a.Header.Get("Content-Type") != c.kind {
				t.Errorf("%.30s behind %q: %d %s; want %d %s", c.target, before, a.StatusCode, a.Header.Get("Content-Type"), c.status, c.kind)
				continue
			}
			if c.kind == hadoop {
				a.remote(t)
				continue
			}
			var p Problem
			if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != c.status || p.Title == "" || !strings.Contains(p.Detail, "could not be read") {
				t.Errorf("%.30s: %s, %v", c.target, a.body, err)
			}
		}
	}
}

func TestDressRefusal(t *testing.T) {
	no := func() bool { return false }
	for _, text := range []string{
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: now\r\nConnection: close\r\n\r\nx",
		"x\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400",
		"HTTP/1.1 200 OK\r\nA: b\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nx",
		"", "HTTP/1.1 ",
	} {
		if got := dressRefusal([]byte(text), no); got != nil {
			t.Errorf("dressRefusal(%q) = %q; want it left alone", text, got)
		}
	}
	got := dressRefusal([]byte("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"), no)
	if !bytes.HasPrefix(got, []byte("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n")) {
		t.Errorf("%q", got)
	}
}

// TestEarlySuccessIsRead: an answer that needs no more of the body also reaches a client that first sends all of it.
func TestEarlySuccessIsRead(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	const size = 8 << 20
	send := func(head, body string) answer {
		t.Helper()
		conn := h.dial()
		fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\n\r\n", head, h.authorized("ada"), len(body))
		for sent := 0; sent < len(body); sent += 64 << 10 {
			if _, err := io.WriteString(conn, body[sent:min(len(body), sent+64<<10)]); err != nil {
				t.Fatalf("%s: after %d bytes: %v", head, sent, err)
			}
		}
		from := bufio.NewReader(conn)
		a := h.receive(from)
		// The connection can still be used.
		fmt.Fprintf(conn, "GET /webhdfs/v1/?op=GETHOMEDIRECTORY HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", h.authorized("ada"))
		h.receive(from).want(t, 200, `{"Path":"/user/ada"}`)
		return a
	}
	content := strings.Repeat("0123456789abcdef", size/16)
	for i, head := range []string{"PUT " + apiPrefix + "create?path=/example/once", "POST " + apiPrefix + "append?path=/example/once"} {
		key := fmt.Sprintf("\r\nIdempotency-Key: 6ba7b810-9dad-41d1-80b4-00c04fd430c%d", i)
		first := send(head+" HTTP/1.1"+key+"\r\nX-Rest:", content)
		again := send(head+" HTTP/1.1"+key+"\r\nX-Rest:", content)
		if first.StatusCode >= 300 || again.StatusCode != first.StatusCode || again.body != first.body {
			t.Errorf("%s: %d %s, and again %d %s", head, first.StatusCode, first.body, again.StatusCode, again.body)
		}
	}
	h.do("GET", "/webhdfs/v1/example/once?op=GETFILESTATUS", "", h.as("ada")).want(t, 200, fmt.Sprintf(`"length":%d`, 2*size))
	many := make([]member, batchMembers+8000)
	for i := range many {
		many[i] = file(fmt.Sprintf("a:%d", i), "")
	}
	if a := send("POST "+restPrefix+"/fs/batch-write?path=/user/ada", archive(t, many...)); a.StatusCode != 207 || !strings.Contains(a.body, "more than 10000 members") {
		t.Errorf("%d, %d bytes", a.StatusCode, len(a.body))
	}
}

// TestTheRestOfABodyIsNoRequest: what a client sends of its body after it stalled is not taken for a request.
func TestTheRestOfABodyIsNoRequest(t *testing.T) {
	h := newHouse(t, simple, func(c *Config) { c.Stall = 200 * time.Millisecond })
	h.furnish()
	conn := h.dial()
	fmt.Fprint(conn, "GET /webhdfs/v1/?op=GETHOMEDIRECTORY&user.name=ada HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
	from := bufio.NewReader(conn)
	h.receive(from).want(t, 200, `{"Path":"/user/ada"}`)
	for h.handler.(*Server).limits.underWay.Load() > 0 { // until it was given up
		runtime.Gosched()
	}
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") // the rest of the body
	if more, err := io.ReadAll(from); len(more) > 0 {
		t.Errorf("behind the answer comes %q, %v", more, err)
	}
}
