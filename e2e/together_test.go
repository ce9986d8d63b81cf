//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/postgres"
)

// stuck is a command whose standard output takes nothing until it is read.
type stuck struct {
	cmd      *exec.Cmd
	out      *os.File
	problems *bufio.Scanner
}

func startStuck(t *testing.T, args ...string) *stuck {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	raw, err := in.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var full error
	if err := raw.Write(func(fd uintptr) bool {
		for full == nil {
			_, full = syscall.Write(int(fd), bytes.Repeat([]byte("\n"), 4096))
		}
		return true
	}); err != nil || !errors.Is(full, syscall.EAGAIN) {
		t.Fatalf("fill a pipe: %v, %v", err, full)
	}
	cmd := exec.Command(binary, args...)
	cmd.Stdout = in
	problems, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	s := &stuck{cmd, out, bufio.NewScanner(problems)}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // if the test did not see its end
	return s
}

// goOn reads what the command prints.
func (s *stuck) goOn() {
	go func() { _, _ = bufio.NewReader(s.out).WriteTo(&bytes.Buffer{}) }()
}

// TestCommandsTogether runs two commands at a time on an installation that is stopped: the one that started the private PostgreSQL, and
// is done first, waits for the other one.
func TestCommandsTogether(t *testing.T) {
	g, err := start(scratch(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.furnish(), g.stop()); err != nil {
		t.Fatal(err)
	}
	list := []string{"user", "list", "--data", g.data}
	first := startStuck(t, list...)
	var database string
	eventually(t, "the first command starts PostgreSQL", func() (ok bool) {
		database, ok = postgres.Attach(filepath.Join(g.data, "postgres"))
		return ok
	})
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	busy := func(since time.Time) bool {
		var n int
		err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'granary'
			AND backend_start > $1`, since).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
	eventually(t, "the first command is at work", func() bool { return busy(time.Time{}) })
	between := time.Now()
	second := startStuck(t, list...)
	eventually(t, "the second command is at work", func() bool { return busy(between) })
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	first.goOn()
	for !strings.Contains(first.problems.Text(), "other commands") {
		if !first.problems.Scan() {
			t.Fatalf("the first command does not wait for the second: %v", first.cmd.Wait())
		}
	}
	second.goOn()
	for name, s := range map[string]*stuck{"first": first, "second": second} {
		for s.problems.Scan() {
			t.Logf("%s: %s", name, s.problems.Text())
		}
		if err := s.cmd.Wait(); err != nil {
			t.Errorf("the %s command: %v", name, err)
		}
	}
}

// eventually waits for ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	late := time.After(startTime)
	for !ok() {
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("not within %v: %s", startTime, what)
		}
	}
}
