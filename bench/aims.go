package main

import (
	"slices"
)

// manyClients is from how many on a row shows what a server can do, and not how long one caller waits.
const manyClients = 16

// aim is how far Granary is meant to be ahead of WebHDFS in some rows of the report. The ratios are of operations a
// second, or for one client of the median latency: HDFS's over Granary's.
type aim struct {
	line                  string // of the table of aims; a line is held when all of its rows are
	op                    string
	size                  int64 // of the small files, 0 for any
	one                   bool  // of one client alone
	floor, goal, moonshot float64
}

// aims are all of them. Where no ratio is given as a moonshot, it is something else: the encoding of a listing, one fsync.
var aims = []aim{
	{line: "create, redirected", op: "create", size: 4 << 10, floor: 24, goal: 30, moonshot: 40},
	{line: "create, one hop", op: "create1", size: 4 << 10, floor: 30, goal: 45, moonshot: 66},
	{line: "create 64 KiB", op: "create", size: 64 << 10, floor: 8, goal: 12, moonshot: 20},
	{line: "create 1 MiB", op: "create", size: 1 << 20, floor: 1.5, goal: 3, moonshot: 5},
	{line: "read", op: "read", size: 4 << 10, floor: 6, goal: 9, moonshot: 14},
	{line: "stat", op: "stat", floor: 1.6, goal: 2.2, moonshot: 3},
	{line: "mkdirs", op: "mkdirs", floor: 1.4, goal: 1.8, moonshot: 2.2},
	{line: "rename, delete", op: "rename", floor: 1.2, goal: 1.6, moonshot: 2.2},
	{line: "rename, delete", op: "delete", floor: 1.2, goal: 1.6, moonshot: 2.2},
	{line: "Spotify mix", op: "spotify", floor: 4, goal: 6, moonshot: 10},
	{line: "list 1000", op: "list", floor: 1.2, goal: 1.6},
	{line: "write, read large", op: "bigwrite", floor: 1, goal: 1.5, moonshot: 2},
	{line: "write, read large", op: "bigread", floor: 1.2, goal: 2, moonshot: 2.5},
	{line: "ranges of 64 KiB", op: "ranges", floor: 3, goal: 6, moonshot: 10},
	{line: "one client", op: "create", size: 4 << 10, one: true, floor: 10, goal: 20},
	{line: "one client", op: "read", size: 4 << 10, one: true, floor: 4, goal: 8},
	{line: "one client", op: "stat", one: true, floor: 1, goal: 1.5},
}

// goalsWanted is in how many lines the goal and not only the floor is to be held.
const goalsWanted = 10

// aimReport is what came of an aim in one row.
type aimReport struct {
	Line     string  `json:"line"`
	Figure   string  `json:"figure"` // "rate", or "p50" for one client
	Floor    float64 `json:"floor"`
	Goal     float64 `json:"goal"`
	Moonshot float64 `json:"moonshot,omitempty"`

	Ratio        spread `json:"ratio"` // how far ahead: above 1 is better than HDFS
	FloorHeld    bool   `json:"floorHeld"`
	GoalHeld     bool   `json:"goalHeld"`
	MoonshotHeld bool   `json:"moonshotHeld"`
}

// aimFor finds the aim that a row has, if it has one.
func aimFor(s scenario) (aim, bool) {
	i := slices.IndexFunc(aims, func(a aim) bool {
		many := s.clients >= manyClients || s.op.large
		return a.op == s.op.name && (a.size == 0 || a.size == s.size) && (a.one && s.clients == 1 || !a.one && many)
	})
	if i < 0 {
		return aim{}, false
	}
	return aims[i], true
}

// judge says whether the medians of a row are where they are meant to be.
func (a aim) judge(ours, theirs []sample) *aimReport {
	r := &aimReport{Line: a.line, Figure: "rate", Floor: a.floor, Goal: a.goal, Moonshot: a.moonshot}
	if a.one {
		r.Figure = "p50"
		r.Ratio = ratios(theirs, ours, p50)
	} else {
		r.Ratio = ratios(ours, theirs, perSecond)
	}
	r.FloorHeld = r.Ratio.Median >= a.floor
	r.GoalHeld = r.Ratio.Median >= a.goal
	r.MoonshotHeld = a.moonshot > 0 && r.Ratio.Median >= a.moonshot
	return r
}

// aimLine is a line of the table of aims.
type aimLine struct {
	name  string
	some  bool // some of its rows were measured
	whole bool // all were: at 16 and 64 clients, or at one as it asks
	floor bool // held in all that were
	goal  bool
}

// aimLines sums the rows up.
func (r report) aimLines() []aimLine {
	var lines []aimLine
	for _, a := range aims {
		i := slices.IndexFunc(lines, func(l aimLine) bool { return l.name == a.line })
		if i < 0 {
			i = len(lines)
			lines = append(lines, aimLine{name: a.line, whole: true, floor: true, goal: true})
		}
		l := &lines[i]
		var seen []int // numbers of clients
		for _, row := range r.Rows {
			if row.Aim != nil && row.Op == a.op && row.Aim.Line == a.line {
				seen = append(seen, row.Clients)
				l.some = true
				l.floor = l.floor && row.Aim.FloorHeld
				l.goal = l.goal && row.Aim.GoalHeld
			}
		}
		if slices.Contains(seen, 1) { // one client by nature
			continue
		}
		l.whole = l.whole && slices.Contains(seen, manyClients) && slices.Contains(seen, mostClients)
	}
	return lines
}
