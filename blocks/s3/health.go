package s3

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"granary/blocks"
)

const (
	// healthTimeout is how long a readiness probe waits.
	healthTimeout = 5 * time.Second

	// refusalCounts is how long the store counts as one that refuses changes after it has refused one. Who is sent no more
	// requests for that reason would otherwise never learn that it does not any more.
	refusalCounts = time.Minute
)

// Healthy reports why the store should get no more blocks: it cannot be reached, does not name its installation any more, or
// has lately refused a change to the account. It is meant for readiness probes; Put does not ask it.
func (s *Store) Healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	if _, err := s.statBy(ctx, s.asking, s.at.Prefix+markName); err != nil {
		return fmt.Errorf("%s: its object %s: %w", s.Name(), markName, fault(err))
	}
	for what, err := range map[string]error{"new blocks": s.puts.last(), "deletions": s.deletions.last()} {
		if err != nil {
			return fmt.Errorf("%s refuses %s: may the account write and delete there? %w", s.Name(), what, err)
		}
	}
	return nil
}

// refusal is what a store has said last to an account that may not change it.
type refusal struct {
	mu  sync.Mutex
	err error // nil: it did what was asked
	at  time.Time
}

// note takes notice of how a change ended.
func (r *refusal) note(err error) {
	var response minio.ErrorResponse
	denied := errors.As(err, &response) && (refused(response) || response.Code == minio.AccessDenied) && errors.Is(err, blocks.ErrUnavailable)
	if err != nil && !denied {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.at = err, time.Now()
}

// last returns the refusal, unless it is over.
func (r *refusal) last() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) > refusalCounts {
		return nil
	}
	return r.err
}
