package namespace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"granary/blocks"
)

// witnessed is a store that calls seen when a block comes to exist.
type witnessed struct {
	blocks.Store
	seen func(id blocks.ID)
}

func (w *witnessed) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	err := w.Store.Put(ctx, id, r, size)
	if err == nil {
		w.seen(id)
	}
	return err
}

// A block is recorded in the database before it exists, so that a crash in between leaves nothing that nobody looks for. The
// content may come meanwhile.
func TestBlocksAreIntendedBeforeTheyExist(t *testing.T) {
	var (
		fs  *testFS
		put int
	)
	fs = newFS(t, func(c *Config) {
		c.Store = &witnessed{c.Store, func(id blocks.ID) {
			put++
			if n := fs.count(t, `SELECT count(*) FROM blocks WHERE id = $1 AND state = 'p'`, id); n != 1 {
				t.Errorf("a block exists of which the database knows %d", n)
			}
		}}
	})
	s := fs.as(t, superuser)
	content := pattern(InlineMax + 1)
	for range 20 {
		for _, size := range []int64{-1, int64(len(content))} {
			for _, r := range []io.Reader{bytes.NewReader(content), iotest.DataErrReader(bytes.NewReader(content)), iotest.OneByteReader(bytes.NewReader(content))} {
				_, err := s.Create(t.Context(), at("/d/f"), CreateOptions{Overwrite: true, CreateParent: true, Size: size}, r)
				must(t, err)
				if got := s.get(t, "/d/f"); !bytes.Equal(got, content) {
					t.Fatalf("%d bytes of other content", len(got))
				}
			}
		}
	}
	if put != 120 {
		t.Errorf("%d blocks were stored, want 120", put)
	}
	// A block that could not be recorded is not stored.
	fs.exec(t, `ALTER TABLE blocks ADD CONSTRAINT refuse CHECK (false) NOT VALID`)
	before := put
	for _, size := range []int64{-1, int64(len(content))} {
		_, err := s.Create(t.Context(), at("/d/g"), CreateOptions{Size: size}, bytes.NewReader(content))
		if err == nil || errors.Is(err, io.EOF) {
			t.Errorf("created with blocks that the database refuses: %v", err)
		}
	}
	if put != before {
		t.Errorf("%d blocks were stored of which the database knows nothing", put-before)
	}
}
