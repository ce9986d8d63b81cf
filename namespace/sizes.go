package namespace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Bounds of what [Session.Sizes] looks at. Size.Partial reports that something lies beyond them.
const (
	sizesEntries = 1_000_000
	sizesTime    = 10 * time.Second
	sizesAtOnce  = 500 // directories in one statement
)

// Size is how much one entry of a directory holds, with everything below it.
type Size struct {
	Name        string
	Dir         bool
	Files       int64 // itself included, if it is one
	Directories int64 // below it
	Length      int64 // bytes
	Space       int64 // bytes, replicas counted
	Partial     bool  // there is more, beyond the bounds or where the principal may not list
}

// Sizes says what takes the space in a directory.
type Sizes struct {
	Largest []Size // entries, the longest first
	Others  Size   // all other entries together
	Total   Size
}

// sizesSQL counts the files in each of the directories $1, $2 and finds the directories in them, as treeSQL does, with the columns
// that rights depend on.
const sizesSQL = `
SELECT t.at, NULL::text, 0::bigint, 0::bigint, ''::text, ''::text, 0::smallint, NULL::text, 0::bigint, ''::text, ''::text,
	count(*), coalesce(sum(f.size), 0)::bigint, coalesce(sum(f.size * f.replication), 0)::bigint
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS t (project, id, at)
JOIN inodes f ON f.project_id = t.project AND f.parent_id = t.id AND f.kind = 'f'
GROUP BY t.at
UNION ALL
SELECT t.at, c.name, n.project_id, n.id, n.owner, n.grp, n.mode, n.acl, coalesce(d.children, 0), coalesce(p.name, ''), coalesce(m.role, ''), 0, 0, 0
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS t (project, id, at)
JOIN inodes c ON c.project_id = t.project AND c.parent_id = t.id AND c.kind <> 'f'
CROSS JOIN ` + enteredSQL + `
LEFT JOIN dirs d ON d.project_id = n.project_id AND d.id = n.id
LEFT JOIN projects p ON p.id = n.project_id
LEFT JOIN members m ON m.project_id = n.project_id AND m.user_id = $4`

// largestFilesSQL finds the longest files of a directory.
const largestFilesSQL = `SELECT name, size, size * replication FROM inodes WHERE project_id = $1 AND parent_id = $2 AND kind = 'f' ORDER BY size DESC, name LIMIT $3`

// Sizes returns how much the entries of a directory hold, the largest first and at most limit of them, as of one moment. It needs
// read and execute on the directory. Directories below that the principal may not list are not counted, and Partial reports that.
// What is shared is counted where it lies.
//
// It looks at up to a million entries, level by level, for up to ten seconds. What is below is not counted then, and Partial
// reports that.
func (s *Session) Sizes(ctx context.Context, path Path, limit int) (Sizes, error) {
	return s.sizes(ctx, path, limit, sizesEntries)
}

// sizes is Sizes that looks at up to most entries.
func (s *Session) sizes(ctx context.Context, path Path, limit int, most int64) (Sizes, error) {
	var sizes Sizes
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n, err := s.listable(ctx, c, path)
		if err != nil {
			return err
		}
		return s.survey(ctx, func(tx pgx.Tx) error {
			if err := c.still(ctx, tx, &s.p); err != nil {
				return err
			}
			known, err := s.knownProjects(ctx, tx, n)
			if err != nil {
				return err
			}
			m := &measure{w: walker{ctx: ctx, s: s}, tx: tx, here: c.standing(len(c.nodes) - 1), project: n.project, known: known, left: most}
			sizes, err = m.of(n, limit)
			return err
		})
	})
	return sizes, s.dress("sizes", path, err)
}

// measure is a count of what lies below a directory.
type measure struct {
	w       walker
	tx      pgx.Tx
	here    standing // in project, which the directory lies in
	project int64
	known   []int64 // projects whose mounts are followed; nil: all
	left    int64   // entries that may still be looked at
	until   time.Time
	tops    []Size // directories in the directory that is measured
	queue   []unmeasured
}

// unmeasured is a directory that was found but not looked into yet.
type unmeasured struct {
	key
	children int64
	top      int // index in tops of the one that it belongs to; -1: it is the directory that is measured
}

// of measures the directory n.
func (m *measure) of(n *node, limit int) (Sizes, error) {
	m.until = m.w.s.fs.now().Add(sizesTime)
	direct := Size{} // files in n
	m.queue = []unmeasured{{n.key(), n.children, -1}}
	for len(m.queue) > 0 {
		some := m.take()
		if len(some) == 0 {
			break
		}
		if err := m.look(some, &direct); err != nil {
			return Sizes{}, err
		}
	}
	for _, rest := range m.queue { // left because of the bounds
		if rest.top < 0 {
			direct.Partial = true
		} else {
			m.tops[rest.top].Partial = true
		}
	}
	var files []Size
	if !direct.Partial && direct.Files > 0 {
		rows, err := m.tx.Query(m.w.ctx, largestFilesSQL, n.project, n.id, limit)
		if err != nil {
			return Sizes{}, err
		}
		if files, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Size, error) {
			f := Size{Files: 1}
			return f, row.Scan(&f.Name, &f.Length, &f.Space)
		}); err != nil {
			return Sizes{}, err
		}
	}
	return ranked(m.tops, files, direct, limit), nil
}

// ranked merges directories and the longest files, the longest first. direct counts all files.
func ranked(dirs, files []Size, direct Size, limit int) Sizes {
	all := slices.Concat(dirs, files)
	total := direct
	for i := range dirs {
		total.add(&dirs[i])
		total.Directories++
	}
	slices.SortFunc(all, func(a, b Size) int { return cmp.Or(cmp.Compare(b.Length, a.Length), cmp.Compare(a.Name, b.Name)) })
	all = all[:min(limit, len(all))]
	others := total
	for i := range all {
		one := &all[i]
		others.Files, others.Length, others.Space = others.Files-one.Files, others.Length-one.Length, others.Space-one.Space
		others.Directories -= one.Directories
		if one.Dir {
			others.Directories--
		}
	}
	return Sizes{Largest: all, Others: others, Total: total}
}

// add adds what o counts to s.
func (s *Size) add(o *Size) {
	s.Files, s.Directories, s.Length, s.Space = s.Files+o.Files, s.Directories+o.Directories, s.Length+o.Length, s.Space+o.Space
	s.Partial = s.Partial || o.Partial
}

// take removes directories from the queue that are still within the bounds; if it returns none, the bounds are reached. A directory
// that is too large is not counted, but others may fit. The directory that is measured is always looked at; its size has a bound of
// its own.
func (m *measure) take() (some []unmeasured) {
	if !m.w.s.fs.now().Before(m.until) {
		return nil
	}
	for len(m.queue) > 0 && len(some) < sizesAtOnce {
		next := m.queue[0]
		m.queue = m.queue[1:]
		if next.top >= 0 && next.children > m.left {
			m.tops[next.top].Partial = true
			continue
		}
		m.left = max(0, m.left-next.children)
		some = append(some, next)
	}
	return some
}

// look counts the files in some directories, and puts the directories in them into the queue.
func (m *measure) look(some []unmeasured, direct *Size) error {
	projects, ids := make([]int64, len(some)), make([]int64, len(some))
	for i := range some {
		projects[i], ids[i] = some[i].project, some[i].id
	}
	rows, err := m.tx.Query(m.w.ctx, sizesSQL, projects, ids, m.known, m.w.s.p.UserID)
	if err != nil {
		return err
	}
	var (
		at, children         int64
		name                 *string
		n                    = node{kind: kindDir}
		mode                 int16
		acl                  *string
		member               membership
		files, length, space int64
	)
	into := []any{&at, &name, &n.project, &n.id, &n.owner, &n.group, &mode, &acl, &children, &member.name, &member.role, &files, &length, &space}
	_, err = pgx.ForEachRow(rows, into, func() error {
		above := &some[at-1]
		count := direct
		if above.top >= 0 {
			count = &m.tops[above.top]
		}
		if name == nil {
			count.Files, count.Length, count.Space = count.Files+files, count.Length+length, count.Space+space
			return nil
		}
		next := unmeasured{n.key(), children, above.top}
		if above.top < 0 {
			m.tops = append(m.tops, Size{Name: *name, Dir: true})
			next.top = len(m.tops) - 1
		} else {
			count.Directories++
		}
		var err error
		if n.perms, err = storedPerms(mode, acl); err != nil {
			return err
		}
		standing := standing{membership: member}
		if n.project == m.project {
			standing = m.here
		}
		if !m.w.allows(standing, &n, perm.ReadExecute) {
			m.tops[next.top].Partial = true
			return nil
		}
		m.queue = append(m.queue, next)
		return nil
	})
	return err
}
