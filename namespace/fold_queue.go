package namespace

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	mostFolds     = 2    // folds at a time on one server, each with a connection and some 2 MiB
	mostToFold    = 1024 // files that wait to be folded; if there is no room for one, its next append asks again
	mostUnfolded  = 4096 // files that are remembered because their last fold failed
	foldRetry     = time.Second
	foldRetryMost = 5 * time.Minute
)

// foldQueue folds the ends of files after the appends to them have been answered. On a server, only one goroutine at a time folds a
// given file. After a failure the file is left alone for a while, which gets longer each time: otherwise each append would try in vain
// while a disk is full.
type foldQueue struct {
	fold    func(context.Context, key) (folded bool, err error)
	failed  func(inode key, err error, wait time.Duration)
	now     func() time.Time
	ctx     context.Context //nolint:containedctx // ends with the file system, whose goroutines these are
	running sync.WaitGroup

	mu       sync.Mutex
	waiting  []key
	asked    map[key]bool // files that wait or are being folded; true: asked for again meanwhile
	workers  int
	closed   bool
	unfolded *lru.Cache[key, unfolded]
}

// unfolded says how long a file that could not be folded is left alone.
type unfolded struct {
	until time.Time
	wait  time.Duration
}

func newFoldQueue(ctx context.Context, fs *FS) *foldQueue {
	q := &foldQueue{fold: fs.fold, now: fs.now, ctx: ctx, asked: map[key]bool{}}
	q.unfolded, _ = lru.New[key, unfolded](mostUnfolded) // fails only for numbers that are not positive
	q.failed = func(inode key, err error, wait time.Duration) {
		fs.log.WarnContext(ctx, "the appended rows of a file could not be folded; an append after a while tries again",
			"inode", inode.id, "wait", wait, "error", err)
	}
	return q
}

// ask queues a file to be folded soon, if its end is long enough.
func (q *foldQueue) ask(inode key) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if _, already := q.asked[inode]; already {
		q.asked[inode] = true
		return
	}
	if u, failed := q.unfolded.Peek(inode); len(q.waiting) >= mostToFold || failed && q.now().Before(u.until) {
		return
	}
	q.asked[inode] = false
	q.waiting = append(q.waiting, inode)
	if q.workers < mostFolds {
		q.workers++
		q.running.Add(1)
		go q.work()
	}
}

// work folds a part of each waiting file, in turn, until none waits.
func (q *foldQueue) work() {
	defer q.running.Done()
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) > 0 && q.ctx.Err() == nil {
		inode := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		folded, err := q.foldOnce(inode)
		q.mu.Lock()
		if again := q.asked[inode]; err == nil && (folded || again) {
			q.asked[inode] = false
			q.waiting = append(q.waiting, inode)
		} else {
			delete(q.asked, inode)
		}
		q.note(inode, err)
	}
	q.workers--
}

func (q *foldQueue) foldOnce(inode key) (folded bool, err error) {
	ctx, cancel := context.WithTimeout(q.ctx, commitTimeout)
	defer cancel()
	err = sound(func() error {
		folded, err = q.fold(ctx, inode)
		return err
	})
	return folded, err
}

// note remembers the outcome of a fold.
func (q *foldQueue) note(inode key, err error) {
	if err == nil {
		q.unfolded.Remove(inode)
		return
	}
	u, _ := q.unfolded.Peek(inode)
	u.wait = min(max(2*u.wait, foldRetry), foldRetryMost)
	u.until = q.now().Add(u.wait)
	q.unfolded.Add(inode, u)
	// If two servers fold the same rows, one is too late, which is no failure.
	if !errors.Is(err, errStale) && q.ctx.Err() == nil {
		q.failed(inode, err, u.wait)
	}
}

// close waits for the folds, after the context that they run in has ended.
func (q *foldQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.running.Wait()
}
