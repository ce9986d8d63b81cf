package namespace

import (
	"bytes"
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

// foldLong folds the end of a file that has grown long. It runs after an append that succeeded already, so a failure is
// only reported in the log; the next append tries again.
func (fs *FS) foldLong(ctx context.Context, inode key) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	if err := fs.foldIfLong(ctx, inode); err != nil {
		fs.log.WarnContext(ctx, "the appended rows of a file could not be folded; the next append tries again",
			"inode", inode.id, "error", err)
	}
}

func (fs *FS) foldIfLong(ctx context.Context, inode key) error {
	n := node{project: inode.project, id: inode.id, kind: kindFile}
	var from, rows, size int64
	err := fs.db.QueryRow(ctx, `
		SELECT i.size, i.gen, i.block_size, f.from, t.rows, t.size
		FROM inodes i LEFT JOIN sums s ON s.project_id = i.project_id AND s.inode_id = i.id
		CROSS JOIN LATERAL (
			SELECT greatest(coalesce(s.size, 0), max(off + len)) AS from FROM extents WHERE project_id = i.project_id AND inode_id = i.id
		) f
		CROSS JOIN LATERAL (
			SELECT count(*) AS rows, coalesce(sum(len), 0)::bigint AS size FROM contents
			WHERE project_id = i.project_id AND inode_id = i.id AND off >= f.from
		) t
		WHERE i.project_id = $1 AND i.id = $2`, inode.project, inode.id).
		Scan(&n.size, &n.gen, &n.blockSize, &from, &rows, &size)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // deleted meanwhile
	}
	if err != nil || (rows < foldRows && size < foldBytes) {
		return err
	}
	r, err := fs.reader(ctx, &n, from, n.size)
	if err != nil {
		return err
	}
	defer r.Close()
	p, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	var b *body
	if n.size > InlineMax {
		b, err = fs.foldToBlock(ctx, &n, from, p)
	} else {
		b, err = fs.shortBody(ctx, inode.project, p)
	}
	if err != nil {
		return err
	}
	err = fs.replaceRows(ctx, &n, from, rows, b)
	if err != nil {
		fs.discard(ctx, b)
	}
	return err
}

// foldToBlock stores p, the end of n from from on, as blocks.
func (fs *FS) foldToBlock(ctx context.Context, n *node, from int64, p []byte) (*body, error) {
	before := *n
	before.size = from // of which a part may lie in packs, and was not summed when it came
	sum, err := fs.sum(ctx, &before)
	if err != nil {
		return nil, err
	}
	return fs.write(ctx, n.project, bytes.NewReader(p), int64(len(p)), sum)
}

// replaceRows exchanges the rows from from on for b, if the file is still as n says.
func (fs *FS) replaceRows(ctx context.Context, n *node, from, rows int64, b *body) error {
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		var gen int64
		err := tx.QueryRow(ctx, `SELECT gen FROM inodes WHERE project_id = $1 AND id = $2 FOR UPDATE`, n.project, n.id).Scan(&gen)
		if errors.Is(err, pgx.ErrNoRows) || (err == nil && gen != n.gen) {
			return errStale
		}
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `DELETE FROM contents WHERE project_id = $1 AND inode_id = $2 AND off >= $3`, n.project, n.id, from)
		if err != nil {
			return err
		}
		if tag.RowsAffected() != rows {
			return errStale
		}
		return fs.publish(ctx, tx, n.key(), from, b)
	})
	if errors.Is(err, errStale) {
		fs.discard(ctx, b)
		return nil // somebody appended; the next append that leaves it alone folds it
	}
	return err
}
