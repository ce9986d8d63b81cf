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

// Bounds of what is held in memory of bodies that are read as a whole, in bytes. Without them, as many of the longest bodies as
// may be under way would take gigabytes.
const (
	defaultHeld     = 256 << 20
	defaultHeldEach = defaultHeld / 2 // by one principal

	firstHeld = 512      // for a body that has just begun
	mostTree  = 64 << 20 // counted at most for what a JSON text is decoded into:
	perValue  = 256      // for each value, valid or not, and
	perObject = 400      // for each object
)

// hold counts n more bytes of the request's body as held until letGo, or the request's end, and fails if there is no room.
func (x *exchange) hold(n int64) error {
	l, each := x.server.limits, int64(0)
	x.held += n
	all := l.held.Add(n)
	if x.use != nil {
		each = x.use.held.Add(n)
	}
	switch {
	case each > l.heldEach:
		x.letGo(n)
		return &denial{face: tooManyRequests, retry: shedRetry, msg: "The bodies of your requests take more memory than this server gives to one user; wait until some requests are done."}
	case all > l.heldAll:
		x.letGo(n)
		return &denial{face: tooBusy, retry: shedRetry, msg: "The server has no memory left for request bodies; try again."}
	}
	return nil
}

func (x *exchange) letGo(n int64) {
	x.held -= n
	if x.use != nil {
		x.use.held.Add(-n)
	}
	x.server.limits.held.Add(-n)
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
