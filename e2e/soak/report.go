package main

import (
	"fmt"
	"strings"
	"time"

	"granary/e2e/marks"
)

// report is the result of a soak.
type report struct {
	began      time.Time
	took       time.Duration
	commit     string
	version    string // of Go
	system     string
	processors int
	rows       []row
}

// markdown renders the report.
func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, commit %s, %s on %s with %d processors, %v in all. Everything passed.\n\n",
		r.began.UTC().Format(time.DateOnly), r.commit, r.version, r.system, r.processors, r.took.Round(time.Second))
	b.WriteString("| what | found | took |\n|---|---|---|\n")
	for _, row := range r.rows {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(row.What), cell(row.Found), cell(row.Took))
	}
	return b.String()
}

// cell escapes a text for a cell of the table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// between puts result between the marks of a document.
func between(document, result string) (string, error) {
	return marks.Between(document, "soak", "make soak", result)
}
