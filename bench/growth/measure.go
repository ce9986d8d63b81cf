package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"granary/postgres"
)

// report is everything that was measured.
type report struct {
	Date      time.Time     `json:"date"`
	Commit    string        `json:"commit"`
	Machine   string        `json:"machine"`
	Load      [2]string     `json:"loadAverage"` // before and after
	Database  []string      `json:"database"`    // its version and settings
	Sizes     []sizeReport  `json:"sizes"`
	Latencies []latencyRow  `json:"latencies,omitempty"`
	Wide      *wideReport   `json:"wide,omitempty"`
	Dead      *deadReport   `json:"dead,omitempty"`
	Churn     []churnReport `json:"churn,omitempty"`
	ChurnSize int64         `json:"churnSize,omitempty"`
}

// sizeReport is the report on a namespace of one size.
type sizeReport struct {
	filled
	FsckSeconds float64   `json:"fsckSeconds,omitempty"`
	Bare        []pageRow `json:"pagesNotAnalyzed"` // with plans made without statistics
	Analyzed    []pageRow `json:"pages"`
}

// shownSettings are the settings of the database on which the figures depend.
var shownSettings = []string{"shared_buffers", "max_wal_size", "checkpoint_timeout", "autovacuum_naptime", "fsync", "full_page_writes", "synchronous_commit", "wal_compression"}

// measure starts a PostgreSQL, measures everything on it, and removes it.
func (s *settings) measure(ctx context.Context) (r *report, err error) {
	r = &report{Date: time.Now(), Commit: s.commit}
	if r.Commit == "" {
		out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12", "--match=", "--exclude=*").Output()
		if err != nil {
			return nil, fmt.Errorf("which commit is this? %w; name it with -commit", err)
		}
		r.Commit = strings.TrimSpace(string(out))
	}
	if r.Machine, err = machine(); err != nil {
		return nil, err
	}
	if r.Load[0], err = loadAverage(); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(s.data, "granary-growth-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	// If this process is root, the database runs as another user, who must be able to enter the folder.
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, err
	}
	cluster, err := postgres.Start(ctx, postgres.Config{
		Data: filepath.Join(folder, "postgres"), Logf: say,
		Settings: map[string]string{"max_wal_size": "1GB"}, // filling the databases writes more WAL than there may be room for
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, cluster.Stop(ctx))
	}()
	if err := s.measureOn(ctx, cluster.AdminURL(), folder, r); err != nil {
		return nil, err
	}
	r.Load[1], err = loadAverage()
	return r, err
}

// say reports progress.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// grownSystem is a filled database.
type grownSystem struct {
	*system
	tree *tree
	dir  string // of the server's files
}

func (s *settings) measureOn(ctx context.Context, url, folder string, r *report) error {
	var all []grownSystem
	for i, n := range s.sizes {
		g, size, err := s.grow(ctx, url, folder, n, s.wideOf(i))
		if err != nil {
			return fmt.Errorf("%d inodes: %w", n, err)
		}
		defer g.pool.Close()
		all, r.Sizes = append(all, g), append(r.Sizes, size)
	}
	var err error
	if r.Database, err = all[0].settings(ctx); err != nil {
		return err
	}
	if s.granary == "" {
		return nil
	}
	if err := s.measureServed(ctx, all, r); err != nil {
		return err
	}
	if len(all) > 1 {
		if err := s.measureDead(ctx, all, r); err != nil {
			return err
		}
	}
	if s.churn == 0 {
		return nil
	}
	r.ChurnSize = s.churnSize
	return s.measureChurn(ctx, url, folder, r)
}

// grow fills a database and counts pages on it.
func (s *settings) grow(ctx context.Context, url, folder string, n, wide int64) (g grownSystem, size sizeReport, err error) {
	g.dir = filepath.Join(folder, fmt.Sprint(n))
	if err := os.Mkdir(g.dir, 0o700); err != nil {
		return g, size, err
	}
	if g.tree, err = newTree(n, wide); err != nil {
		return g, size, err
	}
	database, err := makeDatabase(ctx, url, fmt.Sprintf("growth_%d", n))
	if err != nil {
		return g, size, err
	}
	if g.system, err = openSystem(ctx, database, keyFile(g.dir)); err != nil {
		return g, size, err
	}
	fail := func(err error) (grownSystem, sizeReport, error) { g.pool.Close(); return g, size, err }
	// Statistics are gathered when this program asks for them, not before.
	var off, on []string
	for _, table := range tables {
		off, on = append(off, "ALTER TABLE "+table+" SET (autovacuum_enabled = off)"), append(on, "ALTER TABLE "+table+" RESET (autovacuum_enabled)")
	}
	if err := g.exec(ctx, off...); err != nil {
		return fail(err)
	}
	say("copying %d inodes", n)
	if size.filled, err = g.fill(ctx, g.tree); err != nil {
		return fail(err)
	}
	if err := g.weigh(ctx, &size.filled); err != nil {
		return fail(err)
	}
	say("%d inodes in %.0f s, %.0f bytes each; counting pages", size.Inodes, size.Seconds, size.PerInode)
	if size.Bare, err = s.pages(ctx, g, 0); err != nil {
		return fail(err)
	}
	if err := g.exec(ctx, append(on, "VACUUM (ANALYZE)")...); err != nil {
		return fail(err)
	}
	if size.Analyzed, err = s.pages(ctx, g, 1); err != nil {
		return fail(err)
	}
	if s.fsck {
		say("fsck of %d inodes", n)
		took, err := timeOf(func() error { return g.check(ctx) })
		if err != nil {
			return fail(err)
		}
		size.FsckSeconds = took / 1000
	}
	return g, size, nil
}

func (s *settings) pages(ctx context.Context, g grownSystem, turn int) (rows []pageRow, err error) {
	c, err := g.newCounter(ctx, true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.table(ctx, g.tree, s.repeat, turn)
}

// measureServed starts a server for each size, measures them, and ends them.
func (s *settings) measureServed(ctx context.Context, all []grownSystem, r *report) (err error) {
	places := make([]place, len(all))
	for i, g := range all {
		running, err := serve(ctx, s.granary, g.url, g.dir)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, running.stop()) }()
		places[i] = place{running, g.tree}
	}
	say("comparing latencies")
	if r.Latencies, err = compareLatencies(ctx, places, s.rounds, s.each); err != nil {
		return err
	}
	last := len(all) - 1
	say("a directory of %d files", all[last].tree.wide)
	w, err := all[last].measureWide(ctx, places[last], s.around)
	r.Wide = &w
	return err
}

// measureDead uses the largest namespace but one, in which no wide directory was deleted.
func (s *settings) measureDead(ctx context.Context, all []grownSystem, r *report) error {
	g := all[max(0, len(all)-2)]
	say("rows that are deleted and not vacuumed, of %d", g.tree.total())
	d, err := g.countDead(ctx, g.tree)
	r.Dead = &d
	return err
}

// measureChurn does the same under each variant, one after the other, each in a new database.
func (s *settings) measureChurn(ctx context.Context, url, folder string, r *report) error {
	for i, v := range variants() {
		say("creating and deleting for %s with %s", s.churn, v.name)
		one, err := s.churnIn(ctx, url, filepath.Join(folder, fmt.Sprintf("churn%d", i)), fmt.Sprintf("churn_%d", i), v)
		if err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		r.Churn = append(r.Churn, one)
	}
	return nil
}

func (s *settings) churnIn(ctx context.Context, url, dir, name string, v variant) (one churnReport, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return one, err
	}
	database, err := makeDatabase(ctx, url, name)
	if err != nil {
		return one, err
	}
	sys, err := openSystem(ctx, database, keyFile(dir))
	if err != nil {
		return one, err
	}
	defer sys.pool.Close()
	t, err := newTree(s.churnSize, s.churnSize/10)
	if err != nil {
		return one, err
	}
	if _, err := sys.fill(ctx, t); err != nil {
		return one, err
	}
	if err := sys.exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return one, err
	}
	running, err := serve(ctx, s.granary, database, dir)
	if err != nil {
		return one, err
	}
	defer func() { err = errors.Join(err, running.stop()) }()
	return sys.churn(ctx, place{running, t}, v, s.churn)
}

// settings returns how the database was configured.
func (s *system) settings(ctx context.Context) (all []string, err error) {
	var version string
	if err := s.pool.QueryRow(ctx, `SHOW server_version`).Scan(&version); err != nil {
		return nil, err
	}
	all = append(all, "PostgreSQL "+version)
	for _, name := range shownSettings {
		var value string
		if err := s.pool.QueryRow(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
			return nil, err
		}
		all = append(all, name+" = "+value)
	}
	return all, nil
}

// machine describes this machine.
func machine() (string, error) {
	model := "a processor without a name"
	table, err := os.ReadFile("/proc/cpuinfo")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	for line := range strings.Lines(string(table)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%d × %s, %s/%s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.GOARCH, runtime.Version()), nil
}

// loadAverage is the machine's load average of the last minute, "" where the system does not give one.
func loadAverage() (string, error) {
	text, err := os.ReadFile("/proc/loadavg")
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first, err
}
