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
	mostRefused  = 3   // blocks that a store refuses to delete, one after the other, until no others are tried
	garbageSteps = 64  // such batches in a round, whose other tasks wait for them
)

// graceSetting is the setting that holds the grace time of the server that started last, in nanoseconds.
const graceSetting = "gc grace"

// agreeOnGrace stores the grace time of a server in graceSetting, for guests, or reads it in a guest that has none of its own.
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
		fs.grace = time.Hour // no server has stored any yet
		return nil
	}
	if err != nil {
		return err
	}
	grace, err := strconv.ParseInt(string(text), 10, 64)
	fs.grace = time.Duration(grace)
	return err
}

// garbageSQL finds garbage blocks whose grace time, $2, has passed, unless somebody holds back deletion.
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
	ids, kept, failed := fs.deleteStored(ctx, ids)
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM blocks WHERE id = ANY($1)`, ids)
	if len(kept) > 0 { // they are tried again after the others
		batch.Queue(`UPDATE blocks SET since = now() WHERE id = ANY($1)`, kept)
	}
	if err := fs.db.SendBatch(ctx, batch).Close(); err != nil {
		return 0, errors.Join(failed, err)
	}
	return len(ids), failed
}

// deleteStored deletes blocks from the store. It returns those that are gone and those that are not, with the reason for one of them.
// What it has not tried is in neither: while the store as a whole refuses, each try takes seconds, and there may be thousands.
func (fs *FS) deleteStored(ctx context.Context, ids []blocks.ID) (gone, kept []blocks.ID, failed error) {
	if fs.store.Delete(ctx, ids...) == nil {
		return ids, nil, nil
	}
	refused := 0             // in a row
	for _, id := range ids { // only deleting them one by one tells which of them failed
		err := fs.store.Delete(ctx, id)
		if err == nil {
			gone, refused = append(gone, id), 0
			continue
		}
		kept, failed = append(kept, id), err
		if !errors.Is(err, blocks.ErrUnavailable) {
			refused = 0
		} else if refused++; refused == mostRefused {
			break
		}
	}
	return gone, kept, failed
}

// deleteSomeGarbage deletes blocks whose grace time has passed, in at most garbageSteps batches, and reports whether there may be more. One
// that cannot be deleted does not keep others from being deleted.
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
