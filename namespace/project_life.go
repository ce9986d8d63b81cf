package namespace

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Project describes a project to somebody who may know of it.
type Project struct {
	Name        string
	Description string
	Role        Role // the principal's; "" if it is no member
	Archived    bool
	Listed      bool // anybody may find it and ask to be let in
	Created     time.Time
	Quota       QuotaUsage // of its files; usage is 0 for non-members except superusers
}

// Project describes a project. What one without limits holds may be as of a while ago, if it takes long to count: see [Session.held].
func (s *Session) Project(ctx context.Context, name string) (Project, error) {
	const op = "describe project"
	var p Project
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).project(name)
		if err != nil {
			return err
		}
		m, n := c.membership(), c.node()
		p = Project{Name: m.name, Role: m.role, Archived: m.state == archived}
		batch := &pgx.Batch{}
		batch.Queue(`SELECT description, listed, created FROM projects WHERE id = $1`, n.project).QueryRow(func(row pgx.Row) error {
			return staleIfGone(row.Scan(&p.Description, &p.Listed, &p.Created))
		})
		if err := s.reading(ctx, op, c, batch); err != nil {
			return err
		}
		p.Quota = QuotaUsage{NamesQuota: n.limits.names, SpaceQuota: n.limits.space}
		if m.role == "" && !s.p.Superuser {
			return nil
		}
		held, err := s.held(ctx, n)
		p.Quota.Names, p.Quota.Space = held.names, held.space
		return err
	})
	return p, s.dress(op, projectPath(name), err)
}

// Knows fails unless the principal may know of a project, like [Session.Project], but counts nothing.
func (s *Session) Knows(ctx context.Context, project string) error {
	err := steadily(ctx, func() error {
		_, err := (&walker{ctx: ctx, s: s}).project(project)
		return err
	})
	return s.dress("describe project", projectPath(project), err)
}

// staleIfGone turns the error for a missing row into errStale.
func staleIfGone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errStale
	}
	return err
}

// Projects lists up to limit projects, sorted by name, whose names follow after: those of which the principal is a member or,
// for a superuser with everybody set, all.
func (s *Session) Projects(ctx context.Context, after string, limit int, everybody bool) ([]Project, error) {
	const op = "list projects"
	if err := (&walker{ctx: ctx, s: s}).renewedReader(); err != nil {
		return nil, s.dress(op, Path{ProjectsDir}, err)
	}
	if s.p.Scope.Root != 0 {
		return nil, nil // a token for a directory gives no access to the project that it is in
	}
	if everybody {
		if err := s.superuserFor("listAllProjects"); err != nil {
			return nil, s.dress(op, Path{ProjectsDir}, err)
		}
	}
	rows, err := s.fs.db.Query(ctx, `SELECT p.name, p.description, coalesce(m.role, ''), p.state = 'r', p.listed, p.created,
			coalesce(t.quota_names, -1), coalesce(t.quota_space, -1)
		FROM projects p JOIN inodes t ON t.project_id = p.id AND t.id = p.root
		LEFT JOIN members m ON m.project_id = p.id AND m.user_id = $1
		WHERE p.id <> 0 AND p.state <> 'd' AND p.name > $2 AND ($4 OR m.role IS NOT NULL) AND ($5::bigint = 0 OR p.id = $5)
		ORDER BY p.name LIMIT $3`, s.p.UserID, after, limit, everybody, s.p.Scope.Project)
	if err != nil {
		return nil, s.dress(op, Path{ProjectsDir}, err)
	}
	projects, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Project, err error) {
		return p, row.Scan(&p.Name, &p.Description, &p.Role, &p.Archived, &p.Listed, &p.Created, &p.Quota.NamesQuota, &p.Quota.SpaceQuota)
	})
	return projects, s.dress(op, Path{ProjectsDir}, err)
}

// ProjectChange says what ChangeProject changes; what is nil stays.
type ProjectChange struct {
	Description *string
	Listed      *bool
	Archived    *bool // nobody changes files in an archived project
}

// check refuses a change that no project may have.
func (p *ProjectChange) check() error {
	if p.Description == nil {
		return nil
	}
	return DatasetInfo{Description: *p.Description}.check()
}

// MayChangeProject fails if ChangeProject would be refused now. It is for callers who change something else before, which would stay.
func (s *Session) MayChangeProject(ctx context.Context, name string, change ProjectChange) error {
	err := change.check()
	if err == nil {
		err = steadily(ctx, func() error {
			_, err := (&walker{ctx: ctx, s: s, op: "change project"}).manage(name)
			return err
		})
	}
	return s.dress("change project", projectPath(name), err)
}

// ChangeProject changes a project's description, and whether it is listed or archived. It is for the project's owners.
func (s *Session) ChangeProject(ctx context.Context, name string, change ProjectChange) error {
	const op = "change project"
	if err := change.check(); err != nil {
		return s.dress(op, projectPath(name), err)
	}
	_, err := act(ctx, s, op, projectPath(name), func(w *walker) (struct{}, *mutation, error) {
		c, err := w.manage(name)
		if err != nil {
			return struct{}{}, nil, err
		}
		id := c.node().project
		state := c.membership().state
		if change.Archived != nil {
			state = active
			if *change.Archived {
				state = archived
			}
		}
		return struct{}{}, rule(id, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			before := ProjectChange{Description: new(string), Listed: new(bool), Archived: new(bool)}
			if err := tx.QueryRow(ctx, `SELECT description, listed, state = 'r' FROM projects WHERE id = $1`, id).
				Scan(before.Description, before.Listed, before.Archived); err != nil {
				return nil, staleIfGone(err)
			}
			if err := one(tx.Exec(ctx, `UPDATE projects SET state = $2, description = coalesce($3, description), listed = coalesce($4, listed)
				WHERE id = $1`, id, byte(state), change.Description, change.Listed)); err != nil {
				return nil, err
			}
			e := w.event(c, c.node())
			d := &e.detail
			d.Description, d.Listed = other(change.Description, *before.Description), other(change.Listed, *before.Listed)
			d.Archived = other(change.Archived, *before.Archived)
			if d.Description == nil && d.Listed == nil && d.Archived == nil {
				return nil, nil // it is as it was
			}
			return e, nil
		}), nil
	})
	return err
}

// other returns value if it is given and differs from what was, else nil.
func other[T comparable](value *T, was T) *T {
	if value == nil || *value == was {
		return nil
	}
	return value
}

// LimitProject sets how many files and directories a project may hold, and how many bytes; NoQuota for no limit, nil for no
// change. It is for superusers, like limits of directories.
func (s *Session) LimitProject(ctx context.Context, name string, names, space *int64) error {
	for _, limit := range []*int64{names, space} {
		if limit != nil && *limit < 0 && *limit != NoQuota {
			return s.dress("limit project", projectPath(name), fail(InvalidArgument, "limit %d: want a number from 0 on, or %d for no limit", *limit, NoQuota))
		}
	}
	change := QuotaChange{Names: names, Space: space}
	err := s.privileged(ctx, func() error { return s.mayLimit(change) })
	if err == nil { // else the limit might be set on a directory, whose path the name ends in
		err = steadily(ctx, func() error {
			_, err := (&walker{ctx: ctx, s: s, op: "set quota"}).project(name)
			return err
		})
	}
	if err != nil {
		return s.dress("set quota", projectPath(name), err)
	}
	return s.SetQuota(ctx, projectPath(name), change)
}

// DeleteProject puts a project into the trash: nobody finds it any more, and its name stays taken. RestoreProject brings it
// back until the trash interval has passed; then its files are purged, and its key with the last of them. Copies of the database
// that were made before still hold the key, so the files are beyond recovery only when those are gone, too. It is for the
// project's owners.
func (s *Session) DeleteProject(ctx context.Context, name string) error {
	_, err := act(ctx, s, "delete project", projectPath(name), func(w *walker) (struct{}, *mutation, error) {
		c, err := w.manage(name)
		if err != nil {
			return struct{}{}, nil, err
		}
		id, projects, now := c.node().project, c.parent().key(), s.fs.millis()
		e := w.event(c, c.node())
		e.project, e.detail.Project = 0, name
		w.relied.add(c)
		var m *mutation
		m = rule(id, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			if quotas := c.quotas(); len(quotas) > 0 {
				holds, err := usageOf(ctx, tx, c.node())
				if err != nil {
					return nil, limitGone(err)
				}
				m.charges = charged(quotas, holds.negative(), amount{})
			}
			if err := one(tx.Exec(ctx, `UPDATE projects SET was = state, state = 'd', drop_after = now() + $2::interval WHERE id = $1`, id, s.fs.trash)); err != nil {
				return nil, err
			}
			if err := one(tx.Exec(ctx, `DELETE FROM inodes WHERE project_id = 0 AND kind = 'm' AND target_project = $1`, id)); err != nil {
				return nil, err
			}
			return e, s.fs.touchDir(ctx, tx, projects, now, -1)
		})
		return struct{}{}, m, nil
	})
	return err
}

// RestoreProject takes a project out of the trash. It is for those who were its owners when it was deleted, and for superusers.
func (s *Session) RestoreProject(ctx context.Context, name string) error {
	_, err := act(ctx, s, "restore project", projectPath(name), func(w *walker) (struct{}, *mutation, error) {
		all, err := w.find(projectPath(name))
		if err != nil {
			return struct{}{}, nil, err
		}
		var (
			projects = all[0].parent()
			id, root int64
			epoch    int64
			mayDo    bool
		)
		err = s.fs.db.QueryRow(ctx, `SELECT p.id, p.root, p.access_epoch, EXISTS (SELECT FROM members m
				WHERE m.project_id = p.id AND m.user_id = $2 AND m.role = 'owner')
			FROM projects p WHERE p.name = $1 AND p.state = 'd'`, name, s.p.UserID).Scan(&id, &root, &epoch, &mayDo)
		switch {
		case errors.Is(err, pgx.ErrNoRows) || err == nil && !mayDo && !s.p.Superuser || projects == nil:
			return struct{}{}, nil, fail(NotExist, "There is no deleted project %q.", name)
		case err != nil:
			return struct{}{}, nil, err
		case !s.p.Scope.IsZero():
			return struct{}{}, nil, fail(AccessControl, "Permission denied: user=%s, the token is limited and may not restore projects", s.p.User)
		case all[0].node() != nil: // made by a superuser; no project takes the name of one in the trash
			return struct{}{}, nil, fail(Exist, "%s exists: move that away first", projectPath(name))
		}
		w.relied.add(all[0])
		w.relied.node(projects, shared)
		w.relied.project(id, epoch)
		mount, err := s.fs.ids.id(ctx)
		if err != nil {
			return struct{}{}, nil, err
		}
		e := &event{op: w.op, inode: root, path: projectPath(name), detail: Detail{Dir: true, Project: name}}
		var m *mutation
		m = rule(id, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			top := node{project: id, id: root, kind: kindDir, mtime: s.fs.millis()}
			if err := tx.QueryRow(ctx, `SELECT owner, storage_policy FROM inodes WHERE project_id = $1 AND id = $2`, id, root).Scan(&top.owner, &top.policy); err != nil {
				return nil, staleIfGone(err)
			}
			if top.policy == 0 {
				// The policy that it inherits may have changed meanwhile.
				top.policy = projects.policy
				if err := recountBelow(ctx, tx, &top); err != nil {
					return nil, err
				}
			}
			if quotas := all[0].quotas(); len(quotas) > 0 {
				holds, err := count(ctx, tx, &top)
				if err != nil {
					return nil, err
				}
				m.charges = charged(quotas, holds, amount{})
			}
			if err := mountProject(ctx, tx, projects.id, mount, top, name); err != nil {
				return nil, err
			}
			if err := one(tx.Exec(ctx, `UPDATE projects SET state = coalesce(was, 'a'), was = NULL, drop_after = NULL WHERE id = $1`, id)); err != nil {
				return nil, err
			}
			return e, s.fs.touchDir(ctx, tx, projects.key(), top.mtime, 1)
		})
		return struct{}{}, m, nil
	})
	return err
}

// dropDeleted drops the projects whose time in the trash is over.
func (fs *FS) dropDeleted(ctx context.Context) error {
	rows, err := fs.db.Query(ctx, `SELECT id FROM projects WHERE state = 'd' AND drop_after < now()`)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, fs.recorded(ctx, func(tx pgx.Tx) (*event, error) {
			e := &event{op: "drop project", detail: Detail{Dir: true}}
			err := tx.QueryRow(ctx, `SELECT name, root FROM projects WHERE id = $1 AND state = 'd' AND drop_after < now() FOR UPDATE`, id).Scan(&e.detail.Project, &e.inode)
			if errors.Is(err, pgx.ErrNoRows) { // restored, and perhaps deleted anew, or dropped by another server
				return nil, nil // nothing is left to do
			}
			if err != nil {
				return nil, err
			}
			e.path = projectPath(e.detail.Project)
			e.told, err = dropProject(ctx, tx, id)
			return e, err
		}))
	}
	return errors.Join(failed...)
}
