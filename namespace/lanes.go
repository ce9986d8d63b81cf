package namespace

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Bounds of lookups that go together.
const (
	lookupLanes    = 1                      // statements at a time
	lookupBatch    = 128                    // lookups in one statement
	lookupContents = 64                     // of these, how many with content: 2 MiB of it
	lookupRows     = 2048                   // rows compared in one statement, from which on it takes no more lookups, see commitBatchRows
	lookupTimeout  = 30 * time.Second       // of a statement, like that of commits
	lookupGather   = 150 * time.Microsecond // how long a lane waits for callers at most
	lookupEnough   = 16                     // callers that are enough not to wait for more
	lanePatience   = 25 * time.Millisecond  // after which a lane counts as stuck, and another takes its place
	leadPatience   = 20 * time.Millisecond  // how long a statement may outlive its only caller
	mostLanes      = 8                      // stuck ones included; each has a connection
)

// lanes combines lookups that wait at the same time into one statement. A lookup that finds no others is run alone and at once; while
// all lanes are at work, others gather, and after a batch of several, a lane waits for the same callers to return.
type lanes struct {
	db     *pgxpool.Pool
	lease  *readLease // asked for with each statement
	number int        // of lanes that are not stuck
	batch  int
	// patience and timeout are lanePatience and lookupTimeout; tests have less.
	patience, timeout time.Duration
	ctx               context.Context //nolint:containedctx // ends with the file system, and ends the lanes' statements
	stop              context.CancelFunc
	done              sync.WaitGroup

	mu        sync.Mutex
	waiting   []*lookup
	gathering gathering
	busy      int // lanes at work
	stuck     int // of these, those whose statement takes too long
}

// lookup is a supposition that somebody waits for.
type lookup struct {
	*supposition
	ctx    context.Context //nolint:containedctx // of the caller
	told   chan struct{}   // closed when answer or err is set; nil: the caller asks itself
	answer *answer
	err    error
}

// newLanes makes lanes that ask on connections of db.
func newLanes(ctx context.Context, db *pgxpool.Pool, number, batch int) *lanes {
	if number == 0 {
		number = lookupLanes
	}
	if batch == 0 {
		batch = lookupBatch
	}
	l := &lanes{db: db, lease: &readLease{}, number: number, batch: batch, patience: lanePatience, timeout: lookupTimeout}
	l.gathering = gathering{most: lookupGather, enough: min(lookupEnough, batch)}
	l.ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

// close ends the lanes' statements, and waits for the lanes.
func (l *lanes) close() {
	l.mu.Lock() // so that nobody who was let in has yet to begin
	l.stop()
	l.mu.Unlock()
	l.done.Wait()
}

// ask compares x with the database, in a snapshot that is taken after the call. It ends with ctx, or when the statement has
// taken too long.
func (l *lanes) ask(ctx context.Context, x *supposition) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &lookup{supposition: x, ctx: ctx}
	l.mu.Lock()
	if l.ctx.Err() != nil {
		l.mu.Unlock()
		return nil, errStopping()
	}
	if len(l.waiting) == 0 && l.busy == 0 && l.gathering.alone() {
		return l.lead(w)
	}
	w.told = make(chan struct{})
	l.waiting = append(l.waiting, w)
	l.gathering.came(len(l.waiting))
	l.start()
	l.mu.Unlock()
	select {
	case <-w.told:
		return w.answer, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lead asks for w alone, in the caller's goroutine, so that no other goroutine has to wake up before or after the statement. It is called
// with l.mu held, and returns without it. When the caller leaves, the statement is given leadPatience to finish, since giving a
// statement up costs its connection.
func (l *lanes) lead(w *lookup) (*answer, error) {
	l.busy++
	l.done.Add(1)
	defer l.done.Done()
	l.mu.Unlock()
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	defer cancel()
	leave := context.AfterFunc(w.ctx, func() { time.AfterFunc(leadPatience, cancel) })
	l.serve(ctx, []*lookup{w})
	leave()
	l.mu.Lock()
	l.busy--
	l.start()
	l.mu.Unlock()
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	return w.answer, w.err
}

// start puts a lane to work if there is something to do, and one is free.
func (l *lanes) start() {
	if len(l.waiting) > 0 && l.busy-l.stuck < l.number && l.busy < mostLanes {
		l.busy++
		l.done.Go(l.work)
	}
}

// work runs a lane until nothing waits.
func (l *lanes) work() {
	for {
		l.mu.Lock()
		var batch []*lookup
		if l.busy-l.stuck <= l.number { // else this lane was stuck, and another has taken its place
			l.gathering.wait(&l.mu, len(l.waiting))
			batch = l.take()
		}
		if len(batch) == 0 {
			l.busy--
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.serve(context.WithoutCancel(batch[0].ctx), batch)
	}
}

// take takes the waiting lookups, up to the bounds of one statement, and drops those whose callers have left.
func (l *lanes) take() (batch []*lookup) {
	contents, rows, n := 0, 0, 0
	for _, w := range l.waiting {
		if len(batch) == l.batch || contents == lookupContents || rows >= lookupRows {
			break
		}
		n++
		if w.ctx.Err() != nil {
			continue
		}
		if batch = append(batch, w); w.want || w.fetch {
			contents++
		}
		rows += len(w.hops) + len(w.targets) + len(w.rulings)
	}
	l.waiting = slices.Delete(l.waiting, 0, n)
	return batch
}

// serve asks for a batch and tells its callers. One that leaves does not end the statement for the others.
func (l *lanes) serve(ctx context.Context, batch []*lookup) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	stuck, ended := false, false
	patience := time.AfterFunc(l.patience, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !ended {
			stuck = true
			l.stuck++
			l.start()
		}
	})
	var a *answer
	err := sound(func() (err error) {
		q, term := &inquiry{leaser: l.lease.server}, l.lease.ask()
		for _, w := range batch {
			q.add(w.supposition)
		}
		if a, err = q.ask(ctx, l.db, batch[0].server); err == nil {
			a.term = term
		}
		return err
	})
	patience.Stop()
	l.mu.Lock()
	if ended = true; stuck {
		l.stuck--
	}
	l.gathering.served(len(batch), len(l.waiting))
	l.mu.Unlock()
	for _, w := range batch {
		if w.answer, w.err = a, err; w.told != nil {
			close(w.told)
		}
	}
}
