package namespace

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The version and the gen that the database gives to a new inode.
const (
	firstVersion = 1
	firstGen     = 1
)

// insertInode makes n the entry name of parent. It fails with a unique violation if the entry is taken.
func insertInode(ctx context.Context, tx pgx.Tx, n node, parent int64, name string) error {
	e := effects{born: []newborn{{node: n, parent: key{n.project, parent}, name: name}}}
	return e.run(ctx, tx)
}

// touchDir records that children of dir were added (delta above 0), removed or replaced. Only quotas and the event's number are
// locked after it.
func (fs *FS) touchDir(ctx context.Context, tx pgx.Tx, dir key, mtime, delta int64) error {
	e := effects{visits: []visit{{dir: dir, mtime: mtime, delta: delta}}}
	fs.hints.forgetCounters(e.visits)
	return e.run(ctx, tx)
}

// idPool hands out inode ids. The database gives them a thousand at a time, so that most creations need not ask.
type idPool struct {
	ask      func(ctx context.Context) (first int64, err error) // for idsTaken
	turn     chan struct{}                                      // full while a caller asks
	patience time.Duration                                      // idsPatience; tests have less

	mu   sync.Mutex
	next int64
	left int

	foreign atomic.Bool // the ids left come from a database that was replaced; the new one may hand them out again
}

const (
	// idsTaken is the increment of the sequence inode_ids.
	idsTaken = 1000
	// idsPatience is how long a connection may take to return ids before it is given up: every caller that creates something waits for them.
	idsPatience = 2 * time.Second
)

func (fs *FS) newIDPool() idPool {
	return idPool{turn: make(chan struct{}, 1), patience: idsPatience, ask: func(ctx context.Context) (first int64, err error) {
		err = fs.aside(ctx, func(tx pgx.Tx) (err error) { // every 32nd nextval is a transaction, which has to be announced
			first, err = takeIDs(ctx, tx)
			return err
		})
		return first, err
	}}
}

// id returns an inode id that was never given out, by this or any other server.
func (p *idPool) id(ctx context.Context) (int64, error) {
	id, ok := p.handOut()
	if ok {
		return id, nil
	}
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	for !ok {
		if err := p.refill(ctx); err != nil {
			return 0, err
		}
		id, ok = p.handOut()
	}
	return id, nil
}

func (p *idPool) handOut() (id int64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == 0 || p.foreign.Load() {
		return 0, false
	}
	id = p.next
	p.next, p.left = p.next+1, p.left-1
	return id, true
}

// refill asks for more ids, unless another caller has done so meanwhile. It returns early if ctx ends. If the connection hangs, refill gives it
// up and returns nil with p still empty, so that the caller tries another one.
func (p *idPool) refill(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.turn }()
	p.mu.Lock()
	if p.foreign.Swap(false) { // only here, while nobody asks: ids that are being asked for may still come from the old database
		p.left = 0
	}
	enough := p.left > 0
	p.mu.Unlock()
	if enough {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	first, err := p.ask(asking)
	switch {
	case err == nil:
	case asking.Err() != nil && ctx.Err() == nil:
		return nil
	default:
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next, p.left = first, idsTaken
	return nil
}

type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// takeIDs returns the first of idsTaken ids.
func takeIDs(ctx context.Context, tx pgx.Tx) (int64, error) {
	var first int64
	err := tx.QueryRow(ctx, `SELECT nextval('inode_ids')`).Scan(&first)
	return first, err
}

// one returns errStale for a statement that should have changed exactly one row and did not.
func one(tag pgconn.CommandTag, err error) error {
	if err == nil && tag.RowsAffected() != 1 {
		return errStale
	}
	return err
}
