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

// How the reaper works off what deletes and failed uploads leave behind. Every server runs one; rows are claimed with
// SKIP LOCKED, so that they share the work.
const (
	reapEvery     = 5 * time.Second
	purgeTops     = 200  // detached directories looked at in one transaction
	purgeBatch    = 1000 // of their children purged in it
	purgeSteps    = 32   // such transactions of a round, for which others wait
	keepOperation = 24 * time.Hour
)

// Reap does all that can be done now: it ends shares that have expired, drops projects whose time in the trash is over,
// purges subtrees that were cut off, ends leases that are over, marks what dead servers left pending, closes packs, forgets uploads that nobody goes on with, moves what is left in blocks that
// have lost most, and deletes events, accesses and jobs that are old and garbage blocks whose grace has passed. It may run at any time and any number of times at once.
func (fs *FS) Reap(ctx context.Context) error {
	after := map[key]string{} // see purge
	var failed error
	for {
		more, err := fs.reapRound(ctx, after)
		failed = cmp.Or(err, failed) // what fails still is told by the last round, too
		if !more || ctx.Err() != nil {
			return failed
		}
	}
}

// reapRound does all of it once, and of the purge, of what is old and of garbage, which may be millions, so much that the rest does not wait for long; more
// reports that there is something left of these. What stops one of the steps is in the way of no other.
func (fs *FS) reapRound(ctx context.Context, after map[key]string) (more bool, err error) {
	var purges, old, deletes bool
	steps := []func(context.Context) error{
		fs.endShares, fs.dropDeleted, fs.packer.settle,
		func(ctx context.Context) (err error) { purges, err = fs.purgeSome(ctx, after); return err },
		fs.endLeases, fs.buryDead,
		func(ctx context.Context) (err error) { old, err = fs.removeOld(ctx); return err },
		fs.forgetJobs, fs.forgetUploads,
		func(ctx context.Context) (err error) { deletes, err = fs.deleteSomeGarbage(ctx); return err },
		fs.compactAll, // near the end, since it needs room in the store, which may be what lacks
		fs.packer.settle,
	}
	failed := make([]error, 0, len(steps))
	for _, step := range steps {
		failed = append(failed, step(ctx))
	}
	return purges || old || deletes, errors.Join(failed...)
}

// purgeSome purges until nothing is detached, or purgeSteps are over, and reports which.
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
// after are the names up to which the children of directories are gone, for this call and the next ones: an index keeps what was
// deleted until it is vacuumed, and who began at the first name again would pass by all of it each time.
func (fs *FS) purge(ctx context.Context, after map[key]string) (int, error) {
	handled := 0
	var last map[key]string // where the next call goes on; nil: from the first names on
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
				return nil // that none is left is looked at from the first name on
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

// purgedSQL finds up to $4 children of directories, behind the name $3 of each, in the order of the index.
const purgedSQL = `SELECT c.project_id, c.id, c.kind, top.id, c.name
	FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS top (project_id, id, after)
	CROSS JOIN LATERAL (SELECT project_id, id, kind, name FROM inodes
		WHERE project_id = top.project_id AND parent_id = top.id AND name > top.after ORDER BY name LIMIT $4) c
	LIMIT $4`

// childrenOf finds up to purgeBatch children of tops, behind what after says, and the last name of each top's.
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

// purgeChildren removes files, and cuts dirs off. Inodes go before what belongs to them: who folds a file holds its inode, and leaves
// content that only a statement which begins afterwards can see.
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
	// deadBlocksSQL gives up what servers were writing that have not been seen for $1. It is kept for the grace all the same: in a database
	// that was restored, or is a copy, they are blocks that have become files since.
	deadBlocksSQL = `UPDATE blocks SET state = 'g', since = now() WHERE state = 'p'
		AND writer NOT IN (SELECT id FROM servers WHERE seen > now() - $1::interval)`

	// aheadSQL has servers that were seen when the database's clock was ahead seen now: one that was killed then would count as alive, and hold what
	// it held, until it is that late again. Who lives says so again in a moment.
	aheadSQL = `UPDATE servers SET seen = now() WHERE id IN (SELECT id FROM servers WHERE seen > now() + $1::interval FOR UPDATE SKIP LOCKED)`

	// oldOperationsSQL forgets operations that ended longer ago than $1.
	oldOperationsSQL = `DELETE FROM operations WHERE at < now() - $1::interval`
)

// buryDead marks the pending blocks of servers that are gone, closes their packs, and forgets what is no longer asked about.
func (fs *FS) buryDead(ctx context.Context) error {
	if _, err := fs.db.Exec(ctx, aheadSQL, deadAfter); err != nil {
		return err
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
	// Two servers that each remove the last files of a project do not see that together they do.
	batch.Queue(`DELETE FROM project_keys k WHERE project_id <> 0 AND NOT EXISTS (SELECT FROM projects p WHERE p.id = k.project_id)
		AND NOT EXISTS (SELECT FROM inodes i WHERE i.project_id = k.project_id)`)
	batch.Queue(oldOperationsSQL, keepOperation)
	return fs.db.SendBatch(ctx, batch).Close()
}
