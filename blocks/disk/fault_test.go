package disk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"granary/blocks"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// files returns every file under dir, relative to it.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func put(s *Store, id blocks.ID, content string) error {
	return s.Put(context.Background(), id, strings.NewReader(content), int64(len(content)))
}

// A disk that takes no writes any more is told of, and that it does again.
func TestReadOnlyDisk(t *testing.T) {
	s := open(t, t.TempDir())
	for _, flags := range []int{readOnly, 0} {
		s.statfs = func(_ int, stat *syscall.Statfs_t) error {
			*stat = syscall.Statfs_t{}
			if flags != 0 {
				stat.Flags |= readOnly
			}
			return nil
		}
		if err := s.Healthy(t.Context()); errors.Is(err, syscall.EROFS) != (flags != 0) {
			t.Errorf("flags %d: %v", flags, err)
		}
	}
}

// Whichever sync of a Put fails, the block is not there, nothing is left of it, and the store stays suspect although
// later syncs succeed.
func TestFailedSync(t *testing.T) {
	total := 0
	for n := 1; ; n++ {
		dir := t.TempDir()
		s := open(t, dir)
		calls := 0
		s.sync = func(f *os.File) error {
			if calls++; calls == n {
				return syscall.EIO
			}
			return f.Sync()
		}
		id := blocks.NewID()
		err := put(s, id, "grain")
		if calls < n {
			if err != nil || s.Healthy(t.Context()) != nil {
				t.Fatalf("no sync failed: put %v, healthy %v", err, s.Healthy(t.Context()))
			}
			break
		}
		total++
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("sync %d failed: put reports %v, want %v", n, err, syscall.EIO)
		}
		if left := files(t, dir); len(left) != 0 {
			t.Errorf("sync %d failed: %v is left", n, left)
		}
		if calls != n {
			t.Errorf("sync %d failed: %d more syncs followed, as if one could make up for it", n, calls-n)
		}
		if err := put(s, blocks.NewID(), "more"); err != nil {
			t.Errorf("sync %d failed: the next put fails too: %v", n, err)
		}
		if err := s.Healthy(t.Context()); !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), dir) {
			t.Errorf("sync %d failed: healthy reports %v, want %v and the folder", n, err, syscall.EIO)
		}
	}
	if total != 3 {
		t.Errorf("a first put in a shard syncs %d times, want 3: the root, the file, the shard", total)
	}
}

func TestFailedSyncOfDelete(t *testing.T) {
	s := open(t, t.TempDir())
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	s.sync = func(*os.File) error { return syscall.EIO }
	if err := s.Delete(t.Context(), id); !errors.Is(err, syscall.EIO) {
		t.Errorf("delete reports %v, want %v", err, syscall.EIO)
	}
	if s.Healthy(t.Context()) == nil {
		t.Error("the store is still healthy")
	}
}

// A name must not exist before the bytes behind it are safe.
func TestSyncsBeforeNaming(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := blocks.NewID()
	var seen []bool
	s.sync = func(f *os.File) error {
		_, err := os.Lstat(filepath.Join(dir, fileOf(id)))
		seen = append(seen, err == nil)
		return f.Sync()
	}
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	if want := []bool{false, false, true}; len(seen) != 3 || seen[0] != want[0] || seen[1] != want[1] || seen[2] != want[2] {
		t.Errorf("named at the syncs of root, file and shard: %v, want %v", seen, want)
	}
}

// Network file systems report a full disk or quota only when a file is synced. That is no reason to distrust the store.
func TestNoSpaceAtSync(t *testing.T) {
	for _, errno := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		dir := t.TempDir()
		s := open(t, dir)
		first, second := blocks.ID{0xab, 1}, blocks.ID{0xab, 2}
		if err := put(s, first, "grain"); err != nil {
			t.Fatal(err)
		}
		s.sync = func(*os.File) error { return errno }
		if err := put(s, second, "grain"); !errors.Is(err, blocks.ErrNoSpace) || !errors.Is(err, errno) {
			t.Errorf("put reports %v, want %v and %v", err, blocks.ErrNoSpace, errno)
		}
		if left := files(t, dir); len(left) != 1 || left[0] != fileOf(first) {
			t.Errorf("%v is left, want the first block", left)
		}
		if err := s.Healthy(t.Context()); err != nil {
			t.Errorf("healthy reports %v", err)
		}
	}
}

func TestFailedPutLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	torn := io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(io.ErrUnexpectedEOF))
	if err := s.Put(t.Context(), blocks.NewID(), torn, blocks.SizeUnknown); err == nil {
		t.Error("a torn body is stored")
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestLayout(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir)
	id, err := blocks.ParseID("ab0123456789abcdef0123456789abcd")
	if err != nil {
		t.Fatal(err)
	}
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) != 1 || got[0] != "ab/ab0123456789abcdef0123456789abcd" {
		t.Errorf("the block is stored as %v", got)
	}
	for name, want := range map[string]fs.FileMode{
		".": 0o700 | fs.ModeDir, "tmp": 0o700 | fs.ModeDir, "ab": 0o700 | fs.ModeDir, "ab/" + id.String(): 0o600,
	} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v (%v), want %v", name, info.Mode(), err, want)
		}
	}
}

// Blocks survive, are seen by another process on the folder, and its Puts exclude ours.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	id := blocks.NewID()
	if err := put(one, id, "grain"); err != nil {
		t.Fatal(err)
	}
	if err := put(two, id, "chaff"); !errors.Is(err, blocks.ErrExist) {
		t.Errorf("put by the other: %v, want %v", err, blocks.ErrExist)
	}
	r, err := two.Open(t.Context(), id, 0, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "grain" || err != nil {
		t.Errorf("read by the other: %q, %v", got, err)
	}
}

// What dead writers left goes when a store is opened, and while it is open.
func TestStaleFilesAreSwept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	for by, sweep := range map[string]func() error{
		"opening again": func() error { open(t, dir); return nil },
		"a sweep":       func() error { return s.Sweep(t.Context()) },
	} {
		for name, age := range map[string]time.Duration{"tmp/stale": staleAfter + time.Hour, "tmp/fresh": staleAfter - time.Hour, fileOf(id): 10 * staleAfter} {
			file := filepath.Join(dir, name)
			if f, err := os.OpenFile(file, os.O_CREATE, 0o600); err != nil {
				t.Fatal(err)
			} else {
				f.Close()
			}
			then := time.Now().Add(-age)
			if err := os.Chtimes(file, then, then); err != nil {
				t.Fatal(err)
			}
		}
		if err := sweep(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(files(t, dir), " "); got != fileOf(id)+" tmp/fresh" {
			t.Errorf("after %s there are %s, want the block and tmp/fresh", by, got)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Sweep(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a sweep that is not to go on: %v", err)
	}
}

// What comes so slowly that nothing of it is written for a day is not taken for a dead writer's.
func TestASlowWriterIsNotSwept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	s.freshEach = time.Millisecond
	began := time.Now()
	slow := readerFunc(func([]byte) (int, error) {
		names, err := filepath.Glob(filepath.Join(dir, "tmp", "*"))
		if err != nil || len(names) != 1 {
			t.Fatalf("%v is being written, %v", names, err)
		}
		then := began.Add(-2 * staleAfter)
		if err := os.Chtimes(names[0], then, then); err != nil {
			t.Fatal(err)
		}
		for time.Since(began) < time.Minute {
			if info, err := os.Stat(names[0]); err != nil || info.ModTime().After(then) {
				break
			}
			<-time.After(time.Millisecond)
		}
		if err := s.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		return 0, io.EOF
	})
	if err := s.Put(t.Context(), blocks.NewID(), io.MultiReader(strings.NewReader("grain"), slow), 5); err != nil {
		t.Errorf("the block of a slow writer: %v", err)
	}
	if got := files(t, dir); len(got) != 1 || strings.HasPrefix(got[0], "tmp") {
		t.Errorf("%v is left, want the block", got)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestHealthyNoticesLostFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blocks")
	s := open(t, dir)
	if err := s.Healthy(t.Context()); err != nil {
		t.Errorf("a new store: %v", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Healthy(t.Context()); err == nil {
		t.Error("the folder is gone and the store healthy")
	}
}

// A folder that was moved gets what is written until the next start, and then nobody looks there.
func TestHealthyNoticesAnotherFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blocks")
	s := open(t, dir)
	steps := []struct {
		does func() error
		want string // in what is reported; "": nothing
	}{
		{func() error { return os.Rename(dir, dir+".old") }, "was it moved, or its disk unmounted?"},
		{func() error {
			return errors.Join(os.Mkdir(dir, folderMode), os.Mkdir(filepath.Join(dir, tmpFolder), folderMode))
		}, "another one is in its place"},
		{func() error { return os.RemoveAll(dir) }, "was it moved, or its disk unmounted?"},
		{func() error { return os.Rename(dir+".old", dir) }, ""},
	}
	for i, step := range steps {
		if err := step.does(); err != nil {
			t.Fatal(err)
		}
		if err := s.Healthy(t.Context()); (err == nil) != (step.want == "") || err != nil && !strings.Contains(err.Error(), step.want) {
			t.Errorf("step %d: %v; want %q", i, err, step.want)
		}
	}
}
