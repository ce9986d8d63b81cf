package postgres

import (
	"net/url"
	"os"
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

	exec1(t, s.AdminURL(), "ALTER ROLE granary RESET synchronous_commit")
	exec1(t, s.AdminURL(), "ALTER ROLE granary SET default_transaction_read_only = on")
	conn = dial(t, s.URL())
	if err := CheckDurable(t.Context(), conn); err != nil {
		t.Error(err)
	}
	if err := CheckWritable(t.Context(), conn); err == nil || !strings.Contains(err.Error(), "takes no changes") {
		t.Errorf("CheckWritable: %v", err)
	}

	exec1(t, s.AdminURL(), "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
	checkRefused(t, dial(t, connectionURL(s.socket, superuser, "bytes")), "ENCODING 'UTF8'")
}

func TestCheckDurableRefusesServer(t *testing.T) {
	for _, setting := range []string{"fsync", "full_page_writes"} {
		s := runWith(t, Config{Data: filepath.Join(reachable(t), "data")}, map[string]string{setting: "off"})
		checkRefused(t, dial(t, s.URL()), "set "+setting+"=on")
	}
}

// insistent returns a pool that insists.
func insistent(t *testing.T, address string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	Insist(config)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// A pool makes no connection that would not wait for the disk, from when that is so, and makes others again.
func TestInsist(t *testing.T) {
	s := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	pool := insistent(t, s.URL())
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

// A standby tells what was so a while ago, and accepts no change: no pool has a connection to one, and where there are several hosts the next
// is asked.
func TestInsistOnPrimary(t *testing.T) {
	primary := run(t, Config{Data: filepath.Join(reachable(t), "data")})
	data := filepath.Join(reachable(t), "data")
	s, err := Start(t.Context(), Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "cluster", "standby.signal"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	standby := run(t, Config{Data: data})
	checkRefused(t, dial(t, standby.URL()), "standby")

	both := url.Values{"host": {standby.socket + "," + primary.socket}, "port": {port + "," + port}}.Encode()
	for address, refused := range map[string]bool{
		standby.URL(): true,
		"postgres://" + roleName + "@/" + roleName + "?" + both:                              false,
		"postgres://" + roleName + "@/" + roleName + "?target_session_attrs=standby&" + both: true,
	} {
		var behind bool
		err := insistent(t, address).QueryRow(t.Context(), "SELECT pg_is_in_recovery()").Scan(&behind)
		if behind || (err != nil) != refused || refused && !strings.Contains(err.Error(), "standby") {
			t.Errorf("%s: a standby: %v, %v; want an error: %v", address, behind, err, refused)
		}
	}
}

func checkRefused(t *testing.T, conn *pgx.Conn, want string) {
	t.Helper()
	if err := CheckDurable(t.Context(), conn); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("CheckDurable: %v; want words with %q", err, want)
	}
}
