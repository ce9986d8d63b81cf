package namespace

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// limited returns a session of user whose token is limited to scope.
func (fs *testFS) limited(t *testing.T, user string, scope auth.Scope) *Session {
	t.Helper()
	p, err := fs.auth.Simple(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	p.Scope = scope
	return fs.As(p)
}

// refusedBy checks that err is a refusal that gives why as the reason.
func refusedBy(t *testing.T, what string, err error, why string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != AccessControl || !strings.Contains(e.Msg, why) {
		t.Errorf("%s: %v, want a refusal that says %q", what, err, why)
	}
}

func TestAReadOnlyTokenChangesNothing(t *testing.T) {
	fs := newFS(t)
	fs.as(t, "alice", "team")
	fs.as(t, superuser).put(t, "/tmp/f", []byte("content"))
	for _, user := range []string{superuser, "alice"} {
		s := fs.limited(t, user, auth.Scope{Verbs: auth.Read})
		changing, reading := calls(s, path(t, "/tmp/f"))
		for name, do := range changing {
			refusedBy(t, user+", "+name, do(t.Context()), "the token is read-only and may not change /tmp/")
		}
		for name, do := range reading {
			if err := do(t.Context()); err != nil {
				t.Errorf("%s, %s: %v", user, name, err)
			}
		}
	}
	if got := fs.as(t, superuser).get(t, "/tmp/f"); string(got) != "content" {
		t.Errorf("the file has become %q", got)
	}
}

// TestVerbsOfATokenDecide makes every call with every set of verbs.
func TestVerbsOfATokenDecide(t *testing.T) {
	fs := newFS(t)
	alice := fs.as(t, "alice", "team")
	takes := map[string]auth.Verbs{"append": auth.Add, "mkdirs": auth.Add}
	for verbs := auth.Verbs(1); verbs <= auth.Read|auth.Add|auth.Write|auth.Manage; verbs++ {
		s := fs.limited(t, "alice", auth.Scope{Verbs: verbs})
		changing, reading := calls(s, path(t, "/tmp/d/f"))
		for name, do := range changing {
			alice.put(t, "/tmp/d/f", []byte("content"))
			if _, err := alice.Delete(t.Context(), path(t, "/tmp/d/renamed"), true); err != nil {
				t.Fatal(err)
			}
			takes := takes[name]
			if takes == 0 {
				takes = auth.Write
			}
			if err := do(t.Context()); verbs.Allow(takes) != (err == nil) || err != nil && kindOf(err) != AccessControl && name != "set owner" {
				t.Errorf("%s with %s: %v", name, verbs, err)
			}
		}
		alice.put(t, "/tmp/d/f", []byte("content"))
		for name, do := range reading {
			if err := do(t.Context()); verbs.Allow(auth.Read) != (err == nil) || err != nil && kindOf(err) != AccessControl {
				t.Errorf("%s with %s: %v", name, verbs, err)
			}
		}
	}
}

// TestATokenThatMayOnlyAdd makes new files, short, long and promised, and cannot touch what is there.
func TestATokenThatMayOnlyAdd(t *testing.T) {
	fs := newFS(t)
	alice := fs.as(t, "alice", "team")
	alice.put(t, "/tmp/old", []byte("old"))
	s := fs.limited(t, "alice", auth.Scope{Verbs: auth.Add})
	long := strings.Repeat("x", InlineMax+1)
	overwrite := CreateOptions{Overwrite: true, CreateParent: true, Mode: 0o644, Size: -1}
	for name, content := range map[string]string{"/tmp/short": "x", "/tmp/new/long": long} {
		if _, err := s.Create(t.Context(), path(t, name), overwrite, strings.NewReader(content)); err != nil {
			t.Errorf("create %s: %v", name, err)
		}
		if err := s.Append(t.Context(), path(t, name), -1, strings.NewReader(long)); err != nil {
			t.Errorf("append to %s: %v", name, err)
		}
		if got := alice.get(t, name); len(got) != len(content)+len(long) {
			t.Errorf("%s has %d bytes", name, len(got))
		}
	}
	promised := path(t, "/tmp/promised")
	o := overwrite
	var err error
	if o.Lease, err = s.Promise(t.Context(), promised, o); err != nil || o.Lease.IsZero() {
		t.Fatalf("promise: %v", err)
	}
	if _, err := s.Create(t.Context(), promised, o, strings.NewReader("x")); err != nil {
		t.Errorf("keep the promise: %v", err)
	}
	_, err = s.Create(t.Context(), path(t, "/tmp/old"), overwrite, strings.NewReader("new"))
	refusedBy(t, "overwrite", err, "the token is limited to add and this takes write")
	if got := alice.get(t, "/tmp/old"); string(got) != "old" {
		t.Errorf("the file has become %q", got)
	}
}

func TestAProjectTokenEndsAtItsProject(t *testing.T) {
	fs := newFS(t)
	alice := fs.as(t, "alice", "team")
	for _, project := range []string{"one", "two"} {
		if err := fs.makeProject(t.Context(), project, "alice"); err != nil {
			t.Fatal(err)
		}
		alice.put(t, "/Projects/"+project+"/d/f", []byte("x"))
	}
	alice.put(t, "/user/alice/f", []byte("x"))
	id, err := fs.ProjectID(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"alice", superuser} { // a superuser's token is limited too
		s := fs.limited(t, user, auth.Scope{Project: id})
		for _, outside := range []string{"/", "/Projects", "/Projects/two", "/Projects/two/d/f", "/Projects/none", "/user/alice/f", "/tmp/missing"} {
			changing, reading := calls(s, path(t, outside))
			maps.Copy(reading, changing)
			for name, do := range reading {
				if err := do(t.Context()); kindOf(err) != AccessControl && !(user == superuser && kindOf(err) == NotExist) {
					t.Errorf("%s, %s %s: %v", user, name, outside, err)
				}
			}
		}
		s.put(t, "/Projects/one/d/new", []byte("y"))
		for _, pair := range [][2]string{{"/Projects/one/d/f", "/user/alice/g"}, {"/user/alice/f", "/Projects/one/d/g"}} {
			_, err := s.Rename(t.Context(), path(t, pair[0]), path(t, pair[1]))
			refusedBy(t, pair[0]+" to "+pair[1], err, "the token is limited to a project")
		}
		if ok, err := s.Rename(t.Context(), path(t, "/Projects/one/d/new"), path(t, "/Projects/one/new")); !ok || err != nil {
			t.Error(ok, err)
		}
		if ok, err := s.Delete(t.Context(), path(t, "/Projects/one/new"), false); !ok || err != nil {
			t.Error(ok, err)
		}
	}
}

func TestADirectoryTokenFollowsItsDirectory(t *testing.T) {
	fs := newFS(t)
	alice := fs.as(t, "alice", "team")
	if err := fs.makeProject(t.Context(), "p", "alice"); err != nil {
		t.Fatal(err)
	}
	alice.put(t, "/Projects/p/d/sub/f", []byte("x"))
	alice.put(t, "/Projects/p/dd/f", []byte("x"))
	dir, err := alice.Stat(t.Context(), path(t, "/Projects/p/d"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := fs.ProjectID(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	s := fs.limited(t, "alice", auth.Scope{Project: project, Root: dir.ID})
	stat := func(name string) error { _, err := s.Stat(t.Context(), path(t, name)); return err }
	for _, inside := range []string{"/Projects/p/d", "/Projects/p/d/sub", "/Projects/p/d/sub/f"} {
		if err := stat(inside); err != nil {
			t.Error(err)
		}
	}
	refusedBy(t, "/", stat("/"), "the token is limited to a project and / is outside it")
	for _, outside := range []string{"/Projects/p", "/Projects/p/dd", "/Projects/p/dd/f", "/Projects/p/missing"} {
		refusedBy(t, outside, stat(outside), "the token is limited to a directory and "+outside+" is outside it")
	}
	if _, err := s.Rename(t.Context(), path(t, "/Projects/p/d/sub/f"), path(t, "/Projects/p/dd/g")); kindOf(err) != AccessControl {
		t.Errorf("a file was moved out: %v", err)
	}
	// The directory's own name is an entry of the directory above, which the token does not reach.
	_, err = s.Delete(t.Context(), path(t, "/Projects/p/d"), true)
	refusedBy(t, "its own entry", err, "the token is limited to a directory")

	// The directory moves, and the token with it. It does not reach what takes the old name.
	if ok, err := alice.Rename(t.Context(), path(t, "/Projects/p/d"), path(t, "/Projects/p/moved")); !ok || err != nil {
		t.Fatal(ok, err)
	}
	alice.put(t, "/Projects/p/d/sub/f", []byte("another"))
	if err := stat("/Projects/p/moved/sub/f"); err != nil {
		t.Error(err)
	}
	refusedBy(t, "the old name", stat("/Projects/p/d/sub/f"), "the token is limited to a directory")
}

// Roles decide what may be done with a file of the project's owner (rw-r-----), below a directory rwxrwx--- of the project.
func TestRoles(t *testing.T) {
	fs := newFS(t)
	for _, user := range []string{"olga", "second", "sam", "otto", "stan"} {
		fs.as(t, user, "staff")
	}
	if err := fs.makeProject(t.Context(), "p", "olga"); err != nil {
		t.Fatal(err)
	}
	for user, role := range map[string]Role{"second": Owner, "sam": Scientist, "otto": Observer} {
		if err := fs.setMember(t.Context(), "p", user, role); err != nil {
			t.Fatal(err)
		}
	}
	olga := fs.as(t, "olga")
	changing, reading := calls(olga, Path{})
	all := slices.Concat(slices.Collect(maps.Keys(changing)), slices.Collect(maps.Keys(reading)))
	asReader := []string{"stat", "list", "list batch", "summary", "below", "check access", "ACL", "access", "labels", "locate", "checksum", "open", "open in a batch"}
	for _, tt := range []struct {
		user string
		may  []string
	}{
		{superuser, all},
		{"olga", all},
		{"second", all},
		{"sam", append([]string{"mkdirs", "rename", "move", "delete"}, asReader...)},
		{"otto", asReader},
	} {
		for _, name := range all {
			// The tree is made anew each time, as some operations change it.
			if _, err := olga.Delete(t.Context(), path(t, "/Projects/p/d"), true); err != nil {
				t.Fatal(err)
			}
			if _, err := olga.Mkdirs(t.Context(), path(t, "/Projects/p/d"), MkdirOptions{Mode: 0o770}); err != nil {
				t.Fatal(err)
			}
			_, err := olga.Create(t.Context(), path(t, "/Projects/p/d/f"), CreateOptions{Overwrite: true, Mode: 0o640, Size: -1}, strings.NewReader("content"))
			if err != nil {
				t.Fatal(err)
			}
			changing, reading := calls(fs.as(t, tt.user), path(t, "/Projects/p/d/f"))
			maps.Copy(reading, changing)
			err = reading[name](t.Context())
			want := AccessControl
			if slices.Contains(tt.may, name) {
				want = allowed
			}
			if got := kindOf(err); got != want {
				t.Errorf("%s, %s: %v, want %s", tt.user, name, err, kindText(want))
			}
		}
	}
	// Modes of other users' directories do not bind an owner, but those outside of the project do.
	sam := fs.as(t, "sam")
	sam.put(t, "/Projects/p/private/f", []byte("x"))
	if err := sam.SetPermission(t.Context(), path(t, "/Projects/p/private"), 0o700); err != nil {
		t.Fatal(err)
	}
	olga.get(t, "/Projects/p/private/f")
	if _, err := fs.as(t, "second").Rename(t.Context(), path(t, "/Projects/p"), path(t, "/Projects/q")); kindOf(err) != AccessControl {
		t.Errorf("an owner renamed the project: %v", err)
	}
	if _, err := olga.Delete(t.Context(), path(t, "/Projects/p"), true); kindOf(err) != AccessControl {
		t.Errorf("an owner removed the project's directory: %v", err)
	}
	// A member who leaves has no rights left, though his session is as it was.
	if err := fs.dropMember(t.Context(), "p", "sam"); err != nil {
		t.Fatal(err)
	}
	if _, err := sam.Stat(t.Context(), path(t, "/Projects/p/private/f")); kindOf(err) != NotExist {
		t.Errorf("a former member sees his file: %v", err)
	}
}

func TestHomesAreMadeAtFirstUse(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	listed := func() string {
		var names []string
		if err := root.List(t.Context(), path(t, "/user"), func(s Status) error {
			names = append(names, s.Name+" "+s.Owner+":"+s.Group+" "+s.Perms.Mode.String())
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return strings.Join(names, ", ")
	}
	fs.as(t, "alice", "team")
	limited := fs.limited(t, "alice", auth.Scope{Verbs: auth.Read})
	if _, err := limited.Stat(t.Context(), limited.Home()); kindOf(err) != NotExist {
		t.Errorf("a token that may only read: %v", err)
	}
	if _, err := fs.as(t, "alice").Stat(t.Context(), path(t, "/user/bob")); kindOf(err) != NotExist {
		t.Errorf("somebody else's home: %v", err)
	}
	if got := listed(); got != "" {
		t.Fatalf("homes %q before the first use", got)
	}
	crowd(4, func(int) { // also by requests at the same moment
		if _, err := fs.as(t, "alice").Stat(t.Context(), path(t, "/user/alice")); err != nil {
			t.Error(err)
		}
	})
	fs.as(t, "dave").put(t, "/user/dave/deep/f", []byte("x")) // a name without a row
	if got, want := listed(), "alice alice:supergroup 700, dave dave:supergroup 700"; got != want {
		t.Errorf("homes %q, want %q", got, want)
	}
	_, err := fs.as(t, "alice").Stat(t.Context(), path(t, "/user/dave/deep/f"))
	refusedBy(t, "another's home", err, `user=alice, access=EXECUTE, inode="/user/dave":dave:supergroup:drwx------`)

	// A quota may leave no room for another home.
	must(t, root.SetQuota(t.Context(), path(t, "/user"), QuotaChange{Names: new(int64(1))}))
	erin := fs.as(t, "erin")
	_, err = erin.Stat(t.Context(), erin.Home())
	wantKind(t, "a status of a home that cannot be made", err, NotExist, "/user/erin")
	wantKind(t, "a listing below it", erin.List(t.Context(), erin.Home().Join("d"), func(Status) error { return nil }), NotExist, "/user/erin/d")
	_, err = erin.Mkdirs(t.Context(), erin.Home().Join("d"), MkdirOptions{Mode: 0o755})
	wantKind(t, "a directory in it", err, QuotaNames, "quota")
	fs.clean(t)
}

func TestAStalePrincipalIsLookedUpAgain(t *testing.T) {
	fs := newFS(t)
	bob := fs.as(t, "bob", "team")
	root := fs.as(t, superuser)
	root.put(t, "/d/f", []byte("x"))
	if err := errors.Join(root.SetPermission(t.Context(), path(t, "/d"), 0o750), root.SetOwner(t.Context(), path(t, "/d"), "", "team")); err != nil {
		t.Fatal(err)
	}
	bob.get(t, "/d/f")
	if err := fs.auth.SetGroups(t.Context(), "bob", []string{"other"}); err != nil {
		t.Fatal(err)
	}
	_, err := bob.Stat(t.Context(), path(t, "/d/f"))
	refusedBy(t, "out of the group", err, `user=bob, access=EXECUTE, inode="/d"`)
	if err := fs.auth.SetGroups(t.Context(), "bob", []string{"team"}); err != nil {
		t.Fatal(err)
	}
	bob.get(t, "/d/f")
	if err := fs.auth.Disable(t.Context(), "bob"); err != nil {
		t.Fatal(err)
	}
	_, err = bob.Stat(t.Context(), path(t, "/d/f"))
	refusedBy(t, "disabled", err, "user bob is disabled")
}
