package namespace

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// recalled is a file of a batch as it is remembered, with all of its content.
type recalled struct {
	file   int // of the window
	at     entry
	hint   *hint
	rows   []segment
	proved bool // it held as of the latest moment, and need not be compared
}

// changedSQL returns the numbers of those entries that no longer lead to the remembered row versions.
var changedSQL = `
SELECT k.nth FROM ` + rowsSQL("k", 1, "project bigint", "dir bigint", "name text", "id bigint", "seen xid") + `
WHERE (SELECT xmin FROM inodes WHERE project_id = k.project AND parent_id = k.dir AND inodes.name = k.name AND inodes.id = k.id) IS DISTINCT FROM k.seen`

// recallAtOnce is how many files are looked up before the lock on the hints is released for others.
const recallAtOnce = 64

// recall returns those of files, which are entries of directories, that are remembered with their content. [hints.confirm] or
// [hints.present] decides whether they are still current. The others have to be looked up.
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
		if t == nil || t.at.seen < firstXID || t.fickle || t.target != 0 || t.node.kind != kindFile || t.node.use != useNone || t.node.project != at.dir.project {
			continue
		}
		r := recalled{file: files[i], at: at, hint: t, proved: t.era == h.era}
		if t.node.size > 0 {
			if r.rows = h.content.get(t.node.revision()); r.rows == nil {
				continue
			}
		}
		known = append(known, r)
	}
	return known
}

// queueChanged compares those of all that are not proved with the database, and appends the ones that differ to changed.
func queueChanged(b *pgx.Batch, all []recalled, changed *[]*recalled) {
	var compared []*recalled
	for i := range all {
		if !all[i].proved {
			compared = append(compared, &all[i])
		}
	}
	if len(compared) == 0 {
		return
	}
	b.Queue(changedSQL,
		column(compared, func(r *recalled) int64 { return r.at.dir.project }),
		column(compared, func(r *recalled) int64 { return r.at.dir.id }),
		column(compared, func(r *recalled) string { return r.at.name }),
		column(compared, func(r *recalled) int64 { return r.hint.at.id }),
		column(compared, func(r *recalled) uint32 { return r.hint.at.seen })).
		Query(func(rows pgx.Rows) error {
			var nth int32
			_, err := pgx.ForEachRow(rows, []any{&nth}, func() error {
				*changed = append(*changed, compared[nth-1])
				return nil
			})
			return err
		})
}

// lookedUp is a file that was looked up, with all of its content.
type lookedUp struct {
	at   entry
	hint hint
	rows []segment
}

// confirm reports whether everything that was recalled still held at m, a moment taken afterwards: what was proved before still is, and
// the rest was compared after m. If so, the compared files and those found after m count as proved as of m: a transaction that changed
// them since ended after m, so a later moment shows it and disproves them, whether they were read before or after it. Entries in
// changed are forgotten.
func (h *hints) confirm(all []recalled, changed []*recalled, found []lookedUp, m *askedMoment) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return len(all) == 0
	}
	era := h.hear(m.server, &m.moment)
	for _, r := range changed {
		if t, _ := h.entries.Peek(r.at); t == r.hint {
			h.entries.Remove(r.at)
		}
	}
	if len(changed) > 0 {
		return false
	}
	for i := range all {
		r := &all[i]
		t, _ := h.entries.Peek(r.at)
		switch {
		case t != r.hint || r.proved && t.era != h.era:
			return false
		case !r.proved && era != 0 && !h.flying.touches(r.at):
			t.era = era
		}
	}
	since := h.now()
	for i := range found {
		f := &found[i]
		f.hint.since, f.hint.era = since, era
		h.remember(f.at, &f.hint)
		if f.rows != nil {
			h.content.add(f.hint.node.revision(), f.rows)
		}
	}
	return true
}

// askedMoment is a moment of a database, and the beginning of that database.
type askedMoment struct {
	moment
	server time.Time
}

// queue asks for m.
func (m *askedMoment) queue(b *pgx.Batch) {
	b.Queue(lookingSQL, nil).QueryRow(func(row pgx.Row) error {
		var text string
		err := row.Scan(&text, &m.server, nil)
		if err == nil {
			m.moment, err = parseMoment(text)
		}
		return err
	})
}
