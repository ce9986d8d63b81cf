package namespace

import (
	"maps"
	"slices"
	"strings"

	"granary/auth/perm"
)

// model implements the semantics of HDFS a second time: a tree in memory, written naively and independently of the code under test.
// The two share only the types of the interface. The model has one project.
type model struct {
	root    *modelNode
	groups  map[string][]string // of users
	project string              // name of the project; "" when it was deleted
	roles   map[string]Role     // of users in the project
	now     int64               // milliseconds since 1970
}

// modelNode is a file or directory.
type modelNode struct {
	dir         bool
	inProject   bool
	owner       string
	group       string
	sticky      bool
	access      modelACL
	inherit     modelACL // default entries; empty: none
	mtime       int64
	atime       int64
	replication int
	blockSize   int64
	content     []byte
	blocks      []int     // lengths of the HDFS blocks that content is divided into
	xattrs      []Xattr   // the newest first
	policy      string    // of storage; "": the one from above
	limits      modelCost // by what is limited; empty: no limits
	dataset     *modelDataset
	parent      *modelNode // nil for the root and for what is gone
	children    map[string]*modelNode
	id          int64 // as the file system showed it first; 0: not seen yet
}

// allowed is the verdict of an operation that does not fail.
const allowed = kinds

// newModelDir makes a directory for the initial tree.
func newModelDir(owner, group string, mode perm.Mode, mtime int64) *modelNode {
	n := &modelNode{dir: true, owner: owner, group: group, mtime: mtime, children: map[string]*modelNode{}}
	n.access = modelACL{}
	n.chmod(mode)
	return n
}

// adopt puts a directory of the initial tree where it belongs.
func (n *modelNode) adopt(name string, child *modelNode) *modelNode {
	child.parent, n.children[name] = n, child
	return child
}

// modelWalk is what lies along a path: found[0] is the root, and found[i+1] is names[i].
type modelWalk struct {
	path  string
	names []string
	found []*modelNode
}

func (m *model) walk(path string) modelWalk {
	w := modelWalk{path: path, names: strings.FieldsFunc(path, func(r rune) bool { return r == '/' }), found: []*modelNode{m.root}}
	for _, name := range w.names {
		next := w.found[len(w.found)-1].children[name]
		if next == nil {
			break
		}
		w.found = append(w.found, next)
	}
	return w
}

// walkFor is walk for a user, who does not see a project unless something lets them into it.
func (m *model) walkFor(user, path string) modelWalk {
	w := m.walk(path)
	for i, n := range w.found {
		if !m.sees(user, n) {
			w.found = w.found[:i]
			break
		}
	}
	return w
}

// sees reports whether n may be there for user: outside the project, or in it if user may know of it.
func (m *model) sees(user string, n *modelNode) bool {
	if !n.inProject {
		return true
	}
	for n.parent.inProject {
		n = n.parent
	}
	return m.roleIn(user, n) != "" || n.known(user) || m.may(user, n, perm.Read) || m.may(user, n, perm.Write) || m.may(user, n, perm.Execute)
}

func (w modelWalk) node() *modelNode {
	if len(w.found) > len(w.names) {
		return w.found[len(w.names)]
	}
	return nil
}

func (w modelWalk) parent() *modelNode {
	if len(w.names) > 0 && len(w.found) >= len(w.names) {
		return w.found[len(w.names)-1]
	}
	return nil
}

// above is everything found above the last component.
func (w modelWalk) above() []*modelNode { return w.found[:min(len(w.found), len(w.names))] }

func (w modelWalk) ancestor() *modelNode { return w.above()[len(w.above())-1] }

func (w modelWalk) name() string { return w.names[len(w.names)-1] }

// may evaluates the rights of user on n.
func (m *model) may(user string, n *modelNode, want perm.Action) bool {
	return m.mayFrom(user, n, n, want)
}

// mayFrom is may for n at or below top, without what datasets between the two give: whoever changes or sums up a whole subtree
// is judged by what leads to it.
func (m *model) mayFrom(user string, top, n *modelNode, want perm.Action) bool {
	role := m.roleIn(user, n)
	switch {
	case user == superuser || role == Owner:
		return true
	case role == Observer && want&perm.Write != 0:
		return false
	case n.owner == user:
		return n.access["user:"]&want == want
	}
	mask, extended := n.access["mask:"]
	if !extended {
		mask = perm.All
	}
	if entry, ok := n.access["user:"+user]; ok {
		return entry&mask&want == want
	}
	matched, covered := false, false
	under := mask
	if !extended {
		under = n.access["group:"]
	}
	for _, rights := range m.given(user, top) {
		matched = true
		covered = covered || rights&under&want == want
	}
	for key, entry := range n.access {
		group, ok := strings.CutPrefix(key, "group:")
		if group == "" {
			group = n.group
		}
		if ok && (slices.Contains(m.groups[user], group) || (role != "" && group == m.project)) {
			matched = true
			covered = covered || entry&mask&want == want
		}
	}
	if matched {
		return covered
	}
	return n.access["other:"]&want == want
}

// roleIn is the role of user in the project if n lies in it.
func (m *model) roleIn(user string, n *modelNode) Role {
	if n.inProject {
		return m.roles[user]
	}
	return ""
}

// rules reports whether modes do not bind user on n.
func (m *model) rules(user string, n *modelNode) bool {
	return user == superuser || m.roleIn(user, n) == Owner
}

// manages reports whether user may do to n what its owner may; an observer who made it before may not.
func (m *model) manages(user string, n *modelNode) bool {
	return m.rules(user, n) || n.owner == user && m.roleIn(user, n) != Observer
}

// stuck reports whether the sticky bit of dir keeps user from removing child.
func (m *model) stuck(user string, dir, child *modelNode) bool {
	return dir.sticky && !m.rules(user, dir) && dir.owner != user && child.owner != user
}

// reach requires that user may search the directories above the last component. making is true for operations that could
// make it.
func (m *model) reach(user string, w modelWalk, making bool) Kind {
	for i, n := range w.above() {
		switch {
		case !n.dir && making:
			return ParentNotDirectory
		case !n.dir, !w.leadsToShare(user, i) && !m.may(user, n, perm.Execute):
			return AccessControl
		}
	}
	return allowed
}

// leave requires what removing an entry needs: write on its directory, and ownership of it or the directory if that is sticky.
func (m *model) leave(user string, w modelWalk) Kind {
	dir, n := w.parent(), w.node()
	if dir != nil && (!m.may(user, dir, perm.Write) || (n != nil && m.stuck(user, dir, n))) {
		return AccessControl
	}
	return allowed
}

// touch records that a child of n came or went.
func (m *model) touch(n *modelNode) { n.mtime = max(n.mtime, m.now) }

// bear makes the entry name of dir.
func (m *model) bear(user string, dir *modelNode, name string, isDir bool, mode perm.Mode, unmasked *perm.Mode) *modelNode {
	n := &modelNode{dir: isDir, parent: dir, inProject: dir.inProject, owner: user, group: dir.group, mtime: m.now, access: modelACL{}, inherit: modelACL{}}
	if isDir {
		n.children = map[string]*modelNode{}
	}
	if len(dir.inherit) == 0 {
		n.chmod(mode)
	} else {
		if unmasked != nil {
			mode = *unmasked
		}
		n.access = maps.Clone(dir.inherit)
		n.access["user:"] &= mode.User()
		n.access["other:"] &= mode.Other()
		middle := "group:"
		if _, ok := n.access["mask:"]; ok {
			middle = "mask:"
		}
		n.access[middle] &= mode.Group()
		n.sticky = mode.Sticky()
		if isDir {
			n.inherit = maps.Clone(dir.inherit)
		}
	}
	dir.children[name] = n
	m.touch(dir)
	return n
}

// bearDirs makes the directories that w lacks above its last component and returns the last of them.
func (m *model) bearDirs(user string, w modelWalk, mode perm.Mode, unmasked *perm.Mode) *modelNode {
	dir := w.found[len(w.found)-1]
	for _, name := range w.names[len(w.found)-1 : len(w.names)-1] {
		dir = m.bear(user, dir, name, true, mode&0o777|0o300, unmasked)
	}
	return dir
}

// chmod sets the mode: beside a mask, the group bits are the mask's.
func (n *modelNode) chmod(mode perm.Mode) {
	n.access["user:"], n.access["other:"], n.sticky = mode.User(), mode.Other(), mode.Sticky()
	if _, ok := n.access["mask:"]; ok {
		n.access["mask:"] = mode.Group()
	} else {
		n.access["group:"] = mode.Group()
	}
}

// mode is what a status shows.
func (n *modelNode) mode() perm.Mode {
	middle, ok := n.access["mask:"]
	if !ok {
		middle = n.access["group:"]
	}
	mode := perm.Mode(n.access["user:"])<<6 | perm.Mode(middle)<<3 | perm.Mode(n.access["other:"])
	if n.sticky {
		mode |= perm.Sticky
	}
	return mode
}

// below yields n and everything below it with paths, in the order of names.
func (n *modelNode) below(path string, yield func(path string, n *modelNode)) {
	yield(path, n)
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		n.children[name].below(strings.TrimSuffix(path, "/")+"/"+name, yield)
	}
}
