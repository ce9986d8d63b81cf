package namespace

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// projectPath returns the path of the project with a name.
func projectPath(name string) Path { return Path{ProjectsDir + "/" + name} }

// project walks to a project by its name. One that the principal may not know of appears not to exist.
func (w *walker) project(name string) (*chain, error) {
	if !projectName.MatchString(name) {
		return nil, noProject(name)
	}
	c, err := w.walk(projectPath(name), Need{})
	if err != nil {
		return nil, err
	}
	if c.node() == nil || c.node().project == 0 {
		return nil, noProject(name)
	}
	return c, nil
}

func noProject(name string) error { return fail(NotExist, "There is no project %q.", name) }

// member walks to a project of which the principal is a member, or that it sees as a superuser.
func (w *walker) member(name string) (*chain, error) {
	c, err := w.project(name)
	if err != nil {
		return nil, err
	}
	if c.membership().role == "" && !w.s.p.Superuser {
		return nil, fail(AccessControl, "Permission denied: user=%s is not a member of project %s", w.s.p.User, name)
	}
	return c, w.unlimited(name)
}

// owned walks to a project that the principal owns, or sees as a superuser, by a token that is not for a directory.
func (w *walker) owned(name string) (*chain, error) {
	c, err := w.member(name)
	if err != nil {
		return nil, err
	}
	if !w.passes(c, c.node()) {
		return nil, fail(AccessControl, "Permission denied: user=%s is not an owner of project %s", w.s.p.User, name)
	}
	return c, nil
}

// manage walks to a project that the principal may manage: one that it owns, by a token that covers that.
func (w *walker) manage(name string) (*chain, error) {
	c, err := w.owned(name)
	if err != nil {
		return nil, err
	}
	if scope := w.s.p.Scope; !scope.Verbs.Allow(auth.Manage) {
		return nil, fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not manage project %s", w.s.p.User, scope.Verbs, name)
	}
	return c, nil
}

// Manage returns the id of a project that the principal may manage, for other packages that store data about projects.
func (s *Session) Manage(ctx context.Context, project string) (id int64, err error) {
	err = steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s, op: "manage project"}).manage(project)
		if err == nil {
			id = c.node().project
		}
		return err
	})
	return id, s.dress("manage project", projectPath(project), err)
}

// Manages fails unless the principal may manage the project with an id.
func (s *Session) Manages(ctx context.Context, project int64) error {
	var name string
	err := s.fs.db.QueryRow(ctx, `SELECT name FROM projects WHERE id = $1 AND id <> 0`, project).Scan(&name)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return s.dress("manage project", Path{ProjectsDir}, fail(NotExist, "There is no project %d.", project))
	case err != nil:
		return s.dress("manage project", Path{ProjectsDir}, err)
	}
	_, err = s.Manage(ctx, name)
	return err
}

// unlimited refuses tokens for a directory, which give no access to the project that it is in.
func (w *walker) unlimited(name string) error {
	if w.s.p.Scope.Root != 0 {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to a directory and project %s is outside it", w.s.p.User, name)
	}
	return nil
}

// membership is what c learned of the project that its last inode lies in.
func (c *chain) membership() membership { return c.projects[c.nodes[len(c.nodes)-1].project] }

// rule returns a mutation that changes who may do what in a project. It increments the project's epoch, so that no act which commits
// afterwards relies on the former rights. apply returns the event, nil if nothing has changed.
func rule(project int64, apply func(ctx context.Context, tx pgx.Tx) (*event, error)) *mutation {
	m := &mutation{rules: []int64{project}}
	m.apply = func(ctx context.Context, tx pgx.Tx) (err error) {
		if m.event, err = apply(ctx, tx); err != nil {
			return err
		}
		return renew(ctx, tx, project)
	}
	return m
}

// renew increments the epoch of a project, which tx must have locked.
func renew(ctx context.Context, tx pgx.Tx, project int64) error {
	return one(tx.Exec(ctx, `UPDATE projects SET access_epoch = access_epoch + 1 WHERE id = $1`, project))
}

// userID returns the id of a user's row.
func userID(ctx context.Context, db rowQuerier, name string) (int64, error) {
	var id int64
	err := db.QueryRow(ctx, `SELECT id FROM users WHERE name = $1`, name).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fail(NotExist, "There is no user %q.", name)
	}
	return id, err
}
