package disk

import (
	"fmt"
	"syscall"
)

// Space is the room of the file system that a store's folder is on, in bytes.
type Space struct {
	Capacity  int64 // in all
	Used      int64 // by whatever else is there, too
	Remaining int64 // for this user: less than the rest where some is reserved
}

// Space asks the operating system.
func (s *Store) Space() (Space, error) {
	folder, err := s.root.Open(".")
	if err != nil {
		return Space{}, fmt.Errorf("block folder %s: %w", s.dir, err)
	}
	defer folder.Close()
	var stat syscall.Statfs_t
	if err := syscall.Fstatfs(int(folder.Fd()), &stat); err != nil {
		return Space{}, fmt.Errorf("block folder %s: ask for its room: %w", s.dir, err)
	}
	size := int64(stat.Bsize) //nolint:unconvert // an int64 on Linux alone
	return Space{
		Capacity:  int64(stat.Blocks) * size,
		Used:      int64(stat.Blocks-stat.Bfree) * size,
		Remaining: int64(stat.Bavail) * size,
	}, nil
}
