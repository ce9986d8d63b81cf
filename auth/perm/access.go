package perm

// Who is the caller whose rights are asked for.
type Who struct {
	User    string                  // the name that owners and user entries are compared with
	InGroup func(group string) bool // whether the caller is in a group; nil for none
	// Granted are rights that act as group entries of the caller's beside those of
	// the ACL, in which they never show.
	Granted []Grant
}

// Grant is a group entry that stands in no ACL.
type Grant struct {
	Name string // what Explain calls it
	Perm Action
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
// owning group), "user:bob" or "group:team" (an entry of the ACL), the name of a
// grant, or "other".
//
// The first of these that matches the caller decides, and nothing after it: the
// owner; the caller's own user entry, under the mask; the owning group, the group
// entries and the grants, under the mask, of which one that covers want is enough
// and the rights of several do not add up; other. Default entries play no part.
// Without an extended ACL the rights of the owning group are the mask.
//
// If groups match and none of them covers want, by is the first in order.
//
// Source: FSPermissionChecker.hasPermission and hasAclPermission.
func (p Perms) Explain(w Who, owner, group string, want Action) (allowed bool, by string) {
	if w.User == owner {
		return p.Mode.User().Implies(want), "owner"
	}
	mask := p.Mode.Group()
	if !p.ACL.extended() && w.member(group) {
		if mask.Implies(want) {
			return true, "group"
		}
		by = "group"
	}
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
	for _, g := range w.Granted {
		if (g.Perm & mask).Implies(want) {
			return true, g.Name
		}
		if by == "" {
			by = g.Name
		}
	}
	if by != "" {
		return false, by
	}
	return p.Mode.Other().Implies(want), "other"
}
