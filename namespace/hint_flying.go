package namespace

// flying is what this server changes just now, in transactions that say what they touch. Nothing of it counts as proved from before their COMMIT
// until it is known what became of them and a moment has shown it: somebody may read from the database what they made of it, and nobody is
// to be told afterwards what was before; and what was read before they were committed may be taken in later, with the moment in which it was so.
type flying struct {
	entries map[entry]int
	in      map[key]int // directories that these are in
	dirs    map[key]int
	air     map[*touched]struct{} // of which it is not known what became of them
}

func newFlying() flying {
	return flying{map[entry]int{}, map[key]int{}, map[key]int{}, map[*touched]struct{}{}}
}

// fly is [hints.willTouch], from where on what is touched is not proved. land has to be called with what it returns.
func (h *hints) fly(xid uint64, all []*mutation) *touched {
	t := h.willTouch(xid, all...)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flying.air[t] = struct{}{}
	h.flying.begin(t)
	h.disprove(t)
	return t
}

// land says that t's transaction has happened, or not, or that nobody will find out before a moment shows that it is over.
func (h *hints) land(t *touched) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.flying.air, t)
	t.landed = true
	switch {
	case t.purged: // what was read before it was committed may still be taken in, and no moment is known that shows it
		h.flying.end(t)
		h.last, h.forgotten = nil, max(h.forgotten, t.xid)
		h.turn()
	case h.ours[t.xid] != t:
		h.flying.end(t) // a moment has shown it, or it was not to be
	}
}

// shown takes note that a moment shows t, or that nothing was done under it.
func (f *flying) shown(t *touched) {
	if t.landed {
		f.end(t)
	}
}

func (f *flying) begin(t *touched) {
	t.flies = true
	f.add(t, 1)
}

func (f *flying) end(t *touched) {
	if t.flies {
		t.flies = false
		f.add(t, -1)
	}
}

// keepAir forgets all but what is in the air.
func (f *flying) keepAir() {
	air := f.air
	*f = newFlying()
	f.air = air
	for t := range air {
		f.begin(t)
	}
}

func (f *flying) add(t *touched, n int) {
	for _, at := range t.entries {
		addTo(f.entries, at, n)
		addTo(f.in, at.dir, n)
	}
	for _, dir := range t.dirs {
		addTo(f.dirs, dir, n)
	}
}

// addTo adds n to what counts say of k, and keeps no zeros.
func addTo[K comparable](counts map[K]int, k K, n int) {
	if n += counts[k]; n == 0 {
		delete(counts, k)
	} else {
		counts[k] = n
	}
}

// touches reports whether what is at an entry is being changed.
func (f *flying) touches(at entry) bool { return len(f.entries) > 0 && f.entries[at] > 0 }

// lists reports whether a page of dir is being changed.
func (f *flying) lists(dir key, p *Page) bool {
	if f.in[dir] > 0 || f.dirs[dir] > 0 {
		return true
	}
	if len(f.dirs) == 0 {
		return false
	}
	for i := range p.Entries {
		if e := &p.Entries[i]; e.Dir && f.dirs[key{dir.project, e.ID}] > 0 {
			return true
		}
	}
	return false
}
