package perm

// Inherit returns the permissions of a new inode in a directory that has the
// permissions parent. mode is what the request asks for, after the client's umask;
// unmasked is the same before it, or nil if the client did not say.
//
// Without default entries in parent, the mode is all there is. With them, they
// become the access scope of the new inode, cut down by the mode: the owner's
// entry by the owner's bits, other by other's, and by the group bits the mask or,
// where the default scope is minimal, the owning group. For that the unmasked mode
// is taken if there is one, so that the umask does not apply where a default ACL rules. A new directory (dir) also gets
// the default entries for its own children.
//
// Source: AclStorage.copyINodeDefaultAcl, and FSDirectory for the choice of mode
// with dfs.namenode.posix.acl.inheritance.enabled, which is on unless turned off.
func Inherit(parent Perms, mode Mode, unmasked *Mode, dir bool) Perms {
	if len(parent.ACL.inherit) == 0 {
		return Perms{Mode: mode}
	}
	if unmasked != nil {
		mode = *unmasked
	}
	access := make([]Entry, len(parent.ACL.inherit))
	for i, e := range parent.ACL.inherit {
		e.Scope = Access
		switch {
		case e.Type == User && e.Name == "":
			e.Perm &= mode.User()
		case e.Type == Mask, e.Type == Group && minimal(parent.ACL.inherit):
			e.Perm &= mode.Group()
		case e.Type == Other:
			e.Perm &= mode.Other()
		}
		access[i] = e
	}
	if !dir {
		return spread(access, nil, mode&Sticky)
	}
	return spread(access, parent.ACL.inherit, mode&Sticky)
}
