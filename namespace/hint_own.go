package namespace

// own learns what this server itself has committed, in the transaction xid, and where counters of directories lie since.
func (h *hints) own(held []*mutation, xid uint32, counters []dirCount) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return
	}
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
			// Its times and attributes may have changed since they were read, and its row looks as if they had not: this is good
			// for a guess and for nothing else.
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

// countersOf returns where the counters of the directories lie that are visited: nil unless that is known of all.
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

// forgetCounters forgets where the counters lie that are visited by a transaction with one mutation: it moves them.
func (h *hints) forgetCounters(visits []visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range visits {
		h.counters.Remove(visits[i].dir)
	}
}
