package curves

import "context"

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

// Enter waits until ctx ends for a place among the questions that are answered. A caller who makes something long of the answer keeps
// the place until that is done. leave gives it back. The wait does not count as time of the question.
func (s *Shelf) Enter(ctx context.Context, user string) (leave func(), err error) {
	return s.answering.Enter(ctx, user)
}
