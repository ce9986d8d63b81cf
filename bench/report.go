package main

import (
	"encoding/json"
	"os"
	"regexp"
	"time"
)

// report is everything about one comparison that a sceptic may want to know, as written to JSON.
type report struct {
	Date     time.Time      `json:"date"`
	Commit   string         `json:"commit"` // of Granary and of the benchmark
	Machine  machine        `json:"machine"`
	Load     []string       `json:"loadAverage"` // of the last minute, before each round and after the last one
	Rounds   int            `json:"rounds"`
	Duration string         `json:"duration"` // of one run
	Warm     int            `json:"warmUpOperations"`
	Servers  []serverReport `json:"servers"` // the others are compared with the first one
	Seed     uint64         `json:"seed"`
	Judged   []condition    `json:"conditions"`
	Rows     []rowReport    `json:"rows"`
	Loader   *loaderReport  `json:"loader,omitempty"`

	plot string // the file of the plot, if there is one
}

type serverReport struct {
	Name  string   `json:"name"`
	Facts []string `json:"facts"`
}

// rowReport is one row of the table. Its lists are in the order of the servers; the ratios leave out the first server.
type rowReport struct {
	Name      string     `json:"name"`
	Op        string     `json:"op"`
	Size      int64      `json:"size"` // of the file, in bytes
	Clients   int        `json:"clients"`
	Samples   [][]sample `json:"samples"`             // by server, then by round
	Ratios    []spread   `json:"ratios"`              // operations per second, the first server's over the other's in the same round
	P99Ratios []spread   `json:"p99Ratios,omitempty"` // likewise of p99 latency; none for operations that run once per round
	Aim       *aimReport `json:"aim,omitempty"`
}

// newReport computes the report of what was measured. loader may be nil.
func newReport(p plan, targets []*target, rows []row, loader *loaderReport) report {
	r := report{Rounds: p.rounds, Duration: p.duration.String(), Warm: p.warm, Seed: p.seed, Loader: loader}
	for _, t := range targets {
		r.Servers = append(r.Servers, serverReport{t.name, t.facts})
	}
	for _, row := range rows {
		s, ours := row.scenario, row.samples[0]
		line := rowReport{Name: s.String(), Op: s.op.name, Size: s.size, Clients: s.clients, Samples: row.samples}
		for _, theirs := range row.samples[1:] {
			line.Ratios = append(line.Ratios, ratios(ours, theirs, perSecond))
			if !s.op.large {
				line.P99Ratios = append(line.P99Ratios, ratios(ours, theirs, p99))
			}
		}
		r.Rows = append(r.Rows, line)
	}
	r.against(nameHDFS, func(_ rowReport, k, i int) {
		if a, found := aimFor(rows[k].scenario); found {
			r.Rows[k].Aim = a.judge(rows[k].samples[0], rows[k].samples[i])
		}
	})
	r.Judged = r.judge()
	return r
}

// inner matches an innermost object in a JSON text, and space a line break in it, with the indentation after it.
var (
	inner = regexp.MustCompile(`\{[^{}\[\]]*\}`)
	space = regexp.MustCompile(`\n\s*`)
)

// writeJSON writes the report to a file.
func (r report) writeJSON(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	// A sample goes on a single line, since there are thousands.
	text = inner.ReplaceAllFunc(text, func(object []byte) []byte { return space.ReplaceAll(object, []byte(" ")) })
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
