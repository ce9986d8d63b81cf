package disk

import (
	"fmt"
	"os"
	"syscall"

	"granary/blocks"
)

// reserveMost is how many bytes of their disk blocks leave free; of a disk below 40 GiB it is one part in reservePart.
// Mostly the database is on the same disk, or somebody else's is. One that finds no room for its log ends, and then
// nothing can be deleted either, so blocks are refused first.
const (
	reserveMost = 2 << 30
	reservePart = 20
)

// readOnly is the flag of a file system that takes no writes: ST_RDONLY on Linux, MNT_RDONLY on macOS.
const readOnly = 1

// Space asks the operating system for the room of the store's file system. What remains for blocks is what is free
// without their reserve and one that the operating system may keep for its superuser.
func (s *Store) Space() (blocks.Space, error) {
	folder, err := s.root.Open(".")
	if err != nil {
		return blocks.Space{}, fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	defer folder.Close()
	space, err := s.spaceAt(folder)
	if err != nil {
		return blocks.Space{}, fmt.Errorf("block folder %s: ask for its room: %w", s.dir, err)
	}
	return space, nil
}

// spaceAt is the room of the file system that f is on.
func (s *Store) spaceAt(f *os.File) (blocks.Space, error) {
	var stat syscall.Statfs_t
	if err := s.statfs(int(f.Fd()), &stat); err != nil {
		return blocks.Space{}, err
	}
	size := unit(&stat)
	capacity := int64(stat.Blocks) * size
	return blocks.Space{
		Capacity:  capacity,
		Used:      int64(stat.Blocks-stat.Bfree) * size,
		Remaining: max(0, int64(stat.Bavail)*size-min(reserveMost, capacity/reservePart)),
	}, nil
}

// checkRoom fails if n more bytes for f, or any if n is below 1 because the size is unknown, would take of the reserve.
// A file system that does not report its room is left to refuse them itself.
func (s *Store) checkRoom(f *os.File, n int64) error {
	space, err := s.spaceAt(f)
	if err != nil || space.Capacity == 0 || space.Remaining >= max(n, 1) {
		return nil //nolint:nilerr // as above
	}
	return fmt.Errorf("%w: blocks leave %d bytes of the disk to the database", blocks.ErrNoSpace, min(reserveMost, space.Capacity/reservePart))
}
