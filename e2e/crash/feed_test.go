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
	feedWriters     = 8
	feedSubscribers = 4
	feedBatons      = 3
	feedTop         = "/Projects/feed"
	// changesPerKill is how many changes come to one kill, at most; one server is killed in any case.
	changesPerKill = 2500
)

// feed is a project that writers change by way of two servers, and that subscribers follow by way of them.
type feed struct {
	*pair
	began time.Time

	acknowledged, unknown, retried atomic.Int64
}

// baton is the directory in which writers find a baton: a file whose name counts how often it was passed on.
func baton(i int) string { return fmt.Sprintf("%s/batons/%d", feedTop, i) }

// newFeed starts servers for a project of alice's that bob may look at.
func newFeed(t *testing.T) (f *feed, alice, bob string) {
	t.Helper()
	f = &feed{pair: newPair(t), began: time.Now()}
	g := f.servers[0]
	for _, args := range [][]string{
		{"project", "create", "feed", "--owner", "alice"},
		{"project", "member", "add", "feed", "bob", "--role", "observer"},
	} {
		g.command(t, args...)
	}
	return f, g.token(t, "alice"), g.token(t, "bob")
}

// TestFeedOfTwoServers changes a project by way of two servers, each of which is killed now and then, and follows it by way
// of both. Every subscriber sees all that was acknowledged, once, in an order in which it can have happened; and of what
// nobody got an answer for they all see the same. GRANARY_FEED_CHANGES says how many changes are made.
func TestFeedOfTwoServers(t *testing.T) {
	changes := count(t, "GRANARY_FEED_CHANGES", 200)
	f, alice, bob := newFeed(t)
	choices := seed(t)
	master := newFeedWriter(f, feedWriters, alice, choices, 0)
	for i := range feedBatons {
		if err := master.make(baton(i) + "/0"); err != nil {
			t.Fatal(err)
		}
	}
	begin := f.last(t, bob)

	const over = feedTop + "/over"
	subscribers := make([]*subscriber, feedSubscribers)
	var following, writing sync.WaitGroup
	for i := range subscribers {
		subscribers[i] = newSubscriber(f, i, bob, begin, over, choices)
		following.Go(func() {
			if err := subscribers[i].follow(t.Context()); err != nil {
				t.Errorf("subscriber %d: %v", i, err)
			}
		})
	}
	writers := make([]*feedWriter, feedWriters)
	for i := range writers {
		writers[i] = newFeedWriter(f, i, alice, choices, changes/feedWriters)
		writing.Go(func() {
			if err := writers[i].work(); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		writing.Wait()
	}()
	kills := f.disturb(t, changes, written)
	<-written
	if t.Failed() {
		t.FailNow()
	}
	if err := master.make(over); err != nil {
		t.Fatal(err)
	}
	following.Wait()
	if t.Failed() {
		t.FailNow()
	}

	var deeds []deed
	for _, w := range writers {
		deeds = append(deeds, w.deeds...)
	}
	deeds = append(deeds, master.deeds[feedBatons:]...)
	events := subscribers[0].seen
	happened := f.judge(t, events, deeds, begin)
	again, visits := 0, 0
	for i, s := range subscribers {
		if difference := firstDifference(events, s.seen); difference != "" {
			t.Errorf("subscribers 0 and %d were told otherwise: %s", i, difference)
		}
		again, visits = again+s.again, visits+s.visits
	}
	if difference := firstDifference(events, f.pages(t, bob, begin, len(events))); difference != "" {
		t.Errorf("subscriber 0 was told otherwise than who reads the feed by pages: %s", difference)
	}
	if f.retried.Load()+f.unknown.Load() == 0 || visits == 0 {
		t.Errorf("%d requests were sent again, %d given up, subscribers came again %d times: the kills prove little", f.retried.Load(), f.unknown.Load(), visits)
	}
	for _, g := range f.servers {
		g.terminate(t)
	}
	t.Logf("soak: %d changes by %d writers on two servers, kill -9 of one of them %d times: %d requests were sent again and %d given up, of which %d had happened; "+
		"%d subscribers came again %d times, were told %d events again, and saw the same %d, without gaps and in the order of commits; %v in all",
		f.acknowledged.Load()-feedBatons, feedWriters, kills, f.retried.Load(), f.unknown.Load(), happened,
		feedSubscribers, visits, again, len(events), time.Since(f.began).Round(time.Second))
}

// disturb kills the servers in turn, and starts each again, until the writers are over. It returns how often.
func (f *feed) disturb(t *testing.T, changes int, over <-chan struct{}) int {
	t.Helper()
	kills := max(1, changes/changesPerKill)
	for k := range kills {
		if !f.await(t, int64(changes*(k+1)/(kills+1)), over) {
			t.Fatalf("the writers were over before server %d was killed", k)
		}
		i := (k + 1) % len(f.servers)
		f.servers[i].kill(t)
		f.start(t, i)
	}
	return kills
}

// await returns when so many changes were acknowledged, and false if the writers were over before.
func (f *feed) await(t *testing.T, acknowledged int64, over <-chan struct{}) bool {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	late := time.After(time.Hour)
	for f.acknowledged.Load() < acknowledged {
		select {
		case <-over:
			return false
		case <-late:
			t.Fatalf("%d changes were acknowledged, and %d were waited for", f.acknowledged.Load(), acknowledged)
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
	judgeChains(t, events)
	return happened
}

// judgeChains demands that whatever follows from something else comes behind it: a baton is passed on from where it is, and
// what replaces a file replaces the one that was there.
func judgeChains(t *testing.T, events []feedEvent) {
	t.Helper()
	at, files := map[string]string{}, map[string]int64{}
	for i := range feedBatons {
		at[baton(i)] = baton(i) + "/0"
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
