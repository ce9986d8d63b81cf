package namespace

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

const (
	// mostSurveys is how many subtrees are looked through at a time. Each holds one of the common connections for as long as its subtree is
	// large, and the others are for what is soon done.
	mostSurveys = 8
	// mostSurveysEach is how many of them are looked through for one user: whoever asks for many leaves places to the others.
	mostSurveysEach = mostSurveys / 2
	// mostSearches is how many searches run at a time, each of which holds one of them for as long, and mostSearchesEach how many for one user.
	mostSearches     = 8
	mostSearchesEach = mostSearches / 2
	// mostBeginnings is how many uploads and jobs are begun at a time. For a user it is one: who counts how many there are, waits for who has done so.
	mostBeginnings = 8
)

// surveys are the places of those who look through a subtree, who search, or who begin what a user may have only so many of.
type surveys struct {
	all chan struct{} // full while all are taken
	own int           // places of one user

	mu   sync.Mutex
	each map[string]*surveyor // users who look, or wait
}

// surveyor is a user who looks through subtrees.
type surveyor struct {
	places chan struct{} // full while all are taken that one user may have
	asking int           // who have a place, or wait for one
}

func newSurveys(all, own int) *surveys {
	return &surveys{all: make(chan struct{}, all), own: own, each: map[string]*surveyor{}}
}

// enter waits for a place until ctx ends. leave gives it back.
func (v *surveys) enter(ctx context.Context, user string) (leave func(), err error) {
	// Who waits for others of the same user is not among those who wait for everybody's.
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

// begin is the other half, for who has a place of their own: it waits for one of everybody's.
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

// survey is snapshot for what looks through a whole subtree. It waits until few enough are being looked through, for the principal and for all.
func (s *Session) survey(ctx context.Context, f func(tx pgx.Tx) error) error {
	leave, err := s.fs.surveys.enter(ctx, s.p.User)
	if err != nil {
		return err
	}
	defer leave()
	return s.fs.snapshot(ctx, f)
}
