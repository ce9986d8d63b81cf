package namespace

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// What is remembered is proved as of a moment when a statement that was asked in it has held it against the database. It stays
// proved in every later moment whose new transactions are all known to have changed something else. Those of this server are, if
// it has said beforehand what they touch. Of any other one nothing is known, and with it a new era begins, in which
// everything has to be proved again. So a lookup of what is proved asks for the moment alone, and is as true as a lookup of the
// rows: the moment is taken after it was called.

// proving is what hints know of the database's moments.
type proving struct {
	last    *moment // the latest one; nil: none is
	era     uint64  // begins with 1
	changes uint64  // how often something that was proved has ceased to be
	// ours are the transactions of this server's that no moment has shown yet, with what they touch. Those up to forgotten may have been
	// among them.
	ours      map[uint64]*touched
	touching  int // entries and directories of these
	forgotten uint64
	flying
}

// touched is what a transaction changes.
type touched struct {
	entries []entry
	dirs    []key // whose times and children change

	xid    uint64
	flies  bool // see [flying]
	landed bool // it is known what became of it
	purged bool // all was forgotten while it was in the air
}

// mostOurs bounds how many transactions are kept in mind, and mostTouched what they touch. They pile up while nobody looks anything up.
const (
	mostOurs    = 1 << 12
	mostTouched = 1 << 16
)

// mind keeps a transaction in mind.
func (p *proving) mind(t *touched) {
	p.ours[t.xid] = t
	p.touching += len(t.entries) + len(t.dirs)
}

// unmind does so no more, and returns it; nil if it was not.
func (p *proving) unmind(xid uint64) *touched {
	t := p.ours[xid]
	if t != nil {
		delete(p.ours, xid)
		p.touching -= len(t.entries) + len(t.dirs)
	}
	return t
}

// turn begins a new era.
func (p *proving) turn() {
	p.era++
	p.changes++
}

// begun says that xid is a transaction of this server's, which has touched nothing so far.
func (h *hints) begun(xid uint64) { h.willTouch(xid) }

// willTouch says what the transaction xid changes, before it commits, and returns it.
func (h *hints) willTouch(xid uint64, all ...*mutation) *touched {
	t := &touched{xid: xid}
	for _, m := range all {
		t.add(m)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return t
	}
	if before := h.unmind(xid); before != nil {
		h.flying.shown(before) // that was not to be
	} else if len(h.ours) >= mostOurs || h.touching >= mostTouched {
		h.forgetOurs()
	}
	h.mind(t)
	return t
}

// dropOurs forgets the latest moment, and all transactions but what those in the air touch.
func (p *proving) dropOurs() {
	for _, t := range p.ours {
		t.flies = false
	}
	p.last, p.ours, p.touching = nil, map[uint64]*touched{}, 0
	p.flying.keepAir()
}

// forgetOurs forgets all transactions but those that are under way. Nothing is proved then until a moment shows all of them.
func (p *proving) forgetOurs() {
	for xid := range p.ours {
		p.forgotten = max(p.forgotten, xid)
	}
	p.dropOurs()
	for t := range p.air {
		p.mind(t)
	}
	p.turn()
}

func (t *touched) add(m *mutation) {
	if m.touches != nil {
		t.addEntries(slices.Values(m.touches.entries))
		t.dirs = append(t.dirs, m.touches.dirs...)
	}
	e := m.effects
	if e == nil {
		return
	}
	t.addEntries(slices.Values(e.left))
	t.addEntries(e.entries())
	for i := range e.visits {
		t.dirs = append(t.dirs, e.visits[i].dir)
	}
}

// addEntries adds entries by their names alone: those that are given are parts of paths.
func (t *touched) addEntries(all iter.Seq[entry]) {
	for at := range all {
		t.entries = append(t.entries, entry{at.dir, strings.Clone(at.name)})
	}
}

// announced reports whether it is known before what m changes of what may be remembered.
func (m *mutation) announced() bool {
	return len(m.rules) == 0 && (m.touches != nil || m.apply == nil && m.effects != nil)
}

// touching is what changes with the inode that c ends in, but for its place; nil if it stands at more entries than that of c.
func (c *chain) touching() *touched {
	n, parent := c.node(), c.parent()
	if parent == nil || parent.project != n.project {
		return nil
	}
	t := &touched{entries: []entry{{parent.key(), c.names[len(c.names)-1]}}}
	if n.dir() {
		t.dirs = []key{n.key()}
	}
	return t
}

// xidSQL begins, as it were, a transaction that is to change something, and returns its number.
const xidSQL = `SELECT pg_current_xact_id()::text::bigint`

// startBounded limits for how long tx may hold locks while nothing is heard of this server, and returns the number of tx.
func startBounded(ctx context.Context, tx pgx.Tx) (xid uint64, err error) {
	batch := &pgx.Batch{}
	batch.Queue(idleSQL)
	batch.Queue(xidSQL).QueryRow(func(row pgx.Row) error { return row.Scan(&xid) })
	return xid, tx.SendBatch(ctx, batch).Close()
}

// aside runs what changes nothing that may be remembered.
func (fs *FS) aside(ctx context.Context, do func(tx pgx.Tx) error) error {
	ctx = heralded(ctx)
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		xid, err := startBounded(ctx, tx)
		if err != nil {
			return err
		}
		fs.hints.begun(xid)
		return do(tx)
	})
}

// advance takes note of a moment.
func (h *hints) advance(m *moment) {
	if h.last == nil {
		if m.first <= h.forgotten {
			return
		}
		h.turn()
		for xid := range h.ours {
			if m.shows(xid) {
				h.flying.shown(h.unmind(xid))
			}
		}
		h.last = m
		return
	}
	ended, ok := m.since(h.last)
	switch {
	case !ok:
		h.last = nil
		h.advance(m)
		return
	case len(ended) == 0:
		return
	}
	known := true
	for _, xid := range ended {
		t := h.unmind(xid)
		if t == nil {
			known = false
			continue
		}
		h.disprove(t)
		h.flying.shown(t)
	}
	if !known {
		h.turn()
	}
	h.last = m
}

// disprove ends what is proved of what a transaction has touched.
func (h *hints) disprove(t *touched) {
	if len(t.entries)+len(t.dirs) > 0 {
		h.changes++
	}
	for _, at := range t.entries {
		if known, _ := h.entries.Peek(at); known != nil {
			known.era = 0
		}
		h.listed.drop(at.dir)
	}
	for _, dir := range t.dirs {
		h.dirs.Remove(dir)
		h.listed.counted(dir)
	}
}

// provedAt returns the era of what was true in m: 0 if there are later moments already.
func (h *hints) provedAt(m *moment) uint64 {
	if h.last == nil || !m.is(h.last) {
		return 0
	}
	return h.era
}

// prove notes that x, which holds a against the database, is true in a's moment.
func (h *hints) prove(x *supposition, a *answer) {
	era := h.provedAt(&a.moment)
	if era == 0 {
		return
	}
	for i := range x.hops {
		h.proveHop(x, &x.hops[i], era)
	}
	if x.leaf != nil && x.leaf.id != 0 {
		h.proveHop(x, x.leaf, era)
	}
	for _, r := range x.rulings {
		if p, _ := h.parts.Peek(part{r.project, x.user}); p != nil && p.seen == r.seen {
			p.era = era
		}
	}
	if x.user != 0 {
		h.epochs.Add(x.user, userHint{x.epoch, era})
	}
	if dir, ok := x.dir(); ok {
		h.proveDir(dir, dirHint{a.dirs[dir], era})
	}
}

// proveDir remembers what dirs say of a directory, unless that is changing.
func (h *hints) proveDir(dir key, d dirHint) {
	if h.flying.dirs[dir] == 0 {
		h.dirs.Add(dir, d)
	}
}

// proveHop notes that x's hop s is so, unless something else is remembered by now: a walk that took long may have been taken in meanwhile.
func (h *hints) proveHop(x *supposition, s *hop, era uint64) {
	t, _ := h.entries.Peek(s.entry)
	if t == nil || t.at != s.row || h.flying.touches(s.entry) {
		return
	}
	leads := row{t.node.key(), t.target}
	if t.target == 0 || slices.ContainsFunc(x.targets, func(compared target) bool { return compared.row == leads }) {
		t.era = era
	}
}
