package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"granary/namespace"
)

// wideReport is what a directory with very many files costs, in milliseconds unless stated otherwise.
type wideReport struct {
	Files      int64   `json:"files"`
	ListFirst  float64 `json:"listFirstPage"` // median of the first ten pages of 1,000 entries
	ListLast   float64 `json:"listLastPage"`
	ListAll    float64 `json:"listAllSeconds"`
	StatDeep   float64 `json:"statDepth64"` // medians
	StatFlat   float64 `json:"statDepth3"`
	ReadDeep   float64 `json:"readDepth64"`
	ReadFlat   float64 `json:"readDepth3"`
	Rename     float64 `json:"rename"`
	RenameRows int64   `json:"renameRows"` // rows of inodes that the renaming wrote
	Summary    float64 `json:"summary"`
	SummaryAll float64 `json:"summaryAll"` // of the whole project
	SetQuota   float64 `json:"setQuota"`
	QuotaUsage float64 `json:"quotaUsage"`
	Delete     float64 `json:"delete"`
	Purge      float64 `json:"purgeSeconds"`
	Index      float64 `json:"indexSeconds"` // until the search index has caught up

	Others  map[string]others `json:"others"`
	Windows []window          `json:"windows"` // what others saw around the deletion
}

// timeOf returns how long f takes, in milliseconds.
func timeOf(f func() error) (float64, error) {
	start := time.Now()
	err := f()
	return milliseconds(time.Since(start)), err
}

// medianOf runs f several times and returns the median, in milliseconds.
func medianOf(times int, f func() error) (float64, error) {
	var all []time.Duration
	for range times {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		all = append(all, time.Since(start))
	}
	return percentile(all, 50), nil
}

// measureWide measures everything about the directories wide and deep. At the end wide is gone.
func (s *system) measureWide(ctx context.Context, p place, around time.Duration) (w wideReport, err error) {
	c := p.caller()
	defer c.close()
	w.Files = p.tree.wide
	for _, step := range []func(context.Context, *caller, place, *wideReport) error{s.listWide, s.goDeep, s.renameWide, s.sumWide} {
		if err := step(ctx, c, p, &w); err != nil {
			return w, err
		}
	}
	return w, s.deleteWide(ctx, c, p, around, &w)
}

func (s *system) listWide(ctx context.Context, c *caller, p place, w *wideReport) error {
	var pages []time.Duration
	start, last := time.Now(), int64(-1)
	for last < p.tree.wide-1 {
		after := ""
		if last >= 0 {
			after = "&startAfter=" + string(numbered(nil, 'w', last, 7))
		}
		begin := time.Now()
		if _, err := c.do(ctx, http.MethodGet, "/wide", "LISTSTATUS_BATCH"+after, nil, http.StatusOK); err != nil {
			return err
		}
		pages = append(pages, time.Since(begin))
		last = min(last+pageFiles, p.tree.wide-1)
	}
	w.ListAll = time.Since(start).Seconds()
	few := min(10, len(pages))
	w.ListLast, w.ListFirst = percentile(append([]time.Duration(nil), pages[len(pages)-few:]...), 50), percentile(append([]time.Duration(nil), pages[:few]...), 50)
	return nil
}

func (s *system) goDeep(ctx context.Context, c *caller, p place, w *wideReport) error {
	const times = 300
	deep, flat := chain(deepLevels)+"/f00", p.tree.file(0)
	var err error
	for _, m := range []struct {
		into *float64
		do   func(context.Context, string) error
		path string
	}{{&w.StatDeep, c.stat, deep}, {&w.StatFlat, c.stat, flat}, {&w.ReadDeep, c.read, deep}, {&w.ReadFlat, c.read, flat}} {
		if err := m.do(ctx, m.path); err != nil {
			return err
		}
		if *m.into, err = medianOf(times, func() error { return m.do(ctx, m.path) }); err != nil {
			return err
		}
	}
	return nil
}

// renameWide renames the directory and counts the rows of inodes that the same transaction wrote.
func (s *system) renameWide(ctx context.Context, c *caller, p place, w *wideReport) (err error) {
	if w.Rename, err = timeOf(func() error { return c.rename(ctx, "/wide", "/wider") }); err != nil {
		return err
	}
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM inodes WHERE xmin = (SELECT xmin FROM inodes WHERE parent_id = $1 AND name = 'wider'
		AND project_id = (SELECT id FROM projects WHERE name = $2))`, p.tree.top, project).Scan(&w.RenameRows); err != nil {
		return err
	}
	return c.rename(ctx, "/wider", "/wide")
}

// sumWide measures content summaries, setting a quota, and reading its usage.
func (s *system) sumWide(ctx context.Context, _ *caller, p place, w *wideReport) (err error) {
	fs, err := s.open(ctx, s.pool, func(*namespace.Config) {})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fs.Close()) }()
	session, err := s.session(ctx, fs, superuser)
	if err != nil {
		return err
	}
	limit, none := p.tree.wide*2, namespace.NoQuota
	for _, step := range []struct {
		into *float64
		do   func() error
	}{
		{&w.Summary, func() error {
			sum, err := session.Summary(ctx, inProject("/wide"))
			if err == nil && sum.Files != p.tree.wide {
				err = fmt.Errorf("the summary counts %d files instead of %d", sum.Files, p.tree.wide)
			}
			return err
		}},
		{&w.SummaryAll, func() error { _, err := session.Summary(ctx, inProject("")); return err }},
		{&w.SetQuota, func() error { return session.SetQuota(ctx, inProject("/wide"), namespace.QuotaChange{Names: &limit}) }},
		{&w.QuotaUsage, func() error { _, err := session.QuotaUsage(ctx, inProject("/wide")); return err }},
		{new(float64), func() error { return session.SetQuota(ctx, inProject("/wide"), namespace.QuotaChange{Names: &none}) }},
	} {
		if *step.into, err = timeOf(step.do); err != nil {
			return err
		}
	}
	return nil
}

// deleteWide deletes the directory while others work, and watches them until some time after the index has caught up.
func (s *system) deleteWide(ctx context.Context, c *caller, p place, around time.Duration, w *wideReport) error {
	watching := watch(ctx, p)
	wait := func(d time.Duration) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if err := wait(around); err != nil {
		return errors.Join(err, watching.stop())
	}
	began := time.Now()
	var err error
	if w.Delete, err = timeOf(func() error { return c.remove(ctx, "/wide") }); err != nil {
		return errors.Join(err, watching.stop())
	}
	var purged time.Time
	for purged.IsZero() {
		var left bool
		if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM detached)`).Scan(&left); err != nil {
			return errors.Join(err, watching.stop())
		}
		if !left {
			purged = time.Now()
		} else if err := wait(100 * time.Millisecond); err != nil {
			return errors.Join(err, watching.stop())
		}
	}
	w.Purge = purged.Sub(began).Seconds()
	for {
		var waiting int64
		if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM unindexed LIMIT 5000) u`).Scan(&waiting); err != nil {
			return errors.Join(err, watching.stop())
		}
		if waiting < 5000 {
			break
		}
		if err := wait(500 * time.Millisecond); err != nil {
			return errors.Join(err, watching.stop())
		}
	}
	w.Index = time.Since(began).Seconds()
	indexed := time.Now()
	if err := errors.Join(wait(around), watching.stop()); err != nil {
		return err
	}
	w.Windows = watching.windows(began)
	w.Others = map[string]others{
		"before": watching.between(time.Time{}, began), "during the purge": watching.between(began, purged),
		"while the index follows": watching.between(purged, indexed), "after": watching.between(indexed, time.Now()),
	}
	return nil
}
