package namespace

import (
	"sync"
	"time"
)

// gathering delays a batch for a moment, for callers who are likely to arrive: a caller who does one thing after another comes back
// soon after being served, and serving all together costs little more than serving half of them. A caller who is alone is not
// delayed. The lock of the struct that contains the gathering guards it.
type gathering struct {
	most   time.Duration // how long after the end of the last batch the next one waits
	enough int           // number of waiting callers that is always enough

	expected int           // number of callers that the last batch served or left waiting
	ended    time.Time     // when the last batch ended
	complete chan struct{} // closed when enough callers wait; nil: no batch is being delayed
}

// came is called when a caller has arrived; waiting is how many wait now.
func (g *gathering) came(waiting int) {
	if g.complete != nil && waiting >= min(g.expected, g.enough) {
		close(g.complete)
		g.complete = nil
	}
}

// alone reports whether the last batch served at most one caller and left none waiting.
func (g *gathering) alone() bool { return g.expected <= 1 }

// wait returns when enough callers wait, or no more are likely to come. mu is held when it is called and when it returns; waiting is
// how many wait at the call.
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

// served is called at the end of a batch that served some callers; waiting is how many wait now.
func (g *gathering) served(some, waiting int) { g.expected, g.ended = some+waiting, time.Now() }
