package blockstest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"granary/blocks"
)

func testDelete(t *testing.T, s blocks.Store) {
	kept, one, two := blocks.NewID(), blocks.NewID(), blocks.NewID()
	for _, id := range []blocks.ID{kept, one, two} {
		put(t, s, id, 10)
	}
	if err := s.Delete(t.Context(), one, two); err != nil {
		t.Fatalf("delete: %v", err)
	}
	for _, id := range []blocks.ID{one, two} {
		if _, err := read(t, s, id, 0, 10); !errors.Is(err, blocks.ErrNotExist) {
			t.Errorf("open after delete: %v, want %v", err, blocks.ErrNotExist)
		}
	}
	expect(t, s, kept, 10)
	if infos := list(t, s); len(infos) != 1 {
		t.Errorf("%d blocks are listed after deleting 2 of 3, want 1", len(infos))
	}
}

func testDeleteMissing(t *testing.T, s blocks.Store) {
	if err := s.Delete(t.Context()); err != nil {
		t.Errorf("delete nothing: %v", err)
	}
	if err := s.Delete(t.Context(), blocks.NewID()); err != nil {
		t.Errorf("delete what never was, in an empty store: %v", err)
	}
	id := blocks.NewID()
	put(t, s, id, 10)
	if err := s.Delete(t.Context(), blocks.NewID(), id, id, blocks.NewID()); err != nil {
		t.Errorf("delete a block twice, amid some that never were: %v", err)
	}
	if err := s.Delete(t.Context(), id); err != nil {
		t.Errorf("delete what is gone: %v", err)
	}
	if infos := list(t, s); len(infos) != 0 {
		t.Errorf("%d blocks are left, want none", len(infos))
	}
}

func testDeleteCancelled(t *testing.T, s blocks.Store) {
	id := blocks.NewID()
	put(t, s, id, 10)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Delete(ctx, id); !errors.Is(err, context.Canceled) {
		t.Errorf("delete: %v, want %v", err, context.Canceled)
	}
}

func testList(t *testing.T, s blocks.Store) {
	if infos := list(t, s); len(infos) != 0 {
		t.Errorf("a new store lists %d blocks", len(infos))
	}
	small, big := blocks.NewID(), blocks.NewID()
	before := time.Now()
	put(t, s, small, 10)
	put(t, s, big, 100_000)
	after := time.Now()
	infos := list(t, s)
	if len(infos) != 2 {
		t.Fatalf("%d blocks are listed, want 2", len(infos))
	}
	if infos[small].Size < 10 || infos[big].Size < 100_000 || infos[small].Size >= infos[big].Size {
		t.Errorf("sizes %d and %d are listed for 10 and 100000 bytes", infos[small].Size, infos[big].Size)
	}
	const slack = 2 * time.Second // file systems keep time less finely, and round it down
	for id, info := range infos {
		if info.ID != id || info.Written.Before(before.Add(-slack)) || info.Written.After(after.Add(slack)) {
			t.Errorf("block %s is listed as %+v, written between %v and %v", id, info, before, after)
		}
	}
}

func testListStops(t *testing.T, s blocks.Store) {
	for range 20 {
		put(t, s, blocks.NewID(), 1)
	}
	n := 0
	for _, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		if n++; n == 5 {
			break // a store that goes on yielding panics here
		}
	}
	if n != 5 {
		t.Errorf("%d blocks are listed of 20", n)
	}
}

func testListCancelled(t *testing.T, s blocks.Store) {
	for range 20 {
		put(t, s, blocks.NewID(), 1)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.List(ctx) {
		if last != nil {
			t.Errorf("the listing goes on after the error %v", last)
		}
		last = err
		cancel()
		n++
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled after the first of 20 blocks, the listing ended after %d with %v, want %v", n, last, context.Canceled)
	}
}

// What is neither put nor deleted during a listing is listed once, whatever happens around it.
func testListWhileChanging(t *testing.T, s blocks.Store) {
	steady := make(map[blocks.ID]bool)
	for range 50 {
		id := blocks.NewID()
		put(t, s, id, 1)
		steady[id] = true
	}
	for info, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		delete(steady, info.ID)
		id := blocks.NewID()
		if len(steady) > 0 { // else a store that lists what appears meanwhile would never end
			put(t, s, id, 1)
			if err := s.Delete(t.Context(), id); err != nil {
				t.Fatalf("delete: %v", err)
			}
		}
	}
	if len(steady) != 0 {
		t.Errorf("%d of 50 blocks that stayed are not listed", len(steady))
	}
}

// Many goroutines put, read, list and delete their own blocks; nobody sees anything but whole blocks.
func testEverythingAtOnce(t *testing.T, s blocks.Store) {
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			for i := range 10 {
				id, n := blocks.NewID(), 1+w*9_000+i*3
				if err := s.Put(t.Context(), id, bytes.NewReader(pattern(id, n)), int64(n)); err != nil {
					t.Errorf("put: %v", err)
					return
				}
				expect(t, s, id, n)
				if err := s.Delete(t.Context(), id); err != nil {
					t.Errorf("delete: %v", err)
				}
				if _, err := read(t, s, id, 0, 1); !errors.Is(err, blocks.ErrNotExist) {
					t.Errorf("open after delete: %v, want %v", err, blocks.ErrNotExist)
				}
			}
		})
	}
	workers.Wait()
	if infos := list(t, s); len(infos) != 0 {
		t.Errorf("%d blocks are left, want none", len(infos))
	}
}
