package namespace

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Append adds what content yields to the end of the file path, all of it or nothing. Appends by several writers follow
// each other in some order, none inside another. A short one costs one small row, whatever the file's length. size is
// how long the content is, in bytes, below 0 if not known before its end.
//
// It needs write on the file. Source: FSDirAppendOp of Hadoop 3.4.
func (s *Session) Append(ctx context.Context, path Path, size int64, content io.Reader) error {
	const op = "append"
	if _, done, err := recall[struct{}](ctx, s, op, path); err != nil || done {
		return dress(op, path, err)
	}
	_, n, err := (&walker{ctx: ctx, s: s}).appendable(path)
	if err != nil {
		return dress(op, path, err)
	}
	b, err := s.fs.receive(ctx, n.project, content, size, func() (*filesum.Sum, error) { return s.sumBefore(ctx, path) })
	if err != nil {
		return dress(op, path, err)
	}
	var appended key
	_, err = act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, n, err := w.appendable(path)
		if err != nil {
			return struct{}{}, nil, err
		}
		appended = n.key()
		m, err := w.append(c, n, b)
		return struct{}{}, m, err
	})
	if err != nil || repeatable(ctx) {
		s.fs.discard(ctx, b)
	}
	if err != nil {
		return err
	}
	if b.short != nil {
		s.fs.foldLong(ctx, appended)
	}
	return nil
}

// appendable finds the file to append to.
func (w *walker) appendable(path Path) (*chain, *node, error) {
	c, err := w.walk(path, Need{Change: true})
	if err != nil {
		return nil, nil, err
	}
	n := c.node()
	if n == nil {
		return nil, nil, fail(NotExist, "Failed to append to non-existent file %s for client %s", path, w.s.client)
	}
	if n.dir() {
		return nil, nil, fail(Exist, "Cannot append to directory %s; already exists as a directory.", path)
	}
	if err := w.check(c, Need{Node: perm.Write, Change: true}); err != nil {
		return nil, nil, err
	}
	w.relied.node(n, exclusive)
	return c, n, nil
}

// append plans that b follows what n holds.
func (w *walker) append(c *chain, n *node, b *body) (*mutation, error) {
	fs := w.s.fs
	if n.project != b.project {
		return nil, stranded()
	}
	if b.short == nil && b.base != n.size {
		// Somebody appended meanwhile: the bytes stand where they are, but the checksum chunks fall elsewhere.
		if err := fs.sumAgain(w.ctx, n, b); err != nil {
			return nil, err
		}
	}
	quotas := c.quotas()
	if len(quotas) > 0 {
		w.relied.content(n)
	}
	now := fs.millis()
	size := n.size + b.size
	return &mutation{charges: charged(quotas, bytesOf(b.size, n.replication, n.policy), newBlocks(n, n.size, size)), apply: func(ctx context.Context, tx pgx.Tx) error {
		var off int64
		err := tx.QueryRow(ctx, `UPDATE inodes SET size = size + $3, gen = gen + 1, mtime = greatest(mtime, $4)
			WHERE project_id = $1 AND id = $2 RETURNING size - $3`, n.project, n.id, b.size, now).Scan(&off)
		if err != nil {
			return err
		}
		if b.short == nil && off != b.base {
			return errStale
		}
		return fs.publish(ctx, tx, n.key(), off, b)
	}}, nil
}
