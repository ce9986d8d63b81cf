package namespace

import (
	"sync"
	"time"
)

// gathering holds back what waits to be done together, for a moment, for those who are likely to come: who does one thing after
// another comes back soon after he was served, and to serve all together costs little more than to serve half of them. Who comes
// alone is not held back. The lock of what it belongs to guards it.
type gathering struct {
	most   time.Duration // how long after the last batch others are waited for
	enough int           // that so many wait is always enough

	expected int           // who the last batch served or left
	ended    time.Time     // when it did
	complete chan struct{} // closed when so many wait; nil: nobody waits for that
}

// came notes that waiting are there now.
func (g *gathering) came(waiting int) {
	if g.complete != nil && waiting >= min(g.expected, g.enough) {
		close(g.complete)
		g.complete = nil
	}
}

// alone reports whether nobody came with, or behind, who was served last.
func (g *gathering) alone() bool { return g.expected <= 1 }

// wait returns when enough are there, or nobody else is likely to come. It is called, and returns, with mu held; waiting are there now.
func (g *gathering) wait(mu *sync.Mutex, waiting int) {
	left := g.most - time.Since(g.ended)
	if waiting >= min(g.expected, g.enough) || left <= 0 || g.complete != nil {
		return
	}
	complete := make(chan struct{})
	g.complete = complete
	mu.Unlock()
	patience := time.NewTimer(left)
	select {
	case <-complete:
	case <-patience.C:
	}
	patience.Stop()
	mu.Lock()
	if g.complete == complete {
		g.complete = nil
	}
}

// served notes that a batch is over that served some; waiting are there now.
func (g *gathering) served(some, waiting int) { g.expected, g.ended = some+waiting, time.Now() }
