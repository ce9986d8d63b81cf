//go:build !granary_unsealed

package seal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/minio/sio"

	"granary/blocks"
)

// openRange opens the n bytes from off, n > 0, both within what can be sealed.
func openRange(ctx context.Context, s *store, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	first, last := off/packagePlain, (off+n-1)/packagePlain
	sealed := &packages{
		ctx:  ctx,
		s:    s,
		id:   id,
		at:   first * packageSealed,
		last: last * packageSealed,
		// If the block ends with the range, its last package ends here. If it goes on, the package goes on too.
		end: SealedSize(off + n),
	}
	var err error
	sealed.r, err = s.inner.Open(ctx, id, sealed.at, sealed.end-sealed.at)
	if err != nil {
		return nil, err
	}
	plain, err := sio.DecryptReader(sealed, s.config(id, uint32(first)))
	if err != nil {
		sealed.r.Close()
		return nil, fmt.Errorf("unseal block %s: %w", id, err)
	}
	return &rangeReader{id: id, sealed: sealed, plain: plain, skip: off % packagePlain, left: n}, nil
}

// rangeReader yields the left bytes of plain that follow the first skip.
type rangeReader struct {
	id         blocks.ID
	sealed     *packages
	plain      io.Reader
	skip, left int64
	err        error // what every further Read returns
}

func (r *rangeReader) Read(p []byte) (int, error) {
	if r.err == nil && r.skip > 0 {
		_, err := io.CopyN(io.Discard, r.plain, r.skip)
		r.skip, r.err = 0, r.translate(err)
	}
	if r.err == nil && r.left == 0 {
		r.err = io.EOF
	}
	if r.err != nil || len(p) == 0 {
		return 0, r.err
	}
	n, err := r.plain.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if r.left > 0 { // else the range is whole, and whatever there is to say concerns the bytes after it
		r.err = r.translate(err)
	}
	return n, r.err
}

// translate turns what sio reports before the end of the range into an error of package blocks.
func (r *rangeReader) translate(err error) error {
	var broken sio.Error
	switch {
	case errors.As(err, &broken), err == io.EOF:
		return fmt.Errorf("unseal block %s with %v: %w: %w", r.id, r.sealed.s.key, blocks.ErrCorrupt, err)
	default:
		return err
	}
}

func (r *rangeReader) Close() error {
	r.err = fmt.Errorf("read block %s: reader is closed", r.id)
	// sio returns its buffer of 64 KiB to its pool only at the end of its source, which closed puts here. What it
	// yields or reports until then is of no interest any more.
	r.sealed.closed = true
	_, _ = io.Copy(io.Discard, r.plain)
	return r.sealed.r.Close()
}

// packages reads the sealed packages of a range, all of them whole, although the end of the last one is known only from
// its header. It never returns a bare io.ErrUnexpectedEOF, which sio takes for a clean end.
type packages struct {
	ctx context.Context
	s   *store
	id  blocks.ID
	r   io.ReadCloser

	// Offsets in the sealed block: of the next byte, of the last package of the range, and of the end of r.
	at, last, end int64

	header   [4]byte // the start of the last package's header: version, cipher, length of content less 1 (2, LE)
	extended bool    // whether r goes on with the rest of the last package, and so ends with it
	closed   bool
}

func (p *packages) Read(b []byte) (int, error) {
	if p.closed {
		return 0, io.EOF
	}
	if p.at == p.end {
		if err := p.extend(); err != nil {
			return 0, err
		}
	}
	n, err := p.r.Read(b[:min(int64(len(b)), p.end-p.at)])
	if from := max(p.at, p.last); from < p.at+int64(n) && from < p.last+int64(len(p.header)) {
		copy(p.header[from-p.last:], b[from-p.at:n])
	}
	p.at += int64(n)
	switch {
	case p.at == p.end:
		return n, nil // extend finds out whether there is more
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return n, fmt.Errorf("read sealed block %s: %w: %d bytes are missing", p.id, blocks.ErrShort, p.end-p.at)
	}
	return n, err
}

// extend opens the rest of the last package, or returns io.EOF if there is none.
func (p *packages) extend() error {
	length := int64(binary.LittleEndian.Uint16(p.header[2:])) + 1
	end := p.last + headerSize + length + tagSize
	if p.extended || end <= p.end {
		return io.EOF
	}
	// The header is not verified yet. If it lies, this reads up to 64 KiB in vain and then the tag does not match.
	err := p.reach(end)
	if errors.Is(err, blocks.ErrShort) {
		return fmt.Errorf("unseal block %s with %v: %w: its package at %d is cut off", p.id, p.s.key, blocks.ErrCorrupt, p.last)
	}
	p.extended = err == nil
	return err
}

// reach extends r to end, or replaces it by a reader from where it ends to end.
func (p *packages) reach(end int64) error {
	err := errors.ErrUnsupported
	if e, ok := p.r.(blocks.Extender); ok {
		err = e.Extend(end - p.end)
	}
	if errors.Is(err, errors.ErrUnsupported) {
		var r io.ReadCloser
		if r, err = p.s.inner.Open(p.ctx, p.id, p.end, end-p.end); err == nil {
			err = p.r.Close()
			p.r = r
		}
	}
	if err == nil {
		p.end = end
	}
	return err
}
