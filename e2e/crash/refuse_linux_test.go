package crash

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// foreign is a PostgreSQL that Granary has not started, with settings of its own. It reuses the cluster of an
// installation that does not serve any more.
type foreign struct {
	url     string // of a superuser, in the database of that installation
	process *os.Process
}

// postgres finds the PostgreSQL that an installation runs, and the user that it runs as.
func (g *installation) postgres(t *testing.T) (program string, runner *syscall.Credential) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d", g.postmaster(t))
	program, err := os.Readlink(proc + "/exe")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(proc)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	return program, &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
}

// startForeign starts one that ends with the test. settings are like "fsync=off".
func startForeign(t *testing.T, program string, runner *syscall.Credential, cluster string, settings ...string) *foreign {
	t.Helper()
	socket, err := os.MkdirTemp("", "granary-crash-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(socket); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chown(socket, int(runner.Uid), int(runner.Gid)); err != nil {
		t.Fatal(err)
	}
	args := []string{"-D", cluster, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + socket}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(program, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = runner
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f := &foreign{process: cmd.Process, url: (&url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/granary", RawQuery: url.Values{"host": {socket}}.Encode(),
	}).String()}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT) // its fast shutdown, unless it has ended
		if err := cmd.Wait(); err != nil {
			t.Errorf("PostgreSQL: %v\n%s", err, said.Bytes())
		}
	})
	f.await(t)
	return f
}

// await returns when the database answers.
func (f *foreign) await(t *testing.T) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for late := time.After(patience); ; {
		conn, err := pgx.Connect(t.Context(), f.url)
		if err == nil {
			if err := conn.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			return
		}
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("PostgreSQL does not get ready: %v", err)
		}
	}
}

// exec runs a statement.
func (f *foreign) exec(t *testing.T, sql string) {
	t.Helper()
	f.with(t, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

// ask returns the one text that a query is about.
func (f *foreign) ask(t *testing.T, sql string) (text string) {
	t.Helper()
	f.with(t, func(ctx context.Context, conn *pgx.Conn) error { return conn.QueryRow(ctx, sql).Scan(&text) })
	return text
}

func (f *foreign) with(t *testing.T, do func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, f.url)
	if err == nil {
		defer conn.Close(ctx)
		err = do(ctx, conn)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestRefuseToServe holds that a Granary does not start on what would lose or garble files.
func TestRefuseToServe(t *testing.T) {
	g := install(t, build(t, ""))
	g.start(t)
	if err := newClient(g.url, g.token(t, "admin")).create("/tmp/f", false, strings.NewReader("kept"), -1); err != nil {
		t.Fatal(err)
	}
	if err := newClient(g.url, g.token(t, "admin")).create("/tmp/h", false, content{{2, 300 << 10}}.reader(), -1); err != nil {
		t.Fatal(err)
	}
	program, runner := g.postgres(t)
	g.terminate(t)

	var wrong []byte
	t.Run("another root key", func(t *testing.T) {
		file := filepath.Join(g.data(), "root.key")
		key, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		other := install(t, g.program)
		other.start(t)
		other.terminate(t)
		if wrong, err = os.ReadFile(filepath.Join(other.data(), "root.key")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, wrong, 0o600); err != nil {
			t.Fatal(err)
		}
		wantWords(t, g.refuse(t), "root key")
		if err := os.WriteFile(file, key, 0o600); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("another block folder", func(t *testing.T) {
		folder, away := filepath.Join(g.data(), "blocks"), filepath.Join(g.data(), "away")
		if err := os.Rename(folder, away); err != nil {
			t.Fatal(err)
		}
		wantWords(t, g.refuse(t), "has none of the database's blocks", "mounted")
		wantWords(t, install(t, g.program, "--blocks", away).refuse(t), "belongs to an installation")
		if err := os.WriteFile(filepath.Join(folder, "installation"), []byte("somebody else's\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantWords(t, g.refuse(t), "is another installation's")
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(away, folder); err != nil {
			t.Fatal(err)
		}
	})

	cluster := filepath.Join(g.data(), "postgres", "cluster")
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		t.Run(setting+"=off", func(t *testing.T) {
			f := startForeign(t, program, runner, cluster, setting+"=off")
			wantWords(t, g.external(f).refuse(t), setting+"=off", "set "+setting+"=on")
		})
	}
	t.Run("synchronous_commit=off for the role", func(t *testing.T) {
		f := startForeign(t, program, runner, cluster)
		f.exec(t, "ALTER ROLE postgres SET synchronous_commit = off")
		wantWords(t, g.external(f).refuse(t), "synchronous_commit=off", "set synchronous_commit=on")
		f.exec(t, "ALTER ROLE postgres RESET synchronous_commit")
	})

	t.Run("a server of another version", func(t *testing.T) {
		f := startForeign(t, program, runner, cluster)
		e := g.external(f)
		newest := strings.TrimSpace(f.ask(t, "SELECT max(version_id)::text FROM goose_db_version"))
		f.exec(t, "DELETE FROM goose_db_version WHERE version_id = "+newest)
		f.exec(t, "INSERT INTO servers (id) VALUES ('00000000-0000-4000-8000-000000000000')")
		beating, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for beating.Err() == nil {
				f.exec(t, "UPDATE servers SET seen = now() WHERE id = '00000000-0000-4000-8000-000000000000'")
			}
		}()
		wantWords(t, e.refuse(t), "stop all servers")
		stop()
		<-done
		f.exec(t, "DELETE FROM servers WHERE id = '00000000-0000-4000-8000-000000000000'")

		// Whose database it is not, changes nothing in it.
		file := filepath.Join(g.data(), "root.key")
		key, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, wrong, 0o600); err != nil {
			t.Fatal(err)
		}
		wantWords(t, e.refuse(t), "root key")
		if err := os.WriteFile(file, key, 0o600); err != nil {
			t.Fatal(err)
		}

		f.exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES ("+newest+", true)")
		e.start(t)
		f.exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
		wantWords(t, e.giveUp(t, nil), "newer Granary", "99999")
		f.exec(t, "DELETE FROM goose_db_version WHERE version_id = 99999")
	})

	// After all the refusals the files are still there, for the same Granary on a database of the operator's own.
	t.Run("a database that is durable", func(t *testing.T) {
		f := startForeign(t, program, runner, cluster)
		e := g.external(f)
		e.start(t)
		token := strings.TrimSpace(e.command(t, "token", "create", "--user", "admin", "--database", f.url))
		c := newClient(e.url, token)
		if err := c.create("/tmp/g", false, content{{1, 300 << 10}}.reader(), -1); err != nil {
			t.Error(err)
		}
		if err := c.check("/tmp/g", content{{1, 300 << 10}}); err != nil {
			t.Error(err)
		}
		answer, err := c.request("GET", "/tmp/f", "OPEN", nil, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var kept bytes.Buffer
		if _, err := kept.ReadFrom(answer.Body); err != nil || kept.String() != "kept" {
			t.Errorf("/tmp/f holds %q, %v", kept.String(), err)
		}
		if said := e.command(t, "fsck", "--read-data", "--database", f.url); !fsckTotals.MatchString(said) {
			t.Errorf("fsck says %q", said)
		}
		e.terminate(t)
		f.await(t) // it is not Granary's to end
	})
}

// external is the installation on a database that is not its own.
func (g *installation) external(f *foreign) *installation {
	return &installation{program: g.program, folder: g.folder, flags: []string{"--database", f.url}}
}

// wantWords fails if a message lacks one of the words that would help its reader.
func wantWords(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("granary says %q, and nothing of %q", said, word)
		}
	}
}
