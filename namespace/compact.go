package namespace

import (
	"context"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/blocks/seal"
)

// Bounds of compaction.
const (
	compactAtOnce = 64 // blocks that one step empties
	compactSteps  = 16 // of a round of the reaper, for which others wait
)

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
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var alone bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockPacks)).Scan(&alone); err != nil || !alone {
			return err
		}
		// The transaction waits while content is moved, which takes as long as the disk does; nobody else waits for it.
		if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = '10min'`); err != nil {
			return err
		}
		var after blocks.ID
		for range compactSteps {
			sparse, err := fs.compact(ctx, after)
			if err != nil || len(sparse) < compactAtOnce {
				return err
			}
			after = sparse[len(sparse)-1]
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

// repack puts remnants, which are in the order of their inodes, into a new pack.
func (fs *FS) repack(ctx context.Context, left []remnant) error {
	left = slices.DeleteFunc(slices.Clone(left), func(r remnant) bool { return fs.packer.unreadable[r.block] })
	var batch []*packable
	for i := range left {
		content, err := fs.remnant(ctx, &left[i])
		if ctx.Err() != nil {
			return err
		}
		if err != nil { // it is no worse off than before
			fs.log.ErrorContext(ctx, "what is left in a block cannot be read and stays there", "block", left[i].block, "inode", left[i].inode.id, "error", err)
			if fs.packer.unreadable == nil {
				fs.packer.unreadable = map[blocks.ID]bool{}
			}
			fs.packer.unreadable[left[i].block] = true
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
