package main

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"granary/postgres"
)

// privately opens a private database in a folder that every user may pass through, and returns the messages that it logs.
func privately(t *testing.T, o options) (d *database, data string, log *bufio.Scanner) {
	t.Helper()
	dir, err := os.MkdirTemp("", "granary-private-test-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	data = filepath.Join(dir, "postgres")
	out, in := io.Pipe()
	o.log, o.progress = slog.New(slog.NewTextHandler(in, nil)), t.Logf
	if d, err = openDatabase(t.Context(), "", data, o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		go func() { _, _ = io.Copy(io.Discard, out) }() // what it still says
		if err := errors.Join(d.close(), in.Close(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	return d, data, bufio.NewScanner(out)
}

// killPostgres ends the private PostgreSQL of a folder as a lack of memory does.
func killPostgres(t *testing.T, data string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "cluster", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// A server whose PostgreSQL cannot be started again, as on a full disk, keeps its folder: otherwise a command, or a
// second server, would start one there, and the connections of the first would lead to it.
func TestFolderIsKeptWithoutItsServer(t *testing.T) {
	d, data, log := privately(t, options{make: true})
	was := d.url()
	control := filepath.Join(data, "cluster", "global", "pg_control")
	if err := os.Rename(control, control+".aside"); err != nil {
		t.Fatal(err)
	}
	killPostgres(t, data)
	for failed := 0; failed < 2 && log.Scan(); {
		if !strings.Contains(log.Text(), "could not be started again") {
			continue
		}
		failed++
		lock, err := os.OpenFile(filepath.Join(data, "lock"), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			t.Errorf("somebody else gets the folder: %v", err)
		}
		lock.Close()
	}
	if err := os.Rename(control+".aside", control); err != nil {
		t.Fatal(err)
	}
	for log.Scan() && !strings.Contains(log.Text(), "is back") {
		t.Log(log.Text())
	}
	if d.url() != was {
		t.Errorf("it is at %s now, and was at %s", d.url(), was)
	}
}

// A command that finds the folder of a server whose PostgreSQL does not answer never advises to end the server.
func TestServerThatDoesNotAnswer(t *testing.T) {
	for of, words := range map[bool]string{true: "end the other one, or give this one a folder of its own", false: "its PostgreSQL does not answer: it may be recovering"} {
		err := options{make: of}.refused(postgres.ErrRunning)
		if !errors.Is(err, postgres.ErrRunning) || !strings.Contains(err.Error(), words) || !of && strings.Contains(err.Error(), "end the other one") {
			t.Errorf("a server: %t; %v", of, err)
		}
	}
}
