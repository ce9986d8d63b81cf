package disk_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/disk"
)

func TestStore(t *testing.T) {
	blockstest.Run(t, func(t *testing.T) blocks.Store { return open(t, t.TempDir()) })
}

func open(t *testing.T, dir string) *disk.Store {
	t.Helper()
	s, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// What root writes into another user's folder belongs to that user: a command that root ran once must leave nothing that the server
// cannot read.
func TestRootKeepsTheOwner(t *testing.T) {
	uid, gid := uint32(os.Geteuid()), uint32(os.Getegid())
	dir := t.TempDir()
	if uid == 0 {
		uid, gid = 65534, 65534
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, dir)
	if err := s.Put(t.Context(), blocks.NewID(), strings.NewReader("content"), 7); err != nil {
		t.Fatal(err)
	}
	found := 0
	if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		found++
		if owner := info.Sys().(*syscall.Stat_t); owner.Uid != uid || owner.Gid != gid {
			t.Errorf("%s belongs to %d:%d", path, owner.Uid, owner.Gid)
		}
		return nil
	}); err != nil || found != 4 { // the folder, tmp, a shard and the block
		t.Errorf("%d entries, %v", found, err)
	}
}
