package disk

import (
	"errors"
	"io"
	"syscall"
	"testing"

	"granary/blocks"
)

func TestSpace(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	space, err := s.Space()
	if err != nil {
		t.Fatal(err)
	}
	if space.Capacity <= 0 || space.Used <= 0 || space.Remaining < 0 || space.Used+space.Remaining > space.Capacity {
		t.Errorf("%+v: want a capacity of at least what is used and what remains", space)
	}
	s.Close()
	if space, err := s.Space(); err == nil {
		t.Errorf("of a closed store: %+v, want an error", space)
	}
}

// disks tells of a disk of capacity bytes, on which left are available; taken is taken off that with each question.
func disks(capacity, left, taken int64) func(int, *syscall.Statfs_t) error {
	return func(_ int, stat *syscall.Statfs_t) error {
		stat.Bsize, stat.Blocks, stat.Bfree, stat.Bavail = 1, uint64(capacity), uint64(left), uint64(left)
		left -= taken
		return nil
	}
}

func TestSpaceLeavesAReserve(t *testing.T) {
	s := open(t, t.TempDir())
	const gib = 1 << 30
	for _, tt := range []struct{ capacity, left, want int64 }{
		{20 * gib, 3 * gib, 2 * gib},
		{20 * gib, gib - 1, 0},
		{1000 * gib, 10 * gib, 8 * gib},
	} {
		s.statfs = disks(tt.capacity, tt.left, 0)
		if space, err := s.Space(); err != nil || space.Remaining != tt.want || space.Used != tt.capacity-tt.left {
			t.Errorf("%d left of %d: %+v, %v, want %d to remain", tt.left, tt.capacity, space, err, tt.want)
		}
	}
}

// What would take of the reserve is refused, at once or as soon as it is noticed, and leaves nothing.
func TestPutLeavesAReserve(t *testing.T) {
	const reserve, capacity = reserveMost, reserveMost * 100
	for _, tt := range []struct {
		name         string
		capacity     int64
		left, taken  int64
		size, length int64
		refused      bool
		mostRead     int64
	}{
		{"there is room", capacity, reserve + 10, 0, 10, 10, false, 10},
		{"one byte too much", capacity, reserve + 9, 0, 10, 10, true, 0},
		{"of unknown length, full", capacity, reserve, 0, blocks.SizeUnknown, 10, true, 0},
		{"of unknown length, filled meanwhile", capacity, reserve + flushEach, flushEach, blocks.SizeUnknown, 10 * flushEach, true, flushEach + 4*pieceSize},
		{"of known length, filled meanwhile by others", capacity, reserve + 10*flushEach, 9 * flushEach, 10 * flushEach, 10 * flushEach, true, flushEach + 4*pieceSize},
		{"a disk that does not tell", 0, 0, 0, 10, 10, false, 10},
	} {
		dir := t.TempDir()
		s := open(t, dir)
		s.statfs = disks(tt.capacity, tt.left, tt.taken)
		before := len(files(t, dir))
		content := &endless{}
		err := s.Put(t.Context(), blocks.NewID(), io.LimitReader(content, tt.length), tt.size)
		if tt.refused != errors.Is(err, blocks.ErrNoSpace) || !tt.refused && err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if content.read > tt.mostRead+pieceSize {
			t.Errorf("%s: %d bytes were read", tt.name, content.read)
		}
		if left := len(files(t, dir)) - before; tt.refused && left != 0 {
			t.Errorf("%s: %d files are left", tt.name, left)
		}
		if err := s.Healthy(t.Context()); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
