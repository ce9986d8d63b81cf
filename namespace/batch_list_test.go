package namespace

import (
	"slices"
	"testing"
)

// TestASearchForFilesLeavesOutTheTrash: what a member of a project deletes neither comes with the data nor keeps the others from it.
func TestASearchForFilesLeavesOutTheTrash(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "staff"), fs.as(t, "bob", "staff")
	must(t, fs.makeProject(t.Context(), "maps", "ada"))
	must(t, fs.setMember(t.Context(), "maps", "bob", Scientist))
	const top, gone = "/Projects/maps", "/Projects/maps/.Trash/ada/Current/Projects/maps"
	ada.put(t, top+"/kept", nil)
	ada.put(t, top+"/d/.Trash/kept", nil) // only looks like a trash
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, top+"/.Trash/ada"), MkdirOptions{Mode: 0o700})))
	ada.put(t, gone+"/deleted", nil)
	status, err := ada.Stat(t.Context(), path(t, top))
	must(t, err)
	for _, c := range []struct {
		who  *Session
		dir  string
		want []string
	}{
		{bob, top, []string{top + "/d/.Trash/kept", top + "/kept"}},
		{ada, top, []string{top + "/d/.Trash/kept", top + "/kept"}},
		{ada, inodePath(status.ID).String(), []string{inodePath(status.ID).String() + "/d/.Trash/kept", inodePath(status.ID).String() + "/kept"}},
		{ada, top + "/.Trash", []string{gone + "/deleted"}},
		{ada, gone, []string{gone + "/deleted"}},
	} {
		files, err := c.who.Files(t.Context(), path(t, c.dir), FilesQuery{Below: true, Most: 100})
		var names []string
		for _, file := range files {
			names = append(names, file.String())
		}
		if err != nil || !slices.Equal(names, c.want) {
			t.Errorf("below %s: %q, %v", c.dir, names, err)
		}
	}
	if _, err := bob.Files(t.Context(), path(t, top+"/.Trash"), FilesQuery{Below: true, Most: 100}); kindOf(err) != AccessControl {
		t.Errorf("another member looks into it: %v", err)
	}
}
