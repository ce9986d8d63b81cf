package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A role that may not make tables gets told what to do, before there is a key, a folder or a table.
func TestRoleThatMayMakeNothing(t *testing.T) {
	i, to := newInstalled(t), t.TempDir()
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := i.granary(t, "backup", to); err != nil {
		t.Fatal(err)
	}
	bare, restored := newInstalled(t), i.emptied(t)
	role := fmt.Sprintf("guest_%d", os.Getpid())
	pool, err := pgxpool.New(t.Context(), bare.database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), "CREATE ROLE "+role); err != nil {
		t.Fatal(err)
	}
	for _, of := range []*installed{&bare, &restored} {
		if of.database += "&role=" + role; !strings.Contains(of.database, "?") {
			of.database = strings.Replace(of.database, "&", "?", 1)
		}
	}
	_, _, served := bare.serve(t, func(string) {})
	_, putBack := restored.granary(t, "restore", to)
	for what, err := range map[string]error{"serve": served, "restore": putBack} {
		if err == nil || !strings.Contains(err.Error(), "may not make tables in the schema") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, made := range []string{filepath.Join(bare.data, "root.key"), filepath.Join(bare.data, "blocks"), filepath.Join(restored.data, "blocks")} {
		if _, err := os.Lstat(made); !os.IsNotExist(err) {
			t.Errorf("%s was made: %v", made, err)
		}
	}
	if _, err := pool.Exec(t.Context(), "DROP ROLE "+role); err != nil {
		t.Fatal(err)
	}
}

// A command takes as long as it takes, whatever limits the database has for requests.
func TestCommandsInAHurriedDatabase(t *testing.T) {
	i := newInstalled(t)
	if _, _, err := i.serve(t, func(string) {}); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), i.database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, limit := range []string{"statement_timeout", "lock_timeout"} {
		if _, err := pool.Exec(t.Context(), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET `+limit+` = 60000', current_database()); END $$`); err != nil {
			t.Fatal(err)
		}
	}
	var limits string
	if err := (place{Data: i.data, Database: i.database}).with(t.Context(), &console{err: t.Output()}, func(in *installation) error {
		return in.pool.QueryRow(t.Context(), `SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')`).Scan(&limits)
	}); err != nil || limits != "0 0" {
		t.Errorf("its limits are %q, want none: %v", limits, err)
	}
}
