package namespace

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth"
	"granary/auth/perm"
)

// newFeedFS is a file system with a project p of alice's, which bob observes, and a project q.
func newFeedFS(t testing.TB, change ...func(*Config)) *testFS {
	t.Helper()
	fs := newFS(t, change...)
	for _, name := range []string{superuser, "alice", "bob", "eve"} {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"p", "q"} {
		if err := fs.makeProject(t.Context(), name, "alice"); err != nil {
			t.Fatal(err)
		}
	}
	if err := fs.setMember(t.Context(), "p", "bob", Observer); err != nil {
		t.Fatal(err)
	}
	fs.as(t, "alice").put(t, "/Projects/p/f", []byte("x"))
	return fs
}

// The feed of a project is for its members and superusers, as far as their token reaches; that of the common ground for superusers.
func TestTheFeedIsForMembers(t *testing.T) {
	fs := newFeedFS(t)
	p, err := fs.ProjectID(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	q, err := fs.ProjectID(t.Context(), "q")
	if err != nil {
		t.Fatal(err)
	}
	status, err := fs.as(t, superuser).Stat(t.Context(), path(t, "/Projects/p"))
	if err != nil {
		t.Fatal(err)
	}
	if err := fs.auth.AddUser(t.Context(), auth.User{Name: "carol"}); err != nil {
		t.Fatal(err)
	}
	if err := fs.as(t, "alice").ModifyACL(t.Context(), path(t, "/Projects/p"), []perm.Entry{{Type: perm.User, Name: "carol", Perm: perm.All}}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		s       *Session
		project string
		want    Kind
		words   string
	}{
		"owner":                                            {fs.as(t, "alice"), "p", allowed, ""},
		"observer":                                         {fs.as(t, "bob"), "p", allowed, ""},
		"superuser":                                        {fs.as(t, superuser), "p", allowed, ""},
		"superuser, of the common ground":                  {fs.as(t, superuser), "", allowed, ""},
		"owner, by a token of the project":                 {fs.limited(t, "alice", auth.Scope{Project: p}), "p", allowed, ""},
		"owner, by a token that only reads":                {fs.limited(t, "alice", auth.Scope{Verbs: auth.Read}), "p", allowed, ""},
		"stranger":                                         {fs.as(t, "eve"), "p", NotExist, "There is no project \"p\""},
		"stranger with a name in an ACL":                   {fs.as(t, "carol"), "p", AccessControl, "carol is not a member of project p"},
		"believed name":                                    {fs.as(t, "nobody"), "p", NotExist, "There is no project \"p\""},
		"no such project":                                  {fs.as(t, "alice"), "r", NotExist, "There is no project \"r\""},
		"member of another project":                        {fs.as(t, "bob"), "q", NotExist, "There is no project \"q\""},
		"the common ground":                                {fs.as(t, "alice"), "", AccessControl, "Superuser privilege is required"},
		"owner, by a token of another project":             {fs.limited(t, "alice", auth.Scope{Project: q}), "p", AccessControl, "limited to a project"},
		"owner, by a token of a directory":                 {fs.limited(t, "alice", auth.Scope{Project: p, Root: status.ID}), "p", AccessControl, "limited to a directory"},
		"superuser, by a token of another project":         {fs.limited(t, superuser, auth.Scope{Project: q}), "p", AccessControl, "limited to a project"},
		"superuser, of the common ground by a token of it": {fs.limited(t, superuser, auth.Scope{Project: q}), "", AccessControl, "limited to a project"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			events, err := tt.s.Events(ctx, tt.project, 0, 0)
			wantKind(t, "events", err, tt.want, tt.words)
			last, err := tt.s.LastEvent(ctx, tt.project)
			wantKind(t, "last event", err, tt.want, tt.words)
			wantKind(t, "await", tt.s.awaits(ctx, tt.project, 0), tt.want, tt.words)
			if (tt.want == allowed) != (len(events) > 0) || int64(len(events)) != last {
				t.Errorf("%d events, the last is %d", len(events), last)
			}
		})
	}
}

// A page holds the events after a number, and a bad number is refused with the reason.
func TestPagesOfAFeed(t *testing.T) {
	fs := newFeedFS(t)
	s := fs.as(t, "alice")
	for range 10 {
		s.put(t, "/Projects/p/f", []byte("y"))
	}
	all, err := s.Events(t.Context(), "p", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	last := int64(len(all))
	for i, e := range all {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d has number %d", i+1, e.Seq)
		}
		if i > 0 && e.At.Before(all[i-1].At) {
			t.Errorf("event %d is older than the one before", i)
		}
	}
	var paged []Event
	for {
		page, err := s.Events(t.Context(), "p", int64(len(paged)), 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		if len(page) > 3 || page[0].Seq != int64(len(paged)+1) {
			t.Fatalf("a page of %d events from %d on", len(page), page[0].Seq)
		}
		paged = append(paged, page...)
	}
	if len(paged) != len(all) {
		t.Errorf("pages hold %d events, want %d", len(paged), len(all))
	}
	for _, tt := range []struct {
		after int64
		limit int
		words string
	}{
		{-1, 0, "after=-1: want the number of an event, or 0"},
		{last + 1, 0, "the newest event of project p is 12"},
		{0, -1, "limit=-1: want 1 to 1000"},
		{0, MaxEvents + 1, "limit=1001: want 1 to 1000"},
	} {
		_, err := s.Events(t.Context(), "p", tt.after, tt.limit)
		wantKind(t, "events", err, InvalidArgument, tt.words)
	}
}

// The largest number is refused like any that is too large, though there is none behind it, also while PostgreSQL still plans
// for each number anew.
func TestLargestNumberOfAFeed(t *testing.T) {
	_, err := newFeedFS(t).as(t, "alice").Events(t.Context(), "p", math.MaxInt64, 0)
	wantKind(t, "events", err, InvalidArgument, "the newest event of project p is ")
}

// A page that would be too long ends early, and the next one continues.
func TestLongPagesOfAFeed(t *testing.T) {
	fs := newFeedFS(t)
	alice := fs.as(t, "alice")
	const changes = 40
	for i := range changes {
		change := LabelChange{Set: map[string]string{}}
		for key := range 64 {
			change.Set[fmt.Sprintf("key%d", key)] = fmt.Sprint(i) + strings.Repeat("\U0001F33E", 250)
		}
		must(t, ignore(alice.SetLabels(t.Context(), path(t, "/Projects/p/f"), change)))
	}
	last, err := alice.LastEvent(t.Context(), "p")
	must(t, err)
	pages, seen := 0, int64(0)
	for seen < last {
		events, err := alice.Events(t.Context(), "p", seen, 0)
		must(t, err)
		size := 0
		for _, e := range events {
			if seen++; e.Seq != seen {
				t.Fatalf("event %d comes where %d should", e.Seq, seen)
			}
			for _, value := range e.Detail.Tags {
				size += len(value)
			}
		}
		if pages++; size > pageBytes+128<<10 || len(events) == 0 {
			t.Fatalf("a page of %d events has %d bytes of labels", len(events), size)
		}
	}
	if pages < 2 {
		t.Errorf("%d pages of %d long events", pages, changes)
	}
}

// A revocation ends a subscription at the next page, whatever was revoked.
func TestARevocationEndsASubscription(t *testing.T) {
	fs := newFeedFS(t)
	for name, revoke := range map[string]struct {
		do   func() error
		undo func() error
		want Kind
	}{
		"membership": {
			func() error { return fs.dropMember(t.Context(), "p", "bob") },
			func() error { return fs.setMember(t.Context(), "p", "bob", Observer) }, NotExist,
		},
		"user": {
			func() error { return fs.auth.Disable(t.Context(), "bob") },
			func() error { return fs.auth.Enable(t.Context(), "bob") }, AccessControl,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := fs.as(t, "bob")
			last, err := s.LastEvent(t.Context(), "p")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Events(t.Context(), "p", last, 0); err != nil {
				t.Fatal(err)
			}
			if err := revoke.do(); err != nil {
				t.Fatal(err)
			}
			fs.as(t, "alice").put(t, "/Projects/p/secret", []byte("x"))
			events, err := s.Events(t.Context(), "p", last, 0)
			wantKind(t, "events", err, revoke.want, "")
			wantKind(t, "await", s.awaits(t.Context(), "p", last), revoke.want, "")
			if len(events) != 0 {
				t.Errorf("%d events after the revocation", len(events))
			}
			if err := revoke.undo(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// awaits returns once there are events after the number after.
func (s *Session) awaits(ctx context.Context, project string, after int64) error {
	feed := s.Follow(project)
	defer feed.Close()
	events, err := feed.Events(ctx, after, 1)
	if err != nil || len(events) > 0 {
		return err
	}
	return feed.Await(ctx, after)
}

// Names that a text column would refuse, and paths too long for an index, are recorded all the same.
func TestEventsOfOddNames(t *testing.T) {
	fs := newFeedFS(t)
	s := fs.as(t, "alice")
	deep := "/Projects/p"
	for len(deep) < 7000 {
		deep += "/" + strings.Repeat("ü", 100)
	}
	s.put(t, deep+"/f", []byte("x"))
	name := XattrName{"user", "a\x00b\xff"}
	if err := s.SetXattr(t.Context(), path(t, "/Projects/p/f"), Xattr{name, nil}, XattrFlags{Create: true}); err != nil {
		t.Fatal(err)
	}
	last, err := s.LastEvent(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(t.Context(), "p", last-2, 0)
	if err != nil || len(events) != 2 || events[0].Path.String() != deep+"/f" || events[1].Detail.Xattr != "user.a\x00b\uFFFD" {
		t.Errorf("%+v, %v", events, err)
	}
	entries, _, err := s.Audit(t.Context(), AuditQuery{Project: "p", Path: Path{deep}})
	if err != nil || len(entries) != 1 {
		t.Errorf("by its path: %d entries, %v", len(entries), err)
	}
}

// Numbers and ids beyond 32 bits work like others, also where a statement compares them with a small one.
func TestNumbersBeyond32Bits(t *testing.T) {
	fs := newFeedFS(t)
	alice := fs.as(t, "alice")
	p, err := fs.ProjectID(t.Context(), "p")
	must(t, err)
	const far = int64(3_000_000_000)
	fs.exec(t, `UPDATE feeds SET last = $2 WHERE project_id = $1`, p, far)
	fs.exec(t, `DELETE FROM events WHERE project_id = $1 AND seq > 1`, p)
	fs.exec(t, `UPDATE events SET seq = $2 WHERE project_id = $1`, p, far)
	if events, err := alice.Events(t.Context(), "p", far, 0); err != nil || len(events) != 0 {
		t.Errorf("behind the last event: %+v, %v", events, err)
	}
	if events, err := alice.Events(t.Context(), "p", far-1, 0); err != nil || len(events) != 1 {
		t.Errorf("the last event: %+v, %v", events, err)
	}
	for _, scope := range []auth.Scope{{Project: 1 << 32}, {Root: 1 << 32}} {
		limited := fs.limited(t, "alice", scope)
		if _, _, err := limited.Jobs(t.Context(), 1<<32, 10); err != nil {
			t.Errorf("jobs by a token limited to %+v: %v", scope, err)
		}
		if _, err := limited.Projects(t.Context(), "", 10, false); err != nil {
			t.Errorf("projects by a token limited to %+v: %v", scope, err)
		}
	}
	for who, to := range map[string][2]*int64{"a project": {new(far), nil}, "a person": {nil, new(far)}} {
		if err := fs.snapshot(t.Context(), func(tx pgx.Tx) error { return mayOffer(t.Context(), tx, &storedShare{}, p, to[0], to[1]) }); err != nil {
			t.Errorf("an offer to %s: %v", who, err)
		}
	}
}
