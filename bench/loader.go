package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// What a data loader for machine learning does in an epoch: it reads all of many small files, each time in another order.
const (
	loaderDir     = 1000    // files of each directory
	loaderLow     = 1 << 10 // bytes of the smallest file
	loaderHigh    = 8 << 10 // bytes of the largest file
	loaderClients = 16      // callers that read one file after the other
	loaderWorkers = 4       // callers that read batches, like the worker processes of a loader
	loaderBatch   = 1000    // files of a batch
	loaderRun     = 1<<20 - 2

	maxLoaderFiles = 1_000_000
	loaderLimit    = 20 * time.Minute // for one pass over all files
)

// loaderSet is the set of files.
type loaderSet struct {
	files []content
	seed  uint64
}

// newLoaderSet plans n files, whose sizes follow from the seed.
func newLoaderSet(n int, seed uint64) loaderSet {
	rng := rand.New(rand.NewPCG(seed, loaderRun))
	s := loaderSet{seed: seed}
	for i := range n {
		s.files = append(s.files, written(loaderRun, 0, i, loaderLow+rng.Int64N(loaderHigh-loaderLow+1)))
	}
	return s
}

func (s loaderSet) bytes() (sum int64) {
	for _, f := range s.files {
		sum += f.size
	}
	return sum
}

// order returns the order of a round, which is the same for all readers.
func (s loaderSet) order(round int) []int {
	return rand.New(rand.NewPCG(s.seed, uint64(round))).Perm(len(s.files))
}

// path returns the path of file i under top.
func (s loaderSet) path(top string, i int) string {
	return top + "/class-" + strconv.Itoa(i/loaderDir) + "/sample-" + strconv.Itoa(i)
}

// reader is a way to read the files. pass reads some of them in the given order and measures that.
type reader struct {
	server  string
	how     string
	callers int
	pass    func(ctx context.Context, order []int) (pass, error)
}

// The ways to read.
const (
	howSingle = "one by one"
	howBatch  = "batch-read"
)

// pass is the measurement of one pass over files.
type pass struct {
	Files   int     `json:"files"`
	Seconds float64 `json:"seconds"`
	PerSec  float64 `json:"filesPerSecond"`
	MBPerS  float64 `json:"megabytesPerSecond"` // 10⁶ bytes
	Client  float64 `json:"clientMicroseconds"` // processor time of the client per file
}

func (s loaderSet) newPass(order []int, elapsed, spent time.Duration) pass {
	bytes := int64(0)
	for _, i := range order {
		bytes += s.files[i].size
	}
	n := float64(len(order))
	return pass{
		Files: len(order), Seconds: elapsed.Seconds(), PerSec: n / elapsed.Seconds(), MBPerS: float64(bytes) / 1e6 / elapsed.Seconds(),
		Client: float64(spent) / float64(time.Microsecond) / n,
	}
}

// write writes the files to a server.
func (s loaderSet) write(ctx context.Context, b *bed, top string) error {
	dirs := (len(s.files) + loaderDir - 1) / loaderDir
	err := b.each(ctx, dirs, func(c *client, k int) error { return c.mkdirs(filepath.Dir(s.path(top, k*loaderDir))) })
	if err != nil {
		return err
	}
	return b.each(ctx, len(s.files), func(c *client, k int) error { return c.createOneHop(s.path(top, k), s.files[k]) })
}

// readers writes the files to a server and returns the ways to read them there.
func (s loaderSet) readers(ctx context.Context, b *bed) ([]reader, error) {
	top := b.top + "/loader"
	if err := s.write(ctx, b, top); err != nil {
		return nil, err
	}
	share := func(clients, units int, order []int, act func(c *client, unit int) error) (pass, error) {
		l := load{clients: clients, most: (units + clients - 1) / clients, limit: largeLimit}
		l.act = func(c *client, w, i int) error {
			if unit := i*clients + w; unit < units {
				return act(c, unit)
			}
			return nil
		}
		got, err := run(ctx, b.to, l, loaderLimit)
		if err == nil && got.Ops < l.most*clients {
			err = fmt.Errorf("%s: a pass over %d files took more than %s", b.to.name, len(order), loaderLimit)
		}
		return s.newPass(order, time.Duration(got.Seconds*float64(time.Second)), time.Duration(got.Client*float64(got.Ops)*float64(time.Microsecond))), err
	}
	all := []reader{{b.to.name, howSingle, loaderClients, func(_ context.Context, order []int) (pass, error) {
		return share(loaderClients, len(order), order, func(c *client, k int) error {
			return c.read(s.path(top, order[k]), s.files[order[k]])
		})
	}}}
	batches := false
	err := b.borrow(ctx, func(c *client) (err error) {
		batches, err = c.batches(s.path(top, 0), s.files[0])
		return err
	})
	if err != nil || !batches {
		return all, err
	}
	return append(all, reader{b.to.name, howBatch, loaderWorkers, func(_ context.Context, order []int) (pass, error) {
		return share(loaderWorkers, (len(order)+loaderBatch-1)/loaderBatch, order, func(c *client, k int) error {
			some := order[k*loaderBatch : min((k+1)*loaderBatch, len(order))]
			paths, want := make([]string, len(some)), make([]content, len(some))
			for j, i := range some {
				paths[j], want[j] = s.path(top, i), s.files[i]
			}
			return c.readBatch(paths, want)
		})
	}}), nil
}

// local writes the files into a folder of this machine and returns the way to read them there. The returned function deletes
// them.
func (s loaderSet) local(dir string) (reader, func() error, error) {
	top, err := os.MkdirTemp(dir, "bench-loader-")
	if err != nil {
		return reader{}, nil, err
	}
	stop := func() error { return os.RemoveAll(top) }
	for i, body := range s.files {
		if i%loaderDir == 0 {
			if err := os.Mkdir(filepath.Dir(s.path(top, i)), 0o755); err != nil {
				return reader{}, nil, errors.Join(err, stop())
			}
		}
		if err := writeLocal(s.path(top, i), body); err != nil {
			return reader{}, nil, errors.Join(err, stop())
		}
	}
	return reader{"local disk", howSingle, loaderClients, func(ctx context.Context, order []int) (pass, error) {
		var (
			readers sync.WaitGroup
			errs    = make([]error, loaderClients)
			spent   = processorTime()
			begun   = time.Now()
		)
		for w := range loaderClients {
			readers.Go(func() {
				buf := make([]byte, pieceSize)
				for k := w; k < len(order) && errs[w] == nil && ctx.Err() == nil; k += loaderClients {
					errs[w] = readLocal(s.path(top, order[k]), s.files[order[k]], buf)
				}
			})
		}
		readers.Wait()
		if ctx.Err() != nil {
			return pass{}, context.Cause(ctx)
		}
		return s.newPass(order, time.Since(begun), processorTime()-spent), errors.Join(errs...)
	}}, stop, nil
}

func writeLocal(path string, body content) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = body.WriteTo(f)
	return err
}

func readLocal(path string, want content, buf []byte) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := want.compare(f, buf); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// measureLoader goes through the plan's rounds. In each round all readers read all files in the same shuffled order, taking
// turns. Before the first round, each reads as many files as the plan warms up with.
func measureLoader(ctx context.Context, p plan, set loaderSet, beds []*bed, disk reader, out io.Writer) (*loaderReport, error) {
	readers := []reader{disk}
	for _, b := range beds {
		if b.to.name == nameHTTPFS { // it serves the same files as HDFS
			continue
		}
		if err := b.to.renew(); err != nil {
			return nil, fmt.Errorf("%s: %w", b.to.name, err)
		}
		some, err := set.readers(ctx, b)
		if err != nil {
			return nil, err
		}
		readers = append(readers, some...)
		fmt.Fprintf(out, "loader   %-14s %d files are there\n", b.to.name, len(set.files))
	}
	r := &loaderReport{Files: len(set.files), Bytes: set.bytes(), Batch: loaderBatch}
	for _, q := range readers {
		r.Readers = append(r.Readers, readerReport{Server: q.server, How: q.how, Callers: q.callers})
	}
	for round := range p.rounds + 1 {
		files := set.order(round)
		if round == 0 { // the warm-up is not counted
			files = files[:min(p.warm, len(files))]
		}
		if len(files) == 0 {
			continue
		}
		for _, b := range beds {
			if err := b.to.renew(); err != nil {
				return nil, fmt.Errorf("%s: %w", b.to.name, err)
			}
		}
		for _, i := range order(len(readers), round) {
			got, err := readers[i].pass(ctx, files)
			if err != nil {
				return nil, fmt.Errorf("loader, round %d: %w", round, err)
			}
			if round > 0 {
				r.Readers[i].Passes = append(r.Readers[i].Passes, got)
				fmt.Fprintf(out, "round %d  loader, %-24s %3d callers  %-14s %9.1f files/s\n", round, readers[i].how, readers[i].callers, readers[i].server, got.PerSec)
			}
		}
	}
	r.sum()
	return r, nil
}
