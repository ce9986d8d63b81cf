package namespace

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// What many lookups suppose is compared with the database in one statement, and so in one snapshot. It returns what differs:
//
//	e  an entry ($1 project, $2 directory, $3 name) that does not lead to the inode $4 of the version $5, which lay at $6
//	r  a row of inodes ($7 project, $8 id) that does not have the version $9, which lay at $10
//	p  a row of projects ($11) that does not have the version $12
//	u  a user ($13) whose epoch is not $14, with the epoch
//
// and in any case
//
//	d  the rows of dirs for directories ($15 project, $16 id)
//	m  the snapshot, with 1 if the database did not begin at $17, and 1 if the server $18 is the only one
//
// Each part looks its rows up one by one.
//
// comparingSQL does that. lookingSQL returns the snapshot, when the database began, and whether the server $1 is the only one.
// fetchingSQL returns m, with $1 for $17 and $2 for $18, and f, with $3 and $4. inquirySQL, which takes three times as long as
// comparingSQL, also returns
//
//	l  the inode at an entry ($19, $20, $21), if it is not $22 of the version $23; these are 0 if nothing is supposed to be there
//	x  such an entry, if nothing is there
//	c  the rows of content of the small file at an entry ($24, $25, $26)
//	f  the rows of content of the small file that is an inode ($27 project, $28 id)
var (
	comparingSQL = comparisons("")
	lookingSQL   = `SELECT pg_current_snapshot()::text, ` + beganSQL + `, ` + soleSQL("$1::uuid")
	fetchingSQL  = contentOf(3, "") + `
UNION ALL` + momentSQL("$1", "$2::uuid", strings.Repeat(", NULL", 3))

	inquirySQL = `
SELECT CASE WHEN n.id IS NULL THEN 'x' ELSE 'l' END::"char", k.nth, d.mtime, d.children, NULL::bytea, n.seen, n.target_id IS NOT NULL, 0,
	` + inodeColumns + `
FROM ` + rowsSQL("k", 19, "project bigint", "dir bigint", "name text", "id bigint", "seen xid") + `
LEFT JOIN LATERAL (SELECT i.*, i.xmin AS seen, i.ctid AS at FROM inodes i WHERE i.project_id = k.project AND i.parent_id = k.dir AND i.name = k.name OFFSET 0) n ON true
LEFT JOIN LATERAL (SELECT mtime, children FROM dirs WHERE n.kind = 'd' AND project_id = n.project_id AND id = n.id OFFSET 0) d ON true
WHERE coalesce(n.id, 0) <> k.id OR n.seen <> k.seen
UNION ALL
SELECT 'c', k.nth, c.off, c.len, c.sealed, NULL, NULL, c.key_version` + strings.Repeat(", NULL", inodeFields) + `
FROM ` + rowsSQL("k", 24, "project bigint", "dir bigint", "name text") + `
CROSS JOIN LATERAL (SELECT project_id, id FROM inodes i
	WHERE i.project_id = k.project AND i.parent_id = k.dir AND i.name = k.name AND i.kind = 'f' AND i.size <= ` + strconv.Itoa(RowMax) + ` OFFSET 0) n
CROSS JOIN LATERAL (SELECT off, len, key_version, sealed FROM contents WHERE project_id = n.project_id AND inode_id = n.id OFFSET 0) c
UNION ALL` + contentOf(27, strings.Repeat(", NULL", inodeFields)) + `
UNION ALL` + comparisons(strings.Repeat(", NULL", 3+inodeFields))
)

// contentOf is the part f, with inodes in the parameters first and first+1. Of a file that has grown meanwhile it returns the beginning.
func contentOf(first int, rest string) string {
	return `
SELECT 'f'::"char", k.nth, c.off, c.len, c.sealed, NULL::xid, NULL::boolean, c.key_version` + rest + `
FROM ` + rowsSQL("k", first, "project bigint", "id bigint") + `
CROSS JOIN LATERAL (SELECT off, len, key_version, sealed FROM contents WHERE project_id = k.project AND inode_id = k.id AND off < ` + strconv.Itoa(RowMax) + ` OFFSET 0) c`
}

// comparisons are the parts that comparingSQL and inquirySQL share, each of five columns followed by rest.
func comparisons(rest string) string {
	return `
SELECT 'e'::"char", k.nth, NULL::bigint, NULL::bigint, NULL::bytea` + rest + `
FROM ` + rowsSQL("k", 1, "project bigint", "dir bigint", "name text", "id bigint", "seen xid", "at tid") + `
WHERE coalesce((SELECT xmin FROM inodes WHERE ctid = k.at AND project_id = k.project AND parent_id = k.dir AND inodes.name = k.name AND inodes.id = k.id),
	(SELECT xmin FROM inodes WHERE project_id = k.project AND parent_id = k.dir AND inodes.name = k.name AND inodes.id = k.id)) IS DISTINCT FROM k.seen
UNION ALL
SELECT 'r', k.nth, NULL, NULL, NULL` + rest + `
FROM ` + rowsSQL("k", 7, "project bigint", "id bigint", "seen xid", "at tid") + `
WHERE coalesce((SELECT xmin FROM inodes WHERE ctid = k.at AND project_id = k.project AND inodes.id = k.id),
	(SELECT xmin FROM inodes WHERE project_id = k.project AND inodes.id >= k.id AND inodes.id <= k.id ORDER BY inodes.id LIMIT 1)) IS DISTINCT FROM k.seen -- as byKeySQL
UNION ALL
SELECT 'p', k.nth, NULL, NULL, NULL` + rest + `
FROM ` + rowsSQL("k", 11, "id bigint", "seen xid") + `
WHERE (SELECT xmin FROM projects WHERE projects.id = k.id) IS DISTINCT FROM k.seen
UNION ALL
SELECT 'u', k.nth, u.epoch, NULL, NULL` + rest + `
FROM ` + rowsSQL("k", 13, "id bigint", "epoch bigint") + `
CROSS JOIN LATERAL (SELECT coalesce((SELECT epoch FROM users WHERE users.id = k.id), 0) AS epoch OFFSET 0) u
WHERE u.epoch <> k.epoch
UNION ALL
SELECT 'd', k.nth, d.mtime, d.children, NULL` + rest + `
FROM ` + rowsSQL("k", 15, "project bigint", "id bigint") + `
CROSS JOIN LATERAL (SELECT mtime, children FROM dirs WHERE project_id = k.project AND dirs.id = k.id OFFSET 0) d
UNION ALL` + momentSQL("$17", "$18::uuid", rest)
}

// inquiry is what several suppositions ask for, each thing once.
type inquiry struct {
	narrow   bool // something is to be compared
	wide     bool // what is found in the place of leaves is asked for, or content
	hops     places[hop]
	targets  places[target]
	rulings  places[ruling]
	users    places[userEpoch]
	leaves   places[hop]
	dirs     places[key]
	contents places[entry]
	fetched  places[key]
	leaser   *uuid.UUID // the server that asks for a read lease; nil: none
}

type userEpoch struct{ id, epoch int64 }

// places are distinct values in the order in which they were added.
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

// add adds what x asks for. If x is proved, that is only the moment and content.
func (q *inquiry) add(x *supposition) {
	if x.fetch {
		q.fetched.add(x.c.node().key())
	}
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

// args are the parameters of the statement.
func (q *inquiry) args(server time.Time) []any {
	fetched, inodes := columns(q.fetched.all)
	form := q.form()
	if form == looking {
		return []any{q.leaser}
	}
	if form == fetching {
		return []any{server, q.leaser, fetched, inodes}
	}
	const most = 28
	args := make([]any, 0, most)
	wide := form == inquiring
	var at []tid
	if wide {
		args, at = hopArgs(args, q.hops.all)
	} else {
		args, at = hopArgs(args, q.hops.all, q.leaves.all)
	}
	args = append(args, at)
	n := len(q.targets.all)
	projects, ids, seen := make([]int64, n), make([]int64, n), make([]uint32, n)
	at = make([]tid, n)
	for i, r := range q.targets.all {
		projects[i], ids[i], seen[i], at[i] = r.project, r.id, r.seen, r.tid
	}
	args = append(args, projects, ids, seen, at)
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
	args = append(args, projects, ids, server, q.leaser)
	if !wide {
		return args
	}
	args, _ = hopArgs(args, q.leaves.all)
	n = len(q.contents.all)
	projects, ids, names := make([]int64, n), make([]int64, n), make([]string, n)
	for i, e := range q.contents.all {
		projects[i], ids[i], names[i] = e.dir.project, e.dir.id, e.name
	}
	return append(args, projects, ids, names, fetched, inodes)
}

// hopArgs appends the columns of hops, except where they lay, which it returns.
func hopArgs(args []any, parts ...[]hop) (_ []any, at []tid) {
	n := 0
	for _, hops := range parts {
		n += len(hops)
	}
	projects, dirs, names := make([]int64, 0, n), make([]int64, 0, n), make([]string, 0, n)
	ids, seen := make([]int64, 0, n), make([]uint32, 0, n)
	at = make([]tid, 0, n)
	for _, hops := range parts {
		for i := range hops {
			s := &hops[i]
			projects, dirs, names = append(projects, s.dir.project), append(dirs, s.dir.id), append(names, s.name)
			ids, seen, at = append(ids, s.id), append(seen, s.seen), append(at, s.tid)
		}
	}
	return append(args, projects, dirs, names, ids, seen), at
}

// form says which statement an inquiry takes.
type form int

const (
	looking form = iota
	fetching
	comparing
	inquiring
)

func (q *inquiry) form() form {
	switch content := len(q.fetched.all) > 0; {
	case q.wide || q.narrow && content:
		return inquiring
	case q.narrow:
		return comparing
	case content:
		return fetching
	}
	return looking
}

// inquiries are the statements of all forms.
var inquiries = [...]string{looking: lookingSQL, fetching: fetchingSQL, comparing: comparingSQL, inquiring: inquirySQL}

// ask runs the inquiry.
func (q *inquiry) ask(ctx context.Context, db querier, server time.Time) (*answer, error) {
	rows, err := db.Query(ctx, inquiries[q.form()], q.args(server)...)
	if err != nil {
		return nil, err
	}
	return q.read(rows, server)
}
