package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// sample is the measurement of one run of a load.
type sample struct {
	Ops     int     `json:"ops"`
	Seconds float64 `json:"seconds"`
	PerSec  float64 `json:"opsPerSecond"`
	MBPerS  float64 `json:"megabytesPerSecond,omitempty"` // 10⁶ bytes, for the large files
	P50     float64 `json:"p50Milliseconds"`
	P99     float64 `json:"p99Milliseconds"`
	Max     float64 `json:"maxMilliseconds"`
	Client  float64 `json:"clientMicroseconds"` // processor time of the client per operation
}

// String formats the sample for a line of progress.
func (s sample) String() string {
	if s.MBPerS > 0 {
		return fmt.Sprintf("%9.1f MB/s", s.MBPerS)
	}
	return fmt.Sprintf("%9.1f ops/s  p50 %.2f ms  p99 %.2f ms", s.PerSec, s.P50, s.P99)
}

// newSample computes the sample of a run with these latencies, which it sorts, that took elapsed.
func newSample(latencies []time.Duration, elapsed time.Duration, bytesPerOp int64) sample {
	slices.Sort(latencies)
	n := float64(len(latencies))
	return sample{
		Ops:     len(latencies),
		Seconds: elapsed.Seconds(),
		PerSec:  n / elapsed.Seconds(),
		MBPerS:  n * float64(bytesPerOp) / 1e6 / elapsed.Seconds(),
		P50:     milliseconds(percentile(latencies, 50)),
		P99:     milliseconds(percentile(latencies, 99)),
		Max:     milliseconds(percentile(latencies, 100)),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// percentile returns the nearest-rank percentile of sorted values: the lowest one that at least p per cent of them do not exceed.
// Without values it is 0.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// spread is the minimum, median and maximum of a figure over the rounds.
type spread struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

// newSpread needs at least one value; there is always a round.
func newSpread(values []float64) spread {
	s := slices.Sorted(slices.Values(values))
	return spread{Min: s[0], Median: median(s), Max: s[len(s)-1]}
}

// median returns the median of sorted values; for an even number of them, the mean of the two in the middle.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// ratios divides ours by theirs within each round: only runs that followed each other immediately are comparable.
func ratios(ours, theirs []sample, figure func(sample) float64) spread {
	r := make([]float64, len(ours))
	for i := range r {
		r[i] = figure(ours[i]) / figure(theirs[i])
	}
	return newSpread(r)
}

// The figures of a sample that are compared between servers.
func perSecond(s sample) float64 { return s.PerSec }
func p50(s sample) float64       { return s.P50 }
func p99(s sample) float64       { return s.P99 }

// over returns the spread of one figure over the samples.
func over(samples []sample, figure func(sample) float64) spread {
	v := make([]float64, len(samples))
	for i, s := range samples {
		v[i] = figure(s)
	}
	return newSpread(v)
}
