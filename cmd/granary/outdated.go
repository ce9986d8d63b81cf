package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/migrations"
)

// schemaEvery is how often a server checks that its database still has the schema version that it knows.
const schemaEvery = 10 * time.Second

// outdate calls end once a newer Granary has changed the schema under this server, whose writes would then not be what
// that one expects. It returns when ctx ends.
func outdate(ctx context.Context, db *pgxpool.Pool, log *slog.Logger, end context.CancelCauseFunc) {
	tick := time.NewTicker(schemaEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		asked, cancel := context.WithTimeout(ctx, schemaEvery)
		err := migrations.Check(asked, db)
		cancel()
		if errors.Is(err, migrations.ErrNewer) {
			log.ErrorContext(ctx, "this server ends", "error", err)
			end(err)
			return
		}
	}
}
