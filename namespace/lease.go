package namespace

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// DefaultLeaseLimit is HDFS's soft limit of a lease (HdfsConstants.LEASE_SOFTLIMIT_PERIOD).
const DefaultLeaseLimit = time.Minute

// Lease makes its holder the one writer of a file: while it lasts, nobody else appends to the file, truncates it or
// creates it anew without overwriting. It is held by a server that receives content, as long as that server lives, or
// by a writer who was promised the file, for the lease limit. After that anybody may take the file over, and content
// from the former writer is refused: the transaction that publishes compares the lease's id, under the file's lock.
type Lease struct {
	Inode int64
	ID    int64 // never reused, so that a former holder is fenced off
}

// IsZero reports whether there is no lease.
func (l Lease) IsZero() bool { return l == Lease{} }

// String is the form that [ParseLease] reads: two decimal numbers with a dot between them.
func (l Lease) String() string {
	return strconv.FormatInt(l.Inode, 10) + "." + strconv.FormatInt(l.ID, 10)
}

// ParseLease reads what [Lease.String] wrote.
func ParseLease(text string) (Lease, error) {
	inode, id, _ := strings.Cut(text, ".")
	i, errInode := strconv.ParseUint(inode, 10, 63)
	j, errID := strconv.ParseUint(id, 10, 63)
	if errInode != nil || errID != nil || i == 0 || j == 0 {
		return Lease{}, fail(InvalidArgument, "lease %q is none of Granary's: follow the redirect of the first request unchanged", text)
	}
	return Lease{int64(i), int64(j)}, nil
}

// leaseOver is the condition that a row l of leases is over; its parameter is the lease limit.
const leaseOver = `coalesce((SELECT seen FROM servers WHERE servers.id = l.server), l.since) < now() - $%d::interval`

// free fails if n is being written. If n has a writer whose lease is over, newborn says whether that one was to bring n's
// first content. verb is HDFS's word for what the principal wants to do.
func (w *walker) free(path Path, n *node, verb string) (newborn bool, err error) {
	if n.lease == 0 {
		return false, nil
	}
	var (
		holder, client string
		over           bool
		named, server  *uuid.UUID
	)
	err = w.s.fs.db.QueryRow(w.ctx, fmt.Sprintf(`SELECT holder, client, newborn, operation, server, `+leaseOver+` FROM leases l
		WHERE project_id = $1 AND inode_id = $2 AND id = $3`, 4), n.project, n.id, n.lease, w.s.fs.leaseLimit).
		Scan(&holder, &client, &newborn, &named, &server, &over)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, errStale // it was given back since n was read
	case err != nil:
		return false, err
	case w.promising && newborn && server == nil && holder == w.s.p.User:
		return newborn, nil
	case server != nil && *server == w.s.fs.server: // it knows by itself, even if its heartbeat was silent, as where the machine slept
		over = !w.s.fs.writing.has(n.lease) // a request that has ended could not give the lease back
	}
	switch {
	case over:
		return newborn, nil
	case named != nil && *named == requested(w.ctx):
		return newborn, &Error{Kind: Conflict, Msg: "A request with the same operation id is under way", Err: errInFlight}
	}
	return newborn, fail(BeingWritten, "Failed to %s %s for %s on %s because this file lease is currently owned by %s on %s",
		verb, path, w.s.p.User, w.s.client, holder, client)
}

// HDFS's names of operations that need a file without a writer (FSNamesystem.RecoverLeaseOp).
const (
	createFile   = "CREATE_FILE"
	appendFile   = "APPEND_FILE"
	truncateFile = "TRUNCATE_FILE"
)

// grant makes the principal the writer of inode, which is locked, in place of any former one. The writer of a newborn
// has not come yet.
func (s *Session) grant(ctx context.Context, tx pgx.Tx, inode key, id int64, newborn bool) error {
	var server, named *uuid.UUID
	if id := requested(ctx); id != uuid.Nil {
		named = &id
	}
	if !newborn {
		server = &s.fs.server
		if err := one(tx.Exec(ctx, `UPDATE inodes SET lease = $3, version = version + 1 WHERE project_id = $1 AND id = $2`,
			inode.project, inode.id, id)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO leases (project_id, inode_id, id, holder, client, newborn, server, operation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (project_id, inode_id) DO UPDATE SET id = excluded.id, holder = excluded.holder, client = excluded.client,
			newborn = excluded.newborn, server = excluded.server, since = excluded.since, operation = excluded.operation`,
		inode.project, inode.id, id, s.p.User, s.client, newborn, server, named)
	return err
}

// endLease ends whatever lease n has; n is locked.
func endLease(ctx context.Context, tx pgx.Tx, n *node) error {
	if n.lease == 0 {
		return nil
	}
	if err := dropLease(ctx, tx, n); err != nil {
		return err
	}
	return one(tx.Exec(ctx, `UPDATE inodes SET lease = NULL, version = version + 1 WHERE project_id = $1 AND id = $2`, n.project, n.id))
}

// dropLease removes the row of n's lease; the caller has to change n's own row.
func dropLease(ctx context.Context, tx pgx.Tx, n *node) error {
	_, err := tx.Exec(ctx, `DELETE FROM leases WHERE project_id = $1 AND inode_id = $2`, n.project, n.id)
	return err
}

// written finds the file that is written under l where it lies now, since it may have been moved.
func (w *walker) written(path Path, l Lease, need Need) (*chain, *node, error) {
	c, err := w.walkTo(path, l.Inode, need)
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, fail(NotExist, "File does not exist: %s (inode %d) Holder %s does not have any open files.", path, l.Inode, w.s.p.User)
	}
	n := c.node()
	if n.lease != l.ID {
		return nil, nil, fail(NoLease, "File is not open for writing: %s (inode %d) Holder %s does not have any open files.", path, l.Inode, w.s.p.User)
	}
	w.relied.node(n, exclusive)
	return c, n, nil
}

// errInFlight reports that the writer is another request under the same operation id: the client that sent both wants to
// know how that one ends.
var errInFlight = errors.New("the operation is under way")

// inTurn runs attempt until no other request under the same operation id is in its way. That one may take an hour, if its client pauses
// or is gone, so the pauses between attempts grow: each attempt asks the database.
func inTurn(ctx context.Context, attempt func() error) error {
	const first, longest = 20 * time.Millisecond, time.Second
	for pause := first; ; pause = min(2*pause, longest) {
		err := attempt()
		if !errors.Is(err, errInFlight) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// writing holds the ids of the leases under which this server receives content or is about to. The reaper ends its other ones:
// since a lease lasts as long as its server, one that a request could not return, or does not know that it got, would last for days.
type writing struct {
	mu       sync.Mutex
	requests map[int64]int // several if somebody uses the same promise twice
}

// begin is called before the lease is taken.
func (w *writing) begin(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.requests == nil {
		w.requests = map[int64]int{}
	}
	w.requests[id]++
}

// end is called when the request is done with the lease.
func (w *writing) end(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.requests[id] > 1 {
		w.requests[id]--
		return
	}
	delete(w.requests, id)
}

func (w *writing) has(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests[id] > 0
}

// abandon ends l after its writer failed: a newborn file is removed, any other stays as it is. The caller reports the
// writer's failure, so one of abandon itself is only logged; the reaper does the rest. A caller that has not claimed l passes
// in promised the user to whom it was promised; one that does not know the project passes byPath.
func (fs *FS) abandon(ctx context.Context, path Path, project int64, l Lease, promised string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err := fs.revoke(ctx, path, l, revocation{project: project, promised: promised})
	if err != nil && (promised == "" || !errors.Is(err, errClaimed)) {
		fs.log.WarnContext(ctx, "a lease could not be given back; the reaper will do it", "inode", l.Inode, "error", err)
	}
}

// errClaimed reports that a lease is not to be revoked, mostly because its writer came when it was nearly over.
var errClaimed = errors.New("the writer came")

// revocation says which lease is to be revoked.
type revocation struct {
	project  int64  // that the file lies in; byPath: not known
	over     bool   // only if it is over
	promised string // only if it was promised to this user, who has not come; "": any
}

// find returns the path of the file that is written under l, nil if it has none.
func (r revocation) find(ctx context.Context, fs *FS, l Lease) (*Path, error) {
	if r.project == byPath {
		return fs.pathOfID(ctx, l.Inode)
	}
	return fs.pathOf(ctx, key{r.project, l.Inode})
}

// revoke ends l if it is as which says, and removes the file if it was newborn.
func (fs *FS) revoke(ctx context.Context, path Path, l Lease, which revocation) error {
	s := fs.self()
	_, err := act(unnamed(ctx), s, "revoke lease", path, func(w *walker) (struct{}, *mutation, error) {
		var none struct{}
		at, err := which.find(w.ctx, fs, l)
		if err != nil || at == nil { // whoever deleted the file ended its lease
			return none, nil, err
		}
		c, err := w.walk(*at, Need{})
		if err != nil {
			return none, nil, err
		}
		n := c.node()
		if n == nil || n.id != l.Inode {
			return none, nil, errStale
		}
		if n.lease != l.ID {
			return none, nil, nil
		}
		w.relied.node(n, exclusive)
		m := &mutation{}
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			var newborn bool
			err := tx.QueryRow(ctx, fmt.Sprintf(`SELECT newborn FROM leases l WHERE project_id = $1 AND inode_id = $2 AND id = $3
				AND ($4 OR `+leaseOver+`) AND ($6 = '' OR l.holder = $6 AND l.server IS NULL) FOR UPDATE OF l`, 5),
				n.project, n.id, l.ID, !which.over, fs.leaseLimit, which.promised).Scan(&newborn)
			switch {
			case errors.Is(err, pgx.ErrNoRows):
				return errClaimed
			case err != nil:
				return err
			case !newborn:
				return endLease(ctx, tx, n)
			}
			// There was no event for its creation, but everybody could see the file.
			m.event = w.event(c, n)
			m.charges = charged(c.quotas(), costOf(n).negative(), amount{})
			if err := deleteFile(ctx, tx, n); err != nil {
				return err
			}
			return fs.touchDir(ctx, tx, c.parent().key(), fs.millis(), -1)
		}
		return none, m, nil
	})
	return err
}

// leasesEnded bounds the leases that one round of the reaper ends: enough that it keeps up with a client that asks for
// promises and keeps none, few enough that garbage does not wait for long.
const leasesEnded = 1000

// endLeases ends leases that are over, removes the files whose writers never came, and returns leases that requests of this
// server left. A guest ends none: it does not know the servers' lease limit, and leases left to them take up no storage.
func (fs *FS) endLeases(ctx context.Context) error {
	if fs.guest {
		return nil
	}
	// Leases in a project in the trash wait until the project is restored or gone.
	rows, err := fs.db.Query(ctx, fmt.Sprintf(`SELECT project_id, inode_id, id, `+leaseOver+` FROM leases l
		WHERE (`+leaseOver+` OR server = $2) AND NOT EXISTS (SELECT FROM projects p WHERE p.id = l.project_id AND p.state = 'd')
		ORDER BY since`, 1, 1), fs.leaseLimit, fs.server)
	if err != nil {
		return err
	}
	var (
		l      Lease
		ending []Lease
		which  revocation
		known  = map[Lease]revocation{}
	)
	if _, err := pgx.ForEachRow(rows, []any{&which.project, &l.Inode, &l.ID, &which.over}, func() error {
		// A request that begins after the query has a lease that the query did not see. That of a request of this server is not over, however
		// long the heartbeat was silent.
		if !fs.writing.has(l.ID) && len(ending) < leasesEnded {
			ending, known[l] = append(ending, l), which
		}
		return nil
	}); err != nil {
		return err
	}
	var failed []error
	for _, l := range ending {
		if err := fs.revoke(ctx, Path{}, l, known[l]); !errors.Is(err, errClaimed) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// endForeignLeases marks the leases that former servers held as over. Promises are still kept.
func (fs *FS) endForeignLeases(ctx context.Context) error {
	_, err := fs.db.Exec(ctx, `UPDATE leases SET server = NULL, since = '-infinity' WHERE server <> $1`, fs.server)
	return err
}

// claimSQL increments the file's version, so that anybody who took the lease to be over decides again.
const claimSQL = `
WITH file AS (
	UPDATE inodes i SET version = version + 1 FROM leases l
	WHERE i.project_id = $1 AND i.id = $2 AND i.lease = $3
	AND l.project_id = $1 AND l.inode_id = $2 AND l.id = $3 AND l.holder = $4 AND l.newborn AND l.server IS NULL
	RETURNING i.project_id, i.id
)
UPDATE leases l SET server = $5, since = now() FROM file
WHERE l.project_id = file.project_id AND l.inode_id = file.id AND l.id = $3 AND l.newborn AND l.server IS NULL`

// claim tells the other servers that this one receives the content of the file that was promised under l, and returns the
// file. Only the user who got a promise can claim it, and only once. Rights are checked first: a request that claims a promise
// and then fails breaks it, which a token that may not write there must not do.
func (s *Session) claim(ctx context.Context, path Path, l Lease) (n *node, err error) {
	err = steadily(ctx, func() error {
		if _, n, err = (&walker{ctx: ctx, s: s}).written(path, l, finishing); err != nil {
			return err
		}
		tag, err := s.fs.db.Exec(ctx, claimSQL, n.project, n.id, l.ID, s.p.User, s.fs.server)
		switch {
		case conflicting(err): // with the purge of what the file lies in, or lay
			return errStale
		case err != nil || tag.RowsAffected() == 1:
			return err
		}
		var kept bool
		if err := s.fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM leases WHERE project_id = $1 AND inode_id = $2 AND id = $3)`,
			n.project, n.id, l.ID).Scan(&kept); err != nil {
			return err
		}
		if kept {
			return fail(BeingWritten, "Failed to %s %s for %s on %s because the content of the file is being received in another request, or was promised to somebody else",
				createFile, path, s.p.User, s.client)
		}
		return errStale
	})
	return n, err
}

// finishing is what the writer of a promised file needs when its content comes: what it took to create it.
var finishing = Need{Ancestor: perm.Write, Create: true, Change: true, Add: true}
