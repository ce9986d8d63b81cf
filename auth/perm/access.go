package perm

// Who is the caller whose rights are asked for.
type Who struct {
	User    string                  // the name that owners and user entries are compared with
	InGroup func(group string) bool // whether the caller is in a group; nil for none
}

// member reports whether the caller is in group.
func (w Who) member(group string) bool {
	return w.InGroup != nil && w.InGroup(group)
}

// Allows reports whether the caller has every right of want on an inode with
// these permissions, this owner and this owning group. It knows no superuser, and
// nothing of the directories above.
func (p Perms) Allows(w Who, owner, group string, want Action) bool {
	allowed, _ := p.Explain(w, owner, group, want)
	return allowed
}

// Explain answers as [Perms.Allows] and says what decided: "owner", "group" (the
// owning group), "user:bob" or "group:team" (an entry of the ACL), or "other".
//
// The first of these that matches the caller decides, and nothing after it: the
// owner; the caller's own user entry, under the mask; the owning group and the
// group entries, under the mask, of which one that covers want is enough and the
// rights of several do not add up; other. Default entries play no part.
//
// If groups match and none of them covers want, by is the first in order.
//
// Source: FSPermissionChecker.hasPermission and hasAclPermission.
func (p Perms) Explain(w Who, owner, group string, want Action) (allowed bool, by string) {
	if w.User == owner {
		return p.Mode.User().Implies(want), "owner"
	}
	if !p.ACL.extended() {
		if w.member(group) {
			return p.Mode.Group().Implies(want), "group"
		}
		return p.Mode.Other().Implies(want), "other"
	}

	mask := p.Mode.Group()
	for _, e := range p.ACL.access {
		covers := (e.Perm & mask).Implies(want)
		switch {
		case e.Type == User:
			if e.Name == w.User {
				return covers, e.who()
			}
		case e.Name == "" && w.member(group), e.Name != "" && w.member(e.Name):
			if covers {
				return true, e.who()
			}
			if by == "" {
				by = e.who()
			}
		}
	}
	if by != "" {
		return false, by
	}
	return p.Mode.Other().Implies(want), "other"
}
