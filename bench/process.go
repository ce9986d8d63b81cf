package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 3 * time.Minute // the first start may have to unpack PostgreSQL
	stopLimit  = time.Minute
)

// process is a server that the benchmark started.
type process struct {
	cmd   *exec.Cmd
	ended chan error // receives the result of Wait, once
}

// startProcess starts a server and waits for the line on its standard output that begins with ready and continues with the
// server's URL. Standard error goes to log. Other lines are never shown, since they may hold tokens.
func startProcess(ctx context.Context, cmd *exec.Cmd, ready string, log *os.File) (*process, string, error) {
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt from the terminal is for the benchmark, which ends its servers itself
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	p := &process{cmd: cmd, ended: make(chan error, 1)}
	url := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found, ok := strings.CutPrefix(lines.Text(), ready); ok {
				url <- found
			}
		}
		p.ended <- cmd.Wait()
	}()
	limit, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	select {
	case found := <-url:
		return p, found, nil
	case err := <-p.ended:
		return nil, "", fmt.Errorf("%s ended before it served: %w; its messages are in %s", cmd.Path, err, log.Name())
	case <-limit.Done():
		return nil, "", errors.Join(fmt.Errorf("%s did not serve: %w; its messages are in %s", cmd.Path, limit.Err(), log.Name()), p.stop())
	}
}

// stop asks the server to end and waits until it has ended.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	timer := time.NewTimer(stopLimit)
	defer timer.Stop()
	select {
	case err := <-p.ended:
		if err != nil {
			return fmt.Errorf("%s: %w", p.cmd.Path, err)
		}
		return nil
	case <-timer.C:
		return errors.Join(fmt.Errorf("%s did not end within %s of SIGTERM and was killed", p.cmd.Path, stopLimit), p.cmd.Process.Kill())
	}
}

// output runs a command and returns its standard output.
func output(cmd *exec.Cmd) (string, error) {
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, bytes.TrimSpace(problems.Bytes()))
	}
	return strings.TrimSpace(out.String()), nil
}
