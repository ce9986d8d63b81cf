package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"granary/postgres"
)

// How much garbage a server lets accumulate before it collects. Each request leaves 15 to 60 kB, so for a server that
// holds 20 MB, a spare of 80 MB saves three collections of four. Its caches may take a thirty-second of the machine's
// memory, and marking that takes as long as thousands of requests: so the garbage may be as much, whatever the server
// holds, and half of what it holds if that is more.
const (
	sparePart    = 32
	spareLeast   = 80 << 20 // bytes
	spareMost    = 512 << 20
	sparePercent = 50
	mostPercent  = 400
	paceEvery    = 5 * time.Second
)

// paceCollector sets how often a server collects garbage until ctx ends, unless GOGC or GOMEMLIMIT is set. When it
// holds much, such as the buffers of many uploads, it collects more often from half of the machine's memory on:
// PostgreSQL needs memory, too.
func paceCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(mostPercent)
	debug.SetMemoryLimit(postgres.Memory() / 2)
	spare := min(max(postgres.Memory()/sparePart, spareLeast), spareMost)
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
		// Setting it stops the world for a moment.
		if p := garbagePercent(live[0].Value.Uint64(), uint64(spare)); max(p, last)-min(p, last) > last/8 {
			debug.SetGCPercent(p)
			last = p
		}
	}
}

// garbagePercent returns how much garbage may accumulate, in per cent of the live bytes: spare bytes, within bounds.
func garbagePercent(live, spare uint64) int {
	return int(min(max(spare*100/max(live, 1), sparePercent), mostPercent))
}
