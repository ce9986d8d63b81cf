//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"granary/postgres"
)

// TestRoleThatDoesNotWaitForTheDisk takes the database's promise back while the server runs. Nothing is confirmed on connections that were made
// since; requests are told to try again, the log says why, and all is well once the role is as it was.
func TestRoleThatDoesNotWaitForTheDisk(t *testing.T) {
	g := launch(t)
	if err := g.furnish(); err != nil {
		t.Fatal(err)
	}
	alice := g.as(t, "alice")
	url, ok := postgres.Attach(filepath.Join(g.data, "postgres"))
	if !ok {
		t.Fatal("there is no private PostgreSQL")
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	create := func(status int) {
		t.Helper()
		alice.want(status, "PUT", "/api/v1/fs/create?path=/user/alice/f&overwrite=true", strings.NewReader("content"))
	}
	create(201)
	exec(`ALTER ROLE CURRENT_USER SET synchronous_commit = off`)
	exec(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'granary'`)
	for range 3 {
		create(503)
	}
	if log := g.tail(); !strings.Contains(log, "set synchronous_commit=on") {
		t.Errorf("the log does not say why:\n%s", log)
	}
	exec(`ALTER ROLE CURRENT_USER RESET synchronous_commit`)
	create(201)
}
