package disk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// MarkFile is the file that names the installation whose blocks are in the folder.
const MarkFile = "installation"

// Mark implements [blocks.Marked].
func (s *Store) Mark(context.Context) (string, error) {
	text, err := s.root.ReadFile(MarkFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// SetMark implements [blocks.Marked].
func (s *Store) SetMark(_ context.Context, mark string) error {
	tmp := path.Join(tmpFolder, MarkFile+"."+rand.Text())
	// Room is not checked: the mark must fit on a full disk as well, or nothing there could be deleted.
	err := s.write(tmp, strings.NewReader(mark+"\n"), func(*os.File, int64) error { return nil })
	if err == nil {
		err = s.root.Rename(tmp, MarkFile)
	}
	if err != nil {
		return fmt.Errorf("block folder %s: %w", s.dir, errors.Join(err, s.discard(tmp)))
	}
	return s.syncFolder(".")
}

// Name implements [blocks.Marked].
func (s *Store) Name() string { return "block folder " + s.dir }

// Dir is where the folder is.
func (s *Store) Dir() string { return s.dir }
