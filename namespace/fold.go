package namespace

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
)

// Each short append adds one sealed row. When the end of a file consists of so many rows, or of so many bytes in rows, they
// are folded: into one row if the file is not longer than InlineMax, else into a block.
const (
	foldRows  = 128
	foldBytes = 1 << 20
)

// Bounds of one fold, which takes rows from the front: many may have accumulated while folds failed.
const (
	foldMostRows  = 8192
	foldMostBytes = 8 << 20
)

// foldableSQL finds what of a file can be folded. f.from is the offset from which rows follow all blocks and everything that was summed.
const foldableSQL = `
SELECT i.size, i.gen, i.block_size, f.from, t.rows, t.size
FROM inodes i LEFT JOIN sums s ON s.project_id = i.project_id AND s.inode_id = i.id
CROSS JOIN LATERAL (
	SELECT greatest(coalesce(s.size, 0), max(off + len)) AS from FROM extents WHERE project_id = i.project_id AND inode_id = i.id
) f
CROSS JOIN LATERAL (
	SELECT count(*) AS rows, coalesce(sum(len), 0)::bigint AS size FROM (
		SELECT len FROM contents WHERE project_id = i.project_id AND inode_id = i.id AND off >= f.from AND off < f.from + $3 ORDER BY off LIMIT $4
	) front
) t
WHERE i.project_id = $1 AND i.id = $2`

// fold folds the first rows at the end of a file that has many of them. It reports whether it did, in which case there may be more. It
// fails with errStale if somebody else changed those rows meanwhile.
func (fs *FS) fold(ctx context.Context, inode key) (folded bool, err error) {
	n := node{project: inode.project, id: inode.id, kind: kindFile}
	var from, rows, size int64
	err = fs.db.QueryRow(ctx, foldableSQL, inode.project, inode.id, foldMostBytes, foldMostRows).
		Scan(&n.size, &n.gen, &n.blockSize, &from, &rows, &size)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil // deleted meanwhile
	}
	if err != nil || (rows < foldRows && size < foldBytes) {
		return false, err
	}
	r, err := fs.reader(ctx, &n, from, from+size)
	if err != nil {
		return false, err
	}
	defer r.Close()
	var b *body
	if n.size > InlineMax {
		b, err = fs.foldToBlock(ctx, &n, from, size, r)
	} else {
		b, err = fs.foldToRow(ctx, &n, r)
	}
	if err != nil {
		return false, err
	}
	if err := fs.replaceRows(ctx, &n, from, rows, b); err != nil {
		fs.discard(ctx, b)
		return false, err
	}
	return true, nil
}

// foldToBlock stores r, which is size bytes of n from offset from on, as a block.
func (fs *FS) foldToBlock(ctx context.Context, n *node, from, size int64, r io.Reader) (*body, error) {
	before := *n
	before.size = from // a part of this may lie in packs, which are not summed when they are written
	sum, err := fs.sum(ctx, &before)
	if err != nil {
		return nil, err
	}
	return fs.write(ctx, n.project, r, size, sum)
}

// foldToRow reads r, which is short, into memory.
func (fs *FS) foldToRow(ctx context.Context, n *node, r io.Reader) (*body, error) {
	p, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return fs.shortBody(ctx, n.project, p)
}

// takeFoldedSQL removes the rows at offsets in [$3, $4), and returns their number and size, and how much of the file is summed.
const takeFoldedSQL = `
WITH taken AS (DELETE FROM contents WHERE project_id = $1 AND inode_id = $2 AND off >= $3 AND off < $4 RETURNING len)
SELECT count(*), coalesce(sum(len), 0)::bigint, coalesce((SELECT size FROM sums WHERE project_id = $1 AND inode_id = $2), 0) FROM taken`

// replaceRows replaces the rows from offset from on by b, if they are still those that n had. Appends after them do not matter, since
// otherwise a steady writer would prevent every fold. But if the file was truncated, other bytes may lie in their place, and rows that
// have been summed meanwhile must not be summed again.
func (fs *FS) replaceRows(ctx context.Context, n *node, from, rows int64, b *body) error {
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var cut int64
		err := tx.QueryRow(ctx, `SELECT coalesce(cut, 0) FROM inodes WHERE project_id = $1 AND id = $2 FOR UPDATE`, n.project, n.id).Scan(&cut)
		if errors.Is(err, pgx.ErrNoRows) || (err == nil && cut > n.gen) {
			return errStale
		}
		if err != nil {
			return err
		}
		var taken, size, summed int64
		if err := tx.QueryRow(ctx, takeFoldedSQL, n.project, n.id, from, from+b.size).Scan(&taken, &size, &summed); err != nil {
			return err
		}
		if taken != rows || size != b.size || summed > from {
			return errStale
		}
		return fs.publish(ctx, tx, n.key(), from, b)
	})
}
