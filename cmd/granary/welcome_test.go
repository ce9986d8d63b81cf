package main

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// The commands that a start prints find the installation wherever its things are.
func TestFlagsFindTheInstallation(t *testing.T) {
	for want, p := range map[string]place{
		"--data /srv/g":                               {Data: "/srv/g"},
		"--data '/srv/it'\\''s mine'":                 {Data: "/srv/it's mine"},
		"--data /srv/g --root-key '/keys/$HOME/root'": {Data: "/srv/g", RootKey: "/keys/$HOME/root"},
		"--data /srv/g --blocks '/srv/b c'":           {Data: "/srv/g", Blocks: []string{"/srv/b c"}},
		"--data /srv/g --blocks 's3://bucket/p?endpoint=http://localhost:9000'": {
			Data: "/srv/g", Blocks: []string{"s3://bucket/p/?endpoint=http%3A%2F%2Flocalhost:9000"},
		},
		"--data /srv/g --database \"$GRANARY_DATABASE\" --blocks /b": {
			Data: "/srv/g", Database: "postgres://granary:geheim@db/granary", Blocks: []string{"/b"},
		},
		"--data /srv/g --database \"$GRANARY_DATABASE\" --blocks /c": { // the password of the client's key
			Data: "/srv/g", Database: "postgres://granary@db/granary?sslkey=/etc/pg.key&sslpassword=geheim", Blocks: []string{"/c"},
		},
		"--data /srv/g --database 'postgres://granary@db/granary?sslmode=verify-full&passfile=/etc/pgpass'": {
			Data: "/srv/g", Database: "postgres://granary@db/granary?sslmode=verify-full&passfile=/etc/pgpass",
		},
	} {
		if err := p.complete(); err != nil {
			t.Fatal(err)
		}
		if got := p.flags(); got != want {
			t.Errorf("%+v: %s; want %s", p, got, want)
		}
	}
	t.Chdir("/")
	here := place{Data: "/srv/g", RootKey: "/srv/g/root.key", Blocks: []string{"srv/b"}}
	if got, want := here.flags(), "--data /srv/g --blocks /srv/b"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	for _, word := range []string{"", "a b", "it's", `"$HOME" \ ;&|<>()` + "`id`", "\n", "größe", "~"} {
		out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", "printf %s. "+quoted(word)).Output()
		if err != nil || strings.TrimSuffix(string(out), ".") != word {
			t.Errorf("a shell takes %s for %q, %v", quoted(word), out, err)
		}
	}
}

// Whoever pastes a command is told what the shell lacks, and the password is printed to nobody.
func TestWhatGoesBeforePrintedCommands(t *testing.T) {
	const secret, open = "postgres://granary:geheim@db/granary", "postgres://granary@db/granary"
	for _, c := range []struct {
		database, variable string
		says               bool
	}{
		{database: secret, says: true},
		{database: secret, variable: "postgres://granary:geheim@other/granary", says: true},
		{database: secret, variable: secret},
		{database: open},
		{},
	} {
		t.Setenv(databaseVariable, c.variable)
		said := place{Database: c.database}.before()
		if (said != "") != c.says || strings.Contains(said, "geheim") {
			t.Errorf("%+v: %q", c, said)
		}
	}
}

// A password that could not be shown, since the disk is full that the output goes to, is not just lost.
func TestPasswordThatIsNotShown(t *testing.T) {
	i := newInstalled(t)
	line := []string{"serve", "--listen", "127.0.0.1:0", "--data", i.data, "--database", i.database}
	err := run(t.Context(), line, strings.NewReader(""), failing{syscall.ENOSPC}, io.Discard)
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "user passwd --data "+quoted(i.data)) {
		t.Errorf("%v", err)
	}
}

// failing is an output that takes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Of servers that start a new installation at the same time, one makes the first user, and all serve.
func TestServersThatStartTogether(t *testing.T) {
	i := newInstalled(t)
	conn, err := pgx.Connect(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	names, err := conn.Begin(t.Context()) // holds up both where they have found no user
	if err == nil {
		err = auth.LockNames(t.Context(), names)
	}
	if err != nil {
		t.Fatal(err)
	}
	type end struct {
		printed string
		err     error
	}
	ends := make(chan end, 2)
	for range cap(ends) {
		go func() {
			printed, _, err := i.serve(t, func(string) {})
			ends <- end{printed, err}
		}()
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for held := 0; held < cap(ends); {
		select {
		case <-again.C:
		case e := <-ends:
			t.Fatalf("one ended: %v", e.err)
		}
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks w JOIN pg_locks h USING (locktype, database, classid, objid, objsubid)
			WHERE h.locktype = 'advisory' AND h.pid = pg_backend_pid() AND NOT w.granted`).Scan(&held); err != nil {
			t.Fatal(err)
		}
	}
	if err := names.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := ""
	for range cap(ends) {
		e := <-ends
		if e.err != nil {
			t.Error(e.err)
		}
		all += e.printed
	}
	for _, words := range []string{"This is a new installation.", "For a token: "} {
		if strings.Count(all, words) != 1 {
			t.Errorf("%q is not printed once: %s", words, all)
		}
	}
}

// What is printed at a start works as it is, in a shell that is elsewhere.
func TestPrintedCommand(t *testing.T) {
	i := newInstalled(t)
	i.data = filepath.Join(filepath.Dir(i.data), "it's $mine")
	t.Chdir(filepath.Dir(i.data))
	flags := []string{"--root-key", "my keys/root", "--blocks", "my blocks", "--superuser", "boss"}
	var starts []string
	for range 2 {
		printed, _, err := i.serve(t, func(string) {}, flags...)
		if err != nil {
			t.Fatal(err)
		}
		starts = append(starts, printed)
	}
	t.Chdir("/")
	for start, command := range []struct{ after, reads, prints string }{
		{"  passwd   ", "correct horse battery staple\n", ""},
		{"For a token: ", "", "eyJ"},
	} {
		_, line, found := strings.Cut(starts[start], command.after)
		if !found {
			t.Fatalf("printed: %s", starts[start])
		}
		line, _, _ = strings.Cut(line, "\n")
		shell := exec.CommandContext(t.Context(), "/bin/sh", "-c", `printf '%s\0' `+line)
		words, err := shell.Output()
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		args := strings.Split(strings.TrimSuffix(string(words), "\x00"), "\x00")[1:]
		if err := run(t.Context(), args, strings.NewReader(command.reads), &out, io.Discard); err != nil || !strings.HasPrefix(out.String(), command.prints) {
			t.Errorf("%q: %q, %v", args, out.String(), err)
		}
	}
}

// The command for hadoop that a first start prints names the service as Hadoop does: with TLS where it has that, and with its port.
func TestPrintedService(t *testing.T) {
	printed, _, err := newInstalled(t).serve(t, func(string) {}, "--public-url", "https://granary.example.org/")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{" --service https://granary.example.org:443 ", " -fs swebhdfs://granary.example.org:443 ", `"https://granary.example.org/webhdfs/v1`} {
		if !strings.Contains(printed, part) {
			t.Errorf("printed without %q: %s", part, printed)
		}
	}
}

func TestByteSize(t *testing.T) {
	for text, want := range map[string]byteSize{"0": 0, "7B": 7, "1024KiB": 1 << 20, "1 MiB": 1 << 20, "511GiB": 511 << 30} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%s: %d, %v; want %d", text, b, err, want)
		}
	}
	for _, text := range []string{"", "x", "-1", "1TiB", "1.5GiB", "8589934592GiB", "9223372036854775808"} {
		var b byteSize
		if err := b.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s: %d", text, b)
		}
	}
}
