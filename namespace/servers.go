package namespace

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	beatEvery   = 10 * time.Second // also the time limit of a beat
	deadAfter   = 5 * time.Minute  // a server not seen for this long writes no more to its blocks; by the database's clock
	buriedAfter = 2 * deadAfter    // its row is deleted then
)

// beat tells the other servers that this one lives and that its pending blocks are being written. One that has lost its row enlists.
func (fs *FS) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatEvery)
	defer cancel()
	listed, sent := false, time.Now()
	err := fs.aside(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE servers SET seen = now(), keeps = keeps OR $2 WHERE id = $1`, fs.server, fs.keeping.Load())
		listed = tag.RowsAffected() == 1
		return err
	})
	if err == nil && !listed {
		err = fs.enlist(ctx)
	}
	if err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	fs.steadiness.beat(sent)
	return nil
}

// live beats and reaps until ctx ends; a guest does not reap. A heartbeat never waits for a long round of reaping, or the other
// servers would take this one for dead.
func (fs *FS) live(ctx context.Context) {
	defer close(fs.done)
	var beating sync.WaitGroup
	beating.Go(func() { fs.every(ctx, min(beatEvery, fs.leaseLimit/3), "heartbeat", fs.beat) })
	beating.Go(func() { fs.recordAll(ctx) })
	beating.Go(func() { fs.every(ctx, settleEach, "closing of packs", fs.packer.tidy) })
	if fs.guest {
		beating.Wait()
		return
	}
	if fs.trash > 0 {
		beating.Go(func() { fs.every(ctx, trashEvery, "trash emptier", fs.ifSteady(fs.EmptyTrash)) })
	}
	beating.Go(func() { fs.every(ctx, feedEvery, "look for events", fs.pollFeeds) })
	beating.Go(func() { fs.every(ctx, indexEvery, "index of names", fs.indexAll) })
	beating.Go(func() { fs.every(ctx, analyzeEvery, "analysis of tables", fs.analyze) })
	if fs.jobs.limits.Running > 0 {
		beating.Go(func() { fs.runJobs(ctx) })
	}
	beating.Go(func() { fs.every(ctx, reapEvery, "deletion of blocks", fs.reapBlocks) }) // a store may take hours
	fs.every(ctx, reapEvery, "reaper", fs.reapNames)
	beating.Wait()
}

// every calls f once per period until ctx ends. A failure is logged, and f is tried again after the next period: its work can wait.
func (fs *FS) every(ctx context.Context, period time.Duration, what string, f func(context.Context) error) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := f(ctx); err != nil && ctx.Err() == nil {
			fs.log.WarnContext(ctx, "the "+what+" failed and will be tried again", "error", err)
		}
	}
}

// resign marks this server as ended: it changes nothing any more.
func (fs *FS) resign() error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	_, err := fs.db.Exec(ctx, `UPDATE servers SET ended = true WHERE id = $1`, fs.server)
	return err
}

// endOthers marks all other servers that took read leases as ended: none of them can be running any more.
func (fs *FS) endOthers(ctx context.Context) error {
	_, err := fs.db.Exec(ctx, `UPDATE servers SET ended = true WHERE id <> $1 AND read_leases`, fs.server)
	return err
}
