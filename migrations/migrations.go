// Package migrations holds the database's schema as numbered SQL files, and brings a database up to date with them.
//
// A file is named NNNNN_subject.sql, is never changed once released, and runs in one transaction together with the row
// that records it, so a database is always at exactly one version. There are no down migrations: the way back to an
// older schema is to restore a backup.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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
// lease is renewed while a migration runs. It fails with [ErrNewer] for a database that is ahead of this program. log, if
// not nil, is told when each migration of tables that may hold something begins, and how long it took.
func Up(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	return up(ctx, pool, log, false)
}

// UpAlone is Up for a database that nobody else can be using: it does not wait for the lock of a process that was
// killed during its migrations.
func UpAlone(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	return up(ctx, pool, log, true)
}

// UpTo is UpAlone up to an older version, for rows that were saved from that version.
func UpTo(ctx context.Context, pool *pgxpool.Pool, version int64) error {
	current, err := known(ctx, pool, version)
	if err != nil || current == version {
		return err
	}
	return apply(ctx, pool, nil, true, current, version)
}

func up(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, alone bool) error {
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
	if err := apply(ctx, pool, log, alone, current, latest); err != nil {
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
func apply(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, alone bool, from, to int64) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("bring the database from version %d to %d: %w", from, to, err)
		}
	}()
	if most := pool.Config().MaxConns; most < 2 {
		return fmt.Errorf("the connection pool has pool_max_conns=%d: set 2 or more", most)
	}
	if err := Ready(ctx, pool); err != nil {
		return err
	}
	patient, err := unhurried(ctx, pool)
	if err != nil {
		return err
	}
	defer patient.Close()
	db := stdlib.OpenDBFromPool(patient)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, Files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if !alone {
		var unlock func() error
		if unlock, err = locked(ctx, db); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
		if from, err = Version(ctx, pool); err != nil { // who held the lock before may have done it
			return err
		}
	}
	return step(ctx, provider, log, from, to)
}

// locked takes the lock of [Up].
func locked(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	locker, err := lock.NewPostgresTableLocker(
		lock.WithTableLockTimeout(lookEvery, lookTimes),
		lock.WithTableLeaseDuration(lease),
		lock.WithTableHeartbeatInterval(heartbeat),
	)
	if err == nil {
		err = locker.Lock(ctx, db)
	}
	return func() error { return locker.Unlock(context.WithoutCancel(ctx), db) }, err
}

// step applies the migrations from one version to another. Those of an empty database take no time; any other may take
// minutes, in which nothing else tells that it is not stuck.
func step(ctx context.Context, provider *goose.Provider, log *slog.Logger, from, to int64) error {
	if from == 0 || log == nil {
		_, err := provider.UpTo(ctx, to)
		return err
	}
	for _, source := range provider.ListSources() { // by version
		if source.Version <= from || source.Version > to {
			continue
		}
		log.InfoContext(ctx, "a migration of the database begins", "migration", source.Path, "last", to)
		begun := time.Now()
		if _, err := provider.UpTo(ctx, source.Version); err != nil {
			return err
		}
		log.InfoContext(ctx, "a migration of the database is done", "migration", source.Path, "took", time.Since(begun).String())
	}
	return nil
}

// patientSQL removes the limits of time that a role may have, as far as this PostgreSQL knows them. A connection is idle
// while another one waits for the lock of [Up]. That of transactions that are idle stays: no migration is, unless its
// server is gone.
const patientSQL = `SELECT count(set_config(name, '0', false)) FROM pg_settings
	WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout')`

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
