package curves

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"granary/tfevents"
)

// long is a series of n points with noise, a peak, a pit and a NaN, each at a place of its own that shift moves.
func long(n, shift int) (all []Point) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		all = append(all, Point{int64(i), 1e9 + float64(i), math.Sin(float64(i)/float64(n)*20) + random.Float64()/10})
	}
	all[n/3+shift].Value, all[n/2+shift].Value, all[2*n/3+shift].Value = 1000, -1000, math.NaN()
	return all
}

// extremes reports whether a series still has what somebody would look for in it.
func extremes(t *testing.T, what string, points []Point) {
	t.Helper()
	var peak, pit, nan bool
	for i, p := range points {
		peak, pit, nan = peak || p.Value == 1000, pit || p.Value == -1000, nan || math.IsNaN(p.Value)
		if i > 0 && p.Step <= points[i-1].Step {
			t.Fatalf("%s: step %d comes behind %d", what, p.Step, points[i-1].Step)
		}
	}
	if !peak || !pit || !nan {
		t.Errorf("%s: peak %t, pit %t, NaN %t", what, peak, pit, nan)
	}
}

func TestASeriesThatIsTooLongKeepsItsExtremes(t *testing.T) {
	all := long(100_000, 0)
	var s series
	kept := 0
	for _, p := range all {
		kept += s.add(p, 1000)
		if kept != s.size() || kept > 1000 {
			t.Fatalf("%d points are kept, and %d were counted", s.size(), kept)
		}
	}
	got := s.points()
	if len(got) < 400 || !s.thinned() || s.count != 100_000 {
		t.Errorf("%d points of %d, thinned %t", len(got), s.count, s.thinned())
	}
	extremes(t, "thinned", got)
	if first, last := got[0], got[len(got)-1]; first.Step > 200 || last != all[len(all)-1] {
		t.Errorf("it goes from %+v to %+v", first, last)
	}
	// All of it has the same density: neither the beginning nor the end has more than its part.
	half := 0
	for _, p := range got {
		if p.Step < 50_000 {
			half++
		}
	}
	if half < len(got)/3 || half > 2*len(got)/3 {
		t.Errorf("%d of %d points are in the first half", half, len(got))
	}
}

// Wherever a peak lies among its neighbours, it is not lost.
func TestExtremesAnywhere(t *testing.T) {
	for shift := range 64 {
		var s series
		for _, p := range long(5000, shift) {
			s.add(p, 200)
		}
		extremes(t, "shifted", s.points())
		extremes(t, "shifted and downsampled", downsample(s.points(), 50))
	}
}

// How many points there are when somebody looks does not matter: the curve ends where the training is, although the last point is no extreme.
func TestTheLastPointIsShownWheneverSomebodyLooks(t *testing.T) {
	var s series
	for n, p := range long(5000, 0) {
		s.add(p, 200)
		if got := s.points(); got[len(got)-1].Step != p.Step {
			t.Fatalf("of %d points the last that is shown is %+v, and was %+v", n+1, got[len(got)-1], p)
		}
		restarted := s
		restarted.kept = slices.Clone(s.kept)
		restarted.cut(p.Step + 1) // which takes nothing back
		if got := restarted.points(); got[len(got)-1].Step != p.Step {
			t.Fatalf("of %d points a restart behind them takes the last one away: %+v", n+1, got[len(got)-1])
		}
	}
}

func TestASeriesThatFitsIsKeptWhole(t *testing.T) {
	all := long(900, 0)
	var s series
	for _, p := range all {
		s.add(p, 1000)
	}
	if got := s.points(); len(got) != 900 || s.thinned() {
		t.Errorf("%d points, thinned %t", len(got), s.thinned())
	}
	var odd series
	odd.add(Point{1, math.NaN(), math.NaN()}, 1000)
	if got := odd.points(); len(got) != 1 {
		t.Errorf("one point, of which nothing is a number, is shown as %+v", got)
	}
	if more := s.cut(100); more != -800 || s.count != 100 || len(s.points()) != 100 {
		t.Errorf("after a restart there are %d of %d points", len(s.points()), s.count)
	}
}

// A restart of a series that was thinned takes back what is behind it, with what was gathered.
func TestARestartOfAThinnedSeries(t *testing.T) {
	var s series
	for _, p := range long(10_001, 0) {
		s.add(p, 100)
	}
	s.cut(5000)
	got := s.points()
	if len(got) == 0 || got[len(got)-1].Step >= 5000 || s.count < 4000 || s.count > 6000 {
		t.Errorf("%d points up to step %d of about %d", len(got), got[len(got)-1].Step, s.count)
	}
	s.add(Point{5000, 1, 7}, 100)
	if got = s.points(); got[len(got)-1].Value != 7 {
		t.Errorf("what came then is not there: %+v", got[len(got)-1])
	}
	s.cut(math.MinInt64)
	if got := s.points(); len(got) != 0 {
		t.Errorf("of nothing is left %+v", got)
	}
}

// What is dropped takes no memory any more, as it is not counted.
func TestWhatIsDroppedTakesNoMemory(t *testing.T) {
	var s series
	for _, p := range long(seriesPoints, 0) {
		s.add(p, seriesPoints)
	}
	if s.cut(10); cap(s.kept) > 20 {
		t.Errorf("a restart leaves room for %d points where there are %d", cap(s.kept), len(s.kept))
	}
	for _, p := range long(3*seriesPoints, 0) {
		if s.add(p, seriesPoints); cap(s.kept) > 2*len(s.kept)+20 {
			t.Fatalf("there is room for %d points, and there are %d", cap(s.kept), len(s.kept))
		}
	}
	var images pictures
	for step := range int64(tagPictures) {
		images.add(&tfevents.Event{Step: step}, []tfevents.Image{{}}, tagPictures)
	}
	if images.cut(10); cap(images.kept) > 20 {
		t.Errorf("a restart leaves room for %d images where there are %d", cap(images.kept), len(images.kept))
	}
}

func TestDownsample(t *testing.T) {
	all := long(50_000, 0)
	got := downsample(all, 1000)
	if n := len(got); n < 998 || n > 1000 || got[0] != all[0] || got[n-1] != all[49_999] {
		t.Errorf("%d points, from %+v to %+v", n, got[0], got[n-1])
	}
	extremes(t, "downsampled", got)
	if few := downsample(all[:10], 10); len(few) != 10 {
		t.Errorf("%d of 10 points", len(few))
	}
	if three := downsample(all, 3); len(three) != 3 || three[1].Value != 1000 && !math.IsNaN(three[1].Value) {
		t.Errorf("three points: %+v", three)
	}
	flat := slices.Repeat([]Point{{1, 1, math.NaN()}}, 50)
	if got := downsample(flat, 5); len(got) != 5 {
		t.Errorf("%d of a series of NaN", len(got))
	}
}

// What a table says of a curve, its smallest and its largest value, is that of all points, however few are shown.
func TestDownsamplingKeepsTheExtremes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		all := make([]Point, 5000)
		low, high := math.Inf(1), math.Inf(-1)
		for i := range all {
			v := random.NormFloat64()
			all[i] = Point{int64(i), 1, v}
			low, high = min(low, v), max(high, v)
		}
		for _, n := range []int{5, 6, 100} {
			got := downsample(all, n)
			at := extremesOf(got)
			if got[at[0]].Value != low || got[at[1]].Value != high || len(got) > n || got[0] != all[0] || got[len(got)-1] != all[4999] {
				t.Fatalf("of %d points the extremes are %g and %g, and were %g and %g", len(got), got[at[0]].Value, got[at[1]].Value, low, high)
			}
		}
	}
}

// Values that are no numbers, here and there, do not hide all others.
func TestDownsamplingShowsNumbersBesideNaN(t *testing.T) {
	all := make([]Point, 50_000)
	for i := range all {
		if all[i] = (Point{int64(i), 1, float64(i % 100)}); i%20 == 0 {
			all[i].Value = math.NaN()
		}
	}
	numbers := 0
	got := downsample(all, 1000)
	for _, p := range got {
		if finite(p.Value) {
			numbers++
		}
	}
	if numbers < 400 || numbers > 600 {
		t.Errorf("%d of %d points are numbers", numbers, len(got))
	}
}

func BenchmarkDownsample(b *testing.B) {
	all := long(100_000, 0)
	for b.Loop() {
		downsample(all, DefaultPoints)
	}
}
