package main

import (
	"fmt"
	"slices"
	"strings"
)

// loaderWanted is how many times as many files per second a loader should get in batches from Granary as it gets from HDFS.
const loaderWanted = 20

// loaderReport is the result of reading all of many small files in shuffled order.
type loaderReport struct {
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"` // of all files
	Batch   int            `json:"batch"` // files of one batch
	Readers []readerReport `json:"readers"`
}

type readerReport struct {
	Server  string  `json:"server"`
	How     string  `json:"how"`
	Callers int     `json:"callers"`
	Passes  []pass  `json:"passes"`          // one for each round
	Ratio   *spread `json:"ratio,omitempty"` // files per second, over HDFS's in the same round
}

// sum computes the ratios, if an HDFS was read.
func (l *loaderReport) sum() {
	i := slices.IndexFunc(l.Readers, func(r readerReport) bool { return r.Server == nameHDFS })
	if i < 0 {
		return
	}
	for k := range l.Readers {
		if k == i {
			continue
		}
		each := make([]float64, len(l.Readers[k].Passes))
		for n := range each {
			each[n] = l.Readers[k].Passes[n].PerSec / l.Readers[i].Passes[n].PerSec
		}
		s := newSpread(each)
		l.Readers[k].Ratio = &s
	}
}

// judgeLoader compares the rate of batch-read with that of HDFS.
func (r report) judgeLoader() condition {
	c := condition{Text: fmt.Sprintf("a data loader gets at least %d times as many files a second by batch-read as from HDFS", loaderWanted)}
	failed := false
	if r.Loader != nil {
		for _, q := range r.Loader.Readers {
			if q.Server == nameGranary && q.How == howBatch && q.Ratio != nil {
				failed = failed || q.Ratio.Median < loaderWanted
				c.Figures = append(c.Figures, digits(q.Ratio.Median)+" times")
			}
		}
	}
	c.Verdict = verdict(len(c.Figures), failed)
	return c
}

// writeLoader writes the table of the data loader.
func (r report) writeLoader(b *strings.Builder) {
	l := r.Loader
	if l == nil {
		return
	}
	fmt.Fprintf(b, "\nA data loader: %d files of 1 to 8 KiB, %.0f MB in all, read in shuffled order. A batch has %d files.\n\n", l.Files, float64(l.Bytes)/1e6, l.Batch)
	line(b, []string{"from", "how", "callers", "files/s", "MB/s", "over HDFS: min / **median** / max", "client µs a file"})
	line(b, append([]string{"---", "---"}, repeat("--:", 5)...))
	for _, q := range l.Readers {
		figure := func(of func(pass) float64) string {
			v := make([]float64, len(q.Passes))
			for i, p := range q.Passes {
				v[i] = of(p)
			}
			return digits(newSpread(v).Median)
		}
		ratio := "–"
		if q.Ratio != nil {
			ratio = ratioText(*q.Ratio)
		}
		line(b, []string{
			q.Server, q.How, fmt.Sprint(q.Callers),
			figure(func(p pass) float64 { return p.PerSec }), figure(func(p pass) float64 { return p.MBPerS }),
			ratio, figure(func(p pass) float64 { return p.Client }),
		})
	}
}
