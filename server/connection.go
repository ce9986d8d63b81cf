package server

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// listener wraps the connections that it accepts in [connection].
type listener struct{ net.Listener }

// Accept returns the next connection.
func (l listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn}, nil
}

// connection is a client's connection below net/http.
//
// It rewrites the refusals of net/http itself. A head that net/http cannot parse (a path with %zz, a control character, a head
// too large) never reaches a handler. It is answered in plain text, where clients expect a RemoteException, or problem details, and
// report "no JSON" instead of what was wrong.
//
// It also sends the beginning of an answer together with what follows. net/http has a buffer of 4 KiB per connection, so that
// the first 4 KiB and the rest would be two system calls, and the client would wake up twice.
type connection struct {
	net.Conn
	until     time.Time // the write deadline
	answering bool      // a handler is running, and what is written is its answer
	follows   bool      // the head will be followed by content that is at least as long as net/http's buffer
	// held is what was written and waits for what follows; nil: nothing. Even if the answer breaks off, the rest of net/http's
	// buffer follows.
	held *[]byte

	mu    sync.Mutex
	begin []byte // what was read first since the last answer: of a head that could not be read, where it begins
	room  [requestLine]byte
}

// requestLine is how much of a request tells under which path it is.
const requestLine = 24

// Read reads, and keeps the beginning of what may be a request.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begin == nil {
		c.begin = c.room[:0]
	}
	c.begin = append(c.begin, p[:min(n, requestLine-len(c.begin))]...)
	return n, err
}

// rest reports whether the head that was read last is of a request of the REST API. Its first byte may be missing: net/http reads
// one ahead, to notice that a client hangs up.
func (c *connection) rest() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Contains(c.begin, []byte(" /api/"))
}

// connectionKey is the context key of a request's connection.
type connectionKey struct{}

// withConnection returns a context from which connectionOf finds c.
func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// connectionOf returns the connection of a request, or an unused one if the request did not come by way of Serve.
func connectionOf(r *http.Request) *connection {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		return c
	}
	return &connection{}
}

// buffered is the size of net/http's buffer for what is written to a connection.
const buffered = 4 << 10

var heads = sync.Pool{New: func() any {
	b := make([]byte, 0, 2*buffered)
	return &b
}}

// Write writes p, rewritten if it is a refusal of net/http's.
func (c *connection) Write(p []byte) (int, error) {
	if c.held != nil {
		return c.writeHeld(p)
	}
	follows := c.follows
	c.follows = false
	if follows && len(p) == buffered && bytes.HasPrefix(p, answerBegins) {
		c.held = heads.Get().(*[]byte) //nolint:forcetypeassert // of our own pool
		*c.held = append((*c.held)[:0], p...)
		return len(p), nil
	}
	if c.answering { // content may look like a refusal
		return c.Conn.Write(p)
	}
	dressed := dressRefusal(p, c.rest)
	if dressed == nil {
		return c.Conn.Write(p)
	}
	c.until = time.Now().Add(publicStall) // the deadline that the last answer left may have passed
	_ = c.Conn.SetWriteDeadline(c.until)
	if _, err := c.Conn.Write(dressed); err != nil {
		return 0, err
	}
	return len(p), nil
}

// writeHeld writes what was held, and p.
func (c *connection) writeHeld(p []byte) (n int, err error) {
	held := c.held
	c.held = nil
	before := int64(len(*held))
	var all int64
	if len(*held)+len(p) <= cap(*held) {
		*held = append(*held, p...)
		n, err = c.Conn.Write(*held)
		all = int64(n)
	} else {
		both := net.Buffers{*held, p}
		all, err = both.WriteTo(c.Conn)
	}
	heads.Put(held)
	return int(max(all-before, 0)), err
}

// SetWriteDeadline sets the write deadline. When net/http removes it after a handler's answer, the old one is left in place: the
// next answer soon sets its own, and before that net/http writes nothing but the refusal of a head, which has one of its own, too.
func (c *connection) SetWriteDeadline(t time.Time) error {
	if c.answering = !t.IsZero(); !c.answering {
		c.mu.Lock()
		c.begin = c.begin[:0]
		c.mu.Unlock()
		return nil
	}
	c.until = t
	return c.Conn.SetWriteDeadline(t)
}

// CloseWrite lets net/http finish an answer before the client has sent its whole body.
func (c *connection) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// refusalHead is what net/http writes after the status line of a refusal. No handler's answer looks like it, since those all have
// a Date and an X-Request-Id.
var refusalHead = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// answerBegins is the beginning of every status line.
var answerBegins = []byte("HTTP/1.1 ")

// dressRefusal returns the refusal p as JSON, or nil if p is not a refusal. rest says whether it is one of the REST API.
func dressRefusal(p []byte, rest func() bool) []byte {
	if !bytes.HasPrefix(p, answerBegins) {
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
	refused := failure{
		face: face{class: "java.lang.IllegalArgumentException"},
		msg:  "The request could not be read: " + printable(string(text)),
	}
	body, kind := remoteException(refused), "application/json"
	if status, err := strconv.Atoi(string(line[len(answerBegins):min(len(line), len(answerBegins)+3)])); err == nil && rest() {
		refused.api, refused.title = status, http.StatusText(status)
		body, kind = problem(refused, "", ""), "application/problem+json"
	}
	out := append([]byte(nil), line...)
	out = append(out, "\r\nContent-Type: "+kind+"\r\nConnection: close\r\nContent-Length: "...)
	out = strconv.AppendInt(out, int64(len(body)), 10)
	out = append(out, "\r\n\r\n"...)
	return append(out, body...)
}
