package namespace

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// feedEvery is how often a server looks for what others have committed, in all the projects that somebody waits for.
const feedEvery = 500 * time.Millisecond

// feeds are the projects whose next event somebody waits for.
type feeds struct {
	mu      sync.Mutex
	watched map[int64]*watch
}

// watch is a project that waiting callers wait for.
type watch struct {
	last    int64         // the newest event that is known of
	moved   chan struct{} // closed when last moves on
	waiting int
}

// advance tells who waits for projects that events were committed.
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

// enter returns the watch of project, which stays until leave.
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

// state returns the newest event that is known of, and what is closed when a newer one is.
func (f *feeds) state(w *watch) (int64, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return w.last, w.moved
}

// projects returns those that somebody waits for.
func (f *feeds) projects() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.watched))
}

// pollFeeds looks for events that other servers have committed, whoever waits, in one statement.
func (fs *FS) pollFeeds(ctx context.Context) error {
	projects := fs.feeds.projects()
	if len(projects) == 0 {
		return nil
	}
	rows, err := fs.db.Query(ctx, `SELECT project_id, last FROM feeds WHERE project_id = ANY($1)`, projects)
	if err != nil {
		return err
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p numbered, err error) {
		return p, row.Scan(&p.project, &p.seq)
	})
	if err == nil {
		fs.feeds.advance(places)
	}
	return err
}

// Await returns when a project may have events with numbers above after: at once for those that were committed by this
// server, after half a second or so for others'. It asks for the rights of Events when it begins, and whoever reads the
// events then is asked again. It fails when ctx ends, and with [Unavailable] when the file system is closed.
func (s *Session) Await(ctx context.Context, project string, after int64) error {
	var id, last int64
	err := s.follow(ctx, project, func(tx pgx.Tx, of int64) (err error) {
		id = of
		last, err = lastEvent(ctx, tx, id)
		return err
	})
	if err == nil && last <= after {
		err = s.fs.await(ctx, id, after)
	}
	return s.dress("await events", feedPath(project), err)
}

func (fs *FS) await(ctx context.Context, project, after int64) error {
	w := fs.feeds.enter(project)
	defer fs.feeds.leave(project)
	for {
		// What was committed before w was there is found by the next look.
		last, moved := fs.feeds.state(w)
		if last > after {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		case <-fs.closing:
			return fail(Unavailable, "The server is being stopped; try again")
		}
	}
}
