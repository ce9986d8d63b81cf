package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"golang.org/x/term"

	"granary/cmd/granary/login"
)

// reader asks the user at the terminal, and reads secrets from files.
type reader struct {
	in       *bufio.Reader
	out      io.Writer
	terminal int // the descriptor of standard input, -1 if that is no terminal
}

func newReader(c *console) *reader {
	r := &reader{in: bufio.NewReader(c.in), out: c.err, terminal: -1}
	if f, ok := c.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.terminal = int(f.Fd())
	}
	return r
}

// maxSecret bounds the first line of a file with a secret in bytes.
const maxSecret = 64 << 10

// secret reads the first line of a file that a flag names.
func (r *reader) secret(ctx context.Context, flag, path string) (string, error) {
	from := io.Reader(r.in)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", flag, err)
		}
		defer f.Close()
		from = f
	}
	text, err := readLine(ctx, bufio.NewReader(io.LimitReader(from, maxSecret)))
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	text = strings.TrimRight(text, "\r\n")
	if text == "" {
		return "", fmt.Errorf("%s: the first line is empty", flag)
	}
	return text, nil
}

// readLine reads a line. It returns at once when ctx ends, so that an interrupt works without the Enter key.
func readLine(ctx context.Context, in *bufio.Reader) (string, error) {
	return typed(ctx, func() (string, error) { return in.ReadString('\n') })
}

// typed returns what read does, or at once when ctx ends; then read goes on until the program ends.
func typed(ctx context.Context, read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return "", errors.New("interrupted; nothing was changed")
	}
}

// user returns the name that was given, or asks for one.
func (r *reader) user(ctx context.Context, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if r.terminal < 0 {
		return "", errNobody
	}
	question := "User: "
	self, err := user.Current()
	if err == nil {
		question = "User [" + self.Username + "]: "
	}
	fmt.Fprint(r.out, question)
	name, err := readLine(ctx, r.in)
	if err != nil {
		return "", fmt.Errorf("read the user's name: %w", err)
	}
	if name = strings.TrimSpace(name); name == "" && self != nil {
		name = self.Username
	}
	return name, nil
}

// errNobody is returned if no credential is given and there is no terminal to ask for one.
var errNobody = errors.New("there is no terminal to ask for a password at: give --user and --password-file, or --token-file; - is standard input")

// password asks for a password, without showing it. When ctx ends it returns at once, as readLine does, and the terminal
// shows again what is typed.
func (r *reader) password(ctx context.Context, of string) (string, error) {
	if r.terminal < 0 {
		return "", errNobody
	}
	// Echo goes off before the question is printed, because some people, and programs, type ahead.
	before, err := term.MakeRaw(r.terminal)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{r.in, r.out}, "")
	text, err := typed(ctx, func() (string, error) { return screen.ReadPassword("Password of " + of + ": ") })
	err = errors.Join(err, term.Restore(r.terminal, before))
	switch {
	case errors.Is(err, io.EOF): // Ctrl-C and Ctrl-D, too
		return "", errors.New("no password was typed")
	case err != nil:
		return "", fmt.Errorf("read the password: %w", err)
	case text == "":
		return "", errors.New("the password is empty")
	}
	return text, nil
}

// agree lists the files that will be changed. If some of them hold more than login wrote, it asks whether to go on,
// unless yes is set.
func (r *reader) agree(ctx context.Context, plan *login.Plan, yes bool) error {
	foreign := 0
	for _, change := range plan.Changes {
		does, whose := "writes", ""
		if change.Removed {
			does = "takes away what login wrote into"
		}
		if change.Foreign {
			foreign++
			whose = "    (has other settings, too)"
		}
		fmt.Fprintf(r.out, "%s %s%s\n", does, change.Path, whose)
	}
	if foreign == 0 || yes {
		return nil
	}
	if r.terminal < 0 {
		return errors.New("nothing was changed: some of these files have other settings, too; with --yes they are changed, and those settings stay")
	}
	fmt.Fprint(r.out, "Some of these files have other settings, too. What login replaces there, logout puts back. Change them? [y/N] ")
	answer, err := readLine(ctx, r.in)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was changed")
	}
	return nil
}
