package disk

import "syscall"

// unit is the size, in bytes, of what stat counts: a fragment, as in statvfs(3). The block size is how much a file
// system prefers to be asked for at once, which one in user space may give as anything else.
func unit(stat *syscall.Statfs_t) int64 {
	if stat.Frsize > 0 {
		return int64(stat.Frsize) //nolint:unconvert // an int64 on some machines alone
	}
	return int64(stat.Bsize) //nolint:unconvert // as above
}
