package crash

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/postgres"
)

// TestKillBackend kills one of PostgreSQL's processes that serve connections while the server is written to. PostgreSQL ends the
// others, recovers, and goes on as the same first process. Nothing that was acknowledged is lost, and what the server remembers
// of the time before is not taken for true: numbers of transactions that never came to the disk are given anew.
func TestKillBackend(t *testing.T) {
	began := time.Now()
	g := install(t, build(t, ""), "--gc-grace", "1s", "--log-level", "warn")
	g.start(t)
	l := newLoad(t, g)
	cycles := count(t, "GRANARY_POSTGRES_KILLS", 2)
	for range cycles {
		l.begin(t, true, longestLoad)
		postmaster, before := g.postmaster(t), g.recovered(t)
		l.killing.Store(true)
		conn := g.connect(t)
		if err := syscall.Kill(int(conn.PgConn().PID()), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		g.awaitRecovery(t, before) // what was under way may be acknowledged before PostgreSQL hears of the death
		l.await(t, l.acknowledged.Load()+writers+1)
		l.await(t, l.acknowledged.Load()+leastAcknowledged)
		l.end(t)
		if after := g.postmaster(t); after != postmaster {
			t.Fatalf("PostgreSQL was process %d before one of its processes was killed and is %d now", postmaster, after)
		}
		l.verify(t)
	}
	g.terminate(t)
	t.Logf("soak: %d kills, %d acknowledged changes, all there; %v in all", cycles, l.acknowledged.Load(), time.Since(began).Round(time.Second))
}

// beganSQL is how namespace finds out that the database has been through a crash.
const beganSQL = `SELECT greatest(pg_postmaster_start_time(), pg_stat_get_bgwriter_stat_reset_time())`

// awaitRecovery returns when the private PostgreSQL has been through a crash since it began at before.
func (g *installation) awaitRecovery(t *testing.T, before time.Time) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for {
		if at, ok := postgres.Attach(filepath.Join(g.data(), "postgres")); ok {
			if conn, err := pgx.Connect(t.Context(), at); err == nil {
				var began time.Time
				err = conn.QueryRow(t.Context(), beganSQL).Scan(&began)
				conn.Close(t.Context())
				if err == nil && began.After(before) {
					return
				}
			}
		}
		select {
		case <-late:
			t.Fatalf("PostgreSQL lost a process, and goes on as since %v", before)
		case <-look.C:
		}
	}
}

// recovered returns when the private PostgreSQL began to be what it is.
func (g *installation) recovered(t *testing.T) (at time.Time) {
	t.Helper()
	conn := g.connect(t)
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), beganSQL).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at
}

// connect connects to the private PostgreSQL.
func (g *installation) connect(t *testing.T) *pgx.Conn {
	t.Helper()
	at, ok := postgres.Attach(filepath.Join(g.data(), "postgres"))
	if !ok {
		t.Fatal("the private PostgreSQL does not answer")
	}
	conn, err := pgx.Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
