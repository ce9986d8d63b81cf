package namespace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"granary/auth/perm"
)

// TestPlacesAreTakenUserByUser, by who came first of each, and by nobody who does not wait any more.
func TestPlacesAreTakenUserByUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFair(1)
		must(t, f.enter(t.Context(), "ada"))
		var (
			mu    sync.Mutex
			order []string
		)
		wait := func(ctx context.Context, user, name string) {
			go func() {
				if err := f.enter(ctx, user); err != nil {
					name = err.Error()
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, name)
			}()
			synctest.Wait()
		}
		gone, leave := context.WithCancel(t.Context())
		for i := range 4 {
			wait(t.Context(), "ada", fmt.Sprint("ada ", i))
		}
		wait(gone, "eve", "eve")
		wait(gone, "bob", "bob, who is gone")
		wait(t.Context(), "bob", "bob 0")
		wait(t.Context(), "bob", "bob 1")
		leave()
		synctest.Wait()
		order = order[:0]
		for range 6 {
			f.leave()
			synctest.Wait()
		}
		if want := []string{"ada 0", "bob 0", "ada 1", "bob 1", "ada 2", "ada 3"}; !slices.Equal(order, want) {
			t.Errorf("%q, want %q", order, want)
		}
		f.leave()
		if f.free != 1 || len(f.waiting)+len(f.users) != 0 {
			t.Errorf("at the end %d are free, and %d wait", f.free, len(f.waiting))
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, f.enter(t.Context(), "ada"))
		if err := f.enter(ended, "bob"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		f.leave()
		if f.free != 1 {
			t.Errorf("%d are free", f.free)
		}
	})
}

// Who changes as much at once as he may, one attribute of one directory for instance, of which each change makes the others begin again, would
// keep everybody waiting until all of his have had their turn.
func TestAttackManyChanges(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	const many = 50
	must(t, ignore(bob.Mkdirs(t.Context(), path(t, "/tmp/b"), MkdirOptions{Mode: 0o755})))
	for i := range many {
		must(t, ignore(ada.Mkdirs(t.Context(), at(fmt.Sprintf("/tmp/a%d", i)), MkdirOptions{Mode: 0o755})))
	}
	places := fs.singles.brief.free
	for range places {
		must(t, fs.singles.brief.enter(t.Context(), "ada"))
	}
	var (
		changes sync.WaitGroup
		done    atomic.Int64
	)
	until := func(user string, n int) {
		for waiting := -1; waiting < n; {
			fs.singles.brief.mu.Lock()
			waiting = len(fs.singles.brief.waiting[user])
			fs.singles.brief.mu.Unlock()
			must(t, ignore(bob.Stat(t.Context(), path(t, "/tmp/b")))) // paces the loop
		}
	}
	for i := range many {
		changes.Go(func() {
			if err := fs.As(ada.p).SetPermission(t.Context(), at(fmt.Sprintf("/tmp/a%d", i)), 0o700); err != nil {
				t.Error(err)
			}
			done.Add(1)
		})
	}
	until("ada", many)
	changes.Go(func() {
		if err := fs.As(bob.p).SetPermission(t.Context(), at("/tmp/b"), perm.Mode(0o700)); err != nil {
			t.Error(err)
		}
		if n := done.Load(); n > many/2 {
			t.Errorf("bob waits for %d changes of ada's", n)
		}
	})
	until("bob", 1)
	fs.singles.brief.leave()
	changes.Wait()
	for range places - 1 {
		fs.singles.brief.leave()
	}
}
