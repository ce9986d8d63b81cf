package migrations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3/lock"
)

// heldSQL returns until when the lock of [Up] is held, as its holder last said; no row if nobody holds it.
const heldSQL = `SELECT lease_expires_at FROM ` + lock.DefaultLockTableName + ` WHERE lock_id = $1 AND locked AND lease_expires_at > now()`

// awaitNewer returns at once unless somebody holds the lock of [Up] on a database that has the version latest. That is
// mostly a newer Granary, which found nobody who uses the database, and brings it further: a server of this version that
// began meanwhile would go on writing after that, for as long as it takes it to notice. So this waits until that one is
// done, and fails with [ErrNewer]. One that has not renewed its lease for a while, by this machine's clock, was killed.
func awaitNewer(ctx context.Context, pool *pgxpool.Pool, latest int64, lease time.Duration) error {
	var exists bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", lock.DefaultLockTableName).Scan(&exists); err != nil || !exists {
		return err
	}
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	var last time.Time
	since := time.Now()
	for {
		var until time.Time
		err := pool.QueryRow(ctx, heldSQL, lock.DefaultLockID).Scan(&until)
		free := errors.Is(err, pgx.ErrNoRows)
		if err != nil && !free {
			return fmt.Errorf("find out whether the database is brought to another version: %w", err)
		}
		if !until.Equal(last) {
			last, since = until, time.Now()
		}
		if _, err := known(ctx, pool, latest); err != nil || free || time.Since(since) > lease {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
