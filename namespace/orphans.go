package namespace

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// orphanAge is how long ago a block must have been written to be taken for one that belongs to nothing. Its row is there before it is, so
// that is for clocks that differ.
const orphanAge = 24 * time.Hour

// DeleteOrphans deletes the blocks in the store that the database knows nothing of, and returns how many. A server that was taken for dead may
// have left some, and every block is one that was written after the moment to which the database was restored.
func (fs *FS) DeleteOrphans(ctx context.Context) (deleted int, err error) {
	var batch []blocks.ID
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		orphans, err := fs.orphansAmong(ctx, batch)
		if err == nil && len(orphans) > 0 {
			err = fs.store.Delete(ctx, orphans...)
		}
		if err == nil {
			deleted += len(orphans)
		}
		batch = batch[:0]
		return err
	}
	before := fs.now().Add(-orphanAge)
	for info, err := range fs.store.List(ctx) {
		if err != nil {
			return deleted, err
		}
		if !info.Written.Before(before) {
			continue
		}
		if batch = append(batch, info.ID); len(batch) == garbageBatch {
			if err := flush(); err != nil {
				return deleted, err
			}
		}
	}
	return deleted, flush()
}

// orphansAmong returns those of ids of which the database knows nothing.
func (fs *FS) orphansAmong(ctx context.Context, ids []blocks.ID) ([]blocks.ID, error) {
	rows, err := fs.db.Query(ctx, `SELECT k.id FROM unnest($1::uuid[]) AS k (id) WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.id = k.id)`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
}
