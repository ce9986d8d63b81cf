package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// SetPermission sets the mode of path. If there is an ACL, the group bits set its mask. It needs ownership.
// Source: FSDirAttrOp.setPermission of Hadoop 3.4.
func (s *Session) SetPermission(ctx context.Context, path Path, mode perm.Mode) error {
	return s.setPerms(ctx, "set permission", path, func(n *node) (perm.Perms, error) { return n.perms.Chmod(mode), nil })
}

// setPerms replaces the mode and ACL of path by those that change returns. It needs ownership.
func (s *Session) setPerms(ctx context.Context, op string, path Path, change func(n *node) (perm.Perms, error)) error {
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Owner: true, Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		p, err := change(n)
		if err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, exclusive)
		return struct{}{}, &mutation{event: w.permsEvent(c, n, p), touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
			return one(tx.Exec(ctx, `UPDATE inodes SET mode = $3, acl = $4, version = version + 1 WHERE project_id = $1 AND id = $2`,
				n.project, n.id, int16(p.Mode), aclColumn(p)))
		}}, nil
	})
	return err
}

// permsEvent returns the event for setting p on n, nil if n has it already.
func (w *walker) permsEvent(c *chain, n *node, p perm.Perms) *event {
	before, after := n.perms.ACL.String(), p.ACL.String()
	if p.Mode == n.perms.Mode && before == after {
		return nil
	}
	e := w.event(c, n)
	e.detail.Mode = octal(p.Mode)
	if before != after {
		e.detail.ACL = &after
	}
	return e
}

// SetOwner sets the owner and the group of path; "" leaves one as it is, and at least one must be given. Only a
// superuser may change the owner; the owner may set a group that they are in.
// Source: FSDirAttrOp.setOwner of Hadoop 3.4.
func (s *Session) SetOwner(ctx context.Context, path Path, owner, group string) error {
	const op = "set owner"
	if owner == "" && group == "" {
		return s.dress(op, path, fail(InvalidArgument, "Both owner and group are empty."))
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Owner: true, Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		if err := w.mayGive(c, n, owner, group); err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, exclusive)
		e := w.event(c, n)
		if owner != n.owner {
			e.detail.Owner = owner
		}
		if group != n.group {
			e.detail.Group = group
		}
		if e.detail.Owner == "" && e.detail.Group == "" {
			e = nil
		}
		return struct{}{}, &mutation{event: e, touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
			return one(tx.Exec(ctx, `UPDATE inodes SET owner = coalesce(nullif($3, ''), owner), grp = coalesce(nullif($4, ''), grp),
				version = version + 1 WHERE project_id = $1 AND id = $2`, n.project, n.id, owner, group))
		}}, nil
	})
	return err
}

// mayGive decides whether the principal, who owns n, may give it to the owner and group, "" for no change.
func (w *walker) mayGive(c *chain, n *node, owner, group string) error {
	p := &w.s.p
	if p.Superuser {
		return nil
	}
	if owner != "" && owner != p.User {
		return fail(AccessControl, "User %s is not a super user (non-super user cannot change owner).", p.User)
	}
	m := c.projects[n.project]
	if group != "" && !slices.Contains(p.Groups, group) && (m.role == "" || group != m.name) {
		return fail(AccessControl, "User %s does not belong to %s", p.User, group)
	}
	return nil
}

// SetTimes sets the modification and access time of path, in milliseconds since 1970; -1 leaves one as it is. It needs
// write on path, not ownership. Source: FSDirAttrOp.setTimes of Hadoop 3.4.
func (s *Session) SetTimes(ctx context.Context, path Path, mtime, atime int64) error {
	_, err := act(ctx, s, "set times", path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Node: perm.Write, Change: true})
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		if n == nil {
			return struct{}{}, nil, fail(NotExist, "File/Directory %s does not exist.", path)
		}
		w.relied.node(n, exclusive)
		e := w.event(c, n)
		if mtime != -1 && mtime != n.mtime {
			e.detail.MTime = &mtime
		}
		if atime != -1 && atime != n.atime {
			e.detail.ATime = &atime
		}
		if e.detail.MTime == nil && e.detail.ATime == nil {
			e = nil
		}
		return struct{}{}, &mutation{event: e, touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
			if err := one(tx.Exec(ctx, `UPDATE inodes SET
				mtime = CASE $3::bigint WHEN -1 THEN mtime ELSE $3 END, atime = CASE $4::bigint WHEN -1 THEN atime ELSE $4 END
				WHERE project_id = $1 AND id = $2`, n.project, n.id, mtime, atime)); err != nil || mtime == -1 {
				return err
			}
			w.s.fs.hints.forgetCounters([]visit{{dir: n.key()}})
			_, err := tx.Exec(ctx, `UPDATE dirs SET mtime = $3 WHERE project_id = $1 AND id = $2`, n.project, n.id, mtime)
			return err
		}}, nil
	})
	return err
}

// SetReplication records how many copies a client wants of the file path, 1 to MaxReplication or 0 for
// DefaultReplication, and reports false if path is not a file.
// How many copies really exist is up to the block store. It needs write on path.
// Source: FSDirAttrOp.setReplication of Hadoop 3.4.
func (s *Session) SetReplication(ctx context.Context, path Path, replication int) (bool, error) {
	const op = "set replication"
	if replication == 0 {
		replication = DefaultReplication
	}
	if err := checkReplication(path, replication, ""); err != nil {
		return false, s.dress(op, path, err)
	}
	return act(ctx, s, op, path, func(w *walker) (bool, *mutation, error) {
		c, err := w.walk(path, Need{Node: perm.Write, Change: true})
		if err != nil {
			return false, nil, err
		}
		n := c.node()
		if n == nil || n.dir() {
			return false, nil, nil
		}
		w.relied.content(n)
		more := bytesOf(n.size, replication, n.policy)
		more.add(bytesOf(n.size, n.replication, n.policy).negative())
		e := w.event(c, n)
		e.detail.Replication = replication
		if replication == n.replication {
			e = nil
		}
		return true, &mutation{event: e, charges: charged(c.quotas(), more, amount{}), touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
			return one(tx.Exec(ctx, `UPDATE inodes SET replication = $3, version = version + 1 WHERE project_id = $1 AND id = $2`, n.project, n.id, replication))
		}}, nil
	})
}

// checkReplication refuses what HDFS's BlockManager.verifyReplication refuses. who is appended to the message.
func checkReplication(path Path, replication int, who string) error {
	switch {
	case replication > MaxReplication:
		return fail(IO, "Requested replication factor of %d exceeds maximum of %d for %s%s", replication, MaxReplication, path, who)
	case replication < 1:
		return fail(IO, "Requested replication factor of %d is less than the required minimum of 1 for %s%s", replication, path, who)
	}
	return nil
}

// CheckAccess fails unless the principal has want on path; perm.None only checks whether path exists and can be reached.
func (s *Session) CheckAccess(ctx context.Context, path Path, want perm.Action) error {
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		if c.node() == nil {
			return fail(NotExist, "Path not found: %s", path)
		}
		return (&walker{ctx: ctx, s: s}).check(c, Need{Node: want})
	})
	return s.dress("check access", path, err)
}
