package namespace

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
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
