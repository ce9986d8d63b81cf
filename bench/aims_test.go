package main

import (
	"slices"
	"strings"
	"testing"
)

// measured is a report of everything on Granary, an HDFS, the null server and an older build, in which Granary has so
// many times the rate of HDFS and so many of the null server's in every row, and such parts of HDFS's latency.
func measured(t *testing.T, hdfs, null, latency, idle float64) report {
	t.Helper()
	rows, err := newPlan(operationNames(), []int{1, 16, 64}, []int64{4 << 10, 1 << 20, 64 << 10}, 256<<20)
	if err != nil {
		t.Fatal(err)
	}
	var all []row
	for _, s := range rows {
		one := func(rate, latency float64) []sample {
			return []sample{{PerSec: rate, P50: latency, P99: latency * 2}, {PerSec: rate, P50: latency, P99: latency * 2}}
		}
		all = append(all, row{s, [][]sample{one(100, 10*latency), one(100/hdfs, 10), one(100/null, 1), one(100, 10*latency/idle)}})
	}
	return newReport(plan{rounds: 2}, []*target{{name: nameGranary}, {name: nameHDFS}, {name: nameNull}, {name: nameBefore}}, all, nil)
}

func verdicts(r report) string {
	var all []string
	for _, c := range r.Judged {
		all = append(all, c.Verdict)
	}
	return strings.Join(all, ", ")
}

func TestJudge(t *testing.T) {
	for name, test := range map[string]struct {
		hdfs, null, latency, idle float64
		want                      string
	}{
		"all held":          {66, 0.41, 0.05, 1, "held, held, held, held, held, held, not measured"},
		"floors":            {30, 0.41, 0.05, 1, "held, held, held, held, held, held, not measured"},
		"below one floor":   {29, 0.41, 0.05, 1, "not held, held, held, held, held, held, not measured"},
		"few goals":         {5, 0.41, 0.05, 1, "not held, not held, held, held, held, held, not measured"},
		"null in create":    {66, 0.39, 0.05, 1, "held, held, not held, held, held, held, not measured"},
		"null in stat":      {66, 0.34, 0.05, 1, "held, held, not held, held, held, held, not measured"},
		"p99 of small":      {66, 0.41, 0.26, 1, "not held, not held, held, not held, held, held, not measured"},
		"p99 of all":        {66, 0.41, 1.01, 1, "not held, not held, held, not held, not held, held, not measured"},
		"longer than ever":  {66, 0.41, 0.05, 1.06, "held, held, held, held, held, not held, not measured"},
		"within the noise":  {66, 0.41, 0.05, 1.04, "held, held, held, held, held, held, not measured"},
		"quicker than ever": {66, 0.41, 0.05, 0.5, "held, held, held, held, held, held, not measured"},
	} {
		r := measured(t, test.hdfs, test.null, test.latency, test.idle)
		if strings.HasPrefix(name, "p99") {
			// The median latency of a lone client has an aim, too; it is not what is tested.
			if got := verdicts(r); !strings.HasSuffix(test.want, strings.Join(strings.Split(got, ", ")[2:], ", ")) {
				t.Errorf("%s: the verdicts are %s, want %s", name, got, test.want)
			}
			continue
		}
		if got := verdicts(r); got != test.want {
			t.Errorf("%s: the verdicts are %s, want %s", name, got, test.want)
		}
	}
}

// What was not measured, or not as a whole, is not held.
func TestPartsAreNotJudged(t *testing.T) {
	whole := measured(t, 66, 0.41, 0.05, 1)
	for name, test := range map[string]struct {
		drop func(rowReport) bool
		want string
	}{
		"nothing":       {func(rowReport) bool { return true }, "not measured, not measured, not measured, not measured, not measured, not measured, not measured"},
		"no 64 clients": {func(row rowReport) bool { return row.Clients == 64 }, "not measured, not measured, held, not measured, not measured, held, not measured"},
		"no one client": {func(row rowReport) bool { return row.Clients == 1 && row.Op == "stat" }, "not measured, held, held, held, held, held, not measured"},
		"no ranges":     {func(row rowReport) bool { return row.Op == "ranges" }, "not measured, held, held, held, held, held, not measured"},
	} {
		part := whole
		part.Rows = slices.DeleteFunc(slices.Clone(whole.Rows), test.drop)
		part.Judged = part.judge()
		if got := verdicts(part); got != test.want {
			t.Errorf("%s: the verdicts are %s, want %s", name, got, test.want)
		}
	}
}

// Each of the aims is that of a row that can be measured, at the numbers of clients that it is meant for.
func TestAimsHaveRows(t *testing.T) {
	r := measured(t, 1, 1, 1, 1)
	clients := map[string][]int{}
	for _, row := range r.Rows {
		if row.Aim != nil {
			name := row.Aim.Line + ": " + row.Name
			clients[name] = append(clients[name], row.Clients)
		}
	}
	if len(clients) != len(aims) {
		t.Errorf("%d of %d aims have rows: %v", len(clients), len(aims), clients)
	}
	for name, got := range clients {
		want := []int{16, 64}
		if strings.HasPrefix(name, "one client") || strings.HasPrefix(name, "write, read large") {
			want = []int{1}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has its aim at %v clients, want %v", name, got, want)
		}
	}
	if lines := r.aimLines(); len(lines) != 13 {
		t.Errorf("there are %d lines of aims, want 13", len(lines))
	}
}
