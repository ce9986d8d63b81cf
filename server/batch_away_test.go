package server

import (
	"fmt"
	"strings"
	"testing"

	"granary/auth"
	"granary/blocks/blockstest"
	"granary/namespace"
)

// withoutStore is h with a store that is not available.
func (h *house) withoutStore() (away *house, store *blockstest.FaultyStore) {
	names := h.names
	h.names = func(authority *auth.Authority, change ...func(*namespace.Config)) *namespace.FS {
		return names(authority, append(change, func(c *namespace.Config) {
			store = blockstest.Faulty(c.Store, blockstest.Away(blockstest.OpPut, blockstest.Every))
			c.Store = store
		})...)
	}
	away = h.nextDoor()
	return away, store
}

// TestABatchWriteGivesAStoreUp: once the store was away for one member, it is asked for no others, and members that do without it are written.
func TestABatchWriteGivesAStoreUp(t *testing.T) {
	h, store := newHouse(t).withoutStore()
	for size, most := range map[int]int{100_000: 1, namespace.RowMax + 1: batchWriters} { // those that are written one by one, and those beside one another
		var members []member
		for i := range 50 {
			members = append(members, file(fmt.Sprint("large", i), strings.Repeat("x", size)), file(fmt.Sprint("small", i), "small"))
		}
		before := store.Calls(blockstest.OpPut)
		out := h.writeBatch("ada", "&overwrite=true", archive(t, members...))
		if asked := store.Calls(blockstest.OpPut) - before; asked < 1 || asked > most {
			t.Errorf("%d bytes: the store was asked %d times", size, asked)
		}
		if out.Written != 50 || out.Failed != 50 || out.Problem != nil {
			t.Errorf("%d bytes: %d are written, %d failed, %+v", size, out.Written, out.Failed, out.Problem)
		}
		for i, m := range out.Members {
			if i%2 == 0 && (m.Status != 503 || m.Problem.Instance != m.Path || !strings.Contains(m.Problem.Detail, "block store is not available")) {
				t.Errorf("%+v, %+v", m, m.Problem)
			}
		}
	}
}
