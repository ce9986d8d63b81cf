package server

import (
	"sync"
	"time"
)

const (
	// defaultStall is how long an authenticated client may pause in the content of a file. Programs write and read while they
	// compute, with pauses that must not cost them the file, and HDFS waits for them without limit. A peer that is gone is
	// noticed sooner: the listener's TCP keep-alive probes after 15 s of silence and every 15 s from then on, and gives up a
	// connection after nine probes without an answer.
	defaultStall = time.Hour
	// shortStall is how long a client may pause in everything else, but never longer than the stall for file content.
	shortStall = 5 * time.Minute
	// publicStall is how long a client that shows no credential may pause in what it reads. Each such request holds a place among
	// all, and no limit per user applies to them.
	publicStall = 10 * time.Second
	// defaultAside is how long a client may pause before its request stops counting among those under way by all.
	defaultAside = 10 * time.Second
)

// patience is for a request that moves the content of a file, whose client may pause for long. In a pause the request holds only
// its place among those of its user, which are bounded as well, and none among all: otherwise a few users whose clients pause
// would shut everybody out.
type patience struct {
	limits  *limiter
	timer   *time.Timer // nil until the first wait
	mu      sync.Mutex
	waiting bool
	aside   bool // the place among all was given back
}

// patient lets the request's client pause in its body and in what it reads for as long as an authenticated client may.
func (x *exchange) patient() {
	x.body.stall, x.w.stall = x.server.stall, x.server.stall
	if x.entered {
		p := &patience{limits: x.server.limits}
		x.body.patience, x.w.patience = p, p
	}
}

// wait is called before waiting for the client. p may be nil.
func (p *patience) wait() {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.waiting = true
	p.mu.Unlock()
	if p.timer == nil {
		p.timer = time.AfterFunc(p.limits.asideAfter, p.stepAside)
		return
	}
	p.timer.Reset(p.limits.asideAfter)
}

// goOn is called when waiting for the client has ended.
func (p *patience) goOn() {
	if p == nil {
		return
	}
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = false
	if p.aside {
		p.aside = false
		p.limits.aside.Add(-1)
		p.limits.underWay.Add(1) // even beyond the limit, since it was let in before
	}
}

func (p *patience) stepAside() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.waiting || p.aside {
		return
	}
	// Each of them holds a buffer, so their number is bounded, too.
	if l := p.limits; l.aside.Add(1) > l.all && l.all >= 0 {
		l.aside.Add(-1)
		return
	}
	p.aside = true
	p.limits.leave()
}
