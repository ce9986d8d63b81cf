package namespace

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/blocks"
	"granary/blocks/blockstest"
	"granary/blocks/mem"
)

// count runs a query for one number.
func (fs *testFS) count(t testing.TB, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := fs.db.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (fs *testFS) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := fs.db.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// rows counts all rows that make up names and content.
const rows = `SELECT (SELECT count(*) FROM inodes) + (SELECT count(*) FROM dirs) + (SELECT count(*) FROM contents) +
	(SELECT count(*) FROM extents) + (SELECT count(*) FROM sums) + (SELECT count(*) FROM blocks) + (SELECT count(*) FROM detached)`

// TestADirectoryOfManyIsPurgedWhole purges more files and directories than one transaction does, with names in any order.
func TestADirectoryOfManyIsPurgedWhole(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	s.put(t, "/tmp/keep", []byte("x"))
	before := fs.count(t, rows)
	if _, err := s.Mkdirs(t.Context(), path(t, "/tmp/many"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	const children = 2*purgeBatch + 500
	for _, sql := range []string{
		`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, block_size)
			SELECT 0, 1000000 + n, (SELECT id FROM inodes WHERE name = 'many'), md5(n::text), CASE n % 5 WHEN 0 THEN 'd' ELSE 'f' END::"char", 493, 'a', 'g', 0, 1048576 FROM generate_series(1, $1::int) n`,
		`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, block_size)
			SELECT 0, 2000000 + n, 1000000 + n, 'below', 'f'::"char", 493, 'a', 'g', 0, 1048576 FROM generate_series(5, $1::int, 5) n`,
		`INSERT INTO dirs (project_id, id, mtime, children) SELECT 0, 1000000 + n, 0, 1 FROM generate_series(5, $1::int, 5) n
			UNION ALL SELECT 0, id, 0, $1 FROM inodes WHERE name = 'many'`,
	} {
		fs.exec(t, sql, children)
	}
	fs.clean(t)
	if ok, err := s.Delete(t.Context(), path(t, "/tmp/many"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	fs.clean(t)
	if after := fs.count(t, rows); after != before {
		t.Errorf("%d rows are left, %d were there before", after, before)
	}
}

// TestARoundDoesNotWaitForTheWholePurge checks that other steps do not wait until millions of inodes are gone.
func TestARoundDoesNotWaitForTheWholePurge(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Guest = true }) // so that there is no other reaper
	s := fs.as(t, superuser)
	s.put(t, "/gone", pattern(InlineMax+1))
	must(t, ignore(s.Delete(t.Context(), path(t, "/gone"), false)))
	const many = purgeSteps*purgeBatch + 500
	fs.exec(t, `INSERT INTO inodes (project_id, id, name, kind, mode, owner, grp, mtime) VALUES (0, 1000000, 'many', 'd', 493, 'a', 'g', 0)`)
	fs.exec(t, `INSERT INTO dirs (project_id, id, mtime, children) VALUES (0, 1000000, 0, $1)`, many)
	fs.exec(t, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, block_size)
		SELECT 0, 1000000 + n, 1000000, n, 'f', 493, 'a', 'g', 0, 1048576 FROM generate_series(1, $1::int) n`, many)
	fs.exec(t, `INSERT INTO detached (project_id, inode_id) VALUES (0, 1000000)`)
	left := `SELECT count(*) FROM inodes WHERE id >= 1000000 AND $1::int > 0`
	more, err := fs.reapRound(t.Context(), map[key]string{})
	if n := fs.count(t, left, many); !more || err != nil || n != many-purgeSteps*purgeBatch+1 {
		t.Errorf("behind a round %d inodes are left; more: %t, %v", n, more, err)
	}
	if n := fs.count(t, `SELECT count(*) FROM blocks`); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, left, many); n != 0 {
		t.Errorf("%d inodes are left", n)
	}
}

// TestAStepThatFailsIsInNobodysWay checks that a row that cannot be removed is reported, and everything else is done.
func TestAStepThatFailsIsInNobodysWay(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	fs.still()
	s := fs.as(t, superuser)
	ada := fs.as(t, "ada", "people")
	for _, name := range []string{"stays", "goes"} {
		must(t, ada.CreateProject(t.Context(), NewProject{Name: name}))
		must(t, ada.DeleteProject(t.Context(), name))
	}
	s.put(t, "/d/f", pattern(InlineMax+1))
	must(t, ignore(s.Delete(t.Context(), path(t, "/d"), true)))
	must(t, ignore(s.Promise(t.Context(), path(t, "/promised"), CreateOptions{Mode: 0o644})))
	fs.exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END'`)
	fs.exec(t, `CREATE TRIGGER refuse BEFORE DELETE ON projects FOR EACH ROW WHEN (OLD.name = 'stays') EXECUTE FUNCTION refuse()`)
	fs.exec(t, `UPDATE projects SET drop_after = '-infinity' WHERE state = 'd'`)
	fs.exec(t, `UPDATE leases SET since = '-infinity'`)
	fs.exec(t, `UPDATE events SET at = '-infinity'`)
	if err := fs.Reap(t.Context()); err == nil || !strings.Contains(err.Error(), "not this one") {
		t.Errorf("the reaper says %v", err)
	}
	for what, sql := range map[string]string{
		"deleted projects": `SELECT count(*) - 1 FROM projects WHERE state = 'd'`,
		"detached":         `SELECT count(*) FROM detached WHERE project_id = 0`,
		"leases":           `SELECT count(*) FROM leases`,
		"old events":       `SELECT count(*) FROM events WHERE at = '-infinity'`,
		"blocks":           `SELECT count(*) FROM blocks`,
	} {
		if n := fs.count(t, sql); n != 0 {
			t.Errorf("%s: %d are left", what, n)
		}
	}
}

func TestADetachedSubtreeIsPurgedWhole(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store = store })
	fs.still()
	s := fs.as(t, superuser)
	s.put(t, "/tmp/keep", pattern(InlineMax+1))
	before := fs.count(t, rows)
	s.put(t, "/tmp/t/a/b/c/large", pattern(InlineMax+1))
	for _, name := range []string{"/tmp/t/a/small", "/tmp/t/a/b/small", "/tmp/t/empty"} {
		s.put(t, name, []byte("x"))
	}
	if ok, err := s.Delete(t.Context(), path(t, "/tmp/t"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := s.Stat(t.Context(), path(t, "/tmp/t/a/small")); kindOf(err) != NotExist {
		t.Errorf("it is there until it is purged: %v", err)
	}
	fs.clean(t) // while the subtree waits to be purged
	// The name is free again at once.
	s.put(t, "/tmp/t/a/small", []byte("y"))
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.get(t, "/tmp/t/a/small"); string(got) != "y" {
		t.Errorf("the reaper touched what took the name: %q", got)
	}
	if ok, err := s.Delete(t.Context(), path(t, "/tmp/t"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := fs.count(t, rows); after != before || stored(t, store) != 1 {
		t.Errorf("%d rows and %d blocks are left, want %d and 1", after, stored(t, store), before)
	}
	fs.clean(t)
}

func TestAReaderKeepsWhatWasDeletedUnderIt(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store, c.GCGrace = store, time.Hour })
	s := fs.as(t, superuser)
	want := pattern(3 * InlineMax)
	s.put(t, "/tmp/f", want)
	r, err := s.Open(t.Context(), path(t, "/tmp/f"), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s.put(t, "/tmp/f", []byte("overwritten"))
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes and %v, want the old content", len(got), err)
	}
	fs.exec(t, `UPDATE blocks SET since = since - interval '61 minutes'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := stored(t, store); n != 0 {
		t.Errorf("%d blocks are left when the grace has passed", n)
	}
	fs.clean(t)
}

// TestAReaderKeepsManyBlocks reads a file with more pieces than a reader would keep the content of.
func TestAReaderKeepsManyBlocks(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.GCGrace = time.Hour })
	s := fs.as(t, superuser)
	s.put(t, "/tmp/f", nil)
	var want []byte
	for range plannedRows + 8 {
		piece := pattern(InlineMax + 1)
		must(t, s.Append(t.Context(), path(t, "/tmp/f"), -1, bytes.NewReader(piece)))
		want = append(want, piece...)
	}
	if n := fs.count(t, `SELECT count(*) FROM extents`); n <= plannedRows {
		t.Fatalf("it has %d extents", n)
	}
	fs.hints.mu.Lock()
	fs.hints.purge()
	fs.hints.mu.Unlock()
	r, err := s.Open(t.Context(), path(t, "/tmp/f"), 0, -1)
	must(t, err)
	defer r.Close()
	s.put(t, "/tmp/f", []byte("overwritten"))
	must(t, fs.Reap(t.Context()))
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d of %d bytes and %v", len(got), len(want), err)
	}
}

// TestAReaderPlansRowsInParts reads a file with more rows than a reader keeps, and blocks between them.
func TestAReaderPlansRowsInParts(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/tmp/f", nil)
	var want []byte
	for i := range 3 * plannedRows {
		piece := pattern(100 + i)
		if i%(plannedRows+5) == 7 {
			piece = pattern(InlineMax + 1)
		}
		must(t, s.Append(t.Context(), path(t, "/tmp/f"), -1, bytes.NewReader(piece)))
		want = append(want, piece...)
	}
	for _, off := range []int{0, 1, 50, len(want) / 2, len(want) - 1} {
		r, err := s.Open(t.Context(), path(t, "/tmp/f"), int64(off), -1)
		must(t, err)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want[off:]) {
			t.Errorf("from %d: %d of %d bytes and %v", off, len(got), len(want)-off, err)
		}
		must(t, r.Close())
	}
}

func TestPendingBlocksEndWithTheirServer(t *testing.T) {
	store := mem.New()
	fs := newFS(t, func(c *Config) { c.Store, c.GCGrace = store, time.Hour })
	living, dead := uuid.New(), uuid.New()
	fs.exec(t, `INSERT INTO servers (id, seen) VALUES ($1, now() - interval '4 minutes'), ($2, now() - interval '6 minutes')`, living, dead)
	for _, writer := range []uuid.UUID{living, dead, uuid.New()} {
		id := blocks.NewID()
		if err := store.Put(t.Context(), id, bytes.NewReader([]byte("x")), 1); err != nil {
			t.Fatal(err)
		}
		fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, writer) VALUES ($1, 0, 0, 'p', $2)`, id, writer)
	}
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'g'`); n != 2 || stored(t, store) != 3 {
		t.Errorf("%d blocks are garbage, of %d in the store, want two of three", n, stored(t, store))
	}
	fs.exec(t, `UPDATE blocks SET since = since - interval '61 minutes'`)
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM blocks WHERE writer = $1 AND state = 'p'`, living); n != 1 || stored(t, store) != 1 {
		t.Errorf("%d blocks of the living server and %d in the store are left, want one", n, stored(t, store))
	}
}

// A server that was taken for dead during an upload does not publish blocks that have been deleted.
func TestABuriedUploadIsNotPublished(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	fs.decided = func(op string, _ Path) {
		if op == "create" {
			fs.exec(t, `UPDATE servers SET seen = now() - interval '1 hour'`)
			if err := fs.Reap(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	_, err := s.Create(t.Context(), path(t, "/tmp/f"), CreateOptions{Mode: 0o644, Size: -1}, bytes.NewReader(pattern(InlineMax+1)))
	if err == nil {
		t.Error("a file was published whose blocks are gone")
	}
	fs.clean(t)
}

func TestOperationsAreForgottenAfterADay(t *testing.T) {
	fs := newFS(t)
	young, old := uuid.New(), uuid.New()
	fs.exec(t, `INSERT INTO operations (id, at) VALUES ($1, now() - interval '23 hours'), ($2, now() - interval '25 hours')`, young, old)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if fs.count(t, `SELECT count(*) FROM operations WHERE id = $1`, young) != 1 || fs.count(t, `SELECT count(*) FROM operations WHERE id = $1`, old) != 0 {
		t.Error("want operations of the last day and no others")
	}
}

// A file that is being folded when the reaper comes is purged all the same.
func TestPurgeOfAFileThatIsFolded(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	s.put(t, "/tmp/keep", nil)
	before := fs.count(t, rows)
	s.put(t, "/tmp/d/f", []byte("in one row"))
	n := key{0, int64(fs.count(t, `SELECT id FROM inodes WHERE name = 'f'`))}
	body, err := fs.shortBody(t.Context(), n.project, []byte("in another one"))
	must(t, err)
	fold, err := fs.db.Begin(t.Context())
	must(t, err)
	defer fold.Rollback(t.Context())
	for _, sql := range []string{`SELECT FROM inodes WHERE project_id = $1 AND id = $2 FOR UPDATE`, `DELETE FROM contents WHERE project_id = $1 AND inode_id = $2`} {
		_, err := fold.Exec(t.Context(), sql, n.project, n.id)
		must(t, err)
	}
	must(t, fs.publish(t.Context(), fold, n, 0, body))
	must(t, ignore(s.Delete(t.Context(), path(t, "/tmp/d"), true)))
	reaped := make(chan error, 1)
	go func() { reaped <- fs.Reap(t.Context()) }()
	for fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE%'`) == 0 {
		<-time.After(time.Millisecond)
	}
	must(t, fold.Commit(t.Context()))
	must(t, <-reaped)
	if n := fs.count(t, rows) - before; n != 0 {
		t.Errorf("%d rows are left", n)
	}
	fs.clean(t)
}

// TestGuestsEndNoLease checks that the server's limit decides how long a promise is kept, also while a guest collects garbage.
func TestGuestsEndNoLease(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.LeaseLimit = 10 * time.Minute })
	s := fs.as(t, superuser)
	guest, err := Open(t.Context(), Config{DB: fs.db, Store: fs.store, Root: fs.keys.root, Refresh: fs.auth.Refresh, Superuser: superuser, Guest: true, GCGrace: -1})
	must(t, err)
	t.Cleanup(func() { must(t, guest.Close()) })
	o := CreateOptions{Mode: 0o644, Size: -1}
	o.Lease, err = s.Promise(t.Context(), path(t, "/f"), o)
	must(t, err)
	fs.exec(t, `UPDATE leases SET since = since - interval '5 min'`)
	must(t, guest.Reap(t.Context()))
	must(t, ignore(s.Create(t.Context(), path(t, "/f"), o, strings.NewReader("what was promised"))))
	if got := s.get(t, "/f"); string(got) != "what was promised" {
		t.Errorf("the file holds %q", got)
	}
}

// TestNamesDoNotWaitForTheStore checks that a server whose store hangs goes on with what needs none.
func TestNamesDoNotWaitForTheStore(t *testing.T) {
	hangs := make(chan struct{})
	hung := sync.OnceFunc(func() { close(hangs) })
	fs := newFS(t, func(c *Config) {
		c.Store = blockstest.Faulty(mem.New(), blockstest.Before(blockstest.OpDelete, blockstest.Every, func(ctx context.Context) error {
			hung()
			<-ctx.Done()
			return context.Cause(ctx)
		}))
	})
	root := fs.as(t, superuser)
	must(t, ignore(root.Mkdirs(t.Context(), path(t, "/tmp/d/e"), MkdirOptions{Mode: 0o755})))
	fs.exec(t, `INSERT INTO blocks (id, project_id, size, state, since, writer) VALUES ($1, 0, 0, 'g', '-infinity', $2)`, blocks.NewID(), fs.server)
	<-hangs
	must(t, ignore(root.Delete(t.Context(), path(t, "/tmp/d"), true)))
	for n := 1; n > 0; n = fs.count(t, `SELECT count(*) FROM detached`) {
		must(t, t.Context().Err())
	}
}
