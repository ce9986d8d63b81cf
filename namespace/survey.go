package namespace

import (
	"context"

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

// survey is snapshot for functions that look through a whole subtree. It waits until few enough run, for the principal and in all.
func (s *Session) survey(ctx context.Context, f func(tx pgx.Tx) error) error {
	leave, err := s.fs.surveys.Enter(ctx, s.p.User)
	if err != nil {
		return err
	}
	defer leave()
	return s.fs.snapshot(ctx, f)
}
