package namespace

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Bounds of batches, which are committed together.
const (
	defaultCommitBatch = 128     // mutations
	commitBatchBytes   = 8 << 20 // of content and ACLs
	// commitBatchRows is the number of rows read or written from which a batch takes no more mutations: the cost of [rowsSQL] grows with
	// the square of their number, and a path may have a thousand names.
	commitBatchRows = 2048
	// commitLanes is how many transactions of a server commit at the same time. With more, batches would be smaller, and those of
	// one project would wait for its event counter.
	commitLanes = 1
	// commitPatience is the time after which a batch counts as stuck and another lane takes its place, up to mostCommitLanes
	// including the stuck ones.
	commitPatience  = 50 * time.Millisecond
	mostCommitLanes = 4
	// commitGather is how long after a batch the next one waits for callers who may come back, unless commitEnough wait earlier.
	commitGather = time.Millisecond
	commitEnough = 16
	// batchLockTimeout bounds how long a batch waits for a lock that somebody else holds.
	batchLockTimeout = 100 * time.Millisecond
)

// committer commits mutations that wait at the same time in one transaction, which costs one flush and a few statements. A mutation
// that finds no others waiting is committed alone, at once; after a batch of several, the next one waits for the same callers.
type committer struct {
	most int // mutations in a batch
	run  func(ctx context.Context, batch []*mutation) []error

	mu     sync.Mutex
	queue  []*queued
	active int // number of lanes
	stuck  int // number of these whose batch takes longer than commitPatience

	gathering gathering
}

// queued is a mutation that waits to be committed.
type queued struct {
	m    *mutation
	done chan error // gets the outcome
}

// errAlone reports that a mutation is to be committed in a transaction of its own, where it may wait for locks and gets an error of
// its own.
var errAlone = errors.New("to be committed alone")

// commit returns the outcome of m: nil, errStale, errAlone, or the database's failure. If ctx ends before m is in a batch, m is
// never committed.
func (c *committer) commit(ctx context.Context, m *mutation) error {
	w := &queued{m: m, done: make(chan error, 1)}
	c.mu.Lock()
	c.queue = append(c.queue, w)
	c.gathering.came(len(c.queue))
	lead := c.free()
	if lead {
		c.active++
	}
	c.mu.Unlock()
	if lead {
		// The caller commits one batch, its own mutation included; a goroutine commits those that arrived meanwhile.
		if c.next() {
			go c.drain()
		}
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
	}
	if c.withdraw(w) {
		return ctx.Err()
	}
	return <-w.done
}

// free reports whether a lane may be opened.
func (c *committer) free() bool { return c.active-c.stuck < commitLanes && c.active < mostCommitLanes }

// withdraw takes w out of the queue, if it is still there.
func (c *committer) withdraw(w *queued) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, q := range c.queue {
		if q == w {
			c.queue = append(c.queue[:i], c.queue[i+1:]...)
			return true
		}
	}
	return false
}

func (c *committer) drain() {
	for c.next() {
	}
}

// next commits a batch of the waiting mutations. It reports false, and gives up its lane, if none is left or another lane has
// taken its place.
func (c *committer) next() bool {
	c.mu.Lock()
	c.gathering.wait(&c.mu, len(c.queue))
	batch, rivals := c.take()
	c.mu.Unlock()
	if len(batch) > 0 {
		c.serve(batch)
	}
	for _, w := range rivals {
		w.done <- errStale
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gathering.served(len(batch), len(c.queue))
	if len(c.queue) == 0 || c.active-c.stuck > commitLanes {
		c.active--
		return false
	}
	return true
}

// serve commits a batch and passes the outcomes to those who wait for them.
func (c *committer) serve(batch []*queued) {
	stuck, ended := false, false
	patience := time.AfterFunc(commitPatience, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if ended {
			return
		}
		stuck = true
		c.stuck++
		if len(c.queue) > 0 && c.free() {
			c.active++
			go c.drain()
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	all := make([]*mutation, len(batch))
	for i, w := range batch {
		all[i] = w.m
	}
	outcomes := make([]error, len(batch))
	failed := sound(func() error {
		outcomes = c.run(ctx, all)
		return nil
	})
	cancel()
	patience.Stop()
	c.mu.Lock()
	if ended = true; stuck {
		c.stuck--
	}
	c.mu.Unlock()
	for i, err := range outcomes {
		batch[i].done <- ownError(cmp.Or(failed, err))
	}
}

// take removes the next batch from the queue. A mutation that changes what another one in the batch relies on stays for a later
// batch. rivals want an entry that another one in the batch makes; they have to decide again after it.
func (c *committer) take() (batch, rivals []*queued) {
	var (
		left    = c.queue[:0:0]
		relied  = map[key]bool{}
		changes = map[key]bool{}
		entries = map[entry]bool{}
		ended   = map[entry]bool{}
		bytes   int
		rows    int
	)
	for i, w := range c.queue {
		if len(batch) == c.most || bytes >= commitBatchBytes || rows >= commitBatchRows {
			left = append(left, c.queue[i:]...)
			break
		}
		switch {
		case len(batch) > 0 && (w.m.collides(relied, changes) || w.m.crosses(entries, ended)):
			left = append(left, w)
			continue
		case len(batch) > 0 && w.m.competes(entries):
			rivals = append(rivals, w)
			continue
		}
		batch = append(batch, w)
		if len(c.queue) == 1 {
			break
		}
		for k, i := range w.m.relied.inodes {
			relied[k] = true
			if i.mode == exclusive {
				changes[k] = true
			}
		}
		for e := range w.m.effects.entries() {
			entries[e] = true
		}
		for _, e := range w.m.effects.left {
			ended[e] = true
		}
		for i := range w.m.effects.rows {
			bytes += w.m.effects.rows[i].length
		}
		for i := range w.m.effects.born {
			bytes += int(w.m.effects.born[i].perms.ACL.Bytes()) // may be long, and is inherited by all that is made in a directory
		}
		rows += w.m.rows()
	}
	c.queue = left
	return batch, rivals
}

// rows returns how many rows m reads or writes.
func (m *mutation) rows() int {
	e := m.effects
	return len(m.relied.inodes) + len(e.gone) + len(e.left) + len(e.moved) + len(e.born) + len(e.rows) + len(e.visits)
}

// collides reports whether m relies on something in changes, or changes something in relied.
func (m *mutation) collides(relied, changes map[key]bool) bool {
	for k, i := range m.relied.inodes {
		if changes[k] || relied[k] && i.mode == exclusive {
			return true
		}
	}
	return false
}

// crosses reports whether m makes one of the entries in ended, or removes one of those in made. A batch removes entries before it makes
// any, but its events are in the order of its mutations, so the two would disagree.
func (m *mutation) crosses(made, ended map[entry]bool) bool {
	for e := range m.effects.entries() {
		if ended[e] {
			return true
		}
	}
	return slices.ContainsFunc(m.effects.left, func(e entry) bool { return made[e] })
}

// competes reports whether m makes an entry that is in entries.
func (m *mutation) competes(entries map[entry]bool) bool {
	for e := range m.effects.entries() {
		if entries[e] {
			return true
		}
	}
	return false
}

// mergeable reports whether m may be committed with others.
func (fs *FS) mergeable(m *mutation) bool {
	return m.effects != nil && m.apply == nil && m.asker == "" && len(m.rules) == 0 && len(m.moves) == 0 && !fs.unlocked &&
		(m.event == nil || len(m.event.told) == 0)
}
