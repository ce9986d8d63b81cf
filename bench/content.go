package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
)

const (
	chunkSize = 1 << 20 // bytes of content between two stamps
	stampSize = 16
	pieceSize = 256 << 10 // bytes moved and compared at a time
)

// content is what a file of the benchmark holds. It is computed from id and size, so that it can be compared without
// being kept. Each chunk begins with a stamp of 16 bytes, the file's id and the chunk's number (big endian), and
// goes on with a stretch of incompressible random bytes, whose place in the pool follows from the two numbers.
type content struct {
	id   uint64
	size int64
}

// pool holds the random bytes that the stretches are cut from.
var pool = sync.OnceValue(func() []byte {
	b := make([]byte, 2*chunkSize)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails, as documented
	return b
})

// stamp is the beginning of chunk k.
func (c content) stamp(k int64) (s [stampSize]byte) {
	binary.BigEndian.PutUint64(s[:], c.id)
	binary.BigEndian.PutUint64(s[8:], uint64(k))
	return s
}

// stretch is what follows the stamp of chunk k, up to the end of the chunk, even if the file ends before.
func (c content) stretch(k int64) []byte {
	from := (c.id*2654435761 + uint64(k)*40503) % chunkSize
	return pool()[from : from+chunkSize-stampSize]
}

// parts calls do with the bytes in [from, to), in pieces that end where a stamp or a stretch ends. It stops at the first
// error of do.
func (c content) parts(from, to int64, do func([]byte) error) error {
	for at := from; at < to; {
		k, in := at/chunkSize, at%chunkSize
		var part []byte
		if in < stampSize {
			stamp := c.stamp(k)
			part = stamp[in:]
		} else {
			part = c.stretch(k)[in-stampSize:]
		}
		part = part[:min(to-at, int64(len(part)))]
		if err := do(part); err != nil {
			return err
		}
		at += int64(len(part))
	}
	return nil
}

// WriteTo writes the whole content. It implements [io.WriterTo].
func (c content) WriteTo(w io.Writer) (int64, error) { return c.writeRange(w, 0, c.size) }

// writeRange writes the bytes in [from, to).
func (c content) writeRange(w io.Writer, from, to int64) (written int64, err error) {
	err = c.parts(from, to, func(part []byte) error {
		n, err := w.Write(part)
		written += int64(n)
		return err
	})
	return written, err
}

// compare reads r to its end and fails unless it holds exactly the content. The caller provides the buffer, which must not
// be empty.
func (c content) compare(r io.Reader, buf []byte) error { return c.compareRange(r, buf, 0, c.size) }

// compareRange does as compare for the bytes in [from, to).
func (c content) compareRange(r io.Reader, buf []byte, from, to int64) error {
	at := from
	err := c.parts(from, to, func(part []byte) error {
		for len(part) > 0 {
			n, err := io.ReadFull(r, buf[:min(len(part), len(buf))])
			if !bytes.Equal(buf[:n], part[:n]) {
				return fmt.Errorf("the content is not what was written: it differs in the %d bytes from %d on", n, at)
			}
			at += int64(n)
			part = part[n:]
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return fmt.Errorf("the content ends after %d of %d bytes", at-from, to-from)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch n, err := io.ReadFull(r, buf[:1]); {
	case n > 0:
		return fmt.Errorf("the content goes on after its %d bytes", to-from)
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}
