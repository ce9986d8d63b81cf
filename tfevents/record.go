// Package tfevents reads event files: what TensorFlow, PyTorch, tensorboardX and others write for TensorBoard. It reads the
// framing and the few messages that hold scalars and images, by hand, and passes over everything else.
//
// An event file is a sequence of records, each of a length (8 bytes, little-endian), the checksum of the length, as many
// bytes and their checksum. Both are CRC32C, masked. A record is an Event of TensorFlow's event.proto.
package tfevents

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// MaxRecord is the longest record, in bytes, that is read. What scalars and images take is far below it.
const MaxRecord = 32 << 20

// Sizes of a record's parts, in bytes.
const (
	headSize = 8 + 4 // the length and its checksum
	tailSize = 4     // the checksum of the data
	// startBuffer is what a reader's buffer begins with. It grows with what has come, not with what a length promises.
	startBuffer = 64 << 10
	// keptBuffer is the longest buffer that is kept for the next record.
	keptBuffer = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum of p as TFRecord stores it.
func masked(p []byte) uint32 {
	c := crc32.Checksum(p, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// PartialError says that the file ends within a record, as it does while somebody writes it.
type PartialError struct {
	Offset int64 // where the record begins
	Need   int64 // how long the file is when the record is whole, as far as is known
}

// Error says where the record begins and where it will end.
func (e *PartialError) Error() string {
	return fmt.Sprintf("the record at byte %d is not whole yet: it ends at byte %d", e.Offset, e.Need)
}

// DamageError says that there is no event at a place of a file, so that nothing behind it can be read either.
type DamageError struct {
	Offset int64 // where the record begins
	Why    string
}

// Error says where the record begins and what is wrong with it.
func (e *DamageError) Error() string { return fmt.Sprintf("the record at byte %d %s", e.Offset, e.Why) }

// ReadError says that reading the file failed, which is not its end.
type ReadError struct {
	Offset int64 // of the record that was read
	Err    error
}

// Error says where the record begins and what reading it failed with.
func (e *ReadError) Error() string {
	return fmt.Sprintf("read the record at byte %d: %v", e.Offset, e.Err)
}

// Unwrap returns what reading failed with.
func (e *ReadError) Unwrap() error { return e.Err }

// Reader reads the events of a file, one after the other.
type Reader struct {
	from   *source
	in     *bufio.Reader // of from
	offset int64         // of the next record
	buffer []byte
}

// source keeps what reading fails with. It may wrap io.ErrUnexpectedEOF, as a connection does that breaks off, and is not the end of the file.
type source struct {
	io.Reader
	failed error
}

// Read reads the next bytes.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.failed = err
	}
	return n, err
}

// NewReader returns a reader of what r yields, which begins at this offset of the file, where a record does.
func NewReader(r io.Reader, offset int64) *Reader {
	from := &source{Reader: r}
	return &Reader{from: from, in: bufio.NewReaderSize(from, startBuffer), offset: offset}
}

// Offset returns where the next record begins: all before it was read.
func (r *Reader) Offset() int64 { return r.offset }

// Forget lets go of the memory of the last event, which is not good any more. It is for who is to wait before the next one.
func (r *Reader) Forget() {
	if cap(r.buffer) > startBuffer {
		r.buffer = nil
	}
}

// Next reads the next event. It and what it refers to are good until the next call, or that of Forget. It fails with io.EOF where the file
// ends behind a record, with a [PartialError] where it ends within one, with a [DamageError], or with a [ReadError]. After a failure Offset is
// what it was before.
func (r *Reader) Next() (*Event, error) {
	data, err := r.record()
	if err != nil {
		return nil, err
	}
	event, err := parseEvent(data, r.offset+headSize)
	if err != nil {
		return nil, &DamageError{r.offset, "is no event: " + err.Error()}
	}
	r.offset += headSize + int64(len(data)) + tailSize
	return event, nil
}

// record reads the data of the next record.
func (r *Reader) record() ([]byte, error) {
	var head [headSize]byte
	switch n, err := io.ReadFull(r.in, head[:]); {
	case err == nil:
	case !r.ends(err):
		return nil, &ReadError{r.offset, err}
	case n == 0:
		return nil, io.EOF
	default:
		return nil, &PartialError{r.offset, r.offset + headSize}
	}
	length := binary.LittleEndian.Uint64(head[:8])
	if masked(head[:8]) != binary.LittleEndian.Uint32(head[8:]) {
		return nil, &DamageError{r.offset, "has a length whose checksum does not match: the file is damaged here, or is no event file"}
	}
	if length > MaxRecord {
		return nil, &DamageError{r.offset, fmt.Sprintf("says that it has %d bytes; at most %d are read", length, MaxRecord)}
	}
	whole := int(length) + tailSize
	if err := r.fill(whole); err != nil {
		return nil, err
	}
	data := r.buffer[:length]
	if masked(data) != binary.LittleEndian.Uint32(r.buffer[length:whole]) {
		return nil, &DamageError{r.offset, "has a checksum that does not match: the file is damaged here"}
	}
	return data, nil
}

// ends reports whether err, with which reading from in failed, says that the file ends.
func (r *Reader) ends(err error) bool {
	return r.from.failed == nil && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF))
}

// fill reads n bytes into the buffer.
func (r *Reader) fill(n int) error {
	if cap(r.buffer) > keptBuffer && n <= keptBuffer {
		r.buffer = nil
	}
	have := 0
	for have < n {
		if cap(r.buffer) < n && have == cap(r.buffer) {
			grown := make([]byte, min(n, max(startBuffer, 2*cap(r.buffer))))
			copy(grown, r.buffer[:have])
			r.buffer = grown
		}
		r.buffer = r.buffer[:cap(r.buffer)]
		m, err := io.ReadFull(r.in, r.buffer[have:min(n, len(r.buffer))])
		have += m
		switch {
		case err == nil:
		case !r.ends(err):
			return &ReadError{r.offset, err}
		default:
			return &PartialError{r.offset, r.offset + headSize + int64(n)}
		}
	}
	return nil
}
