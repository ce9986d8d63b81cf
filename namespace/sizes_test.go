package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"granary/auth/perm"
)

// TestSizesAreBounded checks that what lies before the bound is counted, and that the rest is reported as missing where it is missing.
func TestSizesAreBounded(t *testing.T) {
	x := newSharing(t)
	root := x.as(t, superuser)
	for i := range 10 {
		root.put(t, fmt.Sprintf("/tmp/m/few/%d", i%3), pattern(10))
		root.put(t, fmt.Sprintf("/tmp/m/many/deep/%d", i), pattern(10))
	}
	top := path(t, "/tmp/m")
	for most, want := range map[int64][]Size{
		1:   {{Name: "few", Dir: true, Partial: true}, {Name: "many", Dir: true, Partial: true}}, // the top is looked at in any case
		2:   {{Name: "few", Dir: true, Partial: true}, {Name: "many", Dir: true, Partial: true}},
		5:   {{Name: "few", Dir: true, Files: 3, Length: 30, Space: 90}, {Name: "many", Dir: true, Partial: true}},
		15:  {{Name: "few", Dir: true, Files: 3, Length: 30, Space: 90}, {Name: "many", Dir: true, Directories: 1, Partial: true}},
		100: {{Name: "many", Dir: true, Directories: 1, Files: 10, Length: 100, Space: 300}, {Name: "few", Dir: true, Files: 3, Length: 30, Space: 90}},
	} {
		got, err := root.sizes(t.Context(), top, 10, most)
		must(t, err)
		if !slices.Equal(got.Largest, want) || got.Total.Partial != (most < 100) {
			t.Errorf("of %d entries: %+v, want %+v", most, got, want)
		}
	}
	// What does not fit does not end the count of what follows it.
	for dir, files := range map[string]int{"a": 3, "b": 20, "c": 3} {
		for i := range files {
			root.put(t, fmt.Sprintf("/tmp/n/%s/%d", dir, i), pattern(10))
		}
	}
	want := []Size{
		{Name: "a", Dir: true, Files: 3, Length: 30, Space: 90},
		{Name: "c", Dir: true, Files: 3, Length: 30, Space: 90},
		{Name: "b", Dir: true, Partial: true},
	}
	if got, err := root.sizes(t.Context(), path(t, "/tmp/n"), 10, 10); err != nil || !slices.Equal(got.Largest, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// TestBelow checks that everything except the trash and what is shared is found once, by its path and name, and that closed directories
// come with the refusal.
func TestBelow(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	below := func(s *Session, top string) (all []string) {
		must(t, s.Below(t.Context(), path(t, top), func(e *BelowEntry) error {
			word := ""
			if e.Refused != nil {
				word = " refused"
			}
			if e.Path.String() != path(t, top).Parent().Join(e.Name).String() {
				t.Errorf("%s is called %s", e.Path, e.Name)
			}
			all = append(all, e.Name+word)
			return nil
		}))
		return all
	}
	x.ada.put(t, "/Projects/maps/.Trash/ada/Current/gone", pattern(1))
	got := below(x.ada, "/Projects/maps/deep")
	if len(got) == 0 || got[0] != "deep" || !slices.Contains(got, "deep/tiles/a") {
		t.Errorf("%q", got)
	}
	x.bob.put(t, "/Projects/vision/.Trash/bob/Current/gone", pattern(1))
	x.bob.put(t, "/Projects/vision/kept", pattern(1))
	vision, err := x.bob.Stat(t.Context(), path(t, "/Projects/vision"))
	must(t, err)
	for _, top := range []string{"/Projects/vision", "/.reserved/raw/Projects/vision", fmt.Sprintf("/.reserved/.inodes/%d", vision.ID)} {
		all := below(x.bob, top)
		if slices.ContainsFunc(all, func(name string) bool { return strings.Contains(name, ".Trash") || strings.Contains(name, "Shared") }) {
			t.Errorf("the trash, or what is shared, is in %q", all)
		}
		if !slices.Contains(all, path(t, top).Name()+"/kept") {
			t.Errorf("below %s: %q", top, all)
		}
	}
	x.ada.put(t, "/Projects/maps/Shared/own", pattern(1)) // a directory like any other, since nothing is shared with maps
	if all := below(x.ada, "/Projects/maps"); !slices.Contains(all, "maps/Shared/own") {
		t.Errorf("the project's own directory Shared is not in %q", all)
	}
	for _, top := range []string{"/", "/Projects", "/.reserved/raw", "/.reserved/raw/Projects", fmt.Sprintf("/.reserved/.inodes/%d", RootID)} {
		wantKind(t, top, x.ada.Below(t.Context(), path(t, top), func(*BelowEntry) error { return nil }), IO, "cannot be read as a whole")
	}
	if all := below(x.ada, "/Projects/maps/.Trash"); !slices.Contains(all, ".Trash/ada/Current/gone") {
		t.Errorf("of the trash: %q", all)
	}
	if all := below(x.bob, "/Projects/vision/Shared/maps.tiles"); !slices.Contains(all, "maps.tiles/a") {
		t.Errorf("by the share: %q", all)
	}
	root := x.as(t, superuser)
	for _, name := range []string{"open/f", "shut/f"} {
		root.put(t, "/tmp/b/"+name, pattern(1))
	}
	for name, mode := range map[string]perm.Mode{"/tmp/b": 0o755, "/tmp/b/open": 0o755, "/tmp/b/open/f": 0o600, "/tmp/b/shut": 0o700} {
		must(t, root.SetPermission(t.Context(), path(t, name), mode))
	}
	if all, want := below(x.ada, "/tmp/b"), []string{"b", "b/open", "b/open/f refused", "b/shut refused"}; !slices.Equal(all, want) {
		t.Errorf("%q, want %q", all, want)
	}
	if err := x.ada.Below(t.Context(), path(t, "/tmp/b/shut"), func(*BelowEntry) error { return nil }); KindOf(err) != AccessControl {
		t.Errorf("a closed top: %v", err)
	}
}
