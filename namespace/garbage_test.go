package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// stubborn is a store that cannot delete one block.
type stubborn struct {
	blocks.Store
	id blocks.ID
}

func (s *stubborn) Delete(ctx context.Context, ids ...blocks.ID) error {
	if slices.Contains(ids, s.id) {
		return errors.New("not permitted")
	}
	return s.Store.Delete(ctx, ids...)
}

// TestARoundDoesNotWaitForAllGarbage also checks that a block that cannot be deleted is reported, though later rounds find no fault.
func TestARoundDoesNotWaitForAllGarbage(t *testing.T) {
	store := &stubborn{mem.New(), blocks.NewID()}
	fs := newFS(t, func(c *Config) { c.Guest, c.Store, c.GCGrace = true, store, time.Hour }) // so that there is no other reaper
	const many = garbageSteps*garbageBatch + 500
	discard := func() {
		fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, since, writer)
			SELECT gen_random_uuid(), 0, 0, 'g', now() - interval '1 day', $2 FROM generate_series(1, $1::int)`, many, uuid.New())
	}
	discard()
	left := `SELECT count(*) FROM blocks WHERE id <> $1`
	more, err := fs.reapRound(t.Context(), map[key]string{})
	if n := fs.count(t, left, store.id); !more || err != nil || n != many-garbageSteps*garbageBatch {
		t.Errorf("behind a round %d blocks are left; more: %t, %v", n, more, err)
	}
	discard()
	fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, since, writer) VALUES ($1, 0, 0, 'g', '-infinity', $2)`, store.id, uuid.New())
	if err := fs.Reap(t.Context()); err == nil || !strings.Contains(err.Error(), "not permitted") {
		t.Errorf("of a block that cannot be deleted: %v", err)
	}
	if n := fs.count(t, left, store.id); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
}

// TestABlockThatStaysIsInNobodysWay checks that others are deleted, and that the block is tried again after them.
func TestABlockThatStaysIsInNobodysWay(t *testing.T) {
	store := &stubborn{mem.New(), blocks.NewID()}
	fs := newFS(t, func(c *Config) { c.Store, c.GCGrace = store, time.Minute })
	fs.still()
	add := func(id blocks.ID) {
		must(t, store.Put(t.Context(), id, bytes.NewReader([]byte("x")), 1))
		fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, since, writer) VALUES ($1, 0, 0, 'g', '-infinity', $2)`, id, uuid.New())
	}
	add(store.id)
	for range 10 {
		add(blocks.NewID())
	}
	u, err := fs.as(t, superuser).Upkeep(t.Context())
	if err != nil || u.Garbage.Count != 11 || !u.Garbage.Oldest.IsZero() {
		t.Errorf("of what was discarded: %+v, %v", u.Garbage, err)
	}
	if err := fs.Reap(t.Context()); err == nil || !strings.Contains(err.Error(), "not permitted") {
		t.Errorf("it was tried: %v", err)
	}
	if n := stored(t, store); n != 1 || fs.count(t, `SELECT count(*) FROM blocks`) != 1 {
		t.Errorf("%d are in the store", n)
	}
	add(blocks.NewID())
	must(t, fs.Reap(t.Context()))
	if u, err = fs.as(t, superuser).Upkeep(t.Context()); err != nil || u.Garbage.Count != 1 || u.Garbage.Oldest.IsZero() {
		t.Errorf("it waits for its turn: %+v, %v", u.Garbage, err)
	}
	store.id = blocks.NewID()
	fs.exec(t, `UPDATE blocks SET since = '-infinity'`)
	must(t, fs.Reap(t.Context()))
	if n := stored(t, store); n != 0 {
		t.Errorf("%d are left", n)
	}
}

// TestWhatCouldNotBeDiscardedIsLater checks that the server marks such blocks later: it goes on writing, so it is never buried.
func TestWhatCouldNotBeDiscardedIsLater(t *testing.T) {
	fs := newFS(t)
	fs.still()
	id := blocks.NewID()
	fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, writer) VALUES ($1, 0, 0, 'p', $2)`, id, fs.server)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fs.markDiscarded(gone, []blocks.ID{id}, false); err == nil {
		t.Fatal("it was marked without the database")
	}
	must(t, fs.packer.tidy(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'g'`); n != 1 {
		t.Errorf("%d blocks are garbage", n)
	}
	if len(fs.discards.ids) != 0 {
		t.Errorf("%d are to be discarded again", len(fs.discards.ids))
	}
}

// TestWhatNobodyKnowsOfIsDeleted checks that a server that was taken for dead deletes blocks it has written of which the database
// does not know.
func TestWhatNobodyKnowsOfIsDeleted(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	fs.still()
	put := func() blocks.ID {
		id := blocks.NewID()
		must(t, store.Put(t.Context(), id, strings.NewReader("x"), 1))
		return id
	}
	for name, end := range map[string]func(ids []blocks.ID) error{
		"discarded": func(ids []blocks.ID) error { return fs.markDiscarded(t.Context(), ids, false) },
		"settled": func(ids []blocks.ID) error {
			fs.packer.settled = ids
			return fs.packer.settle(t.Context())
		},
	} {
		known, forgotten := put(), put()
		fs.exec(t, `INSERT INTO blocks (id, project_id, size, live, state, writer) VALUES ($1, 0, 1, 1, 'l', $2)`, known, fs.server)
		must(t, end([]blocks.ID{known, forgotten}))
		var left []blocks.ID
		for info, err := range store.List(t.Context()) {
			must(t, err)
			left = append(left, info.ID)
		}
		if !slices.Equal(left, []blocks.ID{known}) {
			t.Errorf("%s: %v are left, want %v", name, left, known)
		}
		must(t, store.Delete(t.Context(), known))
		fs.exec(t, `DELETE FROM blocks`)
	}
}

// TestWhatNobodyKnowsOfIsDeletedLater checks that such blocks are not left for ever if the store cannot delete them at first.
func TestWhatNobodyKnowsOfIsDeletedLater(t *testing.T) {
	for name, end := range map[string]func(fs *testFS, id blocks.ID) error{
		"discarded": func(fs *testFS, id blocks.ID) error { return fs.markDiscarded(t.Context(), []blocks.ID{id}, false) },
		"settled": func(fs *testFS, id blocks.ID) error {
			fs.packer.over(id)
			return fs.packer.settle(t.Context())
		},
	} {
		inner, id := mem.New(), blocks.NewID()
		store := blockstest.Faulty(inner, blockstest.Fail(blockstest.OpDelete, 1, syscall.EIO))
		fs := newFS(t, func(c *Config) { c.Store = store })
		must(t, fs.Close()) // or it would do the same every second
		must(t, store.Put(t.Context(), id, strings.NewReader("x"), 1))
		if err := end(fs, id); !errors.Is(err, syscall.EIO) {
			t.Errorf("%s: %v", name, err)
		}
		must(t, fs.packer.tidy(t.Context()))
		if n := stored(t, inner); n != 0 {
			t.Errorf("%s: it is left", name)
		}
	}
}

// TestWhatMayComeLaterKeepsItsGrace checks that a block is not taken for deleted while its store may still be at work on it, even if what is
// garbage has no grace time.
func TestWhatMayComeLaterKeepsItsGrace(t *testing.T) {
	for what, size := range map[string]int{"a block": PackMax + 1, "a pack": InlineMax + 1} {
		for late, fault := range map[bool]error{true: fmt.Errorf("%w: %w", blocks.ErrUnavailable, blocks.ErrUndecided), false: blocks.ErrUnavailable} {
			fs := newFS(t, func(c *Config) {
				c.Store = blockstest.Faulty(mem.New(), blockstest.Fail(blockstest.OpPut, blockstest.Every, fault))
			})
			fs.still()
			_, err := fs.as(t, superuser).Create(t.Context(), path(t, "/tmp/f"), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader(pattern(size)))
			if kindOf(err) != Unavailable {
				t.Errorf("%s: %v", what, err)
			}
			must(t, fs.packer.tidy(t.Context()))
			if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'g' AND (since > '-infinity') = $1`, late); n != 1 {
				t.Errorf("%s that may come later, %t: %d are garbage with such a time", what, late, n)
			}
			must(t, ignore(fs.deleteSomeGarbage(t.Context())))
			if n := fs.count(t, `SELECT count(*) FROM blocks`); (n == 1) != late {
				t.Errorf("%s that may come later, %t: %d are known of at once", what, late, n)
			}
			fs.exec(t, `UPDATE blocks SET since = since - $1::interval`, lateFor+time.Second)
			must(t, ignore(fs.deleteSomeGarbage(t.Context())))
			if n := fs.count(t, `SELECT count(*) FROM blocks`); n != 0 {
				t.Errorf("%s that may come later, %t: %d are known of in the end", what, late, n)
			}
		}
	}
}

// TestAStoreThatRefusesIsNotAskedForEachBlock checks that what a store refuses is tried now and then, and all is deleted when it does not
// any more.
func TestAStoreThatRefusesIsNotAskedForEachBlock(t *testing.T) {
	var refuses atomic.Bool
	refuses.Store(true)
	inner := mem.New()
	store := blockstest.Faulty(inner, blockstest.Before(blockstest.OpDelete, blockstest.Every, func(context.Context) error {
		if refuses.Load() {
			return blocks.ErrUnavailable
		}
		return nil
	}))
	now := time.Now()
	fs := newFS(t, func(c *Config) { c.Store, c.Now = store, func() time.Time { return now } })
	must(t, fs.Close())
	const many = 20
	for i := range 2 * many {
		id := blocks.NewID()
		must(t, inner.Put(t.Context(), id, strings.NewReader("x"), 1))
		if i < many { // the others are orphans
			fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, since, writer) VALUES ($1, 0, 0, 'g', '-infinity', $2)`, id, fs.server)
		}
	}
	if _, err := fs.deleteSomeGarbage(t.Context()); !errors.Is(err, blocks.ErrUnavailable) {
		t.Error(err)
	}
	now = now.Add(orphanAge + time.Hour)
	if n, err := fs.DeleteOrphans(t.Context()); n != 0 || !errors.Is(err, blocks.ErrUnavailable) {
		t.Errorf("%d orphans are deleted, %v", n, err)
	}
	if calls, most := store.Calls(blockstest.OpDelete), 2*(1+mostRefused); calls > most {
		t.Errorf("it was asked %d times, want at most %d", calls, most)
	}
	refuses.Store(false)
	fs.exec(t, `UPDATE blocks SET since = '-infinity'`)
	if _, err := fs.deleteSomeGarbage(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := fs.DeleteOrphans(t.Context()); n != many || err != nil {
		t.Errorf("%d orphans are deleted, %v", n, err)
	}
	if n := stored(t, inner); n != 0 {
		t.Errorf("%d are left", n)
	}
}

// TestGuestsKeepTheGrace checks that guests use the grace of the server that started last, unless they are given another.
func TestGuestsKeepTheGrace(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.GCGrace = 3 * time.Hour })
	open := func(guest bool, grace time.Duration) *FS {
		other, err := Open(t.Context(), Config{DB: fs.db, Store: fs.store, Root: fs.keys.root, Refresh: fs.auth.Refresh, Superuser: superuser, Guest: guest, GCGrace: grace})
		must(t, err)
		t.Cleanup(func() { must(t, other.Close()) })
		return other
	}
	for asked, want := range map[time.Duration]time.Duration{-1: 3 * time.Hour, 0: 0, time.Minute: time.Minute} {
		if guest := open(true, asked); guest.grace != want {
			t.Errorf("asked for %s a guest keeps garbage for %s", asked, guest.grace)
		}
	}
	open(false, 4*time.Hour)
	if guest := open(true, -1); guest.grace != 4*time.Hour {
		t.Errorf("behind another server it is %s", guest.grace)
	}
}

// TestOrphansAreDeleted checks that they are deleted when they are old enough, and that nothing else is.
func TestOrphansAreDeleted(t *testing.T) {
	store, now := mem.New(), time.Now()
	fs := newFS(t, func(c *Config) { c.Store, c.Now = store, func() time.Time { return now } })
	want := pattern(InlineMax + 1)
	fs.as(t, superuser).put(t, "/tmp/f", want)
	for range 3 {
		must(t, store.Put(t.Context(), blocks.NewID(), bytes.NewReader([]byte("x")), 1))
	}
	if n, err := fs.DeleteOrphans(t.Context()); n != 0 || err != nil {
		t.Errorf("%d that were just written are deleted, %v", n, err)
	}
	now = now.Add(orphanAge + time.Hour)
	if n, err := fs.DeleteOrphans(t.Context()); n != 3 || err != nil {
		t.Errorf("%d are deleted, %v", n, err)
	}
	if got := fs.as(t, superuser).get(t, "/tmp/f"); !bytes.Equal(got, want) {
		t.Errorf("a file has %d bytes", len(got))
	}
	if report := fs.clean(t); report.Orphans != 0 {
		t.Errorf("%+v", report)
	}
}

// TestOneOrphanDoesNotKeepOthers checks that all that can be deleted are, and which cannot is told.
func TestOneOrphanDoesNotKeepOthers(t *testing.T) {
	inner, now := mem.New(), time.Now()
	bad := blocks.NewID()
	fs := newFS(t, func(c *Config) { c.Store, c.Now = &stubborn{inner, bad}, func() time.Time { return now } })
	for _, id := range []blocks.ID{bad, blocks.NewID(), blocks.NewID()} {
		must(t, inner.Put(t.Context(), id, strings.NewReader("x"), 1))
	}
	now = now.Add(orphanAge + time.Hour)
	if n, err := fs.DeleteOrphans(t.Context()); n != 2 || err == nil {
		t.Errorf("%d are deleted, %v", n, err)
	}
}
