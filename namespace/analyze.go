package namespace

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// analyzeEvery is how often a server looks for tables to analyze. It equals the private database's autovacuum_naptime.
const analyzeEvery = 5 * time.Second

// unanalyzedSQL finds the tables that have changed so much since they were analyzed that PostgreSQL's default settings would analyze
// them. Migration 21 keeps autovacuum from doing that: its transaction would be unknown to the servers, which would have to prove
// everything again. unindexed is left out, since its rows are gone within a second.
const unanalyzedSQL = `
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE (c.relnamespace, c.relowner) = (SELECT relnamespace, relowner FROM pg_class WHERE oid = 'inodes'::regclass) AND c.relname <> 'unindexed'
	AND s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)`

// analyze analyzes the tables that have changed much, one after the other, as slowly as autovacuum would. It skips tables that somebody
// else is analyzing or vacuuming, or has analyzed meanwhile. A table that cannot be analyzed, as a damaged one, does not keep it from others.
func (fs *FS) analyze(ctx context.Context) error {
	rows, err := fs.db.Query(ctx, unanalyzedSQL+` ORDER BY 1`)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	var failed []error
	for _, table := range tables { // names quoted as SQL identifiers
		var due bool
		if err := fs.db.QueryRow(ctx, `SELECT EXISTS (`+unanalyzedSQL+` AND c.oid = $1::text::regclass)`, table).Scan(&due); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if !due {
			continue
		}
		err := fs.aside(ctx, func(tx pgx.Tx) error {
			// As slowly as that, a large table on a slow disk may take longer than the role allows a request.
			if _, err := tx.Exec(ctx, `SELECT set_config('vacuum_cost_delay', '2ms', true), set_config('statement_timeout', '0', true)`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `ANALYZE (SKIP_LOCKED) `+table)
			return err
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("analyze %s: %w", table, err))
		}
	}
	return errors.Join(failed...)
}
