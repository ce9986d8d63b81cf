package namespace

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// Many who wait for a row that somebody has locked leave connections to everybody else, and go on when it is free.
func TestWhoWaitsForALockLeavesConnections(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, dir := range []string{"/locked", "/free"} {
		_, err := s.Mkdirs(t.Context(), at(dir), MkdirOptions{Mode: 0o755})
		must(t, err)
	}
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	defer tx.Rollback(t.Context())
	_, err = tx.Exec(t.Context(), `SELECT FROM inodes WHERE name = 'locked' FOR UPDATE`)
	must(t, err)
	var waiting sync.WaitGroup
	failed := make(chan error, 40)
	for i := range cap(failed) {
		waiting.Go(func() {
			_, err := fs.as(t, superuser).Mkdirs(t.Context(), at(fmt.Sprintf("/locked/d%d", i)), MkdirOptions{Mode: 0o755})
			failed <- err
		})
	}
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	late := time.After(commitTimeout / 2)
	for len(fs.singles.patient) < cap(fs.singles.patient) {
		select {
		case <-again.C:
		case <-late:
			t.Fatal("nobody waits with few others")
		}
	}
	// Whoever waits for a lock that is held for a moment does not wait behind those.
	moment, err := fs.db.Begin(t.Context())
	must(t, err)
	_, err = moment.Exec(t.Context(), `SELECT FROM inodes WHERE name = 'free' FOR UPDATE`)
	must(t, err)
	free := make(chan error, 1)
	time.AfterFunc(3*briefLock, func() { free <- moment.Rollback(context.WithoutCancel(t.Context())) })
	defer func() { must(t, <-free) }()
	elsewhere := make(chan error)
	go func() { elsewhere <- fs.as(t, superuser).SetPermission(t.Context(), at("/free"), 0o700) }()
	select {
	case err := <-elsewhere:
		must(t, err)
	case <-time.After(commitTimeout / 2):
		t.Error("nobody else gets a connection")
	}
	must(t, tx.Rollback(t.Context()))
	waiting.Wait()
	close(failed)
	for err := range failed {
		must(t, err)
	}
}

// Deleting or moving what has to be counted, or looked through, first takes one of the few places for that, also if it is decided
// from memory.
func TestWhatIsCountedTakesAPlace(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	bob := fs.as(t, "bob")
	for _, dir := range []string{"/limited/deleted/below", "/limited/moved/below", "/limited/trashed/below", "/elsewhere"} {
		must(t, ignore(s.Mkdirs(t.Context(), at(dir), MkdirOptions{Mode: 0o755})))
	}
	for _, dir := range []string{"/limited", "/limited/trashed"} {
		must(t, s.SetPermission(t.Context(), at(dir), 0o777))
	}
	must(t, s.SetQuota(t.Context(), at("/limited"), QuotaChange{Names: pointer(100)}))
	for what, act := range map[string]func(ctx context.Context) error{
		"deleted": func(ctx context.Context) error { return ignore(s.Delete(ctx, at("/limited/deleted"), true)) },
		"moved": func(ctx context.Context) error {
			return ignore(s.Rename(ctx, at("/limited/moved"), at("/elsewhere/moved")))
		},
		"trashed": func(ctx context.Context) error {
			return bob.Move(ctx, at("/limited/trashed"), at("/limited/gone"), MoveOptions{ToTrash: true})
		},
	} {
		for _, dir := range []string{"/limited/" + what, "/elsewhere"} {
			must(t, ignore(s.Stat(t.Context(), at(dir))))
		}
		for range cap(fs.singles.counts) {
			fs.singles.counts <- struct{}{}
		}
		ctx, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if err := act(ctx); err == nil {
			t.Errorf("what is %s takes no place", what)
		}
		leave()
		for range cap(fs.singles.counts) {
			<-fs.singles.counts
		}
		if err := act(t.Context()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	fs.clean(t)
}

// Whoever finds no place for counting asks for one now and then, and not as fast as the database answers: each attempt locks what it
// relies on.
func TestWhoFindsNoPlaceForCountingRests(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), at("/limited/deleted/below"), MkdirOptions{Mode: 0o755})))
	must(t, s.SetQuota(t.Context(), at("/limited"), QuotaChange{Names: pointer(int64(100))}))
	for range cap(fs.singles.counts) {
		fs.singles.counts <- struct{}{}
	}
	const soon = time.Second
	ctx, leave := context.WithTimeout(t.Context(), soon)
	defer leave()
	before := fs.db.Stat().AcquireCount()
	if err := ignore(s.Delete(ctx, at("/limited/deleted"), true)); err == nil {
		t.Error("it takes no place")
	}
	if n, most := fs.db.Stat().AcquireCount()-before, int64(50); n > most { // the server's upkeep needs some
		t.Errorf("%d connections were taken in %s, more than %d", n, soon, most)
	}
	for range cap(fs.singles.counts) {
		<-fs.singles.counts
	}
	must(t, ignore(s.Delete(t.Context(), at("/limited/deleted"), true)))
}
