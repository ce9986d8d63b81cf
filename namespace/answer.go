package namespace

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// foundLeaf is the inode found in place of the one that was supposed.
type foundLeaf struct {
	node              node
	seen              uint32
	mounted           bool // node is a mount, which leads somewhere else
	dirTime, children int64
	err               error // why the row cannot be decoded
}

// dirRow is the row of a directory in dirs.
type dirRow struct {
	mtime, children int64
}

// answer holds everything that an inquiry found to differ from what was supposed.
type answer struct {
	server    time.Time // beginning of the database that was supposed
	elsewhere bool      // the database has another beginning
	sole      bool      // no other server is registered
	term      readTerm  // of the read lease that results if sole
	moment    moment
	hops      map[hop]struct{}
	targets   map[target]struct{}
	rulings   map[ruling]struct{}
	epochs    map[int64]int64
	leaves    map[hop]*foundLeaf // a nil value: nothing is there
	dirs      map[key]dirRow
	contents  map[entry][]segment // in the order of the file
	fetched   map[key][]segment   // in the same order
}

// disproves reports whether anything in x except its leaf differs from what was supposed.
func (a *answer) disproves(x *supposition) bool {
	return a.elsewhere || !a.server.Equal(x.server) || anyOf(a.hops, x.hops) || anyOf(a.targets, x.targets) || anyOf(a.rulings, x.rulings)
}

func anyOf[T comparable](set map[T]struct{}, all []T) bool {
	return len(set) > 0 && slices.ContainsFunc(all, func(t T) bool { _, in := set[t]; return in })
}

// read reads the database's answer to q.
func (q *inquiry) read(rows pgx.Rows, server time.Time) (*answer, error) {
	defer rows.Close()
	a := &answer{server: server}
	form := q.form()
	if form == looking {
		return a, a.look(rows)
	}
	r := newAnswerRow(form)
	for rows.Next() {
		if err := r.scan(rows); err != nil {
			return nil, fmt.Errorf("look up: %w", err)
		}
		if err := a.add(q, r); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, s := range a.contents {
		inOrder(s)
	}
	for _, s := range a.fetched {
		inOrder(s)
	}
	return a, nil
}

func inOrder(s []segment) {
	slices.SortFunc(s, func(a, b segment) int { return cmp.Compare(a.off, b.off) })
}

// look reads what lookingSQL returns.
func (a *answer) look(rows pgx.Rows) error {
	var (
		snapshot string
		began    time.Time
		err      error
	)
	if rows.Next() {
		err = rows.Scan(&snapshot, &began, &a.sole)
	}
	rows.Close()
	if err = cmp.Or(err, rows.Err()); err != nil {
		return fmt.Errorf("look up: %w", err)
	}
	a.elsewhere = !began.Equal(a.server)
	a.moment, err = parseMoment(snapshot)
	return err
}

// answerRow receives a row of any statement other than lookingSQL.
type answerRow struct {
	what       byte
	nth        int32
	n1, n2     *int64
	seen       *uint32
	mounted    *bool
	keyVersion *int32
	bytes      []byte // sealed content, or the snapshot
	inodeRow
	all   []any // where the columns go
	brief []any // where they go if the row has no inode
}

func newAnswerRow(form form) *answerRow {
	r := &answerRow{}
	r.brief = []any{&r.what, &r.nth, &r.n1, &r.n2, &r.bytes}
	r.all = r.brief
	if form == fetching || form == inquiring {
		r.brief = append(r.brief, &r.seen, &r.mounted, &r.keyVersion)
	}
	if form == inquiring {
		r.all = append(slices.Clone(r.brief), r.into()...)
		r.brief = append(r.brief, make([]any, inodeFields)...)
	}
	return r
}

func (r *answerRow) scan(rows pgx.Rows) error {
	if what := rows.RawValues()[0]; len(what) == 1 && what[0] == 'l' {
		return rows.Scan(r.all...)
	}
	return rows.Scan(r.brief...)
}

// segment returns the row of content at offset off.
func (r *answerRow) segment(off, length int64) segment {
	return segment{extent: extent{off: off, len: length, keyVersion: *r.keyVersion}, sealed: r.bytes}
}

func (r *answerRow) numbers() (n1, n2 int64) {
	if r.n1 != nil {
		n1 = *r.n1
	}
	if r.n2 != nil {
		n2 = *r.n2
	}
	return n1, n2
}

// put adds a value to *m, which is made if it is nil.
func put[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[k] = v
}

func (a *answer) add(q *inquiry, r *answerRow) error {
	i := int(r.nth) - 1
	n1, n2 := r.numbers()
	switch r.what {
	case 'e':
		if i < len(q.hops.all) {
			put(&a.hops, q.hops.all[i], struct{}{})
		} else {
			put(&a.hops, q.leaves.all[i-len(q.hops.all)], struct{}{})
		}
	case 'r':
		put(&a.targets, q.targets.all[i], struct{}{})
	case 'p':
		put(&a.rulings, q.rulings.all[i], struct{}{})
	case 'u':
		put(&a.epochs, q.users.all[i].id, n1)
	case 'x':
		put(&a.leaves, q.leaves.all[i], nil)
	case 'l':
		l := &foundLeaf{seen: *r.seen, mounted: *r.mounted, dirTime: n1, children: n2}
		l.node, l.err = r.inode()
		put(&a.leaves, q.leaves.all[i], l)
	case 'd':
		put(&a.dirs, q.dirs.all[i], dirRow{n1, n2})
	case 'c':
		e := q.contents.all[i]
		put(&a.contents, e, append(a.contents[e], r.segment(n1, n2)))
	case 'f':
		k := q.fetched.all[i]
		put(&a.fetched, k, append(a.fetched[k], r.segment(n1, n2)))
	case 'm':
		var err error
		a.elsewhere, a.sole = n1 != 0, n2 != 0
		a.moment, err = parseMoment(string(r.bytes))
		return err
	default:
		return fmt.Errorf("look up: an answer of the kind %q", r.what)
	}
	return nil
}
