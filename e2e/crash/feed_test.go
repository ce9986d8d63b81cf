package crash

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	feedProjects    = 2 // each of which has a feed
	feedWriters     = 8 // of which each changes one project
	feedSubscribers = 4 // of which each follows one
	feedBatons      = 3 // in each project
	// changesPerKill is how many changes come to one kill, at most; one server is killed in any case.
	changesPerKill = 2500
)

// feeds are projects that writers change by way of two servers, and that subscribers follow by way of them.
type feeds struct {
	*pair
	began time.Time

	acknowledged, unknown, retried atomic.Int64
}

// feed is one of the projects, alice's, which bob may look at.
type feed struct {
	*feeds
	name        string
	begin       int64 // the number of the last event before the writers
	master      *feedWriter
	writers     []*feedWriter
	subscribers []*subscriber
}

func (f *feed) top() string { return "/Projects/" + f.name }

// baton is the directory in which writers find a baton: a file whose name counts how often it was passed on.
func (f *feed) baton(i int) string { return fmt.Sprintf("%s/batons/%d", f.top(), i) }

// over is the file whose event is the last.
func (f *feed) over() string { return f.top() + "/over" }

// newFeeds starts servers for projects in which batons lie.
func newFeeds(t *testing.T, changes int) (fs *feeds, all []*feed) {
	t.Helper()
	fs = &feeds{pair: newPair(t), began: time.Now()}
	g, choices := fs.servers[0], seed(t)
	alice, bob := g.token(t, "alice"), g.token(t, "bob")
	for p := range feedProjects {
		f := &feed{feeds: fs, name: fmt.Sprintf("feed%d", p)}
		g.command(t, "project", "create", f.name, "--owner", "alice")
		g.command(t, "project", "member", "add", f.name, "bob", "--role", "observer")
		f.master = newFeedWriter(f, feedWriters+p, alice, choices, 0)
		for i := range feedBatons {
			if err := f.master.make(f.baton(i) + "/0"); err != nil {
				t.Fatal(err)
			}
		}
		f.master.deeds = nil
		f.begin = f.last(t, bob)
		for i := p; i < feedSubscribers; i += feedProjects {
			f.subscribers = append(f.subscribers, newSubscriber(f, i/feedProjects, bob, f.begin, f.over(), choices+uint64(p)))
		}
		for i := p; i < feedWriters; i += feedProjects {
			f.writers = append(f.writers, newFeedWriter(f, i, alice, choices, changes/feedWriters))
		}
		all = append(all, f)
	}
	fs.acknowledged.Store(0)
	return fs, all
}

// TestFeedOfTwoServers changes two projects by way of two servers, each of which is killed now and then, and follows both by
// way of both. Every subscriber sees all that was acknowledged in its project, once, in an order in which it can have happened;
// and of what nobody got an answer for they all see the same. GRANARY_FEED_CHANGES says how many changes are made.
func TestFeedOfTwoServers(t *testing.T) {
	changes := count(t, "GRANARY_FEED_CHANGES", 200)
	fs, all := newFeeds(t, changes)
	var following, writing sync.WaitGroup
	for _, f := range all {
		for i, s := range f.subscribers {
			following.Go(func() {
				if err := s.follow(t.Context()); err != nil {
					t.Errorf("subscriber %d of %s: %v", i, f.name, err)
				}
			})
		}
		for _, w := range f.writers {
			writing.Go(func() {
				if err := w.work(); err != nil {
					t.Errorf("writer %d: %v", w.number, err)
				}
			})
		}
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		writing.Wait()
	}()
	kills := fs.disturb(t, changes, written)
	<-written
	if t.Failed() {
		t.FailNow()
	}
	for _, f := range all {
		if err := f.master.make(f.over()); err != nil {
			t.Fatal(err)
		}
	}
	following.Wait()
	if t.Failed() {
		t.FailNow()
	}
	seen, happened, again, visits := 0, 0, 0, 0
	for _, f := range all {
		happened += f.agree(t)
		seen += len(f.subscribers[0].seen)
		for _, s := range f.subscribers {
			again, visits = again+s.again, visits+s.visits
		}
	}
	if fs.retried.Load()+fs.unknown.Load() == 0 || visits == 0 {
		t.Errorf("%d requests were sent again, %d given up, subscribers came again %d times: the kills prove little", fs.retried.Load(), fs.unknown.Load(), visits)
	}
	for _, g := range fs.servers {
		g.terminate(t)
	}
	t.Logf("soak: %d changes of %d projects by %d writers on two servers, kill -9 of one of them %d times: %d requests were sent again and %d given up, "+
		"of which %d had happened; %d subscribers came again %d times, were told %d events again, and saw all %d, without gaps and in the order of commits; %v in all",
		fs.acknowledged.Load(), feedProjects, feedWriters, kills, fs.retried.Load(), fs.unknown.Load(), happened,
		feedSubscribers, visits, again, seen, time.Since(fs.began).Round(time.Second))
}

// agree demands that all who followed f were told the same, and that it is what was done. It returns how many of the changes
// that nobody got an answer for have happened.
func (f *feed) agree(t *testing.T) (happened int) {
	t.Helper()
	deeds := f.master.deeds
	for _, w := range f.writers {
		deeds = append(deeds, w.deeds...)
	}
	events := f.subscribers[0].seen
	happened = f.judge(t, events, deeds, f.begin)
	for i, s := range f.subscribers {
		if difference := firstDifference(events, s.seen); difference != "" {
			t.Errorf("subscribers 0 and %d of %s were told otherwise: %s", i, f.name, difference)
		}
	}
	if difference := firstDifference(events, f.pages(t, f.subscribers[0].token, f.begin, len(events))); difference != "" {
		t.Errorf("subscriber 0 of %s was told otherwise than who reads the feed by pages: %s", f.name, difference)
	}
	return happened
}

// disturb kills the servers in turn, and starts each again, until the writers are over. It returns how often.
func (fs *feeds) disturb(t *testing.T, changes int, over <-chan struct{}) int {
	t.Helper()
	kills := max(1, changes/changesPerKill)
	for k := range kills {
		if !fs.await(t, int64(changes*(k+1)/(kills+1)), over) {
			t.Fatalf("the writers were over before server %d was killed", k)
		}
		i := (k + 1) % len(fs.servers)
		fs.servers[i].kill(t)
		fs.start(t, i)
	}
	return kills
}

// await returns when so many changes were acknowledged, and false if the writers were over before.
func (fs *feeds) await(t *testing.T, acknowledged int64, over <-chan struct{}) bool {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	late := time.After(time.Hour)
	for fs.acknowledged.Load() < acknowledged {
		select {
		case <-over:
			return false
		case <-late:
			t.Fatalf("%d changes were acknowledged, and %d were waited for", fs.acknowledged.Load(), acknowledged)
		case <-look.C:
		}
	}
	return true
}

// judge demands that events be all that was done and nothing else, in an order in which it can have happened. It returns how
// many of the changes that nobody got an answer for have happened.
func (f *feed) judge(t *testing.T, events []feedEvent, deeds []deed, begin int64) (happened int) {
	t.Helper()
	asked := map[string]*deed{}
	for i := range deeds {
		asked[deeds[i].id] = &deeds[i]
	}
	told := map[string]bool{}
	var latest time.Duration // when the last of the changes up to here was begun
	for i, e := range events {
		d := asked[e.Operation]
		switch {
		case e.Seq != begin+int64(i)+1:
			t.Fatalf("event %d of the feed from %d on has the number %d", i, begin, e.Seq)
		case d == nil:
			t.Fatalf("nobody asked for %+v", e)
		case told[d.id]:
			t.Fatalf("%+v happened twice", e)
		case d.outcome == refused:
			t.Fatalf("%+v was refused", e)
		case d.outcome == unknown:
			happened++
		case d.done < latest:
			t.Fatalf("event %d was answered %v before one with a smaller number was asked for", e.Seq, latest-d.done)
		}
		told[d.id], latest = true, max(latest, d.begun)
	}
	for _, d := range deeds {
		if d.outcome == acknowledged && !told[d.id] {
			t.Errorf("%s was acknowledged, and no event tells of it", d.what)
		}
	}
	f.judgeChains(t, events)
	return happened
}

// judgeChains demands that whatever follows from something else comes behind it: a baton is passed on from where it is, and
// what replaces a file replaces the one that was there.
func (f *feed) judgeChains(t *testing.T, events []feedEvent) {
	t.Helper()
	at, files := map[string]string{}, map[string]int64{}
	for i := range feedBatons {
		at[f.baton(i)] = f.baton(i) + "/0"
	}
	passed := 0
	for _, e := range events {
		if e.Op == "rename" {
			dir := e.Path[:strings.LastIndex(e.Path, "/")]
			if at[dir] != e.Path {
				t.Fatalf("event %d moves %s, and the baton is at %s", e.Seq, e.Path, at[dir])
			}
			at[dir] = e.Target
			passed++
			continue
		}
		if files[e.Path] != e.Detail.Replaced {
			t.Fatalf("event %d replaces inode %d of %s, which is %d", e.Seq, e.Detail.Replaced, e.Path, files[e.Path])
		}
		files[e.Path] = e.FileID
	}
	if passed == 0 {
		t.Error("no baton was passed on")
	}
}

// firstDifference is where two lists of events differ, "" if they do not.
func firstDifference(a, b []feedEvent) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d events and %d", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			return fmt.Sprintf("%+v and %+v", a[i], b[i])
		}
	}
	return ""
}

// choicesOf makes the choices of one writer or subscriber.
func choicesOf(choices uint64, who int) *rand.Rand {
	return rand.New(rand.NewPCG(choices, uint64(who)))
}
