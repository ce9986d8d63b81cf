package contract

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// Load reads the results that Save wrote.
func Load(path string) ([]Result, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("load results: %w", err)
	}
	defer file.Close() // it was only read
	results, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("load results: %s: %w", path, err)
	}
	return results, nil
}

// Save writes the results of a run, sorted, without messages.
func Save(path string, day time.Time, results []Result) error {
	sorted := slices.SortedFunc(slices.Values(results), func(a, b Result) int { return cmp.Compare(a.Name(), b.Name()) })
	var b strings.Builder
	fmt.Fprintf(&b, "# What became of Hadoop's tests on a real HDFS 3.4.2 over webhdfs on %s.\n", day.Format(time.DateOnly))
	b.WriteString("# Written by go run ./e2e/contract/record, not by hand.\n")
	for _, r := range sorted {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", r.Suite, r.Test, r.Outcome)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("save results: %w", err)
	}
	return nil
}

// Changes returns a line for every test whose outcome differs between the runs.
func Changes(before, after []Result) (changes []string) {
	outcomes := map[string][2]string{}
	for i, results := range [][]Result{before, after} {
		for _, r := range results {
			pair := outcomes[r.Name()]
			pair[i] = r.Outcome
			outcomes[r.Name()] = pair
		}
	}
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		if pair := outcomes[name]; pair[0] != pair[1] {
			changes = append(changes, fmt.Sprintf("%s: %q, was %q", name, pair[1], pair[0]))
		}
	}
	return changes
}

// Best returns the results of a run, improved by those of another one: a test that passed there, or that only ran there, counts.
func Best(run, another []Result) []Result {
	best := slices.Clone(run)
	for _, r := range another {
		at := slices.IndexFunc(best, func(b Result) bool { return b.Name() == r.Name() })
		if at < 0 {
			best = append(best, r)
		} else if r.Outcome == Passed {
			best[at] = r
		}
	}
	return best
}
