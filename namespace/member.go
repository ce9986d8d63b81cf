package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Member is a user's membership of a project.
type Member struct {
	User string
	Role Role
}

// Members lists up to limit members of a project, sorted by name, whose names follow after. It is for members.
func (s *Session) Members(ctx context.Context, project, after string, limit int) ([]Member, error) {
	const op = "list members"
	var members []Member
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).member(project)
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(`SELECT u.name, m.role FROM members m JOIN users u ON u.id = m.user_id
			WHERE m.project_id = $1 AND u.name > $2 ORDER BY u.name LIMIT $3`, c.node().project, after, limit).Query(func(rows pgx.Rows) (err error) {
			members, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Member, err error) {
				return m, row.Scan(&m.User, &m.Role)
			})
			return err
		})
		return s.reading(ctx, op, c, batch)
	})
	return members, s.dress(op, projectPath(project), err)
}

// SetMember gives user a role in a project, or another one. Whatever is decided for the user afterwards relies on it.
// It is for the project's owners; the last of them cannot get another role.
func (s *Session) SetMember(ctx context.Context, project, user string, role Role) error {
	const op = "set member"
	if !slices.Contains([]Role{Owner, Scientist, Observer}, role) {
		return s.dress(op, projectPath(project), fail(InvalidArgument, "role %q: want owner, scientist or observer", role))
	}
	return s.changeMember(ctx, op, project, user, role, func(ctx context.Context, tx pgx.Tx, project, user int64) (bool, error) {
		changed, err := tx.Exec(ctx, `INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)
			ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role WHERE members.role <> excluded.role`, project, user, role)
		if err == nil {
			// A request to be let in is granted by this.
			_, err = tx.Exec(ctx, `DELETE FROM access_requests WHERE project_id = $1 AND user_id = $2 AND inode_id IS NULL`, project, user)
		}
		return changed.RowsAffected() > 0, err
	})
}

// RemoveMember ends user's membership of a project. Nothing that is decided afterwards relies on it any more. It is for the
// project's owners, and for the member; the last owner cannot be removed.
func (s *Session) RemoveMember(ctx context.Context, project, user string) error {
	return s.changeMember(ctx, "remove member", project, user, "", func(ctx context.Context, tx pgx.Tx, id, userID int64) (bool, error) {
		tag, err := tx.Exec(ctx, `DELETE FROM members WHERE project_id = $1 AND user_id = $2`, id, userID)
		if err == nil && tag.RowsAffected() == 0 {
			err = fail(NotExist, "%s is not a member of project %s.", user, project)
		}
		return true, err
	})
}

// changeMember changes the membership of user, and fails if that would leave a project without owners. change reports whether
// anything has changed.
func (s *Session) changeMember(ctx context.Context, op, project, user string, role Role,
	change func(ctx context.Context, tx pgx.Tx, project, user int64) (bool, error),
) error {
	_, err := act(ctx, s, op, projectPath(project).Join(user), func(w *walker) (struct{}, *mutation, error) {
		c, err := w.project(project)
		if err != nil {
			return struct{}{}, nil, err
		}
		if leaves := op == "remove member" && user == s.p.User && c.membership().role != "" && s.p.Scope.IsZero(); !leaves {
			if c, err = w.manage(project); err != nil {
				return struct{}{}, nil, err
			}
		}
		id := c.node().project
		return struct{}{}, rule(id, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			userID, err := userID(ctx, tx, user)
			if err != nil {
				return nil, err
			}
			changed, err := change(ctx, tx, id, userID)
			if err != nil || !changed {
				return nil, err
			}
			var owned bool
			err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM members WHERE project_id = $1 AND role = 'owner')`, id).Scan(&owned)
			if err == nil && !owned {
				err = fail(IO, "%s is the last owner of project %s: make somebody else one first.", user, project)
			}
			e := w.event(c, c.node())
			e.detail.Member, e.detail.Role = user, role
			return e, err
		}), nil
	})
	return err
}
