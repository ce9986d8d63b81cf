package contract

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Outcomes of a test.
const (
	Passed  = "passed"
	Failed  = "failed"
	Skipped = "skipped"
)

// Result is the outcome of one test.
type Result struct {
	Suite   string // the class, such as AbstractContractMkdirTest, under which Hadoop publishes the test
	Test    string // the method, with the parameters of a parameterized test; "(all)" for a failure outside of any test
	Outcome string
	Message string // why the test did not pass; it varies from run to run
}

// Name returns the full name of the test.
func (r Result) Name() string { return r.Suite + " " + r.Test }

// parse reads lines of "suite, test, outcome, message", separated by tabs. The message may be missing. Lines that begin
// with "#" are comments.
func parse(from io.Reader) (results []Result, err error) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, "\t", 4)
		if len(fields) < 3 || fields[0] == "" || fields[1] == "" {
			return nil, fmt.Errorf("want suite, test and outcome: %q", line)
		}
		r := Result{Suite: fields[0], Test: fields[1], Outcome: fields[2]}
		if r.Outcome != Passed && r.Outcome != Failed && r.Outcome != Skipped {
			return nil, fmt.Errorf("no outcome: %q", line)
		}
		if len(fields) == 4 {
			r.Message = fields[3]
		}
		results = append(results, r)
	}
	return results, lines.Err()
}
