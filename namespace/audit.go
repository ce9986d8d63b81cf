package namespace

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// MaxAudit is the largest number of entries in one page of the audit.
const MaxAudit = 1000

// AuditQuery chooses entries of the audit. Its zero value chooses everything that the principal may know.
type AuditQuery struct {
	Project string    // only in this project; "": in all, and in the common ground
	Path    Path      // only at or below this path, as it was at the time; the root: anywhere
	User    string    // only by this user; "": by anybody
	From    time.Time // not before this moment; zero: since the beginning
	To      time.Time // before this moment; zero: up to now
	After   string    // after this cursor from an earlier page; "": from the newest on
	Limit   int       // entries of a page, 1 to MaxAudit; 0: MaxAudit
	Reads   bool      // accesses too: readings, and refusals of any operation
}

// Outcome is the result of an operation, as the audit records it.
type Outcome string

// Outcomes of entries of the audit.
const (
	Changed Outcome = "changed" // a change that was made
	Allowed Outcome = "allowed" // a reading that was allowed
	Denied  Outcome = "denied"  // it was refused
	Lost    Outcome = "lost"    // so many accesses before this moment could not be recorded
)

// Ranks of the tables of the audit, which put entries of the same moment in order.
const (
	rankAccess = iota // a reading or a refusal
	rankEvent         // a change of names or content
	rankDeed          // something done to users and credentials, of package auth; its path is the root
)

// AuditEntry is one entry of the audit: a change or an access. Besides what an event holds, it says by which credential and
// from where the request came.
type AuditEntry struct {
	Event             // Seq is 0 unless it is a change of names or content
	Project    string // name; "" for the common ground, and for a project that no longer exists
	ProjectID  int64  // 0: the common ground
	Credential string // the id of the token; "": a name believed under simple authentication, or the server itself
	Client     string // host; "": the server itself
	Outcome    Outcome
	Reason     string // for Denied, what the caller was told
	Lost       int64  // for Lost, how many

	rank   int   // of its table
	number int64 // of its row: of an event, Seq
}

// Audit returns a page of entries, the newest first, and a cursor for the next page, "" if this is the last. A page has fewer
// entries than the limit if they are long. A superuser sees everything, the owner of a project what happened in it, and anybody
// else what they did themselves. Of an operation that was refused, the latter see what they had asked for, and nothing at all if
// they were told that nothing is there. A token limited to a project shows only that project; one limited to a directory is refused.
//
// Changes appear as soon as they are answered, accesses within about a second. Readings of files in one directory within a second
// have the time of the first.
func (s *Session) Audit(ctx context.Context, q AuditQuery) (entries []AuditEntry, next string, err error) {
	const op = "audit"
	path := feedPath(q.Project)
	after, err := parseAuditCursor(q.After)
	switch {
	case err != nil:
		return nil, "", s.dress(op, path, err)
	case q.Limit < 0 || q.Limit > MaxAudit:
		return nil, "", s.dress(op, path, fail(InvalidArgument, "limit=%d: want 1 to %d", q.Limit, MaxAudit))
	case !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To):
		return nil, "", s.dress(op, path, fail(InvalidArgument, "the time begins at %s and ends at %s: want an end that is later",
			q.From.UTC().Format(time.RFC3339), q.To.UTC().Format(time.RFC3339)))
	case q.Limit == 0:
		q.Limit = MaxAudit
	}
	var (
		f    auditFilter
		full bool
	)
	err = s.presentBy(ctx, func(ctx context.Context, read func(pgx.Tx) error) error {
		if f.ordered(q) {
			return s.fs.snapshot(ctx, read)
		}
		return s.surveyAudit(ctx, read)
	}, func(w *walker) (c *chain, err error) {
		c, f, err = w.auditFilter(&q)
		return c, err
	}, func(tx pgx.Tx, _ *chain) (err error) {
		entries, full, err = f.page(ctx, tx, q, after)
		return err
	})
	if err != nil {
		return nil, "", s.dress(op, path, err)
	}
	if full || len(entries) == q.Limit {
		next = cursorOf(&entries[len(entries)-1]).String()
	}
	return entries, next, nil
}

// auditFilter returns the filter that narrows q to what the principal may know, and the chain that this relies on.
func (w *walker) auditFilter(q *AuditQuery) (c *chain, f auditFilter, err error) {
	p := &w.s.p
	f = auditFilter{user: q.User}
	var everything bool
	switch {
	case q.Project != "":
		if c, err = w.member(q.Project); err != nil {
			return nil, f, err
		}
		id := c.node().project
		f.project, everything = &id, w.passes(c, c.node())
	case !p.Scope.Verbs.Allow(auth.Read):
		return nil, f, fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not read the audit", p.User, p.Scope.Verbs)
	case p.Scope.Root != 0:
		return nil, f, fail(AccessControl, "Permission denied: user=%s, the token is limited to a directory and the audit is about all of a project", p.User)
	default:
		// The root is only looked up to read the principal; find is used since a token limited to a project cannot walk there.
		all, err := w.find(Path{})
		if err != nil {
			return nil, f, err
		}
		c, everything = all[0], p.Superuser // as the walk found the principal to be
		if p.Scope.Project != 0 {
			f.project = &p.Scope.Project
		}
	}
	switch {
	case everything:
		return c, f, nil
	case q.User != "" && q.User != p.User:
		return nil, f, fail(AccessControl, "Permission denied: user=%s may not know what %s did; owners of a project may, in the project", p.User, q.User)
	}
	f.user, f.asked = p.User, true
	return c, f, nil
}

// auditFilter is what entries must match besides the query's time and path.
type auditFilter struct {
	project *int64 // nil: any
	user    string // "": anybody
	asked   bool   // show of refusals only what was asked for
}

// askedSQL is the table accesses as users without full rights see it: a refusal shows what they asked for, but neither what that
// stands for nor whether it exists. Filters and order work on these values, so they reveal no more either.
const askedSQL = `(SELECT id, at, op, usr, credential, client, CASE outcome WHEN 'denied' THEN 0 ELSE project_id END AS project_id,
	CASE outcome WHEN 'denied' THEN 0 ELSE inode_id END AS inode_id, CASE outcome WHEN 'denied' THEN asked ELSE path END AS path,
	outcome, reason, lost, names, inodes FROM accesses WHERE outcome <> 'denied' OR asked IS NOT NULL)`

// askedEventsSQL is the table events as the users who did what it says see it. Of a share that they ended, or that ended with what
// they deleted, they are told no place in a project of which they are no members: who rejects an offer may not know where the dataset
// lies, and who deletes one may not know with whom it was shared.
const (
	askedEventsSQL = `(SELECT project_id, seq, at, op, usr, credential, client, inode_id,
		CASE WHEN op <> '` + endingShare + `' OR ` + eventsMemberSQL + ` THEN path
			ELSE coalesce('` + ProjectsDir + `/' || (SELECT name FROM projects p WHERE p.id = e.project_id), '/') END AS path,
		target, detail, operation FROM events e WHERE op <> '` + endingShare + `' OR detail #>> '{share,project}' IS NULL OR ` + eventsMemberSQL + `)`
	eventsMemberSQL = `EXISTS (SELECT FROM members m JOIN users u ON u.id = m.user_id WHERE m.project_id = e.project_id AND u.name = e.usr)`
)

// ordered reports whether an index yields the entries in their order, so that a page reads only as many rows as it has. There is no index
// by user and project: it would cost every change more than these rare queries justify.
func (f *auditFilter) ordered(q AuditQuery) bool {
	return q.Path.IsRoot() && (f.project == nil || f.user == "")
}

// auditTime limits a statement for which no index yields the entries in their order.
const auditTime = 30 * time.Second

// surveyAudit is survey for such a statement, which may read everything that happened in a project or that a user did.
func (s *Session) surveyAudit(ctx context.Context, read func(tx pgx.Tx) error) error {
	err := s.survey(ctx, func(tx pgx.Tx) error {
		if err := limitTime(ctx, tx, s.fs.auditTime); err != nil {
			return err
		}
		return read(tx)
	})
	if sqlState(err) == queryCanceled && ctx.Err() == nil {
		return fail(InvalidArgument, "There is so much to look through that it took longer than %s: ask for a shorter time, by its beginning and its end", s.fs.auditTime)
	}
	return err
}

// limitTime limits each of the statements that follow in a transaction.
func limitTime(ctx context.Context, tx pgx.Tx, most time.Duration) error {
	_, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', $1, true)`, strconv.FormatInt(max(0, most.Milliseconds()), 10))
	return err
}

// statement is a statement under construction.
type statement struct {
	text strings.Builder
	args []any
}

// arg returns the name of a new parameter.
func (st *statement) arg(v any) string {
	st.args = append(st.args, v)
	return "$" + strconv.Itoa(len(st.args))
}

// conditions writes the conditions, the order and the limit that f, q and after imply for a table t. rank is the table's, number the
// expression that numbers its rows, and path returns the condition for the query's path. Conditions that do not apply are left out, so
// that the planner sees which index helps.
func (f *auditFilter) conditions(st *statement, q AuditQuery, after auditCursor, rank int, number string, path func(Path) string, limit int) {
	st.text.WriteString(" WHERE true")
	and := func(format string, args ...any) { fmt.Fprintf(&st.text, " AND "+format, args...) }
	switch {
	case f.project == nil:
	case f.asked && rank == rankAccess:
		and("(t.project_id = %[1]s OR t.outcome = 'denied' AND t.path LIKE '/Projects/%%' AND split_part(t.path, '/', 3) = (SELECT name FROM projects WHERE id = %[1]s))",
			st.arg(*f.project))
	default:
		and("t.project_id = %s", st.arg(*f.project))
	}
	if f.user != "" {
		and("t.usr = %s", st.arg(f.user))
	}
	if !q.From.IsZero() {
		and("t.at >= %s", st.arg(q.From))
	}
	if !q.To.IsZero() {
		and("t.at < %s", st.arg(q.To))
	}
	if !after.at.IsZero() {
		at := st.arg(after.at)
		and("t.at <= %s AND (t.at, %d, t.project_id, %s) < (%s, %s, %s, %s)",
			at, rank, number, at, st.arg(after.rank), st.arg(after.project), st.arg(after.number))
	}
	if !q.Path.IsRoot() {
		and("(%s)", path(q.Path))
	}
	fmt.Fprintf(&st.text, " ORDER BY t.at DESC, t.project_id DESC, %s DESC LIMIT %s", number, st.arg(limit))
}

// within returns the condition that a column of t is path or below it.
func (st *statement) within(column string, path Path) string {
	start := beginning(path.text)
	return fmt.Sprintf("(left(t.%[1]s, 200) >= %[2]s AND left(t.%[1]s, 200) < %[3]s AND (t.%[1]s = %[4]s OR starts_with(t.%[1]s, %[5]s)))",
		column, st.arg(start), st.arg(start+string(utf8.MaxRune)), st.arg(path.text), st.arg(path.text+"/"))
}

// among returns the condition that t is about several files of a directory, one of which is path.
func (st *statement) among(path Path) string {
	dir := path.Parent()
	return fmt.Sprintf("left(t.path, 200) = %s AND t.path = %s AND %s = ANY (t.names)", st.arg(beginning(dir.text)), st.arg(dir.text), st.arg(path.Name()))
}

// beginning returns the part of a path that the indexes hold: left(path, 200).
func beginning(path string) string {
	n := 0
	for i := range path {
		if n == 200 {
			return path[:i]
		}
		n++
	}
	return path
}

// page reads the entries after the cursor, until there are as many as q asks for or their size fills a page (full).
func (f *auditFilter) page(ctx context.Context, tx pgx.Tx, q AuditQuery, after auditCursor) (entries []AuditEntry, full bool, err error) {
	st := f.statement(q, after)
	rows, err := tx.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return nil, false, err
	}
	return fillPage(rows, scanAuditEntry)
}

func (f *auditFilter) statement(q AuditQuery, after auditCursor) *statement {
	st, events := &statement{}, "events"
	if f.asked {
		events = askedEventsSQL
	}
	st.text.WriteString(`SELECT a.*, coalesce(p.name, '') FROM (
		(SELECT 1 AS rank, t.project_id, t.seq AS number, t.at, t.op, t.usr, t.credential, t.client, t.inode_id, t.path,
			coalesce(t.target, ''), t.detail, t.operation, 'changed' AS outcome, '' AS reason, 0::bigint AS lost FROM ` + events + ` t`)
	f.conditions(st, q, after, rankEvent, "t.seq", func(p Path) string {
		return st.within("path", p) + " OR t.target IS NOT NULL AND " + st.within("target", p)
	}, q.Limit)
	st.text.WriteString(`)`)
	if q.Path.IsRoot() { // deeds are about no file
		st.text.WriteString(`
		UNION ALL
		(SELECT 2, t.project_id, t.id, t.at, t.op, t.usr, t.credential, t.client, 0, '/',
			'', t.detail, NULL::uuid, 'changed', '', 0 FROM deeds t`)
		f.conditions(st, q, after, rankDeed, "t.id", nil, q.Limit)
		st.text.WriteString(`)`)
	}
	if q.Reads {
		f.accesses(st, q, after)
	}
	st.text.WriteString(`) a LEFT JOIN projects p ON p.id = a.project_id
		ORDER BY a.at DESC, a.rank DESC, a.project_id DESC, a.number DESC LIMIT ` + st.arg(q.Limit))
	return st
}

// accesses adds the entries of the table accesses to st. A row may hold several entries, which have consecutive numbers. So rows are
// found first, by their indexes: one more than the limit, since all entries of one row may have been on the previous page.
func (f *auditFilter) accesses(st *statement, q AuditQuery, after auditCursor) {
	st.text.WriteString(`
		UNION ALL
		(SELECT 0, t.project_id, t.number, t.at, t.op, t.usr, t.credential, t.client, t.inode_id, t.path,
			'', '{}'::json, NULL::uuid, t.outcome, t.reason, t.lost
		FROM (
			SELECT r.project_id, r.id * 4096 + coalesce(e.nth, 0) AS number, r.at, r.op, r.usr, r.credential, r.client, coalesce(e.inode, r.inode_id) AS inode_id,
				CASE WHEN e.nth IS NULL THEN r.path ELSE r.path || '/' || e.name END AS path, r.outcome, r.reason, r.lost
			FROM (SELECT t.* FROM `)
	if f.asked {
		st.text.WriteString(askedSQL)
	} else {
		st.text.WriteString("accesses")
	}
	st.text.WriteString(" t")
	f.conditions(st, q, after, rankAccess, "(t.id * 4096)", func(p Path) string { return st.within("path", p) + " OR " + st.among(p) }, q.Limit+1)
	st.text.WriteString(`) r
			LEFT JOIN LATERAL ROWS FROM (unnest(r.names), unnest(r.inodes)) WITH ORDINALITY AS e (name, inode, nth) ON true
		) t`)
	f.conditions(st, q, after, rankAccess, "t.number", func(p Path) string { return st.within("path", p) }, q.Limit)
	st.text.WriteString(`)`)
}

func scanAuditEntry(row pgx.CollectableRow) (AuditEntry, error) {
	var (
		e         AuditEntry
		path      string
		operation *uuid.UUID
	)
	err := row.Scan(&e.rank, &e.ProjectID, &e.number, &e.At, &e.Op, &e.User, &e.Credential, &e.Client, &e.Inode, &path,
		&e.Target.text, &e.Detail, &operation, &e.Outcome, &e.Reason, &e.Lost, &e.Project)
	e.Path = storedPath(path)
	if operation != nil {
		e.Operation = *operation
	}
	if e.rank == rankEvent {
		e.Seq = e.number
	}
	return e, err
}

// auditCursor is the position of an entry in the order of the audit.
type auditCursor struct {
	at              time.Time // zero: before the newest
	rank            int       // of the table
	project, number int64
}

func cursorOf(e *AuditEntry) auditCursor {
	return auditCursor{e.At, e.rank, e.ProjectID, e.number}
}

// String returns the form that parseAuditCursor reads: four decimal numbers separated by dots, the first of them
// microseconds since 1970.
func (c auditCursor) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", c.at.UnixMicro(), c.rank, c.project, c.number)
}

func parseAuditCursor(text string) (auditCursor, error) {
	if text == "" {
		return auditCursor{}, nil
	}
	var c auditCursor
	parts := strings.Split(text, ".")
	numbers := make([]int64, len(parts))
	var err error
	for i, part := range parts {
		var n uint64
		if n, err = strconv.ParseUint(part, 10, 63); err != nil {
			break
		}
		numbers[i] = int64(n)
	}
	// The end of the year 9999, which every format of a time can represent.
	const latest = 253402300799e6
	if err != nil || len(parts) != 4 || numbers[0] == 0 || numbers[0] > latest || numbers[1] > rankDeed {
		return c, fail(InvalidArgument, "cursor %q is none of Granary's: give the one that came with the page before", abbreviate(text))
	}
	c = auditCursor{time.UnixMicro(numbers[0]), int(numbers[1]), numbers[2], numbers[3]}
	return c, nil
}
