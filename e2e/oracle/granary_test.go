package oracle

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// serverVariable names the environment variable with the base URL of a Granary to ask instead of one of the test's own.
// It must run with the flags that startGranary gives, and know the users below.
const serverVariable = "GRANARY_ORACLE_URL"

// users are those of command record's HDFS with their groups.
var users = map[string]string{
	"alice": "team", "bob": "team,groupY", "carol": "", "eve": "", "dr.who": "", "super": "supergroup",
}

// patience bounds how long Granary may take to start (its private PostgreSQL included) and to stop.
const patience = 2 * time.Minute

// TestGranary asks Granary every question and accepts HDFS's answer or a listed difference.
func TestGranary(t *testing.T) {
	base := os.Getenv(serverVariable)
	if base == "" {
		base = startGranary(t)
	}
	server, err := Dial(base)
	if err != nil {
		t.Fatal(err)
	}
	recorded := golden(t)
	var needed sync.Map // the rows of Differences that excused something
	t.Run("sequences", func(t *testing.T) {
		for _, q := range Sequences() {
			t.Run(q.Op+"/"+q.Name, func(t *testing.T) {
				t.Parallel()
				answers, err := server.Run(q)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range Compare(recorded[q.Op][q.Name], answers) {
					if d := Excuse(q.Op, q.Name, m); d != nil {
						needed.Store(d, true)
					} else {
						t.Error(m)
					}
				}
			})
		}
	})
	t.Logf("%d sequences asked; what is not as HDFS has it stands in %d rows of Differences", len(Sequences()), len(Differences))
	t.Run("differences", func(t *testing.T) {
		for i := range Differences {
			d := &Differences[i]
			if _, ok := needed.Load(d); !ok {
				t.Errorf("difference %s (where %s, field %q) excused nothing: take it out", d.ID, d.where, d.field)
			}
		}
	})
	t.Run("checksums", func(t *testing.T) {
		want, err := LoadChecksums("testdata")
		if err != nil {
			t.Fatal(err)
		}
		got, err := server.Checksums()
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if got[i].Algorithm != want[i].Algorithm || got[i].Bytes != want[i].Bytes {
				t.Errorf("writes of %v in blocks of %d: got %s %s, want %s %s", want[i].Writes, want[i].BlockSize,
					got[i].Algorithm, got[i].Bytes, want[i].Algorithm, want[i].Bytes)
			}
		}
	})
}

// startGranary builds the program, serves an empty data folder, adds the users and returns the server's address. The
// server ends with the test.
func startGranary(t *testing.T) string {
	t.Helper()
	dir := passableDir(t)
	binary := filepath.Join(dir, "granary")
	if out, err := exec.Command("go", "build", "-o", binary, "granary/cmd/granary").CombinedOutput(); err != nil {
		t.Fatalf("build granary: %v\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	serve := exec.Command(binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--auth", "simple",
		"--superuser", Superuser, "--min-block-size", "1MiB", "--trash-interval", "0",
		"--proxy-user", Superuser+"=users:*;hosts:*", "--log-level", "error")
	var log bytes.Buffer
	serve.Stderr = &log
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	base, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if address, ok := strings.CutPrefix(lines.Text(), "granary: serving "); ok {
				base <- address
			}
		}
		ended <- errors.Join(lines.Err(), serve.Wait())
	}()
	t.Cleanup(func() { stopGranary(t, serve, ended, &log) })

	select {
	case address := <-base:
		for name, groups := range users {
			addUser(t, binary, data, name, groups)
		}
		return address
	case err := <-ended:
		ended <- err
		t.Fatal("granary ended before it served")
	case <-time.After(patience):
		t.Fatal("granary does not serve")
	}
	return ""
}

// passableDir is a temporary folder that PostgreSQL's own user may pass through when the tests run as root, which
// t.TempDir is not.
func passableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "granary-oracle-")
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

// addUser makes a user in the data folder of a running server.
func addUser(t *testing.T, binary, data, name, groups string) {
	t.Helper()
	add := []string{"user", "add", name, "--data", data}
	if groups != "" {
		add = append(add, "--groups", groups)
	}
	if out, err := exec.Command(binary, add...).CombinedOutput(); err != nil {
		t.Fatalf("granary user add %s: %v\n%s", name, err, out)
	}
}

// stopGranary asks the server to end, insists after patience, and shows its log if the test has failed.
func stopGranary(t *testing.T, serve *exec.Cmd, ended <-chan error, log *bytes.Buffer) {
	_ = serve.Process.Signal(syscall.SIGTERM) // it may have ended by itself, which ended will tell
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("granary serve: %v", err)
		}
	case <-time.After(patience):
		t.Errorf("granary does not end; killing it: %v", errors.Join(serve.Process.Kill(), <-ended))
	}
	if t.Failed() {
		t.Logf("log of granary:\n%s", log)
	}
}
