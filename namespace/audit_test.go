package namespace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/auth"
)

// told returns entries in words, the oldest first. Those about users and credentials are left to the tests of the server.
func told(entries []AuditEntry) (all []string) {
	for _, e := range slices.Backward(entries) {
		if e.rank == rankDeed {
			continue
		}
		text := fmt.Sprintf("%s %s %s %s", e.User, e.Outcome, e.Op, e.Path)
		if e.Target.text != "" {
			text += " to " + e.Target.String()
		}
		all = append(all, text)
	}
	return all
}

// auditFS is a file system in which alice, bob and eve have done something in two projects and outside.
func auditFS(t *testing.T) *testFS {
	t.Helper()
	fs := newFeedFS(t) // alice creates /Projects/p/f
	fs.still()
	ctx := t.Context()
	alice, bob, eve := fs.as(t, "alice"), fs.as(t, "bob"), fs.as(t, "eve")
	eve.put(t, "/tmp/x", []byte("x"))
	if err := fs.setMember(ctx, "p", "bob", Scientist); err != nil {
		t.Fatal(err)
	}
	bob.put(t, "/Projects/p/d/g", []byte("x"))
	alice.put(t, "/Projects/q/d/g", []byte("x"))
	if ok, err := bob.Rename(ctx, path(t, "/Projects/p/d/g"), path(t, "/Projects/p/h")); !ok || err != nil {
		t.Fatal(ok, err)
	}
	bob.get(t, "/Projects/p/h")
	if _, err := eve.Open(ctx, path(t, "/Projects/p/f"), 0, -1); kindOf(err) != NotExist { // since she may not know of it
		t.Fatal(err)
	}
	if err := fs.record(ctx); err != nil {
		t.Fatal(err)
	}
	return fs
}

// The audit tells its callers only what they may know.
func TestTheAuditTellsWhatOneMayKnow(t *testing.T) {
	fs := auditFS(t)
	p, err := fs.ProjectID(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	of := func(user string, all []string) (some []string) {
		for _, text := range all {
			if strings.HasPrefix(text, user+" ") {
				some = append(some, text)
			}
		}
		return some
	}
	inP := []string{
		"root changed set member /Projects/p",
		"alice changed create /Projects/p/f",
		"root changed set member /Projects/p",
		"bob changed create /Projects/p/d/g",
		"bob changed rename /Projects/p/d/g to /Projects/p/h",
		"bob allowed open /Projects/p/h",
		"eve denied open /Projects/p/f",
	}
	all := []string{
		"root changed create project /Projects/p",
		"root changed create project /Projects/q",
		inP[0], inP[1],
		"eve changed create /tmp/x",
		inP[2], inP[3],
		"alice changed create /Projects/q/d/g",
		inP[4], inP[5], inP[6],
	}
	asked := map[string]struct {
		s     *Session
		q     AuditQuery
		want  []string
		kind  Kind
		words string
	}{
		"superuser":                           {s: fs.as(t, superuser), want: all},
		"superuser, of a project":             {s: fs.as(t, superuser), q: AuditQuery{Project: "p"}, want: inP},
		"superuser, of a user":                {s: fs.as(t, superuser), q: AuditQuery{User: "eve"}, want: of("eve", all)},
		"superuser, by a token of a project":  {s: fs.limited(t, superuser, auth.Scope{Project: p}), want: inP},
		"owner":                               {s: fs.as(t, "alice"), q: AuditQuery{Project: "p"}, want: inP},
		"owner, of a member":                  {s: fs.as(t, "alice"), q: AuditQuery{Project: "p", User: "bob"}, want: of("bob", inP)},
		"owner, of no project":                {s: fs.as(t, "alice"), want: of("alice", all)},
		"owner, by a token of the project":    {s: fs.limited(t, "alice", auth.Scope{Project: p}), q: AuditQuery{Project: "p"}, want: inP},
		"member, of the project":              {s: fs.as(t, "bob"), q: AuditQuery{Project: "p"}, want: of("bob", all)},
		"stranger, of nothing":                {s: fs.as(t, "eve"), want: []string{all[4]}}, // she was told that there is no /Projects/p
		"stranger, of the project":            {s: fs.as(t, "eve"), q: AuditQuery{Project: "p"}, kind: NotExist, words: "There is no project \"p\""},
		"member, of another":                  {s: fs.as(t, "bob"), q: AuditQuery{Project: "p", User: "alice"}, kind: AccessControl, words: "bob may not know what alice did"},
		"owner, of another elsewhere":         {s: fs.as(t, "alice"), q: AuditQuery{User: "bob"}, kind: AccessControl, words: "alice may not know what bob did"},
		"owner, by a token of another":        {s: fs.limited(t, "alice", auth.Scope{Project: p}), q: AuditQuery{Project: "q"}, kind: AccessControl, words: "limited to a project"},
		"owner, by a token of a directory":    {s: fs.limited(t, "alice", auth.Scope{Project: p, Root: 7}), q: AuditQuery{Project: "p"}, kind: AccessControl, words: "limited to a directory"},
		"anybody, by a token of a directory":  {s: fs.limited(t, "eve", auth.Scope{Project: p, Root: 7}), kind: AccessControl, words: "limited to a directory"},
		"anybody, by a token of a project":    {s: fs.limited(t, "alice", auth.Scope{Project: p}), want: of("alice", inP)},
		"below a directory":                   {s: fs.as(t, superuser), q: AuditQuery{Path: path(t, "/Projects/p/d")}, want: []string{inP[3], inP[4]}},
		"where something was moved to":        {s: fs.as(t, superuser), q: AuditQuery{Path: path(t, "/Projects/p/h")}, want: []string{inP[4], inP[5]}},
		"beside what begins alike":            {s: fs.as(t, superuser), q: AuditQuery{Path: path(t, "/Projects/p/d/")}, want: []string{inP[3], inP[4]}},
		"below a beginning that is no name":   {s: fs.as(t, superuser), q: AuditQuery{Path: path(t, "/Pro")}},
		"before it began":                     {s: fs.as(t, superuser), q: AuditQuery{To: time.Now().Add(-time.Hour)}},
		"after it ended":                      {s: fs.as(t, superuser), q: AuditQuery{From: time.Now().Add(time.Hour)}},
		"while it was":                        {s: fs.as(t, superuser), q: AuditQuery{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}, want: all},
		"backwards":                           {s: fs.as(t, superuser), q: AuditQuery{From: time.Unix(2, 0), To: time.Unix(1, 0)}, kind: InvalidArgument, words: "want an end that is later"},
		"too much":                            {s: fs.as(t, superuser), q: AuditQuery{Limit: MaxAudit + 1}, kind: InvalidArgument, words: "limit=1001: want 1 to 1000"},
		"behind what is no cursor":            {s: fs.as(t, superuser), q: AuditQuery{After: "1.2"}, kind: InvalidArgument, words: `cursor "1.2" is none of Granary's`},
		"behind a cursor that is out of time": {s: fs.as(t, superuser), q: AuditQuery{After: "9223372036854775807.1.1.1"}, kind: InvalidArgument, words: "none of Granary's"},
	}
	ask := func(t *testing.T, name string) {
		tt := asked[name]
		t.Run(name, func(t *testing.T) {
			tt.q.Reads = true
			entries, next, err := tt.s.Audit(t.Context(), tt.q)
			if tt.words == "" {
				tt.kind = allowed
			}
			wantKind(t, "audit", err, tt.kind, tt.words)
			if got := told(entries); !slices.Equal(got, tt.want) || next != "" {
				t.Errorf("is told\n%s\nand %q; want\n%s", strings.Join(got, "\n"), next, strings.Join(tt.want, "\n"))
			}
		})
	}
	var refused []string // these refusals are in the audit, too, within a second
	for name, tt := range asked {
		if tt.words != "" {
			refused = append(refused, name)
			continue
		}
		ask(t, name)
	}
	for _, name := range refused {
		ask(t, name)
	}
}

// Pages follow each other without gaps or overlaps, whatever their length.
func TestPagesOfTheAudit(t *testing.T) {
	fs := auditFS(t)
	s := fs.as(t, superuser)
	// Many entries have the same time.
	fs.exec(t, `UPDATE events SET at = '2026-01-01' WHERE seq > 1`)
	fs.exec(t, `UPDATE accesses SET at = '2026-01-01'`)
	fs.exec(t, `UPDATE deeds SET at = '2026-01-01'`)
	for _, reads := range []bool{false, true} {
		whole, _, err := s.Audit(t.Context(), AuditQuery{Reads: reads})
		if err != nil {
			t.Fatal(err)
		}
		if len(whole) < 9 {
			t.Fatalf("%d entries", len(whole))
		}
		for limit := 1; limit <= len(whole); limit++ {
			var paged []AuditEntry
			q := AuditQuery{Reads: reads, Limit: limit}
			for more := true; more; more = q.After != "" {
				var page []AuditEntry
				if page, q.After, err = s.Audit(t.Context(), q); err != nil {
					t.Fatal(err)
				}
				paged = append(paged, page...)
			}
			if !slices.Equal(told(paged), told(whole)) {
				t.Errorf("in pages of %d:\n%q\nwant\n%q", limit, told(paged), told(whole))
			}
		}
	}
}

// The audit's statements use their indexes, however many entries there are.
func TestTheAuditUsesItsIndexes(t *testing.T) {
	fs := newFS(t)
	for _, sql := range []string{
		`INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, target, detail)
			SELECT n % 50, n, now() - n * interval '1 minute', 'create', 'user' || n % 300, '', '', 1, '/Projects/p' || n % 50 || '/d/' || n,
				CASE n % 20 WHEN 0 THEN '/tmp/' || n END, '{}' FROM generate_series(1, 60000) n`,
		`INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason)
			SELECT now() - n * interval '1 minute', 'open', 'user' || n % 300, '', '', n % 50, 1, '/Projects/p' || n % 50 || '/d/' || n, 'allowed', ''
				FROM generate_series(1, 60000) n`,
		`INSERT INTO deeds (at, op, usr, credential, client, project_id, detail)
			SELECT now() - n * interval '1 minute', 'sign in', 'user' || n % 300, '', '', n % 50, '{}' FROM generate_series(1, 60000) n`,
		`ANALYZE`,
	} {
		fs.exec(t, sql)
	}
	project := int64(7)
	fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, asked, outcome, reason)
		SELECT at, op, usr, credential, client, project_id, inode_id, path, path, 'denied', 'no' FROM accesses WHERE id % 10 = 0`)
	fs.exec(t, `ANALYZE accesses`)
	cursor := auditCursor{at: time.Now().Add(-time.Hour), rank: 1, project: 7, number: 60}
	for name, tt := range map[string]struct {
		f    auditFilter
		q    AuditQuery
		want []string
	}{
		"everything":    {auditFilter{}, AuditQuery{}, []string{"events_by_time", "accesses_by_time", "deeds_by_time"}},
		"a project":     {auditFilter{project: &project}, AuditQuery{}, []string{"events_by_project", "accesses_by_project", "deeds_by_project"}},
		"oneself":       {auditFilter{user: "user9", asked: true}, AuditQuery{}, []string{"events_by_user", "accesses_by_user", "deeds_by_user"}},
		"a user":        {auditFilter{user: "user9"}, AuditQuery{}, []string{"events_by_user", "accesses_by_user", "deeds_by_user"}},
		"below a path":  {auditFilter{}, AuditQuery{Path: Path{"/Projects/p7/d/1007"}}, []string{"events_by_path", "events_by_target", "accesses_by_path"}},
		"before a time": {auditFilter{}, AuditQuery{To: time.Now().AddDate(0, 0, -30)}, []string{"events_by_time", "accesses_by_time", "deeds_by_time"}},
	} {
		for _, after := range []auditCursor{{}, cursor} {
			tt.q.Reads, tt.q.Limit = true, 100
			st := tt.f.statement(tt.q, after)
			plan := fs.plan(t, st.text.String(), st.args...)
			for _, want := range tt.want {
				if !strings.Contains(plan, want) {
					t.Errorf("%s: the plan has no %q:\n%s", name, want, plan)
				}
			}
			if strings.Contains(plan, "Seq Scan on events") || strings.Contains(plan, "Seq Scan on accesses") || strings.Contains(plan, "Seq Scan on deeds") {
				t.Errorf("%s: the plan reads everything:\n%s", name, plan)
			}
		}
	}
}

// Reads are recorded once a minute, and refusals each time, with what was refused.
func TestAccessesAreRecorded(t *testing.T) {
	now := time.Now()
	fs := newFeedFS(t, func(c *Config) { c.Now = func() time.Time { return now } })
	fs.still()
	alice, eve := fs.as(t, "alice").From("10.0.0.1"), fs.as(t, "eve")
	scoped := fs.limited(t, "alice", auth.Scope{Verbs: auth.Read})
	file := path(t, "/Projects/p/f")
	status, err := alice.Stat(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	byInode := path(t, fmt.Sprintf("/.reserved/.inodes/%d", status.ID))
	entries := func() []string {
		t.Helper()
		if err := fs.record(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, _, err := fs.as(t, superuser).Audit(t.Context(), AuditQuery{Reads: true})
		if err != nil {
			t.Fatal(err)
		}
		var some []AuditEntry
		for _, e := range all {
			if e.Outcome != Changed {
				if e.Project != "p" || e.Outcome == Allowed && e.Inode != status.ID || e.Outcome == Denied && e.Reason == "" {
					t.Errorf("%+v", e)
				}
				some = append(some, e)
			}
		}
		fs.exec(t, `DELETE FROM accesses`)
		got := told(some)
		slices.Sort(got)
		return got
	}
	read := func(s *Session, p Path) error {
		r, err := s.Open(t.Context(), p, 0, 1)
		if err == nil {
			err = r.Close()
		}
		return err
	}
	for range 2 { // the second one is not recorded
		if err := read(alice, file); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			ignore(alice.ACL(t.Context(), file)), ignore(alice.Xattrs(t.Context(), file, nil)), ignore(alice.Checksum(t.Context(), file)),
			ignore(alice.Stat(t.Context(), file)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := entries(), []string{
		"alice allowed ACL status /Projects/p/f", "alice allowed checksum /Projects/p/f",
		"alice allowed get xattrs /Projects/p/f", "alice allowed open /Projects/p/f",
	}; !slices.Equal(got, want) {
		t.Errorf("readings: %q, want %q", got, want)
	}
	now = now.Add(accessesAgain)
	for _, s := range []*Session{alice, fs.as(t, "alice").From("10.0.0.2"), fs.as(t, superuser)} {
		if err := read(s, byInode); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := entries(), []string{
		"alice allowed open /Projects/p/f", "alice allowed open /Projects/p/f", "root allowed open /Projects/p/f",
	}; !slices.Equal(got, want) {
		t.Errorf("a minute later: %q, want %q", got, want)
	}
	var want []string
	for _, kind := range []Kind{NotExist, AccessControl} { // the caller first may not know of the project, and then may
		if kind == AccessControl {
			listed := true
			if err := alice.ChangeProject(t.Context(), "p", ProjectChange{Listed: &listed}); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []Path{file, byInode} {
			if err := read(eve, p); kindOf(err) != kind {
				t.Fatal(err)
			}
			want = append(want, "eve denied open /Projects/p/f")
		}
	}
	changing, reading := calls(eve, file)
	for _, call := range []func(context.Context) error{changing["create"], changing["append"], changing["set ACL"], reading["list"]} {
		if err := call(t.Context()); kindOf(err) != AccessControl {
			t.Error(err)
		}
	}
	for _, op := range []string{"create", "append", "set ACL", "list"} {
		want = append(want, "eve denied "+op+" /Projects/p/f")
	}
	if _, err := eve.Events(t.Context(), "p", 0, 0); kindOf(err) != AccessControl {
		t.Error(err)
	}
	if err := scoped.SetPermission(t.Context(), file, 0o777); kindOf(err) != AccessControl {
		t.Error(err)
	}
	if err := eve.SetQuota(t.Context(), file, QuotaChange{}); kindOf(err) != AccessControl {
		t.Error(err)
	}
	want = append(want, "eve denied events /Projects/p", "alice denied set permission /Projects/p/f", "eve denied set quota /Projects/p/f")
	slices.Sort(want)
	if got := entries(); !slices.Equal(got, want) {
		t.Errorf("refusals:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Accesses that do not fit are lost, but counted as lost; those that could not be written wait; and Close writes these.
func TestNoAccessIsLostSilently(t *testing.T) {
	s := &saboteur{}
	fs := sabotaged(t, s)
	root := fs.as(t, superuser)
	if err := fs.Close(); err != nil { // so that no recorder runs beside the test
		t.Fatal(err)
	}
	const more = 5
	for i := range accessesWait + more {
		fs.recorder.add(access{origin: origin{user: fmt.Sprint(i % 3)}, at: time.Now(), op: "open", spot: spot{path: Path{fmt.Sprintf("/%d\x00\xff", i)}}})
	}
	s.countdown.Store(1)
	if err := fs.record(t.Context()); err == nil {
		t.Fatal("no statement was lost")
	}
	fs.recorder.add(access{at: time.Now(), op: "open", spot: spot{path: Path{"/last"}}})
	if err := fs.Close(); err != nil {
		t.Fatal(err)
	}
	if n := fs.count(t, `SELECT count(*) FROM accesses WHERE outcome = 'allowed'`); n != accessesWait {
		t.Errorf("%d accesses were written, want %d", n, accessesWait)
	}
	if n := fs.count(t, `SELECT sum(lost) FROM accesses WHERE outcome = 'lost'`); n != more+1 {
		t.Errorf("%d accesses were counted as lost, want %d", n, more+1)
	}
	entries, _, err := root.Audit(t.Context(), AuditQuery{Reads: true, Path: Path{"/last"}})
	if err != nil || len(entries) != 1 {
		t.Errorf("the last: %d, %v", len(entries), err)
	}
}

// The recorder writes by itself, within about a second.
func TestAccessesAreWrittenBehindRequests(t *testing.T) {
	fs := newFeedFS(t)
	fs.as(t, "alice").get(t, "/Projects/p/f")
	for n := 0; n == 0; n = fs.count(t, `SELECT count(*) FROM accesses`) {
		if t.Context().Err() != nil {
			t.Fatal("not written")
		}
	}
}

// TestAnAuditOfTooMuchSaysSo checks that a query that takes too long is refused with advice on which one takes less.
func TestAnAuditOfTooMuchSaysSo(t *testing.T) {
	fs := newFeedFS(t)
	fs.auditTime = 50 * time.Millisecond
	locked, err := fs.db.Begin(t.Context())
	must(t, err)
	defer locked.Rollback(t.Context())
	_, err = locked.Exec(t.Context(), `LOCK TABLE deeds`) // a statement that waits is one that takes long
	must(t, err)
	_, _, err = fs.as(t, "alice").Audit(t.Context(), AuditQuery{Project: "p", User: "alice"})
	wantKind(t, "too much", err, InvalidArgument, "ask for a shorter time")
}

// If entries are long, a page holds few of them, and its cursor leads to the next.
func TestLongPagesOfTheAudit(t *testing.T) {
	fs := newFeedFS(t)
	alice := fs.as(t, "alice")
	fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason, lost)
		SELECT now(), 'open', 'alice', '', '', 0, 1, '/f', 'allowed', repeat('x', 100000), 0 FROM generate_series(1, 50)`)
	q, seen := AuditQuery{Reads: true}, 0
	for pages := 1; ; pages++ {
		entries, next, err := alice.Audit(t.Context(), q)
		must(t, err)
		size := 0
		for _, e := range entries {
			size += len(e.Reason)
			if e.Outcome == Allowed && e.Reason != "" {
				seen++
			}
		}
		if size > pageBytes+100_000 {
			t.Fatalf("a page of %d entries has %d bytes", len(entries), size)
		}
		if q.After = next; next == "" {
			if pages < 3 || seen != 50 {
				t.Errorf("%d pages with %d long entries, want 3 with 50", pages, seen)
			}
			return
		}
	}
}
