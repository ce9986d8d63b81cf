package namespace

import (
	"testing"

	"granary/blocks/mem"
)

// A copy of the store finds all blocks in it that were live when it began, and nothing is kept for a copier that is gone.
func TestBlocksAreKept(t *testing.T) {
	store := mem.New()
	servers := newServers(t, 2, func(c *Config) { c.Store, c.GCGrace = store, 0 })
	fs, copier := servers[0], servers[1]
	fs.still()
	copier.still()
	root := fs.as(t, superuser)
	drop := func() {
		t.Helper()
		root.put(t, "/file", pattern(PackMax+1))
		_, err := root.Delete(t.Context(), path(t, "/file"), false)
		must(t, err)
		must(t, fs.Reap(t.Context()))
	}
	kept := func(want bool) {
		t.Helper()
		if is, err := fs.BlocksKept(t.Context()); err != nil || is != want {
			t.Errorf("kept: %t, %v", is, err)
		}
	}
	drop()
	if n := stored(t, store); n != 0 {
		t.Fatalf("%d blocks are left before", n)
	}
	kept(false)
	must(t, copier.KeepBlocks(t.Context()))
	kept(true)
	// A copier that was silent for so long that its row was deleted comes back.
	fs.exec(t, `DELETE FROM servers WHERE id = $1`, copier.server)
	kept(false)
	must(t, copier.beat(t.Context()))
	kept(true)
	drop()
	must(t, copier.Reap(t.Context()))
	if n := stored(t, store); n == 0 {
		t.Error("the block was deleted while it was kept")
	}
	must(t, copier.Close())
	kept(false)
	must(t, fs.Reap(t.Context()))
	if n := stored(t, store); n != 0 {
		t.Errorf("%d blocks are left behind it", n)
	}
	// A copier that was killed is not marked as ended, but keeps nothing either.
	fs.exec(t, `UPDATE servers SET ended = false, seen = now() - $2::interval WHERE id = $1`, copier.server, deadAfter)
	kept(false)
	// Nor are blocks kept for years for one that was killed while the clock was ahead.
	fs.exec(t, `UPDATE servers SET seen = now() + interval '3 years' WHERE id = $1`, copier.server)
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM servers WHERE seen > clock_timestamp()`); n != 0 {
		t.Errorf("%d servers will be seen in the future", n)
	}
}
