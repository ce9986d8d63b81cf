//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Environment variables of these tests.
const (
	// clientsVariable names the environments of e2e/clients to run. Without it all are.
	clientsVariable = "GRANARY_CLIENTS"
	// resultsVariable names a folder for pytest's reports.
	resultsVariable = "GRANARY_CLIENTS_RESULTS"
	// pythonVariable tells the commands of the README which Python to use.
	pythonVariable = "GRANARY_E2E_PYTHON"
)

// scenarioTime bounds one file of scenarios. Importing the libraries alone takes seconds.
const scenarioTime = 10 * time.Minute

// interpreter returns the Python of an environment of clients.
func interpreter(t *testing.T, environment string) string {
	t.Helper()
	return venv(t, "clients/"+environment, "e2e/clients/"+environment+"/requirements.txt")
}

// venv returns the Python of a folder of build, in which make has installed what the requirements say.
func venv(t *testing.T, folder, requirements string) string {
	t.Helper()
	return filepath.Join(installed(t, folder, requirements), "bin", "python")
}

// installed returns the path of a folder of build, which make makes of the named file.
func installed(t *testing.T, folder, of string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "build", folder))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "ready")); err != nil {
		t.Skipf("needs what %s names: run make build/%s/ready", of, folder)
	}
	return path
}

// python returns the interpreter to run examples with.
func python(t *testing.T) string {
	t.Helper()
	return interpreter(t, "python")
}

// environment is what scenarios and examples find the servers by. The home folder is a new one: some clients look for
// settings there, and some leave things.
func environment(t *testing.T) []string {
	t.Helper()
	return append(os.Environ(),
		"GRANARY_BINARY="+binary,
		"GRANARY_URL="+byToken.url,
		"GRANARY_SIMPLE_URL="+byName.url,
		"GRANARY_TOKEN="+byToken.token(t, "alice"),
		"GRANARY_TOKEN_READ_ONLY="+byToken.token(t, "alice", "--read-only"),
		"GRANARY_TOKEN_BOB="+byToken.token(t, "bob"),
		"GRANARY_TOKEN_CAROL="+byToken.token(t, "carol"),
		"GRANARY_TOKEN_DAVE="+byToken.token(t, "dave"),
		"GRANARY_TOKEN_FILE_ALICE="+byToken.tokenFile(t, "alice"),
		"GRANARY_TOKEN_FILE_BOB="+byToken.tokenFile(t, "bob"),
		"PYTHONDONTWRITEBYTECODE=1",
		"HOME="+t.TempDir(),
	)
}

// TestClients runs each file of each environment's scenarios in a Python of its own.
func TestClients(t *testing.T) {
	for _, name := range environments(t) {
		t.Run(name, func(t *testing.T) {
			interpreter := interpreter(t, name)
			files, err := filepath.Glob(filepath.Join("clients", name, "test_*.py"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no scenarios in the folder e2e/clients/%s: %v", name, err)
			}
			env := environment(t)
			for _, file := range files {
				t.Run(filepath.Base(file), func(t *testing.T) { scenarios(t, interpreter, env, file) })
			}
		})
	}
	byToken.check(t)
	byName.check(t)
}

// environments returns the names of those to run.
func environments(t *testing.T) []string {
	t.Helper()
	if picked := strings.Fields(os.Getenv(clientsVariable)); len(picked) > 0 {
		return picked
	}
	found, err := filepath.Glob("clients/*/requirements.txt")
	if err != nil || len(found) == 0 {
		t.Fatalf("no environments in the folder e2e/clients: %v", err)
	}
	for i, file := range found {
		found[i] = filepath.Base(filepath.Dir(file))
	}
	return found
}

// scenarios runs a file.
func scenarios(t *testing.T, interpreter string, env []string, file string) {
	ctx, cancel := context.WithTimeout(t.Context(), scenarioTime)
	defer cancel()
	args := []string{"-m", "pytest", filepath.Base(file)}
	if folder := os.Getenv(resultsVariable); folder != "" {
		name := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), string(os.PathSeparator), "-")
		args = append(args, "--junitxml", filepath.Join(folder, name+".xml"))
	}
	cmd := exec.CommandContext(ctx, interpreter, args...)
	cmd.Dir, cmd.Env = filepath.Dir(file), env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	} else {
		t.Logf("%s", out)
	}
}
