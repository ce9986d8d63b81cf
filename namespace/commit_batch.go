package namespace

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

// lockManySQL locks what mutations rely on and returns its present versions and epochs. It skips what somebody else has locked, so
// it never waits and the order of locks does not matter. Parameters: projects, principals, inodes that are only relied on and inodes
// that change, both as projects and ids, for how many milliseconds later statements wait for locks, and this server.
var lockManySQL = `
WITH p AS MATERIALIZED (SELECT id, access_epoch FROM projects WHERE id = ANY($1) FOR KEY SHARE SKIP LOCKED),
u AS MATERIALIZED (SELECT id, epoch FROM users WHERE id = ANY($2) FOR KEY SHARE SKIP LOCKED),
s AS MATERIALIZED (SELECT k.project_id, k.id, i.version, i.gen FROM unnest($3::bigint[], $4::bigint[]) AS k (project_id, id),
	LATERAL (SELECT version, gen FROM inodes i WHERE ` + byKeySQL + ` FOR KEY SHARE SKIP LOCKED) i),
x AS MATERIALIZED (SELECT k.project_id, k.id, i.version, i.gen FROM unnest($5::bigint[], $6::bigint[]) AS k (project_id, id),
	LATERAL (SELECT version, gen FROM inodes i WHERE ` + byKeySQL + ` FOR UPDATE SKIP LOCKED) i)
SELECT 'p', id, 0::bigint, access_epoch, 0::bigint FROM p
UNION ALL SELECT 'u', id, 0, epoch, 0 FROM u
UNION ALL SELECT 'i', id, project_id, version, gen FROM s
UNION ALL SELECT 'i', id, project_id, version, gen FROM x
UNION ALL SELECT 't', ` + beganMicrosSQL + `, pg_current_xact_id()::text::bigint, ` + listedSQL("$8") + `::int, 0
	FROM set_config('lock_timeout', $7, true)`

// locked is what a batch holds locks on, with versions and epochs.
type locked struct {
	projects map[int64]int64 // access epochs
	users    map[int64]int64 // epochs
	inodes   map[key]struct{ version, gen int64 }
	began    int64 // beginning of the database, in microseconds since 1970
	xid      uint64
	listed   bool // see listedSQL
}

// begin locks what the batch relies on. It begins t if that is not begun yet.
func (l *locked) begin(ctx context.Context, t *transaction, batch []*mutation, server uuid.UUID) error {
	l.projects, l.users, l.inodes = map[int64]int64{}, map[int64]int64{}, map[key]struct{ version, gen int64 }{}
	var (
		projects, users []int64
		shares, updates []key
		modes           = map[key]lockMode{}
	)
	for _, m := range batch {
		for id := range m.relied.projects {
			if !slices.Contains(projects, id) {
				projects = append(projects, id)
			}
		}
		if m.user != 0 && !slices.Contains(users, m.user) {
			users = append(users, m.user)
		}
		for k, i := range m.relied.inodes {
			modes[k] = max(modes[k], i.mode)
		}
	}
	for k, mode := range modes {
		if mode == exclusive {
			updates = append(updates, k)
		} else {
			shares = append(shares, k)
		}
	}
	sharedProjects, sharedIDs := columns(shares)
	changedProjects, changedIDs := columns(updates)
	if t.failed {
		if _, err := t.conn.Exec(ctx, `ROLLBACK`); err != nil { // in a message of its own: a failed transaction prepares no statements
			return err
		}
		t.failed, t.xid = false, 0
	}
	b := &pgx.Batch{}
	if t.xid == 0 {
		b.Queue(`BEGIN`)
	}
	b.Queue(lockManySQL, projects, users, sharedProjects, sharedIDs, changedProjects, changedIDs, lockTimeout, server).Query(l.scan)
	err := t.conn.SendBatch(ctx, b).Close()
	t.xid, t.began = l.xid, l.began
	return err
}

func (l *locked) scan(rows pgx.Rows) error {
	var (
		what                string
		id, project, is, at int64
	)
	_, err := pgx.ForEachRow(rows, []any{&what, &id, &project, &is, &at}, func() error {
		switch what {
		case "p":
			l.projects[id] = is
		case "t":
			l.began, l.xid, l.listed = id, uint64(project), is == 1
		case "u":
			l.users[id] = is
		case "i":
			l.inodes[key{project, id}] = struct{ version, gen int64 }{is, at}
		}
		return nil
	})
	return err
}

// holds checks that everything that m relied on is locked and as m saw it. It fails with errStale if something differs, and
// with errAlone if something is not locked, because it is gone or somebody else has locked it, and if this server is not listed.
func (l *locked) holds(m *mutation) error {
	if !m.relied.server.IsZero() && m.relied.server.UnixMicro() != l.began {
		return errStale
	}
	missing := !l.listed
	for id, epoch := range m.relied.projects {
		if is, ok := l.projects[id]; !ok {
			missing = true
		} else if is != epoch {
			return errStale
		}
	}
	if is, ok := l.users[m.user]; !ok && m.user != 0 {
		missing = true
	} else if ok && is != m.epoch {
		return errStale
	}
	for k, relied := range m.relied.inodes {
		if is, ok := l.inodes[k]; !ok {
			missing = true
		} else if !relied.is(is.version, is.gen) {
			return errStale
		}
	}
	if missing {
		return errAlone
	}
	return nil
}

// commitBatch commits mutations, none of which changes what another relies on, in one transaction, and returns the outcome of
// each.
func (fs *FS) commitBatch(ctx context.Context, batch []*mutation) []error {
	ctx = heralded(ctx)
	outcomes := make([]error, len(batch))
	all := func(err error) []error {
		for i := range outcomes {
			if outcomes[i] == nil {
				outcomes[i] = err
			}
		}
		return outcomes
	}
	t, ahead := fs.aheads.take(), false
	var err error
	if t != nil {
		defer t.release()
		ahead, err = fs.commitAhead(ctx, t, batch)
	} else {
		conn, err := fs.byKeys.Acquire(ctx)
		if errors.Is(err, puddle.ErrClosedPool) {
			err = errAlone // Close closes this pool before the other one, which still serves single mutations
		}
		if err != nil {
			return all(err)
		}
		t = &transaction{conn: conn}
		defer t.release()
	}
	if !ahead {
		counters := fs.hints.countersOf
		if t.failed {
			counters = nil // a counter may lie elsewhere by now
		}
		err = fs.commitLocked(ctx, t, batch, outcomes, counters)
	}
	if those := apart(nil); errors.As(err, &those) {
		// A client whom a limit or an existing entry refuses may retry forever; the others must not need a transaction each because of that.
		for i, m := range batch {
			if slices.Contains(those, m) {
				outcomes[i] = errAlone
			}
		}
		if err = fs.commitLocked(ctx, t, batch, outcomes, nil); errors.As(err, &those) {
			err = cmp.Or(fs.undo(ctx, t, nil), errAlone)
		}
	}
	return all(err)
}

// commitLocked locks what the mutations without an outcome rely on, and commits those for which all of that is as they saw it; the others
// get an outcome. It fails with apart if some mutations prevent the rest from being committed. counters is that of [FS.commitHeld]: if a
// counter does not lie where it says, all are looked up by their keys.
func (fs *FS) commitLocked(ctx context.Context, t *transaction, batch []*mutation, outcomes []error, counters func([]visit) []tid) error {
	var left, held []*mutation
	for i, m := range batch {
		if outcomes[i] == nil {
			left = append(left, m)
		}
	}
	if len(left) == 0 {
		return fs.undo(ctx, t, nil)
	}
	var l locked
	if err := l.begin(ctx, t, left, fs.server); err != nil {
		return fs.undo(ctx, t, err)
	}
	fs.hints.begun(l.xid)
	l.listed = l.listed && !fs.enlistment.away.Load()
	for i, m := range batch {
		if outcomes[i] != nil {
			continue
		}
		if outcomes[i] = l.holds(m); outcomes[i] == nil {
			held = append(held, m)
		}
	}
	if len(held) == 0 {
		return fs.undo(ctx, t, nil)
	}
	err := fs.commitHeld(ctx, t, held, nil, counters)
	switch {
	case taken(err):
		return fs.takenOf(ctx, t, held)
	case sqlState(err) == notAsDecided && counters != nil:
		t.failed = true
		return fs.commitLocked(ctx, t, batch, outcomes, nil)
	case sqlState(err) == notAsDecided:
		return fs.undo(ctx, t, err)
	}
	return err
}

// commitAhead commits mutations in t, which was begun ahead, if everything is as they expect. If it is not, or each mutation has to be
// checked by itself, done is false, and t can be used for another attempt. It fails with apart as commitLocked does.
func (fs *FS) commitAhead(ctx context.Context, t *transaction, batch []*mutation) (done bool, err error) {
	if fs.enlistment.away.Load() {
		return false, nil
	}
	for _, m := range batch {
		if len(m.charges) > 0 {
			return false, nil // charges are checked against limits before COMMIT, for each mutation by itself
		}
	}
	x, ok := expect(batch)
	if !ok || x.began != 0 && x.began != t.began {
		return false, nil
	}
	err = fs.commitHeld(ctx, t, batch, x, fs.hints.countersOf)
	switch {
	case taken(err):
		return true, fs.takenOf(ctx, t, batch)
	case sqlState(err) == notAsDecided:
		t.failed = true
		return false, nil
	}
	return true, err
}

// undo rolls t back after err, and returns the outcome of its mutations: errAlone, so that each is tried alone, if err came from
// the database, else err.
func (fs *FS) undo(ctx context.Context, t *transaction, err error) error {
	if _, failed := t.conn.Exec(ctx, `ROLLBACK`); failed != nil && err == nil {
		return failed
	}
	if sqlState(err) != "" {
		return errAlone
	}
	return err
}

// commitHeld applies the effects of mutations whose reliances are locked, or if x is not nil are as x expects, commits t and begins the
// next transaction. If something is not as x expects, or an entry is taken, it fails with the database's error; if a limit refuses some
// mutations, with apart. In these cases t is still to be rolled back; otherwise t is over. counters returns where the counters of
// directories are supposed to lie; if nil, they are found by their keys.
func (fs *FS) commitHeld(ctx context.Context, t *transaction, held []*mutation, x *expected, counters func([]visit) []tid) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fs.undo(ctx, t, err)
	}
	defer fs.hints.land(fs.hints.fly(t.xid, held))
	b := &pgx.Batch{}
	if x != nil {
		x.queue(b, fs.server)
	}
	all := make([]*effects, len(held))
	for i, m := range held {
		all[i] = m.effects
	}
	var (
		found []dirCount
		seen  func(dirCount)
	)
	if !fs.hints.company() { // other servers would move the counters with each child that they make
		seen = func(c dirCount) { found = append(found, c) }
	}
	queueEffects(b, all, fs.maxChildren, seen, counters)
	bill := billOf(held)
	if bill != nil {
		bill.queue(b)
		err := t.conn.SendBatch(ctx, b).Close()
		if err == nil {
			if over := bill.exceeding(held); len(over) > 0 {
				t.failed = true
				return apart(over)
			}
		}
		if taken(err) || sqlState(err) == notAsDecided {
			return err
		}
		if err != nil {
			return fs.undo(ctx, t, err)
		}
		b = &pgx.Batch{}
	}
	var places []numbered
	if err := fs.queueEvents(b, id, held, &places); err != nil {
		return fs.undo(ctx, t, err)
	}
	committed := false
	b.Queue(`COMMIT`).Exec(func(pgconn.CommandTag) error {
		committed = true
		return nil
	})
	next := &transaction{}
	next.queue(b)
	err = t.conn.SendBatch(ctx, b).Close()
	switch {
	case err == nil:
		next.conn, t.conn = t.conn, nil
		fs.keep(next)
	case committed: // only beginning the next transaction failed
	case sqlState(err) == notAsDecided || taken(err):
		return err
	case sqlState(err) != "" && !t.conn.Conn().IsClosed():
		return fs.undo(ctx, t, err)
	default: // a database that ends with an error says nothing of the COMMIT: it panics if it cannot flush that, and may find it when it recovers
		t.conn.Conn().Close(ctx) // otherwise settle might wait for the rest of the transaction
		err = fs.settle(ctx, err, func(ctx context.Context) (happened bool, err error) {
			return fs.batchHappened(ctx, t, id, held)
		})
		if err != nil {
			return err
		}
	}
	fs.feeds.advance(places)
	fs.hints.own(held, t, found)
	return nil
}

// Statements that find out whether a batch was committed.
const (
	// underWaySQL is a statement of its own: if the transaction is over by then, the snapshot of the next statement shows it. If the
	// database did not begin at $2, the transaction ended with its predecessor, and its number may be that of another one.
	underWaySQL = `SELECT CASE ` + beganMicrosSQL + ` WHEN $2 THEN coalesce(pg_xact_status($1::text::xid8) = 'in progress', false) ELSE false END`

	// giveUpSQL terminates the backend of a transaction whose connection is lost. A COMMIT that has arrived is still carried out.
	giveUpSQL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::text::xid8::xid`

	// happenedSQL looks for the id $1, which only the batch can have left, among the newest million events of a project and in operations.
	happenedSQL = `SELECT EXISTS (SELECT FROM events WHERE project_id = $2 AND seq > (SELECT last FROM feeds WHERE project_id = $2) - 1000000 AND batch = $1)
		OR EXISTS (SELECT FROM operations WHERE id = $1)`
)

// errUnderWay reports that a transaction may still be committed.
var errUnderWay = errors.New("the transaction is under way")

// batchHappened reports whether the batch id, with the mutations held, was committed in t. That t's number was committed is no proof: after
// a crash, PostgreSQL may assign a number that never reached the disk to another transaction.
func (fs *FS) batchHappened(ctx context.Context, t *transaction, id uuid.UUID, held []*mutation) (bool, error) {
	number := strconv.FormatUint(t.xid, 10)
	var underWay bool
	err := fs.db.QueryRow(ctx, underWaySQL, number, t.began).Scan(&underWay)
	if sqlState(err) == "22023" { // the number is in the future, so it was lost in a crash
		return false, nil
	}
	if err == nil && underWay {
		_, err = fs.db.Exec(ctx, giveUpSQL, number)
		err = cmp.Or(err, errUnderWay)
	}
	if err != nil {
		return false, err
	}
	project := int64(0)
	for _, m := range held {
		if m.event != nil {
			project = m.event.project
		}
	}
	var happened bool
	err = fs.db.QueryRow(ctx, happenedSQL, id, project).Scan(&happened)
	return happened, err
}
