package server

import (
	"sync"
	"time"
)

const (
	// defaultStall is for how long who was admitted may pause in the content of a file. Programs write and read as they
	// compute, with pauses that must not cost them the file, and HDFS waits for them without an end. A peer that is gone is
	// found sooner: the listener's TCP keep-alive probes after 15 s of silence and every 15 s from then on, and gives a
	// connection up after nine probes without an answer.
	defaultStall = time.Hour
	// shortStall is for how long a client may pause in everything else, at most the above.
	shortStall = 5 * time.Minute
	// publicStall is for how long who shows no credential may pause in what he reads: he holds a place among all, and nobody counts how many.
	publicStall = 10 * time.Second
	// defaultAside is how long a client may pause until its request is none of those under way by all.
	defaultAside = 10 * time.Second
)

// patience is with a request that moves the content of a file, and may pause for long. While it does, it holds a place of its
// user's, of whom there is a bound of its own, and none among all: or a few users who pause would shut everybody out.
type patience struct {
	limits  *limiter
	timer   *time.Timer // nil until the first wait
	mu      sync.Mutex
	waiting bool
	aside   bool // the place among all was given back
}

// patient lets the request's client pause in its body and in what it reads for as long as who is admitted may.
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

// goOn is called when the client has done something, or will not.
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
		p.limits.underWay.Add(1) // it was let in before
	}
}

func (p *patience) stepAside() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.waiting || p.aside {
		return
	}
	// Each of them has a buffer, so there is an end of it, too.
	if l := p.limits; l.aside.Add(1) > l.all && l.all >= 0 {
		l.aside.Add(-1)
		return
	}
	p.aside = true
	p.limits.leave()
}
