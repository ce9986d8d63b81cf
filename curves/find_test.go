package curves

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"granary/namespace"
)

func TestFindingRuns(t *testing.T) {
	d := newDesk(t)
	d.put("top/deep/deeper/events.out.tfevents.1", losses(1, 1))
	d.put("top/events.out.tfevents.1", losses(1, 1))
	d.put("events.out.tfevents.1", losses(1, 1))
	d.put("other/readme.md", []byte("tfevents"))
	var names []string
	for _, r := range d.list("ada").Runs {
		names = append(names, r.Name)
	}
	if want := []string{".", "top", "top/deep/deeper"}; !slices.Equal(names, want) {
		t.Errorf("the runs are %q", names)
	}
	for dir, want := range map[string]bool{"/runs": true, "/runs/top/deep": true, "/runs/other": false} {
		if has, partial, err := HasRuns(t.Context(), d.as("ada"), path(dir)); has != want || partial || err != nil {
			t.Errorf("%s has runs: %t, %t, %v", dir, has, partial, err)
		}
	}
	for dir, want := range map[string]namespace.Kind{"/nothing": namespace.NotExist, "/runs/other/readme.md": namespace.NotDirectory} {
		if _, err := d.Runs(t.Context(), d.as("ada"), path(dir)); err == nil || namespace.KindOf(err) != want {
			t.Errorf("%s: %v", dir, err)
		}
	}
	for _, name := range []string{"..", "a/../..", "./a"} {
		if _, _, err := d.Scalars(t.Context(), d.as("ada"), path("/runs/top"), []string{name}, "loss", 10); namespace.KindOf(err) != namespace.InvalidPath {
			t.Errorf("run %q: %v", name, err)
		}
	}
	for _, name := range []string{"top/deep/deeper", "top/deep/deeper/", "top//deep/deeper"} {
		if all, _, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{name}, "loss", 10); err != nil || len(all) != 1 || all[0].Run != "top/deep/deeper" {
			t.Errorf("run %q: %+v, %v", name, all, err)
		}
	}
	if all, _, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{"top", "gone", "."}, "loss", 10); err != nil || len(all) != 2 {
		t.Errorf("%d series of two runs and one that is gone, %v", len(all), err)
	}
}

// A search ends, however much there is.
func TestFindingIsBounded(t *testing.T) {
	d := newDesk(t)
	for i := range 3 {
		d.put(fmt.Sprintf("%d/tfevents", i), losses(1, 1))
	}
	if found, err := find(t.Context(), d.as("ada"), runs, 2); err != nil || len(found.runs) != 2 || !found.partial {
		t.Errorf("of three runs two are wanted: %+v, %v", found, err)
	}
	f := &finding{ask: d.as("ada")}
	f.looked.Store(findEntries - 2)
	if found := f.list(t.Context(), runs); len(found.dirs) != 2 || !found.cut || found.err != nil {
		t.Errorf("with two entries left to look at: %+v", found)
	}
	d.put(strings.Repeat("deep/", findDepth)+"tfevents", losses(1, 1))
	if found := d.list("ada"); len(found.Runs) != 3 || !found.Partial {
		t.Errorf("beyond the depth: %+v", found)
	}
}
