package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// oldBatch is how many events, or rows of accesses, are removed in one transaction, and of events those before them.
const oldBatch = 1000

// oldSQLs remove what is older than $1, some $2 rows each. The events of a project go from the first on, whatever the clock
// did: what is left of a feed has no gap.
var oldSQLs = []string{
	`WITH old AS (
		SELECT project_id, seq FROM events WHERE at < now() - $1::interval ORDER BY at LIMIT $2
	), cut AS (
		SELECT project_id, max(seq) AS seq FROM old GROUP BY project_id
	)
	DELETE FROM events e USING cut WHERE e.project_id = cut.project_id AND e.seq <= cut.seq`,
	`DELETE FROM accesses WHERE id = ANY (ARRAY(SELECT id FROM accesses WHERE at < now() - $1::interval ORDER BY at LIMIT $2))`,
	`DELETE FROM deeds WHERE id = ANY (ARRAY(SELECT id FROM deeds WHERE at < now() - $1::interval ORDER BY at LIMIT $2))`,
	// The feed of a project that is gone ends with its last event.
	`DELETE FROM feeds f WHERE project_id = ANY (ARRAY(SELECT project_id FROM feeds f WHERE project_id <> 0
		AND NOT EXISTS (SELECT FROM projects WHERE id = f.project_id) AND NOT EXISTS (SELECT FROM events WHERE project_id = f.project_id)
		AND $1::interval IS NOT NULL LIMIT $2))`,
}

// removeOld removes events and accesses that were kept for long enough.
func (fs *FS) removeOld(ctx context.Context) error {
	if fs.auditKeep == 0 {
		return nil
	}
	for _, sql := range oldSQLs {
		for more := true; more; {
			if err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
				// Two servers that remove the same rows would wait for each other.
				if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockOld)).Scan(&more); err != nil || !more {
					return err
				}
				tag, err := tx.Exec(ctx, sql, fs.auditKeep, oldBatch)
				more = tag.RowsAffected() >= oldBatch
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
