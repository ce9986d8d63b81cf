package namespace

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// tick is the unit in which the kernel counts the time of processes, in microseconds.
const tick = 10_000

// databaseTime is how much processor time the connections of fs have used so far, in microseconds; 0 if the database runs on
// another machine.
func (fs *testFS) databaseTime(b *testing.B) (us int64) {
	b.Helper()
	rows, err := fs.db.Query(b.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	if err != nil {
		b.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		b.Fatal(err)
	}
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		var user, system int64
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
			b.Fatal(err)
		}
		us += (user + system) * tick
	}
	return us
}

// ownTime is how much processor time this process has used, in microseconds.
func ownTime(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return (u.Utime.Sec+u.Stime.Sec)*1e6 + u.Utime.Usec + u.Stime.Usec
}

// What a lookup costs this process and the database: of files five directories deep, 16 in each of four.
func benchmarkLookups(b *testing.B, do func(s *Session, path Path) error) {
	for _, callers := range []int{1, 16, 64} {
		for _, tt := range []struct {
			name  string
			hints int
			lanes int
			batch int
		}{{"walks", -1, 0, 0}, {"hints one by one", 0, 8, 1}, {"hints", 0, 0, 0}, {"hints in one lane", 0, 1, 0}} {
			b.Run(fmt.Sprintf("%d callers, %s", callers, tt.name), func(b *testing.B) {
				fs := newServers(b, 1, func(c *Config) { c.Hints, c.LookupLanes, c.LookupBatch = tt.hints, tt.lanes, tt.batch })[0]
				s := fs.as(b, "alice", "team")
				if err := fs.makeProject(b.Context(), "vision", "alice"); err != nil {
					b.Fatal(err)
				}
				var paths []Path
				for dir := range 4 {
					for file := range 16 {
						name := fmt.Sprintf("/Projects/vision/data/d%d/f%d", dir, file)
						s.put(b, name, pattern(4096))
						paths = append(paths, path(b, name))
					}
				}
				for _, p := range paths {
					if err := do(s, p); err != nil {
						b.Fatal(err)
					}
				}
				var number atomic.Int64
				database, own := fs.databaseTime(b), ownTime(b)
				b.ReportAllocs()
				b.ResetTimer()
				crowd(callers, func(int) {
					s := fs.as(b, "alice")
					for n := number.Add(1); n <= int64(b.N); n = number.Add(1) {
						if err := do(s, paths[n*7%int64(len(paths))]); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.StopTimer()
				b.ReportMetric(float64(fs.databaseTime(b)-database)/float64(b.N), "database-us/op")
				b.ReportMetric(float64(ownTime(b)-own)/float64(b.N), "own-us/op")
			})
		}
	}
}

func BenchmarkStat(b *testing.B) {
	benchmarkLookups(b, func(s *Session, path Path) error {
		_, err := s.Stat(b.Context(), path)
		return err
	})
}

func BenchmarkRead(b *testing.B) {
	benchmarkLookups(b, func(s *Session, path Path) error {
		_, err := read(b.Context(), s, path)
		return err
	})
}
