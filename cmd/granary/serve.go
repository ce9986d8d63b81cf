package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"granary/auth"
	"granary/blocks/disk"
	"granary/migrations"
	"granary/postgres"
	"granary/server"
)

type serveCommand struct {
	place
	Listen       string        `help:"Address to serve on; port 0 chooses a free one." default:"127.0.0.1:9870" placeholder:"HOST:PORT"`
	PublicURL    string        `name:"public-url" help:"Origin at which clients reach the service, if it is not the address that they connect to: behind a proxy, or in a container." placeholder:"URL"`
	ForwardedBy  []string      `help:"Addresses of the proxies in front, whose X-Forwarded-For is believed. Guessing passwords is throttled by the address that it gives." placeholder:"NETWORK"`
	ProxyUser    []string      `help:"A user who may act for others with doas, such as hue=groups:staff;hosts:10.0.0.7. May be given several times." placeholder:"NAME=users:A,B;groups:G;hosts:H" sep:"none"`
	Redirect     bool          `name:"redirect-reads" help:"Redirect every OPEN to a second address, as HDFS does, for clients that need a redirect and are not recognized."`
	MinBlockSize byteSize      `help:"Smallest HDFS block size that a client may ask for." default:"1MiB" placeholder:"SIZE"`
	GCGrace      time.Duration `name:"gc-grace" help:"How long the blocks of deleted files are kept, for reads in progress and for restoring the database to an earlier moment." default:"1h" placeholder:"TIME"`
	LeaseLimit   time.Duration `name:"lease-soft-limit" help:"How long a file stays reserved for its writer after the server that receives the content was last seen, or for a Hadoop client that began to write and does not continue." default:"60s" placeholder:"TIME"`
	Stall        time.Duration `help:"How long a client may pause while it writes or reads a file, 1m to 24h; then the connection is closed, and an unfinished write is dropped." default:"1h" placeholder:"TIME"`
	Trash        time.Duration `name:"trash-interval" help:"How long the trash keeps what HDFS clients and the file manager delete, in whole minutes; it may be kept up to twice as long. Deleted projects are kept for this long. 0: no trash, and deleted projects are purged at once." default:"24h" placeholder:"TIME"`
	AuditKeep    time.Duration `name:"audit-keep" help:"How long the audit log and the event feeds of projects are kept, at least; 0: for ever." default:"2160h" placeholder:"TIME"`
	Jobs         int           `help:"How many jobs (copy, zip and unzip in the background) this server runs at once; 0: none, it leaves them to other servers." default:"2" placeholder:"N"`
	CommitBatch  int           `name:"commit-batch" help:"How many waiting changes are committed together, at most; 1: each alone." default:"128" placeholder:"N"`
	LimitReads   float64       `name:"limit-reads" help:"How many read requests per second one user may make on this server, in bursts of up to ten seconds' worth. Below 0: no limit, as for the other limits." default:"20000" placeholder:"RATE"`
	LimitWrites  float64       `name:"limit-writes" help:"Like --limit-reads, for requests that change something." default:"10000" placeholder:"RATE"`
	LimitCostly  float64       `name:"limit-costly" help:"Like --limit-reads, for searches, jobs, looking for training runs, and questions about the audit log and about who has access." default:"100" placeholder:"RATE"`
	LimitEach    int           `name:"limit-each" help:"How many requests one user may have in progress on this server." default:"2048" placeholder:"N"`
	LimitAll     int           `name:"limit-all" help:"How many requests may be in progress on this server; further ones are refused with 503." default:"8192" placeholder:"N"`
	signInFlags
	LogLevel string `help:"Least severe level to log: debug, info, warn or error. Requests are logged at info." enum:"debug,info,warn,error" default:"info"`
}

// mostLimit is the largest rate limit allowed: ten seconds' worth of a rate is an int, of 32 bits on some machines.
const mostLimit = 100_000_000

// Run serves until ctx ends.
func (s *serveCommand) Run(ctx context.Context, c *console) (err error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return err
	}
	// Otherwise the signal would end this program at the next line of its log, and with it requests that a Ctrl-C lets finish:
	// tee in `granary serve 2>&1 | tee log` gets that, too, and ends first.
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	defer signal.Stop(unread)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	said := readLog{c.err, end}
	log := slog.New(slog.NewJSONHandler(said, &slog.HandlerOptions{Level: level}))
	proxies, err := server.ParseProxies(s.ProxyUser)
	if err != nil {
		return fmt.Errorf("--proxy-user: %w", err)
	}
	forwarders, err := server.ParseNetworks(s.ForwardedBy)
	if err != nil {
		return fmt.Errorf("--forwarded-by: %w", err)
	}
	if s.PublicURL, err = server.ParsePublicURL(s.PublicURL); err != nil {
		return fmt.Errorf("--public-url: %w", err)
	}
	provider, rules, err := s.signIn(s.PublicURL, s.Auth)
	if err != nil {
		return err
	}
	telemetry, err := server.StartTelemetry(ctx, built(), log)
	if err != nil {
		return err
	}
	defer func() {
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := telemetry.Shutdown(flush); err != nil { // this is a failure of the collector, not of the service
			log.Warn("the last telemetry did not get through", "error", err)
		}
	}()

	defer background(ctx, paceCollector)()
	if s.LeaseLimit < time.Second {
		return fmt.Errorf("--lease-soft-limit %s: want at least 1s", s.LeaseLimit)
	}
	if s.Stall < time.Minute || s.Stall > 24*time.Hour {
		return fmt.Errorf("--stall %s: want 1m to 24h", s.Stall)
	}
	if err := checkGrace(s.GCGrace); err != nil {
		return err
	}
	if s.Trash < 0 || s.Trash%time.Minute != 0 {
		return fmt.Errorf("--trash-interval %s: want whole minutes, such as 24h, or 0", s.Trash)
	}
	if s.AuditKeep != 0 && s.AuditKeep < time.Hour {
		return fmt.Errorf("--audit-keep %s: want at least 1h, such as 2160h for 90 days, or 0 for ever", s.AuditKeep)
	}
	for _, limit := range []float64{s.LimitReads, s.LimitWrites, s.LimitCostly, float64(s.LimitEach), float64(s.LimitAll)} {
		switch {
		case math.IsNaN(limit) || limit == 0:
			return fmt.Errorf("--limit-…: %v would let nobody in; want a number above 0, or -1 for no limit", limit)
		case limit > mostLimit:
			return fmt.Errorf("--limit-…: %v is more than can be counted; want %d at most, or -1 for no limit", limit, mostLimit)
		}
	}
	if s.Jobs < 0 {
		return fmt.Errorf("--jobs %d: want 0 or more", s.Jobs)
	}
	if s.CommitBatch < 1 {
		return fmt.Errorf("--commit-batch %d: want 1 or more", s.CommitBatch)
	}
	if s.Listen == "" { // it would mean a random port on every interface
		return errors.New("--listen is empty: want an address such as 127.0.0.1:9870, or leave it out for that one")
	}
	// This comes before anything is made, because a port that is taken is the most likely reason to fail.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; name another address with --listen", s.Listen, err)
	}
	defer listener.Close() // closing it again after Serve does no harm
	if s.Auth == "simple" {
		if err := server.CheckLoopback(listener.Addr()); err != nil {
			return err
		}
	}
	in, err := s.open(ctx, options{
		log:          log,
		progress:     func(format string, args ...any) { fmt.Fprintf(said, format+"\n", args...) },
		minBlockSize: int64(s.MinBlockSize), grace: s.GCGrace, leaseLimit: s.LeaseLimit, trash: s.Trash, auditKeep: s.AuditKeep, jobs: s.Jobs, commitBatch: s.CommitBatch, make: true, blocks: true, identities: rules,
		tracers: telemetry.TracerProvider(), meters: telemetry.MeterProvider(),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	defer sweep(ctx, auth.SweepEvery, in.auth.Sweep, log, "ended credentials could not be removed")()
	defer sweep(ctx, disk.SweepEvery, in.store.Sweep, log, "what is left of blocks that never were whole could not be removed")()
	if provider != nil {
		defer greet(ctx, provider, log)()
	}

	srv, err := server.New(server.Config{
		FS: in.fs, Auth: in.auth, Simple: s.Auth == "simple", Proxies: proxies, Forwarders: forwarders, PublicURL: s.PublicURL, RedirectReads: s.Redirect, OIDC: provider, Telemetry: telemetry, Log: log, Stall: s.Stall,
		Limits: server.Limits{Reads: s.LimitReads, Writes: s.LimitWrites, Costly: s.LimitCostly, Each: s.LimitEach, All: s.LimitAll},
		Space: func(context.Context) (server.Space, error) {
			space, err := in.store.Space()
			return server.Space(space), err
		},
		Ready: map[string]func(context.Context) error{
			"database": func(ctx context.Context) error { return postgres.CheckWritable(ctx, in.pool) }, // a database that answers need not be writable
			"blocks":   in.store.Healthy,
		},
	})
	if err != nil {
		return err
	}
	url := s.PublicURL
	if url == "" {
		url = "http://" + reachable(listener.Addr())
	}
	if err := in.welcome(ctx, c.out, url); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "granary: serving %s\n", url)
	defer background(ctx, func(ctx context.Context) { outdate(ctx, in.pool, log, end) })()
	err = srv.Serve(ctx, listener)
	if why := context.Cause(ctx); errors.Is(why, migrations.ErrNewer) || errors.Is(why, syscall.EPIPE) {
		err = errors.Join(why, err)
	}
	return err
}

// background runs f, which returns when its context ends, until the returned function is called, and that waits for its end.
func background(ctx context.Context, f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// reachable is where browsers and programs on this machine reach a server that listens on address. One that listens on every
// address is reached as localhost: in a browser, 0.0.0.0 and [::] do not count as this machine, so nobody could sign in there.
func reachable(address net.Addr) string {
	if tcp, ok := address.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return address.String()
}
