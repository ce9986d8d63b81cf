package namespace

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// upSQL finds the inodes in the rows k and all inodes above them, each once, however many of them lie in one directory.
func upSQL(k string) string {
	return `
WITH RECURSIVE up AS (
	SELECT i.* FROM (` + k + `) k, LATERAL (SELECT i.project_id, i.id, i.parent_id, i.name, i.target_id FROM inodes i WHERE ` + byKeySQL + `) i
	WHERE i.target_id IS NULL AND (SELECT p.state FROM projects p WHERE p.id = k.project_id) <> 'd'
	UNION
	SELECT i.* FROM (SELECT up.project_id, up.parent_id AS id FROM up) k,
		LATERAL (SELECT i.project_id, i.id, i.parent_id, i.name, i.target_id FROM inodes i WHERE ` + byKeySQL + `) i
)
SELECT up.project_id, up.id, coalesce(up.parent_id, -1),
	CASE WHEN up.parent_id = 0 THEN (SELECT p.name FROM projects p WHERE p.id = up.project_id) ELSE up.name END FROM up`
}

var (
	upFromKeysSQL    = upSQL(`SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)`)
	upFromDatasetSQL = upSQL(`SELECT project_id, inode_id AS id FROM datasets WHERE inode_id = $1`)
	// upFromIDSQL looks in every project, so it is only for callers that know nothing but an id.
	upFromIDSQL = upSQL(`SELECT id AS project_id, $1::bigint AS id FROM projects`)
)

// pathOf returns the path of an inode, nil if it has none.
func (fs *FS) pathOf(ctx context.Context, k key) (*Path, error) { return pathOf(ctx, fs.db, k) }

func pathOf(ctx context.Context, db querier, k key) (*Path, error) {
	all, err := pathsOf(ctx, db, []key{k})
	if at, ok := all[k]; ok {
		return &at, err
	}
	return nil, err
}

// pathOfID is pathOf for callers that do not know the project. It is expensive in an installation of many projects.
func (fs *FS) pathOfID(ctx context.Context, id int64) (*Path, error) {
	return fs.onlyPath(ctx, id, upFromIDSQL)
}

// pathOfDataset returns the path of a dataset, nil if there is none with this id, or it has no path.
func (fs *FS) pathOfDataset(ctx context.Context, id int64) (*Path, error) {
	return fs.onlyPath(ctx, id, upFromDatasetSQL)
}

// onlyPath returns the path of the inode id, from which sql goes up. Ids are unique over all projects.
func (fs *FS) onlyPath(ctx context.Context, id int64, sql string) (*Path, error) {
	up, err := lookUp(ctx, fs.db, sql, id)
	if err != nil {
		return nil, err
	}
	for k := range up {
		if at, ok := up.path(k); ok && k.id == id {
			return &at, nil
		}
	}
	return nil, nil
}

// pathsOf returns the paths of those inodes that have one, in one statement.
func pathsOf(ctx context.Context, db querier, keys []key) (map[key]Path, error) {
	projects, ids := columns(keys)
	up, err := lookUp(ctx, db, upFromKeysSQL, projects, ids)
	if err != nil {
		return nil, err
	}
	paths := make(map[key]Path, len(keys))
	for _, k := range keys {
		if at, ok := up.path(k); ok {
			paths[k] = at
		}
	}
	return paths, nil
}

// below returns the path by which c leads to n, which is the node that c ends in or lies below it.
func (c *chain) below(ctx context.Context, db querier, n *node) (Path, error) {
	_, path, err := c.firstBelow(ctx, db, []node{*n})
	return path, err
}

// firstBelow returns that one of some inodes, all at or below the node that c ends in, which a walk downwards meets first if it goes
// through each directory in the order of names, and the path by which c leads to it.
func (c *chain) firstBelow(ctx context.Context, db querier, some []node) (first *node, path Path, err error) {
	top := c.node().key()
	keys := []key{top}
	for i := range some {
		keys = append(keys, some[i].key())
	}
	projects, ids := columns(keys)
	up, err := lookUp(ctx, db, upFromKeysSQL, projects, ids)
	if err != nil {
		return nil, Path{}, err
	}
	above, known := up.path(top)
	for i := range some {
		at, found := up.path(some[i].key()) // one at a time, since they may be long
		if !known || !found {
			return nil, Path{}, errStale // it was deleted, or moved away
		}
		if first == nil || at.precedes(path) {
			first, path = &some[i], at
		}
	}
	return first, Path{c.path.text + strings.TrimPrefix(path.text, above.text)}, nil
}

// precedes reports whether a walk downwards meets p before q.
func (p Path) precedes(q Path) bool {
	// What is in "a" comes before "a-b", although "-" is less than "/".
	flat := func(p Path) string { return strings.ReplaceAll(p.text, "/", "\x00") }
	return flat(p) < flat(q)
}

// upwards is inodes and all that lies above them.
type upwards map[key]stepUp

// stepUp is an inode on the way up.
type stepUp struct {
	parent int64  // 0: the inode is the top of its project; -1: it is the top of a deleted subtree
	name   string // of a top, the project's
}

func lookUp(ctx context.Context, db querier, sql string, args ...any) (upwards, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	var (
		up = upwards{}
		k  key
		at stepUp
	)
	_, err = pgx.ForEachRow(rows, []any{&k.project, &k.id, &at.parent, &at.name}, func() error {
		up[k] = at
		return nil
	})
	return up, err
}

// path returns the path of one of the inodes, and whether it has one.
func (up upwards) path(k key) (Path, bool) {
	var names []string
	for range len(up) { // bounded in case a damaged tree has a cycle
		at, ok := up[k]
		switch {
		case !ok:
			return Path{}, false
		case at.parent != 0:
			names = append(names, at.name)
			k.id = at.parent
			continue
		case k.project == 0:
			names = append(names, "")
		default:
			names = append(names, ProjectsDir+"/"+at.name)
		}
		slices.Reverse(names)
		return Path{strings.Join(names, "/")}, true
	}
	return Path{}, false
}
