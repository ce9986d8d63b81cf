package main

import (
	"context"
	"log/slog"
	"time"

	"granary/auth"
)

// sweepTime is how long the last sweep of a server that stops may take.
const sweepTime = 10 * time.Second

// sweep keeps the tables of credentials small until the returned function is called, which sweeps once more, so that no
// use is forgotten, and waits for the end.
func sweep(ctx context.Context, a *auth.Authority, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	once := func(ctx context.Context) {
		if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "ended credentials could not be removed; the next round tries again", "error", err)
		}
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(auth.SweepEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				once(ctx)
			case <-ctx.Done():
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), sweepTime)
				once(last)
				cancel()
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
