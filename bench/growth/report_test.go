package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sample is a report of two sizes, in which an operation of ten pages comes to touch some more, of which some are levels of trees.
func sample(more, levels int64, slower float64) *report {
	rows := func(pages, levels int64) []pageRow {
		return []pageRow{{Operation: "stat", Pages: pages, Levels: levels, Statements: map[string]int64{"compare": pages}}}
	}
	moments := []churnMoment{{Second: 5, Dead: map[string]int64{"inodes": 3}, Bytes: map[string]int64{"inodes": 9}}, {Second: 10}}
	return &report{
		Sizes: []sizeReport{
			{filled: filled{Inodes: 10_000}, Bare: rows(10, 4), Analyzed: rows(10, 4)},
			{filled: filled{Inodes: 1_000_000}, Bare: rows(10, 4), Analyzed: rows(10+more, 4+levels)},
		},
		Latencies: []latencyRow{{Operation: "stat", Medians: []float64{1, slower}, Ratios: []spread{{1, 1, 1}, {slower, slower, slower}}}},
		Wide:      &wideReport{Files: 1000, RenameRows: 1, Delete: 5, Purge: 2, Windows: []window{{-1, others{CreateP50: 1, CreateP99: 2, StatP50: 1, StatP99: 2}}, {0, others{}}}},
		Dead:      &deadReport{Inodes: 100, Dead: 10},
		Churn:     []churnReport{{Variant: "this", Moments: moments, Table: map[string]kept{}}},
	}
}

func TestConditionsAreJudged(t *testing.T) {
	for _, tt := range []struct {
		name         string
		more, levels int64
		bare         int64 // more pages without statistics
		slower       float64
		want         []string
	}{
		{"all held", 2, 0, 0, 1.5, []string{
			"touches at most 2 pages more: held", "beside levels of trees: held", "1.5 times as long: held", "writes one row of inodes: held",
		}},
		{"a level", 3, 1, 0, 1, []string{"touches at most 2 pages more: **missed** (stat +3)", "beside levels of trees: held"}},
		{"more", 3, 0, 0, 1.6, []string{"beside levels of trees: **missed** (stat +3)", "1.5 times as long: **missed** (stat 1.60)"}},
		{"more without statistics", 0, 0, 4, 1, []string{"touches at most 2 pages more: **missed** (stat, not analyzed +4)"}},
		{"more with statistics and without", 3, 0, 4, 1, []string{"touches at most 2 pages more: **missed** (stat +3, stat, not analyzed +4)"}},
		{"as much more", 3, 0, 3, 1, []string{"touches at most 2 pages more: **missed** (stat +3)"}},
	} {
		r := sample(tt.more, tt.levels, tt.slower)
		r.Sizes[1].Bare[0].Pages += tt.bare
		text := r.markdown("growth.json", "growth.png")
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page has no %q:\n%s", tt.name, want, text)
			}
		}
	}
}

func TestAReportIsWritten(t *testing.T) {
	dir := t.TempDir()
	s := &settings{json: filepath.Join(dir, "g.json"), plot: filepath.Join(dir, "g.png"), page: filepath.Join(dir, "page.md")}
	r := sample(0, 0, 1)
	if err := r.write(&strings.Builder{}, s); err == nil {
		t.Error("a page that is not there was written")
	}
	must(t, os.WriteFile(s.page, []byte("before\n"+beginMark+"old\n"+endMark+"after\n"), 0o600))
	must(t, r.write(&strings.Builder{}, s))
	page, err := os.ReadFile(s.page)
	must(t, err)
	if text := string(page); !strings.HasPrefix(text, "before\n"+beginMark) || !strings.HasSuffix(text, endMark+"after\n") || strings.Contains(text, "old") || !strings.Contains(text, "held") {
		t.Errorf("the page is\n%s", text)
	}
	text, err := os.ReadFile(s.json)
	must(t, err)
	var again report
	if err := json.Unmarshal(text, &again); err != nil || len(again.Sizes) != 2 || again.Sizes[1].Inodes != 1_000_000 {
		t.Errorf("%v: %s", err, text)
	}
	if picture, err := os.ReadFile(s.plot); err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Errorf("%v, %d bytes", err, len(picture))
	}
}

func TestBadArgumentsAreRefused(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"-sizes ten", `"ten" is not a number`},
		{"-sizes 20000,10000", "must grow"},
		{"-sizes 2000", "too few"},
		{"-rounds 0", "at least 1"},
		{"more", "an argument too many"},
	} {
		if _, err := parse(strings.Fields(tt.args)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.args, err)
		}
	}
}

func TestWhatIsNotTheOperationsIsLeftOut(t *testing.T) {
	statements := map[string]*touched{
		"walk":      {pages: []int64{9, 5, 7}, levels: []int64{3, 1, 2}, faults: map[string]struct{}{"walk reads all of dirs": {}}},
		"heartbeat": {pages: []int64{100}, levels: []int64{0}},
	}
	if row := summed("stat", statements, 3, false); row.Pages != 7 || row.Levels != 2 || len(row.Statements) != 1 || len(row.Faults) != 1 {
		t.Errorf("%+v", row)
	}
	statements["record accesses"] = &touched{pages: []int64{100, 100}, levels: []int64{0, 0}}
	if row := summed("stat", statements, 3, true); row.Pages != 5 || row.Levels != 1 {
		t.Errorf("the least: %+v", row)
	}
	if p := percentile([]time.Duration{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}, 50); p != 2 {
		t.Errorf("the median is %v", p)
	}
}
