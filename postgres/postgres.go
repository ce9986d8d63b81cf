// Package postgres runs a private PostgreSQL for one Granary: a real server, started as a child process, reached
// through a Unix socket that nobody else may enter, and ended when its Granary ends, however that happens.
//
// Everything lives in one folder, [Config.Data]:
//
//	cluster/      PostgreSQL's own data folder (PGDATA); its PG_VERSION decides which binaries may run it
//	run/          the socket, mode 0700
//	log/          PostgreSQL's log, one file for each day of the week
//	startup.log   what PostgreSQL printed before its own log began
//	server.json   where the socket is, for [Attach]
//	lock          held for as long as a process owns the folder
//
// PostgreSQL refuses to run as root. A Granary that does is no exception: the server is started as the user postgres,
// or nobody where there is none, and cluster, run and log belong to that user; the rest of the folder stays root's, so
// nothing that root writes can be redirected by the lesser user.
//
// Authentication is "trust", inside a socket folder of mode 0700 with a socket of mode 0700, and no TCP at all. Those
// who can reach the socket are then exactly those who could read the cluster's files: its owner and root. A password
// would have to lie in a file that the same two can read, and peer authentication needs a name for every user id,
// which containers often lack. Granary itself connects as a role without superuser rights.
//
// Linux and macOS are supported.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Names inside the private server.
const (
	superuser = "postgres" // the bootstrap role, for maintenance only
	roleName  = "granary"  // the role and the database that Granary uses
	port      = "5432"     // no TCP port: it names the socket file
)

// oldestMajor is the oldest PostgreSQL that Granary runs on. Its SQL was written and is tested for 15 and newer.
const oldestMajor = 15

// ErrRunning is returned by [Start] when another live process owns the data folder. [Attach] finds its server.
var ErrRunning = errors.New("another Granary is using this data folder")

// Config says where a private PostgreSQL lives and where its binaries may come from. Only Data is required.
type Config struct {
	// Data is the folder that holds the server's files. It is created if missing.
	Data string

	// Logf receives progress, one line at a time: a download, the first initialisation, a recovery. Nil discards it.
	Logf func(format string, args ...any)

	// Mirror is the base URL of a Maven repository that holds the published binaries, http, https or file (the layout
	// of ~/.m2/repository is the same). Empty means the variable GRANARY_PG_MIRROR, then Maven Central.
	Mirror string

	// Cache is the folder for published binaries. Empty means granary/postgres under the user's cache folder, or under
	// the system's when root, because root's own is closed to the user that runs the server.
	Cache string

	// Published passes over installed binaries in favour of the published ones.
	Published bool

	// Settings are PostgreSQL settings to add or change, for example {"shared_buffers": "4GB"}. Those that durability,
	// privacy or this package depend on are refused.
	Settings map[string]string
}

// logf reports progress if anybody listens.
func (c Config) logf(format string, args ...any) {
	if c.Logf != nil {
		c.Logf(format, args...)
	}
}

// Server is a running private PostgreSQL.
type Server struct {
	folder  folder
	socket  string // the folder that holds the socket
	lock    *lock
	process *process

	stop    sync.Once
	stopErr error

	done  chan struct{} // closed when the postmaster has ended
	err   error         // why, if nobody asked for it; written before done is closed
	asked chan struct{} // closed when Stop has begun
}

// Start starts the PostgreSQL of the data folder, creating it the first time, and returns when it accepts connections.
// A server left behind by a Granary that was killed is first brought to an end. Recovery after a crash takes as long
// as it takes: only ctx bounds it. Cancelling ctx after Start has returned changes nothing. Start and [Attach] unset
// variables of this process's environment that say how to reach another PostgreSQL, such as PGSERVICE.
//
// It fails with [ErrRunning] if another process owns the folder, and with words that say what to do if there are no
// binaries of the version that made the folder, or if the folder cannot be reached by the user that must run the server.
func Start(ctx context.Context, c Config) (*Server, error) {
	s, err := start(ctx, c, nil)
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		err = fmt.Errorf("its start was broken off: %w", context.Cause(ctx)) // and not what fails for that reason
	}
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return s, nil
}

// start is Start, with settings that override everything, which only tests of [CheckDurable] want.
func start(ctx context.Context, c Config, override map[string]string) (_ *Server, err error) {
	if err := errors.Join(checkSettings(c.Settings), forgetOthers()); err != nil {
		return nil, err
	}
	dir, err := newFolder(c.Data)
	if err != nil {
		return nil, err
	}
	acct, err := accountFor(dir)
	if err == nil {
		err = acct.become()
	}
	if err != nil {
		return nil, err
	}
	if err := dir.create(syncFolder); err != nil {
		return nil, err
	}
	held, err := dir.acquire(ctx)
	if err != nil {
		return nil, err
	}
	s, err := dir.serve(ctx, c, acct, override)
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	s.lock = held
	return s, nil
}

// serve starts the server of a folder whose lock the caller holds.
func (f folder) serve(ctx context.Context, c Config, acct account, override map[string]string) (*Server, error) {
	if err := endFormer(ctx, f.cluster(), acct, c.logf); err != nil {
		return nil, err
	}
	bin, err := f.binaries(ctx, c, acct)
	if err != nil {
		return nil, err
	}
	if err := acct.enter(ctx, bin, f); err != nil {
		return nil, err
	}
	if err := f.prepare(ctx, bin, acct, c.logf); err != nil {
		return nil, err
	}
	socket, err := f.openSocketFolder(acct)
	if err != nil {
		return nil, err
	}
	settings := settingsFor(f, socket, c.Settings)
	if bin.accepts(ctx, f, acct, "wal_compression", "lz4") {
		settings["wal_compression"] = "lz4"
	}
	for name, value := range override {
		settings[name] = value
	}
	proc, err := f.bringUp(ctx, bin, acct, socket, settings, c.logf)
	if err != nil {
		return nil, errors.Join(err, f.closeSocketFolder())
	}
	s := &Server{folder: f, socket: socket, process: proc, done: make(chan struct{}), asked: make(chan struct{})}
	go s.watch()
	return s, nil
}

// URL is a connection URL for Granary's own database, as the role that owns it and is no superuser. It holds no secret.
func (s *Server) URL() string { return connectionURL(s.socket, roleName, roleName) }

// AdminURL is a connection URL for the maintenance database as the superuser.
func (s *Server) AdminURL() string { return connectionURL(s.socket, superuser, superuser) }

// connectionURL names every part that pgx would otherwise take from PG* variables. Like PostgreSQL's own library, pgx
// takes a plus sign for itself and not for a space.
func connectionURL(socket, role, database string) string {
	query := url.Values{"host": {socket}, "port": {port}}.Encode()
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(role),
		Path:     "/" + database,
		RawQuery: strings.ReplaceAll(query, "+", "%20"),
	}
	return u.String()
}

// Done is closed when the server has ended, whether or not Stop asked for it; Err tells the two apart.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says why the server ended, once Done is closed: nil if Stop ended it.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// watch waits for the postmaster's end and says why it came.
func (s *Server) watch() {
	<-s.process.done
	select {
	case <-s.asked:
	default:
		s.err = fmt.Errorf("private PostgreSQL %w", s.folder.ended(s.process))
	}
	close(s.done)
}

// Stop ends the server: connections are broken off, everything is written out, and the folder is free again. When ctx
// ends first the server is told to drop everything at once, which loses no committed transaction but makes the next
// start recover; Stop then returns an error that says so. Later calls return the first one's result.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() { s.stopErr = s.shutdown(ctx) })
	return s.stopErr
}

func (s *Server) shutdown(ctx context.Context) error {
	close(s.asked)
	// PostgreSQL's signals: SIGINT is a fast shutdown, SIGQUIT an immediate one (its documentation, "Shutting Down the Server").
	s.process.signal(syscall.SIGINT)
	var err error
	select {
	case <-s.done:
	case <-ctx.Done():
		s.process.signal(syscall.SIGQUIT)
		<-s.done // PostgreSQL kills what does not obey SIGQUIT within five seconds
		err = fmt.Errorf("private PostgreSQL did not shut down in time and was cut off; the next start will recover: %w", context.Cause(ctx))
	}
	return errors.Join(err, s.folder.closeSocketFolder(), s.lock.release())
}

// Attach finds the private PostgreSQL that another process runs in the data folder, and returns a URL as [Server.URL]
// does. ok is false when no server answers there for this user; the caller may then Start it.
func Attach(data string) (url string, ok bool) {
	dir, err := newFolder(data)
	if err = errors.Join(err, forgetOthers()); err != nil {
		return "", false
	}
	rec, err := dir.readRecord()
	if err != nil || !rec.trustworthy(dir) {
		return "", false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	url = connectionURL(rec.Socket, roleName, roleName)
	conn, err := connect(ctx, url)
	if err != nil {
		return "", false
	}
	_ = conn.Close(ctx) // the answer was given; nothing depends on a polite goodbye
	return url, true
}

// Made reports whether there is a private PostgreSQL in the data folder, running or not.
func Made(data string) bool {
	dir, err := newFolder(data)
	if err != nil {
		return false
	}
	_, err = os.Stat(dir.cluster())
	return err == nil
}

// folder is the absolute path of a data folder; its methods name what lies in it.
type folder string

func newFolder(data string) (folder, error) {
	if data == "" {
		return "", errors.New("no data folder given")
	}
	abs, err := filepath.Abs(data)
	if err != nil {
		return "", fmt.Errorf("data folder %s: %w", data, err)
	}
	return folder(abs), nil
}

func (f folder) in(name string) string { return filepath.Join(string(f), name) }
func (f folder) cluster() string       { return f.in("cluster") }
func (f folder) run() string           { return f.in("run") }
func (f folder) log() string           { return f.in("log") }
func (f folder) startupLog() string    { return f.in("startup.log") }
func (f folder) record() string        { return f.in("server.json") }
func (f folder) lockFile() string      { return f.in("lock") }

// create makes the folder itself if it is missing. Root's is open to passers-by, because the server's user must get
// through to its own folders inside; those are closed. The mode of an existing folder stays as its owner wants it. The
// new folder's entry in its parent is flushed: without it everything in the folder would be lost.
func (f folder) create(flush func(dir string) error) error {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	above := filepath.Dir(string(f))
	err := makeFolders(above, 0o711, flush)
	if err == nil {
		err = os.Mkdir(string(f), mode)
	}
	if errors.Is(err, os.ErrExist) {
		if err := leadsNowhere(string(f)); err != nil {
			return fmt.Errorf("look at the data folder: %w", err)
		}
		return nil
	}
	if err == nil {
		err = os.Chmod(string(f), mode) // whatever the umask
	}
	if err == nil {
		err = flush(above)
	}
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) { // as below a home folder that is none, such as /
		err = fmt.Errorf("%w: name one that user %s may make with --data", err, nameOf(uint32(os.Geteuid())))
	}
	if err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	return nil
}

// makeFolders is os.MkdirAll with this mode whatever the umask: another user may have to get through. The folders'
// entries are durable when it returns.
func makeFolders(dir string, mode os.FileMode, flush func(dir string) error) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := leadsNowhere(dir); err != nil {
		return err
	}
	if err := makeFolders(filepath.Dir(dir), mode, flush); err != nil {
		return err
	}
	if err := os.Mkdir(dir, mode); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil
		}
		return err
	}
	if err := os.Chmod(dir, mode); err != nil {
		return err
	}
	return flush(filepath.Dir(dir))
}

// leadsNowhere fails for a link to what is not there, such as a disk that is not mounted.
func leadsNowhere(dir string) error {
	target, err := os.Readlink(dir)
	if err != nil {
		return nil //nolint:nilerr // it is no link
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return fmt.Errorf("%s is a link to %s, which is not there: is its disk mounted?", dir, target)
}

// createFile makes a file of this name anew, closed to others. It belongs to the folder's owner, so that a command
// that root ran once does not shut an ordinary user out of his folder.
func (f folder) createFile(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := giveToFolder(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// giveToFolder gives a file to the owner of the folder that it is in, if this process is root.
func giveToFolder(file *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(file.Name()))
	if err != nil {
		return err
	}
	return file.Chown(int(ownerOf(info)), -1)
}
