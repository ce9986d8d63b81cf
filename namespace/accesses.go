package namespace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// How accesses are recorded: behind the request that they are about, which does not wait. A crash loses what waits.
const (
	accessesWait  = 16_384      // entries that wait at most; where there are more, the oldest are lost and counted
	accessesEach  = 8192        // of one user; where there are more, the newest are
	accessesBatch = 1000        // entries that are written at once, as soon as there are so many
	accessesEvery = time.Second // or else after this time
	accessesAgain = time.Minute // for which the same reading by the same principal is not recorded again
	accessesKnown = 1 << 16     // readings remembered for that, at least and up to twice as many
)

// spot is what somebody wanted to get at.
type spot struct {
	project, inode int64 // project byPath: the one that path leads to; inode 0: it did not get that far
	path           Path
	asked          Path // of a refusal: what the principal asked for, where path is what that stands for
	shared         bool // path leads through the mount of a share; what it is called in its own project is to be found
}

// place is the inode.
func (s spot) place() key { return key{s.project, s.inode} }

// byPath stands for the project that a path leads to, when nothing else is known of it.
const byPath = -1

// spotOf is what c leads to, or would.
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

// access is an entry of the audit that changed nothing: a reading, or a refusal.
type access struct {
	origin
	spot
	at     time.Time
	op     string
	denied bool
	// concealed marks a refusal that said that nothing is there: the principal must not find it in the audit, where it would
	// not be if that were true.
	concealed bool
	reason    string
}

// asked is what is recorded of a refusal as what the principal asked for; nil: they are not told of it.
func (r *accessRow) asked() *string {
	if !r.denied || r.concealed {
		return nil
	}
	return new(r.access.asked.String())
}

// storable is what of s the database takes, in at most n bytes.
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

// readTogether is read of several, told by where they are.
func (s *Session) readTogether(ctx context.Context, op string, spots []spot) {
	if !s.internal && len(spots) > 0 {
		s.fs.recorder.addAll(ctx, s.origin(), op, spots, s.fs.now())
	}
}

// dress is the function of that name for what a session answers, and writes refusals down for the audit.
func (s *Session) dress(op string, path Path, err error) error {
	err = dress(op, path, err)
	var e *Error
	// What the principal may not know of is refused by saying that it is not there.
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

// opSignIn is the operation of those who were not let in.
const opSignIn = "sign in"

// RefusedSignIn records that somebody who gave themselves out for user was not let in, from a host, and what they were told. It
// waits for nothing, like all accesses. If there is no such user nothing is written: people type passwords where names belong.
func (fs *FS) RefusedSignIn(user, client, reason string) {
	fs.recorder.add(access{origin: origin{user: storable(user, accessUser), client: client}, at: fs.now(), op: opSignIn, denied: true, reason: reason})
}

// recordAll writes accesses as they come, until ctx ends.
func (fs *FS) recordAll(ctx context.Context) {
	tick := time.NewTicker(accessesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-fs.recorder.full:
		}
		if err := fs.record(ctx); err != nil && ctx.Err() == nil {
			fs.log.WarnContext(ctx, "accesses could not be recorded and will be tried again", "error", err)
		}
	}
}

// recordLast writes what waits when the file system is closed.
func (fs *FS) recordLast() error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return fs.record(ctx)
}

// accessesSQL writes accesses. A project of which only the path is known is found by it; where there is none, it is the common ground's.
// $12 and $13 are the names and inodes of all rows, and $14 and $15 of each row, which of them it has: none if the last is 0.
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

// record writes everything that waits.
func (fs *FS) record(ctx context.Context) error {
	for {
		batch, lost := fs.recorder.take()
		if len(batch) == 0 && len(lost) == 0 {
			return nil
		}
		if err := fs.writeAccesses(ctx, batch, lost); err != nil {
			fs.recorder.putBack(batch, lost)
			return err
		}
	}
}

// tellOwn has those that came by way of a share tell the path in the own project. All are looked for at once: whoever reads a shared
// dataset reads as many files as another.
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
		if at, ok := own[a.place()]; ok && a.shared { // else it is gone, and what it was called is lost
			a.path = at
		}
	}
	return nil
}

// writeAccesses writes all, and how many of whom were lost before them, in one statement, after one that finds what was shared.
func (fs *FS) writeAccesses(ctx context.Context, all []access, lost map[string]int64) error {
	told := slices.Clone(all) // they may have to be written again
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
