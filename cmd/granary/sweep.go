package main

import (
	"context"
	"log/slog"
	"time"
)

// sweepTime bounds the last round of a server that stops.
const sweepTime = 10 * time.Second

// sweep calls do at intervals of every until the returned function is called, which runs it once more, so that nothing
// is forgotten, and waits for its end. If do fails, trouble is logged.
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
