package namespace

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// While a server is the only one, it need not ask the database whether what was proved in the latest moment still holds: only this
// process can have changed it. So each lookup statement also asks whether other servers are registered. If none is, what is proved
// is answered without the database for readLeaseTerm from when the statement was sent. A server that starts registers first, and
// touches nothing until every lease is over that may have been taken before it was seen. Clocks are never compared; they only have
// to run at about the same pace.
//
// This process knows beforehand what it changes. Batches of mutations declare what they touch, and none of that counts as proved
// until their outcome is known (see [hints.fly]). Anything else that might change something ends the lease (see [Writes]).
const (
	readLeaseTerm = 100 * time.Millisecond

	// A new server waits readLeaseWaits times readLeaseWait, and sends a statement to the database each time. This shows that the
	// machine of the database, on which a server with a lease may run too, did not pause meanwhile.
	readLeaseWaits = 8
	readLeaseWait  = 25 * time.Millisecond
)

// readLease is the lease of this server. The mutex of hints guards the fields that change.
type readLease struct {
	writes *Writes    // nil: no leases are taken
	server *uuid.UUID // this one, if it takes leases
	sole   bool       // no other server was registered when last asked
	until  time.Time
	began  uint64 // number of changes begun when the lease was asked for
}

// readTerm records when a lease was asked for, and whether this process was changing anything then.
type readTerm struct {
	at    time.Time
	began uint64
	calm  bool
}

// ask begins a term. It is called before the statement is sent to the database.
func (l *readLease) ask() (t readTerm) {
	if l.writes != nil {
		t.at = time.Now()
		t.began, t.calm = l.writes.calm()
	}
	return t
}

// grant takes the lease for t. No other server was registered in a moment after t, and everything that is proved was so in that
// moment or a later one.
func (l *readLease) grant(t readTerm) {
	if until := t.at.Add(readLeaseTerm); t.calm && until.After(l.until) {
		l.until, l.began = until, t.began
	}
}

// holds reports whether what is proved is known to hold now.
func (l *readLease) holds() bool {
	return l.writes != nil && time.Now().Before(l.until) && l.writes.began.Load() == l.began
}

// soleSQL returns an expression for whether the server param, which may be NULL, is the only one that may change anything: the only
// one not marked as ended. A server that was not seen lately may still be running, so it counts until its row is deleted.
func soleSQL(param string) string {
	return `(SELECT coalesce(bool_and(servers.id = ` + param + `), false) FROM servers WHERE NOT ended)`
}

// awaitLeases returns once no other server can hold a lease that it took before this one was seen.
func (fs *FS) awaitLeases(ctx context.Context) error {
	var leased bool
	err := fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM servers WHERE id <> $1 AND read_leases AND NOT ended)`, fs.server).Scan(&leased)
	for i := 0; err == nil && leased && i < readLeaseWaits; i++ {
		select {
		case <-time.After(readLeaseWait):
		case <-ctx.Done():
			return ctx.Err()
		}
		_, err = fs.db.Exec(ctx, `SELECT`)
	}
	return err
}
