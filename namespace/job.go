package namespace

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// JobKind is what a job does.
type JobKind string

// The kinds of jobs. Each makes its target in one step at its end. The target must not exist, and its parent must.
const (
	// JobCopy copies a file, or a directory with all that is in it, to the target.
	JobCopy JobKind = "copy"
	// JobZip packs files and directories, each under its own name, into the target, a file.
	JobZip JobKind = "zip"
	// JobUnzip unpacks a file into the target, a directory.
	JobUnzip JobKind = "unzip"
)

// JobState is how far a job has come.
type JobState string

// The states of a job. It ends in one of the last three.
const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Ended reports whether nothing more happens to the job.
func (s JobState) Ended() bool { return s == JobDone || s == JobFailed || s == JobCancelled }

// JobsKept is how long a job that has ended is remembered.
const JobsKept = 7 * 24 * time.Hour

// NewJob describes a job that is to be started.
type NewJob struct {
	Kind    JobKind
	Sources []Path // one; for a zip, up to MaxJobSources
	Target  Path
}

// MaxJobSources is how many files and directories a zip may be made of. What is in a directory does not count.
const MaxJobSources = 1000

// maxSourceBytes bounds the plain paths of a job's sources, in bytes together. A request that names the sources by their inodes is
// short whatever their paths, and each list of jobs contains all of these.
const maxSourceBytes = 1 << 20

// Job is a job as its owner sees it.
type Job struct {
	ID uuid.UUID
	NewJob
	Number    int64 // grows from job to job
	User      string
	State     JobState
	Files     int64 // to be made, or packed; while the job still looks for them, those found so far
	FilesDone int64
	Bytes     int64 // what they hold, as of when they were found
	BytesDone int64
	Failure   *Error // why it failed; nil: it did not
	Waits     *Error // what it met when it stopped for a while, and has not got past since; nil: nothing, or it has ended
	Created   time.Time
	Started   time.Time // for the first time; zero: not yet
	Ended     time.Time // zero: not yet
}

// Expires is when the job is forgotten; zero: it has not ended.
func (j *Job) Expires() time.Time {
	if j.Ended.IsZero() {
		return time.Time{}
	}
	return j.Ended.Add(JobsKept)
}

// JobLimits bound what jobs may take. 0 stands for the default, unless the field says otherwise.
type JobLimits struct {
	Running int   // jobs that this process runs at once; 0: it runs none
	Each    int   // jobs of one user that run at once, on all servers; default 2
	Waiting int   // jobs of one user that have not ended; default 100
	Entries int64 // files and directories that one job copies; default 1,000,000
	Packed  int64 // files and directories in one archive; default 100,000
	// Paths bounds the sum, in bytes, of the paths of what is packed into one archive, or of the directories that one job copies or
	// unpacks, which are held in memory; default 32 MiB. The sum for everything that one job copies may be [pathsBesides] times as large.
	Paths    int64
	Unpacked int64 // bytes that one archive may unpack to; default 1 TiB
	// Ratio is how many times its own length an archive may unpack to, if that is above 64 MiB; default 200.
	Ratio int64
}

// complete fills in the defaults.
func (l *JobLimits) complete() {
	for _, d := range []struct {
		limit *int64
		unset int64
	}{{&l.Entries, 1_000_000}, {&l.Packed, 100_000}, {&l.Paths, archiveDirectory}, {&l.Unpacked, 1 << 40}, {&l.Ratio, 200}} {
		if *d.limit == 0 {
			*d.limit = d.unset
		}
	}
	if l.Each == 0 {
		l.Each = 2
	}
	if l.Waiting == 0 {
		l.Waiting = 100
	}
}

// jobSQL finds jobs as scanJob reads them.
const jobSQL = `SELECT id, number, kind, sources, target, usr, state, files, files_done, bytes, bytes_done, failure, created,
	coalesce(started, 'epoch'), coalesce(ended, 'epoch') FROM jobs j WHERE `

func scanJob(row pgx.CollectableRow) (j Job, err error) {
	var (
		sources []string
		target  string
		failure *jobFailure
	)
	if err := row.Scan(&j.ID, &j.Number, &j.Kind, &sources, &target, &j.User, &j.State, &j.Files, &j.FilesDone, &j.Bytes, &j.BytesDone,
		&failure, &j.Created, &j.Started, &j.Ended); err != nil {
		return j, err
	}
	for _, source := range sources {
		j.Sources = append(j.Sources, storedPath(source))
	}
	j.Target = storedPath(target)
	for _, t := range []*time.Time{&j.Started, &j.Ended} {
		if t.Unix() == 0 {
			*t = time.Time{}
		}
	}
	switch {
	case j.State == JobFailed:
		j.Failure = failure.error()
	case !j.State.Ended():
		j.Waits = failure.error()
	}
	return j, nil
}

// jobFailure is an Error as it is stored.
type jobFailure struct {
	Op   string `json:"op"`
	Path string `json:"path"`
	Kind string `json:"kind"`
	Msg  string `json:"msg"`
}

// error returns f as an Error, nil for nil.
func (f *jobFailure) error() *Error {
	if f == nil {
		return nil
	}
	return &Error{Op: f.Op, Path: f.Path, Kind: Kind(max(0, slices.Index(kindNames[:], f.Kind))), Msg: f.Msg}
}

// failureOf returns a failure to be stored. An error that is not the caller's is a fault of the service, whose text only the log contains.
func failureOf(err error) jobFailure {
	var e *Error
	if !errors.As(err, &e) || e.Kind == Internal {
		return jobFailure{Kind: Internal.String(), Msg: "Internal error; the log names it by the job's id."}
	}
	return jobFailure{Op: e.Op, Path: e.Path, Kind: e.Kind.String(), Msg: e.Msg}
}

// job returns a job, whoever asks for it.
func (fs *FS) job(ctx context.Context, id uuid.UUID) (Job, error) {
	rows, err := fs.db.Query(ctx, jobSQL+`id = $1`, id)
	if err != nil {
		return Job{}, err
	}
	job, err := pgx.CollectExactlyOneRow(rows, scanJob)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noJob(id)
	}
	return job, err
}

func noJob(id uuid.UUID) error { return fail(NotExist, "There is no job %s.", id) }

// mineSQL is the condition that a job is one of the principal $1, started with a credential that is limited to no more than
// $2, $3 and $4: a limited token sees the jobs that were started with it, or with one that may do less.
const mineSQL = `(usr = $1 AND ($2::bigint = 0 OR scope_project = $2) AND ($3::bigint = 0 OR scope_root = $3)
	AND ($4::int = 0 OR scope_verbs <> 0 AND scope_verbs & ~ $4 = 0))`

// mine are the parameters of mineSQL.
func (s *Session) mine() []any {
	scope := s.p.Scope
	if scope.Verbs.Allow(auth.Write) && scope.Verbs != 0 {
		scope.Verbs |= auth.Add
	}
	return []any{s.p.User, scope.Project, scope.Root, int(scope.Verbs)}
}

// Job returns one of the principal's jobs; for a superuser, anybody's. A limited token finds those that were started with it,
// or with one that may do no more.
func (s *Session) Job(ctx context.Context, id uuid.UUID) (Job, error) {
	const op = "get job"
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return Job{}, s.dress(op, Path{}, err)
	}
	rows, err := s.fs.db.Query(ctx, jobSQL+`id = $5 AND ($6 OR `+mineSQL+`)`, append(s.mine(), id, s.p.Superuser && s.p.Scope.IsZero())...)
	if err != nil {
		return Job{}, s.dress(op, Path{}, err)
	}
	job, err := pgx.CollectExactlyOneRow(rows, scanJob)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noJob(id)
	}
	return job, s.dress(op, Path{}, err)
}

// Jobs lists up to limit of the principal's jobs with numbers below before, or all with 0, newest first; fewer if their sources
// are long. more reports that there are older ones.
func (s *Session) Jobs(ctx context.Context, before int64, limit int) (jobs []Job, more bool, err error) {
	const op = "list jobs"
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return nil, false, s.dress(op, Path{}, err)
	}
	rows, err := s.fs.db.Query(ctx, jobSQL+mineSQL+` AND ($5::bigint = 0 OR number < $5) ORDER BY number DESC LIMIT $6`,
		append(s.mine(), before, limit+1)...)
	if err != nil {
		return nil, false, s.dress(op, Path{}, err)
	}
	jobs, more, err = fillPage(rows, scanJob)
	if len(jobs) > limit {
		jobs, more = jobs[:limit], true
	}
	return jobs, more, s.dress(op, Path{}, err)
}

// CancelJob ends a job that Job finds, and returns it. What the job has made is removed. A job that has ended stays as it is.
func (s *Session) CancelJob(ctx context.Context, id uuid.UUID) (Job, error) {
	const op = "cancel job"
	job, err := s.Job(ctx, id)
	if err != nil || job.State.Ended() {
		return job, err
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err = pgx.BeginFunc(ending, s.fs.db, func(tx pgx.Tx) error {
		return endJob(ending, tx, id, `state IN ('queued', 'running')`, JobCancelled, nil)
	})
	if err == nil || errors.Is(err, errFenced) {
		job, err = s.fs.job(ctx, id)
	}
	return job, s.dress(op, Path{}, err)
}
