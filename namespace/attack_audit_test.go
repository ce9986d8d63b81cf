package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// audited returns what the audit tells s, oldest first, with every field of an entry that could reveal more than its words, and
// the cursors of all pages.
func audited(t *testing.T, s *Session, q AuditQuery) (all []string) {
	t.Helper()
	must(t, s.fs.record(t.Context()))
	q.Reads, q.Limit = true, 1
	for {
		entries, next, err := s.Audit(t.Context(), q)
		must(t, err)
		for _, e := range entries {
			if e.Outcome == Denied {
				place, _, _ := strings.Cut(next[strings.Index(next, ".")+1:], fmt.Sprint(".", e.number)) // the order of rows and times reveal nothing
				all = append(all, fmt.Sprintf("%s %s %s project %q %d file %d, because %s; page %s", e.User, e.Op, e.Path, e.Project, e.ProjectID, e.Inode, e.Reason, place))
			}
		}
		if q.After = next; next == "" {
			slices.Reverse(all)
			return all
		}
	}
}

// Existence leak by one's own log: of a refused request the audit tells its caller only what was asked for, neither what that
// resolves to nor whether anything is there.
func TestAttackAuditOfOneself(t *testing.T) {
	x := newSharing(t)
	x.still()
	x.share(t, Offer{ToProject: "vision", Level: Read})
	x.bob.put(t, "/Projects/vision/closed/deep/secret", []byte("x"))
	secret, err := x.bob.Stat(t.Context(), path(t, "/Projects/vision/closed/deep/secret"))
	must(t, err)
	for _, dir := range []string{"/Projects/vision/closed", "/Projects/vision/Shared"} {
		must(t, x.as(t, superuser).SetPermission(t.Context(), path(t, dir), 0o700))
	}
	const none = 1 << 40
	limited := x.limited(t, "sam", auth.Scope{Project: mustID(t, x, "vision"), Verbs: auth.Read})
	for what, c := range map[string]struct {
		s              *Session
		there, missing string // both are asked for in the same way
		ask            func(s *Session, at Path, id int64) error
		id             int64 // of what exists
		silent         bool  // nothing is recorded, as the answer was that nothing is there
		filters        []AuditQuery
		found          int // entries that the filters find, in all
	}{
		"a dataset": {s: x.eve, id: x.tiles.ID, silent: true, ask: func(s *Session, _ Path, id int64) error { return ignore(s.Dataset(t.Context(), id)) }},
		"a share": {s: x.eve, id: x.tiles.ID, silent: true, ask: func(s *Session, _ Path, id int64) error {
			return ignore(s.OfferShare(t.Context(), Offer{Dataset: id, ToUser: "sam", Level: Read}))
		}},
		"a request":                       {s: x.eve, id: x.tiles.ID, silent: true, ask: func(s *Session, _ Path, id int64) error { return ignore(s.RequestAccess(t.Context(), "maps", id, "")) }},
		"a project":                       {s: x.eve, there: "/Projects/maps", missing: "/Projects/mops", silent: true, ask: status(t)},
		"a file by its id, to a stranger": {s: x.eve, id: secret.ID, silent: true, ask: func(s *Session, _ Path, id int64) error { return ignore(s.Stat(t.Context(), inodePath(id))) }},
		"behind a closed directory": {
			s: x.sam, there: "/Projects/vision/closed/deep/secret", missing: "/Projects/vision/closed/deep/sacred", ask: status(t),
			filters: []AuditQuery{{Project: "vision"}, {Path: path(t, "/Projects/vision/closed/deep")}}, found: 4,
		},
		"a share behind a closed directory": {
			s: x.sam, there: tilesShown, missing: "/Projects/vision/Shared/maps.talus", ask: status(t), filters: []AuditQuery{{Project: "vision"}}, found: 2,
		},
		"by a token of the project": {
			s: limited, there: "/Projects/vision/closed/deep/secret", missing: "/Projects/vision/closed/deep/sacred",
			ask: func(s *Session, at Path, _ int64) error { return s.SetPermission(t.Context(), at, 0o777) },
		},
	} {
		x.exec(t, `DELETE FROM accesses`)
		there, missing := Path{c.there}, Path{c.missing}
		first, second := c.ask(c.s, there, c.id), c.ask(c.s, missing, none)
		if first == nil || kindOf(first) != kindOf(second) {
			t.Fatalf("%s: %v, and of what is not there %v", what, first, second)
		}
		got := audited(t, c.s, AuditQuery{})
		switch {
		case c.silent && len(got) == 0:
		case c.silent || len(got) != 2:
			t.Errorf("%s: told\n%s", what, strings.Join(got, "\n"))
		case strings.ReplaceAll(got[0], there.Name(), missing.Name()) != got[1] || !strings.Contains(got[0], c.there):
			t.Errorf("%s: told\n%s, but of what is not there\n%s", what, got[0], got[1])
		}
		for _, q := range c.filters {
			filtered := audited(t, c.s, q)
			if c.found -= len(filtered); !slices.Equal(filtered, got) {
				t.Errorf("%s, of %+v: told\n%s", what, q, strings.Join(filtered, "\n"))
			}
		}
		if c.found != 0 {
			t.Errorf("%s: %d were not found", what, c.found)
		}
	}
}

func status(t *testing.T) func(*Session, Path, int64) error {
	return func(s *Session, at Path, _ int64) error { return ignore(s.Stat(t.Context(), at)) }
}

func mustID(t *testing.T, x *sharing, project string) int64 {
	t.Helper()
	id, err := x.ProjectID(t.Context(), project)
	must(t, err)
	return id
}

// A request by inode id is reported by that id to a caller who may not go there, and by its path to owners, who may.
func TestAttackPathOfAnId(t *testing.T) {
	x := newSharing(t)
	x.still()
	x.bob.put(t, "/Projects/vision/closed/deep/secret", []byte("x"))
	secret, err := x.bob.Stat(t.Context(), path(t, "/Projects/vision/closed/deep/secret"))
	must(t, err)
	held, err := x.sam.Open(t.Context(), path(t, "/Projects/vision/closed/deep/secret"), 0, -1)
	must(t, err)
	must(t, held.Close())
	must(t, x.bob.SetPermission(t.Context(), path(t, "/Projects/vision/closed"), 0o700))
	byID := inodePath(secret.ID)
	for op, ask := range map[string]func() error{
		"stat":    func() error { return ignore(x.sam.Stat(t.Context(), byID)) },
		"find":    func() error { return ignore(x.sam.Find(t.Context(), secret.ID)) },
		"look up": func() error { _, _, err := x.sam.Readable(t.Context(), byID); return err },
		"search":  func() error { return ignore(x.sam.Search(t.Context(), SearchQuery{Text: "x", Path: byID})) },
	} {
		x.exec(t, `DELETE FROM accesses`)
		if err := ask(); kindOf(err) != AccessControl {
			t.Errorf("%s: %v", op, err)
		}
		own := audited(t, x.sam, AuditQuery{})
		if len(own) != 1 || strings.Contains(own[0], "deep") || !strings.Contains(own[0], byID.String()+` project "" 0 file 0`) {
			t.Errorf("%s: sam is told %q", op, own)
		}
		for name, q := range map[string]AuditQuery{"the path": {Path: path(t, "/Projects/vision/closed")}, "the project": {Project: "vision"}} {
			if more := audited(t, x.sam, q); len(more) > 0 {
				t.Errorf("%s: sam is told %q of %s", op, more, name)
			}
		}
		if op == "find" { // it does not say where the inode lies
			continue
		}
		owners := audited(t, x.bob, AuditQuery{Project: "vision", Path: path(t, "/Projects/vision/closed")})
		if len(owners) != 1 || !strings.Contains(owners[0], fmt.Sprintf(`%s project "vision" %d file %d`, "/Projects/vision/closed/deep/secret", mustID(t, x, "vision"), secret.ID)) {
			t.Errorf("%s: bob is told %q", op, owners)
		}
	}
}

// CWE-779: whoever wants to hide something floods the log with refusals, until their own entries or those of others are lost.
func TestAttackFloodedAudit(t *testing.T) {
	fs := newFS(t)
	ada, eve := fs.as(t, "ada", "people"), fs.as(t, "eve", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	ada.put(t, "/Projects/maps/f", []byte("x"))
	must(t, fs.Close()) // so that no recorder runs beside the test, as if the database were slow
	must(t, fs.record(t.Context()))
	ada.get(t, "/Projects/maps/f")
	const more = 100
	for range 2*accessesWait + more {
		_ = eve.dress("open", path(t, "/Projects/maps/f"), fail(AccessControl, "it is not hers"))
	}
	must(t, fs.record(t.Context()))
	entries, _, err := ada.Audit(t.Context(), AuditQuery{Project: "maps", Reads: true, Path: path(t, "/Projects/maps/f"), User: "ada"})
	must(t, err)
	if !slices.ContainsFunc(entries, func(e AuditEntry) bool { return e.Op == "open" }) {
		t.Errorf("that ada has read the file is not there: %+v", entries)
	}
	var told int64
	entries, _, err = fs.as(t, superuser).Audit(t.Context(), AuditQuery{Reads: true})
	must(t, err)
	for _, e := range entries {
		if e.Outcome == Lost && e.User == "eve" {
			told += e.Lost
		}
	}
	if told < more {
		t.Errorf("of eve's %d refusals too many, %d are told to be hers", more, told)
	}
	// People type passwords where names belong.
	r := &recorder{full: make(chan struct{}, 1)}
	for i := range accessesEach + more {
		r.add(access{origin: origin{user: fmt.Sprint("password ", i)}, op: opSignIn})
	}
	if len(r.lost) != 1 || r.lost[""] != more {
		t.Errorf("of those who were not let in %d are lost of nobody, and there are %d names", r.lost[""], len(r.lost))
	}
}
