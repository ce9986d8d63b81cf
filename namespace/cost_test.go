package namespace

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"granary/blocks/mem"
)

// An append writes little whatever it is appended to: at most 2 KiB of WAL for 300 bytes, its share of a fold included.
//
// PostgreSQL counts all the WAL that it writes, also for other tests and checkpoints, which only ever add. So the cheapest append and
// the cheapest fold count, and while they cost too much, more are tried.
func TestAnAppendWritesLittleWAL(t *testing.T) {
	const folds, bound = 24, 2 << 10
	for _, size := range []int{0, 1000, InlineMax, 10 << 20} {
		t.Run(fmt.Sprintf("%d bytes", size), func(t *testing.T) {
			fs := newFS(t, func(c *Config) { c.Store = mem.New() })
			s := fs.as(t, superuser)
			s.put(t, "/tmp/log", pattern(size))
			each, fold, per := int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64)
			written, rows := fs.walAndRows(t)
			for n := 0; n < folds && per > bound; {
				if err := s.Append(t.Context(), path(t, "/tmp/log"), 300, bytes.NewReader(pattern(300))); err != nil {
					t.Fatal(err)
				}
				fs.folded()
				writtenNow, rowsNow := fs.walAndRows(t)
				if rowsNow < rows {
					fold, n = min(fold, writtenNow-written), n+1
					per = each + fold/foldRows
				} else {
					each = min(each, writtenNow-written)
				}
				written, rows = writtenNow, rowsNow
			}
			t.Logf("%d bytes of WAL for an append, %d for one that folds", each, fold)
			if per > bound {
				t.Errorf("%d bytes of WAL for an append of 300 bytes, want at most %d", per, bound)
			}
		})
	}
}

// walAndRows returns how much WAL the server has written so far, and how many rows of content there are.
func (fs *testFS) walAndRows(t *testing.T) (written, rows int64) {
	t.Helper()
	err := fs.db.QueryRow(t.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn, (SELECT count(*) FROM contents)`).Scan(&written, &rows)
	if err != nil {
		t.Fatal(err)
	}
	return written, rows
}

// grow fills the tables until the planner sees that they are large. It ends the reaper, which would remove much of that again.
func (fs *testFS) grow(t *testing.T) {
	t.Helper()
	fs.still()
	for _, sql := range []string{
		`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime)
			SELECT 1, n, 1000000 + n / 50, 'name' || n, CASE n % 5 WHEN 0 THEN 'd' ELSE 'f' END::"char", 493, 'a', 'g', 0 FROM generate_series(1000000, 1012000) n`,
		`INSERT INTO dirs (project_id, id, mtime, children) SELECT 1, n, 0, 0 FROM generate_series(1000000, 1012000, 5) n`,
		`INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed)
			SELECT 1, 1000000 + n / 10, n % 10, 1, 1, 'x' FROM generate_series(0, 12000) n`,
		`INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version)
			SELECT 1, 1000000 + n / 10, n % 10, 1, gen_random_uuid(), 0, 1 FROM generate_series(0, 12000) n`,
		`INSERT INTO blocks (id, project_id, size, state, writer)
			SELECT gen_random_uuid(), 1, 1, CASE n % 20 WHEN 0 THEN 'g' ELSE 'l' END::"char", gen_random_uuid() FROM generate_series(0, 12000) n`,
		`INSERT INTO jobs (id, kind, sources, target, state, user_id, usr, credential, client, scope_project, scope_root, scope_verbs, ended, entries)
			SELECT gen_random_uuid(), 'copy', '{}', '/t', 'done', 1, 'u', '', '', 0, 0, 0, now(), 0 FROM generate_series(0, 12000)`,
		`INSERT INTO operations (id) SELECT gen_random_uuid() FROM generate_series(0, 12000)`,
		`INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, detail)
			SELECT n % 10, n / 10, now(), 'create', 'u' || n % 50, '', '', n, '/f', '{}' FROM generate_series(1000, 13000) n`,
		`INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason)
			SELECT now(), 'open', 'u' || n % 50, '', '', n % 10, n, '/f', 'allowed', '' FROM generate_series(1, 12000) n`,
		`ANALYZE`,
	} {
		fs.exec(t, sql)
	}
}

// plan returns how the database would run a statement.
func (fs *testFS) plan(t *testing.T, sql string, args ...any) string {
	t.Helper()
	rows, err := fs.db.Query(t.Context(), `EXPLAIN (COSTS OFF) `+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		b.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestStatementsUseTheirIndexes(t *testing.T) {
	fs := newFS(t)
	fs.grow(t)
	for _, tt := range []struct {
		name string
		sql  string
		args []any
		want []string
	}{
		{"walk", walkSQL, []any{[]string{"a", "b"}, int64(1)}, []string{
			"inodes_by_entry on inodes i", "(ROW(parent_id, name) >= ROW(", "Index Scan using dirs_pkey on dirs",
		}},
		{"walks", walksSQL, []any{[]string{"a", "b", "c"}, int64(1), []int32{0, 1}, []int32{1, 2}}, []string{
			"inodes_by_entry on inodes i", "(ROW(parent_id, name) >= ROW(", "Index Scan using dirs_pkey on dirs",
		}},
		{"still", stillSQL, []any{[]int64{0}, []int64{RootID}, []int64{1}, []int64{0}, []int64{1}, int64(1), int64(1)}, []string{"inodes_pkey"}},
		{"list", listSQL, []any{int64(0), int64(RootID), "a", 10, []int64{1}, int64(1), true}, []string{"inodes_by_entry", "(name > "}},
		{"directories", directoriesSQL, []any{int64(0), int64(RootID), "a", 10, []int64{1}, int64(1), true}, []string{"inodes_directories", "(name > "}},
		{"sizes", sizesSQL, []any{[]int64{0}, []int64{RootID}, []int64(nil), int64(1)}, []string{"inodes_directories", "inodes_by_entry"}},
		{"segments", segmentsSQL, []any{int64(0), int64(7), int64(0), int64(100), 10, int64(1), int64(1), 10, int64(100)}, []string{"contents_pkey", "extents_pkey", "(off < "}},
		{"empty directory", emptySQL, []any{int64(0), int64(7)}, []string{"inodes_by_entry"}},
		{"mounts in a directory", mountsSQL, []any{int64(0), int64(7)}, []string{"inodes_mounts"}},
		{"old operations", oldOperationsSQL, []any{keepOperation, oldBatch, nil}, []string{"Index Scan using operations_by_age"}},
		{"whether events are old", oldEventsDueSQL, []any{24 * time.Hour, nil}, []string{"Index Only Scan using events_by_time"}},
		{"old events", oldEventsSQL, []any{24 * time.Hour, oldBatch, []int64{1, 2}, []int64{0, 0}}, []string{"Index Scan using events_pkey", "Tid Scan on events"}},
		{"old accesses", oldAccessesSQL, []any{24 * time.Hour, oldBatch, nil}, []string{"Index Scan using accesses_by_time"}},
		{"counters of former projects", oldFeedsSQL, []any{oldBatch}, []string{"Index Only Scan using events_pkey"}},
		{"jobs with entries", jobsWithEntriesSQL, nil, []string{"jobs_with_entries"}},
		{"old jobs", forgetJobsSQL, []any{JobsKept}, []string{"Index Scan using jobs_ended"}},
		{"unfinished blocks", deadBlocksSQL, []any{deadAfter}, []string{"blocks_unfinished"}},
		{"garbage", garbageSQL, []any{deadAfter, time.Hour, garbageBatch}, []string{"blocks_not_live"}},
		{"shared locks", lockSQL[shared], []any{[]int64{0}, []int64{RootID}}, []string{"inodes_pkey"}},
		{"exclusive locks", lockSQL[exclusive], []any{[]int64{0}, []int64{RootID}}, []string{"inodes_pkey"}},
	} {
		plan := fs.plan(t, tt.sql, tt.args...)
		for _, want := range tt.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s: the plan has no %q:\n%s", tt.name, want, plan)
			}
		}
		checkPlan(t, tt.name, plan)
	}
}

// checkPlan fails if a plan reads all of a large table.
func checkPlan(t *testing.T, name, plan string) {
	t.Helper()
	for _, table := range []string{"inodes", "dirs", "contents", "extents", "blocks", "events"} {
		if strings.Contains(plan, "Seq Scan on "+table) {
			t.Errorf("%s: the plan reads all of %s:\n%s", name, table, plan)
		}
	}
}

// A plan made while tables are nearly empty has to serve while they grow, until they are analyzed again.
func TestPlansForEmptyTablesServeFullOnes(t *testing.T) {
	fs := newFS(t)
	zero, root := []int64{0}, []int64{RootID}
	for name, plan := range map[string]string{
		"locks of a batch": fs.plan(t, lockManySQL, zero, zero, zero, root, zero, root, "100", fs.server),
		"as decided":       (&testFS{FS: &FS{db: fs.byKeys}}).plan(t, asDecidedSQL, zero, zero, zero, zero, zero, root, zero, zero, []tid{{}}, zero, root, zero, zero, []tid{{}}, int64(4), fs.server),
		"shared locks":     fs.plan(t, lockSQL[shared], zero, root),
		"exclusive locks":  fs.plan(t, lockSQL[exclusive], zero, root),
		"still":            fs.plan(t, stillSQL, zero, root, zero, zero, zero, int64(1), int64(1)),
	} {
		if strings.Contains(plan, "inodes_by_entry") {
			t.Errorf("%s: inodes are looked up by their project alone:\n%s", name, plan)
		}
	}
	const byEntry, top = "AND (ROW(parent_id, name) >= ROW(", "Index Cond: ((project_id = 0) AND (id >= 16385) AND"
	walk, walks := fs.plan(t, walkSQL, []string{"a", "b"}, int64(1)), fs.plan(t, walksSQL, []string{"a", "b", "c"}, int64(1), []int32{0, 1}, []int32{1, 2})
	compare := (&testFS{FS: &FS{db: fs.byKeys}}).plan(t, comparingSQL, (&inquiry{narrow: true}).args(time.Now())...)
	for _, tt := range []struct{ name, plan, want string }{
		{"walk", walk, top},
		{"walk", walk, byEntry},
		{"walk", walk, "Index Cond: ((project_id = w.target_project) AND (id >= w.target_id)"},
		{"walks", walks, top},
		{"walks", walks, byEntry},
		{"comparison of rows", compare, "Index Cond: ((project_id = ('{}'::bigint[])[i_1.i]) AND (id >= ('{}'::bigint[])[i_1.i])"},
	} {
		if !strings.Contains(tt.plan, tt.want) {
			t.Errorf("%s: the plan has no %q:\n%s", tt.name, tt.want, tt.plan)
		}
	}
}
