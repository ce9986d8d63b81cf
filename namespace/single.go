package namespace

import (
	"context"
	"math/rand/v2"
	"time"
)

// Bounds of transactions with one mutation. Such a one waits for what others have locked, for a subtree that is being counted, say, and has
// a connection meanwhile: without bounds those who wait for one lock would take all connections from everybody.
const (
	briefLock   = 100 * time.Millisecond // how long the first attempt waits for a lock
	patientLock = 2 * time.Second        // and each further one
	briefPart   = 2                      // the part of the connections that first attempts have at a time, as its denominator
	patientPart = 8                      // that of further ones
	countPart   = 8                      // that of mutations that may count a subtree, which takes as long as it takes
)

// singles bounds how many mutations are committed in transactions of their own at a time.
type singles struct {
	brief   chan struct{} // full while as many as may try for the first time
	patient chan struct{} // full while as many as may wait longer
	counts  chan struct{} // full while as many as may count
}

func newSingles(connections int32) singles {
	slots := func(part int32) chan struct{} { return make(chan struct{}, max(1, connections/part)) }
	return singles{brief: slots(briefPart), patient: slots(patientPart), counts: slots(countPart)}
}

// commitAlone commits m in a transaction of its own. Who meets a lock that is held for longer lets go of everything, and waits for it with few
// others.
func (fs *FS) commitAlone(ctx context.Context, m *mutation) error {
	slots, lock := fs.singles.brief, briefLock
	if m.counts {
		slots = fs.singles.counts
	}
	for tries := 0; tries < retryLimit; {
		err := fs.tryIn(ctx, slots, m, lock)
		switch {
		case lockedOut(err):
			if lock = patientLock; !m.counts {
				slots = fs.singles.patient
			}
			continue
		case taken(err):
			return errStale
		case !conflicting(err):
			return err
		}
		tries++
		// Two transactions that met once would meet again at once; a random pause parts them.
		select {
		case <-time.After(rand.N(20 * time.Millisecond)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errStale
}

func (fs *FS) tryIn(ctx context.Context, slots chan struct{}, m *mutation, lock time.Duration) error {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return fs.tryCommit(ctx, m, lock)
}

// lockedOut reports whether err is that somebody else held a lock for too long.
func lockedOut(err error) bool { return sqlState(err) == "55P03" }
