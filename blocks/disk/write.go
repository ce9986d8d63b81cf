package disk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"

	"granary/blocks"
)

// Put implements [blocks.Store].
func (s *Store) Put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	if err := s.put(ctx, id, r, size); err != nil {
		return fmt.Errorf("put block %s: %w", id, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, id blocks.ID, r io.Reader, size int64) error {
	// The link below decides; asking first only saves writing a block that cannot be kept.
	if _, err := s.root.Lstat(fileOf(id)); err == nil {
		return blocks.ErrExist
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.makeShard(shardOf(id)); err != nil {
		return withSentinel(err)
	}

	tmp := path.Join(tmpFolder, id.String()+"."+rand.Text())
	if err := s.write(tmp, blocks.Exactly(ctx, r, size), func(f *os.File, written int64) error { return s.checkRoom(f, size-written) }); err != nil {
		return errors.Join(err, s.discard(tmp))
	}
	if err := context.Cause(ctx); err != nil {
		return errors.Join(err, s.discard(tmp))
	}
	if err := s.link(tmp, fileOf(id)); err != nil {
		return errors.Join(err, s.discard(tmp))
	}
	if err := s.discard(tmp); err != nil {
		return errors.Join(err, s.discard(fileOf(id)))
	}
	if err := s.syncFolder(shardOf(id)); err != nil {
		return errors.Join(err, s.discard(fileOf(id)))
	}
	return nil
}

// link gives the unfinished file its name unless a block has it.
func (s *Store) link(tmp, file string) error {
	err := s.root.Link(tmp, file)
	switch {
	case errors.Is(err, fs.ErrExist) && s.linked(tmp, file): // by us: a network file system sends a request again if the answer was lost
		return nil
	case errors.Is(err, fs.ErrExist):
		return blocks.ErrExist
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the unfinished file or its folder was removed meanwhile: %w", err)
	}
	return withSentinel(err)
}

// linked reports whether two names are of the same file.
func (s *Store) linked(one, two string) bool {
	a, err := s.root.Lstat(one)
	if err != nil {
		return false
	}
	b, err := s.root.Lstat(two)
	return err == nil && os.SameFile(a, b)
}

// write makes the file name with the content of r, durably except for its entry in the folder. It asks room before and
// in between whether more may be written.
func (s *Store) write(name string, r io.Reader, room func(f *os.File, written int64) error) error {
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return withSentinel(err)
	}
	if s.uid >= 0 {
		if err := f.Chown(s.uid, s.gid); err != nil {
			f.Close()
			return err
		}
	}
	defer s.freshen(name)()
	if err = room(f, 0); err == nil {
		err = fill(f, r, room)
	}
	if err != nil {
		f.Close() // the error at hand tells more
		return err
	}
	if err := s.syncFile(f); err != nil {
		f.Close()
		return err
	}
	return withSentinel(f.Close())
}

// freshen keeps the unfinished file name from looking abandoned while its content comes, until the function that it returns is called.
func (s *Store) freshen(name string) (stop func()) {
	var (
		mu    sync.Mutex
		ended bool
		timer *time.Timer
	)
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(s.freshEach, func() {
		mu.Lock()
		defer mu.Unlock()
		if ended {
			return
		}
		now := time.Now()
		_ = s.root.Chtimes(name, now, now) // errors do not matter: if the file was swept, the link fails
		timer.Reset(s.freshEach)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		ended = true
		timer.Stop()
	}
}

// discard removes a file that Put made, and reports if it cannot: an unfinished file takes space until a sweep, and a
// name without a durable folder entry would stand for a block that Put reported as failed.
func (s *Store) discard(name string) error {
	err := s.root.Remove(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what is left of it: %w", err)
	}
	return nil
}

// Delete implements [blocks.Store]. An error for one id does not keep it from deleting the others.
func (s *Store) Delete(ctx context.Context, ids ...blocks.ID) error {
	var errs []error
	touched := make(map[string]bool)
	for _, id := range ids {
		if err := context.Cause(ctx); err != nil {
			errs = append(errs, fmt.Errorf("delete block %s: %w", id, err))
			break
		}
		if err := s.root.Remove(fileOf(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("delete block %s: %w", id, withSentinel(err)))
		}
		// A block that is gone already may have been removed a moment ago by a call that has not synced yet.
		touched[shardOf(id)] = true
	}
	for shard := range touched {
		if err := s.syncFolder(shard); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("delete blocks in %s: %w", shard, err))
		}
	}
	return errors.Join(errs...)
}
