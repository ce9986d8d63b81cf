package oracle

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// golden loads the recorded answers.
func golden(t *testing.T) Golden {
	t.Helper()
	g, err := Load("testdata", Ops())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGoldenFilesFitTheTables fails when a sequence has changed since it was recorded, has none or is gone.
func TestGoldenFilesFitTheTables(t *testing.T) {
	recorded := golden(t)
	sequences := Sequences()
	for _, q := range sequences {
		answers, ok := recorded[q.Op][q.Name]
		if !ok {
			t.Errorf("%s/%s was never recorded", q.Op, q.Name)
			continue
		}
		script, err := steps(q.Script)
		if err != nil {
			t.Errorf("%s/%s: %v", q.Op, q.Name, err)
			continue
		}
		if len(script) != len(answers) {
			t.Errorf("%s/%s: %d lines, but %d recorded answers", q.Op, q.Name, len(script), len(answers))
			continue
		}
		for i, s := range script {
			if printable(s.line) != answers[i].Request {
				t.Errorf("%s/%s: line %q was recorded as %q", q.Op, q.Name, s.line, answers[i].Request)
			}
		}
	}
	count := 0
	for _, answers := range recorded {
		count += len(answers)
	}
	if count != len(sequences) {
		t.Errorf("%d recorded sequences, but the tables hold %d: some are gone", count, len(sequences))
	}
}

// TestSequencesAreIndependent fails when two sequences share a directory or a name.
func TestSequencesAreIndependent(t *testing.T) {
	seen := map[string]string{}
	for _, q := range Sequences() {
		if other, ok := seen[q.Dir()]; ok {
			t.Errorf("%s/%s and %s use %s", q.Op, q.Name, other, q.Dir())
		}
		seen[q.Dir()] = q.Op + "/" + q.Name
	}
}

// TestGoldenFilesAreRendered fails when a golden file is not what saving it again would write.
func TestGoldenFilesAreRendered(t *testing.T) {
	for op, sequences := range golden(t) {
		want, err := render(sequences)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile("testdata/" + op + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("testdata/%s.json was edited by hand; record it again", op)
		}
	}
}

// TestDifferencesAreDocumented holds the table and docs/differences.md together, in both directions, and short.
func TestDifferencesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	used := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if id, ok := strings.CutPrefix(line, "## "); ok {
			headings[strings.TrimSpace(id)] = true
		}
	}
	for _, d := range Differences {
		if !headings[d.ID] {
			t.Errorf("difference %s has no heading in docs/differences.md", d.ID)
		}
		used[d.ID] = true
	}
	for id := range headings {
		if !used[id] {
			t.Errorf("docs/differences.md describes %s, which no difference refers to", id)
		}
	}
	if len(headings) > 25 {
		t.Errorf("%d differences: a drop-in replacement has at most 25", len(headings))
	}
}

// TestDifferencesApply fails for a difference that fits no recorded reply: HDFS does not do what it departs from.
func TestDifferencesApply(t *testing.T) {
	recorded := golden(t)
	for _, d := range Differences {
		if !d.applies(recorded) {
			t.Errorf("difference %s (where %s, field %q) fits nothing that HDFS said", d.ID, d.where, d.field)
		}
	}
}

// applies reports whether d's side of HDFS fits a recorded answer.
func (d Difference) applies(recorded Golden) bool {
	for op, sequences := range recorded {
		for name, answers := range sequences {
			for _, a := range answers {
				if !regexp.MustCompile(d.where).MatchString(op + "/" + name + ": " + a.Request) {
					continue
				}
				if slices.ContainsFunc(a.Replies, func(r Reply) bool { return d.departsFrom(a, r) }) {
					return true
				}
			}
		}
	}
	return false
}

// departsFrom reports whether d would replace a field of r, one of a's replies.
func (d Difference) departsFrom(a Answer, r Reply) bool {
	value := ""
	header, isHeader := strings.CutPrefix(d.field, "header ")
	path, isJSON := strings.CutPrefix(d.field, "json.")
	switch {
	case d.field == "":
		whole, err := compact(r)
		if err != nil {
			return false
		}
		value = string(whole)
	case d.field == "replies":
		value = strconv.Itoa(len(a.Replies))
	case isHeader:
		value = r.Header[header]
	case isJSON:
		member := r.JSON
		for name := range strings.SplitSeq(path, ".") {
			all, _ := members(member)
			member = all[name]
		}
		if member == nil {
			return false
		}
		value = string(member)
	}
	return regexp.MustCompile(d.hdfs).MatchString(value)
}
