package namespace

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/namespace/filesum"
)

// zip packs the sources into a file. The archive is streamed into the store, and not kept on a disk or in memory before; so a
// server that continues the job starts it again.
func (r *run) zip(ctx context.Context) error {
	if err := r.list(ctx); err != nil {
		return err
	}
	o := CreateOptions{Mode: 0o644, Size: -1}
	if err := r.fs.completeOptions(r.Target, r.s.client, &o); err != nil {
		return err
	}
	var project int64
	if err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: r.s, op: string(r.Kind)}).vacancy(r.Target)
		if err == nil {
			project = c.parent().project
		}
		return err
	}); err != nil {
		return err
	}
	b, err := r.pack(ctx, project, o)
	if err != nil {
		return err
	}
	if err := r.publishZip(ctx, o, b); err != nil {
		r.fs.discard(ctx, b)
		return err
	}
	return nil
}

// pack receives the archive for a file in project.
func (r *run) pack(ctx context.Context, project int64, o CreateOptions) (*body, error) {
	from, to := io.Pipe()
	packing := make(chan error, 1)
	go func() {
		err := sound(func() error { return r.writeArchive(ctx, to) })
		to.CloseWithError(err)
		packing <- err
	}()
	b, err := r.fs.receive(ctx, project, from, o.Size, func() (*filesum.Sum, error) { return filesum.New(o.BlockSize), nil })
	from.CloseWithError(errReceived)
	if packed := <-packing; packed != nil && !errors.Is(packed, errReceived) {
		err = packed // it is why receiving failed, and says more
	}
	if err != nil {
		r.fs.discard(ctx, b)
		return nil, err
	}
	return b, nil
}

// errReceived stops the writer to a pipe that is not read from any more.
var errReceived = errors.New("nobody reads on")

// writeArchive writes the archive.
func (r *run) writeArchive(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	after := int64(-1)
	for {
		entries, err := r.entries(ctx, `true`, after, entriesAtOnce)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return z.Close()
		}
		for i := range entries {
			after = entries[i].n
			if err := r.packEntry(ctx, z, &entries[i]); err != nil {
				return err
			}
		}
		r.step(ctx)
	}
}

// MaxZipName is how many bytes a name in a zip may have, including the slash after a directory's: the format has no room for more.
const MaxZipName = math.MaxUint16

// zippable refuses names that programs might unpack to another place.
func zippable(path Path) error {
	if strings.Contains(path.Name(), `\`) {
		return fail(IO, `%s has a backslash in its name, which some programs that unpack take for the end of a directory's name: rename it, or download a tar of what it lies in`, path)
	}
	return nil
}

// packEntry writes one file or directory into the archive: its name, mode, time and content.
func (r *run) packEntry(ctx context.Context, z *zip.Writer, e *jobEntry) error {
	h := &zip.FileHeader{Name: e.path[1:], Modified: time.UnixMilli(e.mtime).UTC(), Method: zip.Deflate}
	mode := fs.FileMode(e.mode & 0o777)
	if e.kind == kindDir {
		h.Name, h.Method, mode = h.Name+"/", zip.Store, mode|fs.ModeDir
	}
	h.SetMode(mode)
	if e.kind == kindDir {
		_, err := z.CreateHeader(h)
		return err
	}
	source, err := r.s.openEntry(ctx, r.from(e), e.source)
	if err != nil {
		return err
	}
	defer source.Close()
	to, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, &witness{r: source, read: &r.content}); err != nil {
		return err
	}
	r.files.Add(1)
	return nil
}

// publishZip makes the archive a file, and ends the job.
func (r *run) publishZip(ctx context.Context, o CreateOptions, b *body) error {
	own := *r.s
	_, err := act(WithOperation(ctx, r.ID), &own, string(r.Kind), r.Target, func(w *walker) (Status, *mutation, error) {
		c, err := w.vacancy(r.Target)
		if err != nil {
			return Status{}, nil, err
		}
		status, m, err := w.create(r.Target, o, b)
		if err != nil {
			return Status{}, nil, err
		}
		m.event.detail.Sources = r.sources(c)
		apply := m.apply
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			if err := r.hold(ctx, tx); err != nil {
				return err
			}
			if apply != nil {
				if err := apply(ctx, tx); err != nil {
					return err
				}
			}
			return r.finish(ctx, tx, r.content.Load())
		}
		return status, m, nil
	})
	return err
}
