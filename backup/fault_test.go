package backup_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/backup"
	"granary/blocks/disk"
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
	if err := errors.Join(os.Truncate(left, 20), os.Truncate(blockFiles(t, filepath.Join(dir, "blocks"))[0], 3), s.SetMark(about.Installation)); err != nil {
		t.Fatal(err)
	}
	_, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.EmptyURL(t)), Store: s})
	if info, gone := os.Stat(left); !errors.Is(err, backup.ErrMissing) || gone != nil || info.Size() != 20 {
		t.Errorf("%v, and %v", err, gone)
	}
}
