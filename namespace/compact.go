package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/blocks/seal"
)

// Bounds of compaction.
const (
	compactAtOnce = 64          // blocks emptied in one step
	compactSteps  = 16          // steps in a round of the reaper, whose other tasks wait for them
	compactTime   = time.Minute // after this time, a round begins no further step
	compactPass   = time.Hour   // how long a block that cannot be read is skipped
)

// compacting is what this server remembers from one round of its compaction to the next.
type compacting struct {
	mu      sync.Mutex              // held for a round
	after   blocks.ID               // the next round begins after this block
	passing map[blocks.ID]time.Time // blocks that cannot be read, and until when they are skipped
}

// sparseSQL finds blocks after the id $3 of which more than half has been deleted and at most $1 bytes are left.
const sparseSQL = `SELECT id FROM blocks WHERE state = 'l' AND live * 2 < size AND live <= $1 AND id > $3 ORDER BY id LIMIT $2`

// remnant is an extent that is left in a sparse block.
type remnant struct {
	inode key
	extent
	to *packable
}

// compactAll moves what is left in blocks that have lost more than half of their bytes into new ones, on one server at a time. This does
// not change files: readers continue with the old block, which is kept for the grace time.
func (fs *FS) compactAll(ctx context.Context) error {
	c := &fs.packer.compacting
	if !c.mu.TryLock() {
		return nil // another round is running
	}
	defer c.mu.Unlock()
	maps.DeleteFunc(c.passing, func(_ blocks.ID, until time.Time) bool { return !fs.now().Before(until) })
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var alone bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockPacks)).Scan(&alone); err != nil || !alone {
			return err
		}
		// The transaction, which only holds the advisory lock, is idle while content is moved, however long the disk takes.
		if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = '10min'`); err != nil {
			return err
		}
		began := time.Now()
		for range compactSteps {
			sparse, err := fs.compact(ctx, c.after)
			if err != nil {
				return err
			}
			if len(sparse) < compactAtOnce {
				c.after = blocks.ID{}
				return nil
			}
			if c.after = sparse[len(sparse)-1]; time.Since(began) > compactTime {
				return nil
			}
			// Without this, the idle timeout would end the transaction and release the lock.
			if _, err := tx.Exec(ctx, `SELECT`); err != nil {
				return err
			}
		}
		return nil
	})
}

// compact empties the next sparse blocks after the id after, as far as possible, and returns them.
func (fs *FS) compact(ctx context.Context, after blocks.ID) (sparse []blocks.ID, err error) {
	rows, err := fs.db.Query(ctx, sparseSQL, packBytes, compactAtOnce, after)
	if err != nil {
		return nil, err
	}
	sparse, err = pgx.CollectRows(rows, pgx.RowTo[blocks.ID])
	if err != nil || len(sparse) == 0 {
		return nil, err
	}
	rows, err = fs.db.Query(ctx, `SELECT project_id, inode_id, off, len, block_id, block_off, key_version FROM extents WHERE block_id = ANY($1)
		ORDER BY project_id, inode_id, off`, sparse)
	if err != nil {
		return nil, err
	}
	left, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r remnant, err error) {
		return r, row.Scan(&r.inode.project, &r.inode.id, &r.off, &r.len, &r.block, &r.blockOff, &r.keyVersion)
	})
	if err != nil {
		return nil, err
	}
	for len(left) > 0 {
		n, size := 0, int64(0)
		for n < len(left) && n < packFiles && size < packBytes && left[n].inode.project == left[0].inode.project {
			size += left[n].len
			n++
		}
		if !fs.packer.reserve(size) {
			return sparse, nil // uploads need the memory; a later round tries again
		}
		err := fs.repack(ctx, left[:n])
		fs.packer.release(size)
		if err != nil {
			return nil, err
		}
		left = left[n:]
	}
	return sparse, nil
}

// repack puts remnants, which are in the order of their inodes, into a new pack. It skips what is damaged, and fails if the store
// does.
func (fs *FS) repack(ctx context.Context, left []remnant) error {
	left = slices.Clone(left)
	var batch []*packable
	for i := range left {
		if _, passed := fs.packer.compacting.passing[left[i].block]; passed {
			continue
		}
		content, err := fs.remnant(ctx, &left[i])
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			if err := fs.pass(ctx, &left[i], err); err != nil {
				return err
			}
			continue
		}
		left[i].to = &packable{project: left[i].inode.project, content: content, done: make(chan struct{})}
		batch = append(batch, left[i].to)
	}
	left = slices.DeleteFunc(left, func(r remnant) bool { return r.to == nil })
	if len(left) == 0 {
		return nil
	}
	fs.packer.write(batch)
	if err := batch[0].err; err != nil {
		return err
	}
	defer func() {
		for _, w := range batch {
			fs.packer.end(w.in)
		}
	}()
	return fs.aside(ctx, func(tx pgx.Tx) error { return layIn(ctx, tx, left) })
}

// pass makes compaction skip the block of r, which could not be read. If the block is damaged, compaction continues with others. Any
// other failure may concern all blocks, so pass returns it, which ends the round.
func (fs *FS) pass(ctx context.Context, r *remnant, failed error) error {
	if errors.Is(failed, blocks.ErrNotExist) { // its last extents may be gone meanwhile, and the block deleted
		var live bool
		if err := fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM blocks WHERE id = $1 AND state = 'l')`, r.block).Scan(&live); err != nil || !live {
			return err
		}
	}
	c := &fs.packer.compacting
	if c.passing == nil {
		c.passing = map[blocks.ID]time.Time{}
	}
	c.passing[r.block] = fs.now().Add(compactPass)
	if Damaged(failed) {
		fs.log.ErrorContext(ctx, "what is left in a block cannot be read and stays there", "block", r.block, "inode", r.inode.id, "error", failed)
		return nil
	}
	return fmt.Errorf("read what is left in block %s: %w", r.block, failed)
}

// remnant reads the content of r.
func (fs *FS) remnant(ctx context.Context, r *remnant) ([]byte, error) {
	key, err := fs.keys.get(ctx, r.inode.project, r.keyVersion)
	if err != nil {
		return nil, err
	}
	in, err := seal.Store(fs.store, key).Open(ctx, r.block, r.blockOff, r.len)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	content := make([]byte, r.len)
	_, err = io.ReadFull(in, content)
	return content, err
}

// moveSQL makes extents that are still as they were read point into a pack. It begins a statement that cutFromSQL ends.
const moveSQL = `
WITH n AS MATERIALIZED (
	SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[], $7::uuid[], $8::bigint[], $9::int[], $10::bigint[])
		AS n (project_id, inode_id, off, len, block_id, block_off, new_id, new_off, new_version, new_size)
), open AS MATERIALIZED (
	SELECT id FROM blocks WHERE id = ANY($7) AND state IN ('p', 'o') ORDER BY id FOR UPDATE
), cut AS (
	UPDATE extents e SET block_id = CASE WHEN open.id IS NULL THEN block_is_gone() ELSE open.id END, block_off = n.new_off, key_version = n.new_version
	FROM n LEFT JOIN open ON open.id = n.new_id
	WHERE e.project_id = n.project_id AND e.inode_id = n.inode_id AND e.off = n.off AND e.len = n.len AND e.block_id = n.block_id AND e.block_off = n.block_off
	RETURNING n.block_id, e.len, open.id AS home, n.project_id, n.new_size
), p AS (
	SELECT DISTINCT home AS id, project_id, new_size AS size FROM cut
), opened AS (` + openPackSQL + `)`

// freeSQL locks those of some inodes that nobody else has locked.
const freeSQL = `SELECT k.project_id, k.id FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
	LATERAL (SELECT 1 FROM inodes i WHERE ` + byKeySQL + ` FOR UPDATE SKIP LOCKED) i`

// layIn makes the extents of left point to where their content was put, as far as they are still as they were read. Files that somebody is
// changing are left for a later round.
func layIn(ctx context.Context, tx pgx.Tx, left []remnant) error {
	var of []key
	for _, r := range left {
		if n := len(of); n == 0 || of[n-1] != r.inode {
			of = append(of, r.inode)
		}
	}
	at, numbers := columns(of)
	rows, err := tx.Query(ctx, freeSQL, at, numbers)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, scanKey)
	if err != nil || len(all) == 0 {
		return err
	}
	free := map[key]bool{}
	for _, k := range all {
		free[k] = true
	}
	var (
		projects, inodes, offs, lens, blockOffs, newOffs, sizes []int64
		ids, newIDs                                             []blocks.ID
		versions                                                []int32
	)
	for _, r := range left {
		if !free[r.inode] { // whoever changes a file locks its inode
			continue
		}
		projects, inodes, offs, lens = append(projects, r.inode.project), append(inodes, r.inode.id), append(offs, r.off), append(lens, r.len)
		ids, blockOffs = append(ids, r.block), append(blockOffs, r.blockOff)
		newIDs, newOffs, versions = append(newIDs, r.to.at.block), append(newOffs, r.to.at.blockOff), append(versions, r.to.at.keyVersion)
		sizes = append(sizes, r.to.in.size)
	}
	_, err = tx.Exec(ctx, moveSQL+cutFromSQL, projects, inodes, offs, lens, ids, blockOffs, newIDs, newOffs, versions, sizes)
	return err
}
