package server

import (
	"io"
	"math"
	"net/http"
	"strconv"

	"granary/curves"
	"granary/namespace"
	"granary/openapi"
)

// Run is a directory with event files.
type Run struct {
	Run              string   `json:"run" doc:"The path of its directory relative to the requested one; . for that one itself."`
	Files            int64    `json:"files" doc:"Event files."`
	Length           int64    `json:"length" doc:"Bytes of the event files."`
	ModificationTime int64    `json:"modificationTime" doc:"Milliseconds since 1970."`
	LastStep         int64    `json:"lastStep" doc:"The step of what was written last; 0 if nothing was."`
	LastWallTime     float64  `json:"lastWallTime" doc:"When that was written, in seconds since 1970, according to the writer; 0 if nothing was."`
	Scalars          int64    `json:"scalars" doc:"Tags of scalars."`
	Images           int64    `json:"images" doc:"Tags of images."`
	State            string   `json:"state" doc:"Changes with whatever the run has to show. A series with the same state need not be asked for again."`
	Partial          bool     `json:"partial" doc:"The server has not read all of it yet. Ask again: it continues where it stopped."`
	Faults           []string `json:"faults,omitempty" doc:"What cannot be shown and why, one sentence each: a damaged file is shown up to the damage."`
}

// RunList is the list of the runs in a directory.
type RunList struct {
	Runs    []Run `json:"runs" doc:"In the byte order of their names; at most 1,000."`
	Partial bool  `json:"partial" doc:"Not everything was looked at: there are more than 1,000 runs, 20,000 entries (a directory counts again when it is listed) or 16 levels, or a run is partial."`
	Refused int64 `json:"refused" doc:"Directories below that the caller may not list."`
}

// HasRuns says whether there are runs.
type HasRuns struct {
	Runs    bool `json:"runs"`
	Partial bool `json:"partial" doc:"None was found, and not everything was looked at."`
}

// RunTag is a tag and the runs that have it.
type RunTag struct {
	Tag  string   `json:"tag"`
	Runs []string `json:"runs"`
}

// RunTagList is the list of the tags of the runs in a directory.
type RunTagList struct {
	Scalars []RunTag `json:"scalars" doc:"In the byte order of the tags, and so are the runs of each."`
	Images  []RunTag `json:"images"`
	Partial bool     `json:"partial" doc:"As in the list of runs."`
}

// Series holds the points of a tag of a run, column by column.
type Series struct {
	Run       string      `json:"run"`
	State     string      `json:"state" doc:"Of the run, see listRuns."`
	Count     int64       `json:"count" doc:"Points that the run has; about that many if thinned."`
	Thinned   bool        `json:"thinned" doc:"There are more than about 100,000 points, or a million in all series of an event file, and the answer is chosen from their extremes. The export has all points."`
	Steps     []int64     `json:"steps"`
	WallTimes []float64   `json:"wallTimes" doc:"When they were written, in seconds since 1970, according to the writer."`
	Values    []*float64  `json:"values" doc:"null: not finite, which JSON has no number for."`
	NonFinite []NonFinite `json:"nonFinite,omitempty" doc:"What the values are that are null."`
}

// NonFinite is a value that JSON has no number for.
type NonFinite struct {
	Index int64  `json:"index" doc:"In values, from 0 on."`
	Value string `json:"value" enum:"NaN,Infinity,-Infinity"`
}

// SeriesList is the list of the series of a tag.
type SeriesList struct {
	Series  []Series `json:"series" doc:"The runs that have the tag, in the byte order of their names."`
	Partial bool     `json:"partial" doc:"As in the list of runs."`
}

// ImageOfRun is an image that a training run has written.
type ImageOfRun struct {
	Step     int64   `json:"step"`
	Sample   int64   `json:"sample" doc:"Which one of those that were written together, from 0 on."`
	WallTime float64 `json:"wallTime" doc:"Seconds since 1970, when it was written, as the writer says."`
	Width    int64   `json:"width" doc:"Pixels, as the writer says; 0: it does not."`
	Height   int64   `json:"height" doc:"Pixels, as the writer says; 0: it does not."`
	Length   int64   `json:"length" doc:"Bytes."`
	Type     string  `json:"type,omitempty" enum:"image/png,image/jpeg,image/gif" doc:"Determined from its first bytes; absent: it is none of these, and is not served."`
}

// ImageOfRunList is the list of the images of a tag of a run.
type ImageOfRunList struct {
	Images  []ImageOfRun `json:"images" doc:"In the order in which they were written."`
	Thinned bool         `json:"thinned" doc:"There are more than about 1,000, or 16,000 in all tags of an event file, and some steps are left out."`
	Partial bool         `json:"partial" doc:"As in the list of runs."`
}

const runsDoc = "A run is a directory with event files, which have tfevents in their names, as in TensorBoard. The server reads them " +
	"once, and later only what was appended; rights are checked with each request. It counts as a search."

// curveRoutes are the operations on what trainings write for TensorBoard.
var curveRoutes = []route{
	{
		Route: openapi.Route{
			ID: "listRuns", Method: http.MethodGet, Path: "/runs", Tag: "curves", Summary: "List the runs at and below a directory.",
			Doc: runsDoc + " The trash is left out, unless the path is in it. What the caller may not list or read is left out and reported. To follow a training run, ask every few seconds, and request the series of those runs whose state has changed.",
			Example: openapi.Example{Reply: `{"runs":[{"run":"lr-0.1","files":1,"length":18240,"modificationTime":1700000000000,"lastStep":420,"lastWallTime":1700000000.25,` +
				`"scalars":4,"images":1,"state":"5f0c","partial":false}],"partial":false,"refused":0}`},
		},
		params: []parameter{ofPath}, action: does(listRuns), costly: true, curves: true,
	},
	{
		Route: openapi.Route{
			ID: "hasRuns", Method: http.MethodGet, Path: "/runs/any", Tag: "curves", Summary: "Check by names whether there are runs at or below a directory.",
			Doc: "It counts as a search does.",
		},
		params: []parameter{ofPath}, action: does(hasRuns), costly: true, curves: true,
	},
	{
		Route: openapi.Route{
			ID: "listRunTags", Method: http.MethodGet, Path: "/runs/tags", Tag: "curves", Summary: "List the tags of the runs at and below a directory.",
			Doc: "At most 250,000 tags of all runs together, and 16 MiB of names, counting a run's name with each of its tags. Further runs are left out, and the answer is partial. " +
				"It counts as a search does.",
			Example: openapi.Example{Reply: `{"scalars":[{"tag":"train/loss","runs":["lr-0.1","lr-0.2"]}],"images":[],"partial":false}`},
		},
		params: []parameter{ofPath}, action: does(listRunTags), costly: true, curves: true,
	},
	{
		Route: openapi.Route{
			ID: "scalars", Method: http.MethodGet, Path: "/scalars", Tag: "curves", Summary: "Show the curves of a tag.",
			Doc: "Each series is shortened to what a chart needs, by Largest-Triangle-Three-Buckets; all series of an answer have some 300,000 points at most. Without a run it counts as a search does. " +
				"What a restart took back (SessionLog.START, which purge_step writes) is left out. Values whose steps go back without one are kept.",
			Example: openapi.Example{
				Query: "tag=train%2Floss&run=lr-0.1",
				Reply: `{"series":[{"run":"lr-0.1","state":"5f0c","count":2,"thinned":false,"steps":[1,2],"wallTimes":[1700000000.25,1700000001.5],"values":[0.5,null],` +
					`"nonFinite":[{"index":1,"value":"NaN"}]}],"partial":false}`,
			},
		},
		params: []parameter{ofPath, ofTag, ofRuns, seriesPoints}, action: does(scalars), curves: true,
	},
	{
		Route: openapi.Route{
			ID: "exportScalars", Method: http.MethodGet, Path: "/scalars/csv", Tag: "curves", Summary: "Download all points of a tag as CSV.",
			Doc: "The columns are run, step, wall_time (seconds since 1970) and value, which may be NaN, Infinity or -Infinity. Nothing " +
				"is left out except what a restart took back, and values that are not numbers. If anything else would be missing, the " +
				"answer is 409 or 403 and says why: a file is damaged or may not be read, a directory may not be listed, or there is " +
				"more than the server looks at; then name runs that are not affected. A later failure breaks the connection off. It " +
				"reads whole files, and counts as a search and as a batch: one user has at most 16 archives, exports and batches in " +
				"progress, or gets 429, and the server 64, or answers 503.",
			Status: http.StatusOK, Media: "text/csv",
			Example: openapi.Example{Query: "tag=train%2Floss"},
		},
		params: []parameter{ofPath, ofTag, ofRuns}, action: streams(exportScalars), costly: true,
	},
	{
		Route: openapi.Route{
			ID: "listImages", Method: http.MethodGet, Path: "/images", Tag: "curves", Summary: "List the images of a tag of a run.",
			Example: openapi.Example{
				Query: "run=lr-0.1&tag=sample",
				Reply: `{"images":[{"step":100,"sample":0,"wallTime":1700000000.25,"width":28,"height":28,"length":318,"type":"image/png"}],"thinned":false,"partial":false}`,
			},
		},
		params: []parameter{ofPath, ofRun, ofTag}, action: does(listImages), curves: true,
	},
	{
		Route: openapi.Route{
			ID: "getImage", Method: http.MethodGet, Path: "/images/content", Tag: "curves", Summary: "Show an image from a training run.",
			Doc:     "PNG, JPEG or GIF of up to 16 MiB, by its first bytes; whatever else a file holds as an image is refused with 409. Of several with one step the last counts.",
			Status:  http.StatusOK,
			Media:   "image/*",
			Example: openapi.Example{Query: "run=lr-0.1&tag=sample&step=100"},
		},
		params: []parameter{ofPath, ofRun, ofTag, ofStep, ofSample}, action: streams(getImage),
	},
}

var (
	ofTag  = text("tag", "The tag.").required()
	ofRun  = text("run", "The run, as listRuns names it.").required()
	ofRuns = param[string]{
		Param: openapi.Param{
			Name: "run", Doc: "Only this run, as listRuns names it. May be given up to 100 times; without it, all runs.",
			Schema: openapi.Schema{Type: "array", Items: &openapi.Schema{Type: "string"}},
		},
		parse: verbatim,
	}
	seriesPoints = param[int64]{
		Param: openapi.Param{
			Name: "points", Doc: "How many points a series has at most.",
			Schema: openapi.Schema{
				Type: "integer", Format: "int64", Minimum: pointer[int64](3), Maximum: pointer[int64](curves.MaxPoints), Default: curves.DefaultPoints,
			},
		},
		parse: func(text string) (int64, error) {
			return parseInteger("points", text, 10, javaInt, 3, curves.MaxPoints)
		},
		unset: curves.DefaultPoints,
	}
	ofStep = param[int64]{
		Param: openapi.Param{Name: "step", Required: true, Doc: "The step, as listImages has it.", Schema: openapi.Schema{Type: "integer", Format: "int64"}},
		parse: func(text string) (int64, error) {
			return parseInteger("step", text, 10, javaLong, math.MinInt64, math.MaxInt64)
		},
	}
	ofSample = number("sample", javaInt, 0, 0, "Which one of those that were written together.")
)

// asker returns a function that makes sessions of the caller, so that several can work concurrently.
func (c *call) asker() curves.Asker {
	return func() *namespace.Session { return c.server.fs.As(c.principal).From(c.client) }
}

// runsAsked returns the runs that the query names.
func (c *call) runsAsked() (runs []string) {
	for _, p := range c.query {
		if p.name == ofRuns.Name && p.value != "" {
			runs = append(runs, p.value)
		}
	}
	return runs
}

func listRuns(c *call, _ none) (RunList, error) {
	found, err := c.server.curves.Runs(c.ctx, c.asker(), ofPath.of(c))
	return RunList{Runs: showAll(found.Runs, func(r curves.Run) Run {
		return Run{
			Run: r.Name, Files: int64(r.Files), Length: r.Size, ModificationTime: r.MTime, LastStep: r.LastStep, LastWallTime: numberOr(r.LastWall, 0),
			Scalars: int64(r.Scalars), Images: int64(r.Images), State: r.State, Partial: r.Partial, Faults: r.Faults,
		}
	}), Partial: found.Partial, Refused: int64(found.Refused)}, err
}

func hasRuns(c *call, _ none) (HasRuns, error) {
	has, partial, err := curves.HasRuns(c.ctx, c.asker(), ofPath.of(c))
	return HasRuns{has, partial}, err
}

func listRunTags(c *call, _ none) (RunTagList, error) {
	tags, err := c.server.curves.Tags(c.ctx, c.asker(), ofPath.of(c))
	show := func(t curves.Tag) RunTag { return RunTag{t.Name, t.Runs} }
	return RunTagList{showAll(tags.Scalars, show), showAll(tags.Images, show), tags.Partial}, err
}

// numberOr returns v, or otherwise if v is not finite, as JSON has no number for that.
func numberOr(v, otherwise float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return otherwise
	}
	return v
}

func scalars(c *call, _ none) (SeriesList, error) {
	if len(c.runsAsked()) == 0 { // the runs have to be searched for
		if err := c.spend(costly, 1); err != nil {
			return SeriesList{}, err
		}
	}
	all, partial, err := c.server.curves.Scalars(c.ctx, c.asker(), ofPath.of(c), c.runsAsked(), ofTag.of(c), int(seriesPoints.of(c)))
	return SeriesList{showAll(all, showSeries), partial}, err
}

func showSeries(s curves.Series) Series {
	n := len(s.Points)
	out := Series{
		Run: s.Run, State: s.State, Count: s.Count, Thinned: s.Thinned,
		Steps: make([]int64, n), WallTimes: make([]float64, n), Values: make([]*float64, n),
	}
	for i := range s.Points {
		p := &s.Points[i]
		out.Steps[i], out.WallTimes[i] = p.Step, numberOr(p.WallTime, 0)
		switch {
		case math.IsNaN(p.Value):
			out.NonFinite = append(out.NonFinite, NonFinite{int64(i), "NaN"})
		case math.IsInf(p.Value, 1):
			out.NonFinite = append(out.NonFinite, NonFinite{int64(i), "Infinity"})
		case math.IsInf(p.Value, -1):
			out.NonFinite = append(out.NonFinite, NonFinite{int64(i), "-Infinity"})
		default:
			out.Values[i] = &p.Value
		}
	}
	return out
}

func exportScalars(c *call) error {
	leave, err := c.enterBatch()
	if err != nil {
		return err
	}
	defer leave()
	return c.server.curves.Export(c.ctx, c.asker(), ofPath.of(c), c.runsAsked(), ofTag.of(c), func() io.Writer {
		h := c.w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h["Content-Disposition"] = attachment
		h["Content-Security-Policy"] = sandboxed
		c.w.WriteHeader(http.StatusOK)
		if c.r.Method == http.MethodHead {
			return nil
		}
		return c.w
	})
}

func listImages(c *call, _ none) (ImageOfRunList, error) {
	found, err := c.server.curves.Pictures(c.ctx, c.asker(), ofPath.of(c), ofRun.of(c), ofTag.of(c))
	return ImageOfRunList{showAll(found.Pictures, func(p curves.Picture) ImageOfRun {
		return ImageOfRun{
			Step: p.Step, Sample: int64(p.Sample), WallTime: numberOr(p.WallTime, 0), Width: p.Width, Height: p.Height, Length: p.Length, Type: p.Type,
		}
	}), found.Thinned, found.Partial}, err
}

// getImage answers with an image that a browser may show: its type is that of its bytes, browsers may not sniff another one, and
// nothing in it is executed.
func getImage(c *call) error {
	return c.server.curves.Picture(c.ctx, c.asker(), ofPath.of(c), ofRun.of(c), ofTag.of(c), ofStep.of(c), int(ofSample.of(c)), func(p curves.Picture, data io.Reader) error {
		h := c.w.Header()
		h.Set("Content-Type", p.Type)
		h.Set("Content-Length", strconv.FormatInt(p.Length, 10))
		h["Content-Security-Policy"] = sandboxed
		c.w.WriteHeader(http.StatusOK)
		return copyAll(c.w, data, p.Length)
	})
}
