package namespace

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

const (
	stockSize = 8                      // blocks that are recorded ahead together
	stockRush = 100 * time.Millisecond // if two packs begin within it, a third is expected
	stockKept = time.Minute            // at most: after deadAfter without a heartbeat of this server, others would take the blocks for garbage
)

// stock holds blocks that are recorded as pending before there is content for them, so that a pack need not wait for that. There are
// some only while packs follow each other.
type stock struct {
	ids     []blocks.ID
	dead    []blocks.ID // given up, and perhaps still recorded
	since   time.Time   // when the first of ids was recorded, or earlier
	last    time.Time   // when the last pack was begun
	filling bool
	rush    time.Duration // stockRush
}

// intend returns the block that a pack of size bytes will be, and a function that waits until that is recorded durably; see FS.intend.
func (p *packer) intend(ctx context.Context, project, size int64) (blocks.ID, func() error) {
	p.mu.Lock()
	s, now := &p.stock, time.Now()
	follows := now.Sub(s.last) < s.rush
	s.last = now
	// Measured by the wall clock, too, since the monotonic one stops while the machine sleeps.
	if n := len(s.ids) - 1; n >= 0 && max(now.Sub(s.since), now.Round(0).Sub(s.since.Round(0))) < stockKept {
		id := s.ids[n]
		s.ids = s.ids[:n]
		if n < packLanes {
			p.fill()
		}
		p.mu.Unlock()
		return id, func() error { return nil }
	}
	if follows {
		p.fill()
	}
	p.mu.Unlock()
	id := blocks.NewID()
	return id, p.fs.intend(ctx, project, id, size)
}

// fill begins to fill the stock, unless that is in progress. p.mu is held.
func (p *packer) fill() {
	if p.stock.filling || p.closed {
		return
	}
	p.stock.filling = true
	began := time.Now()
	ids := make([]blocks.ID, stockSize)
	for i := range ids {
		ids[i] = blocks.NewID()
	}
	p.lanes.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
		defer cancel()
		err := sound(func() error {
			return p.fs.aside(ctx, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO blocks (id, project_id, size, state, writer) SELECT id, 0, 0, 'p', $2 FROM unnest($1::uuid[]) AS n (id)`, ids, p.fs.server)
				return err
			})
		})
		if err != nil { // the next pack will meet the error, too, and return it
			p.fs.log.WarnContext(ctx, "no blocks could be recorded ahead", "error", err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stock.filling = false
		if err != nil { // they may be recorded: an answer may have been lost
			p.stock.dead = append(p.stock.dead, ids...)
			return
		}
		if len(p.stock.ids) == 0 {
			p.stock.since = began
		}
		p.stock.ids = append(p.stock.ids, ids...)
	})
}

// clear gives the stock up if no pack was begun for the time idle, or if it is as old as stockKept.
func (p *packer) clear(ctx context.Context, idle time.Duration) error {
	p.mu.Lock()
	var ids []blocks.ID
	if time.Since(p.stock.last) >= idle || time.Since(p.stock.since) >= stockKept {
		ids, p.stock.ids = p.stock.ids, nil
	}
	ids, p.stock.dead = append(ids, p.stock.dead...), nil
	p.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	err := p.fs.aside(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM blocks WHERE id = ANY($1) AND state = 'p'`, ids) // nothing was ever stored as one of them
		return err
	})
	if err != nil {
		p.mu.Lock()
		p.stock.dead = append(p.stock.dead, ids...) // they may be gone: an answer may have been lost
		p.mu.Unlock()
	}
	return err
}

// tidy is called every settleEach.
func (p *packer) tidy(ctx context.Context) error {
	return errors.Join(p.settle(ctx), p.fs.discardAgain(ctx), p.clear(ctx, settleEach))
}
