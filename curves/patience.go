package curves

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"granary/namespace"
)

// readTime bounds what a question reads of one file, and for how long an export goes on without getting a byte. Meanwhile they keep others
// from the file and from a place among the readers, and a question one among those that are answered, so none waits for a store that
// hangs for as long as the store may be asked.
const readTime = 10 * time.Second

// errSlow ends the reading of a file of which the store gives nothing, or little.
var errSlow = errors.New("the block store takes too long")

// slow is the error for a file of which the store gives nothing.
func slow(op string, path namespace.Path) error {
	return &namespace.Error{
		Op: op, Path: path.String(), Kind: namespace.Unavailable, Err: errSlow,
		Msg: fmt.Sprintf("The block store gives nothing of %s now; try again", path),
	}
}

// patience ends a context when nothing comes for some time.
type patience struct {
	within context.Context
	end    context.CancelCauseFunc
	time   time.Duration
	timer  *time.Timer
}

// patient returns a context that ends with errSlow if nothing comes for as long as s waits, between begin and rest.
func (s *Shelf) patient(ctx context.Context) (context.Context, *patience) {
	ctx, end := context.WithCancelCause(ctx)
	p := &patience{within: ctx, end: end, time: s.patience, timer: time.AfterFunc(s.patience, func() { end(errSlow) })}
	p.rest()
	return ctx, p
}

func (p *patience) begin() { p.timer.Reset(p.time) }

func (p *patience) rest() { p.timer.Stop() }

// over reports whether nothing came for too long.
func (p *patience) over() bool { return errors.Is(context.Cause(p.within), errSlow) }

// close releases what p holds.
func (p *patience) close() {
	p.rest()
	p.end(nil)
}

// awaited is a file of which each read shows that the store gives something.
type awaited struct {
	io.Reader
	patience *patience
}

func (a awaited) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	if n > 0 {
		a.patience.begin()
	}
	return n, err
}
