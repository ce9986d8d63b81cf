package curves

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
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

// What was deleted is no run of the project's, unless somebody looks into the trash.
func TestTheTrashIsNotLookedInto(t *testing.T) {
	d := newDesk(t)
	s := d.as("ada")()
	must(t, s.CreateProject(t.Context(), namespace.NewProject{Name: "vision", Datasets: []string{"Logs"}}))
	const top, gone = "/Projects/vision", "/Projects/vision/.Trash/ada/Current/Projects/vision/Logs"
	for _, dir := range []string{top + "/Logs/kept", gone + "/deleted", top + "/Logs/.Trash/ada"} {
		_, err := s.Create(t.Context(), path(dir+"/"+"events.out.tfevents.1"), namespace.CreateOptions{CreateParent: true, Mode: 0o644, Size: -1}, bytes.NewReader(losses(1, 1)))
		must(t, err)
	}
	for dir, want := range map[string][]string{top: {"Logs/.Trash/ada", "Logs/kept"}, gone: {"deleted"}, top + "/.Trash": {"ada/Current/Projects/vision/Logs/deleted"}} {
		found, err := d.Runs(t.Context(), d.as("ada"), path(dir))
		must(t, err)
		var names []string
		for _, r := range found.Runs {
			names = append(names, r.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("below %s there are the runs %q, want %q", dir, names, want)
		}
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
	f.looked.Store(findEntries - 3)
	if found := f.list(t.Context(), runs); len(found.dirs) != 2 || !found.cut || found.err != nil {
		t.Errorf("with two entries left to look at: %+v", found)
	}
	if found := f.list(t.Context(), runs); len(found.dirs) != 0 || !found.cut || found.err != nil {
		t.Errorf("with nothing left to look at: %+v", found)
	}
	d.put(strings.Repeat("deep/", findDepth)+"tfevents", losses(1, 1))
	if found := d.list("ada"); len(found.Runs) != 3 || !found.Partial {
		t.Errorf("beyond the depth: %+v", found)
	}
}

// What is found, or cut off, lists no more directories than it takes. Each is listed in a session of its own.
func TestFindingListsNoMore(t *testing.T) {
	d := newDesk(t)
	const many = 40
	for i := range many {
		d.put(fmt.Sprintf("%02d/tfevents", i), losses(1, 1))
		d.put(fmt.Sprintf("%02d/next/tfevents", i), losses(1, 1))
		_, err := d.as("ada")().Mkdirs(t.Context(), path(fmt.Sprintf("/runs/none/%02d/empty", i)), namespace.MkdirOptions{Mode: 0o755})
		must(t, err)
	}
	ada := d.as("ada")
	search := func(f *finding, dir string) (listed int64) {
		t.Helper()
		var sessions atomic.Int64
		f.ask = func() *namespace.Session { sessions.Add(1); return ada() }
		must(t, f.search(t.Context(), path(dir)))
		return sessions.Load()
	}
	names := func(f *finding) (names []string) {
		for _, run := range f.runs {
			names = append(names, run.name)
		}
		return names
	}
	f := &finding{limit: MaxRuns}
	f.looked.Store(findEntries - (1 + many + 1) - 3*4) // the top and what is in it, and then three directories with three entries, or two
	if n := search(f, "/runs"); n > 1+2*abreast || len(f.runs) == 0 || !f.partial {
		t.Errorf("%d directories are listed when there is little left to look at, partial %t", n, f.partial)
	}
	f = &finding{limit: MaxRuns}
	f.looked.Store(findEntries - (1 + many + 10)) // directories that have nothing count, too
	if n := search(f, "/runs/none"); n > 1+10 || !f.partial {
		t.Errorf("%d directories are listed of which ten may be, partial %t", n, f.partial)
	}
	f = &finding{limit: 1}
	if n := search(f, "/runs"); n > 1+abreast+1 || !slices.Equal(names(f), []string{"00"}) {
		t.Errorf("to find a run, %d directories are listed: %q", n, names(f))
	}
	d.put("00/tfevents.2", losses(1, 1))
	f = &finding{limit: 1}
	if search(f, "/runs/00"); f.looked.Load() != 1+2 { // the directory, next, and the first file
		t.Errorf("to find a file, %d entries and directories are looked at", f.looked.Load())
	}
	for range 5 {
		f = &finding{limit: 20}
		n := search(f, "/runs")
		if got := names(f); n > 1+20+abreast || len(got) != 20 || got[0] != "00" || got[19] != "19" || !f.partial {
			t.Errorf("to find 20 runs, %d directories are listed: %q, partial %t", n, got, f.partial)
		}
	}
	f = &finding{limit: 2 * many}
	if search(f, "/runs"); len(f.runs) != 2*many || f.runs[1].name != "00/next" || !f.partial { // there is a level left
		t.Errorf("all runs are %q", names(f))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&finding{ask: ada, limit: 1}).search(ended, runs); err == nil {
		t.Error("who is gone is answered")
	}
}
