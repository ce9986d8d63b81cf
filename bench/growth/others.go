package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// workers are callers who keep working, one creating files and one asking for statuses, and record how long each request took.
type workers struct {
	cancel  context.CancelFunc
	done    sync.WaitGroup
	mu      sync.Mutex
	creates []request
	stats   []request
	err     error
}

// request says when a request began, and how long it took.
type request struct {
	at   time.Time
	took time.Duration
}

// others is what these callers saw in some period, in milliseconds.
type others struct {
	Creates   int     `json:"creates"`
	CreateP50 float64 `json:"createP50"`
	CreateP99 float64 `json:"createP99"`
	Stats     int     `json:"stats"`
	StatP50   float64 `json:"statP50"`
	StatP99   float64 `json:"statP99"`
}

// window is what they saw in one second.
type window struct {
	Second int `json:"second"` // since the deletion; negative before it
	others
}

// pace is the interval between the requests of each caller. It leaves most of the machine to others.
const pace = 10 * time.Millisecond

// watch starts one caller that creates and one that asks for statuses. They run until stop is called.
func watch(ctx context.Context, p place) *workers {
	ctx, cancel := context.WithCancel(ctx)
	w := &workers{cancel: cancel}
	files := p.tree.scattered(500, 77)
	run := func(into *[]request, do func(c *caller, i int) error) {
		w.done.Go(func() {
			c := p.caller()
			defer c.close()
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				at := time.Now()
				err := do(c, i)
				w.mu.Lock()
				if err != nil && ctx.Err() == nil {
					w.err = errors.Join(w.err, err)
					w.mu.Unlock()
					return
				}
				*into = append(*into, request{at, time.Since(at)})
				w.mu.Unlock()
			}
		})
	}
	run(&w.creates, func(c *caller, i int) error {
		return c.create(context.WithoutCancel(ctx), newName(files[i%len(files)], "beside", i))
	})
	run(&w.stats, func(c *caller, i int) error {
		return c.stat(context.WithoutCancel(ctx), files[i%len(files)])
	})
	return w
}

// stop ends the callers and returns their errors.
func (w *workers) stop() error {
	w.cancel()
	w.done.Wait()
	if w.err != nil {
		return fmt.Errorf("beside the deletion: %w", w.err)
	}
	return nil
}

// between summarizes the requests that began in [from, to).
func (w *workers) between(from, to time.Time) (o others) {
	pick := func(all []request) (some []time.Duration) {
		for _, r := range all {
			if !r.at.Before(from) && r.at.Before(to) {
				some = append(some, r.took)
			}
		}
		return some
	}
	creates, stats := pick(w.creates), pick(w.stats)
	return others{
		len(creates), percentile(creates, 50), percentile(creates, 99),
		len(stats), percentile(stats, 50), percentile(stats, 99),
	}
}

// windows summarizes each second.
func (w *workers) windows(began time.Time) (all []window) {
	if len(w.creates) == 0 {
		return nil
	}
	first, last := w.creates[0].at.Sub(began), w.creates[len(w.creates)-1].at.Sub(began)
	for second := int(first.Seconds()); second <= int(last.Seconds()); second++ {
		from := began.Add(time.Duration(second) * time.Second)
		all = append(all, window{second, w.between(from, from.Add(time.Second))})
	}
	return all
}
