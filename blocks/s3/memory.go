package s3

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"granary/blocks"
)

const (
	// pieceSize is in how many bytes at a time a part is held.
	pieceSize = 256 << 10

	// mostPlaces is how many parts may hold more than one piece: 255 MiB together.
	mostPlaces = 51

	// givesWay is how long a part may wait for a place that is another's whose content takes as long.
	givesWay = 10 * time.Second

	// givesUp is how long a part waits for a place while the store takes nothing from anybody. The clients of those who
	// wait may have gone: that is noticed only once their content is read.
	givesUp = time.Minute
)

type piece = [pieceSize]byte

var pieces = sync.Pool{New: func() any { return new(piece) }}

// memory bounds what parts hold while their content comes and while they are sent. A part that fills its first piece
// needs a place, and waits for one if there is none: shorter blocks never wait, nor does anybody who has a place, which
// is for a whole part. But a client may take an hour over the five megabytes of a part, and a user may send thousands at
// a time. So if somebody has waited for long, whoever has a place for as long, and whose content is still not whole,
// gives way: its Put fails.
type memory struct {
	patience time.Duration // givesWay, or less in tests
	hope     time.Duration // givesUp, or less in tests

	places int // in all

	mu      sync.Mutex
	left    int                // places
	filling map[*part]struct{} // those that have a place and are not whole yet
	waiting []*waiter          // for a place, the first one first; nobody while places are left
	taken   time.Time          // when the store last took a part
}

// waiter is a part that waits for a place.
type waiter struct {
	part  *part
	since time.Time
	given chan struct{} // closed when it has one
}

func newMemory(places int) *memory {
	return &memory{patience: givesWay, hope: givesUp, places: places, left: places, filling: map[*part]struct{}{}}
}

// Memory returns how many bytes are set aside for parts of several pieces, and how many may be at most; further parts wait.
func (s *Store) Memory() (used, limit int64) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	return int64(s.memory.places-s.memory.left) * partSize, int64(s.memory.places) * partSize
}

// place waits for a place for p, behind those who wait already. It fails if the store has taken nothing for long.
func (m *memory) place(ctx context.Context, p *part) error {
	m.mu.Lock()
	if m.left > 0 {
		m.left--
		m.give(p)
		m.mu.Unlock()
		return nil
	}
	w := &waiter{part: p, since: time.Now(), given: make(chan struct{})}
	m.waiting = append(m.waiting, w)
	m.mu.Unlock()
	look := time.NewTicker(min(m.patience, m.hope) / 10)
	defer look.Stop()
	for {
		select {
		case <-w.given:
			return nil
		case <-look.C: // somebody may have taken too long by now
			m.mu.Lock()
			m.oust()
			hopeless := time.Since(w.since) > m.hope && time.Since(m.taken) > m.hope
			m.mu.Unlock()
			if hopeless {
				m.leave(w)
				return fmt.Errorf("%w: it has taken nothing for %s", blocks.ErrUnavailable, m.hope)
			}
		case <-ctx.Done():
			m.leave(w)
			return context.Cause(ctx)
		}
	}
}

// leave ends the wait of w. A place that it was given meanwhile comes back with its part.
func (m *memory) leave(w *waiter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = slices.DeleteFunc(m.waiting, func(other *waiter) bool { return other == w })
}

// took takes notice that the store has taken a part.
func (m *memory) took() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken = time.Now()
}

// give makes a place that is free p's. The caller holds m.mu.
func (m *memory) give(p *part) {
	p.placed, p.since = true, time.Now()
	m.filling[p] = struct{}{}
}

// oust takes the places of parts whose content has taken too long, the slowest first, for as many as have waited for too
// long. The last piece of each stays, since it is being read into. The caller holds m.mu.
func (m *memory) oust() {
	for len(m.waiting) > 0 && time.Since(m.waiting[0].since) >= m.patience {
		var oldest *part
		for p := range m.filling {
			if oldest == nil || p.since.Before(oldest.since) {
				oldest = p
			}
		}
		if oldest == nil || time.Since(oldest.since) < m.patience {
			return
		}
		oldest.gaveWay = true
		last := len(oldest.pieces) - 1
		for _, piece := range oldest.pieces[:last] {
			pieces.Put(piece)
		}
		oldest.pieces = oldest.pieces[last:]
		m.takeBack(oldest)
	}
}

// takeBack gives the place of p, if it has one, to who waits for it. The caller holds m.mu.
func (m *memory) takeBack(p *part) {
	if !p.placed {
		return
	}
	p.placed = false
	delete(m.filling, p)
	if len(m.waiting) == 0 {
		m.left++
		return
	}
	first := m.waiting[0]
	m.waiting = m.waiting[1:]
	m.give(first.part)
	close(first.given)
}

// tooSlow is why a part fails that gave way.
func tooSlow() error {
	return fmt.Errorf("%w: its content came so slowly that others needed the memory", blocks.ErrUnavailable)
}
