package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"time"
)

// bufferSize must hold the longest line in a reply's head: a Location with a path and a ticket.
const bufferSize = 16 << 10

// conn is one HTTP/1.1 connection, used for one exchange after another. It is much cheaper than [net/http.Transport],
// which takes half of the client's processor time for a small operation.
type conn struct {
	net    net.Conn
	r      *bufio.Reader
	w      *bufio.Writer
	forget func() bool // stops waiting for the end of ctx
	until  time.Time   // the deadline of reads and writes
}

// request is one request. Its strings are sent as they are.
type request struct {
	method, uri string
	header      string   // whole lines, each with its CRLF
	body        *content // nil for none
	json        []byte   // another kind of body
}

// reply is the head of a response, and its body.
type reply struct {
	status   int
	location string
	length   int64     // of the body; -1: not known in advance
	body     io.Reader // ends where the body ends
	chunked  bool
	closes   bool // the server closes the connection after this response
}

// dial connects to a server. When ctx ends, the connection is closed, whatever it is waiting for.
func dial(ctx context.Context, addr string, limit time.Duration) (*conn, error) {
	c, err := (&net.Dialer{Timeout: limit}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{
		net: c, r: bufio.NewReaderSize(c, bufferSize), w: bufio.NewWriterSize(c, bufferSize),
		forget: context.AfterFunc(ctx, func() { _ = c.Close() }),
	}, nil
}

// allow gives what comes next at least this time, and at most a quarter more: moving the deadline for each request would
// cost as much as writing the request's header.
func (c *conn) allow(limit time.Duration) error {
	now := time.Now()
	if c.until.Sub(now) >= limit {
		return nil
	}
	c.until = now.Add(limit + limit/4)
	return c.net.SetDeadline(c.until)
}

// close ends the connection.
func (c *conn) close() {
	c.forget()
	_ = c.net.Close() // nothing that matters is in flight
}

// send writes a request. It always gives the length of a body.
func (c *conn) send(host string, q request) error {
	for _, s := range [...]string{q.method, " ", q.uri, " HTTP/1.1\r\nHost: ", host, "\r\n", q.header} {
		// bufio keeps its first error, and Flush returns it.
		_, _ = c.w.WriteString(s)
	}
	length := int64(len(q.json))
	if q.json != nil {
		_, _ = c.w.WriteString("Content-Type: application/json\r\n")
	}
	if q.body != nil {
		length = q.body.size
		_, _ = c.w.WriteString("Content-Type: application/octet-stream\r\n") // without it HttpFS refuses a body
	}
	if q.body != nil || q.method == "PUT" || q.method == "POST" {
		_, _ = c.w.WriteString("Content-Length: ")
		_, _ = c.w.Write(strconv.AppendInt(c.w.AvailableBuffer(), length, 10))
		_, _ = c.w.WriteString("\r\n")
	}
	_, _ = c.w.WriteString("\r\n")
	_, _ = c.w.Write(q.json)
	if q.body != nil {
		_, _ = q.body.WriteTo(c.w)
	}
	return c.w.Flush()
}

// receive reads the head of a response, skipping provisional ones (100 Continue).
func (c *conn) receive() (reply, error) {
	for {
		a, err := c.head()
		if err != nil || a.status >= 200 {
			return a, err
		}
	}
}

// head reads one status line and its header.
func (c *conn) head() (reply, error) {
	line, err := c.line()
	if err != nil {
		return reply{}, err
	}
	protocol, rest, _ := bytes.Cut(line, []byte(" "))
	code, _, _ := bytes.Cut(rest, []byte(" "))
	status, err := strconv.Atoi(string(code))
	if err != nil || !bytes.HasPrefix(protocol, []byte("HTTP/1.")) || status < 100 || status > 599 {
		return reply{}, fmt.Errorf("the server does not speak HTTP: its first line is %.80q", line)
	}
	a := reply{status: status, length: -1, closes: string(protocol) == "HTTP/1.0"}
	for {
		line, err := c.line()
		if err != nil {
			return reply{}, err
		}
		if len(line) == 0 {
			break
		}
		if err := a.take(line); err != nil {
			return reply{}, err
		}
	}
	a.open(c)
	return a, nil
}

// line reads one line of a head, which is valid until the next read.
func (c *conn) line() ([]byte, error) {
	b, err := c.r.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("read the head of the reply: %w", err)
	}
	return bytes.TrimSuffix(b[:len(b)-1], []byte("\r")), nil
}

// take parses one header line.
func (a *reply) take(line []byte) error {
	name, value, found := bytes.Cut(line, []byte(":"))
	if !found {
		return fmt.Errorf("the reply has a header without a colon: %.80q", line)
	}
	value = bytes.TrimSpace(value)
	switch {
	case is(name, "Content-Length"):
		n, err := strconv.ParseInt(string(value), 10, 64)
		if err != nil || n < 0 {
			return fmt.Errorf("the reply has a bad Content-Length: %.80q", value)
		}
		a.length = n
	case is(name, "Transfer-Encoding"):
		if !is(value, "chunked") {
			return fmt.Errorf("the reply has an unknown Transfer-Encoding: %.80q", value)
		}
		a.chunked = true
	case is(name, "Connection"):
		a.closes = a.closes || is(value, "close")
	case is(name, "Location"):
		a.location = string(value)
	}
	return nil
}

// is compares names of headers as HTTP does, ignoring case.
func is(b []byte, name string) bool { return len(b) == len(name) && bytes.EqualFold(b, []byte(name)) }

// open sets up the body (RFC 9112 §6.3).
func (a *reply) open(c *conn) {
	switch {
	case a.status < 200 || a.status == 204 || a.status == 304:
		a.length = 0
		a.body = bytes.NewReader(nil)
	case a.chunked:
		a.length = -1
		a.body = httputil.NewChunkedReader(c.r)
	case a.length >= 0:
		a.body = &exactly{r: c.r, left: a.length}
	default:
		a.body, a.closes = c.r, true
	}
}

// finish reads the rest of a response, so that the connection can be used again.
func (c *conn) finish(a reply) error {
	if a.closes {
		return nil
	}
	if _, err := io.Copy(io.Discard, a.body); err != nil {
		return fmt.Errorf("read the rest of the reply: %w", err)
	}
	for a.chunked { // the trailer ends with an empty line
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return err
		}
	}
	return nil
}

// exactly reads a body of known length. Unlike [io.LimitedReader] it fails if the body ends early.
type exactly struct {
	r    io.Reader
	left int64
}

func (e *exactly) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(b[:min(int64(len(b)), e.left)])
	e.left -= int64(n)
	if err == io.EOF && e.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
