package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// breakage is a statement that breaks a rule that fsck checks. $file is the inode of a file in a block with an appended
// row, $small that of a file beside its inode, $dir that of the directory of both, $other that of another file in a block.
type breakage struct{ rule, sql, repair string }

const insertLease = `INSERT INTO leases (project_id, inode_id, id, holder, client, newborn)`

const insertUpload = `INSERT INTO uploads (id, usr, path, project_id, inode_id, length, size, mode, replication, block_size)`

// damage is undone by a rollback.
var damage = []breakage{
	{rule: "an inode's parent exists", sql: `UPDATE inodes SET parent_id = 1 WHERE id = $file`},
	{
		rule: "an inode without a parent is the root of a project or waits for the reaper or for a job",
		sql:  `UPDATE inodes SET parent_id = NULL WHERE id = $dir`,
	},
	{rule: "every inode can be reached", sql: `UPDATE inodes SET parent_id = $dir WHERE id = $dir`},
	{rule: "a project has a root, a mount and a key", sql: `DELETE FROM project_keys WHERE project_id <> 0`},
	{rule: "a project has a root, a mount and a key", sql: `DELETE FROM inodes WHERE kind = 'm'`},
	{rule: "a directory counts its children", sql: `UPDATE dirs SET children = children + 1 WHERE id = $dir`},
	{rule: "a directory counts its children", sql: `DELETE FROM dirs WHERE id = $dir`},
	{rule: "counters belong to directories", sql: `INSERT INTO dirs (project_id, id, mtime, children) VALUES (0, $file, 0, 0)`},
	{rule: "a file's content covers it once and without gaps", sql: `DELETE FROM contents WHERE inode_id = $file`},
	{rule: "a file's content covers it once and without gaps", sql: `DELETE FROM contents WHERE inode_id = $small`},
	{rule: "a file's content covers it once and without gaps", sql: `UPDATE contents SET off = off + 1 WHERE inode_id = $file`},
	{rule: "a file's content covers it once and without gaps", sql: `UPDATE inodes SET size = size - 1 WHERE id = $small`},
	{
		rule: "content belongs to a file",
		sql:  `INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed) VALUES (0, $dir, 0, 1, 1, '')`,
	},
	{rule: "an entry has a name that a path can hold", sql: `UPDATE inodes SET name = '..' WHERE id = $small`},
	{rule: "an entry has a name that a path can hold", sql: `UPDATE inodes SET name = 'a/b' WHERE id = $dir`},
	{rule: "an entry has a name that a path can hold", sql: `UPDATE inodes SET name = repeat('n', 256) WHERE id = $small`},
	{rule: "checksum parts cover no more than the file", sql: `UPDATE sums SET size = size + 1000 WHERE inode_id = $file`},
	{rule: "an extent lies in a live block of its project", sql: `UPDATE blocks SET state = 'g'`},
	{rule: "an extent lies in a live block of its project", sql: `UPDATE extents SET block_off = 1`},
	{rule: "a live block is used", sql: `DELETE FROM extents`},
	{rule: "what has come of an upload is there", sql: insertUpload + ` VALUES (gen_random_uuid(), 'ada', '/x', 0, 77777, 10, 5, 420, 1, 512)`},
	{rule: "what has come of an upload is there", sql: insertUpload + ` SELECT gen_random_uuid(), 'ada', '/x', 0, $file, 1000000000, size, 420, 1, 512 FROM inodes WHERE id = $file`},
	{rule: "a block knows how much of it is used", sql: `UPDATE blocks SET live = live - 1`},
	{rule: "a lease and its file name each other", sql: `UPDATE inodes SET lease = 1 WHERE id = $small`},
	{rule: "a lease and its file name each other", sql: insertLease + ` SELECT 0, $small, 1, '', '', false`},
	{
		rule: "a lease and its file name each other",
		sql:  `WITH i AS (UPDATE inodes SET lease = 2 WHERE id = $small RETURNING id) ` + insertLease + ` SELECT 0, id, 1, '', '', false FROM i`,
	},
	{rule: "a lease and its file name each other", sql: insertLease + ` SELECT 0, 1, 1, '', '', false`},
	{rule: "the events of a project are numbered without gaps up to the last", sql: `UPDATE feeds SET last = last + 1`},
	{rule: "the events of a project are numbered without gaps up to the last", sql: `DELETE FROM feeds`},
	{rule: "the events of a project are numbered without gaps up to the last", sql: `DELETE FROM events WHERE seq = 2`},
	{rule: "a file is empty until its first content has come", sql: insertLease + ` SELECT 0, $small, 1, '', '', true`},
}

// lastingDamage is found over several connections, so it is committed and has to be repaired.
var lastingDamage = []breakage{
	{
		rule: "the store holds every live block",
		sql: `WITH b AS (INSERT INTO blocks (id, project_id, size, state, writer) VALUES (gen_random_uuid(), 0, 1, 'l', gen_random_uuid())
			RETURNING id) INSERT INTO extents SELECT 0, $small, 1000, 1, id, 0, 1 FROM b`,
		repair: `WITH e AS (DELETE FROM extents WHERE off = 1000 RETURNING block_id) DELETE FROM blocks USING e WHERE id = e.block_id`,
	},
	{
		rule:   "the store holds every live block",
		sql:    `UPDATE blocks SET size = size + 1 WHERE state = 'l'`,
		repair: `UPDATE blocks SET size = size - 1 WHERE state = 'l'`,
	},
	{
		rule:   "content can be read",
		sql:    `UPDATE contents SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE inode_id = $small`,
		repair: `UPDATE contents SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE inode_id = $small`,
	},
	{
		rule:   "content can be read",
		sql:    `UPDATE sums a SET state = b.state FROM sums b WHERE a.inode_id IN ($file, $other) AND b.inode_id IN ($file, $other) AND a.inode_id <> b.inode_id`,
		repair: `UPDATE sums a SET state = b.state FROM sums b WHERE a.inode_id IN ($file, $other) AND b.inode_id IN ($file, $other) AND a.inode_id <> b.inode_id`,
	},
}

func TestFsckFindsDamage(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser, SuperGroup)
	if err := fs.makeProject(t.Context(), "p", superuser); err != nil {
		t.Fatal(err)
	}
	root.put(t, "/d/file", pattern(PackMax+100))
	if err := root.Append(t.Context(), path(t, "/d/file"), -1, strings.NewReader("a row of its own")); err != nil {
		t.Fatal(err)
	}
	root.put(t, "/d/small", pattern(100))
	root.put(t, "/other", slices.Repeat([]byte{1}, PackMax+100))
	fs.clean(t)
	inodes := []string{}
	for name, at := range map[string]string{"$file": "/d/file", "$small": "/d/small", "$dir": "/d", "$other": "/other"} {
		st, err := root.Stat(t.Context(), path(t, at))
		if err != nil {
			t.Fatal(err)
		}
		inodes = append(inodes, name, strconv.FormatInt(st.ID, 10))
	}
	broken := func(sql string) string { return strings.NewReplacer(inodes...).Replace(sql) }
	found := func(report *Report, d breakage) {
		t.Helper()
		if !slices.ContainsFunc(report.Problems, func(p Problem) bool { return p.Check == d.rule }) {
			t.Errorf("after %q fsck finds %v", d.sql, report.Problems)
		}
	}
	for _, d := range damage {
		tx, err := fs.db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), broken(d.sql)); err != nil {
			t.Error(err)
		}
		var report Report
		if err := checkNames(t.Context(), tx, &report); err != nil {
			t.Error(err)
		}
		found(&report, d)
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, check := range fsckChecks {
		if !slices.ContainsFunc(damage, func(d breakage) bool { return d.rule == check.rule }) {
			t.Errorf("no damage breaks %q", check.rule)
		}
	}
	for _, d := range lastingDamage {
		fs.clean(t)
		if _, err := fs.db.Exec(t.Context(), broken(d.sql)); err != nil {
			t.Fatal(err)
		}
		report, err := fs.Fsck(t.Context(), FsckOptions{ReadData: true})
		if err != nil {
			t.Fatal(err)
		}
		found(&report, d)
		if _, err := fs.db.Exec(t.Context(), broken(d.repair)); err != nil {
			t.Fatal(err)
		}
	}
	fs.clean(t)
}

// A file whose content is damaged or gone is named by its path: an id tells nobody whose file it is, or what to look for in a backup.
func TestFsckNamesFiles(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	small, large := root.put(t, "/d/small", pattern(100)), root.put(t, "/d/a\nlarge", pattern(PackMax+100))
	flip := func() {
		t.Helper()
		if _, err := fs.db.Exec(t.Context(), `UPDATE contents SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE inode_id = $1`, small.ID); err != nil {
			t.Fatal(err)
		}
	}
	flip()
	defer flip()
	var id blocks.ID
	if err := fs.db.QueryRow(t.Context(), `SELECT block_id FROM extents WHERE inode_id = $1`, large.ID).Scan((*[16]byte)(&id)); err != nil {
		t.Fatal(err)
	}
	if err := fs.store.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	report, err := fs.Fsck(t.Context(), FsckOptions{ReadData: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{fmt.Sprintf(`file %d, "/d/small": `, small.ID), fmt.Sprintf(`file %d, "/d/a\nlarge": `, large.ID)} {
		if !slices.ContainsFunc(report.Problems, func(p Problem) bool { return strings.HasPrefix(p.What, want) }) {
			t.Errorf("nothing begins with %s among %q", want, report.Problems)
		}
	}
}

// What is deleted while fsck runs is not damage, and neither is a block that nothing names, since an upload may have died.
func TestFsckForgivesChange(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	st := root.put(t, "/file", pattern(100<<10))
	listed, err := fs.files(t.Context(), fileSQL, key{0, st.ID})
	if err != nil || len(listed) != 1 {
		t.Fatalf("%v, %v", listed, err)
	}
	if _, err := root.Delete(t.Context(), path(t, "/file"), false); err != nil {
		t.Fatal(err)
	}
	var report Report
	check := contentCheck{fs: fs.FS, report: &report}
	if err := check.readCurrent(t.Context(), listed[0]); err != nil || len(report.Problems) > 0 {
		t.Errorf("a file that was deleted after it was listed: %v, %v", err, report.Problems)
	}
	if err := fs.store.Put(t.Context(), blocks.NewID(), strings.NewReader("orphan"), 6); err != nil {
		t.Fatal(err)
	}
	if report := fs.clean(t); report.Orphans != 1 {
		t.Errorf("fsck counts %d blocks that belong to nothing, want 1", report.Orphans)
	}
}

// A connection that a restart of the database has ended says nothing of the content of the file that was to be read over it.
func TestFsckOutlivesItsConnections(t *testing.T) {
	fs := newFS(t)
	st := fs.as(t, superuser).put(t, "/file", pattern(100<<10))
	listed, err := fs.files(t.Context(), fileSQL, key{0, st.ID})
	if err != nil || len(listed) != 1 {
		t.Fatalf("%v, %v", listed, err)
	}
	conn, err := fs.db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.db.Exec(t.Context(), `SELECT pg_terminate_backend($1, 10000)`, int64(conn.Conn().PgConn().PID())); err != nil {
		t.Fatal(err)
	}
	conn.Release() // it is the next one that is used
	report := Report{}
	check := contentCheck{fs: fs.FS, report: &report}
	if err := check.readCurrent(t.Context(), listed[0]); err != nil || len(report.Problems) > 0 || report.BytesRead != st.Size {
		t.Errorf("%+v, %v", report, err)
	}
}

// Reading a page of files, or one of them, costs what it holds, however many files there are.
func TestFsckReadsFilesByTheirKey(t *testing.T) {
	fs := newFS(t)
	fs.grow(t)
	for _, tt := range []struct{ name, sql, want string }{
		{"page", filesPageSQL, "Index Cond: (ROW(project_id, id) > ROW("},
		{"file", fileSQL, "Index Cond: ((project_id = "},
	} {
		plan := fs.plan(t, tt.sql, int64(1), int64(1005000))
		if !strings.Contains(plan, "using inodes_pkey") || !strings.Contains(plan, tt.want) || strings.Contains(plan, "Sort") {
			t.Errorf("%s: the plan does not read the key in its order:\n%s", tt.name, plan)
		}
	}
}

// All files of all projects are read, although some have lower ids than files of projects before theirs.
func TestFsckReadsEveryFile(t *testing.T) {
	fs := newFS(t)
	root, owner := fs.as(t, superuser), fs.as(t, "alice", "team")
	for _, name := range []string{"late", "early"} {
		must(t, fs.makeProject(t.Context(), name, owner.p.User))
	}
	for i := range 4 {
		for _, dir := range []string{"/Projects/early/", "/Projects/late/", "/tmp/"} {
			root.put(t, fmt.Sprint(dir, i), pattern(100<<10))
		}
	}
	var files, bytes int64
	report, err := fs.Fsck(t.Context(), FsckOptions{ReadData: true, Progress: func(f, b int64) { files, bytes = f, b }})
	if err != nil || report.Files != 12 || report.BytesRead != 12*100<<10 || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if files != report.Files || bytes != report.BytesRead {
		t.Errorf("last told of %d files and %d bytes", files, bytes)
	}
}

// A store that is away is no damage: a short time is waited for, and what takes longer ends the check.
func TestFsckWhileTheStoreIsAway(t *testing.T) {
	var away atomic.Int64 // calls of Open that fail
	store := mem.New()
	fs := newFS(t, func(c *Config) {
		c.Store = blockstest.Faulty(store, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
			if away.Add(-1) < 0 {
				return nil
			}
			return fmt.Errorf("%w: it says 503", blocks.ErrUnavailable)
		}))
	})
	fs.as(t, superuser).put(t, "/tmp/large", pattern(2<<20))
	for calls, read := range map[int64]bool{1: true, 1_000_000: false} {
		away.Store(calls)
		report, err := fs.Fsck(t.Context(), FsckOptions{ReadData: true})
		if read != (err == nil) || !read && !errors.Is(err, blocks.ErrUnavailable) || len(report.Problems) > 0 {
			t.Errorf("away for %d calls: %+v, %v", calls, report, err)
		}
	}
	var lost blocks.ID
	must(t, fs.db.QueryRow(t.Context(), `SELECT id FROM blocks`).Scan((*[16]byte)(&lost)))
	must(t, store.Delete(t.Context(), lost))
	away.Store(1_000_000)
	if report, err := fs.Fsck(t.Context(), FsckOptions{}); !errors.Is(err, blocks.ErrUnavailable) || len(report.Problems) > 0 {
		t.Errorf("it cannot be looked for: %+v, %v", report, err)
	}
	away.Store(0)
	if report, err := fs.Fsck(t.Context(), FsckOptions{}); err != nil || len(report.Problems) != 1 {
		t.Errorf("it is lost: %+v, %v", report, err)
	}
}

// Between its rules fsck holds no snapshot, as that would keep every dead row; and no rule takes what others do for damage.
func TestFsckBesideTraffic(t *testing.T) {
	held := make(chan error, 100)
	var db *pgxpool.Pool
	fs := newFS(t, func(c *Config) {
		db = c.DB
		c.Store = blockstest.Faulty(mem.New(), blockstest.Before(blockstest.OpList, blockstest.Every, func(ctx context.Context) error {
			var n int
			err := db.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'
				AND backend_xmin IS NOT NULL AND backend_xid IS NULL`).Scan(&n)
			if err == nil && n > 0 {
				err = fmt.Errorf("%d snapshots are held", n)
			}
			held <- err
			return nil
		}))
	})
	root := fs.as(t, superuser)
	must(t, ignore(root.Mkdirs(t.Context(), path(t, "/tmp/limited/d"), MkdirOptions{Mode: 0o755})))
	names := int64(1_000_000)
	must(t, root.SetQuota(t.Context(), path(t, "/tmp/limited"), QuotaChange{Names: &names}))
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		stopped <- func() error {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return nil
				default:
				}
				at := path(t, fmt.Sprintf("/tmp/limited/d/%d", i%5))
				if _, err := root.Create(t.Context(), at, CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}, bytes.NewReader(pattern(100<<10))); err != nil {
					return err
				}
				if _, err := root.Delete(t.Context(), path(t, fmt.Sprintf("/tmp/limited/d/%d", (i+2)%5)), false); err != nil {
					return err
				}
			}
		}()
	}()
	for range 10 {
		fs.clean(t)
		if err := <-held; err != nil {
			t.Error(err)
		}
	}
	close(stop)
	must(t, <-stopped)
}
