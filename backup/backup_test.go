package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/backup"
	"granary/blocks"
	"granary/blocks/disk"
	"granary/blocks/seal"
	"granary/migrations"
	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func connect(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func exec(t *testing.T, db *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func store(t *testing.T) *disk.Store {
	t.Helper()
	s, err := disk.Open(filepath.Join(t.TempDir(), "blocks"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func folder(t *testing.T, dir string, write bool) *backup.Folder {
	t.Helper()
	f, err := backup.Open(dir, filepath.Join(dir, "no such folder"), write)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// begun makes a database what a first start makes it, as far as a backup is concerned.
func begun(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	exec(t, db, `INSERT INTO settings (name, value) VALUES ('canary', 'tweet'), ('installation', 'ours')`)
}

// put stores a block of size bytes, which the database needs.
func put(t *testing.T, db *pgxpool.Pool, s *disk.Store, size int64) {
	t.Helper()
	id := blocks.NewID()
	if err := s.Put(t.Context(), id, strings.NewReader(strings.Repeat("x", int(seal.SealedSize(size)))), blocks.SizeUnknown); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `INSERT INTO blocks (id, project_id, size, live, state, writer) VALUES ($1, 0, $2, $2, 'l', gen_random_uuid())`, id, size)
}

// dumped is the text of every row of every table but those that are not copied.
func dumped(t *testing.T, db *pgxpool.Pool) map[string]string {
	t.Helper()
	rows, err := db.Query(t.Context(), `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%' AND tablename <> 'servers'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, table := range tables {
		var text string
		if err := db.QueryRow(t.Context(), `SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') FROM `+table+` t`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all[table] = text
	}
	return all
}

// Every row of every table comes back as it was, whatever is in it, and numbers are given on behind those that were.
func TestRowsComeBackAsTheyWere(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	odd := "tab\tline\nback\\slash \\N \\. \"quote\" ünï"
	exec(t, db, `INSERT INTO users (name, groups, password) VALUES ('ada', $1, NULL), ($2, '{}', '')`, []string{odd, "", "NULL"}, odd)
	exec(t, db, `INSERT INTO projects (id, name, root) VALUES (1, $1, 7)`, odd)
	exec(t, db, `INSERT INTO members (project_id, user_id, role) SELECT 1, id, 'owner' FROM users`)
	exec(t, db, `INSERT INTO tokens (jti, user_id, kind, expires) SELECT gen_random_uuid(), id, 'token', 'infinity' FROM users`)
	exec(t, db, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, xattrs) SELECT 1, n, 7, $1 || n, 'f', 420, 'ada', 'g', 1, '[["user.a", "AQ=="]]' FROM generate_series(1, 1000) n`, odd)
	exec(t, db, `INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed) SELECT 1, n, 0, 3, 1, decode('00095c0a', 'hex') FROM generate_series(1, 1000) n`)
	exec(t, db, `INSERT INTO blocks (id, project_id, size, state, since, writer) VALUES (gen_random_uuid(), 1, 9, 'g', '-infinity', gen_random_uuid())`)
	exec(t, db, `INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, detail) VALUES (1, 1, '0044-03-15 12:00:00 BC', 'create', $1, '', '', 7, $1, '{"a": [null]}')`, odd)
	exec(t, db, `SELECT nextval('inode_ids')`)
	exec(t, db, `DELETE FROM unindexed WHERE inode_id > 10`)
	put(t, db, s, 100_000)
	// As if they had come with a later version, by another role.
	exec(t, db, `CREATE ROLE upgraded`)
	t.Cleanup(func() {
		if _, err := db.Exec(context.Background(), `REASSIGN OWNED BY upgraded TO CURRENT_USER; DROP ROLE upgraded`); err != nil {
			t.Error(err)
		}
	})
	for _, table := range []string{"members", "accesses"} {
		exec(t, db, `ALTER TABLE `+table+` OWNER TO upgraded`)
	}

	// Whatever the database's own way to write is.
	config := db.Config()
	config.ConnConfig.RuntimeParams["datestyle"], config.ConnConfig.RuntimeParams["timezone"], config.ConnConfig.RuntimeParams["bytea_output"] = "SQL, DMY", "Asia/Kathmandu", "escape"
	config.ConnConfig.RuntimeParams["client_encoding"] = "LATIN1"
	peculiar, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer peculiar.Close()
	f := folder(t, t.TempDir(), true)
	about, done, err := f.Save(t.Context(), backup.Source{DB: peculiar, Store: s, Version: "v1"})
	if err != nil || done.Copied != 1 || about.Missing != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	want := dumped(t, db)
	other := connect(t, pgtest.EmptyURL(t))
	if about, err = f.About(""); err != nil {
		t.Fatal(err)
	}
	if done, err := f.Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err != nil || done.Copied != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	got := dumped(t, other)
	if len(want) < 30 {
		t.Errorf("%d tables are compared", len(want))
	}
	for table, rows := range want {
		if got[table] != rows {
			t.Errorf("%s: %.1000s\nwas %.1000s", table, got[table], rows)
		}
	}
	if !slices.ContainsFunc(about.Sequences, func(s backup.Sequence) bool { return s.Name == "accesses_id_seq" }) {
		t.Errorf("the sequences %v are copied", about.Sequences)
	}
	for _, sql := range []string{`SELECT nextval('inode_ids')`, `INSERT INTO users (name) VALUES ('new') RETURNING id`} {
		var before, after int64
		if err := errors.Join(db.QueryRow(t.Context(), sql).Scan(&before), other.QueryRow(t.Context(), sql).Scan(&after)); err != nil || before != after {
			t.Errorf("%s: %d, and %d before; %v", sql, after, before, err)
		}
	}
	// What triggers do is done again from now on.
	exec(t, other, `DELETE FROM inodes WHERE id = 500`)
	var told bool
	if err := other.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM unindexed WHERE inode_id = 500)`).Scan(&told); err != nil || !told {
		t.Errorf("the index is told: %t, %v", told, err)
	}
}

// A copy of an older schema is put back as one, which is brought up to date then; that of a newer one is refused.
func TestOtherSchemas(t *testing.T) {
	latest, err := migrations.Latest()
	if err != nil {
		t.Fatal(err)
	}
	db, s := connect(t, pgtest.EmptyURL(t)), store(t)
	if err := migrations.UpTo(t.Context(), db, latest-2); err != nil {
		t.Fatal(err)
	}
	begun(t, db)
	put(t, db, s, 10)
	f := folder(t, t.TempDir(), true)
	about, _, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
	if err != nil || about.Schema != latest-2 {
		t.Fatalf("%+v, %v", about, err)
	}
	other := connect(t, pgtest.EmptyURL(t))
	if _, err := f.Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err != nil {
		t.Fatal(err)
	}
	if version, err := migrations.Version(t.Context(), other); err != nil || version != latest-2 {
		t.Errorf("version %d, %v", version, err)
	}
	if err := migrations.Up(t.Context(), other, nil); err != nil {
		t.Error(err)
	}
	about.Schema, about.Granary = latest+1, "v99"
	if _, err := f.Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.EmptyURL(t)), Store: store(t)}); err == nil || !strings.Contains(err.Error(), "restore it with Granary v99") {
		t.Error(err)
	}
}

// One command works in a folder at a time, or one removed what another is about to need.
func TestOneAtATime(t *testing.T) {
	dir := t.TempDir()
	f := folder(t, dir, true)
	for _, write := range []bool{true, false} {
		if _, err := backup.Open(dir, "", write); !errors.Is(err, backup.ErrInUse) {
			t.Errorf("write %t: %v", write, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	folder(t, dir, false)
	folder(t, dir, false) // who only reads
	if _, err := backup.Open(dir, "", true); !errors.Is(err, backup.ErrInUse) {
		t.Error(err)
	}
}

// A copy that is stopped has no name, and the next one goes on with its blocks and clears the rest away.
func TestCopyThatIsStopped(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	for range 50 {
		put(t, db, s, 10)
	}
	dir := t.TempDir()
	f := folder(t, dir, true)
	ctx, stop := context.WithCancel(t.Context())
	if _, _, err := f.Save(ctx, backup.Source{DB: db, Store: s, Progress: func(backup.Progress) { stop() }}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if found, err := filepath.Glob(filepath.Join(dir, "names", "*")); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "names", "copy-killed.new", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, done, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
	if err != nil || done.Done != 50 || done.Copied == 0 || done.Copied == 50 {
		t.Errorf("%+v, %v", done, err)
	}
	if found, err := filepath.Glob(filepath.Join(dir, "names", "*")); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// A block that is damaged in the backup is copied once more.
func TestDamagedBlockInTheBackup(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	dir := t.TempDir()
	f := folder(t, dir, true)
	for range 2 {
		_, done, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
		if err != nil || done.Copied != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		found, err := filepath.Glob(filepath.Join(dir, "blocks", "??", "*"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if err := os.Truncate(found[0], 3); err != nil {
			t.Fatal(err)
		}
	}
}
