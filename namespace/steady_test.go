package namespace

import (
	"sync"
	"testing"
	"time"

	"granary/blocks/mem"
)

// Where a machine wakes up, or its clock is set ahead, nobody has been seen for an hour at once. What the living hold is not given up:
// not the blocks that a backup keeps, nor those that an upload is writing, nor the file that was promised to a client.
func TestNothingIsGivenUpWhereTheClockJumps(t *testing.T) {
	store := mem.New()
	servers := newServers(t, 2, func(c *Config) { c.Store, c.GCGrace = store, 30*time.Minute })
	fs, other := servers[0], servers[1]
	fs.still()
	other.still()
	root, o := fs.as(t, superuser), CreateOptions{Mode: 0o644, Size: -1}
	root.put(t, "/f", pattern(PackMax+1))
	must(t, other.KeepBlocks(t.Context()))
	must(t, ignore(root.Delete(t.Context(), at("/f"), false)))
	must(t, ignore(root.Promise(t.Context(), at("/tmp/f"), o)))
	fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, writer) VALUES (gen_random_uuid(), 0, 0, 'p', $1)`, other.server) // that of an upload
	must(t, fs.Reap(t.Context()))

	fs.exec(t, `UPDATE servers SET seen = seen - interval '1 hour'`)
	fs.exec(t, `UPDATE blocks SET since = since - interval '1 hour'`)
	fs.exec(t, `UPDATE leases SET since = since - interval '1 hour'`)
	fs.steadiness.read = fs.steadiness.read.Add(-time.Hour)
	left := func(when string, want ...int) {
		t.Helper()
		must(t, fs.Reap(t.Context()))
		for i, sql := range []string{
			`SELECT count(*) FROM servers WHERE NOT ended`, `SELECT count(*) FROM blocks WHERE state = 'p'`, `SELECT count(*) FROM blocks WHERE state = 'g'`, `SELECT count(*) FROM leases`,
		} {
			if n := fs.count(t, sql); n != want[i] {
				t.Errorf("%s: %s: %d, want %d", when, sql, n, want[i])
			}
		}
	}
	left("after the jump", 2, 1, 1, 1)
	must(t, fs.beat(t.Context()))
	must(t, other.beat(t.Context()))
	fs.steadiness.since = fs.steadiness.since.Add(-steadyAfter)
	left("later", 2, 1, 1, 0)
	fs.exec(t, `UPDATE servers SET seen = seen - interval '1 hour' WHERE id = $1`, other.server)
	left("when one has not been seen for an hour", 1, 0, 1, 0) // its block is garbage from now on
}

// A server that starts when the database has just come back does not take those for dead that had to do without it as well, nor does a
// command.
func TestNothingIsGivenUpByWhoHasJustStarted(t *testing.T) {
	for name, guest := range map[string]bool{"server": false, "command": true} {
		t.Run(name, func(t *testing.T) {
			var config Config
			fs := newFS(t, func(c *Config) { config = *c })
			fs.still()
			fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, writer) VALUES (gen_random_uuid(), 0, 0, 'p', $1)`, fs.server) // that of an upload
			fs.exec(t, `UPDATE servers SET seen = seen - interval '1 hour'`)
			config.Guest = guest
			other, err := Open(t.Context(), config)
			must(t, err)
			defer other.Close()
			left := func(want int) {
				t.Helper()
				must(t, other.Reap(t.Context()))
				if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'p'`); n != want {
					t.Errorf("%d blocks of uploads, want %d", n, want)
				}
			}
			if guest { // which waits for it
				var beating sync.WaitGroup
				defer beating.Wait()
				beating.Go(func() {
					<-time.After(2 * time.Second)
					if err := fs.beat(t.Context()); err != nil {
						t.Error(err)
					}
				})
				left(1)
				return
			}
			left(1)
			other.steadiness.since = other.steadiness.since.Add(-steadyAfter)
			left(0)
		})
	}
}

func TestAJumpOfTheClock(t *testing.T) {
	began := time.Now()
	for name, c := range map[string]struct {
		passed, read time.Duration // since the first look, by the two clocks
		silent       time.Duration // since the last heartbeat
		back         bool          // whether one came just before the look
		steady       bool
	}{
		"together":          {5 * time.Second, 5 * time.Second, 0, false, true},
		"a little apart":    {5 * time.Second, 14 * time.Second, 0, false, true},
		"a long round":      {time.Hour, time.Hour, 9 * time.Second, false, true},
		"set back":          {5 * time.Second, -time.Hour, 0, false, true},
		"set ahead, asleep": {5 * time.Second, time.Hour, 0, false, false},
		"away for a while":  {time.Minute, time.Minute, time.Minute, false, true},
		"away for long":     {time.Hour, time.Hour, deadAfter, false, false},
		"away, and back":    {time.Hour, time.Hour, deadAfter, true, false},
	} {
		var s steadiness
		s.beat(began)
		if steady, ended := s.look(began, began, began); !steady || ended {
			t.Fatalf("%s: the first look sees a jump", name)
		}
		at := began.Add(c.passed)
		beats := func(from, to time.Time) {
			for ; from.Before(to); from = from.Add(beatEvery) {
				s.beat(from)
			}
			s.beat(to)
		}
		beats(began, at.Add(-c.silent))
		if c.back {
			s.beat(at)
		}
		if got, ended := s.look(at, at, began.Add(c.read)); got != c.steady || ended == c.steady {
			t.Errorf("%s: steady is %t, ended %t", name, got, ended)
		}
		s.beat(at)
		for _, more := range []time.Duration{time.Second, steadyAfter - time.Second, steadyAfter + time.Second} {
			beats(at, at.Add(more))
			if got, ended := s.look(at.Add(more), at.Add(more), began.Add(c.read+more)); got != (c.steady || more >= steadyAfter) || ended {
				t.Errorf("%s: %s later steady is %t, ended %t", name, more, got, ended)
			}
		}
	}
}
