package namespace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Accesses are recorded after the request that they are about, which does not wait for it. A crash loses those not yet written.
const (
	accessesWait  = 16_384      // most entries that wait; beyond this the oldest are lost and counted
	accessesEach  = 8192        // most of one user that wait; beyond this the newest are lost and counted
	accessesUsers = 1000        // users whose lost entries are counted by name; names that are only believed have no bound
	accessesBatch = 1000        // as soon as so many entries wait, they are written
	accessesEvery = time.Second // fewer entries are written after this time
	accessesAgain = time.Minute // how long the same reading by the same principal is not recorded again
	accessesKnown = 1 << 16     // at least so many readings are remembered for that, and at most twice as many
)

// spot is the inode or path that somebody wanted to access.
type spot struct {
	project, inode int64 // project byPath: the one that path leads to; inode 0: none was reached
	path           Path
	asked          Path // for a refusal: what the principal asked for, which may stand for path, as an id does
	shared         bool // path leads through the mount of a share; its path in its own project has yet to be found
}

// place returns the key of the inode.
func (s spot) place() key { return key{s.project, s.inode} }

// byPath stands for the project that a path leads to, if only the path is known.
const byPath = -1

// spotOf returns what c leads to, or would lead to if it existed.
func spotOf(c *chain) spot {
	at := spot{project: c.nodes[len(c.nodes)-1].project, path: c.path}
	if c.hidden {
		at.project = byPath
	}
	if n := c.node(); n != nil {
		at.inode = n.id
		at.shared = slices.ContainsFunc(c.nodes, func(n node) bool { return n.shown })
	}
	return at
}

// access is an audit entry for something that changed nothing: a reading or a refusal.
type access struct {
	origin
	spot
	at     time.Time
	op     string
	denied bool
	// concealed marks a refusal that claimed that nothing is there. The principal must not find it in the audit, since
	// there would be no such entry if the claim were true.
	concealed bool
	reason    string
}

// asked returns what a refused principal had asked for, as it is recorded; nil if the principal must not see the refusal.
func (r *accessRow) asked() *string {
	if !r.denied || r.concealed {
		return nil
	}
	return new(r.access.asked.String())
}

// storable returns at most n bytes of s, with what PostgreSQL refuses (NUL, invalid UTF-8) replaced by "?".
func storable(s string, n int) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s[:min(len(s), n)], "\x00", "?"), "?")
}

// read records that the principal has read what c leads to.
func (s *Session) read(op string, c *chain) {
	n, now := c.node(), s.fs.now()
	if s.internal || s.fs.recorder.repeats(pastReading{s.origin(), op, n.project, n.id}, now) {
		return
	}
	s.fs.recorder.add(access{origin: s.origin(), spot: spotOf(c), at: now, op: op})
}

// readTogether is read for several files, given by their spots.
func (s *Session) readTogether(ctx context.Context, op string, spots []spot) {
	if !s.internal && len(spots) > 0 {
		s.fs.recorder.addAll(ctx, s.origin(), op, spots, s.fs.now())
	}
}

// dress calls the function of that name for an error that a session returns, and records refusals for the audit.
func (s *Session) dress(op string, path Path, err error) error {
	err = dress(op, path, err)
	var e *Error
	// Access to what the principal may not know of is refused by claiming that it does not exist.
	refused := errors.As(err, &e) && (e.Kind == AccessControl || e.Kind == NotExist && s.concealed != nil)
	if !refused || e.recorded || s.internal {
		return err
	}
	e.recorded = true
	a := access{origin: s.origin(), at: s.fs.now(), op: op, denied: true, concealed: e.Kind == NotExist, reason: e.Msg}
	switch {
	case e.at != nil:
		a.spot = *e.at
	case s.concealed != nil:
		a.spot = *s.concealed
		a.asked = path
	default:
		a.spot = spot{project: byPath, path: path, asked: path}
	}
	s.fs.recorder.add(a)
	return err
}

// opSignIn is the operation under which refused sign-ins are recorded.
const opSignIn = "sign in"

// RefusedSignIn records that a sign-in as user from the host client was refused, and the reason that was given. Like all accesses it
// is queued and not waited for. If there is no such user, nothing is written: people type passwords where names belong.
func (fs *FS) RefusedSignIn(user, client, reason string) {
	fs.recorder.add(access{origin: origin{user: storable(user, accessUser), client: client}, at: fs.now(), op: opSignIn, denied: true, reason: reason})
}

// recordAll writes queued accesses until ctx ends.
func (fs *FS) recordAll(ctx context.Context) {
	tick := time.NewTicker(accessesEvery)
	defer tick.Stop()
	full := fs.recorder.full
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			full = fs.recorder.full
		case <-full:
		}
		if err := fs.record(ctx); err != nil {
			full = nil // while the database takes no changes, but still serves readers, each of their accesses would be another attempt
			if ctx.Err() == nil {
				fs.log.WarnContext(ctx, "accesses could not be recorded and will be tried again", "error", err)
			}
		}
	}
}

// recordLast writes the accesses that still wait when the file system is closed.
func (fs *FS) recordLast() error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return fs.record(ctx)
}

// accessesSQL writes accesses. If only a path is known, the project is found by it, or is the common ground if there is none.
// $12 and $13 are the names and inodes of all rows; $14 and $15 are the first and last index into them for each row, 0 for none.
const accessesSQL = `
INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason, lost, names, inodes, asked)
SELECT a.at, a.op, a.usr, a.credential, a.client,
	CASE WHEN a.project >= 0 THEN a.project ELSE coalesce((SELECT id FROM projects WHERE a.path LIKE '/Projects/%' AND id <> 0
		AND name = split_part(a.path, '/', 3)), 0) END,
	a.inode, a.path, a.outcome, a.reason, a.lost,
	CASE WHEN a.upto > 0 THEN ($12::text[])[a.since:a.upto] END, CASE WHEN a.upto > 0 THEN ($13::bigint[])[a.since:a.upto] END, a.asked
FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[],
	$11::bigint[], $14::int[], $15::int[], $16::text[]) AS a (at, op, usr, credential, client, project, inode, path, outcome, reason, lost, since, upto, asked)
WHERE a.op <> '` + opSignIn + `' OR EXISTS (SELECT FROM users u WHERE u.name = a.usr)`

// record writes all queued accesses, until ctx ends.
func (fs *FS) record(ctx context.Context) error {
	for ctx.Err() == nil {
		batch, lost := fs.recorder.take()
		if len(batch) == 0 && len(lost) == 0 {
			return nil
		}
		if err := fs.writeAccesses(ctx, batch, lost); err != nil {
			fs.recorder.putBack(batch, lost)
			return err
		}
	}
	return ctx.Err()
}

// tellOwn replaces paths through shares by the paths in the files' own projects. One statement looks all of them up, since readers
// of a shared dataset read as many files as readers of any other.
func (fs *FS) tellOwn(ctx context.Context, told []access) error {
	var (
		places []key
		known  = map[key]bool{}
	)
	for i := range told {
		if a := &told[i]; a.shared && !known[a.place()] {
			known[a.place()] = true
			places = append(places, a.place())
		}
	}
	if len(places) == 0 {
		return nil
	}
	own, err := pathsOf(ctx, fs.db, places)
	if err != nil {
		return err
	}
	for i := range told {
		a := &told[i]
		if at, ok := own[a.place()]; ok && a.shared { // else it is gone, and so is its own path
			a.path = at
		}
	}
	return nil
}

// writeAccesses writes all, and for each user in lost a row that says how many were lost, in one statement, after the one of tellOwn. It
// does not stop with ctx: what was being committed would be written once more when the file system is closed.
func (fs *FS) writeAccesses(ctx context.Context, all []access, lost map[string]int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	told := slices.Clone(all) // the caller keeps all, to retry after a failure
	if err := fs.tellOwn(ctx, told); err != nil {
		return err
	}
	rows := groupedAccesses(told)
	for whose, n := range lost {
		rows = append(rows, accessRow{access: access{origin: origin{user: whose}, at: fs.now(), reason: "there were more than this server could write"}, outcome: Lost, lost: n})
	}
	var (
		names       []string
		inodes      []int64
		since, upto []int32
	)
	for i := range rows {
		r := &rows[i]
		from := len(names) + 1
		names, inodes = append(names, r.names...), append(inodes, r.inodes...)
		if len(r.names) == 0 {
			since, upto = append(since, 0), append(upto, 0)
		} else {
			since, upto = append(since, int32(from)), append(upto, int32(len(names)))
		}
	}
	return fs.aside(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, accessesSQL,
			column(rows, func(r accessRow) time.Time { return r.at }),
			column(rows, func(r accessRow) string { return r.op }),
			column(rows, func(r accessRow) string { return r.user }),
			column(rows, func(r accessRow) string { return r.credential }),
			column(rows, func(r accessRow) string { return r.client }),
			column(rows, func(r accessRow) int64 { return r.project }),
			column(rows, func(r accessRow) int64 { return r.inode }),
			column(rows, func(r accessRow) string { return r.path.String() }),
			column(rows, func(r accessRow) string { return string(r.outcome) }),
			column(rows, func(r accessRow) string { return r.reason }),
			column(rows, func(r accessRow) int64 { return r.lost }),
			names, inodes, since, upto,
			column(rows, func(r accessRow) *string { return r.asked() }))
		return err
	})
}
