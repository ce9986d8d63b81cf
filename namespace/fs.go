// Package namespace maps names to inodes and inodes to content, for principals.
//
// It holds the tree of files and directories, their owners, modes and ACLs, projects and their members, in PostgreSQL,
// and the content of files in sealed rows and blocks. The only way to it is [FS.As], which binds it to a principal: an
// operation that nobody checked does not compile. Each operation is one file. All of them walk a path, decide what the
// principal may do, and commit what they change only if everything that the decision relied on still holds. DESIGN.md
// says how, and why.
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
)

// Defaults and bounds of files, as a stock HDFS has them.
const (
	DefaultBlockSize   = 128 << 20 // bytes, dfs.blocksize
	DefaultReplication = 3         // dfs.replication
	MaxReplication     = 512       // dfs.replication.max
	MaxChildren        = 1 << 20   // dfs.namenode.fs-limits.max-directory-items
)

// InlineMax is the longest content, in bytes, that is kept beside its inode in the database. Of a new file it is RowMax, unless a job makes it
// or there is no memory for packs.
const InlineMax = 64 << 10

// Config is what a file system needs.
type Config struct {
	DB    *pgxpool.Pool // a database that migrations.Up has seen; its connections should [PlanByIndexes]
	Store blocks.Store  // holds the blocks, sealed
	Root  *seal.Root    // wraps the projects' keys

	// Refresh returns the principal as the database has it now, with the same scope, or fails if it may act no more.
	Refresh func(context.Context, auth.Principal) (auth.Principal, error)

	Superuser      string        // owns / and the directories made with it
	MinBlockSize   int64         // bytes; the smallest block size a client may ask for, 0: any
	MaxChildren    int64         // of one directory; 0: MaxChildren
	LeaseLimit     time.Duration // how long a file waits for a writer that is gone or does not come; 0: DefaultLeaseLimit
	Alone          bool          // no other server uses the database: nobody goes on with what a former one was writing
	Trash          time.Duration // how long the trash keeps what was deleted, at least; 0: there is no trash
	GCGrace        time.Duration // how long the blocks of deleted files are kept for readers that are under way; a guest's below 0: as long as the server keeps them that started last
	AuditKeep      time.Duration // how long events and accesses are kept, at least; 0: this server removes none
	Jobs           JobLimits
	CommitBatch    int              // how many mutations that wait are committed together, at most; 0: 128
	Hints          int              // files and directories that are remembered, for lookups that only ask whether they are as they were; 0: DefaultHints; below 0: none
	HintBytes      int64            // bytes of where content lies that are remembered, and as many of listings; 0: DefaultHintBytes; below 0: none
	ContentBytes   int64            // bytes of the sealed content of small files that are remembered; 0: as HintBytes; below 0: none
	LookupLanes    int              // statements of lookups at a time, at most 8; 0: 1
	LookupBatch    int              // lookups in one statement, if so many wait; 0: 128
	Writes         *Writes          // watches every connection of DB; this server answers from memory while it is the only one. nil: it asks the database each time
	ProviderGroups []string         // that users come into by an identity provider: no project may have such a name, or they would be members
	Guest          bool             // this process came for one deed, and does none of the upkeep that servers do
	Now            func() time.Time // nil: time.Now
	Log            *slog.Logger     // nil: slog.Default
}

// FS is the file system: one tree of names over one database and one block store. It exports no operation on files;
// [FS.As] does, for a principal.
type FS struct {
	db             *pgxpool.Pool
	byKeys         *pgxpool.Pool // for lookups, batches and listings; see byKeys
	pages          chan struct{} // full while mostPages of its connections are taken by listings
	surveys        *surveys      // who looks through a subtree
	searches       *surveys      // who searches
	beginnings     *surveys      // who begins an upload or a job
	indexing       indexing
	looks          chan struct{}               // full while mostLooks looks at feeds run
	holdings       *lru.Cache[int64, *holding] // by project
	discards       discards
	store          blocks.Store
	keys           *keyring
	ids            idPool
	server         uuid.UUID   // this process among the servers of the database
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
	auditTime      time.Duration // auditTime; tests have less
	countTime      time.Duration // countTimeout; tests have less
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
	unlocked bool                       // tests take the locks out with it, to see that they are needed
	// unrecorded leaves out events, for measuring what they cost.
	unrecorded bool

	stop    func()
	closing <-chan struct{} // closed when Close begins
	done    chan struct{}
}

// SuperGroup is the group whose members are superusers, and the group of "/".
const SuperGroup = "supergroup"

// Open readies the file system. At first use it makes /, /user and /tmp; later it refuses a root key that is not the
// one the data was written under. It starts the heartbeat and the reaper, which
// [FS.Close] stops.
func Open(ctx context.Context, c Config) (*FS, error) {
	fs := &FS{
		db: c.DB, store: c.Store, refresh: c.Refresh, superuser: c.Superuser, guest: c.Guest, providerGroups: c.ProviderGroups, minBlock: c.MinBlockSize,
		maxChildren: c.MaxChildren, grace: c.GCGrace, leaseLimit: c.LeaseLimit, trash: c.Trash, auditKeep: c.AuditKeep, auditTime: auditTime, countTime: countTimeout, now: c.Now, log: c.Log,
		jobs:   newJobs(c.Jobs),
		server: uuid.New(), decided: func(string, Path) {}, done: make(chan struct{}),
	}
	fs.committer.most, fs.committer.run = c.CommitBatch, fs.commitBatch
	if fs.committer.most == 0 {
		fs.committer.most = defaultCommitBatch
	}
	fs.singles = newSingles(c.DB.Config().MaxConns)
	fs.aheads.idle = aheadIdle
	fs.committer.gathering = gathering{most: commitGather, enough: min(commitEnough, fs.committer.most)}
	fs.packer.fs = fs
	fs.packer.gathering = gathering{most: packGather, enough: packEnough}
	fs.packer.stock.rush = stockRush
	fs.recorder.full = make(chan struct{}, 1)
	fs.keys = newKeyring(c.DB, c.Root)
	fs.ids.fs = fs
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
	fs.hints.grace = max(fs.grace, time.Minute) // without any, what has just been looked for may lead nowhere, too
	fs.hints.replaced = func() {
		fs.keys.forget()
		fs.ids.foreign.Store(true)
	}
	if c.Writes != nil {
		fs.hints.lease = readLease{writes: c.Writes, server: &fs.server}
	}
	if err := fs.setUp(ctx, c.Root); err != nil {
		return nil, err
	}
	if err := cmp.Or(fs.beat(ctx), fs.awaitLeases(ctx), fs.agreeOnGrace(ctx)); err != nil {
		return nil, err
	}
	if c.Alone {
		if err := errors.Join(fs.endForeignLeases(ctx), fs.freeJobs(ctx), fs.endOthers(ctx)); err != nil {
			return nil, err
		}
	}
	var err error
	if fs.byKeys, err = byKeys(ctx, c.DB); err != nil {
		return nil, err
	}
	fs.pages, fs.looks = make(chan struct{}, mostPages), make(chan struct{}, mostLooks)
	fs.surveys, fs.searches, fs.beginnings = newSurveys(mostSurveys, mostSurveysEach), newSurveys(mostSearches, mostSearchesEach), newSurveys(mostBeginnings, 1)
	fs.indexing.turn = make(chan struct{}, 1)
	fs.holdings, _ = lru.New[int64, *holding](heldKnown) // which fails for no such number
	fs.lanes = newLanes(ctx, fs.byKeys, c.LookupLanes, c.LookupBatch)
	fs.lanes.lease = &fs.hints.lease
	living, stop := context.WithCancel(context.WithoutCancel(ctx))
	fs.stop, fs.closing = stop, living.Done()
	fs.folds = newFoldQueue(living, fs)
	go fs.live(living)
	return fs, nil
}

// Close stops the heartbeat, the reaper, folds and lookups, waits for them and writes the accesses that wait for it. The database and the
// store are the caller's to close, afterwards.
func (fs *FS) Close() error {
	fs.stop()
	<-fs.done
	fs.folds.close()
	fs.hints.close() // what is looked up from now on is walked to
	fs.lanes.close()
	fs.closeAheads()
	fs.byKeys.Close()
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return errors.Join(fs.packer.close(), fs.recordLast(), fs.resign(ctx))
}

// setUp makes what a new database lacks, once among all servers that start on it together.
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

// Canary is what a database keeps of the root key that its keys are wrapped by, for [seal.Root.CheckCanary]; nil if there is no installation
// in it. It is where it is in every version of the schema.
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

// plant makes the first tree: the directories that HDFS's clients expect to be there.
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
	base, err := fs.ids.take(ctx, tx)
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

// millis is the time of the wire: milliseconds since 1970.
func (fs *FS) millis() int64 { return fs.now().UnixMilli() }

// As returns the file system as p may use it.
func (fs *FS) As(p auth.Principal) *Session {
	return &Session{fs: fs, p: p, client: "localhost"}
}

// self returns the file system as the server itself uses it. What it changes is told of as the superuser's, from no host;
// what it reads is nobody's affair.
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
	// internal marks the server's own, whose readings are not recorded.
	internal bool
	// concealed is where the last walk ended in front of what the principal may not know of, nil if none did.
	concealed *spot
}

// From names the host that the request came from, which some of HDFS's messages quote.
func (s *Session) From(client string) *Session {
	s.client = client
	return s
}

// User is whom the session is of.
func (s *Session) User() string { return s.p.User }
