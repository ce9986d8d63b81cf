//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// granary is a running server.
type granary struct {
	url   string   // its origin
	data  string   // its data folder
	flags []string // those that say where its things are or who owns them, which its other commands need too

	process *os.Process
	ended   chan struct{} // closed when the process has ended
	err     error         // why it ended; set before ended is closed

	mu      sync.Mutex
	log     []string      // the lines that it logged
	changed chan struct{} // closed, and replaced, when log grows
}

// Bounds of waiting for a server.
const (
	startTime = 2 * time.Minute // PostgreSQL may have to be fetched
	stopTime  = time.Minute
	logTime   = 30 * time.Second
)

// start runs `granary serve` on a free port of this machine and returns once it serves.
func start(data string, flags ...string) (*granary, error) {
	g := &granary{data: data, flags: flags, ended: make(chan struct{}), changed: make(chan struct{})}
	cmd := exec.Command(binary, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--gc-grace", "0s"}, flags...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	logged, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	g.process = cmd.Process
	serving := make(chan string, 1)
	var reading sync.WaitGroup
	reading.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
				serving <- url
			}
		}
	})
	reading.Go(func() { g.keep(logged) })
	go func() {
		reading.Wait() // all of the output must be read before Wait
		g.err = cmd.Wait()
		close(g.ended)
	}()
	select {
	case g.url = <-serving:
		return g, nil
	case <-g.ended:
		return nil, fmt.Errorf("granary serve ended: %w\n%s", g.err, g.tail())
	case <-time.After(startTime):
		return nil, errors.Join(fmt.Errorf("granary serve was not ready within %v\n%s", startTime, g.tail()), g.process.Kill())
	}
}

// launch starts a server for one test alone, on data of its own, and ends it with the test.
func launch(t *testing.T, flags ...string) *granary {
	t.Helper()
	return launchOn(t, scratch(t), flags...)
}

// launchOn is launch on data that others may use, too.
func launchOn(t *testing.T, data string, flags ...string) *granary {
	t.Helper()
	g, err := start(data, flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.stop(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// scratch returns a new folder for one test. Unlike that of t.TempDir, PostgreSQL's user gets to it; it goes with the
// folder of all the tests.
func scratch(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp(filepath.Dir(filepath.Dir(binary)), strings.ReplaceAll(t.Name(), "/", "-")+"-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	return folder
}

// stop ends the server as an operator would, and fails if it does not end well.
func (g *granary) stop() error {
	if err := g.process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-g.ended:
	case <-time.After(stopTime):
		return errors.Join(fmt.Errorf("granary serve did not end within %v of SIGTERM\n%s", stopTime, g.tail()), g.process.Kill())
	}
	if g.err != nil {
		return fmt.Errorf("granary serve: %w\n%s", g.err, g.tail())
	}
	return nil
}

// keep collects what the server logs.
func (g *granary) keep(from io.Reader) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		g.mu.Lock()
		g.log = append(g.log, lines.Text())
		close(g.changed)
		g.changed = make(chan struct{})
		g.mu.Unlock()
	}
}

// tail returns the last lines of the log, for messages.
func (g *granary) tail() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.log[max(0, len(g.log)-20):], "\n")
}

// request is a line of the access log.
type request struct {
	Msg      string
	Op       string
	Path     string
	Status   int
	Received int64
	Error    string
}

// logged waits for a request of op on path to be over, and returns what the log says of it.
func (g *granary) logged(t *testing.T, op, path string) request {
	t.Helper()
	over := time.After(logTime)
	for next := 0; ; {
		g.mu.Lock()
		lines, changed := g.log[next:], g.changed
		g.mu.Unlock()
		next += len(lines)
		for _, line := range lines {
			var r request
			if json.Unmarshal([]byte(line), &r) == nil && r.Msg == "request" && r.Op == op && r.Path == path {
				return r
			}
		}
		select {
		case <-changed:
		case <-over:
			t.Fatalf("no %s of %s was logged within %v", op, path, logTime)
		}
	}
}

// internalErrors returns the logged requests that failed inside the server, and what else was logged as an error. That a
// disk is full, which is logged as one too, is none of the server's.
func (g *granary) internalErrors() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(g.log), func(line string) bool {
		var l struct {
			Level, Error string
		}
		return json.Unmarshal([]byte(line), &l) != nil || l.Level != "ERROR" || strings.Contains(l.Error, "No space left in the block stores")
	})
}

// admin runs another command of granary on the server's data and returns what it printed on standard output.
func (g *granary) admin(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, slices.Concat(args, []string{"--data", g.data}, g.flags)...)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("granary %s: %w\n%s%s", strings.Join(args, " "), err, &out, &problem)
	}
	return out.String(), nil
}

// furnish adds the people of the scenarios: alice, who has a project, bob, who may read in it, carol, who has another project,
// and dave, who has none.
func (g *granary) furnish() error {
	for _, command := range [][]string{
		{"user", "add", "alice", "--groups", "staff"},
		{"user", "add", "bob", "--groups", "staff"},
		{"user", "add", "carol"},
		{"user", "add", "dave"},
		{"project", "create", "vision", "--owner", "alice"},
		{"project", "create", "guests", "--owner", "carol"},
		{"project", "member", "add", "vision", "bob", "--role", "observer"},
	} {
		if _, err := g.admin(command...); err != nil {
			return err
		}
	}
	return nil
}

// token returns a token of user's, limited by flags of `granary token create`.
func (g *granary) token(t *testing.T, user string, flags ...string) string {
	t.Helper()
	out, err := g.admin(append([]string{"token", "create", "--user", user}, flags...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// tokenFile returns the name of a file with a token of user's for Hadoop's clients.
func (g *granary) tokenFile(t *testing.T, user string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), user+".token")
	g.token(t, user, "--hadoop-file", file, "--service", strings.TrimPrefix(g.url, "http://"))
	return file
}

// check fails the test unless all that the server keeps fits together, and nothing failed inside it.
func (g *granary) check(t *testing.T) {
	t.Helper()
	out, err := g.admin("fsck", "--read-data")
	if err != nil {
		t.Error(err)
	}
	if !strings.HasSuffix(strings.TrimSpace(out), " 0 problems") {
		t.Errorf("fsck: %s", out)
	}
	if errs := g.internalErrors(); len(errs) > 0 {
		t.Errorf("errors inside the server:\n%s", strings.Join(errs, "\n"))
	}
}
