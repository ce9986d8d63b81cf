package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// readyPatience is how long each check of readyz may take, so that a prober learns that the database does not answer.
const readyPatience = 3 * time.Second

// errNoAnswer is the error of a check that takes longer.
var errNoAnswer = fmt.Errorf("no answer within %v", readyPatience)

// readyz answers 200 if every check passes, else 503 with the checks that failed or gave no answer. The reasons go only to the
// log, since they may name hosts.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	state := make(map[string]string, len(s.ready)+1)
	status := http.StatusOK
	if s.stopping.Load() {
		state["server"], status = "stopping", http.StatusServiceUnavailable
	}
	for name, err := range s.checked(r.Context()) {
		switch {
		case err == nil:
			state[name] = "ok"
			continue
		case errors.Is(err, errNoAnswer):
			state[name] = errNoAnswer.Error()
		default:
			state[name] = "failed"
		}
		status = http.StatusServiceUnavailable
		s.log.WarnContext(r.Context(), "not ready", "check", name, "error", err)
	}
	text, err := json.Marshal(state)
	if err != nil {
		panic(fmt.Sprintf("server: a map of strings as JSON: %v", err))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // fails only if the client is gone
}

// checked runs all checks concurrently, and returns the result of each.
func (s *Server) checked(ctx context.Context) map[string]error {
	var checks sync.WaitGroup
	var mu sync.Mutex // guards out
	out := make(map[string]error, len(s.ready))
	for name, check := range s.ready {
		checks.Go(func() {
			_, err := patiently(ctx, &s.checking, name, func(ctx context.Context) (struct{}, error) { return struct{}{}, check(ctx) })
			mu.Lock()
			defer mu.Unlock()
			out[name] = err
		})
	}
	checks.Wait()
	return out
}

// room measures the room of the block stores. s.space must not be nil.
func (s *Server) room(ctx context.Context) (Space, error) {
	return patiently(ctx, &s.measuring, "", s.space)
}

// patiently calls ask and waits for up to readyPatience, even if ask ignores ctx, as when a disk hangs. Only one call per name is
// under way at a time, and its result is shared: each call that hangs keeps a thread, and at 10,000 threads Go ends the process.
func patiently[T any](ctx context.Context, under *singleflight.Group, name string, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, readyPatience, errNoAnswer)
	defer cancel()
	answer := under.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), readyPatience, errNoAnswer) // the result is shared by all callers
		defer cancel()
		got, err := ask(ctx)
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return got, err
	})
	var none T
	select {
	case a := <-answer:
		if a.Err != nil {
			return none, a.Err
		}
		return a.Val.(T), nil //nolint:forcetypeassert // what ask returned
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}
