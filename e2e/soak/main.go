// Command soak runs at full length what make test runs in short form, and writes the results into a document, between
// two marks:
//
//	go run ./e2e/soak docs/soak.md
//
// The counts come from the environment, see the Makefile. Nothing is written unless everything passed. If a run failed or was
// interrupted, another run for the same commit with the same counts goes on after the last step that passed.
//
//	go run ./e2e/soak -tests
//
// prints a pattern for go test -run that matches the names of the tests that a quick soak runs.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: soak DOCUMENT | soak -tests")
		os.Exit(2)
	}
	if os.Args[1] == "-tests" {
		fmt.Println(tests())
		return
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// run runs all steps, reports progress on w, and writes the document.
func run(document string, w io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	text, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	// Checked first, since the steps take hours.
	if _, err := between(string(text), ""); err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	r := report{began: time.Now(), version: runtime.Version(), system: runtime.GOOS + "/" + runtime.GOARCH, processors: runtime.NumCPU()}
	if r.commit, err = commit(ctx, document); err != nil {
		return err
	}
	before := resume(journalFile, key(r.commit, os.Environ()))
	for _, s := range steps {
		fmt.Fprintf(w, "\n== %s ==\n", s.command)
		passed, ok := before.Passed[s.command]
		if ok {
			fmt.Fprintf(w, "== passed before ==\n")
		} else {
			if passed, err = s.run(ctx, w); err != nil {
				return fmt.Errorf("%s: %w", s.command, err)
			}
			fmt.Fprintf(w, "== passed in %v ==\n", passed.Took.Round(time.Second))
			if err := before.note(journalFile, s.command, passed); err != nil {
				return err
			}
		}
		r.rows, r.took = append(r.rows, passed.Rows...), r.took+passed.Took
	}
	done, err := between(string(text), r.markdown())
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(document, []byte(done), 0o644), os.Remove(journalFile))
}

// run runs the step, and prints the output of its command on w.
func (s step) run(ctx context.Context, w io.Writer) (passed, error) {
	began, p := time.Now(), s.parse()
	if err := follow(ctx, s.command, w, p.line); err != nil {
		return passed{}, err
	}
	rows, err := p.rows()
	return passed{Rows: rows, Took: time.Since(began)}, err
}

// follow runs a command line in the shell, and passes each line of its output to w and to line.
func follow(ctx context.Context, command string, w io.Writer, line func(string)) error {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	// An interrupt must reach the command's children too, so that they clean up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	for {
		text, err := lines.ReadString('\n')
		if text != "" {
			fmt.Fprint(w, text)
			line(strings.TrimSuffix(text, "\n"))
		}
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return errors.Join(err, cmd.Wait())
		}
	}
}

// commit identifies the state of the source: the last commit, and whether anything differs from it that a soak does not write.
func commit(ctx context.Context, document string) (string, error) {
	id, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "", fmt.Errorf("which commit is tested: %w", err)
	}
	changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "--", ".", ":!"+document, ":!docs/clients.md").Output()
	if err != nil {
		return "", fmt.Errorf("whether the commit is what is tested: %w", err)
	}
	name := strings.TrimSpace(string(id))
	if len(changes) > 0 {
		name += " with changes that are not committed"
	}
	return name, nil
}
