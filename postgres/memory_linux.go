package postgres

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// memory is how many bytes this process and its children may use: the machine's, or less if a control group says so.
func memory() int64 {
	var info unix.Sysinfo_t
	total := int64(512 * mib) // the least that PostgreSQL is comfortable with, where the kernel does not tell
	if unix.Sysinfo(&info) == nil {
		total = int64(min(uint64(info.Totalram)*uint64(info.Unit), math.MaxInt64)) //nolint:unconvert // 32 bits on some machines
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return total
	}
	return min(total, groupLimit("/sys/fs/cgroup", string(groups)))
}

// groupLimit is the lowest memory limit of the control groups named in a /proc/self/cgroup and of their ancestors, or
// the largest number where there is none. Version 2 has one hierarchy, "0::/path"; version 1 names its controllers.
// (Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of the Linux kernel.)
func groupLimit(root, groups string) int64 {
	limit := int64(math.MaxInt64)
	for line := range strings.Lines(groups) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		var base, file string
		switch {
		case fields[1] == "":
			base, file = root, "memory.max"
		case fields[1] == "memory":
			base, file = filepath.Join(root, "memory"), "memory.limit_in_bytes"
		default:
			continue
		}
		for at := filepath.Clean("/" + fields[2]); ; at = filepath.Dir(at) {
			// Missing at the root and outside a container's view, and "max" where unlimited: neither is a number.
			text, _ := os.ReadFile(filepath.Join(base, at, file))
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
				limit = min(limit, n)
			}
			if at == "/" {
				break
			}
		}
	}
	return limit
}
