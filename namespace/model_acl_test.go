package namespace

import (
	"maps"
	"slices"
	"strings"

	"granary/auth/perm"
)

// modelACL is one scope of an ACL with nothing left out: rights by "type:name". The access scope always holds user:,
// group: and other:, and mask: where it is extended.
type modelACL map[string]perm.Action

// entries lists n's ACL as GETACLSTATUS does.
func (n *modelNode) entries() []string {
	entries := []string{}
	list := func(acl modelACL, prefix string, leaveOut ...string) {
		for _, kind := range []string{"user:", "group:", "mask:", "other:"} {
			for _, key := range slices.Sorted(maps.Keys(acl)) {
				if strings.HasPrefix(key, kind) && !slices.Contains(leaveOut, key) {
					entries = append(entries, prefix+key+":"+acl[key].Symbol())
				}
			}
		}
	}
	if _, extended := n.access["mask:"]; extended {
		list(n.access, "", "user:", "mask:", "other:")
	}
	list(n.inherit, "default:")
	return entries
}

// scopes divides a specification and keys it.
func scopes(spec []perm.Entry) (access, inherit modelACL) {
	access, inherit = modelACL{}, modelACL{}
	for _, e := range spec {
		if e.Scope == perm.Default {
			inherit[e.Type.String()+":"+e.Name] = e.Perm
		} else {
			access[e.Type.String()+":"+e.Name] = e.Perm
		}
	}
	return access, inherit
}

// masksOnly reports whether a scope holds nothing but perhaps a mask.
func (a modelACL) masksOnly() bool {
	for key := range a {
		if key != "mask:" {
			return false
		}
	}
	return true
}

// named reports whether a scope has an entry with a name.
func (a modelACL) named() bool {
	for key := range a {
		if !strings.HasSuffix(key, ":") {
			return true
		}
	}
	return false
}

// remask computes the mask of a scope anew if it must have one.
func (a modelACL) remask(had bool) {
	if !had && !a.named() {
		return
	}
	var union perm.Action
	for key, rights := range a {
		if strings.HasPrefix(key, "group:") || (strings.HasPrefix(key, "user:") && key != "user:") {
			union |= rights
		}
	}
	a["mask:"] = union
}

// modify merges spec into n's ACL.
func (n *modelNode) modify(spec []perm.Entry) Kind {
	access, inherit := scopes(spec)
	merge := func(old, change modelACL) modelACL {
		merged := maps.Clone(old)
		if merged == nil {
			merged = modelACL{}
		}
		maps.Copy(merged, change)
		_, given := change["mask:"]
		if _, had := old["mask:"]; len(change) > 0 && !given {
			merged.remask(had)
		}
		return merged
	}
	newAccess := merge(n.access, access)
	filled := n.fill(newAccess, inherit, n.inherit)
	return n.setACL(newAccess, merge(n.inherit, filled))
}

// replace puts spec in the place of the scopes that it mentions.
func (n *modelNode) replace(spec []perm.Entry) Kind {
	if len(spec) == 0 {
		n.removeACL()
		return allowed
	}
	access, inherit := scopes(spec)
	newAccess, newInherit := n.access, n.inherit
	if len(access) > 0 {
		for _, key := range []string{"user:", "group:", "other:"} {
			if _, ok := access[key]; !ok {
				return InvalidACL
			}
		}
		if _, given := access["mask:"]; !given {
			access.remask(false)
		}
		newAccess = access
	}
	if len(inherit) > 0 {
		_, given := inherit["mask:"]
		newInherit = n.fill(newAccess, inherit, nil)
		if !given {
			newInherit.remask(false)
		}
	}
	return n.setACL(newAccess, newInherit)
}

// fill adds to a change of the default scope the base entries that neither the change nor the old scope has.
func (n *modelNode) fill(access, change, old modelACL) modelACL {
	filled := maps.Clone(change)
	if filled.masksOnly() {
		return filled
	}
	for _, key := range []string{"user:", "group:", "other:"} {
		_, given := change[key]
		_, kept := old[key]
		if !given && !kept {
			filled[key] = access[key]
		}
	}
	return filled
}

// remove takes the entries of spec away.
func (n *modelNode) remove(spec []perm.Entry) Kind {
	access, inherit := scopes(spec)
	less := func(old, gone modelACL, base modelACL) (modelACL, Kind) {
		left := maps.Clone(old)
		removed, unmasked := false, false
		for key := range gone {
			if _, ok := left[key]; ok {
				removed = true
				unmasked = unmasked || key == "mask:"
				delete(left, key)
			}
		}
		if base != nil && !left.masksOnly() {
			for _, key := range []string{"user:", "group:", "other:"} {
				if _, ok := left[key]; !ok {
					left[key] = base[key]
				}
			}
		}
		if !removed || left.masksOnly() {
			return left, allowed
		}
		if unmasked {
			if left.named() {
				return nil, InvalidACL
			}
			return left, allowed
		}
		_, had := old["mask:"]
		left.remask(had)
		return left, allowed
	}
	newAccess, kind := less(n.access, access, nil)
	if kind != allowed {
		return kind
	}
	for _, key := range []string{"user:", "group:", "other:"} {
		if _, ok := newAccess[key]; !ok {
			return InvalidACL
		}
	}
	newInherit, kind := less(n.inherit, inherit, newAccess)
	if kind != allowed {
		return kind
	}
	return n.setACL(newAccess, newInherit)
}

// setACL sets a whole ACL.
func (n *modelNode) setACL(access, inherit modelACL) Kind {
	if inherit.masksOnly() {
		inherit = modelACL{}
	}
	if len(inherit) > 0 && !n.dir {
		return InvalidACL
	}
	n.access, n.inherit = access, inherit
	return allowed
}

// removeACL leaves only the mode, with the owning group's rights back in it.
func (n *modelNode) removeACL() {
	n.access = modelACL{"user:": n.access["user:"], "group:": n.access["group:"], "other:": n.access["other:"]}
	n.inherit = modelACL{}
}
