package curves

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Bounds of the files that are read at the same time, for all questions: each reader may hold a record of the maximum length.
const (
	readersAll = 4
	// readersEach bounds those of one user, so that a user who has much to read leaves a place to others.
	readersEach = readersAll - 1
)

// Bounds of the questions that are answered at the same time: each may hold some ten megabytes of points.
const (
	answersAll  = 8
	answersEach = answersAll / 2 // for one user
)

// readers are the places for reading files, or for answering questions.
type readers struct {
	all  *semaphore.Weighted
	most int64 // places for one user

	mu   sync.Mutex
	each map[string]*share // by user, for those who have or await a place
}

// share is how many of the places one user may have.
type share struct {
	*semaphore.Weighted
	askers int // who have or await a place
}

func newReaders(all, each int64) *readers {
	return &readers{all: semaphore.NewWeighted(all), most: each, each: map[string]*share{}}
}

// Enter waits until ctx ends for a place among the questions that are answered. A caller who makes something long of the answer keeps
// the place until that is done. leave gives it back. The wait does not count as time of the question.
func (s *Shelf) Enter(ctx context.Context, user string) (leave func(), err error) {
	return s.answering.enter(ctx, user)
}

// enter waits for a place until ctx ends. leave gives it back.
func (r *readers) enter(ctx context.Context, user string) (leave func(), err error) {
	own := r.ask(user)
	// Waiting for the user's own share comes first, so that each user has few waiters in the common queue.
	if err := own.Acquire(ctx, 1); err != nil {
		r.done(user, own)
		return nil, err
	}
	if err := r.all.Acquire(ctx, 1); err != nil {
		own.Release(1)
		r.done(user, own)
		return nil, err
	}
	return func() {
		r.all.Release(1)
		own.Release(1)
		r.done(user, own)
	}, nil
}

// ask returns the share of a user, who counts as an asker until done is called.
func (r *readers) ask(user string) *share {
	r.mu.Lock()
	defer r.mu.Unlock()
	own := r.each[user]
	if own == nil {
		own = &share{Weighted: semaphore.NewWeighted(r.most)}
		r.each[user] = own
	}
	own.askers++
	return own
}

// done ends what ask began, and forgets a share that nobody uses.
func (r *readers) done(user string, own *share) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own.askers--; own.askers == 0 {
		delete(r.each, user)
	}
}
