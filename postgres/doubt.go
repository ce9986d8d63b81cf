package postgres

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Doubt makes pools of config ask their idle connections whether they are alive before they are used, once another one has died:
// what ended that, a database that was started again or lost one of its processes, ended all of them, and whoever gets one would be
// told so instead of an answer. Otherwise only those are asked that have been idle for a second, as pgxpool does.
func Doubt(config *pgxpool.Config) {
	var died atomic.Int64 // when one was last found dead, in nanoseconds since 1970
	config.BeforeClose = func(c *pgx.Conn) {
		if c.IsClosed() { // not by the pool
			died.Store(time.Now().UnixNano())
		}
	}
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool {
		return p.IdleDuration > time.Second || time.Now().Add(-p.IdleDuration).UnixNano() < died.Load()
	}
}
