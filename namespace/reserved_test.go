package namespace

import (
	"errors"
	"io/fs"
	"strconv"
	"testing"
)

func TestReservedPaths(t *testing.T) {
	files := newFS(t)
	root, ada := files.as(t, superuser), files.as(t, "ada", "staff")
	if err := files.CreateProject(t.Context(), "vision", "ada"); err != nil {
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
	bob := files.as(t, "bob", "staff")
	for _, name := range []string{byID(inside.ID), "/.reserved/raw/Projects/vision/d/f"} {
		if _, err := bob.Stat(t.Context(), path(t, name)); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("bob looks at %s: %v; the rights on the way count", name, err)
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
	// What changes something has no second way in.
	if _, err := root.Mkdirs(t.Context(), path(t, "/.reserved/raw/new"), MkdirOptions{Mode: 0o755}); err == nil {
		t.Error("a directory was made under /.reserved/raw")
	}
	if ok, err := root.Delete(t.Context(), path(t, "/.reserved/raw/Projects"), true); ok || err != nil {
		t.Errorf("delete under /.reserved/raw: %v, %v; want false", ok, err)
	}
	if moved, err := root.Rename(t.Context(), path(t, "/.reserved/raw"), path(t, "/tmp/all")); moved || err != nil {
		t.Errorf("rename of /.reserved/raw: %v, %v; want false", moved, err)
	}
}
