package mem_test

import (
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

func TestStore(t *testing.T) {
	blockstest.Run(t, func(*testing.T) blocks.Store { return mem.New() }, blockstest.HoldsContentInMemory)
}
