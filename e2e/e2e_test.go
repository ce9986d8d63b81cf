//go:build e2e

// Package e2e runs what people really use against a running Granary: curl, the hdfs and fsspec packages, pandas,
// pyarrow, TensorBoard and many more, the examples, and sockets that misbehave as no client would.
//
//	make e2e
//
// Two servers are started for all the tests, each with a private PostgreSQL: one that asks for tokens, one that
// believes names. The scenarios of clients are ordinary pytest files in the folders of clients; each is one test here. They
// need the libraries of their requirements.txt, which make e2e installs.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The servers of all the tests.
var (
	byToken *granary // asks for tokens: the default
	byName  *granary // believes user.name; its superuser is root
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run returns the status to exit with.
func run(m *testing.M) (status int) {
	folder, err := os.MkdirTemp("", "granary-e2e-")
	if err != nil {
		return failed("make a folder", err)
	}
	defer func() {
		if err := os.RemoveAll(folder); err != nil {
			status = failed("remove the data", err)
		}
	}()
	// PostgreSQL is not run as root: its user must get to its data.
	if err := os.Chmod(folder, 0o711); err != nil {
		return failed("open the folder", err)
	}
	binary = filepath.Join(folder, "bin", "granary")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/granary").CombinedOutput(); err != nil {
		return failed("build", fmt.Errorf("%w\n%s", err, out))
	}
	for name, s := range map[string]struct {
		server **granary
		flags  []string
	}{
		"tokens": {&byToken, nil},
		"names":  {&byName, []string{"--auth", "simple", "--superuser", "root"}},
	} {
		g, err := start(filepath.Join(folder, name), s.flags...)
		if err != nil {
			return failed("start", err)
		}
		defer func() {
			if err := g.stop(); err != nil {
				status = failed("stop", err)
			}
		}()
		if err := g.furnish(); err != nil {
			return failed("furnish", err)
		}
		*s.server = g
	}
	return m.Run()
}

// failed says what went wrong outside any test and returns the status of failure.
func failed(what string, err error) int {
	fmt.Fprintf(os.Stderr, "e2e: %s: %v\n", what, err)
	return 1
}
