//go:build e2e

package contract

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// runTime bounds a run of all suites, which takes half a minute on a quiet machine.
const runTime = 20 * time.Minute

// groups are those of the HDFS that command record asks.
var groups = map[string]string{
	"bruce": "", "diana": "", "bob": "groupY,groupZ", "super": "supergroup", "user": "mygroup", "alpha": "beta", "fakeUser": "fakeGroup",
}

// overToken are the suites that are run by a token, too. The others make up users as they go, whom nobody gave one.
var overToken = []string{
	"AbstractContractAppendTest", "AbstractContractConcatTest", "AbstractContractCreateTest", "AbstractContractDeleteTest",
	"AbstractContractOpenTest", "AbstractContractRenameTest", "AbstractContractSeekTest",
}

// built is the program that runs the tests.
var built = sync.OnceValues(func() (*Runner, error) {
	ctx, cancel := context.WithTimeout(context.Background(), runTime)
	defer cancel()
	return Build(ctx, filepath.Join("..", ".."))
})

// hadoop returns that program, and skips a test that it cannot be built for.
func hadoop(t *testing.T) *Runner {
	t.Helper()
	runner, err := built()
	if errors.Is(err, ErrTools) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return runner
}

// run runs suites against a Granary and compares with HDFS. What was logged stays in build/contract/NAME.log.
func run(t *testing.T, runner *Runner, name, address, tokens string, suites ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runTime)
	defer cancel()
	log, err := os.Create(filepath.Join(runner.folder, name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	here, err := runner.Run(ctx, address, tokens, log, suites...)
	if err := errors.Join(err, log.Close()); err != nil {
		t.Fatalf("%v\nsee %s", err, log.Name())
	}
	chosen := func(suite string) bool { return len(suites) == 0 || slices.Contains(suites, suite) }
	hdfs := slices.DeleteFunc(recorded(t), func(r Result) bool { return !chosen(r.Suite) })
	for _, fault := range Compare(hdfs, here) {
		t.Error(fault)
	}
	passed := 0
	for _, r := range here {
		if r.Outcome == Passed {
			passed++
		}
	}
	t.Logf("%d of %d tests passed; traces of the others are in %s", passed, len(here), log.Name())
}

// TestNames runs all suites where names are believed.
func TestNames(t *testing.T) {
	runner, self := hadoop(t), username(t)
	g := start(t, "--auth", "simple", "--superuser", self)
	for name, of := range groups {
		g.user(t, name, of)
	}
	g.user(t, self+"x", "user")
	run(t, runner, "names", g.address, "")
}

// TestToken runs some suites by a token in a file, as Hadoop's jobs carry it.
func TestToken(t *testing.T) {
	runner, g := hadoop(t), start(t)
	file := filepath.Join(t.TempDir(), "token")
	g.admin(t, "token", "create", "--user", "admin", "--service", g.address, "--hadoop-file", file)
	run(t, runner, "token", g.address, file, overToken...)
}
