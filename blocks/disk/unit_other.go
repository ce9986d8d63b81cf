//go:build !linux

package disk

import "syscall"

// unit is the size in bytes of what stat counts.
func unit(stat *syscall.Statfs_t) int64 { return int64(stat.Bsize) }
