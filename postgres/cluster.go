package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// prepare makes sure that the folder holds a cluster and a place for its log, both the account's.
func (f folder) prepare(ctx context.Context, bin binaries, a account, logf func(string, ...any)) error {
	if err := a.own(f.log()); err != nil {
		return fmt.Errorf("make the folder for the log: %w", err)
	}
	f.removeDrafts(logf)
	owner, exists, err := f.owner()
	switch {
	case err != nil:
		return err
	case !exists:
		err := f.initialize(ctx, bin, a, logf)
		f.removeDrafts(logf)
		return err
	case a.drop && owner == 0:
		if err := a.ownTree(f.cluster()); err != nil {
			return fmt.Errorf("give the cluster to user %s: %w", a.name, err)
		}
	}
	return nil
}

// draftPrefix begins the name of a cluster that is being made. The rest is random: the initdb of a Granary that was
// killed a moment ago may still be at work on its own draft, and removes what has that name when it ends.
const draftPrefix = "cluster.new"

// removeDrafts removes clusters that were never finished. One that an initdb is still at work on may be left to the
// next start.
func (f folder) removeDrafts(logf func(string, ...any)) {
	entries, err := os.ReadDir(string(f))
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), draftPrefix) {
			err = errors.Join(err, os.RemoveAll(f.in(entry.Name())))
		}
	}
	if err != nil {
		logf("a cluster that was never finished is left: %v", err)
	}
}

// nameless is what initdb says to a user without a name, whatever name it was given for the superuser
// (src/common/username.c). Containers are often run as such a user. Everything else of PostgreSQL's goes without.
const nameless = "could not look up effective user ID"

// initialize makes the cluster beside its final place and renames it, so that there is a whole one or none.
func (f folder) initialize(ctx context.Context, bin binaries, a account, logf func(string, ...any)) error {
	logf("creating a database in %s with %s", f, bin)
	draft, err := os.MkdirTemp(string(f), draftPrefix)
	if err == nil {
		err = a.own(draft)
	}
	if err != nil {
		return fmt.Errorf("make the folder for the cluster: %w", err)
	}
	cmd := bin.command(ctx, a, "initdb",
		"--pgdata="+draft,
		"--username="+superuser,
		"--encoding=UTF8",
		"--no-locale", // names compare byte by byte, as HDFS does, and no upgrade of the system's libraries reorders an index
		"--data-checksums",
		"--wal-segsize=4", // in MiB; each segment is filled with zeros before it is used, which with the default of 16 holds up every COMMIT for too long
		"--auth-local=trust",
		"--auth-host=reject",
		"--no-instructions",
	)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	p, err := startProcess(cmd)
	if err == nil {
		<-p.done
		err = p.err
	}
	if err != nil {
		err = fmt.Errorf("initialise the database: %w: %s", err, bytes.TrimSpace(said.Bytes()))
		if bytes.Contains(said.Bytes(), []byte(nameless)) {
			err = fmt.Errorf("user %s has no name on this machine, and initdb wants one: add a line for this user to /etc/passwd, run Granary as a user with a name, or give it another PostgreSQL with --database: %w", a.name, err)
		}
		return err
	}
	if err := os.Rename(draft, f.cluster()); err != nil {
		return fmt.Errorf("put the new cluster in its place: %w", err)
	}
	return syncFolder(string(f))
}

// syncFolder makes a rename inside dir, or what was made there, survive a crash.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// accepts tells whether this build of PostgreSQL knows a value of a setting.
func (b binaries) accepts(ctx context.Context, f folder, a account, name, value string) bool {
	return b.command(ctx, a, "postgres", "-D", f.cluster(), "-c", name+"="+value, "-C", name).Run() == nil
}

// launch starts the postmaster. Settings stand on its command line, where neither a file nor ALTER SYSTEM overrides them.
func (f folder) launch(bin binaries, a account, settings map[string]string) (*process, error) {
	args := []string{"-D", f.cluster()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	// It must outlive the context of Start.
	cmd := bin.command(context.Background(), a, "postgres", args...)
	out, err := f.createFile(f.startupLog())
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = out, out
	p, err := startProcess(cmd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", bin, err), out.Close())
	}
	return p, out.Close()
}

// ended describes a postmaster that ended without having been asked to.
func (f folder) ended(p *process) error {
	return fmt.Errorf("ended by itself (%s); its log is in %s%s", p.state(), f.log(), f.startupWords())
}

// startupWords quotes the end of the startup log for a message; empty if there is none.
func (f folder) startupWords() string {
	const most = 2000
	text, err := os.ReadFile(f.startupLog())
	text = bytes.TrimSpace(text)
	if err != nil || len(text) == 0 {
		return ""
	}
	return "; at the start it said: " + string(text[max(0, len(text)-most):])
}

// stillAttached is what PostgreSQL says, in the C locale, when it may not start because a process of its predecessor,
// whose postmaster was killed, has not noticed yet (src/backend/utils/init/miscinit.c).
const stillAttached = "pre-existing shared memory block"

// bringUp starts the postmaster and waits until Granary's database is ready behind it. It tries again for a while if
// processes of a killed postmaster are still on their way out.
func (f folder) bringUp(ctx context.Context, bin binaries, a account, socket string, settings map[string]string, logf func(string, ...any)) (*process, error) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for until := time.Now().Add(handover); ; {
		p, err := f.launch(bin, a, settings)
		if err != nil {
			return nil, err
		}
		err = f.makeReady(ctx, p, socket, logf)
		if err == nil {
			return p, nil
		}
		p.signal(syscall.SIGQUIT) // whatever it has confirmed is in its log
		<-p.done
		if !strings.Contains(f.startupWords(), stillAttached) || time.Now().After(until) {
			return nil, err
		}
		logf("waiting for the processes of a PostgreSQL that was killed to end")
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), err)
		}
	}
}

// makeReady waits until the server accepts connections and makes sure that Granary's role and database exist.
func (f folder) makeReady(ctx context.Context, p *process, socket string, logf func(string, ...any)) error {
	conn, err := f.await(ctx, p, socket, logf)
	if err != nil {
		return err
	}
	err = createMissing(ctx, conn)
	return errors.Join(err, conn.Close(ctx))
}

// await connects as the superuser as soon as the server lets it.
func (f folder) await(ctx context.Context, p *process, socket string, logf func(string, ...any)) (*pgx.Conn, error) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	report := time.NewTicker(5 * time.Second)
	defer report.Stop()
	for {
		conn, err := connect(ctx, connectionURL(socket, superuser, superuser))
		if err == nil || !notYet(err) {
			return conn, err
		}
		select {
		case <-again.C:
		case <-report.C:
			logf("PostgreSQL is still starting (after a crash it first replays its log): %v", err)
		case <-p.done:
			return nil, f.ended(p)
		case <-ctx.Done():
			return nil, fmt.Errorf("PostgreSQL did not get ready: %w", errors.Join(context.Cause(ctx), err))
		}
	}
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, config)
}

// notYet recognises a server that has no socket yet, or is not ready behind it (SQLSTATE 57P03, cannot_connect_now).
func notYet(err error) bool {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return answer.Code == "57P03"
	}
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED)
}

// quietSQL keeps errors of Granary's own statements out of the server's log: there may be thousands a second for as
// long as some program asks for what is refused. The server's own messages and waits for locks are still logged,
// because log_min_messages ranks LOG above ERROR.
const quietSQL = "ALTER ROLE " + roleName + " SET log_min_messages = log"

// loudSQL reports whether quietSQL is still to be run. A standby cannot run it.
const loudSQL = `SELECT NOT pg_is_in_recovery() AND NOT coalesce('log_min_messages=log' = ANY (rolconfig), false) FROM pg_roles WHERE rolname = $1`

// createMissing creates Granary's role and its database. Their names are constants, which SQL takes without quotes.
func createMissing(ctx context.Context, conn *pgx.Conn) error {
	for _, it := range []struct{ exists, create string }{
		{"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", "CREATE ROLE " + roleName + " LOGIN"},
		{"SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", "CREATE DATABASE " + roleName + " OWNER " + roleName},
	} {
		var exists bool
		if err := conn.QueryRow(ctx, it.exists, roleName).Scan(&exists); err != nil {
			return fmt.Errorf("look for Granary's database: %w", err)
		}
		if exists {
			continue
		}
		if _, err := conn.Exec(ctx, it.create); err != nil {
			return fmt.Errorf("create Granary's database: %w", err)
		}
	}
	var loud bool
	if err := conn.QueryRow(ctx, loudSQL, roleName).Scan(&loud); err != nil || !loud {
		return err
	}
	if _, err := conn.Exec(ctx, quietSQL); err != nil {
		return fmt.Errorf("keep errors of Granary's statements out of the log: %w", err)
	}
	return nil
}
