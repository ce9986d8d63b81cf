package namespace

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
)

// unzip unpacks the source into a new directory. The archive is read in place, one entry after the other, and nothing of it is
// stored elsewhere on the way.
func (r *run) unzip(ctx context.Context) (err error) {
	a, err := r.s.openArchive(ctx, r.Sources[0], r.inode, r.gen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.file.Close()) }()
	if err := r.readDirectory(ctx, a); err != nil {
		return err
	}
	st, err := r.stage(ctx)
	if err != nil {
		return err
	}
	if err := st.fill(ctx, func(_ context.Context, e *jobEntry) (io.ReadCloser, int64, error) {
		source, err := a.File[e.source].Open()
		if err != nil {
			return nil, 0, a.file.damaged(a.File[e.source].Name, err)
		}
		return &packed{source, a, a.File[e.source].Name}, e.size, nil
	}); err != nil {
		return err
	}
	return r.reveal(ctx)
}

// readDirectory records what is to be made, unless that was done before.
func (r *run) readDirectory(ctx context.Context, a *archive) error {
	if r.planned {
		return nil
	}
	entries, err := a.contents(r.Target, &r.fs.jobs.limits)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, r.fs.db, func(tx pgx.Tx) error {
		if err := r.hold(ctx, tx); err != nil {
			return err
		}
		if err := addEntries(ctx, tx, r.ID, 0, entries); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE jobs SET planned = true, source_gen = $2, source_inode = $3 WHERE id = $1`, r.ID, a.file.gen, a.file.inode)
		return err
	})
	r.planned, r.inode, r.gen = err == nil, a.file.inode, a.file.gen
	if err == nil {
		r.step(ctx)
	}
	return err
}

// packed reads an entry that is being unpacked; its errors say what is wrong with the entry.
type packed struct {
	io.ReadCloser
	of   *archive
	name string
}

func (p *packed) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if err != nil && err != io.EOF {
		err = p.of.file.damaged(p.name, err)
	}
	return n, err
}
