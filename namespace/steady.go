package namespace

import (
	"context"
	"sync"
	"time"
)

// What is kept for a time is kept by the database's clock. That jumps ahead where a machine was suspended, or its clock set: at once all
// servers look as if nobody had seen them for long, and what they hold, uploads in progress, leases, and a backup's hold on blocks, as if
// it were over. The same is true when the database comes back after it was away from everybody. So for a while after that, nothing is
// given up for its age. By then each living server has been seen again, and a clock that was wrong for a moment may be right.
const (
	jumped      = beatEvery               // a jump is longer
	silent      = deadAfter - 6*beatEvery // for how long this server may not have been seen itself: others that were as silent do not count as dead yet
	steadyAfter = deadAfter
	missingFrom = 3 * beatEvery // a server not seen for this long is missing
	backWithin  = 2 * beatEvery // a living one is seen again within this time of the database's return
)

// steadiness is what a server knows of the database's clock. Its own times are those of the monotonic clock.
type steadiness struct {
	mu     sync.Mutex
	at     time.Time     // before the last look
	read   time.Time     // what the database's clock said then
	beaten time.Time     // before the last heartbeat that succeeded; zero: there was none
	missed time.Duration // longest time between two of them since the last look
	since  time.Time     // when a jump or a silence was last noticed; zero: never
}

// beat notes a heartbeat that succeeded. It was sent at the time sent, maybe as the first after a silence that no look has seen.
func (s *steadiness) beat(sent time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.beaten.IsZero() {
		s.missed = max(s.missed, sent.Sub(s.beaten))
	}
	s.beaten = sent
}

// look notes what the database's clock said when it was asked, between asked and now, and reports whether it is steady. If it has just
// ceased to be, ended is set.
func (s *steadiness) look(asked, now, read time.Time) (steady, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.since.IsZero() || now.Sub(s.since) >= steadyAfter
	if !s.read.IsZero() && read.Sub(s.read) > now.Sub(s.at)+jumped || !s.beaten.IsZero() && max(s.missed, now.Sub(s.beaten)) > silent {
		s.since = now
	}
	s.missed = 0
	if asked.After(s.at) {
		s.at, s.read = asked, read
	}
	steady = s.since.IsZero() || now.Sub(s.since) >= steadyAfter
	return steady, was && !steady
}

// doubt makes the clock count as not steady from now on.
func (s *steadiness) doubt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = time.Now()
}

// missesOthers reports whether another server is missing. A process that has just started does not know whether that one was killed, or
// all were without the database until now.
func (fs *FS) missesOthers(ctx context.Context) (misses bool, err error) {
	return misses, fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM servers WHERE NOT ended AND id <> $1 AND seen < now() - $2::interval)`, fs.server, missingFrom).Scan(&misses)
}

// awaitOthers gives missing servers the time to be seen again, before a command gives up what they hold.
func (fs *FS) awaitOthers(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for began := time.Now(); ; {
		misses, err := fs.missesOthers(ctx)
		if err != nil || !misses || time.Since(began) >= backWithin {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ifSteady returns a step that takes others, which give something up for its age, unless the database's clock is not steady.
func (fs *FS) ifSteady(steps ...func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		var read time.Time
		asked := time.Now()
		if err := fs.db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&read); err != nil {
			return err
		}
		steady, ended := fs.steadiness.look(asked, time.Now(), read)
		if ended {
			fs.log.WarnContext(ctx, "the database's clock has jumped ahead, or the database was away; for a while, nothing is given up for its age", "now", read, "while", steadyAfter)
		}
		if !steady {
			return nil
		}
		return all(ctx, steps...)
	}
}
