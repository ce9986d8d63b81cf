package curves

import "math"

// downsample returns at most n points that look like all of them when drawn, chosen by Largest-Triangle-Three-Buckets (Sveinn
// Steinarsson, Downsampling Time Series for Visual Representation, 2013). The first and the last point are among them. From a bucket
// that has NaN or infinite values, the first of these is chosen: nothing says more about a training. n is at least 3.
func downsample(points []Point, n int) []Point {
	if len(points) <= n {
		return points
	}
	chosen := append(make([]Point, 0, n), points[0])
	width := float64(len(points)-2) / float64(n-2)
	edge := func(bucket int) int { return min(len(points)-1, 1+int(float64(bucket)*width)) }
	before := solid(points[0], 0)
	for bucket := range n - 2 {
		from, to := edge(bucket), edge(bucket+1)
		next := mean(points[to:max(to+1, edge(bucket+2))], before.y)
		best, largest := from, -1.0
		for i := from; i < to; i++ {
			if finite(points[i].Value) {
				at := solid(points[i], 0)
				area := math.Abs((before.x-next.x)*(at.y-before.y) - (before.x-at.x)*(next.y-before.y))
				if area > largest {
					best, largest = i, area
				}
				continue
			}
			best = i
			break
		}
		chosen = append(chosen, points[best])
		before = solid(points[best], before.y)
	}
	return append(chosen, points[len(points)-1])
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
