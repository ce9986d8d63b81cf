package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

// settings are the command-line flags.
type settings struct {
	granary string
	data    string
	sizes   []int64
	wide    int64 // files in one directory, of the largest namespace; 0: a tenth of its inodes

	repeat        int // operations whose pages are counted
	rounds, each  int // of latencies
	around, churn time.Duration
	churnSize     int64
	fsck          bool
	commit        string

	json, plot, page string
}

func parse(args []string) (*settings, error) {
	s := &settings{}
	var sizes string
	f := flag.NewFlagSet("growth", flag.ContinueOnError)
	f.StringVar(&s.granary, "granary", "build/granary", "the binary that serves; without its latencies \"\": only pages are counted")
	f.StringVar(&s.data, "data", os.TempDir(), "folder, on a disk, to put databases in: 600 bytes for each inode, and 3 GB")
	f.StringVar(&sizes, "sizes", "10000,100000", "numbers of inodes, in growing order")
	f.Int64Var(&s.wide, "wide", 0, "files in one directory of the largest namespace; 0: a tenth of all, as in the others")
	f.IntVar(&s.repeat, "repeat", 31, "how often each operation is done while its pages are counted")
	f.IntVar(&s.rounds, "rounds", 7, "rounds of latencies")
	f.IntVar(&s.each, "each", 60, "how often each operation is timed in a round")
	f.DurationVar(&s.around, "around", 15*time.Second, "how long others are watched before and after the deletion of the wide directory")
	f.DurationVar(&s.churn, "churn", 2*time.Minute, "how long files come and go under each setting of autovacuum; 0: not at all")
	f.Int64Var(&s.churnSize, "churn-size", 100_000, "inodes beside those that come and go")
	f.BoolVar(&s.fsck, "fsck", true, "let fsck look at each namespace; of ten million inodes that takes some minutes")
	f.StringVar(&s.commit, "commit", "", "what was measured (default: what git says of the working folder)")
	f.StringVar(&s.json, "json", "", "write everything to this file")
	f.StringVar(&s.plot, "plot", "", "draw it into this PNG file")
	f.StringVar(&s.page, "page", "", "write the tables into this Markdown file, between its marks")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("there is an argument too many: %q", f.Arg(0))
	}
	for _, text := range strings.Split(sizes, ",") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("-sizes: %q is not a number of inodes, such as 10000", text)
		}
		s.sizes = append(s.sizes, n)
	}
	if !slices.IsSorted(s.sizes) {
		return nil, fmt.Errorf("-sizes is %q; the sizes must grow", sizes)
	}
	if s.repeat < 1 || s.rounds < 1 || s.each < 1 {
		return nil, errors.New("-repeat, -rounds and -each must be at least 1")
	}
	for i, n := range s.sizes {
		if _, err := newTree(n, s.wideOf(i)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// wideOf returns how many files lie in one directory of the namespace with the i-th size.
func (s *settings) wideOf(i int) int64 {
	if s.wide > 0 && i == len(s.sizes)-1 {
		return s.wide
	}
	return s.sizes[i] / 10
}

// execute runs the command with its arguments.
func execute(ctx context.Context, args []string, out io.Writer) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	r, err := s.measure(ctx)
	if err != nil {
		return err
	}
	return r.write(out, s)
}
