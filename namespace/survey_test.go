package namespace

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/turnstile"
)

// TestFewSubtreesAreCountedAtATime checks that further counts wait, and nothing else does.
func TestFewSubtreesAreCountedAtATime(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	var leave func()
	for range 2 * placesEach(mostSurveysEach, fs.db.Config().MaxConns) {
		var err error
		leave, err = fs.surveys.Begin(t.Context())
		must(t, err)
	}
	ada := fs.as(t, "ada", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, "/user/ada/d"), MkdirOptions{Mode: 0o755})))
	for name, look := range map[string]func(context.Context) error{
		"summary":     func(ctx context.Context) error { return ignore(s.Summary(ctx, path(t, "/"))) },
		"quota usage": func(ctx context.Context) error { return ignore(s.QuotaUsage(ctx, path(t, "/"))) },
		"sizes":       func(ctx context.Context) error { return ignore(s.Sizes(ctx, path(t, "/"), 10)) },
		"project":     func(ctx context.Context) error { return ignore(ada.Project(ctx, "maps")) },
		"audit of a user in a project": func(ctx context.Context) error {
			_, _, err := ada.Audit(ctx, AuditQuery{Project: "maps", User: "ada"})
			return err
		},
		"may delete": func(ctx context.Context) error {
			return ignore(ada.Explain(ctx, ada.p, path(t, "/user/ada/d"), ToDelete))
		},
	} {
		hurried, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if err := look(hurried); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	must(t, ada.Knows(t.Context(), "maps"))
	must(t, ignore(s.Stat(t.Context(), path(t, "/"))))
	leave()
	for range 2 { // the second one needs the place that the first gave back
		must(t, ignore(s.Summary(t.Context(), path(t, "/"))))
	}
}

// TestWhoCountsManySubtreesLeavesPlacesToOthers checks that counts of one user beyond that user's places wait, and hold up nobody else.
func TestWhoCountsManySubtreesLeavesPlacesToOthers(t *testing.T) {
	fs := newFS(t)
	bob := fs.as(t, "bob", "people")
	must(t, ignore(bob.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	each := int(placesEach(mostSurveysEach, fs.db.Config().MaxConns))
	looking, enough := make(chan struct{}), make(chan struct{})
	var many sync.WaitGroup
	for range 6 * each {
		many.Go(func() {
			leave, err := fs.surveys.Enter(t.Context(), "ada")
			if err != nil {
				t.Error(err)
				return
			}
			defer leave()
			looking <- struct{}{}
			<-enough
		})
	}
	for range each {
		<-looking
	}
	waiting, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := bob.Summary(waiting, path(t, "/tmp/d")); err != nil {
		t.Errorf("bob waits for ada's: %v", err)
	}
	select {
	case <-looking:
		t.Errorf("more than %d of ada's are looked through at a time", each)
	default:
	}
	close(enough)
	for range 5 * each {
		<-looking
	}
	many.Wait()
	if n := fs.surveys.Askers("ada"); n != 0 {
		t.Errorf("ada has %d places still", n)
	}
}

// TestWhoCountsManySubtreesHoldsUpNoProject checks that a user who waits for their own other counts before counting a project does
// not hold up others who ask for the same count.
func TestWhoCountsManySubtreesHoldsUpNoProject(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	must(t, fs.setMember(t.Context(), "maps", "bob", Scientist))
	each := int(placesEach(mostSurveysEach, fs.db.Config().MaxConns))
	for range each {
		leave, err := fs.surveys.Enter(t.Context(), "ada")
		must(t, err)
		defer leave()
	}
	asking, cancel := context.WithCancel(t.Context())
	asked := make(chan error)
	go func() { asked <- ignore(ada.Project(asking, "maps")) }()
	for waits := false; !waits; runtime.Gosched() {
		waits = fs.surveys.Askers("ada") > each
	}
	waiting, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	if _, err := bob.Project(waiting, "maps"); err != nil {
		t.Errorf("bob waits for ada, who waits for herself: %v", err)
	}
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("ada: %v", err)
	}
}

// TestWhoCountsManySubtreesLeavesFewConnectionsToOthers checks that one user's counts and searches do not occupy all connections, however
// few there are: everybody waits for a connection to sign in.
func TestWhoCountsManySubtreesLeavesFewConnectionsToOthers(t *testing.T) {
	fs := newFS(t, connections(t, 4))
	ada := fs.as(t, "ada", "people")
	looking, enough := make(chan struct{}), make(chan struct{})
	var many sync.WaitGroup
	occupy := func(places *turnstile.Turnstile) {
		leave, err := places.Enter(t.Context(), ada.p.User)
		if err != nil {
			t.Error(err)
			return
		}
		defer leave()
		if err := fs.snapshot(t.Context(), func(pgx.Tx) error {
			looking <- struct{}{}
			<-enough
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	for _, places := range []*turnstile.Turnstile{fs.surveys, fs.searches} {
		for range 8 {
			many.Go(func() { occupy(places) })
		}
		<-looking
	}
	waiting, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 100 { // long enough for all of ada's requests to arrive
		select {
		case <-looking:
			continue
		default:
		}
		if _, err := fs.db.Exec(waiting, `SELECT`); err != nil {
			t.Errorf("no connection is left: %v", err)
			break
		}
	}
	close(enough)
	go func() {
		many.Wait()
		close(looking)
	}()
	for range looking { // those who waited
	}
}

// TestWhatWaitsToBeLookedIntoIsBounded checks a bound in bytes, since paths may be long.
func TestWhatWaitsToBeLookedIntoIsBounded(t *testing.T) {
	b := &below{bytes: belowBytes - 100}
	dir := func(name string) *BelowEntry {
		return &BelowEntry{Path: at("/" + name), Name: name, Status: Status{Dir: true}}
	}
	must(t, b.take(dir("short")))
	wantKind(t, "a long one", b.take(dir(strings.Repeat("long", 50))), IO, "name one further down")
}

// TestWhatTakesLongToCountIsToldAgain checks that a slow count is reused for as long as that pays, and a fast one never.
func TestWhatTakesLongToCountIsToldAgain(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	names := func() int64 {
		p, err := ada.Project(t.Context(), "maps")
		must(t, err)
		return p.Quota.Names
	}
	before := names()
	ada.put(t, "/Projects/maps/a", nil)
	if got := names(); got != before+1 {
		t.Errorf("%d names, and %d before one came", got, before)
	}
	n, err := ada.Stat(t.Context(), path(t, "/Projects/maps"))
	must(t, err)
	id, err := fs.ProjectID(t.Context(), "maps")
	must(t, err)
	known, ok := fs.holdings.Get(id)
	if !ok {
		t.Fatalf("nothing is known of project %d, at %d", id, n.ID)
	}
	known.took = time.Hour
	ada.put(t, "/Projects/maps/b", nil)
	if got := names(); got != before+1 {
		t.Errorf("%d names were counted again", got)
	}
	known.at = known.at.Add(-heldAgain * time.Hour)
	if got := names(); got != before+2 {
		t.Errorf("%d names after a long time", got)
	}
}
