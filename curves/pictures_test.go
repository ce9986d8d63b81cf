package curves

import (
	"fmt"
	"slices"
	"testing"

	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// Of more images than are kept every second step is dropped, with all that were written together, so that what is left is evenly spread.
func TestPicturesOfManySteps(t *testing.T) {
	var s pictures
	two := []tfevents.Image{{Data: []byte("first")}, {Data: []byte("second")}}
	kept := 0
	for step := range int64(5000) {
		kept += s.add(&tfevents.Event{Step: step}, two, 1000)
		if kept != len(s.kept) || kept > 1000 {
			t.Fatalf("%d images are kept, and %d were counted", len(s.kept), kept)
		}
	}
	if kept < 400 || s.stride == 0 {
		t.Errorf("%d images are kept, one step of %d", kept, s.stride)
	}
	for i, p := range s.kept {
		if p.Sample != i%2 || p.Step != int64(i/2)*s.stride {
			t.Fatalf("the image %d is sample %d of step %d, where one step of %d is kept", i, p.Sample, p.Step, s.stride)
		}
	}
	if more := s.cut(2500); kept+more != len(s.kept) || len(s.kept) == 0 || s.kept[len(s.kept)-1].Step >= 2500 {
		t.Errorf("after a restart at 2500 %d images are there, %d more than before", len(s.kept), more)
	}
	if more := s.add(&tfevents.Event{Step: 1}, slices.Repeat(two, 20), 10); len(s.kept) > 10 || more >= 0 {
		t.Errorf("%d images are kept where 10 may be", len(s.kept))
	}
}

// A restart takes back the images of its own file and of those before.
func TestARestartTakesBackImages(t *testing.T) {
	d := newDesk(t)
	image := func(steps ...int64) (records []byte) {
		for _, step := range steps {
			records = append(records, write.Event(1, step, write.Image("sample", 1, 1, []byte("\x89PNG\r\n\x1a\n")))...)
		}
		return records
	}
	d.put("a/tfevents.1", image(1, 2, 3, 4, 5), write.Start(1, 5), image(5))
	d.put("a/tfevents.2", write.Start(1, 3), image(3, 4))
	found, err := d.Pictures(t.Context(), d.as("ada"), runs, "a", "sample")
	must(t, err)
	var steps []int64
	for _, p := range found.Pictures {
		steps = append(steps, p.Step)
	}
	if want := []int64{1, 2, 3, 4}; !slices.Equal(steps, want) {
		t.Errorf("images of the steps %v, want %v", steps, want)
	}
	if f := d.entry("a/tfevents.1"); f.spots != 5 {
		t.Errorf("%d images are counted of the first file", f.spots)
	}
}

// The series of one file share what is kept of it: when others come, the longest give way, and none loses its end.
func TestTheSeriesOfAFileShareItsRoom(t *testing.T) {
	f := newFile(1)
	const long, all, begun, steps = 10, 210, 100_000, 102_000
	one := float32(1)
	values := make([]tfevents.Value, all)
	for i := range values {
		values[i] = tfevents.Value{Tag: fmt.Sprint(i), Simple: &one}
	}
	for step := range int64(steps) {
		e := &tfevents.Event{Step: step, Values: values[long:]}
		if step < begun {
			e.Values = values[:long]
		}
		f.add(e, step)
	}
	sum := 0
	for i := range values {
		one := f.series[values[i].Tag]
		sum += one.size()
		got, last := one.points(), int64(steps-1)
		if i < long {
			last = begun - 1
		}
		if got[len(got)-1].Step != last || one.thinned() && i >= long || len(got) < 1000 {
			t.Errorf("the series %d has %d points up to step %d, thinned %t", i, len(got), got[len(got)-1].Step, one.thinned())
		}
	}
	if sum != f.points || sum > filePoints {
		t.Errorf("%d points are kept, and %d counted", sum, f.points)
	}
}
