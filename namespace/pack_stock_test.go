package namespace

import (
	"fmt"
	"testing"
	"time"

	"granary/blocks/mem"
)

// hurry sets how soon packs must follow each other to have blocks recorded ahead.
func (fs *testFS) hurry(rush time.Duration) {
	fs.packer.mu.Lock()
	defer fs.packer.mu.Unlock()
	fs.packer.stock.rush = rush
}

// TestBlocksThatMayBeRecordedAreGivenUp checks that blocks are given up if recording them fails, since they may be recorded all the same.
func TestBlocksThatMayBeRecordedAreGivenUp(t *testing.T) {
	fs := newFS(t)
	fs.stop()
	<-fs.done
	fs.exec(t, `ALTER TABLE blocks ADD CONSTRAINT none_ahead CHECK (state <> 'p' OR size > 0)`)
	fs.packer.mu.Lock()
	fs.packer.fill()
	fs.packer.mu.Unlock()
	fs.packer.lanes.Wait()
	if s := &fs.packer.stock; len(s.ids) != 0 || len(s.dead) != stockSize {
		t.Errorf("%d blocks are taken for recorded, and %d are to be given up", len(s.ids), len(s.dead))
	}
	must(t, fs.packer.clear(t.Context(), time.Hour))
	if n := len(fs.packer.stock.dead); n != 0 {
		t.Errorf("%d are still to be given up", n)
	}
}

// Packs that soon follow each other use blocks that were recorded ahead, and unused ones are given up when no more packs come.
func TestPacksHaveBlocksThatAreRecordedAhead(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	fs.stop() // so that unused blocks are not given up in between
	<-fs.done
	stocked := func() int {
		fs.packer.lanes.Wait()
		fs.packer.mu.Lock()
		defer fs.packer.mu.Unlock()
		return len(fs.packer.stock.ids)
	}
	fs.mediumFiles(t, "/tmp/a", 2)
	if n := stocked(); n != 0 {
		t.Fatalf("%d blocks are recorded ahead behind a pack that came alone", n)
	}
	fs.hurry(time.Hour)
	fs.mediumFiles(t, "/tmp/b", 2)
	if n := stocked(); n != stockSize {
		t.Fatalf("%d blocks are recorded ahead, want %d", n, stockSize)
	}
	fs.mediumFiles(t, "/tmp/c", 3)
	if n := stocked(); n != stockSize-1 {
		t.Errorf("%d blocks are left, want %d", n, stockSize-1)
	}
	must(t, fs.packer.settle(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'p'`); n != stockSize-1 {
		t.Errorf("%d blocks are pending, want those that are left", n)
	}
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'l' AND (size <> live OR size = 0)`); n != 0 {
		t.Errorf("%d blocks are not as long as what they hold", n)
	}
	for i := range stockSize - packLanes {
		fs.mediumFiles(t, fmt.Sprintf("/tmp/d%d", i), 1)
	}
	if n := stocked(); n != packLanes-1+stockSize {
		t.Errorf("%d blocks are left after %d packs, want them filled up", n, stockSize-packLanes+1)
	}
	fs.packer.stock.since = time.Now().Add(-stockKept)
	fs.mediumFiles(t, "/tmp/late", 2)
	fs.checkMedium(t, "/tmp/late", 0, 1)
	must(t, fs.packer.clear(t.Context(), time.Hour))
	if n := stocked(); n != 0 {
		t.Errorf("%d blocks are left that others may have taken for garbage", n)
	}
	must(t, fs.packer.settle(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'p'`); n != 0 {
		t.Errorf("%d blocks that were not used are still recorded", n)
	}
	fs.checkMedium(t, "/tmp/c", 0, 1, 2)
	fs.clean(t)
}
