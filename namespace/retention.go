package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// oldBatch is how many events, or rows of accesses, are removed in one transaction.
const oldBatch = 1000

// oldSteps bounds how often one round runs each statement of oldSQLs, so that the rest of the reaper does not wait for long.
const oldSteps = 64

// oldSQLs remove what is older than $1, at most $2 rows at a time.
var oldSQLs = []string{
	// The events of a project are removed from the first one up to the first that is young enough. So the rest of a feed has no
	// gaps, and an event that was recorded while the clock was wrong takes no others with it. If nothing is old, one look at the
	// index by time shows this; otherwise the first event of each project is looked at, a tenth of a second for ten thousand
	// projects.
	`DELETE FROM events WHERE ctid = ANY (ARRAY(
		SELECT part.place FROM feeds f
		CROSS JOIN LATERAL (SELECT at FROM events WHERE project_id = f.project_id ORDER BY seq LIMIT 1) first
		CROSS JOIN LATERAL (
			SELECT place, bool_or(at >= now() - $1::interval) OVER (ORDER BY seq) AS kept FROM (
				SELECT ctid AS place, seq, at FROM events WHERE project_id = f.project_id ORDER BY seq LIMIT $2) begun
			ORDER BY seq
		) part
		WHERE (SELECT at FROM events ORDER BY at LIMIT 1) < now() - $1::interval AND first.at < now() - $1::interval AND NOT part.kept
		LIMIT $2))`,
	`DELETE FROM accesses WHERE id = ANY (ARRAY(SELECT id FROM accesses WHERE at < now() - $1::interval ORDER BY at LIMIT $2))`,
	`DELETE FROM deeds WHERE id = ANY (ARRAY(SELECT id FROM deeds WHERE at < now() - $1::interval ORDER BY at LIMIT $2))`,
	// The counter of a project that is gone is removed after its last event.
	`DELETE FROM feeds f WHERE project_id = ANY (ARRAY(SELECT project_id FROM feeds f WHERE project_id <> 0
		AND NOT EXISTS (SELECT FROM projects WHERE id = f.project_id) AND NOT EXISTS (SELECT FROM events WHERE project_id = f.project_id)
		AND $1::interval IS NOT NULL LIMIT $2))`,
}

// removeOld removes events, accesses and deeds that were kept for long enough, at most oldSteps times oldBatch of each, so that the
// rest of the reaper does not wait for long; more reports that some may be left.
func (fs *FS) removeOld(ctx context.Context) (more bool, err error) {
	if fs.auditKeep == 0 {
		return false, nil
	}
	for _, sql := range oldSQLs {
		left, err := fs.removeOldBy(ctx, sql)
		if err != nil {
			return false, err
		}
		more = more || left
	}
	return more, nil
}

// removeOldBy runs one of oldSQLs until it finds nothing more, or oldSteps times; more reports the latter.
func (fs *FS) removeOldBy(ctx context.Context, sql string) (more bool, err error) {
	for range oldSteps {
		if err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
			// Without the lock, two servers would remove the same rows and wait for each other.
			if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockOld)).Scan(&more); err != nil || !more {
				return err
			}
			tag, err := tx.Exec(ctx, sql, fs.auditKeep, oldBatch)
			more = tag.RowsAffected() >= oldBatch
			return err
		}); err != nil || !more {
			return false, err
		}
	}
	return true, nil
}
