package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Accesses that share a row are reported one by one, whatever the query and the page length.
func TestReadingsOfOneRowAreToldOneByOne(t *testing.T) {
	fs := newFeedFS(t)
	root := fs.as(t, superuser)
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	var all []access
	inode := int64(100_000)
	read := func(user, op, text string, at time.Time) {
		inode++
		all = append(all, access{origin: origin{user: user, client: "10.0.0.1"}, spot: spot{project: 0, inode: inode, path: path(t, text)}, at: at, op: op})
	}
	for second := range 3 {
		at := began.Add(time.Duration(second) * 10 * time.Second)
		for i := range 9 {
			for _, user := range []string{"ann", "ben"} {
				for _, dir := range []string{"/data/a", "/data/a/b", "/data/ab", "/data"} {
					read(user, "open", fmt.Sprintf("%s/f%d", dir, i), at.Add(time.Duration(i)*time.Millisecond))
				}
			}
		}
		read("ann", "checksum", "/data/a/f1", at)
		read("ann", "open", "/alone", at)
		read("ann", "open", "/data/a/f1/deep", at) // f1 is a directory by then
	}
	read("ann", "open", "/"+strings.Repeat("long", 60)+"/x/1", began)
	read("ann", "open", "/"+strings.Repeat("long", 60)+"/x/2", began)
	must(t, fs.writeAccesses(t.Context(), all, nil))
	if rows := fs.count(t, `SELECT count(*) FROM accesses WHERE usr IN ('ann', 'ben')`); rows > 3*(2*4+3)+1 {
		t.Errorf("%d readings are %d rows", len(all), rows)
	}

	say := func(user, op, path string, inode int64) string {
		return fmt.Sprintf("%s %s %s %d", user, op, path, inode)
	}
	for _, q := range []AuditQuery{
		{},
		{User: "ben"},
		{Path: path(t, "/data")},
		{Path: path(t, "/data/a")},
		{Path: path(t, "/data/a/f1")},
		{Path: path(t, "/data/a/b")},
		{Path: path(t, "/data/a/b/f8"), User: "ann"},
		{Path: path(t, "/data/f")},
		{Path: path(t, "/alone")},
		{Path: path(t, "/"+strings.Repeat("long", 60)+"/x")},
		{Path: path(t, "/"+strings.Repeat("long", 60)+"/x/2")},
		{Path: path(t, "/data/a"), From: began.Add(9 * time.Second), To: began.Add(15 * time.Second)},
	} {
		q.Reads = true
		var want []string
		for _, a := range all {
			in := q.Path.IsRoot() || a.path == q.Path || strings.HasPrefix(a.path.text, q.Path.text+"/")
			if in && (q.User == "" || q.User == a.user) && (q.From.IsZero() || !a.at.Before(q.From) && a.at.Before(q.To)) {
				want = append(want, say(a.user, a.op, a.path.String(), a.inode))
			}
		}
		slices.Sort(want)
		var whole []string
		for _, limit := range []int{MaxAudit, 1, 2, 7, 40} {
			q.Limit, q.After = limit, ""
			var got []string
			last := time.Now()
			for more := true; more; more = q.After != "" {
				page, next, err := root.Audit(t.Context(), q)
				must(t, err)
				for _, e := range page {
					if e.Outcome != Allowed {
						continue
					}
					got = append(got, say(e.User, e.Op, e.Path.String(), e.Inode))
					if e.At.After(last) {
						t.Fatalf("%+v: %s comes behind an older one", q, got[len(got)-1])
					}
					last = e.At
				}
				q.After = next
			}
			if whole == nil {
				whole = got
				if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, want) {
					t.Fatalf("%+v: %d entries\n%s\nwant %d", q, len(sorted), strings.Join(sorted, "\n"), len(want))
				}
			} else if !slices.Equal(got, whole) {
				t.Fatalf("%+v: in pages %q, want %q", q, got, whole)
			}
		}
	}
}

// An access gets a row of its own if it differs in more than the name of the file, or comes much later.
func TestWhatIsOneRow(t *testing.T) {
	now := time.Now()
	a := func(change func(*access)) access {
		a := access{origin: origin{user: "ann"}, spot: spot{project: 1, inode: 7, path: Path{"/d/f"}}, at: now, op: "open"}
		change(&a)
		return a
	}
	same := func(*access) {}
	for name, tt := range map[string]struct {
		change func(*access)
		rows   int
	}{
		"another file":       {func(a *access) { a.path = Path{"/d/g"} }, 1},
		"soon after":         {func(a *access) { a.at = now.Add(accessesEvery - 1) }, 1},
		"much later":         {func(a *access) { a.at = now.Add(accessesEvery) }, 2},
		"another directory":  {func(a *access) { a.path = Path{"/e/f"} }, 2},
		"another operation":  {func(a *access) { a.op = "list" }, 2},
		"another user":       {func(a *access) { a.user = "ben" }, 2},
		"another host":       {func(a *access) { a.client = "10.0.0.2" }, 2},
		"another credential": {func(a *access) { a.credential = "x" }, 2},
		"another project":    {func(a *access) { a.project = 2 }, 2},
		"refused":            {func(a *access) { a.denied = true }, 2},
		"in no directory":    {func(a *access) { a.path = Path{"/f"} }, 2},
	} {
		if rows := groupedAccesses([]access{a(same), a(tt.change)}); len(rows) != tt.rows {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	if rows := groupedAccesses([]access{a(same), a(func(a *access) { a.path = Path{} })}); len(rows) != 2 {
		t.Errorf("the root: %+v", rows)
	}
	many := make([]access, 2*groupMost+1)
	for i := range many {
		many[i] = a(same)
	}
	if rows := groupedAccesses(many); len(rows) != 3 || len(rows[0].names) != groupMost || len(rows[2].names) != 0 {
		t.Errorf("%d files: %d rows", len(many), len(rows))
	}
}
