package curves

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/blocks/blockstest"
	"granary/namespace"
	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// export returns the table of the losses of these runs. It is "" if there is none, as for one that was refused.
func (d *desk) export(ask Asker, names ...string) (table string, err error) {
	d.t.Helper()
	var b bytes.Buffer
	ctx, cancel := context.WithTimeout(d.t.Context(), 10*time.Second)
	defer cancel()
	err = d.Export(ctx, ask, runs, names, "loss", func() io.Writer { return &b })
	if errors.Is(err, context.DeadlineExceeded) {
		d.t.Fatalf("an export has no end")
	}
	return b.String(), err
}

// What would not be all is refused before it begins, in words that say what is in the way.
func TestAnExportIsAllOrRefused(t *testing.T) {
	d := newDesk(t)
	d.put("good/tfevents", losses(1, 3))
	d.put("damaged/events.out.tfevents.1", losses(1, 3), []byte("this is no record of any length at all"), losses(4, 5))
	restarts := slices.Repeat(write.Start(1, 1), fileStarts+1)
	d.put("restarted/events.out.tfevents.1", losses(1, 3), restarts, losses(4, 5))
	for i := range runFiles + 1 {
		d.put(fmt.Sprintf("many/tfevents.%03d", i), losses(1, 1))
	}
	d.put("closed/tfevents", losses(1, 3))
	must(t, d.as("ada")().SetPermission(t.Context(), path("/runs/closed/tfevents"), 0o600))
	for run, want := range map[string]struct {
		kind  namespace.Kind
		words string
	}{
		"damaged":   {namespace.IO, "Of /runs/damaged/events.out.tfevents.1 not all can be exported. It cannot be read to its end: the record at byte 126"},
		"restarted": {namespace.IO, "Of /runs/restarted/events.out.tfevents.1 not all can be exported. It says that it starts again more than 1000 times"},
		"many":      {namespace.IO, "The run many has more than 256 event files"},
		"closed":    {namespace.AccessControl, "Permission denied"},
	} {
		for _, names := range [][]string{{run}, {"good", run}} {
			table, err := d.export(d.as("bob"), names...)
			var e *namespace.Error
			if table != "" || !errors.As(err, &e) || e.Kind != want.kind || !strings.Contains(e.Msg, want.words) {
				t.Errorf("%q: %q, %v; want %q", names, table, err, want.words)
			}
		}
	}
	if table, err := d.export(d.as("bob"), "good", "gone"); strings.Count(table, "\n") != 4 || err != nil {
		t.Errorf("of what is good: %q, %v", table, err)
	}
	must(t, d.Export(t.Context(), d.as("bob"), runs, []string{"good"}, "loss", func() io.Writer { return nil })) // who asks only whether there is one
	for _, gone := range []string{"damaged", "restarted", "many"} {
		_, err := d.as("ada")().Delete(t.Context(), path("/runs/"+gone), true)
		must(t, err)
	}
	must(t, d.as("ada")().SetPermission(t.Context(), path("/runs/closed"), 0o700))
	if table, err := d.export(d.as("bob")); table != "" || namespace.KindOf(err) != namespace.AccessControl || !strings.Contains(err.Error(), "below /runs (1 of them)") {
		t.Errorf("with a directory that may not be listed: %q, %v", table, err)
	}
	d.put(strings.Repeat("deep/", findDepth)+"tfevents", losses(1, 1))
	if table, err := d.export(d.as("ada")); table != "" || namespace.KindOf(err) != namespace.IO || !strings.Contains(err.Error(), "Not all of /runs is looked at") {
		t.Errorf("beyond what is looked at: %q, %v", table, err)
	}
	if err := refuse(&finding{partial: true}, runs, true); err == nil || !strings.Contains(err.Error(), "Name fewer runs") {
		t.Errorf("of directories that are not looked at to their ends: %v", err)
	}
}

// What an export has to know of all its files until its end is bounded.
func TestTheRestartsOfAnExportAreBounded(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3), write.Start(1, 2), write.Start(1, 3))
	found, err := find(t.Context(), d.as("ada"), runs, MaxRuns)
	must(t, err)
	for room, refused := range map[int]bool{2: false, 1: true} {
		e := &export{shelf: d.Shelf, ask: d.as("ada"), starts: exportStarts - room}
		if _, err := e.tapes(t.Context(), &found.runs[0]); (err != nil) != refused || refused && namespace.KindOf(err) != namespace.IO {
			t.Errorf("with room for %d more: %v", room, err)
		}
	}
}

// What is deleted after it was found is passed over, as everywhere.
func TestAnExportOfFilesThatGo(t *testing.T) {
	d := newDesk(t)
	d.put("a/tfevents.1", losses(1, 3))
	d.put("a/tfevents.2", losses(4, 5))
	ada, asked := d.as("ada"), 0
	table, err := d.export(func() *namespace.Session {
		if asked++; asked == 2 { // the first one lists the directory
			_, err := ada().Delete(t.Context(), path("/runs/a/tfevents.1"), false)
			must(t, err)
		}
		return ada()
	}, "a")
	if err != nil || table != "run,step,wall_time,value\na,4,1004,4\na,5,1005,5\n" {
		t.Errorf("%q, %v", table, err)
	}
}

// What fails when the table has begun is an error, so that what came of it is not taken for all.
func TestAnExportThatBreaksOff(t *testing.T) {
	var torn error
	d := newDesk(t, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error { return torn }))
	d.put(file, losses(1, 30_000))
	ada := d.as("ada")
	for name, c := range map[string]struct {
		happens func() error
		want    error
	}{
		"a connection ends": {func() error { torn = fmt.Errorf("closed: %w", io.EOF); return nil }, io.EOF},
		"the file is cut":   {func() error { _, err := ada().Truncate(t.Context(), path("/runs/"+file), 1_000_000); return err }, errChanged},
		"the file goes":     {func() error { _, err := ada().Delete(t.Context(), path("/runs/"+file), false); return err }, fs.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			torn = nil
			d.put(file, losses(1, 30_000))
			var b bytes.Buffer
			err := d.Export(t.Context(), ada, runs, nil, "loss", func() io.Writer {
				must(t, c.happens())
				return &b
			})
			if !errors.Is(err, c.want) || strings.Count(b.String(), "\n") > 30_000 {
				t.Errorf("%d bytes, %v", b.Len(), err)
			}
		})
	}
}

// An export that gets no further ends.
func TestAnExportEnds(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 3))
	var moment time.Time
	d.now = func() time.Time { // no question has time to read
		moment = moment.Add(2 * questionTime)
		return moment
	}
	if table, err := d.export(d.as("ada")); table != "" || namespace.KindOf(err) != namespace.Conflict {
		t.Errorf("%q, %v", table, err)
	}
	d.now = func() time.Time { // there is time for a part
		moment = moment.Add(questionTime / 3)
		return moment
	}
	d.put(file, losses(1, 1000))
	if table, err := d.export(d.as("ada")); strings.Count(table, "\n") != 1001 || err != nil {
		t.Errorf("%d bytes, %v", len(table), err)
	}
}

// table is a client who looks at what goes on with each piece of a table.
type table struct {
	bytes.Buffer
	look func()
}

func (w *table) Write(p []byte) (int, error) {
	w.look()
	return w.Buffer.Write(p)
}

// Whoever takes their time with a table is not among the readers meanwhile, and keeps no record in memory; and nothing is read by who is not
// among them.
func TestAnExportWaitsForItsClientWithEmptyHands(t *testing.T) {
	var d *desk
	begun, outside := false, 0
	d = newDesk(t, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
		if begun && d.reading.Askers("ada") == 0 {
			outside++
		}
		return nil
	}))
	values := slices.Repeat([][]byte{write.Simple("loss", 1)}, 2*playedPoints)
	values = append(values, write.Image("sample", 1, 1, make([]byte, tfevents.MaxRecord-1<<20)))
	d.put(file, write.Event(1, 1, values...), losses(2, 10_000))
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, most, pieces := int64(0), int64(0), 0
	to := &table{look: func() {
		pieces++
		most = max(most, heap())
		if d.reading.Askers("ada") != 0 {
			t.Errorf("the piece %d is written by who has a place among the readers", pieces)
		}
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	must(t, d.Export(ctx, d.as("ada"), runs, nil, "loss", func() io.Writer {
		before, begun = heap(), true
		return to
	}))
	if n := strings.Count(to.String(), "\n"); n != 1+2*playedPoints+9999 || pieces < 2 {
		t.Errorf("%d lines in %d pieces", n, pieces)
	}
	if most-before > 8<<20 {
		t.Errorf("%d bytes are kept for who takes the table", most-before)
	}
	if outside > 0 {
		t.Errorf("%d blocks are opened by who has no place", outside)
	}
}
