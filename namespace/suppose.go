package namespace

import (
	"context"
	"slices"
	"time"

	"granary/auth"
)

// supposition is what hints say about a path, and what has to hold for that to be true.
type supposition struct {
	c     *chain
	user  int64
	above bool  // the principal is the superuser
	epoch int64 // of the user's row; 0: unknown, or there is none
	proofs
	// leaf is the last component, if the answer may replace it by what is really there. It is nil for "/" and for mounts, which are
	// hops.
	leaf *hop
	// want asks for the content of the leaf, if it is a small file. asked is whether the caller wants it; it may be remembered
	// already.
	want, asked bool
	// fetch asks for the same content by its inode: everything else is proved.
	fetch bool
	// pageAt asks for a page of the directory that x ends in. page is that page, if it is proved as well.
	pageAt  *pageKey
	page    *Page
	server  time.Time // beginning of the database that the hints are from
	changes uint64    // value of hints.changes
	present bool      // it is proved, and a read lease holds: there is nothing to ask
}

// suppose returns what hints say about path for p, nil if they say too little. want asks for the content of a small file.
func (h *hints) suppose(p *auth.Principal, path Path, want bool) *supposition {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.supposeFor(p.UserID, p.Superuser, path, want)
}

func (h *hints) supposeFor(user int64, above bool, path Path, want bool) *supposition {
	if h.off {
		return nil
	}
	x := &supposition{user: user, above: above, asked: want, server: h.server, changes: h.changes}
	var known int
	x.c, x.proofs, known = h.trace(user, above, path)
	if x.c == nil || known < 0 || known < len(x.c.names)-1 {
		return nil
	}
	x.c.server = h.server
	if user != 0 {
		u, _ := h.epochs.Get(user)
		x.epoch, x.proved = u.epoch, x.proved && u.era == h.era
	}
	switch names := len(x.c.names); {
	case names == 0:
	case known < names:
		if parent := &x.c.nodes[names-1]; parent.dir() {
			x.leaf, x.want, x.proved = &hop{entry: entry{parent.key(), x.c.names[names-1]}}, want, false
		} else {
			return nil
		}
	case x.c.nodes[names].project == x.c.nodes[names-1].project:
		leaf := x.hops[names]
		x.leaf, x.hops = &leaf, x.hops[:names]
		n := &x.c.nodes[names]
		if want = want && !n.dir() && n.size > 0 && n.size <= RowMax; want {
			x.c.content = h.content.get(n.revision())
		}
		missing := want && x.c.content == nil
		x.fetch = missing && x.proved
		x.want = missing && !x.proved
	}
	if dir, ok := x.dir(); ok && x.proved {
		var d dirHint
		if d, _ = h.dirs.Get(dir); d.era == h.era {
			x.count(d.dirRow)
		} else {
			x.proved = false
		}
	}
	x.present = x.proved && !x.fetch && h.lease.holds()
	return x
}

// count sets the time and number of children of the directory that x ends in.
func (x *supposition) count(d dirRow) {
	n := len(x.c.nodes) - 1
	x.c.nodes[n] = x.c.nodes[n].counted(d.mtime, d.children)
}

// is reports whether x relies on the same versions of rows as other, which was supposed before: then they held all the while.
func (x *supposition) is(other *supposition) bool {
	return slices.Equal(x.hops, other.hops) && slices.Equal(x.targets, other.targets) && slices.Equal(x.rulings, other.rulings) &&
		(x.leaf == other.leaf || x.leaf != nil && other.leaf != nil && *x.leaf == *other.leaf)
}

// dir returns the directory that x ends in, if any, whose time and number of children have yet to be looked up.
func (x *supposition) dir() (key, bool) {
	n := x.c.node()
	if n == nil || !n.dir() {
		return key{}, false
	}
	return n.key(), true
}

// conclude returns x's chain, as corrected by the answer, and the epoch of the user's row. The chain is nil if the path has to be
// walked or, with again, supposed again: then something differs from what was remembered and was not asked for. What the answer
// says is remembered, and what it disproves is forgotten.
func (h *hints) conclude(x *supposition, a *answer) (c *chain, epoch int64, again bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !a.server.Equal(h.server) {
		return nil, 0, true, nil // it is from a database that has been replaced
	}
	if a.elsewhere {
		h.purge()
	} else {
		h.advance(&a.moment)
		if !a.term.at.IsZero() { // else it was not asked which servers are registered
			if h.lease.sole = a.sole; a.sole {
				h.lease.grant(a.term)
			}
		}
	}
	if x.proved {
		if a.elsewhere || !a.server.Equal(x.server) {
			return nil, 0, true, nil
		}
		if h.changes != x.changes {
			now := h.supposeFor(x.user, x.above, x.c.path, x.asked)
			if now == nil || !now.proved || !a.server.Equal(now.server) || now.fetch && (!x.fetch || now.c.node().revision() != x.c.node().revision()) {
				return nil, 0, true, nil
			}
			now.pageAt = x.pageAt
			*x = *now
		}
		if x.fetch {
			h.fill(x.c, a.fetched[x.c.node().key()])
		}
		if x.pageAt != nil {
			x.page = h.listed.get(x.c.node().key(), *x.pageAt, h.era)
		}
		return x.c, x.epoch, false, nil
	}
	if epoch, differs := a.epochs[x.user]; differs && x.user != 0 {
		x.epoch = epoch
	}
	if a.disproves(x) {
		h.drop(x, a)
		return nil, 0, false, nil
	}
	h.prove(x, a)
	if dir, ok := x.dir(); ok {
		x.count(a.dirs[dir])
	}
	if x.leaf == nil {
		return x.c, x.epoch, false, nil
	}
	if _, differs := a.hops[*x.leaf]; differs {
		h.entries.Remove(x.leaf.entry)
		return nil, 0, true, nil
	}
	if found, differs := a.leaves[*x.leaf]; differs {
		if c, err = h.correct(x, found, h.provedAt(&a.moment)); c == nil || err != nil {
			return nil, 0, false, err
		}
	}
	if n := x.c.node(); x.want && n != nil && !n.dir() && n.size > 0 {
		h.fill(x.c, a.contents[x.leaf.entry])
	}
	return x.c, x.epoch, false, nil
}

// fill puts rows into c as the content of the file that it ends in, and remembers them, if they are all of it.
func (h *hints) fill(c *chain, rows []segment) {
	if n := c.node(); cover(rows, n.size) {
		c.content = rows
		h.content.add(n.revision(), rows)
	}
}

// correct returns x's chain with found in place of its leaf. found is nil if nothing is there, and era is the one in which it was
// found. The chain is nil if the path has to be walked.
func (h *hints) correct(x *supposition, found *foundLeaf, era uint64) (*chain, error) {
	c := x.c
	c.nodes, c.content = c.nodes[:len(c.names)], nil
	h.entries.Remove(x.leaf.entry)
	switch {
	case found == nil:
		return c, nil
	case found.err != nil:
		return nil, found.err
	case found.mounted || found.node.use != useNone:
		return nil, nil
	}
	h.remember(x.leaf.entry, &hint{node: found.node, at: row{found.node.key(), found.seen}, era: era, since: h.now()})
	if found.node.dir() && era != 0 {
		h.proveDir(found.node.key(), dirHint{dirRow{found.dirTime, found.children}, era})
	}
	c.add(found.node.counted(found.dirTime, found.children))
	return c, nil
}

// search finds path for p in one snapshot: by hints that are compared with the database, else by a walk. content asks for the
// content of a small file, which the chain then has if it is available without another statement.
func (fs *FS) search(ctx context.Context, p *auth.Principal, path Path, content bool) (*chain, int64, error) {
	for again := true; again; {
		x := fs.hints.suppose(p, path, content)
		if x == nil {
			break
		}
		if x.present {
			return x.c, x.epoch, nil
		}
		a, err := fs.lanes.ask(ctx, x)
		if err != nil {
			return nil, 0, err
		}
		var (
			c     *chain
			epoch int64
		)
		if c, epoch, again, err = fs.hints.conclude(x, a); c != nil || err != nil {
			return c, epoch, err
		}
	}
	all, epoch, err := fs.lookup(ctx, fs.db, p.UserID, path)
	if err != nil {
		return nil, 0, err
	}
	return all[0], epoch, nil
}
