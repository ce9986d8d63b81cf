package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is `granary serve` in a process of its own.
type program struct {
	cmd    *exec.Cmd
	origin string
	log    bytes.Buffer // read once it has ended
	ended  chan error
}

func (i installed) start(t *testing.T, flags ...string) *program {
	t.Helper()
	return i.startLogging(t, nil, flags...)
}

// startLogging is start with a log that goes elsewhere.
func (i installed) startLogging(t *testing.T, to *os.File, flags ...string) *program {
	t.Helper()
	p := &program{ended: make(chan error, 1)}
	p.cmd = exec.CommandContext(t.Context(), os.Args[0], append([]string{"serve", "--listen", "127.0.0.1:0", "--data", i.data, "--database", i.database}, flags...)...)
	p.cmd.Env, p.cmd.Stderr = append(os.Environ(), commandVariable+"=1"), &p.log
	if to != nil {
		p.cmd.Stderr = to
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for p.origin == "" && lines.Scan() {
		p.origin, _ = strings.CutPrefix(lines.Text(), "granary: serving ")
		if p.origin == lines.Text() {
			p.origin = ""
		}
	}
	go func() {
		_, err := io.Copy(io.Discard, out)
		p.ended <- errors.Join(err, p.cmd.Wait())
	}()
	if p.origin == "" {
		t.Fatalf("it ended: %v: %s", <-p.ended, &p.log)
	}
	return p
}

func (p *program) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// A terminal that is closed asks the server to end, as SIGTERM does.
func TestHangup(t *testing.T) {
	hangup := syscall.SIGHUP
	if signal.Ignored(hangup) { // by whoever runs the tests, and so by the program
		hangup = syscall.SIGTERM
	}
	p := newInstalled(t).start(t)
	p.signal(t, hangup)
	if err := <-p.ended; err != nil {
		t.Errorf("%v: %s", err, &p.log)
	}
}

// upload begins a request of a server with simple authentication, which is under way when upload returns and waits for
// seven bytes.
func (p *program) upload(t *testing.T) (conn net.Conn, answers *bufio.Reader) {
	t.Helper()
	address := strings.TrimPrefix(p.origin, "http://")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "PUT /webhdfs/v1/slow?op=CREATE&data=true&user.name=ada HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n", address)
	answers = bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		next, err := answers.ReadString('\n')
		if err != nil || line == "" && !strings.HasPrefix(next, "HTTP/1.1 100 ") {
			t.Fatalf("%q, %v", next, err)
		}
		line = next
	}
	return conn, answers
}

// finish ends what upload began.
func (p *program) finish(t *testing.T, conn net.Conn, answers *bufio.Reader) {
	t.Helper()
	_, err := io.WriteString(conn, "content")
	if err != nil {
		t.Error(err)
	}
	if head, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(head, "HTTP/1.1 201 ") {
		t.Errorf("the request that was under way: %q, %v", head, err)
	}
}

// stops waits until the server accepts no more connections.
func (p *program) stops(t *testing.T) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.origin, "http://"))
		if err != nil {
			return
		}
		conn.Close()
		<-again.C
	}
}

// One request to end may come as two signals: make passes on what its process group has got, and a terminal that is closed
// hangs up twice.
func TestOneRequestInTwoSignals(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		first := s
		if signal.Ignored(s) {
			first = syscall.SIGTERM
		}
		p := newInstalled(t).start(t, "--auth", "simple", "--superuser", "ada")
		conn, answers := p.upload(t)
		asked := time.Now()
		p.signal(t, first)
		p.stops(t)
		if s == syscall.SIGHUP || time.Since(asked) < oneRequest/2 { // on a slow machine it would be a second request
			p.signal(t, s)
		}
		p.finish(t, conn, answers)
		if err := <-p.ended; err != nil {
			t.Errorf("%v: %v: %s", s, err, &p.log)
		}
	}
}

// A server whose log nobody reads any more ends, but not before its requests.
func TestUnreadLog(t *testing.T) {
	nobody, log, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := newInstalled(t).startLogging(t, log, "--auth", "simple", "--superuser", "ada")
	log.Close()
	conn, answers := p.upload(t)
	nobody.Close()
	answer, err := http.Get(p.origin + "/webhdfs/v1/?op=LISTSTATUS&user.name=ada") // which is logged
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	p.stops(t)
	p.finish(t, conn, answers)
	if err := <-p.ended; err == nil {
		t.Error("it ended as if it had been asked to")
	}
}

// Who asks twice does not wait for requests that are under way.
func TestSecondSignal(t *testing.T) {
	p := newInstalled(t).start(t, "--auth", "simple", "--superuser", "ada")
	p.upload(t)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	began, err := time.Now(), error(nil)
	for waiting := true; waiting; {
		p.signal(t, syscall.SIGTERM)
		select {
		case <-again.C:
		case err = <-p.ended:
			waiting = false
		}
	}
	if status := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended after %v with %v", time.Since(began), err)
	}
}

// A token that is written to a program which has ended is good for nothing. The signal that says so comes to a standard output alone.
func TestTokenThatNobodyReads(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	nobody, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	nobody.Close()
	defer out.Close()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], "token", "create", "--data", i.data, "--database", i.database, "--user", "admin", "--personal", "--label", "unread")
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), commandVariable+"=1"), out, &said
	if err := cmd.Run(); err == nil || !strings.Contains(said.String(), "broken pipe") {
		t.Errorf("%v: %s", err, &said)
	}
	list, err := i.granary(t, "token", "list")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(list) {
		if strings.Contains(line, `"unread"`) && !strings.Contains(line, " revoked ") {
			t.Errorf("nobody has %s", line)
		}
	}
	if !strings.Contains(list, `"unread"`) {
		t.Errorf("no such token was made: %s", list)
	}
}

// A command that waits for a password on standard input can be interrupted.
func TestInterruptedPassword(t *testing.T) {
	for _, line := range [][]string{
		{"user", "passwd", "admin", "--password-stdin"},
		{"user", "add", "ada", "--password-stdin"},
	} {
		ctx, stop := context.WithCancel(t.Context())
		never, typing := io.Pipe()
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, line, listened{never, stop}, io.Discard, io.Discard) }()
		select {
		case err := <-ended:
			if err == nil || !strings.Contains(err.Error(), "interrupted") {
				t.Errorf("%q: %v", line, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%q does not end", line)
		}
		typing.Close()
		stop()
	}
}

// listened is an input that says when somebody reads it.
type listened struct {
	io.Reader
	heard func()
}

func (l listened) Read(p []byte) (int, error) {
	l.heard()
	return l.Reader.Read(p)
}
