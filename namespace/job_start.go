package namespace

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// StartJob starts a job in the background, on any server, and returns it as it is now. Its id is the operation id of ctx, if
// there is one; a second request under the same id returns the same job. Else the id is chosen here.
//
// The job does what the principal may do at that time: rights are checked again for each file, and for the target when it
// gets its name. The job ends when the credential that it was started with is revoked or expires, except that the expiry of a
// token that cannot be revoked does not end it. If a proxy started it, the credential is the proxy's, and the proxy must not be
// disabled. What the job makes belongs to the principal, keeps modes, block sizes and replication, inherits the default ACL at
// its new place, and gets new times; ACLs and extended attributes are not copied, and neither are the trash and what is shared
// with a project. Leases are respected: of a file that is being written, what was there before is read.
//
// It needs read on the sources, with execute on directories, and write on the target's parent.
func (s *Session) StartJob(ctx context.Context, j NewJob) (Job, error) {
	op := "start job"
	job, err := s.startJob(ctx, op, j)
	return job, s.dress(op, j.Target, err)
}

func (s *Session) startJob(ctx context.Context, op string, j NewJob) (Job, error) {
	if err := j.check(); err != nil {
		return Job{}, err
	}
	id := requested(ctx)
	if id == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return Job{}, err
		}
		return s.beginJob(ctx, op, id, j)
	}
	if job, known, err := s.sameJob(ctx, id, j); err != nil || known {
		return job, err
	}
	job, err := s.beginJob(ctx, op, id, j)
	if err == nil {
		return job, nil
	}
	// The same request, sent twice at once, may have been faster: its job may even be done, so that the target exists.
	if job, known, again := s.sameJob(ctx, id, j); again != nil || known {
		return job, again
	}
	return Job{}, err
}

// beginJob starts a job that did not exist when the caller looked.
func (s *Session) beginJob(ctx context.Context, op string, id uuid.UUID, j NewJob) (Job, error) {
	roots, err := s.jobRoots(ctx, op, &j)
	if err != nil {
		return Job{}, err
	}
	leave, err := s.fs.beginnings.Enter(ctx, s.p.User)
	if err != nil {
		return Job{}, err
	}
	defer leave()
	err = pgx.BeginFunc(ctx, s.fs.db, func(tx pgx.Tx) error {
		// Else many jobs that are started at once would all find room.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, int32(lockJobs), s.p.User); err != nil {
			return err
		}
		var waiting int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM jobs WHERE usr = $1 AND state IN ('queued', 'running')`, s.p.User).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= s.fs.jobs.limits.Waiting {
			return fail(IO, "You have %d jobs that have not ended, as many as one user may; wait for some of them, or cancel them", waiting)
		}
		return s.insertJob(ctx, tx, id, j, roots)
	})
	if err != nil {
		return Job{}, err
	}
	s.fs.jobs.awake()
	return s.fs.job(ctx, id)
}

// check checks a job against the rules that do not depend on files.
func (j *NewJob) check() error {
	most := 1
	switch j.Kind {
	case JobCopy, JobUnzip:
	case JobZip:
		most = MaxJobSources
	default:
		return fail(InvalidArgument, "A job is one of copy, zip and unzip, not %q", abbreviate(string(j.Kind)))
	}
	if len(j.Sources) < 1 || len(j.Sources) > most {
		return fail(InvalidArgument, "A job of kind %s has 1 to %d sources, and this has %d", j.Kind, most, len(j.Sources))
	}
	seen := map[string]bool{}
	length := 0
	for _, source := range j.Sources {
		if length += len(source.text); length > maxSourceBytes {
			return fail(InvalidArgument, "The paths of the sources come to more than %d bytes; pack a directory that they are in, or use several jobs", maxSourceBytes)
		}
		switch {
		case j.Kind != JobUnzip && source.IsRoot():
			return fail(IO, "The root cannot be copied or packed as a whole; name what is in it")
		case j.Kind != JobUnzip && source.text == ProjectsDir:
			return fail(IO, "%s cannot be copied or packed as a whole; name one of the projects", source)
		case j.Target == source || j.Target.under(source):
			return fail(IO, "%s lies in %s; choose a target elsewhere", j.Target, source)
		case j.Kind == JobZip && seen[source.Name()]:
			return fail(IO, "Two of the sources are called %s, and an archive holds a name once", source.Name())
		}
		seen[source.Name()] = true
	}
	return nil
}

// jobRoots walks to the sources, whose paths it replaces by the plain ones, and to the target.
func (s *Session) jobRoots(ctx context.Context, op string, j *NewJob) (roots []jobEntry, err error) {
	given := slices.Clone(j.Sources)
	err = steadily(ctx, func() error {
		j.Sources, roots = slices.Clone(given), nil
		for i := range j.Sources {
			c, err := s.jobRoot(ctx, given[i])
			if err != nil {
				return err
			}
			n := c.node()
			if j.Kind == JobUnzip && n.dir() {
				return fail(InvalidArgument, "%s is a directory, and no archive", given[i])
			}
			if j.Kind == JobZip {
				if err := zippable(c.path); err != nil {
					return err
				}
			}
			j.Sources[i] = c.path
			roots = append(roots, rootEntry(j, i, n))
		}
		_, err := (&walker{ctx: ctx, s: s, op: op}).vacancy(j.Target)
		return err
	})
	if err == nil {
		err = j.check() // now that the paths are plain
	}
	return roots, err
}

// jobRoot walks to a source, which may be a reserved path, and which the principal must be able to read.
func (s *Session) jobRoot(ctx context.Context, source Path) (*chain, error) {
	at, err := s.fs.resolve(ctx, source)
	if err != nil {
		return nil, err
	}
	w := &walker{ctx: ctx, s: s}
	if source.byInode() {
		w.asked = &source
	}
	c, err := w.walk(at, Need{})
	switch {
	case source.byInode() && (err == nil && c.hidden || err != nil && KindOf(err) == AccessControl && !s.p.Scope.IsZero()):
		return nil, noInode(source)
	case err != nil:
		return nil, err
	case c.named(source) != nil:
		return nil, errStale
	case c.node() == nil:
		return nil, fail(NotExist, "File does not exist: %s", source)
	}
	need := Need{Node: perm.Read}
	if c.node().dir() {
		need.Node = perm.ReadExecute
	}
	return c, w.check(c, need)
}

// vacancy walks to the target of a job, and fails if the result may not be put there.
func (w *walker) vacancy(target Path) (*chain, error) {
	c, err := w.walk(target, Need{Ancestor: perm.Write, Create: true, Change: true, Add: true})
	switch {
	case err != nil:
		return nil, err
	case c.node() != nil:
		return nil, fail(Exist, "%s already exists", target)
	case c.parent() == nil:
		return nil, fail(NotExist, "Parent directory doesn't exist: %s", target.Parent())
	}
	return c, c.path.checkNames(len(c.names) - 1)
}

// insertJob records a new job, with its first entries.
func (s *Session) insertJob(ctx context.Context, tx pgx.Tx, id uuid.UUID, j NewJob, roots []jobEntry) error {
	var used bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM operations WHERE id = $1)`, id).Scan(&used); err != nil {
		return err
	}
	if used {
		return otherRequest(id)
	}
	sources := make([]string, len(j.Sources))
	for i, p := range j.Sources {
		sources[i] = p.String()
	}
	var token *uuid.UUID
	if s.p.Token != uuid.Nil {
		token = &s.p.Token
	}
	var behind *uuid.UUID // the credential, if it may be a token that the principal does not depend on
	if id, err := uuid.Parse(s.p.Credential); err == nil && token == nil {
		behind = &id
	}
	// If the token is another user's, that user is a proxy, which acts for the principal.
	if _, err := tx.Exec(ctx, `INSERT INTO jobs (id, kind, sources, target, user_id, usr, token, credential, client, scope_project, scope_root, scope_verbs, proxy_token)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
			(SELECT t.jti FROM tokens t WHERE t.jti = $13 AND t.user_id <> $5))`,
		id, j.Kind, sources, j.Target.String(), s.p.UserID, s.p.User, token, s.p.Credential, s.client,
		s.p.Scope.Project, s.p.Scope.Root, int16(s.p.Scope.Verbs), behind); err != nil {
		return err
	}
	if j.Kind == JobUnzip {
		return nil // its central directory says what is to be made
	}
	return addEntries(ctx, tx, id, 0, roots)
}

// sameJob returns the job with an id, if there is one, for a repeated request. It fails if that job came from another request.
func (s *Session) sameJob(ctx context.Context, id uuid.UUID, j NewJob) (Job, bool, error) {
	job, err := s.fs.job(ctx, id)
	switch {
	case err != nil && KindOf(err) == NotExist:
		return Job{}, false, nil
	case err != nil:
		return Job{}, false, err
	}
	same := job.User == s.p.User && job.Kind == j.Kind && job.Target == j.Target && len(job.Sources) == len(j.Sources)
	for i := 0; same && i < len(j.Sources); i++ {
		source := j.Sources[i]
		if source.byInode() { // the job has the plain path
			if source, err = s.fs.resolve(ctx, source); err != nil {
				return Job{}, false, err
			}
		}
		same = source == job.Sources[i]
	}
	if !same {
		return Job{}, false, otherRequest(id)
	}
	return job, true, nil
}
