package auth

import (
	"context"

	"granary/turnstile"
)

// turns queues callers that want to lock the same row of the database. Only one of them asks for a row at a time; the
// others wait here, where they hold no connection. Otherwise many callers for one row, as those who follow one link or
// guess from one address, would hold all connections while they wait, and leave none to callers for other rows.
type turns struct{ rows *turnstile.Turnstile }

func newTurns() turns { return turns{turnstile.New(0, 1)} }

// take waits for the turn at a row until ctx ends. leave ends the turn.
func (t *turns) take(ctx context.Context, row string) (leave func(), err error) {
	if leave, err = t.rows.Enter(ctx, row); err != nil {
		return nil, unavailable("wait for others", err)
	}
	return leave, nil
}
