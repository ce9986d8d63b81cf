package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// report is what a soak found.
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
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(row.what), cell(row.found), cell(row.took))
	}
	return b.String()
}

// cell keeps a text inside its cell.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// The marks stand on lines of their own.
const (
	mark    = "<!-- soak: written by make soak -->\n"
	endMark = "<!-- soak: end -->\n"
)

// between puts result between the marks of a document.
func between(document, result string) (string, error) {
	before, rest, found := strings.Cut(document, mark)
	_, after, ended := strings.Cut(rest, endMark)
	if !found || !ended {
		return "", errors.New("the marks between which the result is to stand are missing: " + strings.TrimSpace(mark) + " and " + strings.TrimSpace(endMark))
	}
	return before + mark + result + endMark + after, nil
}
