package namespace

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// MaxEvents is how many events one page holds at most.
const MaxEvents = 1000

// Events returns the events of a project with numbers above after, in their order, without gaps: up to limit of them, at
// most [MaxEvents], and so many for 0. None means that there are none yet; [Session.Await] waits for them. project "" is
// the common ground: what lies in no project, and the coming and going of projects. A project that is made anew under the
// name of an old one has a feed of its own, which begins at 1.
//
// A project's feed tells its members of everything in it, the owner of a token that is limited to the project too, and
// superusers; the common ground's only superusers. Who may not know the project is told that there is none. Rights are
// looked at as of the same moment as the events.
//
// It fails with [Gone] if events behind after are not kept any more, with [InvalidArgument] if after has not happened.
func (s *Session) Events(ctx context.Context, project string, after int64, limit int) ([]Event, error) {
	const op = "events"
	path := feedPath(project)
	switch {
	case after < 0:
		return nil, s.dress(op, path, fail(InvalidArgument, "after=%d: want the number of an event, or 0 for all", after))
	case limit < 0 || limit > MaxEvents:
		return nil, s.dress(op, path, fail(InvalidArgument, "limit=%d: want 1 to %d", limit, MaxEvents))
	case limit == 0:
		limit = MaxEvents
	}
	var events []Event
	err := s.present(ctx, func(tx pgx.Tx) error {
		id, err := s.mayFollow(ctx, tx, project)
		if err != nil {
			return err
		}
		if err := within(ctx, tx, id, project, after); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT seq, at, op, usr, inode_id, path, coalesce(target, ''), detail, operation
			FROM events WHERE project_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
		if err != nil {
			return err
		}
		events, err = pgx.CollectRows(rows, scanEvent)
		return err
	})
	return events, s.dress(op, path, err)
}

func scanEvent(row pgx.CollectableRow) (Event, error) {
	var (
		e         Event
		path      string
		operation *uuid.UUID
	)
	err := row.Scan(&e.Seq, &e.At, &e.Op, &e.User, &e.Inode, &path, &e.Target.text, &e.Detail, &operation)
	e.Path = storedPath(path)
	if operation != nil {
		e.Operation = *operation
	}
	return e, err
}

// LastEvent returns the number of the newest event of a project, 0 if there was none, for whoever wants to know what
// happens from now on. Rights are those of Events.
func (s *Session) LastEvent(ctx context.Context, project string) (int64, error) {
	var last int64
	err := s.present(ctx, func(tx pgx.Tx) error {
		id, err := s.mayFollow(ctx, tx, project)
		if err == nil {
			last, err = lastEvent(ctx, tx, id)
		}
		return err
	})
	return last, s.dress("last event", feedPath(project), err)
}

func lastEvent(ctx context.Context, db rowQuerier, project int64) (last int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce((SELECT last FROM feeds WHERE project_id = $1), 0)`, project).Scan(&last)
	return last, err
}

// within fails unless the events behind after are there or yet to come.
func within(ctx context.Context, tx pgx.Tx, id int64, project string, after int64) error {
	last, err := lastEvent(ctx, tx, id)
	if err != nil {
		return err
	}
	var first int64
	if err := tx.QueryRow(ctx, `SELECT coalesce(min(seq), $2 + 1) FROM events WHERE project_id = $1`, id, last).Scan(&first); err != nil {
		return err
	}
	switch {
	case after > last:
		return fail(InvalidArgument, "after=%d: the newest event of %s is %d; a project that was made anew under its name counts anew",
			after, feedName(project), last)
	case after < first-1:
		return fail(Gone, "The events of %s up to %d are not kept any more: look at what is there now, and go on after %d",
			feedName(project), first-1, last)
	}
	return nil
}

// feedName names a feed for people.
func feedName(project string) string {
	if project == "" {
		return "the common ground"
	}
	return "project " + project
}

// feedPath is the path that errors about a feed name.
func feedPath(project string) Path {
	if project == "" {
		return Path{}
	}
	return Path{ProjectsDir + "/" + project}
}

// storedPath is the path that a column holds as text.
func storedPath(text string) Path {
	if text == "/" {
		return Path{}
	}
	return Path{text}
}

// present runs read on one moment of the database, at which the principal is as s has it.
func (s *Session) present(ctx context.Context, read func(tx pgx.Tx) error) error {
	for range decideLimit {
		err := s.fs.snapshot(ctx, func(tx pgx.Tx) error {
			var epoch int64
			if err := tx.QueryRow(ctx, `SELECT coalesce((SELECT epoch FROM users WHERE id = $1), 0)`, s.p.UserID).Scan(&epoch); err != nil {
				return err
			}
			if epoch != s.p.Epoch {
				return errStale
			}
			return read(tx)
		})
		if !errors.Is(err, errStale) {
			return err
		}
		fresh, err := s.fs.refresh(ctx, s.p)
		if err != nil {
			return err
		}
		s.p = fresh
	}
	return errStale
}

// mayFollow returns the id of a project whose feed the principal may read.
func (s *Session) mayFollow(ctx context.Context, tx pgx.Tx, project string) (int64, error) {
	id, role, err := s.standing(ctx, tx, project)
	switch {
	case err != nil:
		return 0, err
	case id == 0:
		if err := s.superuserFor("events"); err != nil {
			return 0, err
		}
	case role == "" && !s.p.Superuser:
		return 0, &Error{Kind: NotExist, Msg: noProject(project).Msg, hidden: true}
	}
	return id, s.coversProject(id, project)
}

// standing returns the id of a project and the principal's role in it, "" if it is not a member.
func (s *Session) standing(ctx context.Context, tx pgx.Tx, project string) (id int64, role Role, err error) {
	err = tx.QueryRow(ctx, `SELECT p.id, coalesce(m.role, '') FROM projects p
		LEFT JOIN members m ON m.project_id = p.id AND m.user_id = $2 WHERE p.name = $1`, project, s.p.UserID).Scan(&id, &role)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noProject(project)
	}
	return id, role, err
}

func noProject(name string) *Error { return fail(NotExist, "there is no project %s", name) }

// coversProject fails if the token is limited to another project, or to a part of this one.
func (s *Session) coversProject(id int64, project string) error {
	switch scope := s.p.Scope; {
	case scope.Project != 0 && scope.Project != id:
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a project and %s is outside it", s.p.User, feedName(project))
	case scope.Root != 0:
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a directory and this is about all of %s", s.p.User, feedName(project))
	}
	return nil
}
