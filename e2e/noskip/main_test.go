package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRelay gives relay what go test -json printed for packages that pass, skip, fail, crash and do not compile.
func TestRelay(t *testing.T) {
	for name, test := range map[string]struct {
		events  string
		prints  string
		skipped []string
	}{
		"passed": {
			events: `
				{"Action":"start","Package":"p"}
				{"Action":"output","Package":"p","Output":"-test.shuffle 1763851\n"}
				{"Action":"run","Package":"p","Test":"TestA"}
				{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
				{"Action":"output","Package":"p","Test":"TestA","Output":"--- PASS: TestA (0.00s)\n"}
				{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: soak: 100 kills\n"}
				{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0}
				{"Action":"output","Package":"p","Output":"PASS\n"}
				{"Action":"output","Package":"p","Output":"ok  \tp\t0.003s\n"}
				{"Action":"pass","Package":"p","Elapsed":0.003}`,
			prints: "-test.shuffle 1763851\n    a_test.go:7: soak: 100 kills\nok  \tp\t0.003s\n",
		},
		"skipped": {
			events: `
				{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:9: no python3\n"}
				{"Action":"output","Package":"p","Test":"TestA/x","Output":"    --- SKIP: TestA/x (0.00s)\n"}
				{"Action":"skip","Package":"p","Test":"TestA/x","Elapsed":0}
				{"Action":"output","Package":"p","Output":"ok  \tp\t0.003s\n"}
				{"Action":"pass","Package":"p","Elapsed":0.003}`,
			prints:  "    a_test.go:9: no python3\n    --- SKIP: TestA/x (0.00s)\nok  \tp\t0.003s\n",
			skipped: []string{"p.TestA/x"},
		},
		"no tests": {
			events: `
				{"Action":"output","Package":"p","Output":"?   \tp\t[no test files]\n"}
				{"Action":"skip","Package":"p","Elapsed":0}`,
			prints: "?   \tp\t[no test files]\n",
		},
		"failed": {
			events: `
				{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: got 1, want 2\n"}
				{"Action":"output","Package":"p","Test":"TestB","Output":"--- PASS: TestB (0.00s)\n"}
				{"Action":"pass","Package":"p","Test":"TestB","Elapsed":0}
				{"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}
				{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0}
				{"Action":"output","Package":"p","Output":"FAIL\tp\t0.003s\n"}
				{"Action":"fail","Package":"p","Elapsed":0.003}`,
			prints: "    a_test.go:9: got 1, want 2\n--- FAIL: TestA (0.00s)\nFAIL\tp\t0.003s\n",
		},
		"crashed": {
			events: `
				{"Action":"output","Package":"q","Test":"TestA","Output":"another package\n"}
				{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
				{"Action":"output","Package":"p","Output":"FAIL\tp\t0.003s\n"}
				{"Action":"fail","Package":"p","Elapsed":0.003}`,
			prints: "FAIL\tp\t0.003s\npanic: oh\n",
		},
		"not compiled": {
			events: `
				{"ImportPath":"p","Action":"build-output","Output":"p/a.go:3:1: syntax error\n"}
				{"ImportPath":"p","Action":"build-fail"}
				{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
				{"Action":"fail","Package":"p","Elapsed":0}`,
			prints: "p/a.go:3:1: syntax error\nFAIL\tp [build failed]\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var prints strings.Builder
			skipped, err := relay(&prints, regexp.MustCompile(`soak: `), strings.NewReader(test.events))
			if err != nil {
				t.Fatal(err)
			}
			if prints.String() != test.prints {
				t.Errorf("prints\n%swant\n%s", prints.String(), test.prints)
			}
			if !slices.Equal(skipped, test.skipped) {
				t.Errorf("skipped %q, want %q", skipped, test.skipped)
			}
		})
	}
}

// TestRelayRefuses shows that output which is not go test's is an error and not taken for tests that passed.
func TestRelayRefuses(t *testing.T) {
	if _, err := relay(&strings.Builder{}, nothing, strings.NewReader("not JSON")); err == nil {
		t.Error("no error")
	}
}

// TestRun runs go test for real, on a package whose tests pass without a database.
func TestRun(t *testing.T) {
	var prints strings.Builder
	if err := run(t.Context(), &prints, nothing, []string{"-run", "TestRelay", "granary/e2e/noskip"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(prints.String(), "ok  \tgranary/e2e/noskip") {
		t.Errorf("prints %q", prints.String())
	}
	if err := run(t.Context(), &prints, nothing, []string{"-run", "TestRelay", "granary/e2e/nothing"}); err == nil {
		t.Error("no error for a package that does not exist")
	}
}
