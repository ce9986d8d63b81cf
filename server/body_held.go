package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"granary/namespace"
)

const (
	firstHeld = 512      // for a body that has just begun
	mostTree  = 64 << 20 // counted at most for what a JSON text is decoded into:
	perValue  = 256      // for each value, valid or not, and
	perObject = 400      // for each object
)

// hold counts n more bytes of the request's body as held until letGo, or the request's end, and fails if there is no room.
func (x *exchange) hold(n int64) error {
	err := x.server.limits.hold(forBodies, x.use, n)
	x.held += n
	if err != nil {
		x.letGo(n)
	}
	return err
}

func (x *exchange) letGo(n int64) {
	x.held -= n
	x.server.limits.letGo(forBodies, x.use, n)
}

// whole reads all of a body of up to most bytes, and one more byte of a longer one. The body must be complete within a time, even
// if the client keeps sending.
func (x *exchange) whole(most int, within time.Duration) (text []byte, err error) {
	within = min(within, x.body.stall)
	x.body.end = time.Now().Add(within)
	from := io.LimitReader(x.body, int64(most)+1)
	for err == nil {
		if len(text) == cap(text) {
			more := max(cap(text), firstHeld)
			if err := x.hold(int64(more)); err != nil {
				return nil, err
			}
			text = append(make([]byte, 0, cap(text)+more), text...)
		}
		var n int
		n, err = from.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
	}
	switch {
	case err == io.EOF:
		return text, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &namespace.Error{
			Op: "read the body", Kind: namespace.InvalidArgument,
			Msg: fmt.Sprintf("The body was not there within %s; nothing was done. Send it again.", within),
		}
	}
	return nil, err
}

// holdTree counts what a JSON text is decoded into as n bytes held, until letGo(n).
func (x *exchange) holdTree(text []byte, values int) (n int64, err error) {
	n = min(int64(values)*perValue+int64(bytes.Count(text, []byte{'{'}))*perObject, mostTree)
	return n, x.hold(n)
}
