package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// replying makes a connection to a server that has said this already and hung up.
func replying(t *testing.T, said string) *conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return &conn{net: ours, r: bufio.NewReaderSize(strings.NewReader(said), bufferSize), w: bufio.NewWriter(ours), forget: func() bool { return true }}
}

func TestReceive(t *testing.T) {
	long := "http://127.0.0.1:9864/" + strings.Repeat("x", 8000)
	for name, test := range map[string]struct {
		said   string
		status int
		body   string
		check  func(reply) bool
	}{
		"length":            {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", func(a reply) bool { return !a.closes && a.length == 5 }},
		"names in any case": {"HTTP/1.1 200 OK\r\ncontent-LENGTH:5 \r\n\r\nhello", 200, "hello", nil},
		"empty":             {"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, "", nil},
		"chunked":           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", 200, "hello", nil},
		"trailer":           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", 200, "hello", nil},
		"until the end":     {"HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", func(a reply) bool { return a.closes && a.length == -1 }},
		"closes":            {"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", func(a reply) bool { return a.closes }},
		"old":               {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", func(a reply) bool { return a.closes }},
		"no reason":         {"HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", nil},
		"no content":        {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", func(a reply) bool { return !a.closes }},
		"continue":          {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, "", nil},
		"location":          {"HTTP/1.1 307 Temporary Redirect\r\nLocation: " + long + "\r\nContent-Length: 0\r\n\r\n", 307, "", func(a reply) bool { return a.location == long }},
	} {
		t.Run(name, func(t *testing.T) {
			c := replying(t, test.said+"HTTP/1.1 299 Next\r\nContent-Length: 0\r\n\r\n")
			if name == "until the end" {
				c = replying(t, test.said)
			}
			a, err := c.receive()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(a.body)
			if err != nil || a.status != test.status || string(body) != test.body || test.check != nil && !test.check(a) {
				t.Errorf("the reply is %+v with %q, %v", a, body, err)
			}
			if err := c.finish(a); err != nil {
				t.Error(err)
			}
			if a.length == -1 && !a.chunked {
				return
			}
			if next, err := c.receive(); err != nil || next.status != 299 {
				t.Errorf("after it comes %+v, %v: it was not read to its end, or past it", next, err)
			}
		})
	}
}

func TestReceiveRefuses(t *testing.T) {
	for name, said := range map[string]string{
		"nothing":            "",
		"another protocol":   "SSH-2.0-OpenSSH_9\r\n\r\n",
		"no number":          "HTTP/1.1 fine\r\n\r\n",
		"low number":         "HTTP/1.1 99 ?\r\n\r\n",
		"cut head":           "HTTP/1.1 200 OK\r\nContent-Le",
		"header of no kind":  "HTTP/1.1 200 OK\r\nwhat is this\r\n\r\n",
		"bad length":         "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
		"compressed":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		"line without end":   "HTTP/1.1 200 OK\r\nLocation: " + strings.Repeat("x", bufferSize) + "\r\n\r\n",
		"cut body":           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
		"cut chunk":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"chunks without end": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	} {
		c := replying(t, said)
		a, err := c.receive()
		if err == nil {
			err = c.finish(a)
		}
		if err == nil {
			t.Errorf("%s: taken for a whole reply", name)
		}
	}
}

// What net/http reads out of a request is what went in.
func TestSend(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	for _, pipe := range []net.Conn{ours, theirs} {
		if err := pipe.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	body := content{id: 3, size: 5000}
	sent := make(chan error, 1)
	go func() {
		c := &conn{net: ours, w: bufio.NewWriterSize(ours, bufferSize)}
		sent <- c.send("127.0.0.1:9870", request{method: "PUT", uri: "/webhdfs/v1/f?op=CREATE", header: "Authorization: Bearer t\r\n", body: &body})
	}()
	r, err := http.ReadRequest(bufio.NewReader(theirs))
	if err != nil {
		t.Fatal(err)
	}
	if r.Method != "PUT" || r.RequestURI != "/webhdfs/v1/f?op=CREATE" || r.Host != "127.0.0.1:9870" || r.ContentLength != 5000 ||
		r.Header.Get("Authorization") != "Bearer t" || r.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the request arrives as %+v", r)
	}
	if err := body.compare(r.Body, make([]byte, 512)); err != nil {
		t.Error(err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

// A server that falls silent is waited for as long as was said, and not for ever, also at the second request.
func TestSilenceEndsAtTheLimit(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	c := &conn{net: ours, r: bufio.NewReaderSize(ours, bufferSize), w: bufio.NewWriter(ours)}
	const limit = 50 * time.Millisecond
	for range 2 {
		begun := time.Now()
		if err := c.allow(limit); err != nil {
			t.Fatal(err)
		}
		_, err := c.receive()
		if waited := time.Since(begun); !errors.Is(err, os.ErrDeadlineExceeded) || waited < limit || waited > 10*time.Second {
			t.Errorf("a silent server gives %v after %s", err, waited)
		}
	}
}
