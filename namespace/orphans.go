package namespace

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// orphanAge is how long ago a block without a row must have been written to be deleted. A row is there before its block is, so this only
// allows for clocks that differ.
const orphanAge = 24 * time.Hour

// DeleteOrphans deletes the blocks in the store that have no row in the database and were written at least a day ago, by this machine's
// clock and the store's, and returns how many. A server that was taken for dead may have left some; and if the database was restored to an earlier moment, all blocks written after that moment are such. One that
// cannot be deleted does not keep others from it; the error is about one of these.
func (fs *FS) DeleteOrphans(ctx context.Context) (deleted int, err error) {
	var batch []blocks.ID
	var failed error
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		orphans, err := fs.orphansAmong(ctx, batch)
		if err == nil && len(orphans) > 0 {
			gone, _, refused := fs.deleteStored(ctx, orphans)
			deleted += len(gone)
			failed = cmp.Or(failed, refused)
			if errors.Is(refused, blocks.ErrUnavailable) && len(gone) == 0 {
				err = refused
			}
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
	return deleted, cmp.Or(flush(), failed)
}

// orphansAmong returns those of ids that have no row in the database.
func (fs *FS) orphansAmong(ctx context.Context, ids []blocks.ID) ([]blocks.ID, error) {
	rows, err := fs.db.Query(ctx, `SELECT k.id FROM unnest($1::uuid[]) AS k (id) WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.id = k.id)`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
}
