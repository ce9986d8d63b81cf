package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxText bounds a JSON reply, in bytes: a listing of 100,000 entries is less.
const maxText = 64 << 20

// client is one caller of one server. It keeps one connection for each address and does one operation at a time. Every
// operation checks the reply and fails with an error that names the operation and the path.
type client struct {
	to    *target
	dial  func(addr string) (*conn, error)
	limit time.Duration    // for each request
	conns map[string]*conn // by address
	buf   []byte           // for content
	text  bytes.Buffer     // for JSON
}

// newClient returns a client that can be used until ctx ends.
func newClient(ctx context.Context, to *target, limit time.Duration) *client {
	return &client{
		to: to, limit: limit, conns: map[string]*conn{}, buf: make([]byte, pieceSize),
		dial: func(addr string) (*conn, error) { return dial(ctx, addr, limit) },
	}
}

// close ends the connections.
func (c *client) close() {
	for addr := range c.conns {
		c.drop(addr)
	}
}

func (c *client) drop(addr string) {
	if conn := c.conns[addr]; conn != nil {
		conn.close()
		delete(c.conns, addr)
	}
}

// create writes a new file as stock clients do: an empty request is redirected, and the second one carries the bytes.
func (c *client) create(path string, body content) error {
	return c.hops("CREATE", path, "PUT", "", http.StatusCreated, &body, nil)
}

// createOneHop writes a new file with a single request, on servers that accept that, and otherwise as create does.
func (c *client) createOneHop(path string, body content) error {
	if !c.to.oneHop {
		return c.create(path, body)
	}
	q := c.first("PUT", path, "CREATE", "&data=true")
	q.body = &body
	return wrap("CREATE", path, c.do(c.to.addr, q, func(a reply) error { return c.expect(a, http.StatusCreated) }))
}

// read reads a file and compares its content, following the redirect of servers that send one.
func (c *client) read(path string, want content) error {
	return c.opened(path, "", want, 0, want.size)
}

// readRange reads n bytes of a file from the offset from on and compares them.
func (c *client) readRange(path string, want content, from, n int64) error {
	params := "&offset=" + strconv.FormatInt(from, 10) + "&length=" + strconv.FormatInt(n, 10)
	return c.opened(path, params, want, from, from+n)
}

func (c *client) opened(path, params string, want content, from, to int64) error {
	return c.hops("OPEN", path, "GET", params, http.StatusOK, nil, func(a reply) error {
		if a.length >= 0 && a.length != to-from {
			return fmt.Errorf("the reply has %d bytes of content where the file has %d", a.length, to-from)
		}
		return want.compareRange(a.body, c.buf, from, to)
	})
}

// stat asks for the status of a file, which must have this size.
func (c *client) stat(path string, size int64) error {
	return c.status(path, length(size))
}

// status asks for a status, which must have these members, such as "replication":1.
func (c *client) status(path string, members ...string) error {
	return c.json("GET", path, "GETFILESTATUS", "", func(text []byte) error {
		for _, m := range members {
			if !has(text, m) {
				return fmt.Errorf("the status should say %s, and is %.300q", m, text)
			}
		}
		return nil
	})
}

// length is the member of a status that gives a file's size in bytes.
func length(size int64) string { return `"length":` + strconv.FormatInt(size, 10) }

// has reports whether a JSON text has a member, including its whole value.
func has(text []byte, member string) bool {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(member))
		if i < 0 {
			return false
		}
		at += i + len(member)
		if at < len(text) && (text[at] == ',' || text[at] == '}') {
			return true
		}
	}
}

// mkdirs makes a directory and its parents.
func (c *client) mkdirs(path string) error {
	return c.json("PUT", path, "MKDIRS", "", isTrue)
}

// rename moves a file or directory.
func (c *client) rename(from, to string) error {
	return c.json("PUT", from, "RENAME", "&destination="+to, isTrue)
}

// remove deletes a file, or a directory with all that is in it.
func (c *client) remove(path string) error {
	return c.json("DELETE", path, "DELETE", "&recursive=true", isTrue)
}

// list lists a directory, which must have n entries.
func (c *client) list(path string, n int) error {
	return c.json("GET", path, "LISTSTATUS", "", func(text []byte) error {
		if got := bytes.Count(text, []byte(`"pathSuffix"`)); got != n {
			return fmt.Errorf("the listing has %d entries and should have %d", got, n)
		}
		return nil
	})
}

// listFile lists a file of this size. The listing must have one entry, without a name.
func (c *client) listFile(path string, size int64) error {
	return c.json("GET", path, "LISTSTATUS", "", func(text []byte) error {
		if bytes.Count(text, []byte(`"pathSuffix"`)) != 1 || !has(text, `"pathSuffix":""`) || !has(text, length(size)) {
			return fmt.Errorf(`the listing of a file should be its status alone with an empty "pathSuffix" and %s, and is %.300q`, length(size), text)
		}
		return nil
	})
}

// chown sets the owner of a file or directory.
func (c *client) chown(path, owner string) error {
	return c.json("PUT", path, "SETOWNER", "&owner="+owner, isEmpty)
}

// chmod sets the permission of a file or directory, in octal digits.
func (c *client) chmod(path, permission string) error {
	return c.json("PUT", path, "SETPERMISSION", "&permission="+permission, isEmpty)
}

// setReplication sets the replication of a file.
func (c *client) setReplication(path string, copies int) error {
	return c.json("PUT", path, "SETREPLICATION", "&replication="+strconv.Itoa(copies), isTrue)
}

func isEmpty(text []byte) error {
	if len(text) > 0 {
		return fmt.Errorf("the reply should be empty, and is %.300q", text)
	}
	return nil
}

func isTrue(text []byte) error {
	if !bytes.Contains(text, []byte(`"boolean":true`)) {
		return fmt.Errorf(`the reply should be {"boolean":true}, and is %.300q`, text)
	}
	return nil
}

// first returns a request to the server itself, with the caller's identity.
func (c *client) first(method, path, op, params string) request {
	return request{method: method, uri: prefix + path + "?op=" + op + params + c.to.query, header: c.to.header}
}

// json does an operation whose reply is JSON.
func (c *client) json(method, path, op, params string, check func(text []byte) error) error {
	return wrap(op, path, c.do(c.to.addr, c.first(method, path, op, params), func(a reply) error {
		if err := c.expect(a, http.StatusOK); err != nil {
			return err
		}
		c.text.Reset()
		if _, err := c.text.ReadFrom(io.LimitReader(a.body, maxText)); err != nil {
			return err
		}
		return check(c.text.Bytes())
	}))
}

// hops does an operation whose bytes may move in a second request. It sends a body only in that one.
func (c *client) hops(op, path, method, params string, want int, body *content, read func(reply) error) error {
	finish := func(a reply) error {
		if err := c.expect(a, want); err != nil || read == nil {
			return err
		}
		return read(a)
	}
	var location string
	redirected := false
	err := c.do(c.to.addr, c.first(method, path, op, params), func(a reply) error {
		if a.status == http.StatusTemporaryRedirect {
			location, redirected = a.location, true
			return nil
		}
		if body != nil {
			return c.expect(a, http.StatusTemporaryRedirect)
		}
		return finish(a)
	})
	if err != nil || !redirected {
		return wrap(op, path, err)
	}
	addr, uri, err := split(location)
	if err != nil {
		return wrap(op, path, err)
	}
	return wrap(op, path, c.do(addr, request{method: method, uri: uri, body: body}, finish))
}

// do sends one request, hands the reply to read and prepares the connection for the next one.
func (c *client) do(addr string, q request, read func(reply) error) (err error) {
	conn := c.conns[addr]
	if conn == nil {
		if conn, err = c.dial(addr); err != nil {
			return err
		}
		c.conns[addr] = conn
	}
	if err := conn.allow(c.limit); err != nil {
		return err
	}
	sent := conn.send(addr, q)
	// A server that refuses a body may have sent the reason before it closed the connection.
	a, err := conn.receive()
	if sent != nil && (err != nil || a.status < 400) {
		err = fmt.Errorf("send the request: %w", sent)
	}
	if err == nil {
		err = read(a)
	}
	if err == nil {
		err = conn.finish(a)
	}
	if err != nil || a.closes {
		c.drop(addr)
	}
	return err
}

// expect fails unless the reply has this status. The error holds the beginning of the reply's body.
func (c *client) expect(a reply, status int) error {
	if a.status == status {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(a.body, 600))
	return errors.Join(&statusError{a.status, status, string(text)}, err)
}

// statusError is the error of a reply with an unexpected status.
type statusError struct {
	got, want int
	text      string // the beginning of the reply's body
}

func (e *statusError) Error() string {
	return fmt.Sprintf("status %d where %d is right: %s", e.got, e.want, e.text)
}

func wrap(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", op, path, err)
}
