package curves

import (
	"context"

	"granary/namespace"
)

// Bounds of the points in an answer.
const (
	DefaultPoints = 1000
	MaxPoints     = 10_000
	// answerPoints bounds the points of all series of an answer; where there are more series, each has fewer.
	answerPoints = 300_000
	leastPoints  = 50
)

// Series has points of a tag of a run, at most as many as were asked for.
type Series struct {
	Run     string
	State   string // of the run, see [Run]
	Count   int64  // points that there are, an estimate if Thinned
	Thinned bool   // there were more points than are kept, and only extremes of them are
	Points  []Point
	Partial bool // not all of the run was read yet
}

// Scalars returns the series of a tag for each of these runs that has it, or for all runs at and below dir if runs is empty. Each series
// has at most points points, 3 or more, chosen so that the curve looks as it would with all of them.
func (s *Shelf) Scalars(ctx context.Context, ask Asker, dir namespace.Path, runs []string, tag string, points int) (all []Series, partial bool, err error) {
	found, err := locate(ctx, ask, dir, runs)
	if err != nil {
		return nil, false, err
	}
	points = min(points, max(leastPoints, answerPoints/max(1, len(found.runs))))
	each := make([]Series, len(found.runs))
	has := make([]bool, len(found.runs))
	partial = found.partial
	err = s.lookAtAll(ctx, ask, found, func(i int, seen *seenRun) {
		run := seen.run(&found.runs[i])
		has[i] = seen.scalars[tag]
		each[i].Run, each[i].State, each[i].Partial = run.Name, run.State, run.Partial
		each[i].Points = downsample(each[i].Points, points)
		partial = partial || run.Partial
	}, func(i int, _ namespace.Path, f *eventFile) {
		each[i].resume(f, tag)
	})
	for i := range each {
		if has[i] {
			all = append(all, each[i])
		}
	}
	return all, partial, err
}

// resume appends what the next file of the run has.
func (one *Series) resume(f *eventFile, tag string) {
	if len(f.starts) > 0 {
		one.cut(f.starts[0].step) // the first start has the smallest step
	}
	if from := f.series[tag]; from != nil {
		one.Points = append(one.Points, from.points()...)
		one.Count += from.count
		one.Thinned = one.Thinned || from.thinned()
	}
	if len(one.Points) > 2*seriesPoints { // from many files, begun one after the other
		one.Points, one.Thinned = downsample(one.Points, seriesPoints), true
	}
}

// cut drops points with this step or a later one.
func (one *Series) cut(step int64) {
	kept := one.Points[:0]
	for _, p := range one.Points {
		if p.Step < step {
			kept = append(kept, p)
		}
	}
	if !one.Thinned {
		one.Count = int64(len(kept))
	} else if len(one.Points) > 0 {
		one.Count = one.Count * int64(len(kept)) / int64(len(one.Points))
	}
	one.Points = kept
}
