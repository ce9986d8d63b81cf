package curves

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"granary/namespace"
	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// readAll reads a file in as many questions as it takes, and returns what is known of it then.
func readAll(t *testing.T, f *eventFile, content []byte) {
	t.Helper()
	size := int64(len(content))
	for range 10 {
		if !f.lacks(size, points) {
			return
		}
		must(t, f.read(t.Context(), bytes.NewReader(content[f.offset:]), size, size, New(0).work()))
	}
	t.Fatalf("%d of %d bytes are read", f.offset, size)
}

// A record that is too long, such as a graph at the beginning of a training, does not hide what comes behind it. Who can know says whether it had values.
func TestLongRecordsArePassedOver(t *testing.T) {
	graph, values := write.Graph(tfevents.MaxRecord), write.Event(1, 1, write.Image("x", 1, 1, make([]byte, tfevents.MaxRecord)))
	f := newFile(1)
	grown := slices.Concat(losses(1, 3), graph[:len(graph)-1])
	readAll(t, f, grown)
	if f.offset != int64(len(losses(1, 3))) || f.points != 3 || f.lacks(int64(len(grown)), points) {
		t.Fatalf("of a record that grows up to %d is read, %d points", f.offset, f.points)
	}
	whole := slices.Concat(grown, graph[len(graph)-1:])
	readAll(t, f, whole)
	readAll(t, f, slices.Concat(whole, losses(4, 5)))
	if f.points != 5 || len(f.faults()) != 0 {
		t.Errorf("%d points, %q", f.points, f.faults())
	}
	readAll(t, f, slices.Concat(whole, losses(4, 5), values, losses(6, 6)))
	if f.points != 6 || len(f.faults()) != 1 || !strings.Contains(f.faults()[0], "1 records are left out: they have more than") {
		t.Errorf("%d points, %q", f.points, f.faults())
	}
}

// They are left out of an export only if they have no values.
func TestAnExportOfLongRecords(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 2), write.Graph(tfevents.MaxRecord), losses(3, 3), write.Graph(tfevents.MaxRecord))
	if table, err := d.export(d.as("ada")); err != nil || table != "run,step,wall_time,value\na,1,1001,1\na,2,1002,2\na,3,1003,3\n" {
		t.Errorf("%q, %v", table, err)
	}
	d.extend(file, write.Event(1, 1, write.Image("x", 1, 1, make([]byte, tfevents.MaxRecord))))
	if table, err := d.export(d.as("ada")); table != "" || namespace.KindOf(err) != namespace.IO || !strings.Contains(err.Error(), "1 records are left out") {
		t.Errorf("%q, %v", table, err)
	}
}
