package namespace

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// What is supposed of many lookups is held against the database in one statement, and so in one snapshot. It returns what
// differs:
//
//	e  an entry ($1 project, $2 directory, $3 name) that does not lead to the inode $4 of the version $5
//	r  a row of inodes ($6 project, $7 id) that has not the version $8
//	p  a row of projects ($9) that has not the version $10
//	u  a user ($11) whose epoch is not $12, with the epoch
//	s  nothing, if the database did not begin at $15
//
// and, of directories ($13 project, $14 id), what dirs say, d; and of its snapshot
//
//	m  the lowest number of a transaction that is running, and the first one that has not begun
//	g  each number of one that is running
//
// Each part looks its rows up one by one.
//
// comparingSQL does that. lookingSQL returns the snapshot and when the database began, and nothing else, in one row: it takes half as long
// as m, g and s would. inquirySQL, which takes three times as long as comparingSQL, returns besides
//
//	l  an inode that is at an entry ($16, $17, $18) instead of $19 of the version $20, which are 0 if nothing is to be there
//	x  the entry if nothing is there
//	c  of an entry ($21, $22, $23) the rows of content, if it is a small file
var (
	comparingSQL = comparisons("")
	lookingSQL   = `SELECT pg_current_snapshot()::text, ` + beganSQL

	inquirySQL = `
SELECT CASE WHEN n.id IS NULL THEN 'x' ELSE 'l' END::"char", k.nth::int, d.mtime, d.children, n.seen, n.target_id IS NOT NULL, 0, NULL::bytea,
	` + inodeColumns + `
FROM unnest($16::bigint[], $17::bigint[], $18::text[], $19::bigint[], $20::xid[]) WITH ORDINALITY AS k (project, dir, name, id, seen, nth)
LEFT JOIN LATERAL (SELECT i.*, i.xmin AS seen FROM inodes i WHERE i.project_id = k.project AND i.parent_id = k.dir AND i.name = k.name OFFSET 0) n ON true
LEFT JOIN LATERAL (SELECT mtime, children FROM dirs WHERE n.kind = 'd' AND project_id = n.project_id AND id = n.id OFFSET 0) d ON true
WHERE coalesce(n.id, 0) <> k.id OR n.seen <> k.seen
UNION ALL
SELECT 'c', k.nth, c.off, c.len, NULL, NULL, c.key_version, c.sealed` + strings.Repeat(", NULL", inodeFields) + `
FROM unnest($21::bigint[], $22::bigint[], $23::text[]) WITH ORDINALITY AS k (project, dir, name, nth)
CROSS JOIN LATERAL (SELECT project_id, id FROM inodes i
	WHERE i.project_id = k.project AND i.parent_id = k.dir AND i.name = k.name AND i.kind = 'f' AND i.size <= ` + strconv.Itoa(RowMax) + ` OFFSET 0) n
CROSS JOIN LATERAL (SELECT off, len, key_version, sealed FROM contents WHERE project_id = n.project_id AND inode_id = n.id OFFSET 0) c
UNION ALL` + comparisons(strings.Repeat(", NULL", 4+inodeFields))
)

// comparisons are the parts that both have, each of four columns followed by rest.
func comparisons(rest string) string {
	return `
SELECT 'e'::"char", k.nth::int, NULL::bigint, NULL::bigint` + rest + `
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::xid[]) WITH ORDINALITY AS k (project, dir, name, id, seen, nth)
WHERE (SELECT xmin FROM inodes WHERE project_id = k.project AND parent_id = k.dir AND inodes.name = k.name AND inodes.id = k.id) IS DISTINCT FROM k.seen
UNION ALL
SELECT 'r', k.nth, NULL, NULL` + rest + `
FROM unnest($6::bigint[], $7::bigint[], $8::xid[]) WITH ORDINALITY AS k (project, id, seen, nth)
WHERE (SELECT xmin FROM inodes WHERE project_id = k.project AND inodes.id >= k.id AND inodes.id <= k.id ORDER BY inodes.id LIMIT 1) IS DISTINCT FROM k.seen -- as byKeySQL
UNION ALL
SELECT 'p', k.nth, NULL, NULL` + rest + `
FROM unnest($9::bigint[], $10::xid[]) WITH ORDINALITY AS k (id, seen, nth)
WHERE (SELECT xmin FROM projects WHERE projects.id = k.id) IS DISTINCT FROM k.seen
UNION ALL
SELECT 'u', k.nth, u.epoch, NULL` + rest + `
FROM unnest($11::bigint[], $12::bigint[]) WITH ORDINALITY AS k (id, epoch, nth)
CROSS JOIN LATERAL (SELECT coalesce((SELECT epoch FROM users WHERE users.id = k.id), 0) AS epoch OFFSET 0) u
WHERE u.epoch <> k.epoch
UNION ALL
SELECT 'd', k.nth, d.mtime, d.children` + rest + `
FROM unnest($13::bigint[], $14::bigint[]) WITH ORDINALITY AS k (project, id, nth)
CROSS JOIN LATERAL (SELECT mtime, children FROM dirs WHERE project_id = k.project AND dirs.id = k.id OFFSET 0) d
UNION ALL` + momentSQL("$15", rest)
}

// foundLeaf is an inode that is there instead.
type foundLeaf struct {
	node              node
	seen              uint32
	mounted           bool // it leads somewhere else, and node is the mount itself
	dirTime, children int64
	err               error // it cannot be read
}

// dirRow is what dirs say of a directory.
type dirRow struct {
	mtime, children int64
}

// answer is what an inquiry found to differ from what was supposed.
type answer struct {
	server    time.Time // the database that was meant
	elsewhere bool      // it is another one
	moment    moment
	hops      map[hop]struct{}
	targets   map[row]struct{}
	rulings   map[ruling]struct{}
	epochs    map[int64]int64
	leaves    map[hop]*foundLeaf // nil: nothing is there
	dirs      map[key]dirRow
	contents  map[entry][]segment // in the order of the file
}

// disproves reports whether anything but the leaf of x is not as supposed.
func (a *answer) disproves(x *supposition) bool {
	return a.elsewhere || !a.server.Equal(x.server) || anyOf(a.hops, x.hops) || anyOf(a.targets, x.targets) || anyOf(a.rulings, x.rulings)
}

func anyOf[T comparable](set map[T]struct{}, all []T) bool {
	return len(set) > 0 && slices.ContainsFunc(all, func(t T) bool { _, in := set[t]; return in })
}

// inquiry is what several suppositions ask for, each thing once.
type inquiry struct {
	narrow   bool // something is to be compared
	wide     bool // what is there instead of leaves is asked for, or content
	hops     places[hop]
	targets  places[row]
	rulings  places[ruling]
	users    places[userEpoch]
	leaves   places[hop]
	dirs     places[key]
	contents places[entry]
}

type userEpoch struct{ id, epoch int64 }

// places are distinct things in the order in which they came.
type places[T comparable] struct {
	all  []T
	seen map[T]struct{}
}

func (p *places[T]) add(t T) {
	const few = 8
	if len(p.all) < few {
		if !slices.Contains(p.all, t) {
			p.all = append(p.all, t)
		}
		return
	}
	if p.seen == nil {
		p.seen = map[T]struct{}{}
		for _, t := range p.all {
			p.seen[t] = struct{}{}
		}
	}
	if _, seen := p.seen[t]; !seen {
		p.seen[t] = struct{}{}
		p.all = append(p.all, t)
	}
}

// add adds what x asks for: of what is proved, nothing but the moment.
func (q *inquiry) add(x *supposition) {
	if x.proved {
		return
	}
	q.narrow = true
	for _, s := range x.hops {
		q.hops.add(s)
	}
	for _, r := range x.targets {
		q.targets.add(r)
	}
	for _, r := range x.rulings {
		q.rulings.add(r)
	}
	if x.user != 0 {
		q.users.add(userEpoch{x.user, x.epoch})
	}
	if x.leaf != nil {
		q.leaves.add(*x.leaf)
		if q.wide = q.wide || x.leaf.id == 0 || x.want; x.want {
			q.contents.add(x.leaf.entry)
		}
	}
	if dir, ok := x.dir(); ok {
		q.dirs.add(dir)
	}
}

// args are the parameters of comparingSQL or inquirySQL; lookingSQL has none.
func (q *inquiry) args(server time.Time) []any {
	if !q.narrow {
		return nil
	}
	const most = 23
	args := make([]any, 0, most)
	if q.wide {
		args = hopArgs(args, q.hops.all)
	} else {
		args = hopArgs(args, q.hops.all, q.leaves.all)
	}
	n := len(q.targets.all)
	projects, ids, seen := make([]int64, n), make([]int64, n), make([]uint32, n)
	for i, r := range q.targets.all {
		projects[i], ids[i], seen[i] = r.project, r.id, r.seen
	}
	args = append(args, projects, ids, seen)
	n = len(q.rulings.all)
	ids, seen = make([]int64, n), make([]uint32, n)
	for i, r := range q.rulings.all {
		ids[i], seen[i] = r.project, r.seen
	}
	args = append(args, ids, seen)
	n = len(q.users.all)
	ids, epochs := make([]int64, n), make([]int64, n)
	for i, u := range q.users.all {
		ids[i], epochs[i] = u.id, u.epoch
	}
	args = append(args, ids, epochs)
	projects, ids = columns(q.dirs.all)
	args = append(args, projects, ids, server)
	if !q.wide {
		return args
	}
	args = hopArgs(args, q.leaves.all)
	n = len(q.contents.all)
	projects, ids, names := make([]int64, n), make([]int64, n), make([]string, n)
	for i, e := range q.contents.all {
		projects[i], ids[i], names[i] = e.dir.project, e.dir.id, e.name
	}
	return append(args, projects, ids, names)
}

// hopArgs appends the columns of hops.
func hopArgs(args []any, parts ...[]hop) []any {
	n := 0
	for _, hops := range parts {
		n += len(hops)
	}
	projects, dirs, names := make([]int64, 0, n), make([]int64, 0, n), make([]string, 0, n)
	ids, seen := make([]int64, 0, n), make([]uint32, 0, n)
	for _, hops := range parts {
		for i := range hops {
			s := &hops[i]
			projects, dirs, names = append(projects, s.dir.project), append(dirs, s.dir.id), append(names, s.name)
			ids, seen = append(ids, s.id), append(seen, s.seen)
		}
	}
	return append(args, projects, dirs, names, ids, seen)
}

// sql is the statement that asks.
func (q *inquiry) sql() string {
	switch {
	case q.wide:
		return inquirySQL
	case q.narrow:
		return comparingSQL
	}
	return lookingSQL
}

// ask runs the inquiry.
func (q *inquiry) ask(ctx context.Context, db querier, server time.Time) (*answer, error) {
	rows, err := db.Query(ctx, q.sql(), q.args(server)...)
	if err != nil {
		return nil, err
	}
	return q.read(rows, server)
}

// read reads what the database answers.
func (q *inquiry) read(rows pgx.Rows, server time.Time) (*answer, error) {
	defer rows.Close()
	a := &answer{server: server}
	if !q.narrow {
		return a, a.look(rows)
	}
	r := newAnswerRow(q.wide)
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
	slices.Sort(a.moment.running)
	for _, s := range a.contents {
		slices.SortFunc(s, func(a, b segment) int { return cmp.Compare(a.off, b.off) })
	}
	return a, nil
}

// look reads what lookingSQL returns.
func (a *answer) look(rows pgx.Rows) error {
	var (
		snapshot string
		began    time.Time
		err      error
	)
	if rows.Next() {
		err = rows.Scan(&snapshot, &began)
	}
	rows.Close()
	if err = cmp.Or(err, rows.Err()); err != nil {
		return fmt.Errorf("look up: %w", err)
	}
	a.elsewhere = !began.Equal(a.server)
	a.moment, err = parseMoment(snapshot)
	return err
}

// answerRow takes a row of either statement that compares.
type answerRow struct {
	what       byte
	nth        int32
	n1, n2     *int64
	seen       *uint32
	mounted    *bool
	keyVersion *int32
	sealed     []byte
	inodeRow
	all   []any // where the columns go
	brief []any // where they go if there is no inode among them
}

func newAnswerRow(wide bool) *answerRow {
	r := &answerRow{}
	r.brief = []any{&r.what, &r.nth, &r.n1, &r.n2}
	r.all = r.brief
	if wide {
		r.brief = append(r.brief, &r.seen, &r.mounted, &r.keyVersion, &r.sealed)
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

func (r *answerRow) numbers() (n1, n2 int64) {
	if r.n1 != nil {
		n1 = *r.n1
	}
	if r.n2 != nil {
		n2 = *r.n2
	}
	return n1, n2
}

// put is m with a value, made if need be.
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
		g := segment{extent: extent{off: n1, len: n2, keyVersion: *r.keyVersion}, sealed: r.sealed}
		put(&a.contents, e, append(a.contents[e], g))
	case 's':
		a.elsewhere = true
	case 'm':
		a.moment.first, a.moment.next = uint64(n1), uint64(n2)
	case 'g':
		a.moment.running = append(a.moment.running, uint64(n1))
	default:
		return fmt.Errorf("look up: an answer of the kind %q", r.what)
	}
	return nil
}
