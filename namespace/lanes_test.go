package namespace

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// gate stands between lanes and the database. Connections that want to write while it is closed wait.
type gate struct {
	mu     sync.Mutex
	opened chan struct{}
	one    bool // closes for the first connection alone
	held   int  // connections that wait
	cut    bool // connections break instead
}

func newGate() *gate {
	g := &gate{opened: make(chan struct{})}
	close(g.opened)
	return g
}

// shut closes the gate, for the first connection that comes or for all.
func (g *gate) shut(one bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened, g.one = make(chan struct{}), one
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.opened)
}

// next lets the connections pass that wait now, and none after them.
func (g *gate) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.opened)
	g.opened = make(chan struct{})
}

// holds returns how many connections wait.
func (g *gate) holds() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}

// pass waits until the gate is open.
func (g *gate) pass(interrupted <-chan struct{}) error {
	g.mu.Lock()
	opened := g.opened
	if g.cut {
		g.mu.Unlock()
		return errCut
	}
	if g.one && g.held > 0 {
		g.mu.Unlock()
		return nil
	}
	g.held++
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.held--
	}()
	select {
	case <-opened:
		return nil
	case <-interrupted:
		return os.ErrDeadlineExceeded
	}
}

// gated is a connection through a gate.
type gated struct {
	net.Conn
	*gate
	deadline    sync.Mutex
	interrupted chan struct{}
}

func (c *gated) Write(p []byte) (int, error) {
	c.deadline.Lock()
	interrupted := c.interrupted
	c.deadline.Unlock()
	if err := c.pass(interrupted); err != nil {
		if errors.Is(err, errCut) {
			err = errors.Join(err, c.Conn.Close())
		}
		return 0, err
	}
	return c.Conn.Write(p)
}

// SetDeadline is called by pgx with a time in the past when a context has ended.
func (c *gated) SetDeadline(t time.Time) error {
	c.deadline.Lock()
	select {
	case <-c.interrupted:
		c.interrupted = make(chan struct{})
	default:
	}
	if !t.IsZero() && t.Before(time.Now()) {
		close(c.interrupted)
	}
	c.deadline.Unlock()
	return c.Conn.SetDeadline(t)
}

// throughGate returns a file system whose lanes go through a gate, counts its statements, and makes files that it remembers.
func throughGate(t *testing.T, lanes, batch int) (*testFS, *gate, *statements, []Path) {
	t.Helper()
	fs, g, n := newFS(t), newGate(), &statements{}
	config := fs.db.Config()
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &gated{Conn: conn, gate: g, interrupted: make(chan struct{})}, nil
	}
	config.ConnConfig.Tracer = n
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(pool.Close)
	fs.lanes.close()
	fs.lanes = newLanes(t.Context(), pool, lanes, batch)
	fs.lanes.gathering.most = 0 // the first lookup is sent at once, whatever came before
	s := fs.as(t, superuser)
	var paths []Path
	for i := range 20 {
		paths = append(paths, at(fmt.Sprintf("/d/f%d", i)))
		s.put(t, paths[i].String(), fmt.Append(nil, i))
		_, err := s.Stat(t.Context(), paths[i])
		must(t, err)
	}
	return fs, g, n, paths
}

// eventually waits for what happens elsewhere.
func (l *lanes) eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); ; <-tick.C {
		l.mu.Lock()
		ok := happened()
		l.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(end) {
			t.Fatal("waited in vain: " + what)
		}
	}
}

// gather has each path looked up while the gate is shut, the first in a statement of its own, and returns once all wait.
func gather(t *testing.T, fs *testFS, paths []Path, look func(i int, path Path)) *sync.WaitGroup {
	t.Helper()
	fs.lanes.eventually(t, "lanes rest", func() bool { return fs.lanes.busy == 0 })
	fs.hints.mu.Lock()
	fs.hints.turn() // or what is proved might have to be asked again
	fs.hints.mu.Unlock()
	var wg sync.WaitGroup
	for i, path := range paths {
		wg.Go(func() { look(i, path) })
		fs.lanes.eventually(t, "the lookup begins", func() bool { return fs.lanes.busy == 1 && len(fs.lanes.waiting) == i })
	}
	return &wg
}

// Lookups that wait go together, as many as allowed, and one that need not wait goes at once.
func TestLookupsThatWaitGoTogether(t *testing.T) {
	for _, tt := range []struct{ batch, statements int }{{1, 20}, {7, 1 + 3}, {0, 2}} {
		t.Run(fmt.Sprint(tt.batch), func(t *testing.T) {
			fs, g, n, paths := throughGate(t, 1, tt.batch)
			fs.lanes.patience = time.Hour
			sizes := make([]int64, len(paths))
			seen := n.of(func() {
				g.shut(false)
				wg := gather(t, fs, paths, func(i int, path Path) {
					status, err := fs.As(fs.steward().p).Stat(t.Context(), path)
					if err != nil {
						t.Error(err)
					}
					sizes[i] = status.Size
				})
				g.open()
				wg.Wait()
			})
			if seen["compare"] != tt.statements || len(seen) != 1 {
				t.Errorf("%v, want %d", seen, tt.statements)
			}
			for i, size := range sizes {
				if size != int64(len(fmt.Sprint(i))) {
					t.Errorf("%s got the answer of another", paths[i])
				}
			}
		})
	}
}

// TestAStatementIsBoundedInRows checks that lookups of long paths share a statement with only a few others.
func TestAStatementIsBoundedInRows(t *testing.T) {
	for _, tt := range []struct{ lookups, names, together int }{
		{100, 5, 100}, {100, lookupRows / 4, 4}, {100, lookupRows/4 + 1, 4}, {3, lookupRows + 1, 1},
	} {
		l := &lanes{batch: lookupBatch}
		for range tt.lookups {
			l.waiting = append(l.waiting, &lookup{supposition: &supposition{proofs: proofs{hops: make([]hop, tt.names)}}, ctx: t.Context()})
		}
		if batch := l.take(); len(batch) != tt.together || len(l.waiting) != tt.lookups-tt.together {
			t.Errorf("of %d lookups of %d names %d go together and %d are left, want %d", tt.lookups, tt.names, len(batch), len(l.waiting), tt.together)
		}
	}
}

// A caller who leaves is gone at once and takes no other along, neither from a statement under way nor from the queue.
func TestLookupsThatAreGivenUpEndAlone(t *testing.T) {
	fs, g, _, paths := throughGate(t, 1, 0)
	fs.lanes.patience = time.Hour
	const first = 1 // of those who wait: the caller for whom the statement of all is sent
	queued := func(i int) bool { return i > 0 && i%2 == 0 }
	fromQueue, leaveQueue := context.WithCancel(t.Context())
	underWay, leaveStatement := context.WithCancel(t.Context())
	errs := make([]error, len(paths))
	left := make(chan int, len(paths))
	g.shut(false)
	wg := gather(t, fs, paths, func(i int, path Path) {
		ctx := t.Context()
		switch {
		case i == first:
			ctx = underWay
		case queued(i):
			ctx = fromQueue
		}
		_, errs[i] = fs.steward().Stat(ctx, path)
		left <- i
	})
	leaveQueue()
	for i := range paths {
		if queued(i) {
			<-left // while the gate is shut
		}
	}
	fs.lanes.eventually(t, "all others are asked for", func() bool {
		if len(fs.lanes.waiting) > 0 && g.holds() > 0 {
			g.next() // lets the first statement through, for which a check of the connection may come first
		}
		return len(fs.lanes.waiting) == 0 && g.holds() == 1
	})
	if i := <-left; i != 0 {
		t.Errorf("lookup %d ended first", i)
	}
	leaveStatement()
	if i := <-left; i != first {
		t.Errorf("lookup %d ended before who left", i)
	}
	g.open()
	wg.Wait()
	for i, err := range errs {
		if leaves := i == first || queued(i); leaves != errors.Is(err, context.Canceled) || !leaves && err != nil {
			t.Errorf("%d, leaving %v: %v", i, leaves, err)
		}
	}
}

// A statement that hangs holds up only those who are in it, for as long as a statement may take.
func TestAStuckLaneHoldsUpNobodyElse(t *testing.T) {
	fs, g, _, paths := throughGate(t, 1, 0)
	fs.lanes.patience, fs.lanes.timeout = 10*time.Millisecond, time.Hour
	g.shut(true)
	var stuck error
	ctx, leave := context.WithCancel(t.Context())
	wg := gather(t, fs, paths[:1], func(_ int, path Path) { _, stuck = fs.steward().Stat(ctx, path) })
	for _, path := range paths[1:] {
		if _, err := fs.steward().Stat(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	leave()
	wg.Wait()
	if !errors.Is(stuck, context.Canceled) {
		t.Error(stuck)
	}
	g.open()
	fs.lanes.eventually(t, "the lanes end", func() bool { return fs.lanes.busy == 0 && fs.lanes.stuck == 0 })
}

// A database that stalls holds up nobody for longer than a statement may take, and is used again when it recovers.
func TestAStalledDatabaseIsGivenUp(t *testing.T) {
	fs, g, _, paths := throughGate(t, 2, 0)
	fs.lanes.patience, fs.lanes.timeout = time.Millisecond, 300*time.Millisecond
	g.shut(false)
	errs := make([]error, len(paths))
	crowd(len(paths), func(i int) { _, errs[i] = fs.steward().Stat(t.Context(), paths[i]) })
	for _, err := range errs {
		if kindOf(err) != Unavailable {
			t.Errorf("while the database stalls: %v", err)
		}
	}
	g.open()
	fs.lanes.timeout = lookupTimeout
	for _, path := range paths {
		if _, err := fs.steward().Stat(t.Context(), path); err != nil {
			t.Error(err)
		}
	}
}

// A connection that breaks fails only those who are in its statement.
func TestABrokenLaneFailsItsBatch(t *testing.T) {
	fs, g, _, paths := throughGate(t, 1, 0)
	fs.lanes.patience = time.Hour
	g.shut(false)
	errs := make([]error, len(paths))
	wg := gather(t, fs, paths, func(i int, path Path) { _, errs[i] = fs.steward().Stat(t.Context(), path) })
	g.mu.Lock()
	g.cut = true
	close(g.opened)
	g.mu.Unlock()
	wg.Wait()
	if n := len(slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return kindOf(err) == Unavailable })); n > 1 { // the first statement had been written
		t.Errorf("%d of %d got through a connection that breaks: %v", n, len(errs), errs)
	}
	g.mu.Lock()
	g.cut = false
	g.mu.Unlock()
	if _, err := fs.steward().Stat(t.Context(), paths[0]); err != nil {
		t.Error(err)
	}
}

// Close ends lookups under way.
func TestCloseEndsLookups(t *testing.T) {
	fs, g, _, paths := throughGate(t, 1, 0)
	g.shut(false)
	var err error
	wg := gather(t, fs, paths[:1], func(_ int, path Path) { _, err = fs.steward().Stat(t.Context(), path) })
	closed := make(chan error)
	go func() { closed <- fs.Close() }()
	wg.Wait()
	if err == nil {
		t.Error("a lookup succeeded without an answer")
	}
	g.open() // or the connection would be given up after 15 seconds only
	must(t, <-closed)
	if _, err := fs.lanes.ask(t.Context(), &supposition{}); kindOf(err) != Unavailable {
		t.Errorf("who comes when they are closed is told %v", err)
	}
	if _, err := fs.steward().Stat(t.Context(), paths[0]); err != nil {
		t.Errorf("after the end, without lanes: %v", err)
	}
}

// Lookups use indexes, whatever statistics the database has.
func TestLookupsUseIndexesWhateverIsKnownOfTables(t *testing.T) {
	fs := newFS(t)
	plans := func(when string) {
		t.Helper()
		for name, sql := range map[string]string{"compare": comparingSQL, "inquire": inquirySQL} {
			q := &inquiry{narrow: true, wide: name == "inquire"}
			plan := (&testFS{FS: &FS{db: fs.byKeys}}).plan(t, sql, q.args(time.Now())...)
			checkPlan(t, when+", "+name, plan)
		}
	}
	plans("fresh")
	fs.exec(t, `ANALYZE`)
	plans("with few rows")
	fs.grow(t)
	plans("with many")
}
