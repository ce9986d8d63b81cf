package namespace

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
)

// Writes knows when a process may be changing the database. Whoever has a read lease asks it instead of the database (see
// [readLease]), so it sees every statement of every connection, and takes for a change what might be one: a COMMIT, whatever was done
// in its transaction, and what stands outside of transactions and is not known to read alone. What hints are told of beforehand is marked
// with [heralded], and is left out.
type Writes struct {
	began, ended atomic.Uint64
	lost         atomic.Pointer[time.Time] // when it was last not heard whether a change happened

	kinds sync.Map // of statements: whether they may change something
	known atomic.Int32
}

const (
	// lostFor is for how long a change may still happen of which nothing was heard: the database has its COMMIT or will never have it.
	lostFor = 10 * time.Minute

	mostKinds = 1 << 10 // statements that are remembered
)

// Watch has w see what connections do that are made by c. It has to be called before the first one is.
func (w *Writes) Watch(c *pgx.ConnConfig) {
	if c.Tracer == nil {
		c.Tracer = w
	} else {
		c.Tracer = multitracer.New(c.Tracer, w)
	}
}

// calm returns how many changes have begun, and whether all of them have ended.
func (w *Writes) calm() (began uint64, calm bool) {
	ended := w.ended.Load() // first: what has begun since is not among them
	began = w.began.Load()
	lost := w.lost.Load()
	return began, began == ended && (lost == nil || time.Since(*lost) > lostFor)
}

type (
	heraldedKey struct{}
	countedKey  struct{}
)

// heralded is ctx for statements whose changes hints know before they happen.
func heralded(ctx context.Context) context.Context {
	return context.WithValue(ctx, heraldedKey{}, true)
}

func (w *Writes) begin(ctx context.Context, changes bool) context.Context {
	if !changes {
		return ctx
	}
	w.began.Add(1)
	return context.WithValue(ctx, countedKey{}, new(atomic.Bool))
}

func (w *Writes) end(ctx context.Context, err error) {
	ended, counted := ctx.Value(countedKey{}).(*atomic.Bool)
	if !counted || ended.Swap(true) { // of a batch that fails before it is sent pgx tells the end twice
		return
	}
	if e := (*pgconn.PgError)(nil); err != nil && !errors.As(err, &e) && !pgconn.SafeToRetry(err) {
		now := time.Now()
		w.lost.Store(&now)
	}
	w.ended.Add(1)
}

// TraceQueryStart implements [pgx.QueryTracer].
func (w *Writes) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if ctx.Value(heraldedKey{}) != nil {
		return ctx
	}
	return w.begin(ctx, commits(data.SQL) || alone(conn) && w.mayChange(data.SQL))
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (w *Writes) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	w.end(ctx, data.Err)
}

// TraceBatchStart implements [pgx.BatchTracer].
func (w *Writes) TraceBatchStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	if ctx.Value(heraldedKey{}) != nil {
		return ctx
	}
	changes, alone := false, alone(conn)
	for _, q := range data.Batch.QueuedQueries {
		changes = changes || commits(q.SQL) || alone && w.mayChange(q.SQL)
	}
	return w.begin(ctx, changes)
}

// TraceBatchQuery implements [pgx.BatchTracer].
func (*Writes) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements [pgx.BatchTracer].
func (w *Writes) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	w.end(ctx, data.Err)
}

// TraceCopyFromStart implements [pgx.CopyFromTracer].
func (w *Writes) TraceCopyFromStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	return w.begin(ctx, alone(conn))
}

// TraceCopyFromEnd implements [pgx.CopyFromTracer].
func (w *Writes) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromEndData) {
	w.end(ctx, data.Err)
}

// alone reports whether a statement on conn is a transaction of its own.
func alone(conn *pgx.Conn) bool { return conn.PgConn().TxStatus() == 'I' }

// commits reports whether sql ends a transaction so that it happens.
func commits(sql string) bool {
	const word = len("commit")
	return len(sql) >= word && strings.EqualFold(sql[:word], "commit")
}

var (
	readingSQL  = regexp.MustCompile(`(?i)^\s*(SELECT|WITH|BEGIN|ROLLBACK|SET|SHOW|LISTEN|UNLISTEN)\b`)
	changingSQL = regexp.MustCompile(`(?i)\b(INSERT|UPDATE|DELETE|MERGE|COMMIT)\b`)
)

// mayChange reports whether sql is not known to read alone. No function of the schema changes anything.
func (w *Writes) mayChange(sql string) bool {
	if changes, known := w.kinds.Load(sql); known {
		return changes.(bool) //nolint:forcetypeassert // nothing else is put there
	}
	changes := !readingSQL.MatchString(sql) || changingSQL.MatchString(sql)
	if w.known.Load() < mostKinds {
		w.known.Add(1)
		w.kinds.Store(sql, changes)
	}
	return changes
}
