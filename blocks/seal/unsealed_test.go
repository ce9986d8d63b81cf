//go:build granary_unsealed

package seal_test

import (
	"bytes"
	"testing"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
	"granary/blocks/seal"
)

// The build exists to leave plaintext where a test looks for it.
func TestUnsealed(t *testing.T) {
	key := seal.NewKey(1, 1)
	blockstest.Run(t, func(*testing.T) blocks.Store { return seal.Store(mem.New(), key) }, blockstest.HoldsContentInMemory)
	if row := key.SealRow(nil, []byte("grain"), seal.Row{Inode: 1}); !bytes.Equal(row, []byte("grain")) {
		t.Errorf("a row is kept as %q, want plaintext", row)
	}
	if row, err := key.OpenRow(nil, []byte("grain"), seal.Row{Inode: 1}); err != nil || !bytes.Equal(row, []byte("grain")) {
		t.Errorf("a row opens as %q, %v", row, err)
	}
	if got := seal.SealedSize(100); got != 100 {
		t.Errorf("SealedSize(100) = %d", got)
	}
	if seal.Sealing {
		t.Error("the build claims to seal")
	}
}
