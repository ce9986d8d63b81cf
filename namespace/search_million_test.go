package namespace

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// explained collects how the database runs the statements of a search, and how many pages they read.
type explained struct {
	t     *testing.T
	pages int64
	plans []string // indexes that were used
}

// plan is a node of a plan.
type plan struct {
	Node     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Hit      int64  `json:"Shared Hit Blocks"`
	Read     int64  `json:"Shared Read Blocks"`
	Plans    []plan
}

// run explains sql as it is run with args, adds up its pages, and fails the test if it reads all names.
func (e *explained) run(ctx context.Context, tx pgx.Tx, sql string, args ...any) {
	e.t.Helper()
	var text []byte
	if err := tx.QueryRow(ctx, `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `+sql, args...).Scan(&text); err != nil {
		e.t.Fatal(err)
	}
	var top []struct{ Plan plan }
	if err := json.Unmarshal(text, &top); err != nil {
		e.t.Fatal(err)
	}
	e.pages += top[0].Plan.Hit + top[0].Plan.Read
	e.look(&top[0].Plan)
}

func (e *explained) look(p *plan) {
	if p.Index != "" {
		e.plans = append(e.plans, p.Index)
	}
	if p.Node == "Seq Scan" && (p.Relation == "names" || p.Relation == "inodes" || p.Relation == "tags") {
		e.t.Errorf("all of %s is read", p.Relation)
	}
	for i := range p.Plans {
		e.look(&p.Plans[i])
	}
}

// explaining is a transaction that explains the statements it is asked to run.
type explaining struct {
	pgx.Tx
	e *explained
}

func (x explaining) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	x.e.run(ctx, x.Tx, sql, args...)
	return x.Tx.Query(ctx, sql, args...)
}

func (x explaining) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	x.e.run(ctx, x.Tx, sql, args...)
	return x.Tx.QueryRow(ctx, sql, args...)
}

// fill makes n files in the project, in directories of a thousand, with names that are usual in machine learning; every
// hundredth is tagged. They are copied into the tables as they are, and the index is made as for any others.
func (fs *testFS) fill(t *testing.T, project int64, top, first int64, n int) {
	t.Helper()
	ctx := t.Context()
	conn, err := fs.db.Acquire(ctx)
	must(t, err)
	defer conn.Release()
	const perDir = 1000
	made, dirs := 0, (n+perDir-1)/perDir
	columns := []string{"project_id", "id", "parent_id", "name", "kind", "mode", "owner", "grp", "mtime", "size"}
	_, err = conn.Conn().CopyFrom(ctx, pgx.Identifier{"inodes"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		i := made
		made++
		switch {
		case i >= n+dirs:
			return nil, nil
		case i < dirs:
			return []any{project, first + int64(i), top, fmt.Sprintf("batch-%05d", i), byte('d'), int16(0o755), "ada", "g", int64(0), int64(0)}, nil
		}
		f := i - dirs
		return []any{project, first + int64(i), first + int64(f/perDir), fileName(f), byte('f'), int16(0o644), "ada", "g", int64(1e12), int64(f)}, nil
	}))
	must(t, err)
	_, err = conn.Conn().CopyFrom(ctx, pgx.Identifier{"tags"}, []string{"project_id", "inode_id", "key", "value"}, pgx.CopyFromSlice(n/100, func(i int) ([]any, error) {
		return []any{project, first + int64(dirs+100*i), "split", []string{"train", "test"}[i%2]}, nil
	}))
	must(t, err)
}

// fileName returns a name as datasets and experiments have them.
func fileName(i int) string {
	switch i % 10 {
	case 0:
		return fmt.Sprintf("part-%05d-%08x.snappy.parquet", i%100_000, uint32(i)*2654435761)
	case 1:
		return fmt.Sprintf("model_%08x.pt", uint32(i)*2246822519)
	case 2, 3:
		return fmt.Sprintf("img_%07d.jpg", i)
	case 4:
		return fmt.Sprintf("epoch-%d-loss-%d.ckpt", i%1000, i/10%77)
	case 5:
		return fmt.Sprintf("run %d results.csv", i)
	case 6:
		return fmt.Sprintf("train-%d.tfrecord", i)
	case 7:
		return fmt.Sprintf("events.out.tfevents.%d.host", 1_700_000_000+i)
	case 8:
		return fmt.Sprintf("tile_%d_%d.png", i%1000, i%777)
	}
	return fmt.Sprintf("sample-%d.json", i)
}

// TestSearchAmongAMillion pins how a search reads the database: never all names, and few pages. GRANARY_NAMES is how many
// files there are, half of them in a project that the searcher may not know of.
func TestSearchAmongAMillion(t *testing.T) {
	n := wanted(t, "GRANARY_NAMES", 20_000)
	x := newSharing(t)
	ctx := t.Context()
	// A stranger's project, and one directory of maps that is not for everybody.
	must(t, x.eve.CreateProject(ctx, NewProject{Name: "foreign"}))
	must(t, x.ada.SetMember(ctx, "maps", "sam", Scientist))
	began := time.Now()
	x.fillProject(t, "foreign", "eve", 100_000_000, n/2, 0o770)
	x.fillProject(t, "maps", "ada", 200_000_000, n*2/5, 0o770)
	x.fillProject(t, "maps", "ada", 300_000_000, n/10, 0o700)
	x.ada.put(t, "/Projects/maps/the needle", nil)
	loaded := time.Since(began)
	began = time.Now()
	x.drain(t)
	indexed := time.Since(began)
	x.exec(t, `VACUUM ANALYZE`)
	t.Logf("soak: %d files loaded in %.1f s and indexed in %.1f s, %.0f each second; the index has %s", n, loaded.Seconds(), indexed.Seconds(),
		float64(n)/indexed.Seconds(), x.indexSizes(t))
	for _, tt := range []struct {
		what  string
		s     *Session
		q     SearchQuery
		index string
		most  int64 // pages
	}{
		{"rare", x.ada, SearchQuery{Text: "needle"}, "names_by_trigrams", 300},
		{"rare, in the project", x.ada, SearchQuery{Text: "needle", Project: "maps"}, "names_by_trigrams", 600},
		{"nothing", x.ada, SearchQuery{Text: "no such thing"}, "names_by_trigrams", 300},
		{"some hundreds", x.ada, SearchQuery{Text: "loss-33."}, "names_by_trigrams", 12_000},
		{"common", x.ada, SearchQuery{Text: "img_"}, "names_by_id", 4000},
		{"common, in the project", x.ada, SearchQuery{Text: "img_", Project: "maps"}, "names_pkey", 4000},
		{"common, the newest hidden", x.sam, SearchQuery{Text: "parquet"}, "names_by_id", 30_000},
		{"common, a superuser's", x.as(t, superuser), SearchQuery{Text: "parquet"}, "names_by_id", 4000},
		{"equal", x.ada, SearchQuery{Text: fileName(12)}, "names_by_name", 2000},
		{"a tag", x.ada, SearchQuery{Tag: "split=test"}, "tags_by_value", 4000},
		{"a tag's key", x.ada, SearchQuery{Tag: "split"}, "tags_by_key", 4000},
		{"a beginning, in the project", x.ada, SearchQuery{Text: "mo", Project: "maps"}, "names_pkey", 4000},
		{"only punctuation", x.ada, SearchQuery{Text: "___"}, "names_by_id", 8000},
		{"what only others have", x.bob, SearchQuery{Text: "parquet"}, "names_by_name", 300},
	} {
		began := time.Now()
		page, err := tt.s.Search(ctx, tt.q)
		must(t, err)
		took := time.Since(began)
		e := &explained{t: t}
		must(t, x.snapshot(ctx, func(tx pgx.Tx) error {
			w := &walker{ctx: ctx, s: tt.s}
			c, err := w.searchedFrom(tt.q)
			must(t, err)
			f, err := tt.q.parse()
			must(t, err)
			must(t, tt.s.openCursor(tt.q, f))
			by := &searcher{w: w, tx: explaining{tx, e}, sought: *f, verdicts: map[key]verdict{}}
			must(t, by.narrow(tt.q, c))
			again, _, err := by.page()
			must(t, err)
			if len(again.Hits) != len(page.Hits) {
				t.Errorf("%s: %d hits, explained %d", tt.what, len(page.Hits), len(again.Hits))
			}
			return nil
		}))
		t.Logf("soak: among %d files, %s: %d hits, %d pages, %.1f ms", n, tt.what, len(page.Hits), e.pages, float64(took.Microseconds())/1000)
		if e.pages > tt.most {
			t.Errorf("%s: %d pages, want at most %d", tt.what, e.pages, tt.most)
		}
		if plans := strings.Join(e.plans, " "); n >= 100_000 && !strings.Contains(plans, tt.index) {
			t.Errorf("%s: it goes by %s, want %s", tt.what, plans, tt.index)
		}
	}
}

// fillProject fills a directory of a project.
func (x *sharing) fillProject(t *testing.T, project, owner string, first int64, n int, mode perm.Mode) {
	t.Helper()
	dir := path(t, fmt.Sprintf("/Projects/%s/data-%d", project, first))
	s := x.as(t, owner)
	_, err := s.Mkdirs(t.Context(), dir, MkdirOptions{Mode: mode})
	must(t, err)
	must(t, s.SetPermission(t.Context(), dir, mode))
	top, err := s.Stat(t.Context(), dir)
	must(t, err)
	id, err := x.ProjectID(t.Context(), project)
	must(t, err)
	x.fill(t, id, top.ID, first, n)
}

// indexSizes returns the sizes of the tables of the index.
func (fs *testFS) indexSizes(t *testing.T) (text string) {
	t.Helper()
	must(t, fs.db.QueryRow(t.Context(), `SELECT string_agg(relname || ' ' || pg_size_pretty(pg_relation_size(oid)), ', ' ORDER BY relname)
		FROM pg_class WHERE relname LIKE 'names%'`).Scan(&text))
	return text
}
