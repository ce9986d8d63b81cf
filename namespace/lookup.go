package namespace

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// walkSQL finds every inode along a path in one statement, and with it all that a decision needs: the epoch of the
// principal, and where the path enters a project, the project's epoch and the principal's role in it. Parameters: the
// names, the principal's user id.
const walkSQL = `
WITH RECURSIVE walk AS (
	SELECT 1::bigint AS nth, 0 AS skipped, cardinality($1::text[]) AS names, 0 AS depth, i.*
	FROM (` + topSQL + `) i` + alongSQL

// walksSQL does it for several paths. The first parameter has the names of all paths, one path after the other; the further
// ones say for each path how many names come before its own, and how many it has.
const walksSQL = `
WITH RECURSIVE walk AS (
	SELECT p.nth, p.skipped, p.names, 0 AS depth, i.*
	FROM unnest($3::int[], $4::int[]) WITH ORDINALITY AS p (skipped, names, nth), (` + topSQL + `) i` + alongSQL

// topSQL finds "/", as byKeySQL does.
const topSQL = `SELECT i.xmin AS seen, i.ctid AS at, i.* FROM inodes i WHERE i.project_id = 0 AND i.id >= 16385 AND i.id <= 16385 ORDER BY i.id LIMIT 1`

const alongSQL = `
	UNION ALL
	SELECT w.nth, w.skipped, w.names, w.depth + 1, c.*
	FROM walk w CROSS JOIN LATERAL (
		SELECT i.xmin AS seen, i.ctid AS at, i.* FROM inodes i WHERE i.project_id = coalesce(w.target_project, w.project_id)
		AND (i.parent_id, i.name) >= (coalesce(w.target_id, w.id), ($1::text[])[w.skipped + w.depth + 1])
		AND (i.parent_id, i.name) <= (coalesce(w.target_id, w.id), ($1::text[])[w.skipped + w.depth + 1])
		ORDER BY i.parent_id, i.name LIMIT 1 -- as byKeySQL: only one index has them in this order
	) c
	WHERE w.kind <> 'f' AND w.depth < w.names
)
SELECT w.nth, (SELECT epoch FROM users WHERE id = $2), p.name, p.access_epoch, p.role, p.state, p.known,
	w.project_id, w.id, w.seen, CASE WHEN w.target_id IS NOT NULL THEN n.seen END, p.seen,
	w.kind = 's' OR (n.use = 'd' AND EXISTS (SELECT FROM shares s WHERE s.project_id = n.project_id AND s.inode_id = n.id)),
	p.role IS NULL AND p.id <> 0 AND NOT p.listed AND (p.known OR EXISTS (SELECT FROM shares s WHERE s.project_id = p.id)),
	` + beganSQL + `, CASE WHEN w.depth = 0 THEN pg_current_snapshot()::text END,
	CASE WHEN w.kind = 's' THEN EXISTS (SELECT FROM shares s WHERE s.mount = w.id AND s.to_project = w.project_id
		AND (s.expires IS NULL OR s.expires > now())) END,
	CASE WHEN n.use = 'd' THEN (` + grantsSQL + `) END, d.mtime, d.children, d.ctid, ` + inodeColumns + `
FROM walk w
CROSS JOIN LATERAL (
	SELECT w.seen, w.at, w.project_id, w.id, w.kind, w.owner, w.grp, w.mode, w.acl, w.version, w.gen, w.size,
		w.mtime, w.atime, w.replication, w.block_size, w.storage_policy, w.xattrs,
		w.quota_names, w.quota_space, w.quota_types, w.lease, w.use
	WHERE w.target_id IS NULL
	UNION ALL
	(SELECT t.xmin, t.ctid, t.project_id, t.id, t.kind, t.owner, t.grp, t.mode, t.acl, t.version, t.gen, t.size,
		t.mtime, t.atime, t.replication, t.block_size, t.storage_policy, t.xattrs,
		t.quota_names, t.quota_space, t.quota_types, t.lease, t.use
	FROM inodes t WHERE t.project_id = w.target_project AND t.id >= w.target_id AND t.id <= w.target_id ORDER BY t.id LIMIT 1) -- as byKeySQL
) n
LEFT JOIN LATERAL (
	SELECT projects.id, name, access_epoch, state, listed, projects.xmin AS seen, m.role,
		CASE WHEN projects.id = 0 OR m.role IS NOT NULL THEN true ELSE ` + knownSQL + ` END AS known
	FROM projects LEFT JOIN members m ON m.project_id = projects.id AND m.user_id = $2
	WHERE projects.id = n.project_id AND (w.depth = 0 OR w.target_id IS NOT NULL)
) p ON true
LEFT JOIN LATERAL (
	SELECT mtime, children, ctid FROM dirs
	WHERE project_id = n.project_id AND id = n.id AND n.kind = 'd' AND w.depth >= w.names - 1
	OFFSET 0 -- or a planner who knows nothing of dirs yet would join all of it
) d ON true
ORDER BY w.nth, w.depth`

// inodeColumns are the columns of an inode n that an [inodeRow] takes.
const inodeColumns = `n.project_id, n.id, n.at, n.kind, n.owner, n.grp, n.mode, n.acl, n.version, n.gen, n.size, n.mtime, n.atime, n.replication,
	n.block_size, n.storage_policy, n.xattrs IS NOT NULL, n.quota_names, n.quota_space, n.quota_types, coalesce(n.lease, 0), coalesce(n.use, '-')`

// knownSQL reports whether the principal $2, if not a member, may know of a row of projects: because it is listed, something in it
// is published or listed, or something in it was offered to them. Modes may let in others, which is not checked here.
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

// inodeFields is the number of inodeColumns.
const inodeFields = 22

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

// inodeRow takes [inodeColumns].
type inodeRow struct {
	node                   node
	mode                   int16
	acl                    *string
	quotaNames, quotaSpace *int64
	quotaTypes             []int64
}

// into is where the columns go.
func (r *inodeRow) into() []any {
	n := &r.node
	return []any{
		&n.project, &n.id, &n.at, &n.kind, &n.owner, &n.group, &r.mode, &r.acl, &n.version, &n.gen, &n.size, &n.mtime, &n.atime,
		&n.replication, &n.blockSize, &n.policy, &n.hasXattrs, &r.quotaNames, &r.quotaSpace, &r.quotaTypes, &n.lease, &n.use,
	}
}

// inode returns the node of the row. Its policy is its own, not inherited.
func (r *inodeRow) inode() (n node, err error) {
	n = r.node
	if n.perms, err = storedPerms(r.mode, r.acl); err != nil {
		return n, fmt.Errorf("inode %d: %w", n.id, err)
	}
	n.limits = storedLimits(r.quotaNames, r.quotaSpace, r.quotaTypes)
	return n, nil
}

// walkRow takes a row of walkSQL.
type walkRow struct {
	nth         int
	userEpoch   *int64
	projectName *string
	accessEpoch *int64
	role        *Role
	state       *projectState
	known       *bool
	entry       row
	target      *uint32 // version of the row that a mount leads to
	project     *uint32 // version of the row of a project that is entered
	fickle      *bool   // rights here and below depend on more than rows
	doubtful    *bool   // what the principal may know of the project depends on more than rows
	server      time.Time
	moment      *string // of the statement, at the beginning of a path
	shown       *bool
	grants      []byte
	dirTime     *int64
	children    *int64
	counter     *tid
	inodeRow
}

func (r *walkRow) into() []any {
	return append([]any{
		&r.nth, &r.userEpoch, &r.projectName, &r.accessEpoch, &r.role, &r.state, &r.known, &r.entry.project, &r.entry.id, &r.entry.seen,
		&r.target, &r.project, &r.fickle, &r.doubtful, &r.server, &r.moment, &r.shown, &r.grants, &r.dirTime, &r.children, &r.counter,
	}, r.inodeRow.into()...)
}

// membership is what the row says of the project that it enters.
func (r *walkRow) membership() membership {
	m := membership{name: *r.projectName, epoch: *r.accessEpoch, state: *r.state, known: *r.known}
	if r.role != nil {
		m.role = *r.role
	}
	return m
}

// newChain returns a chain along path, without nodes yet.
func newChain(path Path) *chain {
	c := &chain{path: path, names: path.names(), projects: map[int64]membership{}}
	c.nodes = make([]node, 0, len(c.names)+1)
	return c
}

// add puts n at the end of c.
func (c *chain) add(n node) {
	n.inherits = n.policy == 0
	if n.inherits && len(c.nodes) > 0 {
		n.policy = c.nodes[len(c.nodes)-1].policy
	}
	c.nodes = append(c.nodes, n)
}

// counted returns n with the time and the number of children from dirs.
func (n node) counted(mtime, children int64) node {
	n.mtime, n.children = max(n.mtime, mtime), children
	return n
}

// lookup returns the chains along paths and the epoch of the user's row, 0 without one. Paths of many names take several statements in
// one snapshot, each for at most [lookupRows] names or for one path.
func (fs *FS) lookup(ctx context.Context, db querier, user int64, paths ...Path) ([]*chain, int64, error) {
	all := make([]*chain, len(paths))
	for i, path := range paths {
		all[i] = newChain(path)
	}
	first := inOneStatement(all)
	if first < len(all) && db == querier(fs.db) {
		var epoch int64
		err := fs.snapshot(ctx, func(tx pgx.Tx) (err error) {
			all, epoch, err = fs.lookup(ctx, tx, user, paths...)
			return err
		})
		return all, epoch, err
	}
	epoch, err := fs.lookupSome(ctx, db, user, all[:first])
	for rest := all[first:]; err == nil && len(rest) > 0; {
		some := inOneStatement(rest)
		epoch, err = fs.lookupSome(ctx, db, user, rest[:some])
		rest = rest[some:]
	}
	return all, epoch, err
}

// inOneStatement returns how many of all, from the first on, are looked up in one statement.
func inOneStatement(all []*chain) (n int) {
	rows := 0
	for n < len(all) && (n == 0 || rows+len(all[n].names) <= lookupRows) {
		rows += len(all[n].names)
		n++
	}
	return n
}

// lookupSome is lookup in one statement.
func (fs *FS) lookupSome(ctx context.Context, db querier, user int64, all []*chain) (int64, error) {
	rows, err := along(ctx, db, user, all)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var (
		r     walkRow
		into  = r.into()
		epoch int64
		found = lesson{user: user}
	)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return 0, fmt.Errorf("walk %s: %w", all[0].path, err)
		}
		c := all[r.nth-1]
		c.server = r.server
		n, err := r.inode()
		if err != nil {
			return 0, err
		}
		if r.userEpoch != nil {
			epoch = *r.userEpoch
		}
		if r.moment != nil {
			if found.moment, err = parseMoment(*r.moment); err != nil {
				return 0, err
			}
		}
		if r.projectName != nil {
			c.projects[n.project] = r.membership()
		}
		n.shown, n.over = r.shown != nil, r.shown != nil && !*r.shown
		if n.grants, err = readGrants(r.grants); err != nil {
			return 0, fmt.Errorf("inode %d: %w", n.id, err)
		}
		found.add(c, &r, n)
		if r.dirTime != nil {
			n = n.counted(*r.dirTime, *r.children)
			found.counters = append(found.counters, dirCount{dir: n.key(), at: *r.counter})
		}
		c.add(n)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	if len(all[0].nodes) == 0 {
		return 0, fmt.Errorf("the root inode %d is missing from the database", RootID)
	}
	if db == querier(fs.db) { // a transaction may see what it changes again before it commits
		found.epoch = epoch
		fs.hints.learn(&found)
	}
	return epoch, nil
}
