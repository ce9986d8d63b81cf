package namespace

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// errFenced reports that a job is not this server's any more: it was cancelled, or taken over from a server that seemed dead.
var errFenced = errors.New("the job has changed hands or ended")

const (
	jobAttempts = 20              // how often a job is begun or continued, without getting further, before it counts as failed
	jobBackoff  = 2 * time.Second // times these attempts: how long a job waits after a failure that may pass
	jobAway     = 10              // of these attempts count at most while the block store is not available, which may take hours
	jobAwaiting = 6 * time.Second // times these: how long a job waits for the store
	jobPause    = max(jobAttempts*jobBackoff, jobAway*jobAwaiting)
	keptAtOnce  = 10_000 // entries of ended jobs that one statement deletes
)

// claimed is a job that this server has taken.
type claimed struct {
	Job
	epoch    int64
	planned  bool
	project  int64 // that staged lies in
	staged   int64 // 0: nothing was made yet
	inode    int64 // of the archive; 0: not known
	gen      int64 // of the archive
	attempts int   // since it last got further, with this one
	session  *Session
}

// claimJobSQL takes the oldest job that nobody runs and whose user has fewer than $4 running; jobs that pause do not count. $1 is this
// server, $2 the jobs that it runs: any other job of its own is one that it released without being able to record that. A job is taken
// from a server that was not seen for $3. A job never pauses for longer than $5: if it would, the database's clock was ahead when it began
// to. The caller holds the lock of jobs, or two servers could both find a user below the limit.
const claimJobSQL = `
WITH next AS (
	SELECT id FROM jobs j
	WHERE (not_before <= now() OR not_before > now() + $5::interval) AND (state = 'queued' OR state = 'running' AND (server IS NULL
		OR server = $1 AND id <> ALL($2::uuid[])
		OR server <> $1 AND NOT EXISTS (SELECT FROM servers WHERE servers.id = j.server AND seen > now() - $3::interval)))
	AND (SELECT count(*) FROM jobs r WHERE r.state = 'running' AND r.server IS NOT NULL AND r.usr = j.usr AND r.id <> j.id) < $4
	ORDER BY created LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE jobs j SET state = 'running', server = $1, epoch = epoch + 1, attempts = attempts + 1, started = coalesce(started, now())
FROM next WHERE j.id = next.id
RETURNING j.id, epoch, planned, coalesce(project_id, 0), coalesce(staged, 0), source_inode, source_gen, attempts,
	user_id, coalesce(token, '00000000-0000-0000-0000-000000000000'), credential, client, scope_project, scope_root, scope_verbs,
	proxy_token IS NOT NULL`

// claimJob takes a waiting job; it returns nil if there is none for this server.
func (fs *FS) claimJob(ctx context.Context, running []uuid.UUID) (*claimed, error) {
	var (
		c     claimed
		verbs int16
	)
	s := &Session{fs: fs}
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockJobs)); err != nil {
			return err
		}
		return tx.QueryRow(ctx, claimJobSQL, fs.server, running, fs.leaseLimit, fs.jobs.limits.Each, jobPause).Scan(
			&c.ID, &c.epoch, &c.planned, &c.project, &c.staged, &c.inode, &c.gen, &c.attempts,
			&s.p.UserID, &s.p.Token, &s.p.Credential, &s.client, &s.p.Scope.Project, &s.p.Scope.Root, &verbs, &s.p.Acted)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.p.Scope.Verbs = auth.Verbs(verbs)
	epoch := c.epoch
	if c.Job, err = fs.job(ctx, c.ID); err != nil {
		return nil, err
	}
	c.epoch, s.p.User = epoch, c.User
	c.session = s
	return &c, nil
}

// proxyStandsSQL reports whether the token with which a proxy started a job is still valid, and the proxy not disabled. The job's
// principal does not depend on these. It is true if no proxy acts for the user.
const proxyStandsSQL = `(jobs.proxy_token IS NULL OR EXISTS (SELECT FROM tokens t JOIN users u ON u.id = t.user_id
	WHERE t.jti = jobs.proxy_token AND t.revoked IS NULL AND t.expires > now() AND NOT u.disabled))`

// proxyStands fails if the job was started by a proxy whose token has ended, or who is disabled.
func (c *claimed) proxyStands(ctx context.Context) error {
	var stands bool
	err := c.session.fs.db.QueryRow(ctx, `SELECT `+proxyStandsSQL+` FROM jobs WHERE id = $1`, c.ID).Scan(&stands)
	if err == nil && !stands {
		err = proxyEnded(c.User)
	}
	return err
}

func proxyEnded(user string) error {
	return fail(AccessControl, "The credential that the job was started with is good no more: the token of who acts for %s was revoked, or has ended, or its user is disabled", user)
}

// hold locks c's row. It fails with errFenced unless the job is still this server's, and otherwise as proxyStands does. The row is
// locked after those that a decision relied on and before new entries.
func (c *claimed) hold(ctx context.Context, tx pgx.Tx) error {
	var stands bool
	err := tx.QueryRow(ctx, `SELECT `+proxyStandsSQL+` FROM jobs WHERE id = $1 AND epoch = $2 AND state = 'running' FOR UPDATE`, c.ID, c.epoch).Scan(&stands)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return errFenced
	case err == nil && !stands:
		return proxyEnded(c.User)
	}
	return err
}

// finish ends c, which is held, as done, with this many bytes: what was staged is at the target now.
func (c *claimed) finish(ctx context.Context, tx pgx.Tx, bytes int64) error {
	_, err := tx.Exec(ctx, `UPDATE jobs SET state = 'done', epoch = epoch + 1, server = NULL, staged = NULL, ended = now(),
		files_done = files, bytes = $2, bytes_done = $2, failure = NULL WHERE id = $1`, c.ID, bytes)
	return err
}

// tell records the progress of c, and with any in this attempt that it does not wait any more. It fails with errFenced if c is not this server's any more.
func (c *claimed) tell(ctx context.Context, files, bytes int64) error {
	return c.session.fs.aside(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE jobs SET files_done = greatest(files_done, $3), bytes_done = greatest(bytes_done, $4),
			attempts = CASE WHEN $3 > files_done OR $4 > bytes_done THEN 1 ELSE attempts END,
			failure = CASE WHEN $3 > 0 OR $4 > 0 THEN NULL ELSE failure END WHERE id = $1 AND epoch = $2 AND state = 'running'`, c.ID, c.epoch, files, bytes)
		if err == nil && tag.RowsAffected() == 0 {
			return errFenced
		}
		return err
	})
}

// release releases c, so that any server may continue it at once.
func (c *claimed) release(ctx context.Context) error {
	_, err := c.session.fs.db.Exec(ctx, `UPDATE jobs SET server = NULL, not_before = now() WHERE id = $1 AND epoch = $2 AND state = 'running'`, c.ID, c.epoch)
	return err
}

// retry releases c after a failure that may pass, so that any server may continue it after a pause, and records why. again is false
// if there were jobAttempts in vain.
func (c *claimed) retry(ctx context.Context, why error) (again bool, err error) {
	if conflicting(why) {
		why = fail(Conflict, "It met another change, and is tried again")
	}
	tag, err := c.session.fs.db.Exec(ctx, `UPDATE jobs SET server = NULL, failure = $5, not_before = now() + attempts * $3::interval
		WHERE id = $1 AND epoch = $2 AND state = 'running' AND attempts < $4`, c.ID, c.epoch, jobBackoff, jobAttempts, failureOf(why))
	return tag.RowsAffected() == 1, err
}

// await releases c because the block store is not available, so that any server may continue it after a pause. A job never fails for that,
// so who asks for it is told why.
func (c *claimed) await(ctx context.Context, why error) error {
	_, err := c.session.fs.db.Exec(ctx, `UPDATE jobs SET server = NULL, failure = $5, attempts = least(attempts, $4), not_before = now() + least(attempts, $4) * $3::interval
		WHERE id = $1 AND epoch = $2 AND state = 'running'`, c.ID, c.epoch, jobAwaiting, jobAway, failureOf(why))
	return err
}

// fail ends c as failed, and detaches what it has made.
func (c *claimed) fail(ctx context.Context, why error) error {
	failure := failureOf(why)
	err := pgx.BeginFunc(ctx, c.session.fs.db, func(tx pgx.Tx) error {
		return endJob(ctx, tx, c.ID, fmt.Sprintf(`state = 'running' AND epoch = %d`, c.epoch), JobFailed, &failure)
	})
	if errors.Is(err, errFenced) {
		return nil
	}
	return err
}

// endJob ends a job and detaches what it has made. It fails with errFenced if condition does not hold for the job.
func endJob(ctx context.Context, tx pgx.Tx, id uuid.UUID, condition string, state JobState, failure *jobFailure) error {
	var project, staged int64
	err := tx.QueryRow(ctx, `SELECT coalesce(project_id, 0), coalesce(staged, 0) FROM jobs WHERE id = $1 AND `+condition+` FOR UPDATE`, id).
		Scan(&project, &staged)
	if errors.Is(err, pgx.ErrNoRows) {
		return errFenced
	}
	if err != nil {
		return err
	}
	if staged != 0 {
		if err := dropStaged(ctx, tx, project, staged); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE jobs SET state = $2, failure = $3, epoch = epoch + 1, server = NULL, staged = NULL, ended = now() WHERE id = $1`,
		id, state, failure)
	return err
}

// dropStaged leaves what a job has made to the reaper.
func dropStaged(ctx context.Context, tx pgx.Tx, project, id int64) error {
	n := node{project: project, id: id}
	if err := tx.QueryRow(ctx, `SELECT kind, size, gen FROM inodes WHERE project_id = $1 AND id = $2`, project, id).
		Scan(&n.kind, &n.size, &n.gen); err != nil {
		return err
	}
	if !n.dir() {
		return deleteFile(ctx, tx, &n)
	}
	_, err := tx.Exec(ctx, `INSERT INTO detached (project_id, inode_id) VALUES ($1, $2)`, project, id)
	return err
}

const (
	// forgetEntriesSQL deletes up to $2 entries of the job $1.
	forgetEntriesSQL = `DELETE FROM job_entries WHERE job_id = $1 AND n = ANY (ARRAY(SELECT n FROM job_entries WHERE job_id = $1 ORDER BY n LIMIT $2))`

	// jobsWithEntriesSQL finds jobs that have ended and still have entries.
	jobsWithEntriesSQL = `SELECT id FROM jobs WHERE ended IS NOT NULL AND entries > 0`

	// forgetJobsSQL forgets jobs that ended longer ago than $1.
	forgetJobsSQL = `DELETE FROM jobs WHERE ended < now() - $1::interval`
)

// forgetJobs removes the entries of jobs that have ended, and jobs that ended long ago. It goes job by job, so as not to read the
// entries of running jobs, possibly millions, every few seconds.
func (fs *FS) forgetJobs(ctx context.Context) error {
	rows, err := fs.db.Query(ctx, jobsWithEntriesSQL)
	if err != nil {
		return err
	}
	ended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ended {
		failed = append(failed, fs.forgetEntries(ctx, id))
	}
	_, err = fs.db.Exec(ctx, forgetJobsSQL, JobsKept)
	return errors.Join(append(failed, err)...)
}

// forgetEntries removes the entries of a job that has ended.
func (fs *FS) forgetEntries(ctx context.Context, id uuid.UUID) error {
	for more := true; more; {
		tag, err := fs.db.Exec(ctx, forgetEntriesSQL, id, keptAtOnce)
		if err != nil {
			return err
		}
		more = tag.RowsAffected() == keptAtOnce
	}
	_, err := fs.db.Exec(ctx, `UPDATE jobs SET entries = 0 WHERE id = $1`, id)
	return err
}

// freeJobs releases the jobs of former servers. It is for a database that has only one server at a time.
func (fs *FS) freeJobs(ctx context.Context) error {
	_, err := fs.db.Exec(ctx, `UPDATE jobs SET server = NULL WHERE state = 'running' AND server <> $1`, fs.server)
	return err
}
