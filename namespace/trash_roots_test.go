package namespace

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"granary/auth/perm"
)

// TestTrashRootsAreFoundTogether checks that a user's own trash roots are found without reading others', that those of all users are
// looked up many at a time, without those in projects that the caller may not know of, and that only accessible ones are returned.
func TestTrashRootsAreFoundTogether(t *testing.T) {
	const projects, users = 12, 24
	asked := &batches{}
	fs := newFS(t, asked.traced(t), func(c *Config) { c.Trash = time.Hour })
	root := fs.as(t, superuser)
	ada, bob := fs.as(t, "ada", "staff"), fs.as(t, "bob", "staff", "riders")
	var all []string
	mkdir := func(s *Session, name string, mode perm.Mode) {
		t.Helper()
		must(t, ignore(s.Mkdirs(t.Context(), path(t, name), MkdirOptions{Mode: mode})))
	}
	chmod := func(name string, mode perm.Mode) {
		t.Helper()
		must(t, root.SetPermission(t.Context(), path(t, name), mode))
	}
	for i := range users {
		home := "/user/u" + strconv.Itoa(i)
		mkdir(root, home+"/.Trash", 0o755)
		chmod(home, []perm.Mode{0o700, 0o711, 0o770}[i%3])
		all = append(all, home+"/.Trash")
	}
	must(t, root.SetOwner(t.Context(), path(t, "/user/u2"), "", "riders"))
	for i := range projects {
		top := "/Projects/p" + strconv.Itoa(i)
		must(t, fs.makeProject(t.Context(), "p"+strconv.Itoa(i), "ada"))
		mkdir(ada, top+"/.Trash/ada", 0o755)
		all = append(all, top+"/.Trash/ada")
	}
	must(t, fs.setMember(t.Context(), "p1", "bob", Scientist))
	mkdir(bob, "/Projects/p1/.Trash/bob", 0o700)
	mkdir(bob, "/user/bob/.Trash", 0o700)
	all = append(all, "/Projects/p1/.Trash/bob", "/user/bob/.Trash")
	listed := true
	must(t, ada.ChangeProject(t.Context(), "p2", ProjectChange{Listed: &listed}))
	for _, i := range []string{"2", "3", "4"} {
		chmod("/Projects/p"+i+"/.Trash", 0o1777)
	}
	chmod("/Projects/p3", 0o771)
	chmod("/Projects/p4", 0o750)
	must(t, root.SetOwner(t.Context(), path(t, "/Projects/p4"), "", "riders"))
	slices.Sort(all)

	var seen []string
	for _, name := range all {
		if _, err := bob.Stat(t.Context(), path(t, name)); err == nil {
			seen = append(seen, name)
		}
	}
	if len(seen) < 5 || len(seen) > len(all)/2 {
		t.Errorf("bob may see %q: want some and not most", seen)
	}
	for _, tt := range []struct {
		what      string
		s         *Session
		everybody bool
		want      []string
	}{
		{"bob's own", bob, false, []string{"/Projects/p1/.Trash/bob", "/user/bob/.Trash"}},
		{"what bob may see", bob, true, seen},
		{"everybody's", root, true, all},
		{"the superuser's own", root, false, nil},
	} {
		var got []string
		most := 0 // most runs of one statement: background work runs others
		for _, n := range asked.of(func() {
			roots, err := tt.s.TrashRoots(t.Context(), tt.everybody)
			must(t, err)
			for _, r := range roots {
				got = append(got, r.Path.String())
				if !r.Status.Dir || r.Status.Owner == "" {
					t.Errorf("%s: %+v", tt.what, r)
				}
			}
		}) {
			most = max(most, n)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q; want %q", tt.what, got, tt.want)
		}
		if most > 4 {
			t.Errorf("%s: a statement %d times for %d of %d trash roots", tt.what, most, len(got), len(all))
		}
	}
	if looked, err := bob.trashRoots(t.Context(), true); err != nil || len(looked) > len(all)-projects/2 || !slices.IsSortedFunc(looked, func(a, b Path) int { return strings.Compare(a.text, b.text) }) {
		t.Errorf("%d of %d trash roots are looked at for bob, %v; want none of projects that bob may not know of", len(looked), len(all), err)
	}
}
