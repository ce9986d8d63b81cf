package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/namespace"
)

// ran is a statement as it was executed, as PostgreSQL reports it.
type ran struct {
	SQL  string   `json:"Query Text"`
	Plan planNode `json:"Plan"`
}

// planNode is a node of a plan. Its pages include those of the nodes below it.
type planNode struct {
	Node      string     `json:"Node Type"`
	Operation string     `json:"Operation"`
	Relation  string     `json:"Relation Name"`
	Index     string     `json:"Index Name"`
	Hit       int64      `json:"Shared Hit Blocks"`
	Read      int64      `json:"Shared Read Blocks"`
	Loops     float64    `json:"Actual Loops"`
	Rows      float64    `json:"Actual Rows"`
	Plans     []planNode `json:"Plans"`
}

// pages returns how many pages a statement touched, counting each access.
func (r *ran) pages() int64 { return r.Plan.Hit + r.Plan.Read }

// levels has the number of levels of B-tree indexes, leaves included.
type levels struct {
	of   map[string]int64 // by index
	into map[string]int64 // by table: the sum over its indexes
}

// descents returns how many of the pages were levels of B-trees. This number must grow with the tree, by one level each time that
// the tree grows some hundredfold.
func (r *ran) descents(l levels) (pages int64) {
	var look func(n *planNode)
	look = func(n *planNode) {
		pages += min(int64(n.Loops)*l.of[n.Index], n.Hit+n.Read) // a lookup of NULL touches none
		if n.Node == "ModifyTable" && n.Operation == "Insert" && len(n.Plans) > 0 {
			pages += int64(n.Plans[0].Rows) * l.into[n.Relation]
		}
		for i := range n.Plans {
			look(&n.Plans[i])
		}
	}
	look(&r.Plan)
	return pages
}

// grown are the tables that grow with the namespace.
var grown = []string{"inodes", "dirs", "contents", "extents", "blocks", "names", "sums", "leases", "usage"}

// faults returns what a plan does whose cost would grow: reading all of a table that has more than one page.
func (r *ran) faults() (all []string) {
	var look func(n *planNode)
	look = func(n *planNode) {
		if n.Node == "Seq Scan" && n.Hit+n.Read > 1 && slices.Contains(grown, n.Relation) {
			all = append(all, "reads all of "+n.Relation)
		}
		for i := range n.Plans {
			look(&n.Plans[i])
		}
	}
	look(&r.Plan)
	return all
}

// watcher collects the plans of all statements on its connections.
type watcher struct {
	mu  sync.Mutex
	all []ran
	err error
}

// pool returns connections as a server has them, on which each statement reports the plan with which it was executed.
func (w *watcher) pool(ctx context.Context, url string, writes *namespace.Writes) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	namespace.PlanByIndexes(config.ConnConfig)
	writes.Watch(config.ConnConfig)
	config.ConnConfig.OnNotice = w.notice
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
			SET auto_explain.log_buffers = on; SET auto_explain.log_timing = off; SET auto_explain.log_nested_statements = on;
			SET auto_explain.log_format = json; SET auto_explain.log_level = notice`)
		if err != nil {
			return fmt.Errorf("plans are told by auto_explain, one of PostgreSQL's contributed modules, which only a superuser loads: %w", err)
		}
		return nil
	}
	return pgxpool.NewWithConfig(ctx, config)
}

func (w *watcher) notice(_ *pgconn.PgConn, n *pgconn.Notice) {
	at := strings.Index(n.Message, "plan:\n")
	if !strings.HasPrefix(n.Message, "duration: ") || at < 0 {
		return
	}
	var r ran
	err := json.Unmarshal([]byte(n.Message[at+len("plan:\n"):]), &r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.err = fmt.Errorf("read a plan: %w", err)
		return
	}
	w.all = append(w.all, r)
}

// take returns what was executed since the last call.
func (w *watcher) take() ([]ran, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.all
	w.all = nil
	return all, w.err
}

// title shortens a statement to what distinguishes it from others.
func title(sql string) string {
	text := strings.Join(strings.Fields(sql), " ")
	for _, t := range titles {
		if strings.HasPrefix(text, t.begin) {
			return t.name
		}
	}
	const most = 60
	return text[:min(len(text), most)]
}

// titles names the statements that matter, by how they begin. For others, title uses the beginning itself.
var titles = []struct{ begin, name string }{
	{"WITH RECURSIVE walk", "walk"},
	{`SELECT 'e'::"char"`, "compare"},
	{"SELECT CASE WHEN n.id IS NULL", "look up"},
	{"WITH p AS MATERIALIZED", "locks of a batch"},
	{"INSERT INTO inodes", "new inodes"},
	{"INSERT INTO contents", "new content"},
	{"INSERT INTO dirs", "visits"},
	{"INSERT INTO unindexed", "await the index"},
	{"WITH moved AS (UPDATE inodes", "moves"},
	{"WITH counted AS (UPDATE dirs", "visits"},
	{`SELECT 'f'::"char"`, "content"},
	{"DELETE FROM inodes USING", "inodes that go"},
	{"DELETE FROM contents", "content that goes"},
	{"DELETE FROM sums", "sums that go"},
	{"WITH cut AS (DELETE FROM extents", "extents that go"},
	{"WITH numbered AS", "events"},
	{`SELECT pg_current_snapshot()`, "moment"},
	{"SELECT (extract(epoch FROM", "next transaction"},
	{"SELECT c.name, n.project_id", "page of a listing"},
	{"WITH known AS MATERIALIZED", "segments"},
	{"SELECT NOT EXISTS ( SELECT FROM unnest", "still"},
	{"SELECT count(*) FROM ( SELECT 1 FROM inodes c", "what is left of the listing"},
	{"SELECT count(*) = 0 FROM (SELECT FROM inodes", "is it empty"},
	{"SELECT target_project FROM inodes", "mounts"},
	{"SELECT c.project_id, c.id, c.kind", "what is purged"},
}
