package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"granary/blocks"
)

// A folder that is mounted read-only can be read, as a backup is that nobody is to change, whatever a writer who was killed has left in it.
func TestReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := blocks.NewID()
	if err := put(s, id, "grain"); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, tmpFolder, blocks.NewID().String()+".killed")
	long := time.Now().Add(-2 * staleAfter)
	if err := errors.Join(os.WriteFile(left, nil, fileMode), os.Chtimes(left, long, long)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread, which sees the folder so, ends with this goroutine
		done <- func() error {
			if err := syscall.Unshare(syscall.CLONE_FS | syscall.CLONE_NEWNS); err != nil {
				return err
			}
			if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
				return err
			}
			if err := errors.Join(syscall.Mount(dir, dir, "", syscall.MS_BIND, ""), syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, "")); err != nil {
				return err
			}
			s, err := Open(dir)
			if err != nil {
				t.Errorf("open: %v", err)
				return nil
			}
			defer s.Close()
			r, err := s.Open(t.Context(), id, 0, 5)
			if err != nil {
				t.Errorf("open a block: %v", err)
				return nil
			}
			defer r.Close()
			if content, err := io.ReadAll(r); string(content) != "grain" || err != nil {
				t.Errorf("the block has %q, %v", content, err)
			}
			for what, err := range map[string]error{"put": put(s, blocks.NewID(), "chaff"), "delete": s.Delete(t.Context(), id)} {
				if !errors.Is(err, syscall.EROFS) || !errors.Is(err, blocks.ErrUnavailable) {
					t.Errorf("%s reports %v, want %v and %v", what, err, syscall.EROFS, blocks.ErrUnavailable)
				}
			}
			return nil
		}()
	}()
	if err := <-done; err != nil {
		t.Skipf("needs the right to mount: %v", err)
	}
}
