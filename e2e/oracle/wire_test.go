package oracle

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// serve answers one connection with reply and returns what came in up to the end of the header and body bytes more.
func serve(t *testing.T, body int, reply string) (addr string, got func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	received := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			received <- "accept: " + err.Error()
			return
		}
		defer func() { _ = conn.Close() }()
		br := bufio.NewReader(conn)
		var head strings.Builder
		for !strings.HasSuffix(head.String(), "\r\n\r\n") {
			line, err := br.ReadString('\n')
			if err != nil {
				break
			}
			head.WriteString(line)
		}
		rest := make([]byte, body)
		_, _ = io.ReadFull(br, rest)
		_, _ = io.WriteString(conn, reply)
		received <- head.String() + string(rest)
	}()
	return l.Addr().String(), func() string { return <-received }
}

func TestTheTargetIsSentAsItStands(t *testing.T) {
	const target = "/webhdfs/v1/a//../b%zz;x\xff é+{}?op=X&&=;"
	addr, got := serve(t, 0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	if _, err := send(request{addr: addr, method: http.MethodGet, target: target}); err != nil {
		t.Fatal(err)
	}
	want := "GET " + target + " HTTP/1.1\r\nHost: " + addr + "\r\nConnection: close\r\n\r\n"
	if g := got(); g != want {
		t.Errorf("sent %q, want %q", g, want)
	}
}

func TestAnUploadCarriesItsLengthAndType(t *testing.T) {
	addr, got := serve(t, 3, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
	r, err := send(request{addr: addr, method: http.MethodPut, target: "/f", header: []string{"X-Y: z"}, body: []byte("abc"), upload: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.status != http.StatusCreated {
		t.Errorf("got status %d, want the one after 100 Continue", r.status)
	}
	want := "PUT /f HTTP/1.1\r\nHost: " + addr + "\r\nConnection: close\r\nX-Y: z\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\nabc"
	if g := got(); g != want {
		t.Errorf("sent %q, want %q", g, want)
	}
}

func TestAReplyOfHEADHasNoBody(t *testing.T) {
	addr, _ := serve(t, 0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
	r, err := send(request{addr: addr, method: http.MethodHead, target: "/f"})
	if err != nil {
		t.Fatal(err)
	}
	if r.header.Get("Content-Length") != "5" || len(r.body) != 0 {
		t.Errorf("got length %q and %d bytes of body, want 5 and none", r.header.Get("Content-Length"), len(r.body))
	}
}

func TestAShortBodyIsAnError(t *testing.T) {
	addr, _ := serve(t, 0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
	if r, err := send(request{addr: addr, method: http.MethodGet, target: "/f"}); err == nil {
		t.Errorf("got %q without an error, want one: two bytes are missing", r.body)
	}
}
