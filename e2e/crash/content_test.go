package crash

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
)

// content is what a file should hold, without holding it: each part is the beginning of a random stream.
type content []part

type part struct {
	seed uint64
	size int64
}

func (c content) size() int64 {
	var n int64
	for _, p := range c {
		n += p.size
	}
	return n
}

func (c content) reader() io.Reader {
	readers := make([]io.Reader, len(c))
	for i, p := range c {
		var seed [32]byte
		binary.LittleEndian.PutUint64(seed[:], p.seed)
		readers[i] = io.LimitReader(rand.NewChaCha8(seed), p.size)
	}
	return io.MultiReader(readers...)
}

// differentError says where content is not what it should be.
type differentError struct{ text string }

func (e *differentError) Error() string { return e.text }

// compare reads r to its end and fails with a differentError if it yields anything else than c.
func (c content) compare(r io.Reader) error {
	got, want := bufio.NewReaderSize(r, 64<<10), bufio.NewReaderSize(c.reader(), 64<<10)
	for at := int64(0); ; at++ {
		g, err := got.ReadByte()
		if err != nil && err != io.EOF {
			return err
		}
		w, end := want.ReadByte()
		switch {
		case err == io.EOF && end == io.EOF:
			return nil
		case err == io.EOF:
			return &differentError{fmt.Sprintf("it ends after %d bytes of %d", at, c.size())}
		case end == io.EOF:
			return &differentError{fmt.Sprintf("it goes on after %d bytes", at)}
		case g != w:
			return &differentError{fmt.Sprintf("byte %d of %d is %#x, not %#x", at, c.size(), g, w)}
		}
	}
}
