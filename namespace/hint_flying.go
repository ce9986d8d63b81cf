package namespace

// flying is what batches of this server change just now. Nothing of it counts as proved until it is known what became of them: somebody
// may read from the database what they made of it, and nobody is to be told afterwards what was before.
type flying struct {
	entries map[entry]int
	in      map[key]int // directories that these are in
	dirs    map[key]int
}

func newFlying() flying { return flying{map[entry]int{}, map[key]int{}, map[key]int{}} }

// fly is [hints.willTouch], from where on what is touched is not proved. land has to be called with what it returns when it is known
// whether the transaction happened, and never if that stays unknown.
func (h *hints) fly(xid uint64, all []*mutation) *touched {
	t := h.willTouch(xid, all...)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flying.add(t, 1)
	h.disprove(t)
	return t
}

func (h *hints) land(t *touched) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flying.add(t, -1)
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
