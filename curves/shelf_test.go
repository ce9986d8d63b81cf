package curves

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"granary/namespace"
	"granary/tfevents"
	write "granary/tfevents/tfeventstest"
)

// What was appended is read, and nothing again: a change of what was read before, which nobody can make, would not be seen.
func TestAFileIsReadOnce(t *testing.T) {
	d := newDesk(t)
	d.put(file, write.Version(), losses(1, 10))
	if got := d.steps("ada", "loss"); len(got) != 10 {
		t.Fatalf("the steps are %v", got)
	}
	kept := d.entry(file)
	before := kept.offset
	half := losses(11, 11)
	d.extend(file, half[:7])
	if got := d.steps("ada", "loss"); len(got) != 10 || kept.offset != before {
		t.Errorf("with a part of a record the steps are %v", got)
	}
	kept.series["loss"].kept[0].Value = 77 // a mark
	d.extend(file, half[7:], losses(12, 12))
	all, _, err := d.Scalars(t.Context(), d.as("ada"), runs, nil, "loss", DefaultPoints)
	must(t, err)
	if got := all[0].Points; len(got) != 12 || got[0].Value != 77 || got[11].Value != 12 || all[0].Count != 12 {
		t.Errorf("the points are %+v", got)
	}
}

// entry is what is kept of a file.
func (d *desk) entry(name string) *eventFile {
	d.t.Helper()
	status, err := d.as("root")().Stat(d.t.Context(), path("/runs/"+name))
	must(d.t, err)
	return d.of(status.ID)
}

func TestAFileThatIsCutIsReadAnew(t *testing.T) {
	d := newDesk(t)
	first := losses(1, 5)
	d.put(file, first, losses(6, 9))
	d.steps("ada", "loss")
	_, err := d.as("ada")().Truncate(t.Context(), path("/runs/"+file), int64(len(first)))
	must(t, err)
	d.extend(file, losses(20, 23))
	if got := d.steps("ada", "loss"); !slices.Equal(got, []int64{1, 2, 3, 4, 5, 20, 21, 22, 23}) {
		t.Errorf("the steps are %v", got)
	}
}

// What is kept is everybody's, and given to nobody who may not read the file now.
func TestWhatIsKeptIsGivenToNobodyElse(t *testing.T) {
	d := newDesk(t)
	png := []byte("\x89PNG\r\n\x1a\n and so on")
	d.put(file, losses(1, 3), write.Event(1, 1, write.Image("sample", 1, 1, png)))
	see := func(user string) (sees int) {
		all, _, err := d.Scalars(t.Context(), d.as(user), runs, []string{"a"}, "loss", 10)
		if err == nil && len(all) > 0 {
			sees++
		}
		found, err := d.Runs(t.Context(), d.as(user), runs)
		if err == nil && slices.ContainsFunc(found.Runs, func(r Run) bool { return r.Scalars > 0 || r.Images > 0 || r.LastStep > 0 || r.Size > 0 }) {
			sees++
		}
		tags, err := d.Tags(t.Context(), d.as(user), runs)
		if err == nil && len(tags.Scalars)+len(tags.Images) > 0 {
			sees++
		}
		pictures, err := d.Pictures(t.Context(), d.as(user), runs, "a", "sample")
		if err == nil && len(pictures.Pictures) > 0 {
			sees++
		}
		if err := d.Picture(t.Context(), d.as(user), runs, "a", "sample", 1, 0, func(Picture, io.Reader) error { return nil }); err == nil {
			sees++
		}
		var b bytes.Buffer
		if err := d.Export(t.Context(), d.as(user), runs, nil, "loss", func() io.Writer { return &b }); err == nil && strings.Count(b.String(), "\n") > 1 {
			sees++
		}
		return sees
	}
	ada := d.as("ada")()
	if ada, bob := see("ada"), see("bob"); ada != 6 || bob != 6 {
		t.Fatalf("ada sees %d and bob %d of 6", ada, bob)
	}
	must(t, ada.SetPermission(t.Context(), path("/runs/"+file), 0o600))
	if got := see("bob"); got != 0 {
		t.Errorf("who may not read the file sees %d", got)
	}
	if found := d.list("bob"); len(found.Runs) != 1 || len(found.Runs[0].Faults) != 1 || !strings.Contains(found.Runs[0].Faults[0], "You may not read it") {
		t.Errorf("and is told %+v", found)
	}
	must(t, ada.SetPermission(t.Context(), path("/runs/"+file), 0o644))
	must(t, ada.SetPermission(t.Context(), path("/runs/a"), 0o700))
	if got := see("bob"); got != 0 {
		t.Errorf("who may not enter the directory sees %d", got)
	}
	if found := d.list("bob"); found.Refused != 1 {
		t.Errorf("and is told %+v", found)
	}
	if got := see("ada"); got != 6 {
		t.Errorf("ada sees %d", got)
	}
}

func TestARestartTakesBack(t *testing.T) {
	d := newDesk(t)
	d.put("a/events.out.tfevents.1", losses(1, 10), write.Start(1, 8), losses(8, 9))
	d.put("a/events.out.tfevents.2", write.Start(1, 5), losses(5, 6))
	want := []int64{1, 2, 3, 4, 5, 6}
	if got := d.steps("ada", "loss"); !slices.Equal(got, want) {
		t.Errorf("the steps are %v", got)
	}
	var b bytes.Buffer
	must(t, d.Export(t.Context(), d.as("ada"), runs, nil, "loss", func() io.Writer { return &b }))
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 7 || lines[0] != "run,step,wall_time,value" || lines[6] != "a,6,1006,6" {
		t.Errorf("the export is %q", lines)
	}
}

// Restarts count, even such as take back nothing: each is a look at all points.
func TestRestartsAreBounded(t *testing.T) {
	f := newFile(1)
	for i := range fileStarts {
		if fault := f.add(&tfevents.Event{Start: true}, int64(i)); fault != "" {
			t.Fatalf("restart %d: %s", i, fault)
		}
	}
	if fault := f.add(&tfevents.Event{Start: true}, fileStarts); fault == "" {
		t.Error("there is no end to restarts")
	}
}

// The plugin of a tag may be told by its first value alone; values of other plugins are none of ours.
func TestTensors(t *testing.T) {
	d := newDesk(t)
	number := func(v byte) func(b []byte) []byte {
		return func(b []byte) []byte { return write.Message(b, 4, []byte{0, 0, v, 0x40}) }
	}
	d.put(file, write.Event(1, 1, write.Tensor("loss", "scalars", 1, number(0)), write.Tensor("h", "histograms", 1, number(0))))
	d.steps("ada", "loss")
	d.extend(file, write.Event(2, 2, write.Tensor("loss", "", 1, number(0x20)), write.Tensor("h", "", 1, number(0)), write.Tensor("?", "", 1, number(0))))
	all, _, err := d.Scalars(t.Context(), d.as("ada"), runs, nil, "loss", 10)
	must(t, err)
	if len(all) != 1 || len(all[0].Points) != 2 || all[0].Points[1].Value != 2.5 {
		t.Errorf("the series are %+v", all)
	}
	if r := d.list("ada").Runs[0]; r.Scalars != 1 || len(r.Faults) != 0 {
		t.Errorf("the run is %+v", r)
	}
}

func TestPictures(t *testing.T) {
	d := newDesk(t)
	png, jpeg, html, gif := []byte("\x89PNG\r\n\x1a\n1"), []byte("\xff\xd8\xff\xe0 2"), []byte("<svg onload=alert(1)>"), []byte("GIF89a 3")
	d.put(file, losses(1, 1), write.Event(1, 5, write.Images("sample", "2", "1", png, jpeg)), write.Event(1, 6, write.Image("sample", 2, 1, html)), write.Event(1, 7, write.Image("sample", 2, 1, gif)))
	found, err := d.Pictures(t.Context(), d.as("ada"), runs, "a", "sample")
	must(t, err)
	var got []string
	for _, p := range found.Pictures {
		got = append(got, fmt.Sprintf("%d %d %dx%d %d %s", p.Step, p.Sample, p.Width, p.Height, p.Length, p.Type))
	}
	if want := []string{"5 0 2x1 9 image/png", "5 1 2x1 6 image/jpeg", "6 0 2x1 21 ", "7 0 2x1 8 image/gif"}; !slices.Equal(got, want) {
		t.Errorf("the images are %q", got)
	}
	content := func(step int64, sample int) (data []byte, err error) {
		err = d.Picture(t.Context(), d.as("ada"), runs, "a", "sample", step, sample, func(_ Picture, r io.Reader) (err error) {
			data, err = io.ReadAll(r)
			return err
		})
		return data, err
	}
	if data, err := content(5, 1); err != nil || !bytes.Equal(data, jpeg) {
		t.Errorf("the JPEG is %q, %v", data, err)
	}
	if data, err := content(6, 0); data != nil || namespace.KindOf(err) != namespace.IO {
		t.Errorf("of a page is given out %q, %v", data, err)
	}
	if data, err := content(7, 0); err != nil || !bytes.Equal(data, gif) {
		t.Errorf("the GIF is %q, %v", data, err)
	}
	if _, err := content(8, 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of none: %v", err)
	}
}

// Callers who take their time with the longest images keep nobody waiting.
func TestAPictureWaitsForNoOtherCaller(t *testing.T) {
	d := newDesk(t)
	long := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, MaxPicture-8)...)
	d.put(file, losses(1, 1), write.Event(1, 5, write.Image("sample", 2, 1, long)))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var begin func(left int) error
	begin = func(left int) error {
		return d.Picture(ctx, d.as("ada"), runs, "a", "sample", 5, 0, func(_ Picture, r io.Reader) error {
			if left > 0 { // this one is at its first byte until all others have theirs
				if err := begin(left - 1); err != nil {
					return err
				}
			}
			got, err := io.ReadAll(r)
			if err == nil && !bytes.Equal(got, long) {
				err = fmt.Errorf("%d of %d bytes are there, or others", len(got), len(long))
			}
			return err
		})
	}
	must(t, begin(5))
}

// One question reads so much and no more, and the next one goes on.
func TestAQuestionReadsInParts(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 1000))
	var moment time.Time
	d.now = func() time.Time { // which every look at a clock moves on
		moment = moment.Add(questionTime / 3)
		return moment
	}
	questions := 0
	for partial := true; partial; questions++ {
		found := d.list("ada")
		partial = found.Runs[0].Partial
		if found.Partial != partial || questions > 1000 {
			t.Fatalf("after %d questions: %+v", questions, found)
		}
	}
	if questions < 3 {
		t.Errorf("it took %d questions", questions)
	}
	d.now = time.Now
	if got := d.steps("ada", "loss"); len(got) != 1000 {
		t.Errorf("%d steps", len(got))
	}
}

// Many who ask for the same at the same time have it read once.
func TestManyAskAtOnce(t *testing.T) {
	d := newDesk(t)
	d.put(file, losses(1, 2000))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			series, _, err := d.Scalars(t.Context(), d.as("bob"), runs, nil, "loss", 100)
			if err != nil || len(series) != 1 || series[0].Count != 2000 {
				t.Errorf("%d series, %v", len(series), err)
			}
		})
	}
	all.Wait()
	if got := d.entry(file); got.series["loss"].count != 2000 {
		t.Errorf("%d points were read", got.series["loss"].count)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Runs(ended, d.as("bob"), runs); err == nil {
		t.Error("who is gone is answered")
	}
}

// What is kept has a bound: of many files, those that were asked for lately are kept.
func TestWhatIsKeptIsBounded(t *testing.T) {
	d := newDesk(t)
	d.Shelf = New(40_000)
	for i := range 10 {
		d.put(fmt.Sprintf("%d/tfevents", i), losses(1, 500))
	}
	for range 2 {
		if found := d.list("ada"); len(found.Runs) != 10 || found.Runs[7].LastStep != 500 {
			t.Fatalf("found %+v", found)
		}
		var sum int64
		for e := d.recent.Front(); e != nil; e = e.Next() {
			sum += e.Value.(*eventFile).weight() //nolint:forcetypeassert // nothing else is put there
		}
		if sum != d.held || sum > 40_000 || d.recent.Len() != len(d.files) || d.recent.Len() == 0 {
			t.Errorf("%d files are kept with %d bytes, and %d are counted", d.recent.Len(), sum, d.held)
		}
	}
}

// When points are too much to be kept, the outlines of runs still are, so that listing them again reads nothing.
func TestOutlinesAreKeptLonger(t *testing.T) {
	d := newDesk(t)
	d.Shelf = New(40_000)
	for i := range 10 {
		d.put(fmt.Sprintf("%d/tfevents", i), losses(1, 500))
	}
	d.list("ada")
	for _, name := range []string{"7", "8", "9"} { // several are read beside each other: these are the last ones, whichever were before
		_, _, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{name}, "loss", DefaultPoints)
		must(t, err)
	}
	var moment time.Time
	d.now = func() time.Time { // no question has time to read
		moment = moment.Add(2 * questionTime)
		return moment
	}
	found := d.list("ada")
	if len(found.Runs) != 10 || found.Partial || slices.ContainsFunc(found.Runs, func(r Run) bool { return r.LastStep != 500 || r.Scalars != 1 }) {
		t.Errorf("found %+v", found)
	}
	d.now = time.Now
	d.extend("3/tfevents", losses(501, 502))
	d.list("ada") // goes on without the points before
	want := map[string]int{"3": 502, "4": 500}
	d.now = func() time.Time { // no question has time to read
		moment = moment.Add(2 * questionTime)
		return moment
	}
	for name := range want {
		all, partial, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{name}, "loss", DefaultPoints)
		if err != nil || !partial || len(all) != 1 || !all[0].Partial || len(all[0].Points) != 0 {
			t.Errorf("run %s, of whose points none is kept: %+v, partial %t, %v", name, all, partial, err)
		}
	}
	if found := d.list("ada"); len(found.Runs) != 10 || found.Partial || slices.ContainsFunc(found.Runs, func(r Run) bool { return r.LastStep < 500 || r.Scalars != 1 }) {
		t.Errorf("after a question for points that nobody had time to read: %+v", found)
	}
	d.now = time.Now
	for name, want := range want {
		all, partial, err := d.Scalars(t.Context(), d.as("ada"), runs, []string{name}, "loss", DefaultPoints)
		if err != nil || partial || len(all) != 1 || len(all[0].Points) != want || all[0].Count != int64(want) {
			t.Errorf("run %s: %d series, partial %t, %v", name, len(all), partial, err)
		}
	}
}

// A file is forgotten by whoever has entered it, while others count what is kept. Only the race detector tells if they touch the same.
func TestAFileIsForgottenWhileOthersCount(t *testing.T) {
	s := New(1)
	f, other := s.of(1), s.of(2)
	must(t, f.enter(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.settle(other)
	}()
	f.forget(edition{id: 1})
	<-done
	f.leave()
	if s.recent.Len() != 0 || s.held != 0 {
		t.Errorf("%d files of %d bytes are kept", s.recent.Len(), s.held)
	}
}

// A file of many tags is kept within its bounds.
func TestAFileOfManyTags(t *testing.T) {
	f := newFile(1)
	values := make([][]byte, 0, 5000)
	for i := range 5000 {
		values = append(values, write.Simple(fmt.Sprintf("tag/%d", i), 1))
	}
	record := write.Event(1, 1, values...)
	must(t, f.read(t.Context(), bytes.NewReader(record), int64(len(record)), int64(len(record)), New(0).work()))
	if len(f.series) != fileTags || f.left != 5000-fileTags || len(f.faults()) != 1 {
		t.Errorf("%d series, %d left out, %q", len(f.series), f.left, f.faults())
	}
	f = newFile(1)
	one := slices.Repeat(slices.Concat(write.Event(1, 1, write.Simple("loss", 1), write.Simple("accuracy", 1))), 1000)
	for range 150 {
		f.looked, f.offset = 0, 0
		must(t, f.read(t.Context(), bytes.NewReader(one), int64(len(one)), int64(len(one)), New(0).work()))
	}
	if n := f.series["loss"].size(); n > seriesPoints || n < seriesPoints/4 || f.points != n+f.series["accuracy"].size() {
		t.Errorf("%d points are kept, %d are counted", n, f.points)
	}
}

// Tags of other plugins, which may be more and have names as long as a record, take nothing from those of scalars.
func TestAFileOfManyTagsOfOtherPlugins(t *testing.T) {
	f := newFile(1)
	number := func(b []byte) []byte { return write.Message(b, 4, []byte{0, 0, 0, 0x40}) }
	var others [][]byte
	for i := range fileTags {
		others = append(others, write.Tensor(fmt.Sprintf("weights/%d", i), "histograms", 1, number))
	}
	others = append(others, write.Tensor("long", strings.Repeat("p", 1<<20), 1, number), write.Tensor(strings.Repeat("t", 1<<20), "histograms", 1, number))
	record := slices.Concat(write.Event(1, 1, others...), write.Event(1, 1, write.Tensor("loss", "scalars", 1, number)), write.Event(2, 2, write.Tensor("loss", "", 1, number)))
	must(t, f.read(t.Context(), bytes.NewReader(record), int64(len(record)), int64(len(record)), New(0).work()))
	if len(f.series) != 1 || f.points != 2 || f.left != 0 || f.weight() > 1<<16 {
		t.Errorf("%d points of %d tags are kept, %d left out, with %d bytes", f.points, len(f.series), f.left, f.weight())
	}
}

func TestText(t *testing.T) {
	for want, v := range map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "0.1": 0.1, "1e+300": 1e300} {
		if got := text(v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
