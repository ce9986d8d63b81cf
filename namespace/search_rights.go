package namespace

import (
	"slices"

	"github.com/jackc/pgx/v5"
)

// ascentSQL finds the inodes from the given ones up to the tops of their projects, in order, at most $3 levels up.
const ascentSQL = `
WITH RECURSIVE up AS (
	SELECT k.nth, 0 AS depth, i.project_id, i.id, i.parent_id, i.name
	FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS k (project_id, id, nth) JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id
	UNION ALL
	SELECT up.nth, up.depth + 1, i.project_id, i.id, i.parent_id, i.name
	FROM up JOIN inodes i ON i.project_id = up.project_id AND i.id = up.parent_id WHERE up.depth < $3
)
SELECT up.nth, up.id, coalesce(up.parent_id, -1), up.name, p.name FROM up JOIN projects p ON p.id = up.project_id ORDER BY up.nth, up.depth`

// decide decides whether the principal has need on each of inodes, by the path that leads there from where the search starts, as
// for any operation on that path. The verdicts go into told or, if that is nil, into x.verdicts, which are about directories to be
// listed.
func (x *searcher) decide(inodes []key, need Need, told map[key]verdict) error {
	into := told
	if into == nil {
		into = x.verdicts
	}
	var unknown []key
	for _, k := range inodes {
		if _, known := into[k]; !known {
			into[k] = verdict{}
			unknown = append(unknown, k)
		}
	}
	for some := range slices.Chunk(unknown, searchAtOnce) {
		paths, err := x.ascend(some)
		if err != nil {
			return err
		}
		chains, err := x.walkAll(paths)
		if err != nil {
			return err
		}
		for k, c := range chains {
			n := c.node()
			if c.hidden || n == nil || n.key() != k || x.w.check(c, need) != nil {
				continue
			}
			if told != nil && n.use == useDataset && len(n.grants) == 0 && !x.isBase(k) && len(c.names) > projectDepth {
				continue // it is shared with others only
			}
			into[k] = verdict{c.path, true}
		}
	}
	return nil
}

// ascend returns the paths of inodes, from where the search starts. It leaves out those that lie elsewhere or nowhere, and those
// more than [MaxDepth] levels below the start, which only arise when directory towers are moved into each other.
func (x *searcher) ascend(some []key) (map[key]Path, error) {
	projects, ids := columns(some)
	rows, err := x.tx.Query(x.w.ctx, ascentSQL, projects, ids, MaxDepth)
	if err != nil {
		return nil, err
	}
	var (
		nth           int
		id, parent    int64
		name, project string
		below         []string // names below the current inode, the deepest first
		placed        = -1     // the nth whose path was found
		paths         = map[key]Path{}
	)
	_, err = pgx.ForEachRow(rows, []any{&nth, &id, &parent, &name, &project}, func() error {
		x.climbed++
		k := some[nth-1]
		if id == k.id {
			below = below[:0]
		}
		if placed == nth {
			return nil
		}
		path, found := x.begins(key{k.project, id}, parent, project)
		if found {
			for _, name := range slices.Backward(below) {
				path = path.Join(name)
			}
			paths[k], placed = path, nth
		}
		below = append(below, name)
		return nil
	})
	return paths, err
}

// begins returns the path of an inode that the search starts from: one of its bases or, if there are none, the top of a project.
func (x *searcher) begins(k key, parent int64, project string) (Path, bool) {
	for _, b := range x.bases {
		if b.key == k {
			return b.path, true
		}
	}
	switch {
	case len(x.bases) > 0 || parent != 0:
		return Path{}, false
	case k.project == 0:
		return Path{}, true
	}
	return projectPath(project), true
}

// walkAll walks the paths of inodes in x's snapshot. It fails with errStale if the principal has changed.
func (x *searcher) walkAll(paths map[key]Path) (map[key]*chain, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	var (
		keys []key
		list []Path
	)
	for k, path := range paths {
		keys, list = append(keys, k), append(list, path)
	}
	all, epoch, err := x.w.s.fs.lookup(x.w.ctx, x.tx, x.w.s.p.UserID, list...)
	if err != nil {
		return nil, err
	}
	if epoch != x.w.s.p.Epoch {
		return nil, errStale
	}
	chains := make(map[key]*chain, len(all))
	for i, c := range all {
		x.climbed += len(c.names)
		x.w.hide(c)
		chains[keys[i]] = c
	}
	return chains, nil
}
