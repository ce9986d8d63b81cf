package namespace

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// recalled is a file of a batch as it is remembered, with all of its content.
type recalled struct {
	file int // of the window
	at   entry
	hint *hint
	rows []segment
}

// recallAtOnce is how many files are looked for before others may look for theirs.
const recallAtOnce = 64

// recall returns those of files, entries of directories, that are remembered with their content and were so in the latest moment.
// Whether they still are, [hints.confirm] says. Others have to be looked up.
func (h *hints) recall(files []int, entries []entry) (known []recalled) {
	for len(files) > 0 {
		n := min(len(files), recallAtOnce)
		known = h.recallSome(known, files[:n], entries[:n])
		files, entries = files[n:], entries[n:]
	}
	return known
}

func (h *hints) recallSome(known []recalled, files []int, entries []entry) []recalled {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return known
	}
	for i, at := range entries {
		t := h.at(at)
		if t == nil || t.era != h.era || t.fickle || t.target != 0 || t.node.kind != kindFile || t.node.use != useNone || t.node.project != at.dir.project {
			continue
		}
		r := recalled{file: files[i], at: at, hint: t}
		if t.node.size > 0 {
			if r.rows = h.content.get(revision{t.node.key(), t.node.gen}); r.rows == nil {
				continue
			}
		}
		known = append(known, r)
	}
	return known
}

// confirm reports whether all that was recalled is so in a moment that was asked for after it was.
func (h *hints) confirm(all []recalled, m *askedMoment) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return len(all) == 0
	}
	h.meet(m.server)
	h.advance(&m.moment)
	for i := range all {
		r := &all[i]
		if t, _ := h.entries.Peek(r.at); t != r.hint || t.era != h.era {
			return false
		}
	}
	return true
}

// lookedUp is a file that was looked up, with all of its content.
type lookedUp struct {
	at   entry
	hint hint
	rows []segment
}

// learnFiles remembers files that were looked up after the moment m was asked for. What has changed them since m ended after it, and so
// disproves them when a later moment shows it, whether they were seen before or after it.
func (h *hints) learnFiles(all []lookedUp, m *askedMoment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return
	}
	h.meet(m.server)
	h.advance(&m.moment)
	since, era := h.now(), h.provedAt(&m.moment)
	for i := range all {
		l := &all[i]
		l.hint.since, l.hint.era = since, era
		h.remember(l.at, &l.hint)
		if l.rows != nil {
			h.content.add(revision{l.hint.node.key(), l.hint.node.gen}, l.rows)
		}
	}
}

// askedMoment is a moment of a database, and when that began.
type askedMoment struct {
	moment
	server time.Time
}

// queue asks for m.
func (m *askedMoment) queue(b *pgx.Batch) {
	b.Queue(lookingSQL).QueryRow(func(row pgx.Row) error {
		var text string
		err := row.Scan(&text, &m.server)
		if err == nil {
			m.moment, err = parseMoment(text)
		}
		return err
	})
}
