package namespace

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/postgres/pgtest"
)

// Servers analyze every table, and autovacuum none, as a server knows nothing of an analysis that it did not make itself.
func TestServersAnalyzeAllTables(t *testing.T) {
	fs := newFS(t)
	rows, err := fs.db.Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'goose%'
		AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'inodes'::regclass)
		AND NOT coalesce(reloptions @> '{autovacuum_analyze_threshold=1000000000}', false)`)
	must(t, err)
	others, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	if len(others) > 0 {
		t.Errorf("PostgreSQL analyzes %q by itself: set autovacuum_analyze_threshold, as migration 21 does", others)
	}

	analyzed := func(table string) int {
		return fs.count(t, `SELECT analyze_count FROM pg_stat_user_tables WHERE relid = $1::text::regclass`, table)
	}
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	fs.exec(t, `INSERT INTO detached (project_id, inode_id, since) SELECT 0, -n, now() FROM generate_series(1, 200) n`)
	eventually(t, "the table is analyzed", func() bool {
		fs.exec(t, `SELECT pg_stat_force_next_flush()`)
		must(t, fs.analyze(t.Context()))
		return analyzed("detached") > 0
	})
	if n := analyzed("unindexed") + analyzed("signing_keys"); n > 0 {
		t.Errorf("%d tables that have not changed, or say nothing, were analyzed", n)
	}
}

// costly makes a table of 200 rows with an index on a function, whose body is text from then on: an analysis runs it for each row.
func (fs *testFS) costly(t *testing.T, table, text string) {
	t.Helper()
	body := func(text string) {
		fs.exec(t, `CREATE OR REPLACE FUNCTION same(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN `+text+` END $$`)
	}
	body(`RETURN n;`)
	fs.exec(t, `CREATE TABLE `+table+` (n int) WITH (autovacuum_enabled = off)`)
	fs.exec(t, `CREATE INDEX ON `+table+` (same(n))`)
	fs.exec(t, `INSERT INTO `+table+` SELECT generate_series(1, 200)`)
	body(text)
}

// A table that cannot be analyzed does not keep others from being analyzed.
func TestOneTableThatCannotBeAnalyzed(t *testing.T) {
	fs := newFS(t)
	fs.costly(t, "a_damaged", `RAISE 'it is damaged';`)
	fs.exec(t, `INSERT INTO detached (project_id, inode_id, since) SELECT 0, -n, now() FROM generate_series(1, 200) n`)
	told := false
	eventually(t, "the other table is analyzed", func() bool {
		fs.exec(t, `SELECT pg_stat_force_next_flush()`)
		err := fs.analyze(t.Context())
		told = told || err != nil && strings.Contains(err.Error(), "analyze a_damaged: ") && strings.Contains(err.Error(), "it is damaged")
		return told && fs.count(t, `SELECT analyze_count FROM pg_stat_user_tables WHERE relid = 'detached'::regclass`) > 0
	})
}

// The background work of a server does not end what is proved.
func TestUpkeepEndsNoProof(t *testing.T) {
	// The test has a cluster of its own: other transactions in it would be foreign, and there would always be one while ids are taken.
	fs, _, _ := loneOver(t, pgtest.NewAlone(t), func(c *Config) { c.Trash = time.Hour })
	s := fs.as(t, superuser)
	for _, path := range []string{"/d/f", "/d/old", "/d/older"} {
		s.put(t, path, []byte("content"))
	}
	fs.exec(t, `INSERT INTO detached (project_id, inode_id, since) SELECT 0, -n, now() FROM generate_series(1, 200) n`)
	nothing := func() {}
	analyzed, removed := 0, false
	job := &claimed{Job: Job{ID: uuid.New()}, session: s}
	fs.exec(t, `INSERT INTO jobs (id, kind, sources, target, user_id, usr, credential, client, scope_project, scope_root, scope_verbs, state, server)
		VALUES ($1, 'zip', '{}', '', 0, '', '', '', 0, 0, 0, 'running', $2)`, job.ID, fs.server)
	for name, tt := range map[string]struct {
		before func()
		do     func() error
		done   func() bool
	}{
		"to analyze": {
			before: func() {
				fs.exec(t, `UPDATE detached SET since = now()`)
				fs.exec(t, `SELECT pg_stat_force_next_flush()`)
			},
			do: func() error { return fs.analyze(t.Context()) },
			done: func() bool {
				before := analyzed
				analyzed = fs.count(t, `SELECT analyze_count FROM pg_stat_user_tables WHERE relid = 'detached'::regclass`)
				return analyzed > before
			},
		},
		"to take ids": {
			do: func() error {
				for range 33 { // one of 32 is a transaction
					fs.ids.mu.Lock()
					fs.ids.left = 0
					fs.ids.mu.Unlock()
					if _, err := fs.ids.id(t.Context()); err != nil {
						return err
					}
				}
				return nil
			},
		},
		"to empty the trash": {
			before: func() { fs.exec(t, `DELETE FROM settings WHERE name = $1`, trashSetting) },
			do:     func() error { return fs.EmptyTrash(t.Context()) },
			done: func() bool {
				return fs.count(t, `SELECT count(*) FROM settings WHERE name = $1`, trashSetting) == 1
			},
		},
		"to renew access times": {
			before: func() {
				fs.exec(t, `UPDATE inodes SET atime = 0 WHERE name IN ('old', 'older')`)
				for _, path := range []string{"/d/old", "/d/older"} {
					_, err := s.Stat(t.Context(), at(path))
					must(t, err)
				}
			},
			do: func() error {
				s.get(t, "/d/old")
				_, err := readBatch(t.Context(), s, "/d/older")
				return err
			},
			done: func() bool {
				return fs.count(t, `SELECT count(*) FROM inodes WHERE name IN ('old', 'older') AND atime > 0`) == 2
			},
		},
		"to record accesses": {
			before: func() { fs.recorder.add(access{op: "open", spot: spot{path: at("/d/f")}, at: fs.now()}) },
			do:     func() error { return fs.record(t.Context()) },
		},
		"to remove what is old": {
			before: func() {
				fs.exec(t, `INSERT INTO operations (id, at) SELECT gen_random_uuid(), now() - interval '25 hours' FROM generate_series(1, 10)`)
			},
			do: func() error {
				const old = `SELECT count(*) FROM operations WHERE at < now() - interval '24 hours'`
				found := fs.count(t, old) // 0: the reaper was faster, and that was before
				_, err := fs.removeOld(t.Context())
				removed = found > 0 && fs.count(t, old) == 0
				return err
			},
			done: func() bool { return removed },
		},
		"to tell how far a job is": {
			do: func() error { return job.tell(t.Context(), 1, 1) },
		},
	} {
		if tt.before == nil {
			tt.before = nothing
		}
		// PostgreSQL itself runs a foreign transaction now and then.
		eventually(t, "what was proved is, after "+name, func() bool {
			tt.before()
			_, err := s.Stat(t.Context(), at("/d/f"))
			must(t, err)
			fs.hints.mu.Lock()
			era := fs.hints.era
			fs.hints.mu.Unlock()
			must(t, tt.do())
			fs.hints.mu.Lock()
			fs.hints.lease.until = fs.now().Add(-1) // so that the next lookup asks for the moment
			fs.hints.mu.Unlock()
			_, err = s.Stat(t.Context(), at("/d/f"))
			must(t, err)
			fs.hints.mu.Lock()
			defer fs.hints.mu.Unlock()
			return fs.hints.era == era && (tt.done == nil || tt.done())
		})
	}
}

// A table is analyzed for as long as that takes, whatever limits the role has for its requests.
func TestTheAnalysisOfAHurriedRole(t *testing.T) {
	fs := newFS(t)
	fs.still()
	fs.costly(t, "a_slow", `PERFORM pg_sleep(0.015); RETURN n;`)
	hurried := fs.beside(t, func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["statement_timeout"] = "2s" })
	hurried.stop()
	<-hurried.done
	eventually(t, "the table is analyzed", func() bool {
		fs.exec(t, `SELECT pg_stat_force_next_flush()`)
		must(t, hurried.analyze(t.Context()))
		return fs.count(t, `SELECT analyze_count FROM pg_stat_user_tables WHERE relid = 'a_slow'::regclass`) > 0
	})
}
