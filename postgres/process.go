package postgres

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// process is a running child that ends with this process.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and been waited for
	err  error         // what Wait said, readable after done
}

// startProcess starts cmd, made by [binaries.command], and waits for it in the background.
//
// The goroutine keeps its thread for itself until the child has ended, because Linux sends the parent-death signal
// when the thread that made the child ends (prctl(2), PR_SET_PDEATHSIG), and the runtime ends threads as it likes.
func startProcess(cmd *exec.Cmd) (*process, error) {
	endWithParent(cmd.SysProcAttr)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		release, err := startGuarded(cmd)
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		release()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// signal sends sig unless the process has ended. There is no other way for it to fail: the child is ours.
func (p *process) signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

// state describes how the process ended; it is called after done is closed.
func (p *process) state() string { return p.cmd.ProcessState.String() }

// alive tells whether a process has this number.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, os.ErrPermission)
}
