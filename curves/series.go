package curves

import "math"

// seriesPoints bounds the points that are kept of one series of a file. Of longer ones only extremes are kept.
const seriesPoints = 100_000

// Point is a value of a series.
type Point struct {
	Step     int64
	WallTime float64 // seconds since 1970
	Value    float64 // may be NaN or infinite
}

// series holds the points of one tag of a file. When it has more than it may, each two neighbouring pairs become one pair: the smallest
// and the largest of the four, in their order. So the density is the same everywhere, and no peak is lost.
type series struct {
	kept  []Point
	group int   // points that each pair in kept stands for; 0: kept has all of them
	count int64 // points seen, an estimate once the series was thinned and cut
	// State of the group that is not complete yet.
	low, high     Point
	lowAt, highAt int
	inGroup       int
	last          Point // always shown, whether kept has it or not
}

// size is how many points are kept.
func (s *series) size() int { return len(s.kept) }

// above orders values by how much they tell in a curve: NaN is above all others.
func above(a, b float64) bool { return a > b || math.IsNaN(a) && !math.IsNaN(b) }

// add appends a point and keeps up to most in all. It returns how many more are kept than before.
func (s *series) add(p Point, most int) (more int) {
	before := len(s.kept)
	s.count++
	s.last = p
	if s.group == 0 {
		s.kept = append(s.kept, p)
	} else {
		s.gather(p)
	}
	for len(s.kept) > max(most, 8) {
		s.halve()
	}
	return len(s.kept) - before
}

// gather takes a point into the group that is not complete yet.
func (s *series) gather(p Point) {
	if s.inGroup == 0 || above(s.low.Value, p.Value) {
		s.low, s.lowAt = p, s.inGroup
	}
	if s.inGroup == 0 || above(p.Value, s.high.Value) {
		s.high, s.highAt = p, s.inGroup
	}
	if s.inGroup++; s.inGroup == s.group {
		s.kept = append(s.kept, s.ends()...)
		s.inGroup = 0
	}
}

// ends returns the extremes of the group that is not complete yet, in their order.
func (s *series) ends() []Point {
	switch {
	case s.inGroup == 0:
		return nil
	case s.lowAt == s.highAt:
		return []Point{s.low}
	case s.lowAt < s.highAt:
		return []Point{s.low, s.high}
	}
	return []Point{s.high, s.low}
}

// halve makes one pair of each two. It returns how many more points are kept than before, which is not positive.
func (s *series) halve() (more int) {
	before := len(s.kept)
	out := s.kept[:0]
	for i := 0; i < before; i += 4 {
		four := s.kept[i:min(i+4, before)]
		low, high := 0, 0
		for j, p := range four {
			if above(four[low].Value, p.Value) {
				low = j
			}
			if above(p.Value, four[high].Value) {
				high = j
			}
		}
		first, second := four[min(low, high)], four[max(low, high)]
		out = append(out, first)
		if low != high {
			out = append(out, second)
		}
	}
	s.kept = slim(out)
	s.group = max(4, 2*s.group)
	return len(s.kept) - before
}

// slim returns a list in little more memory than it needs, since memory is counted by what lists have.
func slim[T any](list []T) []T {
	if cap(list) <= 2*len(list) {
		return list
	}
	return append(make([]T, 0, len(list)), list...)
}

// cut drops points with this step or a later one. It returns how many more points are kept than before, which may be negative.
func (s *series) cut(step int64) (more int) {
	before := len(s.kept)
	stand := int64(max(1, s.group/2)) // points that each one in kept stands for
	s.kept = append(s.kept, s.ends()...)
	s.inGroup = 0
	whole := len(s.kept)
	out := s.kept[:0]
	for _, p := range s.kept {
		if p.Step < step {
			out = append(out, p)
		}
	}
	s.kept = slim(out)
	s.count = max(int64(len(out)), s.count-stand*int64(whole-len(out)))
	if len(out) > 0 && s.last.Step >= step {
		s.last = out[len(out)-1]
	}
	return len(s.kept) - before
}

// points returns the points that are kept, and always the last one.
func (s *series) points() []Point {
	all := append(make([]Point, 0, len(s.kept)+3), s.kept...)
	all = append(all, s.ends()...)
	if n := len(all); n > 0 && (all[n-1].Step != s.last.Step || math.Float64bits(all[n-1].WallTime) != math.Float64bits(s.last.WallTime)) { // may be NaN
		all = append(all, s.last)
	}
	return all
}

// thinned reports whether there were more points than are kept.
func (s *series) thinned() bool { return s.group > 0 }
