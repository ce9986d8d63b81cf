package namespace

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// searchBase is a directory that is searched from, and the path that leads there.
type searchBase struct {
	path Path
	key  key
}

// verdict says whether the principal may list a directory, and by which path.
type verdict struct {
	path Path
	may  bool
}

// narrow determines where x searches: below c or, if that is the root, everywhere that the principal may know of. With a token for
// a project, what is shared with the project is found only where the project shows it.
func (x *searcher) narrow(q SearchQuery, c *chain) error {
	s := x.w.s
	x.inTrash = c.path.InTrash()
	everywhere, projects := q.Project == "" && c.path.IsRoot(), q.Project == "" && c.path.text == ProjectsDir
	if !everywhere && !projects {
		n := c.node()
		x.bases, x.projects = []searchBase{{c.path, n.key()}}, []int64{n.project}
		return nil
	}
	if s.p.Scope.Project != 0 {
		return x.narrowTo(s.p.Scope.Project)
	}
	known, err := s.knownProjects(x.w.ctx, x.tx, &node{})
	switch {
	case err != nil:
		return err
	case everywhere && known != nil:
		x.projects = slices.Concat(known, []int64{0})
	case projects && known != nil: // the directory is in the common ground, but the projects are not
		x.projects = known
	case projects:
		all, err := x.eachProject()
		x.projects = slices.DeleteFunc(all, func(project int64) bool { return project == 0 })
		return err
	}
	return err
}

// narrowTo makes x search one project, and the shares that it shows.
func (x *searcher) narrowTo(project int64) error {
	rows, err := x.tx.Query(x.w.ctx, `
		SELECT p.id, p.root, p.name, '' FROM projects p WHERE p.id = $1
		UNION ALL
		SELECT m.target_project, m.target_id, p.name, m.name FROM inodes m JOIN projects p ON p.id = m.project_id WHERE m.project_id = $1 AND m.kind = 's'`, project)
	if err != nil {
		return err
	}
	x.projects = []int64{}
	var (
		base        searchBase
		name, shown string
	)
	_, err = pgx.ForEachRow(rows, []any{&base.key.project, &base.key.id, &name, &shown}, func() error {
		base.path = projectPath(name)
		if shown != "" {
			base.path = sharedPath(name).Join(shown)
		}
		x.bases = append(x.bases, base)
		if !slices.Contains(x.projects, base.key.project) {
			x.projects = append(x.projects, base.key.project)
		}
		return nil
	})
	return err
}

// page finds up to limit hits. Whether there is a next page depends on whether there is another hit: if it depended on another
// candidate, it would reveal candidates that the principal may not know of.
func (x *searcher) page() (page SearchPage, next *searchPlace, err error) {
	page.Hits = []Hit{}
	full, labels := x.place, 0
	for looked := 0; looked < searchLooks && x.climbed < searchClimbs && !x.late(); {
		if len(x.queue) == 0 && !x.last {
			if err := x.more(); err != nil {
				return page, nil, err
			}
		}
		if len(x.queue) == 0 {
			break
		}
		some := x.queue[:min(len(x.queue), x.atOnce(looked), searchLooks-looked)]
		hits, err := x.judge(some)
		if err != nil {
			return page, nil, err
		}
		for _, k := range some {
			hit := hits[k]
			switch {
			case hit != nil && (len(page.Hits) == x.limit || labels >= searchLabels):
				return page, &full, nil
			case hit != nil:
				page.Hits, labels = append(page.Hits, *hit), labels+hit.Labels.length()
			}
			looked++
			x.queue = x.queue[1:]
			x.pass(k)
			if hit != nil {
				full = x.place
			}
		}
	}
	if x.last && len(x.queue) == 0 {
		return page, nil, nil
	}
	page.Partial = true
	return page, &x.place, nil
}

func (x *searcher) late() bool { return !x.until.IsZero() && !time.Now().Before(x.until) }

// atOnce returns how many candidates to look at next, after looked ones. The cost of each grows with the length of its path, and a
// user who keeps files a thousand directories deep must not make all searches expensive that meet them.
func (x *searcher) atOnce(looked int) int {
	if looked == 0 {
		return searchFirst
	}
	return max(1, min(searchAtOnce, (searchClimbs-x.climbed)*looked/max(1, x.climbed)))
}

// pass moves x's place past a candidate.
func (x *searcher) pass(k key) {
	x.place.After = k.id
	if x.place.Stage == searchEquals {
		x.place.Equal++
		x.place.Floor = k.id
	}
}

// candidate is an inode that may be a hit.
type candidate struct {
	Hit
	key    key
	parent int64
	name   string
	use    byte
}

// judge returns the hits among the inodes some: those that fit the query, and that the principal would find in listings. What was
// deleted is a hit only if the search starts in the trash.
func (x *searcher) judge(some []key) (map[key]*Hit, error) {
	all, err := x.read(some)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c *candidate) bool { return !x.fits(c) })
	var dirs []key
	for _, c := range all {
		if c.parent != 0 {
			dirs = append(dirs, key{c.key.project, c.parent})
		}
	}
	if err := x.decide(dirs, Need{Node: perm.ReadExecute}, nil); err != nil {
		return nil, err
	}
	hits := map[key]*Hit{}
	var others []key
	for _, c := range all {
		above := x.verdicts[key{c.key.project, c.parent}]
		switch {
		case c.parent != 0 && above.may:
			c.Path = above.path.Join(c.name)
			hits[c.key] = &c.Hit
		case c.parent == 0, c.use == useDataset, x.isBase(c.key): // these are shown elsewhere than in the directory above
			others = append(others, c.key)
		}
	}
	if err := x.judgeOthers(all, others, hits); err != nil {
		return nil, err
	}
	maps.DeleteFunc(hits, func(_ key, hit *Hit) bool { return !x.inTrash && hit.Path.InTrash() })
	return hits, nil
}

// judgeOthers adds to hits those of the inodes others that the principal may know of, whatever it may list: tops of projects,
// datasets that are shared with it, and the directories that the search starts from.
func (x *searcher) judgeOthers(all []*candidate, others []key, hits map[key]*Hit) error {
	told := map[key]verdict{}
	if err := x.decide(others, Need{}, told); err != nil {
		return err
	}
	for _, c := range all {
		if v := told[c.key]; v.may {
			c.Path = v.path
			hits[c.key] = &c.Hit
		}
	}
	return nil
}

func (x *searcher) isBase(k key) bool {
	return slices.ContainsFunc(x.bases, func(b searchBase) bool { return b.key == k })
}

// read reads inodes as they are now; those that are gone are left out.
func (x *searcher) read(some []key) ([]*candidate, error) {
	projects, ids := columns(some)
	rows, err := x.tx.Query(x.w.ctx, `SELECT i.project_id, i.id, i.parent_id, i.name, i.kind, coalesce(i.use, '-'), i.size, i.owner,
			greatest(i.mtime, d.mtime), `+tagsColumn+`, `+descriptionColumn+`
		FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id) JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id
		LEFT JOIN dirs d ON d.project_id = i.project_id AND d.id = i.id
		WHERE i.parent_id IS NOT NULL AND i.target_id IS NULL`, projects, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*candidate, error) {
		var (
			c    candidate
			kind byte
			tags []byte
		)
		if err := row.Scan(&c.key.project, &c.key.id, &c.parent, &c.name, &kind, &c.use, &c.Size, &c.Owner, &c.MTime, &tags, &c.Description); err != nil {
			return nil, err
		}
		c.ID, c.Dir, c.Dataset = c.key.id, kind == kindDir, c.use == useDataset
		return &c, json.Unmarshal(tags, &c.Tags)
	})
}

// fits reports whether c fits the query: the index may be behind, and holds less.
func (x *searcher) fits(c *candidate) bool {
	value, tagged := c.Tags[x.key]
	switch {
	case x.kind == searchKindFile && c.Dir, x.kind == searchKindDir && !c.Dir, x.kind == searchKindSet && !c.Dataset:
		return false
	case x.owner != "" && c.Owner != x.owner, c.MTime < x.from, c.MTime >= x.to:
		return false
	case x.key != "" && (!tagged || !x.anyValue && value != x.value):
		return false
	case x.text == "":
		return true
	}
	name := folded(c.name)
	switch {
	case x.place.Stage == searchEquals:
		c.In = "name"
		return name == x.text
	case x.prefix():
		c.In = "name"
		return strings.HasPrefix(name, x.text)
	case name == x.text && x.place.Floor != 0 && c.key.id >= x.place.Floor:
		return false // it came earlier, as an equal name
	case strings.Contains(name, x.text):
		c.In = "name"
		return true
	}
	for key, value := range c.Tags {
		if strings.Contains(folded(key+"="+value), x.text) {
			c.In = "tag"
			return true
		}
	}
	c.In = "description"
	return strings.Contains(folded(c.Description), x.text)
}
