package server

import (
	"bytes"
	"net"
	"strconv"
)

// refusing dresses what net/http refuses by itself. A head that it cannot parse (a path with %zz, a control character,
// a head too large) never reaches a handler: it is answered in plain text, where clients look for a RemoteException and
// report "no JSON" instead of what was wrong.
type refusing struct{ net.Listener }

// Accept returns a connection that dresses refusals.
func (l refusing) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &refusingConn{Conn: conn}, nil
}

// refusingConn rewrites the one write by which net/http refuses a head. No handler's answer looks like it: those all
// have a Date and an X-Request-Id.
type refusingConn struct{ net.Conn }

// refusalHead is what net/http writes after the status line, when it refuses.
var refusalHead = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// refusalBegins is how every status line begins.
var refusalBegins = []byte("HTTP/1.1 ")

// Write writes p, dressed if it is a refusal.
func (c *refusingConn) Write(p []byte) (int, error) {
	dressed := dressRefusal(p)
	if dressed == nil {
		return c.Conn.Write(p)
	}
	if _, err := c.Conn.Write(dressed); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite lets net/http end an answer before the client has sent everything.
func (c *refusingConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// dressRefusal returns the refusal p in JSON, nil if p is none.
func dressRefusal(p []byte) []byte {
	if !bytes.HasPrefix(p, refusalBegins) {
		return nil
	}
	end := bytes.IndexByte(p, '\r')
	if end < 0 {
		return nil
	}
	line, text := p[:end], p[end:]
	text, ok := bytes.CutPrefix(text, refusalHead)
	if !ok {
		return nil
	}
	body := remoteException(failure{
		face: face{class: "java.lang.IllegalArgumentException"},
		msg:  "The request could not be read: " + printable(string(text)),
	})
	out := append([]byte(nil), line...)
	out = append(out, "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "...)
	out = strconv.AppendInt(out, int64(len(body)), 10)
	out = append(out, "\r\n\r\n"...)
	return append(out, body...)
}
