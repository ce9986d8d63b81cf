package namespace

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// mutating are the kinds of BenchmarkMutations. Each caller has the directory dir to itself and does i after i-1.
var mutating = map[string]func(b *testing.B, s *Session, dir string, i int) error{
	"mkdirs": func(b *testing.B, s *Session, dir string, i int) error {
		return ignore(s.Mkdirs(b.Context(), path(b, dir+"/f"+strconv.Itoa(i)), MkdirOptions{Mode: 0o755}))
	},
	"create": func(b *testing.B, s *Session, dir string, i int) error {
		return ignore(s.Create(b.Context(), path(b, dir+"/f"+strconv.Itoa(i)), CreateOptions{Mode: 0o644, Size: 4096}, bytes.NewReader(small)))
	},
	"rename": func(b *testing.B, s *Session, dir string, i int) error {
		moved, err := s.Rename(b.Context(), path(b, dir+"/f"+strconv.Itoa(i-1)), path(b, dir+"/f"+strconv.Itoa(i)))
		if err == nil && !moved {
			err = fmt.Errorf("%s/f%d was not moved", dir, i-1)
		}
		return err
	},
	"delete": func(b *testing.B, s *Session, dir string, i int) error {
		gone, err := s.Delete(b.Context(), path(b, dir+"/f"+strconv.Itoa(i)), false)
		if err == nil && !gone {
			err = fmt.Errorf("%s/f%d was not there", dir, i)
		}
		return err
	},
}

var small = pattern(4096)

// BenchmarkMutations measures the processor time of a mutation, in this process and in the database, and its bytes of WAL. Callers
// have directories of their own in one project, as in package bench, but without HTTP.
func BenchmarkMutations(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		for _, kind := range []string{"mkdirs", "create", "rename", "delete"} {
			b.Run(fmt.Sprintf("%s, %d callers", kind, callers), func(b *testing.B) {
				fs := newServers(b, 1)[0]
				fs.as(b, "alice", "team")
				if err := fs.makeProject(b.Context(), "vision", "alice"); err != nil {
					b.Fatal(err)
				}
				all := func(do func(s *Session, dir string, caller int) error) {
					crowd(callers, func(i int) {
						if err := do(fs.as(b, "alice"), fmt.Sprintf("/Projects/vision/bench/run/w%d", i), i); err != nil {
							b.Error(err)
						}
					})
				}
				each := b.N/callers + 1
				all(func(s *Session, dir string, _ int) error {
					if err := ignore(s.Mkdirs(b.Context(), path(b, dir), MkdirOptions{Mode: 0o755})); err != nil {
						return err
					}
					for i := range each {
						if kind == "delete" || kind == "rename" && i == 0 {
							if err := mutating["create"](b, s, dir, i); err != nil {
								return err
							}
						}
					}
					return nil
				})
				fs.exec(b, `ANALYZE`)
				var took [64 * 1000]time.Duration
				var n atomic.Int64
				wal, trips := fs.count(b, `SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint`), fs.commits(b)
				database, own := fs.databaseTime(b), ownTime(b)
				b.ReportAllocs()
				b.ResetTimer()
				all(func(s *Session, dir string, _ int) error {
					for i := range each {
						if kind == "rename" {
							i++
						}
						start := time.Now()
						if err := mutating[kind](b, s, dir, i); err != nil {
							return err
						}
						if at := n.Add(1); at <= int64(len(took)) {
							took[at-1] = time.Since(start)
						}
					}
					return nil
				})
				b.StopTimer()
				done := float64(n.Load())
				b.ReportMetric(float64(fs.databaseTime(b)-database)/done, "database-us/op")
				b.ReportMetric(float64(ownTime(b)-own)/done, "own-us/op")
				b.ReportMetric(float64(fs.count(b, `SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint`)-wal)/done, "WAL-bytes/op")
				b.ReportMetric(done/float64(fs.commits(b)-trips), "ops/commit")
				some := took[:min(int(done), len(took))]
				slices.SortFunc(some, cmp.Compare)
				b.ReportMetric(float64(some[len(some)/2].Microseconds()), "median-us")
			})
		}
	}
}

// commits returns how many transactions have ended in all databases of the cluster.
func (fs *testFS) commits(b *testing.B) (n int64) {
	b.Helper()
	if err := pgx.BeginFunc(b.Context(), fs.db, func(tx pgx.Tx) error {
		return tx.QueryRow(b.Context(), `SELECT pg_current_xact_id()::text::bigint`).Scan(&n)
	}); err != nil {
		b.Fatal(err)
	}
	return n
}
