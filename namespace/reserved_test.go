package namespace

import (
	"errors"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"testing"

	"granary/auth"
)

func TestReservedPaths(t *testing.T) {
	files := newFS(t)
	root, ada := files.as(t, superuser), files.as(t, "ada", "staff")
	if err := files.makeProject(t.Context(), "vision", "ada"); err != nil {
		t.Fatal(err)
	}
	plain := root.put(t, "/a/b/f", []byte("plain"))
	inside := ada.put(t, "/Projects/vision/d/f", []byte("inside"))
	byID := func(id int64) string { return "/.reserved/.inodes/" + strconv.FormatInt(id, 10) }
	top, err := ada.Stat(t.Context(), path(t, "/Projects/vision"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"/.reserved/raw/a/b/f": "plain", byID(plain.ID): "plain", byID(RootID) + "/a/b/f": "plain",
		byID(inside.ID): "inside", byID(top.ID) + "/d/f": "inside",
	} {
		if got := string(ada.get(t, name)); got != want {
			t.Errorf("%s holds %q; want %q", name, got, want)
		}
	}
	for _, name := range []string{"/", "/.reserved/raw", byID(RootID)} { // HDFS's limit of names on the root, which is one whatever its path
		usage, err := root.QuotaUsage(t.Context(), path(t, name))
		if err != nil || usage.NamesQuota != math.MaxInt64 {
			t.Errorf("limit of names at %s: %d, %v", name, usage.NamesQuota, err)
		}
		sum, err := root.Summary(t.Context(), path(t, name))
		if err != nil || sum.Quota != math.MaxInt64 {
			t.Errorf("limit of names in the summary of %s: %d, %v", name, sum.Quota, err)
		}
	}
	bob := files.as(t, "bob", "staff")
	for _, name := range []string{byID(inside.ID), "/.reserved/raw/Projects/vision/d/f"} {
		if _, err := bob.Stat(t.Context(), path(t, name)); !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "vision") && !strings.Contains(name, "vision") {
			t.Errorf("bob looks at %s: %v; want that it does not exist, and no path", name, err)
		}
	}
	if _, err := root.Delete(t.Context(), path(t, "/a"), true); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{byID(plain.ID), byID(1), "/.reserved/.inodes/x", "/.reserved/.inodes", "/.reserved/x"} {
		if _, err := root.Stat(t.Context(), path(t, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v; want that it does not exist", name, err)
		}
	}
}

// TestRawChanges checks that a superuser can change by raw paths what the plain ones name, and that nobody else can.
func TestRawChanges(t *testing.T) {
	const raw = "/.reserved/raw"
	files := newFS(t)
	root, ada := files.as(t, superuser), files.as(t, "ada", "staff")
	if err := files.makeProject(t.Context(), "vision", "ada"); err != nil {
		t.Fatal(err)
	}
	if _, err := root.Mkdirs(t.Context(), path(t, raw+"/a/b"), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	root.put(t, raw+"/a/b/f", []byte("raw"))
	if got := string(root.get(t, "/a/b/f")); got != "raw" {
		t.Errorf("/a/b/f holds %q", got)
	}
	if err := root.Append(t.Context(), path(t, raw+"/a/b/f"), -1, strings.NewReader("er")); err != nil {
		t.Error(err)
	}
	if _, err := root.Truncate(t.Context(), path(t, raw+"/a/b/f"), 4); err != nil {
		t.Error(err)
	}
	for _, move := range []struct {
		src, dst string
		want     bool
	}{
		{raw + "/a", "/a/b", false}, // below itself
		{"/a", raw + "/a/b", false},
		{raw + "/a/b/f", "/a/b/f", true}, // onto itself
		{raw, "/a", false},               // the root
		{raw + "/a/b/f", "/a", true},
		{"/a/f", raw + "/a/b/f", true},
	} {
		if moved, err := root.Rename(t.Context(), path(t, move.src), path(t, move.dst)); moved != move.want || err != nil {
			t.Errorf("rename of %s to %s: %v, %v; want %v", move.src, move.dst, moved, err, move.want)
		}
	}
	if got := string(root.get(t, "/a/b/f")); got != "rawe" {
		t.Errorf("/a/b/f holds %q", got)
	}
	if err := root.Concat(t.Context(), path(t, "/a/b/f"), []Path{path(t, raw+"/a/b/g")}); err == nil || !strings.Contains(err.Error(), "doesn't support .reserved") {
		t.Errorf("concat by a raw path: %v", err)
	}
	if deleted, err := root.Delete(t.Context(), path(t, raw), true); deleted || err != nil {
		t.Errorf("delete of the root by its raw path: %v, %v", deleted, err)
	}
	if _, err := root.Stat(t.Context(), path(t, "/a/b/f")); err != nil {
		t.Errorf("deleting the root by its raw path took something away: %v", err)
	}
	forbidden := map[string]error{}
	for name, s := range map[string]*Session{"ada": ada, "a limited superuser": files.limited(t, superuser, auth.Scope{Project: 1})} {
		_, forbidden[name+" making a directory"] = s.Mkdirs(t.Context(), path(t, raw+"/a/b/c"), MkdirOptions{Mode: 0o755})
		_, forbidden[name+" deleting"] = s.Delete(t.Context(), path(t, raw+"/a/b/f"), false)
		_, forbidden[name+" moving away"] = s.Rename(t.Context(), path(t, raw+"/a/b/f"), path(t, "/a/b/g"))
		_, forbidden[name+" moving to"] = s.Rename(t.Context(), path(t, "/a/b/f"), path(t, raw+"/a/b/g"))
		_, forbidden[name+" cutting"] = s.Truncate(t.Context(), path(t, raw+"/a/b/f"), 1)
		forbidden[name+" chmod"] = s.SetPermission(t.Context(), path(t, raw+"/Projects/vision"), 0o700)
		forbidden[name+" setting an attribute"] = s.SetXattr(t.Context(), path(t, raw+"/a/b"), Xattr{Name: XattrName{"raw", "x"}}, XattrFlags{Create: true})
	}
	for what, err := range forbidden {
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s by a raw path: %v", what, err)
		}
	}
	if deleted, err := root.Delete(t.Context(), path(t, raw+"/a"), true); !deleted || err != nil {
		t.Errorf("delete by a raw path: %v, %v", deleted, err)
	}
	if _, err := root.Stat(t.Context(), path(t, "/a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("/a after its raw path was deleted: %v", err)
	}
	if deleted, err := root.Delete(t.Context(), path(t, "/.reserved/.inodes/"+strconv.Itoa(RootID)+"/Projects"), true); deleted || err != nil {
		t.Errorf("delete under /.reserved/.inodes: %v, %v; want false", deleted, err)
	}
}

// TestRawXattrs checks that attributes of the namespace raw are seen only by raw paths.
func TestRawXattrs(t *testing.T) {
	files := newFS(t)
	root, bob := files.as(t, superuser), files.as(t, "bob", "staff")
	root.put(t, "/f", nil)
	plain, raw, name := path(t, "/f"), path(t, "/.reserved/raw/f"), XattrName{"raw", "x"}
	set := func(s *Session, at Path) error {
		return s.SetXattr(t.Context(), at, Xattr{Name: name, Value: []byte("v")}, XattrFlags{Create: true})
	}
	if err := set(root, plain); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("set by the plain path: %v", err)
	}
	if err := set(root, raw); err != nil {
		t.Errorf("set by the raw path: %v", err)
	}
	for _, s := range []*Session{root, bob} {
		if all, err := s.Xattrs(t.Context(), raw, nil); err != nil || len(all) != 1 || all[0].Name != name {
			t.Errorf("%s lists by the raw path: %v, %v", s.p.User, all, err)
		}
		if all, err := s.Xattrs(t.Context(), plain, nil); err != nil || len(all) != 0 {
			t.Errorf("%s lists by the plain path: %v, %v", s.p.User, all, err)
		}
		if _, err := s.Xattrs(t.Context(), plain, []XattrName{name}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s asks by the plain path: %v", s.p.User, err)
		}
	}
	if err := root.RemoveXattr(t.Context(), plain, name); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("remove by the plain path: %v", err)
	}
	if err := bob.RemoveXattr(t.Context(), raw, name); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("bob removes by the raw path: %v", err)
	}
	if err := root.RemoveXattr(t.Context(), raw, name); err != nil {
		t.Errorf("remove by the raw path: %v", err)
	}
}
