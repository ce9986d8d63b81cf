package namespace

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// line is the wire between a pool and the database, on which the next COMMIT can be lost.
type line struct {
	of   string // a statement that the COMMIT follows; "": the recording of a change of the tree
	mu   sync.Mutex
	lose func(c *wire, commit []byte) error // for the next COMMIT; nil: pass it on
}

// wire is one connection.
type wire struct {
	net.Conn
	line    *line
	kept    bool          // the pool's end is dead, the database's lives on
	records bool          // the transaction under way has the statement that the line waits for
	losing  sync.Mutex    // held while a COMMIT is being lost
	says    []byte        // what the pool reads before the end of the connection
	cut     chan struct{} // closed when the pool stops waiting
	once    sync.Once
}

var errCut = errors.New("the line was cut")

// runs reports whether p runs a prepared statement, as pgx names those.
func runs(p []byte, sql string) bool {
	digest := sha256.Sum256([]byte(sql))
	return bytes.Contains(p, []byte("\x00stmtcache_"+hex.EncodeToString(digest[:24])+"\x00"))
}

// isCommit reports whether p is the simple query "commit", or runs a batch that ends with it, and what it commits is what the line
// waits for, and not a block to come or a pack that was closed.
func (w *wire) isCommit(p []byte) bool {
	w.records = w.records && !bytes.Equal(p, []byte("Q\x00\x00\x00\x0drollback\x00")) || w.line.of != "" && runs(p, w.line.of) ||
		w.line.of == "" && (runs(p, recordManySQL) || runs(p, recordToldSQL) || runs(p, `WITH claimed AS (`+claimOperationSQL+`)`+recordSQL))
	if !bytes.Equal(p, []byte("Q\x00\x00\x00\x0bcommit\x00")) && !runs(p, "COMMIT") {
		return false
	}
	records := w.records
	w.records = false
	return records
}

func (w *wire) Write(p []byte) (int, error) {
	if w.kept {
		return 0, errCut
	}
	commits := w.isCommit(p)
	w.line.mu.Lock()
	lose := w.line.lose
	if commits {
		w.line.lose = nil
	}
	w.line.mu.Unlock()
	if lose != nil && commits {
		w.losing.Lock()
		defer w.losing.Unlock()
		if err := lose(w, p); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return w.Conn.Write(p)
}

// Read waits while a COMMIT is being lost: if that takes long, the pool begins to read, and would get the answer that is to be lost.
func (w *wire) Read(p []byte) (int, error) {
	w.losing.Lock()
	w.losing.Unlock() //nolint:staticcheck // nothing is to be done under the lock
	if w.kept {
		return 0, errCut
	}
	if n := copy(p, w.says); n > 0 {
		w.says = w.says[n:]
		return n, nil
	}
	return w.Conn.Read(p)
}

// SetDeadline is called by the pool with a time that is over to stop waiting.
func (w *wire) SetDeadline(at time.Time) error {
	if !at.IsZero() && at.Before(time.Now()) {
		w.once.Do(func() { close(w.cut) })
	}
	return w.Conn.SetDeadline(at)
}

func (w *wire) Close() error {
	if w.kept {
		return nil
	}
	return w.Conn.Close()
}

// over connects the file system's pool through l.
func (l *line) over(t *testing.T) func(*Config) {
	return func(c *Config) {
		config := c.DB.Config()
		dial := config.ConnConfig.DialFunc
		config.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			return &wire{Conn: conn, line: l, cut: make(chan struct{})}, err
		}
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		c.DB = pool
	}
}

// next arranges for the next COMMIT to get lost.
func (l *line) next(lose func(c *wire, commit []byte) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose = lose
}

// onTheWay loses the COMMIT itself: the transaction is rolled back.
func onTheWay(c *wire, _ []byte) error {
	return errors.Join(errCut, c.Conn.Close())
}

// onTheWayBack loses the answer: the transaction is committed.
func onTheWayBack(c *wire, commit []byte) error {
	if _, err := c.Conn.Write(commit); err != nil {
		return err
	}
	if _, err := c.Conn.Read(make([]byte, 512)); err != nil {
		return err
	}
	return errors.Join(errCut, c.Conn.Close())
}

// inPanic answers as a database does that fails to flush the COMMIT, and finds it when it recovers: the transaction is committed.
func inPanic(c *wire, commit []byte) error {
	if err := onTheWayBack(c, commit); !errors.Is(err, errCut) {
		return err
	}
	c.says = []byte("SPANIC\x00VPANIC\x00C53100\x00Mcould not write to the log\x00\x00")
	c.says = append(binary.BigEndian.AppendUint32([]byte("E"), uint32(len(c.says)+4)), c.says...)
	return nil
}

// A lost COMMIT leaves open whether the transaction happened. In either case the operation happens once.
func TestALostCommitIsSettled(t *testing.T) {
	l := &line{}
	fs := newFS(t, l.over(t))
	s := fs.as(t, superuser)
	large := pattern(InlineMax + 100)
	// late is a COMMIT that arrives when its outcome is being asked about: the question waits for it, or ends the
	// transaction.
	late := func(c *wire, commit []byte) error {
		c.kept, commit = true, bytes.Clone(commit)
		go func() {
			for asked := false; !asked; {
				err := fs.db.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
					AND (wait_event_type = 'Lock' AND query LIKE 'INSERT INTO operations%' OR query LIKE 'SELECT pg_terminate_backend%'))`).Scan(&asked)
				switch {
				case t.Context().Err() != nil: // the outcome was asked about, and answered, in the meantime
					return
				case err != nil:
					t.Error(err)
					return
				}
			}
			_, err := c.Conn.Write(commit)
			if err == nil {
				_, err = c.Conn.Read(make([]byte, 512))
			}
			if err := errors.Join(err, c.Conn.Close()); err != nil && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
				t.Error(err)
			}
		}()
		return errCut
	}
	for name, lose := range map[string]func(*wire, []byte) error{"on the way": onTheWay, "on the way back": onTheWayBack, "late": late, "in a panic": inPanic} {
		t.Run(name, func(t *testing.T) {
			s.put(t, "/tmp/log", []byte("a"))
			for i, piece := range [][]byte{[]byte("b"), large} {
				l.next(lose)
				if err := s.Append(t.Context(), path(t, "/tmp/log"), -1, bytes.NewReader(piece)); err != nil {
					t.Fatal(i, err)
				}
			}
			if want := append([]byte("ab"), large...); !bytes.Equal(s.get(t, "/tmp/log"), want) {
				t.Error("the log has other content than was appended once")
			}
			l.next(lose)
			s.put(t, "/tmp/log", large)
			l.next(lose)
			if ok, err := s.Rename(t.Context(), path(t, "/tmp/log"), path(t, "/tmp/renamed")); !ok || err != nil {
				t.Error(ok, err)
			}
			l.next(lose)
			if ok, err := s.Delete(t.Context(), path(t, "/tmp/renamed"), false); !ok || err != nil {
				t.Error(ok, err)
			}
			if l.lose != nil {
				t.Fatal("no COMMIT was lost")
			}
			if err := fs.Reap(t.Context()); err != nil {
				t.Fatal(err)
			}
			if report := fs.clean(t); report.Garbage != 0 || report.Orphans != 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// A request that is repeated under its operation id happens once and gets the first answer.
func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	request := func() context.Context { return WithOperation(t.Context(), uuid.New()) }
	large := pattern(InlineMax + 1)

	ctx := request()
	o := CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}
	first, err := s.Create(ctx, path(t, "/tmp/f"), o, bytes.NewReader(large))
	if err != nil {
		t.Fatal(err)
	}
	s.put(t, "/tmp/f", []byte("newer"))
	again, err := s.Create(ctx, path(t, "/tmp/f"), o, bytes.NewReader(large))
	if err != nil || again.ID != first.ID || again.Size != first.Size {
		t.Errorf("create again: %+v, %v, want %+v", again, err, first)
	}
	if got := s.get(t, "/tmp/f"); string(got) != "newer" {
		t.Errorf("the repetition overwrote what came after: %d bytes", len(got))
	}

	ctx = request()
	for range 3 {
		if err := s.Append(ctx, path(t, "/tmp/f"), -1, bytes.NewReader(large)); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.get(t, "/tmp/f"); len(got) != len("newer")+len(large) {
		t.Errorf("three times the same append made %d bytes", len(got))
	}

	ctx = request()
	for range 2 {
		if ok, err := s.Rename(ctx, path(t, "/tmp/f"), path(t, "/tmp/g")); !ok || err != nil {
			t.Errorf("rename: %v, %v", ok, err)
		}
	}
	ctx = request()
	for range 2 {
		if ok, err := s.Delete(ctx, path(t, "/tmp/g"), false); !ok || err != nil {
			t.Errorf("delete: %v, %v", ok, err)
		}
	}
	if ok, err := s.Delete(request(), path(t, "/tmp/g"), false); ok || err != nil {
		t.Errorf("another delete: %v, %v", ok, err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report := fs.clean(t); report.Garbage != 0 || report.Orphans != 0 {
		t.Errorf("%+v", report)
	}
}

func TestManyAtOnceUnderOneOperationIDHappenOnce(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/tmp/log", nil)
	ctx := WithOperation(t.Context(), uuid.New())
	piece := pattern(InlineMax + 1)
	crowd(6, func(int) {
		if err := fs.as(t, superuser).Append(ctx, path(t, "/tmp/log"), -1, bytes.NewReader(piece)); err != nil {
			t.Error(err)
		}
	})
	if got := fs.as(t, superuser).get(t, "/tmp/log"); !bytes.Equal(got, piece) {
		t.Errorf("%d bytes are there, want %d", len(got), len(piece))
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report := fs.clean(t); report.Garbage != 0 || report.Orphans != 0 {
		t.Errorf("%+v", report)
	}
}

func TestAnOperationIDAnswersNothingElse(t *testing.T) {
	fs := newFS(t)
	id := uuid.New()
	ctx := WithOperation(t.Context(), id)
	s := fs.as(t, superuser)
	if _, err := s.Mkdirs(ctx, path(t, "/tmp/a"), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	want := "operation id " + id.String() + " was used for another request; choose a new one"
	for name, do := range map[string]func() error{
		"another path":      func() error { _, err := s.Mkdirs(ctx, path(t, "/tmp/b"), MkdirOptions{Mode: 0o777}); return err },
		"another operation": func() error { _, err := s.Delete(ctx, path(t, "/tmp/a"), false); return err },
		"another user": func() error {
			_, err := fs.as(t, "eve").Mkdirs(ctx, path(t, "/tmp/a"), MkdirOptions{Mode: 0o777})
			return err
		},
	} {
		var e *Error
		if err := do(); !errors.As(err, &e) || e.Kind != IO || e.Msg != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// That a transaction's number committed proves nothing by itself: after a crash, another transaction may have got that number.
func TestABatchIsKnownByWhatItLeft(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/tmp/f", nil)
	var (
		xid   uint64
		batch uuid.UUID
		began int64
	)
	must(t, fs.db.QueryRow(t.Context(), `SELECT xmin::text::bigint, batch, `+beganMicrosSQL+` FROM events WHERE batch IS NOT NULL ORDER BY seq DESC LIMIT 1`).Scan(&xid, &batch, &began))
	held := []*mutation{{event: &event{project: 0}}}
	for name, tt := range map[string]struct {
		xid  uint64
		id   uuid.UUID
		want bool
	}{
		"the batch":               {xid, batch, true},
		"another, of its number":  {xid, uuid.New(), false},
		"one that a crash forgot": {xid + 1_000_000, uuid.New(), false},
	} {
		if got, err := fs.batchHappened(t.Context(), &transaction{xid: tt.xid, began: began}, tt.id, held); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, got, err, tt.want)
		}
	}
	open, err := pgx.ConnectConfig(t.Context(), fs.db.Config().ConnConfig)
	must(t, err)
	defer open.Close(context.WithoutCancel(t.Context()))
	must(t, ignore(open.Exec(t.Context(), `BEGIN`)))
	must(t, open.QueryRow(t.Context(), `SELECT pg_current_xact_id()::text::bigint`).Scan(&xid))
	if got, err := fs.batchHappened(t.Context(), &transaction{xid: xid, began: began - 1}, uuid.New(), held); got || err != nil {
		t.Errorf("one that a crash ended, whose number another has now: %v, %v", got, err)
	}
	must(t, ignore(open.Exec(t.Context(), `SELECT`))) // it goes on
	if _, err := fs.batchHappened(t.Context(), &transaction{xid: xid, began: began}, uuid.New(), held); !errors.Is(err, errUnderWay) {
		t.Errorf("one that is under way: %v", err)
	}
	if _, err := open.Exec(t.Context(), `COMMIT`); err == nil {
		t.Error("it was committed after it was given up")
	}
}

// A retry may find its request impossible because the first attempt has carried it out in the meantime.
func TestARetryIsNotRefusedForWhatItHasDone(t *testing.T) {
	servers := newServers(t, 2)
	first, again := servers[0].as(t, superuser), servers[1].as(t, superuser)
	for name, refusal := range map[string]error{"refused": fail(NotExist, "it is gone"), "nothing to change": nil} {
		first.put(t, "/tmp/a", []byte(name))
		ctx := WithOperation(t.Context(), uuid.New())
		done := false
		moved, err := act(ctx, again, "rename", path(t, "/tmp/a"), func(*walker) (bool, *mutation, error) {
			if !done {
				done = true
				if moved, err := first.Rename(ctx, path(t, "/tmp/a"), path(t, "/tmp/"+name)); !moved || err != nil {
					t.Fatal(moved, err)
				}
			}
			return false, nil, refusal
		})
		if !moved || err != nil {
			t.Errorf("%s: %v, %v", name, moved, err)
		}
	}
	// A different request under the same id is refused.
	ctx := WithOperation(t.Context(), uuid.New())
	first.put(t, "/tmp/a", nil)
	must(t, ignore(first.Rename(ctx, path(t, "/tmp/a"), path(t, "/tmp/b"))))
	if _, err := again.Delete(ctx, path(t, "/tmp/b"), false); err == nil {
		t.Error("an id was good for two requests")
	}
}
