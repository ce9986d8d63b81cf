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
)

// TestPlacesAreTakenUserByUser checks that users take turns, each with their oldest request, and that none who left gets a place.
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

// A user who sends as many requests at once as allowed, such as changes of one directory, of which each makes the others begin again,
// must not keep everybody else waiting until all of them have had their turn.
func TestAttackManyAtOnce(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	const many = 50
	for _, s := range []*Session{ada, bob} {
		must(t, s.CreateProject(t.Context(), NewProject{Name: s.p.User + "s"}))
	}
	of := func(s *Session, i int) string { return fmt.Sprintf("/Projects/%ss/%d", s.p.User, i) }
	for i := range many {
		for _, s := range []*Session{ada, bob} {
			must(t, ignore(s.Mkdirs(t.Context(), path(t, of(s, i)), MkdirOptions{Mode: 0o755})))
		}
	}
	for _, c := range []struct {
		what   string
		places *fair
		do     func(s *Session, i int) error
	}{
		{"changes", fs.singles.brief, func(s *Session, i int) error { return s.SetPermission(t.Context(), at(of(s, i)), 0o700) }},
		{"listings", fs.FS.pages, func(s *Session, i int) error {
			return s.List(t.Context(), at(of(s, i)), func(Status) error { return nil })
		}},
		{"looks at events", fs.looks, func(s *Session, _ int) error {
			return ignore(s.Events(t.Context(), s.p.User+"s", 0, 1))
		}},
	} {
		var (
			all  sync.WaitGroup
			done atomic.Int64
		)
		begin := func(s *Session, i int, end func()) {
			all.Go(func() {
				if err := c.do(fs.As(s.p), i); err != nil {
					t.Errorf("%s: %v", c.what, err)
				}
				end()
			})
		}
		until := func(user string, n int) {
			for waiting := -1; waiting < n; {
				c.places.mu.Lock()
				waiting = len(c.places.waiting[user])
				c.places.mu.Unlock()
				must(t, ignore(bob.Stat(t.Context(), path(t, "/tmp")))) // paces the loop
			}
		}
		places := c.places.free
		for range places {
			must(t, c.places.enter(t.Context(), "ada"))
		}
		for i := range many {
			begin(ada, i, func() { done.Add(1) })
		}
		until("ada", many)
		begin(bob, 0, func() {
			if n := done.Load(); n > many/2 {
				t.Errorf("bob waits for %d of ada's %s", n, c.what)
			}
		})
		until("bob", 1)
		c.places.leave()
		all.Wait()
		for range places - 1 {
			c.places.leave()
		}
	}
}
