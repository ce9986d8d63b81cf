// Package namespace maps names to inodes and inodes to content, for principals.
//
// It holds the tree of files and directories, their owners, modes and ACLs, projects and their members, in PostgreSQL,
// and the content of files in sealed rows and blocks. Operations are methods of a [Session], which [FS.As] binds to a
// principal, so that there is none without a principal to check. Each operation is in a file of its own. All of them walk a
// path, decide what the principal may do, and commit what they change only if everything that the decision relied on still
// holds. DESIGN.md explains how, and why.
package namespace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
	"granary/auth/perm"
	"granary/blocks"
	"granary/blocks/seal"
	"granary/turnstile"
)

// Defaults and bounds of files, as a stock HDFS has them.
const (
	DefaultBlockSize   = 128 << 20 // bytes, dfs.blocksize
	DefaultReplication = 3         // dfs.replication
	MaxReplication     = 512       // dfs.replication.max
	MaxChildren        = 1 << 20   // dfs.namenode.fs-limits.max-directory-items
)

// InlineMax is the longest content, in bytes, of one row in the database. For a new file the limit is RowMax, unless a job makes it or
// there is no memory for packs.
const InlineMax = 64 << 10

// Config is what a file system needs.
type Config struct {
	DB    *pgxpool.Pool // a database migrated by migrations.Up; its connections should be set up by [PlanByIndexes]
	Store blocks.Store  // holds the blocks, sealed
	Root  *seal.Root    // wraps the projects' keys

	// Refresh returns the principal as the database has it now, with the same scope, or fails if it may no longer act.
	Refresh func(context.Context, auth.Principal) (auth.Principal, error)

	Superuser      string        // owns / and the directories made with it
	MinBlockSize   int64         // bytes; the smallest block size a client may ask for, 0: any
	MaxChildren    int64         // of one directory; 0: MaxChildren
	LeaseLimit     time.Duration // how long a file waits for a writer that is gone or does not come; 0: DefaultLeaseLimit
	Alone          bool          // no other server uses the database, so leases and jobs of former ones are ended or taken over at once
	Trash          time.Duration // minimum time for which the trash keeps what was deleted, and time for which deleted projects are kept; 0: there is no trash
	GCGrace        time.Duration // how long blocks of deleted files are kept for readers; negative in a guest: as the last server that started
	AuditKeep      time.Duration // minimum time for which events and accesses are kept; 0: this server removes none
	Jobs           JobLimits
	CommitBatch    int              // most mutations that are committed together; 0: 128
	Hints          int              // files and directories to remember, which lookups then only compare; 0: DefaultHints; negative: none
	HintBytes      int64            // bytes of layouts of files to remember, and as many of listings; 0: DefaultHintBytes; negative: none
	ContentBytes   int64            // bytes of sealed content of small files to remember; 0: as HintBytes; negative: none
	LookupLanes    int              // lookup statements at a time, at most 8; 0: 1
	LookupBatch    int              // most lookups in one statement; 0: 128
	Writes         *Writes          // traces every connection of DB, for read leases while this server is alone; nil: it takes none
	ProviderGroups []string         // groups from identity providers: no project may have such a name, or their users would be members
	Guest          bool             // this process is a command, which does none of a server's upkeep
	Now            func() time.Time // nil: time.Now
	Log            *slog.Logger     // nil: slog.Default
}

// FS is the file system: one tree of names over one database and one block store. It exports no operations on files;
// the sessions that [FS.As] returns do.
type FS struct {
	db             *pgxpool.Pool
	byKeys         *pgxpool.Pool        // for lookups, batches and listings; see byKeys
	pages          *fair                // places of listings on the connections of byKeys
	surveys        *turnstile.Turnstile // places of those who look through a subtree
	searches       *turnstile.Turnstile // places of those who search
	beginnings     *turnstile.Turnstile // places of those who begin an upload or a job
	indexing       indexing
	looks          *fair                       // places of those who look at feeds
	holdings       *lru.Cache[int64, *holding] // by project
	discards       discards
	removal        removal
	store          blocks.Store
	keys           *keyring
	ids            idPool
	databases      atomic.Int64 // see Session.Database
	server         uuid.UUID    // this process among the servers of the database
	enlistment     enlistment
	steadiness     steadiness
	keeping        atomic.Bool // see KeepBlocks
	writing        writing
	refresh        func(context.Context, auth.Principal) (auth.Principal, error)
	superuser      string
	guest          bool
	providerGroups []string
	minBlock       int64
	maxChildren    int64
	grace          time.Duration
	leaseLimit     time.Duration
	trash          time.Duration
	auditKeep      time.Duration
	auditTime      time.Duration // auditTime, less in tests
	searchTime     time.Duration // searchTime, less in tests
	countTime      time.Duration // countTimeout, less in tests
	feeds          feeds
	recorder       recorder
	jobs           jobs
	committer      committer
	singles        singles
	aheads         aheads
	packer         packer
	folds          *foldQueue
	hints          *hints
	lanes          *lanes
	now            func() time.Time
	log            *slog.Logger

	decided  func(op string, path Path) // called between decision and act; tests put a barrier there
	unlocked bool                       // set by tests to omit locks, to show that they are needed
	// unrecorded omits events, to measure their cost.
	unrecorded bool

	stop    func()
	closing <-chan struct{} // closed when Close begins
	done    chan struct{}
}

// SuperGroup is the group whose members are superusers, and the group of "/".
const SuperGroup = "supergroup"

// Open opens the file system. At first use it makes /, /user and /tmp; later it refuses a root key other than the
// one under which the data was written. It starts the heartbeat and the reaper, which
// [FS.Close] stops.
func Open(ctx context.Context, c Config) (*FS, error) {
	fs := &FS{
		db: c.DB, store: c.Store, refresh: c.Refresh, superuser: c.Superuser, guest: c.Guest, providerGroups: c.ProviderGroups, minBlock: c.MinBlockSize,
		maxChildren: c.MaxChildren, grace: c.GCGrace, leaseLimit: c.LeaseLimit, trash: c.Trash, auditKeep: c.AuditKeep, auditTime: auditTime, searchTime: searchTime, countTime: countTimeout, now: c.Now, log: c.Log,
		jobs:       newJobs(c.Jobs),
		enlistment: enlistment{turn: make(chan struct{}, 1)},
		server:     uuid.New(), decided: func(string, Path) {}, done: make(chan struct{}),
	}
	fs.committer.most, fs.committer.run = c.CommitBatch, fs.commitBatch
	if fs.committer.most == 0 {
		fs.committer.most = defaultCommitBatch
	}
	connections := c.DB.Config().MaxConns
	fs.singles = newSingles(connections)
	fs.aheads.idle = aheadIdle
	fs.committer.gathering = gathering{most: commitGather, enough: min(commitEnough, fs.committer.most)}
	fs.packer.open(ctx, fs)
	fs.recorder.full = make(chan struct{}, 1)
	fs.keys = newKeyring(c.DB, c.Root)
	fs.ids = fs.newIDPool()
	if fs.maxChildren == 0 {
		fs.maxChildren = MaxChildren
	}
	if fs.leaseLimit == 0 {
		fs.leaseLimit = DefaultLeaseLimit
	}
	if fs.now == nil {
		fs.now = time.Now
	}
	if fs.log == nil {
		fs.log = slog.Default()
	}
	fs.hints = newHints(c.Hints, c.HintBytes, c.ContentBytes, fs.now)
	fs.hints.grace = max(fs.grace, time.Minute) // without grace time even a layout just read may dangle; readers then ask again
	fs.hints.replaced = func() {
		fs.keys.forget()
		fs.ids.foreign.Store(true)
		fs.databases.Add(1)
	}
	if c.Writes != nil {
		fs.hints.lease = readLease{writes: c.Writes, server: &fs.server}
	}
	if err := fs.setUp(ctx, c.Root); err != nil {
		return nil, err
	}
	if err := cmp.Or(fs.enlist(ctx), fs.agreeOnGrace(ctx)); err != nil {
		return nil, err
	}
	if c.Alone {
		if err := errors.Join(fs.endForeignLeases(ctx), fs.freeJobs(ctx), fs.endOthers(ctx)); err != nil {
			return nil, err
		}
	}
	if !fs.guest {
		misses, err := fs.missesOthers(ctx)
		if err != nil {
			return nil, err
		}
		if misses {
			fs.steadiness.doubt()
		}
	}
	var err error
	if fs.byKeys, err = byKeys(ctx, c.DB); err != nil {
		return nil, err
	}
	fs.pages, fs.looks = newFair(mostPages), newFair(mostLooks)
	fs.surveys, fs.searches = longPlaces(mostSurveysEach, connections), longPlaces(mostSearchesEach, connections)
	fs.beginnings = turnstile.New(mostBeginnings, 1)
	fs.indexing.turn = make(chan struct{}, 1)
	fs.holdings, _ = lru.New[int64, *holding](heldKnown) // fails only for numbers that are not positive
	fs.lanes = newLanes(ctx, fs.byKeys, c.LookupLanes, c.LookupBatch)
	fs.lanes.lease = &fs.hints.lease
	living, stop := context.WithCancel(context.WithoutCancel(ctx))
	fs.stop, fs.closing = stop, living.Done()
	fs.folds = newFoldQueue(living, fs)
	go fs.live(living)
	return fs, nil
}

// Close stops the heartbeat, the reaper, folds, packs and lookups, waits for them, and writes the accesses that are queued. The caller closes
// the database and the store afterwards.
func (fs *FS) Close() error {
	fs.stop()
	fs.packer.refuse()
	<-fs.done
	fs.folds.close()
	fs.hints.close() // lookups from now on walk
	fs.lanes.close()
	fs.closeAheads()
	fs.byKeys.Close()
	return errors.Join(fs.packer.close(), fs.recordLast(), fs.resign())
}

// setUp initializes a new database, once if several servers start on it together, or checks the root key against an existing one.
func (fs *FS) setUp(ctx context.Context, root *seal.Root) error {
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockSetup)); err != nil {
			return err
		}
		var canary []byte
		err := tx.QueryRow(ctx, `SELECT value FROM settings WHERE name = 'canary'`).Scan(&canary)
		if err == nil {
			return root.CheckCanary(canary)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return fs.plant(ctx, tx, root)
	})
}

// Canary returns what a database stores to recognize the root key by which its keys are wrapped, for [seal.Root.CheckCanary]; nil if the
// database holds no installation. Every version of the schema has it in the same place.
func Canary(ctx context.Context, db *pgxpool.Pool) (canary []byte, err error) {
	var made bool
	if err := db.QueryRow(ctx, `SELECT to_regclass('settings') IS NOT NULL`).Scan(&made); err != nil || !made {
		return nil, err
	}
	err = db.QueryRow(ctx, `SELECT value FROM settings WHERE name = 'canary'`).Scan(&canary)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return canary, err
}

// plant makes the common ground and its first directories, which HDFS's clients expect.
func (fs *FS) plant(ctx context.Context, tx pgx.Tx, root *seal.Root) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ('canary', $1)`, root.Canary()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO projects (id, name, root) VALUES (0, '', $1)`, RootID); err != nil {
		return err
	}
	if err := fs.keys.create(ctx, tx, 0); err != nil {
		return err
	}
	base, err := takeIDs(ctx, tx)
	if err != nil {
		return err
	}
	now := fs.millis()
	for i, d := range []struct {
		id, parent int64
		name       string
		mode       perm.Mode
	}{
		{RootID, 0, "", 0o755},
		{base, RootID, "user", 0o755},
		{base + 1, RootID, "tmp", 0o1777},
	} {
		n := node{
			project: 0, id: d.id, kind: kindDir, owner: fs.superuser, group: SuperGroup,
			perms: perm.Perms{Mode: d.mode}, mtime: now,
		}
		if err := insertInode(ctx, tx, n, d.parent, d.name); err != nil {
			return fmt.Errorf("first directory %d: %w", i, err)
		}
	}
	return fs.touchDir(ctx, tx, key{0, RootID}, now, 2)
}

// millis returns the time as it is on the wire: milliseconds since 1970.
func (fs *FS) millis() int64 { return fs.now().UnixMilli() }

// As returns the file system as p may use it.
func (fs *FS) As(p auth.Principal) *Session {
	return &Session{fs: fs, p: p, client: "localhost"}
}

// self returns the session of the server itself. Its changes are recorded as the superuser's, without a host; its reads are
// not recorded.
func (fs *FS) self() *Session {
	return &Session{fs: fs, p: auth.Principal{User: fs.superuser, Superuser: true}, internal: true}
}

// Session is the file system bound to a principal. It is cheap, is meant to last for one request, and is not safe for
// concurrent use.
type Session struct {
	fs        *FS
	p         auth.Principal
	client    string
	condition Condition
	// internal marks the server's own session, whose reads and refusals are not recorded.
	internal bool
	// concealed is where the last walk ended in front of something that the principal may not know of, nil if it did not.
	concealed *spot
	// answering allows looking without the verb read.
	answering bool
}

// Answering returns a session of the same principal that describes, in the answer to a change that was made, what was changed: a token
// that may change it, and not read, would otherwise be told of a refusal.
func (s *Session) Answering() *Session {
	return &Session{fs: s.fs, p: s.p, client: s.client, answering: true}
}

// From sets the host that the request came from, which the audit records and some of HDFS's messages quote.
func (s *Session) From(client string) *Session {
	s.client = client
	return s
}

// User returns the name of the session's principal.
func (s *Session) User() string { return s.p.User }

// Database returns the number of databases that the file system has met. When it has grown, the last one was started anew, was restored, or
// is a standby that took over and may lack the last commits: then ids of inodes and their versions may stand for something else. It
// has grown before anything from that database is returned.
func (s *Session) Database() int64 { return s.fs.databases.Load() }
