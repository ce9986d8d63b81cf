package contract

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorded are the results of the real HDFS.
func recorded(t *testing.T) []Result {
	t.Helper()
	results, err := Load(filepath.Join("testdata", "hdfs-3.4.2.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestUnheldAreExplained fails when HDFS does not pass a test for no stated reason.
func TestUnheldAreExplained(t *testing.T) {
	for _, fault := range Unexplained(recorded(t), Unheld) {
		t.Error(fault)
	}
}

// TestRecordIsWhole fails when the golden file does not hold what a run of all suites brings.
func TestRecordIsWhole(t *testing.T) {
	const tests = 549 // as many as the jars of 3.4.2 have in these suites
	results := recorded(t)
	if len(results) != tests {
		t.Errorf("%d results, want %d", len(results), tests)
	}
	names := map[string]bool{}
	for _, r := range results {
		if names[r.Name()] {
			t.Errorf("%s stands there twice", r.Name())
		}
		names[r.Name()] = true
	}
}

func TestCompare(t *testing.T) {
	hdfs := []Result{{"S", "a", Passed, ""}, {"S", "b[x]", Passed, ""}, {"S", "c", Failed, ""}, {"S", "d", Skipped, ""}}
	for name, test := range map[string]struct {
		here []Result
		want []string
	}{
		"all that passes there":       {[]Result{{"S", "a", Passed, ""}, {"S", "b[x]", Passed, ""}}, nil},
		"more than there":             {[]Result{{"S", "a", Passed, ""}, {"S", "b[x]", Passed, ""}, {"S", "c", Passed, ""}}, nil},
		"one fails":                   {[]Result{{"S", "a", Failed, "no"}, {"S", "b[x]", Passed, ""}}, []string{"S a failed; on HDFS it passed: no"}},
		"one is skipped":              {[]Result{{"S", "a", Skipped, "no"}, {"S", "b[x]", Passed, ""}}, []string{"S a skipped; on HDFS it passed: no"}},
		"one did not run":             {[]Result{{"S", "a", Passed, ""}}, []string{"S b[x] did not run; on HDFS it passed"}},
		"a suite that does not begin": {[]Result{{"S", "a", Passed, ""}, {"S", "b[x]", Passed, ""}, {"S", "(all)", Failed, "no"}}, []string{"S failed outside of its tests: no"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Compare(hdfs, test.here); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnexplained(t *testing.T) {
	hdfs := []Result{{"S", "a", Passed, ""}, {"S", "b", Failed, ""}, {"S", "c", Skipped, ""}}
	got := Unexplained(hdfs, []Reason{{"S", "a|b", "why"}, {"S", "d", "why"}})
	want := []string{"S c skipped, and no reason is given", "HDFS passes what a reason is given for: S d"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestChanges(t *testing.T) {
	got := Changes([]Result{{"S", "a", Passed, ""}, {"S", "b", Passed, ""}, {"S", "c", Failed, "x"}},
		[]Result{{"S", "b", Failed, ""}, {"S", "c", Failed, "y"}, {"S", "d", Passed, ""}})
	want := []string{`S a: "", was "passed"`, `S b: "failed", was "passed"`, `S d: "passed", was ""`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBest(t *testing.T) {
	got := Best([]Result{{"S", "a", Passed, ""}, {"S", "b", Failed, "x"}, {"S", "c", Failed, "x"}},
		[]Result{{"S", "a", Failed, "y"}, {"S", "b", Passed, ""}, {"S", "c", Failed, "y"}, {"S", "d", Skipped, "y"}})
	want := []Result{{"S", "a", Passed, ""}, {"S", "b", Passed, ""}, {"S", "c", Failed, "x"}, {"S", "d", Skipped, "y"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestSavedIsLoaded shows that nothing but the message and the order is lost.
func TestSavedIsLoaded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results")
	if err := Save(file, time.Now(), []Result{{"S", "b[a b]", Failed, "x\ty"}, {"S", "a", Passed, ""}}); err != nil {
		t.Fatal(err)
	}
	got, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Result{{"S", "a", Passed, ""}, {"S", "b[a b]", Failed, ""}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestParse shows that a line that says nothing of a test is not passed over: it may be what is left of one.
func TestParse(t *testing.T) {
	got, err := parse(strings.NewReader("# said\nS\ta\tpassed\t\nS\tb\tfailed\tone\ttwo\n"))
	if want := []Result{{"S", "a", Passed, ""}, {"S", "b", Failed, "one\ttwo"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, text := range []string{"\n", "S\ta\n", "S\t\tpassed\n", "\ta\tpassed\n", "S\ta\tPassed\n", "S\ta\tpassedS\tb\n"} {
		if got, err := parse(strings.NewReader(text)); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
