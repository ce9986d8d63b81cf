package server

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// A reader that stops is given up after the stall, on every request of a connection: net/http removes deadlines after each request.
func TestAStalledReaderOfAnyRequestIsGivenUp(t *testing.T) {
	const stall = 500 * time.Millisecond
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	routes, ended := http.NewServeMux(), make(chan error)
	h := &http.Server{Handler: routes, ConnContext: withConnection, ReadHeaderTimeout: headerTime}
	go func() { _ = h.Serve(listener{inner}) }()
	t.Cleanup(func() { h.Close() })
	answer := func(write func(w io.Writer)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			x := (&Server{stall: stall, short: stall, public: stall}).newExchange(w, r)
			x.w.begin(false)
			write(x.w)
		}
	}
	routes.Handle("/small", answer(func(w io.Writer) { _, _ = io.WriteString(w, "ok") }))
	routes.Handle("/large", answer(func(w io.Writer) {
		var err error
		for range 512 {
			if _, err = w.Write(make([]byte, copySize)); err != nil {
				break
			}
		}
		ended <- err
	}))
	for _, before := range []int{0, 1, 2} {
		c, err := net.Dial("tcp", inner.Addr().String())
		must(t, err)
		for range before {
			_, err = io.WriteString(c, "GET /small HTTP/1.1\r\nHost: x\r\n\r\n")
			must(t, err)
			_, err = c.Read(make([]byte, 4096))
			must(t, err)
		}
		_, err = io.WriteString(c, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
		must(t, err)
		select {
		case err := <-ended:
			if err == nil {
				t.Errorf("after %d requests: all was written to somebody who does not read", before)
			}
		case <-time.After(60 * stall):
			t.Errorf("after %d requests: whoever does not read is still waited for", before)
		}
		c.Close()
	}
}

// A head that cannot be read is refused also if the client has paused for longer than the previous answer was given.
func TestARefusalAfterAPauseIsSent(t *testing.T) {
	h := newHouse(t)
	h.handler.(*Server).public = 100 * time.Millisecond
	conn := h.dial()
	from := bufio.NewReader(conn)
	_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	must(t, err)
	h.receive(from).want(t, 200, "ok")
	must(t, conn.SetReadDeadline(time.Now().Add(3*h.handler.(*Server).public)))
	if _, err := from.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("in the pause: %v", err)
	}
	must(t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
	_, err = io.WriteString(conn, "GET /webhdfs/v1/a%zz?op=OPEN HTTP/1.1\r\nHost: x\r\n\r\n")
	must(t, err)
	h.receive(from).want(t, 400, "could not be read")
}

// Content is sent unchanged, even if it looks like one of net/http's own refusals.
func TestContentThatLooksLikeARefusal(t *testing.T) {
	h := newHouse(t)
	content := bytes.Repeat([]byte("x"), 256<<10)
	for at := 0; at < len(content); at += buffered {
		copy(content[at:], "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request")
	}
	h.do("PUT", "/webhdfs/v1/user/ada/file?op=CREATE&overwrite=true", string(content), h.as("ada")).want(t, 201, "")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/webhdfs/v1/user/ada/file?op=OPEN", nil)
	must(t, err)
	h.as("ada")(r)
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	must(t, err)
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes of %d, %v", len(got), len(content), err)
	}
}
