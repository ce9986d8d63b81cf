package namespace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"granary/auth"
)

// feedWriters is a project that writers on two servers change at once.
type feedWriters struct {
	servers []*testFS
	writers int
	each    int // number of changes by each writer
	batons  int // number of files that writers take from each other by renaming them
}

// baton returns the path of a baton, as the writers know it.
func (w *feedWriters) baton(i int) string { return fmt.Sprintf("/Projects/p/batons/%d", i) }

// write makes one writer's changes: of its own file, or with somebody else's baton. A baton is a directory with one file,
// whose name counts how often it was passed on, so whoever renames it follows whoever did before.
func (w *feedWriters) write(t *testing.T, i int, passed []atomic.Int64, choices uint64) {
	s, r := w.servers[i%len(w.servers)].as(t, "alice"), rand.New(rand.NewPCG(choices, uint64(i)))
	for n := range w.each {
		if r.IntN(4) > 0 {
			s.put(t, fmt.Sprintf("/Projects/p/own/%d/%d", i, n%10), []byte("x"))
			continue
		}
		for b := r.IntN(w.batons); ; {
			at := passed[b].Load()
			from := path(t, fmt.Sprintf("%s/%d", w.baton(b), at))
			ok, err := s.Rename(t.Context(), from, from.Parent().Join(fmt.Sprint(at+1)))
			if err != nil {
				t.Error(err)
				return
			}
			if ok {
				passed[b].Store(at + 1)
				break
			}
		}
	}
}

// subscriber follows the project until it has seen the event last. From time to time it comes back to another server with the number
// of the newest event that it has seen. It returns all events that it was told.
func (w *feedWriters) subscriber(ctx context.Context, t *testing.T, i int, begin int64, last func() int64, choices uint64) (seen []Event) {
	r := rand.New(rand.NewPCG(choices, uint64(1000+i)))
	after := begin
	for visit := i; ; visit++ {
		s := w.servers[visit%len(w.servers)].as(t, "bob")
		for range 1 + r.IntN(8) { // then it comes back
			page, err := s.Events(ctx, "p", after, 1+r.IntN(50))
			if err != nil {
				t.Error(err)
				return seen
			}
			for _, e := range page {
				seen, after = append(seen, e), e.Seq
			}
			if end := last(); end > 0 && after >= end {
				return seen
			}
			if len(page) > 0 {
				continue
			}
			if err := s.awaits(ctx, "p", after); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
				return seen
			}
		}
	}
}

// Whatever writers on two servers do at once, every subscriber sees all of it, once, without gaps, and effects after their
// causes. GRANARY_EVENTS says how many changes are made.
func TestSubscribersSeeEverythingInOrder(t *testing.T) {
	const subscribers = 4
	w := &feedWriters{servers: newServers(t, 2), writers: 8, batons: 3}
	w.each = wanted(t, "GRANARY_EVENTS", 400) / w.writers
	fs := w.servers[0]
	for _, name := range []string{superuser, "alice", "bob"} {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := fs.makeProject(t.Context(), "p", "alice"); err != nil {
		t.Fatal(err)
	}
	if err := fs.setMember(t.Context(), "p", "bob", Observer); err != nil {
		t.Fatal(err)
	}
	for i := range w.batons {
		fs.as(t, "alice").put(t, w.baton(i)+"/0", nil)
	}
	begin, err := fs.as(t, "bob").LastEvent(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	choices := seed(t)
	var last atomic.Int64
	seen := make([][]Event, subscribers)
	following := make(chan struct{})
	go func() {
		defer close(following)
		crowd(subscribers, func(i int) { seen[i] = w.subscriber(t.Context(), t, i, begin, last.Load, choices) })
	}()
	passed := make([]atomic.Int64, w.batons)
	crowd(w.writers, func(i int) { w.write(t, i, passed, choices) })
	end, err := fs.as(t, "bob").LastEvent(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	last.Store(end)
	// Subscribers that wait for more learn that this was all.
	fs.as(t, "alice").put(t, "/Projects/p/over", nil)
	<-following
	if made := end - begin; made != int64(w.writers*w.each) {
		t.Errorf("%d events of %d changes", made, w.writers*w.each)
	}
	for i, events := range seen {
		if int64(len(events)) < end-begin {
			t.Errorf("subscriber %d saw %d events of %d", i, len(events), end-begin)
			continue
		}
		w.judge(t, events, begin)
	}
	t.Logf("soak: %d changes by %d writers on 2 servers, seen whole and in order by %d subscribers, who came back again and again",
		end-begin, w.writers, subscribers)
	fs.clean(t)
}

// judge checks that events have no gaps, and are in an order in which they can have happened.
func (w *feedWriters) judge(t *testing.T, events []Event, begin int64) {
	t.Helper()
	at := map[string]string{}
	for i := range w.batons {
		at[w.baton(i)] = w.baton(i) + "/0"
	}
	files := map[string]int64{}
	for i, e := range events {
		if e.Seq != begin+int64(i)+1 {
			t.Fatalf("event %d has the number %d, behind %d", i, e.Seq, begin)
		}
		switch {
		case e.Op == "rename":
			if dir := e.Path.Parent().String(); at[dir] != e.Path.String() {
				t.Fatalf("event %d moves %s, and the baton is at %s", e.Seq, e.Path, at[dir])
			} else {
				at[dir] = e.Target.String()
			}
		case strings.HasPrefix(e.Path.String(), "/Projects/p/own/"):
			if files[e.Path.String()] != e.Detail.Replaced {
				t.Fatalf("event %d replaces inode %d of %s, which is %d", e.Seq, e.Detail.Replaced, e.Path, files[e.Path.String()])
			}
			files[e.Path.String()] = e.Inode
		}
	}
}
