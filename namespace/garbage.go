package namespace

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// Bounds of what the reaper deletes.
const (
	garbageBatch = 256 // blocks deleted together
	garbageSteps = 64  // such batches of a round, for which others wait
)

// graceSetting is the setting that holds the grace of the server that started last, in nanoseconds.
const graceSetting = "gc grace"

// agreeOnGrace tells guests how long garbage is kept, or is one that is told.
func (fs *FS) agreeOnGrace(ctx context.Context) error {
	if !fs.guest {
		return fs.aside(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value
				WHERE settings.value <> excluded.value`, graceSetting, strconv.AppendInt(nil, int64(fs.grace), 10))
			return err
		})
	}
	if fs.grace >= 0 {
		return nil
	}
	var text []byte
	err := fs.db.QueryRow(ctx, `SELECT value FROM settings WHERE name = $1`, graceSetting).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		fs.grace = time.Hour // no server has said anything yet
		return nil
	}
	if err != nil {
		return err
	}
	grace, err := strconv.ParseInt(string(text), 10, 64)
	fs.grace = time.Duration(grace)
	return err
}

// garbageSQL finds blocks whose grace, $2, has passed, unless all are kept.
const garbageSQL = `SELECT id FROM blocks WHERE state = 'g' AND since < now() - $2::interval AND NOT ` + keptSQL + ` ORDER BY since LIMIT $3`

// deleteGarbage deletes some blocks whose grace has passed, first from the store and then from the database, and
// returns how many. Garbage stays garbage, and deleting a block twice does no harm, so no lock is held meanwhile.
func (fs *FS) deleteGarbage(ctx context.Context) (int, error) {
	rows, err := fs.db.Query(ctx, garbageSQL, deadAfter, fs.grace, garbageBatch)
	if err != nil {
		return 0, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	var (
		kept   []blocks.ID
		failed error
	)
	if fs.store.Delete(ctx, ids...) != nil { // which of them it was, only each by itself can tell
		deleted := ids[:0:0]
		for _, id := range ids {
			if err := fs.store.Delete(ctx, id); err != nil {
				kept, failed = append(kept, id), err
				continue
			}
			deleted = append(deleted, id)
		}
		ids = deleted
	}
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM blocks WHERE id = ANY($1)`, ids)
	if len(kept) > 0 { // they come again when others have had their turn
		batch.Queue(`UPDATE blocks SET since = now() WHERE id = ANY($1)`, kept)
	}
	if err := fs.db.SendBatch(ctx, batch).Close(); err != nil {
		return 0, errors.Join(failed, err)
	}
	return len(ids), failed
}

// deleteSomeGarbage deletes the blocks whose grace has passed, until none is left, or garbageSteps are over, and reports which. One that cannot
// be deleted is in the way of no other.
func (fs *FS) deleteSomeGarbage(ctx context.Context) (more bool, err error) {
	var failed error
	for range garbageSteps {
		n, err := fs.deleteGarbage(ctx)
		failed = cmp.Or(failed, err)
		if n == 0 || ctx.Err() != nil {
			return false, failed
		}
	}
	return true, failed
}
