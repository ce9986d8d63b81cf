package migrations_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/migrations"
	"granary/postgres/pgtest"
)

// A server that works with an older schema keeps a newer one out; one that is gone, or has ended, does not.
func TestQuiet(t *testing.T) {
	pool := pgtest.New(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	wait := func() error { return migrations.AwaitQuietFor(t.Context(), pool, time.Second, 10*time.Millisecond) }
	server := uuid.New()
	exec(`INSERT INTO servers (id, seen) VALUES ($1, now() + interval '1 hour')`, server)
	if err := wait(); err != nil {
		t.Errorf("with the schema as it is: %v", err)
	}

	exec(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	exec(`UPDATE servers SET ended = true`)
	if err := wait(); err != nil {
		t.Errorf("beside a server that has ended: %v", err)
	}
	exec(`UPDATE servers SET ended = false, seen = now()`)
	if err := wait(); err != nil { // a second later
		t.Errorf("beside a server that was killed: %v", err)
	}
	exec(`UPDATE servers SET seen = now() + interval '1 hour'`)
	killed, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := migrations.AwaitQuietFor(killed, pool, time.Second, 10*time.Millisecond); err != nil {
		t.Errorf("beside a server that was killed when the clock was ahead: %v", err)
	}
	beside, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		for beside.Err() == nil { // whose clock was set back
			_, _ = pool.Exec(beside, `UPDATE servers SET seen = seen - interval '1 millisecond'`)
		}
	}()
	// A busy database may take more than a second to say that the server is there still.
	if err := migrations.AwaitQuietFor(beside, pool, time.Minute, 10*time.Millisecond); !errors.Is(err, migrations.ErrInUse) {
		t.Errorf("beside a server: %v", err)
	}
}

// Of two servers of the new version that start together one finds the other, and a schema that needs nothing more.
func TestQuietBesideASibling(t *testing.T) {
	pool := pgtest.New(t)
	var row string
	if err := pool.QueryRow(t.Context(), `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version) RETURNING version_id::text`).Scan(&row); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO servers (id, seen) VALUES (gen_random_uuid(), now() + interval '1 hour')`); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- migrations.AwaitQuietFor(t.Context(), pool, time.Second, 10*time.Millisecond) }()
	if _, err := pool.Exec(t.Context(), `WITH up AS (INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1::text::bigint, true)) UPDATE servers SET seen = seen + interval '1 second'`, row); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for its sibling")
	}
}

// The first schema did not know which servers have ended.
func TestQuietOfOld(t *testing.T) {
	pool := pgtest.New(t)
	for _, sql := range []string{
		`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`,
		`ALTER TABLE servers DROP COLUMN ended`,
		`INSERT INTO servers (id) VALUES (gen_random_uuid())`,
	} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrations.AwaitQuietFor(t.Context(), pool, time.Second, 10*time.Millisecond); err != nil {
		t.Error(err)
	}
}
