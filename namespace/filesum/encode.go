package filesum

import (
	"crypto/md5"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
)

// The stored form of a Sum; numbers are unsigned varints unless a width is given:
//
//	version        1 byte, 1
//	block size
//	blocks before the last: how many, then for each
//	    block size less its length
//	    MD5        16 bytes
//	last block: its length, then
//	    CRC        4 bytes, big-endian, of the bytes after its whole chunks, if there are any
//	    MD5 state  16 bytes, if its CRCs of whole chunks fill 64 bytes or more
//	    CRCs       those that the state does not cover yet, 0 to 60 bytes
//
// So a block in the middle of a file takes 17 bytes, the last up to 90 and an empty file 7.
const formatVersion = 1

var errTruncated = errors.New("it ends too early")

// MarshalBinary returns the sum in a form to store. The error is always nil.
func (s *Sum) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 128+17*len(s.done))
	out = append(out, formatVersion)
	out = binary.AppendUvarint(out, uint64(s.blockSize))
	out = binary.AppendUvarint(out, uint64(len(s.done)))
	for _, b := range s.done {
		out = binary.AppendUvarint(out, uint64(s.blockSize-b.Length))
		out = append(out, b.MD5[:]...)
	}
	out = binary.AppendUvarint(out, uint64(s.last.length))
	if s.last.length%ChunkSize > 0 {
		out = binary.BigEndian.AppendUint32(out, s.last.crc)
	}
	if s.last.crcs != nil {
		state, summed := state(s.last.crcs), s.last.length/ChunkSize*crcSize
		if summed >= md5.BlockSize {
			out = append(out, state[md5ChainAt:md5PendingAt]...)
		}
		out = append(out, state[md5PendingAt:md5PendingAt+summed%md5.BlockSize]...)
	}
	return out, nil
}

// UnmarshalBinary restores what [Sum.MarshalBinary] stored. An error leaves the sum as it was.
func (s *Sum) UnmarshalBinary(data []byte) error {
	d := decoder{left: data}
	restored := d.sum()
	if d.err == nil && len(d.left) > 0 {
		d.err = fmt.Errorf("%d bytes follow its end", len(d.left))
	}
	if d.err != nil {
		return fmt.Errorf("stored checksum state of %d bytes: %w", len(data), d.err)
	}
	*s = restored
	return nil
}

// decoder takes the stored form apart. After the first error it yields zeros.
type decoder struct {
	left []byte
	err  error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.left, d.err = nil, err
	}
}

// bytes takes n bytes.
func (d *decoder) bytes(n int64) []byte {
	if n > int64(len(d.left)) {
		d.fail(errTruncated)
	}
	if d.err != nil {
		return make([]byte, n)
	}
	taken := d.left[:n]
	d.left = d.left[n:]
	return taken
}

// number takes a varint of at most limit.
func (d *decoder) number(what string, limit int64) int64 {
	v, n := binary.Uvarint(d.left)
	switch {
	case n == 0:
		d.fail(errTruncated)
	case n < 0 || v > uint64(limit):
		d.fail(fmt.Errorf("its %s is above %d", what, limit))
	}
	if d.err != nil {
		return 0
	}
	d.left = d.left[n:]
	return int64(v)
}

func (d *decoder) sum() Sum {
	if version := d.bytes(1)[0]; d.err == nil && version != formatVersion {
		d.fail(fmt.Errorf("its version is %d, want %d", version, formatVersion))
	}
	s := Sum{blockSize: d.number("block size", math.MaxInt64)}
	if d.err == nil && s.blockSize == 0 {
		d.fail(errors.New("its block size is 0"))
	}
	blocks := d.number("number of blocks", int64(len(d.left)/(1+md5.Size)))
	for range blocks {
		b := Block{Length: s.blockSize - d.number("gap in a block", s.blockSize-1)}
		copy(b.MD5[:], d.bytes(md5.Size))
		if b.Length > math.MaxInt64-s.size {
			d.fail(errors.New("its blocks are longer than 2^63-1 bytes"))
		}
		if d.err != nil {
			return Sum{}
		}
		s.size += b.Length
		s.done = append(s.done, b)
	}
	s.last = d.partial(min(s.blockSize, math.MaxInt64-s.size))
	s.size += s.last.length
	return s
}

func (d *decoder) partial(limit int64) partial {
	b := partial{length: d.number("last block's length", limit)}
	if b.length%ChunkSize > 0 {
		b.crc = binary.BigEndian.Uint32(d.bytes(crcSize))
	}
	if b.length >= ChunkSize {
		b.crcs = md5.New()
		state, summed := state(b.crcs), b.length/ChunkSize*crcSize
		if summed >= md5.BlockSize {
			copy(state[md5ChainAt:], d.bytes(md5.Size))
		}
		copy(state[md5PendingAt:], d.bytes(summed%md5.BlockSize))
		binary.BigEndian.PutUint64(state[md5LengthAt:], uint64(summed))
		restore(b.crcs, state)
	}
	return b
}

// Where crypto/md5 keeps what in its marshaled state: after a magic of 4 bytes the chaining value, the bytes that do
// not fill a block of 64 yet, and how many bytes were written. A test holds Go to this layout.
const (
	md5ChainAt   = 4
	md5PendingAt = md5ChainAt + md5.Size
	md5LengthAt  = md5PendingAt + md5.BlockSize
)

// state returns what h has summed so far.
func state(h hash.Hash) []byte {
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic(err) // crypto/md5 documents that its hashes can be marshaled
	}
	return state
}

// restore makes h go on from a state that crypto/md5 made, or this package in its likeness.
func restore(h hash.Hash, state []byte) {
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		panic(err) // only for a wrong length or magic
	}
}
