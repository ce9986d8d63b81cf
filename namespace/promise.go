package namespace

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/namespace/filesum"
)

// Promise makes the new file path, empty, for a writer who is told to send its content in another request, and returns
// the lease under which [Session.Create] accepts it. Hadoop's clients look a file up as soon as they have begun to write
// it; on HDFS that often fails, since its first hop makes nothing. If the writer does not come within the lease limit, the
// file is removed.
//
// A second request of the same user, whose client may have lost the answer, gets another promise, which replaces the first
// one if no writer has come for that. Only one of the two leases is valid.
//
// A file that exists is left alone until the new one is published: there is nothing to promise then, and the lease is
// zero. Promise also fails with what Create would refuse; the server then redirects all the same, and Create says why.
func (s *Session) Promise(ctx context.Context, path Path, o CreateOptions) (Lease, error) {
	const op = "create"
	if err := s.fs.completeOptions(path, s.client, &o); err != nil {
		return Lease{}, s.dress(op, path, err)
	}
	return act(unnamed(ctx), s, op, path, func(w *walker) (Lease, *mutation, error) {
		w.promising = true
		c, err := w.place(path, o)
		if err != nil {
			return Lease{}, nil, err
		}
		if old := c.node(); old != nil {
			// It counts as missing only if its writer never came, or if the same user asks again before the writer has come.
			if newborn, err := w.free(path, old, createFile); err != nil || !newborn {
				return Lease{}, nil, err
			}
		}
		if o.Lease.ID, err = s.fs.ids.id(w.ctx); err != nil {
			return Lease{}, nil, err
		}
		file, m, err := w.plan(c, o, 0)
		if err != nil {
			return Lease{}, nil, err
		}
		m.touches = &touched{} // nothing besides its effects
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			return s.grant(ctx, tx, file.key(), o.Lease.ID, true)
		}
		// The file's event is written when its content has come. Directories on the way to it stay in any case.
		if m.event.detail.Made == "" {
			m.event = nil
		} else {
			m.event = &event{
				project: file.project, op: makingDirectories, inode: file.parent.id, path: c.placed(c.path.Parent()),
				detail: Detail{Dir: true, Made: m.event.detail.Made},
			}
		}
		return Lease{file.id, o.Lease.ID}, m, nil
	})
}

// keepPromise receives the content of the file that was promised under o.Lease and publishes it.
func (s *Session) keepPromise(ctx context.Context, path Path, o CreateOptions, content io.Reader) (Status, error) {
	const op = "create"
	s.fs.writing.begin(o.Lease.ID)
	defer s.fs.writing.end(o.Lease.ID)
	// The file did not exist when it was promised, and nobody else has written it since.
	if err := s.condition.check(path, nil); err != nil {
		return Status{}, s.dress(op, path, err)
	}
	n, err := s.claim(ctx, path, o.Lease)
	if err != nil {
		err = s.dress(op, path, err)
		var e *Error
		if errors.As(err, &e) && e.Kind == AccessControl && s.p.Scope.IsZero() {
			s.fs.abandon(ctx, path, byPath, o.Lease, s.p.User) // the user may not, and not just a token of the user's
		}
		return Status{}, err
	}
	var status Status
	content = s.withinQuotas(ctx, content, o.Size, func(w *walker, size int64) (*chain, amount, amount, error) {
		c, n, err := w.written(path, o.Lease, finishing)
		if err != nil {
			return nil, amount{}, amount{}, err
		}
		cost, peak := spaceOf(n, 0, size)
		return c, cost, peak, nil
	})
	b, err := s.fs.receiveNew(ctx, n.project, content, o.Size, func() (*filesum.Sum, error) { return filesum.New(n.blockSize), nil })
	defer func() { s.fs.release(ctx, b, err) }()
	if err == nil {
		status, err = act(ctx, s, op, path, func(w *walker) (Status, *mutation, error) { return w.fulfil(path, o.Lease, b) })
	}
	if err != nil {
		s.fs.abandon(ctx, path, n.project, o.Lease, "")
	}
	return status, s.dress(op, path, err)
}

// fulfil plans that b becomes the content of the file that was promised under l.
func (w *walker) fulfil(path Path, l Lease, b *body) (Status, *mutation, error) {
	c, n, err := w.written(path, l, finishing)
	if err != nil {
		return Status{}, nil, err
	}
	if n.project != b.project {
		return Status{}, nil, stranded()
	}
	done := *n
	done.size, done.gen, done.mtime, done.lease = b.size, n.gen+1, w.s.fs.millis(), 0
	e := w.event(c, &done)
	e.detail.Size = &done.size
	return done.status(""), &mutation{
		event:   e,
		charges: charged(c.quotas(), bytesOf(b.size, n.replication, n.policy), newBlocks(n, 0, b.size)),
		touches: c.touching(),
		apply: func(ctx context.Context, tx pgx.Tx) error {
			if err := one(tx.Exec(ctx, `UPDATE inodes SET size = $3, gen = gen + 1, mtime = $4
				WHERE project_id = $1 AND id = $2 AND size = 0`, n.project, n.id, b.size, done.mtime)); err != nil {
				return err
			}
			if err := w.s.fs.publish(ctx, tx, n.key(), 0, b); err != nil {
				return err
			}
			return endLease(ctx, tx, n)
		},
	}, nil
}
