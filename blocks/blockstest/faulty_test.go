package blockstest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// Without faults, or with some that are never met, the decorator keeps the contract.
func TestFaultyWithoutFaults(t *testing.T) {
	blockstest.Run(t, func(*testing.T) blocks.Store {
		return blockstest.Faulty(mem.New(), blockstest.Fail(blockstest.OpPut, 1<<30, syscall.EIO))
	}, blockstest.HoldsContentInMemory)
}

func put(s blocks.Store, id blocks.ID, content string) error {
	return s.Put(context.Background(), id, strings.NewReader(content), int64(len(content)))
}

func get(s blocks.Store, id blocks.ID, n int64) (string, error) {
	r, err := s.Open(context.Background(), id, 0, n)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestFail(t *testing.T) {
	s := blockstest.Faulty(
		mem.New(),
		blockstest.Fail(blockstest.OpPut, 2, syscall.ENOSPC),
		blockstest.Fail(blockstest.OpOpen, blockstest.Every, syscall.EIO),
		blockstest.Fail(blockstest.OpDelete, 1, syscall.EIO),
		blockstest.Fail(blockstest.OpList, 1, syscall.EIO),
	)
	one, two := blocks.NewID(), blocks.NewID()
	if err := put(s, one, "grain"); err != nil {
		t.Errorf("put 1: %v", err)
	}
	if err := put(s, two, "grain"); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, blocks.ErrNoSpace) {
		t.Errorf("put 2: %v, want %v as %v", err, syscall.ENOSPC, blocks.ErrNoSpace)
	}
	if err := put(s, two, "grain"); err != nil {
		t.Errorf("put 3: %v", err)
	}
	for range 2 {
		if _, err := get(s, one, 5); !errors.Is(err, syscall.EIO) {
			t.Errorf("open: %v, want %v every time", err, syscall.EIO)
		}
	}
	if err := s.Delete(t.Context(), one); !errors.Is(err, syscall.EIO) {
		t.Errorf("delete 1: %v, want %v", err, syscall.EIO)
	}
	for _, err := range s.List(t.Context()) {
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("list 1: %v, want %v", err, syscall.EIO)
		}
	}
	n := 0
	for _, err := range s.List(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("list 2: %d blocks, want both: a failed delete must not have deleted", n)
	}
	if puts, opens := s.Calls(blockstest.OpPut), s.Calls(blockstest.OpOpen); puts != 3 || opens != 2 {
		t.Errorf("%d puts and %d opens are counted, want 3 and 2", puts, opens)
	}
}

func TestFailAfter(t *testing.T) {
	inner := mem.New()
	s := blockstest.Faulty(
		inner,
		blockstest.FailAfter(blockstest.OpPut, 1, syscall.ECONNRESET),
		blockstest.FailAfter(blockstest.OpDelete, 1, syscall.ECONNRESET),
	)
	id := blocks.NewID()
	if err := put(s, id, "grain"); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("put: %v, want %v", err, syscall.ECONNRESET)
	}
	if got, err := get(inner, id, 5); got != "grain" || err != nil {
		t.Errorf("the block that was put nevertheless: %q, %v", got, err)
	}
	if err := s.Delete(t.Context(), id); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("delete: %v, want %v", err, syscall.ECONNRESET)
	}
	if _, err := get(inner, id, 5); !errors.Is(err, blocks.ErrNotExist) {
		t.Errorf("the block that was deleted nevertheless: %v, want %v", err, blocks.ErrNotExist)
	}
}

func TestTearWrite(t *testing.T) {
	s := blockstest.Faulty(mem.New(), blockstest.TearWrite(1, 3), blockstest.TearWrite(2, 3))
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Errorf("put: %v, want success in spite of the loss", err)
	}
	if got, err := get(s, id, 3); got != "gra" || err != nil {
		t.Errorf("what is left: %q, %v", got, err)
	}
	if _, err := get(s, id, 4); !errors.Is(err, blocks.ErrShort) {
		t.Errorf("what is lost: %v, want %v", err, blocks.ErrShort)
	}
	if err := s.Put(t.Context(), blocks.NewID(), strings.NewReader("grain"), 9); !errors.Is(err, blocks.ErrShort) {
		t.Errorf("a torn put of too little: %v, want %v", err, blocks.ErrShort)
	}
}

func TestReadFaults(t *testing.T) {
	s := blockstest.Faulty(
		mem.New(),
		blockstest.CutRead(1, 3),
		blockstest.BreakRead(2, 3, syscall.EIO),
		blockstest.FlipBit(3, 8*4+1),
		blockstest.FlipBit(4, 0),
	)
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	for call, want := range []struct {
		content string
		err     error
	}{{"gra", nil}, {"gra", syscall.EIO}, {"grail", nil}, {"frain", nil}, {"grain", nil}} {
		if got, err := get(s, id, 5); got != want.content || !errors.Is(err, want.err) {
			t.Errorf("open %d: %q, %v; want %q, %v", call+1, got, err, want.content, want.err)
		}
	}
}

// A hook holds a call up until the test lets it go.
func TestBefore(t *testing.T) {
	reached, release := make(chan struct{}), make(chan struct{})
	inner := mem.New()
	s := blockstest.Faulty(inner, blockstest.Before(blockstest.OpPut, 1, func(ctx context.Context) error {
		close(reached)
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
	id := blocks.NewID()
	done := make(chan error)
	go func() { done <- s.Put(t.Context(), id, bytes.NewReader([]byte("grain")), 5) }()
	<-reached
	if _, err := get(inner, id, 5); !errors.Is(err, blocks.ErrNotExist) {
		t.Errorf("while the put waits: %v, want %v", err, blocks.ErrNotExist)
	}
	close(release)
	if err := <-done; err != nil {
		t.Errorf("put: %v", err)
	}
	if got, err := get(inner, id, 5); got != "grain" || err != nil {
		t.Errorf("after it: %q, %v", got, err)
	}
}
