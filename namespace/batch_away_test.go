package namespace

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
)

// TestABatchGivesAStoreUp checks that a store that was away for a file is not asked for those that follow, and that files that are in the
// database are read all the same.
func TestABatchGivesAStoreUp(t *testing.T) {
	var asked atomic.Int64
	away := blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
		asked.Add(1)
		return blocks.ErrUnavailable
	})
	fs := newFS(t, func(c *Config) { c.Store = blockstest.Faulty(c.Store, away) })
	s := fs.as(t, superuser)
	var names []string
	for i := range 50 {
		for kind, size := range map[string]int{"blocked": 100_000, "row": 1000} {
			names = append(names, fmt.Sprintf("/d/%s%d", kind, i))
			s.put(t, names[len(names)-1], pattern(size))
		}
		names = append(names, fmt.Sprintf("/d/rows%d", i)) // is read alone
		s.log(t, names[len(names)-1], 3)
	}
	all, err := readBatch(t.Context(), s, names...)
	must(t, err)
	for i, one := range all {
		blocked := one.status.Size == 100_000
		if blocked != (one.err != nil) || blocked && kindOf(one.err) != Unavailable {
			t.Errorf("%s: %d bytes, %v", names[i], len(one.content), one.err)
		}
		if e := (*Error)(nil); blocked && (!errors.As(one.err, &e) || e.Path != names[i]) {
			t.Errorf("%s: %v", names[i], one.err)
		}
	}
	if n := asked.Load(); n < 1 || n > batchAhead+1 {
		t.Errorf("the store was asked %d times", n)
	}
}
