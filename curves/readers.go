package curves

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Bounds of the files of all questions that are read at the same time: each may hold the longest record.
const (
	readersAll = 4
	// readersEach is how many of them are read for one user: whoever has much to read leaves a place to the others.
	readersEach = readersAll - 1
)

// Bounds of the questions that are answered at the same time: each may hold some ten megabytes of points.
const (
	answersAll  = 8
	answersEach = answersAll / 2 // for one user
)

// readers are the places of those who read a file, or are answered.
type readers struct {
	all  *semaphore.Weighted
	most int64 // places of one user

	mu   sync.Mutex
	each map[string]*share // of users who read or wait
}

// share is what one user may have of the places.
type share struct {
	*semaphore.Weighted
	askers int // who have a place, or wait for one
}

func newReaders(all, each int64) *readers {
	return &readers{all: semaphore.NewWeighted(all), most: each, each: map[string]*share{}}
}

// Enter waits until ctx ends for a place among those who are answered, which whoever makes something long of an answer keeps until it is made. leave
// gives it back. Its time does not count for the question.
func (s *Shelf) Enter(ctx context.Context, user string) (leave func(), err error) {
	return s.answering.enter(ctx, user)
}

// enter waits for a place until ctx ends. leave gives it back.
func (r *readers) enter(ctx context.Context, user string) (leave func(), err error) {
	own := r.ask(user)
	// Who waits for his own others is not among those who wait for everybody's, so that they are few.
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

// ask returns the share of a user.
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

// done ends what ask began.
func (r *readers) done(user string, own *share) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own.askers--; own.askers == 0 {
		delete(r.each, user)
	}
}
