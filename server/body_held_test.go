package server

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestBodiesAreHeldWithinBounds: what is held of bodies is bounded, for one user and for all.
func TestBodiesAreHeldWithinBounds(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	l := h.handler.(*Server).limits
	l.rooms[forBodies].all, l.rooms[forBodies].each = 450<<10, 300<<10
	half := strings.Repeat(" ", 100<<10) // takes a buffer of 128 KiB, and the whole body one of 256
	begin := func(user, text string) net.Conn {
		conn := h.dial()
		fmt.Fprintf(conn, "POST /api/v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", h.token(user), 2*len(half), text)
		return conn
	}
	until := func(why string, held int64) {
		for deadline := time.Now().Add(30 * time.Second); l.held[forBodies].Load() != held; {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d bytes are held; want %d", why, l.held[forBodies].Load(), held)
			}
			h.do("GET", "/healthz", "").want(t, 200, "ok") // paces the loop
		}
	}
	refused := func(conn net.Conn, status int, said string) {
		a := h.receive(bufio.NewReader(conn))
		if a.StatusCode != status || !strings.Contains(a.body, said) || a.Header.Get("Retry-After") != "1" {
			t.Fatalf("%d %s, Retry-After %q; want %d %q", a.StatusCode, a.body, a.Header.Get("Retry-After"), status, said)
		}
		conn.Close()
	}
	adas := begin("ada", half)
	until("one body", 128<<10)
	refused(begin("ada", half+half), 429, "gives to one user")
	until("ada's second is refused", 128<<10)
	bobs := begin("bob", half)
	until("two bodies", 256<<10)
	refused(begin("root", half+half), 503, "no memory left")
	until("root's is refused", 256<<10)

	fmt.Fprint(adas, half)
	if a := h.receive(bufio.NewReader(adas)); a.StatusCode != 400 || !strings.Contains(a.body, "not JSON") {
		t.Errorf("ada is answered %d %s", a.StatusCode, a.body)
	}
	bobs.Close()
	until("all are done", 0)
	if each := l.of("ada").held[forBodies].Load() + l.of("bob").held[forBodies].Load() + l.of("root").held[forBodies].Load(); each != 0 {
		t.Errorf("%d bytes are held of users who have nothing under way", each)
	}

	// What JSON is decoded into counts, too: here a hundred times the length of the text.
	h.do("POST", restPrefix+"/projects", `{"name":[`+strings.Repeat("1,", 1<<11)+`1]}`, h.as("ada"), header("Content-Type", "application/json")).problem(t, 429, "gives to one user")
	// A form has no user yet.
	l.rooms[forBodies].all = 100
	h.askToken(url.Values{"grant_type": {"client_credentials"}}).problem(t, 503, "no memory left")
	secret, _ := h.link("open sesame")
	h.do("POST", linksPrefix+secret, "password=open+sesame", header("Content-Type", "application/x-www-form-urlencoded")).problem(t, 503, "no memory left")
	l.rooms[forBodies].all = 1 << 10
	h.do("POST", linksPrefix+secret, "password=open+sesame", header("Content-Type", "application/x-www-form-urlencoded")).want(t, 200, "")
	until("forms are read", 0)
	for whose, u := range l.uses.Values() {
		if held := u.held[forBodies].Load(); held != 0 {
			t.Errorf("%d bytes are held of %d at the end", held, whose)
		}
	}
}
