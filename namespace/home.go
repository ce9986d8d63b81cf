package namespace

import (
	"context"
	"errors"

	"granary/auth/perm"
)

// homesDir holds the home directories.
const homesDir = "/user"

// homeMode keeps a home private until its owner says otherwise.
const homeMode perm.Mode = 0o700

// Home returns the principal's home directory, /user/<name>. It is made at first use.
func (s *Session) Home() Path { return Path{homesDir + "/" + s.p.User} }

// promised is a directory that principals may rely on: the first walk through it makes it, without needing rights on its
// parent.
type promised struct {
	path  Path
	mode  perm.Mode
	owner string
}

// lacking returns the promised directory that was missing where c ended; nil if c ended for another reason.
func (s *Session) lacking(c *chain, need Need) *promised {
	switch {
	case s.lacksHome(c):
		return &promised{s.Home(), homeMode, s.p.User}
	case need.Create && s.lacksTrash(c):
		return &promised{c.path.prefix(len(c.nodes)), trashMode, s.fs.superuser}
	}
	return nil
}

// lacksHome reports whether c ended because the principal's home does not exist yet, and a walk through it should make
// it. A walk by a limited token does not, since the token could not use it.
func (s *Session) lacksHome(c *chain) bool {
	home := s.Home()
	return len(c.nodes) == 2 && c.nodes[1].dir() && (c.path == home || c.path.under(home)) && s.p.Scope.IsZero()
}

// keeps makes the promised directory that c lacks, and reports whether it lacked one and must be walked again. Somebody
// else making it at the same time is as good. Where a quota leaves no room for it, it is missing for whoever makes nothing in it.
func (w *walker) keeps(c *chain, need Need) (bool, error) {
	d := w.s.lacking(c, need)
	if d == nil {
		return false, nil
	}
	switch err := w.s.keep(w.ctx, c, d); {
	case KindOf(err) == QuotaNames && !need.Create:
		return false, nil
	case err != nil && !errors.Is(err, errStale):
		return false, err
	}
	return true, nil
}

// keep makes the promised directory d where c ended. It fails with errStale if what it relied on has changed.
func (s *Session) keep(ctx context.Context, c *chain, d *promised) error {
	w := &walker{ctx: ctx, s: s}
	at := &chain{path: d.path, names: d.path.names(), nodes: c.nodes, projects: c.projects, server: c.server}
	w.relied.add(at)
	born, err := w.bear(at, kindDir, modes{}, modes{mode: d.mode})
	if err != nil {
		return err
	}
	born[0].owner = d.owner
	m := &mutation{
		event:   &event{project: born[0].project, op: makingDirectories, inode: born[0].id, path: d.path, detail: Detail{Dir: true}},
		charges: charged(at.quotas(), amount{names: 1}, amount{}),
		effects: births(born),
	}
	if err := w.complete(m); err != nil {
		return err
	}
	return s.fs.commit(ctx, m)
}
