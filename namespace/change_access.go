package namespace

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// AccessState is the owner, group, mode and ACL of an inode, which decide who may do what with it.
type AccessState struct {
	Path  Path
	Dir   bool
	Owner string
	Group string
	Perms perm.Perms
	// Tag changes whenever anything above except the path does, and differs between inodes.
	Tag string
	// Manages reports whether the principal may change these.
	Manages bool
}

// AccessChange is a change of an AccessState. What is left empty stays as it is.
type AccessChange struct {
	perm.Amendment
	Owner, Group string
}

// accessState describes n, which path names.
func accessState(path Path, n *node) AccessState {
	return AccessState{Path: path, Dir: n.dir(), Owner: n.owner, Group: n.group, Perms: n.perms, Tag: n.accessTag()}
}

// accessTag is the [AccessState.Tag] of n.
func (n *node) accessTag() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d %q %q %v %s", n.project, n.id, n.owner, n.group, n.perms.Mode, n.perms.ACL))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Access returns the access state of path. It only needs execute on the directories above.
func (s *Session) Access(ctx context.Context, path Path) (AccessState, error) {
	const op = "access"
	var state AccessState
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File does not exist: %s", path)
		}
		state = accessState(path, n)
		state.Manages = (&walker{ctx: ctx, s: s}).check(c, Need{Owner: true, Change: true}) == nil
		s.read(op, c)
		return nil
	})
	return state, s.dress(op, path, err)
}

// ChangeAccess changes the mode, ACL, owner and group of path in one step. It needs ownership, and for a change of owner or
// group what [Session.SetOwner] needs. If seen is not empty and no longer the tag, it fails with Precondition. It reports whether
// anything was changed.
func (s *Session) ChangeAccess(ctx context.Context, path Path, change AccessChange, seen string) (bool, error) {
	return act(ctx, s, "change access", path, func(w *walker) (bool, *mutation, error) {
		c, err := w.walk(path, Need{Owner: true, Change: true})
		if err != nil {
			return false, nil, err
		}
		n := c.node()
		if seen != "" && seen != n.accessTag() {
			return false, nil, fail(Precondition, "Somebody else has changed the permissions of %s meanwhile. Nothing was changed; look at them again first.", path)
		}
		changed, err := w.amended(c, n, change)
		if err != nil {
			return false, nil, err
		}
		w.relied.node(n, exclusive)
		e := w.accessEvent(c, n, changed)
		return e != nil, &mutation{event: e, touches: c.touching(), apply: func(ctx context.Context, tx pgx.Tx) error {
			return one(tx.Exec(ctx, `UPDATE inodes SET owner = $3, grp = $4, mode = $5, acl = $6, version = version + 1 WHERE project_id = $1 AND id = $2`,
				n.project, n.id, changed.owner, changed.group, int16(changed.perms.Mode), aclColumn(changed.perms)))
		}}, nil
	})
}

// amended returns n with the change applied, if the principal may make it.
func (w *walker) amended(c *chain, n *node, change AccessChange) (*node, error) {
	changed := *n
	var err error
	if changed.perms, err = n.perms.Amend(change.Amendment, n.dir()); err != nil {
		var rule *perm.ACLError
		if errors.As(err, &rule) {
			err = &Error{Kind: InvalidACL, Msg: rule.Reason}
		}
		return nil, err
	}
	owner, group := change.Owner, change.Group
	if owner == n.owner {
		owner = "" // no change, which needs no right to give
	}
	if group == n.group {
		group = ""
	}
	if owner != "" || group != "" {
		if err := w.mayGive(c, n, owner, group); err != nil {
			return nil, err
		}
	}
	if owner != "" {
		changed.owner = owner
	}
	if group != "" {
		changed.group = group
	}
	return &changed, nil
}

// accessEvent returns the event for changing n into changed, nil if nothing differs.
func (w *walker) accessEvent(c *chain, n, changed *node) *event {
	e := w.permsEvent(c, n, changed.perms)
	if changed.owner == n.owner && changed.group == n.group {
		return e
	}
	if e == nil {
		e = w.event(c, n)
	}
	if changed.owner != n.owner {
		e.detail.Owner = changed.owner
	}
	if changed.group != n.group {
		e.detail.Group = changed.group
	}
	return e
}
