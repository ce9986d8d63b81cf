package namespace

import (
	"context"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// MaxEvents is the largest number of events in one page.
const MaxEvents = 1000

// Events returns the events of a project with numbers above after, in order and without gaps: up to limit of them, at most
// [MaxEvents] (also for limit 0), or fewer if they are long. If it returns none, there are none yet; [Session.Follow] waits for
// them. Project "" is the common ground: what lies in no project, and the making and removing of projects. A project that is
// made under the name of a former one has a feed of its own, which begins at 1.
//
// A project's feed shows everything in it to its members and to superusers; that of the common ground is for superusers only.
// A token limited to a directory is refused. To those who may not know of the project, it appears not to exist. Rights are
// checked as of the same moment as the events.
//
// It fails with [Gone] if events above after are no longer kept, and with [InvalidArgument] if after has not happened yet.
func (s *Session) Events(ctx context.Context, project string, after int64, limit int) ([]Event, error) {
	return s.events(ctx, project, after, limit, func(int64) {})
}

// events is Events. It calls decided with the id of the project before it reads the events.
func (s *Session) events(ctx context.Context, project string, after int64, limit int, decided func(id int64)) ([]Event, error) {
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
	err := s.follow(ctx, project, decided, func(tx pgx.Tx, id int64) error {
		if err := within(ctx, tx, id, project, after); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectEvent+`WHERE project_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
		if err != nil {
			return err
		}
		events, _, err = fillPage(rows, scanEvent)
		return err
	})
	return events, s.dress(op, path, err)
}

// EventsBefore returns the events of a project before the one with the number before (0: up to now), the newest first: at most limit
// (0: MaxEvents), fewer if they are long, and only those that are still kept. newest is the number of the newest event as of the same
// moment, even if no events are kept. Rights are those of Events.
func (s *Session) EventsBefore(ctx context.Context, project string, before int64, limit int) (events []Event, newest int64, err error) {
	const op = "events"
	path := feedPath(project)
	switch {
	case before < 0:
		return nil, 0, s.dress(op, path, fail(InvalidArgument, "before=%d: want the number of an event, or 0 for all", before))
	case limit < 0 || limit > MaxEvents:
		return nil, 0, s.dress(op, path, fail(InvalidArgument, "limit=%d: want 1 to %d", limit, MaxEvents))
	case limit == 0:
		limit = MaxEvents
	}
	if before == 0 {
		before = math.MaxInt64
	}
	err = s.follow(ctx, project, func(int64) {}, func(tx pgx.Tx, id int64) (err error) {
		if newest, err = lastEvent(ctx, tx, id); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectEvent+`WHERE project_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`, id, before, limit)
		if err != nil {
			return err
		}
		events, _, err = fillPage(rows, scanEvent)
		return err
	})
	return events, newest, s.dress(op, path, err)
}

// selectEvent reads an Event.
const selectEvent = `SELECT seq, at, op, usr, inode_id, path, coalesce(target, ''), detail, operation FROM events `

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

// LastEvent returns the number of the newest event of a project, 0 if there was none, for callers who want to know what
// happens from now on. Rights are those of Events.
func (s *Session) LastEvent(ctx context.Context, project string) (int64, error) {
	var last int64
	err := s.follow(ctx, project, func(int64) {}, func(tx pgx.Tx, id int64) (err error) {
		last, err = lastEvent(ctx, tx, id)
		return err
	})
	return last, s.dress("last event", feedPath(project), err)
}

func lastEvent(ctx context.Context, db rowQuerier, project int64) (last int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce((SELECT last FROM feeds WHERE project_id = $1), 0)`, project).Scan(&last)
	return last, err
}

// withinSQL returns the number of the newest event of the project $1, and that of the first one that is kept, or will be; NULL if the
// event behind $2 is kept, and so all that follow it, or none follows. Followers ask again and again, and to find the first one,
// PostgreSQL passes the index entries of all that were removed since the last vacuum.
const withinSQL = `SELECT last, CASE WHEN $2 < last AND NOT EXISTS (SELECT FROM events WHERE project_id = $1 AND seq = $2 + 1)
	THEN coalesce((SELECT min(seq) FROM events WHERE project_id = $1), last + 1) END
	FROM (SELECT coalesce((SELECT last FROM feeds WHERE project_id = $1), 0) AS last) f`

// within fails unless all events above after are still kept or yet to come.
func within(ctx context.Context, tx pgx.Tx, id int64, project string, after int64) error {
	var (
		last  int64
		first *int64
	)
	// PostgreSQL may work out the number behind the largest one before it knows whether it is needed.
	if err := tx.QueryRow(ctx, withinSQL, id, min(after, math.MaxInt64-1)).Scan(&last, &first); err != nil {
		return err
	}
	switch {
	case after > last:
		return fail(InvalidArgument, "after=%d: the newest event of %s is %d; a project that was made anew under its name counts anew",
			after, feedName(project), last)
	case first != nil && after < *first-1:
		return fail(Gone, "The events of %s up to %d are not kept any more: look at what is there now, and go on after %d",
			feedName(project), *first-1, last)
	}
	return nil
}

// feedName returns the name of a feed for messages.
func feedName(project string) string {
	if project == "" {
		return "the common ground"
	}
	return "project " + project
}

// feedPath returns the path that errors about a feed mention.
func feedPath(project string) Path {
	if project == "" {
		return Path{}
	}
	return projectPath(project)
}

// storedPath returns the path that a column holds as text.
func storedPath(text string) Path {
	if text == "/" {
		return Path{}
	}
	return Path{text}
}

// mostLooks is how many looks at feeds run at a time: each commit wakes all followers of its project, and other requests need
// connections, too.
const mostLooks = 8

// follow calls decided with the id of a project that the principal may follow, and then read, on a snapshot as of which the
// principal still may. It waits while mostLooks looks are running.
func (s *Session) follow(ctx context.Context, project string, decided func(id int64), read func(tx pgx.Tx, id int64) error) error {
	if err := s.fs.looks.enter(ctx, s.p.User); err != nil {
		return err
	}
	defer s.fs.looks.leave()
	return s.present(ctx, func(w *walker) (*chain, error) {
		c, err := w.followed(project)
		if err == nil {
			decided(c.node().project)
		}
		return c, err
	}, func(tx pgx.Tx, c *chain) error { return read(tx, c.node().project) })
}

// followed finds the project, or the common ground, whose feed the principal may follow.
func (w *walker) followed(project string) (*chain, error) {
	if project != "" {
		return w.member(project)
	}
	c, err := w.walk(Path{}, Need{})
	if err == nil {
		err = w.s.superuserFor("events")
	}
	return c, err
}

// present runs decide, and then read on a snapshot of the database as of which the chain that decide returned is unchanged.
func (s *Session) present(ctx context.Context, decide func(w *walker) (*chain, error), read func(tx pgx.Tx, c *chain) error) error {
	return s.presentBy(ctx, s.fs.snapshot, decide, read)
}

// presentBy is present with another function that provides the snapshot.
func (s *Session) presentBy(ctx context.Context, moment func(context.Context, func(pgx.Tx) error) error, decide func(w *walker) (*chain, error), read func(tx pgx.Tx, c *chain) error) error {
	return steadily(ctx, func() error {
		c, err := decide(&walker{ctx: ctx, s: s})
		if err != nil {
			return err
		}
		return moment(ctx, func(tx pgx.Tx) error {
			if err := c.still(ctx, tx, &s.p); err != nil {
				return err
			}
			return read(tx, c)
		})
	})
}
