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
	// RowMax is the longest content, in bytes, that a new file has in a row of the database. It comes with one flush, but costs the database
	// some four times of what a block costs the disk.
	RowMax = 32 << 10
	// PackMax is the longest content, in bytes, of a new file that shares a block with others that come at the same time.
	PackMax = 1 << 20

	packBytes  = 8 << 20  // content of a pack, about
	packFiles  = 128      // in a pack
	packLanes  = 2        // that are written at a time
	packMemory = 64 << 20 // content that is held for packs; what comes beyond that has blocks of its own
	settleEach = time.Second

	// packGather is how long after a pack uploads are waited for that may come back, until packEnough wait.
	packGather = time.Millisecond
	packEnough = 8
)

// pack is a block that several uploads share. Until all of them have said whether they were published, it is pending or open in the
// database, where as much of it counts as live as they may come to have.
type pack struct {
	id   blocks.ID
	size int64 // bytes of content
	open atomic.Int64
}

// packer puts the contents of files that come at the same time into one block, which costs one file of the store and its flushes, and not one
// for each. Who comes alone has a block alone, at once; behind a pack of several, those are waited for who came with it.
type packer struct {
	fs   *FS
	held atomic.Int64 // bytes, of packMemory

	mu      sync.Mutex
	waiting []*packable
	busy    int         // lanes
	closed  bool        // nothing is packed any more
	settled []blocks.ID // packs whose uploads are over, and whose rows do not say so yet
	stock   stock

	gathering gathering

	lanes      sync.WaitGroup
	compacting compacting
}

// packable is a content that waits to be packed.
type packable struct {
	project int64
	content []byte
	done    chan struct{} // closed when the rest is there

	in  *pack
	at  extent // off counts from the start of the content
	err error
}

// reserve takes n bytes of memory, if there are as many. They are to be given back by release.
func (p *packer) reserve(n int64) bool {
	if p.held.Add(n) > packMemory {
		p.held.Add(-n)
		return false
	}
	return true
}

func (p *packer) release(n int64) { p.held.Add(-n) }

// put stores content, which must not change until put returns, durably. Who gets a pack has to end it, once.
func (p *packer) put(ctx context.Context, project int64, content []byte) (extent, *pack, error) {
	w := &packable{project: project, content: content, done: make(chan struct{})}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return extent{}, nil, fail(Unavailable, "The server is about to end; nothing was written, try again")
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

// withdraw takes w out of what waits, if it is still there.
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

// write makes a pack of batch and tells who waits for it.
func (p *packer) write(batch []*packable) {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
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
	if err != nil {
		p.over(in.id)
	}
	if errors.Is(err, context.DeadlineExceeded) {
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

// end says of one of the uploads that share in that it is over, published or not.
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

// close waits for packs that are being written, and writes down which are closed.
func (p *packer) close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.lanes.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return errors.Join(p.settle(ctx), p.fs.discardAgain(ctx), p.clear(ctx, 0))
}

// settle writes down which packs are closed. What fails is tried again the next time, and by others if this server is gone.
func (p *packer) settle(ctx context.Context) error {
	p.mu.Lock()
	ids := p.settled
	p.settled = nil
	p.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	err := p.fs.aside(ctx, func(tx pgx.Tx) error { return settlePacks(ctx, tx, ids) })
	if err != nil {
		p.mu.Lock()
		p.settled = append(p.settled, ids...)
		p.mu.Unlock()
		return err
	}
	return p.fs.deleteForgotten(ctx, ids)
}
