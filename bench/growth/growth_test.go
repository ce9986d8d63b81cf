package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"granary/namespace"
	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.MainAlone(m) }

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

// stage is a namespace of n inodes, and what operations cost there.
type stage struct {
	*system
	tree *tree
	rows map[string][]pageRow // by what the planner knew
}

// grow fills a new database with n inodes, and counts the pages of each operation there: by plans that were made while there
// was next to nothing, by plans of a database that has not been analyzed, and of one that has.
func grow(t *testing.T, n int64, repeat int) stage {
	t.Helper()
	ctx, g := t.Context(), stage{system: newSystem(t), rows: map[string][]pageRow{}}
	must(t, g.exec(ctx, `ALTER TABLE inodes SET (autovacuum_enabled = off)`, `ALTER TABLE dirs SET (autovacuum_enabled = off)`,
		`ALTER TABLE contents SET (autovacuum_enabled = off)`))
	early, err := g.newCounter(ctx, false)
	must(t, err)
	early.least = true
	defer func() { must(t, early.close()) }()
	must(t, early.rehearse(ctx))
	g.tree, err = newTree(n, n/4)
	must(t, err)
	_, err = g.fill(ctx, g.tree)
	must(t, err)
	count := func(when string, c *counter, turn int) {
		g.rows[when], err = c.table(ctx, g.tree, repeat, turn)
		must(t, err)
	}
	fresh := func(when string, turn int) {
		c, err := g.newCounter(ctx, false)
		must(t, err)
		c.least = true
		count(when, c, turn)
		must(t, c.close())
	}
	count("planned while empty", early, 0)
	fresh("not analyzed", 1)
	must(t, g.exec(ctx, `ANALYZE`))
	fresh("analyzed", 2)
	return g
}

// TestOperationsTouchTheSamePagesHoweverManyInodesThereAre: ten times as many inodes cost a level of a tree here and there, and
// nothing else.
func TestOperationsTouchTheSamePagesHoweverManyInodesThereAre(t *testing.T) {
	const repeat = 10 // autovacuum's transactions make the server compare what it remembers, now and then
	small, large := grow(t, 10_000, repeat), grow(t, 100_000, repeat)
	for when, rows := range large.rows {
		for i, row := range rows {
			before := small.rows[when][i]
			t.Logf("%s, %s: %d pages (%d of them levels of trees), before %d (%d): %v", when, row.Operation, row.Pages, row.Levels, before.Pages, before.Levels, row.Statements)
			if more := row.Pages - row.Levels - (before.Pages - before.Levels); more > mostMore {
				t.Errorf("%s, %s: %d pages more besides levels of trees, want at most %d", when, row.Operation, more, mostMore)
			}
			for _, f := range row.Faults {
				t.Errorf("%s, %s: %s", when, row.Operation, f)
			}
		}
	}
	must(t, small.check(t.Context()))
	deleteWide(t, large)
}

// deleteWide deletes a directory that has a quarter of all inodes: its deletion does not read what is in it.
func deleteWide(t *testing.T, g stage) {
	t.Helper()
	ctx := t.Context()
	c, err := g.newCounter(ctx, false)
	must(t, err)
	defer func() { must(t, c.close()) }()
	session, err := g.session(ctx, c.remembering, user)
	must(t, err)
	_, err = session.Delete(ctx, inProject("/wide"), true)
	must(t, err)
	all, err := c.w.take()
	must(t, err)
	const most = 8 // pages of one of these
	seen := 0
	for i := range all {
		switch name := title(all[i].SQL); name {
		case "is it empty", "mounts":
			seen++
			if pages := all[i].pages(); pages > most {
				t.Errorf("deletion of a directory of %d files, %s: %d pages, want at most %d", g.tree.wide, name, pages, most)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d of the two statements were seen", seen)
	}
	// The reapers of both file systems run by themselves, too, and leave to each other what one has begun.
	for left := true; left; {
		must(t, c.remembering.Reap(ctx))
		must(t, g.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM detached)`).Scan(&left))
	}
	all, err = c.w.take()
	must(t, err)
	// Of a thousand files an index has some seven pages, the table some twenty.
	const mostEach = 80
	var steps, pages int64
	for i := range all {
		if title(all[i].SQL) == "what is purged" {
			steps++
			pages += all[i].pages()
		}
	}
	// Who begins in the middle passes by what was deleted, once.
	if least, most := g.tree.wide/1000, mostEach*steps+g.tree.wide/100; steps < least || pages > most {
		t.Errorf("the purge looked for files %d times in %d pages, want %d times at least and %d pages at most: it passes by what it deleted", steps, pages, least, most)
	}
	t.Logf("the purge: %d steps, %d pages to find files", steps, pages)
}

// rehearse does each operation often enough on a file of its own that all statements have their plans for good.
func (c *counter) rehearse(ctx context.Context) error {
	session, err := c.session(ctx, c.remembering, user)
	if err != nil {
		return err
	}
	file := inProject("/rehearsal/here/f")
	o := namespace.CreateOptions{Mode: 0o644, CreateParent: true, Size: fullSize}
	if _, err := session.Create(ctx, file, o, bytes.NewReader(make([]byte, fullSize))); err != nil {
		return err
	}
	for i := range operations {
		if _, err := c.count(ctx, &operations[i], slices.Repeat([]namespace.Path{file}, warmUp), levels{}); err != nil {
			return fmt.Errorf("%s: %w", operations[i].name, err)
		}
	}
	return nil
}
