package auth

import (
	"context"
	"sync"
)

// turns are those of who wants to lock the same row of the database. Of each row one asks for it at a time: the others wait here, where they
// hold no connection. Else many who want one row, as who follow a link, or guess from one address, would take all connections to wait for it from those
// who want another.
type turns struct {
	mu  sync.Mutex
	all map[string]*turn
}

// turn is that at one row.
type turn struct {
	taken chan struct{} // full while somebody has it
	crowd int           // who have it, or wait for it
}

// take waits for the turn at a row until ctx ends. leave gives it back.
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
