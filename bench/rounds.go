package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// warmLimit bounds the warm-up with one load.
const warmLimit = 5 * time.Minute

// warmClients is enough clients to keep every server busy.
const warmClients = 16

// order returns the order of n servers in a round: forwards in one round and backwards in the next, so that no server is always
// the first after a pause or the last when the machine is hot.
func order(n, round int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	if round%2 == 1 {
		slices.Reverse(all)
	}
	return all
}

// row has the results of a scenario: for each server, a sample of each round.
type row struct {
	scenario scenario
	samples  [][]sample
}

// measure warms the servers up and goes through the plan's rounds. In each round, the servers take turns at each row, one
// immediately after the other. It reports its progress on out, and returns the machine's load average before each round and
// after the last.
func measure(ctx context.Context, p plan, beds []*bed, out io.Writer) (rows []row, loads []string, err error) {
	for _, b := range beds {
		if err := warm(ctx, p, b, out); err != nil {
			return nil, nil, fmt.Errorf("warm up: %w", err)
		}
	}
	rows = make([]row, len(p.rows))
	for i, s := range p.rows {
		rows[i] = row{scenario: s, samples: make([][]sample, len(beds))}
	}
	look := func() error {
		now, err := loadAverage()
		loads = append(loads, now)
		return err
	}
	for round := range p.rounds {
		if err := look(); err != nil {
			return nil, nil, err
		}
		for _, b := range beds {
			if err := b.to.renew(); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", b.to.name, err)
			}
			if err := b.makeRoom(ctx); err != nil {
				return nil, nil, err
			}
		}
		for k, r := range rows {
			for _, i := range order(len(beds), round) {
				got, err := turn(ctx, beds[i], r.scenario, p.duration, out)
				if err != nil {
					return nil, nil, fmt.Errorf("round %d, %s, %d clients: %w", round+1, r.scenario, r.scenario.clients, err)
				}
				rows[k].samples[i] = append(rows[k].samples[i], got)
				fmt.Fprintf(out, "round %d  %-32s %3d clients  %-14s %s\n", round+1, r.scenario, r.scenario.clients, beds[i].to.name, got)
			}
		}
	}
	return rows, loads, look()
}

// prepareTries bounds the attempts to prepare a run on HDFS. Its only DataNode sometimes refuses a block for a moment, and that is no
// reason to lose an hour's measurements.
const prepareTries = 3

// turn prepares and measures one run.
func turn(ctx context.Context, b *bed, s scenario, duration time.Duration, out io.Writer) (sample, error) {
	l, err := s.op.load(b, ctx, s)
	for try := 1; err != nil && try < prepareTries && (b.to.name == nameHDFS || b.to.name == nameHTTPFS) && ctx.Err() == nil; try++ {
		fmt.Fprintf(out, "prepare  %-32s %3d clients  %-14s again: %v\n", s, s.clients, b.to.name, err)
		l, err = s.op.load(b, ctx, s)
	}
	if err != nil {
		return sample{}, fmt.Errorf("prepare: %w", err)
	}
	return run(ctx, b.to, l, duration)
}

// warm does at least the plan's number of operations on a server, the same share of each small operation, and each large
// one once.
func warm(ctx context.Context, p plan, b *bed, out io.Writer) error {
	if p.warm == 0 {
		return nil
	}
	var small, large []scenario
	for _, s := range p.rows {
		same := func(other scenario) bool { return other.op.name == s.op.name && other.size == s.size }
		if s.op.large {
			large = append(large, s)
		} else if !slices.ContainsFunc(small, same) {
			small = append(small, scenario{s.op, warmClients, s.size})
		}
	}
	total, begun := 0, time.Now()
	for _, s := range small {
		// A load may end before it has done its share.
		for done, want := 0, (p.warm+len(small)-1)/len(small); done < want; {
			l, err := s.op.load(b, ctx, s)
			if err != nil {
				return err
			}
			l.most = min(l.most, (want-done+warmClients-1)/warmClients)
			l.check = nil // it does not hold for a load that is cut short
			got, err := run(ctx, b.to, l, warmLimit)
			if err != nil {
				return err
			}
			done += got.Ops
			total += got.Ops
		}
	}
	for _, s := range large {
		if _, err := turn(ctx, b, s, warmLimit, out); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "warm     %-14s %d operations in %.1f s\n", b.to.name, total, time.Since(begun).Seconds())
	return nil
}
