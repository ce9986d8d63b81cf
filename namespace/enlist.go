package namespace

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// A server that was suspended, or cut off from the database, for longer than buriedAfter has lost its row among the servers, and another
// one that counts itself alone by now answers under a read lease. What is left of the former's connections may still carry a change,
// before its next heartbeat. So each act checks the row, and without it the server first enlists again, like one that starts.

// enlistment is this server's place among the servers.
type enlistment struct {
	turn chan struct{} // has room for who enlists
	away atomic.Bool   // others may hold leases that they took while they did not count this server
}

// errUnlisted reports that this server may change nothing until it has enlisted.
var errUnlisted = errors.New("this server was taken for gone")

// listedSQL returns an expression for whether the server param has its row.
func listedSQL(param string) string { return `EXISTS (SELECT FROM servers WHERE id = ` + param + `)` }

// enlist makes the others count this server, and returns once no lease is left that was taken before.
func (fs *FS) enlist(ctx context.Context) error {
	e := &fs.enlistment
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !e.away.Load() {
		var listed bool
		if err := fs.db.QueryRow(ctx, `SELECT `+listedSQL("$1"), fs.server).Scan(&listed); err != nil || listed {
			return err // somebody else has enlisted meanwhile
		}
	}
	e.away.Store(true) // from before the row is there
	err := fs.aside(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO servers (id, read_leases, keeps) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET seen = now()`,
			fs.server, fs.hints.lease.writes != nil, fs.keeping.Load())
		return err
	})
	if err == nil {
		err = fs.awaitLeases(ctx)
	}
	if err == nil {
		e.away.Store(false)
	}
	return err
}
