package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// homesDir holds the home directories.
const homesDir = "/user"

// homeMode keeps a home private until its owner says otherwise.
const homeMode perm.Mode = 0o700

// Home returns the principal's home directory, /user/<name>. It is made at first use.
func (s *Session) Home() Path { return Path{homesDir + "/" + s.p.User} }

// lacksHome reports whether c ended because the principal's home is not there yet, and a walk through it should make
// it. A token that is limited makes none: it could not use it.
func (s *Session) lacksHome(c *chain) bool {
	home := s.Home()
	return len(c.nodes) == 2 && c.nodes[1].dir() && (c.path == home || c.path.under(home)) && s.p.Scope.IsZero()
}

// makeHome makes the principal's home in homes, for which the principal needs no right there. It fails with errStale if
// homes has changed.
func (s *Session) makeHome(ctx context.Context, c *chain) error {
	w := &walker{ctx: ctx, s: s}
	at := &chain{path: s.Home(), names: s.Home().names(), nodes: c.nodes, projects: c.projects}
	w.relied.add(at)
	born, err := w.bear(at, kindDir, modes{}, modes{mode: homeMode})
	if err != nil {
		return err
	}
	m := &mutation{apply: func(ctx context.Context, tx pgx.Tx) error { return s.fs.deliver(ctx, tx, born) }}
	if err := w.complete(m); err != nil {
		return err
	}
	return s.fs.commit(ctx, m)
}
