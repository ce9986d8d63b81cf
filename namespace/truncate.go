package namespace

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Truncate cuts the file path to size bytes, at most as many as it has, and reports true: it is done when it returns, whereas HDFS
// reports false if size is inside a block, and cuts later. It needs write on the file.
// Source: FSDirTruncateOp of Hadoop 3.4.
func (s *Session) Truncate(ctx context.Context, path Path, size int64) (bool, error) {
	return act(ctx, s, "truncate", path, func(w *walker) (bool, *mutation, error) {
		c, err := w.walk(path, Need{}) // a missing file is reported first, even where nothing may be changed
		if err != nil {
			return false, nil, err
		}
		if c.node() != nil {
			if err := w.check(c, Need{Node: perm.Write, Change: true}); err != nil {
				return false, nil, err
			}
		}
		n, err := fileAt(c)
		if err != nil {
			return false, nil, err
		}
		if _, err := w.free(path, n, truncateFile); err != nil {
			return false, nil, err
		}
		if err := w.holds(path, n); err != nil {
			return false, nil, err
		}
		switch {
		case size > n.size:
			return false, nil, fail(InvalidValue, "Cannot truncate to a larger file size. Current size: %d, truncate size: %d.", n.size, size)
		case size == n.size:
			return true, nil, nil
		}
		w.relied.node(n, exclusive)
		m, err := w.truncate(n, size)
		if err == nil {
			m.event = w.event(c, n)
			m.event.detail.Size = &size
			m.charges = charged(c.quotas(), bytesOf(n.size-size, n.replication, n.policy).negative(), amount{})
		}
		return true, m, err
	})
}

func (w *walker) truncate(n *node, size int64) (*mutation, error) {
	fs := w.s.fs
	sum, err := fs.truncatedSum(w.ctx, n, size)
	if err != nil {
		return nil, err
	}
	if err := fs.keys.load(w.ctx, n.project); err != nil {
		return nil, err
	}
	return &mutation{apply: func(ctx context.Context, tx pgx.Tx) error {
		if err := one(tx.Exec(ctx, `UPDATE inodes SET size = $4, gen = gen + 1, cut = gen + 1, version = version + 1, mtime = $5
			WHERE project_id = $1 AND id = $2 AND gen = $3`, n.project, n.id, n.gen, size, fs.millis())); err != nil {
			return err
		}
		if err := cutSum(ctx, tx, n, size, sum); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, cutExtentsSQL, n.project, n.id, size); err != nil {
			return err
		}
		if err := fs.cutRow(ctx, tx, n, size); err != nil {
			return err
		}
		return endLease(ctx, tx, n)
	}}, nil
}

// cutSum saves sum, the checksum parts of the first size bytes of n. If sum is nil, it verifies that those which are saved cover no
// more than that: a fold, which increments neither gen nor version, may have summed more since the decision.
func cutSum(ctx context.Context, tx pgx.Tx, n *node, size int64, sum *filesum.Sum) error {
	if sum != nil {
		return saveSum(ctx, tx, n.key(), sum)
	}
	var folded bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM sums WHERE project_id = $1 AND inode_id = $2 AND size > $3)`, n.project, n.id, size).Scan(&folded)
	if err == nil && folded {
		err = errStale
	}
	return err
}

// truncatedSum returns the checksum parts of the first size bytes, nil if those that are saved cover no more than that.
func (fs *FS) truncatedSum(ctx context.Context, n *node, size int64) (*filesum.Sum, error) {
	sum, err := fs.savedSum(ctx, n)
	if err != nil || sum.Size() <= size {
		return nil, err
	}
	from, err := sum.Truncate(size)
	if err != nil {
		return nil, err
	}
	r, err := fs.reader(ctx, n, from, size)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	_, err = io.Copy(sum, r)
	return sum, err
}

// cutRow removes the rows from size on, and shortens the one that extends beyond it.
func (fs *FS) cutRow(ctx context.Context, tx pgx.Tx, n *node, size int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM contents WHERE project_id = $1 AND inode_id = $2 AND off >= $3`, n.project, n.id, size); err != nil {
		return err
	}
	across, err := takeRows(ctx, tx, n, `off < $3 AND off + len > $3`, size)
	if err != nil {
		return err
	}
	for _, g := range across {
		plain, key, err := fs.openRow(ctx, n, &g)
		if err != nil {
			return err
		}
		if err := insertRow(ctx, tx, n.key(), g.off, plain[:size-g.off], key); err != nil {
			return err
		}
	}
	return nil
}
