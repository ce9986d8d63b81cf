package backup_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"granary/backup"
	"granary/blocks"
	"granary/postgres/pgtest"
)

// here is of a lock that it is of this database. Those of other tests have tables of the same number.
const here = `database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// A copy is of one moment: what is committed while its tables are read is in none of them.
func TestACopyIsOfOneMoment(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	writer, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`LOCK TABLE blocks`, `INSERT INTO users (name) VALUES ('ada')`} {
		if _, err := writer.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	f := folder(t, t.TempDir(), true)
	type saving struct {
		about backup.About
		err   error
	}
	done := make(chan saving)
	go func() {
		about, _, err := f.Save(t.Context(), backup.Source{DB: db, Store: s})
		done <- saving{about, err}
	}()
	// Until it waits for a table that comes before the one that has changed.
	exec(t, db, `DO $$ BEGIN
		WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'blocks'::regclass AND `+here+` AND NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP;
	END $$`)
	if err := writer.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	saved := <-done
	i := slices.IndexFunc(saved.about.Tables, func(table backup.Table) bool { return table.Name == "users" })
	if saved.err != nil || i < 0 || saved.about.Tables[i].Rows != 0 {
		t.Errorf("%+v, %v; want none of the users that came later", saved.about.Tables, saved.err)
	}
}

// What is not what its description says is not put back.
func TestCopiesThatAreNotAsDescribed(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	exec(t, db, `INSERT INTO users (name) VALUES ('ada')`)
	dir, about := saved(t, db, s)
	f := folder(t, dir, false)

	fewer := about
	fewer.Tables = slices.Clone(about.Tables)
	for i := range fewer.Tables {
		if fewer.Tables[i].Name == "users" {
			fewer.Tables[i].Rows++
		}
	}
	other := connect(t, pgtest.EmptyURL(t))
	if _, err := f.Restore(t.Context(), fewer, backup.Target{DB: other, Store: store(t)}); err == nil || !strings.Contains(err.Error(), "table users: 1 rows came, want 2") {
		t.Errorf("a table that lacks rows: %v", err)
	}
	if err := backup.CheckEmpty(t.Context(), other, about); err != nil {
		t.Errorf("something is left of it: %v", err)
	}

	file := filepath.Join(dir, "names", about.Name, "about.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for old, by := range map[string]string{`"format": 1`: `"format": 2`, about.Name: "2001-01-01T00-00-00.000Z"} {
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, by, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.About(""); err == nil || !strings.Contains(err.Error(), "this Granary knows format 1") {
			t.Errorf("%s where %s was: %v", by, old, err)
		}
	}
}

// Blocks that nobody claims are somebody's: nothing is put back among them.
func TestRestoreAmongBlocksOfNobodyKnowsWhom(t *testing.T) {
	db, s := pgtest.New(t), store(t)
	begun(t, db)
	dir, about := saved(t, db, s)
	full := store(t)
	if err := full.Put(t.Context(), blocks.NewID(), strings.NewReader("grain"), 5); err != nil {
		t.Fatal(err)
	}
	_, err := folder(t, dir, false).Restore(t.Context(), about, backup.Target{DB: connect(t, pgtest.EmptyURL(t)), Store: full})
	if err == nil || !strings.Contains(err.Error(), "does not say whose") {
		t.Error(err)
	}
	if mark, err := full.Mark(t.Context()); err != nil || mark != "" {
		t.Errorf("it is marked as that of %q, %v", mark, err)
	}
}
