package curves

import (
	"math"
	"slices"
)

// downsample returns at most n points that look like all of them when drawn, chosen by Largest-Triangle-Three-Buckets (Sveinn
// Steinarsson, Downsampling Time Series for Visual Representation, 2013). The first and the last point are among them and, unless n is below 5,
// the smallest and the largest value. A bucket that has NaN or infinite values shows the first of these, since nothing says more about a
// training, but not two buckets in a row that have other values, too: these would vanish. n is at least 3.
func downsample(points []Point, n int) []Point {
	if len(points) <= n {
		return points
	}
	var ends []int // places of the extremes
	if n >= 5 {
		ends = extremesOf(points)
	}
	n -= len(ends)
	chosen := append(make([]int, 0, n+len(ends)), 0)
	width := float64(len(points)-2) / float64(n-2)
	edge := func(bucket int) int { return min(len(points)-1, 1+int(float64(bucket)*width)) }
	before := solid(points[0], 0)
	for bucket := range n - 2 {
		from, to := edge(bucket), edge(bucket+1)
		next := mean(points[to:max(to+1, edge(bucket+2))], before.y)
		best, odd, largest := -1, -1, -1.0
		for i := from; i < to; i++ {
			if !finite(points[i].Value) {
				if odd < 0 {
					odd = i
				}
				continue
			}
			at := solid(points[i], 0)
			area := math.Abs((before.x-next.x)*(at.y-before.y) - (before.x-at.x)*(next.y-before.y))
			if best < 0 || area > largest {
				best, largest = i, area
			}
		}
		if odd >= 0 && (best < 0 || finite(points[chosen[len(chosen)-1]].Value)) {
			best = odd
		}
		chosen = append(chosen, best)
		before = solid(points[best], before.y)
	}
	chosen = append(append(chosen, len(points)-1), ends...)
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	out := make([]Point, len(chosen))
	for i, at := range chosen {
		out[i] = points[at]
	}
	return out
}

// extremesOf returns where the smallest and the largest of the finite values are, nothing if there are none.
func extremesOf(points []Point) []int {
	low, high := -1, -1
	for i := range points {
		v := points[i].Value
		if !finite(v) {
			continue
		}
		if low < 0 || v < points[low].Value {
			low = i
		}
		if high < 0 || v > points[high].Value {
			high = i
		}
	}
	if low < 0 {
		return nil
	}
	return []int{low, high}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// place is where a point is drawn.
type place struct{ x, y float64 }

// solid returns the place of a point, with the height otherwise if its value is not finite.
func solid(p Point, otherwise float64) place {
	if finite(p.Value) {
		return place{float64(p.Step), p.Value}
	}
	return place{float64(p.Step), otherwise}
}

// mean returns the mean place of points; values that are not finite do not count for its height, which is otherwise if none is.
func mean(points []Point, otherwise float64) place {
	var m place
	n := 0.0
	for _, p := range points {
		m.x += float64(p.Step) / float64(len(points))
		if finite(p.Value) {
			n++
			m.y += (p.Value - m.y) / n
		}
	}
	if n == 0 {
		m.y = otherwise
	}
	return m
}
