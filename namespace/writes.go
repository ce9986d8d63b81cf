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

// Writes knows when this process may be changing the database. A read lease relies on it instead of the database (see [readLease]),
// so it sees every statement of every connection, and counts as a change whatever might be one: a COMMIT, whatever its transaction
// did, and a statement outside a transaction that does not plainly just read. Statements marked with [heralded] are left out, since
// hints are told beforehand what they change.
type Writes struct {
	began, ended atomic.Uint64
	lost         atomic.Pointer[time.Time] // when the outcome of a change was last unknown

	kinds sync.Map // by statement: whether it may change something
	known atomic.Int32
}

const (
	// lostFor is how long a change with unknown outcome may still happen. After that, the database has its COMMIT or will never get
	// it.
	lostFor = 10 * time.Minute

	mostKinds = 1 << 10 // most statements in kinds
)

// Watch makes w see what the connections made by c do. It must be called before the first one is made.
func (w *Writes) Watch(c *pgx.ConnConfig) {
	if c.Tracer == nil {
		c.Tracer = w
	} else {
		c.Tracer = multitracer.New(c.Tracer, w)
	}
}

// calm returns how many changes have begun, and whether all of them have ended.
func (w *Writes) calm() (began uint64, calm bool) {
	ended := w.ended.Load() // first, so that it counts none that begins after began is read
	began = w.began.Load()
	lost := w.lost.Load()
	return began, began == ended && (lost == nil || time.Since(*lost) > lostFor)
}

type (
	heraldedKey struct{}
	countedKey  struct{}
)

// heralded returns ctx for statements whose changes hints are told of before they happen.
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
	if !counted || ended.Swap(true) { // pgx reports the end twice for a batch that fails before it is sent
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

// commits reports whether sql commits a transaction.
func commits(sql string) bool {
	const word = len("commit")
	return len(sql) >= word && strings.EqualFold(sql[:word], "commit")
}

var (
	readingSQL  = regexp.MustCompile(`(?i)^\s*(SELECT|WITH|BEGIN|ROLLBACK|SET|SHOW|LISTEN|UNLISTEN)\b`)
	changingSQL = regexp.MustCompile(`(?i)\b(INSERT|UPDATE|DELETE|MERGE|COMMIT)\b`)
)

// mayChange reports whether sql does not plainly just read. No function of the schema changes anything.
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
