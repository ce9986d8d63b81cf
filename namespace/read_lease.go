package namespace

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// A server that is the only one knows what the database says without asking: what was proved in the latest moment has changed
// since only if this process changed it. So each statement of lookups asks, too, whether another server is there; if none is, what is proved
// is answered without the database for readLeaseTerm from when the statement was sent. A server that begins tells so first, and
// touches nothing until every lease is over that may have been taken before it was seen. The clocks of both have to go at about the same pace,
// and nothing else: neither compares times with the other.
//
// What this process changes, it knows beforehand. Batches of mutations say what they touch, which is not proved from then until what became
// of them is known (see [hints.fly]). Whatever else might change something ends the lease, see [Writes].
const (
	readLeaseTerm = 100 * time.Millisecond

	// A new server waits so many times for so long, and speaks with the database each time: so the database's machine, on which the
	// one with the lease may be too, did not stand still meanwhile.
	readLeaseWaits = 8
	readLeaseWait  = 25 * time.Millisecond
)

// readLease is that of this server. What changes of it is guarded by the mutex of hints.
type readLease struct {
	writes *Writes    // nil: none is taken
	server *uuid.UUID // this one, if it takes leases
	sole   bool       // no other one was there when that was last asked
	until  time.Time
	began  uint64 // how many changes had, when it was asked for
}

// readTerm is when a lease was asked for, and what this process was changing then.
type readTerm struct {
	at    time.Time
	began uint64
	calm  bool
}

// ask is called before the database is.
func (l *readLease) ask() (t readTerm) {
	if l.writes != nil {
		t.at = time.Now()
		t.began, t.calm = l.writes.calm()
	}
	return t
}

// grant takes the lease for t: no other server was there in a moment that came after it, and all that is proved is so in that one or a later
// one.
func (l *readLease) grant(t readTerm) {
	if until := t.at.Add(readLeaseTerm); t.calm && until.After(l.until) {
		l.until, l.began = until, t.began
	}
}

// holds reports whether what is proved is so now.
func (l *readLease) holds() bool {
	return l.writes != nil && time.Now().Before(l.until) && l.writes.began.Load() == l.began
}

// soleSQL is an expression of whether the server param, which may be NULL, is the only one that may change anything: the only one that has not
// said that it has ended. One that was not seen lately may be there nevertheless, until it is buried.
func soleSQL(param string) string {
	return `(SELECT coalesce(bool_and(servers.id = ` + param + `), false) FROM servers WHERE NOT ended)`
}

// awaitLeases returns when no other server can have a lease that was taken before this one was seen.
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
