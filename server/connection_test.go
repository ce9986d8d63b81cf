package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counting is a listener that counts the writes to its connections.
type counting struct {
	net.Listener
	writes atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &counted{conn, &l.writes}, nil
}

type counted struct {
	net.Conn
	writes *atomic.Int64
}

func (c *counted) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// Content that does not fit into net/http's buffer is sent together with its head, and the end of an answer is not held back.
func TestAnAnswerIsOneWrite(t *testing.T) {
	const stall = 10 * time.Second
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := &counting{Listener: inner}
	m := http.NewServeMux()
	s := &http.Server{Handler: m, ConnContext: withConnection, ReadHeaderTimeout: headerTime}
	serving := make(chan error, 1)
	go func() { serving <- s.Serve(listener{l}) }()
	client := &http.Client{Transport: &http.Transport{}, Timeout: stall}
	for i, c := range []struct {
		name   string
		parts  []int // bytes that the handler writes at a time
		flush  bool  // before each of them
		writes int64
	}{
		{"short", []int{100}, false, 1},
		{"whole", []int{buffered}, false, 1},
		{"more", []int{buffered + 1}, false, 1},
		{"as much as is held", []int{2*buffered - 300}, false, 1},
		{"long", []int{5 * buffered}, false, 2}, // one system call on a real TCP connection
		{"in parts", []int{buffered, buffered, buffered}, false, 3},
		{"after its head", []int{buffered}, true, 2},
		{"after its head, in parts", []int{buffered, 1}, true, 3},
	} {
		size := 0
		for _, n := range c.parts {
			size += n
		}
		path := "/" + strconv.Itoa(i)
		m.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			x := (&Server{stall: stall, short: stall, public: stall}).newExchange(w, r)
			x.w.Header().Set("Content-Length", strconv.Itoa(size))
			x.w.WriteHeader(http.StatusOK)
			for _, n := range c.parts {
				if c.flush {
					must(t, x.w.control.Flush())
				}
				_, _ = io.WriteString(x.w, strings.Repeat("x", n))
			}
		})
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			before := l.writes.Load()
			r, err := http.NewRequestWithContext(t.Context(), method, "http://"+inner.Addr().String()+path, nil)
			must(t, err)
			answer, err := client.Do(r)
			must(t, err)
			text, err := io.ReadAll(answer.Body)
			must(t, err)
			must(t, answer.Body.Close())
			writes := l.writes.Load() - before
			switch {
			case method == http.MethodHead && (len(text) != 0 || writes != 1):
				t.Errorf("%s: HEAD got %d bytes in %d writes", c.name, len(text), writes)
			case method == http.MethodGet && (string(text) != strings.Repeat("x", size) || writes != c.writes):
				t.Errorf("%s: %d bytes in %d writes, want %d in %d", c.name, len(text), writes, size, c.writes)
			}
		}
	}
	must(t, s.Close())
	if err := <-serving; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// The beginning of an answer that breaks off is sent, and the answer counts as aborted.
func TestAnAnswerThatBreaksOffBegins(t *testing.T) {
	h := newHouse(t)
	s, ok := h.handler.(*Server)
	if !ok {
		t.Fatalf("%T", h.handler)
	}
	router := s.router
	s.router = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", buffered))
		panic(http.ErrAbortHandler)
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/breaks-off", nil)
	must(t, err)
	a, err := client.Do(r)
	must(t, err)
	text, err := io.ReadAll(a.Body)
	must(t, a.Body.Close())
	if a.StatusCode != http.StatusOK || len(text) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d, %d bytes, %v", a.StatusCode, len(text), err)
	}
	s.router = router
	h.do("GET", "/metrics", "").want(t, 200, `http_server_request_duration_seconds_count{error_type="aborted",http_response_status_code="200",op="other"`)
}
