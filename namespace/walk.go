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
	steps  *[]Step // the decisions on the way; nil: nobody asked for them
	// content asks for the content of a small file with its chain.
	content bool
	// supposed takes the place of what is there in the decision. It is only for operations that look.
	supposed *supposed
	// asked is the requested path if another one is walked, which may be secret; nil: they are the same.
	asked *Path
	// hasty allows a decision on what is remembered, without comparing that with the database, or on several paths as of different
	// moments. What it plans is verified by the act. A refusal, or the finding that there is nothing to do, is decided again
	// without haste.
	hasty bool
	// vacant is the path at which a hasty decision expects nothing.
	vacant Path
	// promising treats a promise to the same user whose content has not begun to arrive as absent.
	promising bool
}

// walk finds path and checks need on it. It never fails for a missing last component: the operation has its own error for that.
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

// walkTo walks to an inode: by path if that leads there, as it does for those who reached it through a share, else by the path that
// the inode has now. The chain is nil if there is none that the principal may know of.
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

// elsewhere returns err, with which a walk to the new place of something that lay at path failed, without naming that place:
// whoever may not go there may not know where it is.
func (w *walker) elsewhere(path Path, err error) error {
	if KindOf(err) != AccessControl {
		return err
	}
	return fail(AccessControl, "Permission denied: user=%s may not go to where %s was moved", w.s.p.User, path)
}

// admits refuses paths at which an operation with this need never finds anything.
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

// find walks paths, all of them as of one moment, and makes sure that the principal is up to date. An operation that walked several
// paths one by one would answer for a state that never existed.
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
		if w.relied.inodes != nil { // a part was decided for the principal as it was before, and nothing else would decide it again
			return nil, errStale
		}
	}
	return nil, errStale
}

// lookup finds paths in one snapshot. An operation that only looks at one is served from hints, if they still hold.
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

// recollect finds paths hastily: from hints or, if these say too little, one by one.
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

// renewed makes sure that the principal is up to date, for operations that walk no path.
func (w *walker) renewed() error {
	_, err := w.find(Path{})
	return err
}

// renewedReader is renewed for listings that walk no path: nothing else checks the verbs of the token for them.
func (w *walker) renewedReader() error {
	if err := w.renewed(); err != nil {
		return err
	}
	if p := &w.s.p; !p.Scope.Verbs.Allow(auth.Read) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not read lists", p.User, p.Scope.Verbs)
	}
	return nil
}
