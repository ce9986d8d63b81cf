package seal_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"granary/blocks/seal"
)

// as runs f as another user, as far as files are concerned.
func as(t *testing.T, uid int, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends with the goroutine, and its user with it
		if err := syscall.Setfsuid(uid); err != nil {
			done <- err
			return
		}
		f()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// An administrator may put the key into a folder that the service can pass through and not list. A folder where the service may have made
// the key itself has to be listed.
func TestLoadRootFromAFolderOfOthers(t *testing.T) {
	dir, err := os.MkdirTemp("", "granary-root-key-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(os.Chmod(dir, 0o700), os.RemoveAll(dir)); err != nil { // without that mode only root could
			t.Error(err)
		}
	}()
	path := filepath.Join(dir, "root.key")
	if err := os.WriteFile(path, []byte(strings.Repeat("0f", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	service := os.Geteuid()
	if service == 0 { // who may everything
		service = 54321
		if err := errors.Join(os.Chown(path, service, service), os.Chown(dir, service, service)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		mode os.FileMode
		ok   bool
	}{{0o100, true}, {0o300, false}, {0o700, true}} {
		if err := os.Chmod(dir, c.mode); err != nil {
			t.Fatal(err)
		}
		as(t, service, func() {
			if _, err := seal.LoadRoot(path, true); (err == nil) != c.ok {
				t.Errorf("in a folder where it has the rights %o: %v", c.mode, err)
			}
		})
	}
}
