package contract

import (
	"fmt"
	"regexp"
	"slices"
)

// A Reason says why some tests do not pass on HDFS, and so need not pass here.
type Reason struct {
	suite string // its exact name
	tests string // regular expression of the whole name of a test
	why   string
}

func (r Reason) covers(t Result) bool {
	return r.suite == t.Suite && regexp.MustCompile(`^(?:`+r.tests+`)$`).MatchString(t.Test)
}

// Compare returns a sentence for every test that passed on HDFS but does not pass or does not run here, and for every suite that fails
// outside of its tests only here. Both runs must be of the same suites.
func Compare(hdfs, here []Result) (faults []string) {
	outcome := map[string]Result{}
	for _, r := range here {
		outcome[r.Name()] = r
	}
	for _, want := range hdfs {
		if want.Outcome != Passed {
			continue
		}
		switch got, ran := outcome[want.Name()]; {
		case !ran:
			faults = append(faults, fmt.Sprintf("%s did not run; on HDFS it passed", want.Name()))
		case got.Outcome != Passed:
			faults = append(faults, fmt.Sprintf("%s %s; on HDFS it passed: %s", want.Name(), got.Outcome, got.Message))
		}
	}
	for _, r := range here {
		if r.Test == "(all)" && !slices.ContainsFunc(hdfs, func(h Result) bool { return h.Name() == r.Name() }) {
			faults = append(faults, fmt.Sprintf("%s failed outside of its tests: %s", r.Suite, r.Message))
		}
	}
	return faults
}

// Unexplained returns a sentence for every test that does not pass on HDFS and has no reason in reasons, and for every reason
// that fits no such test.
func Unexplained(hdfs []Result, reasons []Reason) (faults []string) {
	for _, r := range hdfs {
		if r.Outcome != Passed && !slices.ContainsFunc(reasons, func(e Reason) bool { return e.covers(r) }) {
			faults = append(faults, fmt.Sprintf("%s %s, and no reason is given", r.Name(), r.Outcome))
		}
	}
	for _, e := range reasons {
		if !slices.ContainsFunc(hdfs, func(r Result) bool { return r.Outcome != Passed && e.covers(r) }) {
			faults = append(faults, fmt.Sprintf("HDFS passes what a reason is given for: %s %s", e.suite, e.tests))
		}
	}
	return faults
}
