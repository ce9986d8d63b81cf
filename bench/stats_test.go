package main

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, test := range []struct {
		sorted []time.Duration
		p      float64
		want   time.Duration
	}{
		{nil, 50, 0},
		{[]time.Duration{7}, 0, 7},
		{[]time.Duration{7}, 99, 7},
		{[]time.Duration{1, 2}, 50, 1},
		{[]time.Duration{1, 2, 3}, 50, 2},
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 99.5, 100},
		{hundred, 100, 100},
	} {
		if got := percentile(test.sorted, test.p); got != test.want {
			t.Errorf("percentile %v of %d values is %d, want %d", test.p, len(test.sorted), got, test.want)
		}
	}
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   spread
	}{
		{[]float64{3}, spread{3, 3, 3}},
		{[]float64{3, 1}, spread{1, 2, 3}},
		{[]float64{9, 1, 4}, spread{1, 4, 9}},
		{[]float64{8, 1, 2, 4}, spread{1, 3, 8}},
	} {
		if got := newSpread(test.values); got != test.want {
			t.Errorf("the spread of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

// The median of ratios is not the ratio of medians: round 2 was slow for both, and must not count for either.
func TestRatiosGoRoundByRound(t *testing.T) {
	ours := []sample{{PerSec: 100}, {PerSec: 10}, {PerSec: 90}}
	theirs := []sample{{PerSec: 10}, {PerSec: 2}, {PerSec: 30}}
	if got, want := ratios(ours, theirs, perSecond), (spread{3, 5, 10}); got != want {
		t.Errorf("ratios are %v, want %v", got, want)
	}
}

func TestSample(t *testing.T) {
	got := newSample([]time.Duration{4 * time.Millisecond, 2 * time.Millisecond}, 500*time.Millisecond, 3_000_000)
	want := sample{Ops: 2, Seconds: 0.5, PerSec: 4, MBPerS: 12, P50: 2, P99: 4, Max: 4}
	if got != want {
		t.Errorf("the sample is %+v, want %+v", got, want)
	}
}
