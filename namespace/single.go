package namespace

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Bounds of transactions with one mutation. Such a transaction waits for locks of others, for example while they count a subtree,
// and occupies a connection meanwhile: without bounds, those who wait for one lock would occupy all connections.
const (
	briefLock   = 100 * time.Millisecond // how long the first attempt waits for a lock
	patientLock = 2 * time.Second        // how long patient attempts, which follow it, wait for a lock
	briefPart   = 2                      // brief attempts get one in so many connections
	patientPart = 8                      // patient ones one in so many
	countPart   = 8                      // mutations that count a subtree, which may take minutes, one in so many
	briefAgain  = 200 * time.Millisecond // pause before another brief attempt while no patient one may begin; doubled each time
	briefSeldom = 5 * time.Second        // longest such pause
	crowdedMost = time.Second            // longest pause before another attempt while no more mutations may count; begins with briefAgain
)

// singles bounds how many mutations are committed in transactions of their own at a time.
type singles struct {
	brief   *fair         // places for brief attempts, by user
	patient chan struct{} // full while no more patient attempts may begin
	counts  chan struct{} // full while no more mutations may count
}

func newSingles(connections int32) singles {
	slots := func(part int32) chan struct{} { return make(chan struct{}, max(1, connections/part)) }
	return singles{brief: newFair(int(max(1, connections/briefPart))), patient: slots(patientPart), counts: slots(countPart)}
}

// errCrowded reports that no more mutations may count now. The transaction is rolled back, so nothing is locked meanwhile.
var errCrowded = errors.New("others count")

// commitAlone commits m in a transaction of its own. If a lock is held for longer, the attempt releases everything, and a patient
// one follows, of which only a few are made at a time. If there is no place for that, brief attempts are made now and then, since
// the patient ones may wait for other locks. A mutation that finds no place for counting tries again after a pause: no attempt waits for
// one in the database.
func (fs *FS) commitAlone(ctx context.Context, m *mutation) error {
	var pause, crowded time.Duration // 0: no lock was in the way yet, and there were places
	for tries := 0; tries < retryLimit; {
		var rest time.Duration
		err := fs.tryOnce(ctx, m, pause)
		switch {
		case lockedOut(err):
			pause = min(max(2*pause, briefAgain), briefSeldom)
			continue
		case errors.Is(err, errCrowded):
			crowded = min(max(2*crowded, briefAgain), crowdedMost)
			rest = crowded/2 + rand.N(crowded/2)
		case taken(err):
			return errStale
		case errors.Is(err, errUnlisted):
			tries++
			if err := fs.enlist(ctx); err != nil {
				return err
			}
		case !conflicting(err):
			return err
		default: // two transactions that collided would collide again at once; a random pause separates them
			tries++
			rest = rand.N(20 * time.Millisecond)
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errStale
}

// tryOnce makes a patient attempt if there is a place for one within the pause, else a brief one.
func (fs *FS) tryOnce(ctx context.Context, m *mutation, pause time.Duration) error {
	leave, lock, err := fs.slot(ctx, m.by.user, pause)
	if err != nil {
		return err
	}
	leave = sync.OnceFunc(leave)
	defer leave()
	return fs.tryCommit(ctx, m, lock, leave)
}

// slot takes a place for an attempt of a user's, which leave gives back, and returns how long the attempt waits for a lock.
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

// lockedOut reports whether err means that somebody else held a lock for too long.
func lockedOut(err error) bool { return sqlState(err) == "55P03" }
