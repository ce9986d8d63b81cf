package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// helperVariable makes the test binary serve the folder it names until its standard input ends, so that tests can kill
// a whole process, or have one that is another user's.
const helperVariable = "GRANARY_TEST_SERVE"

func TestMain(m *testing.M) {
	data, helper := os.LookupEnv(helperVariable)
	if !helper {
		os.Exit(m.Run())
	}
	if err := serve(data); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve prints the URL of a server and stops it when standard input ends.
func serve(data string) error {
	ctx := context.Background()
	s, err := Start(ctx, Config{Data: data})
	if err != nil {
		return err
	}
	fmt.Println(s.URL())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return s.Stop(ctx)
}

// reachable makes a folder that every user may pass through, unlike t.TempDir's.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "granary-postgres-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// run starts a server that ends with the test.
func run(t *testing.T, c Config) *Server {
	t.Helper()
	return runWith(t, c, nil)
}

func runWith(t *testing.T, c Config, override map[string]string) *Server {
	t.Helper()
	c.Logf = t.Logf
	s, err := start(t.Context(), c, override)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func query[T any](t *testing.T, url, sql string, args ...any) T {
	t.Helper()
	conn := dial(t, url)
	var value T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func exec1(t *testing.T, url, sql string) {
	t.Helper()
	if _, err := dial(t, url).Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func dial(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server may be gone
	return conn
}

func TestStartStopStart(t *testing.T) {
	data := filepath.Join(reachable(t), "new", "data")
	if _, ok := Attach(data); ok {
		t.Fatal("Attach found a server before there was one")
	}
	s := run(t, Config{Data: data})
	exec1(t, s.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	if err := CheckDurable(t.Context(), dial(t, s.URL())); err != nil {
		t.Error(err)
	}
	if query[bool](t, s.URL(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") {
		t.Error("Granary's role is a superuser")
	}
	if got := query[string](t, s.URL(), "SHOW listen_addresses"); got != "" {
		t.Errorf("the server listens on %q", got)
	}
	if checksums, err := HasChecksums(t.Context(), dial(t, s.URL())); err != nil || !checksums {
		t.Errorf("checksums: %v, %v", checksums, err)
	}

	url, ok := Attach(data)
	if !ok || url != s.URL() {
		t.Errorf("Attach found %q, %v; want %q", url, ok, s.URL())
	}
	if _, err := Start(t.Context(), Config{Data: data}); !errors.Is(err, ErrRunning) {
		t.Errorf("a second Start: %v; want ErrRunning", err)
	}

	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	default:
		t.Error("Done is open after Stop")
	}
	if err := s.Err(); err != nil {
		t.Errorf("Err after Stop: %v", err)
	}
	if _, ok := Attach(data); ok {
		t.Error("Attach found a stopped server")
	}
	s = run(t, Config{Data: data})
	if got := query[int](t, s.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d after a restart, want 42", got)
	}
}

func TestFolderIsClosed(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	owner, _, err := s.folder.owner()
	if err != nil {
		t.Fatal(err)
	}
	if owner == 0 {
		t.Error("the cluster belongs to root")
	}
	for _, dir := range []string{s.folder.cluster(), s.folder.run(), s.folder.log()} {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s has mode %04o, want 0700", dir, got)
		}
	}
	info, err := os.Stat(filepath.Join(s.folder.run(), socketFile))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("the socket has mode %04o, want 0700", got)
	}
}

func TestUnexpectedEnd(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	if err := s.Err(); err != nil {
		t.Errorf("Err of a running server: %v", err)
	}
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	if s.Err() == nil || !strings.Contains(s.Err().Error(), "killed") {
		t.Errorf("Err says %v; want it to tell that the process was killed", s.Err())
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	run(t, Config{Data: data}) // recovers
}

// TestRestart starts a server that died again. Nobody else gets the folder meanwhile, even if that fails at first.
func TestRestart(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s, err := Start(t.Context(), Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	exec1(t, s.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	held := func(when string) {
		t.Helper()
		if l, err := tryLock(s.folder.lockFile()); !errors.Is(err, errLocked) {
			t.Errorf("%s, somebody else gets the folder: %v", when, err)
			if err == nil {
				_ = l.release() // nothing was written
			}
		}
	}
	for _, damage := range []struct{ moved, left, want string }{
		{filepath.Join(data, "cluster", "PG_VERSION"), "", "no PG_VERSION"},
		{filepath.Join(data, "cluster"), "", "is its disk mounted?"}, // and no new one is made
		{data, "", "is its disk mounted?"},
		{data, filepath.Join(data, "cluster"), "is another folder than before"},
	} {
		if err := os.Rename(damage.moved, damage.moved+".aside"); err != nil {
			t.Fatal(err)
		}
		if damage.left != "" {
			if err := os.MkdirAll(damage.left, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Restart(t.Context(), Config{Data: data}); err == nil || !strings.Contains(err.Error(), damage.want) {
			t.Errorf("without %s: %v; want %s", damage.moved, err, damage.want)
		}
		if err := errors.Join(os.RemoveAll(damage.moved), os.Rename(damage.moved+".aside", damage.moved)); err != nil {
			t.Fatal(err)
		}
		held("after a failure")
	}
	again, err := s.Restart(t.Context(), Config{Data: data})
	if err != nil {
		t.Fatal(errors.Join(err, s.Stop(t.Context())))
	}
	held("with a server")
	if got := query[int](t, again.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d after the restart, want 42", got)
	}
	if err := errors.Join(s.Stop(t.Context()), again.Err()); err != nil {
		t.Errorf("the end of what has ended: %v", err)
	}
	held("after that")
	if err := again.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	run(t, Config{Data: data}) // the folder is free
}

func TestStopInAHurry(t *testing.T) {
	s := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	// The fast shutdown writes a checkpoint and so cannot win against a context that has ended already, but may end
	// within the time in which both are seen.
	if err := s.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-s.Done():
	default:
		t.Error("the server runs on after Stop")
	}
	s.stopErr = nil // as judged above; the cleanup stops again
}

func TestOrdinaryUser(t *testing.T) {
	uid := uint32(os.Geteuid())
	if uid == 0 {
		uid = 65534 // nobody, on Linux
	}
	home := reachable(t)
	if err := os.Chown(home, int(uid), -1); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(home, "data")
	c := spawn(t, data, uid)
	exec1(t, c.url, "CREATE TABLE kept AS SELECT 42 AS n")
	if url, ok := Attach(data); !ok || url != c.url {
		t.Errorf("Attach found %q, %v; want %q", url, ok, c.url)
	}
	if err := c.in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	owner, exists, err := folder(data).owner()
	if err != nil || !exists || owner != uid {
		t.Fatalf("the cluster belongs to %d (%v, %v); want %d", owner, exists, err, uid)
	}
	// Whoever runs this test may serve it too, and leaves it usable for its owner.
	s := run(t, Config{Data: data})
	if got := query[int](t, s.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d, want 42", got)
	}
	s.process.signal(syscall.SIGKILL)
	<-s.Done()
	if err := s.lock.release(); err != nil {
		t.Fatal(err)
	}
	s.stop.Do(func() {}) // as if this process had been killed: nothing is cleared
	c = spawn(t, data, uid)
	if got := query[int](t, c.url, "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d, want 42", got)
	}
}

// A cluster whose owner has no name on this machine is served as before.
func TestUnknownOwner(t *testing.T) {
	data := filepath.Join(reachable(t), "data")
	s := run(t, Config{Data: data})
	exec1(t, s.URL(), "CREATE TABLE kept AS SELECT 42 AS n")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // who else runs this test keeps what is his
		const uid, gid = 54321, 54322
		if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
			t.Fatalf("%d is %s", uid, u.Username)
		}
		for _, dir := range []string{folder(data).cluster(), folder(data).log()} {
			if err := (account{uid: uid, gid: gid}).ownTree(dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	s = run(t, Config{Data: data})
	if got := query[int](t, s.URL(), "SELECT n FROM kept"); got != 42 {
		t.Errorf("found %d, want 42", got)
	}
}

func TestSettings(t *testing.T) {
	s := run(t, Config{
		Data:     filepath.Join(reachable(t), "data"),
		Settings: map[string]string{"max_connections": "17"},
	})
	if got := query[string](t, s.URL(), "SHOW max_connections"); got != "17" {
		t.Errorf("max_connections is %s, want 17", got)
	}
	if got := query[string](t, s.URL(), "SHOW autovacuum_naptime"); got != "5s" {
		t.Errorf("autovacuum_naptime is %s, want 5s: what was deleted is in the way until it comes round", got)
	}
	exec1(t, s.AdminURL(), "ALTER SYSTEM SET fsync = off")
	exec1(t, s.AdminURL(), "SELECT pg_reload_conf()")
	if got := query[string](t, s.URL(), "SHOW fsync"); got != "on" {
		t.Errorf("ALTER SYSTEM made fsync %s", got)
	}
	for _, name := range []string{"fsync", "Full_Page_Writes", "listen_addresses", "hba_file", "a=b", ""} {
		_, err := Start(t.Context(), Config{Data: t.TempDir(), Settings: map[string]string{name: "x"}})
		if err == nil || !strings.Contains(err.Error(), "setting") {
			t.Errorf("setting %q: %v; want a refusal", name, err)
		}
	}
}

func TestURLsNameTheSocket(t *testing.T) {
	const socket = "/a b+/ü&c/run"
	u, err := url.Parse(connectionURL(socket, roleName, roleName))
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != socket || config.Port != 5432 || config.User != roleName || config.Database != roleName {
		t.Errorf("pgx understands host %q, port %d, user %q, database %q", config.Host, config.Port, config.User, config.Database)
	}
}

// Each folder that is made has an entry on the disk before anything is kept in it, the data folder itself as those above it.
func TestDataFolderIsSynced(t *testing.T) {
	top := t.TempDir()
	f := folder(filepath.Join(top, "granary", "postgres"))
	var synced []string
	flush := func(dir string) error {
		synced = append(synced, dir)
		return syncFolder(dir)
	}
	for range 2 { // the second time there is nothing to make
		if err := f.create(flush); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{top, filepath.Join(top, "granary")}; !slices.Equal(synced, want) {
		t.Errorf("synced are %q, want %q", synced, want)
	}
	full := errors.New("no room")
	if err := folder(filepath.Join(top, "other")).create(func(string) error { return full }); !errors.Is(err, full) {
		t.Errorf("a folder whose entry may be lost: %v", err)
	}
}
