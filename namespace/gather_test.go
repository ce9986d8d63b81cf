package namespace

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// slowCommitter is a committer whose batches take as long as took says. It records their sizes.
type slowCommitter struct {
	committer
	took  time.Duration
	sizes []int
}

func newSlowCommitter(took time.Duration) *slowCommitter {
	g := &slowCommitter{took: took}
	g.most, g.gathering = defaultCommitBatch, gathering{most: commitGather, enough: commitEnough}
	g.run = func(_ context.Context, batch []*mutation) []error {
		g.sizes = append(g.sizes, len(batch))
		<-time.After(g.took)
		return make([]error, len(batch))
	}
	return g
}

// come commits a mutation and returns how long that took.
func (g *slowCommitter) come(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := g.commit(t.Context(), &mutation{effects: &effects{}}); err != nil {
		t.Error(err)
	}
	return time.Since(begun)
}

// Callers who each do one thing after another are all committed together, and not in turns.
func TestThoseWhoComeBackAreCommittedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers, each = 8, 100
		g := newSlowCommitter(time.Millisecond)
		crowd(callers, func(i int) {
			<-time.After(time.Duration(i) * 300 * time.Microsecond)
			for range each {
				g.come(t)
				<-time.After(200 * time.Microsecond)
			}
		})
		if n := len(g.sizes); n > each*5/4 {
			t.Errorf("%d batches for %d callers with %d mutations each: %v", n, callers, each, g.sizes)
		}
	})
}

// A mutation that comes alone is committed at once, however soon after the last one.
func TestWhoComesAloneIsNotHeldUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newSlowCommitter(time.Millisecond)
		for range 10 {
			if took := g.come(t); took != g.took {
				t.Errorf("it took %v, and a batch %v", took, g.took)
			}
		}
	})
}

// A caller who does not come back is waited for once, for at most commitGather; after that, nobody is waited for.
func TestWhoStaysAwayIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			pause time.Duration
			want  []time.Duration // how long others were waited for
		}{
			{0, []time.Duration{commitGather, 0, 0}},
			{commitGather / 4, []time.Duration{commitGather * 3 / 4, 0, 0}},
			{commitGather, []time.Duration{0, 0, 0}},
		} {
			g := newSlowCommitter(time.Millisecond)
			g.active = commitLanes
			go g.come(t)
			go g.come(t)
			synctest.Wait()
			g.drain()
			<-time.After(tt.pause)
			for i, want := range tt.want {
				if took := g.come(t) - g.took; took != want {
					t.Errorf("%v after a batch of two, mutation %d waited for %v, want %v", tt.pause, i, took, want)
				}
			}
			synctest.Wait()
		}
	})
}
