package namespace

// flying is what this server is changing right now, in transactions that declare what they touch. None of it counts as proved from
// before their COMMIT until their outcome is known and a moment has shown them. Another reader may already have seen the new state in the
// database, and nobody may be told the old one after that; and what was read before the COMMIT may be stored later, with the moment in
// which it was read.
type flying struct {
	entries map[entry]int
	in      map[key]int // directories that contain these
	dirs    map[key]int
	air     map[*touched]struct{} // whose outcome is not known
}

func newFlying() flying {
	return flying{map[entry]int{}, map[key]int{}, map[key]int{}, map[*touched]struct{}{}}
}

// fly calls [hints.willTouch]; from then on, what is touched is not proved. The caller has to pass the result to land.
func (h *hints) fly(xid uint64, all []*mutation) *touched {
	t := h.willTouch(xid, all...)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flying.air[t] = struct{}{}
	h.flying.begin(t)
	h.disprove(t)
	return t
}

// land records that the outcome of t's transaction is known, or will not be known before a moment shows that it is over.
func (h *hints) land(t *touched) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.flying.air, t)
	t.landed = true
	switch {
	case t.purged: // what was read before the commit may still be stored, and no known moment shows the commit
		h.flying.end(t)
		h.last, h.forgotten = nil, max(h.forgotten, t.xid)
		h.turn()
	case h.ours[t.xid] != t:
		h.flying.end(t) // a moment has shown it, or another announcement has replaced it
	}
}

// shown notes that a moment shows t, or that another announcement replaces it.
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

// keepAir forgets all transactions but those whose outcome is not known.
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

// addTo adds n to the count of k, and removes a count of zero.
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
