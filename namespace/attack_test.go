package namespace

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"granary/auth"
	"granary/auth/perm"
)

// These tests repeat attacks on names and rights that other systems fell to; each names the case in the literature. Where the
// defence is the locks, the test also shows that the attack succeeds without them.

// between calls other once, after the operation op was decided and before it acts.
func (fs *testFS) between(op string, other func()) {
	ran := false
	fs.decided = func(decided string, _ Path) {
		if decided == op && !ran {
			ran = true
			other()
		}
	}
}

// withoutLocks runs an attack with the locks, where it must fail, and without them, where it must succeed.
func withoutLocks(t *testing.T, attack func(t *testing.T, fs *testFS) (succeeded bool)) {
	for _, unlocked := range []bool{false, true} {
		fs := newFS(t)
		fs.unlocked = unlocked
		if succeeded := attack(t, fs); succeeded != unlocked {
			t.Errorf("unlocked %v: the attack succeeded: %v", unlocked, succeeded)
		}
	}
}

// Rename cycle: two moves, each of which would put one directory below the other.
func TestAttackRenameCycle(t *testing.T) {
	withoutLocks(t, func(t *testing.T, fs *testFS) bool {
		s := fs.as(t, superuser)
		s.put(t, "/a/f", nil)
		s.put(t, "/b/f", nil)
		fs.between("rename", func() {
			if done, err := fs.steward().Rename(context.Background(), mustPath("/b"), mustPath("/a/b")); !done || err != nil {
				t.Error(done, err)
			}
		})
		done, err := s.Rename(t.Context(), path(t, "/a"), path(t, "/b/a"))
		must(t, err)
		return done
	})
}

// TOCTOU: the directory is closed between the check and the act.
func TestAttackCheckedAndThenClosed(t *testing.T) {
	withoutLocks(t, func(t *testing.T, fs *testFS) bool {
		fs.as(t, superuser).put(t, "/d/f", nil)
		must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o777))
		eve := fs.as(t, "eve", "people")
		fs.between("mkdirs", func() { must(t, fs.steward().SetPermission(context.Background(), mustPath("/d"), 0o700)) })
		_, err := eve.Mkdirs(t.Context(), path(t, "/d/e"), MkdirOptions{Mode: 0o755})
		return err == nil
	})
}

// TOCTOU: the directory on the way is exchanged for another between the check and the act.
func TestAttackCheckedAndThenExchanged(t *testing.T) {
	withoutLocks(t, func(t *testing.T, fs *testFS) bool {
		root := fs.as(t, superuser)
		root.put(t, "/open/d/f", []byte("x"))
		must(t, root.SetPermission(t.Context(), path(t, "/open/d"), 0o777))
		root.put(t, "/closed/f", nil)
		must(t, root.SetPermission(t.Context(), path(t, "/closed"), 0o700))
		eve := fs.as(t, "eve", "people")
		fs.between("delete", func() {
			if done, err := fs.steward().Rename(context.Background(), mustPath("/open/d"), mustPath("/closed/d")); !done || err != nil {
				t.Error(done, err)
			}
		})
		done, err := eve.Delete(t.Context(), path(t, "/open/d/f"), false)
		return done && err == nil
	})
}

// Group cache: the rights from a group end with the membership, also for an operation that was decided already.
func TestAttackRememberedGroup(t *testing.T) {
	withoutLocks(t, func(t *testing.T, fs *testFS) bool {
		root := fs.as(t, superuser)
		root.put(t, "/d/f", nil)
		must(t, errors.Join(root.SetOwner(t.Context(), path(t, "/d"), "", "team"), root.SetPermission(t.Context(), path(t, "/d"), 0o770)))
		bob := fs.as(t, "bob", "team")
		fs.between("mkdirs", func() { must(t, fs.auth.SetGroups(context.Background(), "bob", nil)) })
		_, err := bob.Mkdirs(t.Context(), path(t, "/d/e"), MkdirOptions{Mode: 0o755})
		return err == nil
	})
}

// CVE-2026-35604, Ozone CVE-2021-36372: rights outlive the share or membership that gave them. Here it ends between check and act.
func TestAttackSharedAndThenNot(t *testing.T) {
	for name, end := range map[string]func(x *sharing, share Share) error{
		"the share ends": func(x *sharing, share Share) error { return x.ada.EndShare(context.Background(), share.ID) },
		"the recipient leaves": func(x *sharing, _ Share) error {
			return x.bob.RemoveMember(context.Background(), "vision", "sam")
		},
		"the dataset ends": func(x *sharing, _ Share) error { return x.ada.EndDataset(context.Background(), x.tiles.ID) },
		"the level goes down": func(x *sharing, share Share) error {
			return ignore(x.ada.OfferShare(context.Background(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read}))
		},
		"the user is disabled": func(x *sharing, _ Share) error { return x.auth.Disable(context.Background(), "sam") },
	} {
		for _, unlocked := range []bool{false, true} {
			x := newSharing(t)
			share := x.share(t, Offer{ToProject: "vision", Level: Edit})
			x.unlocked = unlocked
			x.between("mkdirs", func() { must(t, end(x, share)) })
			_, err := x.sam.Mkdirs(t.Context(), path(t, tilesOwn+"/new"), MkdirOptions{Mode: 0o770})
			if (err == nil) != unlocked {
				t.Errorf("%s, unlocked %v: %v", name, unlocked, err)
			}
		}
	}
}

// Quota race: two writers who each see room for one.
func TestAttackQuotaRace(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	root.put(t, "/d/f", nil)
	limit := int64(3) // the directory, its file, and one more
	must(t, root.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &limit}))
	fs.between("mkdirs", func() {
		must(t, ignore(fs.steward().Mkdirs(context.Background(), mustPath("/d/other"), MkdirOptions{Mode: 0o755})))
	})
	if _, err := root.Mkdirs(t.Context(), path(t, "/d/mine"), MkdirOptions{Mode: 0o755}); kindOf(err) != QuotaNames {
		t.Errorf("beyond the quota: %v", err)
	}
	fs.clean(t)
}

// Existence leak, CVE-2018-1296: below a directory that the caller may not search, every request gets the same answer whether the
// name exists or not.
func TestAttackBehindAClosedDoor(t *testing.T) {
	fs := newFS(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve", "people")
	must(t, root.SetPermission(t.Context(), path(t, "/tmp"), 0o777))
	root.put(t, "/tmp/d/there", []byte("x"))
	must(t, root.SetPermission(t.Context(), path(t, "/tmp/d"), 0o744))
	ask := func(name string) map[string]func(context.Context) error {
		changing, reading := calls(eve, path(t, name))
		p := path(t, name)
		reading["xattrs"] = func(ctx context.Context) error { return ignore(eve.Xattrs(ctx, p, nil)) }
		reading["set xattr"] = func(ctx context.Context) error {
			return eve.SetXattr(ctx, p, Xattr{Name: XattrName{"user", "a"}}, XattrFlags{Create: true})
		}
		reading["quota"] = func(ctx context.Context) error { return ignore(eve.QuotaUsage(ctx, p)) }
		reading["policy"] = func(ctx context.Context) error { return ignore(eve.StoragePolicy(ctx, p)) }
		for name, do := range changing {
			reading[name] = do
		}
		return reading
	}
	missing := ask("/tmp/d/none0")
	for name, do := range ask("/tmp/d/there") {
		got, want := do(t.Context()), missing[name](t.Context())
		if got == nil || want == nil || strings.ReplaceAll(got.Error(), "there", "none0") != want.Error() || kindOf(got) != AccessControl {
			t.Errorf("%s: %v, but of what is not there %v", name, got, want)
		}
	}
}

// CVE-2026-35605, prefix "/a" matches "/ab": neither a token's directory nor a dataset covers names that merely begin with its own.
func TestAttackPrefix(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	x.ada.put(t, tilesOwn+"2/a", []byte("x"))
	maps, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	limited := x.limited(t, "ada", auth.Scope{Project: maps, Root: x.tiles.ID})
	for _, s := range []*Session{limited, x.sam} {
		if _, err := s.Stat(t.Context(), path(t, tilesOwn+"/a")); err != nil {
			t.Errorf("%s: %v", s.p.User, err)
		}
		if _, err := s.Stat(t.Context(), path(t, tilesOwn+"2/a")); kindOf(err) != AccessControl {
			t.Errorf("%s beside the directory: %v", s.p.User, err)
		}
	}
	if path(t, "/ab/c").under(path(t, "/a")) {
		t.Error("/ab/c is under /a")
	}
}

// Unicode: characters that NFKC turns into dots and slashes are ordinary characters of a name, which is kept byte by byte.
func TestAttackDotsThatAreNone(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, name := range []string{"／．．", "．．", "‥", "a∕b", "..\u200b", "é", "e\u0301"} {
		s.put(t, "/d/"+name, []byte(name))
	}
	var names []string
	must(t, s.List(t.Context(), path(t, "/d"), func(st Status) error { names = append(names, st.Name); return nil }))
	if len(names) != 7 {
		t.Errorf("names %q", names)
	}
	for _, name := range names {
		if got := string(s.get(t, "/d/"+name)); got != name {
			t.Errorf("%q holds %q", name, got)
		}
	}
}

// CVE-2026-62843, -54093: a fix for backslashes turned them into a traversal. Here they are part of a name.
func TestAttackBackslash(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, `/d/..\..\etc`, []byte("x"))
	if st, err := s.Stat(t.Context(), path(t, `/d/..\..\etc`)); err != nil || st.Dir {
		t.Errorf("%+v, %v", st, err)
	}
	if _, err := s.Stat(t.Context(), path(t, "/etc")); kindOf(err) != NotExist {
		t.Errorf("it got out: %v", err)
	}
}

// CVE-2026-62685, names that collide once they are normalised.
func TestAttackLookAlikeProject(t *testing.T) {
	x := newSharing(t)
	for _, name := range []string{"Maps", "MAPS", "mаps", "maps ", "maps\u200b", ".maps", "maps/../x", "people"} {
		if err := x.eve.CreateProject(t.Context(), NewProject{Name: name}); kindOf(err) != Exist && kindOf(err) != InvalidArgument {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Recursive delete of a tree of which a part belongs to somebody else: nothing is deleted.
func TestAttackDeleteOthersWork(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/d/f", nil)
	must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o777))
	ann, ben := fs.as(t, "ann", "people"), fs.as(t, "ben", "people")
	ann.put(t, "/d/mine/f", []byte("x"))
	must(t, ann.SetPermission(t.Context(), path(t, "/d/mine"), 0o777))
	ben.put(t, "/d/mine/his/f", []byte("x"))
	must(t, ben.SetPermission(t.Context(), path(t, "/d/mine/his"), 0o755))
	if _, err := ann.Delete(t.Context(), path(t, "/d/mine"), true); kindOf(err) != AccessControl {
		t.Errorf("deleted: %v", err)
	}
	ben.get(t, "/d/mine/his/f")
	ann.get(t, "/d/mine/f")
}

// Superuser: a limited token of a superuser has none of the privileges.
func TestAttackLimitedSuperuser(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/d/f", nil)
	fs.as(t, "olga", "people")
	must(t, fs.makeProject(t.Context(), "p", "olga"))
	p, err := fs.ProjectID(t.Context(), "p")
	must(t, err)
	for _, scope := range []auth.Scope{{Project: p}, {Verbs: auth.Read}} {
		s := fs.limited(t, superuser, scope)
		for name, err := range map[string]error{
			"raw":       s.SetPermission(t.Context(), path(t, "/.reserved/raw/d/f"), 0o777),
			"snapshots": s.AllowSnapshots(t.Context(), path(t, "/d")),
			"policies":  s.DisableErasurePolicy("RS-6-3-1024k"), // which is for superusers only
			"project":   s.CreateProject(t.Context(), NewProject{Name: "q"}),
			"outside":   s.SetOwner(t.Context(), path(t, "/d/f"), "eve", ""),
		} {
			if kindOf(err) != AccessControl {
				t.Errorf("%+v, %s: %v", scope, name, err)
			}
		}
	}
}

// CVE-2026-28492, -54091, the root of a share is its parent: nothing leads from where a share is shown to what lies beside it.
func TestAttackAboveAShare(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	if _, err := ParsePath(tilesShown + "/../other"); kindOf(err) != InvalidPath {
		t.Errorf("a path upwards: %v", err)
	}
	for name, err := range map[string]error{
		"move out":         x.sam.Move(t.Context(), path(t, tilesShown+"/a"), path(t, "/Projects/maps/deep/a"), MoveOptions{}),
		"move in":          x.sam.Move(t.Context(), path(t, "/Projects/maps/deep/other"), path(t, tilesShown+"/other"), MoveOptions{}),
		"to one's project": x.sam.Move(t.Context(), path(t, tilesShown+"/a"), path(t, "/Projects/vision/a"), MoveOptions{}),
		"replace it":       x.sam.Replace(t.Context(), path(t, "/Projects/vision"), path(t, tilesShown)),
		"its mode":         x.sam.SetPermission(t.Context(), path(t, tilesShown), 0o777),
		"its ACL":          x.bob.ModifyACL(t.Context(), path(t, tilesShown), []perm.Entry{{Type: perm.User, Name: "eve", Perm: perm.All}}),
	} {
		if err == nil {
			t.Errorf("%s: done", name)
		}
	}
}

// CVE-2026-54096, a share for a path that does not exist yet: shares are of inodes, whose ids are never reused.
func TestAttackShareBeforeItExists(t *testing.T) {
	x := newSharing(t)
	for _, id := range []int64{0, -1, 1 << 40, x.tiles.ID + 10_000} {
		if _, err := x.ada.OfferShare(t.Context(), Offer{Dataset: id, ToUser: "eve", Level: Edit}); kindOf(err) != NotExist {
			t.Errorf("offered %d: %v", id, err)
		}
	}
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	must(t, ignore(x.ada.Delete(t.Context(), path(t, tilesOwn), true)))
	x.ada.put(t, tilesOwn+"/a", []byte("another"))
	if got := may(t, x.sam, tilesOwn); got != "---" {
		t.Errorf("what has its name now: %s", got)
	}
}

// CVE-2026-28492: the name under which a share is shown must not lead elsewhere.
func TestAttackMountName(t *testing.T) {
	x := newSharing(t)
	s, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	for _, name := range []string{"..", ".", "a/b", "../x", "/x", "a:b", "\x00", "\xff"} {
		if _, err := x.bob.AcceptShare(t.Context(), s.ID, name); kindOf(err) != InvalidArgument {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// CVE-2026-29188, -35606, another way in that asks for less: CONCAT reads its sources.
func TestAttackReadByConcat(t *testing.T) {
	fs := newFS(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve", "people")
	must(t, ignore(root.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o777})))
	must(t, root.SetPermission(t.Context(), path(t, "/d"), 0o777))
	root.put(t, "/d/secret", []byte("secret"))
	must(t, root.SetPermission(t.Context(), path(t, "/d/secret"), 0o600))
	eve.put(t, "/d/mine", []byte("x"))
	if err := eve.Concat(t.Context(), path(t, "/d/mine"), []Path{path(t, "/d/secret")}); kindOf(err) != AccessControl {
		t.Errorf("joined: %v", err)
	}
	if got := string(eve.get(t, "/d/mine")); got != "x" {
		t.Errorf("eve reads %q", got)
	}

	root.put(t, "/d/open", []byte("x"))
	must(t, root.SetXattr(t.Context(), path(t, "/d/secret"), Xattr{Name: unreadable}, XattrFlags{Create: true}))
	if err := root.Concat(t.Context(), path(t, "/d/open"), []Path{path(t, "/d/secret")}); kindOf(err) != AccessControl {
		t.Errorf("joined by the superuser: %v", err)
	}
}

// SeaweedFS CVE-2026-54917, from one bucket into another: nothing moves between projects.
func TestAttackAcrossProjects(t *testing.T) {
	x := newSharing(t)
	root := x.as(t, superuser)
	x.bob.put(t, "/Projects/vision/f", []byte("x"))
	for name, err := range map[string]error{
		"rename":   ignore(root.Rename(t.Context(), path(t, tilesOwn+"/a"), path(t, "/Projects/vision/a"))),
		"move":     root.Move(t.Context(), path(t, tilesOwn+"/a"), path(t, "/tmp/a"), MoveOptions{}),
		"concat":   root.Concat(t.Context(), path(t, "/Projects/vision/f"), []Path{path(t, tilesOwn+"/a")}),
		"replace":  root.Replace(t.Context(), path(t, tilesOwn+"/a"), path(t, "/Projects/vision/f")),
		"by inode": ignore(root.Rename(t.Context(), inodePath(x.tiles.ID).Join("a"), path(t, "/Projects/vision/a"))),
	} {
		if name != "by inode" && err == nil {
			t.Errorf("%s: done", name)
		}
	}
	x.ada.get(t, tilesOwn+"/a")
}

// pgx CVE-2024-27304: names are never SQL.
func TestAttackSQLInNames(t *testing.T) {
	x := newSharing(t)
	for _, name := range []string{`'; DROP TABLE inodes; --`, `" OR "1"="1`, `$1`, `%`, `_`, `\`, `{"a"}`, `{a,b}`, `NULL`} {
		full := "/Projects/vision/" + name
		x.bob.put(t, full, []byte(name))
		if got := string(x.bob.get(t, full)); got != name {
			t.Errorf("%q holds %q", name, got)
		}
		if done, err := x.bob.Rename(t.Context(), path(t, full), path(t, full+"2")); !done || err != nil {
			t.Errorf("%q: %v, %v", name, done, err)
		}
		if found, err := x.eve.Discover(t.Context(), name, Found{Project: name}, 10); err != nil || len(found) > 0 {
			t.Errorf("%q finds %+v, %v", name, found, err)
		}
	}
	x.clean(t)
}

// MinIO CVE-2025-62506, limits that another kind of request ignores: a scope with a directory but no project still limits.
func TestAttackHalfAScope(t *testing.T) {
	x := newSharing(t)
	limited := x.limited(t, "ada", auth.Scope{Root: x.tiles.ID})
	if _, err := limited.Stat(t.Context(), path(t, "/Projects/maps/deep/other")); kindOf(err) != AccessControl {
		t.Errorf("beside its directory: %v", err)
	}
	if _, err := limited.Members(t.Context(), "maps", "", 10); kindOf(err) != AccessControl {
		t.Errorf("its project's members: %v", err)
	}
}

// An operation id does not give access to another user's answer (§5, unknown outcomes).
func TestAttackAnothersOperation(t *testing.T) {
	x := newSharing(t)
	ctx := WithOperation(t.Context(), uuid.New())
	must(t, ignore(x.ada.Mkdirs(ctx, path(t, "/Projects/maps/new"), MkdirOptions{Mode: 0o700})))
	if _, err := x.eve.Mkdirs(ctx, path(t, "/Projects/maps/new"), MkdirOptions{Mode: 0o700}); kindOf(err) != IO {
		t.Errorf("eve gets ada's answer: %v", err)
	}
}

// Former owners keep nothing: an owner who left cannot restore the project.
func TestAttackRestoreByWhoLeft(t *testing.T) {
	x := newSharing(t, func(c *Config) { c.Trash = 1 << 40 })
	must(t, x.bob.SetMember(t.Context(), "vision", "sam", Owner))
	must(t, x.sam.RemoveMember(t.Context(), "vision", "bob"))
	must(t, x.sam.DeleteProject(t.Context(), "vision"))
	if err := x.bob.RestoreProject(t.Context(), "vision"); kindOf(err) != NotExist {
		t.Errorf("restored: %v", err)
	}
	must(t, x.sam.RestoreProject(t.Context(), "vision"))
}
