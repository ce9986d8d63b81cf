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
	"granary/auth/perm"
)

// change is a call that changes something in /Projects/p/d, and what its event says.
type change struct {
	method string // of Session, or of FS
	do     func(ctx context.Context, s *Session) error
	op     string
	path   string // below d
	target string
	detail string
	// again is what a second call does, if it changes nothing; nil: it does change something, or fails.
	again func(ctx context.Context, s *Session) error
	// unnamed: it takes no operation id.
	unnamed bool
}

// inD returns the path of what lies at name below the directory that changes are made in.
func inD(name string) Path { return Path{"/Projects/p/d"}.add(name) }

func ignore[T any](_ T, err error) error { return err }

// inode is the inode of what lies at name, 0 if there is nothing.
func inode(ctx context.Context, s *Session, name string) int64 {
	status, err := s.Stat(ctx, inD(name))
	if err != nil {
		return 0
	}
	return status.ID
}

// share is the only share there is, 0 without one.
func share(ctx context.Context, s *Session) (id int64) {
	given, _, err := s.Shares(ctx, "p")
	if err != nil || len(given) == 0 {
		return 0
	}
	return given[0].ID
}

// changes are calls of every method that changes something, each on what those before it left.
func changes() []change {
	entries := []perm.Entry{{Type: perm.User, Name: "eve", Perm: perm.Read}}
	xattr := Xattr{XattrName{"user", "label"}, []byte("secret")}
	creating := func(name string, o CreateOptions, content string) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			o.Size = -1
			return ignore(s.Create(ctx, inD(name), o, strings.NewReader(content)))
		}
	}
	large := string(pattern(InlineMax + 1))
	appending := func(text string) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			return s.Append(ctx, inD("f"), -1, strings.NewReader(text))
		}
	}
	acl := func(set func(s *Session, ctx context.Context) error) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error { return set(s, ctx) }
	}
	modify := acl(func(s *Session, ctx context.Context) error { return s.ModifyACL(ctx, inD("f"), entries) })
	setACL := acl(func(s *Session, ctx context.Context) error {
		return s.SetACL(ctx, inD(""), []perm.Entry{{Scope: perm.Default, Type: perm.User, Perm: perm.All}, {Scope: perm.Default, Type: perm.Group, Perm: perm.Read}, {Scope: perm.Default, Type: perm.Other}})
	})
	removeEntries := acl(func(s *Session, ctx context.Context) error { return s.RemoveACLEntries(ctx, inD("f"), entries) })
	removeDefault := acl(func(s *Session, ctx context.Context) error { return s.RemoveDefaultACL(ctx, inD("")) })
	removeACL := acl(func(s *Session, ctx context.Context) error { return s.RemoveACL(ctx, inD("f")) })
	chmod := func(ctx context.Context, s *Session) error { return s.SetPermission(ctx, inD("f"), 0o600) }
	chown := func(ctx context.Context, s *Session) error { return s.SetOwner(ctx, inD("f"), "eve", "staff") }
	times := func(ctx context.Context, s *Session) error { return s.SetTimes(ctx, inD("f"), 1000, 2000) }
	replicate := func(ctx context.Context, s *Session) error { return ignore(s.SetReplication(ctx, inD("f"), 2)) }
	label := func(ctx context.Context, s *Session) error {
		return s.SetXattr(ctx, inD("f"), xattr, XattrFlags{Create: true, Replace: true})
	}
	limit := func(ctx context.Context, s *Session) error {
		return s.SetQuota(ctx, inD(""), QuotaChange{Names: pointer(100), Types: map[string]int64{"SSD": 7}})
	}
	unlimit := func(ctx context.Context, s *Session) error {
		return s.SetQuota(ctx, inD(""), QuotaChange{Names: pointer(NoQuota), Types: map[string]int64{"SSD": NoQuota}})
	}
	cold := func(ctx context.Context, s *Session) error { return s.SetStoragePolicy(ctx, inD("f"), "cold") }
	truncate := func(ctx context.Context, s *Session) error { return ignore(s.Truncate(ctx, inD("f"), 3)) }
	mkdirs := func(ctx context.Context, s *Session) error {
		return ignore(s.Mkdirs(ctx, inD("a/b"), MkdirOptions{Mode: 0o755}))
	}
	remove := func(ctx context.Context, s *Session) error { return ignore(s.Delete(ctx, inD("a"), true)) }
	member := func(ctx context.Context, s *Session) error { return s.SetMember(ctx, "p", "eve", Observer) }
	describe := func(ctx context.Context, s *Session) error {
		text, listed, archived := "Scenes.", true, false
		return s.ChangeProject(ctx, "p", ProjectChange{&text, &listed, &archived})
	}
	limitProject := func(ctx context.Context, s *Session) error { return s.LimitProject(ctx, "p", pointer(1000), nil) }
	makeDataset := func(ctx context.Context, s *Session) error {
		return ignore(s.MakeDataset(ctx, inD(""), MakeDatasetOptions{DatasetInfo: DatasetInfo{Listed: true}}))
	}
	publish := func(ctx context.Context, s *Session) error {
		public, listed := true, true
		return ignore(s.ChangeDataset(ctx, inode(ctx, s, ""), DatasetChange{Public: &public, Listed: &listed}))
	}
	accept := func(ctx context.Context, s *Session) error { return ignore(s.AcceptShare(ctx, share(ctx, s), "")) }
	// shown is where the project that the dataset is shared with shows what lies at name below it.
	shown := func(name string) Path { return Path{"/Projects/other/Shared/p.d"}.add(name) }
	return []change{
		{method: "Create", op: "create", path: "f", detail: `{"size": 5}`, do: creating("f", CreateOptions{}, "hello")},
		{method: "Create", op: "create", path: "new/dir/f", detail: `{"size": 65537, "made": "/Projects/p/d/new"}`, do: creating("new/dir/f", CreateOptions{CreateParent: true}, large)},
		{method: "Create", op: "create", path: "f", detail: `{"size": 4, "replaced": -1}`, do: creating("f", CreateOptions{Overwrite: true}, "over")},
		{method: "Promise", unnamed: true, op: "create", path: "promised", detail: `{"size": 4}`, do: func(ctx context.Context, s *Session) error {
			o := CreateOptions{Mode: 0o644, Size: -1}
			var err error
			if o.Lease, err = s.Promise(ctx, inD("promised"), o); err != nil {
				return err
			}
			return ignore(s.Create(ctx, inD("promised"), o, strings.NewReader("kept")))
		}},
		{method: "Promise", unnamed: true, op: "mkdirs", path: "for", detail: `{"dir": true, "made": "/Projects/p/d/for"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Promise(ctx, inD("for/later"), CreateOptions{CreateParent: true}))
		}},
		{method: "Append", op: "append", path: "f", detail: `{"size": 9, "added": 5}`, do: appending(" more")},
		{method: "AppendTo", op: "append", path: "f", detail: `{"size": 65546, "added": 65537}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.AppendTo(ctx, inD("f"), 0, -1, strings.NewReader(large)))
		}},
		{method: "Truncate", op: "truncate", path: "f", detail: `{"size": 3}`, do: truncate, again: truncate},
		{method: "Concat", op: "concat", path: "f", detail: `{"size": 7, "sources": ["/Projects/p/d/promised"]}`, do: func(ctx context.Context, s *Session) error {
			return s.Concat(ctx, inD("f"), []Path{inD("promised")})
		}},
		{method: "Mkdirs", op: "mkdirs", path: "a/b", detail: `{"dir": true, "made": "/Projects/p/d/a"}`, do: mkdirs, again: mkdirs},
		{method: "Rename", op: "rename", path: "f", target: "a/f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Rename(ctx, inD("f"), inD("a")))
		}, again: func(ctx context.Context, s *Session) error { return ignore(s.Rename(ctx, inD("a/f"), inD("a/f"))) }},
		{method: "Move", op: "rename", path: "a/f", target: "f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return s.Move(ctx, inD("a/f"), inD("f"), MoveOptions{})
		}},
		{method: "Delete", op: "delete", path: "a", detail: `{"dir": true}`, do: remove, again: remove},
		{method: "Delete", op: "delete", path: "new/dir/f", detail: `{"size": 65537}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Delete(ctx, inD("new/dir/f"), false))
		}},
		{method: "SetPermission", op: "set permission", path: "f", detail: `{"mode": "0600"}`, do: chmod, again: chmod},
		{method: "SetOwner", op: "set owner", path: "f", detail: `{"owner": "eve", "group": "staff"}`, do: chown, again: chown},
		{method: "SetTimes", op: "set times", path: "f", detail: `{"mtime": 1000, "atime": 2000}`, do: times, again: times},
		{method: "SetReplication", op: "set replication", path: "f", detail: `{"replication": 2}`, do: replicate, again: replicate},
		{method: "ModifyACL", op: "modify ACL", path: "f", detail: `{"mode": "0640", "acl": "user:eve:r--,group::---"}`, do: modify, again: modify},
		{method: "RemoveACLEntries", op: "remove ACL entries", path: "f", detail: `{"mode": "0600", "acl": "group::---"}`, do: removeEntries, again: removeEntries},
		{method: "RemoveACL", op: "remove ACL", path: "f", detail: `{"mode": "0600", "acl": ""}`, do: removeACL, again: removeACL},
		{method: "SetACL", op: "set ACL", path: "", detail: `{"dir": true, "mode": "0755", "acl": "default:user::rwx,default:group::r--,default:other::---"}`, do: setACL, again: setACL},
		{method: "RemoveDefaultACL", op: "remove default ACL", path: "", detail: `{"dir": true, "mode": "0755", "acl": ""}`, do: removeDefault, again: removeDefault},
		{method: "SetXattr", op: "set xattr", path: "f", detail: `{"xattr": "user.label"}`, do: label, again: label},
		{method: "RemoveXattr", op: "remove xattr", path: "f", detail: `{"xattr": "user.label"}`, do: func(ctx context.Context, s *Session) error {
			return s.RemoveXattr(ctx, inD("f"), xattr.Name)
		}},
		{method: "SetQuota", op: "set quota", path: "", detail: `{"dir": true, "quota": {"names": 100, "space": -1, "types": {"SSD": 7}}}`, do: limit, again: limit},
		{method: "SetQuota", op: "set quota", path: "", detail: `{"dir": true, "quota": {"names": -1, "space": -1}}`, do: unlimit, again: unlimit},
		{method: "SetStoragePolicy", op: "set storage policy", path: "f", detail: `{"policy": "COLD"}`, do: cold, again: cold},
		{method: "CreateProject", op: "create project", path: "/Projects/other", detail: `{"dir": true, "project": "other", "member": "root", "role": "owner"}`, do: func(ctx context.Context, s *Session) error {
			return s.CreateProject(ctx, NewProject{Name: "other", Datasets: DefaultDatasets})
		}},
		{method: "SetMember", op: "set member", path: "/Projects/p", detail: `{"dir": true, "member": "eve", "role": "observer"}`, do: member, again: member},
		{method: "SetMember", op: "set member", path: "/Projects/p", detail: `{"dir": true, "member": "eve", "role": "scientist"}`, do: func(ctx context.Context, s *Session) error {
			return s.SetMember(ctx, "p", "eve", Scientist)
		}},
		{method: "RemoveMember", op: "remove member", path: "/Projects/p", detail: `{"dir": true, "member": "eve"}`, do: func(ctx context.Context, s *Session) error {
			return s.RemoveMember(ctx, "p", "eve")
		}},
		{method: "ChangeProject", op: "change project", path: "/Projects/p", detail: `{"dir": true, "description": "Scenes.", "listed": true}`, do: describe, again: describe},
		{method: "MakeDataset", op: "make dataset", path: "", detail: `{"dir": true, "description": "", "public": false, "listed": true}`, do: makeDataset, again: makeDataset},
		{method: "ChangeDataset", op: "change dataset", path: "", detail: `{"dir": true, "public": true}`, do: publish, again: publish},
		{method: "OfferShare", op: "offer share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.OfferShare(ctx, Offer{Dataset: inode(ctx, s, ""), ToProject: "other", Level: Edit}))
		}},
		{method: "AcceptShare", op: "accept share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: accept, again: accept},
		{method: "Mkdirs", op: "mkdirs", path: "by/share", detail: `{"dir": true, "made": "/Projects/p/d/by"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Mkdirs(ctx, shown("by/share"), MkdirOptions{Mode: 0o755}))
		}},
		{method: "Create", op: "create", path: "by/f", detail: `{"size": 1}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Create(ctx, shown("by/f"), CreateOptions{Size: -1}, strings.NewReader("x")))
		}},
		{method: "Rename", op: "rename", path: "by/f", target: "by/share/f", detail: `{}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Rename(ctx, shown("by/f"), shown("by/share")))
		}},
		{method: "RequestAccess", op: "request access", path: "/Projects/p", detail: `{"dir": true}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.RequestAccess(ctx, "p", inode(ctx, s, ""), "please"))
		}},
		{method: "EndRequest", op: "end request", path: "/Projects/p", detail: `{"dir": true, "member": "root"}`, do: func(ctx context.Context, s *Session) error {
			mine, err := s.MyRequests(ctx)
			if err != nil || len(mine) != 1 {
				return fmt.Errorf("%d requests, %w", len(mine), err)
			}
			return s.EndRequest(ctx, mine[0].ID)
		}},
		{method: "EndShare", op: "end share", path: "", detail: `{"dir": true, "share": {"id": -1, "toProject": "other", "level": "edit"}}`, do: func(ctx context.Context, s *Session) error {
			return s.EndShare(ctx, share(ctx, s))
		}},
		{method: "LimitProject", op: "set quota", path: "/Projects/p", detail: `{"dir": true, "quota": {"names": 1000, "space": -1}}`, do: limitProject, again: limitProject},
		{method: "EndDataset", op: "end dataset", path: "", detail: `{"dir": true}`, do: func(ctx context.Context, s *Session) error {
			return s.EndDataset(ctx, inode(ctx, s, ""))
		}},
		{method: "Replace", op: "replace", path: "by/share", target: "for", detail: `{"dir": true, "replaced": -1}`, do: func(ctx context.Context, s *Session) error {
			return s.Replace(ctx, inD("by/share"), inD("for"))
		}},
		{method: "DeleteProject", op: "delete project", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return s.DeleteProject(ctx, "other")
		}},
		{method: "RestoreProject", op: "restore project", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return s.RestoreProject(ctx, "other")
		}},
		{method: "Delete", op: "delete", path: "/Projects/other", detail: `{"dir": true, "project": "other"}`, do: func(ctx context.Context, s *Session) error {
			return ignore(s.Delete(ctx, Path{"/Projects/other"}, true))
		}},
	}
}

// unchanging are the other methods of Session and FS, which make no event.
var unchanging = []string{
	"ACL", "AllowSnapshots", "Audit", "Await", "Blocks", "ChangeSnapshots", "CheckAccess", "CheckErasurePolicy", "Checksum",
	"CompareSnapshots", "Dataset", "Datasets", "Discover", "DisableErasurePolicy", "DisallowSnapshots", "EffectiveAccess", "EnableErasurePolicy",
	"Events", "Explain", "Find", "From", "Home", "If", "LastEvent", "List", "ListBatch", "ListSnapshots", "Locate", "Manage", "Manages", "MayAskAbout",
	"Members", "MyRequests", "Open", "OpenPart",
	"Project", "Projects", "QuotaUsage", "Readable", "Requests", "SetErasurePolicy", "Share", "Shares", "SharesWithMe", "Space", "Stat", "StoragePolicy", "Summary",
	"TrashRoot", "TrashRoots", "UnsetErasurePolicy", "Xattrs",
	"As", "Close", "Fsck", "ProjectID", "Reap", "TrashInterval",
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

// written returns all events, the common ground's too, in the order in which they were written.
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

// Whatever changes something leaves one event, and what changes nothing none.
func TestEveryChangeIsOneEvent(t *testing.T) {
	fs := newEventsFS(t)
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
		if !c.unnamed && c.op != "end share" && c.op != "end dataset" && c.op != "end request" { // whose answers are for whoever finds them still there
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

// What fails leaves no event, and neither do readings.
func TestWhatChangesNothingIsNoEvent(t *testing.T) {
	fs := newEventsFS(t)
	eve := fs.as(t, "eve")
	fs.as(t, superuser).put(t, inD("f").String(), []byte("x"))
	if _, err := eve.Stat(t.Context(), path(t, "/user/eve")); err != nil { // which makes it
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

// What the server does on its own is told of, too: promised directories, the trash, and files whose writer did not come.
func TestTheServersOwnChangesAreEvents(t *testing.T) {
	now := time.Now()
	fs := newEventsFS(t, func(c *Config) {
		c.Trash = time.Hour
		c.Now = func() time.Time { return now }
	})
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
	if err := fs.EmptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		now = now.Add(time.Hour)
		if err := fs.EmptyTrash(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(time.Hour)
	if err := fs.EmptyTrash(t.Context()); err != nil {
		t.Fatal(err)
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

// The audit knows the token behind a change, whichever way it came.
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
	entries, _, err := fs.as(t, superuser).Audit(t.Context(), AuditQuery{Limit: len(ids)})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		got[e.Path.Name()] = e.Credential
		if e.Client != "10.1.2.3" {
			t.Errorf("%s came from %q", e.Path, e.Client)
		}
	}
	if !maps.Equal(got, ids) {
		t.Errorf("credentials %v, want %v", got, ids)
	}
}

// A server that vanishes in the middle of a change holds up the project no longer than a change may take.
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

// Of many at once under one operation id, one happens, and is one event.
func TestManyAtOnceUnderOneOperationIDAreOneEvent(t *testing.T) {
	fs := newEventsFS(t)
	fs.as(t, superuser).put(t, inD("log").String(), nil)
	before := len(fs.written(t))
	// None begins before all have found that the id is new.
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
