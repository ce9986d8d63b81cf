package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// saboteur is a tracer that breaks the connection of the n-th statement before that is sent. The server rolls back the
// transaction of a connection that was broken so.
type saboteur struct {
	countdown atomic.Int64 // 0: does nothing
}

func (s *saboteur) strike(ctx context.Context, conn *pgx.Conn) context.Context {
	if s.countdown.Load() > 0 && s.countdown.Add(-1) == 0 {
		conn.PgConn().Conn().Close()
	}
	return ctx
}

func (s *saboteur) TraceQueryStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return s.strike(ctx, conn)
}

func (s *saboteur) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *saboteur) TraceBatchStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return s.strike(ctx, conn)
}

func (s *saboteur) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (s *saboteur) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// sabotaged returns a file system whose statements s may break.
func sabotaged(t *testing.T, s *saboteur, change ...func(*Config)) *testFS {
	t.Helper()
	return newFS(t, append(change, func(c *Config) {
		config := c.DB.Config()
		config.ConnConfig.Tracer = s
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		c.DB = pool
	})...)
}

// Whichever statement of an operation fails, the operation happens completely or not at all, and the caller knows which.
func TestOperationsSurviveEveryLostStatement(t *testing.T) {
	t.Parallel()
	large, file, dir := pattern(InlineMax+10), path(t, "/tmp/f"), path(t, "/tmp/d")
	creating := func(content []byte) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			_, err := s.Create(ctx, file, CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, bytes.NewReader(content))
			return err
		}
	}
	appending := func(content []byte) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error { return s.Append(ctx, file, -1, bytes.NewReader(content)) }
	}
	for _, tt := range []struct {
		name  string
		do    func(context.Context, *Session) error
		after map[string]string // content of the files below /tmp
	}{
		{"overwrite", creating([]byte("new")), map[string]string{"f": "new", "d/f": "below"}},
		{"overwrite with blocks", creating(large), map[string]string{"f": string(large), "d/f": "below"}},
		{"append", appending([]byte(" more")), map[string]string{"f": "before more", "d/f": "below"}},
		{"append blocks", appending(large), map[string]string{"f": "before" + string(large), "d/f": "below"}},
		{"rename", func(ctx context.Context, s *Session) error {
			_, err := s.Rename(ctx, dir, path(t, "/tmp/e"))
			return err
		}, map[string]string{"f": "before", "e/f": "below"}},
		{"delete", func(ctx context.Context, s *Session) error {
			_, err := s.Delete(ctx, dir, true)
			return err
		}, map[string]string{"f": "before"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &saboteur{}
			fs := sabotaged(t, s)
			before := map[string]string{"f": "before", "d/f": "below"}
			lost := 0
			for n := 1; ; n++ {
				session := fs.as(t, superuser)
				for _, name := range []string{"/tmp/d", "/tmp/e"} {
					if _, err := session.Delete(t.Context(), path(t, name), true); err != nil {
						t.Fatal(err)
					}
				}
				for name, content := range before {
					session.put(t, "/tmp/"+name, []byte(content))
				}
				fs.folded() // so that the statements of folds are not counted
				s.countdown.Store(int64(n))
				err := tt.do(t.Context(), session)
				fs.folded()
				struck := s.countdown.Swap(0) <= 0
				want := tt.after
				if err != nil {
					want = before
					if kindOf(err) != Unavailable {
						t.Errorf("statement %d lost: %v (%s), want unavailable", n, err, kindOf(err))
					}
				}
				if got := files(t, session, path(t, "/tmp"), ""); !maps.Equal(got, want) {
					t.Fatalf("statement %d lost, answer %v: the files are %q, want %q", n, err, got, want)
				}
				if !struck {
					break
				}
				lost++
			}
			if lost == 0 {
				t.Error("no statement was lost")
			}
			if err := fs.Reap(t.Context()); err != nil {
				t.Fatal(err)
			}
			if report := fs.clean(t); report.Orphans != 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// Whichever statement of a writer fails, its lease ends with the next round of the reaper, though its server lives on.
func TestNoLeaseOutlivesALostStatement(t *testing.T) {
	t.Parallel()
	s := &saboteur{}
	fs := sabotaged(t, s)
	file := path(t, "/tmp/f")
	for name, write := range map[string]func(*Session, CreateOptions) error{
		"keep a promise": func(session *Session, o CreateOptions) error {
			_, err := session.Create(t.Context(), file, o, bytes.NewReader(pattern(InlineMax+1)))
			return err
		},
		"append": func(session *Session, _ CreateOptions) error {
			return session.Append(t.Context(), path(t, "/tmp/g"), -1, bytes.NewReader(pattern(InlineMax+1)))
		},
		"break an append": func(session *Session, _ CreateOptions) error {
			return session.Append(t.Context(), path(t, "/tmp/g"), -1, cut(InlineMax+1, io.ErrUnexpectedEOF))
		},
		"break a promise": func(session *Session, o CreateOptions) error {
			_, err := session.Create(t.Context(), file, o, cut(InlineMax+1, io.ErrUnexpectedEOF))
			return err
		},
	} {
		for n, struck := 1, true; struck; n++ {
			session := fs.as(t, superuser)
			session.put(t, "/tmp/g", []byte("before"))
			if _, err := session.Delete(t.Context(), file, false); err != nil {
				t.Fatal(err)
			}
			o := CreateOptions{Mode: 0o644, Size: -1}
			var err error
			if o.Lease, err = session.Promise(t.Context(), file, o); err != nil {
				t.Fatal(err)
			}
			fs.folded() // so that the statements of folds are not counted
			s.countdown.Store(int64(n))
			err = write(session, o)
			fs.folded()
			struck = s.countdown.Swap(0) <= 0
			// A lease of a request that has ended blocks nobody, even before the reaper finds it.
			if err := session.Append(t.Context(), path(t, "/tmp/g"), 1, strings.NewReader("x")); err != nil {
				t.Fatalf("%s: statement %d lost: then a short append: %v", name, n, err)
			}
			fs.exec(t, `UPDATE leases SET since = since - interval '61 s'`) // so that promises that nobody claimed are over
			if err := fs.Reap(t.Context()); err != nil {
				t.Fatal(err)
			}
			if fs.noLeases(t); t.Failed() {
				t.Fatalf("%s: statement %d lost, answer %v", name, n, err)
			}
			if _, there := files(t, session, path(t, "/tmp"), "")["f"]; there != (name == "keep a promise" && err == nil) {
				t.Fatalf("%s: statement %d lost, answer %v: is the file there? %v", name, n, err, there)
			}
		}
	}
	fs.clean(t)
}

// files returns the content of all files below dir by their paths from there.
func files(t *testing.T, s *Session, dir Path, prefix string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.List(t.Context(), dir, func(e Status) error {
		if e.Dir {
			maps.Copy(all, files(t, s, dir.Join(e.Name), prefix+e.Name+"/"))
		} else {
			all[prefix+e.Name] = string(s.get(t, dir.Join(e.Name).String()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whichever call of the block store fails, the file is unchanged, and nothing is left in the store.
func TestCreateSurvivesEveryFailureOfTheStore(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault func(call int) blockstest.Fault
		kind  Kind
	}{
		{"full", func(call int) blockstest.Fault { return blockstest.Fail(blockstest.OpPut, call, syscall.ENOSPC) }, NoSpace},
		{"broken", func(call int) blockstest.Fault { return blockstest.Fail(blockstest.OpPut, call, syscall.EIO) }, Internal},
		{"no reply", func(call int) blockstest.Fault { return blockstest.FailAfter(blockstest.OpPut, call, syscall.EIO) }, Internal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const before = "before"
			store := mem.New()
			// Of a file of three blocks, the second one fails in the first attempt, and the third one in the second.
			faulty := blockstest.Faulty(store, tt.fault(2), tt.fault(5))
			fs := newFS(t, func(c *Config) { c.Store = faulty })
			s := fs.as(t, superuser)
			s.put(t, "/tmp/f", []byte(before))
			for range 2 {
				content := io.LimitReader(zeros{}, 2*maxBlock+10)
				_, err := s.Create(t.Context(), path(t, "/tmp/f"), CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, content)
				if kindOf(err) != tt.kind {
					t.Fatalf("%v (%s), want %s", err, kindOf(err), tt.kind)
				}
			}
			if got := s.get(t, "/tmp/f"); string(got) != before {
				t.Errorf("%d other bytes are there", len(got))
			}
			if err := fs.Reap(t.Context()); err != nil {
				t.Fatal(err)
			}
			if report := fs.clean(t); report.Garbage != 0 || report.Orphans != 0 || stored(t, store) != 0 {
				t.Errorf("%+v and %d blocks are left", report, stored(t, store))
			}
		})
	}
}

// zeros yields zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func stored(t *testing.T, store blocks.Store) int {
	t.Helper()
	n := 0
	for _, err := range store.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// cut yields n bytes and fails.
func cut(n int, err error) io.Reader {
	return io.MultiReader(bytes.NewReader(pattern(n)), failing{err})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestABodyThatIsNotWhatWasAnnouncedIsNotWritten(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	s := fs.as(t, superuser)
	s.put(t, "/tmp/old", []byte("old"))
	gone := errors.New("connection reset by peer")
	type faulty struct {
		name string
		size int64
		body io.Reader
		msg  string
	}
	var all []faulty
	for _, large := range []int{InlineMax + 1000, PackMax + 1000} {
		all = append(all, []faulty{
			{"ends early, short", -1, cut(10, io.ErrUnexpectedEOF), "The content ended before it was complete; nothing was written"},
			{fmt.Sprint("ends early, long ", large), -1, cut(large, io.ErrUnexpectedEOF), "The content ended before it was complete; nothing was written"},
			{"ends early at the border", -1, cut(InlineMax, io.ErrUnexpectedEOF), "The content ended before it was complete; nothing was written"},
			{"breaks, short", 100, cut(10, gone), "The content ended before it was complete; nothing was written"},
			{"breaks, long", int64(large) * 2, cut(large, gone), "The content ended before it was complete; nothing was written"},
			{"too few, short", 11, bytes.NewReader(pattern(10)), "The content has 10 bytes and 11 were announced; nothing was written"},
			{"too many, short", 9, bytes.NewReader(pattern(10)), "The content has 10 bytes and 9 were announced; nothing was written"},
			{"none", 1, bytes.NewReader(nil), "The content has 0 bytes and 1 were announced; nothing was written"},
			{"too few, long", int64(large) + 1, bytes.NewReader(pattern(large)), fmt.Sprintf("The content has %d bytes and %d were announced; nothing was written", large, large+1)},
			{"too many, long", int64(large) - 1, bytes.NewReader(pattern(large)), fmt.Sprintf("The content goes on after the %d bytes that were announced; nothing was written", large-1)},
		}...)
	}
	for _, tt := range all {
		body, err := io.ReadAll(tt.body)
		again := func() io.Reader {
			if err != nil {
				return io.MultiReader(bytes.NewReader(body), failing{err})
			}
			return bytes.NewReader(body)
		}
		check := func(op string, err error) {
			t.Helper()
			var e *Error
			if !errors.As(err, &e) || e.Kind != IO || e.Msg != tt.msg {
				t.Errorf("%s, %s: %v, want %q", tt.name, op, err, tt.msg)
			}
		}
		_, err2 := s.Create(t.Context(), path(t, "/tmp/new/f"), CreateOptions{CreateParent: true, Mode: 0o644, Size: tt.size}, again())
		check("create", err2)
		_, err2 = s.Create(t.Context(), path(t, "/tmp/old"), CreateOptions{Overwrite: true, Mode: 0o644, Size: tt.size}, again())
		check("overwrite", err2)
		check("append", s.Append(t.Context(), path(t, "/tmp/old"), tt.size, again()))
	}
	if _, err := s.Stat(t.Context(), path(t, "/tmp/new")); kindOf(err) != NotExist {
		t.Errorf("a directory was left: %v", err)
	}
	if got := s.get(t, "/tmp/old"); string(got) != "old" {
		t.Errorf("the old file has %d bytes", len(got))
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := stored(t, store); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
	fs.clean(t)
}

// A caller who goes away leaves nothing half done.
func TestACallerWhoLeavesLeavesNothing(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	s := fs.as(t, superuser)
	ctx, leave := context.WithCancel(t.Context())
	body := io.MultiReader(bytes.NewReader(pattern(InlineMax+5)), readerFunc(func([]byte) (int, error) {
		leave()
		return 0, io.ErrUnexpectedEOF
	}))
	if _, err := s.Create(ctx, path(t, "/tmp/f"), CreateOptions{Mode: 0o644, Size: -1}, body); err == nil {
		t.Fatal("half a body was taken")
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report := fs.clean(t); report.Files != 0 || report.Garbage != 0 || stored(t, store) != 0 {
		t.Errorf("%+v and %d blocks are left", report, stored(t, store))
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestClosedConnectionsAreUnavailable: what was sent behind the statement at which a connection ended fails with another error than that one.
func TestClosedConnectionsAreUnavailable(t *testing.T) {
	fs := newFS(t)
	conn, err := fs.db.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	sent := conn.Conn().PgConn().StartPipeline(t.Context())
	for _, sql := range []string{`SELECT pg_terminate_backend(pg_backend_pid())`, `SELECT 1`} {
		sent.SendQueryParams(sql, nil, nil, nil, nil)
		must(t, sent.Sync())
	}
	for range 2 {
		answer, err := sent.GetResults()
		if rows, ok := answer.(*pgconn.ResultReader); ok {
			_, err = rows.Close()
		}
		if err == nil || !unavailable(err) {
			t.Errorf("got %v, want what counts as unavailable", err)
		}
	}
	if err := sent.Close(); err != nil && !unavailable(err) {
		t.Errorf("closing: %v, want what counts as unavailable", err)
	}
}
