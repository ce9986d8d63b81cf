package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// report is everything that a sceptic may want to know about one comparison, as it is written to JSON.
type report struct {
	Date     time.Time      `json:"date"`
	Commit   string         `json:"commit"` // of Granary and of the benchmark
	Machine  machine        `json:"machine"`
	Load     [2]string      `json:"loadAverage"` // before and after
	Rounds   int            `json:"rounds"`
	Duration string         `json:"duration"` // of one run
	Warm     int            `json:"warmUpOperations"`
	Servers  []serverReport `json:"servers"` // the first is what the others are compared with
	Rows     []rowReport    `json:"rows"`
}

type serverReport struct {
	Name  string   `json:"name"`
	Facts []string `json:"facts"`
}

// rowReport is one row of the table. Its lists go by the servers' order; in Ratios the first server is left out.
type rowReport struct {
	Name    string     `json:"name"`
	Clients int        `json:"clients"`
	Samples [][]sample `json:"samples"` // of each server, of each round
	Ratios  []spread   `json:"ratios"`  // operations a second, the first server's over the other's in the same round
}

// newReport sums up what was measured.
func newReport(p plan, targets []*target, rows []row) report {
	r := report{Rounds: p.rounds, Duration: p.duration.String(), Warm: p.warm}
	for _, t := range targets {
		r.Servers = append(r.Servers, serverReport{t.name, t.facts})
	}
	for _, row := range rows {
		line := rowReport{Name: row.scenario.String(), Clients: row.scenario.clients, Samples: row.samples}
		for _, theirs := range row.samples[1:] {
			line.Ratios = append(line.Ratios, ratios(row.samples[0], theirs))
		}
		r.Rows = append(r.Rows, line)
	}
	return r
}

// writeJSON writes the report to a file.
func (r report) writeJSON(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// markdown is the table and all that must be known to read it.
func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s at commit `%s`.\n\n", r.Date.Format("2 January 2006"), r.Commit)

	head := []string{"", "clients", r.Servers[0].Name, "p50 / p99 ms"}
	for _, s := range r.Servers[1:] {
		head = append(head, s.Name, "p50 / p99 ms", "ratio: min / **median** / max")
	}
	line(&b, head)
	line(&b, append([]string{"---"}, repeat("--:", len(head)-1)...))
	for _, row := range r.Rows {
		cells := []string{row.Name, fmt.Sprint(row.Clients)}
		for i, samples := range row.Samples {
			cells = append(cells, rate(samples), latency(samples))
			if i > 0 {
				s := row.Ratios[i-1]
				cells = append(cells, fmt.Sprintf("%s / **%s** / %s", digits(s.Min), digits(s.Median), digits(s.Max)))
			}
		}
		line(&b, cells)
	}

	fmt.Fprintf(&b, "\nOperations a second, medians of %d rounds of %s each; for the large files 10⁶ bytes a second. ", r.Rounds, r.Duration)
	if len(r.Servers) > 1 {
		fmt.Fprintf(&b, "A ratio is %s's rate over the other's in the same round. ", r.Servers[0].Name)
	}
	b.WriteString("0 errors, content verified.\n\n")
	fmt.Fprintf(&b, "* machine: %s; load average %s before, %s after\n", r.Machine, r.Load[0], r.Load[1])
	fmt.Fprintf(&b, "* warm-up: at least %d operations on each server, then rounds in alternating order\n", r.Warm)
	for _, s := range r.Servers {
		fmt.Fprintf(&b, "* %s\n", s.Name)
		for _, fact := range s.Facts {
			fmt.Fprintf(&b, "  * %s\n", fact)
		}
	}
	return b.String()
}

// line writes a line of a table.
func line(b *strings.Builder, cells []string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func repeat(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

// rate is the median rate of the rounds.
func rate(samples []sample) string {
	if samples[0].MBPerS > 0 {
		return digits(over(samples, func(s sample) float64 { return s.MBPerS }).Median) + " MB/s"
	}
	return digits(over(samples, func(s sample) float64 { return s.PerSec }).Median)
}

// latency is the medians of two percentiles. One operation a round has none.
func latency(samples []sample) string {
	if samples[0].MBPerS > 0 {
		return "–"
	}
	return digits(over(samples, func(s sample) float64 { return s.P50 }).Median) + " / " +
		digits(over(samples, func(s sample) float64 { return s.P99 }).Median)
}

// digits writes as many digits as a measurement on a busy machine deserves.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

// The report stands in the page between these two lines.
const (
	beginMark = "<!-- measured: begin; written by bench/compare.sh, not by hand -->\n"
	endMark   = "<!-- measured: end -->\n"
)

// writePage replaces the report in a Markdown page.
func (r report) writePage(file string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	page, err = replace(page, r.markdown())
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, page, 0o644)
}

// replace puts text between the two marks of a page.
func replace(page []byte, text string) ([]byte, error) {
	before, rest, begun := bytes.Cut(page, []byte(beginMark))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !begun || !ended {
		return nil, fmt.Errorf("the page lacks the lines %q and %q, between which the report belongs", beginMark, endMark)
	}
	return bytes.Join([][]byte{before, []byte(beginMark), []byte("\n" + text + "\n"), []byte(endMark), after}, nil), nil
}
