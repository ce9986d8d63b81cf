package namespace

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// How the reaper works off what deletes and failed uploads leave behind. Every server runs one; rows are claimed with
// SKIP LOCKED, so that they share the work.
const (
	reapEvery     = 5 * time.Second
	purgeBatch    = 1000 // inodes purged in one transaction
	garbageBatch  = 256  // blocks deleted in one round
	keepOperation = 24 * time.Hour
)

// reapUntil beats and reaps until ctx ends.
func (fs *FS) reapUntil(ctx context.Context) {
	defer close(fs.done)
	beat, reap := time.NewTicker(beatEvery), time.NewTicker(reapEvery)
	defer beat.Stop()
	defer reap.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			err = fs.beat(ctx)
		case <-reap.C:
			err = fs.Reap(ctx)
		}
		if err != nil && ctx.Err() == nil {
			fs.log.WarnContext(ctx, "the reaper was held up; it tries again", "error", err)
		}
	}
}

// Reap does all that can be done now: it purges subtrees that were cut off, marks what dead servers left pending, and
// deletes garbage blocks whose grace has passed. It may run at any time and any number of times at once.
func (fs *FS) Reap(ctx context.Context) error {
	for {
		n, err := fs.purge(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	if err := fs.buryDead(ctx); err != nil {
		return err
	}
	for {
		n, err := fs.deleteGarbage(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// purge removes up to purgeBatch inodes of one detached subtree and returns how many it handled. Directories below it
// become detached subtrees themselves, so that no step walks deep.
func (fs *FS) purge(ctx context.Context) (int, error) {
	handled := 0
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var top key
		err := tx.QueryRow(ctx, `SELECT project_id, inode_id FROM detached ORDER BY since LIMIT 1 FOR UPDATE SKIP LOCKED`).
			Scan(&top.project, &top.id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id, kind FROM inodes WHERE project_id = $1 AND parent_id = $2 LIMIT $3`,
			top.project, top.id, purgeBatch)
		if err != nil {
			return err
		}
		var (
			files, dirs []int64
			id          int64
			kind        byte
		)
		if _, err := pgx.ForEachRow(rows, []any{&id, &kind}, func() error {
			if kind == kindFile {
				files = append(files, id)
			} else {
				dirs = append(dirs, id)
			}
			return nil
		}); err != nil {
			return err
		}
		handled = len(files) + len(dirs)
		if handled == 0 {
			handled = 1
			return fs.forget(ctx, tx, top)
		}
		return purgeChildren(ctx, tx, top.project, files, dirs)
	})
	return handled, err
}

func purgeChildren(ctx context.Context, tx pgx.Tx, project int64, files, dirs []int64) error {
	if err := dropContent(ctx, tx, project, files); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM inodes WHERE project_id = $1 AND id = ANY($2)`, project, files)
	batch.Queue(`UPDATE inodes SET parent_id = NULL WHERE project_id = $1 AND id = ANY($2)`, project, dirs)
	batch.Queue(`INSERT INTO detached (project_id, inode_id) SELECT $1, unnest($2::bigint[])`, project, dirs)
	return tx.SendBatch(ctx, batch).Close()
}

// forget removes an empty detached directory, and the key of its project if that was the last of a dropped project.
func (fs *FS) forget(ctx context.Context, tx pgx.Tx, top key) error {
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM inodes WHERE project_id = $1 AND id = $2`, top.project, top.id)
	batch.Queue(`DELETE FROM dirs WHERE project_id = $1 AND id = $2`, top.project, top.id)
	batch.Queue(`DELETE FROM detached WHERE project_id = $1 AND inode_id = $2`, top.project, top.id)
	batch.Queue(`DELETE FROM project_keys k WHERE project_id = $1
		AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = k.project_id)
		AND NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = k.project_id)`, top.project)
	return tx.SendBatch(ctx, batch).Close()
}

// buryDead marks the pending blocks of servers that are gone, and forgets what is no longer asked about.
func (fs *FS) buryDead(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE blocks SET state = 'g', since = '-infinity' WHERE state = 'p'
		AND writer NOT IN (SELECT id FROM servers WHERE seen > now() - $1::interval)`, deadAfter)
	batch.Queue(`DELETE FROM servers WHERE seen < now() - $1::interval
		AND NOT EXISTS (SELECT 1 FROM blocks WHERE writer = servers.id AND state = 'p')`, 10*deadAfter)
	batch.Queue(`DELETE FROM operations WHERE at < now() - $1::interval`, keepOperation)
	return fs.db.SendBatch(ctx, batch).Close()
}

// deleteGarbage deletes some blocks whose grace has passed, first from the store and then from the database, and
// returns how many.
func (fs *FS) deleteGarbage(ctx context.Context) (int, error) {
	var ids []blocks.ID
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM blocks WHERE state = 'g' AND since < now() - $1::interval
			ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED`, fs.grace, garbageBatch)
		if err != nil {
			return err
		}
		if ids, err = pgx.CollectRows(rows, pgx.RowTo[blocks.ID]); err != nil || len(ids) == 0 {
			return err
		}
		if err := fs.store.Delete(ctx, ids...); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM blocks WHERE id = ANY($1)`, ids)
		return err
	})
	return len(ids), err
}
