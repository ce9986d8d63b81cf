package namespace

import (
	"bytes"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Only changes of a name or of labels are indexed anew, and frequent changes of an inode touch none of its indexes.
func TestOnlyNamesAreIndexedAnew(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	must(t, fs.Close()) // so that nothing is indexed in the background
	s.put(t, "/d/f", nil)
	fs.drain(t)
	waiting := func() (rows int) {
		t.Helper()
		must(t, fs.db.QueryRow(t.Context(), `SELECT count(*) FROM unindexed`).Scan(&rows))
		return rows
	}
	f := path(t, "/d/f")
	for what, do := range map[string]func() error{
		"append": func() error { return s.Append(t.Context(), f, -1, strings.NewReader("x")) },
		"times":  func() error { return s.SetTimes(t.Context(), f, 1, 1) },
		"mode":   func() error { return s.SetPermission(t.Context(), f, 0o600) },
		"ACL": func() error {
			return s.ModifyACL(t.Context(), f, []perm.Entry{{Type: perm.User, Name: "eve", Perm: perm.Read}})
		},
		"reading": func() error { s.get(t, "/d/f"); return nil },
	} {
		must(t, do())
		if n := waiting(); n != 0 {
			t.Errorf("%s: %d inodes wait to be indexed", what, n)
		}
	}
	must(t, ignore(s.Rename(t.Context(), f, path(t, "/d/g"))))
	if n := waiting(); n != 1 {
		t.Errorf("after a rename %d inodes wait to be indexed", n)
	}
	must(t, pgx.BeginFunc(t.Context(), fs.db, func(tx pgx.Tx) error {
		const hotSQL = `SELECT pg_stat_get_xact_tuples_hot_updated('inodes'::regclass)`
		var before, after int64
		must(t, tx.QueryRow(t.Context(), hotSQL).Scan(&before))
		_, err := tx.Exec(t.Context(), `UPDATE inodes SET size = size + 1, gen = gen + 1, mtime = mtime + 1, atime = atime + 1 WHERE name = 'g'`)
		must(t, err)
		must(t, tx.QueryRow(t.Context(), hotSQL).Scan(&after))
		if after-before != 1 {
			t.Errorf("%d updates of an inode left its indexes alone, want 1", after-before)
		}
		return nil
	}))
}

// The index is right whatever happened at once on two servers that maintain it together.
func TestTheIndexFollowsWhoeverWrites(t *testing.T) {
	servers := newServers(t, 2)
	servers[0].as(t, superuser).put(t, "/d/f", nil)
	crowd(8, func(i int) {
		fs := servers[i%2]
		s := fs.as(t, superuser)
		at := func(name string, n int) Path { return Path{fmt.Sprintf("/d/%s-%d-%d", name, i, n)} }
		for n := range 20 {
			if _, err := s.Create(t.Context(), at("a", n), CreateOptions{Mode: 0o644}, bytes.NewReader(nil)); err != nil {
				t.Error(err)
			}
			if _, err := s.Rename(t.Context(), at("a", n), at("b", n)); err != nil {
				t.Error(err)
			}
			if _, err := s.Search(t.Context(), SearchQuery{Text: fmt.Sprintf("b-%d-%d", i, n)}); err != nil {
				t.Error(err)
			}
			if n%3 == 0 {
				if _, err := s.Delete(t.Context(), at("b", n), false); err != nil {
					t.Error(err)
				}
			}
		}
	})
	servers[0].indexed(t)
}

// Labels that become very long when they are spelled out do not make the index so, or it could no longer be maintained.
func TestLongLabelsInTheIndex(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", nil)
	long := LabelChange{Set: map[string]string{"a": "needle"}, Description: new(strings.Repeat("\uFDFA", MaxDescription/3))}
	for i := range MaxTags - 1 {
		long.Set[fmt.Sprintf("k%d", i)] = strings.Repeat("\uFDFA", MaxTagValue)
	}
	_, err := s.SetLabels(t.Context(), path(t, "/f"), long)
	must(t, err)
	s.finds(t, "with long labels", SearchQuery{Text: "needle"}, "/f")
	var length int
	must(t, fs.db.QueryRow(t.Context(), `SELECT max(octet_length(words)) FROM names`).Scan(&length))
	if length > maxWords {
		t.Errorf("the index holds %d bytes of the labels of one file", length)
	}
	if most := MaxTags*(64+1+MaxTagValue+1) + MaxDescription; most > maxWords {
		t.Errorf("labels in ASCII have up to %d bytes", most)
	}
}

// A page holds no more hits with long labels than there is memory for, and the pages together hold all hits.
func TestPagesOfLongLabels(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	long := LabelChange{Set: map[string]string{"a": "needle"}}
	for i := range MaxTags - 1 {
		long.Set[fmt.Sprintf("k%d", i)] = strings.Repeat("😀", MaxTagValue)
	}
	const files = 40
	for i := range files {
		s.put(t, fmt.Sprintf("/f%d", i), nil)
		_, err := s.SetLabels(t.Context(), path(t, fmt.Sprintf("/f%d", i)), long)
		must(t, err)
	}
	seen := map[int64]bool{}
	for q := (SearchQuery{Tag: "a=needle", Limit: MaxSearchHits}); ; {
		page, err := s.Search(t.Context(), q)
		must(t, err)
		length := 0
		for _, hit := range page.Hits {
			seen[hit.ID], length = true, length+hit.Labels.length()
		}
		if length > searchLabels+80<<10 {
			t.Errorf("a page has %d bytes of labels", length)
		}
		if page.Partial {
			t.Error("a full page says that it is partial")
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(seen) != files {
		t.Errorf("found %d files, want %d", len(seen), files)
	}
}

// One server at a time maintains the index, or an older name could replace a newer one. Searches meanwhile are answered from what
// is there.
func TestOneServerIndexesAtATime(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/first", nil)
	s.finds(t, "before", SearchQuery{Text: "first"}, "/first")
	must(t, pgx.BeginFunc(t.Context(), fs.db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockIndex)); err != nil {
			return err
		}
		s.put(t, "/first and second", nil)
		if got := s.found(t, SearchQuery{Text: "first"}, 10); len(got) != 1 {
			t.Errorf("while another server indexes, found %q", got)
		}
		return nil
	}))
	s.finds(t, "afterwards", SearchQuery{Text: "first"}, "/first", "/first and second")
}

// TestSearchesThatWaitHoldNoConnection checks that only one search waits for the other server with a connection, so that others need
// not wait for one.
func TestSearchesThatWaitHoldNoConnection(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	other, err := fs.db.Begin(t.Context())
	must(t, err)
	defer other.Rollback(t.Context())
	_, err = other.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, 0)`, int32(lockIndex))
	must(t, err)
	s.put(t, "/file", nil)
	const searches = 20
	done := make(chan error, searches)
	for range searches {
		go func() { done <- ignore(fs.As(s.p).Search(t.Context(), SearchQuery{Text: "file"})) }()
	}
	seen, ended := 0, 0
	for ended < searches {
		select {
		case err := <-done:
			must(t, err)
			ended++
		case <-time.After(time.Millisecond):
			var waiting int
			must(t, other.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&waiting))
			seen = max(seen, waiting)
		}
	}
	if seen != 1 {
		t.Errorf("%d searches waited for the other server at a time, each with a connection", seen)
	}
	must(t, other.Rollback(t.Context()))
	s.finds(t, "afterwards", SearchQuery{Text: "file"}, "/file")
}

// BenchmarkCreateIndexed compares what the index of names adds to a creation: nothing, a row in the list of what waits, or a GIN
// index on the inodes, which was rejected.
func BenchmarkCreateIndexed(b *testing.B) {
	const noList = `DROP TRIGGER await_index ON inodes`
	for _, writers := range []int{1, 8} {
		for _, how := range []struct {
			name string
			sql  []string
		}{
			{"no index", []string{noList}},
			{"listed", nil},
			{"GIN on inodes", []string{noList, `CREATE INDEX inodes_trigrams ON inodes USING gin (name gin_trgm_ops)`}},
		} {
			b.Run(fmt.Sprintf("%d writers, %s", writers, how.name), func(b *testing.B) {
				fs := newServers(b, 1)[0]
				for _, sql := range how.sql {
					if _, err := fs.db.Exec(b.Context(), sql); err != nil {
						b.Fatal(err)
					}
				}
				fs.as(b, superuser).put(b, "/tmp/f", nil)
				var number atomic.Int64
				content := pattern(1000)
				var before, after int64
				wal := func(at *int64) {
					if err := fs.db.QueryRow(b.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn`).Scan(at); err != nil {
						b.Fatal(err)
					}
				}
				wal(&before)
				b.ResetTimer()
				crowd(writers, func(i int) {
					s := fs.as(b, superuser)
					for n := number.Add(1); n <= int64(b.N); n = number.Add(1) {
						if _, err := s.Create(b.Context(), path(b, fmt.Sprintf("/tmp/%d/%s", i, fileName(int(n)))),
							CreateOptions{CreateParent: true, Overwrite: true, Mode: 0o644, Size: int64(len(content))}, bytes.NewReader(content)); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.StopTimer()
				wal(&after)
				b.ReportMetric(float64(after-before)/float64(b.N), "WAL-B/op")
			})
		}
	}
}
