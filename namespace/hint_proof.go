package namespace

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// What is remembered is proved as of a moment if the statement that returned the moment has compared it with the database. It stays
// proved in every later moment whose new transactions are all known to have changed something else. This server's own are known if it
// declared beforehand what they touch. Nothing is known of any other transaction, so that begins a new era, in which everything
// has to be proved again. So a lookup of what is proved only asks for the moment, and is as correct as a lookup of the rows, since
// the moment is taken after the lookup began.

// proving is what hints know of the database's moments.
type proving struct {
	last    *moment // the latest one; nil: none is known
	era     uint64  // begins with 1
	changes uint64  // how often something ceased to be proved
	// ours are this server's transactions that no moment has shown yet, by number, with what they touch. Some with numbers up to
	// forgotten may be missing.
	ours      map[uint64]*touched
	touching  int // how many entries and directories they touch
	forgotten uint64
	flying
}

// touched is what a transaction changes.
type touched struct {
	entries []entry
	dirs    []key // whose times and children change

	xid    uint64
	flies  bool // see [flying]
	landed bool // its outcome is known
	purged bool // all was forgotten before its outcome was known
}

// mostOurs bounds how many transactions are remembered, and mostTouched what they touch. They pile up while nobody looks anything up.
const (
	mostOurs    = 1 << 12
	mostTouched = 1 << 16
)

// mind remembers a transaction.
func (p *proving) mind(t *touched) {
	p.ours[t.xid] = t
	p.touching += len(t.entries) + len(t.dirs)
}

// unmind forgets a transaction and returns it; nil if it was not remembered.
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

// begun records that xid is a transaction of this server, which has touched nothing so far.
func (h *hints) begun(xid uint64) { h.willTouch(xid) }

// willTouch records what the transaction xid will have changed, before it commits, and returns the record.
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
		h.flying.shown(before) // t replaces it
	} else if len(h.ours) >= mostOurs || h.touching >= mostTouched {
		h.forgetOurs()
	}
	h.mind(t)
	return t
}

// dropOurs forgets the latest moment, and all transactions, except what those whose outcome is not known touch.
func (p *proving) dropOurs() {
	for _, t := range p.ours {
		t.flies = false
	}
	p.last, p.ours, p.touching = nil, map[uint64]*touched{}, 0
	p.flying.keepAir()
}

// forgetOurs forgets all transactions but those whose outcome is not known. Nothing is proved then until a moment shows all that it forgot.
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

// addEntries adds entries with copies of their names: the given ones are parts of paths, which would stay in memory.
func (t *touched) addEntries(all iter.Seq[entry]) {
	for at := range all {
		t.entries = append(t.entries, entry{at.dir, strings.Clone(at.name)})
	}
}

// announced reports whether it is known before the commit what m changes of what may be remembered.
func (m *mutation) announced() bool {
	return len(m.rules) == 0 && (m.touches != nil || m.apply == nil && m.effects != nil)
}

// touching returns what a change of c's last inode touches, unless the inode is moved; nil if a mount leads to it, since then there may
// be several entries.
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

// xidSQL assigns a number to the transaction, as its first change would, and returns it.
const xidSQL = `SELECT pg_current_xact_id()::text::bigint`

// startBounded limits how long tx may hold locks while this server is silent, and returns the number of tx.
func startBounded(ctx context.Context, tx pgx.Tx) (xid uint64, err error) {
	batch := &pgx.Batch{}
	batch.Queue(idleSQL)
	batch.Queue(xidSQL).QueryRow(func(row pgx.Row) error { return row.Scan(&xid) })
	return xid, tx.SendBatch(ctx, batch).Close()
}

// aside runs a transaction that changes nothing that may be remembered.
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

// disprove marks what a transaction has touched as not proved.
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

// provedAt returns the era for what was true in m; 0 if a later moment is known already.
func (h *hints) provedAt(m *moment) uint64 {
	if h.last == nil || !m.is(h.last) {
		return 0
	}
	return h.era
}

// prove notes that x, which a has confirmed, was true in a's moment.
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

// proveDir remembers a directory's row of dirs, unless it is being changed.
func (h *hints) proveDir(dir key, d dirHint) {
	if h.flying.dirs[dir] == 0 {
		h.dirs.Add(dir, d)
	}
}

// proveHop notes that x's hop s is true, unless something else is remembered by now, for example from a slow walk.
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
