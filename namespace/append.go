package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Append appends content to the file path, all of it or nothing. A short append costs one small row, whatever the file's
// length; concurrent ones follow each other in some order. A longer one holds the file's lease while its content arrives,
// and all other writers are refused meanwhile. size is the length of the content in bytes, negative if it is not known
// before its end.
//
// It needs write on the file. Source: FSDirAppendOp of Hadoop 3.4.
func (s *Session) Append(ctx context.Context, path Path, size int64, content io.Reader) error {
	_, err := s.AppendTo(ctx, path, 0, size, content)
	return err
}

// AppendTo is Append to the file with the given inode, which a writer found at path before sending the content, wherever it
// has been moved to since. If that inode is gone, or inode is 0, it appends to the file path. It returns the file's status
// after the append.
func (s *Session) AppendTo(ctx context.Context, path Path, inode, size int64, content io.Reader) (Status, error) {
	const op = "append"
	var (
		n       *node
		status  Status
		done    bool
		held    Lease
		leaseID int64 // of held, set before the lease is taken
	)
	err := inTurn(ctx, func() (err error) {
		if status, done, err = recall[Status](ctx, s, op, path); err != nil || done {
			return err
		}
		return steadily(ctx, func() (err error) {
			_, n, err = (&walker{ctx: ctx, s: s, op: op}).appendable(path, inode, Lease{})
			return err
		})
	})
	if err != nil {
		return firstAnswer(ctx, s, op, path, status, s.dress(op, path, err))
	}
	if done {
		return status, nil
	}
	defer func() { s.fs.writing.end(leaseID) }() // a short append has 0, which is no lease's id
	content = s.withinQuotas(ctx, content, size, func(w *walker, size int64) (*chain, amount, amount, error) {
		c, n, err := w.appendable(path, inode, held)
		if err != nil {
			return nil, amount{}, amount{}, err
		}
		cost, peak := spaceOf(n, n.size, n.size+size)
		return c, cost, peak, nil
	})
	b, err := s.fs.receive(ctx, n.project, content, size, func() (sum *filesum.Sum, err error) {
		if leaseID, err = s.fs.ids.id(ctx); err != nil {
			return nil, err
		}
		s.fs.writing.begin(leaseID)
		if held, err = s.takeLease(ctx, path, inode, leaseID); err == nil {
			sum, err = s.sumBefore(ctx, path, held)
		}
		return sum, err
	})
	if errors.Is(err, errRepeated) {
		status, _, err = recall[Status](ctx, s, op, path)
		return status, s.dress(op, path, err)
	}
	var appended key
	if err == nil {
		var answer *Status
		answer, err = act(ctx, s, op, path, func(w *walker) (*Status, *mutation, error) {
			c, n, err := w.appendable(path, inode, held)
			if err != nil {
				return nil, nil, err
			}
			appended = n.key()
			return w.append(c, n, b)
		})
		if err == nil {
			status = *answer
		}
	}
	if err != nil && !held.IsZero() {
		s.fs.abandon(ctx, path, n.project, held, "")
	}
	s.fs.release(ctx, b, err)
	if err != nil {
		return Status{}, s.dress(op, path, err)
	}
	if b.short != nil {
		s.fs.folds.ask(appended)
	}
	return status, nil
}

// takeLease makes the principal the only writer of the file, under the lease id, until it has appended. It fails with
// errRepeated if another request with the same operation id has already appended.
func (s *Session) takeLease(ctx context.Context, path Path, inode, id int64) (held Lease, err error) {
	const op = "append"
	err = inTurn(ctx, func() error {
		if _, done, err := recall[Status](ctx, s, op, path); err != nil {
			return err
		} else if done {
			return errRepeated
		}
		held, err = act(unnamed(ctx), s, op, path, func(w *walker) (Lease, *mutation, error) {
			_, n, err := w.appendable(path, inode, Lease{})
			if err != nil {
				return Lease{}, nil, err
			}
			return Lease{n.id, id}, &mutation{apply: func(ctx context.Context, tx pgx.Tx) error {
				return s.grant(ctx, tx, n.key(), id, false)
			}}, nil
		})
		return err
	})
	return held, err
}

// appendable finds the file to append to: the one that is written under held or, without a lease, the inode or the file
// path, which must have no writer.
func (w *walker) appendable(path Path, inode int64, held Lease) (*chain, *node, error) {
	need := Need{Change: true, Add: true}
	if !held.IsZero() {
		c, n, err := w.written(path, held, need)
		if err == nil {
			need.Node = perm.Write
			err = w.check(c, need)
		}
		if err == nil {
			err = w.holds(path, n)
		}
		return c, n, err
	}
	var (
		c   *chain
		err error
	)
	if inode == 0 {
		c, err = w.walk(path, need)
	} else {
		c, err = w.walkTo(path, inode, need)
	}
	if err != nil {
		return nil, nil, err
	}
	if c == nil || c.node() == nil {
		return nil, nil, fail(NotExist, "Failed to append to non-existent file %s for client %s", path, w.s.client)
	}
	n := c.node()
	if n.dir() {
		return nil, nil, fail(Exist, "Cannot append to directory %s; already exists as a directory.", path)
	}
	if err := w.check(c, Need{Node: perm.Write, Change: true, Add: true}); err != nil {
		return nil, nil, err
	}
	if _, err := w.free(path, n, appendFile); err != nil {
		return nil, nil, err
	}
	w.relied.node(n, exclusive)
	return c, n, w.holds(path, n)
}

// append plans a mutation that puts b at the end of n, which is determined when b is published. The status is complete only then.
func (w *walker) append(c *chain, n *node, b *body) (*Status, *mutation, error) {
	fs := w.s.fs
	if n.project != b.project {
		return nil, nil, stranded()
	}
	quotas := c.quotas()
	if len(quotas) > 0 {
		w.relied.content(n)
	}
	size := n.size + b.size
	after := n.status("")
	after.Written = false
	e := w.event(c, n)
	e.detail.Size, e.detail.Added = &after.Size, &b.size
	return &after, &mutation{event: e, charges: charged(quotas, bytesOf(b.size, n.replication, n.policy), newBlocks(n, n.size, size)), touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
		// The time is read under the lock, so appends have theirs in their order, and one that SETTIMES put into the future goes.
		err := tx.QueryRow(ctx, `UPDATE inodes SET size = size + $3, gen = gen + 1, mtime = $4
			WHERE project_id = $1 AND id = $2 RETURNING size, gen, mtime`, n.project, n.id, b.size, fs.millis()).Scan(&after.Size, &after.Gen, &after.MTime)
		if err != nil {
			return err
		}
		off := after.Size - b.size
		if b.short == nil && off != b.base {
			return fmt.Errorf("inode %d has grown to %d bytes under a lease taken at %d", n.id, off, b.base)
		}
		if err := fs.publish(ctx, tx, n.key(), off, b); err != nil {
			return err
		}
		return endLease(ctx, tx, n)
	}}, nil
}
