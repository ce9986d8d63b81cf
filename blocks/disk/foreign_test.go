package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"granary/blocks"
)

// A block that shrank on the disk is reported, at Open or by a reader that had opened it before.
func TestTruncatedFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := blocks.NewID()
	if err := put(s, id, strings.Repeat("grain", 1000)); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(t.Context(), id, 0, 5000)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.Truncate(filepath.Join(dir, fileOf(id)), 3000); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); len(got) != 3000 || !errors.Is(err, blocks.ErrShort) {
		t.Errorf("an open reader yields %d bytes, %v; want 3000, %v", len(got), err, blocks.ErrShort)
	}
	if _, err := s.Open(t.Context(), id, 0, 5000); !errors.Is(err, blocks.ErrShort) {
		t.Errorf("open: %v, want %v", err, blocks.ErrShort)
	}
}

// What is no file is no block, and nobody waits for what may never come from it.
func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := put(s, blocks.ID{0xab}, "grain"); err != nil { // makes the folder
		t.Fatal(err)
	}
	for name, lay := range map[string]func(string) error{
		"a pipe":   func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"a folder": func(file string) error { return os.Mkdir(file, 0o700) },
	} {
		id := blocks.ID{0xab, byte(len(name))}
		if err := lay(filepath.Join(dir, fileOf(id))); err != nil {
			t.Fatal(err)
		}
		opened := make(chan error, 1)
		go func() {
			_, err := s.Open(t.Context(), id, 0, 0)
			opened <- err
		}()
		select {
		case err := <-opened:
			if !errors.Is(err, blocks.ErrNotExist) {
				t.Errorf("%s: %v, want %v", name, err, blocks.ErrNotExist)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: Open does not return", name)
		}
	}
}

func TestListPassesOverForeignFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := blocks.ID{0xab}
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"ab/notes.txt", "ab/" + strings.ToUpper(id.String()), "ab/cd" + id.String()[2:], "ab/" + id.String() + ".bak",
		"tmp/" + id.String() + ".X", id.String(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "ab", "ab"+strings.Repeat("0", 29)+"1"), 0o700); err != nil {
		t.Fatal(err)
	}
	n := 0
	for info, err := range s.List(t.Context()) {
		if n++; err != nil || info.ID != id || info.Size != 5 {
			t.Errorf("listed: %+v, %v", info, err)
		}
	}
	if n != 1 {
		t.Errorf("%d blocks are listed, want 1", n)
	}
}

func TestOpenRefusesFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(dir); err == nil {
			t.Errorf("%s opens as a folder", dir)
		}
	}
}
