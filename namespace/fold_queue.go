package namespace

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	mostFolds     = 2    // at a time on one server, each with a connection and some 2 MiB
	mostToFold    = 1024 // files that wait for it; the next append to one for which there is no room asks again
	mostUnfolded  = 4096 // files that are remembered because their last fold failed
	foldRetry     = time.Second
	foldRetryMost = 5 * time.Minute
)

// foldQueue folds the ends of files, behind the appends that made them long: whoever appended was answered by then. A file is folded by
// one of a server's goroutines at a time. One whose fold failed is left alone for a while, and for longer each time: while a disk is full each
// append would otherwise try in vain.
type foldQueue struct {
	fold    func(context.Context, key) (folded bool, err error)
	failed  func(inode key, err error, wait time.Duration)
	now     func() time.Time
	ctx     context.Context //nolint:containedctx // ends with the file system, whose goroutines these are
	running sync.WaitGroup

	mu       sync.Mutex
	waiting  []key
	asked    map[key]bool // that wait or are being folded; true: asked for again meanwhile
	workers  int
	closed   bool
	unfolded *lru.Cache[key, unfolded]
}

// unfolded is a file that could not be folded.
type unfolded struct {
	until time.Time
	wait  time.Duration
}

func newFoldQueue(ctx context.Context, fs *FS) *foldQueue {
	q := &foldQueue{fold: fs.fold, now: fs.now, ctx: ctx, asked: map[key]bool{}}
	q.unfolded, _ = lru.New[key, unfolded](mostUnfolded) // which fails for no such number
	q.failed = func(inode key, err error, wait time.Duration) {
		fs.log.WarnContext(ctx, "the appended rows of a file could not be folded; an append after a while tries again",
			"inode", inode.id, "wait", wait, "error", err)
	}
	return q
}

// ask has a file folded soon, if it has grown long.
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

// work folds a part of each file that waits, in turn, until none does.
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

// note remembers what became of a fold.
func (q *foldQueue) note(inode key, err error) {
	if err == nil {
		q.unfolded.Remove(inode)
		return
	}
	u, _ := q.unfolded.Peek(inode)
	u.wait = min(max(2*u.wait, foldRetry), foldRetryMost)
	u.until = q.now().Add(u.wait)
	q.unfolded.Add(inode, u)
	// Of two servers that fold the same rows one is too late, and loses nothing by it.
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
