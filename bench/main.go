package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// totalLimit bounds a whole comparison.
const totalLimit = 3 * time.Hour

// clearLimit bounds the clean-up, which happens even after an interrupt.
const clearLimit = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the command-line flags.
type settings struct {
	granary, before, hdfs, httpfs string
	null, serveNull               bool
	data, under                   string

	loader                     bool
	loaderFiles                int
	ops, clients, sizes, large string
	plan                       plan

	commit, json, plot, page string
}

func parse(args []string) (*settings, error) {
	s := &settings{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&s.granary, "granary", "", "measure Granary, started from this binary")
	f.StringVar(&s.before, "before", "", "measure another build of Granary too, from this binary: what a change did")
	f.StringVar(&s.hdfs, "hdfs", "", "measure the tuned HDFS whose NameNode has this URL, http://127.0.0.1:9870")
	f.StringVar(&s.httpfs, "httpfs", "", "measure the HttpFS at this URL, in front of the same HDFS")
	f.BoolVar(&s.null, "null", false, "measure an empty server, for the ceiling")
	f.BoolVar(&s.serveNull, "serve-null", false, "be the empty server, and nothing else")
	f.StringVar(&s.data, "data", os.TempDir(), "folder to put Granary's data folder in; it must be on a disk")
	f.StringVar(&s.under, "under", "/tmp", "directory of the servers to work in, in a new directory; anybody may write to /tmp on all of them")

	f.StringVar(&s.ops, "ops", strings.Join(operationNames(), ","), "operations; create1 is create in one hop, none is none")
	f.BoolVar(&s.loader, "loader", false, "read many small files in shuffled order, too, as a data loader does")
	f.IntVar(&s.loaderFiles, "loader-files", 60_000, "how many")
	f.StringVar(&s.clients, "clients", "16", "numbers of clients, such as 1,16,64")
	f.StringVar(&s.sizes, "sizes", "4KiB", "sizes of small files, such as 4KiB,1KiB,64KiB,1MiB; the first counts for operations that are measured with one size")
	f.StringVar(&s.large, "large", "256MiB", "size of the large file")
	f.IntVar(&s.plan.rounds, "rounds", enoughRounds, "rounds")
	f.DurationVar(&s.plan.duration, "duration", 3*time.Second, "time of one run")
	f.IntVar(&s.plan.most, "most", 200_000, "operations of one run at the most")
	f.IntVar(&s.plan.warm, "warm", enoughWarm, "operations on each server before the first round")

	f.Uint64Var(&s.plan.seed, "seed", 1, "of what the Spotify mix and the ranges choose at random")
	f.StringVar(&s.commit, "commit", "", "what was measured (default: what git says of the working folder)")
	f.StringVar(&s.json, "json", "", "write everything to this file")
	f.StringVar(&s.plot, "plot", "", "draw the ratios to HDFS into this PNG file")
	f.StringVar(&s.page, "page", "", "write the table into this Markdown file, between its marks")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("there is an argument too many: %q", f.Arg(0))
	}
	clients, err := parseClients(s.clients)
	if err != nil {
		return nil, err
	}
	sizes, err := parseSizes(s.sizes)
	if err != nil {
		return nil, err
	}
	large, err := parseSize(s.large, maxLarge)
	if err != nil {
		return nil, fmt.Errorf("-large: %w", err)
	}
	if s.ops != "none" {
		if s.plan.rows, err = newPlan(strings.Split(s.ops, ","), clients, sizes, large); err != nil {
			return nil, err
		}
	} else if !s.loader {
		return nil, errors.New("there is nothing to do: give -ops or -loader")
	}
	if s.loaderFiles < 1 || s.loaderFiles > maxLoaderFiles {
		return nil, fmt.Errorf("-loader-files is %d; it must be between 1 and %d", s.loaderFiles, maxLoaderFiles)
	}
	if s.page != "" && (s.plan.rounds < enoughRounds || s.plan.warm < enoughWarm) {
		return nil, fmt.Errorf("a page worth reading takes at least %d rounds after %d operations of warm-up: leave -page away, or raise -rounds and -warm", enoughRounds, enoughWarm)
	}
	if s.plot != "" && (s.granary == "" || s.hdfs == "") {
		return nil, errors.New("-plot draws how far Granary is ahead of an HDFS: give -granary and -hdfs, too")
	}
	if !path.IsAbs(s.under) {
		return nil, fmt.Errorf("-under is %q; it must be an absolute path on the servers", s.under)
	}
	return s, s.plan.check()
}

// execute runs the command with its arguments.
func execute(ctx context.Context, args []string, out io.Writer) (err error) {
	s, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.serveNull {
		return serveNull(ctx, out)
	}
	if s.commit == "" {
		if s.commit, err = describe(ctx); err != nil && (s.json != "" || s.page != "") {
			return err
		} else if err != nil {
			s.commit = "unknown" // a run that is not published need not name it
		}
	}
	whole, cancel := context.WithTimeoutCause(ctx, totalLimit, fmt.Errorf("the comparison took more than %s: ask for fewer rows or rounds", totalLimit))
	defer cancel()
	targets, stop, err := s.start(whole)
	defer func() { err = errors.Join(err, stop()) }()
	if err != nil {
		return err
	}
	return s.compare(whole, targets, out)
}

// start starts or finds the servers. The first one is compared with the others. The returned function ends those that start
// has started.
func (s *settings) start(ctx context.Context) (targets []*target, stop func() error, err error) {
	var stops []func() error
	stop = func() error {
		var errs []error
		for _, f := range stops {
			errs = append(errs, f())
		}
		return errors.Join(errs...)
	}
	add := func(t *target, end func() error, err error) error {
		if err == nil {
			targets, stops = append(targets, t), append(stops, end)
		}
		return err
	}
	running := func(raw string, look func(context.Context, string) (*target, error)) error {
		addr, err := address(raw)
		if err != nil {
			return err
		}
		t, err := look(ctx, addr)
		return add(t, func() error { return nil }, err)
	}
	if s.httpfs != "" && s.hdfs == "" {
		return nil, stop, errors.New("-httpfs needs -hdfs, the HDFS behind it, whose settings decide whether the comparison is fair")
	}
	if s.hdfs != "" {
		// HDFS comes first, since it may have to be refused.
		if err := running(s.hdfs, hdfs); err != nil {
			return nil, stop, fmt.Errorf("-hdfs: %w", err)
		}
	}
	if s.httpfs != "" {
		if err := running(s.httpfs, httpfs); err != nil {
			return nil, stop, fmt.Errorf("-httpfs: %w", err)
		}
	}
	if s.null {
		if err := add(startNull(ctx)); err != nil {
			return nil, stop, fmt.Errorf("-null: %w", err)
		}
	}
	for _, build := range []struct{ flag, name, binary string }{
		{"-before", nameBefore, s.before},
		{"-granary", nameGranary, s.granary},
	} {
		if build.binary == "" {
			continue
		}
		disk, err := filesystem(s.data)
		if err != nil {
			return nil, stop, fmt.Errorf("-data: %w", err)
		}
		if err := add(startGranary(ctx, build.name, build.binary, s.data, disk)); err != nil {
			return nil, stop, fmt.Errorf("%s: %w", build.flag, err)
		}
		last := len(targets) - 1
		targets = append([]*target{targets[last]}, targets[:last]...)
	}
	if len(targets) == 0 {
		return nil, stop, errors.New("there is nothing to measure: give -granary, -hdfs, -httpfs or -null")
	}
	return targets, stop, nil
}

// compare measures the servers and writes the report.
func (s *settings) compare(ctx context.Context, targets []*target, out io.Writer) (err error) {
	top := strings.TrimSuffix(s.under, "/") + "/bench-" + strings.ToLower(rand.Text())
	var beds []*bed
	defer func() {
		clearing, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearLimit)
		defer cancel()
		for _, b := range beds {
			err = errors.Join(err, b.clear(clearing))
		}
	}()
	for i, t := range targets {
		// HDFS and HttpFS share a namespace, so each server needs a directory of its own.
		b, err := newBed(ctx, t, top+"-"+strconv.Itoa(i), s.plan)
		if err != nil {
			return err
		}
		beds = append(beds, b)
	}
	rows, loads, err := measure(ctx, s.plan, beds, out)
	if err != nil {
		return err
	}
	loaded, err := s.compareLoader(ctx, beds, out)
	if err != nil {
		return err
	}
	r := newReport(s.plan, targets, rows, loaded)
	if r.Machine, err = thisMachine(); err != nil {
		return err
	}
	r.Date, r.Commit, r.Load = time.Now().UTC(), s.commit, loads
	r.plot = s.plot
	fmt.Fprintln(out, "\n"+r.markdown())
	if s.json != "" {
		if err := r.writeJSON(s.json); err != nil {
			return err
		}
	}
	if s.plot != "" {
		if err := r.drawPlot(s.plot); err != nil {
			return err
		}
	}
	if s.page != "" {
		return r.writePage(s.page)
	}
	return nil
}

// compareLoader measures the data loader on all servers and the local disk, if that was asked for.
func (s *settings) compareLoader(ctx context.Context, beds []*bed, out io.Writer) (r *loaderReport, err error) {
	if !s.loader {
		return nil, nil
	}
	set := newLoaderSet(s.loaderFiles, s.plan.seed)
	disk, remove, err := set.local(s.data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	return measureLoader(ctx, s.plan, set, beds, disk, out)
}

// nullReady is the beginning of the line with which the null server prints its URL.
const nullReady = "null: serving "

// serveNull runs the null server until ctx ends.
func serveNull(ctx context.Context, out io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newNull(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Fprintf(out, "%shttp://%s\n", nullReady, listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
