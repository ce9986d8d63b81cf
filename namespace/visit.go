package namespace

import (
	"slices"

	"github.com/jackc/pgx/v5"
)

// visit records that children of dir were added (delta above 0), removed or replaced.
type visit struct {
	dir     key
	path    Path // for error messages
	mtime   int64
	delta   int64
	limited bool // it is refused if the directory would have more children than it may
}

// visitsSQL counts children in directories, in the order in which they are given. Time never runs backwards, as in HDFS's
// INode.updateModificationTime. If more were added than removed and there would be more than $5, it fails with the code GR001.
var visitsSQL = `
INSERT INTO dirs (project_id, id, mtime, children)
SELECT project_id, id, mtime, CASE WHEN delta > $5 THEN too_many_children() ELSE delta END
FROM ` + rowsSQL("v", 1, "project_id bigint", "id bigint", "mtime bigint", "delta bigint") + `
ON CONFLICT (project_id, id) DO UPDATE SET mtime = greatest(dirs.mtime, excluded.mtime),
	children = CASE WHEN excluded.children > 0 AND dirs.children + excluded.children > $5 THEN too_many_children()
		ELSE dirs.children + excluded.children END`

// countedSQL also returns the resulting rows, each of which costs the database and this process 2 µs.
var countedSQL = visitsSQL + `
RETURNING project_id, id, children, ctid`

// visitsAtSQL does the same if it is known where each row of dirs lies, $5; $6 is the largest number of children. It fails with the
// code notAsDecided if a row no longer lies there, because somebody else has written it.
var visitsAtSQL = `
WITH counted AS (UPDATE dirs SET mtime = greatest(dirs.mtime, v.mtime),
	children = CASE WHEN v.delta > 0 AND dirs.children + v.delta > $6 THEN too_many_children() ELSE dirs.children + v.delta END
	FROM ` + rowsSQL("v", 1, "project_id bigint", "id bigint", "mtime bigint", "delta bigint", "at tid") + `
	WHERE dirs.ctid = v.at AND dirs.project_id = v.project_id AND dirs.id = v.id RETURNING dirs.project_id, dirs.id, dirs.children, dirs.ctid)
SELECT project_id, id, children, ctid FROM counted
UNION ALL SELECT not_as_decided(), NULL, NULL, NULL WHERE (SELECT count(*) FROM counted) < cardinality($5::tid[])`

// dirCount is how many children a directory has, and where its row of dirs lies.
type dirCount struct {
	dir      key
	children int64
	at       tid
}

// queueVisits adds visits to batch; see [queueEffects].
func queueVisits(batch *pgx.Batch, visits []visit, most int64, seen func(dirCount), counters func([]visit) []tid) {
	sql := countedSQL
	if seen == nil {
		sql = visitsSQL
	}
	args := []any{
		column(visits, func(v visit) int64 { return v.dir.project }),
		column(visits, func(v visit) int64 { return v.dir.id }),
		column(visits, func(v visit) int64 { return v.mtime }),
		column(visits, func(v visit) int64 { return v.delta }),
	}
	if seen != nil && counters != nil {
		if at := counters(visits); at != nil {
			sql, args = visitsAtSQL, append(args, at)
		}
	}
	queued := batch.Queue(sql, append(args, most)...)
	if seen == nil {
		return
	}
	queued.Query(func(rows pgx.Rows) error {
		var c dirCount
		_, err := pgx.ForEachRow(rows, []any{&c.dir.project, &c.dir.id, &c.children, &c.at}, func() error {
			seen(c)
			return nil
		})
		return err
	})
}

// mergeVisits returns one visit for each directory, in the order of ids, in which rows of dirs are locked.
func mergeVisits(all []*effects) []visit {
	at := map[key]int{}
	var merged []visit
	for _, e := range all {
		for _, v := range e.visits {
			i, ok := at[v.dir]
			if !ok {
				at[v.dir] = len(merged)
				merged = append(merged, v)
				continue
			}
			merged[i].delta += v.delta
			merged[i].mtime = max(merged[i].mtime, v.mtime)
		}
	}
	slices.SortFunc(merged, func(a, b visit) int {
		if a.dir.id < b.dir.id {
			return -1
		}
		return 1
	})
	return merged
}
