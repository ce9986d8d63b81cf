// Command run starts a PostgreSQL for tests, runs a command with GRANARY_TEST_POSTGRES naming it, and ends it again:
//
//	go run ./postgres/pgtest/run go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"granary/postgres/pgtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: run COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	err := run(os.Args[1:])
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Exited() {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

// run returns once the command and the server have both ended. An interrupt reaches the command too, from the
// terminal, and its end is awaited.
func run(command []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := pgtest.Start(ctx)
	if err != nil {
		return err
	}
	// Without the context: the command ends by the same interrupt, and by itself.
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // see above
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "GRANARY_TEST_POSTGRES="+server.URL())
	return errors.Join(cmd.Run(), server.Stop())
}
