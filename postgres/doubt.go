package postgres

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Doubt makes pools of config ping, once a connection has died, every other that was idle then before it is used again:
// whatever ended that one, a restart of the database or the loss of one of its processes, ended all of them, and a
// statement over any would fail. Otherwise only those are pinged that have been idle for a second, as pgxpool does.
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
