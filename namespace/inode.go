package namespace

import (
	"context"
	"sync"
	"sync/atomic"

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
	fs   *FS
	mu   sync.Mutex
	next int64
	left int

	foreign atomic.Bool // the ids left come from a database that was replaced; the new one may hand them out again
}

// idsTaken is the increment of the sequence inode_ids.
const idsTaken = 1000

// id returns an inode id that was never given out, by this or any other server.
func (p *idPool) id(ctx context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.foreign.Swap(false) {
		p.left = 0
	}
	if p.left == 0 {
		err := p.fs.aside(ctx, func(tx pgx.Tx) (err error) { // every 32nd nextval is a transaction, which has to be announced
			p.next, err = p.take(ctx, tx)
			return err
		})
		if err != nil {
			return 0, err
		}
		p.left = idsTaken
	}
	id := p.next
	p.next, p.left = p.next+1, p.left-1
	return id, nil
}

type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// take returns the first of idsTaken ids.
func (p *idPool) take(ctx context.Context, tx pgx.Tx) (int64, error) {
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
