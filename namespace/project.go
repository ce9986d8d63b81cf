package namespace

import (
	"context"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// ProjectsDir is where projects live.
const ProjectsDir = "/Projects"

// projectName is what a project may be called: it names a directory, a group in ACL entries and a URL.
var projectName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,62}$`)

// projectMode lets the project's group in and nobody else.
const projectMode perm.Mode = 0o770

// CreateProject makes the project name at /Projects/<name> with a key of its own and one member, its owner. Inside it,
// members are in the group that has the project's name.
func (fs *FS) CreateProject(ctx context.Context, name, owner string) error {
	const op = "create project"
	path := Path{ProjectsDir + "/" + name}
	if !projectName.MatchString(name) {
		return dress(op, path, fail(InvalidArgument, "project name %q: want a letter, then up to 62 letters, digits, _ or -", name))
	}
	err := fs.recorded(ctx, func(tx pgx.Tx) (*event, error) {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockSetup)); err != nil {
			return nil, err
		}
		var (
			user       int64
			isAlso     bool
			nameExists bool
		)
		err := tx.QueryRow(ctx, `SELECT coalesce((SELECT id FROM users WHERE name = $2), 0),
			EXISTS (SELECT 1 FROM users WHERE $1 = ANY(groups)), EXISTS (SELECT 1 FROM projects WHERE name = $1)`, name, owner).
			Scan(&user, &isAlso, &nameExists)
		switch {
		case err != nil:
			return nil, err
		case user == 0:
			return nil, fail(NotExist, "there is no user %s; make it with `granary user add %s`", owner, owner)
		case nameExists:
			return nil, fail(Exist, "project %s exists", name)
		case isAlso:
			return nil, fail(Exist, "%s is the name of a group; its members would gain the project's files", name)
		}
		root, err := fs.foundProject(ctx, tx, name, owner, user)
		return &event{
			op: op, inode: root, path: path, detail: Detail{Dir: true, Project: name, Member: owner, Role: Owner},
		}, err
	})
	if taken(err) {
		err = fail(Exist, "%s exists and is not a project", path)
	}
	return dress(op, path, err)
}

// foundProject makes the project and returns the inode of its root.
func (fs *FS) foundProject(ctx context.Context, tx pgx.Tx, name, owner string, user int64) (root int64, err error) {
	projects, err := fs.projectsDir(ctx, tx)
	if err != nil {
		return 0, err
	}
	var project int64
	if err := tx.QueryRow(ctx, `SELECT nextval('project_ids')`).Scan(&project); err != nil {
		return 0, err
	}
	root, err = fs.ids.take(ctx, tx)
	if err != nil {
		return 0, err
	}
	mount, now := root+1, fs.millis()
	if err := fs.keys.create(ctx, tx, project); err != nil {
		return 0, err
	}
	top := node{
		project: project, id: root, kind: kindDir, owner: owner, group: name,
		perms: perm.Perms{Mode: projectMode}, mtime: now,
	}
	if err := insertInode(ctx, tx, top, 0, ""); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO projects (id, name, root) VALUES ($1, $2, $3)`, project, name, root); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)`, project, user, Owner); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, target_project, target_id)
		VALUES (0, $1, $2, $3, 'm', 0, $4, $3, $5, $6, $7)`, mount, projects, name, owner, now, project, root); err != nil {
		return 0, err
	}
	return root, touchDir(ctx, tx, key{0, projects}, now, 1)
}

// projectsDir returns the id of /Projects, which appears with the first project, and keeps it from going away.
func (fs *FS) projectsDir(ctx context.Context, tx pgx.Tx) (int64, error) {
	if _, err := tx.Exec(ctx, `SELECT 1 FROM inodes WHERE project_id = 0 AND id = $1 FOR KEY SHARE`, RootID); err != nil {
		return 0, err
	}
	rows, err := tx.Query(ctx, `SELECT id, kind FROM inodes WHERE project_id = 0 AND parent_id = $1 AND name = $2 FOR KEY SHARE`,
		RootID, ProjectsDir[1:])
	if err != nil {
		return 0, err
	}
	var (
		id   int64
		kind byte
	)
	tag, err := pgx.ForEachRow(rows, []any{&id, &kind}, func() error { return nil })
	if err != nil {
		return 0, err
	}
	if tag.RowsAffected() == 1 {
		if kind != kindDir {
			return 0, fail(ParentNotDirectory, "%s (is not a directory)", ProjectsDir)
		}
		return id, nil
	}
	if id, err = fs.ids.take(ctx, tx); err != nil {
		return 0, err
	}
	now := fs.millis()
	n := node{
		project: 0, id: id, kind: kindDir, owner: fs.superuser, group: SuperGroup,
		perms: perm.Perms{Mode: 0o755}, mtime: now,
	}
	if err := insertInode(ctx, tx, n, RootID, ProjectsDir[1:]); err != nil {
		return 0, err
	}
	return id, touchDir(ctx, tx, key{0, RootID}, now, 1)
}

// AddMember gives user a role in project, or another one. What the user does from the next moment on is decided by it.
func (fs *FS) AddMember(ctx context.Context, project, user string, role Role) error {
	const op = "add member"
	path := Path{ProjectsDir + "/" + project}
	if !slices.Contains([]Role{Owner, Scientist, Observer}, role) {
		return dress(op, path, fail(InvalidArgument, "role %q: want owner, scientist or observer", role))
	}
	return dress(op, path, fs.changeMembers(ctx, op, project, user, func(tx pgx.Tx, project, userID int64) (*Detail, error) {
		tag, err := tx.Exec(ctx, `INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)
			ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role WHERE members.role <> excluded.role`, project, userID, role)
		if err != nil || tag.RowsAffected() == 0 {
			return nil, err // the user has that role
		}
		return &Detail{Member: user, Role: role}, nil
	}))
}

// RemoveMember ends user's membership of project. Nothing that is decided afterwards relies on it any more.
func (fs *FS) RemoveMember(ctx context.Context, project, user string) error {
	const op = "remove member"
	path := Path{ProjectsDir + "/" + project}
	return dress(op, path, fs.changeMembers(ctx, op, project, user, func(tx pgx.Tx, project, userID int64) (*Detail, error) {
		tag, err := tx.Exec(ctx, `DELETE FROM members WHERE project_id = $1 AND user_id = $2`, project, userID)
		if err == nil && tag.RowsAffected() == 0 {
			err = fail(NotExist, "the user is not a member of %s", path.Name())
		}
		return &Detail{Member: user}, err
	}))
}

// changeMembers locks the project against everything that relies on its membership, and moves its epoch on. change says
// for the event what has changed; nil: nothing.
func (fs *FS) changeMembers(ctx context.Context, op, project, user string, change func(tx pgx.Tx, project, user int64) (*Detail, error)) error {
	return fs.recorded(ctx, func(tx pgx.Tx) (*event, error) {
		var projectID, root, userID *int64
		err := tx.QueryRow(ctx, `SELECT p.id, p.root, u.id FROM (SELECT) AS one
			LEFT JOIN projects p ON p.name = $1 AND p.id <> 0 LEFT JOIN users u ON u.name = $2`, project, user).Scan(&projectID, &root, &userID)
		switch {
		case err != nil:
			return nil, err
		case projectID == nil:
			return nil, fail(NotExist, "there is no project %s", project)
		case userID == nil:
			return nil, fail(NotExist, "there is no user %s; make it with `granary user add %s`", user, user)
		}
		if err := one(tx.Exec(ctx, `SELECT 1 FROM projects WHERE id = $1 FOR UPDATE`, *projectID)); err != nil {
			return nil, err
		}
		changed, err := change(tx, *projectID, *userID)
		if err != nil || changed == nil {
			return nil, err
		}
		if err := one(tx.Exec(ctx, `UPDATE projects SET access_epoch = access_epoch + 1 WHERE id = $1`, *projectID)); err != nil {
			return nil, err
		}
		return &event{project: *projectID, op: op, inode: *root, path: Path{ProjectsDir + "/" + project}, detail: *changed}, nil
	})
}

// ProjectID returns the id of a project, for tokens that are limited to it.
func (fs *FS) ProjectID(ctx context.Context, name string) (int64, error) {
	var id *int64
	err := fs.db.QueryRow(ctx, `SELECT (SELECT id FROM projects WHERE name = $1 AND id <> 0)`, name).Scan(&id)
	if err == nil && id == nil {
		err = fail(NotExist, "there is no project %s", name)
	}
	if err != nil {
		return 0, dress("find project", Path{ProjectsDir + "/" + name}, err)
	}
	return *id, nil
}

// dropProjects removes the projects that are mounted in n, if n is /Projects: projects are mounted nowhere else.
func dropProjects(ctx context.Context, tx pgx.Tx, n *node) error {
	rows, err := tx.Query(ctx, `SELECT target_project FROM inodes WHERE project_id = $1 AND parent_id = $2 AND kind = 'm'
		ORDER BY target_project`, n.project, n.id)
	if err != nil {
		return err
	}
	projects, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, project := range projects {
		if err := dropProject(ctx, tx, project); err != nil {
			return err
		}
	}
	return nil
}

// dropProject takes a project and its mount out of the tree. Its key stays until the reaper has purged its files.
func dropProject(ctx context.Context, tx pgx.Tx, project int64) error {
	var root int64
	if err := tx.QueryRow(ctx, `DELETE FROM projects WHERE id = $1 RETURNING root`, project).Scan(&root); err != nil {
		return err
	}
	if err := one(tx.Exec(ctx, `DELETE FROM inodes WHERE project_id = 0 AND kind = 'm' AND target_project = $1`, project)); err != nil {
		return err
	}
	// The root's version moves on, and with it whatever was decided about a path through it.
	return detach(ctx, tx, &node{project: project, id: root})
}
