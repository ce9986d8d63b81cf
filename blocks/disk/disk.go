// Package disk keeps blocks as files in a folder of a local or mounted file system.
//
// A block is the file <first two digits of its id>/<id>. It is written under tmp/, synced, and only then linked to its
// name, so a name always stands for a whole block; the link also is what makes two writers of one id exclude each
// other. Put returns after the folder is synced too. Between the link and the end of that sync, a few milliseconds, the
// block can be opened although a power failure could still take it away: nobody can know its id before Put returns,
// unless they chose it.
//
// Several processes may use one folder, on a shared mount too, if the file system has hard links. No process ever
// removes another's unfinished file unless there was no sign of its writer for [staleAfter].
//
// A failed fsync says that some written bytes are lost, and not which; on Linux a second fsync would report success
// for them (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). So it is never
// repeated: the block is discarded and, unless the failure was lack of space, [Store.Healthy] reports it until the
// process restarts.
package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"granary/blocks"
)

const (
	fileMode   = 0o600
	folderMode = 0o700

	// tmpFolder holds the files of unfinished Puts, each named <id>.<random>.
	tmpFolder = "tmp"

	// staleAfter is how long an unfinished file must show no sign of its writer before [Store.Sweep] takes the writer
	// for dead. A writer that comes back after that gets an error from Put, never a damaged block.
	staleAfter = 24 * time.Hour

	// freshEach is how often a writer gives such a sign, however slowly its content comes: until a piece is full,
	// nothing of it is written.
	freshEach = staleAfter / 4
)

// SweepEvery is how often a server calls [Store.Sweep]: it may run for months after another one died while writing a
// block.
const SweepEvery = time.Hour

// Store is a [blocks.Store] in a folder. The zero value is not usable: see [Open].
type Store struct {
	dir  string // for messages only; every access goes through root
	root *os.Root

	// If this process is root's and the folder another user's, what the store makes is given to that user, whose server
	// could not read it otherwise. If not, uid is below 0.
	uid, gid int

	// sync is fsync, of a file or a folder; tests make it fail.
	sync func(*os.File) error

	// readAt is [os.File.ReadAt]; tests make it fail.
	readAt func(f *os.File, p []byte, off int64) (int, error)

	// statfs is syscall.Fstatfs; tests make it report other disks.
	statfs func(fd int, stat *syscall.Statfs_t) error

	freshEach time.Duration // freshEach, or less in tests

	mu      sync.Mutex
	durable map[string]bool // shards whose own entry in the root is known to be on disk
	suspect error           // the first failed sync
}

// Open returns the store in the folder dir, which it makes if need be, readable by this user alone. It removes what
// Puts of dead processes left unfinished, as [Store.Sweep] does.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open block folder: %w", err)
	}
	s := &Store{dir: dir, sync: (*os.File).Sync, readAt: (*os.File).ReadAt, statfs: syscall.Fstatfs, freshEach: freshEach, durable: make(map[string]bool)}
	if err := makeFolder(dir, s.syncFile); err != nil {
		return nil, fmt.Errorf("open block folder: %w", err)
	}
	s.root, err = os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open block folder: %w", err)
	}
	if s.uid, s.gid, err = ownerBesides(s.root); err != nil {
		s.root.Close()
		return nil, fmt.Errorf("open block folder %s: %w", dir, err)
	}
	if err := cmp.Or(s.makeShard(tmpFolder), s.Sweep(context.Background())); err != nil {
		s.root.Close()
		return nil, fmt.Errorf("open block folder %s: %w", dir, err)
	}
	return s, nil
}

// ownerBesides returns the owner of root if this process is the superuser's and the folder is somebody else's; -1 if
// not.
func ownerBesides(root *os.Root) (uid, gid int, err error) {
	info, err := root.Stat(".")
	if err != nil {
		return 0, 0, err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 && owner.Uid != 0 {
		return int(owner.Uid), int(owner.Gid), nil
	}
	return -1, -1, nil
}

// Close closes the folder. It must follow the last use of the store and of every reader from it.
func (s *Store) Close() error {
	return s.root.Close()
}

// Healthy reports why the store should get no more blocks: an fsync has failed since it was opened, its folder cannot
// be read any more, another one has taken its place, or its file system is read-only, as Linux makes it after a disk
// error. It is meant for readiness probes; Put does not ask it.
func (s *Store) Healthy(context.Context) error {
	s.mu.Lock()
	suspect := s.suspect
	s.mu.Unlock()
	if suspect != nil {
		return fmt.Errorf("block folder %s: check the disk, then restart: %w", s.dir, suspect)
	}
	folder, err := s.root.Open(tmpFolder)
	if err != nil {
		return fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	defer folder.Close()
	if err := s.inPlace(); err != nil {
		return err
	}
	var stat syscall.Statfs_t
	if err := s.statfs(int(folder.Fd()), &stat); err == nil && stat.Flags&readOnly != 0 { // not every file system tells
		return fmt.Errorf("block folder %s: its file system is mounted read-only: check the disk: %w", s.dir, syscall.EROFS)
	}
	return nil
}

// inPlace fails if another folder than the one that was opened is in its place now, or none: it was moved, or a disk
// was mounted over it, or unmounted. Blocks still go to where it is, and whoever opens the store next misses them.
func (s *Store) inPlace() error {
	opened, err := s.root.Stat(".")
	if err != nil {
		return fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	switch there, err := os.Stat(s.dir); {
	case err != nil:
		return fmt.Errorf("block folder %s: was it moved, or its disk unmounted? put it back, and then restart: %w", s.dir, err)
	case !os.SameFile(opened, there):
		return fmt.Errorf("block folder %s: another one is in its place, so it was moved, or a disk was mounted or unmounted: put back the one that was there, or bring along the blocks that are written to it, and restart", s.dir)
	}
	return nil
}

// Sweep removes what Puts of dead processes left unfinished. It may run at any time, in several processes.
func (s *Store) Sweep(ctx context.Context) error {
	if err := s.sweep(ctx, time.Now().Add(-staleAfter)); err != nil {
		return fmt.Errorf("sweep block folder %s: %w", s.dir, err)
	}
	return nil
}

// sweep removes unfinished files that were last written, or touched, before the time given.
func (s *Store) sweep(ctx context.Context, before time.Time) error {
	tmp, err := s.root.Open(tmpFolder)
	if err != nil {
		return err
	}
	defer tmp.Close()
	names, err := tmp.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		file := path.Join(tmpFolder, name)
		info, err := s.root.Lstat(file)
		if err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			err = s.root.Remove(file)
		}
		if errors.Is(err, syscall.EROFS) { // as of a read-only backup: those who read it need no room
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // its writer, or another process's sweep, was faster
			return err
		}
	}
	return nil
}

// shardOf names the folder that holds the block: 256 of them keep each small enough to list.
func shardOf(id blocks.ID) string {
	return id.String()[:2]
}

// fileOf names the block's file, relative to the root.
func fileOf(id blocks.ID) string {
	return path.Join(shardOf(id), id.String())
}

// withSentinel adds to an operating system's error the one of package blocks that fits it, if any.
func withSentinel(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", blocks.ErrNoSpace, err)
	case errors.Is(err, syscall.EROFS): // as the kernel makes a disk that has failed, until somebody has looked at it
		return fmt.Errorf("%w: %w", blocks.ErrUnavailable, err)
	}
	return err
}
