package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/namespace"
)

// pageRow says how many pages an operation touches.
type pageRow struct {
	Operation  string           `json:"operation"`
	Pages      int64            `json:"pages"`      // of all its statements
	Levels     int64            `json:"levels"`     // of these, levels of B-trees that lookups descend
	Statements map[string]int64 `json:"statements"` // by statement
	Faults     []string         `json:"faults,omitempty"`
}

// counted is an operation whose pages are counted.
type counted struct {
	name  string
	hints bool // uses what the server remembers, rather than a walk
	page  bool // on the directory page, rather than on files all over the tree
	// foreign makes another connection change something before, so that the server must revalidate what it remembers.
	foreign bool
	// do does the operation on a file, with a number that is used only once.
	do func(ctx context.Context, s *namespace.Session, path namespace.Path, i int) error
	// before runs first and is not counted; it may be nil.
	before func(ctx context.Context, s *namespace.Session, path namespace.Path, i int) error
}

func stat(ctx context.Context, s *namespace.Session, path namespace.Path, _ int) error {
	_, err := s.Stat(ctx, path)
	return err
}

func readAll(ctx context.Context, s *namespace.Session, path namespace.Path, _ int) error {
	r, err := s.Open(ctx, path, 0, -1)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, r)
	if err == nil && n != fullSize {
		err = fmt.Errorf("%s has %d bytes instead of %d", path, n, fullSize)
	}
	return errors.Join(err, r.Close())
}

func create(ctx context.Context, s *namespace.Session, path namespace.Path, i int) error {
	o := namespace.CreateOptions{Mode: 0o644, Size: fullSize}
	_, err := s.Create(ctx, beside(path, "new", i), o, bytes.NewReader(make([]byte, fullSize)))
	return err
}

// list lists the directory of a file.
func list(ctx context.Context, s *namespace.Session, path namespace.Path, _ int) error {
	entries, _, err := s.ListBatch(ctx, above(path), "", pageFiles)
	if err == nil && len(entries) == 0 {
		err = fmt.Errorf("nothing is beside %s", path)
	}
	return err
}

func rename(ctx context.Context, s *namespace.Session, path namespace.Path, i int) error {
	done, err := s.Rename(ctx, beside(path, "new", i), beside(path, "moved", i))
	if err == nil && !done {
		err = fmt.Errorf("%s was not renamed", path)
	}
	return err
}

func remove(ctx context.Context, s *namespace.Session, path namespace.Path, i int) error {
	done, err := s.Delete(ctx, beside(path, "new", i), false)
	if err == nil && !done {
		err = fmt.Errorf("%s was not deleted", path)
	}
	return err
}

// beside returns another name in the directory of a file.
func beside(path namespace.Path, name string, i int) namespace.Path {
	return mustPath(fmt.Sprintf("%s/%s-%d", above(path), name, i))
}

// above returns the directory of a file.
func above(path namespace.Path) namespace.Path {
	text := path.String()
	return mustPath(text[:strings.LastIndexByte(text, '/')])
}

// inProject returns a path below the project's top directory.
func inProject(path string) namespace.Path { return mustPath("/Projects/" + project + path) }

func mustPath(text string) namespace.Path {
	p, err := namespace.ParsePath(text)
	if err != nil {
		panic(err) // all paths are made here
	}
	return p
}

// operations must cost the same in a namespace of any size.
var operations = []counted{
	{name: "stat", hints: true, before: stat, do: stat},
	{name: "stat, compared", hints: true, foreign: true, before: stat, do: stat},
	{name: "stat, walked", do: stat},
	{name: "read", hints: true, before: stat, do: readAll},
	{name: "read, walked", do: readAll},
	{name: "create", hints: true, before: stat, do: create},
	{name: "page of 1,000 entries", hints: true, page: true, before: list, do: list},
	{name: "page of 1,000 entries, compared", hints: true, page: true, foreign: true, before: list, do: list},
	{name: "page of 1,000 entries, walked", page: true, do: list},
	{name: "rename", hints: true, before: create, do: rename},
	{name: "delete", hints: true, before: create, do: remove},
}

// ordinary reports whether this is what a server mostly does: use what it remembers, which nobody else has changed.
func (o *counted) ordinary() bool { return o.hints && !o.foreign }

// asCounted returns the operation with this name, which must be one of operations.
func asCounted(name string) *counted {
	return &operations[slices.IndexFunc(operations, func(o counted) bool { return o.name == name })]
}

// warmUp is how often each operation runs before pages are counted. After five executions a prepared statement keeps its plan.
const warmUp = 8

// counter runs operations and counts their pages.
type counter struct {
	*system
	w    *watcher
	pool *pgxpool.Pool
	// remembering is a server with default settings, walking one that remembers nothing. If alone is set, walking is nil until needed.
	walking, remembering *namespace.FS
	alone                bool
	// least takes the lowest figures instead of the medians, which leaves out the occasional cost of a page that is full.
	least bool
}

// newCounter opens file systems on connections of their own. Plans that are cached there last as long as the counter. If alone is
// set, the remembering server is the only one while operations are counted in which nobody else is to change anything.
func (s *system) newCounter(ctx context.Context, alone bool) (c *counter, err error) {
	c = &counter{system: s, w: &watcher{}, alone: alone}
	writes := &namespace.Writes{}
	if c.pool, err = c.w.pool(ctx, s.url, writes); err != nil {
		return nil, err
	}
	c.remembering, err = s.open(ctx, c.pool, func(c *namespace.Config) { c.HintBytes, c.Writes = -1, writes })
	if err == nil && !alone {
		err = c.join(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// join opens the walking server, if it is not open.
func (c *counter) join(ctx context.Context) (err error) {
	if c.walking == nil {
		c.walking, err = c.open(ctx, c.pool, func(c *namespace.Config) { c.Hints = -1 })
	}
	return err
}

// leave closes it.
func (c *counter) leave() (err error) {
	if c.walking != nil {
		err = c.walking.Close()
		c.walking = nil
	}
	return err
}

func (c *counter) close() error {
	err := c.leave()
	if c.remembering != nil {
		err = errors.Join(err, c.remembering.Close())
	}
	c.pool.Close()
	return err
}

// table runs each operation on files all over the tree and returns the medians of what each statement touched. Different
// turns use different files.
func (c *counter) table(ctx context.Context, t *tree, repeat, turn int) (table []pageRow, err error) {
	l, err := c.levels(ctx)
	if err != nil {
		return nil, err
	}
	scattered := make([]namespace.Path, 0, repeat+warmUp)
	for _, name := range t.scattered(repeat+warmUp, turn) {
		scattered = append(scattered, inProject(name))
	}
	page := slices.Repeat([]namespace.Path{inProject("/page/p0000")}, len(scattered))
	for i := range operations {
		o, paths := &operations[i], scattered
		if o.page {
			paths = page
		}
		row, err := c.count(ctx, o, paths, l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
		table = append(table, row)
	}
	return table, nil
}

// touched is what a statement touched in each run of the operation.
type touched struct {
	pages, levels []int64
	faults        map[string]struct{}
}

// count runs an operation once on each path. The first warmUp runs are not counted.
func (c *counter) count(ctx context.Context, o *counted, paths []namespace.Path, l levels) (pageRow, error) {
	var err error
	if c.alone && o.ordinary() {
		err = c.leave()
	} else {
		err = c.join(ctx)
	}
	if err != nil {
		return pageRow{}, err
	}
	fs := c.walking
	if o.hints {
		fs = c.remembering
	}
	session, err := c.session(ctx, fs, user)
	if err != nil {
		return pageRow{}, err
	}
	if err := stat(ctx, session, paths[0], 0); err != nil { // a server learns of others from lookups
		return pageRow{}, err
	}
	statements := map[string]*touched{}
	for i, path := range paths {
		c.number++
		if o.before != nil {
			if err := o.before(ctx, session, path, c.number); err != nil {
				return pageRow{}, err
			}
		}
		if o.foreign {
			if err := c.exec(ctx, `SELECT pg_current_xact_id()`); err != nil {
				return pageRow{}, err
			}
		}
		if _, err := c.w.take(); err != nil {
			return pageRow{}, err
		}
		if err := o.do(ctx, session, path, c.number); err != nil {
			return pageRow{}, err
		}
		all, err := c.w.take()
		if err != nil {
			return pageRow{}, err
		}
		if i >= warmUp {
			gather(statements, all, l)
		}
	}
	return summed(o.name, statements, len(paths)-warmUp, c.least), nil
}

// gather adds the statements of one run of an operation.
func gather(statements map[string]*touched, all []ran, l levels) {
	pages, depths := map[string]int64{}, map[string]int64{}
	for i := range all {
		name := title(all[i].SQL)
		if statements[name] == nil {
			statements[name] = &touched{faults: map[string]struct{}{}}
		}
		pages[name] += all[i].pages()
		depths[name] += all[i].descents(l)
		for _, f := range all[i].faults() {
			statements[name].faults[name+" "+f] = struct{}{}
		}
	}
	for name := range pages {
		s := statements[name]
		s.pages, s.levels = append(s.pages, pages[name]), append(s.levels, depths[name])
	}
}

// summed takes the medians, or the minima if least is set. A statement that ran in at most half of the runs, or with least not in all
// of them, does not belong to the operation: the server does other things meanwhile.
func summed(name string, statements map[string]*touched, times int, least bool) pageRow {
	row := pageRow{Operation: name, Statements: map[string]int64{}}
	for statement, s := range statements {
		n := len(s.pages)
		if n <= times/2 || least && n < times {
			continue
		}
		slices.Sort(s.pages)
		slices.Sort(s.levels)
		at := n / 2
		if least {
			at = 0
		}
		row.Statements[statement] = s.pages[at]
		row.Pages += s.pages[at]
		row.Levels += s.levels[at]
		row.Faults = append(row.Faults, slices.Collect(maps.Keys(s.faults))...)
	}
	slices.Sort(row.Faults)
	return row
}

// mostMore is how many more pages an operation may touch in the largest namespace than in the smallest.
const mostMore = 2
