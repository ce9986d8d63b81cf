package namespace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/blocks/seal"
)

// Bounds of packs.
const (
	// RowMax is the longest content, in bytes, that a new file has in a row of the database. A row needs only one flush, but costs about
	// four times as much processor time as a block on the disk.
	RowMax = 32 << 10
	// PackMax is the longest content, in bytes, of a new file that shares a block with others that arrive at the same time.
	PackMax = 1 << 20

	packBytes  = 8 << 20  // content of a pack, roughly
	packFiles  = 128      // in a pack
	packLanes  = 2        // packs written at a time
	packMemory = 64 << 20 // content that is held for packs; content beyond that gets blocks of its own
	settleEach = time.Second

	// packGather is how long a lane waits after a pack for its writers to return, unless packEnough uploads are waiting.
	packGather = time.Millisecond
	packEnough = 8
)

// pack is a block that several uploads share. Until the outcome of all of them is known, it is pending or open in the database, where
// all of it counts as live.
type pack struct {
	id   blocks.ID
	size int64 // bytes of content
	open atomic.Int64
}

// packer puts the contents of files that arrive at the same time into one block, which costs one file in the store, with its flushes,
// instead of one for each. A file that is alone gets its own block at once; after a pack of several, a lane waits for the same writers.
type packer struct {
	fs     *FS
	held   atomic.Int64    // bytes, of packMemory
	living context.Context //nolint:containedctx // ends with the file system, while packs outlast the requests that wait for them
	stop   func()          // ends it

	mu      sync.Mutex
	waiting []*packable
	busy    int         // lanes at work
	closed  bool        // nothing is packed any more
	settled []blocks.ID // packs whose uploads are all over, which their rows do not say yet
	stock   stock

	gathering gathering

	lanes      sync.WaitGroup
	compacting compacting
}

// packable is a content that waits to be packed.
type packable struct {
	project int64
	content []byte
	done    chan struct{} // closed when the fields below are set

	in  *pack
	at  extent // off counts from the start of the content
	err error
}

// reserve takes n bytes of packMemory, if as many are left. The caller returns them with release.
func (p *packer) reserve(n int64) bool {
	if p.held.Add(n) > packMemory {
		p.held.Add(-n)
		return false
	}
	return true
}

func (p *packer) release(n int64) { p.held.Add(-n) }

// put stores content durably; it must not change until put returns. A caller that gets a pack has to call end for it, once.
func (p *packer) put(ctx context.Context, project int64, content []byte) (extent, *pack, error) {
	w := &packable{project: project, content: content, done: make(chan struct{})}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return extent{}, nil, errEnding()
	}
	p.waiting = append(p.waiting, w)
	p.gathering.came(len(p.waiting))
	if p.busy < packLanes {
		p.busy++
		p.lanes.Go(p.work)
	}
	p.mu.Unlock()
	select {
	case <-w.done:
		return w.at, w.in, w.err
	case <-ctx.Done():
	}
	if p.withdraw(w) {
		return extent{}, nil, ctx.Err()
	}
	<-w.done // its content is being read
	return w.at, w.in, w.err
}

func errEnding() error {
	return fail(Unavailable, "The server is about to end; nothing was written, try again")
}

// open makes p ready for the contents of fs. Only the values of ctx matter.
func (p *packer) open(ctx context.Context, fs *FS) {
	p.fs = fs
	p.living, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.gathering = gathering{most: packGather, enough: packEnough}
	p.stock.rush = stockRush
}

// withdraw removes w from the waiting contents, if it is still there.
func (p *packer) withdraw(w *packable) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, other := range p.waiting {
		if other == w {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// work writes packs until nothing waits.
func (p *packer) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		p.gathering.wait(&p.mu, len(p.waiting))
		batch := p.take()
		if len(batch) == 0 {
			p.busy--
			return
		}
		p.mu.Unlock()
		p.write(batch)
		p.mu.Lock()
		p.gathering.served(len(batch), len(p.waiting))
	}
}

// take takes what goes into the next pack: contents of one project.
func (p *packer) take() (batch []*packable) {
	left := p.waiting[:0:0]
	size := 0
	for _, w := range p.waiting {
		if len(batch) == packFiles || size >= packBytes || len(batch) > 0 && w.project != batch[0].project {
			left = append(left, w)
			continue
		}
		batch = append(batch, w)
		size += len(w.content)
	}
	p.waiting = left
	return batch
}

// write makes a pack of batch and tells those who wait for it.
func (p *packer) write(batch []*packable) {
	ctx, cancel := context.WithTimeout(p.living, commitTimeout)
	defer cancel()
	in := &pack{}
	in.open.Store(int64(len(batch)))
	for _, w := range batch {
		in.size += int64(len(w.content))
	}
	var intended func() error
	in.id, intended = p.intend(ctx, batch[0].project, in.size)
	var version int32
	err := sound(func() (err error) {
		version, err = p.store(ctx, in, batch, intended)
		return err
	})
	switch {
	case errors.Is(err, blocks.ErrUndecided):
		p.fs.discards.add([]blocks.ID{in.id}, true)
	case err != nil:
		p.over(in.id)
	}
	switch {
	case err != nil && p.living.Err() != nil:
		err = errEnding()
	case errors.Is(err, context.DeadlineExceeded):
		err = fail(Unavailable, "The block store did not take the content within %s; nothing was written, try again", commitTimeout)
	}
	at := int64(0)
	for _, w := range batch {
		if w.err = ownError(err); err == nil {
			n := int64(len(w.content))
			w.in, w.at = in, extent{len: n, block: in.id, blockOff: at, keyVersion: version}
			at += n
		}
		close(w.done)
	}
}

// store writes a block of all contents of batch, one after the other.
func (p *packer) store(ctx context.Context, in *pack, batch []*packable, intended func() error) (version int32, err error) {
	key, err := p.fs.keys.current(ctx, batch[0].project)
	if err == nil {
		contents := make([]io.Reader, len(batch))
		for i, w := range batch {
			contents[i] = bytes.NewReader(w.content)
		}
		err = seal.Store(p.fs.store, key).Put(ctx, in.id, &held{r: io.MultiReader(contents...), left: in.size, until: intended}, in.size)
	}
	if failed := intended(); err == nil {
		err = failed
	}
	return key.Version(), err
}

// end records that one of the uploads that share the pack in is over, published or not.
func (p *packer) end(in *pack) {
	if in.open.Add(-1) == 0 {
		p.over(in.id)
	}
}

func (p *packer) over(id blocks.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settled = append(p.settled, id)
}

// refuse lets no more packs begin, and gives up those that are being written: whoever waited for them has gone by then, and a store that hangs
// would hold up the end of the server.
func (p *packer) refuse() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.stop()
}

// close waits for packs that were being written, and records which are closed.
func (p *packer) close() error {
	p.refuse()
	p.lanes.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return errors.Join(p.settle(ctx), p.fs.discardAgain(ctx), p.clear(ctx, 0))
}

// settle records which packs are closed. If that fails, it is tried again the next time, or by others if this server is gone.
func (p *packer) settle(ctx context.Context) error {
	p.mu.Lock()
	ids := p.settled
	p.settled = nil
	p.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	err := p.fs.aside(ctx, func(tx pgx.Tx) error { return settlePacks(ctx, tx, ids) })
	if err == nil {
		err = p.fs.deleteForgotten(ctx, ids)
	}
	if err != nil {
		p.mu.Lock()
		p.settled = append(p.settled, ids...)
		p.mu.Unlock()
	}
	return err
}
