package seal_test

import (
	"context"
	"io"
	"testing"

	"granary/blocks"
	"granary/blocks/mem"
	"granary/blocks/seal"
)

// opened counts the readers of a store that are open. None can be extended.
type opened struct {
	blocks.Store
	now int
}

func (o *opened) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	r, err := o.Store.Open(ctx, id, off, n)
	if err != nil {
		return nil, err
	}
	o.now++
	return &openedReader{ReadCloser: r, of: o}, nil
}

type openedReader struct {
	io.ReadCloser
	of *opened
}

func (r *openedReader) Close() error {
	r.of.now--
	return r.ReadCloser.Close()
}

// Whatever is opened for a range is closed with it, whether or not it was read, or each read would keep a file open for ever.
func TestStoreClosesWhatItOpens(t *testing.T) {
	const size = 3*pkgPlain + 50
	inner := &opened{Store: mem.New()}
	s := seal.Store(inner, seal.NewKey(1, 1))
	id := blocks.NewID()
	put(t, s, id, text(size))
	for _, at := range [][2]int64{{0, size}, {0, 1}, {pkgPlain - 1, 2}, {size - 1, 1}, {size, 0}} {
		if _, err := get(t, s, id, at[0], at[1]); err != nil || inner.now != 0 {
			t.Errorf("%d bytes from %d: %v, and %d readers are left open", at[1], at[0], err, inner.now)
		}
		r, err := s.Open(t.Context(), id, at[0], at[1])
		if err == nil {
			err = r.Close()
		}
		if err != nil || inner.now != 0 {
			t.Errorf("%d bytes from %d, not read: %v, and %d readers are left open", at[1], at[0], err, inner.now)
		}
	}
}
