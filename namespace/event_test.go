package namespace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// unchanging are the other methods of Session and FS, which make no event.
var unchanging = []string{
	"ACL", "Access", "AllProjects", "AllowSnapshots", "Answering", "Audit", "Below", "Blocks", "BlocksKept", "ChangeSnapshots", "CheckAccess", "CheckErasurePolicy",
	"Checksum", "CompareSnapshots", "Cut", "Database", "Dataset", "Datasets", "DeleteOrphans", "Directories", "DisableErasurePolicy", "DisallowSnapshots", "Discover",
	"EffectiveAccess", "EnableErasurePolicy", "Events", "EventsBefore", "Explain", "Files", "Find", "Follow", "From", "Home", "If", "KeepBlocks", "Knows", "Labels",
	"LastEvent", "List", "ListBatch", "ListPages", "ListSnapshots", "Locate", "Manage", "Manages", "MayAskAbout", "MayChangeProject",
	"Members", "MyRequests", "Open", "OpenPart", "OwnPool", "PreviewAccess",
	"Project", "Projects", "QuotaUsage", "ReadBatch", "Readable", "Readme", "Requests", "Search", "SetErasurePolicy", "Share", "Shares", "SharesWithMe", "Sizes", "Space", "Stat", "StoragePolicy", "Summary",
	"TrashRoot", "TrashRoots", "UnsetErasurePolicy", "Upkeep", "User", "Xattrs",
	"BeginUpload", "ContinueUpload", "EndUpload", "Upload", // so is what an upload makes
	"CancelJob", "Job", "Jobs", "KnownUsers", "StartJob", // what a job makes is an event, which its own tests check
	"As", "Close", "Fsck", "ProjectID", "ProjectName", "Reap", "RefusedSignIn", "TrashInterval",
	"EmptyTrash", // has a test of its own
}

func TestEveryMethodIsKnownToMakeEventsOrNot(t *testing.T) {
	known := map[string]bool{}
	for _, name := range unchanging {
		known[name] = true
	}
	for _, c := range changes() {
		if known[c.method] && slices.Contains(unchanging, c.method) {
			t.Errorf("%s changes something", c.method)
		}
		known[c.method] = true
	}
	for _, of := range []reflect.Type{reflect.TypeFor[*Session](), reflect.TypeFor[*FS]()} {
		for i := range of.NumMethod() {
			if name := of.Method(i).Name; !known[name] {
				t.Errorf("%s.%s: does it change something? Say so in changes or unchanging", of, name)
			}
		}
	}
}

// written returns all events, including those of the common ground, in the order in which they were written.
func (fs *testFS) written(t testing.TB) (all []Event) {
	t.Helper()
	root := fs.as(t, superuser)
	for _, project := range []string{"", "p"} {
		events, err := root.Events(t.Context(), project, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	slices.SortStableFunc(all, func(a, b Event) int { return a.At.Compare(b.At) })
	return all
}

func newEventsFS(t *testing.T, change ...func(*Config)) *testFS {
	t.Helper()
	fs := newFS(t, change...)
	for _, name := range []string{superuser, "eve"} {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := fs.makeProject(t.Context(), "p", superuser); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.as(t, superuser).Mkdirs(t.Context(), inD(""), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	return fs
}

// Whatever changes something leaves one event, and whatever changes nothing leaves none.
func TestEveryChangeIsOneEvent(t *testing.T) {
	fs := newEventsFS(t)
	fs.still()
	s := fs.as(t, superuser).From("10.0.0.7")
	before := len(fs.written(t))
	for _, c := range changes() {
		name := fmt.Sprintf("%s of %q", c.method, c.path)
		id := uuid.New()
		ctx := t.Context()
		if !c.unnamed {
			ctx = WithOperation(ctx, id)
		}
		if err := c.do(ctx, s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		events := fs.written(t)
		if len(events) != before+1 {
			t.Fatalf("%s makes %d events: %+v", name, len(events)-before, events[before:])
		}
		e := events[before]
		before = len(events)
		want, target := inD(c.path), Path{}
		if strings.HasPrefix(c.path, "/") {
			want = Path{c.path}
		}
		if c.target != "" {
			target = inD(c.target)
		}
		if e.Op != c.op || e.Path != want || e.Target != target || e.User != superuser || e.Inode == 0 || time.Since(e.At) > time.Hour {
			t.Errorf("%s: %+v", name, e)
		}
		if (e.Operation == id) == c.unnamed {
			t.Errorf("%s: operation %s, the id was %s", name, e.Operation, id)
		}
		if got := detailText(t, e.Detail); got != normal(t, c.detail) {
			t.Errorf("%s: detail %s, want %s", name, got, c.detail)
		}
		if !c.unnamed && c.op != "end share" && c.op != "end dataset" && c.op != "end request" { // these succeed only for whoever finds something to end
			if err := c.do(ctx, s); err != nil {
				t.Errorf("%s, sent again: %v", name, err)
			}
		}
		if c.again != nil {
			if err := c.again(t.Context(), s); err != nil {
				t.Errorf("%s, with nothing to change: %v", name, err)
			}
		}
		if events := fs.written(t); len(events) != before {
			t.Errorf("%s: sent again, or with nothing to change, it makes an event: %+v", name, events[before:])
			before = len(events)
		}
	}
	fs.clean(t)
}

// detailText is d as JSON in a normal form, without the numbers that differ each time.
func detailText(t *testing.T, d Detail) string {
	t.Helper()
	if d.Replaced != 0 {
		d.Replaced = -1
	}
	if d.Share != nil && d.Share.ID != 0 {
		d.Share.ID = -1
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return normal(t, string(text))
}

func normal(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What fails leaves no event, and neither does reading.
func TestWhatChangesNothingIsNoEvent(t *testing.T) {
	fs := newEventsFS(t)
	eve := fs.as(t, "eve")
	fs.as(t, superuser).put(t, inD("f").String(), []byte("x"))
	if _, err := eve.Stat(t.Context(), path(t, "/user/eve")); err != nil { // which makes the home directory
		t.Fatal(err)
	}
	if err := fs.setMember(t.Context(), "p", "eve", Observer); err != nil {
		t.Fatal(err)
	}
	before := len(fs.written(t))
	changing, reading := calls(eve, inD("f"))
	refused := 0
	for name, call := range changing {
		if err := call(t.Context()); kindOf(err) != AccessControl {
			t.Errorf("%s: %v", name, err)
		}
		refused++
	}
	_, reading2 := calls(fs.as(t, superuser), inD("f"))
	for name, call := range reading2 {
		if err := call(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if events := fs.written(t); len(events) != before || refused == 0 || len(reading) == 0 {
		t.Errorf("%d refusals and %d readings make %d events", refused, len(reading), len(events)-before)
	}
}

// Changes that the server makes on its own are events, too: promised directories, the trash, and files whose writer did not come.
func TestTheServersOwnChangesAreEvents(t *testing.T) {
	fs := newEventsFS(t, func(c *Config) { c.Trash = time.Hour })
	ops := func(since int) (all []string) {
		for _, e := range fs.written(t)[since:] {
			all = append(all, e.Op+" by "+e.User)
		}
		return all
	}
	before := len(fs.written(t))
	eve := fs.as(t, "eve")
	if err := fs.setMember(t.Context(), "p", "eve", Scientist); err != nil {
		t.Fatal(err)
	}
	trash := path(t, "/Projects/p/.Trash/eve/Current")
	if _, err := eve.Mkdirs(t.Context(), trash, MkdirOptions{Mode: 0o700}); err != nil {
		t.Fatal(err)
	}
	clock := new(atomic.Int64)
	clock.Store(time.Now().Unix())
	for range 4 {
		empty(t, fs, clock)
		clock.Add(3600)
	}
	want := []string{"set member by root", "mkdirs by eve", "mkdirs by eve", "rename by root", "delete by root"}
	if got := ops(before); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
	before = len(fs.written(t))
	if _, err := fs.as(t, superuser).Promise(t.Context(), inD("later"), CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	fs.exec(t, `UPDATE leases SET since = '-infinity'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ops(before); !slices.Equal(got, []string{"revoke lease by root"}) {
		t.Errorf("a promise that was not kept: %q", got)
	}
	fs.clean(t)
}

// A transaction whose COMMIT gets lost leaves one event if it happened and none if not.
func TestALostCommitIsOneEvent(t *testing.T) {
	l := &line{}
	fs := newEventsFS(t, l.over(t))
	s := fs.as(t, superuser)
	s.put(t, inD("log").String(), nil)
	before := len(fs.written(t))
	const each = 3
	for _, lose := range []func(*wire, []byte) error{onTheWay, onTheWayBack} {
		for range each {
			l.next(lose)
			if err := s.Append(t.Context(), inD("log"), -1, bytes.NewReader([]byte("x"))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := len(fs.written(t)) - before; got != 2*each {
		t.Errorf("%d appends make %d events", 2*each, got)
	}
	fs.clean(t)
}

// The audit names the token behind a change, however the change was made.
func TestAChangeNamesItsCredential(t *testing.T) {
	fs := newEventsFS(t)
	ids := map[string]string{}
	for what, ttl := range map[string]time.Duration{"session token": time.Hour, "token with a row": 24 * time.Hour} {
		token, err := fs.auth.Issue(t.Context(), auth.TokenRequest{User: superuser, TTL: ttl})
		if err != nil {
			t.Fatal(err)
		}
		p, claims, err := fs.auth.Verify(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		ticket := fs.auth.Ticket(p, auth.Ticket{Op: "CREATE", Path: "/f"})
		byTicket, err := fs.auth.VerifyTicket(t.Context(), ticket, "CREATE", "/f")
		if err != nil {
			t.Fatal(err)
		}
		again, err := fs.auth.Refresh(t.Context(), byTicket)
		if err != nil {
			t.Fatal(err)
		}
		for how, p := range map[string]auth.Principal{"": p, ", by a ticket": byTicket, ", looked up again": again} {
			name := what + how
			ids[name] = claims.ID.String()
			if _, err := fs.As(p).From("10.1.2.3").Mkdirs(t.Context(), inD(name), MkdirOptions{Mode: 0o755}); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, _, err := fs.as(t, superuser).Audit(t.Context(), AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		if ids[e.Path.Name()] == "" { // of a token, or what was there before
			continue
		}
		got[e.Path.Name()] = e.Credential
		if e.Client != "10.1.2.3" {
			t.Errorf("%s came from %q", e.Path, e.Client)
		}
	}
	if !maps.Equal(got, ids) {
		t.Errorf("credentials %v, want %v", got, ids)
	}
}

// A server that hangs in the middle of a change blocks the project for no longer than a change may take.
func TestAChangeThatStallsIsGivenUp(t *testing.T) {
	fs := newEventsFS(t)
	var timeout string
	m := &mutation{id: uuid.New(), apply: func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SHOW idle_in_transaction_session_timeout`).Scan(&timeout)
	}}
	if err := fs.commit(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if d, err := time.ParseDuration(timeout); err != nil || d != commitTimeout {
		t.Errorf("the database waits for %q, want %s", timeout, commitTimeout)
	}
}

// If many requests under one operation id arrive at once, one of them happens, and is one event.
func TestManyAtOnceUnderOneOperationIDAreOneEvent(t *testing.T) {
	fs := newEventsFS(t)
	fs.as(t, superuser).put(t, inD("log").String(), nil)
	before := len(fs.written(t))
	// No request begins before all have found that the id is new.
	const requests = 6
	var all sync.WaitGroup
	all.Add(requests)
	var decisions atomic.Int64
	fs.decided = func(string, Path) {
		if decisions.Add(1) <= requests {
			all.Done()
			all.Wait()
		}
	}
	ctx := WithOperation(t.Context(), uuid.New())
	crowd(requests, func(int) {
		if err := fs.as(t, superuser).Append(ctx, inD("log"), -1, strings.NewReader("once")); err != nil {
			t.Error(err)
		}
	})
	if got := fs.as(t, superuser).get(t, inD("log").String()); string(got) != "once" {
		t.Errorf("the log holds %q", got)
	}
	if events := fs.written(t)[before:]; len(events) != 1 {
		t.Errorf("%d events: %+v", len(events), events)
	}
	fs.clean(t)
}
