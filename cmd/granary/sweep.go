package main

import (
	"context"
	"log/slog"
	"time"
)

// sweepTime is how long the last round of a server that stops may take.
const sweepTime = 10 * time.Second

// sweep does every so often what keeps something small until the returned function is called, which does it once more, so that nothing
// is forgotten, and waits for the end. The log gets trouble when it fails.
func sweep(ctx context.Context, every time.Duration, do func(context.Context) error, log *slog.Logger, trouble string) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	once := func(ctx context.Context) {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, trouble+"; the next round tries again", "error", err)
		}
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(every)
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
