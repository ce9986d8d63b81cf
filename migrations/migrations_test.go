package migrations_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3/lock"

	"granary/migrations"
	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func open(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func latest(t *testing.T) int64 {
	t.Helper()
	version, err := migrations.Latest()
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func checkVersion(t *testing.T, pool *pgxpool.Pool, want int64) {
	t.Helper()
	got, err := migrations.Version(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("the database has version %d, want %d", got, want)
	}
}

func TestUp(t *testing.T) {
	pool := open(t, pgtest.EmptyURL(t))
	checkVersion(t, pool, 0)
	for range 2 {
		if err := migrations.Up(t.Context(), pool, nil); err != nil {
			t.Fatal(err)
		}
		checkVersion(t, pool, latest(t))
	}
	var applied int64
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM goose_db_version WHERE version_id > 0").Scan(&applied); err != nil {
		t.Fatal(err)
	}
	if applied != latest(t) {
		t.Errorf("%d migrations were recorded, want %d", applied, latest(t))
	}
}

func TestVersionChangesNothing(t *testing.T) {
	pool := open(t, pgtest.EmptyURL(t))
	checkVersion(t, pool, 0)
	var tables int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil {
		t.Fatal(err)
	}
	if tables != 0 {
		t.Errorf("asking for the version made %d tables", tables)
	}
}

func TestNewerIsRefused(t *testing.T) {
	pool := pgtest.New(t)
	if _, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)", latest(t)+1); err != nil {
		t.Fatal(err)
	}
	err := migrations.Up(t.Context(), pool, nil)
	if !errors.Is(err, migrations.ErrNewer) || !strings.Contains(err.Error(), "use the newer Granary") {
		t.Errorf("Up over a newer schema: %v; want ErrNewer with advice", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	const servers = 4
	url := pgtest.EmptyURL(t)
	results := make(chan error, servers)
	for range servers {
		pool := open(t, url)
		go func() { results <- migrations.Up(t.Context(), pool, nil) }()
	}
	for range servers {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	checkVersion(t, open(t, url), latest(t))
}

// Who was killed while it made the tables is waited for until its lease is over, but not where nobody else can be.
func TestKilledInTheMidst(t *testing.T) {
	killed := func() *pgxpool.Pool {
		pool, err := pgxpool.New(t.Context(), pgtest.EmptyURL(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		for _, sql := range []string{
			`CREATE TABLE goose_lock (lock_id bigint PRIMARY KEY, locked boolean NOT NULL, locked_at timestamptz, locked_by text, lease_expires_at timestamptz, updated_at timestamptz)`,
			fmt.Sprintf(`INSERT INTO goose_lock VALUES (%d, true, now(), 'dead', now() + interval '1 hour', now())`, lock.DefaultLockID),
		} {
			if _, err := pool.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		return pool
	}
	if err := migrations.UpAlone(t.Context(), killed(), nil); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := migrations.Up(ctx, killed(), nil); err == nil {
		t.Error("two made the tables at the same time")
	}
}

// A migration takes as long as it takes, whatever limits the role has for its requests.
func TestUpByAHurriedRole(t *testing.T) {
	url := pgtest.EmptyURL(t)
	patient := open(t, url)
	if err := migrations.UpTo(t.Context(), patient, latest(t)-3); err != nil { // a later one changes tokens
		t.Fatal(err)
	}
	holder, err := patient.Begin(t.Context())
	if err == nil {
		_, err = holder.Exec(t.Context(), `LOCK TABLE tokens`)
	}
	if err != nil {
		t.Fatal(err)
	}
	held := make(chan error, 1)
	go func() { // until that has taken longer than the limit
		_, err := holder.Exec(t.Context(), `DO $$ BEGIN
			WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'tokens'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
				AND NOT granted AND waitstart < clock_timestamp() - interval '2s')
				AND now() > clock_timestamp() - interval '20s' LOOP PERFORM pg_sleep(0.01); END LOOP;
		END $$`)
		held <- errors.Join(err, holder.Rollback(t.Context()))
	}()
	hurried := with(t, url, map[string]string{"statement_timeout": "1s", "lock_timeout": "1s", "idle_session_timeout": "1s"})
	if err := migrations.Up(t.Context(), hurried, nil); err != nil {
		t.Error(err)
	}
	if err := <-held; err != nil {
		t.Error(err)
	}
	checkVersion(t, patient, latest(t))
}

// Whoever waits for a migration sees that it has begun, and how long it took; a new database is made without a word.
func TestUpTellsOfEachMigration(t *testing.T) {
	pool := open(t, pgtest.EmptyURL(t))
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	if err := migrations.UpTo(t.Context(), pool, latest(t)-2); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), pool, log); err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	text := said.String()
	for _, name := range names[len(names)-2:] {
		begins, done := strings.Index(text, `begins" migration=`+name), strings.Index(text, `done" migration=`+name+" took=")
		if begins < 0 || done < begins {
			t.Errorf("of %s it says:\n%s", name, text)
		}
	}
	if lines := strings.Count(text, "\n"); lines != 4 {
		t.Errorf("%d lines, want 4:\n%s", lines, text)
	}
	said.Reset()
	for _, up := range []func(context.Context, *pgxpool.Pool, *slog.Logger) error{migrations.Up, migrations.UpAlone} {
		if err := up(t.Context(), open(t, pgtest.EmptyURL(t)), log); err != nil || said.Len() > 0 {
			t.Errorf("a new database: %v, %s", err, &said)
		}
	}
}

func TestOneConnectionIsTooFew(t *testing.T) {
	config, err := pgxpool.ParseConfig(pgtest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := migrations.Up(t.Context(), pool, nil); err == nil || !strings.Contains(err.Error(), "pool_max_conns=1") {
		t.Errorf("Up over one connection: %v; want a refusal", err)
	}
}

// TestNames keeps the numbers padded, because their order as text must be their order as numbers, and without gaps.
func TestNames(t *testing.T) {
	names, err := fs.Glob(migrations.Files, "*")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^\d{5}_[a-z_]+\.sql$`)
	for _, name := range names {
		if !form.MatchString(name) {
			t.Errorf("%s is not named like 00001_subject.sql", name)
		}
	}
	if int64(len(names)) != latest(t) {
		t.Errorf("there are %d migrations and the last is number %d", len(names), latest(t))
	}
}
