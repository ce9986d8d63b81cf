package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"granary/blocks"
)

// A network file system that heard no answer sends a link again, and is told then that the name is taken: by what it was to name.
func TestALinkThatWasMadeBefore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ours, others := blocks.ID{0xab, 1}, blocks.ID{0xab, 2}
	for id, named := range map[blocks.ID]func(tmp, file string) error{
		ours:   os.Link,
		others: func(_, file string) error { return os.WriteFile(file, []byte("chaff"), 0o600) },
	} {
		s.sync = func(f *os.File) error {
			if names, err := filepath.Glob(filepath.Join(dir, "tmp", id.String()+".*")); err == nil && len(names) == 1 {
				if err := named(names[0], filepath.Join(dir, fileOf(id))); err != nil {
					t.Error(err)
				}
			}
			return f.Sync()
		}
		err := put(s, id, "grain")
		if want := map[blocks.ID]error{ours: nil, others: blocks.ErrExist}[id]; !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("put reports %v, want %v", err, want)
		}
	}
	if got, err := os.ReadFile(filepath.Join(dir, fileOf(ours))); string(got) != "grain" || err != nil {
		t.Errorf("the block has %q, %v", got, err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, fileOf(others))); string(got) != "chaff" || err != nil {
		t.Errorf("another's block has %q, %v", got, err)
	}
	if left := files(t, dir); len(left) != 2 {
		t.Errorf("%v are left, want the blocks", left)
	}
}

// On a network file system a file is gone, for who reads it, too, when another machine has deleted it: whoever knows where else its content lies
// has to be told that.
func TestABlockThatAnotherMachineDeletes(t *testing.T) {
	s := open(t, t.TempDir())
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(t.Context(), id, 0, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for name, c := range map[string]struct {
		fails error
		gone  bool
	}{"deleted": {syscall.ESTALE, true}, "broken": {syscall.EIO, false}} {
		s.readAt = func(*os.File, []byte, int64) (int, error) { return 0, c.fails }
		other, err := s.Open(t.Context(), id, 0, 5)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(other); !errors.Is(err, c.fails) || errors.Is(err, blocks.ErrNotExist) != c.gone {
			t.Errorf("%s: %v", name, err)
		}
		other.Close()
	}
	if got, err := io.ReadAll(r); string(got) != "grain" || err != nil {
		t.Errorf("here it is: %q, %v", got, err)
	}
}
