package crash

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// longestLoad bounds for how long writers work before the kill.
const longestLoad = 800 * time.Millisecond

// TestKillServer kills the server while it is written to. Its PostgreSQL ends with it. After each restart everything
// that was acknowledged is there, byte by byte, and what was in flight happened or did not.
func TestKillServer(t *testing.T) {
	killServer(t, count(t, "GRANARY_KILLS", 2), func(g *installation) { g.kill(t) })
}

// TestKillBoth kills the server and its PostgreSQL in the same moment, in either order.
func TestKillBoth(t *testing.T) {
	last := false
	killServer(t, (count(t, "GRANARY_KILLS", 10)+9)/10, func(g *installation) {
		if last = !last; last {
			g.kill(t)
			// With its parent dead it is on its way out, and may be there already.
			if pid := g.postmaster(t); pid != 0 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			return
		}
		g.killPostgres(t)
		g.kill(t)
	})
}

func killServer(t *testing.T, cycles int, kill func(*installation)) {
	began := time.Now()
	g := install(t, build(t, ""), "--gc-grace", "1s", "--log-level", "warn")
	flags := g.flags
	g.start(t)
	l := newLoad(t, g)
	var inflight, happened int
	var slowest time.Duration
	for cycle := range cycles {
		// The next server commits each change alone, or all that wait together.
		g.flags = append(slices.Clone(flags), "--commit-batch", []string{"1", "100000"}[cycle%2])
		l.begin(t, false, longestLoad)
		l.killing.Store(true)
		kill(g)
		l.end(t)
		slowest = max(slowest, g.start(t))
		l.connect()
		inflight += l.inflight()
		happened += l.verify(t)
	}
	g.terminate(t)
	t.Logf("soak: %d kills, %d acknowledged changes, all there; %d in flight, of which %d had happened; slowest restart %v; %v in all",
		cycles, l.acknowledged.Load(), inflight, happened, slowest.Round(time.Millisecond), time.Since(began).Round(time.Second))
}

// TestKillPostgres kills the PostgreSQL while the server is written to. The server brings it back by itself; meanwhile
// it asks callers to try again, and lies to none.
func TestKillPostgres(t *testing.T) {
	began := time.Now()
	g := install(t, build(t, ""), "--gc-grace", "1s", "--log-level", "warn")
	g.start(t)
	l := newLoad(t, g)
	cycles := count(t, "GRANARY_POSTGRES_KILLS", 2)
	var slowest time.Duration
	for range cycles {
		l.begin(t, true, longestLoad)
		before := g.postmaster(t)
		l.killing.Store(true)
		died := time.Now()
		g.killPostgres(t)
		// At most the answers that were on their way come from before the kill.
		l.await(t, l.acknowledged.Load()+writers+1)
		slowest = max(slowest, time.Since(died))
		l.await(t, l.acknowledged.Load()+leastAcknowledged)
		l.end(t)
		if after := g.postmaster(t); after == before || after == 0 {
			t.Fatalf("PostgreSQL was process %d before it was killed and is %d now", before, after)
		}
		l.verify(t)
	}
	g.terminate(t)
	t.Logf("soak: %d kills, %d acknowledged changes, all there; longest outage %v; %v in all",
		cycles, l.acknowledged.Load(), slowest.Round(time.Millisecond), time.Since(began).Round(time.Second))
}

// TestTerminate asks a server that is written to to end. It answers what it has begun, an upload that is half way
// included, and ends with status 0 and its PostgreSQL stopped in order, so that nothing needs recovery.
func TestTerminate(t *testing.T) {
	began := time.Now()
	g := install(t, build(t, ""), "--gc-grace", "1s", "--log-level", "warn")
	g.start(t)
	l := newLoad(t, g)
	cycles := (count(t, "GRANARY_KILLS", 10) + 9) / 10
	for range cycles {
		l.begin(t, false, longestLoad)
		slow := newSlowUpload(l)
		<-slow.half
		l.killing.Store(true)
		if err := g.process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		refusing(t, l)
		close(slow.goOn)
		if err := <-slow.answered; err != nil {
			t.Errorf("an upload that was half way when the server was asked to end: %v", err)
		}
		g.awaitEnd(t)
		l.end(t)
		if pid := g.postmaster(t); pid != 0 {
			t.Errorf("the server has ended, and its PostgreSQL, process %d, has not", pid)
		}
		recoveries := postgresRecoveries(t, g)
		g.start(t)
		if again := postgresRecoveries(t, g); again != recoveries {
			t.Error("PostgreSQL had to recover after an orderly end")
		}
		l.connect()
		slow.verify(t, l)
		l.verify(t)
	}
	g.terminate(t)
	t.Logf("soak: %d orderly ends under load, %d acknowledged changes, all there; %v in all",
		cycles, l.acknowledged.Load(), time.Since(began).Round(time.Second))
}

// postgresRecoveries counts how often the private PostgreSQL says that it had to recover.
func postgresRecoveries(t *testing.T, g *installation) int {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(g.data(), "postgres", "log", "*"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("PostgreSQL has no log: %v", err)
	}
	n := 0
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(text), "automatic recovery in progress")
	}
	return n
}
