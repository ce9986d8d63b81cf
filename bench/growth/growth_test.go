package main

import (
	"context"
	"path/filepath"
	"testing"

	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// newSystem is a system over a fresh database.
func newSystem(t *testing.T) *system {
	t.Helper()
	s, err := openSystem(t.Context(), pgtest.URL(t), filepath.Join(t.TempDir(), "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.pool.Close)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// grow fills a new database with n inodes, and counts the pages of each operation there: by plans that were made while there
// was next to nothing, by plans of a database that has not been analyzed, and of one that has.
func grow(t *testing.T, n int64, repeat int) (f filled, rows map[string][]pageRow) {
	t.Helper()
	ctx, s := t.Context(), newSystem(t)
	must(t, s.exec(ctx, `ALTER TABLE inodes SET (autovacuum_enabled = off)`, `ALTER TABLE dirs SET (autovacuum_enabled = off)`,
		`ALTER TABLE contents SET (autovacuum_enabled = off)`))
	early, err := s.newCounter(ctx)
	must(t, err)
	defer func() { must(t, early.close()) }()
	must(t, early.rehearse(ctx))
	tree, err := newTree(n, n/10)
	must(t, err)
	f, err = s.fill(ctx, tree)
	must(t, err)
	must(t, s.weigh(ctx, &f))
	rows = map[string][]pageRow{}
	count := func(when string, c *counter, turn int) {
		rows[when], err = c.table(ctx, tree, repeat, turn)
		must(t, err)
	}
	fresh := func(when string, turn int) {
		c, err := s.newCounter(ctx)
		must(t, err)
		count(when, c, turn)
		must(t, c.close())
	}
	count("planned while empty", early, 0)
	fresh("not analyzed", 1)
	must(t, s.exec(ctx, `ANALYZE`))
	fresh("analyzed", 2)
	must(t, s.check(context.WithoutCancel(ctx)))
	return f, rows
}

// TestOperationsTouchTheSamePagesHoweverManyInodesThereAre: ten times as many inodes cost a level of a tree here and there, and nothing
// else.
func TestOperationsTouchTheSamePagesHoweverManyInodesThereAre(t *testing.T) {
	_, small := grow(t, 10_000, 9)
	_, large := grow(t, 100_000, 9)
	for when, rows := range large {
		for i, row := range rows {
			before := small[when][i]
			t.Logf("%s, %s: %d pages (%d of them levels of trees), before %d (%d): %v", when, row.Operation, row.Pages, row.Levels, before.Pages, before.Levels, row.Statements)
			if more := row.Pages - row.Levels - (before.Pages - before.Levels); more > mostMore {
				t.Errorf("%s, %s: %d pages more besides levels of trees, want at most %d", when, row.Operation, more, mostMore)
			}
			for _, f := range row.Faults {
				t.Errorf("%s, %s: %s", when, row.Operation, f)
			}
		}
	}
}
