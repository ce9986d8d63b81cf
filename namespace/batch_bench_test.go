package namespace

import (
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"granary/auth"
)

// What a file of 1 to 8 KB costs in a batch, and read by itself, in shuffled order. The two alternate, in rounds of 2,000
// files; the audit knows all of them from the first round on, as it does in all but the first epoch of a training.
func BenchmarkBatchRead(b *testing.B) {
	fs := newFS(b)
	const dirs, each, round = 60, 100, 2_000
	must(b, fs.auth.AddUser(b.Context(), auth.User{Name: "ada"}))
	must(b, fs.makeProject(b.Context(), "vision", "ada"))
	random := rand.New(rand.NewPCG(1, 2))
	var names []string
	for d := range dirs {
		for f := range each {
			names = append(names, fmt.Sprintf("/Projects/vision/train/%d/%d.jpg", d, f))
		}
	}
	var making sync.WaitGroup
	for i := range 8 {
		making.Go(func() {
			s := fs.as(b, "ada")
			for j := i; j < len(names); j += 8 {
				s.put(b, names[j], pattern(1000+j*7%7000))
			}
		})
	}
	making.Wait()
	fs.exec(b, `ANALYZE`)
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	s := fs.as(b, "ada")
	batch := func(some []string) error {
		return s.ReadBatch(b.Context(), some, func(f *BatchFile) error {
			if f.Err != nil {
				return f.Err
			}
			return f.WriteContent(b.Context(), io.Discard)
		})
	}
	alone := func(some []string) error {
		for _, name := range some {
			if _, err := read(b.Context(), s, at(name)); err != nil {
				return err
			}
		}
		return nil
	}
	must(b, batch(names))
	var took [2]time.Duration
	files := 0
	for b.Loop() {
		from := random.IntN(len(names) - round)
		for i, way := range []func([]string) error{batch, alone} {
			start := time.Now()
			must(b, way(names[from:from+round]))
			took[i] += time.Since(start)
		}
		files += round
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took[0].Microseconds())/float64(files), "µs/file-in-a-batch")
	b.ReportMetric(float64(took[1].Microseconds())/float64(files), "µs/file-alone")
}
