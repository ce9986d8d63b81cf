package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"

	"granary/blocks"
)

const (
	// pieceSize is in how many bytes at a time a part is held.
	pieceSize = 256 << 10

	// mostPieces is how many pieces all parts may hold together, 256 MiB, besides the first of each.
	mostPieces = 1024

	// givesWay is how long a part may take to arrive while others need its memory.
	givesWay = 10 * time.Second
)

type piece = [pieceSize]byte

var pieces = sync.Pool{New: func() any { return new(piece) }}

// memory bounds what parts hold while their content comes. A client may take an hour over the five megabytes of a part,
// and a user may send thousands at a time. So if there is no room for a part, the one that has been under way for the
// longest gives way: its Put fails.
type memory struct {
	patience time.Duration // givesWay, or less in tests

	mu      sync.Mutex
	left    int                // pieces
	filling map[*part]struct{} // those that hold more than one piece and are not whole yet
	freed   chan struct{}      // closed, and replaced, when pieces come back
}

func newMemory(pieces int) *memory {
	return &memory{patience: givesWay, left: pieces, filling: map[*part]struct{}{}, freed: make(chan struct{})}
}

// part is the body of a request: up to partSize bytes. Once filled, it is an [io.ReadSeeker], so that it can be sent
// again.
type part struct {
	memory *memory
	began  time.Time
	size   int64
	at     int64 // of the next Read

	// The mutex of memory guards these until the part is filled.
	pieces   []*piece
	gaveWay  bool
	borrowed int // pieces of memory
}

// fill reads up to partSize bytes of r. more is false if r has ended with them.
func (p *part) fill(ctx context.Context, r io.Reader) (more bool, err error) {
	p.began = time.Now()
	var last *piece
	var room int64 // of all pieces
	for more = true; more && p.size < partSize; {
		if p.size == room { // not only at the end of a piece: r may yield nothing there, without an error
			if last, err = p.grow(ctx); err != nil {
				return false, err
			}
			room += pieceSize
		}
		n, err := r.Read(last[p.size%pieceSize:])
		p.size += int64(n)
		if err != nil && err != io.EOF {
			return false, err
		}
		more = err == nil
	}
	return more, p.filled()
}

// grow adds a piece. If there is none left, it waits for one.
func (p *part) grow(ctx context.Context) (*piece, error) {
	m := p.memory
	for {
		m.mu.Lock()
		switch {
		case p.gaveWay:
			m.mu.Unlock()
			return nil, p.tooSlow()
		case len(p.pieces) == 0 || m.left > 0 || m.oust(p):
			if len(p.pieces) > 0 {
				m.left--
				p.borrowed++
				m.filling[p] = struct{}{}
			}
			last := pieces.Get().(*piece)
			p.pieces = append(p.pieces, last)
			m.mu.Unlock()
			return last, nil
		}
		freed := m.freed
		m.mu.Unlock()
		select {
		case <-freed:
		case <-time.After(m.patience / 10): // somebody may have taken too long by then
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// oust takes away the memory of the part that has been under way for the longest, unless that is p itself, if it takes
// too long. Its last piece stays, since it is being read into. The caller holds m.mu.
func (m *memory) oust(p *part) bool {
	var oldest *part
	for other := range m.filling {
		if oldest == nil || other.began.Before(oldest.began) {
			oldest = other
		}
	}
	if oldest == nil || oldest == p || time.Since(oldest.began) < m.patience {
		return false
	}
	oldest.gaveWay = true
	last := len(oldest.pieces) - 1
	for _, piece := range oldest.pieces[:last] {
		pieces.Put(piece)
	}
	oldest.pieces = oldest.pieces[last:]
	m.settle(oldest)
	return true
}

// settle counts the pieces that p has borrowed as given back. The caller holds m.mu.
func (m *memory) settle(p *part) {
	delete(m.filling, p)
	if p.borrowed > 0 {
		m.left += p.borrowed
		p.borrowed = 0
		close(m.freed)
		m.freed = make(chan struct{})
	}
}

// filled ends the time in which p may have to give way.
func (p *part) filled() error {
	p.memory.mu.Lock()
	defer p.memory.mu.Unlock()
	if p.gaveWay {
		return p.tooSlow()
	}
	delete(p.memory.filling, p)
	return nil
}

func (p *part) tooSlow() error {
	return fmt.Errorf("%w: its content came so slowly that others needed the memory", blocks.ErrUnavailable)
}

// release gives back the memory of p.
func (p *part) release() {
	p.memory.mu.Lock()
	defer p.memory.mu.Unlock()
	for _, piece := range p.pieces {
		pieces.Put(piece)
	}
	p.pieces, p.size = nil, 0
	p.memory.settle(p)
}

func (p *part) rewind() { p.at = 0 }

// bytes returns what is left of the piece at p.at.
func (p *part) bytes() []byte {
	return p.pieces[p.at/pieceSize][p.at%pieceSize : min(pieceSize, p.size-p.at/pieceSize*pieceSize)]
}

func (p *part) Read(b []byte) (int, error) {
	if p.at >= p.size {
		return 0, io.EOF
	}
	n := copy(b, p.bytes())
	p.at += int64(n)
	return n, nil
}

// Seek implements [io.Seeker].
func (p *part) Seek(off int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		off += p.at
	case io.SeekEnd:
		off += p.size
	}
	if off < 0 || off > p.size {
		return p.at, fmt.Errorf("seek to %d of %d bytes", off, p.size)
	}
	p.at = off
	return off, nil
}

// sum is the checksum, SHA-256 in hexadecimal digits, by which the store notices a body that was damaged on its way.
func (p *part) sum() string {
	sum := sha256.New()
	for p.rewind(); p.at < p.size; {
		piece := p.bytes()
		sum.Write(piece)
		p.at += int64(len(piece))
	}
	p.rewind()
	return hex.EncodeToString(sum.Sum(nil))
}
