//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is one at which a test sits.
type terminal struct {
	t      *testing.T
	inside *os.File // what a program has for its standard input and output
	shown  chan string
	said   string // what was shown so far
	keys   *os.File
}

// terminalTime bounds what a program takes to say something.
const terminalTime = time.Minute

// newTerminal returns a terminal as the kernel makes it, which shows what is typed unless a program forbids that.
func newTerminal(t *testing.T) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	inside, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, inside: inside, keys: keys, shown: make(chan string)}
	go func() {
		defer close(term.shown)
		text := make([]byte, 4096)
		for {
			n, err := keys.Read(text)
			if err != nil { // nobody has the other side any more
				return
			}
			term.shown <- string(text[:n])
		}
	}()
	return term
}

// await waits for words to be shown.
func (term *terminal) await(words string) {
	term.t.Helper()
	over := time.After(terminalTime)
	for !strings.Contains(term.said, words) {
		select {
		case text, open := <-term.shown:
			if !open {
				term.t.Fatalf("the program ended without %q:\n%s", words, term.said)
			}
			term.said += text
		case <-over:
			term.t.Fatalf("%q was not shown within %v:\n%s", words, terminalTime, term.said)
		}
	}
}

// enter types a line.
func (term *terminal) enter(line string) {
	term.t.Helper()
	if _, err := term.keys.WriteString(line + "\n"); err != nil {
		term.t.Fatal(err)
	}
}

// rest returns all that was shown, once the programs have ended and the terminal is let go.
func (term *terminal) rest() string {
	term.t.Helper()
	if err := term.inside.Close(); err != nil {
		term.t.Fatal(err)
	}
	for text := range term.shown {
		term.said += text
	}
	if err := term.keys.Close(); err != nil {
		term.t.Fatal(err)
	}
	return term.said
}
