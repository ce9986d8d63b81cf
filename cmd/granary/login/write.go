package login

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// private is the mode of files that hold a token, and of new files.
const private fs.FileMode = 0o600

// write is a file whose content is to change, or which is to be removed.
type write struct {
	path string
	text []byte // nil: remove the file
	mode fs.FileMode
}

// staged is a write that has been prepared.
type staged struct {
	write
	target string // the file itself, with links resolved
	next   string // the file that will be renamed to it; empty if it will be removed
	last   string // a copy of the present file; empty if there is none
}

// perform does several writes atomically: if one fails, the others are undone.
func perform(writes []write) (err error) {
	var all []staged
	var made []string
	done := 0
	defer func() {
		if err != nil {
			for _, s := range all[:done] {
				err = errors.Join(err, s.undo())
			}
		}
		for _, s := range all {
			err = errors.Join(err, gone(s.next), gone(s.last))
		}
		if err != nil {
			err = errors.Join(err, removeFolders(made))
		}
	}()
	for _, w := range writes {
		if w.text != nil {
			folders, err := makeFolders(filepath.Dir(w.path))
			made = append(made, folders...)
			if err != nil {
				return err
			}
		}
		s, err := stage(w)
		all = append(all, s)
		if err != nil {
			return err
		}
	}
	for _, s := range all {
		if err := s.publish(); err != nil {
			return err
		}
		done++
	}
	return nil
}

// stage prepares a write beside its file, which shows that there is room for it, and copies the present file.
func stage(w write) (s staged, err error) {
	s = staged{write: w, target: w.path}
	if target, err := filepath.EvalSymlinks(w.path); err == nil {
		s.target = target // otherwise a file would replace the link, and the link's target would stay unchanged
	}
	text, err := os.ReadFile(s.target)
	owner := func(*os.File) error { return nil }
	switch {
	case err == nil:
		info, err := os.Stat(s.target)
		if err != nil {
			return s, err
		}
		owner = ownedLike(info)
		if s.last, err = beside(s.target, text, info.Mode().Perm(), owner); err != nil {
			return s, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return s, err
	}
	if w.text == nil {
		return s, nil
	}
	s.next, err = beside(s.target, w.text, w.mode, owner)
	return s, err
}

// ownedLike gives a file the owner and group of another: when root runs login in a user's folder, the files stay the
// user's.
func ownedLike(info fs.FileInfo) func(*os.File) error {
	return func(f *os.File) error {
		owner, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return nil
		}
		if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil && int(owner.Uid) != os.Geteuid() {
			return fmt.Errorf("%s is somebody else's, who must change it, or root: %w", info.Name(), err)
		}
		return nil
	}
}

// beside writes a file in the folder of another, and returns its name.
func beside(path string, text []byte, mode fs.FileMode, owner func(*os.File) error) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".granary-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	err = errors.Join(err, owner(f), f.Chmod(mode), f.Sync(), f.Close())
	return f.Name(), err
}

func (s staged) publish() error {
	if s.next == "" {
		return gone(s.target)
	}
	return os.Rename(s.next, s.target)
}

// undo restores the file.
func (s staged) undo() error {
	if s.last == "" {
		return gone(s.target)
	}
	return os.Rename(s.last, s.target)
}

// gone removes a file that may not exist. An empty path means no file.
func gone(path string) error {
	if path == "" {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// missingFolders returns those of the folder and its parents that do not exist, the outer ones first.
func missingFolders(folder string) []string {
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return nil // it exists, or making it will show what is wrong
	}
	return append(missingFolders(filepath.Dir(folder)), folder)
}

// makeFolders makes a folder and its parents with mode 0700, and returns those that did not exist, the outer ones
// first.
func makeFolders(folder string) (made []string, err error) {
	for _, f := range missingFolders(folder) {
		if err := os.Mkdir(f, 0o700); err != nil {
			return made, err
		}
		made = append(made, f)
	}
	return made, nil
}

// removeFolders removes those of the folders that are empty, the inner ones first.
func removeFolders(folders []string) error {
	for i := len(folders) - 1; i >= 0; i-- {
		entries, err := os.ReadDir(folders[i])
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) > 0 {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.Remove(folders[i]); err != nil {
			return err
		}
	}
	return nil
}
