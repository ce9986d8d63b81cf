package namespace

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// transaction is one that commits a batch. The message that commits a batch also begins the next transaction. So the number of
// that one is already known when the next batch comes, which has to be announced under it before it is committed (see
// [hints.willTouch]), and can then be locked, compared, applied and committed in one trip to the database.
type transaction struct {
	conn   *pgxpool.Conn
	xid    uint64 // 0: it is not begun yet
	began  int64  // beginning of the database, in microseconds since 1970
	failed bool   // it has to be rolled back before anything else is done
}

// release returns the connection to the pool, which closes it if t is not over. It does nothing if the next transaction has taken it.
func (t *transaction) release() {
	if t.conn != nil {
		t.conn.Release()
		t.conn = nil
	}
}

// aheadIdle is how long a transaction begun ahead waits for a batch. While it is open, rows deleted since then cannot be vacuumed.
const aheadIdle = 5 * time.Millisecond

// aheads holds the transaction that was begun ahead, if there is one.
type aheads struct {
	idle time.Duration // aheadIdle, except in tests

	mu     sync.Mutex
	next   *transaction
	closed bool
}

func (a *aheads) take() *transaction {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.next
	a.next = nil
	return t
}

// keep keeps t for the next batch, and ends it if none comes within the idle time.
func (fs *FS) keep(t *transaction) {
	a := &fs.aheads
	a.mu.Lock()
	last := a.next
	if a.closed {
		last = t
	} else {
		a.next = t
		time.AfterFunc(a.idle, func() {
			a.mu.Lock()
			unused := a.next == t
			if unused {
				a.next = nil
			}
			a.mu.Unlock()
			if unused {
				fs.endAhead(t)
			}
		})
	}
	a.mu.Unlock()
	if last != nil {
		fs.endAhead(last)
	}
}

// endAhead ends a transaction in which nothing was done.
func (fs *FS) endAhead(t *transaction) {
	ctx, cancel := context.WithTimeout(heralded(context.Background()), commitTimeout)
	defer cancel()
	fs.hints.begun(t.xid)
	_, _ = t.conn.Exec(ctx, `ROLLBACK`) // if that fails, the connection is broken, and the pool closes it
	t.release()
}

// closeAheads ends the transaction that was begun ahead. From now on none is kept.
func (fs *FS) closeAheads() {
	fs.aheads.mu.Lock()
	fs.aheads.closed = true
	fs.aheads.mu.Unlock()
	if t := fs.aheads.take(); t != nil {
		fs.endAhead(t)
	}
}

// beginSQL bounds how long the transaction waits for locks, and returns the beginning of the database and the transaction's number.
const beginSQL = `SELECT ` + beganMicrosSQL + `, pg_current_xact_id()::text::bigint
	FROM set_config('lock_timeout', $1, true)`

// queue adds to b, after a COMMIT, the statements that begin t.
func (t *transaction) queue(b *pgx.Batch) {
	b.Queue(`BEGIN`)
	b.Queue(beginSQL, lockTimeout).QueryRow(func(row pgx.Row) error { return row.Scan(&t.began, &t.xid) })
}

var lockTimeout = strconv.FormatInt(batchLockTimeout.Milliseconds(), 10)

// expected is what the mutations of a batch rely on, as columns.
type expected struct {
	began            int64 // beginning of the database; 0: any
	projects, epochs []int64
	users, since     []int64           // users and their epochs
	inodes           [2]expectedInodes // by lockMode
	known            map[key]inodeAt
	torn             bool // two mutations saw something in different states, or lock it in different modes
}

type expectedInodes struct {
	projects, ids, versions, gens []int64 // gen 0: any
	places                        []tid
}

// inodeAt is the position of an inode in expected.inodes.
type inodeAt struct {
	mode lockMode
	i    int
}

// expect returns what batch relies on. ok is false if its mutations do not agree on that.
func expect(batch []*mutation) (x *expected, ok bool) {
	x = &expected{known: make(map[key]inodeAt, 4*len(batch))}
	for _, m := range batch {
		if server := m.relied.server; !server.IsZero() {
			began := server.UnixMicro()
			x.torn = x.torn || x.began != 0 && x.began != began
			x.began = began
		}
		for id, epoch := range m.relied.projects {
			x.projects, x.epochs = x.add(x.projects, x.epochs, id, epoch)
		}
		if m.user != 0 {
			x.users, x.since = x.add(x.users, x.since, m.user, m.epoch)
		}
		for k, i := range m.relied.inodes {
			x.inode(k, i)
		}
	}
	return x, !x.torn
}

func (x *expected) add(ids, epochs []int64, id, epoch int64) (_, _ []int64) {
	if i := slices.Index(ids, id); i >= 0 {
		x.torn = x.torn || epochs[i] != epoch
		return ids, epochs
	}
	return append(ids, id), append(epochs, epoch)
}

func (x *expected) inode(k key, relied reliedInode) {
	at, known := x.known[k]
	in := &x.inodes[relied.mode]
	if known {
		x.torn = x.torn || at.mode != relied.mode || in.versions[at.i] != relied.version || in.gens[at.i] != relied.gen
		return
	}
	x.known[k] = inodeAt{relied.mode, len(in.ids)}
	in.projects, in.ids = append(in.projects, k.project), append(in.ids, k.id)
	in.versions, in.gens = append(in.versions, relied.version), append(in.gens, relied.gen)
	in.places = append(in.places, relied.at)
}

// notAsDecided is the SQLSTATE with which asDecidedSQL and orNoneSQL fail.
const notAsDecided = "GR003"

// asDecidedSQL locks what mutations rely on, and fails if something differs from what they expect, or is locked by somebody else: it
// never waits. See lockManySQL.
var asDecidedSQL = `
WITH p AS MATERIALIZED (SELECT FROM ` + rowsSQL("k", 1, "id bigint", "epoch bigint") + `,
	LATERAL (SELECT access_epoch FROM projects WHERE id = k.id FOR KEY SHARE SKIP LOCKED) p WHERE p.access_epoch = k.epoch),
u AS MATERIALIZED (SELECT FROM ` + rowsSQL("k", 3, "id bigint", "epoch bigint") + `,
	LATERAL (SELECT epoch FROM users WHERE id = k.id FOR KEY SHARE SKIP LOCKED) u WHERE u.epoch = k.epoch),
s AS MATERIALIZED (SELECT FROM ` + rowsSQL("k", 5, "project_id bigint", "id bigint", "version bigint", "gen bigint", "at tid") + `, ` + placedSQL + `,
	LATERAL (SELECT version, gen FROM inodes i WHERE i.ctid = placed.ctid FOR KEY SHARE SKIP LOCKED) i WHERE i.version = k.version AND k.gen IN (0, i.gen)),
x AS MATERIALIZED (SELECT FROM ` + rowsSQL("k", 10, "project_id bigint", "id bigint", "version bigint", "gen bigint", "at tid") + `, ` + placedSQL + `,
	LATERAL (SELECT version, gen FROM inodes i WHERE i.ctid = placed.ctid FOR UPDATE SKIP LOCKED) i WHERE i.version = k.version AND k.gen IN (0, i.gen))
SELECT CASE WHEN (SELECT count(*) FROM p) + (SELECT count(*) FROM u) + (SELECT count(*) FROM s) + (SELECT count(*) FROM x) < $15
	OR NOT ` + listedSQL("$16") + ` THEN not_as_decided() END`

func (x *expected) queue(b *pgx.Batch, server uuid.UUID) {
	s, e := &x.inodes[shared], &x.inodes[exclusive]
	b.Queue(asDecidedSQL, x.projects, x.epochs, x.users, x.since, s.projects, s.ids, s.versions, s.gens, s.places, e.projects, e.ids, e.versions, e.gens, e.places,
		int64(len(x.projects)+len(x.users)+len(x.known)), server)
}
