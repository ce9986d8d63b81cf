package disk

import (
	"syscall"
	"testing"

	"granary/blocks"
)

// A file system counts fragments, whatever it prefers to be asked for at once.
func TestSpaceIsCountedInFragments(t *testing.T) {
	s := open(t, t.TempDir())
	const gib = 1 << 30
	for _, tt := range []struct{ block, fragment, counted int64 }{
		{1 << 20, 4096, 4096},
		{4096, 1 << 20, 1 << 20},
		{4096, 0, 4096}, // it does not tell
	} {
		s.statfs = func(_ int, stat *syscall.Statfs_t) error {
			blocks := uint64(100 * gib / tt.counted)
			stat.Bsize, stat.Frsize, stat.Blocks, stat.Bfree, stat.Bavail = tt.block, tt.fragment, blocks, blocks/2, blocks/2
			return nil
		}
		space, err := s.Space()
		if want := (blocks.Space{Capacity: 100 * gib, Used: 50 * gib, Remaining: 50*gib - reserveMost}); err != nil || space != want {
			t.Errorf("blocks of %d and fragments of %d bytes: %+v, %v; want %+v", tt.block, tt.fragment, space, err, want)
		}
	}
}
