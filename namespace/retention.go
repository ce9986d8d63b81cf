package namespace

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// oldBatch is how many events, or rows of another table, are removed in one transaction.
const oldBatch = 1000

// oldSteps bounds how many such transactions of each kind one round makes, so that the rest of the reaper does not wait for long.
const oldSteps = 64

// oldAnew is how long removals continue where the last one stopped before one searches from the beginning again. It finds what a
// clock that was wrong has dated before what is gone already, and what came back with another database.
const oldAnew = time.Hour

// removal is how far this server has come with removing what is old. An index keeps the entries of removed rows until a vacuum, which
// comes when a fifth of a table is gone, and these are the first ones: without knowing where to continue, each removal, every few
// seconds, would pass all of them.
type removal struct {
	mu    sync.Mutex // held for a step
	begun time.Time  // when the last search from the beginning began
	// events are the numbers of the last events removed, by project. Nothing from before due has to be looked for; nil: not known.
	events map[int64]int64
	due    *time.Time
	// times are those of the last rows removed, by statement.
	times map[string]*time.Time
}

const (
	// oldEventsDueSQL returns when events begin to be kept that are older than $1 now, and whether there are older ones from $2 on.
	oldEventsDueSQL = `SELECT now() - $1::interval,
		EXISTS (SELECT FROM events WHERE at < now() - $1::interval AND at >= coalesce($2::timestamptz, '-infinity') ORDER BY at)`

	// oldEventsSQL removes at most $2 events that are older than $1. The events of a project are removed from the first one up to the
	// first that is young enough. So the rest of a feed has no gaps, and an event that was recorded while the clock was wrong takes no
	// others with it. $3 are all projects, and $4 up to which event each has none any more.
	oldEventsSQL = `DELETE FROM events WHERE ctid = ANY (ARRAY(
		SELECT part.place FROM unnest($3::bigint[], $4::bigint[]) AS f (project_id, gone)
		CROSS JOIN LATERAL (SELECT at FROM events WHERE project_id = f.project_id AND seq > f.gone ORDER BY seq LIMIT 1) first
		CROSS JOIN LATERAL (
			SELECT place, bool_or(at >= now() - $1::interval) OVER (ORDER BY seq) AS kept FROM (
				SELECT ctid AS place, seq, at FROM events WHERE project_id = f.project_id AND seq > f.gone ORDER BY seq LIMIT $2) begun
			ORDER BY seq
		) part
		WHERE first.at < now() - $1::interval AND NOT part.kept
		LIMIT $2)) RETURNING project_id, seq`

	// oldFeedsSQL removes at most $1 counters of projects that are gone, after their last events.
	oldFeedsSQL = `DELETE FROM feeds f WHERE project_id = ANY (ARRAY(SELECT project_id FROM feeds f WHERE project_id <> 0
		AND NOT EXISTS (SELECT FROM projects WHERE id = f.project_id)
		AND NOT EXISTS (SELECT FROM events WHERE project_id = f.project_id AND seq = f.last) LIMIT $1))`
)

// The statements remove at most $2 rows that are older than $1, from $3 on, and return how many, and the time of the last one.
var (
	oldOperationsSQL = oldRowsSQL("operations")
	oldAccessesSQL   = oldRowsSQL("accesses")
	oldDeedsSQL      = oldRowsSQL("deeds")
)

func oldRowsSQL(table string) string {
	return `WITH gone AS (DELETE FROM ` + table + ` WHERE id = ANY (ARRAY(SELECT id FROM ` + table + `
		WHERE at < now() - $1::interval AND at >= coalesce($3::timestamptz, '-infinity') ORDER BY at LIMIT $2)) RETURNING at)
		SELECT count(*), max(at) FROM gone`
}

// removeOld removes operations, events, accesses and deeds that were kept for long enough, at most oldSteps times oldBatch of each, so
// that the rest of the reaper does not wait for long; more reports that some may be left. What cannot be removed does not keep the rest.
func (fs *FS) removeOld(ctx context.Context) (more bool, err error) {
	r := &fs.removal
	steps := []oldStep{r.someRows(oldOperationsSQL, keepOperation)}
	if fs.auditKeep > 0 {
		steps = append(steps, r.someEvents(fs.auditKeep), r.someRows(oldAccessesSQL, fs.auditKeep), r.someRows(oldDeedsSQL, fs.auditKeep), someFeeds)
	}
	var failed []error
	for _, step := range steps {
		left, err := fs.removeOldBy(ctx, step)
		more, failed = more || left, append(failed, err)
	}
	return more, errors.Join(failed...)
}

// removeOldBy repeats a step, each in a transaction, until it removes less than oldBatch, or oldSteps times; more reports the latter.
func (fs *FS) removeOldBy(ctx context.Context, step oldStep) (more bool, err error) {
	r := &fs.removal
	r.mu.Lock()
	defer r.mu.Unlock()
	r.anew(fs.now())
	for range oldSteps {
		removed, note := 0, func() {}
		if err := fs.aside(ctx, func(tx pgx.Tx) error {
			// Without the lock, two servers would remove the same rows and wait for each other.
			var alone bool
			if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1, 0)`, int32(lockOld)).Scan(&alone); err != nil || !alone {
				return err
			}
			removed, note, err = step(ctx, tx)
			return err
		}); err != nil {
			return false, err
		}
		note()
		if removed < oldBatch {
			return false, nil
		}
	}
	return true, nil
}

// anew forgets how far r has come, if that is due.
func (r *removal) anew(now time.Time) {
	if r.events == nil || now.Sub(r.begun) >= oldAnew {
		r.forget()
		r.begun = now
	}
}

func (r *removal) forget() {
	r.events, r.due, r.times = map[int64]int64{}, nil, map[string]*time.Time{}
}

// oldStep removes at most oldBatch rows in a transaction, and returns what notes in a removal how far it has come, once that is committed.
type oldStep func(ctx context.Context, tx pgx.Tx) (removed int, note func(), err error)

// someEvents returns the step that removes events.
func (r *removal) someEvents(keep time.Duration) oldStep {
	return func(ctx context.Context, tx pgx.Tx) (removed int, note func(), err error) {
		var (
			kept time.Time
			due  bool
		)
		if err := tx.QueryRow(ctx, oldEventsDueSQL, keep, r.due).Scan(&kept, &due); err != nil {
			return 0, nil, err
		}
		if !due {
			return 0, func() { r.due = &kept }, nil
		}
		rows, err := tx.Query(ctx, `SELECT project_id FROM feeds`)
		if err != nil {
			return 0, nil, err
		}
		projects, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return 0, nil, err
		}
		if rows, err = tx.Query(ctx, oldEventsSQL, keep, oldBatch, projects, column(projects, func(id int64) int64 { return r.events[id] })); err != nil {
			return 0, nil, err
		}
		gone, err := pgx.CollectRows(rows, scanNumbered)
		if err != nil {
			return 0, nil, err
		}
		return len(gone), func() {
			for _, e := range gone {
				r.events[e.project] = max(r.events[e.project], e.seq)
			}
			if len(gone) < oldBatch { // older ones that are left are behind one that is kept, and due with that one
				r.due = &kept
			}
		}, nil
	}
}

// someRows returns the step that removes rows of a table by a statement of oldRowsSQL.
func (r *removal) someRows(sql string, keep time.Duration) oldStep {
	return func(ctx context.Context, tx pgx.Tx) (removed int, note func(), err error) {
		var last *time.Time
		if err := tx.QueryRow(ctx, sql, keep, oldBatch, r.times[sql]).Scan(&removed, &last); err != nil {
			return 0, nil, err
		}
		return removed, func() {
			if last != nil {
				r.times[sql] = last
			}
		}, nil
	}
}

// someFeeds is the step that removes counters.
func someFeeds(ctx context.Context, tx pgx.Tx) (removed int, note func(), err error) {
	tag, err := tx.Exec(ctx, oldFeedsSQL, oldBatch)
	return int(tag.RowsAffected()), func() {}, err
}
