package server

import (
	"fmt"
	"slices"
	"testing"
)

// TestDirectories: the directories in a directory come in pages, without files.
func TestDirectories(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	var members []member
	for i := range 30 {
		members = append(members, file(fmt.Sprintf("f%02d", i), "x"), file(fmt.Sprintf("d%02d/x", i), "x"))
	}
	h.writeBatch("ada", "&path=/user/ada/tree", archive(t, members...))
	var names []string
	for after := ""; ; {
		var page DirectoryPage
		h.ask("ada", "GET", "/directories?path=/user/ada/tree&limit=7&after="+after, "", 200, &page)
		for _, d := range page.Items {
			if names = append(names, d.Name); d.ChildrenNum != 1 || d.Owner != "ada" {
				t.Errorf("%+v", d)
			}
		}
		if after = page.Next; after == "" {
			break
		}
		if len(page.Items) != 7 || after != names[len(names)-1] {
			t.Errorf("%q goes on behind %q", names, after)
		}
	}
	if len(names) != 30 || !slices.IsSorted(names) || names[0] != "d00" {
		t.Errorf("%q", names)
	}
	h.ask("ada", "GET", "/directories?path=/example/hello.txt", "", 409, nil).problem(t, 409, "Is not a directory")
	h.ask("ada", "GET", "/directories?path=/user/ada/no", "", 404, nil)
	for path, mode := range map[string]string{"": "755", "/tree": "711"} { // bob may pass, but not list
		h.do("PUT", "/webhdfs/v1/user/ada"+path+"?op=SETPERMISSION&permission="+mode, "", h.as("ada")).want(t, 200, "")
	}
	h.ask("bob", "GET", "/directories?path=/user/ada/tree", "", 403, nil)
	// To those who see them, shares and projects are directories.
	h.ask("ada", "POST", "/projects", `{"name":"maps","datasets":[]}`, 201, nil)
	var page DirectoryPage
	h.ask("ada", "GET", "/directories?path=/Projects", "", 200, &page)
	if len(page.Items) != 1 || page.Items[0].Name != "maps" {
		t.Errorf("ada sees %+v", page)
	}
	h.ask("bob", "GET", "/directories?path=/Projects", "", 200, &page)
	if len(page.Items) != 0 {
		t.Errorf("bob sees %+v", page)
	}
}

// TestSizes: sizes are those of what is there, the largest first, and it is said if something could not be listed.
func TestSizes(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.writeBatch("ada", "&path=/user/ada/run", archive(t,
		file("a/1", "12345"), file("a/b/2", "12345"), file("a/b/c/3", "1"), file("z/4", "123"), file("long", "1234567"), file("short", "1"), file("zero", "")))
	var s Sizes
	read := func(user, query string) {
		t.Helper()
		h.ask(user, "GET", "/sizes?path=/user/ada/run"+query, "", 200, &s)
	}
	read("ada", "")
	want := []Size{
		{Name: "a", Directory: true, Files: 3, Directories: 2, Length: 11, Space: 33},
		{Name: "long", Files: 1, Length: 7, Space: 21},
		{Name: "z", Directory: true, Files: 1, Length: 3, Space: 9},
		{Name: "short", Files: 1, Length: 1, Space: 3},
		{Name: "zero", Files: 1},
	}
	total := Size{Files: 7, Directories: 4, Length: 22, Space: 66}
	if s.Path != "/user/ada/run" || !slices.Equal(s.Largest, want) || s.Total != total || s.Others != (Size{}) {
		t.Errorf("%+v", s)
	}
	read("ada", "&limit=2")
	if !slices.Equal(s.Largest, want[:2]) || s.Total != total || s.Others != (Size{Files: 3, Directories: 1, Length: 4, Space: 12}) {
		t.Errorf("of two: %+v", s)
	}
	var summary struct {
		ContentSummary struct{ FileCount, Length, DirectoryCount, SpaceConsumed int64 }
	}
	h.ask("ada", "GET", "/fs/get-content-summary?path=/user/ada/run", "", 200, &summary)
	if c := summary.ContentSummary; c.FileCount != total.Files || c.Length != total.Length || c.DirectoryCount != total.Directories+1 || c.SpaceConsumed != total.Space {
		t.Errorf("%+v is not %+v", c, total)
	}
	for path, mode := range map[string]string{"": "755", "/run": "755", "/run/a": "755", "/run/z": "755", "/run/a/b": "700"} {
		h.do("PUT", "/webhdfs/v1/user/ada"+path+"?op=SETPERMISSION&permission="+mode, "", h.as("ada")).want(t, 200, "")
	}
	read("bob", "")
	if a := s.Largest[1]; a != (Size{Name: "a", Directory: true, Files: 1, Directories: 1, Length: 5, Space: 15, Partial: true}) || !s.Total.Partial || s.Total.Length != 16 {
		t.Errorf("bob is told %+v", s)
	}
	h.do("PUT", "/webhdfs/v1/user/ada/run?op=SETPERMISSION&permission=711", "", h.as("ada")).want(t, 200, "")
	h.ask("bob", "GET", "/sizes?path=/user/ada/run", "", 403, nil)
	h.ask("ada", "GET", "/sizes?path=/user/ada/run/long", "", 409, nil).problem(t, 409, "Is not a directory")
}
