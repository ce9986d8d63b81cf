package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pressly/goose/v3/lock"

	"granary/migrations"
	"granary/postgres/pgtest"
)

// A server that starts while a newer one, which found nobody there, migrates the database does not begin to serve.
func TestUpWhileANewerOneMigrates(t *testing.T) {
	pool := pgtest.New(t)
	exec := func(sql string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE IF NOT EXISTS goose_lock (lock_id bigint PRIMARY KEY, locked boolean NOT NULL, locked_at timestamptz, locked_by text, lease_expires_at timestamptz, updated_at timestamptz)`)
	exec(fmt.Sprintf(`INSERT INTO goose_lock VALUES (%[1]d, true, now(), 'newer', now() + interval '20 s', now())
		ON CONFLICT (lock_id) DO UPDATE SET locked = true, lease_expires_at = excluded.lease_expires_at`, lock.DefaultLockID))
	done := make(chan error, 1)
	go func() { done <- migrations.Up(t.Context(), pool, nil) }()
	select {
	case err := <-done:
		t.Fatalf("it did not wait for the newer one: %v", err)
	case <-time.After(700 * time.Millisecond):
	}
	exec(fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)`, latest(t)+1))
	if err := <-done; !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("after the newer one's migration: %v; want ErrNewer", err)
	}
	exec(fmt.Sprintf(`DELETE FROM goose_db_version WHERE version_id = %d`, latest(t)+1))

	// One that was killed holds nobody up for longer than its lease, even if the database's clock was ahead then.
	exec(`UPDATE goose_lock SET lease_expires_at = now() + interval '1 year'`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := migrations.AwaitNewerFor(ctx, pool, latest(t), time.Second); err != nil {
		t.Errorf("after one that was killed: %v", err)
	}
	for _, free := range []string{`lease_expires_at = now() - interval '1 s'`, `locked = false, lease_expires_at = NULL`} {
		exec(`UPDATE goose_lock SET ` + free)
		at, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := migrations.Up(at, pool, nil); err != nil {
			t.Errorf("with %s: %v", free, err)
		}
		cancel()
	}
}
