package auth

import (
	"context"
	"sync"
)

// turns queues callers that want to lock the same row of the database. Only one of them asks for a row at a time; the
// others wait here, where they hold no connection. Otherwise many callers for one row, as those who follow one link or
// guess from one address, would hold all connections while they wait, and leave none to callers for other rows.
type turns struct {
	mu  sync.Mutex
	all map[string]*turn
}

// turn is the queue for one row.
type turn struct {
	taken chan struct{} // full while somebody has it
	crowd int           // how many have it or wait for it
}

// take waits for the turn at a row until ctx ends. leave ends the turn.
func (t *turns) take(ctx context.Context, row string) (leave func(), err error) {
	own := t.join(row)
	select {
	case own.taken <- struct{}{}:
		return func() {
			<-own.taken
			t.part(row, own)
		}, nil
	case <-ctx.Done():
		t.part(row, own)
		return nil, unavailable("wait for others", ctx.Err())
	}
}

func (t *turns) join(row string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.all[row]
	if own == nil {
		if t.all == nil {
			t.all = map[string]*turn{}
		}
		own = &turn{taken: make(chan struct{}, 1)}
		t.all[row] = own
	}
	own.crowd++
	return own
}

func (t *turns) part(row string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.crowd--; own.crowd == 0 {
		delete(t.all, row)
	}
}
