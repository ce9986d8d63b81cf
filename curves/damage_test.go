package curves

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"granary/blocks/blockstest"
	"granary/namespace"
)

// What is damaged is shown up to there, and said.
func TestDamagedFiles(t *testing.T) {
	d := newDesk(t)
	d.put("a/events.out.tfevents.1", losses(1, 3), []byte("this is no record of any length at all"), losses(4, 5))
	d.put("b/tfevents.html", []byte("<!doctype html><script>alert(1)</script>"))
	found := d.list("ada")
	if len(found.Runs) != 2 || found.Partial {
		t.Fatalf("found %+v", found)
	}
	for i, want := range []string{"events.out.tfevents.1: It cannot be read to its end: the record at byte", "or is no event file"} {
		if r := found.Runs[i]; len(r.Faults) != 1 || !strings.Contains(r.Faults[0], want) || r.Partial {
			t.Errorf("of run %d is said %+v", i, r)
		}
	}
	if got := d.steps("ada", "loss"); len(got) != 3 {
		t.Errorf("the steps are %v", got)
	}
	d.extend("a/events.out.tfevents.1", losses(6, 9))
	if got := d.steps("ada", "loss"); len(got) != 3 {
		t.Errorf("behind the damage the steps are %v", got)
	}
}

// Of a file of which a block is gone or damaged is shown what comes before, the reason is said, and each question tries again.
func TestBlocksThatAreGone(t *testing.T) {
	d := newDesk(t)
	const many = 30_000 // more than is kept in the database, or packed
	d.put(file, losses(1, many))
	d.put("b/events.out.tfevents.1", losses(1, 3))
	first := map[string]bool{}
	for block, err := range d.store.List(t.Context()) {
		must(t, err)
		first[block.ID.String()] = true
	}
	d.extend(file, losses(many+1, 2*many))
	lost := 0
	back := func() error { return nil }
	for block, err := range d.store.List(t.Context()) {
		if must(t, err); first[block.ID.String()] {
			continue
		}
		r, err := d.store.Open(t.Context(), block.ID, 0, block.Size)
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		must(t, d.store.Delete(t.Context(), block.ID))
		lost++
		back = func() error { return d.store.Put(t.Context(), block.ID, bytes.NewReader(content), block.Size) }
	}
	if len(first) == 0 || lost != 1 {
		t.Fatalf("%d blocks, and then %d", len(first), lost)
	}
	var state string
	for range 2 {
		found := d.list("ada")
		if len(found.Runs) != 2 || found.Partial || found.Runs[0].LastStep < many-100 || found.Runs[1].LastStep != 3 {
			t.Fatalf("found %+v", found)
		}
		if faults := found.Runs[0].Faults; len(faults) != 1 || !strings.Contains(faults[0], "damaged or gone") {
			t.Errorf("is said %q", faults)
		}
		state = found.Runs[0].State
		all, partial, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{"a"}, "loss", DefaultPoints)
		if err != nil || partial || len(all) != 1 || all[0].Count < many-100 {
			t.Errorf("%d series, partial %t, %v", len(all), partial, err)
		}
	}
	if table, err := d.export(d.as("ada")); table != "" || namespace.KindOf(err) != namespace.IO || !strings.Contains(err.Error(), "Of /runs/"+file+" not all can be exported") {
		t.Errorf("%d bytes are exported, %v", len(table), err)
	}
	must(t, back())
	if r := d.list("ada").Runs[0]; r.LastStep != 2*many || len(r.Faults) != 0 || r.State == state {
		t.Errorf("with the block in its place the run is %+v", r)
	}
}

// What reading fails with is not taken for the end of what was asked for.
func TestReadingFails(t *testing.T) {
	failure, content := errors.New("torn"), losses(1, 3)
	f := newFile(1)
	err := f.read(t.Context(), io.MultiReader(bytes.NewReader(content), iotest.ErrReader(failure)), 1000, 2000, New(0).work())
	if !errors.Is(err, failure) || f.offset != int64(len(content)) {
		t.Errorf("up to %d is read, %v", f.offset, err)
	}
	err = f.read(t.Context(), bytes.NewReader(content[:20]), 1000, 2000, New(0).work())
	if err != nil || !f.lacks(2000, outline) {
		t.Errorf("of a part only: %v", err)
	}
}

// A file that is cut or deleted while it is read is looked at again.
func TestReadingFailsSinceTheFileWasChanged(t *testing.T) {
	var change func() error
	d := newDesk(t, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
		if change == nil {
			return nil
		}
		now := change
		change = nil
		if err := now(); err != nil {
			return err
		}
		return errors.New("what was there is gone")
	}))
	d.put(file, losses(1, 30_000))
	ada := d.as("ada")()
	change = func() error {
		_, err := ada.Truncate(t.Context(), path("/runs/"+file), int64(len(losses(1, 3))))
		return err
	}
	if got := d.steps("ada", "loss"); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("of a file that was cut the steps are %v", got)
	}
	d.put(file, losses(1, 30_000))
	change = func() error {
		_, err := ada.Delete(t.Context(), path("/runs/"+file), false)
		return err
	}
	if found := d.list("ada"); len(found.Runs) != 1 || found.Runs[0].Scalars != 0 || len(found.Runs[0].Faults) != 0 {
		t.Errorf("of a file that was deleted: %+v", found)
	}
}

// A panic in a question, of a mistake in what reads files that anybody has written, ends that question: no server, and no other question about the file.
func TestAPanicEndsOneQuestion(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	asked := 0
	for panics := range 4 { // at the first session that is made, the second and so on
		asked = 0
		_, err := d.Runs(t.Context(), func() *namespace.Session {
			if asked++; asked > panics {
				panic("a mistake")
			}
			return d.as("ada")()
		}, runs)
		if (err != nil) != (asked > panics) || err != nil && strings.Contains(err.Error(), "a mistake") {
			t.Errorf("with the session %d: %v", asked, err)
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = d.look(t.Context(), d.as("ada")(), path("/runs/"+file), points, d.work(), func(f *eventFile, _ namespace.Status) {
			f.series["loss"].kept[0].Value = 77 // is done by half
			panic("a mistake")
		})
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	all, _, err := d.Scalars(ctx, d.as("ada"), runs, nil, "loss", DefaultPoints)
	if err != nil || len(all) != 1 || len(all[0].Points) != 3 || all[0].Points[0].Value == 77 {
		t.Errorf("the next question is answered with %+v, %v", all, err)
	}
}
