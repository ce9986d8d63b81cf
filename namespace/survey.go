package namespace

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

const (
	// mostSurveys is how many subtrees are looked through at a time. Each occupies one of the common connections, the longer the
	// larger its subtree is; the other connections are left for short operations.
	mostSurveys = 8
	// mostSurveysEach is how many of these may be for one user, so that places are left for others.
	mostSurveysEach = mostSurveys / 2
	// mostSearches is how many searches, which also occupy a connection each, run at a time, and mostSearchesEach how many for one
	// user.
	mostSearches     = 8
	mostSearchesEach = mostSearches / 2
	// mostBeginnings is how many uploads and jobs are begun at a time. For one user it is one: transactions that count the same
	// user's uploads or jobs wait for each other.
	mostBeginnings = 8
)

// surveys are places for callers that look through subtrees, search, or begin uploads and jobs.
type surveys struct {
	all chan struct{} // full while all are taken
	own int           // places of one user

	mu   sync.Mutex
	each map[string]*surveyor // users who have a place, or wait for one
}

// surveyor is a user who has places, or waits for one.
type surveyor struct {
	places chan struct{} // full while all are taken that one user may have
	asking int           // number of callers that have a place, or wait for one
}

func newSurveys(all, own int) *surveys {
	return &surveys{all: make(chan struct{}, all), own: own, each: map[string]*surveyor{}}
}

// enter waits for a place until ctx ends. leave gives it back.
func (v *surveys) enter(ctx context.Context, user string) (leave func(), err error) {
	// The user's own place comes first: callers that wait for the same user's others should take none of the common places.
	leaveOwn, err := v.reserve(ctx, user)
	if err != nil {
		return nil, err
	}
	leaveAll, err := v.begin(ctx)
	if err != nil {
		leaveOwn()
		return nil, err
	}
	return func() {
		leaveAll()
		leaveOwn()
	}, nil
}

// reserve is the first half of enter: it waits for a place of the user's own.
func (v *surveys) reserve(ctx context.Context, user string) (leave func(), err error) {
	own := v.ask(user)
	select {
	case own.places <- struct{}{}:
	case <-ctx.Done():
		v.done(user, own)
		return nil, ctx.Err()
	}
	return func() {
		<-own.places
		v.done(user, own)
	}, nil
}

// begin is the second half, for callers that have a place of the user's own: it waits for a common one.
func (v *surveys) begin(ctx context.Context) (leave func(), err error) {
	select {
	case v.all <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return func() { <-v.all }, nil
}

func (v *surveys) ask(user string) *surveyor {
	v.mu.Lock()
	defer v.mu.Unlock()
	own := v.each[user]
	if own == nil {
		own = &surveyor{places: make(chan struct{}, v.own)}
		v.each[user] = own
	}
	own.asking++
	return own
}

// done ends what ask began.
func (v *surveys) done(user string, own *surveyor) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if own.asking--; own.asking == 0 {
		delete(v.each, user)
	}
}

// survey is snapshot for functions that look through a whole subtree. It waits until few enough run, for the principal and in all.
func (s *Session) survey(ctx context.Context, f func(tx pgx.Tx) error) error {
	leave, err := s.fs.surveys.enter(ctx, s.p.User)
	if err != nil {
		return err
	}
	defer leave()
	return s.fs.snapshot(ctx, f)
}
