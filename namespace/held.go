package namespace

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// What projects without limits hold is counted when somebody asks, and who looks at one asks each half a minute. What took long to count
// is told again for as many times as long as that took.
const (
	heldLong  = 100 * time.Millisecond
	heldAgain = 10
	heldKnown = 1024 // projects of which it is known
)

// holding is what a project without limits was found to hold.
type holding struct {
	turn chan struct{} // of who counts
	held amount
	at   time.Time
	took time.Duration
}

// held returns what the project at n holds: as it was counted all along if n has a limit, else as it is, or was when it was counted last if
// that took longer than heldLong and is not longer ago than heldAgain times what it took.
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
	default: // somebody counts
	}
	// Who looks through as much as they may waits before it is their turn: others ask for this project, too.
	leave, err := s.fs.surveys.reserve(ctx, s.p.User)
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
	end, err := s.fs.surveys.begin(ctx)
	if err != nil {
		return held, err
	}
	defer end()
	began := time.Now() // waiting for one's turn is no counting
	err = s.fs.snapshot(ctx, func(tx pgx.Tx) error {
		held, err = count(ctx, tx, n)
		return err
	})
	if err == nil {
		t.held, t.at, t.took = held, time.Now(), time.Since(began)
	}
	return held, err
}

// lately returns what was counted last, if that is to be told again. It is for whose turn it is.
func (t *holding) lately() (held amount, ok bool) {
	return t.held, t.took >= heldLong && time.Since(t.at) < heldAgain*t.took
}
