package namespace

import (
	"context"
	"errors"
	"sync"

	"granary/blocks"
)

// discards are blocks that could not be marked as garbage, or deleted if the database has forgotten them, while the database or the
// store was unavailable.
type discards struct {
	mu   sync.Mutex
	ids  []blocks.ID
	late []blocks.ID // those that may come to the store later
}

func (d *discards) add(ids []blocks.ID, late bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if late {
		d.late = append(d.late, ids...)
	} else {
		d.ids = append(d.ids, ids...)
	}
}

// discard marks the unpublished blocks of a body as garbage, without grace time unless one may come to the store later. If the database
// is unavailable, they are marked once it is back, or by the reaper of another server if this one is gone by then.
func (fs *FS) discard(ctx context.Context, b *body) {
	if b == nil || len(b.extents) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	if err := fs.markDiscarded(ctx, b.blockIDs(), b.late); err != nil {
		fs.log.WarnContext(ctx, "blocks of an upload that failed cannot be discarded yet", "error", err)
	}
}

// lateFor is for how long a block may still come to the store after it was given up; no longer than deadAfter, see aheadGarbageSQL.
const lateFor = deadAfter

// discardSQL makes blocks garbage: if $2 from $3 on, whatever the grace time is then, else as if the grace time had passed. What comes after
// its row is gone belongs to nothing, and stays until somebody looks for orphans.
const discardSQL = `UPDATE blocks SET state = 'g', since = CASE WHEN $2 THEN now() + $3::interval ELSE '-infinity' END WHERE id = ANY($1) AND state = 'p'`

// markDiscarded marks blocks, and deletes forgotten ones. If it cannot, it remembers them.
func (fs *FS) markDiscarded(ctx context.Context, ids []blocks.ID, late bool) error {
	_, err := fs.db.Exec(ctx, discardSQL, ids, late, lateFor)
	if err == nil {
		err = fs.deleteForgotten(ctx, ids)
	}
	if err != nil {
		fs.discards.add(ids, late)
	}
	return err
}

// deleteForgotten deletes those of this server's blocks that have no row any more: another server took this one for dead and gave up
// what it was writing. Nobody will ever publish them.
func (fs *FS) deleteForgotten(ctx context.Context, ids []blocks.ID) error {
	forgotten, err := fs.orphansAmong(ctx, ids)
	if err != nil || len(forgotten) == 0 {
		return err
	}
	return fs.store.Delete(ctx, forgotten...)
}

// discardAgain discards the blocks that could not be discarded before.
func (fs *FS) discardAgain(ctx context.Context) error {
	fs.discards.mu.Lock()
	ids, late := fs.discards.ids, fs.discards.late
	fs.discards.ids, fs.discards.late = nil, nil
	fs.discards.mu.Unlock()
	var errs []error
	if len(ids) > 0 {
		errs = append(errs, fs.markDiscarded(ctx, ids, false))
	}
	if len(late) > 0 {
		errs = append(errs, fs.markDiscarded(ctx, late, true))
	}
	return errors.Join(errs...)
}
