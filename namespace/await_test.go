package namespace

import (
	"context"
	"errors"
	"testing"
	"time"

	"granary/auth"
)

// TestLooksAtAFeedAreFew checks that a subscriber that keeps up is told of changes together, one that waits is told at once, and only
// few look at a time.
func TestLooksAtAFeedAreFew(t *testing.T) {
	fs := newFeedFS(t)
	s := fs.as(t, "alice")
	feed := s.Follow("p")
	defer feed.Close()
	last, err := s.LastEvent(t.Context(), "p")
	must(t, err)
	hurried, cancel := context.WithCancel(t.Context())
	cancel()
	look := func(want int) {
		t.Helper()
		events, err := feed.Events(t.Context(), last, 0)
		if must(t, err); len(events) != want {
			t.Fatalf("%d events, want %d", len(events), want)
		}
		last += int64(want)
	}
	look(0)
	for range mostLooks { // waiting takes no place for looking
		must(t, fs.looks.enter(t.Context(), "others"))
	}
	s.put(t, "/Projects/p/f", []byte("after quiet"))
	must(t, feed.Await(hurried, last))
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Events(brief, "p", last, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("where %d look already: %v", mostLooks, err)
	}
	fs.looks.leave()
	var began time.Time
	for rounds, late := 0, true; late; rounds++ {
		began = time.Now()
		look(1)
		s.put(t, "/Projects/p/f", []byte("at once behind it"))
		err := feed.Await(hurried, last)
		late = err == nil && time.Since(began) >= lookEvery && rounds < 100 // on a busy machine the time to wait may be over by then
		if !late && !errors.Is(err, context.Canceled) {
			t.Errorf("a look behind another that found something: %v, want that it waits", err)
		}
	}
	must(t, feed.Await(t.Context(), last))
	if waited := time.Since(began); waited < lookEvery {
		t.Errorf("it waited for %s", waited)
	}
	s.put(t, "/Projects/p/f", []byte("meanwhile"))
	look(2)
	feed.Close()
	if n := len(fs.feeds.projects()); n != 0 {
		t.Errorf("%d projects are still waited for", n)
	}
}

// If another database takes the place of one that had more events, whoever has seen all of its events waits for the next one, and does not
// look again and again: the events that are missing are not waited for.
func TestAFeedThatGoesBack(t *testing.T) {
	fs := newFeedFS(t)
	s := fs.as(t, "alice")
	former := s.Follow("p") // keeps what is known of the project
	defer former.Close()
	must(t, ignore(former.Events(t.Context(), 0, 0)))
	for range 3 {
		s.put(t, "/Projects/p/f", []byte("lost"))
	}
	last, err := s.LastEvent(t.Context(), "p")
	must(t, err)
	last -= 2
	fs.exec(t, `DELETE FROM events WHERE seq > $2 AND project_id = (SELECT id FROM projects WHERE name = $1)`, "p", last)
	fs.exec(t, `UPDATE feeds SET last = $2 WHERE project_id = (SELECT id FROM projects WHERE name = $1)`, "p", last)
	feed := s.Follow("p")
	defer feed.Close()
	must(t, ignore(feed.Events(t.Context(), last, 0)))
	must(t, fs.pollFeeds(t.Context()))
	hurried, cancel := context.WithCancel(t.Context())
	cancel()
	if err := feed.Await(hurried, last); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it waits for an event that is there", err)
	}
	s.put(t, "/Projects/p/f", []byte("the next one"))
	must(t, feed.Await(hurried, last))
	if events, err := feed.Events(t.Context(), last, 0); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// Waiting ends with a change of the project on this server or another, but not with one in another project.
func TestAwait(t *testing.T) {
	servers := newServers(t, 2)
	first := servers[0]
	for _, name := range []string{superuser, "alice"} {
		if err := first.auth.AddUser(t.Context(), auth.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"p", "q"} {
		if err := first.makeProject(t.Context(), name, "alice"); err != nil {
			t.Fatal(err)
		}
	}
	waits := func(project string, after int64) chan error {
		done := make(chan error, 1)
		go func() { done <- first.as(t, "alice").awaits(t.Context(), project, after) }()
		for len(first.feeds.projects()) == 0 {
			select {
			case err := <-done:
				done <- err
				return done
			default:
			}
		}
		return done
	}
	for i, fs := range servers {
		last, err := fs.as(t, "alice").LastEvent(t.Context(), "p")
		if err != nil {
			t.Fatal(err)
		}
		done := waits("p", last)
		fs.as(t, "alice").put(t, "/Projects/q/f", []byte("elsewhere"))
		if err := fs.pollFeeds(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			t.Fatalf("woken for nothing: %v", err)
		default:
		}
		fs.as(t, "alice").put(t, "/Projects/p/f", []byte("here"))
		if err := <-done; err != nil {
			t.Errorf("server %d: %v", i, err)
		}
		if err := <-waits("p", last); err != nil { // what exists already is not waited for
			t.Error(err)
		}
	}
	if watched := first.feeds.projects(); len(watched) != 0 {
		t.Errorf("%v are watched by nobody", watched)
	}
	last, err := first.as(t, "alice").LastEvent(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := first.await(ctx, &watch{}, last); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who left: %v", err)
	}
	done := waits("p", last)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "waiting when the server stops", <-done, Unavailable, "stopped")
}
