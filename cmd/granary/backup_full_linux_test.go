package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Who makes room on a disk that is full of backups by removing older copies gets it, although no copy can be finished before.
func TestFullBackupDisk(t *testing.T) {
	to := t.TempDir()
	if err := syscall.Mount("granary-backup", to, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(to, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	i := newInstalled(t)
	content := bytes.Repeat([]byte("content "), 400_000)
	names := filepath.Join(to, "names")
	copies := func(want int) []os.DirEntry {
		t.Helper()
		found, err := os.ReadDir(names)
		if err != nil || len(found) != want {
			t.Fatalf("%v, %v; want %d", found, err, want)
		}
		return found
	}
	i.asAda(t, func(files string) {
		for n, flags := range [][]string{nil, nil, {"--keep", "5"}, {"--keep", "5"}} {
			if n < 3 {
				ask(t, "PUT", files+"/file?op=CREATE&overwrite=true", content)
			}
			_, err := i.granary(t, append([]string{"backup", to}, flags...)...)
			switch {
			case n < 2 && err != nil:
				t.Fatal(err)
			case n == 2:
				if err == nil || !strings.Contains(err.Error(), "is full: remove older copies") {
					t.Fatalf("%v", err)
				}
				if err := os.RemoveAll(filepath.Join(names, copies(2)[0].Name())); err != nil {
					t.Fatal(err)
				}
			case n == 3 && (err == nil || !strings.Contains(err.Error(), "is full: remove older copies")):
				t.Errorf("before what was needed is deleted: %v", err)
			}
		}
		if _, err := i.granary(t, "backup", to, "--keep", "5"); err != nil {
			t.Errorf("with the room of one copy: %v", err)
		}
		copies(2)
		// Not even the database finds room.
		junk, err := os.Create(filepath.Join(to, "junk"))
		if err != nil {
			t.Fatal(err)
		}
		defer junk.Close()
		for err == nil {
			_, err = junk.Write(content)
		}
		if _, err := i.granary(t, "backup", to); err == nil || !strings.Contains(err.Error(), "is full: remove older copies") || !strings.Contains(err.Error(), "copy the database") {
			t.Errorf("without any room: %v", err)
		}
		copies(2)
	})
}
