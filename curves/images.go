package curves

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"granary/namespace"
)

// MaxPicture is the size in bytes of the largest image that is given out.
const MaxPicture = 16 << 20

// answerPictures bounds the images of a run that are listed: those that were written last.
const answerPictures = 10_000

// Pictures are the images of a tag of a run, in the order in which they were written. Long lists are thinned to some of the steps.
type Pictures struct {
	Pictures []Picture
	Thinned  bool // some steps are left out
	Partial  bool // not all of the run was read yet
}

// spot says where an image lies.
type spot struct {
	Picture
	path namespace.Path
	file int64
}

// Pictures lists the images of a tag of one run.
func (s *Shelf) Pictures(ctx context.Context, ask Asker, dir namespace.Path, run, tag string) (Pictures, error) {
	spots, out, err := s.spots(ctx, ask, dir, run, tag)
	for i := range spots {
		out.Pictures = append(out.Pictures, spots[i].Picture)
	}
	return out, err
}

func (s *Shelf) spots(ctx context.Context, ask Asker, dir namespace.Path, run, tag string) (spots []spot, out Pictures, err error) {
	found, err := locate(ctx, ask, dir, []string{run})
	if err != nil {
		return nil, out, err
	}
	out.Partial = found.partial
	err = s.lookAtAll(ctx, ask, found, func(_ int, seen *seenRun) {
		out.Partial = out.Partial || seen.partial
	}, func(_ int, path namespace.Path, f *eventFile) {
		if len(f.starts) > 0 {
			spots = slices.DeleteFunc(spots, func(p spot) bool { return p.Step >= f.starts[0].step }) // the smallest step
		}
		from := f.pictures[tag]
		if from == nil {
			return
		}
		out.Thinned = out.Thinned || from.stride > 0
		for _, p := range from.kept {
			spots = append(spots, spot{p, path, f.id})
		}
		if more := len(spots) - answerPictures; more > 0 {
			spots, out.Thinned = slices.Delete(spots, 0, more), true
		}
	})
	return spots, out, err
}

// Picture calls give with the p.Length bytes of an image, the last one if several have the same step and sample. It needs the rights
// that Pictures needs. Only images that begin as PNG, JPEG or GIF do are given out; others are refused. The bytes are read twice: first to
// verify all of them, so that none are given out of a file that was changed, and then for give, so that a slow receiver holds no memory.
func (s *Shelf) Picture(ctx context.Context, ask Asker, dir namespace.Path, run, tag string, step int64, sample int, give func(p Picture, data io.Reader) error) error {
	fail := func(kind namespace.Kind, format string, args ...any) error {
		return &namespace.Error{Op: "read image", Path: dir.String(), Kind: kind, Msg: fmt.Sprintf(format, args...)}
	}
	spots, _, err := s.spots(ctx, ask, dir, run, tag)
	if err != nil {
		return err
	}
	at := -1
	for i, p := range spots {
		if p.Step == step && p.Sample == sample {
			at = i
		}
	}
	if at < 0 {
		return fail(namespace.NotExist, "There is no such image: list those of the run and the tag again.")
	}
	p := spots[at]
	switch {
	case p.Type == "":
		return fail(namespace.IO, "The image is no PNG, JPEG or GIF, and is not given out: download the event file to look into it.")
	case p.Length > MaxPicture:
		return fail(namespace.IO, "The image has %d bytes, and one has at most %d here: download the event file to look into it.", p.Length, MaxPicture)
	}
	r, err := ask().Open(ctx, p.path, p.offset, p.Length)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := crc32.New(castagnoli)
	length, err := io.Copy(sum, r)
	if err != nil {
		return err
	}
	if r.Status().ID != p.file || length != p.Length || sum.Sum32() != p.sum {
		return fail(namespace.Conflict, "The file was changed meanwhile; try again.")
	}
	if err := r.Rewind(); err != nil {
		return err
	}
	return give(p.Picture, r)
}
