package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func feed(p parser, text string) ([]row, error) {
	for line := range strings.Lines(text) {
		p.line(strings.TrimSuffix(line, "\n"))
	}
	return p.rows()
}

func TestRowsOfTests(t *testing.T) {
	var said strings.Builder
	for _, r := range allReported {
		fmt.Fprintf(&said, "=== RUN   TestOther\n    a_test.go:1: not reported\n--- PASS: TestOther (0.10s)\n")
		fmt.Fprintf(&said, "=== RUN   %[1]s\n    a_test.go:1: GRANARY_SEED=7\n    a_test.go:22: soak: %[1]s did much\n--- PASS: %[1]s (1.50s)\n", r.test)
	}
	said.WriteString("ok  \tgranary/namespace\t3.1s\n")
	for _, r := range allReported {
		rows, err := feed(&testParser{of: r}, said.String())
		if want := []row{{r.what, "GRANARY_SEED=7; " + r.test + " did much", "1.50 s"}}; err != nil || !reflect.DeepEqual(rows, want) {
			t.Errorf("got %+v, %v, want %+v", rows, err, want)
		}
		if _, err := feed(&testParser{of: r}, strings.ReplaceAll(said.String(), "--- PASS: "+r.test, "--- FAIL: "+r.test)); err == nil {
			t.Errorf("%s did not pass, and nobody noticed", r.test)
		}
	}
}

// Every test that is reported is there: a quick soak runs those of these names that it finds.
func TestReportedTestsAreThere(t *testing.T) {
	for _, r := range allReported {
		files, err := filepath.Glob(filepath.Join("..", "..", r.in, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no tests: %v", r.in, err)
		}
		if !slices.ContainsFunc(files, func(file string) bool {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Contains(string(text), "\nfunc "+r.test+"(t *testing.T)")
		}) {
			t.Errorf("%s has no %s", r.in, r.test)
		}
	}
}

func TestRowsOfFuzz(t *testing.T) {
	const begins = "fuzz FuzzToken in ./auth for 1m\n"
	rows, err := feed(&fuzzParser{}, begins+
		"fuzz: elapsed: 0s, gathering baseline coverage: 0/10 completed\n"+
		"fuzz: elapsed: 3s, execs: 325 (108/sec), new interesting: 11 (total: 13)\n"+
		"fuzz: elapsed: 1m0s, execs: 680 (118/sec), new interesting: 12 (total: 14)\nPASS\n")
	want := []row{{"FuzzToken in ./auth", "no failure; execs: 680", "1m0s"}}
	if err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %v, %v, want %v", rows, err, want)
	}
	for _, said := range []string{"", begins} {
		if rows, err := feed(&fuzzParser{}, said); err == nil {
			t.Errorf("of %q: %v", said, rows)
		}
	}
}

func TestRowsOfAFreshClone(t *testing.T) {
	rows, err := feed(&freshParser{}, "downloading modules\nmake run as nobody served after 21 s, of 60\nmake test as nobody passed in 90 s\n")
	if err != nil || len(rows) != 2 || rows[0].Found != "served after 21 s, of 60" || rows[1].Took != "90 s" {
		t.Errorf("%v, %v", rows, err)
	}
	if rows, err := feed(&freshParser{}, "downloading modules\n"); err == nil {
		t.Errorf("nothing ran: %v", rows)
	}
}

func TestMarkdown(t *testing.T) {
	r := report{
		began: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), took: 90 * time.Second, commit: "abc", version: "go1.26", system: "linux/amd64",
		processors: 2, rows: []row{{"this", "a|b", "1 s"}},
	}
	want := "2026-01-02, commit abc, go1.26 on linux/amd64 with 2 processors, 1m30s in all. Everything passed.\n\n" +
		"| what | found | took |\n|---|---|---|\n| this | a\\|b | 1 s |\n"
	if got := r.markdown(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRowsOfCases(t *testing.T) {
	rows, err := feed(&casesParser{}, "    schemathesis_test.go:75: schemathesis: 20412 cases in 3 runs, no failure and no internal error; 20m1s in all\n")
	if err != nil || len(rows) != 1 || rows[0].Found != "20412 cases in 3 runs, no failure and no internal error" || rows[0].Took != "20m1s" {
		t.Errorf("%v, %v", rows, err)
	}
	if rows, err := feed(&casesParser{}, "ok  \tgranary/e2e\t300.1s\n"); err == nil {
		t.Errorf("nothing ran: %v", rows)
	}
}

func TestRowsOfClients(t *testing.T) {
	rows, err := feed(&clientsParser{}, "ok  \tgranary/e2e\t300.1s\nclients: 12 clients passed 345 checks\n")
	if want := []row{{"Stock clients as their makers publish them, see clients.md", "12 clients passed 345 checks", ""}}; err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %v, %v, want %v", rows, err, want)
	}
	if rows, err := feed(&clientsParser{}, "ok  \tgranary/e2e\t300.1s\n"); err == nil {
		t.Errorf("no client ran: %v", rows)
	}
}

// A soak that is begun again goes on where it was, and only if it is the same.
func TestJournal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "soak.json")
	env := []string{"HOME=/root", "GRANARY_PAIRS=75"}
	j := resume(file, key("abc", env))
	if len(j.Passed) != 0 {
		t.Errorf("something passed before anything ran: %v", j.Passed)
	}
	want := passed{Rows: []row{{"this", "passed", "1 s"}}, Took: time.Second}
	for _, command := range []string{"one", "two"} {
		if err := j.note(file, command, want); err != nil {
			t.Fatal(err)
		}
	}
	got := resume(file, key("abc", []string{"GRANARY_PAIRS=75", "GRANARY_TEST_POSTGRES=/tmp/another", "HOME=/"}))
	if !reflect.DeepEqual(got.Passed, map[string]passed{"one": want, "two": want}) {
		t.Errorf("went on with %v", got.Passed)
	}
	for what, k := range map[string]string{
		"another commit": key("abd", env), "other counts": key("abc", []string{"GRANARY_PAIRS=7"}), "changes": key("abc with changes that are not committed", env),
	} {
		if got := resume(file, k); len(got.Passed) != 0 || got.Key != k {
			t.Errorf("%s: went on with %v", what, got)
		}
	}
	changed := resume(file, key("abc with changes", env))
	if err := changed.note(file, "one", want); err != nil {
		t.Fatal(err)
	}
	if got := resume(file, key("abc with changes", env)); len(got.Passed) != 0 {
		t.Errorf("what is not committed may be something else by now: %v", got.Passed)
	}
}

// The document of this repository must take a result before hours are spent on it.
func TestDocumentHasMarks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "soak.md"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := between(string(text), ""); err != nil {
		t.Error(err)
	}
}

func TestFollow(t *testing.T) {
	var said []string
	if err := follow(t.Context(), "echo one; echo two >&2; printf three", io.Discard, func(l string) { said = append(said, l) }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(said, " "); got != "one two three" {
		t.Errorf("followed %q", got)
	}
	if err := follow(t.Context(), "echo done; exit 3", io.Discard, func(string) {}); err == nil {
		t.Error("a command that failed was taken for one that did not")
	}
}
