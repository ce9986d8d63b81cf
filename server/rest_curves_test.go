package server

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	write "granary/tfevents/tfeventstest"
)

// logs is a directory in which ada writes event files, and askLogs the query that names it.
const (
	logs    = "/Projects/maps/Logs"
	askLogs = "?path=" + logs
)

// newTraining returns a house with a project of ada's that bob observes.
func newTraining(t *testing.T) *house {
	h := newHouse(t)
	h.ask("ada", "POST", "/projects", `{"name":"maps"}`, 201, nil)
	h.ask("ada", "PUT", "/projects/maps/members/bob", `{"role":"observer"}`, 200, nil)
	return h
}

// train writes an event file as ada, or appends to it.
func (h *house) train(name string, more bool, records ...[]byte) {
	h.t.Helper()
	method, op, status := "PUT", "CREATE", 201
	if more {
		method, op, status = "POST", "APPEND", 200
	}
	h.do(method, "/webhdfs/v1"+logs+"/"+name+"?op="+op, string(slices.Concat(records...)), h.as("ada")).want(h.t, status, "")
}

// TestCurves follows a training: bob sees what ada's run writes, as it comes, until he loses the right.
func TestCurves(t *testing.T) {
	h := newTraining(t)
	var has HasRuns
	if h.ask("bob", "GET", "/runs/any"+askLogs, "", 200, &has); has.Runs || has.Partial {
		t.Errorf("before it began: %+v", has)
	}
	h.train("lr/tfevents.1", false, write.Version(), write.Event(1000.5, 1, write.Simple("train/loss", 4)), write.Event(1001, 2, write.Simple("train/loss", 2)))
	if h.ask("bob", "GET", "/runs/any"+askLogs, "", 200, &has); !has.Runs {
		t.Error("no run is found")
	}
	var found RunList
	h.ask("bob", "GET", "/runs"+askLogs, "", 200, &found)
	if len(found.Runs) != 1 || found.Runs[0].Run != "lr" || found.Runs[0].LastStep != 2 || found.Runs[0].LastWallTime != 1001 || found.Runs[0].Scalars != 1 || found.Partial {
		t.Fatalf("the runs are %+v", found)
	}
	const question = "/scalars" + askLogs + "&tag=train%2Floss"
	var curve SeriesList
	h.ask("bob", "GET", question, "", 200, &curve)
	if s := curve.Series[0]; !slices.Equal(s.Steps, []int64{1, 2}) || *s.Values[0] != 4 || s.WallTimes[0] != 1000.5 || s.Count != 2 || s.State != found.Runs[0].State {
		t.Errorf("the series is %+v", s)
	}
	nan := func(b []byte) []byte { return write.Message(b, 4, []byte{0, 0, 0xc0, 0x7f}) }
	h.train("lr/tfevents.1", true, write.Event(1002, 3, write.Tensor("train/loss", "scalars", 1, nan)), write.Event(1003, 4, write.Simple("train/loss", 0.5)))
	state := found.Runs[0].State
	if h.ask("bob", "GET", "/runs"+askLogs, "", 200, &found); found.Runs[0].State == state || found.Runs[0].LastStep != 4 {
		t.Errorf("after two more points the run is %+v", found.Runs[0])
	}
	h.ask("bob", "GET", question+"&run=lr&run=gone&points=3", "", 200, &curve)
	if s := curve.Series[0]; !slices.Equal(s.Steps, []int64{1, 3, 4}) || s.Values[1] != nil || len(s.NonFinite) != 1 || s.NonFinite[0] != (NonFinite{1, "NaN"}) || s.Count != 4 {
		t.Errorf("the series is %+v", s)
	}
	var tags RunTagList
	if h.ask("bob", "GET", "/runs/tags"+askLogs, "", 200, &tags); len(tags.Scalars) != 1 || tags.Scalars[0].Tag != "train/loss" || !slices.Equal(tags.Scalars[0].Runs, []string{"lr"}) {
		t.Errorf("the tags are %+v", tags)
	}
	a := h.do("GET", "/api/v1/scalars/csv"+askLogs+"&tag=train%2Floss", "", h.as("bob"))
	if want := "run,step,wall_time,value\nlr,1,1000.5,4\nlr,2,1001,2\nlr,3,1002,NaN\nlr,4,1003,0.5\n"; a.body != want || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the export is %q, %q", a.body, a.Header)
	}
	if a := h.do("HEAD", "/api/v1/scalars/csv"+askLogs+"&tag=train%2Floss", "", h.as("bob")); a.StatusCode != http.StatusOK || a.body != "" || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("whether it can be exported: %d, %q, %q", a.StatusCode, a.body, a.Header)
	}
	h.ask("ada", "DELETE", "/projects/maps/members/bob", "", 204, nil)
	for _, question := range []string{"/runs" + askLogs, question, "/runs/tags" + askLogs, "/scalars/csv" + askLogs + "&tag=train%2Floss", "/images" + askLogs + "&run=lr&tag=x"} {
		if a := h.do("GET", "/api/v1"+question, "", h.as("bob")); a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusNotFound || strings.Contains(a.body, "loss") {
			t.Errorf("%s, of who is out: %d %s", question, a.StatusCode, a.body)
		}
	}
}

// JSON has no numbers for NaN and infinities, which a file may have wherever it has a number.
func TestCurvesOfWhatIsNoNumber(t *testing.T) {
	h := newTraining(t)
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}
	for i, x := range odd {
		h.train(itoa(int64(i))+"/tfevents.1", false, write.Event(x, 1, write.Simple("loss", float32(x)), write.Image("sample", 1, 1, []byte("\x89PNG"))))
	}
	var found RunList
	h.ask("ada", "GET", "/runs"+askLogs, "", 200, &found)
	var curve SeriesList
	h.ask("ada", "GET", "/scalars"+askLogs+"&tag=loss", "", 200, &curve)
	if len(found.Runs) != len(odd) || len(curve.Series) != len(odd) {
		t.Fatalf("%+v, %+v", found, curve)
	}
	for i, word := range []string{"NaN", "Infinity", "-Infinity", ""} {
		r, s := found.Runs[i], curve.Series[i]
		if word == "" {
			if r.LastStep != 1 || r.LastWallTime != 0 || len(s.NonFinite) != 0 {
				t.Errorf("a run that does not say when is shown as %+v, %+v", r, s)
			}
			continue
		}
		if r.LastStep != 1 || r.LastWallTime != 0 || s.WallTimes[0] != 0 || s.Values[0] != nil || !slices.Equal(s.NonFinite, []NonFinite{{0, word}}) {
			t.Errorf("%s is shown as %+v, %+v", word, r, s)
		}
		var list ImageOfRunList
		if h.ask("ada", "GET", "/images"+askLogs+"&tag=sample&run="+itoa(int64(i)), "", 200, &list); len(list.Images) != 1 || list.Images[0].WallTime != 0 {
			t.Errorf("the images of %s are %+v", word, list)
		}
	}
}

// Exports read whole files for as long as their clients take, so they count as batches.
func TestExportsAreAsFewAsBatches(t *testing.T) {
	h := newTraining(t)
	h.train("lr/tfevents.1", false, write.Event(1000, 1, write.Simple("loss", 4)))
	l := h.handler.(*Server).limits
	const question = "/scalars/csv" + askLogs + "&tag=loss"
	l.of("bob").batches.Add(batchesEach) // as if that many were under way
	h.ask("bob", "GET", question, "", 429, nil).problem(t, 429, "16 batches under way")
	l.of("bob").batches.Add(-1)
	h.do("GET", restPrefix+question, "", h.as("bob")).want(t, 200, "lr,1,1000,4")
	if each, all := l.of("bob").batches.Load(), l.batches.Load(); each != batchesEach-1 || all != 0 {
		t.Errorf("at the end %d and %d are counted", each, all)
	}
}

// Files by real writers are read.
func TestCurvesOfRealWriters(t *testing.T) {
	h := newTraining(t)
	for _, name := range []string{"simple", "tensor"} {
		file, err := os.ReadFile("../tfevents/testdata/" + name + ".tfevents")
		must(t, err)
		h.train(name+"/events.out.tfevents.1", false, file)
	}
	var found RunList
	h.ask("ada", "GET", "/runs"+askLogs, "", 200, &found)
	if len(found.Runs) != 2 || found.Runs[0].Scalars != 2 || found.Runs[0].Images != 1 || found.Runs[1].Scalars != 1 || found.Runs[1].Images != 1 || found.Runs[0].Faults != nil {
		t.Errorf("the runs are %+v", found)
	}
	var list ImageOfRunList
	h.ask("ada", "GET", "/images"+askLogs+"&run=simple&tag=sample", "", 200, &list)
	if len(list.Images) != 1 || list.Images[0].Step != 7 || list.Images[0].Width != 4 || list.Images[0].Type != "image/png" {
		t.Fatalf("the images are %+v", list)
	}
	a := h.do("GET", "/api/v1/images/content"+askLogs+"&run=simple&tag=sample&step=7", "", h.as("ada"))
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "image/png" || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || int64(len(a.body)) != list.Images[0].Length || !strings.HasPrefix(a.body, "\x89PNG") {
		t.Errorf("the image is %d, %q, %d bytes", a.StatusCode, a.Header, len(a.body))
	}
}

// Whatever a file says that its image is, a browser gets PNG, JPEG, GIF or words.
func TestHostileImages(t *testing.T) {
	h := newTraining(t)
	for i, hostile := range []string{
		"<!doctype html><script>alert(1)</script>", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "GIF89<script>", "%PDF-1.7", "\x89PNG", "",
	} {
		name := "run" + itoa(int64(i))
		h.train(name+"/tfevents.1", false, write.Event(1, 1, write.Image("x", 1, 1, []byte(hostile))))
		a := h.do("GET", "/api/v1/images/content"+askLogs+"&run="+name+"&tag=x&step=1", "", h.as("ada"))
		if a.StatusCode != http.StatusConflict || a.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, "no PNG, JPEG or GIF") {
			t.Errorf("%q: %d, %q, %s", hostile, a.StatusCode, a.Header.Get("Content-Type"), a.body)
		}
	}
}

// Every mistake in a request is named, and none is answered with 500.
func TestCurvesSayWhatIsWrong(t *testing.T) {
	h := newTraining(t)
	h.train("a/tfevents", false, []byte(strings.Repeat("x", 100)))
	many := strings.Repeat("&run=a", 101)
	for question, want := range map[string]struct {
		status int
		words  string
	}{
		"/runs":                                                       {400, "path"},
		"/runs?path=" + logs + "/none":                                {404, "does not exist"},
		"/runs?path=" + logs + "/a/tfevents":                          {409, "Is not a directory"},
		"/scalars" + askLogs:                                          {400, "tag"},
		"/scalars" + askLogs + "&tag=":                                {400, "tag"},
		"/scalars" + askLogs + "&tag=x&points=2":                      {400, "points"},
		"/scalars" + askLogs + "&tag=x&points=1e":                     {400, "points"},
		"/scalars" + askLogs + "&tag=x&run=..":                        {400, "Invalid path"},
		"/scalars" + askLogs + "&tag=x&run=%00":                       {400, "NUL"},
		"/scalars" + askLogs + "&tag=x" + many:                        {400, "at most 100"},
		"/scalars" + askLogs + "&tag=x&log=1":                         {400, "unknown"},
		"/scalars/csv" + askLogs + "&tag=x":                           {409, "Of " + logs + "/a/tfevents not all can be exported. It cannot be read to its end"},
		"/images" + askLogs + "&tag=x":                                {400, "run"},
		"/images/content" + askLogs + "&tag=x&run=a&step=x":           {400, "step"},
		"/images/content" + askLogs + "&tag=x&run=a&step=1&sample=-1": {400, "sample"},
		"/images/content" + askLogs + "&tag=x&run=a&step=1":           {404, "no such image"},
	} {
		a := h.do("GET", "/api/v1"+question, "", h.as("ada"))
		var told Problem
		if err := json.Unmarshal([]byte(a.body), &told); err != nil || a.StatusCode != want.status || !strings.Contains(told.Detail, want.words) {
			t.Errorf("%s: %d %s, want %d and %q", question, a.StatusCode, a.body, want.status, want.words)
		}
	}
	var found RunList
	if h.ask("ada", "GET", "/runs?path="+url.QueryEscape(logs), "", 200, &found); len(found.Runs) != 1 || len(found.Runs[0].Faults) != 1 {
		t.Errorf("the runs are %+v", found)
	}
}
