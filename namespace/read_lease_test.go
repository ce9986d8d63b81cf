package namespace

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/postgres/pgtest"
)

// leasing opens a server whose statements are counted, on connections of its own that others may trace, too.
func leasing(t *testing.T, c Config, others ...pgx.QueryTracer) (*FS, *statements) {
	t.Helper()
	config, s := c.DB.Config(), &statements{}
	config.ConnConfig.Tracer = multitracer.New(append(others, lookTracer{s})...)
	c.Writes = &Writes{}
	c.Writes.Watch(config.ConnConfig)
	var err error
	c.DB, err = pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(c.DB.Close)
	fs, err := Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { fs.Close() })
	return fs, s
}

// lone opens a server that is the only one, counts its statements, and returns the Config to open others with.
func lone(t *testing.T, changes ...func(*Config)) (fs *testFS, s *statements, c Config) {
	t.Helper()
	return loneOver(t, pgtest.New(t), changes...)
}

// loneOver is lone over a given database.
func loneOver(t *testing.T, fresh *pgxpool.Pool, changes ...func(*Config)) (fs *testFS, s *statements, c Config) {
	t.Helper()
	first := newFSOver(t, fresh, func(given *Config) { c = *given })
	must(t, first.Close())
	for _, change := range changes {
		change(&c)
	}
	only, s := leasing(t, c)
	return &testFS{only, first.auth, c.Store}, s, c
}

// takesLease makes fs prove what path says, and take a lease.
func takesLease(t *testing.T, fs *FS, s *Session, path Path) {
	t.Helper()
	eventually(t, "a lease", func() bool {
		_, err := s.Stat(t.Context(), path)
		must(t, err)
		return hasLease(fs)
	})
}

func hasLease(fs *FS) bool {
	fs.hints.mu.Lock()
	defer fs.hints.mu.Unlock()
	return fs.hints.lease.holds()
}

func TestALoneServerDoesNotAsk(t *testing.T) {
	fs, counted, _ := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	err := s.List(t.Context(), at("/d"), func(Status) error { return nil })
	must(t, err)
	takesLease(t, fs.FS, s, at("/d/f"))
	const times = 300
	began := time.Now()
	seen := counted.of(func() {
		for range times {
			_, err := s.Stat(t.Context(), at("/d/f"))
			must(t, err)
			s.get(t, "/d/f")
		}
	})
	// It asks again when a lease is over, and after its own background work.
	if most := int(time.Since(began)/readLeaseTerm)*4 + 10; seen["look"] > most {
		t.Errorf("%d times the database was asked, in %s: %v", seen["look"], time.Since(began), seen)
	}
}

// Whatever a new server changes, a server that had a lease shows at once.
func TestANewServerWaitsForLeases(t *testing.T) {
	fs, _, c := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	for i := range 8 {
		var reading sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		reader := fs.as(t, superuser)
		reading.Go(func() {
			for ctx.Err() == nil {
				_, _ = reader.Stat(t.Context(), at("/d/f"))
			}
		})
		takesLease(t, fs.FS, s, at("/d/f"))
		other, _ := leasing(t, c)
		must(t, other.As(s.p).SetTimes(t.Context(), at("/d/f"), int64(1000*(i+1)), -1))
		status, err := s.Stat(t.Context(), at("/d/f"))
		must(t, err)
		if status.MTime != int64(1000*(i+1)) {
			t.Errorf("round %d: the time is %d", i, status.MTime)
		}
		if hasLease(fs.FS) {
			t.Error("there are two servers, and one has a lease")
		}
		stop()
		reading.Wait()
		must(t, other.Close())
	}
}

// A server that was not seen lately, because its heartbeat stopped or a clock was wrong, may still change something.
func TestAServerThatWasNotSeenIsCounted(t *testing.T) {
	fs, _, c := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	other, _ := leasing(t, c)
	_, err := fs.db.Exec(t.Context(), `UPDATE servers SET seen = now() - interval '6 minutes' WHERE id = $1`, other.server)
	must(t, err)
	for i := range 20 {
		for range 10 {
			must(t, ignore(s.Stat(t.Context(), at("/d/f"))))
		}
		want := int64(1000 * (i + 1))
		must(t, other.As(s.p).SetTimes(t.Context(), at("/d/f"), want, -1))
		status, err := s.Stat(t.Context(), at("/d/f"))
		must(t, err)
		if status.MTime != want || hasLease(fs.FS) {
			t.Fatalf("the time is %d, want %d; lease: %t", status.MTime, want, hasLease(fs.FS))
		}
	}
}

// A listing does not ask for other servers, and so must not report one.
func TestAListingIsNoCompany(t *testing.T) {
	fs, _, _ := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	s.put(t, "/e/f", []byte("content"))
	takesLease(t, fs.FS, s, at("/e"))
	must(t, s.List(t.Context(), at("/e"), func(Status) error { return nil }))
	if fs.hints.company() {
		t.Error("after a listing another server seems to be there")
	}
}

// Whatever this process changes, in whatever way, it shows at once.
func TestAReadLeaseEndsWithWhatIsChangedHere(t *testing.T) {
	fs, _, _ := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	show := func() Status {
		status, err := s.Stat(t.Context(), at("/d/f"))
		must(t, err)
		return status
	}
	for i := range 20 {
		takesLease(t, fs.FS, s, at("/d/f"))
		want := int64(1000 * (i + 1))
		_, err := fs.db.Exec(t.Context(), `UPDATE inodes SET mtime = $1, version = version + 1 WHERE id = $2`, want, show().ID)
		must(t, err)
		if got := show().MTime; got != want {
			t.Fatalf("a statement: %d, want %d", got, want)
		}
		takesLease(t, fs.FS, s, at("/d/f"))
		want++
		must(t, pgx.BeginFunc(t.Context(), fs.db, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE inodes SET mtime = $1, version = version + 1 WHERE id = $2`, want, show().ID)
			return err
		}))
		if got := show().MTime; got != want {
			t.Fatalf("a transaction: %d, want %d", got, want)
		}
		takesLease(t, fs.FS, s, at("/d/f"))
		want++
		b := &pgx.Batch{}
		b.Queue(`SELECT 1`)
		b.Queue(`UPDATE inodes SET mtime = $1, version = version + 1 WHERE id = $2`, want, show().ID)
		must(t, fs.db.SendBatch(t.Context(), b).Close())
		if got := show().MTime; got != want {
			t.Fatalf("a batch: %d, want %d", got, want)
		}
		takesLease(t, fs.FS, s, at("/d/f"))
		s.put(t, "/d/f", pattern(i))
		if got := show().Size; got != int64(len(pattern(i))) {
			t.Fatalf("a mutation: %d bytes, want %d", got, len(pattern(i)))
		}
		takesLease(t, fs.FS, s, at("/d/f"))
		_, err = s.Rename(t.Context(), at("/d/f"), at("/d/g"))
		must(t, err)
		if _, err := s.Stat(t.Context(), at("/d/f")); kindOf(err) != NotExist {
			t.Fatalf("what was renamed: %v", err)
		}
		_, err = s.Rename(t.Context(), at("/d/g"), at("/d/f"))
		must(t, err)
	}
	takesLease(t, fs.FS, s, at("/d/f"))
	changing := fs.hints.lease.writes.begin(t.Context(), true)
	for range 20 {
		show()
		if hasLease(fs.FS) {
			t.Fatal("a lease is taken while something is changing")
		}
	}
	fs.hints.lease.writes.end(changing, nil)
	takesLease(t, fs.FS, s, at("/d/f"))
}

// While a batch is under way, what it touches is looked up: whoever has seen what it made must not be told what was before.
func TestWhatIsUnderWayIsNotProved(t *testing.T) {
	fs, _, _ := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	s.put(t, "/e/f", []byte("content"))
	present := func(path string) bool {
		fs.hints.mu.Lock()
		defer fs.hints.mu.Unlock()
		x := fs.hints.supposeFor(s.p.UserID, s.p.Superuser, at(path), false)
		return x != nil && x.present
	}
	stat := func(path string) bool {
		takesLease(t, fs.FS, s, at("/e/f"))
		_, err := s.Stat(t.Context(), at(path))
		must(t, err)
		return present(path)
	}
	for _, path := range []string{"/d/f", "/d"} {
		eventually(t, path+" is present", func() bool { return stat(path) })
	}
	c, _, ok := fs.hints.guess(s.p.UserID, s.p.Superuser, at("/d/f"))
	if !ok {
		t.Fatal("nothing is known of /d/f")
	}
	tx, err := fs.db.Begin(heralded(t.Context()))
	must(t, err)
	var xid uint64
	must(t, tx.QueryRow(t.Context(), xidSQL).Scan(&xid))
	flight := fs.hints.fly(xid, []*mutation{{effects: &effects{
		left: []entry{{c.parent().key(), "f"}}, visits: []visit{{dir: c.parent().key(), delta: -1}},
	}}})
	hidden := func(while string) {
		t.Helper()
		for _, path := range []string{"/d/f", "/d"} {
			for range 3 {
				if stat(path) {
					t.Errorf("%s: %s is taken for what it was", while, path)
				}
			}
		}
	}
	hidden("under way")
	fs.hints.land(flight) // as if the outcome had not been found out
	hidden("given up")
	must(t, tx.Rollback(t.Context()))
	for _, path := range []string{"/d/f", "/d", "/e/f"} {
		eventually(t, path+" is present again", func() bool { return stat(path) })
	}
	if f := &fs.hints.flying; len(f.entries)+len(f.in)+len(f.dirs) != 0 {
		t.Errorf("nothing is under way, and of %d entries, %d and %d directories it is said so", len(f.entries), len(f.in), len(f.dirs))
	}
}

func TestWhatMayChangeSomething(t *testing.T) {
	w := &Writes{}
	for sql, want := range map[string]bool{
		`SELECT 1`: false, "\n  WITH RECURSIVE walk AS (SELECT 1) SELECT * FROM walk": false, `begin`: false, `ROLLBACK`: false, `rollback to savepoint sp_1`: false,
		`SELECT updated, deleted_at FROM t`: false, `LISTEN events`: false, `SET search_path = x`: false,
		`INSERT INTO t VALUES (1)`: true, `WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone`: true, `update t set a = 1`: true,
		`TRUNCATE t`: true, `DO $$ BEGIN END $$`: true, `CALL p()`: true, `/* a comment */ SELECT 1`: true, ``: true,
	} {
		for range 2 {
			if got := w.mayChange(sql); got != want {
				t.Errorf("%q: %t", sql, got)
			}
		}
	}
	for sql, want := range map[string]bool{`commit`: true, `COMMIT`: true, `COMMIT AND CHAIN`: true, `rollback`: false, `c`: false} {
		if got := commits(sql); got != want {
			t.Errorf("%q commits: %t", sql, got)
		}
	}
	for i := range 2 * mostKinds {
		w.mayChange("SELECT " + strconv.Itoa(i))
	}
	if n := w.known.Load(); n > mostKinds {
		t.Errorf("%d statements are remembered", n)
	}
}

func TestAnEndCountsOnce(t *testing.T) {
	w := &Writes{}
	ctx := w.begin(t.Context(), true)
	w.end(ctx, nil)
	w.end(ctx, nil)
	if _, calm := w.calm(); !calm {
		t.Error("a change has ended, and is under way")
	}
	w.begin(t.Context(), true)
	if _, calm := w.calm(); calm {
		t.Error("a change is under way, and has ended")
	}
}

// A change of which it is not known whether it happened may still happen.
func TestALostChangeIsWaitedFor(t *testing.T) {
	w := &Writes{}
	for _, failed := range []error{nil, &pgconn.PgError{Code: "23505"}, errors.New("conn closed")} {
		ctx := w.begin(t.Context(), true)
		if _, calm := w.calm(); calm {
			t.Error("something is changing, and nobody knows")
		}
		w.end(ctx, failed)
		var refused *pgconn.PgError
		if _, calm := w.calm(); calm != (failed == nil || errors.As(failed, &refused)) {
			t.Errorf("after %v: calm is %t", failed, calm)
		}
	}
	long := time.Now().Add(-lostFor - time.Second)
	w.lost.Store(&long)
	if n, calm := w.calm(); !calm || n != 3 {
		t.Errorf("long afterwards: %d, %t", n, calm)
	}
}
