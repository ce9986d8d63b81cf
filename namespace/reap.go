package namespace

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// The reaper removes what deletes and failed uploads leave behind. Every server runs one; rows are claimed with SKIP LOCKED, so
// that the servers share the work.
const (
	reapEvery     = 5 * time.Second
	purgeTops     = 200  // detached directories looked at in one transaction
	purgeBatch    = 1000 // most children of these purged in it
	purgeSteps    = 32   // most such transactions in a round, since other steps wait for them
	keepOperation = 24 * time.Hour
)

// Reap does all maintenance that is due: it ends expired shares, drops projects whose time in the trash is over, purges detached
// subtrees, ends leases that are over (not in a guest, which does not know the lease limit), gives up what dead servers left pending, closes packs, drops abandoned uploads, compacts
// blocks, and deletes old operations, events, accesses and jobs, and garbage blocks whose grace time has passed. It may run at any time, and
// several times at once. In a guest it first waits up to twenty seconds for servers that were not seen lately.
func (fs *FS) Reap(ctx context.Context) error {
	if fs.guest {
		if err := fs.awaitOthers(ctx); err != nil {
			return err
		}
	}
	after := map[key]string{} // see purge
	return inRounds(ctx, func(ctx context.Context) (bool, error) { return fs.reapRound(ctx, after) })
}

// reapNames is the part of Reap that is about names, and does not wait for the store.
func (fs *FS) reapNames(ctx context.Context) error {
	after := map[key]string{}
	return inRounds(ctx, func(ctx context.Context) (bool, error) { return fs.nameRound(ctx, after) })
}

// reapBlocks is the part of Reap that is about blocks, and takes as long as the store does.
func (fs *FS) reapBlocks(ctx context.Context) error { return inRounds(ctx, fs.blockRound) }

// inRounds runs rounds while there is more to do.
func inRounds(ctx context.Context, round func(context.Context) (more bool, err error)) error {
	var failed error
	for {
		more, err := round(ctx)
		failed = cmp.Or(err, failed) // a step that still fails is reported by the last round, too
		if !more || ctx.Err() != nil {
			return failed
		}
	}
}

// reapRound runs each step once. Purging and deleting what is old or garbage may concern millions of rows, so these steps are
// bounded, and the others do not wait for long; more reports that they have work left. A step that fails does not stop the others.
func (fs *FS) reapRound(ctx context.Context, after map[key]string) (more bool, err error) {
	names, failed := fs.nameRound(ctx, after)
	deletes, err := fs.blockRound(ctx)
	return names || deletes, errors.Join(failed, err)
}

func (fs *FS) nameRound(ctx context.Context, after map[key]string) (more bool, err error) {
	var purges, old bool
	err = all(ctx, fs.packer.settle,
		fs.ifSteady(fs.endShares, fs.dropDeleted, fs.endLeases, fs.buryDead,
			func(ctx context.Context) (err error) { old, err = fs.removeOld(ctx); return err },
			fs.forgetJobs, fs.forgetUploads),
		func(ctx context.Context) (err error) { purges, err = fs.purgeSome(ctx, after); return err })
	return purges || old, err
}

func (fs *FS) blockRound(ctx context.Context) (more bool, err error) {
	err = all(ctx, fs.ifSteady(func(ctx context.Context) (err error) { more, err = fs.deleteSomeGarbage(ctx); return err }),
		fs.compactAll, // near the end, since it needs room in the store, which earlier steps may free
		fs.packer.settle)
	return more, err
}

// all runs steps, also those behind one that fails.
func all(ctx context.Context, steps ...func(context.Context) error) error {
	failed := make([]error, 0, len(steps))
	for _, step := range steps {
		failed = append(failed, step(ctx))
	}
	return errors.Join(failed...)
}

// purgeSome purges until nothing is detached, or purgeSteps times; more reports the latter.
func (fs *FS) purgeSome(ctx context.Context, after map[key]string) (more bool, err error) {
	for range purgeSteps {
		n, err := fs.purge(ctx, after)
		if err != nil || n == 0 {
			return false, err
		}
	}
	return true, nil
}

// purge takes some detached directories and removes up to purgeBatch of their children, and the directories themselves
// once they are empty; it returns how many inodes it handled, and at least 1 if there is more to do. Directories among the
// children become detached themselves, so that no step walks deep and every server can help.
//
// after has, for each directory, the name up to which its children are gone, for this call and later ones: an index keeps the
// entries of deleted rows until a vacuum, and a call that started at the first name would pass all of them.
func (fs *FS) purge(ctx context.Context, after map[key]string) (int, error) {
	handled := 0
	var last map[key]string // where the next call continues; nil: at the first names
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT project_id, inode_id FROM detached LIMIT $1 FOR UPDATE SKIP LOCKED`, purgeTops)
		if err != nil {
			return err
		}
		tops, err := pgx.CollectRows(rows, scanKey)
		if err != nil || len(tops) == 0 {
			return err
		}
		files, dirs, names, err := childrenOf(ctx, tx, tops, after)
		if err != nil {
			return err
		}
		handled = len(files) + len(dirs)
		if err := purgeChildren(ctx, tx, files, dirs); err != nil {
			return err
		}
		if handled == purgeBatch {
			last = names
			return nil // there may be more
		}
		handled += len(tops)
		for _, top := range tops {
			if _, skipped := after[top]; skipped {
				return nil // the next call checks from the first name that none is left
			}
		}
		return forget(ctx, tx, tops)
	})
	if err != nil {
		return 0, err
	}
	if last == nil {
		clear(after)
	}
	maps.Copy(after, last)
	return handled, nil
}

func scanKey(row pgx.CollectableRow) (k key, err error) { return k, row.Scan(&k.project, &k.id) }

// purgedSQL finds up to $4 children of directories, after the name $3 of each, in the order of the index.
const purgedSQL = `SELECT c.project_id, c.id, c.kind, top.id, c.name
	FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS top (project_id, id, after)
	CROSS JOIN LATERAL (SELECT project_id, id, kind, name FROM inodes
		WHERE project_id = top.project_id AND parent_id = top.id AND name > top.after ORDER BY name LIMIT $4) c
	LIMIT $4`

// childrenOf finds up to purgeBatch children of tops, after the names in after, and the last name found in each top.
func childrenOf(ctx context.Context, tx pgx.Tx, tops []key, after map[key]string) (files, dirs []key, last map[key]string, err error) {
	projects, ids := columns(tops)
	names := make([]string, len(tops))
	for i, top := range tops {
		names[i] = after[top]
	}
	rows, err := tx.Query(ctx, purgedSQL, projects, ids, names, purgeBatch)
	if err != nil {
		return nil, nil, nil, err
	}
	var (
		k    key
		kind byte
		top  int64
		name string
	)
	last = map[key]string{}
	_, err = pgx.ForEachRow(rows, []any{&k.project, &k.id, &kind, &top, &name}, func() error {
		if kind == kindFile {
			files = append(files, k)
		} else {
			dirs = append(dirs, k)
		}
		at := key{k.project, top}
		last[at] = max(last[at], name)
		return nil
	})
	return files, dirs, last, err
}

// purgeChildren removes files, and detaches dirs. Inodes are deleted before what belongs to them: a fold holds the lock on the
// inode, and only a statement that begins after it sees the content that it leaves.
func purgeChildren(ctx context.Context, tx pgx.Tx, files, dirs []key) error {
	batch := &pgx.Batch{}
	projects, ids := columns(files)
	batch.Queue(`DELETE FROM inodes i USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)
		WHERE i.project_id = k.project_id AND i.id = k.id`, projects, ids)
	queueDropContent(batch, files)
	batch.Queue(`DELETE FROM leases l USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)
		WHERE l.project_id = k.project_id AND l.inode_id = k.id`, projects, ids)
	projects, ids = columns(dirs)
	batch.Queue(`UPDATE inodes i SET parent_id = NULL FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)
		WHERE i.project_id = k.project_id AND i.id = k.id`, projects, ids)
	batch.Queue(`INSERT INTO detached (project_id, inode_id) SELECT * FROM unnest($1::bigint[], $2::bigint[])`, projects, ids)
	return tx.SendBatch(ctx, batch).Close()
}

// forget removes empty detached directories, and the keys of dropped projects that have nothing left.
func forget(ctx context.Context, tx pgx.Tx, tops []key) error {
	projects, ids := columns(tops)
	batch := &pgx.Batch{}
	for _, sql := range []string{
		`DELETE FROM inodes t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.id = k.id`,
		`DELETE FROM usage t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.id = k.id`,
		`DELETE FROM dirs t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.id = k.id`,
		`DELETE FROM detached t USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) WHERE t.project_id = k.project_id AND t.inode_id = k.id`,
	} {
		batch.Queue(sql, projects, ids)
	}
	batch.Queue(`DELETE FROM project_keys k WHERE project_id = ANY($1)
		AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = k.project_id)
		AND NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = k.project_id)`, projects)
	return tx.SendBatch(ctx, batch).Close()
}

const (
	// deadBlocksSQL marks the pending blocks of servers that have not been seen for $1 as garbage. The grace time applies to them,
	// too: if the database was restored, or is a copy, they may belong to files that were published since.
	deadBlocksSQL = `UPDATE blocks SET state = 'g', since = now() WHERE state = 'p'
		AND writer NOT IN (SELECT id FROM servers WHERE seen > now() - $1::interval)`

	// aheadSQL sets the time at which servers were last seen to now if it lies in the future, because the database's clock was ahead. A
	// server that was killed then would otherwise count as alive, and keep what it held, until that time. A living one soon beats again.
	aheadSQL = `UPDATE servers SET seen = now() WHERE id IN (SELECT id FROM servers WHERE seen > now() + $1::interval FOR UPDATE SKIP LOCKED)`

	// aheadPromisesSQL does the same for promises, which are over when nobody has come for a while since they were made.
	aheadPromisesSQL = `UPDATE leases SET since = now() WHERE (project_id, inode_id) IN (SELECT project_id, inode_id FROM leases WHERE since > now() + $1::interval FOR UPDATE SKIP LOCKED)`

	// aheadGarbageSQL does the same for blocks that became garbage then, some at a time, or they would take their room until that time.
	aheadGarbageSQL = `UPDATE blocks SET since = now() WHERE id IN (SELECT id FROM blocks WHERE state = 'g' AND since > now() + $1::interval LIMIT 10000 FOR UPDATE SKIP LOCKED)`

	// aheadUploadsSQL does the same for uploads for which content last arrived then, or they would be kept until a day after that time.
	aheadUploadsSQL = `UPDATE uploads SET touched = now() WHERE id IN (SELECT id FROM uploads WHERE touched > now() + $1::interval LIMIT 10000 FOR UPDATE SKIP LOCKED)`
)

// buryDead marks the pending blocks of dead servers as garbage, closes their packs, and deletes the rows of servers and keys that are
// no longer needed.
func (fs *FS) buryDead(ctx context.Context) error {
	for _, sql := range []string{aheadSQL, aheadPromisesSQL, aheadGarbageSQL, aheadUploadsSQL} {
		if _, err := fs.db.Exec(ctx, sql, deadAfter); err != nil {
			return err
		}
	}
	if err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM blocks WHERE state = 'o' AND writer NOT IN (SELECT id FROM servers WHERE seen > now() - $1::interval)`, deadAfter)
		if err != nil {
			return err
		}
		open, err := pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
		if err != nil || len(open) == 0 {
			return err
		}
		return settlePacks(ctx, tx, open)
	}); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(deadBlocksSQL, deadAfter)
	batch.Queue(`DELETE FROM servers WHERE seen < now() - $1::interval
		AND NOT EXISTS (SELECT 1 FROM blocks WHERE writer = servers.id AND state IN ('p', 'o'))`, buriedAfter)
	// If two servers purge the last inodes of a project at the same time, neither sees that none is left.
	batch.Queue(`DELETE FROM project_keys k WHERE project_id <> 0 AND NOT EXISTS (SELECT FROM projects p WHERE p.id = k.project_id)
		AND NOT EXISTS (SELECT FROM inodes i WHERE i.project_id = k.project_id)`)
	return fs.db.SendBatch(ctx, batch).Close()
}
