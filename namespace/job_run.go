package namespace

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"granary/auth"
)

const (
	jobsEvery     = time.Second      // how often a server looks for jobs, unless the lease limit is shorter
	jobWatch      = time.Second      // how often it records the progress of one, and notices that it was cancelled
	jobCredential = time.Minute      // how often it checks the credential of one
	jobGrace      = 10 * time.Second // to record how a job ended when the server stops
)

// jobs is what a server does in the background.
type jobs struct {
	limits JobLimits
	atOnce int           // stagedAtOnce; tests make less
	wake   chan struct{} // makes the server look for jobs at once
	mu     sync.Mutex
	own    map[uuid.UUID]bool // jobs that run here
	done   sync.WaitGroup

	// reached is called after each step of a job; tests stop a server there.
	reached func(ctx context.Context, id uuid.UUID)
}

func newJobs(l JobLimits) jobs {
	l.complete()
	return jobs{limits: l, atOnce: stagedAtOnce, wake: make(chan struct{}, 1), own: map[uuid.UUID]bool{}, reached: func(context.Context, uuid.UUID) {}}
}

// awake has the server look for jobs at once.
func (j *jobs) awake() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// running lists the jobs that run here.
func (j *jobs) running() []uuid.UUID {
	j.mu.Lock()
	defer j.mu.Unlock()
	ids := make([]uuid.UUID, 0, len(j.own))
	for id := range j.own {
		ids = append(ids, id)
	}
	return ids
}

// runJobs runs jobs until ctx ends, and then releases those that are in progress.
func (fs *FS) runJobs(ctx context.Context) {
	defer fs.jobs.done.Wait()
	tick := time.NewTicker(min(jobsEvery, fs.leaseLimit))
	defer tick.Stop()
	for {
		if err := fs.beginJobs(ctx); err != nil && ctx.Err() == nil {
			fs.log.WarnContext(ctx, "no look for jobs was possible; it will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-fs.jobs.wake:
		}
	}
}

// beginJobs takes as many jobs as there is room for.
func (fs *FS) beginJobs(ctx context.Context) error {
	for {
		running := fs.jobs.running()
		if len(running) >= fs.jobs.limits.Running {
			return nil
		}
		c, err := fs.claimJob(ctx, running)
		if err != nil || c == nil {
			return err
		}
		fs.jobs.mu.Lock()
		fs.jobs.own[c.ID] = true
		fs.jobs.mu.Unlock()
		fs.jobs.done.Go(func() {
			fs.runJob(ctx, c)
			fs.jobs.mu.Lock()
			delete(fs.jobs.own, c.ID)
			fs.jobs.mu.Unlock()
			fs.jobs.awake() // there is room for another
		})
	}
}

// runJob runs c to its end, and records how it ended. If it cannot, since the database is away, another attempt is made
// later.
func (fs *FS) runJob(ctx context.Context, c *claimed) {
	err := fs.tryJob(ctx, c)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobGrace)
	defer cancel()
	var kind Kind
	if err != nil {
		kind = KindOf(err)
	}
	switch {
	case err == nil, errors.Is(err, errFenced):
		return
	case ctx.Err() != nil:
		err = c.release(ending)
	case StoreAway(err):
		fs.log.WarnContext(ctx, "a job waits for the block store", "job", c.ID, "error", err)
		err = c.await(ending, err)
	case kind == Unavailable || kind == Conflict || kind == NoSpace || conflicting(err):
		fs.log.WarnContext(ctx, "a job was interrupted", "job", c.ID, "error", err)
		again, failed := c.retry(ending, err)
		if failed == nil && !again {
			failed = c.fail(ending, err)
		}
		err = failed
	default:
		if kind == Internal {
			fs.log.ErrorContext(ctx, "a job failed", "job", c.ID, "error", err)
		}
		err = c.fail(ending, err)
	}
	if err != nil {
		fs.log.WarnContext(ctx, "how a job ended could not be written down; it will be tried again", "job", c.ID, "error", err)
	}
}

// run is an attempt at a job on this server.
type run struct {
	*claimed
	fs      *FS
	s       *Session     // of the user who started it
	files   atomic.Int64 // packed in this attempt
	content atomic.Int64 // bytes that were read

	// paths is the length in bytes of the paths of what was found, and dirPaths that of directories.
	paths, dirPaths int64
}

// tryJob makes one attempt at c, and watches it meanwhile.
func (fs *FS) tryJob(ctx context.Context, c *claimed) error {
	r := &run{claimed: c, fs: fs, s: c.session}
	op := string(c.Kind)
	if c.attempts > jobAttempts {
		return c.session.dress(op, c.Target, fail(IO, "The job was begun %d times without getting further, and each time the server stopped before it was done", jobAttempts))
	}
	p, err := fs.refresh(ctx, r.s.p)
	if err != nil {
		return refusedCredential(op, c.Target, err)
	}
	if err := c.proxyStands(ctx); err != nil {
		return c.session.dress(op, c.Target, err)
	}
	r.s.p = p
	doing, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { r.watch(doing, cancel, p) })
	err = sound(func() error {
		switch c.Kind {
		case JobCopy:
			return r.copy(doing)
		case JobZip:
			return r.zip(doing)
		default:
			return r.unzip(doing)
		}
	})
	if cause := context.Cause(doing); cause != nil && err != nil && ctx.Err() == nil {
		err = cause
	}
	cancel(nil)
	watching.Wait()
	return r.s.dress(op, c.Target, err)
}

// sound calls do and returns a panic in it as an error. What runs beside its caller must not end the server, or leave those who wait
// for it waiting; a job that panicked would also end the next server that takes it.
func sound(do func() error) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("panic: %v\n%s", caught, debug.Stack())
		}
	}()
	return do()
}

// watch records the progress of r until ctx ends, and ends ctx if the job is over, or its credential is no longer valid.
func (r *run) watch(ctx context.Context, end context.CancelCauseFunc, p auth.Principal) {
	tick := time.NewTicker(jobWatch)
	defer tick.Stop()
	asked := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.tell(ctx, r.files.Load(), r.content.Load()); errors.Is(err, errFenced) {
			end(err)
			return
		}
		if time.Since(asked) < jobCredential {
			continue
		}
		asked = time.Now()
		if _, err := r.fs.refresh(ctx, p); err != nil && auth.KindOf(err) != auth.Unavailable && ctx.Err() == nil {
			end(refusedCredential(string(r.Kind), r.Target, err))
			return
		}
		if err := r.proxyStands(ctx); KindOf(err) == AccessControl {
			end(err)
			return
		}
	}
}

// refusedCredential is the failure of a job whose principal may no longer act.
func refusedCredential(op string, target Path, err error) error {
	var e *auth.Error
	if !errors.As(err, &e) || e.Kind == auth.Unavailable || e.Kind == auth.Internal {
		return dress(op, target, err)
	}
	return &Error{Op: op, Path: target.String(), Kind: AccessControl, Msg: "The credential that the job was started with is good no more: " + e.Msg, Err: err}
}

// step runs after each piece of work that was committed.
func (r *run) step(ctx context.Context) { r.fs.jobs.reached(ctx, r.ID) }
