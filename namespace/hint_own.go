package namespace

// own remembers what this server has committed itself, in the transaction t, and where counters of directories lie since then. It remembers
// nothing if another database has taken the place of t's meanwhile, since rows there may have the same transaction id.
func (h *hints) own(held []*mutation, t *transaction, counters []dirCount) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off || h.server.UnixMicro() != t.began {
		return
	}
	xid := uint32(t.xid) // xmin has no epoch
	h.noteCounters(counters)
	for _, m := range held {
		e := m.effects
		for _, at := range e.left {
			h.entries.Remove(at)
		}
		for _, p := range e.moved {
			n := *p.inode
			n.version++
			n.at = tid{}
			if n.inherits {
				n.policy = 0
			}
			// Its times and attributes may have changed between being read and the move, which the new version of its row would
			// hide. So this hint has no version, and is only good for a guess.
			h.put(entry{key{n.project, p.to}, p.name}, &hint{node: n, at: row{key: n.key()}, since: h.now()})
		}
		for i := range e.born {
			b := &e.born[i]
			at := entry{b.parent, b.name}
			h.entries.Remove(at)
			n := b.node
			n.version, n.gen, n.policy, n.inherits, n.limits, n.use = firstVersion, firstGen, 0, false, unlimited, useNone
			h.remember(at, &hint{node: n, at: row{n.key(), xid}, since: h.now()})
		}
	}
}

// countersOf returns where the counters of the visited directories lie; nil unless that is known for all of them.
func (h *hints) countersOf(visits []visit) []tid {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]tid, len(visits))
	for i := range visits {
		at, known := h.counters.Get(visits[i].dir)
		if !known {
			return nil
		}
		all[i] = at
	}
	return all
}

// forgetCounters forgets where the counters of the visited directories lie, since a transaction of a single mutation moves them.
func (h *hints) forgetCounters(visits []visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range visits {
		h.counters.Remove(visits[i].dir)
	}
}
