// Command clients knows the environments in which stock clients are run against a server, and says what came of it:
//
//	go run ./e2e/clients all                     names them all
//	go run ./e2e/clients quarter                 names a quarter of them, which GRANARY_SEED chooses
//	go run ./e2e/clients report RESULTS DOCUMENT writes what passed, from pytest's reports, into a document
//
// An environment is a folder here: requirements.txt for pip, install.sh for what does not come from pip, and pytest files.
// The Makefile makes of it a venv in build/clients, and the tests of package e2e run its files.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// folder is this one, seen from where commands are run.
const folder = "e2e/clients"

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(1)
	}
}

// run does what the arguments say and writes the answer to w.
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
