// Package migrations holds the database's schema as numbered SQL files, and brings a database up to date with them.
//
// A file is named NNNNN_subject.sql, is never changed once released, and runs in one transaction together with the row
// that records it, so a database is always at exactly one version. There are no down migrations: the way back to an
// older schema is to restore a backup.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files are the migrations, in the top folder.
//
//go:embed *.sql
var Files embed.FS

// ErrNewer is returned for a database that a newer Granary has migrated. This one does not know what its tables mean.
var ErrNewer = errors.New("the database was made by a newer Granary")

// A server that waits for another one's migrations looks every lookEvery, and gives up after lookTimes looks; one that
// died holding the lock delays the next by at most the lease.
const (
	lookEvery = 500 * time.Millisecond
	lookTimes = 1200 // ten minutes
	lease     = 20 * time.Second
	heartbeat = 2 * time.Second
)

// Up applies the migrations that the database lacks. Any number of servers may call it at once, over a connection
// pooler too: the lock is a row with a lease, not a session's. The pool needs two connections or more, because the
// lease is renewed while a migration runs. It fails with [ErrNewer] for a database that is ahead of this program.
func Up(ctx context.Context, pool *pgxpool.Pool) error { return up(ctx, pool, false) }

// UpAlone is Up for a database that nobody else can be using: it does not wait for the lock of a process that was
// killed during its migrations.
func UpAlone(ctx context.Context, pool *pgxpool.Pool) error { return up(ctx, pool, true) }

// UpTo is UpAlone up to an older version, for rows that were saved from that version.
func UpTo(ctx context.Context, pool *pgxpool.Pool, version int64) error {
	current, err := known(ctx, pool, version)
	if err != nil || current == version {
		return err
	}
	return apply(ctx, pool, true, current, version)
}

func up(ctx context.Context, pool *pgxpool.Pool, alone bool) error {
	latest, err := Latest()
	if err != nil {
		return err
	}
	current, err := known(ctx, pool, latest)
	switch {
	case err != nil:
		return err
	case current == latest && alone:
		return nil
	case current == latest:
		return awaitNewer(ctx, pool, latest, lease)
	}
	if err := apply(ctx, pool, alone, current, latest); err != nil {
		return err
	}
	// While this server waited for the lock, a newer one may have held it.
	_, err = known(ctx, pool, latest)
	return err
}

// Check fails unless the database is at exactly the version that this program knows. It changes nothing: a command that
// does one thing must not change the tables under a server of another version.
func Check(ctx context.Context, pool *pgxpool.Pool) error {
	latest, err := Latest()
	if err != nil {
		return err
	}
	current, err := known(ctx, pool, latest)
	if err == nil && current < latest {
		err = fmt.Errorf("the database has version %d of its schema, and this Granary works with version %d: start `granary serve` of this version, which brings it up to date", current, latest)
	}
	return err
}

// known returns the version of a database, and fails if it is ahead of latest.
func known(ctx context.Context, pool *pgxpool.Pool, latest int64) (int64, error) {
	current, err := Version(ctx, pool)
	if err != nil {
		return 0, err
	}
	if current > latest {
		return 0, fmt.Errorf("%w: its schema has version %d, and this Granary knows versions up to %d: use the newer Granary, or restore a backup made before it", ErrNewer, current, latest)
	}
	return current, nil
}

// apply brings a database from one version to another.
func apply(ctx context.Context, pool *pgxpool.Pool, alone bool, from, to int64) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("bring the database from version %d to %d: %w", from, to, err)
		}
	}()
	if most := pool.Config().MaxConns; most < 2 {
		return fmt.Errorf("the connection pool has pool_max_conns=%d: set 2 or more", most)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if !alone {
		locker, err := lock.NewPostgresTableLocker(
			lock.WithTableLockTimeout(lookEvery, lookTimes),
			lock.WithTableLeaseDuration(lease),
			lock.WithTableHeartbeatInterval(heartbeat),
		)
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(locker))
	}
	if err := extensionsAreSeen(ctx, pool); err != nil {
		return err
	}
	patient, err := unhurried(ctx, pool)
	if err != nil {
		return err
	}
	defer patient.Close()
	db := stdlib.OpenDBFromPool(patient)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, Files, options...)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, to)
	return err
}

// unseenSQL finds an extension that the schema needs and that is where the role does not look for it.
const unseenSQL = `
	SELECT extname, nspname, current_user
	FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
	WHERE extname IN ('pg_trgm', 'btree_gin') AND nspname <> ALL (current_schemas(true))
	ORDER BY extname LIMIT 1`

// extensionsAreSeen fails for an extension outside the role's search path, where those who run databases for others like
// to put them: a migration would fail with an operator class that does not exist.
func extensionsAreSeen(ctx context.Context, pool *pgxpool.Pool) error {
	var extension, schema, role string
	err := pool.QueryRow(ctx, unseenSQL).Scan(&extension, &schema, &role)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("the extension %s is in the schema %s, where this role does not look: run ALTER EXTENSION %s SET SCHEMA public, or ALTER ROLE %s SET search_path = public, %s",
		extension, schema, extension, pgx.Identifier{role}.Sanitize(), pgx.Identifier{schema}.Sanitize())
}

// patientSQL removes the limits of time that a role may have, as far as this PostgreSQL knows them.
const patientSQL = `SELECT count(set_config(name, '0', false)) FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout')`

// unhurried returns a pool like pool, whose statements take as long as they take: whatever is right for requests, to
// index a large table takes minutes, and would be cut off at every start.
func unhurried(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := pool.Config()
	before := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if before != nil {
			if err := before(ctx, conn); err != nil {
				return err
			}
		}
		_, err := conn.Exec(ctx, patientSQL)
		return err
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// Version returns the number of the newest migration that the database has, 0 for an empty database. It changes
// nothing.
func Version(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	var exists bool
	var version int64
	err := pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", goose.DefaultTablename).Scan(&exists)
	if err == nil && exists {
		err = pool.QueryRow(ctx, "SELECT coalesce(max(version_id) FILTER (WHERE is_applied), 0) FROM "+goose.DefaultTablename).Scan(&version)
	}
	if err != nil {
		return 0, fmt.Errorf("find out the version of the database: %w", err)
	}
	return version, nil
}

// Latest returns the number of the newest migration in this program.
func Latest() (int64, error) {
	names, err := fs.Glob(Files, "*.sql") // sorted, and the numbers are padded
	if err != nil {
		return 0, err
	}
	newest := names[len(names)-1] // there is one, or the program would not compile
	number, _, _ := strings.Cut(newest, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("migration %s has no number: %w", newest, err)
	}
	return version, nil
}
