package namespace

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Bounds of transactions with one mutation. Such a one waits for what others have locked, for a subtree that is being counted, say, and has
// a connection meanwhile: without bounds those who wait for one lock would take all connections from everybody.
const (
	briefLock   = 100 * time.Millisecond // how long the first attempt waits for a lock
	patientLock = 2 * time.Second        // and how long those do that come to wait for longer
	briefPart   = 2                      // the part of the connections that brief attempts have at a time, as its denominator
	patientPart = 8                      // that of patient ones
	countPart   = 8                      // that of mutations that count a subtree, which takes as long as it takes
	briefAgain  = 200 * time.Millisecond // until somebody who cannot be patient, since others are, tries briefly again; twice that each time
	briefSeldom = 5 * time.Second
)

// singles bounds how many mutations are committed in transactions of their own at a time.
type singles struct {
	brief   *fair         // who try
	patient chan struct{} // full while as many as may wait longer
	counts  chan struct{} // full while as many as may count
}

func newSingles(connections int32) singles {
	slots := func(part int32) chan struct{} { return make(chan struct{}, max(1, connections/part)) }
	return singles{brief: newFair(int(max(1, connections/briefPart))), patient: slots(patientPart), counts: slots(countPart)}
}

// errCrowded reports that as many count as may: nothing is held meanwhile.
var errCrowded = errors.New("others count")

// commitAlone commits m in a transaction of its own. Who meets a lock that is held for longer lets go of everything, and waits for it with few
// others; who finds no room there tries again now and then, since it may be another lock that they wait for.
func (fs *FS) commitAlone(ctx context.Context, m *mutation) error {
	var pause time.Duration // 0: no lock was in the way yet
	for tries := 0; tries < retryLimit; {
		err := fs.tryOnce(ctx, m, pause)
		switch {
		case lockedOut(err), errors.Is(err, errCrowded):
			pause = min(max(2*pause, briefAgain), briefSeldom)
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

// tryOnce is a patient attempt if there is room for one within a pause, else a brief one.
func (fs *FS) tryOnce(ctx context.Context, m *mutation, pause time.Duration) error {
	leave, lock, err := fs.slot(ctx, m.by.user, pause)
	if err != nil {
		return err
	}
	leave = sync.OnceFunc(leave)
	defer leave()
	return fs.tryCommit(ctx, m, lock, leave)
}

// slot takes a place for an attempt of a user's, which leave gives back, and says for how long that waits for a lock.
func (fs *FS) slot(ctx context.Context, user string, pause time.Duration) (leave func(), lock time.Duration, err error) {
	if pause > 0 {
		late := time.NewTimer(pause/2 + rand.N(pause/2))
		defer late.Stop()
		select {
		case fs.singles.patient <- struct{}{}:
			return func() { <-fs.singles.patient }, patientLock, nil
		case <-late.C:
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
	if err := fs.singles.brief.enter(ctx, user); err != nil {
		return nil, 0, err
	}
	return fs.singles.brief.leave, briefLock, nil
}

// lockedOut reports whether err is that somebody else held a lock for too long.
func lockedOut(err error) bool { return sqlState(err) == "55P03" }
