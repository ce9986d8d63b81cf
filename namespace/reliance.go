package namespace

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// lockMode says how a row that a mutation relies on is locked.
type lockMode int

const (
	shared    lockMode = iota // FOR KEY SHARE: its place and rights must stay as they are
	exclusive                 // FOR UPDATE: its place, rights or content change
)

// reliance is everything that a decision relied on: rows and the versions that it saw.
type reliance struct {
	projects map[int64]int64
	inodes   map[key]reliedInode
	// torn is set if something was seen in two versions.
	torn bool
	// server is the beginning of the database that this is about, zero if that is not known: in another one, as after a restore or
	// where a standby has taken over that lacked the last commits, the same versions may stand for something else.
	server time.Time
}

// reliedInode is an inode as a decision saw it.
type reliedInode struct {
	version int64
	gen     int64 // 0: its content does not matter
	mode    lockMode
	at      tid // where its row lay
}

// is reports whether an inode with this version and gen is unchanged since i was seen.
func (i reliedInode) is(version, gen int64) bool {
	return i.version == version && (i.gen == 0 || i.gen == gen)
}

// add relies on the place of c's last component: every directory above it.
func (r *reliance) add(c *chain) {
	r.begin()
	for id, epoch := range c.epochs() {
		r.project(id, epoch)
	}
	if !c.server.IsZero() {
		r.torn = r.torn || !r.server.IsZero() && !r.server.Equal(c.server)
		r.server = c.server
	}
	for i := range c.dirs() {
		r.node(&c.nodes[i], shared)
	}
	if len(c.names) == 0 {
		r.node(&c.nodes[0], shared)
	}
}

func (r *reliance) begin() {
	if r.inodes == nil {
		r.projects, r.inodes = map[int64]int64{}, map[key]reliedInode{}
	}
}

// project relies on the rules of a project.
func (r *reliance) project(id, epoch int64) {
	r.begin()
	if seen, ok := r.projects[id]; ok && seen != epoch {
		r.torn = true
	}
	r.projects[id] = epoch
}

// node relies on n itself.
func (r *reliance) node(n *node, mode lockMode) { r.inode(n, 0, mode) }

// content relies on n's content as well, because it counts against quotas.
func (r *reliance) content(n *node) { r.inode(n, n.gen, exclusive) }

// inode relies on n, and on its content if gen is not 0. If n was seen in another version before, the decision mixes two moments,
// for example paths walked before and after a directory was moved.
func (r *reliance) inode(n *node, gen int64, mode lockMode) {
	seen, ok := r.inodes[n.key()]
	r.torn = r.torn || ok && seen.version != n.version || gen != 0 && seen.gen != 0 && seen.gen != gen
	r.inodes[n.key()] = reliedInode{n.version, cmp.Or(gen, seen.gen), max(mode, seen.mode), cmp.Or(n.at, seen.at)}
}

// idleSQL bounds how long the locks of a server that vanished delay others: everybody who changes something in a project needs the
// lock on the counter of its events.
const idleSQL = `SET LOCAL idle_in_transaction_session_timeout = '30s'` // commitTimeout

// waitSQL limits how long a transaction waits for a lock to $1 milliseconds.
const waitSQL = `SELECT set_config('lock_timeout', $1, true)`

// verify locks everything that m relied on and compares it with what the decision saw. Every mutation follows the same order: the
// advisory locks of moves, projects, the principal, inodes by id. tx waits for no lock longer than lock. verify returns the number
// of the transaction if it is known what m touches, else 0.
func (fs *FS) verify(ctx context.Context, tx pgx.Tx, m *mutation, lock time.Duration) (xid uint64, err error) {
	if fs.unlocked {
		return 0, nil
	}
	batch := &pgx.Batch{}
	batch.Queue(idleSQL)
	batch.Queue(waitSQL, strconv.FormatInt(lock.Milliseconds(), 10))
	if m.announced() {
		batch.Queue(xidSQL).QueryRow(func(row pgx.Row) error {
			err := row.Scan(&xid)
			fs.hints.begun(xid)
			return err
		})
	}
	stale := false
	check := func(ok bool) {
		if !ok {
			stale = true
		}
	}
	listed := true
	batch.Queue(`SELECT `+beganSQL+`, `+listedSQL("$1"), fs.server).QueryRow(func(row pgx.Row) error {
		var began time.Time
		err := row.Scan(&began, &listed)
		check(m.relied.server.IsZero() || began.Equal(m.relied.server))
		return err
	})
	slices.Sort(m.moves)
	for _, project := range m.moves {
		batch.Queue(`SELECT pg_advisory_xact_lock($1, hashint8($2))`, int32(lockMoves), project)
	}
	for _, run := range projectRuns(m) {
		batch.Queue(projectLockSQL[run.mode], run.ids).Query(func(rows pgx.Rows) error {
			var id, epoch int64
			seen := 0
			_, err := pgx.ForEachRow(rows, []any{&id, &epoch}, func() error {
				seen++
				relied, ok := m.relied.projects[id]
				check(!ok || relied == epoch)
				return nil
			})
			check(seen == len(run.ids))
			return err
		})
	}
	if m.user != 0 {
		batch.Queue(`SELECT epoch FROM users WHERE id = $1 FOR KEY SHARE`, m.user).Query(func(rows pgx.Rows) error {
			var epoch int64
			seen := false
			_, err := pgx.ForEachRow(rows, []any{&epoch}, func() error {
				seen = true
				check(epoch == m.epoch)
				return nil
			})
			check(seen)
			return err
		})
	}
	for _, run := range m.relied.runs() {
		queueLocks(batch, run, func(k key, version, gen int64) {
			check(m.relied.inodes[k].is(version, gen))
		},
			func(seen int) { check(seen == len(run.ids)) })
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return 0, err
	}
	switch {
	case !listed || fs.enlistment.away.Load():
		return 0, errUnlisted
	case stale:
		return 0, errStale
	}
	return xid, nil
}

// projectRuns divides the projects that m relies on, or whose rules it changes, into runs to be locked in the same mode, in the
// order of ids.
func projectRuns(m *mutation) (runs []lockRun) {
	modes := map[int64]lockMode{}
	for id := range m.relied.projects {
		modes[id] = shared
	}
	for _, id := range m.rules {
		modes[id] = exclusive
	}
	for _, id := range slices.Sorted(maps.Keys(modes)) {
		if len(runs) == 0 || runs[len(runs)-1].mode != modes[id] {
			runs = append(runs, lockRun{mode: modes[id]})
		}
		runs[len(runs)-1].ids = append(runs[len(runs)-1].ids, id)
	}
	return runs
}

var projectLockSQL = map[lockMode]string{
	shared:    `SELECT id, access_epoch FROM projects WHERE id = ANY($1) ORDER BY id FOR KEY SHARE`,
	exclusive: `SELECT id, access_epoch FROM projects WHERE id = ANY($1) ORDER BY id FOR UPDATE`,
}

// lockRun is a run of inodes, adjacent in the order of ids, to be locked in the same mode.
type lockRun struct {
	mode     lockMode
	projects []int64
	ids      []int64
}

// runs divides the inodes relied on into runs, so that locks are taken in the order of ids whatever their modes.
func (r *reliance) runs() []lockRun {
	keys := make([]key, 0, len(r.inodes))
	for k := range r.inodes {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	var runs []lockRun
	for _, k := range keys {
		if mode := r.inodes[k].mode; len(runs) == 0 || runs[len(runs)-1].mode != mode {
			runs = append(runs, lockRun{mode: mode})
		}
		run := &runs[len(runs)-1]
		run.projects, run.ids = append(run.projects, k.project), append(run.ids, k.id)
	}
	return runs
}

// byKeySQL finds the inode i that the row k names. Without statistics, the planner considers one column of a key as selective as
// all of them, and might search for an inode by its project alone, and keep that plan while the table grows. The order leaves it
// only the primary key.
const byKeySQL = `i.project_id = k.project_id AND i.id >= k.id AND i.id <= k.id ORDER BY i.id LIMIT 1`

// lockSQL locks inodes in the order in which they are given.
var lockSQL = map[lockMode]string{
	shared: `SELECT k.project_id, k.id, i.version, i.gen FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		LATERAL (SELECT version, gen FROM inodes i WHERE ` + byKeySQL + ` FOR KEY SHARE) i`,
	exclusive: `SELECT k.project_id, k.id, i.version, i.gen FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		LATERAL (SELECT version, gen FROM inodes i WHERE ` + byKeySQL + ` FOR UPDATE) i`,
}

func queueLocks(batch *pgx.Batch, run lockRun, row func(k key, version, gen int64), done func(int)) {
	batch.Queue(lockSQL[run.mode], run.projects, run.ids).Query(func(rows pgx.Rows) error {
		var (
			k       key
			version int64
			gen     int64
			seen    int
		)
		_, err := pgx.ForEachRow(rows, []any{&k.project, &k.id, &version, &gen}, func() error {
			seen++
			row(k, version, gen)
			return nil
		})
		done(seen)
		return err
	})
}
