// Command clients lists the environments in which stock clients are tested against a server, and reports the results:
//
//	go run ./e2e/clients all                     lists all environments
//	go run ./e2e/clients quarter                 lists a quarter of them, which GRANARY_SEED chooses
//	go run ./e2e/clients report RESULTS DOCUMENT writes what passed, from pytest's reports, into a document
//
// An environment is a folder here, with a requirements.txt for pip, an install.sh for what does not come from pip, and pytest
// files. The Makefile makes a venv of it in build/clients, and the tests of package e2e run its files.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// folder is this folder, relative to where the commands run.
const folder = "e2e/clients"

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(1)
	}
}

// run runs the command with these arguments and writes its output to w.
func run(w io.Writer, arguments []string) error {
	switch {
	case len(arguments) == 1 && (arguments[0] == "all" || arguments[0] == "quarter"):
		environments, err := read(folder)
		if err != nil {
			return err
		}
		if arguments[0] == "quarter" {
			seed, err := seed()
			if err != nil {
				return err
			}
			environments = quarter(environments, seed)
			fmt.Fprintf(os.Stderr, "clients: GRANARY_SEED=%d takes %s\n", seed, strings.Join(names(environments), ", "))
		}
		fmt.Fprintln(w, strings.Join(names(environments), " "))
		return nil
	case len(arguments) == 3 && arguments[0] == "report":
		return report(w, arguments[1], arguments[2], time.Now())
	default:
		return fmt.Errorf("usage: clients all | quarter | report RESULTS DOCUMENT")
	}
}
