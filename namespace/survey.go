package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/turnstile"
)

const (
	// mostSurveysEach is how many subtrees are looked through at a time for one user; for all users it is twice as many, so that places are
	// left for others. Each occupies one of the common connections, the longer the larger its subtree is; the other connections are left
	// for short operations.
	mostSurveysEach = 4
	// mostSearchesEach is the same for searches, which also occupy a connection each.
	mostSearchesEach = 4
	// surveyPart bounds both if there are few connections: one user gets one in so many for surveys, and one in so many for searches.
	surveyPart = 8
	// mostBeginnings is how many uploads and jobs are begun at a time. For one user it is one: transactions that count the same
	// user's uploads or jobs wait for each other.
	mostBeginnings = 8
)

// placesEach returns how many of so many connections one user may occupy for long: at most most, and at least one.
func placesEach(most int64, connections int32) int64 {
	return max(1, min(most, int64(connections)/surveyPart))
}

// longPlaces returns the places of callers that occupy a connection each for long.
func longPlaces(most int64, connections int32) *turnstile.Turnstile {
	each := placesEach(most, connections)
	return turnstile.New(2*each, each)
}

// survey is snapshot for functions that look through a whole subtree. It waits until few enough run, for the principal and in all.
func (s *Session) survey(ctx context.Context, f func(tx pgx.Tx) error) error {
	leave, err := s.fs.surveys.Enter(ctx, s.p.User)
	if err != nil {
		return err
	}
	defer leave()
	return s.fs.snapshot(ctx, f)
}
