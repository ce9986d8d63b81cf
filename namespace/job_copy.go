package namespace

import (
	"context"
	"io"
	"sync/atomic"
)

// copy makes a copy of the source. Its files are opened as by any other reader, and their content is sealed for the project
// of the target.
func (r *run) copy(ctx context.Context) error {
	if err := r.list(ctx); err != nil {
		return err
	}
	st, err := r.stage(ctx)
	if err != nil {
		return err
	}
	if err := st.fill(ctx, func(ctx context.Context, e *jobEntry) (io.ReadCloser, int64, error) {
		source, err := r.s.openEntry(ctx, r.from(e), e.source)
		if err != nil {
			return nil, 0, err
		}
		return source, source.Size(), nil
	}); err != nil {
		return err
	}
	return r.reveal(ctx)
}

// witness counts what is read through it, and keeps the error of the source.
type witness struct {
	r    io.Reader
	read *atomic.Int64
	err  error
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.read.Add(int64(n))
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}
