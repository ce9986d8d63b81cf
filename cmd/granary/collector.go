package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"granary/postgres"
)

// How much garbage a server lets come up before it collects. It throws away 15 to 60 kB with each request, so what costs 80 MB where it
// holds 20 spares four collections of five. What it remembers may be a thirty-second of the machine's memory, and to look through that
// takes as long as thousands of requests: so as much may be garbage, whatever it holds, and half of it where it holds more.
const (
	sparePart    = 32
	spareLeast   = 80 << 20 // bytes
	spareMost    = 512 << 20
	sparePercent = 50
	mostPercent  = 400
	paceEvery    = 5 * time.Second
)

// paceCollector sets how often a server collects garbage until ctx ends, unless GOGC or GOMEMLIMIT says so. Where it holds much, such as
// the buffers of many uploads, it collects more often from half of the machine's memory on, which PostgreSQL needs too.
func paceCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(mostPercent)
	debug.SetMemoryLimit(postgres.Memory() / 2)
	spare := min(max(postgres.Memory()/sparePart, spareLeast), spareMost)
	go func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		last := mostPercent
		for tick := time.NewTicker(paceEvery); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			metrics.Read(live)
			// To set it stops all else for a moment.
			if p := garbagePercent(live[0].Value.Uint64(), uint64(spare)); max(p, last)-min(p, last) > last/8 {
				debug.SetGCPercent(p)
				last = p
			}
		}
	}()
}

// garbagePercent is how much garbage may come up beside live bytes that are in use, in per cent of them: spare bytes, within bounds.
func garbagePercent(live, spare uint64) int {
	return int(min(max(spare*100/max(live, 1), sparePercent), mostPercent))
}
