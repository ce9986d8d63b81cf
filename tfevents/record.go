// Package tfevents reads event files, which TensorFlow, PyTorch, tensorboardX and others write for TensorBoard. It decodes by hand the
// framing and the few messages that hold scalars and images, and skips everything else.
//
// An event file is a sequence of records. A record consists of a length (8 bytes, little-endian), the checksum of the length, as many
// bytes of data, and the checksum of the data. Both are masked CRC32Cs. The data is an Event of TensorFlow's event.proto.
package tfevents

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// MaxRecord is the length in bytes of the longest record that is read. Scalars and images take far less; graphs may take more.
const MaxRecord = 32 << 20

// Sizes of a record's parts, in bytes.
const (
	headSize = 8 + 4 // the length and its checksum
	tailSize = 4     // the checksum of the data
	// maxMessage is the length of the longest message of protobuf, and so of the longest event.
	maxMessage = math.MaxInt32
	// glance is how much of a record that is too long is looked at.
	glance = 64
	// startBuffer is the initial size of a reader's buffer. The buffer grows with the data that has come, not with the announced length.
	startBuffer = 64 << 10
	// keptBuffer is the size of the largest buffer that is kept for the next record.
	keptBuffer = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked returns the checksum of p as TFRecord stores it.
func masked(p []byte) uint32 {
	c := crc32.Checksum(p, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// PartialError says that the file ends within a record, as it does while somebody writes it.
type PartialError struct {
	Offset int64 // where the record begins
	Need   int64 // size of the file with which the record is complete, as far as is known
}

// Error says where the record begins and where it will end.
func (e *PartialError) Error() string {
	return fmt.Sprintf("the record at byte %d is not whole yet: it ends at byte %d", e.Offset, e.Need)
}

// DamageError says that at a place of a file there is no valid event, so that nothing behind it can be read either.
type DamageError struct {
	Offset int64 // where the record begins
	Why    string
}

// Error says where the record begins and what is wrong with it.
func (e *DamageError) Error() string { return fmt.Sprintf("the record at byte %d %s", e.Offset, e.Why) }

// LongError says that a record is longer than [MaxRecord]. Its data is not looked at, and may be damaged.
type LongError struct {
	Offset int64 // where the record begins
	Next   int64 // where the next record begins, which the file may not have yet
	// Values is false if the record certainly has none, being a graph for example.
	Values bool
}

// Error says where the record begins and where the next one does.
func (e *LongError) Error() string {
	return fmt.Sprintf("the record at byte %d ends at byte %d, and of one record at most %d bytes are read", e.Offset, e.Next, MaxRecord)
}

// ReadError says that reading the file failed, other than at its end.
type ReadError struct {
	Offset int64 // of the record that was read
	Err    error
}

// Error says where the record begins and how reading it failed.
func (e *ReadError) Error() string {
	return fmt.Sprintf("read the record at byte %d: %v", e.Offset, e.Err)
}

// Unwrap returns the error of the underlying reader.
func (e *ReadError) Unwrap() error { return e.Err }

// Reader reads the events of a file in order.
type Reader struct {
	from   *source
	in     *bufio.Reader // of from
	offset int64         // of the next record
	buffer []byte
}

// source remembers the error of a failed read. It may wrap io.ErrUnexpectedEOF, as when a connection breaks off, which is not the
// end of the file.
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

// NewReader returns a Reader of the data that r yields. It begins at this offset of the file, where a record must begin.
func NewReader(r io.Reader, offset int64) *Reader {
	from := &source{Reader: r}
	return &Reader{from: from, in: bufio.NewReaderSize(from, startBuffer), offset: offset}
}

// Offset returns where the next record begins: all before it has been read.
func (r *Reader) Offset() int64 { return r.offset }

// Forget releases the memory of the last event, which is invalid from then on. It is for callers who wait before the next one.
func (r *Reader) Forget() {
	if cap(r.buffer) > startBuffer {
		r.buffer = nil
	}
}

// Next reads the next event, which is valid, with all it refers to, until Next or Forget is called. It fails with io.EOF if the file ends
// after a record, with a [PartialError] if it ends within one, with a [DamageError], with a [LongError], behind which another Reader can
// go on, or with a [ReadError]. A failure leaves Offset as it was.
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
	if length > maxMessage {
		return nil, &DamageError{r.offset, fmt.Sprintf("says that it has %d bytes; at most %d are read", length, MaxRecord)}
	}
	if length > MaxRecord {
		return nil, r.long(int64(length))
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

// long returns the error of a record that is too long, with this many bytes of data, of which none have been read.
func (r *Reader) long(length int64) error {
	begin, err := r.in.Peek(glance)
	switch {
	case err == nil:
		return &LongError{r.offset, r.offset + headSize + length + tailSize, mayHaveValues(begin, length)}
	case r.ends(err):
		return &PartialError{r.offset, r.offset + headSize + glance}
	}
	return &ReadError{r.offset, err}
}

// ends reports whether err, with which reading from r.in failed, means that the file ends.
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
