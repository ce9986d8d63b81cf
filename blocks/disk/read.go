package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"syscall"

	"granary/blocks"
)

// Open implements [blocks.Store].
func (s *Store) Open(ctx context.Context, id blocks.ID, off, n int64) (io.ReadCloser, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("open block %s: %w", id, err)
	}
	// To open a pipe would last until somebody writes to it, and no context ends that.
	f, err := s.root.OpenFile(fileOf(id), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open block %s: %w", id, blocks.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("open block %s: %w", id, stale(err))
	}
	r := &reader{ctx: ctx, id: id, f: f, readAt: s.readAt, end: off}
	if err := r.start(n); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// stale adds [blocks.ErrNotExist] to the error by which a network file system says that another machine has deleted a
// file. Unlike a local one, it does not keep the file for those who have it open.
func stale(err error) error {
	if errors.Is(err, syscall.ESTALE) {
		return fmt.Errorf("%w: %w", blocks.ErrNotExist, err)
	}
	return err
}

// reader yields the left bytes of a range and holds its file open, so that a Delete meanwhile does not cut it off.
type reader struct {
	ctx    context.Context
	id     blocks.ID
	f      *os.File
	readAt func(f *os.File, p []byte, off int64) (int, error)
	size   int64 // of the file
	end    int64 // of the range
	left   int64
}

func (r *reader) start(n int64) error {
	info, err := r.f.Stat()
	if err != nil {
		return fmt.Errorf("open block %s: %w", r.id, stale(err))
	}
	if !info.Mode().IsRegular() { // List passes over it, too
		return fmt.Errorf("open block %s: %w: in its place there is no file, but a %s", r.id, blocks.ErrNotExist, info.Mode().Type())
	}
	r.size = info.Size()
	return r.Extend(n)
}

// Extend implements [blocks.Extender].
func (r *reader) Extend(n int64) error {
	if err := blocks.CheckRange(r.id, r.end, n, r.size); err != nil {
		return err
	}
	r.end, r.left = r.end+n, r.left+n
	return nil
}

func (r *reader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if err := context.Cause(r.ctx); err != nil {
		return 0, fmt.Errorf("read block %s: %w", r.id, err)
	}
	n, err := r.readAt(r.f, p[:min(int64(len(p)), r.left)], r.end-r.left)
	r.left -= int64(n)
	switch {
	case err == io.EOF: // the file shrank after Open looked
		return n, fmt.Errorf("read block %s: %w: %d bytes are missing", r.id, blocks.ErrShort, r.left)
	case err != nil:
		return n, fmt.Errorf("read block %s: %w", r.id, stale(err))
	}
	return n, nil
}

func (r *reader) Close() error {
	return r.f.Close()
}

// listBatch is how many names List holds at a time.
const listBatch = 1024

// List implements [blocks.Store]. It passes over everything but regular files that have a block's name in the right
// folder: an operator's own files are none of its business, and an unfinished block is not one yet. Written is when the
// last byte was written.
func (s *Store) List(ctx context.Context) iter.Seq2[blocks.Info, error] {
	return func(yield func(blocks.Info, error) bool) {
		for shard := range 256 {
			if !s.listShard(ctx, fmt.Sprintf("%02x", shard), yield) {
				return
			}
		}
	}
}

// listShard yields the blocks of one shard and reports whether to go on with the next.
func (s *Store) listShard(ctx context.Context, shard string, yield func(blocks.Info, error) bool) bool {
	fail := func(err error) bool {
		yield(blocks.Info{}, fmt.Errorf("list blocks in %s: %w", shard, err))
		return false
	}
	if err := context.Cause(ctx); err != nil {
		return fail(err)
	}
	folder, err := s.root.Open(shard)
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	if err != nil {
		return fail(err)
	}
	defer folder.Close()
	for {
		names, err := folder.Readdirnames(listBatch)
		if err == io.EOF {
			return true
		}
		if err != nil {
			return fail(err)
		}
		for _, name := range names {
			id, err := blocks.ParseID(name)
			if err != nil || shardOf(id) != shard {
				continue
			}
			if err := context.Cause(ctx); err != nil {
				return fail(err)
			}
			info, err := s.root.Lstat(path.Join(shard, name))
			if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
				continue
			}
			if err != nil {
				return fail(err)
			}
			if !info.Mode().IsRegular() {
				continue
			}
			if !yield(blocks.Info{ID: id, Size: info.Size(), Written: info.ModTime()}, nil) {
				return false
			}
		}
	}
}
