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
	case <-ctx.Done():
		return held, ctx.Err()
	}
	defer func() { <-t.turn }()
	if t.took >= heldLong && time.Since(t.at) < heldAgain*t.took {
		return t.held, nil
	}
	began := time.Now()
	err = s.survey(ctx, func(tx pgx.Tx) error {
		began = time.Now() // waiting for one's turn is no counting
		held, err = count(ctx, tx, n)
		return err
	})
	if err == nil {
		t.held, t.at, t.took = held, time.Now(), time.Since(began)
	}
	return held, err
}
