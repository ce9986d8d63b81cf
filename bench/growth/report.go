package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// write writes the files that were asked for, and the tables to out.
func (r *report) write(out io.Writer, s *settings) error {
	if s.json != "" {
		text, err := json.MarshalIndent(r, "", "\t")
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.json, append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	if s.plot != "" {
		if err := r.draw(s.plot); err != nil {
			return err
		}
	}
	text := r.markdown(filepath.Base(s.json), filepath.Base(s.plot))
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if s.page == "" {
		return nil
	}
	return insert(s.page, text)
}

// The run writes between these marks.
const (
	beginMark = "<!-- growth: begin; written by bench/growth, not by hand -->\n"
	endMark   = "<!-- growth: end -->\n"
)

// insert writes text between the marks of a file.
func insert(file, text string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(page, []byte(beginMark))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !found || !ended {
		return fmt.Errorf("%s has no place for the tables: it needs the lines %q and %q", file, beginMark, endMark)
	}
	return os.WriteFile(file, slices.Concat(before, []byte(beginMark+"\n"+text+"\n"+endMark), after), 0o644)
}

// markdown returns the tables, and all that is needed to understand them.
func (r *report) markdown(data, plot string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s at commit `%s`", r.Date.Format("2 January 2006"), r.Commit)
	if data != "." {
		fmt.Fprintf(&b, "; [all figures](%s)", data)
	}
	b.WriteString(".\n\n")
	if plot != "." {
		fmt.Fprintf(&b, "![Pages and latencies by the number of inodes, what a purge does to others, and how tables grow while files come and go](%s)\n\n", plot)
	}
	r.writeJudgements(&b)
	r.writeFilled(&b)
	r.writePages(&b)
	r.writeLatencies(&b)
	r.writeWide(&b)
	r.writeDead(&b)
	r.writeChurn(&b)
	fmt.Fprintf(&b, "* machine: %s; load average %s before, %s after, so other work was going on where these are above 2\n", r.Machine, r.Load[0], r.Load[1])
	fmt.Fprintf(&b, "* database: %s, else as Granary's private one; events of the files are left out\n", strings.Join(r.Database, ", "))
	return b.String()
}

func row(b *strings.Builder, cells ...string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// head begins a table whose columns after the first are aligned to the right.
func head(b *strings.Builder, cells ...string) {
	row(b, cells...)
	row(b, append([]string{"---"}, slices.Repeat([]string{"--:"}, len(cells)-1)...)...)
}

// count formats a number of inodes.
func count(n int64) string {
	switch {
	case n >= 950_000:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/1e6), ".0") + " M"
	case n >= 950:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/1e3), ".0") + " k"
	default:
		return fmt.Sprint(n)
	}
}

func held(yes bool) string {
	if yes {
		return "held"
	}
	return "**missed**"
}

// writeJudgements writes whether each condition holds.
func (r *report) writeJudgements(b *strings.Builder) {
	first, last := &r.Sizes[0], &r.Sizes[len(r.Sizes)-1]
	var more, late, rest []string
	for i := range last.Analyzed {
		seen := map[string]bool{} // reports an operation only once if statistics make no difference
		for _, rows := range []struct {
			was, is pageRow
			suffix  string
		}{{first.Analyzed[i], last.Analyzed[i], ""}, {first.Bare[i], last.Bare[i], ", not analyzed"}} {
			was, is := rows.was, rows.is
			miss := func(into *[]string, what string, d int64) {
				if said := fmt.Sprintf("%s%s %+d", what, is.Operation, d); d > mostMore && !seen[said] {
					seen[said] = true
					*into = append(*into, fmt.Sprintf("%s%s %+d", is.Operation, rows.suffix, d))
				}
			}
			pages := &late
			if asCounted(is.Operation).ordinary() {
				pages = &more
			}
			miss(pages, "", is.Pages-was.Pages)
			miss(&rest, "beside levels ", is.Pages-is.Levels-was.Pages+was.Levels)
		}
	}
	span := fmt.Sprintf("from %s to %s inodes", count(first.Inodes), count(last.Inodes))
	judge := func(text string, missed []string) {
		slices.Sort(missed)
		fmt.Fprintf(b, "* %s: %s", text, held(len(missed) == 0))
		if len(missed) > 0 {
			b.WriteString(" (" + strings.Join(missed, ", ") + ")")
		}
		b.WriteString("\n")
	}
	judge(fmt.Sprintf("%s an operation touches at most %d pages more", span, mostMore), more)
	judge(fmt.Sprintf("%s so does one that has to compare or to walk first", span), late)
	judge(fmt.Sprintf("%s it touches at most %d pages more beside levels of trees", span, mostMore), rest)
	if len(r.Latencies) > 0 {
		var slow []string
		for _, l := range r.Latencies {
			if m := l.Ratios[len(l.Ratios)-1].Median; m > grownMost {
				slow = append(slow, fmt.Sprintf("%s %.2f", l.Operation, m))
			}
		}
		judge(fmt.Sprintf("%s the median latency becomes at most %g times as long", span, grownMost), slow)
	}
	if w := r.Wide; w != nil {
		fmt.Fprintf(b, "* the rename of a directory of %s files writes one row of inodes: %s\n", count(w.Files), held(w.RenameRows == 1))
		fmt.Fprintf(b, "* its recursive deletion answers before the purge: %s (%.0f ms against %.1f s)\n", held(w.Delete < 1000*w.Purge/2), w.Delete, w.Purge)
	}
	b.WriteString("\n")
}

func (r *report) writeFilled(b *strings.Builder) {
	head(b, "inodes", "copied in s", "bytes for each", "of these inodes", "dirs", "contents", "names", "levels of `inodes_pkey`, `inodes_by_entry`", "fsck in s")
	for _, s := range r.Sizes {
		cells := []string{count(s.Inodes), fmt.Sprintf("%.1f", s.Seconds), fmt.Sprintf("%.0f", s.PerInode)}
		for _, table := range tables {
			cells = append(cells, fmt.Sprintf("%.0f", float64(s.Bytes[table])/float64(s.Inodes)))
		}
		fsck := "–"
		if s.FsckSeconds > 0 {
			fsck = fmt.Sprintf("%.1f", s.FsckSeconds)
		}
		row(b, append(cells, fmt.Sprintf("%d, %d", s.Levels["inodes_pkey"], s.Levels["inodes_by_entry"]), fsck)...)
	}
	fmt.Fprintf(b, "\nOne file in %d has content, %d bytes of it.\n\n", fullEach, fullSize)
}

func (r *report) writePages(b *strings.Builder) {
	cells := []string{"pages touched (of these, levels of trees)"}
	for _, s := range r.Sizes {
		cells = append(cells, count(s.Inodes), "not analyzed")
	}
	head(b, cells...)
	for i, o := range r.Sizes[0].Analyzed {
		cells := []string{o.Operation}
		for _, s := range r.Sizes {
			for _, p := range []pageRow{s.Analyzed[i], s.Bare[i]} {
				cell := fmt.Sprintf("%d (%d)", p.Pages, p.Levels)
				if len(p.Faults) > 0 {
					cell += " **" + strings.Join(p.Faults, ", ") + "**"
				}
				cells = append(cells, cell)
			}
		}
		row(b, cells...)
	}
	b.WriteString("\n")
	last := r.Sizes[len(r.Sizes)-1]
	fmt.Fprintf(b, "Statement by statement, %s inodes, and how many pages more than with %s:\n\n", count(last.Inodes), count(r.Sizes[0].Inodes))
	for i, o := range last.Analyzed {
		var parts []string
		for name, pages := range o.Statements {
			parts = append(parts, fmt.Sprintf("%s %d (%+d)", name, pages, pages-r.Sizes[0].Analyzed[i].Statements[name]))
		}
		slices.Sort(parts)
		fmt.Fprintf(b, "* %s: %s\n", o.Operation, strings.Join(parts, ", "))
	}
	b.WriteString("\n")
}

func (r *report) writeLatencies(b *strings.Builder) {
	if len(r.Latencies) == 0 {
		return
	}
	cells := []string{"median ms, one caller; ratio to the smallest: min / **median** / max"}
	for _, s := range r.Sizes {
		cells = append(cells, count(s.Inodes))
	}
	head(b, cells...)
	for _, l := range r.Latencies {
		cells := []string{l.Operation}
		for i, m := range l.Medians {
			cell := fmt.Sprintf("%.2f", m)
			if i > 0 {
				cell += fmt.Sprintf("; %.2f / **%.2f** / %.2f", l.Ratios[i].Min, l.Ratios[i].Median, l.Ratios[i].Max)
			}
			cells = append(cells, cell)
		}
		row(b, cells...)
	}
	b.WriteString("\n")
}

func (r *report) writeWide(b *strings.Builder) {
	w := r.Wide
	if w == nil {
		return
	}
	files := count(w.Files)
	fmt.Fprintf(b, "Among %s inodes, a directory of %s files:\n\n", count(r.Sizes[len(r.Sizes)-1].Inodes), files)
	fmt.Fprintf(b, "* listed page by page in %.1f s; a page of 1,000 takes %.1f ms at the beginning and %.1f ms at the end\n", w.ListAll, w.ListFirst, w.ListLast)
	fmt.Fprintf(b, "* renamed in %.1f ms, which wrote %d row of inodes\n", w.Rename, w.RenameRows)
	fmt.Fprintf(b, "* content summary in %.0f ms, of the whole project in %.0f ms: both count, with a quota or without\n", w.Summary, w.SummaryAll)
	fmt.Fprintf(b, "* setting a quota counts once, in %.0f ms; what counts against it is known from then on, and asked for in %.1f ms\n", w.SetQuota, w.QuotaUsage)
	fmt.Fprintf(b, "* deleted in %.0f ms; purged after %.1f s, and the index for searching has followed after %.1f s\n", w.Delete, w.Purge, w.Index)
	fmt.Fprintf(b, "* %d directories deep: stat %.2f ms, read %.2f ms; 3 deep %.2f and %.2f ms\n\n", deepLevels, w.StatDeep, w.ReadDeep, w.StatFlat, w.ReadFlat)
	head(b, "what others see, p50 / p99 ms", "create", "stat")
	for _, when := range []string{"before", "during the purge", "while the index follows", "after"} {
		o := w.Others[when]
		row(b, fmt.Sprintf("%s (%d, %d requests)", when, o.Creates, o.Stats), fmt.Sprintf("%.2f / %.1f", o.CreateP50, o.CreateP99), fmt.Sprintf("%.2f / %.1f", o.StatP50, o.StatP99))
	}
	b.WriteString("\n")
}

func (r *report) writeDead(b *strings.Builder) {
	d := r.Dead
	if d == nil {
		return
	}
	fmt.Fprintf(b, "Of %s inodes, all %s of one directory but one were deleted. The first page of its listing then touches %d pages, from the second time on %d, and %d after a vacuum, which touches %d pages and takes %.1f s without pauses. ",
		count(d.Inodes), count(d.Dead), d.First, d.Again, d.Vacuumed, d.Vacuum, d.Seconds)
	fmt.Fprintf(b, "So a thousand deleted files cost whoever comes by %.1f pages each time, and vacuuming costs %.0f pages for each thousand inodes that there are.\n\n",
		float64(d.Again-d.Vacuumed)/float64(d.Dead)*1000, float64(d.Vacuum)/float64(d.Inodes)*1000)
}

func (r *report) writeChurn(b *strings.Builder) {
	if len(r.Churn) == 0 {
		return
	}
	fmt.Fprintf(b, "Files come and go beside %s inodes, %d callers:\n\n", count(r.ChurnSize), churners)
	cells := []string{""}
	for _, c := range r.Churn {
		cells = append(cells, c.Variant)
	}
	head(b, cells...)
	line := func(name string, cell func(c *churnReport) string) {
		cells := []string{name}
		for i := range r.Churn {
			cells = append(cells, cell(&r.Churn[i]))
		}
		row(b, cells...)
	}
	line("changes", func(c *churnReport) string { return fmt.Sprint(c.Changes) })
	line("create, p50 / p99 ms: first quarter, last quarter", func(c *churnReport) string {
		quarter := max(1, len(c.Moments)/4)
		early, late := c.Moments[:quarter], c.Moments[len(c.Moments)-quarter:]
		return fmt.Sprintf("%.2f / %.1f, %.2f / %.1f", middle(early, func(m churnMoment) float64 { return m.CreateP50 }), middle(early, func(m churnMoment) float64 { return m.CreateP99 }),
			middle(late, func(m churnMoment) float64 { return m.CreateP50 }), middle(late, func(m churnMoment) float64 { return m.CreateP99 }))
	})
	line("a page of 1,000 entries of their directory, ms: first quarter, last quarter, most", func(c *churnReport) string {
		quarter := max(1, len(c.Moments)/4)
		list := func(m churnMoment) float64 { return m.List }
		most := 0.0
		for _, m := range c.Moments {
			most = max(most, m.List)
		}
		return fmt.Sprintf("%.1f, %.1f, %.1f", middle(c.Moments[:quarter], list), middle(c.Moments[len(c.Moments)-quarter:], list), most)
	})
	for _, table := range churned {
		line("`"+table+"`: MB before, after; most dead rows; vacuums", func(c *churnReport) string {
			k := c.Table[table]
			return fmt.Sprintf("%.1f, %.1f; %d; %d", float64(c.Before[table])/1e6, float64(k.Bytes+k.Indexes)/1e6, k.Most, k.Vacuums)
		})
	}
	b.WriteString("\n")
}

// middle returns the median of a figure over moments.
func middle(all []churnMoment, figure func(churnMoment) float64) float64 {
	var values []float64
	for _, m := range all {
		values = append(values, figure(m))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
