package main

import (
	"encoding/json"
	"os"
	"regexp"
	"time"
)

// report is everything that a sceptic may want to know about one comparison, as it is written to JSON.
type report struct {
	Date     time.Time      `json:"date"`
	Commit   string         `json:"commit"` // of Granary and of the benchmark
	Machine  machine        `json:"machine"`
	Load     []string       `json:"loadAverage"` // of the last minute, before each round and after the last
	Rounds   int            `json:"rounds"`
	Duration string         `json:"duration"` // of one run
	Warm     int            `json:"warmUpOperations"`
	Servers  []serverReport `json:"servers"` // the first is what the others are compared with
	Seed     uint64         `json:"seed"`
	Judged   []condition    `json:"conditions"`
	Rows     []rowReport    `json:"rows"`
	Loader   *loaderReport  `json:"loader,omitempty"`

	plot string // the file of the plot, if one is drawn
}

type serverReport struct {
	Name  string   `json:"name"`
	Facts []string `json:"facts"`
}

// rowReport is one row of the table. Its lists go by the servers' order; in the ratios the first server is left out.
type rowReport struct {
	Name      string     `json:"name"`
	Op        string     `json:"op"`
	Size      int64      `json:"size"` // of the file, in bytes
	Clients   int        `json:"clients"`
	Samples   [][]sample `json:"samples"`             // of each server, of each round
	Ratios    []spread   `json:"ratios"`              // operations a second, the first server's over the other's in the same round
	P99Ratios []spread   `json:"p99Ratios,omitempty"` // latency, likewise; there is none of one operation a round
	Aim       *aimReport `json:"aim,omitempty"`
}

// newReport sums up what was measured. There may be no loader.
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

// inner is the innermost object of a JSON text that is spread over lines, and space where a line ends in it.
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
	// A sample is read as a whole, and there are thousands.
	text = inner.ReplaceAllFunc(text, func(object []byte) []byte { return space.ReplaceAll(object, []byte(" ")) })
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
