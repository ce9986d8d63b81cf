package postgres

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"syscall"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// fixed are the settings that durability, privacy and this package rest on.
func fixed(f folder, socket string) map[string]string {
	return map[string]string{
		"fsync":              "on",
		"full_page_writes":   "on",
		"synchronous_commit": "on",

		"listen_addresses":        "",
		"port":                    port,
		"unix_socket_directories": `"` + strings.ReplaceAll(socket, `"`, `""`) + `"`, // a list; quotes keep a comma from parting it
		"unix_socket_permissions": "0700",
		"unix_socket_group":       "",

		// One file for each day of the week, truncated when its day comes round while the server runs. Its size is
		// bounded only because nothing is logged that Granary does by design.
		"logging_collector":        "on",
		"log_destination":          "stderr",
		"log_directory":            f.log(),
		"log_filename":             "postgresql-%a.log",
		"log_rotation_age":         "1d",
		"log_rotation_size":        "0",
		"log_truncate_on_rotation": "on",
		"log_file_mode":            "0600",

		"data_directory":    f.cluster(),
		"hba_file":          f.cluster() + "/pg_hba.conf",
		"ident_file":        f.cluster() + "/pg_ident.conf",
		"external_pid_file": "",
	}
}

// Memory is how many bytes this process and its children may use: the machine's, or less if a control group says so.
func Memory() int64 { return memory() }

// The log takes so many bytes, more or less, and of a small disk so small a part: half of what blocks leave free there
// (package blocks/disk). A server that finds no room for its log ends.
const (
	logMost  = 2 << 30
	logLeast = 256 * mib
	logPart  = 40
)

// tuned are settings for a database of many small transactions on a machine with so many bytes of memory, on a disk of so
// many bytes.
func tuned(memory, disk int64) map[string]string {
	buffers := min(max(memory/4, 16*mib), 1024*mib)
	return map[string]string{
		"shared_buffers":       kilobytes(buffers),
		"effective_cache_size": kilobytes(max(memory/2, buffers)),
		"max_connections":      "200",
		"max_wal_size":         fmt.Sprintf("%dMB", min(max(disk/logPart, logLeast), logMost)/mib),
		"min_wal_size":         "128MB",
		"checkpoint_timeout":   "15min",
		"wal_compression":      "on",
		"random_page_cost":     "1.1", // solid-state disks
		"autovacuum_naptime":   "5s",  // listing a directory passes over the rows that were deleted there until they are vacuumed
		"jit":                  "off", // compiling takes longer than any of our queries
		"timezone":             "UTC",
		"log_timezone":         "UTC",
		"log_line_prefix":      "%m [%p] %q%u@%d ",
		"log_lock_waits":       "on",
		// Some statements of Granary's fail by design, and it logs unexpected failures itself; see quietSQL.
		"log_min_error_statement": "log",
	}
}

func kilobytes(bytes int64) string { return fmt.Sprintf("%dkB", bytes/kib) }

// disk is the size of the file system that the folder is on, in bytes, or the largest number where it is not told.
func (f folder) disk() int64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(string(f), &stat); err != nil || stat.Blocks == 0 {
		return math.MaxInt64
	}
	return int64(stat.Blocks) * int64(stat.Bsize) //nolint:unconvert // 32 bits on some machines
}

// settingsFor merges the settings; the later ones win.
func settingsFor(f folder, socket string, asked map[string]string) map[string]string {
	settings := tuned(memory(), f.disk())
	maps.Copy(settings, asked)
	maps.Copy(settings, fixed(f, socket))
	return settings
}

// checkSettings refuses settings that the caller may not change, and what is not the name of one.
func checkSettings(asked map[string]string) error {
	forbidden := fixed("", "")
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if _, ok := forbidden[strings.ToLower(name)]; ok {
			return fmt.Errorf("setting %s cannot be changed: durability, privacy or finding the server depend on it", name)
		}
		if strings.ContainsAny(name, "= ") || name == "" {
			return fmt.Errorf("setting %q is not the name of a setting", name)
		}
	}
	return nil
}
