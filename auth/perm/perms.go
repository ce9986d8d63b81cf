package perm

// Perms are the permissions of one inode. If the ACL has access entries, the
// mode's group bits are their mask; see the package comment.
type Perms struct {
	Mode Mode
	ACL  ACL
}

// HasACL reports whether there is any ACL, a default one included: the aclBit of
// a FileStatus.
func (p Perms) HasACL() bool {
	return !p.ACL.IsZero()
}

// HasEntries reports whether the ACL has a say in access: whether the mode's group
// bits are its mask.
func (p Perms) HasEntries() bool {
	return p.ACL.extended()
}

// Entries returns the entries of GETACLSTATUS in their order, each as text. It
// holds what is stored beside the mode and so neither the owner, nor the mask,
// nor other of the access scope: clients take those from the mode. Without an
// ACL it is empty and not nil.
func (p Perms) Entries() []string {
	entries := p.ACL.Entries()
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.String()
	}
	return texts
}

// Chmod returns p with another mode: SETPERMISSION. Beside an extended ACL the
// group bits of m become the mask; the entries stay.
func (p Perms) Chmod(m Mode) Perms {
	return Perms{Mode: m, ACL: p.ACL}
}

// RemoveDefault returns p without its default entries: REMOVEDEFAULTACL.
func (p Perms) RemoveDefault() Perms {
	return Perms{Mode: p.Mode, ACL: ACL{access: p.ACL.access}}
}

// RemoveAll returns p without its ACL: REMOVEACL. The owning group's entry, if
// there is one, goes back into the group bits, where the mask was.
func (p Perms) RemoveAll() Perms {
	if !p.ACL.extended() {
		return Perms{Mode: p.Mode}
	}
	m := p.Mode
	return Perms{Mode: newMode(m.User(), p.ACL.owningGroup(), m.Other(), m&Sticky)}
}

// Granting returns p with one more named group entry, under the mask that p has
// already: its group bits. Where the ACL was not extended, the owning group
// keeps those bits as its entry. The result is for evaluation, by [Perms.Allows]
// and [Perms.Explain]: a right that comes from elsewhere, such as a share, takes
// part in the decision as an entry would, even where the group's members would
// have got more as other. It is not meant to be stored.
func (p Perms) Granting(group string, rights Action) Perms {
	access := p.ACL.access
	if !p.ACL.extended() {
		access = []Entry{{Type: Group, Perm: p.Mode.Group()}}
	}
	granted := Entry{Type: Group, Name: group, Perm: rights}
	return Perms{Mode: p.Mode, ACL: ACL{
		access:  append(access[:len(access):len(access)], granted),
		inherit: p.ACL.inherit,
	}}
}

// logical returns the whole ACL in order: what is stored, and the entries that
// the mode stands for. Every inode has one; without an extended ACL its access
// scope is just owner, group and other.
func (p Perms) logical() []Entry {
	full := make([]Entry, 0, len(p.ACL.access)+len(p.ACL.inherit)+3)
	full = append(full, Entry{Type: User, Perm: p.Mode.User()})
	if p.ACL.extended() {
		full = append(full, p.ACL.access...)
		full = append(full, Entry{Type: Mask, Perm: p.Mode.Group()})
	} else {
		full = append(full, Entry{Type: Group, Perm: p.Mode.Group()})
	}
	full = append(full, Entry{Type: Other, Perm: p.Mode.Other()})
	return append(full, p.ACL.inherit...)
}

// spread is the inverse of logical: it divides a whole ACL, in order and valid,
// between a mode and what is stored beside it. sticky is 0 or Sticky.
func spread(access, inherit []Entry, sticky Mode) Perms {
	// The last entry is other. The one before it is the mask or, in a minimal
	// ACL, the owning group; either belongs into the group bits.
	last := len(access) - 1
	p := Perms{
		Mode: newMode(access[0].Perm, access[last-1].Perm, access[last].Perm, sticky),
		ACL:  ACL{inherit: inherit},
	}
	if !minimal(access) {
		p.ACL.access = access[1 : last-1]
	}
	return p
}

// minimal reports whether one valid scope holds nothing but owner, owning group
// and other.
func minimal(scope []Entry) bool {
	return len(scope) == 3
}
