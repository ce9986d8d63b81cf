package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	rootFileHeader = "# Granary root key. Keep a copy apart from the data and its backups: without it nothing can be read.\n"

	// maxRootFile is far more than a root key file has, and a bound on what is read if another file was named by
	// mistake.
	maxRootFile = 4096
)

// LoadRoot reads the root key from the file at path: lines that begin with # are for people, and one line holds the
// 32 bytes in 64 hexadecimal digits. A file that others may use than its owner is refused, unless it is root's and those others
// are a group that may only read it.
//
// If there is no file, create says whether to make one with a new random key, readable by this user alone and on disk
// before LoadRoot returns. Several processes that do so at once all get the same key. The folder must exist.
func LoadRoot(path string, create bool) (*Root, error) {
	root, err := readRoot(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, fmt.Errorf("root key file %s does not exist: restore it from its backup; the data cannot be read without it", path)
		}
		if err := createRoot(path); err != nil {
			return nil, fmt.Errorf("make root key file: %w", err)
		}
		root, err = readRoot(path)
	} else if err == nil && create { // another process may have made it just now, or have been killed just after
		if err = errors.Join(removeCopies(path, root), syncFolder(filepath.Dir(path))); errors.Is(err, fs.ErrPermission) && !writable(filepath.Dir(path)) {
			err = nil // nor has this user made anything there: the file is from an administrator
		}
	}
	if err != nil {
		return nil, fmt.Errorf("root key file %s: %w", path, err)
	}
	return root, nil
}

// writable reports whether this user may make files in a folder.
func writable(dir string) bool {
	return unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK, unix.AT_EACCESS) == nil
}

func readRoot(path string) (*Root, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is %v, want a regular file", info.Mode().Type())
	}
	owner := os.Geteuid()
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(stat.Uid)
	}
	if err := checkMode(info.Mode().Perm(), owner, os.Geteuid()); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxRootFile))
	if err != nil {
		return nil, err
	}
	return parseRoot(text)
}

// checkMode fails if others than the user self may use a file. As for PostgreSQL's keys, one that belongs to root may be readable by
// its group: Kubernetes gives secrets to a service that is not root's in this way, and it cannot change that.
func checkMode(mode fs.FileMode, owner, self int) error {
	allowed, remedy := fs.FileMode(0o700), "chmod 600 on it"
	if owner == 0 && self != 0 {
		allowed, remedy = 0o740, "chmod 640 on it"
	}
	if mode&^allowed == 0 {
		return nil
	}
	if owner == 0 && mode&0o004 != 0 { // as containers get secrets unless they ask for something else
		remedy += ", or mount it otherwise: a secret of Docker with uid and mode: 0400, one of Kubernetes with defaultMode: 0400"
		if self != 0 {
			remedy += " and the pod with fsGroup"
		}
	}
	return fmt.Errorf("its mode is %04o, so others may use it: run %s", mode, remedy)
}

// parseRoot reads the content of a root key file. Its errors never quote it.
func parseRoot(text []byte) (*Root, error) {
	var secret [secretSize]byte
	found := false
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if found {
			return nil, errors.New("it has more than one line that does not begin with #, want one with the key")
		}
		if len(line) != hex.EncodedLen(len(secret)) {
			return nil, fmt.Errorf("its key is %d characters long, want %d hexadecimal digits", len(line), hex.EncodedLen(len(secret)))
		}
		if _, err := hex.Decode(secret[:], line); err != nil {
			return nil, errors.New("its key has characters that are not hexadecimal digits")
		}
		found = true
	}
	if !found {
		return nil, fmt.Errorf("it holds no key, want a line of %d hexadecimal digits", hex.EncodedLen(len(secret)))
	}
	return newRoot(secret), nil
}

// draftSuffix follows the name of the file, and precedes some digits, in the name of a draft of it.
const draftSuffix = ".new"

// createRoot makes the file with a new key, unless a file is there by the time it is written.
func createRoot(path string) error {
	var secret [secretSize]byte
	rand.Read(secret[:]) // documented never to fail

	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+draftSuffix+"*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s%x\n", rootFileHeader, secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	// The folder is synced afterwards, or a power failure would bring this name of the key back.
	if err := errors.Join(err, removeDraft(f.Name())); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// removeCopies removes drafts left by a process that made the key in the file at path and died before it removed them:
// otherwise a copy would stay with the data, and in its backups, when the key is moved to another place. Any other file
// stays.
func removeCopies(path string, root *Root) error {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		digits, draft := strings.CutPrefix(entry.Name(), filepath.Base(path)+draftSuffix)
		if !draft || digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		if other, err := readRoot(name); err != nil || other.id != root.id {
			continue
		}
		if err := removeDraft(name); err != nil {
			return err
		}
	}
	return nil
}

// removeDraft removes a draft, unless another process was faster.
func removeDraft(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
