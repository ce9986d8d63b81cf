package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// endWithParent does nothing here: macOS has no parent-death signal. startGuarded does its work.
func endWithParent(*syscall.SysProcAttr) {}

// guardScript waits for the end of a pipe that nobody writes to, then sends PostgreSQL's fast shutdown.
const guardScript = `read -r _; kill -INT "$0"`

// startGuarded starts cmd and a watching shell whose standard input is a pipe that this process holds open. The kernel
// closes the pipe however this process ends. release ends the shell once cmd has ended.
func startGuarded(cmd *exec.Cmd) (release func(), err error) {
	ours, theirs, err := pipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, closeBoth(err, ours, theirs)
	}
	guard := exec.Command("/bin/sh", "-c", guardScript, strconv.Itoa(cmd.Process.Pid))
	guard.Stdin = theirs
	guard.Env = []string{"PATH=/usr/bin:/bin"}
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: cmd.SysProcAttr.Credential}
	if err := guard.Start(); err != nil {
		_ = cmd.Process.Kill() // it has done nothing yet
		_ = cmd.Wait()         // and fails because it was killed
		return nil, closeBoth(fmt.Errorf("start the watching shell: %w", err), ours, theirs)
	}
	_ = theirs.Close() // the shell has its own
	return func() {
		_ = guard.Process.Kill() // before its pipe ends, or it would signal a number that is nobody's any more
		_ = guard.Wait()         // fails because it was killed
		_ = ours.Close()         // nothing was written
	}, nil
}

// pipe returns the end to hold and the end to read.
func pipe() (ours, theirs *os.File, err error) {
	theirs, ours, err = os.Pipe()
	return ours, theirs, err
}

func closeBoth(err error, ours, theirs *os.File) error {
	_, _ = ours.Close(), theirs.Close() // nothing was written
	return err
}

// runsCluster tells whether a process is the PostgreSQL that the account was made to run for this cluster, by the
// command line that launch gives it: macOS does not show the working folder of other processes, and by now the number
// may be that of another server of the same user.
func runsCluster(pid int, cluster string, a account) bool {
	out, err := exec.Command("/bin/ps", "-ww", "-o", "uid=,command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return false
	}
	uid, command, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	return uid == strconv.FormatUint(uint64(a.uid), 10) && strings.Contains(command, "postgres -D "+cluster+" ")
}
