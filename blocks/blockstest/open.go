package blockstest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"testing"
	"testing/iotest"

	"granary/blocks"
)

func testOpenRanges(t *testing.T, s blocks.Store) {
	const pkg = 1 << 16
	for _, size := range []int64{0, 1, 100, pkg - 1, pkg, pkg + 1, 3 * pkg, 3*pkg + 5} {
		id := blocks.NewID()
		put(t, s, id, int(size))
		want := pattern(id, int(size))
		cuts := []int64{0, 1, 2, 99, pkg - 1, pkg, pkg + 1, 2 * pkg, 2*pkg + 1, 3 * pkg, size - 1, size}
		for _, from := range cuts {
			for _, to := range cuts {
				if from < 0 || to < from || to > size {
					continue
				}
				got, err := read(t, s, id, from, to-from)
				if err != nil || !bytes.Equal(got, want[from:to]) {
					t.Errorf("bytes [%d, %d) of %d: got %d bytes, %v", from, to, size, len(got), err)
				}
			}
		}
	}

	id := blocks.NewID()
	put(t, s, id, 3*pkg+5)
	r, err := s.Open(t.Context(), id, 70_000, 100_000)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	if err := iotest.TestReader(r, pattern(id, 170_000)[70_000:]); err != nil {
		t.Errorf("the reader breaks a rule of io.Reader: %v", err)
	}
}

func testOpenShort(t *testing.T, s blocks.Store) {
	for _, size := range []int64{0, 1, 1 << 16, 1<<16 + 1, 3<<16 - 1} {
		id := blocks.NewID()
		put(t, s, id, int(size))
		for _, span := range [][2]int64{
			{0, size + 1},
			{size, 1},
			{size + 1, 0},
			{size + 1, 1},
			{size + 1<<16, 0},
			{size / 2, size},
			{size, math.MaxInt64},
			{math.MaxInt64, 1},
			{math.MaxInt64, math.MaxInt64},
		} {
			if span[0]+span[1] == size { // size/2 and size of an empty block
				continue
			}
			if _, err := read(t, s, id, span[0], span[1]); !errors.Is(err, blocks.ErrShort) {
				t.Errorf("%d bytes from %d of %d: %v, want %v", span[1], span[0], size, err, blocks.ErrShort)
			}
		}
	}
}

func testOpenNegative(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	put(t, s, id, 10)
	for _, span := range [][2]int64{{-1, 1}, {0, -1}, {5, -5}, {math.MinInt64, math.MinInt64}} {
		if _, err := read(t, s, id, span[0], span[1]); err == nil {
			t.Errorf("%d bytes from %d: no error", span[1], span[0])
		}
	}
}

func testOpenMissing(t *testing.T, s blocks.Store) {
	put(t, s, blocks.NewID(), 10)
	for _, span := range [][2]int64{{0, 0}, {0, 1}, {5, 5}, {1 << 20, 0}} {
		if _, err := read(t, s, blocks.NewID(), span[0], span[1]); !errors.Is(err, blocks.ErrNotExist) {
			t.Errorf("%d bytes from %d: %v, want %v", span[1], span[0], err, blocks.ErrNotExist)
		}
	}
}

func testOpenCancelled(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	put(t, s, id, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s.Open(ctx, id, 0, 1<<20)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
		t.Fatalf("read: %v", err)
	}
	cancel()
	if n, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) {
		t.Errorf("read %d bytes after cancelling: %v, want %v", n, err, context.Canceled)
	}
	if r, err := s.Open(ctx, id, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("open after cancelling: %v, %v; want %v", r, err, context.Canceled)
	}
}

func testOpenConcurrently(t *testing.T, s blocks.Store) {
	const n = 300_000
	id := blocks.NewID()
	put(t, s, id, n)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() { expect(t, s, id, n) })
	}
	readers.Wait()
}

// testExtend checks readers that can be extended past their range; it accepts those that cannot.
func testExtend(t *testing.T, s blocks.Store) {
	const size = 1000
	id := blocks.NewID()
	put(t, s, id, size)
	want := pattern(id, size)
	r, err := s.Open(t.Context(), id, 100, 50)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	e, ok := r.(blocks.Extender)
	if !ok {
		return
	}
	got := make([]byte, 50)
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, want[100:150]) {
		t.Errorf("the range: %v", err)
	}
	switch err := e.Extend(size - 149); {
	case errors.Is(err, errors.ErrUnsupported):
		return
	case !errors.Is(err, blocks.ErrShort):
		t.Errorf("extended by a byte more than there is: %v, want %v", err, blocks.ErrShort)
	}
	if n, err := r.Read(got); n != 0 || err != io.EOF {
		t.Errorf("an extension that failed gives %d bytes, %v", n, err)
	}
	for at := 150; at < size; at += 85 {
		if err := e.Extend(85); err != nil {
			t.Fatalf("extended at %d: %v", at, err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want[at:at+85]) {
			t.Errorf("%d bytes at %d, or others: %v", len(got), at, err)
		}
	}
}
