package namespace

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Replace moves source to target and what was at target to the trash, in one step: everybody who looks there sees either all of the
// old or all of the new. It serves to publish a new version of a directory that others read, which a rename cannot do, since that
// refuses a target with children. If nothing is at target, Replace is a rename.
//
// What was replaced goes into the principal's trash root in its project, where HDFS's clients would have put it (see
// [Session.TrashRoot]); if its name is taken there, its inode's id is appended. If there is no trash, or target lies in one, it is
// deleted.
//
// It needs the rights to rename both, and those of [Session.Delete] on what is replaced. Both must be files or both directories, of
// one project, and neither may lie in the other. Datasets and projects are not replaced, since their shares would be lost. A
// condition of the session is checked against target.
func (s *Session) Replace(ctx context.Context, source, target Path) error {
	_, err := act(ctx, s, "replace", target, func(w *walker) (struct{}, *mutation, error) {
		from, to, _, err := w.walkBoth(source, target, false)
		if err == nil {
			err = w.replaceable(from, to)
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		if to.node() == nil {
			m, err := w.move(from, to)
			return struct{}{}, m, err
		}
		trash, err := w.trashFor(from, to)
		if err != nil {
			return struct{}{}, nil, err
		}
		return struct{}{}, w.replace(from, to, trash), nil
	})
	return err
}

// replaceable checks the rights and rules of Replace.
func (w *walker) replaceable(from, to *chain) error {
	if err := w.checkBoth(from, to); err != nil {
		return err
	}
	if err := movable(from, to, true); err != nil {
		return err
	}
	there := to.node()
	if there != nil {
		if err := w.check(to, Need{Parent: perm.Write, Create: true, Change: true}); err != nil {
			return err
		}
	}
	if err := keepsToProject(from, to); err != nil {
		return err
	}
	switch {
	case from.placed(from.path).under(to.placed(to.path)):
		return fail(IO, "%s lies in %s and so cannot replace it; move it out first", from.path, to.path)
	case there != nil && there.use == useDataset:
		return fail(IO, "%s is a dataset, and shares of it follow the directory and not its name: replace what is in it", to.path)
	}
	return w.holds(to.path, there)
}

// trashFor returns the place in the trash for what is at to, which from replaces: a chain whose last component does not exist, or
// nil if there is no trash for it. It makes missing directories there, and fails with errStale then.
func (w *walker) trashFor(from, to *chain) (*chain, error) {
	fs := w.s.fs
	there := to.node()
	at, err := fs.pathOf(w.ctx, there.key()) // not the requested path if that leads through a share
	switch {
	case err != nil:
		return nil, err
	case at == nil:
		return nil, errStale
	case fs.trash == 0 || at.InTrash():
		return nil, nil
	}
	root := w.s.Home().Join(trashName)
	if there.project != 0 {
		root = at.prefix(projectDepth).Join(trashName).Join(w.s.p.User)
	}
	own := from.placed(from.path)
	if root.under(*at) || root.under(own) || root == *at || root == own {
		return nil, fail(IO, "%s holds the trash %s; move that away first", to.path, root)
	}
	dir := Path{root.Join(trashCurrent).text + at.Parent().text}
	id := strconv.FormatInt(there.id, 10)
	for _, name := range []string{at.Name(), at.Name() + "-" + id, id} {
		if len(name) > MaxName {
			continue
		}
		all, _, err := fs.lookup(w.ctx, fs.db, 0, dir.Join(name))
		if err != nil {
			return nil, err
		}
		if err := w.ownsTrash(all[0]); err != nil {
			return nil, err
		}
		switch c := all[0]; {
		case c.node() != nil:
			continue
		case c.parent() == nil:
			if err := fs.layTrash(w.ctx, dir, w.s.p.User); err != nil {
				return nil, err
			}
			return nil, errStale // the directory exists now
		case !c.parent().dir() || c.parent().project != there.project:
			return nil, fail(IO, "%s is in the way of the trash for %s; remove it", dir, to.path)
		default:
			w.relied.add(c)
			return c, nil
		}
	}
	return nil, fail(IO, "%s is in the way in the trash; remove it", dir.Join(id))
}

// layTrash makes dir in user's trash root, and missing directories above it. The file system does this itself, since the user may
// have no right to make them, for example in a project of which they are not a member.
func (fs *FS) layTrash(ctx context.Context, dir Path, user string) error {
	s := fs.self()
	_, err := act(unnamed(ctx), s, makingDirectories, dir, func(w *walker) (struct{}, *mutation, error) {
		var none struct{}
		c, err := w.walk(dir, Need{Create: true, Change: true})
		if err != nil || c.node() != nil {
			return none, nil, err
		}
		private := modes{mode: homeMode}
		born, err := w.bear(c, kindDir, private, private)
		if err != nil {
			return none, nil, err
		}
		for i := range born {
			born[i].owner = user
			if b := &born[i]; b.name == trashName && b.project != 0 && len(b.dir.names()) == projectDepth {
				b.owner, b.perms = fs.superuser, perm.Perms{Mode: trashMode}
			}
		}
		e := w.event(c, &born[len(born)-1].node)
		e.detail.Made = madeAbove(c, born)
		return none, &mutation{
			event:   e,
			charges: chargedOneByOne(c.quotas(), amount{names: int64(len(born))}),
			effects: births(born),
		}, nil
	})
	var e *Error
	if errors.As(err, &e) && e.Kind == ParentNotDirectory {
		return fail(IO, "%s is in the way of the trash %s; remove it", e.Msg, dir)
	}
	return err
}

// replace plans that from's inode becomes to's entry, and that the inode which was there becomes trash's, or is deleted if trash is
// nil.
func (w *walker) replace(from, to, trash *chain) *mutation {
	fs, now := w.s.fs, w.s.fs.millis()
	there, m := to.node(), &mutation{event: w.event(from, from.node())}
	m.event.target, m.event.detail.Replaced = to.placed(to.path), there.id
	if trash != nil {
		m.event.detail.Trash = trash.path.String()
	}
	for _, n := range []*node{from.node(), there} {
		if n.dir() {
			m.moves = []int64{n.project}
		}
	}
	enters := w.transfer(from, to)
	w.relied.node(there, exclusive)
	quotas := to.quotas()
	if len(quotas) > 0 {
		w.relied.content(there)
	}
	deltas := map[key]int64{from.parent().key(): 0, to.parent().key(): 0}
	deltas[from.parent().key()]--
	paths := map[key]Path{to.parent().key(): to.path.Parent()}
	var goes *transfer
	if trash != nil {
		goes = w.transfer(to, trash)
		deltas[trash.parent().key()]++
		paths[trash.parent().key()] = trash.path.Parent()
	}
	m.apply = func(ctx context.Context, tx pgx.Tx) error {
		if err := enters.weigh(ctx, tx); err != nil {
			return err
		}
		var err error
		if goes != nil {
			m.charges, err = w.toTrash(ctx, tx, goes)
		} else {
			m.charges, m.event.told, err = w.toNowhere(ctx, tx, to)
		}
		if err != nil {
			return err
		}
		if err := enters.place(ctx, tx, to.path.Name()); err != nil {
			return err
		}
		more, err := enters.charges(ctx, tx)
		if err != nil {
			return err
		}
		m.charges = append(m.charges, more...)
		for _, dir := range slices.SortedFunc(maps.Keys(deltas), func(a, b key) int { return cmp.Compare(a.id, b.id) }) {
			if deltas[dir] > 0 {
				err = fs.adopt(ctx, tx, dir, paths[dir], now)
			} else {
				err = fs.touchDir(ctx, tx, dir, now, deltas[dir])
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return m
}

// toTrash moves what is replaced into the trash.
func (w *walker) toTrash(ctx context.Context, tx pgx.Tx, t *transfer) ([]charge, error) {
	if t.node.dir() && !w.passes(t.from, t.node) {
		if err := w.checkBelow(ctx, tx, t.from, t.node); err != nil {
			return nil, err
		}
	}
	if err := t.weigh(ctx, tx); err != nil {
		return nil, err
	}
	if err := t.place(ctx, tx, t.to.path.Name()); err != nil {
		return nil, err
	}
	return t.charges(ctx, tx)
}

// toNowhere deletes what is replaced. It also returns the events by which other projects are told of that.
func (w *walker) toNowhere(ctx context.Context, tx pgx.Tx, c *chain) ([]charge, []*event, error) {
	var gone amount
	n, quotas := c.node(), c.quotas()
	if len(quotas) > 0 {
		var err error
		if gone, err = usageOf(ctx, tx, n); err != nil {
			return nil, nil, err
		}
	}
	told, err := w.remove(ctx, tx, c, n, true)
	return charged(quotas, gone.negative(), amount{}), told, err
}
