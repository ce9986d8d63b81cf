package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// listPage is how many entries a listing fetches at a time; HDFS's dfs.ls.limit.
const listPage = 1000

// listSQL lists the entries of a directory behind a name, in byte order. A mount shows what it leads to: of projects those
// in $5, NULL for all; of shares those that are not over.
const listSQL = `
SELECT c.name, n.project_id, n.id, n.kind, n.owner, n.grp, n.mode, n.acl, n.version, n.gen, n.size,
	greatest(n.mtime, d.mtime), n.atime, n.replication, n.block_size, coalesce(d.children, 0), n.storage_policy
FROM inodes c
CROSS JOIN LATERAL (
	SELECT c.project_id, c.id, c.kind, c.owner, c.grp, c.mode, c.acl, c.version, c.gen, c.size,
		c.mtime, c.atime, c.replication, c.block_size, c.storage_policy
	WHERE c.target_id IS NULL
	UNION ALL
	(SELECT t.project_id, t.id, t.kind, t.owner, t.grp, t.mode, t.acl, t.version, t.gen, t.size,
		t.mtime, t.atime, t.replication, t.block_size, t.storage_policy
	FROM inodes t WHERE t.project_id = c.target_project AND t.id >= c.target_id AND t.id <= c.target_id ORDER BY t.id LIMIT 1) -- as byKeySQL
) n
LEFT JOIN LATERAL (SELECT mtime, children FROM dirs WHERE n.kind = 'd' AND project_id = n.project_id AND id = n.id OFFSET 0) d ON true -- OFFSET 0: dirs are not asked about files
WHERE c.project_id = $1 AND c.parent_id = $2 AND c.name > $3 AND ` + shownSQL + `
ORDER BY c.name
LIMIT $4`

// shownSQL reports whether a listing shows the entry c.
const shownSQL = `CASE c.kind
	WHEN 'm' THEN $5::bigint[] IS NULL OR c.target_project = ANY($5)
	WHEN 's' THEN EXISTS (SELECT FROM shares s JOIN projects p ON p.id = s.project_id WHERE s.mount = c.id AND s.to_project = c.project_id
		AND p.state <> 'd' AND (s.expires IS NULL OR s.expires > now()))
	ELSE true END`

// List yields the entries of a directory in the byte order of their names; a file yields itself, without a name. What
// can be refused is refused before the first entry. A long directory is read in pages, each as of its own moment, as
// HDFS's clients read it. An error from yield ends the listing and is returned. It needs read and execute on a
// directory, nothing on a file.
func (s *Session) List(ctx context.Context, path Path, yield func(Status) error) error {
	entries, dir, known, err := s.firstPage(ctx, path, "", listPage)
	for err == nil {
		for _, e := range entries {
			if err := yield(e); err != nil {
				return err
			}
		}
		if dir == nil || len(entries) < listPage {
			return nil
		}
		entries, err = s.fs.page(ctx, dir, entries[len(entries)-1].Name, listPage, known)
	}
	return s.dress("list", path, err)
}

// remainingLimit bounds what ListBatch counts: clients only ask whether anything is left.
const remainingLimit = 10_000

// ListBatch returns up to limit entries whose names follow after, which need not exist, and how many are left behind
// them, counted up to some ten thousand. limit is at least 1; 0 means 1000. Rights are those of List.
func (s *Session) ListBatch(ctx context.Context, path Path, after string, limit int) (entries []Status, remaining int64, err error) {
	if limit == 0 {
		limit = listPage
	}
	entries, dir, known, err := s.firstPage(ctx, path, after, limit)
	if err != nil || dir == nil || len(entries) < limit {
		return entries, 0, s.dress("list", path, err)
	}
	err = s.fs.db.QueryRow(ctx, `SELECT count(*) FROM (
		SELECT 1 FROM inodes c WHERE c.project_id = $1 AND c.parent_id = $2 AND c.name > $3 AND `+shownSQL+` LIMIT $4) AS left_over`,
		dir.project, dir.id, entries[len(entries)-1].Name, remainingLimit, known).Scan(&remaining)
	return entries, remaining, s.dress("list", path, err)
}

// firstPage checks the rights and reads the entries behind after. dir is nil for a file; known are the projects that its
// listing shows.
func (s *Session) firstPage(ctx context.Context, path Path, after string, limit int) (entries []Status, dir *node, known []int64, err error) {
	if _, ok := reservedStatus(path); ok {
		return reservedEntries(path), nil, nil, nil
	}
	if entries, dir, known, ok := s.supposedPage(ctx, path, after, limit); ok {
		return entries, dir, known, nil
	}
	err = s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return absent(c, path)
		}
		if !n.dir() {
			entries, dir = []Status{n.status("")}, nil
			return nil
		}
		if err := (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.ReadExecute}); err != nil {
			return err
		}
		dir = n
		var still bool
		entries, known, err = s.pageOf(ctx, c, after, limit, func(batch *pgx.Batch) { c.queueStill(batch, &s.p, &still) })
		switch {
		case err == nil && !still:
			return errStale
		case err == nil:
			s.read("list", c)
		}
		return err
	})
	return entries, dir, known, err
}

// supposedPage is firstPage of a directory that is remembered: whether it still is what it was is asked with the entries, and
// no lookup is needed before. ok is false if a lookup has to say what there is, or whether it may be listed.
func (s *Session) supposedPage(ctx context.Context, path Path, after string, limit int) (entries []Status, dir *node, known []int64, ok bool) {
	if at, err := s.fs.resolve(ctx, path); err != nil || at != path {
		return nil, nil, nil, false
	}
	x := s.fs.hints.suppose(&s.p, path, false)
	if x == nil || x.epoch != s.p.Epoch {
		return nil, nil, nil, false
	}
	if _, is := x.dir(); !is {
		return nil, nil, nil, false
	}
	w := &walker{ctx: ctx, s: s}
	if w.hide(x.c); x.c.hidden || w.check(x.c, Need{Node: perm.ReadExecute}) != nil {
		return nil, nil, nil, false
	}
	var holds bool
	entries, known, err := s.pageOf(ctx, x.c, after, limit, func(batch *pgx.Batch) {
		q := &inquiry{}
		q.add(x)
		batch.Queue(q.sql(), q.args(x.server)...).Query(func(rows pgx.Rows) error {
			a, err := q.read(rows, x.server)
			if err == nil {
				var c *chain
				c, epoch, _, failed := s.fs.hints.conclude(x, a)
				holds, err = c != nil && epoch == s.p.Epoch, failed
			}
			return err
		})
	})
	if err != nil || !holds {
		return nil, nil, nil, false
	}
	s.concealed = nil
	s.read("list", x.c)
	return entries, x.c.node(), known, true
}

// pageOf reads the entries of the directory that c ends in, in one round trip with a look whether c is as it was found: if
// it still is, it was while the entries were read. known are the projects that the directory shows.
func (s *Session) pageOf(ctx context.Context, c *chain, after string, limit int, look func(batch *pgx.Batch)) (entries []Status, known []int64, err error) {
	dir, batch := c.node(), &pgx.Batch{}
	if known, err = s.knownProjects(ctx, s.fs.db, dir); err != nil {
		return nil, nil, err
	}
	batch.Queue(listSQL, dir.project, dir.id, after, limit, known).Query(func(rows pgx.Rows) (err error) {
		entries, err = collectPage(rows, dir)
		return err
	})
	look(batch)
	return entries, known, s.fs.db.SendBatch(ctx, batch).Close()
}

// page reads up to limit entries of dir behind after.
func (fs *FS) page(ctx context.Context, dir *node, after string, limit int, known []int64) ([]Status, error) {
	rows, err := fs.db.Query(ctx, listSQL, dir.project, dir.id, after, limit, known)
	if err != nil {
		return nil, err
	}
	return collectPage(rows, dir)
}

func collectPage(rows pgx.Rows, dir *node) ([]Status, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Status, error) {
		var (
			n    node
			name string
			mode int16
			acl  *string
		)
		err := row.Scan(&name, &n.project, &n.id, &n.kind, &n.owner, &n.group, &mode, &acl, &n.version, &n.gen, &n.size,
			&n.mtime, &n.atime, &n.replication, &n.blockSize, &n.children, &n.policy)
		if err == nil {
			n.perms, err = storedPerms(mode, acl)
		}
		if n.policy == 0 {
			n.policy = dir.policy
		}
		return n.status(name), err
	})
}
