package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"granary/blocks"
)

const (
	// readStall is how long a store may send nothing before the rest is asked for anew.
	readStall = time.Minute

	// readTries is how often the rest is asked for without anything coming.
	readTries = 4
)

// Open implements [blocks.Store].
func (s *Store) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("open block %s: %w", id, err)
	}
	if off < 0 || n < 0 {
		return nil, blocks.CheckRange(id, off, n, 0)
	}
	r := &reader{ctx: ctx, s: s, id: id, pos: off, left: n}
	if n == 0 || off > math.MaxInt64-n { // there is no such range to ask for
		ctx, cancel := context.WithTimeoutCause(ctx, s.patience, s.tooSlow())
		defer cancel()
		info, err := s.stat(ctx, s.key(id))
		if err != nil {
			return nil, fmt.Errorf("open block %s: %w", id, fault(err))
		}
		if err := blocks.CheckRange(id, off, n, info.Size); err != nil {
			return nil, err
		}
		return r, nil
	}
	if err := r.ask(); err != nil {
		return nil, err
	}
	return r, nil
}

// reader yields the left bytes from pos. If the connection breaks, it asks for the rest anew.
type reader struct {
	ctx  context.Context //nolint:containedctx // of the caller of Open, which ends what the reader does
	s    *Store
	id   blocks.ID
	pos  int64
	left int64
	etag string // of the object
	body io.ReadCloser
	stop context.CancelFunc // ends the request of body
	dead *time.Timer        // calls stop when nothing has come for long
	try  int                // requests since something came
}

// ask requests the rest of the range.
func (r *reader) ask() error {
	ctx, stop := context.WithCancel(r.ctx)
	slow := time.AfterFunc(r.s.patience, stop)
	defer slow.Stop()
	var options minio.GetObjectOptions
	err := options.SetRange(r.pos, r.pos+r.left-1)
	if err == nil && r.pos == 0 && r.left == 1 { // SetRange takes an end of 0 for none
		options.Set("Range", "bytes=0-0")
	}
	if err == nil && r.etag != "" {
		err = options.SetMatchETag(r.etag)
	}
	if err != nil {
		stop()
		return fmt.Errorf("open block %s: %w", r.id, err)
	}
	body, info, header, err := r.s.client.GetObject(ctx, r.s.at.Bucket, r.s.key(r.id), options)
	if err != nil {
		if ctx.Err() != nil && r.ctx.Err() == nil {
			return fmt.Errorf("open block %s: %w", r.id, r.s.tooSlow())
		}
		stop()
		if minio.ToErrorResponse(err).StatusCode == badRange {
			return fmt.Errorf("open block %s: %w: it ends before the range of %d bytes from %d", r.id, blocks.ErrShort, r.left, r.pos)
		}
		return fmt.Errorf("open block %s: %w", r.id, fault(err))
	}
	size := info.Size // of a store that answers with the whole
	if contentRange := header.Get("Content-Range"); contentRange != "" {
		size, err = total(contentRange, r.pos)
	} else if r.pos != 0 {
		err = fmt.Errorf("%w: it answers with something else than the range that was asked for", blocks.ErrUnavailable)
	}
	if err == nil {
		err = blocks.CheckRange(r.id, r.pos, r.left, size)
	}
	if err != nil {
		stop()
		body.Close()
		return fmt.Errorf("open block %s: %w", r.id, err)
	}
	r.body, r.stop, r.etag = body, stop, info.ETag
	r.dead = time.AfterFunc(r.s.stall, stop)
	return nil
}

// total returns the size of the object from the header of an answer that begins at pos, as in "bytes 5-9/100".
func total(contentRange string, pos int64) (int64, error) {
	span, size, _ := strings.Cut(strings.TrimPrefix(contentRange, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if err == nil && from == pos {
		var n int64
		if n, err = strconv.ParseInt(size, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%w: it answers with the range %q where one from %d on was asked for", blocks.ErrUnavailable, contentRange, pos)
}

func (r *reader) Read(p []byte) (int, error) {
	for {
		if r.left == 0 {
			return 0, io.EOF
		}
		if err := context.Cause(r.ctx); err != nil {
			return 0, fmt.Errorf("read block %s: %w", r.id, err)
		}
		if len(p) == 0 {
			return 0, nil
		}
		if r.body == nil {
			if err := r.ask(); err != nil {
				return 0, err
			}
		}
		r.dead.Reset(r.s.stall)
		n, err := r.body.Read(p[:min(int64(len(p)), r.left)])
		r.pos, r.left = r.pos+int64(n), r.left-int64(n)
		if n > 0 {
			r.try = 0
		}
		if err == nil || r.left == 0 {
			r.dead.Stop() // the caller may take its time
			return n, nil
		}
		r.hangUp()
		if r.try++; n == 0 && (r.try >= readTries || r.ctx.Err() != nil) {
			return 0, fmt.Errorf("read block %s: %w", r.id, r.failed(err))
		}
		if n > 0 {
			return n, nil
		}
	}
}

// failed says why nothing comes any more.
func (r *reader) failed(err error) error {
	if cause := context.Cause(r.ctx); cause != nil {
		return cause
	}
	if errors.Is(err, context.Canceled) { // by r.dead
		err = fmt.Errorf("it sent nothing for %s", r.s.stall)
	}
	return fault(err)
}

// hangUp ends the request under way.
func (r *reader) hangUp() {
	if r.body != nil {
		r.dead.Stop()
		r.stop()
		r.body.Close()
		r.body = nil
	}
}

func (r *reader) Close() error {
	if r.body != nil && r.left == 0 { // read to its end, the connection can be used again
		r.dead.Reset(r.s.stall)
		_, _ = io.CopyN(io.Discard, r.body, 1)
	}
	r.hangUp()
	r.left = 0
	return nil
}
