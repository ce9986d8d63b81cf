package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endFormer ends a PostgreSQL that outlived its Granary, still running or already shutting down. It is ended rather
// than adopted, because only a child of this process can be made to end with it. The caller holds the folder's lock, so
// no living Granary wants that server.
//
// What a dead PostgreSQL left behind is for PostgreSQL itself to judge: besides the number of the process it checks
// whether any of the dead server's processes is still attached to its shared memory.
func endFormer(ctx context.Context, cluster string, a account, logf func(string, ...any)) error {
	pidFile := filepath.Join(cluster, "postmaster.pid")
	pid, err := readPID(pidFile)
	if err != nil || pid == 0 || !alive(pid) {
		return err
	}
	if !runsCluster(pid, cluster, a) {
		return disown(pidFile)
	}
	logf("ending the PostgreSQL (process %d) that a killed Granary left behind", pid)
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end the PostgreSQL (process %d) that a killed Granary left behind: %w", pid, err)
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for alive(pid) && runsCluster(pid, cluster, a) {
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("the PostgreSQL (process %d) that a killed Granary left behind has not ended yet: %w", pid, context.Cause(ctx))
		}
	}
	// A shutdown has removed the file. A killed server has left it, and keeps its number until somebody has waited for it.
	return endFormer(ctx, cluster, a, logf)
}

// readPID reads the first line of a postmaster.pid, the number of the process; 0 if there is no such file. (The lines
// are listed in PostgreSQL's src/include/utils/pidfile.h.)
func readPID(file string) (int, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for a former server: %w", err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if len(text) == 0 { // PostgreSQL refuses it, too: which memory a former server shared can be read nowhere else
		return 0, fmt.Errorf("%s is empty, as a full disk or a crash may leave it: make sure that no PostgreSQL runs there, then remove it", file)
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line)))
	if err != nil || pid <= 0 {
		return 0, fmt.Errorf("%s should begin with the number of a process, and begins with %q: make sure that no PostgreSQL runs there, then remove it", file, line)
	}
	return pid, nil
}

// disown handles the number of a dead server that is taken: it has passed to some other process, as happens after a
// reboot or in a container, or nobody has waited for the server. PostgreSQL would take that process for a living server
// and refuse to start, except where the number is its own parent's; the rest of the file must stay, for it names the
// shared memory to check. (CreateLockFile in PostgreSQL's src/backend/utils/init/miscinit.c.)
func disown(pidFile string) error {
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return fmt.Errorf("look for a former server: %w", err)
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	// Root must not be led elsewhere by a link in a folder that the account may write to. What is there is not cut off
	// first, or a full disk, which takes nothing in its place, would leave an empty file, with which nothing starts.
	file, err := os.OpenFile(pidFile, os.O_WRONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return fmt.Errorf("correct a stale postmaster.pid: %w", err)
	}
	text = fmt.Appendf(nil, "%d\n%s", os.Getpid(), rest)
	if _, err = file.Write(text); err == nil {
		err = file.Truncate(int64(len(text)))
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("correct a stale postmaster.pid: %w", err)
	}
	return nil
}

// Remove removes a data folder with everything in it, after ending a server that a killed Granary left behind. It
// fails with [ErrRunning] if a living process owns the folder. A folder that does not exist is removed already.
func Remove(ctx context.Context, data string) error {
	dir, err := newFolder(data)
	if err != nil {
		return err
	}
	held, err := tryLock(dir.lockFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, errLocked):
		return fmt.Errorf("%s: %w", dir, ErrRunning)
	case err != nil:
		return err
	}
	defer func() { _ = held.release() }() // nothing was written through it
	acct, err := accountFor(dir)
	if err != nil {
		return err
	}
	if err := endFormer(ctx, dir.cluster(), acct, func(string, ...any) {}); err != nil {
		return err
	}
	if err := dir.closeSocketFolder(); err != nil {
		return err
	}
	return os.RemoveAll(string(dir))
}
