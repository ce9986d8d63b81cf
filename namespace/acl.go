package namespace

import (
	"context"
	"errors"

	"granary/auth/perm"
)

// ACLStatus is what GETACLSTATUS answers from.
type ACLStatus struct {
	Owner string
	Group string
	Perms perm.Perms
}

// ACL returns the mode and ACL of path. It only needs execute on the directories above.
func (s *Session) ACL(ctx context.Context, path Path) (ACLStatus, error) {
	const op = "ACL status"
	var status ACLStatus
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "cannot find %s", path)
		}
		status = ACLStatus{n.owner, n.group, n.perms}
		s.read(op, c)
		return nil
	})
	return status, s.dress(op, path, err)
}

// modifyingACL names the operation whose name in HDFS does not follow from ours.
const modifyingACL = "modify ACL"

// ModifyACL merges entries into the ACL of path. This and the four below need ownership; perm.Perms says what they do.
func (s *Session) ModifyACL(ctx context.Context, path Path, entries []perm.Entry) error {
	return s.setACL(ctx, modifyingACL, path, func(n *node) (perm.Perms, error) { return n.perms.Modify(entries, n.dir()) })
}

// SetACL replaces the ACL of path. Access entries are replaced only if entries has any, and so are default entries.
func (s *Session) SetACL(ctx context.Context, path Path, entries []perm.Entry) error {
	return s.setACL(ctx, "set ACL", path, func(n *node) (perm.Perms, error) { return n.perms.Replace(entries, n.dir()) })
}

// RemoveACLEntries removes entries, whose permissions do not matter, from the ACL of path.
func (s *Session) RemoveACLEntries(ctx context.Context, path Path, entries []perm.Entry) error {
	return s.setACL(ctx, "remove ACL entries", path, func(n *node) (perm.Perms, error) { return n.perms.Remove(entries, n.dir()) })
}

// RemoveDefaultACL removes the default ACL of path.
func (s *Session) RemoveDefaultACL(ctx context.Context, path Path) error {
	return s.setACL(ctx, "remove default ACL", path, func(n *node) (perm.Perms, error) { return n.perms.RemoveDefault(), nil })
}

// RemoveACL removes all of the ACL of path but its mode.
func (s *Session) RemoveACL(ctx context.Context, path Path) error {
	return s.setACL(ctx, "remove ACL", path, func(n *node) (perm.Perms, error) { return n.perms.RemoveAll(), nil })
}

func (s *Session) setACL(ctx context.Context, op string, path Path, change func(n *node) (perm.Perms, error)) error {
	return s.setPerms(ctx, op, path, func(n *node) (perm.Perms, error) {
		p, err := change(n)
		var rule *perm.ACLError
		if errors.As(err, &rule) {
			msg := rule.Reason + " Path: " + path.String()
			if rule == perm.ErrDefaultOnFile {
				msg += " Path: " + path.String() // as HDFS says it
			}
			return p, &Error{Kind: InvalidACL, Msg: msg}
		}
		return p, err
	})
}
