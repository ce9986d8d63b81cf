package postgres

import (
	"math"

	"golang.org/x/sys/unix"
)

// memory is how many bytes the machine has.
func memory() int64 {
	total, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 512 * mib // the least that PostgreSQL is comfortable with, where the kernel does not tell
	}
	return int64(min(total, math.MaxInt64))
}
