package namespace

import (
	"slices"
	"strings"
	"time"

	"granary/auth/perm"
)

// The operations of the model. Each returns what the caller gets and how it fails, allowed if it does not, and checks
// in the order that HDFS does.

// see walks to path and requires the right want on the inode there.
func (m *model) see(user, path string, want perm.Action) (*modelNode, Kind) {
	w := m.walkFor(user, path)
	if kind := m.reach(user, w, false); kind != allowed {
		return nil, kind
	}
	n := w.node()
	if n == nil {
		return nil, NotExist
	}
	if !m.may(user, n, want) {
		return nil, AccessControl
	}
	return n, allowed
}

// stat is see without needing a right, except that below a file the superuser only learns that nothing is there.
func (m *model) stat(user, path string) (*modelNode, Kind) {
	n, kind := m.see(user, path, perm.None)
	if kind == AccessControl && user == superuser {
		kind = NotExist
	}
	return n, kind
}

func (m *model) list(user, path string) (*modelNode, Kind) {
	n, kind := m.see(user, path, perm.None)
	if kind == allowed && n.dir && !m.may(user, n, perm.ReadExecute) {
		kind = AccessControl
	}
	return n, kind
}

// file does what all reading operations need.
func (m *model) file(user, path string) (*modelNode, Kind) {
	n, kind := m.see(user, path, perm.None)
	switch {
	case kind != allowed:
	case n.dir:
		kind = NotExist
	case !m.may(user, n, perm.Read):
		kind = AccessControl
	}
	return n, kind
}

func (m *model) summary(user, path string) (Summary, Kind) {
	top, kind := m.see(user, path, perm.None)
	if kind != allowed {
		return Summary{}, kind
	}
	sum := Summary{Quota: top.limit("names"), SpaceQuota: top.limit("space")}
	top.below(path, func(_ string, n *modelNode) {
		if !m.sees(user, n) {
			return
		}
		if n.dir {
			sum.Directories++
			if !m.mayFrom(user, top, n, perm.ReadExecute) {
				kind = AccessControl
			}
			return
		}
		sum.Files++
		sum.Length += int64(len(n.content))
		sum.SpaceConsumed += int64(len(n.content) * n.replication)
	})
	if kind == allowed {
		sum.Types = top.typeUsage()
	}
	return sum, kind
}

// read records that n was read: an access time older than an hour is renewed.
func (m *model) read(n *modelNode) {
	if n.atime < m.now-time.Hour.Milliseconds() {
		n.atime = m.now
	}
}

func (m *model) create(user, path string, o CreateOptions, content []byte) (*modelNode, Kind) {
	if o.BlockSize == 0 {
		o.BlockSize = DefaultBlockSize
	}
	if o.Replication == 0 {
		o.Replication = DefaultReplication
	}
	switch {
	case o.BlockSize%512 != 0:
		return nil, InvalidValue
	case o.Replication > 512:
		return nil, IO
	}
	w := m.walkFor(user, path)
	if kind := m.reach(user, w, true); kind != allowed {
		return nil, kind
	}
	if !m.may(user, w.ancestor(), perm.Write) {
		return nil, AccessControl
	}
	switch n := w.node(); {
	case n != nil && n.dir:
		return nil, Exist
	case n != nil && !o.Overwrite:
		return nil, Exist
	case n != nil && !m.may(user, n, perm.Write):
		return nil, AccessControl
	case n == nil && w.parent() == nil && !o.CreateParent:
		return nil, NotExist
	case n == nil && o.MustExist:
		return nil, NotExist
	}
	var n *modelNode
	kind := m.within(path, len(content) > 0, func(m *model) {
		w := m.walkFor(user, path)
		dir := w.parent()
		if dir == nil {
			dir = m.bearDirs(user, w, w.ancestor().mode(), nil)
		}
		mode, unmasked := o.Mode, o.Unmasked
		if unmasked == nil {
			mode, unmasked = o.Mode&^perm.Sticky, &o.Mode
		}
		n = m.bear(user, dir, w.name(), false, mode, unmasked)
		n.atime, n.replication, n.blockSize = m.now, o.Replication, o.BlockSize
		n.write(content)
	})
	return n, kind
}

func (m *model) append(user, path string, content []byte) Kind {
	n, kind := m.see(user, path, perm.None)
	switch {
	case kind != allowed:
		return kind
	case n.dir:
		return Exist
	case !m.may(user, n, perm.Write):
		return AccessControl
	}
	return m.within(path, len(content) > 0, func(m *model) {
		n := m.walkFor(user, path).node()
		n.write(content)
		n.mtime = m.now // even if SETTIMES had put it into the future
	})
}

func (m *model) mkdirs(user, path string, o MkdirOptions) Kind {
	w := m.walkFor(user, path)
	if kind := m.reach(user, w, true); kind != allowed {
		return kind
	}
	switch n := w.node(); {
	case n != nil && n.dir:
		return allowed
	case n != nil:
		return Exist
	case !m.may(user, w.ancestor(), perm.Write):
		return AccessControl
	}
	return m.within(path, false, func(m *model) {
		w := m.walkFor(user, path)
		m.bear(user, m.bearDirs(user, w, o.Mode, o.Unmasked), w.name(), true, o.Mode, o.Unmasked)
	})
}

func (m *model) delete(user, path string, recursive bool) (bool, Kind) {
	w := m.walkFor(user, path)
	if kind := m.reach(user, w, false); kind != allowed {
		return false, kind
	}
	if kind := m.leave(user, w); kind != allowed {
		return false, kind
	}
	n := w.node()
	if n == nil {
		return false, allowed
	}
	if kind := m.mayClear(user, n); kind != allowed {
		return false, kind
	}
	if len(n.children) > 0 && !recursive {
		return false, NotEmpty
	}
	m.cut(w)
	if n.inProject && !w.parent().inProject {
		m.project, m.roles = "", map[string]Role{}
	}
	return true, allowed
}

// mayClear requires all rights on each directory at and below n that is not empty.
func (m *model) mayClear(user string, n *modelNode) Kind {
	kind := allowed
	n.below("", func(_ string, dir *modelNode) {
		if len(dir.children) == 0 || m.rules(user, n) {
			return
		}
		if !m.mayFrom(user, n, dir, perm.All) {
			kind = AccessControl
		}
		for _, child := range dir.children {
			if m.stuck(user, dir, child) {
				kind = AccessControl
			}
		}
	})
	return kind
}

// cut removes the last component from its directory.
func (m *model) cut(w modelWalk) {
	w.node().parent = nil
	delete(w.parent().children, w.name())
	m.touch(w.parent())
}

// ends walks both paths of a rename.
func (m *model) ends(user, src, dst string) (from, to modelWalk, kind Kind) {
	from, to = m.walkFor(user, src), m.walkFor(user, dst)
	if kind := m.reach(user, from, false); kind != allowed {
		return from, to, kind
	}
	return from, to, m.reach(user, to, true)
}

// mayMove requires the rights that a rename needs.
func (m *model) mayMove(user string, from, to modelWalk) Kind {
	if kind := m.leave(user, from); kind != allowed {
		return kind
	}
	if kind := m.reach(user, to, true); kind != allowed {
		return kind
	}
	if !m.may(user, to.ancestor(), perm.Write) {
		return AccessControl
	}
	return allowed
}

func (m *model) rename(user, src, dst string) (bool, Kind) {
	from, to, kind := m.ends(user, src, dst)
	if kind != allowed {
		return false, kind
	}
	if n := to.node(); n != nil && n.dir {
		to = m.walkFor(user, dst+"/"+from.name())
	}
	if kind := m.mayMove(user, from, to); kind != allowed {
		return false, kind
	}
	switch {
	case from.node() == nil:
		return false, allowed
	case to.path == src:
		return true, allowed
	case strings.HasPrefix(to.path, src+"/"), to.node() != nil, to.parent() == nil:
		return false, allowed
	case !m.sameProject(from, to):
		return false, IO
	}
	kind = m.within(to.path, false, func(m *model) { m.move(m.walkFor(user, src), m.walkFor(user, to.path)) })
	return kind == allowed, kind
}

func (m *model) renameTo(user, src, dst string, o MoveOptions) Kind {
	from, to, kind := m.ends(user, src, dst)
	if kind != allowed {
		return kind
	}
	if kind := m.leave(user, from); kind != allowed {
		return kind
	}
	n, there := from.node(), to.node()
	if o.ToTrash && n != nil && m.mayClear(user, n) != allowed {
		return AccessControl
	}
	if kind := m.mayMove(user, from, to); kind != allowed {
		return kind
	}
	switch {
	case n == nil:
		return NotExist
	case src == dst:
		return Exist
	case strings.HasPrefix(dst, src+"/"):
		return IO
	case there != nil && there.dir != n.dir:
		return IO
	case there != nil && !o.Overwrite:
		return Exist
	case to.parent() == nil:
		return NotExist
	case !m.sameProject(from, to):
		return IO
	case there != nil && len(there.children) > 0:
		return IO
	}
	return m.within(dst, false, func(m *model) { m.move(m.walkFor(user, src), m.walkFor(user, dst)) })
}

// replace is renameTo over whatever is there, which is deleted, as the model test has no trash.
func (m *model) replace(user, src, dst string) Kind {
	from, to, kind := m.ends(user, src, dst)
	if kind != allowed {
		return kind
	}
	if kind := m.mayMove(user, from, to); kind != allowed {
		return kind
	}
	n, there := from.node(), to.node()
	switch {
	case n == nil:
		return NotExist
	case src == dst:
		return Exist
	case strings.HasPrefix(dst, src+"/"), there != nil && there.dir != n.dir:
		return IO
	case to.parent() == nil:
		return NotExist
	case there != nil && m.leave(user, to) != allowed:
		return AccessControl
	case !m.sameProject(from, to), strings.HasPrefix(src, dst+"/"), there != nil && there.dataset != nil:
		return IO
	case there != nil && m.mayClear(user, there) != allowed:
		return AccessControl
	}
	return m.within(dst, false, func(m *model) { m.move(m.walk(src), m.walk(dst)) })
}

// sameProject reports whether a move stays in one project, and so under one key.
func (m *model) sameProject(from, to modelWalk) bool {
	home := from.node().inProject
	there := to.node()
	return from.parent().inProject == home && to.parent().inProject == home && (there == nil || there.inProject == home)
}

func (m *model) move(from, to modelWalk) {
	n := from.node()
	m.cut(from)
	if to.node() != nil {
		m.cut(to)
	}
	to.parent().adopt(to.name(), n)
	m.touch(to.parent())
}

// owned walks to an inode that user must own.
func (m *model) owned(user, path string) (*modelNode, Kind) {
	n, kind := m.see(user, path, perm.None)
	// An observer may not even manage their own files.
	if kind == allowed && !m.manages(user, n) {
		kind = AccessControl
	}
	return n, kind
}

func (m *model) setOwner(user, path, owner, group string) Kind {
	if owner == "" && group == "" {
		return InvalidArgument
	}
	n, kind := m.owned(user, path)
	if kind != allowed {
		return kind
	}
	inGroup := slices.Contains(m.groups[user], group) || (m.roleIn(user, n) != "" && group == m.project)
	if user != superuser && ((owner != "" && owner != user) || (group != "" && !inGroup)) {
		return AccessControl
	}
	if owner != "" {
		n.owner = owner
	}
	if group != "" {
		n.group = group
	}
	return allowed
}

func (m *model) setTimes(user, path string, mtime, atime int64) Kind {
	n, kind := m.see(user, path, perm.Write)
	if kind != allowed {
		return kind
	}
	if mtime != -1 {
		n.mtime = mtime
	}
	if atime != -1 {
		n.atime = atime
	}
	return allowed
}

func (m *model) setReplication(user, path string, replication int) (bool, Kind) {
	switch {
	case replication == 0:
		replication = DefaultReplication
	case replication > 512:
		return false, IO
	}
	n, kind := m.see(user, path, perm.Write)
	switch {
	case kind == NotExist:
		return false, allowed
	case kind != allowed:
		return false, kind
	case n.dir:
		return false, allowed
	}
	kind = m.within(path, false, func(m *model) { m.walkFor(user, path).node().replication = replication })
	return kind == allowed, kind
}

// setACL runs one of the five changes of an ACL.
func (m *model) setACL(user, path string, change func(n *modelNode) Kind) Kind {
	n, kind := m.owned(user, path)
	if kind != allowed {
		return kind
	}
	return change(n)
}
