package curves

import (
	"context"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"granary/blocks/blockstest"
	"granary/namespace"
)

// newDeskAway is a desk with a file in a store of which no block can be opened, for this reason, and all that can be asked of it.
func newDeskAway(t *testing.T, reason blockstest.Fault) (d *desk, questions map[string]func(ctx context.Context) error) {
	t.Helper()
	d = newDesk(t, reason)
	d.put(file, losses(1, 30_000)) // more than is kept in the database, or packed
	ada := d.as("ada")
	return d, map[string]func(ctx context.Context) error{
		"runs": func(ctx context.Context) error { _, err := d.Runs(ctx, ada, runs); return err },
		"tags": func(ctx context.Context) error { _, err := d.Tags(ctx, ada, runs); return err },
		"scalars": func(ctx context.Context) error {
			_, _, err := d.Scalars(ctx, ada, runs, nil, "loss", DefaultPoints)
			return err
		},
		"pictures": func(ctx context.Context) error { _, err := d.Pictures(ctx, ada, runs, "a", "sample"); return err },
		"export": func(ctx context.Context) error {
			return d.Export(ctx, ada, runs, nil, "loss", func() io.Writer { return io.Discard })
		},
	}
}

// Of a store that is away is said that it is.
func TestAStoreThatIsAway(t *testing.T) {
	_, questions := newDeskAway(t, blockstest.Away(blockstest.OpOpen, blockstest.Every))
	for name, ask := range questions {
		if err := ask(t.Context()); err == nil || namespace.KindOf(err) != namespace.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nobody waits for a store that hangs for longer than a question may, and then nobody is kept from the readers.
func TestAStoreThatHangs(t *testing.T) {
	d, questions := newDeskAway(t, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))
	d.patience = 100 * time.Millisecond
	for name, ask := range questions {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if err := ask(ctx); err == nil || namespace.KindOf(err) != namespace.Unavailable || ctx.Err() != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	d.enterAll()()
}

// What came of a file before the store hung is shown, and an export that has begun breaks off.
func TestAStoreThatComesToHang(t *testing.T) {
	const never = 1 << 30
	var left atomic.Int64 // blocks that the store gives
	left.Store(never)
	d := newDesk(t, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(ctx context.Context) error {
		if left.Add(-1) < 0 {
			<-ctx.Done()
		}
		return ctx.Err()
	}))
	d.put(file, losses(1, 30_000))
	d.extend(file, losses(30_001, 60_000))
	d.patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	left.Store(1)
	found, err := d.Runs(ctx, d.as("ada"), runs)
	if err != nil || !found.Partial || len(found.Runs) != 1 || found.Runs[0].LastStep < 29_000 || found.Runs[0].LastStep > 31_000 {
		t.Errorf("the first of two blocks: %+v, %v", found, err)
	}
	left.Store(never)
	d.list("ada")
	err = d.Export(ctx, d.as("ada"), runs, nil, "loss", func() io.Writer { left.Store(1); return io.Discard })
	if err == nil || namespace.KindOf(err) != namespace.Unavailable || ctx.Err() != nil {
		t.Errorf("the export: %v", err)
	}
	d.enterAll()()
}
