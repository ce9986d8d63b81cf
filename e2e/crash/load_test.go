package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// writers is how many work at once.
const writers = 6

// leastAcknowledged is how many changes must have been acknowledged before a process is killed: a kill that nothing
// was at stake for tests nothing.
const leastAcknowledged = 10

// load is a number of writers at one installation.
type load struct {
	g       *installation
	token   string
	writers []*writer
	rng     *rand.Rand

	acknowledged atomic.Int64 // changes, in all
	killing      atomic.Bool  // failures are excused

	stop  chan struct{}
	ended chan error // one from each writer
}

// newLoad readies writers for an installation that serves.
func newLoad(t *testing.T, g *installation) *load {
	t.Helper()
	n := seed(t)
	l := &load{g: g, token: g.token(t, "admin"), rng: rand.New(rand.NewPCG(n, 0))}
	for i := range writers {
		l.writers = append(l.writers, &writer{name: fmt.Sprintf("w%d", i), rng: rand.New(rand.NewPCG(n, uint64(i)+1)), tree: tree{}})
	}
	l.connect()
	if err := l.writers[0].client.mkdirs(top); err != nil {
		t.Fatal(err)
	}
	return l
}

// connect points the writers at where the server is now.
func (l *load) connect() {
	for _, w := range l.writers {
		if w.client != nil {
			w.client.http.CloseIdleConnections()
		}
		w.client = newClient(l.g.url, l.token)
	}
}

// begin starts the writers and returns once enough changes were acknowledged for a kill to matter, and a random time
// of up to most more has passed. survives says that the server is to live on when processes are killed.
func (l *load) begin(t *testing.T, survives bool, most time.Duration) {
	t.Helper()
	l.killing.Store(false)
	l.stop, l.ended = make(chan struct{}), make(chan error, len(l.writers))
	for _, w := range l.writers {
		go func() {
			l.ended <- w.work(l.stop, func() { l.acknowledged.Add(1) }, l.killing.Load, survives)
		}()
	}
	l.await(t, l.acknowledged.Load()+leastAcknowledged)
	<-time.After(rand.N(most + 1))
}

// await returns when so many changes have been acknowledged, or fails the test.
func (l *load) await(t *testing.T, acknowledged int64) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for l.acknowledged.Load() < acknowledged {
		select {
		case err := <-l.ended:
			l.ended <- err
			t.Fatal(errors.Join(errors.New("a writer gave up"), err))
		case <-late:
			t.Fatalf("%d changes were acknowledged, and %d were waited for", l.acknowledged.Load(), acknowledged)
		case <-look.C:
		}
	}
}

// end stops the writers and waits for them.
func (l *load) end(t *testing.T) {
	t.Helper()
	close(l.stop)
	for range l.writers {
		if err := <-l.ended; err != nil {
			t.Error(err)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// verify compares everything with what was acknowledged, by the interface and with fsck, and returns how many of the
// operations in flight turned out to have happened.
func (l *load) verify(t *testing.T) (happened int) {
	t.Helper()
	var (
		done  atomic.Int64
		group sync.WaitGroup
	)
	for _, w := range l.writers {
		group.Go(func() {
			did, err := w.verify()
			if err != nil {
				t.Error(err)
			}
			if did {
				done.Add(1)
			}
		})
	}
	group.Wait()
	foreign, err := look(l.writers[0].client, func(name string) bool {
		for _, w := range l.writers {
			if w.mine(name) {
				return false
			}
		}
		return true
	})
	if err != nil {
		t.Error(err)
	}
	if err := difference(foreign, nil); err != nil {
		t.Error(err)
	}
	read := l.g.fsck(t)
	var size int64
	for _, w := range l.writers {
		size += w.tree.size()
	}
	// It also reads what was deleted with a directory and waits to be purged.
	if read < size {
		t.Errorf("fsck read %d bytes of content, and %d were acknowledged", read, size)
	}
	if t.Failed() {
		t.FailNow()
	}
	return int(done.Load())
}

// inflight counts the operations whose outcome is unknown.
func (l *load) inflight() int {
	n := 0
	for _, w := range l.writers {
		if w.inflight != nil && w.inflight.after != nil {
			n++
		}
	}
	return n
}
