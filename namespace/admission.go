package namespace

import (
	"context"
	"errors"
	"slices"
	"time"

	"granary/auth/perm"
)

// A reader may take hours, so it checks periodically whether its principal may still read the file. A right that ended meanwhile
// ends the reader within rightsEnd plus askTime, ten seconds.
const (
	// rightsFor is how long a reader continues without a check.
	rightsFor = 5 * time.Second
	// rightsEnd is how long it continues if the database does not answer. It then checks every askAgain.
	rightsEnd = 8 * time.Second
	askAgain  = time.Second
	askTime   = 2 * time.Second // how long a check waits for the database
)

// admission is what a reader that belongs to a principal knows of its rights.
type admission struct {
	session *Session
	path    Path      // where the file lay when it was opened
	granted time.Time // when the rights were last confirmed
	due     time.Time // when they are to be checked again
}

// admit begins an admission. The caller has just checked the rights.
func (s *Session) admit(path Path) *admission {
	own, now := *s, s.fs.now()
	return &admission{session: &own, path: path, granted: now, due: now.Add(rightsFor)}
}

// ended fails if a's principal may no longer read n.
func (a *admission) ended(ctx context.Context, n *node) error {
	now := a.session.fs.now()
	if now.Before(a.due) {
		return nil
	}
	ask, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	err := a.session.dress("open", a.path, a.session.readsStill(ask, a.path, n))
	var e *Error
	switch {
	case err == nil:
		a.granted, a.due = now, now.Add(rightsFor)
		return nil
	case errors.As(err, &e) && (e.Kind == Unavailable || e.Kind == Conflict) && now.Sub(a.granted) < rightsEnd:
		a.due = now.Add(askAgain)
		return nil
	}
	return err
}

// readsStill fails unless the principal may read n, which it opened at path. If the file was moved, its new place decides.
// If it was deleted, replaced or put into a trash, whoever is reading it may finish, as long as they may still enter its
// project.
func (s *Session) readsStill(ctx context.Context, path Path, n *node) error {
	return steadily(ctx, func() error {
		w := &walker{ctx: ctx, s: s}
		c, found, err := w.finds(path, n)
		if err != nil {
			return err
		}
		at := path
		if !found {
			moved, err := s.fs.pathOf(ctx, n.key())
			if err != nil {
				return err
			}
			if moved == nil || moved.InTrash() && !path.InTrash() {
				return w.enters(c, n.project)
			}
			w.asked = &path
			if c, found, err = w.finds(*moved, n); err != nil {
				return err
			}
			at = *moved
		}
		if found {
			err := w.check(c, Need{Node: perm.Read})
			if at != path {
				err = w.elsewhere(path, err)
			}
			return err
		}
		if err := w.enters(c, n.project); err != nil {
			return err
		}
		return errStale // it was moved again
	})
}

// finds walks along path and reports whether that leads to n.
func (w *walker) finds(path Path, n *node) (*chain, bool, error) {
	all, err := w.find(path)
	if err != nil {
		return nil, false, err
	}
	at := all[0].node()
	return all[0], at != nil && at.id == n.id, nil
}

// enters fails if c no longer leads into the project, or the principal may not search its top directory.
func (w *walker) enters(c *chain, project int64) error {
	i := slices.IndexFunc(c.nodes, func(n node) bool { return n.project == project })
	switch {
	case project == 0 || i >= 0 && c.leadsToShare(i):
		return nil
	case i < 0:
		return w.shutOut(c)
	}
	return w.need(c, i, perm.Execute)
}

// shutOut returns the refusal for a file in a project that the principal may no longer even know of.
func (w *walker) shutOut(c *chain) error {
	return fail(AccessControl, "Permission denied: user=%s, access=%s, inode=%q", w.s.p.User, perm.Read, c.path)
}

// InTrash reports whether p is, or lies in, somebody's trash root.
func (p Path) InTrash() bool {
	const top = 2 // number of components above the trash root's name
	names := p.names()
	return len(names) > top && names[top] == trashName && ("/"+names[0] == ProjectsDir || "/"+names[0] == homesDir)
}
