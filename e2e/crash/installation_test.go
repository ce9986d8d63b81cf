package crash

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"granary/postgres"
)

// patience bounds everything that is waited for. It is long, because only a test that fails waits for its end.
const patience = 2 * time.Minute

// installation is a Granary under test: a data folder and, while it serves, a process.
type installation struct {
	program string
	folder  string // holds data, and the two streams of the server beside it
	flags   []string
	where   []string // flags that say where its database is, for all commands; none: it is private
	streams string   // what tells its streams from those of another server on the same folder
	url     string   // where it serves; a new one after each start
	process *os.Process
	ended   chan error // what the process's Wait said
	logged  int64      // length of the log when the process began
}

// install makes an installation that does not serve yet. flags are further ones for `granary serve`. It goes with the
// test, and the end of its log is shown if that has failed.
func install(t *testing.T, program string, flags ...string) *installation {
	t.Helper()
	folder, err := os.MkdirTemp("", "granary-crash-")
	if err != nil {
		t.Fatal(err)
	}
	g := &installation{program: program, folder: folder, flags: flags}
	t.Cleanup(func() { g.remove(t) })
	// As root PostgreSQL is another user, who must pass through.
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	return g
}

// beside makes a second server of the same installation, whose database is not private. It ends with the test.
func (g *installation) beside(t *testing.T) *installation {
	t.Helper()
	other := &installation{program: g.program, folder: g.folder, flags: g.flags, where: g.where, streams: g.streams + "-beside"}
	t.Cleanup(func() { other.halt(t) })
	return other
}

func (g *installation) data() string   { return filepath.Join(g.folder, "data") }
func (g *installation) stderr() string { return filepath.Join(g.folder, "stderr"+g.streams) }
func (g *installation) stdout() string { return filepath.Join(g.folder, "stdout"+g.streams) }

// halt ends the server if it runs.
func (g *installation) halt(t *testing.T) {
	if g.process != nil {
		g.kill(t)
	}
	if t.Failed() {
		t.Logf("the log of the server ends with\n%s", tail(g.stderr(), 8<<10))
	}
}

// remove ends whatever runs and removes the folder.
func (g *installation) remove(t *testing.T) {
	g.halt(t)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := postgres.Remove(ctx, filepath.Join(g.data(), "postgres")); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(g.folder); err != nil {
		t.Error(err)
	}
}

// tail returns the last n bytes of a file, or why there are none.
func tail(file string, n int) []byte {
	text, err := os.ReadFile(file)
	if err != nil {
		return []byte(err.Error())
	}
	return text[max(0, len(text)-n):]
}

// launch starts `granary serve`. serving yields the address when it serves.
func (g *installation) launch(t *testing.T) (serving <-chan string) {
	t.Helper()
	stderr := g.output(t, g.stderr())
	defer stderr.Close()
	info, err := stderr.Stat()
	if err != nil {
		t.Fatal(err)
	}
	g.logged = info.Size()
	copied := g.output(t, g.stdout())
	cmd := exec.Command(g.program, slices.Concat([]string{"serve", "--data", g.data(), "--listen", "127.0.0.1:0"}, g.where, g.flags)...)
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, ended := make(chan string, 1), make(chan error, 1)
	g.process, g.ended = cmd.Process, ended
	go func() {
		defer copied.Close()
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			fmt.Fprintln(copied, lines.Text())
			if at, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
				address <- at
			}
		}
		ended <- cmd.Wait()
	}()
	return address
}

func (g *installation) output(t *testing.T, file string) *os.File {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// start starts the server and returns how long it took until it served.
func (g *installation) start(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	select {
	case g.url = <-g.launch(t):
		return time.Since(began)
	case err := <-g.ended:
		g.process = nil
		t.Fatalf("granary ended before it served: %v\n%s", err, tail(g.stderr(), 2<<10))
	case <-time.After(patience):
		t.Fatal("granary does not serve")
	}
	return 0
}

// refuse starts the server, which must end by itself with an exit status of 1, and returns what it said.
func (g *installation) refuse(t *testing.T) string {
	t.Helper()
	return g.giveUp(t, g.launch(t))
}

// giveUp waits for a server that ends by itself with an exit status of 1, before serving yields an address, and returns what it said since it was
// started.
func (g *installation) giveUp(t *testing.T, serving <-chan string) string {
	t.Helper()
	select {
	case at := <-serving:
		t.Fatalf("granary serves at %s and should have refused to", at)
	case err := <-g.ended:
		g.process = nil
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Errorf("granary ended with %v, want exit status 1", err)
		}
	case <-time.After(patience):
		t.Fatal("granary neither serves nor ends")
	}
	said, err := os.ReadFile(g.stderr())
	if err != nil {
		t.Fatal(err)
	}
	return string(said[g.logged:])
}

// kill ends the server with kill -9.
func (g *installation) kill(t *testing.T) {
	t.Helper()
	if err := g.process.Kill(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-g.ended:
		g.process = nil
		if want := "signal: killed"; err == nil || err.Error() != want {
			t.Errorf("granary ended with %v, and was to end with %s", err, want)
		}
	case <-time.After(patience):
		t.Fatal("a killed granary does not end")
	}
}

// terminate asks the server to end, which it must do with exit status 0.
func (g *installation) terminate(t *testing.T) {
	t.Helper()
	if err := g.process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	g.awaitEnd(t)
}

// awaitEnd waits for a server that was asked to end.
func (g *installation) awaitEnd(t *testing.T) {
	t.Helper()
	select {
	case err := <-g.ended:
		g.process = nil
		if err != nil {
			t.Errorf("granary was asked to end and did so with %v", err)
		}
	case <-time.After(patience):
		t.Fatal("granary does not end when asked to")
	}
}

// postmaster returns the process number of the private PostgreSQL, 0 if there is none.
func (g *installation) postmaster(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(g.data(), "postgres", "cluster", "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil {
		t.Fatalf("postmaster.pid begins with %q", line)
	}
	return pid
}

// killPostgres ends the private PostgreSQL's first process with kill -9.
func (g *installation) killPostgres(t *testing.T) {
	t.Helper()
	pid := g.postmaster(t)
	if pid == 0 {
		t.Fatal("there is no PostgreSQL to kill")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill PostgreSQL: %v", err)
	}
}

// run runs a granary command on the data folder and returns its standard output.
func (g *installation) run(args ...string) (string, error) {
	var out, errOut bytes.Buffer
	cmd := exec.Command(g.program, slices.Concat(args, []string{"--data", g.data()}, g.where)...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("granary %s: %w\n%s%s", strings.Join(args, " "), err, out.Bytes(), errOut.Bytes())
	}
	return out.String(), nil
}

// command is run for a command that must succeed.
func (g *installation) command(t *testing.T, args ...string) string {
	t.Helper()
	out, err := g.run(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// token returns a new token of a user.
func (g *installation) token(t *testing.T, user string) string {
	t.Helper()
	return strings.TrimSpace(g.command(t, "token", "create", "--user", user, "--expires", "24h"))
}

// fsckTotals is the line that fsck ends with.
var fsckTotals = regexp.MustCompile(`(\d+) in the store belong to nothing; (\d+) bytes read; 0 problems\n$`)

// fsck checks the whole installation and returns how many bytes of content it read. Every block in the store must be
// known to the database: one that is only just being deleted may look lost once, and not again and again.
func (g *installation) fsck(t *testing.T) (read int64) {
	t.Helper()
	var said string
	for range 3 {
		said = g.command(t, "fsck", "--read-data")
		m := fsckTotals.FindStringSubmatch(said)
		if m == nil {
			t.Fatalf("granary fsck says %q", said)
		}
		if m[1] != "0" {
			continue
		}
		n, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	t.Errorf("there are blocks that belong to nothing: %s", said)
	return 0
}
