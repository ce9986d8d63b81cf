package blocks

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Exactly returns a reader of what [Store.Put] has to store: the bytes of r, ending in [io.EOF] only after size of
// them, or after however many there are if size is [SizeUnknown]. It fails with [ErrShort] if r ends earlier, with
// [ErrLong] if r holds more, and with the context's error once ctx is done. To see that r holds no more it reads r to
// its end.
//
// A bare [io.ErrUnexpectedEOF] from r, which is how net/http reports a body that was cut off, comes out wrapped:
// [io.ReadFull] gives the same bare error for a clean end, so readers built on it (sio's among them) would take the
// torn body for a whole one.
func Exactly(ctx context.Context, r io.Reader, size int64) io.Reader {
	return &exactReader{ctx: ctx, r: r, size: size}
}

type exactReader struct {
	ctx  context.Context
	r    io.Reader
	size int64 // or SizeUnknown
	read int64
	err  error // what every further Read returns
}

func (e *exactReader) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if e.err = context.Cause(e.ctx); e.err != nil {
		return 0, e.err
	}
	if e.size != SizeUnknown && e.read == e.size {
		return 0, e.expectEnd()
	}
	if e.size != SizeUnknown {
		p = p[:min(int64(len(p)), e.size-e.read)]
	}
	n, err := e.r.Read(p)
	e.read += int64(n)
	switch {
	case err == io.EOF && e.read < e.size:
		e.err = fmt.Errorf("%w: content ended after %d of %d bytes", ErrShort, e.read, e.size)
	case err == io.ErrUnexpectedEOF:
		e.err = fmt.Errorf("content was cut off after %d bytes: %w", e.read, err)
	case err != nil:
		e.err = err
	}
	return n, e.err
}

// expectEnd reads past the last byte wanted and reports io.EOF if there is nothing.
func (e *exactReader) expectEnd() error {
	var beyond [1]byte
	switch _, err := io.ReadFull(e.r, beyond[:]); {
	case err == nil:
		e.err = fmt.Errorf("%w: content goes on after the %d bytes announced", ErrLong, e.size)
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.err = fmt.Errorf("content was cut off after %d bytes: %w", e.read, err)
	default:
		e.err = err
	}
	return e.err
}

// CheckRange reports whether a block of size bytes holds the n bytes from off, as [Store.Open] has to: [ErrShort] if
// it ends before them, and an error that wraps no sentinel if off or n is negative.
func CheckRange(id ID, off, n, size int64) error {
	if off < 0 || n < 0 {
		return fmt.Errorf("block %s: range of %d bytes from %d: neither may be negative", id, n, off)
	}
	if off > size || n > size-off {
		return fmt.Errorf("block %s: %w: it ends at %d, before the range of %d bytes from %d", id, ErrShort, size, n, off)
	}
	return nil
}
