package server

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAPauseCostsNoFile: an authenticated client may pause within a file for longer than in anything else. To wait long enough,
// the test begins another body, one that is read as a whole, and waits until that is given up.
func TestAPauseCostsNoFile(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Stall = time.Minute })
	h.furnish()
	const size = 32 << 20 // more than the sockets hold
	h.do("PUT", "/webhdfs/v1/example/long?op=CREATE&data=true", strings.Repeat("x", size), h.as("ada")).want(t, 201, "")
	upload, a := h.tus("ada", "path=/example/part", 10)
	a.want(t, 201, "")
	h.handler.(*Server).short = 200 * time.Millisecond
	ada := "Authorization: Bearer " + h.token("ada") + "\r\nHost: x\r\n"

	sized, chunked, part, reading := h.dial(), h.dial(), h.dial(), h.dial()
	fmt.Fprint(part, "PATCH "+upload.at+" HTTP/1.1\r\n"+ada+uploadOffset+": 0\r\nContent-Type: "+uploadPart+"\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
	fromPart := bufio.NewReader(part)
	if a := h.receive(fromPart); a.StatusCode != http.StatusContinue {
		t.Fatalf("a part is answered %d", a.StatusCode)
	}
	fmt.Fprint(part, "first")
	fmt.Fprint(sized, "PUT /webhdfs/v1/example/sized?op=CREATE&data=true HTTP/1.1\r\n"+ada+"Content-Length: 10\r\n\r\nfirst")
	fmt.Fprint(chunked, "PUT /webhdfs/v1/example/chunked?op=CREATE HTTP/1.1\r\n"+ada+"Transfer-Encoding: chunked\r\n\r\n")
	fmt.Fprint(reading, "GET /webhdfs/v1/example/long?op=OPEN HTTP/1.1\r\n"+ada+"\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(reading), nil)
	must(t, err)
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}

	for range 2 { // the first may have begun before the pauses did
		other := h.dial()
		fmt.Fprint(other, "POST /api/v1/projects HTTP/1.1\r\n"+ada+"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		h.receive(bufio.NewReader(other)).want(t, 400, "was not there within 200ms")
	}
	fmt.Fprint(sized, "later")
	h.receive(bufio.NewReader(sized)).want(t, 201, "")
	fmt.Fprint(part, "later")
	h.receive(fromPart).want(t, 204, "")
	fmt.Fprint(chunked, "5\r\nlater\r\n0\r\n\r\n")
	h.receive(bufio.NewReader(chunked)).want(t, 201, "")
	h.do("GET", "/webhdfs/v1/example/sized?op=OPEN", "", h.as("ada")).want(t, 200, "firstlater")
	h.do("GET", "/webhdfs/v1/example/chunked?op=OPEN", "", h.as("ada")).want(t, 200, "later")
	h.do("GET", "/webhdfs/v1/example/part?op=OPEN", "", h.as("ada")).want(t, 200, "firstlater")
	if n, err := io.Copy(io.Discard, resp.Body); err != nil || n != size-1<<20 {
		t.Errorf("the reader got %d bytes more of %d, %v", n, size-1<<20, err)
	}
}

// TestAPauseCostsNoBatch: a client that trains on a batch pauses for its evaluations.
func TestAPauseCostsNoBatch(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Stall = time.Minute })
	h.furnish()
	h.do("PUT", "/webhdfs/v1/example/long?op=CREATE&data=true", strings.Repeat("x", 8<<20), h.as("ada")).want(t, 201, "")
	h.handler.(*Server).short = 200 * time.Millisecond
	ada := "Authorization: Bearer " + h.token("ada") + "\r\nHost: x\r\nContent-Type: application/json\r\n"
	body := `{"paths":["/example/long"` + strings.Repeat(`,"/example/long"`, 7) + `]}` // more than the sockets hold
	reading := h.dial()
	fmt.Fprintf(reading, "POST /api/v1/fs/batch-read HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s", ada, len(body), body)
	resp, err := http.ReadResponse(bufio.NewReader(reading), nil)
	must(t, err)
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first may have begun before the pause did
		other := h.dial()
		fmt.Fprint(other, "POST /api/v1/projects HTTP/1.1\r\n"+ada+"Content-Length: 100\r\n\r\n{")
		h.receive(bufio.NewReader(other)).want(t, 400, "was not there within 200ms")
	}
	if n, err := io.Copy(io.Discard, resp.Body); err != nil || n < 7*8<<20 {
		t.Errorf("the reader got %d bytes more, %v", n, err)
	}
}

// TestWhoPausesTakesOnesOwnPlace: a request that pauses keeps a place of its user's, but none among all.
func TestWhoPausesTakesOnesOwnPlace(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1, Each: 1}))
	h.furnish()
	l := h.handler.(*Server).limits
	l.asideAfter = 10 * time.Millisecond
	conn := h.dial()
	fmt.Fprint(conn, "PUT /webhdfs/v1/example/slow?op=CREATE&data=true HTTP/1.1\r\nAuthorization: Bearer "+h.token("ada")+"\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst")
	for deadline := time.Now().Add(30 * time.Second); l.aside.Load() == 0; {
		if time.Now().After(deadline) {
			t.Fatal("who pauses keeps a place among all")
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok") // paces the loop
	}
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("bob")).want(t, 200, "/user/bob")
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("ada")).want(t, 429, "1 requests under way")
	// As many may pause as may be under way, since each has a buffer.
	second := h.dial()
	fmt.Fprint(second, "PUT /webhdfs/v1/user/bob/slow?op=CREATE&data=true HTTP/1.1\r\nAuthorization: Bearer "+h.token("bob")+"\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst")
	for deadline := time.Now().Add(30 * time.Second); l.underWay.Load() == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the second writer is not let in")
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok")
	}
	for long := time.Now().Add(20 * l.asideAfter); time.Now().Before(long); {
		h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("root")).want(t, 503, "as many requests as it can")
	}
	fmt.Fprint(conn, "later")
	h.receive(bufio.NewReader(conn)).want(t, 201, "")
	fmt.Fprint(second, "later")
	h.receive(bufio.NewReader(second)).want(t, 201, "")
	h.do("GET", "/webhdfs/v1/example/slow?op=OPEN", "", h.as("ada")).want(t, 200, "firstlater")
	for deadline := time.Now().Add(30 * time.Second); l.aside.Load() != 0 || l.underWay.Load() != 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d aside and %d under way when all is done", l.aside.Load(), l.underWay.Load())
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok")
	}
}

// TestWhoWasRefusedHasNoPlaceToGiveBack: the place was given back with the answer.
func TestWhoWasRefusedHasNoPlaceToGiveBack(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1, Each: 1}))
	h.furnish()
	l := h.handler.(*Server).limits
	l.asideAfter = 10 * time.Millisecond
	conn := h.dial()
	fmt.Fprint(conn, "PUT /webhdfs/v1/user/bob/x?op=CREATE&data=true HTTP/1.1\r\nAuthorization: Bearer "+h.token("ada")+"\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst")
	h.receive(bufio.NewReader(conn)).want(t, 403, "Permission denied")
	for long := time.Now().Add(20 * l.asideAfter); time.Now().Before(long); {
		if aside, under := l.aside.Load(), l.underWay.Load(); aside != 0 || under < 0 {
			t.Fatalf("%d aside and %d under way", aside, under)
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok")
	}
}
