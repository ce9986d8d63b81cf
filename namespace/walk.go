package namespace

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// walkSQL finds every inode along a path in one statement, and with it all that a decision needs: the epoch of the
// principal, and where the path enters a project, the project's epoch and the principal's role in it. Parameters: the
// names, the principal's user id.
const walkSQL = `
WITH RECURSIVE walk AS (
	SELECT 1::bigint AS nth, 0 AS skipped, cardinality($1::text[]) AS names, 0 AS depth, i.*
	FROM inodes i WHERE i.project_id = 0 AND i.id = 16385` + alongSQL

// walksSQL does it for several paths. The names of all follow each other in the first parameter; further parameters: how
// many stand before each path's, and how many are each path's.
const walksSQL = `
WITH RECURSIVE walk AS (
	SELECT p.nth, p.skipped, p.names, 0 AS depth, i.*
	FROM unnest($3::int[], $4::int[]) WITH ORDINALITY AS p (skipped, names, nth), inodes i WHERE i.project_id = 0 AND i.id = 16385` + alongSQL

const alongSQL = `
	UNION ALL
	SELECT w.nth, w.skipped, w.names, w.depth + 1, c.*
	FROM walk w JOIN inodes c
		ON c.project_id = coalesce(w.target_project, w.project_id)
		AND c.parent_id = coalesce(w.target_id, w.id)
		AND c.name = ($1::text[])[w.skipped + w.depth + 1]
	WHERE w.kind <> 'f' AND w.depth < w.names
)
SELECT w.nth, (SELECT epoch FROM users WHERE id = $2), p.name, p.access_epoch, p.role, p.state, p.known,
	n.project_id, n.id, n.kind, n.owner, n.grp, n.mode, n.acl, n.version, n.gen, n.size,
	greatest(n.mtime, d.mtime), n.atime, n.replication, n.block_size, coalesce(d.children, 0), n.storage_policy, n.has_xattrs,
	n.quota_names, n.quota_space, n.quota_types, coalesce(n.lease, 0), coalesce(n.use, '-'),
	CASE WHEN w.kind = 's' THEN EXISTS (SELECT FROM shares s WHERE s.mount = w.id AND s.to_project = w.project_id
		AND (s.expires IS NULL OR s.expires > now())) END,
	CASE WHEN n.use = 'd' THEN (` + grantsSQL + `) END
FROM walk w
CROSS JOIN LATERAL (
	SELECT w.project_id, w.id, w.kind, w.owner, w.grp, w.mode, w.acl, w.version, w.gen, w.size,
		w.mtime, w.atime, w.replication, w.block_size, w.storage_policy, w.xattrs IS NOT NULL AS has_xattrs,
		w.quota_names, w.quota_space, w.quota_types, w.lease, w.use
	WHERE w.target_id IS NULL
	UNION ALL
	SELECT t.project_id, t.id, t.kind, t.owner, t.grp, t.mode, t.acl, t.version, t.gen, t.size,
		t.mtime, t.atime, t.replication, t.block_size, t.storage_policy, t.xattrs IS NOT NULL,
		t.quota_names, t.quota_space, t.quota_types, t.lease, t.use
	FROM inodes t WHERE t.project_id = w.target_project AND t.id = w.target_id
) n
LEFT JOIN LATERAL (
	SELECT name, access_epoch, state, m.role, CASE WHEN projects.id = 0 OR m.role IS NOT NULL THEN true ELSE ` + knownSQL + ` END AS known
	FROM projects LEFT JOIN members m ON m.project_id = projects.id AND m.user_id = $2
	WHERE projects.id = n.project_id AND (w.depth = 0 OR w.target_id IS NOT NULL)
) p ON true
LEFT JOIN LATERAL (
	SELECT mtime, children FROM dirs
	WHERE project_id = n.project_id AND id = n.id AND n.kind = 'd' AND w.depth >= w.names - 1
) d ON true
ORDER BY w.nth, w.depth`

// knownSQL reports whether somebody who is no member may know of a project p: because it can be found, or because something
// in it was shared with them. The principal is the parameter $2. Modes may let in more, which is not asked here.
const knownSQL = `projects.listed
	OR EXISTS (SELECT FROM datasets d WHERE d.project_id = projects.id AND (d.public OR d.listed))
	OR EXISTS (SELECT FROM shares s LEFT JOIN members r ON r.project_id = s.to_project AND r.user_id = $2
		LEFT JOIN projects q ON q.id = s.to_project
		WHERE s.project_id = projects.id AND (s.to_user = $2 OR (r.role IS NOT NULL AND q.state <> 'd')) AND (s.expires IS NULL OR s.expires > now()))`

// grantsSQL returns what a dataset n gives to the principal who is the parameter $2: the shares that are accepted and not
// expired, with them or with a project that they are a member of, and whether everyone may read it.
const grantsSQL = `
	SELECT json_build_object(
		'public', (SELECT public FROM datasets d WHERE d.project_id = n.project_id AND d.inode_id = n.id),
		'shares', (SELECT json_agg(json_build_object('id', s.id, 'level', s.level, 'project', q.id, 'name', q.name,
				'epoch', q.access_epoch, 'role', r.role) ORDER BY s.id)
			FROM shares s LEFT JOIN members r ON r.project_id = s.to_project AND r.user_id = $2 LEFT JOIN projects q ON q.id = s.to_project
			WHERE s.project_id = n.project_id AND s.inode_id = n.id AND s.accepted IS NOT NULL
				AND (s.expires IS NULL OR s.expires > now()) AND (s.to_user = $2 OR (r.role IS NOT NULL AND q.state <> 'd'))))`

// membership is what a walk learned of a project and of the principal in it.
type membership struct {
	name  string
	epoch int64
	role  Role
	state projectState
	known bool // the principal may know of it, whatever modes say
}

// chain is the inodes along a path, from the root to the last component that exists.
type chain struct {
	path     Path
	names    []string
	nodes    []node // nodes[0] is the root; nodes[i+1] is names[i]
	projects map[int64]membership
	hidden   bool     // there is more that the principal may not know of
	above    []charge // by way of a share: the directories with limits above the dataset

	// stem is how many names of path lead through the mount of a share, 0 if none does; they name what lies at own.
	stem int
	own  Path
}

// placed returns what path, at or below the last mount of a share on c, is called in its own project.
func (c *chain) placed(path Path) Path {
	if c.stem == 0 {
		return path
	}
	return Path{c.own.text + path.text[len(c.path.prefix(c.stem).text):]}
}

// placeInProject finds out what c's path is called in its own project, for the event of what is done there.
func (w *walker) placeInProject(c *chain) error {
	for i := len(c.nodes) - 1; i > 0; i-- {
		if !c.nodes[i].shown {
			continue
		}
		own, err := w.s.fs.pathOf(w.ctx, c.nodes[i].id)
		if err == nil && own == nil {
			err = errStale // it was deleted since it was found
		}
		if err == nil {
			c.stem, c.own = i, *own
		}
		return err
	}
	return nil
}

// node returns the inode that the path names, nil if there is none.
func (c *chain) node() *node {
	if len(c.nodes) == len(c.names)+1 {
		return &c.nodes[len(c.names)]
	}
	return nil
}

// parent returns the directory that holds or would hold the last component, nil for the root or if it is missing.
func (c *chain) parent() *node {
	if len(c.names) > 0 && len(c.nodes) >= len(c.names) {
		return &c.nodes[len(c.names)-1]
	}
	return nil
}

// ancestorDepth returns the depth of the deepest existing inode above the last component; for the root, 0.
func (c *chain) ancestorDepth() int {
	return max(min(len(c.nodes), len(c.names))-1, 0)
}

// pathOf returns the path of nodes[i].
func (c *chain) pathOf(i int) Path { return c.path.prefix(i) }

// dirs are the inodes that place the last component: everything above it.
func (c *chain) dirs() []node { return c.nodes[:min(len(c.nodes), len(c.names))] }

// stillSQL reports whether inodes, projects and the principal are as a walk found them. Versions and epochs never come back.
const stillSQL = `
SELECT NOT EXISTS (
		SELECT FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (project_id, id, version)
		LEFT JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id WHERE i.version IS DISTINCT FROM k.version)
	AND NOT EXISTS (
		SELECT FROM unnest($4::bigint[], $5::bigint[]) AS k (id, epoch)
		LEFT JOIN projects p ON p.id = k.id WHERE p.access_epoch IS DISTINCT FROM k.epoch)
	AND coalesce((SELECT epoch FROM users WHERE id = $6), 0) = $7`

// still fails with errStale if c is not as p found it in the snapshot of tx.
func (c *chain) still(ctx context.Context, tx pgx.Tx, p *auth.Principal) error {
	var still bool
	batch := &pgx.Batch{}
	c.queueStill(batch, p, &still)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil || still {
		return err
	}
	return errStale
}

// queueStill asks whether c is as p found it.
func (c *chain) queueStill(batch *pgx.Batch, p *auth.Principal, still *bool) {
	var projects, ids, versions, entered, epochs []int64
	for i := range c.nodes {
		n := &c.nodes[i]
		projects, ids, versions = append(projects, n.project), append(ids, n.id), append(versions, n.version)
	}
	for id, epoch := range c.epochs() {
		entered, epochs = append(entered, id), append(epochs, epoch)
	}
	batch.Queue(stillSQL, projects, ids, versions, entered, epochs, p.UserID, p.Epoch).QueryRow(func(row pgx.Row) error {
		return row.Scan(still)
	})
}

// walker carries one decision: it walks paths for a principal, checks the needs of the operation on them, and
// remembers everything that the decision relied on, for the act to verify.
type walker struct {
	ctx    context.Context
	s      *Session
	op     string // the operation whose mutation it decides; "" if it only looks
	relied reliance
	steps  *[]Step // what was decided on the way, if anybody wants to know
}

// walk finds path and checks need on it. It never fails for a missing last component: the operation knows the words
// for that.
func (w *walker) walk(path Path, need Need) (*chain, error) {
	if w.op != "" || need.Change {
		var err error
		if path, err = w.resolveRaw(path); err != nil {
			return nil, err
		}
	}
	if err := need.admits(path); err != nil {
		return nil, err
	}
	all, err := w.find(path)
	if err != nil {
		return nil, err
	}
	kept, err := w.keeps(all[0], need)
	if err == nil && kept {
		all, err = w.find(path)
	}
	if err != nil {
		return nil, err
	}
	if err := w.take(all[0], need); err != nil {
		return nil, err
	}
	return all[0], nil
}

// walkTo walks to an inode: by path if that leads there, as it does for who got to it by a share, else by the path that the
// inode has now. The chain is nil if there is none that the principal may know of.
func (w *walker) walkTo(path Path, inode int64, need Need) (*chain, error) {
	c, err := w.walk(path, need)
	if err == nil && c.node() != nil && c.node().id == inode {
		return c, nil
	}
	at, failed := w.s.fs.pathOf(w.ctx, inode)
	switch {
	case failed != nil || at == nil:
		return nil, failed
	case *at != path:
		c, err = w.walk(*at, need)
		err = w.elsewhere(path, err)
	}
	switch {
	case err != nil:
		return nil, err
	case c.node() != nil && c.node().id == inode:
		return c, nil
	case c.hidden:
		return nil, nil
	}
	return nil, errStale // it was moved again
}

// elsewhere is err, with which the way failed to where something was moved that lay at path, without the words that say where
// that is: whoever may not go there may not know of it.
func (w *walker) elsewhere(path Path, err error) error {
	if KindOf(err) != AccessControl {
		return err
	}
	return fail(AccessControl, "Permission denied: user=%s may not go to where %s was moved", w.s.p.User, path)
}

// admits refuses paths that an operation with this need never finds anything at.
func (need Need) admits(path Path) error {
	switch {
	case need.Create:
		return path.creatable()
	case need.Change && path.text == "/"+reserved:
		return fail(InvalidPath, "Invalid path name %s", path)
	}
	return nil
}

// settle does for a chain that was found together with others what walk does for one. It fails with errStale if they have
// to be found again.
func (w *walker) settle(c *chain, need Need) error {
	if err := need.admits(c.path); err != nil {
		return err
	}
	kept, err := w.keeps(c, need)
	switch {
	case err != nil:
		return err
	case kept:
		return errStale
	}
	return w.take(c, need)
}

// take relies on c and checks need on it.
func (w *walker) take(c *chain, need Need) error {
	w.relied.add(c)
	if err := w.check(c, need); err != nil || w.op == "" {
		return err
	}
	return w.lookAbove(c)
}

// find runs the walk along paths, all of them as of one moment, and sees to it that the principal is as the database has it
// now. An operation on several paths that walked them one by one would answer for a moment that never was.
func (w *walker) find(paths ...Path) ([]*chain, error) {
	const refreshes = 3
	for range refreshes {
		all, epoch, err := w.s.fs.lookup(w.ctx, w.s.fs.db, w.s.p.UserID, paths...)
		if err != nil {
			return nil, err
		}
		if epoch == w.s.p.Epoch {
			w.s.concealed = nil
			for _, c := range all {
				w.hide(c)
				if c.hidden {
					at := spotOf(c)
					w.s.concealed = &at
				}
				if w.op == "" {
					continue
				}
				if err := w.placeInProject(c); err != nil {
					return nil, err
				}
			}
			return all, nil
		}
		fresh, err := w.s.fs.refresh(w.ctx, w.s.p)
		if err != nil {
			return nil, err
		}
		w.s.p = fresh
	}
	return nil, errStale
}

// renewed sees to it that the principal is as the database has it now, for what walks nowhere.
func (w *walker) renewed() error {
	_, err := w.find(Path{})
	return err
}

// querier is what a walk runs on: the pool, or a transaction that already holds locks.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// along runs walkSQL, or walksSQL for more than one path.
func along(ctx context.Context, db querier, user int64, all []*chain) (pgx.Rows, error) {
	if len(all) == 1 {
		return db.Query(ctx, walkSQL, all[0].names, user)
	}
	var (
		names            []string
		skipped, lengths []int32
	)
	for _, c := range all {
		skipped, lengths = append(skipped, int32(len(names))), append(lengths, int32(len(c.names)))
		names = append(names, c.names...)
	}
	return db.Query(ctx, walksSQL, names, user, skipped, lengths)
}

// lookup returns the chains along paths and the epoch of the user's row, 0 without one.
func (fs *FS) lookup(ctx context.Context, db querier, user int64, paths ...Path) ([]*chain, int64, error) {
	all := make([]*chain, len(paths))
	for i, path := range paths {
		all[i] = &chain{path: path, names: path.names(), projects: map[int64]membership{}}
		all[i].nodes = make([]node, 0, len(all[i].names)+1)
	}
	rows, err := along(ctx, db, user, all)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var epoch int64
	for rows.Next() {
		var (
			nth         int
			n           node
			mode        int16
			acl         *string
			userEpoch   *int64
			projectName *string
			accessEpoch *int64
			role        *Role
			quotaNames  *int64
			quotaSpace  *int64
			quotaTypes  []int64
			state       *projectState
			known       *bool
			shown       *bool
			grants      []byte
		)
		if err := rows.Scan(&nth, &userEpoch, &projectName, &accessEpoch, &role, &state, &known,
			&n.project, &n.id, &n.kind, &n.owner, &n.group, &mode, &acl, &n.version, &n.gen, &n.size,
			&n.mtime, &n.atime, &n.replication, &n.blockSize, &n.children, &n.policy, &n.hasXattrs,
			&quotaNames, &quotaSpace, &quotaTypes, &n.lease, &n.use, &shown, &grants); err != nil {
			return nil, 0, fmt.Errorf("walk %s: %w", paths, err)
		}
		c := all[nth-1]
		if n.perms, err = storedPerms(mode, acl); err != nil {
			return nil, 0, fmt.Errorf("inode %d: %w", n.id, err)
		}
		if userEpoch != nil {
			epoch = *userEpoch
		}
		if projectName != nil {
			m := membership{name: *projectName, epoch: *accessEpoch, state: *state, known: *known}
			if role != nil {
				m.role = *role
			}
			c.projects[n.project] = m
		}
		n.shown, n.over = shown != nil, shown != nil && !*shown
		if n.grants, err = readGrants(grants); err != nil {
			return nil, 0, fmt.Errorf("inode %d: %w", n.id, err)
		}
		n.limits = storedLimits(quotaNames, quotaSpace, quotaTypes)
		n.inherits = n.policy == 0
		if n.inherits && len(c.nodes) > 0 {
			n.policy = c.nodes[len(c.nodes)-1].policy
		}
		c.nodes = append(c.nodes, n)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, err
	}
	if len(all[0].nodes) == 0 {
		return nil, 0, fmt.Errorf("the root inode %d is missing from the database", RootID)
	}
	return all, epoch, nil
}
