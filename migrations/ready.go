package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ready fails if the role could not make the tables of an empty database, or would not see an extension that they need,
// and says what to do about it. It changes nothing: whoever makes something besides the tables asks before.
func Ready(ctx context.Context, pool *pgxpool.Pool) error {
	version, err := Version(ctx, pool)
	if err == nil && version == 0 {
		err = mayMake(ctx, pool)
	}
	if err == nil {
		err = extensionsAreSeen(ctx, pool)
	}
	return err
}

// placeSQL returns where tables would be made, NULL if nowhere, and whether the role may make them. Since PostgreSQL 15
// only the owner of a database may make something in the schema public.
const placeSQL = `SELECT coalesce(current_schema(), ''), current_user, current_database(), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)`

// mayMake fails if the role may not make tables.
func mayMake(ctx context.Context, pool *pgxpool.Pool) error {
	var schema, role, database string
	var may bool
	if err := pool.QueryRow(ctx, placeSQL).Scan(&schema, &role, &database, &may); err != nil || may {
		return err
	}
	if schema == "" { // none that the role looks into is there and open to it
		schema = "public"
	}
	schema, role, database = pgx.Identifier{schema}.Sanitize(), pgx.Identifier{role}.Sanitize(), pgx.Identifier{database}.Sanitize()
	return fmt.Errorf("the role %s may not make tables in the schema %s: run ALTER DATABASE %s OWNER TO %s, or in that database GRANT USAGE, CREATE ON SCHEMA %s TO %s",
		role, schema, database, role, schema, role)
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
