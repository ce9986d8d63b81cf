package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"granary/auth"
	"granary/blocks"
	"granary/blocks/disk"
	"granary/blocks/seal"
	"granary/migrations"
	"granary/namespace"
	"granary/postgres"
)

// place says where an installation keeps its things. The flags are the same for every command, so that --data is
// enough to find a server's data, running or not.
type place struct {
	Data      string   `help:"Folder of the private PostgreSQL, the blocks and the root key. Default: /var/lib/granary for root, else granary in the user's data folder." placeholder:"DIR" type:"path"`
	Database  string   `help:"Use this PostgreSQL (15 or newer) instead of a private one." placeholder:"URL"`
	Blocks    []string `help:"Where blocks are kept: a folder, as a path or file:// URL, or a bucket, as s3://BUCKET/PREFIX?endpoint=URL&region=NAME. Default: blocks in the data folder." placeholder:"URL" sep:"none"`
	RootKey   string   `help:"File of the key that encrypts all other keys. Created at the first start; keep a copy apart from the data. Default: root.key in the data folder." placeholder:"FILE" type:"path"`
	Superuser string   `help:"User who passes every permission check, and who owns / in a new installation. Default: admin, or under simple authentication whoever runs the command." placeholder:"NAME"`
	Auth      string   `help:"How callers identify themselves: jwt, or simple, which believes user.name and serves this machine only." enum:"jwt,simple" default:"jwt"`

	exposed bool // the database's URL holds a password and stands on the command line
}

// AfterApply implements kong's hook of this name: only the parser knows where a value came from.
func (p *place) AfterApply(parsed *kong.Context) error {
	for _, part := range parsed.Path {
		switch {
		case part.Flag == nil || part.Flag.Name != "database":
		case p.Database == "": // such as a variable of a script that is not set: a private one is not what is meant
			return errors.New("--database is empty: want the URL of a PostgreSQL, or leave it out for a private one")
		case !part.Resolved && holdsPassword(p.Database):
			p.exposed = true
		}
	}
	return nil
}

// firstUser is the superuser that a new installation gets.
const firstUser = "admin"

// complete fills in what was not given, and fails if a value is not valid.
func (p *place) complete() error {
	if p.Superuser != "" {
		if err := auth.CheckUserName(p.Superuser); err != nil {
			return fmt.Errorf("--superuser: %w", err)
		}
	}
	if p.Data == "" {
		dir, err := dataFolder()
		if err != nil {
			return err
		}
		p.Data = dir
	}
	if p.RootKey == "" {
		p.RootKey = filepath.Join(p.Data, "root.key")
	}
	if len(p.Blocks) == 0 {
		p.Blocks = []string{filepath.Join(p.Data, "blocks")}
	}
	if p.Superuser == "" {
		p.Superuser = firstUser
		if p.Auth == "simple" {
			p.Superuser = nameOf(user.Current())
		}
	}
	return nil
}

// nameOf returns a name of the operating system, or that of the first user if it cannot be a user's here, as a directory
// service's CORP\ada: nobody could act under it.
func nameOf(u *user.User, err error) string {
	if err != nil || auth.CheckUserName(u.Username) != nil {
		return firstUser
	}
	return u.Username
}

// dataFolder returns the default of --data.
func dataFolder() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/granary", nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "granary"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("no home folder to keep data in: name one with --data DIR")
	}
	return filepath.Join(home, ".local", "share", "granary"), nil
}

// installation is everything below the server: database, keys, blocks, names and credentials.
type installation struct {
	place
	db      *database
	pool    *pgxpool.Pool
	writes  *namespace.Writes // sees the pool's writes, if the database is on this machine; else nil
	root    *seal.Root
	at      blockPlace   // of store
	store   blockStore   // nil: this command needs no blocks
	blocks  blocks.Store // store with what traces it, or one that refuses everything; nil until openStore
	auth    *auth.Authority
	fs      *namespace.FS
	closers []func() error
}

// options say how a command opens an installation.
type options struct {
	log          *slog.Logger
	progress     func(format string, args ...any)
	minBlockSize int64
	grace        time.Duration
	leaseLimit   time.Duration
	trash        time.Duration        // 0: this command does not empty it
	auditKeep    time.Duration        // 0: this command removes nothing of the audit
	jobs         int                  // run at once; 0: this command runs none
	commitBatch  int                  // at most so many waiting changes are committed together; 0: the default of namespace
	identities   auth.IdentityRules   // for those who sign in at a provider
	make         bool                 // a new installation may be made
	blocks       bool                 // the blocks are needed; otherwise it does not matter whether their store is away
	patient      bool                 // a database that is alive and too busy to read what is sent is waited for: see postgres.GiveUpUnheard
	tracers      trace.TracerProvider // nil: nothing is traced or metered
	meters       metric.MeterProvider
}

// open readies an installation. close closes again whatever it opened; if open fails, it does that itself.
func (p place) open(ctx context.Context, o options) (_ *installation, err error) {
	if err := p.complete(); err != nil {
		return nil, err
	}
	if !o.make {
		_, err := os.Stat(p.RootKey)
		switch missing := errors.Is(err, os.ErrNotExist); {
		case missing && (p.Database != "" || postgres.Made(filepath.Join(p.Data, "postgres"))):
			return nil, fmt.Errorf("the root key %s is not there: name the file with --root-key, or restore it from its backup", p.RootKey)
		case missing:
			return nil, fmt.Errorf("there is no installation in %s: start one with `granary serve`, or name the right folder with --data", p.Data)
		case errors.Is(err, os.ErrPermission): // whether there is a database cannot be seen either
			return nil, fmt.Errorf("look for the root key: %w: run this command as the user that the server runs as, or as root", err)
		case err != nil:
			return nil, fmt.Errorf("look for the root key: %w", err)
		}
	}
	if o.make {
		if err := p.checkNew(); err != nil {
			return nil, err
		}
	}
	in := &installation{place: p}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.close())
		}
	}()
	if err := in.openDatabase(ctx, o); err != nil {
		return nil, err
	}
	if err := in.openKeys(ctx, o); err != nil {
		return nil, err
	}
	return in, in.openFiles(ctx, o)
}

// checkNew fails if a private database would be made beside blocks that have one already: the variable with the URL of
// another PostgreSQL may not be set in this shell, or the disk with the private one not be mounted. A new database would
// look like an installation that has lost everything.
func (p place) checkNew() error {
	data := filepath.Join(p.Data, "postgres")
	at, err := parseBlocks(p.Blocks)
	if err != nil || at.folder == "" || p.Database != "" || postgres.Made(data) { // what is in a bucket is looked at when it is opened
		return err
	}
	switch _, err := os.Stat(filepath.Join(at.folder, disk.MarkFile)); {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("block folder %s: %w", at.folder, err)
	}
	return fmt.Errorf("the block folder %s belongs to an installation, and there is no database in %s: does --database name it, is its disk mounted? If it is lost, granary restore brings it back; a new installation needs a folder of its own, by --blocks", at.folder, data)
}

// close ends what open began, in the opposite order.
func (in *installation) close() error {
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i]())
	}
	in.closers = nil
	return errors.Join(errs...)
}

func (in *installation) closing(f func() error) { in.closers = append(in.closers, f) }

func (in *installation) openDatabase(ctx context.Context, o options) error {
	var err error
	if in.db, err = openDatabase(ctx, in.Database, filepath.Join(in.Data, "postgres"), o); err != nil {
		return err
	}
	in.closing(in.db.close)
	if in.exposed {
		o.log.WarnContext(ctx, "the password of the database stands on the command line, which everybody on this machine may read: give the URL as GRANARY_DATABASE, or name a passfile in it")
	}
	config, err := poolConfig(in.db.url())
	if err != nil {
		return err
	}
	config.ConnConfig.RuntimeParams["application_name"] = "granary"
	config.ConnConfig.RuntimeParams["default_transaction_isolation"] = "read committed" // what is read under a lock must be current, whatever the role has
	config.ConnConfig.RuntimeParams["client_encoding"] = "UTF8"                         // whatever the role has: names would be kept in other letters
	// If a server's machine is gone, this ends its transaction and releases its locks; otherwise the database notices
	// only after hours.
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
	if !o.make { // what a role has for requests would end every fsck of many files
		config.ConnConfig.RuntimeParams["statement_timeout"], config.ConnConfig.RuntimeParams["lock_timeout"] = "0", "0"
	}
	namespace.PlanByIndexes(config.ConnConfig)
	config.BeforeConnect = in.db.redirect
	o.guard(config)
	if o.tracers != nil {
		config.ConnConfig.Tracer = otelpgx.NewTracer(otelpgx.WithTracerProvider(o.tracers), otelpgx.WithMeterProvider(o.meters),
			otelpgx.WithDisableConnectionDetailsInAttributes(),
			otelpgx.WithDisableAcquireTracer()) // the pool's own metrics, below, show how long requests wait for a connection
	}
	if o.make && strings.HasPrefix(config.ConnConfig.Host, "/") { // over a socket: whatever stops this machine stops the database, too
		in.writes = &namespace.Writes{}
		in.writes.Watch(config.ConnConfig)
	}
	if in.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	in.closing(func() error { in.pool.Close(); return nil })
	if o.meters != nil {
		if err := recordPool(in.pool, "requests", o.meters); err != nil {
			return err
		}
	}
	if err := in.pool.Ping(ctx); err != nil { // otherwise the error would blame the migrations
		return err
	}
	if sums, err := postgres.HasChecksums(ctx, in.pool); err != nil {
		return err
	} else if !sums {
		o.log.WarnContext(ctx, "the database has no page checksums: a disk that returns wrong bytes goes unnoticed there; see pg_checksums --enable")
	}
	return nil
}

// guard makes connections of config fail where they should.
func (o options) guard(config *pgxpool.Config) {
	postgres.Insist(config)
	postgres.Doubt(config)
	if !o.patient {
		postgres.GiveUpUnheard(config)
	}
}

func (in *installation) openKeys(ctx context.Context, o options) error {
	if o.make {
		if err := disk.MakeFolder(filepath.Dir(in.RootKey)); err != nil {
			return fmt.Errorf("make a folder for the root key: %w", err)
		}
	}
	// A new key would open nothing that is there, and might replace the right one in a backup.
	canary, err := namespace.Canary(ctx, in.pool)
	if err != nil {
		return err
	}
	if o.make && canary == nil { // before a key is made for it
		if err := migrations.Ready(ctx, in.pool); err != nil {
			return err
		}
	}
	if in.root, err = seal.LoadRoot(in.RootKey, o.make && canary == nil); err != nil {
		return err
	}
	// Another installation's database must stay as it is.
	if canary != nil {
		if err := in.root.CheckCanary(canary); err != nil {
			return err
		}
	}
	// Also before the schema changes: if the blocks are not there, the former version may still be wanted.
	if canary != nil {
		if err := migrations.Check(ctx, in.pool); errors.Is(err, migrations.ErrNewer) || err != nil && !o.make {
			return err
		}
		if err := in.openStore(ctx, o); err != nil {
			return err
		}
	}
	if err := in.migrate(ctx, o); err != nil {
		return err
	}
	in.auth, err = auth.Open(ctx, auth.Config{
		DB: in.pool, Issuer: "granary", Seal: in.root.WrapSecret, Unseal: in.root.UnwrapSecret,
		Superuser: in.Superuser, Simple: in.Auth == "simple", Recall: time.Minute, Identities: o.identities,
	})
	return err
}

// The cache of small files: their content, in a part of the machine's memory, and the places of about as many files as
// that is likely to hold.
const (
	rememberedPart = 32
	rememberedMost = 1 << 30 // bytes
	rememberedFile = 4 << 10 // bytes of one
)

// migrate brings the schema of the database up to date, or fails if it may not.
func (in *installation) migrate(ctx context.Context, o options) error {
	if !o.make { // a server of another version may be running
		return migrations.Check(ctx, in.pool)
	}
	latest, err := migrations.Latest()
	if err != nil {
		return err
	}
	switch current, err := migrations.Version(ctx, in.pool); {
	case err != nil:
		return err
	case current != 0 && current < latest: // to index a large table takes a while, in which nothing is served
		o.log.InfoContext(ctx, "the database is brought up to date, which takes minutes if it is large", "schema", current, "to", latest)
	}
	if in.Database == "" { // it is private, and the holder of its folder is the only one to use it
		return migrations.UpAlone(ctx, in.pool, o.log)
	}
	if err := migrations.AwaitQuiet(ctx, in.pool); err != nil {
		return err
	}
	return migrations.Up(ctx, in.pool, o.log)
}

func (in *installation) openFiles(ctx context.Context, o options) error {
	if in.blocks == nil { // a new installation
		if err := in.openStore(ctx, o); err != nil {
			return err
		}
	}
	remembered := min(max(postgres.Memory()/rememberedPart, namespace.DefaultHintBytes), rememberedMost)
	var err error
	in.fs, err = namespace.Open(ctx, namespace.Config{
		DB: in.pool, Store: in.blocks, Root: in.root, Refresh: in.auth.Refresh, Superuser: in.Superuser,
		MinBlockSize: o.minBlockSize, GCGrace: o.grace, LeaseLimit: o.leaseLimit, Alone: o.make && in.Database == "", Guest: !o.make, ProviderGroups: o.identities.LocalGroups(), Trash: o.trash,
		AuditKeep: o.auditKeep, Jobs: namespace.JobLimits{Running: o.jobs}, CommitBatch: o.commitBatch, Log: o.log,
		Hints: int(max(remembered/rememberedFile, namespace.DefaultHints)), ContentBytes: remembered,
		Writes: in.writes,
	})
	if err != nil {
		return err
	}
	in.closing(in.fs.Close)
	if o.meters != nil {
		return recordPool(in.fs.OwnPool(), "lookups", o.meters)
	}
	return nil
}

// redirect points a new connection at where the private PostgreSQL is now: after a crash its socket may be elsewhere.
// For another PostgreSQL it reads anew the files that the URL names: passwords and certificates change while servers
// run.
func (d *database) redirect(_ context.Context, config *pgx.ConnConfig) error {
	now, err := pgx.ParseConfig(d.url())
	if err != nil {
		return err
	}
	own := config.Config
	config.Config = now.Config // as a whole, since only a configuration that was parsed knows the client's certificate
	config.RuntimeParams, config.DialFunc, config.ValidateConnect = own.RuntimeParams, own.DialFunc, own.ValidateConnect
	return nil
}
