package namespace

import (
	"cmp"
	"slices"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// layouts remembers in which blocks content lies. That may change, by a fold or by compaction. But the former blocks are kept for the
// reaper's grace time, and the name of a block is never reused, so the layout of a revision leads to its bytes or to no block, and then the
// database is asked again. A layout older than the grace time is not used, since the file may have been deleted by the time the reader
// comes to a block that is gone.
type layouts struct {
	most, held int64 // bytes
	files      *simplelru.LRU[revision, layout]
}

// layout is where content lies.
type layout struct {
	segments []segment // by offset; there may be gaps, but no overlaps
	since    time.Time // when the first of them was looked up, by the wall clock, which goes on while the machine sleeps
}

// weight is that of its segments, none of which is a row.
func (at layout) weight() int64 { return overhead + int64(len(at.segments))*(overhead/3) }

func newLayouts(most int64) *layouts {
	l := &layouts{most: most}
	const bound = 1 << 30 // files; the limit in bytes is reached first
	l.files, _ = simplelru.NewLRU(bound, func(_ revision, at layout) { l.held -= at.weight() })
	return l
}

// find returns the segments that hold [off, end), or the first of them, as many as a reader looks up at a time. It returns nil if they
// are not known, or were looked up before the time before.
func (l *layouts) find(r revision, off, end int64, before time.Time) []segment {
	at, _ := l.files.Get(r)
	if at.since.Before(before) {
		l.files.Remove(r)
		return nil
	}
	all := at.segments
	first, found := slices.BinarySearchFunc(all, off, func(g segment, off int64) int {
		switch {
		case g.end() <= off:
			return -1
		case g.off > off:
			return 1
		}
		return 0
	})
	if !found {
		return nil
	}
	last := first
	for all[last].end() < end && last-first < plannedExtents {
		if last++; last == len(all) || all[last].off != all[last-1].end() {
			return nil
		}
	}
	return slices.Clone(all[first : last+1])
}

// add remembers segments that were looked up at the time now, unless one of them is a row.
func (l *layouts) add(r revision, found []segment, now time.Time) {
	if len(found) == 0 || slices.ContainsFunc(found, func(g segment) bool { return g.sealed != nil }) {
		return
	}
	at, known := l.files.Peek(r)
	if !known {
		at.since = now
	}
	l.files.Remove(r)
	// In place, since readers of parts of a file of many terabytes add a few to a hundred thousand; find returns copies.
	first, _ := slices.BinarySearchFunc(at.segments, found[0].off, func(g segment, off int64) int { return cmp.Compare(g.end(), off+1) })
	last, _ := slices.BinarySearchFunc(at.segments, found[len(found)-1].end(), func(g segment, end int64) int { return cmp.Compare(g.off, end) })
	at.segments = slices.Replace(at.segments, first, last, found...)
	w := at.weight()
	if w > l.most {
		return
	}
	l.files.Add(r, at)
	for l.held += w; l.held > l.most; {
		l.files.RemoveOldest()
	}
}

func (l *layouts) purge() { l.files.Purge() }

// layout returns the segments that hold [off, end) of n, or the first of them; nil if they are not known.
func (h *hints) layout(n *node, off, end int64) []segment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.layouts.find(n.revision(), off, end, h.now().Round(0).Add(-h.grace))
}

// purges returns how often everything was forgotten. keepLayout needs the number from before the segments were looked up.
func (h *hints) purges() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.purged
}

// keepLayout remembers segments of n, unless they may come from another database.
func (h *hints) keepLayout(n *node, found []segment, purges uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.off && purges == h.purged {
		h.layouts.add(n.revision(), found, h.now().Round(0))
	}
}

// dropLayout forgets where n's content lies.
func (h *hints) dropLayout(n *node) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.layouts.files.Remove(n.revision())
}
