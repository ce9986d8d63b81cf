package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"granary/blocks"
)

// syncFile makes what was written to f durable. A failure makes the whole store suspect, for good, unless it is lack of
// space: network file systems report that only here, and then it is known what was lost.
func (s *Store) syncFile(f *os.File) error {
	err := withSentinel(s.sync(f))
	if err == nil || errors.Is(err, blocks.ErrNoSpace) {
		return err
	}
	err = fmt.Errorf("fsync failed, what was written may be lost: %w", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.suspect == nil {
		s.suspect = err
	}
	return err
}

// syncFolder makes the entries of a folder in the root durable; "." is the root itself.
func (s *Store) syncFolder(name string) error {
	f, err := s.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.syncFile(f)
}

// makeShard makes sure that a folder directly under the root exists and will exist after a crash. It syncs the root
// once per folder and process even if the folder was there: whoever made it may not have synced it yet.
func (s *Store) makeShard(name string) error {
	s.mu.Lock()
	done := s.durable[name]
	s.mu.Unlock()
	if done {
		return nil
	}
	switch err := s.root.Mkdir(name, folderMode); {
	case err == nil && s.uid >= 0:
		if err := s.root.Lchown(name, s.uid, s.gid); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := s.syncFolder("."); err != nil {
		return err
	}
	s.mu.Lock()
	s.durable[name] = true
	s.mu.Unlock()
	return nil
}

// MakeFolder is os.MkdirAll with mode 0700. It returns once the entries of all folders that it made are durable.
func MakeFolder(dir string) error { return makeFolder(dir, (*os.File).Sync) }

// makeFolder is os.MkdirAll that also syncs the parent of every folder it makes.
func makeFolder(dir string, sync func(*os.File) error) error {
	info, err := os.Stat(dir)
	if err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is a file, want a folder", dir)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeFolder(parent, sync); err != nil {
		return err
	}
	if err := os.Mkdir(dir, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.Open(parent)
	if err != nil {
		return err
	}
	defer f.Close()
	return sync(f)
}
