package namespace

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// searchStage is how candidates are found.
type searchStage string

// Stages of a search, in their order. A search for a tag ends with searchTagged, and no other has that stage.
const (
	searchBegins  searchStage = ""
	searchTagged  searchStage = "tag"    // by the tag's index
	searchEquals  searchStage = "equal"  // names equal to the text
	searchMatches searchStage = "match"  // by trigrams, if few names match; otherwise searchThrough follows
	searchThrough searchStage = "window" // through all names, the newest first
)

// searcher finds one page of a search, in one snapshot of the database.
type searcher struct {
	w  *walker
	tx pgx.Tx
	sought
	bases    []searchBase // nil: everything in projects, by its own path
	projects []int64      // nil: all
	inTrash  bool         // the search starts in somebody's trash
	verdicts map[key]verdict

	queue   []key     // candidates that were found but not looked at yet
	last    bool      // no candidates follow those in queue
	windows int       // windows that were scanned
	climbed int       // inodes that were met on the paths to candidates
	until   time.Time // when the page ends; zero: it has any time
}

// Statements that find candidates, the newest first. Parameters: projects, what to look for, the id below which to continue, how
// many.
const (
	taggedSQL = `SELECT t.project_id, t.inode_id FROM unnest($1::bigint[]) AS p (id) CROSS JOIN LATERAL (
			SELECT project_id, inode_id FROM tags WHERE project_id = p.id AND key = $2 AND value = $3 AND inode_id < $4 ORDER BY inode_id DESC LIMIT $5
		) t ORDER BY t.inode_id DESC LIMIT $5`
	keyedSQL = `SELECT t.project_id, t.inode_id FROM unnest($1::bigint[]) AS p (id) CROSS JOIN LATERAL (
			SELECT project_id, inode_id FROM tags WHERE project_id = p.id AND key = $2 AND inode_id < $3 ORDER BY inode_id DESC LIMIT $4
		) t ORDER BY t.inode_id DESC LIMIT $4`
	equalSQL = `SELECT n.project_id, n.id FROM unnest($1::bigint[]) AS p (id) CROSS JOIN LATERAL (
			SELECT project_id, id FROM names WHERE project_id = p.id AND name = $2 AND id < $3 ORDER BY id DESC LIMIT $4
		) n ORDER BY n.id DESC LIMIT $4`

	// matchText is the expression that names_by_trigrams indexes.
	matchText = `(name || E'\n' || words)`
	// matchSQL and matchInSQL read only the rows that they return, and those that have all trigrams but not the text. The rows come
	// in no particular order.
	matchSQL   = `SELECT project_id, id FROM names WHERE ` + matchText + ` LIKE $1 AND id < $2 LIMIT $3`
	matchInSQL = `SELECT project_id, id FROM names WHERE project_id = ANY ($4) AND ` + matchText + ` LIKE $1 AND id < $2 LIMIT $3`

	// throughSQL scans $5 names of all projects, throughOneSQL of one; names of projects that are not in $4 are skipped.
	throughSQL    = `WITH seen AS MATERIALIZED (SELECT project_id, id, name, words FROM names WHERE id < $2 ORDER BY id DESC LIMIT $5)` + throughHitsSQL
	throughOneSQL = `WITH seen AS MATERIALIZED (SELECT project_id, id, name, words FROM names WHERE project_id = ($4::bigint[])[1] AND id < $2 ORDER BY id DESC LIMIT $5)` + throughHitsSQL

	throughHitsSQL = `, hits AS (
			SELECT project_id, id FROM seen WHERE ($4::bigint[] IS NULL OR project_id = ANY ($4)) AND ` + matchText + ` LIKE $1 ORDER BY id DESC LIMIT $3
		)
		SELECT (SELECT coalesce(min(id), 0) FROM seen), (SELECT count(*) FROM seen),
			(SELECT coalesce(array_agg(project_id), '{}') FROM hits), (SELECT coalesce(array_agg(id), '{}') FROM hits)`
)

// planSQL makes the database plan each statement for its own parameters, and find matches by the index whatever it estimates: if it
// expected most names to match, it would read all of them, although the first few matches are enough.
const planSQL = `SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off;
	SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off`

// planAgainSQL allows what planSQL forbids.
const planAgainSQL = `SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on`

// pattern returns the text as a LIKE pattern.
func (f *sought) pattern() string {
	text := likeEscaper.Replace(spelled(f.text)) + "%"
	if f.prefix() {
		return text
	}
	return "%" + text
}

// more finds the next candidates. It leaves queue empty if there are none, or if it has scanned enough names.
func (x *searcher) more() error {
	switch x.place.Stage {
	case searchTagged:
		return x.tagged()
	case searchEquals:
		return x.equals()
	case searchMatches:
		return x.matches()
	case searchThrough:
		return x.through()
	case searchBegins:
	}
	switch {
	case x.key != "":
		x.place.Stage = searchTagged
	case x.prefix():
		x.place.Stage = searchThrough
	default:
		x.place.Stage = searchEquals
	}
	return x.more()
}

// find runs a statement that returns candidates.
func (x *searcher) find(sql string, args ...any) (err error) {
	rows, err := x.tx.Query(x.w.ctx, sql, args...)
	if err == nil {
		x.queue, err = pgx.CollectRows(rows, scanKey)
	}
	return err
}

// eachProject returns the projects that are searched one by one.
func (x *searcher) eachProject() (all []int64, err error) {
	if x.projects != nil {
		return x.projects, nil
	}
	rows, err := x.tx.Query(x.w.ctx, `SELECT id FROM projects WHERE state <> 'd'`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func (x *searcher) tagged() error {
	each, err := x.eachProject()
	switch {
	case err != nil:
		return err
	case x.anyValue:
		err = x.find(keyedSQL, each, x.key, x.place.After, searchAtOnce)
	default:
		err = x.find(taggedSQL, each, x.key, x.value, x.place.After, searchAtOnce)
	}
	x.last = len(x.queue) < searchAtOnce
	return err
}

func (x *searcher) equals() error {
	left := searchEqual - x.place.Equal
	each, err := x.eachProject()
	if err == nil && left > 0 {
		err = x.find(equalSQL, each, spelledName(x.text), x.place.After, left)
	}
	if err != nil || len(x.queue) > 0 {
		return err
	}
	x.place.Stage, x.place.After = searchMatches, math.MaxInt64
	return x.more()
}

func (x *searcher) matches() error {
	if !selective(spelled(x.text)) { // no index helps
		x.place.Stage = searchThrough
		return x.more()
	}
	if _, err := x.tx.Exec(x.w.ctx, planSQL); err != nil {
		return err
	}
	var err error
	if x.projects == nil {
		err = x.find(matchSQL, x.pattern(), x.place.After, searchSorted+1)
	} else {
		err = x.find(matchInSQL, x.pattern(), x.place.After, searchSorted+1, x.projects)
	}
	if err != nil {
		return err
	}
	if _, err := x.tx.Exec(x.w.ctx, planAgainSQL); err != nil {
		return err
	}
	if len(x.queue) > searchSorted {
		x.queue, x.place.Stage = nil, searchThrough
		return x.more()
	}
	slices.SortFunc(x.queue, func(a, b key) int { return cmp.Compare(b.id, a.id) })
	x.last = true
	return nil
}

func (x *searcher) through() error {
	sql := throughSQL
	if len(x.projects) == 1 {
		sql = throughOneSQL
	}
	for ; len(x.queue) == 0 && x.windows < searchWindows && !x.last && !x.late(); x.windows++ {
		var (
			lowest, seen  int64
			projects, ids []int64
		)
		if err := x.tx.QueryRow(x.w.ctx, sql, x.pattern(), x.place.After, searchSorted, x.projects, searchWindow).
			Scan(&lowest, &seen, &projects, &ids); err != nil {
			return err
		}
		for i := range ids {
			x.queue = append(x.queue, key{projects[i], ids[i]})
		}
		if len(ids) < searchSorted {
			x.last = seen < searchWindow
		}
		if len(ids) == 0 {
			x.place.After = lowest
		}
	}
	return nil
}
