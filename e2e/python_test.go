//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// pythonVariable names the environment variable with the path of a Python that has the libraries of requirements.txt.
const pythonVariable = "GRANARY_E2E_PYTHON"

// scenarioTime bounds one file of scenarios. Importing the libraries alone takes seconds.
const scenarioTime = 10 * time.Minute

// python returns the interpreter to run scenarios with.
func python(t *testing.T) string {
	t.Helper()
	path := os.Getenv(pythonVariable)
	if path == "" {
		t.Skipf("needs a Python with the libraries of e2e/requirements.txt: run make e2e, or name one in %s", pythonVariable)
	}
	if !filepath.IsAbs(path) {
		t.Fatalf("%s=%s: want an absolute path", pythonVariable, path)
	}
	return path
}

// environment is what scenarios and examples find the servers by.
func environment(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(),
		"GRANARY_URL="+byToken.url,
		"GRANARY_SIMPLE_URL="+byName.url,
		"GRANARY_TOKEN="+byToken.token(t, "alice"),
		"GRANARY_TOKEN_READ_ONLY="+byToken.token(t, "alice", "--read-only"),
		"GRANARY_TOKEN_BOB="+byToken.token(t, "bob"),
		"PYTHONDONTWRITEBYTECODE=1",
	)
}

// TestPython runs each file of scenarios in a Python of its own.
func TestPython(t *testing.T) {
	interpreter := python(t)
	files, err := filepath.Glob("python/test_*.py")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios in the folder python: %v", err)
	}
	env := environment(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), scenarioTime)
			defer cancel()
			cmd := exec.CommandContext(ctx, interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider", filepath.Base(file))
			cmd.Dir, cmd.Env = "python", env
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			} else {
				t.Logf("%s", out)
			}
		})
	}
	byToken.check(t)
	byName.check(t)
}
