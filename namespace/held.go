package namespace

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// What a project without limits holds is counted when somebody asks, and a browser that shows a project asks again and again. So a count
// that took heldLong or more is reused for heldAgain times as long as it took.
const (
	heldLong  = 100 * time.Millisecond
	heldAgain = 10
	heldKnown = 1024 // projects whose counts are remembered
)

// holding is what a project without limits was found to hold.
type holding struct {
	turn chan struct{} // full while somebody counts
	held amount
	at   time.Time
	took time.Duration
}

// held returns what the project at n holds. If n has a limit, that is known; else it is counted, or the last count is returned if it
// took at least heldLong and is no older than heldAgain times what it took.
func (s *Session) held(ctx context.Context, n *node) (held amount, err error) {
	if n.limits.any() {
		err = s.fs.snapshot(ctx, func(tx pgx.Tx) error {
			held, err = usageOf(ctx, tx, n)
			return limitGone(err)
		})
		return held, err
	}
	t := &holding{turn: make(chan struct{}, 1)}
	if known, ok, _ := s.fs.holdings.PeekOrAdd(n.project, t); ok {
		t = known
	}
	select {
	case t.turn <- struct{}{}:
		held, known := t.lately()
		<-t.turn
		if known {
			return held, nil
		}
	default: // somebody is counting
	}
	// A user who has as many surveys as allowed waits before taking the turn, since others ask for this project, too.
	leave, err := s.fs.surveys.Reserve(ctx, s.p.User)
	if err != nil {
		return held, err
	}
	defer leave()
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return held, ctx.Err()
	}
	defer func() { <-t.turn }()
	if held, known := t.lately(); known {
		return held, nil
	}
	end, err := s.fs.surveys.Begin(ctx)
	if err != nil {
		return held, err
	}
	defer end()
	began := time.Now() // the wait for a turn does not count
	err = s.fs.snapshot(ctx, func(tx pgx.Tx) error {
		held, err = count(ctx, tx, n)
		return err
	})
	if err == nil {
		t.held, t.at, t.took = held, time.Now(), time.Since(began)
	}
	return held, err
}

// lately returns the last count, if that is to be reused. The caller has the turn.
func (t *holding) lately() (held amount, ok bool) {
	return t.held, t.took >= heldLong && time.Since(t.at) < heldAgain*t.took
}
