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
	compactAtOnce = 64          // blocks that one step empties
	compactSteps  = 16          // of a round of the reaper, for which others wait
	compactTime   = time.Minute // after which a round has no more of them
	compactPass   = time.Hour   // for which a block is passed over that cannot be read
)

// compacting is what this server remembers from one round of its compaction to the next.
type compacting struct {
	mu      sync.Mutex              // held for a round
	after   blocks.ID               // where the next round begins
	passing map[blocks.ID]time.Time // blocks that cannot be read, and until when they are passed over
}

// sparseSQL finds blocks of which most has been deleted, and not too much to be held in memory is left, behind the id $3.
const sparseSQL = `SELECT id FROM blocks WHERE state = 'l' AND live * 2 < size AND live <= $1 AND id > $3 ORDER BY id LIMIT $2`

// remnant is content that is left in a sparse block.
type remnant struct {
	inode key
	extent
	to *packable
}

// compactAll moves what is left in blocks that have lost more than half of what they had into new ones, one server at a time. Files do not
// change by it: readers go on with the old block, which is kept for the reaper's grace.
func (fs *FS) compactAll(ctx context.Context) error {
	c := &fs.packer.compacting
	if !c.mu.TryLock() {
		return nil // another round is at it
	}
	defer c.mu.Unlock()
	maps.DeleteFunc(c.passing, func(_ blocks.ID, until time.Time) bool { return !fs.now().Before(until) })
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var alone bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockPacks)).Scan(&alone); err != nil || !alone {
			return err
		}
		// The transaction waits while content is moved, which takes as long as the disk does; nobody else waits for it.
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
			// Or the database would take the transaction for forgotten, and give up the lock.
			if _, err := tx.Exec(ctx, `SELECT`); err != nil {
				return err
			}
		}
		return nil
	})
}

// compact empties the next sparse blocks behind the id after, as far as that can be done, and returns them.
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
			return sparse, nil // uploads need the memory; another time
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

// repack puts remnants, which are in the order of their inodes, into a new pack. It fails if the store does, and passes over what is
// damaged.
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

// pass has compaction pass over the block of r, which failed. What is damaged is no worse off than before, and others go on; any other failure
// may be that of all blocks, and ends the round.
func (fs *FS) pass(ctx context.Context, r *remnant, failed error) error {
	if errors.Is(failed, blocks.ErrNotExist) { // it may have lost the rest meanwhile, and have been deleted
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

// remnant reads what is left.
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

// moveSQL has extents that are as they were read lie in a pack instead.
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

// freeSQL locks those of some inodes that nobody else has.
const freeSQL = `SELECT k.project_id, k.id FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
	LATERAL (SELECT 1 FROM inodes i WHERE ` + byKeySQL + ` FOR UPDATE SKIP LOCKED) i`

// layIn has left lie where it was put, as far as it is still as it was read. What of it somebody is changing stays for another time.
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
		if !free[r.inode] { // whoever changes a file has its inode
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
