package namespace

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
)

// Each short append leaves one sealed row. When a file's end has gathered so many rows, or so many bytes in rows, they
// are folded: into one row if the whole file still fits beside its inode, else into a block.
const (
	foldRows  = 128
	foldBytes = 1 << 20
)

// What one fold takes at most, from the front of the rows: what has gathered while folds failed may be much.
const (
	foldMostRows  = 8192
	foldMostBytes = 8 << 20
)

// foldableSQL finds what of a file can be folded. f.from is where the rows begin that follow all blocks and whatever was summed.
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

// fold folds the first of the rows at the end of a file that has gathered many, and reports whether it did: then there may be more. It fails
// with errStale if somebody else changed those rows meanwhile.
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

// foldToBlock stores r, the size bytes of n from from on, as a block.
func (fs *FS) foldToBlock(ctx context.Context, n *node, from, size int64, r io.Reader) (*body, error) {
	before := *n
	before.size = from // of which a part may lie in packs, and was not summed when it came
	sum, err := fs.sum(ctx, &before)
	if err != nil {
		return nil, err
	}
	return fs.write(ctx, n.project, r, size, sum)
}

// foldToRow takes r, which is short, into memory.
func (fs *FS) foldToRow(ctx context.Context, n *node, r io.Reader) (*body, error) {
	p, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return fs.shortBody(ctx, n.project, p)
}

// takeFoldedSQL removes the rows of [$3, $4), and tells what they were and how much of the file is summed.
const takeFoldedSQL = `
WITH taken AS (DELETE FROM contents WHERE project_id = $1 AND inode_id = $2 AND off >= $3 AND off < $4 RETURNING len)
SELECT count(*), coalesce(sum(len), 0)::bigint, coalesce((SELECT size FROM sums WHERE project_id = $1 AND inode_id = $2), 0) FROM taken`

// replaceRows exchanges the rows from from on for b, if they are still those that n had. Appends behind them do not matter: whoever writes
// steadily would otherwise spoil every fold. But whoever cut the file may have put other bytes in their place, and what is summed
// beyond them must not be summed anew.
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
