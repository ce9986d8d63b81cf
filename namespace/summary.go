package namespace

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Summary counts a subtree, itself included.
type Summary struct {
	Directories   int64
	Files         int64
	Length        int64 // bytes
	SpaceConsumed int64 // bytes times replication
	Quota         int64 // names allowed; -1: no limit is set
	SpaceQuota    int64 // bytes allowed, replicas counted; -1: no limit is set
	Types         []TypeUsage
}

// enteredSQL finds the directory n that is entered at c, which is not a file: c itself, or the root of a project in $3 (NULL: of
// any) whose mount c is.
const enteredSQL = `LATERAL (
	SELECT c.project_id, c.id, c.owner, c.grp, c.mode, c.acl WHERE c.kind = 'd'
	UNION ALL
	SELECT x.project_id, x.id, x.owner, x.grp, x.mode, x.acl FROM inodes x
	WHERE c.kind = 'm' AND x.project_id = c.target_project AND x.id = c.target_id AND ($3::bigint[] IS NULL OR c.target_project = ANY($3))
) n`

// treeSQL finds the directories of a subtree, through the mounts of the projects in $3 (NULL: of all). What is shared is counted
// where it lies. Like belowSQL, it does not carry paths along.
const treeSQL = `
WITH RECURSIVE tree AS (
	SELECT i.project_id, i.id, i.owner, i.grp, i.mode, i.acl FROM inodes i WHERE i.project_id = $1 AND i.id = $2
	UNION ALL
	SELECT n.project_id, n.id, n.owner, n.grp, n.mode, n.acl
	FROM tree t
	JOIN inodes c ON c.project_id = t.project_id AND c.parent_id = t.id AND c.kind <> 'f'
	CROSS JOIN ` + enteredSQL + `
)`

// Summary counts what lies at and below path, as of one moment. It needs read and execute on every directory there.
// Its cost grows with the subtree.
func (s *Session) Summary(ctx context.Context, path Path) (Summary, error) {
	var sum Summary
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File does not exist: %s", path)
		}
		sum = Summary{Quota: n.limits.names, SpaceQuota: n.limits.space}
		if c.path.IsRoot() && sum.Quota == NoQuota {
			sum.Quota = math.MaxInt64
		}
		if !n.dir() {
			sum.Files, sum.Length, sum.SpaceConsumed = 1, n.size, n.size*int64(n.replication)
			return nil
		}
		return s.survey(ctx, func(tx pgx.Tx) error {
			if err := c.still(ctx, tx, &s.p); err != nil {
				return err
			}
			known, err := s.knownProjects(ctx, tx, n)
			if err != nil {
				return err
			}
			if !s.p.Superuser {
				if err := (&walker{ctx: ctx, s: s}).checkTree(tx, c, n, known); err != nil {
					return err
				}
			}
			if n.limits.byType() {
				held, err := usageOf(ctx, tx, n)
				if err != nil {
					return limitGone(err)
				}
				sum.Types = n.limits.typeUsage(held)
			}
			return tx.QueryRow(ctx, treeSQL+`
				SELECT (SELECT count(*) FROM tree), count(f.id), coalesce(sum(f.size), 0)::bigint, coalesce(sum(f.size * f.replication), 0)::bigint
				FROM tree t JOIN inodes f ON f.project_id = t.project_id AND f.parent_id = t.id AND f.kind = 'f'`,
				n.project, n.id, known).Scan(&sum.Directories, &sum.Files, &sum.Length, &sum.SpaceConsumed)
		})
	})
	return sum, s.dress("content summary", path, err)
}

// snapshot runs f in one snapshot of the database.
func (fs *FS) snapshot(ctx context.Context, f func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, fs.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f)
}

// mostClosed is how many closed directories are compared by their paths.
const mostClosed = 100

// checkTree demands read and execute on each directory of the subtree at top. HDFS visits the directories in the order of their
// paths and names the first one that is closed. So does checkTree, but it looks only at the mostClosed closed directories that are
// highest up.
func (w *walker) checkTree(tx pgx.Tx, c *chain, top *node, known []int64) error {
	rows, err := tx.Query(w.ctx, treeSQL+`
		SELECT t.project_id, t.id, t.owner, t.grp, t.mode, t.acl, coalesce(p.name, ''), coalesce(m.role, '')
		FROM tree t LEFT JOIN projects p ON p.id = t.project_id
		LEFT JOIN members m ON m.project_id = t.project_id AND m.user_id = $4`, top.project, top.id, known, w.s.p.UserID)
	if err != nil {
		return err
	}
	var (
		n      = node{kind: kindDir}
		mode   int16
		acl    *string
		m      membership
		here   = c.standing(len(c.nodes) - 1)
		closed []node
	)
	_, err = pgx.ForEachRow(rows, []any{&n.project, &n.id, &n.owner, &n.group, &mode, &acl, &m.name, &m.role}, func() error {
		var err error
		if n.perms, err = storedPerms(mode, acl); err != nil {
			return err
		}
		at := standing{membership: m}
		if n.project == top.project {
			at = here
		}
		if len(closed) < mostClosed && !w.allows(at, &n, perm.ReadExecute) {
			closed = append(closed, n)
		}
		return nil
	})
	if err != nil || len(closed) == 0 {
		return err
	}
	first, path, err := c.firstBelow(w.ctx, tx, closed)
	if err != nil {
		return err
	}
	return w.denied(perm.ReadExecute, path, first)
}
