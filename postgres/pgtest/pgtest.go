// Package pgtest gives tests a real PostgreSQL: one server for a test process, or one for all of them, and a fresh
// database for each test that asks, copied from a template that has every migration.
//
// A package that uses it says so once:
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// The server starts when the first test asks for a database, works for root and for ordinary users, and ends with the
// test process even if that is killed. If there is a server already, GRANARY_TEST_POSTGRES names it with a postgres://
// URL of a role that may create databases; "go run ./postgres/pgtest/run go test ./..." starts one for a command.
// Packages that count questions to the database have one of their own nevertheless: see [MainAlone].
// Settings that durability depends on are those of production.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
)

// variable names a running server for tests.
const variable = "GRANARY_TEST_POSTGRES"

// wrapped tells that the process's tests run under Main or Wrap, which alone can clean up after them.
var wrapped atomic.Bool

// shared is the server of this process's tests, once a test has asked.
var shared struct {
	once   sync.Once
	server *server
	err    error
}

// Main runs a package's tests and exits, as the last act of TestMain.
func Main(m *testing.M) { os.Exit(Wrap(m).Run()) }

// MainAlone is Main for a package whose tests count what a server asks: it starts a server for them although there is
// one. Transactions of other databases of the same server, as of other packages' tests, are seen by snapshots too, and
// after each of them everything that is remembered is asked for once more.
func MainAlone(m *testing.M) {
	_ = os.Unsetenv(variable) // documented to fail for names that cannot be
	Main(m)
}

// Suite is a package's tests, followed by the end of their server. It has the form that testscript.Main asks for.
type Suite struct{ tests *testing.M }

// Wrap is for a TestMain that cannot end with Main.
func Wrap(m *testing.M) Suite {
	wrapped.Store(true)
	return Suite{m}
}

// Run runs the tests, ends the server if they started one, and returns the code to exit with.
func (s Suite) Run() int {
	code := s.tests.Run()
	if shared.server == nil {
		return code
	}
	if err := shared.server.close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// New returns a pool of connections to a fresh database with every migration. Pool and database go with the test.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return connect(t, URL(t))
}

// NewAlone is New on a server of the test's own, for tests that transactions of other databases would disturb. It takes
// a second or two.
func NewAlone(t testing.TB) *pgxpool.Pool {
	t.Helper()
	admin, err := parseAdmin(StartFor(t).URL())
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s := &server{admin: admin}
	pool := connect(t, s.fresh(t, emptyTemplate))
	if err := migrations.Up(t.Context(), pool, nil); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return pool
}

func connect(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// URL returns the URL of a fresh database with every migration. Connections to it that are still open when the test is over are broken
// off; the database goes soon after.
func URL(t testing.TB) string {
	t.Helper()
	s := serverFor(t)
	if err := s.makeTemplate(t.Context()); err != nil {
		t.Fatalf("pgtest: make the template database: %v", err)
	}
	return s.fresh(t, s.template)
}

// EmptyURL returns the URL of a fresh database without any migration; see URL.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return serverFor(t).fresh(t, emptyTemplate)
}

// emptyTemplate makes databases compare text as the private server's do, whatever server it is.
const emptyTemplate = "template0 ENCODING 'UTF8' LOCALE 'C'"

func serverFor(t testing.TB) *server {
	t.Helper()
	if !wrapped.Load() {
		t.Fatal("pgtest: this package needs func TestMain(m *testing.M) { pgtest.Main(m) }")
	}
	shared.once.Do(func() { shared.server, shared.err = newServer(context.WithoutCancel(t.Context())) })
	if shared.err != nil {
		t.Fatalf("pgtest: %v", shared.err)
	}
	return shared.server
}

// numbers makes the names of one process's databases differ.
var numbers atomic.Int64

// mostGone is how many databases of finished tests may wait to be dropped.
const mostGone = 24

// fresh makes a database from a template, whose connections end with the test.
func (s *server) fresh(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), numbers.Add(1))
	create := fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY wal_log", name, template)
	if err := s.exec(t.Context(), create); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.leave(context.WithoutCancel(t.Context()), name); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return s.url(name)
}

// leave ends the connections to a database, which is dropped later, together with others: each drop waits for a
// checkpoint, after which all tests write every page as a whole once more.
func (s *server) leave(ctx context.Context, name string) error {
	err := s.exec(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"'")
	s.mu.Lock()
	s.gone = append(s.gone, name)
	full := len(s.gone) >= mostGone
	s.mu.Unlock()
	if full {
		err = errors.Join(err, s.drop(ctx))
	}
	return err
}

// drop drops the databases of finished tests.
func (s *server) drop(ctx context.Context) error {
	s.mu.Lock()
	all := s.gone
	s.gone = nil
	s.mu.Unlock()
	for i, name := range all {
		all[i] = "DROP DATABASE " + name + " WITH (FORCE)"
	}
	return s.exec(ctx, all...)
}

// url is the server's URL with another database.
func (s *server) url(database string) string {
	u := *s.admin
	u.Path = "/" + database
	return u.String()
}

// exec runs statements, one after the other, in the maintenance database.
func (s *server) exec(ctx context.Context, all ...string) error {
	if len(all) == 0 {
		return nil
	}
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return err
	}
	for _, sql := range all {
		_, failed := conn.Exec(ctx, sql)
		err = errors.Join(err, failed)
	}
	return errors.Join(err, conn.Close(ctx))
}

// parseAdmin reads the URL of a server.
func parseAdmin(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		// Not quoted: it may hold a password.
		return nil, errors.New(variable + " should be a URL like postgres://user@host/postgres")
	}
	return u, nil
}
