package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting has n bytes of f from off on written to the disk behind the call, so that the sync at the end waits for little. That it
// cannot is no failure, and says nothing about what is durable: the sync does.
func startWriting(f *os.File, off, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), off, n, unix.SYNC_FILE_RANGE_WRITE)
}
