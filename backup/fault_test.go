package backup_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/backup"
	"granary/blocks"
	"granary/blocks/disk"
	"granary/migrations"
	"granary/postgres/pgtest"
)

// blockFiles are the files of the blocks in a folder, by their names.
func blockFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// saved is a folder with one copy of the database and store given.
func saved(t *testing.T, db *pgxpool.Pool, s *disk.Store) (dir string, about backup.About) {
	t.Helper()
	dir = t.TempDir()
	f, err := backup.Open(dir, "", true)
	if err != nil {
		t.Fatal(err)
	}
	about, _, err = f.Save(t.Context(), backup.Source{DB: db, Store: s})
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return dir, about
}

// A block that lies where a disk is damaged is missing, and all others are copied and put back: here one that cannot be opened, and one that
// cannot be read, as a link to itself and a folder cannot.
func TestBlocksThatCannotBeRead(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	const all = 10
	for range all {
		put(t, db, s, 10)
	}
	damage := func(dir string) {
		t.Helper()
		files := blockFiles(t, dir)
		err := errors.Join(os.Remove(files[0]), os.Symlink(filepath.Base(files[0]), files[0]), os.Remove(files[1]), os.Mkdir(files[1], 0o700))
		for i := range 200 { // or it would be shorter than the block
			err = errors.Join(err, os.WriteFile(filepath.Join(files[1], fmt.Sprint("a long name of ", i)), nil, 0o600))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, about := saved(t, db, s)
	damage(filepath.Join(dir, "blocks"))
	to := store(t)
	done, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.EmptyURL(t)), Store: to})
	if !errors.Is(err, backup.ErrMissing) || done.Missing != 2 || done.Copied != all-2 || len(blockFiles(t, to.Dir())) != all-2 {
		t.Errorf("put back: %+v, %v", done, err)
	}
	damage(s.Dir())
	dir = t.TempDir()
	about, done, err = folder(t, dir, true).Save(t.Context(), backup.Source{DB: db, Store: s})
	if !errors.Is(err, backup.ErrMissing) || about.Missing != 2 || done.Copied != all-2 || len(blockFiles(t, filepath.Join(dir, "blocks"))) != all-2 {
		t.Errorf("saved: %+v, %v", done, err)
	}
}

// What is left of a damaged block stays where there is no other one to take its place.
func TestDamagedBlockOfWhichThereIsNoOther(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	dir, about := saved(t, db, s)
	left := blockFiles(t, s.Dir())[0]
	if err := errors.Join(os.Truncate(left, 20), os.Truncate(blockFiles(t, filepath.Join(dir, "blocks"))[0], 3), s.SetMark(t.Context(), about.Installation)); err != nil {
		t.Fatal(err)
	}
	_, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.EmptyURL(t)), Store: s})
	if info, gone := os.Stat(left); !errors.Is(err, backup.ErrMissing) || gone != nil || info.Size() != 20 {
		t.Errorf("%v, and %v", err, gone)
	}
}

// The newest copy is the one that was made last, whatever the clock says, or it would be the first to be removed.
func TestClockThatGoesBack(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	dir, first := saved(t, db, s)
	ahead := first.Made.AddDate(3, 0, 0).Format("2006-01-02T15-04-05.000Z")
	names := filepath.Join(dir, "names")
	text, err := os.ReadFile(filepath.Join(names, first.Name, "about.json"))
	if err := errors.Join(err, os.WriteFile(filepath.Join(names, first.Name, "about.json"), []byte(strings.Replace(string(text), first.Name, ahead, 1)), 0o600),
		os.Rename(filepath.Join(names, first.Name), filepath.Join(names, ahead))); err != nil {
		t.Fatal(err)
	}
	f := folder(t, dir, true)
	var made []string
	for range 2 {
		exec(t, db, `INSERT INTO users (name) VALUES ('user ' || $1::text)`, fmt.Sprint(len(made)))
		about, _, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
		if err != nil || about.Made.Before(first.Made) || about.Made.After(time.Now().Add(time.Hour)) {
			t.Fatalf("%+v, %v", about, err)
		}
		made = append(made, about.Name)
	}
	if copies, err := f.Copies(); err != nil || len(copies) != 3 || copies[0] != ahead || copies[1] != made[0] || copies[2] != made[1] {
		t.Errorf("%v, %v; want %s and %v", copies, err, ahead, made)
	}
	if err := f.Prune(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if about, err := f.About(""); err != nil || about.Name != made[1] {
		t.Errorf("%s is left, %v; want %s", about.Name, err, made[1])
	}
}

// A restore that was killed between two migrations can be begun again, and so can one of a copy that needs more of them.
func TestRestoreThatWasKilledBetweenMigrations(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	dir, about := saved(t, db, s)
	f := folder(t, dir, false)
	other := connect(t, pgtest.EmptyURL(t))
	if err := migrations.UpTo(t.Context(), other, about.Schema-3); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err != nil {
		t.Error(err)
	}
	if _, err := f.Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err == nil || !strings.Contains(err.Error(), "the database is in use") {
		t.Errorf("once more: %v", err)
	}
	about.Schema--
	if _, err := f.Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.URL(t)), Store: store(t)}); err == nil || !strings.Contains(err.Error(), "wants an empty one") {
		t.Errorf("into a newer schema: %v", err)
	}
}

// A server that begins in the database while blocks are put back keeps what is in it.
func TestDatabaseThatComesIntoUse(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	dir, about := saved(t, db, s)
	other := connect(t, pgtest.URL(t))
	_, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: other, Store: store(t), Progress: func(backup.Progress) {
		exec(t, other, `INSERT INTO settings (name, value) VALUES ('canary', 'another')`)
	}})
	if err == nil || !strings.Contains(err.Error(), "the database is in use") {
		t.Error(err)
	}
	var canary string
	if err := other.QueryRow(t.Context(), `SELECT convert_from(value, 'UTF8') FROM settings WHERE name = 'canary'`).Scan(&canary); err != nil || canary != "another" {
		t.Errorf("%s, %v", canary, err)
	}
}

// A restore takes as long as it takes, whatever the role has, and waits for nobody else's tables.
func TestRestoreByAHurriedRole(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	dir, about := saved(t, db, s)
	config := connect(t, pgtest.EmptyURL(t)).Config()
	config.ConnConfig.RuntimeParams["statement_timeout"] = "10s"
	other, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := migrations.UpTo(t.Context(), other, about.Schema); err != nil {
		t.Fatal(err)
	}
	exec(t, other, `CREATE SCHEMA others`)
	exec(t, other, `CREATE TABLE others.things ()`)
	held, err := other.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Rollback(t.Context()) }()
	if _, err := held.Exec(t.Context(), `LOCK TABLE others.things IN SHARE UPDATE EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	if _, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err != nil {
		t.Error(err)
	}
	var known bool
	if err := other.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stats WHERE tablename = 'settings')`).Scan(&known); err != nil || !known {
		t.Errorf("the planner knows what is there: %t, %v", known, err)
	}
}

// A copy takes as long as it takes, whatever limits the role has, and so does what is put back of it.
func TestByARoleWithTimeLimits(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	hurried := func(pool *pgxpool.Pool) *pgxpool.Pool {
		t.Helper()
		config := pool.Config()
		var names []string
		if err := pool.QueryRow(t.Context(), `SELECT array_agg(name) FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout')`).Scan(&names); err != nil {
			t.Fatal(err)
		}
		for _, name := range names { // the last one since PostgreSQL 17
			config.ConnConfig.RuntimeParams[name] = "2s"
		}
		hurried, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(hurried.Close)
		return hurried
	}
	var holding sync.WaitGroup
	defer holding.Wait()
	// hold makes what wants the table wait until that has taken longer than the limits.
	hold := func(pool *pgxpool.Pool, table string) {
		t.Helper()
		tx, err := pool.Begin(t.Context())
		if err == nil {
			_, err = tx.Exec(t.Context(), `LOCK TABLE `+table)
		}
		if err != nil {
			t.Fatal(err)
		}
		holding.Go(func() {
			_, err := tx.Exec(t.Context(), `DO $$ BEGIN
				WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = '`+table+`'::regclass AND `+here+` AND NOT granted AND waitstart < clock_timestamp() - interval '3s')
					AND now() > clock_timestamp() - interval '20s' LOOP PERFORM pg_sleep(0.01); END LOOP;
			END $$`)
			if err := errors.Join(err, tx.Rollback(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	f := folder(t, t.TempDir(), true)
	hold(db, "users")
	about, _, err := f.Save(t.Context(), backup.Source{DB: hurried(db), Store: s})
	if err != nil {
		t.Fatal(err)
	}
	other := connect(t, pgtest.EmptyURL(t))
	if err := migrations.UpTo(t.Context(), other, about.Schema); err != nil {
		t.Fatal(err)
	}
	_, err = f.Restore(t.Context(), about, backup.Target{DB: hurried(other), Store: store(t), Progress: func(backup.Progress) { hold(other, "settings") }})
	if err != nil {
		t.Error(err)
	}
}

// A table that a newer Granary makes anew while the database is read would be copied as an empty one.
func TestSchemaThatChangesMeanwhile(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	exec(t, db, `INSERT INTO users (name) VALUES ('ada')`)
	newer, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`ALTER TABLE users ALTER COLUMN groups TYPE varchar[]`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`} {
		if _, err := newer.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	f := folder(t, t.TempDir(), true)
	done := make(chan error)
	go func() {
		_, _, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
		done <- err
	}()
	// Until it waits for the table.
	if _, err := db.Exec(t.Context(), `DO $$ BEGIN
		WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass AND `+here+` AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;
	END $$`); err != nil {
		t.Fatal(err)
	}
	if err := newer.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "to 99999 meanwhile") {
		t.Error(err)
	}
	if copies, err := f.Copies(); err != nil || len(copies) > 0 {
		t.Errorf("%v, %v", copies, err)
	}
}

// Where the blocks of a backup should be is an empty place, or none: nothing is put back as if all of them were lost.
func TestBackupWithoutItsBlocks(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	dir, about := saved(t, db, s)
	if err := os.Rename(filepath.Join(dir, "blocks"), filepath.Join(dir, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Open(dir, "", false); err == nil || !strings.Contains(err.Error(), "its folder blocks is not there") {
		t.Error(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "blocks"), 0o700); err != nil {
		t.Fatal(err)
	}
	other := connect(t, pgtest.EmptyURL(t))
	if _, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: other, Store: store(t)}); err == nil || !strings.Contains(err.Error(), "is what should be there mounted?") {
		t.Error(err)
	}
	if version, err := migrations.Version(t.Context(), other); err != nil || version != 0 {
		t.Errorf("the database has version %d, %v", version, err)
	}
}

// Copies from which something is missing neither displace those that are whole nor pile up.
func TestCopiesThatAreNotWholeDoNotPileUp(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	put(t, db, s, 10)
	f := folder(t, t.TempDir(), true)
	var made []string
	save := func(wantMissing bool) {
		t.Helper()
		about, _, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
		if errors.Is(err, backup.ErrMissing) != wantMissing || err != nil && !wantMissing {
			t.Fatal(err)
		}
		if err := f.Prune(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		made = append(made, about.Name)
	}
	left := func(want ...int) {
		t.Helper()
		names := make([]string, len(want))
		for i, n := range want {
			names[i] = made[n]
		}
		if copies, err := f.Copies(); err != nil || !slices.Equal(copies, names) {
			t.Errorf("%v are left, %v; want %v", copies, err, names)
		}
	}
	for range 3 {
		save(false)
	}
	left(1, 2)
	lost := blocks.NewID()
	exec(t, db, `INSERT INTO blocks (id, project_id, size, live, state, writer) VALUES ($1, 0, 10, 10, 'l', gen_random_uuid())`, lost)
	for range 4 {
		save(true)
	}
	left(1, 2, 5, 6)
	exec(t, db, `DELETE FROM blocks WHERE id = $1`, lost)
	save(false)
	left(2, 6, 7)
	save(false)
	left(7, 8)
}
