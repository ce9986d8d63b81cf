package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// markdown returns the tables and all that is needed to understand them.
func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s at commit `%s`.\n\n", r.Date.Format("2 January 2006"), r.Commit)
	if r.plot != "" {
		fmt.Fprintf(&b, "![How many times as fast as HDFS: by size and by the number of clients](%s)\n\n", filepath.Base(r.plot))
	}
	r.writeConditions(&b)
	r.writeAims(&b)
	r.writeRows(&b)
	r.writeLoader(&b)
	r.writeFacts(&b)
	return b.String()
}

// writeConditions says what the comparison should show, and whether it did.
func (r report) writeConditions(b *strings.Builder) {
	for _, c := range r.Judged {
		fmt.Fprintf(b, "* %s: **%s**", c.Text, c.Verdict)
		if len(c.Figures) > 0 {
			b.WriteString(". " + strings.Join(c.Figures, "; "))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// writeAims writes the table of aims.
func (r report) writeAims(b *strings.Builder) {
	if !slices.ContainsFunc(r.Rows, func(row rowReport) bool { return row.Aim != nil }) {
		return
	}
	line(b, []string{"against WebHDFS", "clients", "ratio: min / **median** / max", "floor", "goal", "moonshot", "held", "p99 ms", "HDFS's"})
	line(b, append([]string{"---"}, repeat("--:", 8)...))
	r.against(nameHDFS, func(row rowReport, _, i int) {
		a := row.Aim
		if a == nil {
			return
		}
		name, reached, moonshot := row.Name, "nothing", "–"
		if a.Figure == "p50" {
			name += ", p50"
		}
		if a.Moonshot > 0 {
			moonshot = digits(a.Moonshot)
		}
		switch {
		case a.MoonshotHeld:
			reached = "**moonshot**"
		case a.GoalHeld:
			reached = "**goal**"
		case a.FloorHeld:
			reached = "floor"
		}
		line(b, []string{
			name, fmt.Sprint(row.Clients), ratioText(a.Ratio), digits(a.Floor), digits(a.Goal), moonshot, reached,
			slowest(row.Samples[0]), slowest(row.Samples[i]),
		})
	})
	b.WriteString("\n")
}

// writeRows writes the table of everything that was measured.
func (r report) writeRows(b *strings.Builder) {
	if len(r.Rows) == 0 {
		return
	}
	head := []string{"", "clients", r.Servers[0].Name, "p50 / p99 ms"}
	for _, s := range r.Servers[1:] {
		head = append(head, s.Name, "p50 / p99 ms", "ratio: min / **median** / max")
	}
	line(b, head)
	line(b, append([]string{"---"}, repeat("--:", len(head)-1)...))
	for _, row := range r.Rows {
		cells := []string{row.Name, fmt.Sprint(row.Clients)}
		for i, samples := range row.Samples {
			cells = append(cells, rate(samples), latency(samples))
			if i > 0 {
				cells = append(cells, ratioText(row.Ratios[i-1]))
			}
		}
		line(b, cells)
	}
}

// writeFacts describes how it was measured.
func (r report) writeFacts(b *strings.Builder) {
	fmt.Fprintf(b, "\nOperations a second, medians of %d rounds of %s each; for the large files 10⁶ bytes a second. ", r.Rounds, r.Duration)
	if len(r.Servers) > 1 {
		fmt.Fprintf(b, "A ratio is %s's rate over the other's in the same round. ", r.Servers[0].Name)
	}
	b.WriteString("0 errors, content verified.\n\n")
	fmt.Fprintf(b, "* machine: %s; load average before each round and at the end: %s\n", r.Machine, strings.Join(r.Load, ", "))
	fmt.Fprintf(b, "* warm-up: at least %d operations on each server, then rounds in alternating order; seed %d\n", r.Warm, r.Seed)
	if low, high, found := r.clientTime(); found {
		fmt.Fprintf(b, "* the client's own processor time for one operation on a small file: %s to %s µs\n", digits(low), digits(high))
	}
	for _, s := range r.Servers {
		fmt.Fprintf(b, "* %s\n", s.Name)
		for _, fact := range s.Facts {
			fmt.Fprintf(b, "  * %s\n", fact)
		}
	}
}

// clientTime returns the client's processor time per operation in microseconds, as the median over the rounds, of the rows with
// the least and the most.
func (r report) clientTime() (low, high float64, found bool) {
	var all []float64
	for _, row := range r.Rows {
		for _, samples := range row.Samples {
			if samples[0].MBPerS == 0 && row.Size <= 4<<10 && row.Op != "list" {
				all = append(all, over(samples, func(s sample) float64 { return s.Client }).Median)
			}
		}
	}
	if len(all) == 0 {
		return 0, 0, false
	}
	return slices.Min(all), slices.Max(all), true
}

func ratioText(s spread) string {
	return fmt.Sprintf("%s / **%s** / %s", digits(s.Min), digits(s.Median), digits(s.Max))
}

// line writes one line of a table.
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

// rate returns the median rate over the rounds.
func rate(samples []sample) string {
	if samples[0].MBPerS > 0 {
		return digits(over(samples, func(s sample) float64 { return s.MBPerS }).Median) + " MB/s"
	}
	return digits(over(samples, perSecond).Median)
}

// latency returns the medians of the p50 and the p99. There are none for one operation per round.
func latency(samples []sample) string {
	if samples[0].MBPerS > 0 {
		return "–"
	}
	return digits(over(samples, p50).Median) + " / " + slowest(samples)
}

// slowest returns the median of the p99.
func slowest(samples []sample) string {
	if samples[0].MBPerS > 0 {
		return "–"
	}
	return digits(over(samples, p99).Median)
}

// digits formats a number with as many digits as a measurement on a busy machine justifies.
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

// The report is written between these two lines of the page.
const (
	beginMark = "<!-- measured: begin; written by bench/compare.sh, not by hand -->\n"
	endMark   = "<!-- measured: end -->\n"
)

// writePage replaces the report in a Markdown file.
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

// replace replaces the text between the two marks of a page.
func replace(page []byte, text string) ([]byte, error) {
	before, rest, begun := bytes.Cut(page, []byte(beginMark))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !begun || !ended {
		return nil, fmt.Errorf("the page lacks the lines %q and %q, between which the report belongs", beginMark, endMark)
	}
	return bytes.Join([][]byte{before, []byte(beginMark), []byte("\n" + text + "\n"), []byte(endMark), after}, nil), nil
}
