package main

import (
	"fmt"
	"slices"
	"strings"
)

// mostClients is the number of clients at which the p99 latency is judged.
const mostClients = 64

const (
	nullShare       = 0.35 // of the null server's rate, which stat and read should reach
	nullShareCreate = 0.40 // likewise, for redirected create
	p99Share        = 0.25 // of HDFS's p99, which create and read of 4 KiB should not exceed
	idleMost        = 1.05 // times the latency of a lone client with the build before; anything up to that is noise
)

// condition is something that the comparison should show.
type condition struct {
	Text    string   `json:"text"`
	Verdict string   `json:"verdict"`
	Figures []string `json:"figures,omitempty"`
}

// The verdicts.
const (
	held        = "held"
	notHeld     = "not held"
	notMeasured = "not measured"
)

// verdict is held if something was looked at and nothing failed.
func verdict(looked int, failed bool) string {
	switch {
	case failed:
		return notHeld
	case looked == 0:
		return notMeasured
	default:
		return held
	}
}

// judge judges all conditions.
func (r report) judge() []condition {
	return append(r.judgeAims(),
		r.judgeNull(),
		r.judgeP99("p99 of create and read of 4 KiB at 64 clients: at most a quarter of HDFS's", p99Share, func(row rowReport) bool { return row.smallIO() }),
		r.judgeP99("p99 of all else at 64 clients: no more than HDFS's", 1, func(row rowReport) bool { return !row.smallIO() }),
		r.judgeIdle(),
		r.judgeLoader(),
	)
}

// smallIO reports whether a row creates or reads files of 4 KiB.
func (row rowReport) smallIO() bool {
	return slices.Contains([]string{"create", "create1", "read"}, row.Op) && row.Size == 4<<10
}

// judgeAims counts lines. A line that was measured in part can miss its floor or goal, but not hold it.
func (r report) judgeAims() []condition {
	lines := r.aimLines()
	var floors, goals, left int
	var missed []string
	for _, l := range lines {
		switch {
		case l.some && !l.floor:
			missed = append(missed, l.name)
		case !l.whole:
			left++
		default:
			floors++
		}
		if l.whole && l.goal {
			goals++
		}
	}
	floor := condition{
		Text:    "each line of the aims at least at its floor against WebHDFS",
		Figures: []string{fmt.Sprintf("of %d lines, the floor was held in %d, missed in %d and not measured in %d", len(lines), floors, len(missed), left)},
	}
	if len(missed) > 0 {
		floor.Figures = append(floor.Figures, "missed: "+strings.Join(missed, ", "))
	}
	goal := condition{Text: fmt.Sprintf("the goal in at least %d lines", goalsWanted), Figures: []string{fmt.Sprintf("it was held in %d", goals)}}
	switch {
	case len(missed) > 0:
		floor.Verdict = notHeld
	case left > 0:
		floor.Verdict = notMeasured
	default:
		floor.Verdict = held
	}
	switch {
	case goals >= goalsWanted:
		goal.Verdict = held
	case goals+left >= goalsWanted:
		goal.Verdict = notMeasured
	default:
		goal.Verdict = notHeld
	}
	return []condition{floor, goal}
}

// judgeNull compares Granary with the null server, the ceiling.
func (r report) judgeNull() condition {
	c := condition{Text: "at least 35 % of the null server's rate in stat and read, 40 % in redirected create"}
	failed := false
	r.against(nameNull, func(row rowReport, _, i int) {
		share := nullShare
		switch {
		case row.Clients < manyClients || row.Op != "stat" && !row.smallIO() || row.Op == "create1":
			return
		case row.Op == "create":
			share = nullShareCreate
		}
		got := row.Ratios[i-1].Median
		failed = failed || got < share
		c.Figures = append(c.Figures, fmt.Sprintf("%s, %d clients: %.0f %%", row.Name, row.Clients, got*100))
	})
	c.Verdict = verdict(len(c.Figures), failed)
	return c
}

// judgeP99 compares the p99 latency of the chosen rows with HDFS's.
func (r report) judgeP99(text string, share float64, chosen func(rowReport) bool) condition {
	c := condition{Text: text}
	failed := false
	r.against(nameHDFS, func(row rowReport, _, i int) {
		if row.Clients != mostClients || !chosen(row) {
			return
		}
		got := row.P99Ratios[i-1].Median
		failed = failed || got > share
		c.Figures = append(c.Figures, fmt.Sprintf("%s: %s times HDFS's", row.Name, digits(got)))
	})
	c.Verdict = verdict(len(c.Figures), failed)
	return c
}

// judgeIdle compares the median latency of a lone client with that of another build of Granary.
func (r report) judgeIdle() condition {
	c := condition{Text: "a lone client waits no longer for create, read and stat than for the build to compare with (-before)"}
	failed := false
	r.against(nameBefore, func(row rowReport, _, i int) {
		if row.Clients != 1 || row.Op != "stat" && !row.smallIO() {
			return
		}
		got := ratios(row.Samples[0], row.Samples[i], p50).Median
		failed = failed || got > idleMost
		c.Figures = append(c.Figures, fmt.Sprintf("%s: %s times as long", row.Name, digits(got)))
	})
	c.Verdict = verdict(len(c.Figures), failed)
	return c
}

// against calls do for each row, with the row's index and the named server's, if Granary was compared with that server.
func (r report) against(name string, do func(row rowReport, k, i int)) {
	i := slices.IndexFunc(r.Servers, func(s serverReport) bool { return s.Name == name })
	if i < 1 || r.Servers[0].Name != nameGranary {
		return
	}
	for k, row := range r.Rows {
		do(row, k, i)
	}
}
