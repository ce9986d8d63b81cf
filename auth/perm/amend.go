package perm

import "slices"

// Amendment is a change that can be made to many inodes: it adds rights and takes some away, and sets and removes
// entries, each relative to what an inode has. What it does not mention stays.
type Amendment struct {
	// Set and Clear are bits that the mode gets and loses; Set wins. Their middle class is the owning group's, which
	// beside an extended ACL is an entry, and never the mask. Sticky is for directories.
	Set, Clear Mode
	// Entries are added, or replace those with the same key; Remove lists keys of entries to remove. Default entries
	// are for directories, and ignored on anything else.
	Entries, Remove []Entry
	// Bare removes all named entries of the access scope, DropDefault the default ACL; Entries come after both.
	Bare, DropDefault bool
	// Mask, unless nil, becomes the mask of the access scope if that has one after the change. With nil the mask is
	// computed as by an ACL change, as the union of what it limits, or stays as it is if no entry changes.
	Mask *Action
	// Search says that execute is for directories: on a file it stays as it is, in bits and in entries.
	Search bool
}

// Amend returns p with a applied. dir says whether the inode is a directory. The error is an [*ACLError].
func (p Perms) Amend(a Amendment, dir bool) (Perms, error) {
	kept := Action(0)
	if a.Search && !dir {
		kept = Execute
	}
	set, lost := a.bits(kept, dir)
	out := p
	if a.DropDefault {
		out = out.RemoveDefault()
	}
	if going := a.going(out, dir); len(going) > 0 {
		var err error
		if out, err = out.Remove(going, dir); err != nil {
			return Perms{}, err
		}
	}
	spec := a.coming(out, kept, dir)
	group := set.Group() | lost.Group()
	if out.ACL.extended() || slices.ContainsFunc(spec, func(e Entry) bool { return e.Scope == Access && e.Name != "" }) {
		// The middle bits are, or become, the mask.
		if group != 0 {
			old := out.Mode.Group()
			if out.ACL.extended() {
				old = out.ACL.owningGroup()
			}
			spec = append(spec, Entry{Type: Group, Perm: old&^lost.Group() | set.Group()})
		}
		if a.Mask != nil {
			spec = append(spec, Entry{Type: Mask, Perm: *a.Mask&^kept | out.Mode.Group()&kept})
		}
		const middle = Mode(All) << 3
		set, lost = set&^middle, lost&^middle
	}
	if len(spec) > 0 {
		var err error
		if out, err = out.Modify(spec, dir); err != nil {
			return Perms{}, err
		}
	}
	return out.Chmod(out.Mode&^lost | set), nil
}

// bits returns the parts of Set and Clear that apply to a file or a directory; the rights in kept stay as they are.
func (a Amendment) bits(kept Action, dir bool) (set, lost Mode) {
	not := newMode(kept, kept, kept, 0)
	if !dir {
		not |= Sticky
	}
	return a.Set & MaxMode &^ not, a.Clear & MaxMode &^ a.Set &^ not
}

// going returns the entries of p that a removes. The mask of a scope goes with its last named entry.
func (a Amendment) going(p Perms, dir bool) []Entry {
	var going []Entry
	left := [len(scopes)]bool{}
	for _, e := range p.ACL.Entries() {
		named := e.Name != ""
		_, listed := find(sortedKeys(a.Remove), e)
		if listed && named || a.Bare && named && e.Scope == Access {
			going = append(going, e)
		} else if named {
			left[e.Scope] = true
		}
	}
	for _, s := range scopes {
		gone := slices.ContainsFunc(going, func(e Entry) bool { return e.Scope == s })
		comes := slices.ContainsFunc(a.Entries, func(e Entry) bool { return e.Scope == s && e.Name != "" && (dir || s == Access) })
		if gone && !left[s] && !comes {
			going = append(going, Entry{Scope: s, Type: Mask})
		}
	}
	return going
}

// coming returns the entries that a sets on p.
func (a Amendment) coming(p Perms, kept Action, dir bool) []Entry {
	var spec []Entry
	has := p.ACL.Entries()
	for _, e := range a.Entries {
		if e.Scope == Default && !dir {
			continue
		}
		if kept != 0 {
			old, _ := find(has, e)
			e.Perm = e.Perm&^kept | old.Perm&kept
		}
		spec = append(spec, e)
	}
	return spec
}

// sortedKeys returns entries in the order in which [find] looks.
func sortedKeys(entries []Entry) []Entry {
	return slices.SortedStableFunc(slices.Values(entries), compareKeys)
}
