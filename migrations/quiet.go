package migrations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrInUse is returned for a database with an older schema that a server is using.
var ErrInUse = errors.New("stop all servers before one of a newer version starts, and start this one again")

// Every server, whatever its version, says every ten seconds that it is alive, until it ends; one that is not seen for
// silence is gone.
const (
	silence  = 30 * time.Second
	seenEach = time.Second
)

// serversSQL finds servers that were seen within $1. Older schemas do not record which of them have ended.
const serversSQL = `SELECT id::text, seen FROM servers s WHERE seen > now() - $1::interval AND NOT coalesce((to_jsonb(s) ->> 'ended')::boolean, false)`

// AwaitQuiet returns at once unless [Up] would change a database that somebody uses. Then it waits until no server has
// been seen for half a minute, by this machine's clock if the database's went back, and fails with [ErrInUse] if one is
// seen meanwhile: a server of an older version would go on writing as its own schema has it, and break what the newer
// one relies on.
func AwaitQuiet(ctx context.Context, pool *pgxpool.Pool) error {
	return awaitQuiet(ctx, pool, silence, seenEach)
}

func awaitQuiet(ctx context.Context, pool *pgxpool.Pool, silence, each time.Duration) error {
	latest, err := Latest()
	if err != nil {
		return err
	}
	current, err := known(ctx, pool, latest)
	if err != nil || current == 0 || current == latest {
		return err
	}
	again := time.NewTicker(each)
	defer again.Stop()
	type look struct{ seen, at time.Time } // by the database's clock, and by this machine's
	first := map[string]look{}
	for {
		rows, err := pool.Query(ctx, serversSQL, silence)
		if err != nil {
			return fmt.Errorf("find out who uses the database: %w", err)
		}
		var (
			id    string
			seen  time.Time
			alive []string
			some  bool
		)
		_, err = pgx.ForEachRow(rows, []any{&id, &seen}, func() error {
			before, ok := first[id]
			switch {
			case !ok:
				first[id], some = look{seen, time.Now()}, true
			case !seen.Equal(before.seen): // the clock may have been set back since
				alive = append(alive, id)
			case time.Since(before.at) <= silence: // after that it counts as killed while the clock was ahead, and seen in the future
				some = true
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("find out who uses the database: %w", err)
		}
		// Another server of this version may have brought the database up to date, and be among those that use it.
		if current, err = known(ctx, pool, latest); err != nil || current == latest {
			return err
		}
		switch {
		case len(alive) > 0:
			return fmt.Errorf("the database has version %d of its schema, this Granary brings it to version %d, and %d of the servers that use it now would not know that: %w", current, latest, len(alive), ErrInUse)
		case !some:
			return nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
