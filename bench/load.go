package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// load is one operation that several clients repeat at the same time.
type load struct {
	clients int
	most    int // operations of each client
	bytes   int64
	limit   time.Duration // for each request

	// act does operation i of a client; only this is timed. Both count from 0.
	act func(c *client, worker, i int) error
	// check verifies the result when the clock has stopped, given how many operations each client did. It may be nil.
	check func(c *client, done []int) error
}

// run puts a load on a server for a time, or until each client has done its number of operations. Every client connects
// before the clock starts. The first error ends the run and is returned with the number of clients that failed.
func run(ctx context.Context, to *target, l load, duration time.Duration) (sample, error) {
	var (
		ready, ended sync.WaitGroup
		failed       atomic.Int64
		begin        = make(chan struct{})
		deadline     time.Time
		latencies    = make([][]time.Duration, l.clients)
		errs         = make([]error, l.clients)
	)
	for w := range l.clients {
		ready.Add(1)
		ended.Go(func() {
			c := newClient(ctx, to, l.limit)
			defer c.close()
			errs[w] = c.json("GET", "/", "GETFILESTATUS", "", func([]byte) error { return nil })
			ready.Done()
			<-begin
			last := time.Now()
			for i := 0; i < l.most && errs[w] == nil && failed.Load() == 0 && last.Before(deadline) && ctx.Err() == nil; i++ {
				errs[w] = l.act(c, w, i)
				now := time.Now()
				latencies[w] = append(latencies[w], now.Sub(last))
				last = now
			}
			if errs[w] != nil {
				failed.Add(1)
			}
		})
	}
	ready.Wait()
	spent := processorTime()
	start := time.Now()
	deadline = start.Add(duration)
	close(begin)
	ended.Wait()
	elapsed := time.Since(start)
	spent = processorTime() - spent

	if err := ctx.Err(); err != nil {
		return sample{}, context.Cause(ctx)
	}
	for _, err := range errs {
		if err != nil {
			return sample{}, fmt.Errorf("%s: errors at %d of %d clients, the first: %w", to.name, failed.Load(), l.clients, err)
		}
	}
	var all []time.Duration
	done := make([]int, l.clients)
	for w, some := range latencies {
		all, done[w] = append(all, some...), len(some)
	}
	if len(all) == 0 {
		return sample{}, fmt.Errorf("%s: nothing was done in %s", to.name, duration)
	}
	if l.check != nil {
		c := newClient(ctx, to, l.limit)
		defer c.close()
		if err := l.check(c, done); err != nil {
			return sample{}, fmt.Errorf("%s: %w", to.name, err)
		}
	}
	got := newSample(all, elapsed, l.bytes)
	got.Client = float64(spent) / float64(time.Microsecond) / float64(got.Ops)
	return got, nil
}

// processorTime is the processor time that this process has used so far, in user and kernel mode.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // it fails only for invalid arguments
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
