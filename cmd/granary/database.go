package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/postgres"
)

// database is the PostgreSQL of an installation: an external one, one that another process runs, or a private one of
// this process, which is then restarted whenever it dies.
type database struct {
	config postgres.Config
	log    *slog.Logger

	mu      sync.Mutex
	current string
	server  *postgres.Server // nil unless it is this process's own

	// guests waits until other commands that have attached to the private server of this one have ended.
	guests func() error

	stop context.CancelFunc
	done chan struct{}
}

// stopTime is how long the private PostgreSQL may take to write its last checkpoint.
const stopTime = time.Minute

// openDatabase finds or starts the database. external is the URL of one that is not private, or "".
func openDatabase(ctx context.Context, external, data string, o options) (*database, error) {
	d := &database{current: external, log: o.log, config: postgres.Config{Data: data, Logf: o.progress}}
	if external != "" {
		return d, nil
	}
	attach := func() bool {
		if o.make {
			return false
		}
		url, ok := postgres.Attach(data)
		d.current = url
		return ok
	}
	if attach() {
		return d, nil
	}
	if !o.make && !postgres.Made(data) {
		return nil, fmt.Errorf("there is no PostgreSQL in %s: say with --database which one this installation uses, as for `granary serve`", data)
	}
	server, err := postgres.Start(ctx, d.config)
	if errors.Is(err, postgres.ErrRunning) {
		if attach() { // it was just being started
			return d, nil
		}
		return nil, o.refused(err)
	}
	if err != nil {
		return nil, err
	}
	d.server, d.current, d.done = server, server.URL(), make(chan struct{})
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	if !o.make { // a command waits for others, but a server that is stopped should stop
		d.guests = func() error { return d.awaitGuests(ctx) }
	}
	go d.watch(watching)
	return d, nil
}

// refused says what to do about a folder that another process owns and whose PostgreSQL does not answer. For a command
// that is what it needs, and ending it would end the service.
func (o options) refused(running error) error {
	if o.make {
		return fmt.Errorf("%w: end the other one, or give this one a folder of its own with --data", running)
	}
	return fmt.Errorf("%w, and its PostgreSQL does not answer: it may be recovering from a crash, or have no connection left; see the log of that Granary, and try again", running)
}

// url returns where the database is now.
func (d *database) url() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current
}

// watch restarts the private server when it has died, until ctx ends. PostgreSQL recovers from its log; requests that
// come meanwhile are told to try again.
func (d *database) watch(ctx context.Context) {
	defer close(d.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.server.Done():
		}
		if ctx.Err() != nil {
			return
		}
		d.log.ErrorContext(ctx, "the private PostgreSQL has died; it is started again", "error", d.server.Err())
		for {
			server, err := d.server.Restart(ctx, d.config)
			if err == nil {
				d.mu.Lock()
				d.server, d.current = server, server.URL()
				d.mu.Unlock()
				d.log.InfoContext(ctx, "the private PostgreSQL is back")
				break
			}
			d.log.ErrorContext(ctx, "the private PostgreSQL could not be started again", "error", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
		}
	}
}

// guestsSQL counts the connections of others.
const guestsSQL = `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND usename = current_user`

// awaitGuests returns when nobody else is connected, or when ctx ends.
func (d *database) awaitGuests(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, d.url())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // the server ends next
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for asked := 0; ; asked++ {
		var guests int
		if err := conn.QueryRow(ctx, guestsSQL).Scan(&guests); err != nil || guests == 0 {
			return err
		}
		if asked == 1 { // this command's own connections are gone by now
			d.config.Logf("this is done; the PostgreSQL that was started for it ends when the other commands that use it have ended")
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// close ends a private server of this process.
func (d *database) close() error {
	if d.stop == nil {
		return nil
	}
	if d.guests != nil {
		if err := d.guests(); err != nil {
			d.log.Warn("nobody can say whether other commands use the private PostgreSQL, which ends", "error", err)
		}
	}
	d.stop()
	<-d.done
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return d.server.Stop(ctx)
}
