package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestADribblingBody: a body that is held in memory until it is complete has a time limit, however often some of it arrives.
func TestADribblingBody(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Stall = time.Second })
	for name, c := range map[string]struct{ head, want string }{
		"a sign-in": {"POST /api/v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\n", "not there within 1s"},
		"a form":    {"POST /oauth2/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n", "did not come in time"},
		"a project": {"POST /api/v1/projects HTTP/1.1\r\nAuthorization: Bearer " + h.token("ada") + "\r\nContent-Type: application/json\r\n", "not there within 1s"},
	} {
		conn := h.dial()
		from := bufio.NewReader(conn)
		fmt.Fprint(conn, c.head+"Host: x\r\nContent-Length: 10000\r\n\r\n")
		for end := time.Now().Add(30 * time.Second); ; {
			if time.Now().After(end) {
				t.Fatalf("%s: the server still waits", name)
			}
			_, _ = io.WriteString(conn, " ") // fails once the server has had enough
			must(t, conn.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
			if _, err := from.Peek(1); err == nil {
				break
			}
		}
		must(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		h.receive(from).want(t, 400, c.want)
	}
}

// TestWhoIsAnsweredTakesNoPlace: a client that has its answer takes no place, however long it goes on sending.
func TestWhoIsAnsweredTakesNoPlace(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1}))
	conn := h.dial()
	fmt.Fprint(conn, "PUT /webhdfs/v1/x?op=CREATE HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	h.receive(bufio.NewReader(conn)).want(t, 401, "Authentication required")
	h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("ada")).want(t, 200, "/user/ada")
}

// TestWhoReadsNothingKeepsNoPlace: a client without a credential that reads nothing does not keep a place among all.
func TestWhoReadsNothingKeepsNoPlace(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1}))
	h.handler.(*Server).public = 2 * time.Second
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { must(t, syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)) })
	}}
	conn, err := dialer.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", 64)) // more than the sockets hold
	must(t, err)
	underWay := &h.handler.(*Server).limits.underWay
	begun := time.Now()
	for since := begun; time.Since(since) < time.Second; { // requests that are answered take less
		if underWay.Load() == 0 {
			since = time.Now()
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatal("who reads nothing takes no place")
		}
		h.do("GET", "/healthz", "").want(t, 200, "ok") // paces the loop
	}
	ada := h.as("ada")
	for h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", ada).StatusCode != 200 {
		if time.Since(begun) > 45*time.Second {
			t.Fatal("who reads nothing keeps his place")
		}
	}
}

// TestWhoSendsNothingKeepsNoPlace: waiting for a body that was announced, but is not needed, takes no place.
func TestWhoSendsNothingKeepsNoPlace(t *testing.T) {
	h := newHouse(t, limited(Limits{All: 1}))
	conn := h.dial()
	fmt.Fprint(conn, "GET /openapi.json HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer resp.Body.Close()
	_, err = io.CopyN(io.Discard, resp.Body, 1)
	must(t, err)
	for begun := time.Now(); h.do("GET", "/webhdfs/v1/?op=GETHOMEDIRECTORY", "", h.as("ada")).StatusCode != 200; {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("who sends nothing keeps his place")
		}
	}
}
