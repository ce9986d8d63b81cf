package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/blocks"
)

// The name of the installation outlives a power failure, and is never there without its text.
func TestMarkIsDurable(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	type flush struct{ folder, named bool }
	var flushes []flush
	s.sync = func(f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			t.Error(err)
			return err
		}
		_, err = os.Lstat(filepath.Join(dir, MarkFile))
		flushes = append(flushes, flush{info.IsDir(), err == nil})
		return f.Sync()
	}
	if err := s.SetMark(t.Context(), "ours"); err != nil {
		t.Fatal(err)
	}
	if want := []flush{{false, false}, {true, true}}; !slices.Equal(flushes, want) {
		t.Errorf("synced %+v, want the file before it has the name, and the folder after that: %+v", flushes, want)
	}
}

// Each folder that is made is there after a power failure, too.
func TestMadeFoldersAreDurable(t *testing.T) {
	dir := t.TempDir()
	var synced []string
	note := func(f *os.File) error { synced = append(synced, f.Name()); return nil }
	if err := makeFolder(filepath.Join(dir, "a", "b"), note); err != nil {
		t.Fatal(err)
	}
	if want := []string{dir, filepath.Join(dir, "a")}; !slices.Equal(synced, want) {
		t.Errorf("synced %v, want the folders that got an entry: %v", synced, want)
	}
	failed := errors.New("it is lost")
	if err := makeFolder(filepath.Join(dir, "c"), func(*os.File) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("a sync that fails is reported as %v", err)
	}
}

// A caller who leaves while the disk is flushed has not put anything: nobody would know of the block.
func TestPutByWhoLeavesBeforeItsEnd(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	first, second := blocks.ID{0xab, 1}, blocks.ID{0xab, 2} // in one shard, whose folder is synced with the first
	if err := put(s, first, "grain"); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	s.sync = func(f *os.File) error { leave(); return f.Sync() }
	if err := s.Put(ctx, second, strings.NewReader("chaff"), 5); !errors.Is(err, context.Canceled) {
		t.Errorf("put reports %v, want %v", err, context.Canceled)
	}
	if left := files(t, dir); len(left) != 1 || left[0] != fileOf(first) {
		t.Errorf("there are %v, want the first block", left)
	}
}

// A sweep takes files alone: a folder in tmp, of whoever it is, is no unfinished block.
func TestFoldersAreNotSwept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	folder, then := filepath.Join(dir, tmpFolder, "folder"), time.Now().Add(-2*staleAfter)
	if err := errors.Join(os.Mkdir(folder, 0o700), os.Chtimes(folder, then, then)); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
}
