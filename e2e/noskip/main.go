// Command noskip runs go test with the given arguments and fails if a test failed or was skipped:
//
//	go run ./e2e/noskip -race ./...
//
// To go test, a skipped test looks like a passed one. That is right on the machine of somebody who has no C compiler,
// and wrong where everything is supposed to be tested.
//
// With -show and a regular expression before the arguments, it prints the matching lines of passed tests, such as
// measurements and seeds.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

func main() {
	arguments, show := os.Args[1:], nothing
	if len(arguments) > 1 && arguments[0] == "-show" {
		var err error
		if show, err = regexp.Compile(arguments[1]); err != nil {
			fmt.Fprintln(os.Stderr, "noskip: -show:", err)
			os.Exit(2)
		}
		arguments = arguments[2:]
	}
	if err := run(context.Background(), os.Stdout, show, arguments); err != nil {
		fmt.Fprintln(os.Stderr, "noskip:", err)
		os.Exit(1)
	}
}

// nothing is a pattern that matches no line.
var nothing = regexp.MustCompile(`[^\s\S]`)

// run prints the output of go test and returns an error if a test failed or was skipped. Of passed tests it prints only
// lines that match show.
func run(ctx context.Context, w io.Writer, show *regexp.Regexp, arguments []string) error {
	test := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, arguments...)...)
	test.Stderr = os.Stderr
	events, err := test.StdoutPipe()
	if err != nil {
		return err
	}
	if err := test.Start(); err != nil {
		return err
	}
	skipped, relayErr := relay(w, show, events)
	if relayErr != nil {
		// Read the rest, so that go test can end.
		_, drainErr := io.Copy(io.Discard, events)
		relayErr = errors.Join(relayErr, drainErr)
	}
	if err := test.Wait(); err != nil {
		relayErr = errors.Join(fmt.Errorf("go test: %w", err), relayErr)
	}
	if len(skipped) > 0 {
		relayErr = errors.Join(relayErr, fmt.Errorf("%d tests were skipped: %s", len(skipped), strings.Join(skipped, ", ")))
	}
	return relayErr
}

// event is a line of `go test -json`, see `go doc test2json` and `go help buildjson`.
type event struct {
	Action  string
	Package string
	Test    string // empty for an event of the package
	Output  string
}

// name is the name of the test, unique over all packages.
func (e event) name() string { return e.Package + "." + e.Test }

// relay prints what go test without -v prints: a line for each package, everything about failed tests, and nothing about
// passed ones except the lines that match show. In addition it prints the output of skipped tests, for the reason. It returns
// the names of skipped tests.
func relay(w io.Writer, show *regexp.Regexp, events io.Reader) (skipped []string, err error) {
	out := bufio.NewWriter(w)
	defer func() { err = errors.Join(err, out.Flush()) }()
	said := map[string]*strings.Builder{} // output of the tests that have not ended
	for decoder := json.NewDecoder(events); ; {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return skipped, nil
		} else if err != nil {
			return skipped, fmt.Errorf("go test -json: %w", err)
		}
		switch {
		case e.Output != "" && e.Test == "":
			if e.Output != "PASS\n" {
				out.WriteString(e.Output)
			}
		case e.Output != "":
			if said[e.name()] == nil {
				said[e.name()] = &strings.Builder{}
			}
			said[e.name()].WriteString(e.Output)
		case e.Test == "":
			// A package that fails may have ended in the middle of a test, whose output is then still here.
			for name, text := range said {
				if e.Action == "fail" && strings.HasPrefix(name, e.Package+".") {
					out.WriteString(text.String())
					delete(said, name)
				}
			}
			// Packages may take minutes one after another; show the progress.
			if err := out.Flush(); err != nil {
				return skipped, err
			}
		case e.Action == "skip":
			skipped = append(skipped, e.name())
			fallthrough
		case e.Action == "fail":
			if text := said[e.name()]; text != nil {
				out.WriteString(text.String())
				delete(said, e.name())
			}
		case e.Action == "pass":
			if text := said[e.name()]; text != nil {
				for line := range strings.Lines(text.String()) {
					if show.MatchString(line) {
						out.WriteString(line)
					}
				}
				delete(said, e.name())
			}
		}
	}
}
