package namespace

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Delete removes path and, if recursive, everything below it. It reports whether there was anything to remove, which is false
// for a missing path and for the root. A subtree disappears in one step; its rows are purged afterwards.
//
// It needs write on the parent, where the sticky bit is respected, and read, write and execute on the directory and
// every directory below it that is not empty; sticky bits count there too.
// Source: FSDirDeleteOp and FSPermissionChecker.checkSubAccess of Hadoop 3.4.
func (s *Session) Delete(ctx context.Context, path Path, recursive bool) (bool, error) {
	return act(ctx, s, "delete", path, func(w *walker) (bool, *mutation, error) {
		c, err := w.walk(path, Need{Parent: perm.Write, Change: true})
		if err != nil {
			return false, nil, err
		}
		n := c.node()
		if c.path.IsRoot() {
			return false, nil, w.deleteRoot(c, recursive)
		}
		if err := w.holds(c.path, n); err != nil || n == nil {
			return false, nil, err
		}
		w.relied.node(n, exclusive)
		parent := c.parent()
		now := s.fs.millis()
		quotas := c.quotas()
		if err := n.stays(c.path); err != nil {
			return false, nil, err
		}
		if len(quotas) > 0 || !n.dir() {
			w.relied.content(n)
		}
		m := &mutation{event: w.event(c, n)}
		m.event.project = parent.project // the removal of a project is an event of the common ground
		if n.project != parent.project {
			m.event.detail.Project = c.projects[n.project].name
		}
		if !n.dir() {
			m.event.detail.Size = &n.size
			m.charges = charged(quotas, costOf(n).negative(), amount{})
			m.effects = &effects{gone: []*node{n}, left: []entry{{parent.key(), c.path.Name()}}, visits: []visit{{dir: parent.key(), mtime: now, delta: -1}}}
			return true, m, nil
		}
		m.counts = w.looksBelow(n) && (len(quotas) > 0 && !n.limits.any() || !w.passes(c, n))
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			if len(quotas) > 0 {
				gone, err := usageOf(ctx, tx, n)
				if err != nil {
					return err
				}
				m.charges = charged(quotas, gone.negative(), amount{})
			}
			var err error
			if m.event.told, err = w.remove(ctx, tx, c, n, recursive); err != nil {
				return err
			}
			return s.fs.touchDir(ctx, tx, parent.key(), now, -1)
		}
		return true, m, nil
	})
}

// looksBelow reports whether the directory n may have children. A hasty decision does not know their number, which is not remembered.
func (w *walker) looksBelow(n *node) bool { return w.hasty || n.children > 0 }

// deleteRoot refuses to delete the root as HDFS does, with its checks in the same order.
func (w *walker) deleteRoot(c *chain, recursive bool) error {
	if err := w.need(c, 0, perm.All); err != nil {
		return err
	}
	if !recursive && c.nodes[0].children > 0 {
		return fail(NotEmpty, "`%s is non empty': Directory is not empty", c.path)
	}
	return nil
}

// remove takes n out of the tree. n is locked, so nothing below it changes: whoever acts there needs a lock on n.
// Therefore the rights on the subtree can be checked here, in a statement after the lock. It returns the events by which other
// projects are told of the shares that end with it.
func (w *walker) remove(ctx context.Context, tx pgx.Tx, c *chain, n *node, recursive bool) (told []*event, err error) {
	if !n.dir() {
		return nil, deleteFile(ctx, tx, n)
	}
	empty, err := emptyDir(ctx, tx, n)
	if err != nil {
		return nil, err
	}
	if !empty {
		if !w.passes(c, n) {
			if err := w.checkBelow(ctx, tx, c, n); err != nil {
				return nil, err
			}
		}
		if !recursive {
			return nil, fail(NotEmpty, "`%s is non empty': Directory is not empty", c.path)
		}
		if told, err = dropProjects(ctx, tx, n); err != nil {
			return nil, err
		}
	}
	if c.parent().project != n.project {
		return dropProject(ctx, tx, n.project)
	}
	if empty {
		if told, err = dropDataset(ctx, tx, n); err != nil {
			return nil, err
		}
		return told, deleteDir(ctx, tx, n)
	}
	below, err := dropDatasetsBelow(ctx, tx, n)
	if err != nil {
		return nil, err
	}
	told = append(told, below...)
	return told, detach(ctx, tx, n)
}

// stays refuses to remove or move a share's mount, and the directory in which shares are shown.
func (n *node) stays(path Path) error {
	switch {
	case n.shown:
		return fail(AccessControl, "%s was shared with this project and stays where it is: end the share instead", path)
	case n.use == useShared:
		return fail(AccessControl, "%s shows what was shared with this project, and stays where it is", path)
	}
	return nil
}

// emptyDir reports whether n has no children. n must be locked in an earlier statement, or a child that is being made
// would be overlooked.
func emptyDir(ctx context.Context, tx pgx.Tx, n *node) (bool, error) {
	var empty bool
	err := tx.QueryRow(ctx, emptySQL, n.project, n.id).Scan(&empty)
	return empty, err
}

// emptySQL looks for the first child in the order of the index. With EXISTS, if a directory has a large share of all inodes, the
// planner would expect to meet a child soon and read the table from its beginning.
const emptySQL = `SELECT count(*) = 0 FROM (SELECT FROM inodes WHERE project_id = $1 AND parent_id = $2 ORDER BY name LIMIT 1) AS child`

// deleteFile removes a file that is locked, with all of its content: it may have been appended to since n was read.
func deleteFile(ctx context.Context, tx pgx.Tx, n *node) error {
	gone := *n
	gone.gen = 0
	e := effects{gone: []*node{&gone}}
	return e.run(ctx, tx)
}

// deleteDir removes an empty directory.
func deleteDir(ctx context.Context, tx pgx.Tx, n *node) error {
	if err := one(tx.Exec(ctx, `DELETE FROM inodes WHERE project_id = $1 AND id = $2`, n.project, n.id)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM dirs WHERE project_id = $1 AND id = $2`, n.project, n.id); err != nil || !n.limits.any() {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id)
	return err
}

// detach cuts a subtree off; the reaper purges it.
func detach(ctx context.Context, tx pgx.Tx, n *node) error {
	if err := one(tx.Exec(ctx, `UPDATE inodes SET parent_id = NULL, version = version + 1 WHERE project_id = $1 AND id = $2`,
		n.project, n.id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO detached (project_id, inode_id) VALUES ($1, $2)`, n.project, n.id)
	return err
}

// belowSQL finds every directory of a subtree that has children. It does not carry their paths along, whose total length, for
// directories nested deeply, is the square of the depth.
const belowSQL = `
WITH RECURSIVE below AS (
	SELECT i.project_id, i.id, i.owner, i.grp, i.mode, i.acl FROM inodes i WHERE i.project_id = $1 AND i.id = $2
	UNION ALL
	SELECT c.project_id, c.id, c.owner, c.grp, c.mode, c.acl
	FROM below b JOIN inodes c ON c.project_id = b.project_id AND c.parent_id = b.id WHERE c.kind = 'd'
)
SELECT id, owner, grp, mode, acl FROM below b
CROSS JOIN LATERAL (SELECT FROM inodes c WHERE c.project_id = b.project_id AND c.parent_id = b.id ORDER BY c.name LIMIT 1) AS child`

// checkBelow requires all rights on each directory of the subtree at top that is not empty, and respects sticky bits.
func (w *walker) checkBelow(ctx context.Context, tx pgx.Tx, c *chain, top *node) error {
	rows, err := tx.Query(ctx, belowSQL, top.project, top.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := c.standing(len(c.nodes) - 1)
	var sticky []int64
	n := node{project: top.project, kind: kindDir}
	var (
		mode   int16
		acl    *string
		closed bool
		by     string
	)
	for !closed && rows.Next() {
		if err := rows.Scan(&n.id, &n.owner, &n.group, &mode, &acl); err != nil {
			return err
		}
		if n.perms, err = storedPerms(mode, acl); err != nil {
			return err
		}
		var allowed bool
		allowed, by = w.judge(at, &n, perm.All)
		closed = !allowed
		if !closed && n.perms.Mode.Sticky() && n.owner != w.s.p.User {
			sticky = append(sticky, n.id)
		}
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return err
	}
	if closed {
		here, err := c.below(ctx, tx, &n)
		if err != nil {
			return err
		}
		w.noteAt(here, n.id, perm.All, false, by)
		return w.denied(perm.All, here, &n)
	}
	return w.checkSticky(ctx, tx, c, top.project, sticky)
}

// stickyAtOnce is how many sticky directories are checked in one statement.
const stickyAtOnce = 1000

// othersSQL finds the first of the directories $2 of the project $1 that has a child not owned by $3, and its first such child.
const othersSQL = `
SELECT d.id, d.owner, d.grp, d.mode, d.acl, c.name, c.kind, c.owner, c.grp, c.mode, c.acl
FROM unnest($2::bigint[]) WITH ORDINALITY AS k (id, nth)
JOIN inodes d ON d.project_id = $1 AND d.id = k.id
CROSS JOIN LATERAL (SELECT * FROM inodes c WHERE c.project_id = $1 AND c.parent_id = k.id AND c.owner <> $3 ORDER BY c.name LIMIT 1) AS c
ORDER BY k.nth LIMIT 1`

// checkSticky fails for the first child of sticky directories below c that belongs to somebody else.
func (w *walker) checkSticky(ctx context.Context, tx pgx.Tx, c *chain, project int64, dirs []int64) error {
	for some := range slices.Chunk(dirs, stickyAtOnce) {
		var (
			dir, child         = node{project: project, kind: kindDir}, node{project: project}
			name               string
			dirMode, childMode int16
			dirACL, childACL   *string
		)
		err := tx.QueryRow(ctx, othersSQL, project, some, w.s.p.User).Scan(&dir.id, &dir.owner, &dir.group, &dirMode, &dirACL,
			&name, &child.kind, &child.owner, &child.group, &childMode, &childACL)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			continue
		case err != nil:
			return err
		}
		if dir.perms, err = storedPerms(dirMode, dirACL); err != nil {
			return err
		}
		if child.perms, err = storedPerms(childMode, childACL); err != nil {
			return err
		}
		path, err := c.below(ctx, tx, &dir)
		if err != nil {
			return err
		}
		w.noteAt(path, dir.id, perm.Write, false, "sticky bit")
		return w.deniedBySticky(path.Join(name), &child, path, &dir)
	}
	return nil
}
