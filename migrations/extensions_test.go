package migrations_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
	"granary/postgres/pgtest"
)

// with returns a pool on url whose connections have these settings.
func with(t *testing.T, url string, settings map[string]string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range settings {
		config.ConnConfig.RuntimeParams[name] = value
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// TestExtensions makes those that search needs as a role that owns the database and is no superuser, and says what is missing
// where it cannot.
func TestExtensions(t *testing.T) {
	role := fmt.Sprintf("owner_%d", os.Getpid())
	asRole := map[string]string{"role": role}
	exec := func(pool *pgxpool.Pool, sql string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	owned, guest, bare := pgtest.EmptyURL(t), pgtest.EmptyURL(t), pgtest.EmptyURL(t)
	admin := open(t, owned)
	exec(admin, "CREATE ROLE "+role)
	var database string
	if err := admin.QueryRow(t.Context(), "SELECT current_database()").Scan(&database); err != nil {
		t.Fatal(err)
	}
	exec(admin, "ALTER DATABASE "+database+" OWNER TO "+role)
	if err := migrations.Up(t.Context(), with(t, owned, asRole), nil); err != nil {
		t.Errorf("the owner of the database: %v", err)
	}
	exec(admin, "REASSIGN OWNED BY "+role+" TO CURRENT_USER; DROP OWNED BY "+role)

	// Who may make tables and is not the owner.
	host := open(t, guest)
	for _, who := range []struct{ of, revoke string }{{"who may only look", `REVOKE CREATE ON SCHEMA public FROM PUBLIC`}, {"who may not even look", `REVOKE ALL ON SCHEMA public FROM PUBLIC`}} {
		exec(host, who.revoke)
		err := migrations.Up(t.Context(), with(t, guest, asRole), nil)
		if err == nil || !strings.Contains(err.Error(), `may not make tables in the schema "public": run ALTER DATABASE `) || !strings.Contains(err.Error(), `GRANT USAGE, CREATE ON SCHEMA "public" TO "`+role+`"`) {
			t.Errorf("%s: %v", who.of, err)
		}
	}
	exec(host, "GRANT ALL ON SCHEMA public TO "+role)
	err := migrations.Up(t.Context(), with(t, guest, asRole), nil)
	if err == nil || !strings.Contains(err.Error(), "run CREATE EXTENSION pg_trgm in this database as its owner or a superuser") {
		t.Errorf("who is not the owner: %v", err)
	}
	exec(host, "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin")
	if err := migrations.Up(t.Context(), with(t, guest, asRole), nil); err != nil {
		t.Errorf("when a superuser has made them: %v", err)
	}
	exec(host, "DROP OWNED BY "+role)
	exec(admin, "DROP ROLE "+role)

	// Those who run databases for others put extensions into a schema of their own.
	hidden := pgtest.EmptyURL(t)
	exec(open(t, hidden), "CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions; CREATE EXTENSION btree_gin")
	err = migrations.Up(t.Context(), open(t, hidden), nil)
	if err == nil || !strings.Contains(err.Error(), "run ALTER EXTENSION pg_trgm SET SCHEMA public, or ALTER ROLE ") {
		t.Errorf("out of sight: %v", err)
	}
	checkVersion(t, open(t, hidden), 0)
	if err := migrations.Up(t.Context(), with(t, hidden, map[string]string{"search_path": "public, extensions"}), nil); err != nil {
		t.Errorf("in sight: %v", err)
	}

	// A view in front of the catalogue's stands for a PostgreSQL without them.
	exec(open(t, bare), "CREATE SCHEMA front; CREATE VIEW front.pg_available_extensions AS SELECT ''::name AS name")
	err = migrations.Up(t.Context(), with(t, bare, map[string]string{"search_path": "front, pg_catalog"}), nil)
	if err == nil || !strings.Contains(err.Error(), "lacks the extension pg_trgm, which search needs: install") {
		t.Errorf("without the extensions: %v", err)
	}
}
