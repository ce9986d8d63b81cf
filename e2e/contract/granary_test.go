//go:build e2e

package contract

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds how long Granary may take to start (its private PostgreSQL included) and to stop.
const patience = 2 * time.Minute

// granary is a server that ends with its test.
type granary struct {
	binary, data string
	address      string // host:port
}

// start builds the program and serves an empty data folder, set up as the HDFS of command record is.
func start(t *testing.T, flags ...string) granary {
	t.Helper()
	dir := passableDir(t)
	g := granary{binary: filepath.Join(dir, "granary"), data: filepath.Join(dir, "data")}
	if out, err := exec.Command("go", "build", "-o", g.binary, "granary/cmd/granary").CombinedOutput(); err != nil {
		t.Fatalf("build granary: %v\n%s", err, out)
	}
	serve := exec.Command(g.binary, append([]string{
		"serve", "--data", g.data, "--listen", "127.0.0.1:0", "--min-block-size", "1B",
		"--trash-interval", "0", "--log-level", "error",
	}, flags...)...)
	var log bytes.Buffer
	serve.Stderr = &log
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if at, ok := strings.CutPrefix(lines.Text(), "granary: serving http://"); ok {
				address <- at
			}
		}
		ended <- errors.Join(lines.Err(), serve.Wait())
	}()
	t.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGTERM) // it may have ended by itself, which ended will tell
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("granary serve: %v", err)
			}
		case <-time.After(patience):
			t.Errorf("granary does not end; killing it: %v", errors.Join(serve.Process.Kill(), <-ended))
		}
		for line := range strings.Lines(log.String()) {
			if strings.HasPrefix(line, "{") { // at this level, what failed inside the server
				t.Errorf("granary logged %s", line)
			}
		}
	})
	select {
	case g.address = <-address:
	case err := <-ended:
		ended <- err
		t.Fatal("granary ended before it served")
	case <-time.After(patience):
		t.Fatal("granary does not serve")
	}
	return g
}

// admin runs another command of granary on the server's data.
func (g granary) admin(t *testing.T, arguments ...string) {
	t.Helper()
	if out, err := exec.Command(g.binary, append(arguments, "--data", g.data)...).CombinedOutput(); err != nil {
		t.Fatalf("granary %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

// user adds a user.
func (g granary) user(t *testing.T, name, groups string) {
	t.Helper()
	add := []string{"user", "add", name}
	if groups != "" {
		add = append(add, "--groups", groups)
	}
	g.admin(t, add...)
}

// username is who runs the tests, whom Hadoop's client takes for the caller.
func username(t *testing.T) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

// passableDir is a temporary folder that PostgreSQL's own user may pass through when the tests run as root, which
// t.TempDir is not.
func passableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "granary-contract-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}
