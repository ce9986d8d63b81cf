package namespace

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// Code that knows the project of an inode asks no other project for its path: an installation may have thousands.
func TestOnlyTheProjectIsAskedForAPath(t *testing.T) {
	const files = 100
	asked := &batches{}
	x := newSharing(t, asked.traced(t), func(c *Config) { c.Trash = time.Hour })
	s := x.share(t, Offer{ToProject: "vision", Level: Edit})
	for i := range files {
		x.bob.put(t, fmt.Sprintf("%s/%d", tilesShown, i), []byte("tile"))
	}
	for i := range files {
		x.bob.get(t, fmt.Sprintf("%s/%d", tilesShown, i))
	}
	recording := asked.of(func() { must(t, x.record(t.Context())) })
	if n := recording[upFromKeysSQL]; n > 2 { // the server may have begun on its own
		t.Errorf("%d statements to find where %d files are that were read by way of a share; want one", n, files)
	}
	read := func() int {
		return x.count(t, `SELECT coalesce(sum(coalesce(cardinality(names), 1)), 0) FROM accesses WHERE op = 'open' AND (path = $1 OR path LIKE $1 || '/%')`, tilesOwn)
	}
	again, late := time.NewTicker(time.Millisecond), time.After(time.Minute)
	defer again.Stop()
	for n := read(); n != files; n = read() { // the server may still be writing some on its own
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("the audit knows of %d readings in %s; want %d", n, tilesOwn, files)
		}
	}
	rest := asked.of(func() {
		_, err := x.ada.Dataset(t.Context(), x.tiles.ID)
		must(t, err)
		must(t, x.bob.Replace(t.Context(), at(tilesShown+"/1"), at(tilesShown+"/2")))
		other, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
		must(t, err)
		must(t, x.ada.EndShare(t.Context(), other.ID))
		x.exec(t, `UPDATE shares SET expires = now() - interval '1 hour' WHERE id = $1`, s.ID)
		must(t, x.endShares(t.Context()))
	})
	if n := recording[upFromIDSQL] + rest[upFromIDSQL]; n > 0 {
		t.Errorf("every project was asked for a path %d times", n)
	}
	if byKey, ofDatasets := rest[upFromKeysSQL], rest[upFromDatasetSQL]; byKey == 0 || ofDatasets == 0 {
		t.Errorf("%d paths were looked for by keys, and %d of datasets; want some of each", byKey, ofDatasets)
	}
}

// The cost of finding a path does not grow with the number of projects.
func TestAPathCostsNoMoreAmongManyProjects(t *testing.T) {
	fs := newFS(t)
	f := fs.as(t, superuser).put(t, "/a/b/c/f", []byte("content"))
	fs.exec(t, `INSERT INTO projects (id, name, root) SELECT n, 'p' || n, -n FROM generate_series(100000, 102000) n`)
	fs.exec(t, `INSERT INTO datasets (project_id, inode_id) SELECT n, n FROM generate_series(100000, 102000) n`)
	fs.exec(t, `ANALYZE`)
	for _, tt := range []struct {
		name string
		sql  string
		args []any
	}{
		{"by key", upFromKeysSQL, []any{[]int64{0}, []int64{f.ID}}},
		{"of a dataset", upFromDatasetSQL, []any{int64(101000)}},
	} {
		var text []byte
		must(t, fs.db.QueryRow(t.Context(), `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `+tt.sql, tt.args...).Scan(&text))
		var plans []struct {
			Plan struct {
				Hit  int `json:"Shared Hit Blocks"`
				Read int `json:"Shared Read Blocks"`
			}
		}
		must(t, json.Unmarshal(text, &plans))
		if n := plans[0].Plan.Hit + plans[0].Plan.Read; n == 0 || n > 60 {
			t.Errorf("%s: %d pages to find a path among 2000 projects; want at most 60:\n%s", tt.name, n, text)
		}
		t.Logf("%s: %d pages", tt.name, plans[0].Plan.Hit+plans[0].Plan.Read)
	}
}
