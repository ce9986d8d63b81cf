package main

import (
	"slices"
)

// manyClients is the least number of clients at which a row shows a server's throughput rather than the latency of one caller.
const manyClients = 16

// aim is how far Granary should be ahead of WebHDFS in some rows of the report. The ratios are of operations per second, Granary's
// over HDFS's, or, for a single client, of median latency, HDFS's over Granary's.
type aim struct {
	line                  string // of the table of aims; a line holds if all of its rows do
	op                    string
	size                  int64 // of the small files, 0 for any
	one                   bool  // for a single client
	floor, goal, moonshot float64
}

// aims are all aims. Where moonshot is 0, the moonshot is not a ratio: a faster encoding of listings, a single fsync.
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

// goalsWanted is how many lines should reach the goal and not only the floor.
const goalsWanted = 10

// aimReport says how an aim was met in one row.
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

// aimFor returns the aim of a row, if it has one.
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

// judge reports whether the median ratio of a row reaches the aim.
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

// aimLine is a line in the table of aims.
type aimLine struct {
	name  string
	some  bool // some of its rows were measured
	whole bool // all were, at 16 and 64 clients, unless the aim is for one client or a large file
	floor bool // held in all rows that were measured
	goal  bool
}

// aimLines combines the rows of each line.
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
		if slices.Contains(seen, 1) { // an aim for one client, or an operation that runs with one
			continue
		}
		l.whole = l.whole && slices.Contains(seen, manyClients) && slices.Contains(seen, mostClients)
	}
	return lines
}
