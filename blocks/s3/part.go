package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// part is the body of a request: up to partSize bytes. Once filled, it is an [io.ReadSeeker], so that it can be sent
// again.
type part struct {
	memory *memory
	size   int64
	at     int64 // of the next Read

	// The mutex of memory guards these until the part is filled.
	pieces  []*piece
	placed  bool      // whether it has a place of memory
	since   time.Time // when it got that
	gaveWay bool
}

// fill reads up to partSize bytes of r. more is false if r has ended with them.
func (p *part) fill(ctx context.Context, r io.Reader) (more bool, err error) {
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

// grow adds a piece. For the second one it waits until there is a place for the part.
func (p *part) grow(ctx context.Context) (*piece, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if p.size == pieceSize {
		if err := p.memory.place(ctx, p); err != nil {
			return nil, err
		}
	}
	p.memory.mu.Lock()
	defer p.memory.mu.Unlock()
	if p.gaveWay {
		return nil, tooSlow()
	}
	last := pieces.Get().(*piece)
	p.pieces = append(p.pieces, last)
	return last, nil
}

// filled ends the time in which p may have to give way.
func (p *part) filled() error {
	p.memory.mu.Lock()
	defer p.memory.mu.Unlock()
	if p.gaveWay {
		return tooSlow()
	}
	delete(p.memory.filling, p)
	return nil
}

// release gives back the memory of p.
func (p *part) release() {
	p.memory.mu.Lock()
	defer p.memory.mu.Unlock()
	for _, piece := range p.pieces {
		pieces.Put(piece)
	}
	p.pieces, p.size = nil, 0
	p.memory.takeBack(p)
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
