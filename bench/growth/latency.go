package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"time"
)

// latencyRow is the latency of an operation for each size of the namespace, in milliseconds, with one caller at a time.
type latencyRow struct {
	Operation string    `json:"operation"`
	Medians   []float64 `json:"medians"` // by size, over all rounds
	Ratios    []spread  `json:"ratios"`  // by size: a round's median over that of the smallest namespace in the same round
}

// spread is the minimum, median and maximum of a figure over the rounds.
type spread struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

func spreadOf(values []float64) spread {
	slices.Sort(values)
	return spread{values[0], values[len(values)/2], values[len(values)-1]}
}

// grownMost bounds the median latency of an operation in the largest namespace, as a multiple of that in the smallest.
const grownMost = 1.5

// timed is an operation that is timed, on the i-th file of all rounds.
type timed struct {
	name string
	do   func(ctx context.Context, c *caller, file string, i int) error
}

func newName(file, kind string, i int) string {
	return fmt.Sprintf("%s/%s-%d", path.Dir(file), kind, i)
}

// timedOperations run in this order: each uses what those before it made. The files have been looked at before.
var timedOperations = []timed{
	{"stat", func(ctx context.Context, c *caller, file string, _ int) error { return c.stat(ctx, file) }},
	{"read", func(ctx context.Context, c *caller, file string, _ int) error { return c.read(ctx, file) }},
	{"create", func(ctx context.Context, c *caller, file string, i int) error {
		return c.create(ctx, newName(file, "timed", i))
	}},
	{"rename", func(ctx context.Context, c *caller, file string, i int) error {
		return c.rename(ctx, newName(file, "timed", i), newName(file, "again", i))
	}},
	{"delete", func(ctx context.Context, c *caller, file string, i int) error {
		return c.remove(ctx, newName(file, "again", i))
	}},
	{"list 1,000 entries", func(ctx context.Context, c *caller, _ string, _ int) error { return c.list(ctx, "/page", pageFiles) }},
}

// place is a namespace under comparison: a server and its tree.
type place struct {
	*server
	tree *tree
}

// compareLatencies does each operation each times per round on each server, one server right after the other, in an order
// that reverses with every round, on files all over the tree.
func compareLatencies(ctx context.Context, places []place, rounds, each int) ([]latencyRow, error) {
	callers := make([]*caller, len(places))
	for i, p := range places {
		callers[i] = p.caller()
		defer callers[i].close()
	}
	all := make([][][]time.Duration, len(timedOperations)) // by operation, place
	ratios := make([][][]float64, len(timedOperations))
	for n := range timedOperations {
		all[n], ratios[n] = make([][]time.Duration, len(places)), make([][]float64, len(places))
	}
	for round := range rounds {
		files := make([][]string, len(places))
		for i, p := range places {
			files[i] = p.tree.scattered(each, round)
			for _, file := range files[i] {
				if err := errors.Join(callers[i].stat(ctx, file), callers[i].read(ctx, file)); err != nil {
					return nil, err
				}
			}
		}
		for n, o := range timedOperations {
			medians := make([]float64, len(places))
			for k := range places {
				i := k
				if round%2 == 1 {
					i = len(places) - 1 - k
				}
				took := make([]time.Duration, 0, each)
				for j, file := range files[i] {
					start := time.Now()
					if err := o.do(ctx, callers[i], file, round*each+j); err != nil {
						return nil, err
					}
					took = append(took, time.Since(start))
				}
				all[n][i] = append(all[n][i], took...)
				medians[i] = percentile(took, 50)
			}
			for i := range places {
				ratios[n][i] = append(ratios[n][i], medians[i]/medians[0])
			}
		}
	}
	table := make([]latencyRow, len(timedOperations))
	for n, o := range timedOperations {
		table[n].Operation = o.name
		for i := range places {
			table[n].Medians = append(table[n].Medians, percentile(all[n][i], 50))
			table[n].Ratios = append(table[n].Ratios, spreadOf(ratios[n][i]))
		}
	}
	return table, nil
}

// percentile sorts the values and returns their nearest-rank percentile in milliseconds: the lowest one that at least p per cent of
// them do not exceed. Without values it is 0.
func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	rank := int(math.Ceil(p / 100 * float64(len(all))))
	return milliseconds(all[max(rank, 1)-1])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
