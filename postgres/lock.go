package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lock is an advisory lock on a file, held by an open descriptor and so released by the kernel however its process
// ends. The file itself stays: removing it would let two processes lock two files of one name.
type lock struct{ file *os.File }

// errLocked says that somebody else holds the lock.
var errLocked = errors.New("locked")

// tryLock takes the lock at path, or fails at once with errLocked.
func tryLock(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := giveToFolder(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = file.Close() // nothing was written
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return &lock{file}, nil
}

// waitLock takes the lock at path, trying again for as long as goOn allows it.
func waitLock(ctx context.Context, path string, goOn func() bool) (*lock, error) {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		l, err := tryLock(path)
		if !errors.Is(err, errLocked) || !goOn() {
			return l, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// is reports whether the lock is the one at path, where there may be another file by now.
func (l *lock) is(path string) bool {
	own, err := l.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(own, there)
}

func (l *lock) release() error { return l.file.Close() }

// handover is how long a Granary that is neither serving nor gone may take to free its folder.
const handover = 30 * time.Second

// acquire takes the folder for this process. It waits while another one is starting or stopping, and fails with
// [ErrRunning] once that one turns out to be serving.
func (f folder) acquire(ctx context.Context) (*lock, error) {
	until := time.Now().Add(handover)
	l, err := waitLock(ctx, f.lockFile(), func() bool {
		_, serving := Attach(string(f))
		return !serving && time.Now().Before(until)
	})
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("%s: %w", f, ErrRunning)
	}
	return l, err
}
