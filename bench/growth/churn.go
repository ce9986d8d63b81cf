package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"granary/namespace"
)

// churned are the tables that are watched while files are created and deleted.
var churned = []string{"inodes", "dirs", "contents", "feeds", "usage", "unindexed", "names"}

// variant is a set of autovacuum settings.
type variant struct {
	name string
	sql  []string // applied on top of the schema
}

// variants returns the settings that are compared: those of the schema, and PostgreSQL's defaults for all of these tables.
func variants() []variant {
	own := variant{name: "PostgreSQL's own settings"}
	for _, table := range churned {
		own.sql = append(own.sql, "ALTER TABLE "+table+` RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor,
			autovacuum_analyze_threshold, autovacuum_vacuum_cost_delay, autovacuum_vacuum_cost_limit)`)
	}
	return []variant{{name: "the schema's settings"}, own}
}

// churnReport is the result of creating and deleting files in turns for some time.
type churnReport struct {
	Variant string           `json:"variant"`
	Changes int              `json:"changes"`
	Table   map[string]kept  `json:"tables"` // at the end
	Moments []churnMoment    `json:"moments"`
	Before  map[string]int64 `json:"bytesBefore"` // by table, with its indexes
}

// kept is the state of a table.
type kept struct {
	Bytes   int64 `json:"bytes"`
	Indexes int64 `json:"indexBytes"`
	Dead    int64 `json:"dead"` // rows, as PostgreSQL counts them
	Vacuums int64 `json:"vacuums"`
	Most    int64 `json:"mostDead"`
}

// churnMoment is the state at some moment.
type churnMoment struct {
	Second    int              `json:"second"`
	Changes   int              `json:"changes"` // since the moment before
	CreateP50 float64          `json:"createP50"`
	CreateP99 float64          `json:"createP99"`
	List      float64          `json:"list"` // of the directory in which files come and go, in ms
	Dead      map[string]int64 `json:"dead"`
	Bytes     map[string]int64 `json:"bytes"`
}

const (
	churners   = 4   // callers
	churnBatch = 200 // files that each caller creates before it deletes them
	churnLook  = 5 * time.Second
)

// churn creates and deletes files for a time, and meanwhile looks at the tables. The directory has a quota, so that usage
// changes as well.
func (s *system) churn(ctx context.Context, p place, v variant, lasting time.Duration) (r churnReport, err error) {
	r = churnReport{Variant: v.name, Table: map[string]kept{}, Before: map[string]int64{}}
	if err := s.exec(ctx, v.sql...); err != nil {
		return r, err
	}
	if err := s.limit(ctx, "/page"); err != nil {
		return r, err
	}
	before, err := s.look(ctx)
	if err != nil {
		return r, err
	}
	for table, k := range before {
		r.Before[table] = k.Bytes + k.Indexes
	}
	var (
		mu      sync.Mutex
		creates []time.Duration
		changes int
		failed  error
		done    sync.WaitGroup
	)
	until, cancel := context.WithTimeout(ctx, lasting)
	defer cancel()
	for n := range churners {
		done.Go(func() {
			c := p.caller()
			defer c.close()
			for i := 0; until.Err() == nil; i += churnBatch {
				took, err := c.turn(ctx, n, i)
				mu.Lock()
				creates, changes, failed = append(creates, took...), changes+2*len(took), errors.Join(failed, err)
				mu.Unlock()
				if err != nil {
					cancel()
				}
			}
		})
	}
	lister := p.caller()
	defer lister.close()
	start := time.Now()
	tick := time.NewTicker(churnLook)
	defer tick.Stop()
	for until.Err() == nil {
		select {
		case <-tick.C:
		case <-until.Done():
			continue
		}
		now, err := s.look(ctx)
		var listed float64
		if err == nil {
			listed, err = medianOf(5, func() error {
				_, err := lister.do(ctx, http.MethodGet, "/page", "LISTSTATUS_BATCH", nil, http.StatusOK)
				return err
			})
		}
		if err != nil {
			cancel()
			done.Wait()
			return r, err
		}
		mu.Lock()
		m := churnMoment{
			Second: int(time.Since(start).Seconds()), Changes: changes, CreateP50: percentile(creates, 50), CreateP99: percentile(creates, 99), List: listed,
			Dead: map[string]int64{}, Bytes: map[string]int64{},
		}
		r.Changes, creates, changes = r.Changes+changes, nil, 0
		mu.Unlock()
		for table, k := range now {
			m.Dead[table], m.Bytes[table] = k.Dead, k.Bytes+k.Indexes
			k.Most = max(r.Table[table].Most, k.Dead)
			k.Vacuums -= before[table].Vacuums
			r.Table[table] = k
		}
		r.Moments = append(r.Moments, m)
	}
	done.Wait()
	return r, failed
}

// turn creates some files and deletes them, and returns how long each creation took.
func (c *caller) turn(ctx context.Context, n, first int) (took []time.Duration, err error) {
	name := func(i int) string { return fmt.Sprintf("/page/churn-%d-%d", n, first+i) }
	for i := range churnBatch {
		start := time.Now()
		if err := c.create(ctx, name(i)); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
	for i := range churnBatch {
		if err := c.remove(ctx, name(i)); err != nil {
			return took, err
		}
	}
	return took, nil
}

// limit gives a directory a quota that is never reached.
func (s *system) limit(ctx context.Context, path string) (err error) {
	fs, err := s.open(ctx, s.pool, func(*namespace.Config) {})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fs.Close()) }()
	session, err := s.session(ctx, fs, superuser)
	if err != nil {
		return err
	}
	names := int64(1) << 40
	return session.SetQuota(ctx, inProject(path), namespace.QuotaChange{Names: &names})
}

// look asks PostgreSQL for the state of the tables.
func (s *system) look(ctx context.Context) (map[string]kept, error) {
	all := map[string]kept{}
	for _, table := range churned {
		var k kept
		if err := s.pool.QueryRow(ctx, `SELECT pg_table_size(relid), pg_indexes_size(relid), n_dead_tup, autovacuum_count
			FROM pg_stat_user_tables WHERE relname = $1`, table).Scan(&k.Bytes, &k.Indexes, &k.Dead, &k.Vacuums); err != nil {
			return nil, err
		}
		all[table] = k
	}
	return all, nil
}
