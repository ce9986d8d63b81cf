package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/migrations"
)

// helperVariable makes the test binary play another part: "serve" holds a server until its standard input ends,
// "unwrapped" runs its tests as a package does that forgot Main.
const helperVariable = "GRANARY_TEST_PGTEST"

func TestMain(m *testing.M) {
	switch os.Getenv(helperVariable) {
	case "serve":
		p, err := Start(context.Background())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(p.folder)
		_, _ = io.Copy(io.Discard, os.Stdin) // until killed
	case "unwrapped":
		os.Exit(m.Run())
	default:
		Main(m)
	}
}

func TestDatabasesAreSeparate(t *testing.T) {
	for range 2 {
		pool := New(t)
		if _, err := pool.Exec(t.Context(), "CREATE TABLE mine ()"); err != nil {
			t.Fatal(err)
		}
		latest, err := migrations.Latest()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := migrations.Version(t.Context(), pool); err != nil || got != latest {
			t.Errorf("the database has version %d (%v), want %d", got, err, latest)
		}
	}
}

func TestDatabasesGo(t *testing.T) {
	var url string
	t.Run("a test with a connection that stays open", func(t *testing.T) {
		url = URL(t)
		if _, err := pgx.Connect(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	})
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("the database outlives its test")
		_ = conn.Close(t.Context())
	}
}

func TestDatabasesCompareBytes(t *testing.T) {
	for name, url := range map[string]string{"empty": EmptyURL(t), "migrated": URL(t)} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		var less bool
		if err := conn.QueryRow(t.Context(), "SELECT 'Z'::text < 'a'::text").Scan(&less); err != nil {
			t.Fatal(err)
		}
		if !less {
			t.Errorf("%s: text is compared by a locale", name)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestKilled kills a process with a server, and has the next one clear up.
func TestKilled(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperVariable+"=serve")
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // held open, so that it stays
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() }) // usually gone by now
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the helper started no server: %v", err)
	}
	folder := strings.TrimSpace(line)

	old := time.Now().Add(-time.Hour)
	sweepAged := func() {
		t.Helper()
		if err := os.Chtimes(folder, old, old); err != nil {
			t.Fatal(err)
		}
		if err := sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweepAged()
	if _, err := os.Stat(filepath.Join(folder, "data", "cluster", "postmaster.pid")); err != nil {
		t.Fatalf("a living server was swept away: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	sweepAged()
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the killed process's folder stays: %v", err)
	}
}

func TestForgottenMain(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestDatabasesAreSeparate$")
	cmd.Env = append(os.Environ(), helperVariable+"=unwrapped")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "pgtest.Main(m)") {
		t.Errorf("a package without Main: %v; want a failure that tells what is missing:\n%s", err, out)
	}
}

func TestBadServer(t *testing.T) {
	t.Setenv(variable, "host=somewhere password=hunter2")
	_, err := newServer(t.Context())
	if err == nil || !strings.Contains(err.Error(), variable) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("newServer: %v; want words about %s without the password", err, variable)
	}
}

// BenchmarkNew measures what a fresh database costs a test.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		URL(b)
	}
}
