package namespace

import "context"

// What is reached through a share lies in another project, and has a path there, called its own path.

// placed returns the own path of what is at path, which is at the mount of the share on c or below it.
func (c *chain) placed(path Path) Path {
	if c.stem == 0 {
		return path
	}
	return Path{c.own.text + path.text[len(c.path.prefix(c.stem).text):]}
}

// ownPath is placed for a path on c that may also lie above the mount, or be an own path already.
func (c *chain) ownPath(path Path) Path {
	if c.stem == 0 || !path.under(c.path.prefix(c.stem)) {
		return path
	}
	return c.placed(path)
}

// findOwn finds the own path of the dataset if c leads through a share.
func (w *walker) findOwn(c *chain) error {
	for i := len(c.nodes) - 1; i > 0; i-- {
		if !c.nodes[i].shown {
			continue
		}
		own, err := w.s.fs.pathOf(w.ctx, c.nodes[i].key())
		if err == nil && own == nil {
			err = errStale // it was deleted since it was found
		}
		if err == nil {
			c.stem, c.own = i, *own
		}
		return err
	}
	return nil
}

// lookAbove finds, for a chain that leads through a share, what lies above the dataset on its own path: limits against which
// writes in it count, and the storage policy that it inherits. It relies on both.
func (w *walker) lookAbove(c *chain) error {
	if c.stem == 0 {
		return nil
	}
	all, _, err := w.s.fs.lookup(w.ctx, w.s.fs.db, w.s.p.UserID, c.own)
	if err != nil {
		return err
	}
	own := all[0]
	if own.node() == nil || own.node().id != c.nodes[c.stem].id {
		return errStale // it was moved meanwhile
	}
	w.relied.add(own)
	c.above, c.handed = own.quotas(), own.parent().policy
	above := own.node().policy
	for i := c.stem; i < len(c.nodes) && c.nodes[i].inherits; i++ {
		c.nodes[i].policy = above
	}
	return nil
}

// withAbove returns the inodes on c, from the root on; if c leads through a share, those on the own path.
func (s *Session) withAbove(ctx context.Context, c *chain) ([]node, error) {
	w := &walker{ctx: ctx, s: s}
	if err := w.findOwn(c); err != nil || c.stem == 0 {
		return c.nodes, err
	}
	all, _, err := s.fs.lookup(ctx, s.fs.db, s.p.UserID, c.own)
	if err != nil {
		return nil, err
	}
	own := all[0]
	if own.node() == nil || own.node().id != c.nodes[c.stem].id {
		return nil, errStale // it was moved meanwhile
	}
	return append(own.nodes, c.nodes[c.stem+1:]...), nil
}
