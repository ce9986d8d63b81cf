package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Rename moves src to dst as HDFS's two-argument rename does: into dst if dst is a directory. It reports false, not an
// error, for what cannot be moved: a missing source, an existing file, a missing parent of dst, a directory below
// itself, the root. Renaming a file to itself reports true. One row changes, however large the subtree is.
//
// It needs write on the source's parent, where the sticky bit is respected, and on the destination's nearest existing
// ancestor. Nothing is moved between projects, since their keys differ.
// Source: FSDirRenameOp.renameTo of Hadoop 3.4.
func (s *Session) Rename(ctx context.Context, src, dst Path) (bool, error) {
	return act(ctx, s, "rename", src, func(w *walker) (bool, *mutation, error) {
		from, to, inside, err := w.walkBoth(src, dst, true)
		if err != nil {
			return false, nil, err
		}
		src := from.path
		if n := to.node(); n != nil && n.dir() && !src.IsRoot() {
			if err := w.check(from, leaving); err != nil { // before the path into the directory, as in HDFS
				return false, nil, err
			}
			if err := w.settle(inside, renamed); err != nil {
				return false, nil, err
			}
			to = inside
		}
		if err := w.checkBoth(from, to); err != nil {
			return false, nil, err
		}
		node, own, target := from.node(), from.placed(src), to.placed(to.path)
		switch {
		case node == nil || src.IsRoot():
			return false, nil, nil
		case target == own:
			return true, nil, nil
		case target.under(own) || to.node() != nil || to.parent() == nil:
			return false, nil, nil
		}
		m, err := w.move(from, to)
		return true, m, err
	})
}

// MoveOptions are the options of a rename.
type MoveOptions struct {
	Overwrite bool // a file may replace a file, and a directory an empty one
	// ToTrash demands the rights that Delete needs, since the emptier, which has them, will delete what is in the trash.
	ToTrash bool
}

// Move moves src to dst as HDFS's rename with options does: exactly to dst, and whatever prevents that is an error.
// Rights are those of Rename. Source: FSDirRenameOp.unprotectedRenameTo with options, of Hadoop 3.4.
func (s *Session) Move(ctx context.Context, src, dst Path, o MoveOptions) error {
	_, err := act(ctx, s, "rename", src, func(w *walker) (struct{}, *mutation, error) {
		from, to, _, err := w.walkBoth(src, dst, false)
		if err == nil && o.ToTrash && from.path.IsRoot() {
			err = w.need(from, 0, perm.All)
		}
		if err == nil {
			err = w.check(from, leaving)
		}
		if err == nil && o.ToTrash {
			err = w.ownsTrash(to)
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		m, err := w.moveTo(from, to, o.Overwrite)
		switch {
		case err != nil && o.ToTrash:
			err = w.sooner(from, err)
		case o.ToTrash:
			w.demandBelow(m, from)
		}
		return struct{}{}, m, err
	})
	return err
}

// demandBelow makes m fail unless the principal has all rights on the subtree at c, which m locks at its top.
func (w *walker) demandBelow(m *mutation, c *chain) {
	n, apply := c.node(), m.apply
	if !n.dir() || w.passes(c, n) {
		return
	}
	m.counts = m.counts || w.looksBelow(n)
	m.apply = func(ctx context.Context, tx pgx.Tx) error {
		if err := w.checkBelow(ctx, tx, c, n); err != nil {
			return err
		}
		return apply(ctx, tx)
	}
}

// moveTo plans that from's inode becomes to's entry, if the principal may move it and nothing is in the way.
func (w *walker) moveTo(from, to *chain, overwrite bool) (*mutation, error) {
	if err := w.checkBoth(from, to); err != nil {
		return nil, err
	}
	if err := movable(from, to, overwrite); err != nil {
		return nil, err
	}
	return w.move(from, to)
}

// sooner returns the refusal of [walker.demandBelow] at c, if there is one, else err: HDFS checks the subtree before it finds err.
func (w *walker) sooner(c *chain, err error) error {
	n := c.node()
	if w.hasty || n == nil || !n.dir() || w.passes(c, n) { // a hasty refusal is never the answer
		return err
	}
	below := w.s.survey(w.ctx, func(tx pgx.Tx) error { return w.checkBelow(w.ctx, tx, c, n) })
	if below == nil {
		return err
	}
	return below
}

// movable checks a rename with options against HDFS's rules, in HDFS's order. Own paths decide whether the two ends are the same,
// or one lies below the other: through shares, a file has several other paths.
func movable(from, to *chain, overwrite bool) error {
	src, dst := from.path, to.path
	own, target := from.placed(src), to.placed(dst)
	node, there := from.node(), to.node()
	switch {
	case node == nil:
		return fail(NotExist, "rename source %s is not found.", src)
	case src.IsRoot():
		return fail(IO, "rename source cannot be the root")
	case own == target:
		return fail(Exist, "The source %s and destination %s are the same", src, dst)
	case target.under(own):
		return fail(IO, "Rename destination %s is a directory or file under source %s", dst, src)
	case dst.IsRoot():
		return fail(IO, "rename destination cannot be the root")
	case there != nil && there.dir() != node.dir():
		return fail(IO, "Source %s and destination %s must both be directories", src, dst)
	case there != nil && !overwrite:
		return fail(Exist, "rename destination %s already exists", dst)
	case to.parent() == nil:
		return fail(NotExist, "rename destination parent %s not found.", dst)
	}
	return nil
}

// leaving is what a rename needs at its source, and renamed what it needs on the way to its destination.
var (
	leaving = Need{Parent: perm.Write, Change: true}
	renamed = Need{Create: true, Change: true}
)

// walkBoth walks the two paths of a rename and, if within is set, a third, which it does not check: the source's name in the
// directory dst.
func (w *walker) walkBoth(src, dst Path, within bool) (from, to, inside *chain, err error) {
	if dst.text == "/"+reserved {
		return nil, nil, nil, fail(InvalidPath, "Invalid path name Cannot rename to or from %s", dst)
	}
	if src, err = w.resolveRaw(src); err != nil {
		return nil, nil, nil, err
	}
	dst, forbidden := w.resolveRaw(dst)
	paths := []Path{src, dst, dst}
	if within && !src.IsRoot() {
		paths[2] = dst.Join(src.Name())
	}
	if w.hasty {
		w.vacant, paths = dst, paths[:2]
	}
	all, err := w.find(paths...)
	if err != nil {
		return nil, nil, nil, err
	}
	if w.hasty {
		all = append(all, nil)
		if n := all[1].node(); n != nil && n.dir() { // the third path matters
			return nil, nil, nil, errStale
		}
	}
	if err = w.settle(all[0], Need{}); err == nil {
		err = forbidden
	}
	if err == nil {
		err = w.settle(all[1], renamed)
	}
	return all[0], all[1], all[2], err
}

// checkBoth demands the rights that a rename needs at its two ends.
func (w *walker) checkBoth(from, to *chain) error {
	if err := w.check(from, leaving); err != nil {
		return err
	}
	return w.check(to, Need{Ancestor: perm.Write, Create: true, Change: true})
}

// move plans that from's inode becomes to's entry, and replaces what is there.
func (w *walker) move(from, to *chain) (*mutation, error) {
	node, oldParent, newParent, there := from.node(), from.parent(), to.parent(), to.node()
	if err := keepsToProject(from, to); err != nil {
		return nil, err
	}
	t := w.transfer(from, to)
	m := &mutation{event: w.event(from, node)}
	m.event.target = to.placed(to.path)
	if there != nil {
		m.event.detail.Replaced = there.id
	}
	if node.dir() {
		m.moves = []int64{node.project}
	}
	if there != nil {
		w.relied.node(there, exclusive)
	}
	fs, now := w.s.fs, w.s.fs.millis()
	if there != nil && (len(to.quotas()) > 0 || !there.dir()) {
		w.relied.content(there)
	}
	if !node.dir() {
		m.charges, m.effects = w.moveFile(t, now)
		return m, nil
	}
	if there == nil {
		m.touches = &touched{
			entries: []entry{{oldParent.key(), from.path.Name()}, {newParent.key(), to.path.Name()}},
			dirs:    []key{oldParent.key(), newParent.key()},
		}
	}
	m.counts = t.counts()
	m.apply = func(ctx context.Context, tx pgx.Tx) (err error) {
		if err := t.weigh(ctx, tx); err != nil {
			return err
		}
		if there != nil {
			if m.event.told, err = fs.giveWay(ctx, tx, there, to.path); err != nil {
				return err
			}
		}
		if err := t.place(ctx, tx, to.path.Name()); err != nil {
			return err
		}
		if m.charges, err = t.charges(ctx, tx); err != nil {
			return err
		}
		if there != nil {
			m.charges = append(m.charges, charged(to.quotas(), costOf(there).negative(), amount{})...)
		}
		return fs.countMove(ctx, tx, oldParent.key(), newParent.key(), to.path.Parent(), there != nil, now)
	}
	return m, nil
}

// moveFile plans t for a file, which may replace another one.
func (w *walker) moveFile(t *transfer, now int64) ([]charge, *effects) {
	from, to, there := t.from.parent().key(), t.to.parent().key(), t.to.node()
	charges := t.bill(costOf(t.node), costOf(&t.after))
	e := &effects{moved: []newPlace{t.newPlace(t.to.path.Name())}, left: []entry{{from, t.from.path.Name()}}}
	if there != nil {
		e.gone = []*node{there}
		charges = append(charges, charged(t.to.quotas(), costOf(there).negative(), amount{})...)
	}
	switch {
	case from == to && there == nil:
		e.visits = []visit{{dir: from, mtime: now}}
	case from == to:
		e.visits = []visit{{dir: from, mtime: now, delta: -1}}
	case there == nil:
		e.visits = []visit{{dir: from, mtime: now, delta: -1}, {dir: to, path: t.to.path.Parent(), mtime: now, delta: 1, limited: true}}
	default:
		e.visits = []visit{{dir: from, mtime: now, delta: -1}, {dir: to, mtime: now}}
	}
	return charges, e
}

// keepsToProject refuses to move anything out of its project, to move or replace a project, the directory of projects, or the directory or
// mounts that show shares, and to give an invalid name.
func keepsToProject(from, to *chain) error {
	n, parent, there := from.node(), to.parent(), to.node()
	if err := n.stays(from.path); err != nil {
		return err
	}
	if there != nil {
		if err := there.stays(to.path); err != nil {
			return err
		}
	}
	if n.dir() && from.path.text == ProjectsDir || there != nil && there.dir() && to.path.text == ProjectsDir {
		return fail(AccessControl, "%s holds the projects, and stays where it is", ProjectsDir)
	}
	if n.project != parent.project || n.project != from.parent().project {
		return fail(IO, "%s can't be moved from %s to %s: files keep to their project, whose key seals them; copy them instead.",
			from.path, projectOf(from, n), projectOf(to, parent))
	}
	if there != nil && there.project != parent.project {
		return fail(IO, "%s is a project and cannot be replaced.", to.path)
	}
	return to.path.checkNames(len(to.names) - 1)
}

// projectOf names the project that the node n of c lies in, for error messages.
func projectOf(c *chain, n *node) string {
	if n.project == 0 {
		return "outside any project"
	}
	return "project " + c.projects[n.project].name
}

// giveWay removes what a rename replaces: a file, or a directory that must be empty. It returns the events by which other projects
// are told that shares end with it.
func (fs *FS) giveWay(ctx context.Context, tx pgx.Tx, n *node, path Path) ([]*event, error) {
	if !n.dir() {
		return nil, deleteFile(ctx, tx, n)
	}
	empty, err := emptyDir(ctx, tx, n)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, fail(IO, "rename destination directory is not empty: %s", path)
	}
	told, err := dropDataset(ctx, tx, n)
	if err != nil {
		return nil, err
	}
	return told, deleteDir(ctx, tx, n)
}

// countMove counts a moved entry in both directories, in the order of ids. path is that of to.
func (fs *FS) countMove(ctx context.Context, tx pgx.Tx, from, to key, path Path, replaced bool, now int64) error {
	if from == to {
		delta := int64(0)
		if replaced {
			delta = -1
		}
		return fs.touchDir(ctx, tx, from, now, delta)
	}
	leave := func() error { return fs.touchDir(ctx, tx, from, now, -1) }
	enter := func() error {
		if replaced {
			return fs.touchDir(ctx, tx, to, now, 0)
		}
		return fs.adopt(ctx, tx, to, path, now)
	}
	if to.id < from.id {
		leave, enter = enter, leave
	}
	if err := leave(); err != nil {
		return err
	}
	return enter()
}
