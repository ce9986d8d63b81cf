// Package turnstile bounds how many callers do something at a time, in total and for each key, which is mostly a user.
package turnstile

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Turnstile gives out places to callers. A key has no more than its own share of them, so that others are left for other keys.
type Turnstile struct {
	all *semaphore.Weighted // nil: only the shares are bounded
	own int64

	mu   sync.Mutex
	each map[string]*share // by key, while a caller has or awaits a place
}

// share is the places that one key may have.
type share struct {
	*semaphore.Weighted
	askers int // callers that have or await a place
}

// New returns a Turnstile with all places, of which each key may have own. If all is 0, only the keys' own places are bounded.
func New(all, own int64) *Turnstile {
	p := &Turnstile{own: own, each: map[string]*share{}}
	if all > 0 {
		p.all = semaphore.NewWeighted(all)
	}
	return p
}

// Enter waits for a place until ctx ends, and fails with ctx's error then. leave gives the place back.
func (p *Turnstile) Enter(ctx context.Context, key string) (leave func(), err error) {
	// The key's own place comes first: callers that wait for others with the same key take none of the common places.
	leaveOwn, err := p.Reserve(ctx, key)
	if err != nil {
		return nil, err
	}
	leaveAll, err := p.Begin(ctx)
	if err != nil {
		leaveOwn()
		return nil, err
	}
	return func() {
		leaveAll()
		leaveOwn()
	}, nil
}

// Reserve is the first half of Enter: it waits for one of the key's own places.
func (p *Turnstile) Reserve(ctx context.Context, key string) (leave func(), err error) {
	own := p.ask(key)
	if err := own.Acquire(ctx, 1); err != nil {
		p.done(key, own)
		return nil, err
	}
	return func() {
		own.Release(1)
		p.done(key, own)
	}, nil
}

// Begin is the second half of Enter, for callers that have reserved a place: it waits for a common one.
func (p *Turnstile) Begin(ctx context.Context) (leave func(), err error) {
	if p.all == nil {
		return func() {}, nil
	}
	if err := p.all.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { p.all.Release(1) }, nil
}

// Askers returns how many callers have or await a place with key.
func (p *Turnstile) Askers(key string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if own := p.each[key]; own != nil {
		return own.askers
	}
	return 0
}

// ask returns the share of key and counts an asker, until done is called.
func (p *Turnstile) ask(key string) *share {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.each[key]
	if own == nil {
		own = &share{Weighted: semaphore.NewWeighted(p.own)}
		p.each[key] = own
	}
	own.askers++
	return own
}

// done ends what ask began, and forgets a share that nobody uses.
func (p *Turnstile) done(key string, own *share) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if own.askers--; own.askers == 0 {
		delete(p.each, key)
	}
}
