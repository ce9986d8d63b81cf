package namespace

import (
	"context"

	"granary/auth"
)

// walker carries one decision: it walks paths for a principal, checks the needs of the operation on them, and
// remembers everything that the decision relied on, for the act to verify.
type walker struct {
	ctx    context.Context
	s      *Session
	op     string // the operation whose mutation it decides; "" if it only looks
	relied reliance
	steps  *[]Step // what was decided on the way, if anybody wants to know
	// content asks for the content of a small file with its chain.
	content bool
	// supposed is decided on in the place of what is there; only for what looks.
	supposed *supposed
	// asked is what was asked for where it walks to another path, which may be a secret; nil: what it walks to.
	asked *Path
	// hasty lets it decide on what is remembered, which nobody has held against the database, or on several paths as of
	// different moments. What it then plans is verified by the act; what it refuses, or finds done already, it has to find
	// again without haste.
	hasty bool
	// vacant is the path at which a hasty decision expects nothing.
	vacant Path
	// promising takes what was promised to the same user, who has not come, for as good as not there.
	promising bool
}

// walk finds path and checks need on it. It never fails for a missing last component: the operation knows the words
// for that.
func (w *walker) walk(path Path, need Need) (*chain, error) {
	if w.op != "" || need.Change {
		var err error
		if path, err = w.resolveRaw(path); err != nil {
			return nil, err
		}
	}
	if err := need.admits(path); err != nil {
		return nil, err
	}
	all, err := w.find(path)
	if err != nil {
		return nil, err
	}
	kept, err := w.keeps(all[0], need)
	if err == nil && kept {
		all, err = w.find(path)
	}
	if err != nil {
		return nil, err
	}
	if err := w.take(all[0], need); err != nil {
		return nil, err
	}
	return all[0], nil
}

// walkTo walks to an inode: by path if that leads there, as it does for who got to it by a share, else by the path that the
// inode has now. The chain is nil if there is none that the principal may know of.
func (w *walker) walkTo(path Path, inode int64, need Need) (*chain, error) {
	c, err := w.walk(path, need)
	if err == nil && c.node() != nil && c.node().id == inode {
		return c, nil
	}
	at, failed := w.s.fs.pathOfID(w.ctx, inode)
	switch {
	case failed != nil || at == nil:
		return nil, failed
	case *at != path:
		w.asked = &path
		c, err = w.walk(*at, need)
		w.asked = nil
		err = w.elsewhere(path, err)
	}
	switch {
	case err != nil:
		return nil, err
	case c.node() != nil && c.node().id == inode:
		return c, nil
	case c.hidden:
		return nil, nil
	}
	return nil, errStale // it was moved again
}

// elsewhere is err, with which the way failed to where something was moved that lay at path, without the words that say where
// that is: whoever may not go there may not know of it.
func (w *walker) elsewhere(path Path, err error) error {
	if KindOf(err) != AccessControl {
		return err
	}
	return fail(AccessControl, "Permission denied: user=%s may not go to where %s was moved", w.s.p.User, path)
}

// admits refuses paths that an operation with this need never finds anything at.
func (need Need) admits(path Path) error {
	switch {
	case need.Create:
		return path.creatable()
	case need.Change && path.text == "/"+reserved:
		return fail(InvalidPath, "Invalid path name %s", path)
	}
	return nil
}

// settle does for a chain that was found together with others what walk does for one. It fails with errStale if they have
// to be found again.
func (w *walker) settle(c *chain, need Need) error {
	if err := need.admits(c.path); err != nil {
		return err
	}
	kept, err := w.keeps(c, need)
	switch {
	case err != nil:
		return err
	case kept:
		return errStale
	}
	return w.take(c, need)
}

// take relies on c and checks need on it.
func (w *walker) take(c *chain, need Need) error {
	w.relied.add(c)
	if err := w.check(c, need); err != nil || w.op == "" {
		return err
	}
	return w.lookAbove(c)
}

// find runs the walk along paths, all of them as of one moment, and sees to it that the principal is as the database has it
// now. An operation on several paths that walked them one by one would answer for a moment that never was.
func (w *walker) find(paths ...Path) ([]*chain, error) {
	const refreshes = 3
	for range refreshes {
		all, epoch, err := w.lookup(paths)
		if err != nil {
			return nil, err
		}
		if epoch == w.s.p.Epoch {
			w.s.concealed = nil
			for _, c := range all {
				c.asked = w.asked
				if w.supposed != nil {
					w.supposed.in(c)
				}
				w.hide(c)
				if c.hidden {
					at := spotOf(c)
					w.s.concealed = &at
				}
				if w.op == "" {
					continue
				}
				if err := w.findOwn(c); err != nil {
					return nil, err
				}
			}
			return all, nil
		}
		fresh, err := w.s.fs.refresh(w.ctx, w.s.p)
		if err != nil {
			return nil, err
		}
		w.s.p = fresh
	}
	return nil, errStale
}

// lookup finds paths in one snapshot. Who only looks at one is served by what is remembered of it, if that still holds.
func (w *walker) lookup(paths []Path) ([]*chain, int64, error) {
	if w.hasty {
		return w.recollect(paths)
	}
	if w.op != "" || len(paths) != 1 {
		return w.s.fs.lookup(w.ctx, w.s.fs.db, w.s.p.UserID, paths...)
	}
	c, epoch, err := w.s.fs.search(w.ctx, &w.s.p, paths[0], w.content)
	return []*chain{c}, epoch, err
}

// recollect finds paths hastily: by what is remembered, or if that is too little, one by one.
func (w *walker) recollect(paths []Path) ([]*chain, int64, error) {
	all := make([]*chain, len(paths))
	epoch := w.s.p.Epoch
	for i, path := range paths {
		c, remembered, ok := w.s.fs.hints.guess(w.s.p.UserID, w.s.p.Superuser, path)
		if ok && remembered == epoch && (c.node() != nil || path == w.vacant) {
			all[i] = c
			continue
		}
		c, now, err := w.s.fs.search(w.ctx, &w.s.p, path, false)
		if err != nil || now != epoch {
			return []*chain{c}, now, err
		}
		all[i] = c
	}
	return all, epoch, nil
}

// renewed sees to it that the principal is as the database has it now, for what walks nowhere.
func (w *walker) renewed() error {
	_, err := w.find(Path{})
	return err
}

// renewedReader is renewed for what lists and walks nowhere: nothing else holds the verbs of a token against it.
func (w *walker) renewedReader() error {
	if err := w.renewed(); err != nil {
		return err
	}
	if p := &w.s.p; !p.Scope.Verbs.Allow(auth.Read) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not read lists", p.User, p.Scope.Verbs)
	}
	return nil
}
