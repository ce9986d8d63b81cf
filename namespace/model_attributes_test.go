package namespace

import (
	"slices"
	"strings"

	"granary/auth/perm"
)

// mayUseXattr reports whether a namespace of extended attributes is open to user.
func mayUseXattr(user string, name XattrName) bool {
	return name.space == "user" || (name.space == "trusted" && user == superuser)
}

// xattrTarget walks to the inode whose attribute name user may change.
func (m *model) xattrTarget(user, path string, name XattrName) (*modelNode, Kind) {
	if !mayUseXattr(user, name) {
		return nil, AccessControl
	}
	n, kind := m.see(user, path, perm.None)
	switch {
	case kind != allowed || name.space != "user":
		return n, kind
	case n.dir && n.sticky && !m.manages(user, n):
		return n, AccessControl
	case (!n.dir || !n.sticky) && !m.may(user, n, perm.Write):
		return n, AccessControl
	}
	return n, allowed
}

func (m *model) setXattr(user, path string, x Xattr, flags XattrFlags) Kind {
	if len(x.Name.local)+len(x.Value) > 16<<10 {
		return InvalidValue
	}
	n, kind := m.xattrTarget(user, path, x.Name)
	if kind != allowed {
		return kind
	}
	others := slices.DeleteFunc(slices.Clone(n.xattrs), func(o Xattr) bool { return o.Name == x.Name })
	switch there := len(others) < len(n.xattrs); {
	case there && !flags.Replace, !there && !flags.Create, len(others) == 32:
		return IO
	}
	// The newest stands first, but short values before long ones.
	short, long := []Xattr{}, []Xattr{}
	for _, o := range slices.Insert(others, 0, x) {
		if len(o.Value) <= 1024 {
			short = append(short, o)
		} else {
			long = append(long, o)
		}
	}
	n.xattrs = slices.Concat(short, long)
	return allowed
}

func (m *model) removeXattr(user, path string, name XattrName) Kind {
	n, kind := m.xattrTarget(user, path, name)
	if kind != allowed {
		return kind
	}
	others := slices.DeleteFunc(slices.Clone(n.xattrs), func(o Xattr) bool { return o.Name == name })
	if len(others) == len(n.xattrs) {
		return IO
	}
	n.xattrs = others
	return allowed
}

// getXattrs returns the attributes of the names, or all that user may know.
func (m *model) getXattrs(user, path string, names []XattrName) ([]Xattr, Kind) {
	for _, name := range names {
		if !mayUseXattr(user, name) {
			return nil, AccessControl
		}
	}
	n, kind := m.see(user, path, perm.Read)
	if kind != allowed {
		return nil, kind
	}
	if len(names) == 0 {
		return slices.DeleteFunc(slices.Clone(n.xattrs), func(x Xattr) bool { return !mayUseXattr(user, x.Name) }), allowed
	}
	var found []Xattr
	for _, name := range names {
		at := slices.IndexFunc(n.xattrs, func(x Xattr) bool { return x.Name == name })
		if at < 0 {
			return nil, NoXattr
		}
		found = append(found, n.xattrs[at])
	}
	return found, allowed
}

func (m *model) setPolicy(user, path, name string) Kind {
	name = strings.ToUpper(name)
	if _, known := modelPolicies[name]; !known {
		return InvalidValue
	}
	n, kind := m.see(user, path, perm.Write)
	switch {
	case kind != allowed:
		return kind
	case name == "LAZY_PERSIST" && !n.dir:
		return InvalidValue
	}
	n.policy = name
	return allowed
}

func (m *model) getPolicy(user, path string) (string, Kind) {
	n, kind := m.see(user, path, perm.Read)
	if kind != allowed {
		return "", kind
	}
	if name := n.storagePolicy(); name != "" {
		return name, allowed
	}
	return "HOT", allowed
}
