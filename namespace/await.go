package namespace

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// feedEvery is how often a server polls for events of other servers, in all projects that somebody waits for.
const feedEvery = 500 * time.Millisecond

// feeds holds the projects whose next event somebody waits for.
type feeds struct {
	mu      sync.Mutex
	watched map[int64]*watch
}

// watch is a project for whose events callers wait.
type watch struct {
	last    int64         // number of the newest event known here
	moved   chan struct{} // closed and replaced when last increases
	waiting int           // callers between enter and leave
}

// advance wakes the callers that wait for projects in which events were committed.
func (f *feeds) advance(places []numbered) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, place := range places {
		w := f.watched[place.project]
		if w == nil || place.seq <= w.last {
			continue
		}
		w.last = place.seq
		close(w.moved)
		w.moved = make(chan struct{})
	}
}

// enter returns the watch of project. Each call is undone by a call of leave.
func (f *feeds) enter(project int64) *watch {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watched == nil {
		f.watched = map[int64]*watch{}
	}
	w := f.watched[project]
	if w == nil {
		w = &watch{moved: make(chan struct{})}
		f.watched[project] = w
	}
	w.waiting++
	return w
}

func (f *feeds) leave(project int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.watched[project]
	if w.waiting--; w.waiting == 0 {
		delete(f.watched, project)
	}
}

// state returns the number of the newest known event, and a channel that is closed when there is a newer one.
func (f *feeds) state(w *watch) (int64, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return w.last, w.moved
}

// projects returns the projects that somebody waits for, with the numbers of their newest known events.
func (f *feeds) projects() map[int64]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := make(map[int64]int64, len(f.watched))
	for project, w := range f.watched {
		known[project] = w.last
	}
	return known
}

// goBack corrects what was known before the database was asked and is more than that found: then the database has taken the place of
// one that had more events. Otherwise waiting would end at once, each time, until it has as many.
func (f *feeds) goBack(known map[int64]int64, found []numbered) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, place := range found {
		if w := f.watched[place.project]; w != nil && w.last == known[place.project] && place.seq < w.last {
			w.last = place.seq
		}
	}
}

// pollFeeds looks for events that other servers have committed, in one statement for all who wait.
func (fs *FS) pollFeeds(ctx context.Context) error {
	known := fs.feeds.projects()
	if len(known) == 0 {
		return nil
	}
	rows, err := fs.db.Query(ctx, `SELECT k.id, coalesce((SELECT last FROM feeds WHERE project_id = k.id), 0) FROM unnest($1::bigint[]) AS k (id)`,
		slices.Sorted(maps.Keys(known)))
	if err != nil {
		return err
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p numbered, err error) {
		return p, row.Scan(&p.project, &p.seq)
	})
	if err == nil {
		fs.feeds.advance(places)
		fs.feeds.goBack(known, places)
	}
	return err
}

// lookEvery is the shortest time between a look of a [Following] that found events and the next one: each look takes two transactions, and
// a busy project changes a thousand times a second.
const lookEvery = 250 * time.Millisecond

// Following is one caller's position in the feed of a project. It is not safe for concurrent use, and must be closed.
type Following struct {
	s       *Session
	project string
	id      int64
	watch   *watch    // of id; nil before the first look
	found   time.Time // when the last look ended, if it found something
}

// Follow returns a Following of the feed of a project, "" for the common ground. Its user calls Events, then Await, and so on.
func (s *Session) Follow(project string) *Following { return &Following{s: s, project: project} }

// Close ends f.
func (f *Following) Close() {
	if f.watch != nil {
		f.s.fs.feeds.leave(f.id)
		f.watch = nil
	}
}

// enter begins to watch the project id. It is called before the events are read, so that none committed meanwhile is missed.
func (f *Following) enter(id int64) {
	if f.watch != nil && f.id == id {
		return
	}
	f.Close()
	f.id, f.watch = id, f.s.fs.feeds.enter(id)
}

// Events is [Session.Events] of the project.
func (f *Following) Events(ctx context.Context, after int64, limit int) ([]Event, error) {
	events, err := f.s.events(ctx, f.project, after, limit, f.enter)
	f.found = time.Time{}
	if len(events) > 0 {
		f.found = time.Now()
	}
	return events, err
}

// Await returns when the project may have events with numbers above after, the last one that Events returned: at once for events committed
// by this server, within about half a second for those of others. It waits at least a quarter of a second after a look that found
// something, so that a caller gets many changes together. It checks no rights, since Events does. It fails when ctx ends, and with
// [Unavailable] when the file system is closed.
func (f *Following) Await(ctx context.Context, after int64) error {
	err := f.s.fs.await(ctx, f.watch, after)
	if err == nil && !f.found.IsZero() {
		err = f.s.fs.pause(ctx, lookEvery-time.Since(f.found))
	}
	return f.s.dress("await events", feedPath(f.project), err)
}

func (fs *FS) await(ctx context.Context, w *watch, after int64) error {
	for {
		// Events that other servers committed before w existed are found by the next pollFeeds.
		last, moved := fs.feeds.state(w)
		if last > after {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		case <-fs.closing:
			return errStopping()
		}
	}
}

// pause waits for d, or until ctx ends or the file system is closed.
func (fs *FS) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-fs.closing:
		return errStopping()
	}
}

func errStopping() error { return fail(Unavailable, "The server is being stopped; try again") }
