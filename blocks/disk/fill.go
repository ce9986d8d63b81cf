package disk

import (
	"io"
	"os"
	"sync"
)

// Put copies through buffers of pieceSize bytes: one, or two for content longer than that, whatever the size of the
// block. After every flushEach bytes it has the disk start writing, and asks whether there is room for more.
const (
	pieceSize = 256 << 10
	flushEach = 8 << 20
)

type piece = [pieceSize]byte

var pieces = sync.Pool{New: func() any { return new(piece) }}

// fill writes all of r to f unless room objects. Content longer than a piece is read and written at the same time, by
// two goroutines: receiving and sealing a piece takes about as long as copying it into the page cache.
func fill(f *os.File, r io.Reader, room func(f *os.File, written int64) error) error {
	first := pieces.Get().(*piece)
	n, err := readPiece(r, first)
	switch {
	case err == io.EOF:
		_, err = f.Write(first[:n])
		pieces.Put(first)
		return withSentinel(err)
	case err != nil:
		pieces.Put(first)
		return err
	}
	w := &pieceWriter{f: f, room: room, full: make(chan filled), free: make(chan *piece, 2), done: make(chan struct{})}
	go w.run()
	w.free <- pieces.Get().(*piece)
	err = w.feed(r, filled{first, n})
	<-w.done // it has no piece any more
	for len(w.free) > 0 {
		pieces.Put(<-w.free)
	}
	if w.err != nil {
		return w.err
	}
	return err
}

// readPiece reads until p is full, or r ends with io.EOF or fails; it may do both.
func readPiece(r io.Reader, p *piece) (n int, err error) {
	for n < pieceSize && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// filled is a piece with n bytes.
type filled struct {
	*piece
	n int
}

// pieceWriter writes the pieces from full to f, and gives them back through free, until full is closed, a write fails
// or room objects.
type pieceWriter struct {
	f    *os.File
	room func(f *os.File, written int64) error
	full chan filled
	free chan *piece
	done chan struct{} // closed when it has ended
	err  error         // why it has ended, nil after all pieces; to be read after done
}

func (w *pieceWriter) run() {
	defer close(w.done)
	var written, flushed int64
	for p := range w.full {
		_, err := w.f.Write(p.piece[:p.n])
		w.free <- p.piece
		if err != nil {
			w.err = withSentinel(err)
			return
		}
		if written += int64(p.n); written-flushed >= flushEach {
			startWriting(w.f, flushed, written-flushed)
			flushed = written
			if w.err = w.room(w.f, written); w.err != nil {
				return
			}
		}
	}
}

// feed passes on p and what else is in r. It closes full, even if r panics.
func (w *pieceWriter) feed(r io.Reader, p filled) (err error) {
	defer close(w.full)
	for {
		if p.n > 0 {
			select {
			case w.full <- p:
			case <-w.done:
				pieces.Put(p.piece)
				return nil
			}
		} else {
			pieces.Put(p.piece)
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		select {
		case p.piece = <-w.free:
		case <-w.done:
			return nil
		}
		p.n, err = readPiece(r, p.piece)
	}
}
