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

// latencyRow is how long an operation takes by the size of the namespace, in milliseconds, one caller at a time.
type latencyRow struct {
	Operation string    `json:"operation"`
	Medians   []float64 `json:"medians"` // by size; of all rounds together
	Ratios    []spread  `json:"ratios"`  // by size: medians of a round over those of the smallest in the same round
}

// spread is the lowest, the median and the highest of one figure over the rounds.
type spread struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

func spreadOf(values []float64) spread {
	slices.Sort(values)
	return spread{values[0], values[len(values)/2], values[len(values)-1]}
}

// grownMost is how many times as long an operation may take in the largest namespace as in the smallest, by medians.
const grownMost = 1.5

// timed is an operation that is timed, on file number i of a round.
type timed struct {
	name string
	do   func(ctx context.Context, c *caller, file string, i int) error
}

func newName(file, kind string, i int) string {
	return fmt.Sprintf("%s/%s-%d", path.Dir(file), kind, i)
}

// timedOperations follow each other: what one makes the next one takes. The files are those that were looked at before.
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

// place is a namespace under comparison: a server and what is in it.
type place struct {
	*server
	tree *tree
}

// compareLatencies does each operation so many times in each round on each server, one right after the other, in an order
// that turns round with every round, on files all over the tree.
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

// percentile is the nearest-rank percentile in milliseconds: the lowest value that is not below p per cent of them. It sorts
// them; of none it is 0.
func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	rank := int(math.Ceil(p / 100 * float64(len(all))))
	return milliseconds(all[max(rank, 1)-1])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
