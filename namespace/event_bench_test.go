package namespace

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// slowDisk makes the database wait for delay before it flushes a COMMIT, so that others share the flush.
func slowDisk(b *testing.B, delay time.Duration) func(*Config) {
	return func(c *Config) {
		config := c.DB.Config()
		config.ConnConfig.RuntimeParams["commit_delay"] = fmt.Sprint(delay.Microseconds())
		config.ConnConfig.RuntimeParams["commit_siblings"] = "0"
		pool, err := pgxpool.NewWithConfig(b.Context(), config)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		c.DB = pool
	}
}

// What the event costs a creation: alone, and with several writers at once, each in a directory of its own.
func BenchmarkCreate(b *testing.B) {
	for _, writers := range []int{1, 8} {
		for _, delay := range []time.Duration{0, 5 * time.Millisecond} {
			for _, unrecorded := range []bool{true, false} {
				b.Run(fmt.Sprintf("%d writers, flushes %s later, unrecorded %v", writers, delay, unrecorded), func(b *testing.B) {
					fs := newServers(b, 1, slowDisk(b, delay))[0]
					fs.unrecorded = unrecorded
					fs.as(b, superuser).put(b, "/tmp/f", nil)
					var number atomic.Int64
					content := pattern(1000)
					b.ResetTimer()
					crowd(writers, func(i int) {
						s := fs.as(b, superuser)
						for n := number.Add(1); n <= int64(b.N); n = number.Add(1) {
							if _, err := s.Create(b.Context(), path(b, fmt.Sprintf("/tmp/%d/%d", i, n)),
								CreateOptions{CreateParent: true, Mode: 0o644, Size: int64(len(content))}, bytes.NewReader(content)); err != nil {
								b.Error(err)
								return
							}
						}
					})
				})
			}
		}
	}
}
