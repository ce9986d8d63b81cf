//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	// casesVariable says how many requests schemathesis makes up, at least.
	casesVariable = "GRANARY_CASES"
	// defaultCases of every run of these tests.
	defaultCases = 2000
	// casesTime bounds one run of schemathesis.
	casesTime = time.Hour
	// mostEach bounds the requests for each operation and phase in one run, so that it ends in time.
	mostEach = 50
	// phases is how many times that many it makes up at least: what a schema's bounds suggest comes on top of what is drawn.
	phases = 3
)

// TestSchemathesis lets schemathesis make up requests from the OpenAPI document, such as it allows and such as it does not,
// one by one and in sequences in which one uses what another made, and holds each answer against the document. Nothing may
// fail, in the server neither. What is asked and why stands in e2e/schemathesis/schemathesis.toml.
func TestSchemathesis(t *testing.T) {
	python := venv(t, "schemathesis", "e2e/schemathesis/requirements.txt")
	// Every change is held against the same requests. Whoever asks for a number of them gets others each time.
	cases, seed := defaultCases, int64(1)
	if text := os.Getenv(casesVariable); text != "" {
		var err error
		if cases, err = strconv.Atoi(text); err != nil || cases < 1 {
			t.Fatalf("%s=%s: want a positive number", casesVariable, text)
		}
		seed = time.Now().UnixNano() % 1e9
		if text := os.Getenv("GRANARY_SEED"); text != "" {
			if seed, err = strconv.ParseInt(text, 10, 64); err != nil {
				t.Fatalf("GRANARY_SEED: %v", err)
			}
		}
		t.Logf("GRANARY_SEED=%d", seed)
	}

	g := launch(t)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	for _, project := range []string{"fuzzed", "spare"} {
		alice.want(http.StatusCreated, "POST", "/api/v1/projects", strings.NewReader(`{"name":"`+project+`"}`))
	}
	for _, file := range []string{"a.csv", "b.csv", "runs/1.txt"} {
		alice.want(http.StatusCreated, "PUT", "/webhdfs/v1/Projects/fuzzed/Logs/"+file+"?op=CREATE&data=true", strings.NewReader("a few bytes"))
	}
	began, made, runs := time.Now(), 0, 0
	for operations := g.operations(t); made < cases; runs++ {
		each := min(max(5, (cases-made)/(phases*operations)), mostEach)
		// A JWT of an hour cannot be revoked, which is among what is tried.
		token := g.token(t, "alice", "--expires", "1h")
		made += schemathesis(t, python, g.url, token, each, seed+int64(runs))
		if t.Failed() {
			break
		}
	}
	g.check(t)
	t.Logf("schemathesis: %d cases in %d runs, no failure and no internal error; %v in all", made, runs, time.Since(began).Round(time.Second))
}

// generated is how schemathesis says how many requests it has made up.
var generated = regexp.MustCompile(`(?m)^  (\d+) generated`)

// schemathesis runs it, with so many requests for each operation in each phase that draws them, and returns how many requests
// it made up.
func schemathesis(t *testing.T, python, url, token string, each int, seed int64) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), casesTime)
	defer cancel()
	folder := t.TempDir() // for what it leaves behind
	if err := os.CopyFS(folder, os.DirFS("schemathesis")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(python), "schemathesis"), "--config-file", "schemathesis.toml", "run", url+"/openapi.json",
		"--checks", "all", "--max-examples", strconv.Itoa(each), "--seed", strconv.FormatInt(seed, 10),
		"--generation-database", "none", "--no-color")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GRANARY_TOKEN="+token, "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	found := generated.FindSubmatch(out)
	if err != nil || found == nil {
		t.Errorf("schemathesis --seed %d --max-examples %d: %v\n%s", seed, each, err, out)
		return 0
	}
	made, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// operations returns how many operations the server's document describes.
func (g *granary) operations(t *testing.T) (n int) {
	t.Helper()
	resp, err := http.Get(g.url + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	for _, methods := range document.Paths {
		n += len(methods)
	}
	if n == 0 {
		t.Fatal("the document has no operation")
	}
	return n
}
