package main

import (
	"os"
	"runtime/debug"

	"granary/postgres"
)

// garbage is how much garbage a server lets come up before it collects, in per cent of what it holds; Go's own default is
// 100. A server holds some 10 MB and throws away 15 to 60 kB with each request, so 35 MB more make it collect a third as
// often.
const garbage = 400

// paceCollector sets how often a server collects garbage, unless GOGC or GOMEMLIMIT says so. Where it holds much, such as
// the buffers of many uploads, it collects more often from half of the machine's memory on, which PostgreSQL needs too.
func paceCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(postgres.Memory() / 2)
}
