package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting has the kernel begin to write n bytes of f from off to the disk, without waiting, so that the sync at
// the end has little left to do. Errors are ignored: only the sync decides what is durable.
func startWriting(f *os.File, off, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), off, n, unix.SYNC_FILE_RANGE_WRITE)
}
