package blockstest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"granary/blocks"
)

// sizes are around everything that stores and decorators cut at: nothing, a page, a sealed package, a copy buffer.
var sizes = []int{0, 1, 511, 4096, 1<<16 - 1, 1 << 16, 1<<16 + 1, 3 << 16, 256 << 10, 1<<20 + 7}

func testPutThenOpen(t *testing.T, s blocks.Store) {
	one, two := blocks.NewID(), blocks.NewID()
	put(t, s, one, 100)
	put(t, s, two, 100)
	expect(t, s, one, 100)
	expect(t, s, two, 100)
}

func testPutSizes(t *testing.T, s blocks.Store) {
	for _, n := range sizes {
		known, unknown, dribbled := blocks.NewID(), blocks.NewID(), blocks.NewID()
		put(t, s, known, n)
		if err := s.Put(t.Context(), unknown, bytes.NewReader(pattern(unknown, n)), blocks.SizeUnknown); err != nil {
			t.Fatalf("put %d bytes of unknown size: %v", n, err)
		}
		r := iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(pattern(dribbled, n))))
		if err := s.Put(t.Context(), dribbled, r, int64(n)); err != nil {
			t.Fatalf("put %d bytes in small pieces: %v", n, err)
		}
		for _, id := range []blocks.ID{known, unknown, dribbled} {
			expect(t, s, id, n)
		}
	}
}

// refused checks that a Put failed with the error wanted and left nothing behind.
func refused(t *testing.T, s blocks.Store, id blocks.ID, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("put: %v, want %v", got, want)
	}
	if _, err := read(t, s, id, 0, 0); !errors.Is(err, blocks.ErrNotExist) {
		t.Errorf("open after the failed put: %v, want %v", err, blocks.ErrNotExist)
	}
	if _, ok := list(t, s)[id]; ok {
		t.Error("the failed put is listed")
	}
}

func testPutShort(t *testing.T, s blocks.Store) {
	for _, n := range sizes {
		id := blocks.NewID()
		refused(t, s, id, s.Put(t.Context(), id, bytes.NewReader(pattern(id, n)), int64(n)+1), blocks.ErrShort)
	}
}

func testPutLong(t *testing.T, s blocks.Store) {
	for _, n := range sizes {
		id := blocks.NewID()
		refused(t, s, id, s.Put(t.Context(), id, bytes.NewReader(pattern(id, n+1)), int64(n)), blocks.ErrLong)
	}
	id := blocks.NewID()
	refused(t, s, id, s.Put(t.Context(), id, &patternReader{id: id}, 1000), blocks.ErrLong)
}

func testPutFailingReader(t *testing.T, s blocks.Store) {
	// io.ErrUnexpectedEOF is how net/http reports an upload that was cut off, and easily taken for a clean end.
	for _, want := range []error{errors.New("reader broke"), io.ErrUnexpectedEOF} {
		for _, n := range sizes {
			for _, size := range []int64{blocks.SizeUnknown, int64(n), int64(n) + 10} {
				id := blocks.NewID()
				r := io.MultiReader(bytes.NewReader(pattern(id, n)), iotest.ErrReader(want))
				refused(t, s, id, s.Put(t.Context(), id, r, size), want)
			}
		}
	}
}

func testPutCancelled(t *testing.T, s blocks.Store) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	id := blocks.NewID()
	refused(t, s, id, s.Put(done, id, bytes.NewReader(pattern(id, 10)), 10), context.Canceled)

	for _, size := range []int64{blocks.SizeUnknown, 1 << 20} {
		ctx, cancel := context.WithCancel(t.Context())
		id := blocks.NewID()
		reads := 0
		stall := readerFunc(func([]byte) (int, error) {
			cancel()
			if reads++; reads > 1000 {
				return 0, errors.New("put reads on although its context is done")
			}
			return 0, nil
		})
		r := io.MultiReader(bytes.NewReader(pattern(id, 1<<19)), stall)
		refused(t, s, id, s.Put(ctx, id, r, size), context.Canceled)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func testPutInvisibleUntilDone(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	looked := false
	look := readerFunc(func([]byte) (int, error) {
		looked = true
		if _, err := s.Open(t.Context(), id, 0, 1); !errors.Is(err, blocks.ErrNotExist) {
			t.Errorf("open while put is reading: %v, want %v", err, blocks.ErrNotExist)
		}
		if _, ok := list(t, s)[id]; ok {
			t.Error("the block is listed while put is reading")
		}
		return 0, io.EOF
	})
	if err := s.Put(t.Context(), id, io.MultiReader(bytes.NewReader(pattern(id, 1<<20)), look), 1<<20); err != nil {
		t.Fatalf("put: %v", err)
	}
	if !looked {
		t.Error("put returned before it read to the end")
	}
	expect(t, s, id, 1<<20)
}

func testPutExisting(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	put(t, s, id, 1000)
	for _, n := range []int{0, 10, 1000, 1 << 17} {
		err := s.Put(t.Context(), id, bytes.NewReader(make([]byte, n)), int64(n))
		if !errors.Is(err, blocks.ErrExist) {
			t.Errorf("put %d bytes over a block: %v, want %v", n, err, blocks.ErrExist)
		}
		expect(t, s, id, 1000)
	}
}

// A failed Put must not leave the id taken: nothing was kept, so there is nothing to collide with.
func testPutAfterFailure(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	refused(t, s, id, s.Put(t.Context(), id, bytes.NewReader(nil), 10), blocks.ErrShort)
	put(t, s, id, 10)
	expect(t, s, id, 10)
}

// Of several Puts on one id at once exactly one wins, and the block holds what it wrote.
func testPutRace(t *testing.T, s blocks.Store) {
	const writers, n = 8, 100_000
	for range 4 {
		id := blocks.NewID()
		var wins atomic.Int32
		var winner atomic.Value
		var started, done sync.WaitGroup
		started.Add(writers)
		for range writers {
			done.Go(func() {
				content := pattern(blocks.NewID(), n)
				// Each waits inside its Put for all others, so that none finishes before the last began.
				wait := readerFunc(func([]byte) (int, error) { started.Done(); started.Wait(); return 0, io.EOF })
				err := s.Put(t.Context(), id, io.MultiReader(wait, bytes.NewReader(content)), n)
				switch {
				case err == nil:
					wins.Add(1)
					winner.Store(content)
				case !errors.Is(err, blocks.ErrExist):
					t.Errorf("put: %v, want success or %v", err, blocks.ErrExist)
				}
			})
		}
		done.Wait()
		if wins.Load() != 1 {
			t.Fatalf("%d of %d puts on one id succeeded, want 1", wins.Load(), writers)
		}
		got, err := read(t, s, id, 0, n)
		if err != nil || !bytes.Equal(got, winner.Load().([]byte)) {
			t.Errorf("the block is not what the winner wrote (%v)", err)
		}
	}
}
