package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// markFile says whose blocks are in the folder.
const markFile = "installation"

// Mark returns whose blocks the folder has, as [Store.SetMark] wrote it; "" if nobody did.
func (s *Store) Mark() (string, error) {
	text, err := s.root.ReadFile(markFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// SetMark writes down, durably, whose blocks the folder has.
func (s *Store) SetMark(mark string) error {
	tmp := path.Join(tmpFolder, markFile+"."+rand.Text())
	// On a disk that is full as well, or nothing on it could be deleted.
	err := s.write(tmp, strings.NewReader(mark+"\n"), func(*os.File, int64) error { return nil })
	if err == nil {
		err = s.root.Rename(tmp, markFile)
	}
	if err != nil {
		return fmt.Errorf("block folder %s: %w", s.dir, errors.Join(err, s.discard(tmp)))
	}
	return s.syncFolder(".")
}

// Dir is where the folder is, for messages.
func (s *Store) Dir() string { return s.dir }
