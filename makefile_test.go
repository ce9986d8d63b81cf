package granary_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// testRuns returns the lines of the Makefile that run tests, each with those that it goes on in.
func testRuns(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var runs []string
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", " ")) {
		if strings.HasPrefix(line, "\t") && regexp.MustCompile(`\bgo test\b|\$\(gotest\)|\./e2e/noskip\b`).MatchString(line) {
			runs = append(runs, line)
		}
	}
	if len(runs) < 10 {
		t.Fatalf("the Makefile runs tests in %d places: %q", len(runs), runs)
	}
	return runs
}

// TestMakeTestsAnew: what go test remembers of a test says nothing of the programs that it starts. Fuzzing and benchmarks it does not remember.
func TestMakeTestsAnew(t *testing.T) {
	for _, run := range testRuns(t) {
		if !regexp.MustCompile(` -count=1 | -fuzz | -bench `).MatchString(run) {
			t.Errorf("go test may remember what this says: %s", run)
		}
	}
}

// TestMakeNamesTests that there are: go test runs none of a name that is mistyped, and passes.
func TestMakeNamesTests(t *testing.T) {
	named := 0
	for _, run := range testRuns(t) {
		name := regexp.MustCompile(`-run '\^(\w+)\$\$'\s+(\./[^\s;]+)`).FindStringSubmatch(run)
		if name == nil {
			continue
		}
		named++
		files, err := filepath.Glob(filepath.Join(name[2], "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no tests: %v", name[2], err)
		}
		if !slices.ContainsFunc(files, func(file string) bool {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Contains(string(text), "\nfunc "+name[1]+"(t *testing.T)")
		}) {
			t.Errorf("%s has no %s", name[2], name[1])
		}
	}
	if named < 4 {
		t.Errorf("the Makefile names %d tests", named)
	}
}
