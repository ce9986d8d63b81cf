package namespace

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// A connection that hangs while it asks for ids holds nobody up for long.
func TestIDsAreAskedForAgain(t *testing.T) {
	var (
		asked int
		mu    sync.Mutex
		given = map[int64]bool{}
	)
	p := idPool{turn: make(chan struct{}, 1), patience: 10 * time.Millisecond, ask: func(ctx context.Context) (int64, error) {
		if asked++; asked == 1 {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		return int64(asked * idsTaken), nil
	}}
	crowd(8, func(int) {
		id, err := p.id(t.Context())
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		given[id] = true
	})
	if len(given) != 8 || asked != 2 {
		t.Errorf("%d different ids, asked for %d times", len(given), asked)
	}
}

// A caller who leaves stops waiting for ids, also if somebody else asks for them.
func TestWhoLeavesWaitsForNoIDs(t *testing.T) {
	fs := newFS(t)
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	_, err = tx.Exec(t.Context(), `ALTER SEQUENCE inode_ids OWNED BY NONE`) // which keeps others from it
	must(t, err)
	fs.ids.mu.Lock()
	fs.ids.left = 0
	fs.ids.mu.Unlock()
	first := make(chan error, 1)
	go func() {
		_, err := fs.ids.id(t.Context())
		first <- err
	}()
	for fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%inode_ids%'`) == 0 {
		<-time.After(time.Millisecond)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	second := make(chan error, 1)
	go func() {
		_, err := fs.ids.id(ctx)
		second <- err
	}()
	select {
	case err := <-second:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("who has left waits still")
	}
	must(t, tx.Rollback(t.Context()))
	must(t, <-first)
}

// Ids are not given out if another database took the place of the one that they were asked of.
func TestIDsOfAnotherDatabaseAreNotGivenOut(t *testing.T) {
	asked := 0
	p := idPool{turn: make(chan struct{}, 1), patience: time.Hour}
	p.ask = func(context.Context) (int64, error) {
		asked++
		p.foreign.Store(asked == 1)
		return int64(asked * idsTaken), nil
	}
	if id, err := p.id(t.Context()); id != 2*idsTaken || err != nil {
		t.Errorf("the first id is %d, %v", id, err)
	}
}
