package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"granary/auth"
	"granary/curves"
	"granary/namespace"
	"granary/server/oidc"
)

const (
	// headerTime is how long a client may take to send a request's head. Bodies have no such limit.
	headerTime = 5 * time.Second
	// idleTime is how long a connection may wait for its next request. It is longer than the minute for which proxies and load
	// balancers commonly keep their connections, or they would send requests on ones that are being closed.
	idleTime = 75 * time.Second
	// maxHeader bounds a request's head in bytes. HDFS's own bound (hadoop.http.max.request.header.size) is the same, as a
	// path of 8000 characters, each of which may be sent as nine, and a destination must fit.
	maxHeader = 64 << 10
	// defaultDrain is how long requests may continue once the server is asked to stop.
	defaultDrain = 30 * time.Second
)

// Config configures a [Server].
type Config struct {
	FS   *namespace.FS
	Auth *auth.Authority
	// Simple makes the server believe user.name, as HDFS does with its security off. Serve then refuses any listener that
	// other machines could reach.
	Simple bool
	// Proxies are the users that may act for others.
	Proxies []Proxy
	// Forwarders are the addresses of the proxies in front of this server, whose X-Forwarded-For is believed. The client
	// of any other connection is its peer.
	Forwarders []netip.Prefix
	// PublicURL is the origin by which clients reach the server, such as https://granary.example.org. Redirects lead
	// there. If it is empty, they lead to the address on which each connection came in, which is right without a proxy.
	PublicURL string
	// RedirectReads redirects every OPEN, as HDFS does, instead of only those of clients that are known to need it.
	RedirectReads bool
	// OIDC is the provider at which people may sign in. It sends them back to PublicURL and [OIDCCallback]. nil: there is none.
	OIDC *oidc.Provider
	// Space measures the room of the block stores, for GETSTATUS; nil: it is unknown.
	Space func(context.Context) (Space, error)
	// Ready holds the checks of /readyz by name; each returns why the server cannot serve now.
	Ready map[string]func(context.Context) error
	// Telemetry receives spans and metrics; nil: the server makes its own, whose metrics only /metrics shows.
	Telemetry *Telemetry
	Log       *slog.Logger  // nil: slog.Default
	Stall     time.Duration // how long an authenticated client may pause in file content, and, up to five minutes, elsewhere; 0: an hour
	Drain     time.Duration // how long requests may continue after the stop; 0: thirty seconds
	Limits    Limits
}

// Space is how much room there is, in bytes.
type Space struct {
	Capacity  int64 // in all
	Used      int64
	Remaining int64 // what may still be written; less than Capacity-Used if some is reserved
}

// Server answers HTTP.
type Server struct {
	fs         *namespace.FS
	auth       *auth.Authority
	simple     bool
	proxies    []Proxy
	forwarders []netip.Prefix
	oidc       *oidc.Provider // nil: nobody signs in at a provider
	publicURL  string         // without a slash at its end; empty: see base
	publicHere bool           // publicURL leads to this machine
	redirects  bool           // every OPEN is redirected
	space      func(context.Context) (Space, error)
	ready      map[string]func(context.Context) error
	checking   singleflight.Group // the checks of ready that are under way, by name
	measuring  singleflight.Group // a call of space that is under way
	stopping   atomic.Bool
	telemetry  *Telemetry
	log        *slog.Logger
	stall      time.Duration
	short      time.Duration // how long a client may pause in anything but file content
	public     time.Duration // how long a client that shows no credential may pause in what it reads
	drain      time.Duration
	limits     *limiter
	types      *restTypes
	curves     *curves.Shelf
	serving    context.Context // ends when Serve begins to drain, so that no request waits for events any longer
	stop       context.CancelFunc
	router     http.Handler // everything but /webhdfs
}

// New returns a server. It fails if a setting is not usable.
func New(c Config) (*Server, error) {
	if c.FS == nil || c.Auth == nil {
		return nil, errors.New("server.Config needs FS and Auth")
	}
	s := &Server{
		fs: c.FS, auth: c.Auth, simple: c.Simple, oidc: c.OIDC, redirects: c.RedirectReads, proxies: c.Proxies, forwarders: c.Forwarders, space: c.Space, ready: c.Ready, telemetry: c.Telemetry, log: c.Log,
		stall: c.Stall, drain: c.Drain, limits: newLimiter(c.Limits), types: newRestTypes(), curves: curves.New(0),
	}
	s.serving, s.stop = context.WithCancel(context.Background())
	var err error
	if s.publicURL, err = ParsePublicURL(c.PublicURL); err != nil {
		return nil, err
	}
	if u, err := url.Parse(s.publicURL); err == nil && s.publicURL != "" {
		s.publicHere = isLoopbackHost(u.Host)
	}
	if s.oidc != nil && (s.simple || s.publicURL == "") {
		return nil, errors.New("signing in with OpenID Connect needs the public URL that the provider sends people back to, and tokens: names are not believed then")
	}
	if s.telemetry == nil {
		if s.telemetry, err = newTelemetry(); err != nil {
			return nil, err
		}
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.stall == 0 {
		s.stall = defaultStall
	}
	s.short = min(s.stall, shortStall)
	s.public = min(s.short, publicStall)
	if s.drain == 0 {
		s.drain = defaultDrain
	}
	if s.router, err = s.routes(); err != nil {
		return nil, err
	}
	return s, nil
}

// ParsePublicURL returns the origin that text names, as [Config] takes it, and "" for "". Its error does not quote what may be a
// password.
func ParsePublicURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		if strings.Contains(text, "@") {
			text = "…" + text[strings.LastIndex(text, "@"):]
		}
		return "", fmt.Errorf("public URL %q must be an origin such as https://granary.example.org", text)
	}
	return u.Scheme + "://" + u.Host, nil
}

// CheckLoopback fails for an address that other machines could reach. Simple authentication, which believes names, needs it.
func CheckLoopback(address net.Addr) error {
	if tcp, ok := address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		return fmt.Errorf("simple authentication believes any user name and so serves this machine only, not %s: listen on 127.0.0.1, or require tokens with --auth jwt", address)
	}
	return nil
}

// Handler returns the server as a handler, for tests and for embedding. An [http.Server] that serves it should bound heads
// like [Server.Serve].
func (s *Server) Handler() http.Handler { return s }

// Serve serves the connections of l until ctx ends. Then /readyz reports that it is stopping, it accepts no more connections,
// and it returns when the requests under way are done or the drain time is over. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if s.simple {
		if err := CheckLoopback(l.Addr()); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	h := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		ConnContext:       withConnection,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(listener{l}) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.stop()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drain)
	defer cancel()
	err := h.Shutdown(drain)
	if err != nil {
		err = errors.Join(fmt.Errorf("requests were cut off after %s: %w", s.drain, err), h.Close())
	}
	if served := <-served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
