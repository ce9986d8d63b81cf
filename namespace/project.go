package namespace

import (
	"cmp"
	"context"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth"
	"granary/auth/perm"
)

// ProjectsDir is where projects live.
const ProjectsDir = "/Projects"

// ProjectNamePattern is what a project may be called: it names a directory, a group in ACL entries and a URL. It allows no
// look-alikes except those that differ in case, which CreateProject refuses.
const ProjectNamePattern = `^[A-Za-z][A-Za-z0-9_-]{0,62}$`

var projectName = regexp.MustCompile(ProjectNamePattern)

// projectMode lets the project's group in and nobody else.
const projectMode perm.Mode = 0o770

// DefaultDatasets are the datasets that a project for machine learning begins with, as in Hopsworks.
var DefaultDatasets = []string{"Experiments", "Logs", "Models", "Notebooks", "Resources", "Training_Datasets"}

// NewProject says what CreateProject makes.
type NewProject struct {
	Name        string
	Owner       string   // a user, who becomes the first member; "": the principal
	Description string   // at most MaxDescription bytes
	Datasets    []string // to make in it, such as DefaultDatasets; none twice, and none called Shared or .Trash
}

// MaxDescription bounds descriptions, in bytes.
const MaxDescription = 4 << 10

// CreateProject makes a project at /Projects/<name> with a key of its own and one member, its owner. Inside it, members are
// in the group that has the project's name. Everybody may do so, but not with a limited token; only a superuser makes projects
// for others.
func (s *Session) CreateProject(ctx context.Context, p NewProject) error {
	const op = "create project"
	path := projectPath(p.Name)
	if p.Owner == "" {
		p.Owner = s.p.User
	}
	switch {
	case !projectName.MatchString(p.Name):
		return s.dress(op, path, fail(InvalidArgument, "project name %q: want a letter, then up to 62 letters, digits, _ or -", p.Name))
	case len(p.Description) > MaxDescription:
		return s.dress(op, path, fail(InvalidArgument, "the description has %d bytes: want at most %d", len(p.Description), MaxDescription))
	case !s.p.Scope.IsZero():
		return s.dress(op, path, fail(AccessControl, "Permission denied: user=%s, the token is limited and may not make projects", s.p.User))
	}
	if err := p.checkDatasets(path); err != nil {
		return s.dress(op, path, err)
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		all, err := w.find(path)
		if err == nil && p.Owner != s.p.User && !s.p.Superuser { // as the walk found the principal to be
			err = fail(AccessControl, "Permission denied: user=%s may not make a project for %s", s.p.User, p.Owner)
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		names, first := int64(1+len(p.Datasets)), all[0].parent() == nil
		if first { // /Projects is made, too
			names++
		}
		w.relied.add(all[0])
		m := &mutation{charges: chargedOneByOne(all[0].quotas(), amount{names: names})}
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			root, err := s.fs.createProject(ctx, tx, p, first)
			m.event = &event{op: op, inode: root, path: path, detail: Detail{Dir: true, Project: p.Name, Member: p.Owner, Role: Owner}}
			return err
		}
		return struct{}{}, m, nil
	})
	return err
}

// checkDatasets fails unless directories called like the datasets can be made, once each, in the project at path.
func (p NewProject) checkDatasets(path Path) error {
	for i, name := range p.Datasets {
		at, err := ParsePath(path.Join(name).String())
		switch {
		case err != nil || at.Parent() != path || at.Name() != name:
			return fail(InvalidArgument, "%q is no name for a dataset: want the name of a directory", abbreviate(name))
		case name == sharedName || name == trashName:
			return fail(Exist, "no dataset can be called %s, which is where a project has what is shared with it, or what was deleted: choose another name", name)
		case slices.Contains(p.Datasets[:i], name):
			return fail(Exist, "dataset %s is named twice: want each once", abbreviate(name))
		}
		if err := cmp.Or(at.creatable(), at.checkNames(projectDepth)); err != nil {
			return err
		}
	}
	return nil
}

// createProject makes a project and returns the inode of its top. It fails with errStale if first is set and /Projects exists.
func (fs *FS) createProject(ctx context.Context, tx pgx.Tx, p NewProject, first bool) (root int64, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockSetup)); err != nil {
		return 0, err
	}
	user, err := userID(ctx, tx, p.Owner)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `SELECT FROM users WHERE id = $1 FOR KEY SHARE`, user); err != nil { // or making it a member would lock it, after the names
		return 0, err
	}
	if err := auth.LockNames(ctx, tx); err != nil { // or somebody could be put into a group of this name meanwhile
		return 0, err
	}
	var alike string
	var isGroup, isEntry, there bool
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT name FROM projects WHERE lower(name) = lower($1) LIMIT 1), ''),
		EXISTS (SELECT FROM users WHERE $1 = ANY(groups || mapped)),
		EXISTS (SELECT FROM inodes d JOIN inodes e ON e.project_id = 0 AND e.parent_id = d.id
			WHERE d.project_id = 0 AND d.parent_id = $2 AND d.name = $3 AND e.name = $1),
		EXISTS (SELECT FROM inodes d WHERE d.project_id = 0 AND d.parent_id = $2 AND d.name = $3)`, p.Name, RootID, ProjectsDir[1:]).
		Scan(&alike, &isGroup, &isEntry, &there)
	switch {
	case err != nil:
		return 0, err
	case alike == p.Name:
		return 0, fail(Exist, "project %s exists", p.Name)
	case alike != "":
		return 0, fail(Exist, "the name %s would be taken for that of another project, from which it differs only in capitals", p.Name)
	case isGroup || slices.Contains(fs.providerGroups, p.Name):
		return 0, fail(Exist, "%s is the name of a group; its members would gain the project's files", p.Name)
	case auth.Alike(p.Name, auth.Supergroup): // also while nobody is in it
		return 0, fail(Exist, "%s is the name of the group of superusers, or looks like it: choose another one", p.Name)
	case first && there: // it was made with another project, which was charged for it
		return 0, errStale
	case isEntry:
		return 0, fail(Exist, "%s exists and is not a project", projectPath(p.Name))
	}
	return fs.foundProject(ctx, tx, p, user)
}

func (fs *FS) foundProject(ctx context.Context, tx pgx.Tx, p NewProject, user int64) (root int64, err error) {
	projects, err := fs.projectsDir(ctx, tx)
	if err != nil {
		return 0, err
	}
	var project int64
	if err := tx.QueryRow(ctx, `SELECT nextval('project_ids')`).Scan(&project); err != nil {
		return 0, err
	}
	root, err = takeIDs(ctx, tx) // the ids that follow it are ours, too
	if err != nil {
		return 0, err
	}
	now := fs.millis()
	if err := fs.keys.create(ctx, tx, project); err != nil {
		return 0, err
	}
	top := node{
		project: project, id: root, kind: kindDir, owner: p.Owner, group: p.Name,
		perms: perm.Perms{Mode: projectMode}, mtime: now,
	}
	if err := insertInode(ctx, tx, top, 0, ""); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO projects (id, name, root, description) VALUES ($1, $2, $3, $4)`,
		project, p.Name, root, p.Description); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)`, project, user, Owner); err != nil {
		return 0, err
	}
	if err := mountProject(ctx, tx, projects, root+1, top, p.Name); err != nil {
		return 0, err
	}
	for i, name := range p.Datasets {
		dir := top
		dir.id = root + 2 + int64(i)
		if err := insertInode(ctx, tx, dir, root, name); err != nil {
			return 0, err
		}
		if err := markDataset(ctx, tx, dir.key(), DatasetInfo{}); err != nil {
			return 0, err
		}
	}
	if len(p.Datasets) > 0 {
		if err := fs.touchDir(ctx, tx, top.key(), now, int64(len(p.Datasets))); err != nil {
			return 0, err
		}
	}
	return root, fs.touchDir(ctx, tx, key{0, projects}, now, 1)
}

// mountProject makes the entry through which the project with this top is reached. No other inode may have the id.
func mountProject(ctx context.Context, tx pgx.Tx, projects, id int64, top node, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, target_project, target_id)
		VALUES (0, $1, $2, $3, 'm', 0, $4, $3, $5, $6, $7)`, id, projects, name, top.owner, top.mtime, top.project, top.id)
	return err
}

// projectsDir returns the id of /Projects, which it makes for the first project, and locks it so that it is not removed.
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
	if id, err = takeIDs(ctx, tx); err != nil {
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
	return id, fs.touchDir(ctx, tx, key{0, RootID}, now, 1)
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

// ProjectName returns the name of a project by its id. It checks no rights: the caller decides who may know the name.
func (fs *FS) ProjectName(ctx context.Context, id int64) (string, error) {
	var name *string
	err := fs.db.QueryRow(ctx, `SELECT (SELECT name FROM projects WHERE id = $1 AND id <> 0 AND state <> 'd')`, id).Scan(&name)
	if err == nil && name == nil {
		err = fail(NotExist, "there is no project with the id %d", id)
	}
	if err != nil {
		return "", dress("find project", Path{ProjectsDir}, err)
	}
	return *name, nil
}

// dropProjects removes the projects that are mounted in n, if n is /Projects: projects are mounted nowhere else. It returns
// the events of other projects about their shares.
func dropProjects(ctx context.Context, tx pgx.Tx, n *node) (told []*event, err error) {
	rows, err := tx.Query(ctx, mountsSQL, n.project, n.id)
	if err != nil {
		return nil, err
	}
	projects, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	for _, project := range projects {
		others, err := dropProject(ctx, tx, project)
		if err != nil {
			return nil, err
		}
		told = append(told, others...)
	}
	return told, nil
}

// mountsSQL finds the projects that are mounted in a directory by going through all mounts of projects, and not through its children.
const mountsSQL = `SELECT target_project FROM inodes WHERE project_id = $1 AND parent_id = $2 AND kind = 'm' ORDER BY target_project`

// dropProject takes a project and its mount out of the tree, and ends the shares of it and with it. Its key stays until the
// reaper has purged its files. It returns the events of other projects about the shares.
func dropProject(ctx context.Context, tx pgx.Tx, project int64) ([]*event, error) {
	told, err := dropSharesOf(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	var (
		root  int64
		state projectState
	)
	if err := tx.QueryRow(ctx, `DELETE FROM projects WHERE id = $1 RETURNING root, state`, project).Scan(&root, &state); err != nil {
		return nil, err
	}
	mounts, err := tx.Exec(ctx, `DELETE FROM inodes WHERE project_id = 0 AND kind = 'm' AND target_project = $1`, project)
	if err != nil {
		return nil, err
	}
	if state != deleted && mounts.RowsAffected() != 1 {
		return nil, errStale
	}
	if _, err := tx.Exec(ctx, `DELETE FROM datasets WHERE project_id = $1`, project); err != nil {
		return nil, err
	}
	// This increments the root's version, so that whatever was decided about a path through it is decided again.
	return told, detach(ctx, tx, &node{project: project, id: root})
}
