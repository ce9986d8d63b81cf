package postgres

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestCheckDurable(t *testing.T) {
	s := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	conn := dial(t, s.URL())
	for value, refused := range map[string]bool{
		"on": false, "local": false, "remote_write": false, "remote_apply": false, "off": true,
	} {
		if _, err := conn.Exec(t.Context(), "SET synchronous_commit = "+value); err != nil {
			t.Fatal(err)
		}
		if err := CheckDurable(t.Context(), conn); (err != nil) != refused {
			t.Errorf("synchronous_commit=%s: %v; want an error: %v", value, err, refused)
		}
	}

	exec1(t, s.AdminURL(), "ALTER ROLE granary SET synchronous_commit = off")
	checkRefused(t, dial(t, s.URL()), "synchronous_commit=off")

	exec1(t, s.AdminURL(), "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
	checkRefused(t, dial(t, connectionURL(s.socket, superuser, "bytes")), "ENCODING 'UTF8'")
}

func TestCheckDurableRefusesServer(t *testing.T) {
	for _, setting := range []string{"fsync", "full_page_writes"} {
		s := runWith(t, Config{Data: filepath.Join(reachable(t), "data")}, map[string]string{setting: "off"})
		checkRefused(t, dial(t, s.URL()), "set "+setting+"=on")
	}
}

// A pool makes no connection that would not wait for the disk, from when that is so, and makes others again.
func TestInsist(t *testing.T) {
	s := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	config, err := pgxpool.ParseConfig(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	Insist(config)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	acquire := func() error {
		c, err := pool.Acquire(t.Context())
		if err == nil {
			t.Cleanup(c.Release) // the next one is another one
		}
		return err
	}
	if err := acquire(); err != nil {
		t.Fatal(err)
	}
	exec1(t, s.AdminURL(), "ALTER ROLE granary SET synchronous_commit = off")
	if err := acquire(); err == nil || !strings.Contains(err.Error(), "set synchronous_commit=on") || !pgconn.SafeToRetry(err) {
		t.Errorf("a connection that does not wait for the disk: %v; want words, and that nothing was sent", err)
	}
	exec1(t, s.AdminURL(), "ALTER ROLE granary RESET synchronous_commit")
	if err := acquire(); err != nil {
		t.Error(err)
	}
}

func checkRefused(t *testing.T, conn *pgx.Conn, want string) {
	t.Helper()
	if err := CheckDurable(t.Context(), conn); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("CheckDurable: %v; want words with %q", err, want)
	}
}
