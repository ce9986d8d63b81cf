package namespace

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// Found is a project or a dataset that [Session.Discover] found.
type Found struct {
	Project     string
	Dataset     int64  // inode of the dataset; 0: the project itself
	Name        string // of the project, or of the dataset's directory
	Description string
	Public      bool // everyone may read the dataset
}

// Discover finds up to limit listed projects, and datasets that are listed or published, whose name and description contain all
// words of query, ignoring case. They come in the order of project names and dataset ids, beginning after the one in after. It is
// for everybody whose token is not limited to a project and may read.
func (s *Session) Discover(ctx context.Context, query string, after Found, limit int) ([]Found, error) {
	const op = "discover"
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	if scope := s.p.Scope; scope.Project != 0 || !scope.Verbs.Allow(auth.Read) {
		return nil, s.dress(op, Path{}, fail(AccessControl, "Permission denied: user=%s, the token is limited and finds nothing new", s.p.User))
	}
	if utf8.RuneCountInString(query) > MaxSearchText { // each word is looked for in everything that is listed
		return nil, s.dress(op, Path{}, fail(InvalidArgument, "the words to look for have more than %d characters", MaxSearchText))
	}
	words := strings.Fields(folded(query))
	var found []Found
	for {
		some, err := s.discoverable(ctx, after)
		if err != nil {
			return nil, s.dress(op, Path{}, err)
		}
		for _, f := range some {
			after = f
			text := folded(f.Name + " " + f.Description)
			if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
				continue
			}
			if found = append(found, f); len(found) == limit {
				return found, nil
			}
		}
		if len(some) < discoverAtOnce {
			return found, nil
		}
	}
}

// discoverAtOnce is how many projects and datasets are read in one statement to look for words in them.
const discoverAtOnce = 200

// discoverable reads the next discoverAtOnce projects and datasets that may be found. Words are compared in Go, as in a search, since
// the database might fold the case of ASCII letters only.
func (s *Session) discoverable(ctx context.Context, after Found) ([]Found, error) {
	rows, err := s.fs.db.Query(ctx, `
		SELECT project, dataset, name, description, public FROM (
			SELECT p.name AS project, 0::bigint AS dataset, p.name, p.description, false AS public
			FROM projects p WHERE p.id <> 0 AND p.state <> 'd' AND p.listed
			UNION ALL
			SELECT p.name, d.inode_id, i.name, d.description, d.public
			FROM datasets d JOIN projects p ON p.id = d.project_id AND p.state <> 'd'
			JOIN inodes i ON i.project_id = d.project_id AND i.id = d.inode_id
			WHERE d.listed OR d.public
		) AS found
		WHERE (project, dataset) > ($1, $2)
		ORDER BY project, dataset LIMIT $3`, after.Project, after.Dataset, discoverAtOnce)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Found, err error) {
		return f, row.Scan(&f.Project, &f.Dataset, &f.Name, &f.Description, &f.Public)
	})
}

// Request is a user's request to become a member of a project, or to get a share of one of its datasets.
type Request struct {
	ID      int64
	Project string
	Dataset int64 // inode of the dataset; 0: membership is requested
	User    string
	Message string
	Created time.Time
}

// maxMessage bounds the message of a request, in bytes.
const maxMessage = 1 << 10

// RequestAccess asks the owners of a listed project for membership, or for a share of a dataset that is listed or published.
// Asking again gives the same request the new message. It ends when the user becomes a member or is offered the dataset.
func (s *Session) RequestAccess(ctx context.Context, project string, dataset int64, message string) (Request, error) {
	const op = "request access"
	r := Request{Project: project, Dataset: dataset, User: s.p.User, Message: message}
	if len(message) > maxMessage {
		return r, s.dress(op, projectPath(project), fail(InvalidArgument, "the message has %d bytes: want at most %d", len(message), maxMessage))
	}
	at := projectPath(project)
	if dataset != 0 {
		at = inodePath(dataset)
	}
	made, err := act(ctx, s, op, at, func(w *walker) (Request, *mutation, error) {
		if err := w.mayRequest(); err != nil {
			return r, nil, err
		}
		c, err := w.project(project)
		if err != nil {
			return r, nil, err
		}
		if dataset == 0 && c.membership().role != "" {
			return r, nil, fail(IO, "%s is a member of project %s already.", s.p.User, project)
		}
		var (
			id     = c.node().project
			listed bool
			before *string
		)
		err = s.fs.db.QueryRow(ctx, `SELECT CASE $2::bigint WHEN 0 THEN (SELECT listed FROM projects WHERE id = $1)
			ELSE coalesce((SELECT listed OR public FROM datasets WHERE project_id = $1 AND inode_id = $2), false) END,
			coalesce(r.id, nextval(pg_get_serial_sequence('access_requests', 'id'))), coalesce(r.created, now()), r.message
			FROM (VALUES (1)) AS always LEFT JOIN access_requests r ON r.project_id = $1 AND coalesce(r.inode_id, 0) = $2 AND r.user_id = $3`,
			id, dataset, s.p.UserID).Scan(&listed, &r.ID, &r.Created, &before)
		switch {
		case err != nil:
			return r, nil, staleIfGone(err)
		case !listed && dataset != 0:
			return r, nil, noDataset(dataset)
		case !listed:
			return r, nil, fail(AccessControl, "Permission denied: project %s takes no requests; its owners make members", project)
		case before != nil && *before == message: // the same request exists already
			return r, nil, nil
		}
		e := w.event(c, c.node())
		if dataset != 0 {
			e.inode = dataset
		}
		return r, &mutation{event: e, apply: func(ctx context.Context, tx pgx.Tx) error {
			if dataset != 0 { // it ends with its directory, or one above, which the principal need not have walked to
				if err := one(tx.Exec(ctx, `SELECT FROM datasets WHERE project_id = $1 AND inode_id = $2 FOR KEY SHARE`, id, dataset)); err != nil {
					return err
				}
			}
			if before != nil { // errStale if it was answered or changed meanwhile
				return one(tx.Exec(ctx, `UPDATE access_requests SET message = $2 WHERE id = $1 AND message = $3`, r.ID, message, *before))
			}
			return one(tx.Exec(ctx, `INSERT INTO access_requests (id, project_id, inode_id, user_id, message, created)
				VALUES ($1, $2, nullif($3::bigint, 0), $4, $5, $6) ON CONFLICT (project_id, coalesce(inode_id, 0), user_id) DO NOTHING`,
				r.ID, id, dataset, s.p.UserID, message, r.Created))
		}}, nil
	})
	return made, err
}

// mayRequest refuses principals that are not users of this installation, and limited tokens.
func (w *walker) mayRequest() error {
	if w.s.p.UserID == 0 || !w.s.p.Scope.IsZero() {
		return fail(AccessControl, "Permission denied: user=%s may not ask for access by a token that is limited, or without being a user here", w.s.p.User)
	}
	return nil
}

// requestSQL finds requests: requestsOf to the project $1, requestsBy by the user $1. requestPage limits them to $3 requests
// after the request $2, in the project $4 if that is not 0.
const (
	requestSQL = `SELECT r.id, p.name, coalesce(r.inode_id, 0), u.name, r.message, r.created
		FROM access_requests r JOIN projects p ON p.id = r.project_id JOIN users u ON u.id = r.user_id WHERE p.state <> 'd' AND `
	requestsOf  = `r.project_id = $1`
	requestsBy  = `r.user_id = $1`
	requestPage = ` AND r.id > $2 AND ($4::bigint = 0 OR r.project_id = $4) ORDER BY r.id LIMIT $3`
)

// Requests lists up to limit requests to a project, the oldest first, beginning after the id after. It is for the project's owners.
func (s *Session) Requests(ctx context.Context, project string, after int64, limit int) ([]Request, error) {
	const op = "list requests"
	var all []Request
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).manage(project)
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(requestSQL+requestsOf+requestPage, c.node().project, after, limit, s.p.Scope.Project).Query(func(rows pgx.Rows) (err error) {
			all, err = pgx.CollectRows(rows, scanRequest)
			return err
		})
		return s.reading(ctx, op, c, batch)
	})
	return all, s.dress(op, projectPath(project), err)
}

// MyRequests lists up to limit requests of the principal, the oldest first, beginning after the id after. A token limited to a
// project only shows those to that project, and one limited to a directory shows none.
func (s *Session) MyRequests(ctx context.Context, after int64, limit int) ([]Request, error) {
	const op = "list requests"
	if err := (&walker{ctx: ctx, s: s}).renewedReader(); err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	if s.p.Scope.Root != 0 {
		return nil, nil
	}
	rows, err := s.fs.db.Query(ctx, requestSQL+requestsBy+requestPage, s.p.UserID, after, limit, s.p.Scope.Project)
	if err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	all, err := pgx.CollectRows(rows, scanRequest)
	return all, s.dress(op, Path{}, err)
}

func scanRequest(row pgx.CollectableRow) (r Request, err error) {
	return r, row.Scan(&r.ID, &r.Project, &r.Dataset, &r.User, &r.Message, &r.Created)
}

// EndRequest denies a request, for an owner of the project, or withdraws it, for the user who made it.
func (s *Session) EndRequest(ctx context.Context, id int64) error {
	at := Path{"/requests"}.Join(strconv.FormatInt(id, 10))
	_, err := act(ctx, s, "end request", at, func(w *walker) (struct{}, *mutation, error) {
		if err := w.renewed(); err != nil {
			return struct{}{}, nil, err
		}
		var (
			project, user string
			e             = &event{op: w.op, detail: Detail{Dir: true}}
		)
		err := s.fs.db.QueryRow(ctx, `SELECT p.id, p.name, coalesce(r.inode_id, p.root), u.name FROM access_requests r JOIN projects p ON p.id = r.project_id
			JOIN users u ON u.id = r.user_id WHERE r.id = $1`, id).Scan(&e.project, &project, &e.inode, &user)
		if errors.Is(err, pgx.ErrNoRows) {
			return struct{}{}, nil, fail(NotExist, "There is no request %d.", id)
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		if user != s.p.User || !s.p.Scope.IsZero() {
			if _, err := w.manage(project); err != nil {
				if kind := KindOf(err); kind == AccessControl || kind == NotExist {
					err = fail(NotExist, "There is no request %d.", id)
				}
				return struct{}{}, nil, err
			}
		}
		e.path, e.detail.Member = projectPath(project), user
		return struct{}{}, &mutation{event: e, apply: func(ctx context.Context, tx pgx.Tx) error {
			return one(tx.Exec(ctx, `DELETE FROM access_requests WHERE id = $1`, id))
		}}, nil
	})
	return err
}
