package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// listPage is how many entries a listing fetches at a time; HDFS's dfs.ls.limit.
const listPage = 1000

// entriesOfSQL finds the entries of a directory after a name. A mount appears as what it leads to.
const entriesOfSQL = `
SELECT c.name, n.project_id, n.id, n.kind, n.owner, n.grp, n.mode, n.acl, n.version, n.gen, n.size,
	greatest(n.mtime, d.mtime), n.atime, n.replication, n.block_size, coalesce(d.children, 0), n.storage_policy, c.target_id IS NOT NULL
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
WHERE c.project_id = $1 AND c.parent_id = $2 AND c.name > $3 AND ` + shownSQL

// listSQL lists entries in byte order, and directoriesSQL those that are directories.
const (
	listSQL        = entriesOfSQL + ` ORDER BY c.name LIMIT $4`
	directoriesSQL = entriesOfSQL + ` AND c.kind <> 'f' ORDER BY c.name LIMIT $4`
)

// shownSQL reports whether a listing shows the entry c: of the mounts of projects those of projects in $5, or all if that is NULL; of the
// mounts of shares those of shares that are not over, if the user $6 may know of what they lead to, as mayKnow says of a walk. $6 is NULL for a
// superuser, and $7 says that the user is narrowed to the project by a token.
const shownSQL = `CASE c.kind
	WHEN 'm' THEN $5::bigint[] IS NULL OR c.target_project = ANY($5)
	WHEN 's' THEN EXISTS (SELECT FROM shares s JOIN projects p ON p.id = s.project_id WHERE s.mount = c.id AND s.to_project = c.project_id
		AND p.state <> 'd' AND (s.expires IS NULL OR s.expires > now()))
		AND ($6::bigint IS NULL
			OR EXISTS (SELECT FROM members r WHERE r.project_id = c.project_id AND r.user_id = $6)
			OR EXISTS (SELECT FROM datasets d WHERE d.project_id = c.target_project AND d.inode_id = c.target_id AND d.public)
			OR NOT $7::boolean AND (EXISTS (SELECT FROM members r WHERE r.project_id = c.target_project AND r.user_id = $6)
				OR EXISTS (SELECT FROM shares o LEFT JOIN members r ON r.project_id = o.to_project AND r.user_id = $6 LEFT JOIN projects q ON q.id = o.to_project
					WHERE o.project_id = c.target_project AND o.inode_id = c.target_id AND o.accepted IS NOT NULL AND (o.expires IS NULL OR o.expires > now())
					AND (o.to_user = $6 OR r.role IS NOT NULL AND q.state <> 'd'))))
	ELSE true END`

// viewer returns the last two parameters of shownSQL.
func (s *Session) viewer() (user *int64, narrowed bool) {
	if s.p.Superuser {
		return nil, false
	}
	return &s.p.UserID, s.p.Scope.Project != 0
}

// List is [Session.ListPages], an entry at a time.
func (s *Session) List(ctx context.Context, path Path, yield func(Status) error) error {
	return s.ListPages(ctx, path, func(p *Page) error {
		for i := range p.Entries {
			if err := yield(p.Entries[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// ListPages yields the entries of a directory in the byte order of their names, 1000 at a time; a file yields itself, without a name. A
// listing that is not allowed fails before the first page. Each page is as of its own moment and with the rights of that moment, as
// HDFS's clients read a long directory. An error from yield ends the listing and is returned. It needs read and execute on a
// directory, nothing on a file.
func (s *Session) ListPages(ctx context.Context, path Path, yield func(*Page) error) error {
	page, dir, _, err := s.page(ctx, path, "", listPage)
	for err == nil {
		if err := yield(page); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
		var now *node
		page, now, _, err = s.page(ctx, path, page.Entries[len(page.Entries)-1].Name, listPage)
		if err == nil && (now == nil || now.key() != dir.key()) {
			err = fail(NotExist, "File does not exist: %s is another one now", path)
		}
	}
	return s.dress("list", path, err)
}

// listable returns the directory that c leads to along path, and fails unless there is one that the principal may list.
func (s *Session) listable(ctx context.Context, c *chain, path Path) (*node, error) {
	n := c.node()
	switch {
	case n == nil:
		return nil, absent(c, path)
	case !n.dir():
		return nil, fail(NotDirectory, "`%s': Is not a directory", path)
	}
	return n, (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.ReadExecute})
}

// remainingLimit bounds the entries that ListBatch counts, and remainingProjects the projects among them, each of which is looked at.
// Clients only ask whether anything is left.
const (
	remainingLimit    = 10_000
	remainingProjects = 1000
)

// ListBatch returns up to limit entries whose names follow after, which need not exist, and how many more follow, counted up
// to about ten thousand entries or a thousand projects. limit is at least 1; 0 means 1000. Rights are those of List.
func (s *Session) ListBatch(ctx context.Context, path Path, after string, limit int) (entries []Status, remaining int64, err error) {
	if limit == 0 {
		limit = listPage
	}
	page, dir, known, err := s.page(ctx, path, after, limit)
	if err != nil {
		return nil, 0, s.dress("list", path, err)
	}
	entries = page.Entries
	if page.More && known != nil {
		known, err = s.knownBehind(ctx, s.fs.db, entries[len(entries)-1].Name, remainingProjects)
	}
	if page.More && err == nil {
		user, narrowed := s.viewer()
		err = s.fs.db.QueryRow(ctx, `SELECT count(*) FROM (
			SELECT 1 FROM inodes c WHERE c.project_id = $1 AND c.parent_id = $2 AND c.name > $3 AND `+shownSQL+` LIMIT $4) AS left_over`,
			dir.project, dir.id, entries[len(entries)-1].Name, remainingLimit, known, user, narrowed).Scan(&remaining)
	}
	return entries, remaining, s.dress("list", path, err)
}

// page checks the rights and reads the entries whose names follow after. dir is nil for a file; known are the projects that
// its listing shows.
func (s *Session) page(ctx context.Context, path Path, after string, limit int) (page *Page, dir *node, known []int64, err error) {
	if _, ok := reservedStatus(path); ok {
		return &Page{Entries: reservedEntries(path)}, nil, nil, nil
	}
	if page, dir, known, ok := s.supposedPage(ctx, path, after, limit); ok {
		return page, dir, known, nil
	}
	err = s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return absent(c, path)
		}
		if !n.dir() {
			page, dir = &Page{Entries: []Status{n.status("")}}, nil
			return nil
		}
		if err := (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.ReadExecute}); err != nil {
			return err
		}
		dir = n
		var still bool
		batch := &pgx.Batch{}
		read, err := s.queuePage(ctx, batch, c, after, limit)
		if err != nil {
			return err
		}
		c.queueStill(batch, &s.p, &still)
		err = s.sendPage(ctx, batch)
		switch page, known = read.page, read.known; {
		case err == nil && !still:
			return errStale
		case err == nil:
			s.read("list", c)
		}
		return err
	})
	return page, dir, known, err
}

// supposedPage is page for a directory that is remembered. Either its entries are remembered as well, or they are read together
// with a comparison of the directory, so that no lookup is needed before. ok is false if a lookup has to say what is there, or
// whether it may be listed.
func (s *Session) supposedPage(ctx context.Context, path Path, after string, limit int) (page *Page, dir *node, known []int64, ok bool) {
	if at, err := s.fs.resolve(ctx, path); err != nil || at != path {
		return nil, nil, nil, false
	}
	x := s.supposeListed(ctx, path)
	if x == nil {
		return nil, nil, nil, false
	}
	if x.proved {
		if page := s.provedPage(ctx, x, after, limit); page != nil {
			return page, x.c.node(), nil, true
		}
		if x = s.supposeListed(ctx, path); x == nil {
			return nil, nil, nil, false
		}
	}
	batch := &pgx.Batch{}
	before, q := queueMoment(batch, x.server), &inquiry{}
	if s.fs.hints.company() {
		x.proved = false // compared all the same: if it is not proved by then, the page would have to be read again
	}
	read, err := s.queuePage(ctx, batch, x.c, after, limit)
	if err != nil {
		return nil, nil, nil, false
	}
	q.add(x)
	s.fs.decided("list", path)
	was, holds := *x, false
	batch.Queue(inquiries[q.form()], q.args(x.server)...).Query(func(rows pgx.Rows) error {
		a, err := q.read(rows, x.server)
		if err != nil {
			return err
		}
		c, epoch, _, err := s.fs.hints.conclude(x, a)
		// Another directory may be there by now, or one that the principal may not list.
		if holds = c != nil && epoch == s.p.Epoch && x.is(&was); holds && read.keeps && before.moment.is(&a.moment) {
			s.fs.hints.keepPage(c.node().key(), read.at, read.page, &a.moment)
		}
		return err
	})
	if err := s.sendPage(ctx, batch); err != nil || !holds {
		return nil, nil, nil, false
	}
	s.concealed = nil
	s.read("list", x.c)
	return read.page, x.c.node(), read.known, true
}

// supposeListed returns what is remembered of a directory, if the principal may list it according to that; else nil.
func (s *Session) supposeListed(ctx context.Context, path Path) *supposition {
	x := s.fs.hints.suppose(&s.p, path, false)
	if x == nil || x.epoch != s.p.Epoch {
		return nil
	}
	if _, is := x.dir(); !is {
		return nil
	}
	if !s.lists(ctx, x.c) {
		return nil
	}
	return x
}

// lists reports whether the principal may list the directory that c ends in, and know of it.
func (s *Session) lists(ctx context.Context, c *chain) bool {
	w := &walker{ctx: ctx, s: s}
	w.hide(c)
	return !c.hidden && w.check(c, Need{Node: perm.ReadExecute}) == nil
}

// provedPage returns a remembered page, if x and the page are still proved.
func (s *Session) provedPage(ctx context.Context, x *supposition, after string, limit int) *Page {
	x.pageAt = &pageKey{after, limit, x.c.node().policy}
	if !s.fs.hints.findPage(x) {
		return nil
	}
	c, epoch := x.c, x.epoch
	if !x.present {
		a, err := s.fs.lanes.ask(ctx, x)
		if err != nil {
			return nil
		}
		c, epoch, _, err = s.fs.hints.conclude(x, a)
		if err != nil || c == nil || !s.lists(ctx, c) { // else supposeListed has checked the same chain
			return nil
		}
	}
	if x.page == nil || epoch != s.p.Epoch || x.pageAt.policy != c.node().policy {
		return nil
	}
	s.concealed = nil
	s.read("list", c)
	return x.page
}

// pageRead is a page that is being read.
type pageRead struct {
	page  *Page
	at    pageKey
	known []int64 // the projects that the directory shows
	keeps bool    // it depends only on the directory and what is listed in it, so it may be remembered
}

// queuePage adds a query for the entries of the directory that c ends in to batch. If a later query in batch finds that c is as it was
// found, c was so while the entries were read.
func (s *Session) queuePage(ctx context.Context, batch *pgx.Batch, c *chain, after string, limit int) (r *pageRead, err error) {
	dir := c.node()
	r = &pageRead{at: pageKey{after, limit, dir.policy}}
	if c.path.text == ProjectsDir { // projects are mounted nowhere else
		if r.known, err = s.knownBehind(ctx, s.fs.db, after, limit+1); err != nil {
			return nil, err
		}
	}
	user, narrowed := s.viewer()
	batch.Queue(listSQL, dir.project, dir.id, after, limit+1, r.known, user, narrowed).Query(func(rows pgx.Rows) (err error) {
		var mounts bool
		r.page, mounts, err = collectPage(rows, dir, limit)
		r.keeps = !mounts && c.path.text != ProjectsDir
		if err == nil && r.page.lacks(limit, r.known) {
			err = errStale
		}
		return err
	})
	return r, nil
}

// lacks reports whether a page of up to limit entries shows fewer projects than were found for it: one was removed meanwhile, and there may
// be others to take its place.
func (p *Page) lacks(limit int, known []int64) bool { return len(known) > limit && !p.More }

// collectPage reads up to limit entries of dir from rows, which have one more if others follow. mounts says whether any of them
// is mounted from elsewhere.
func collectPage(rows pgx.Rows, dir *node, limit int) (p *Page, mounts bool, err error) {
	defer rows.Close()
	var (
		n       node
		name    string
		mode    int16
		acl     *string
		mounted bool
	)
	into := []any{
		&name, &n.project, &n.id, &n.kind, &n.owner, &n.group, &mode, &acl, &n.version, &n.gen, &n.size,
		&n.mtime, &n.atime, &n.replication, &n.blockSize, &n.children, &n.policy, &mounted,
	}
	p = &Page{}
	for rows.Next() {
		if len(p.Entries) == limit {
			p.More = true
			continue
		}
		if err := rows.Scan(into...); err != nil {
			return nil, false, err
		}
		if n.perms, err = storedPerms(mode, acl); err != nil {
			return nil, false, err
		}
		if n.policy == 0 {
			n.policy = dir.policy
		}
		mounts = mounts || mounted
		p.Entries = append(p.Entries, n.status(name))
	}
	return p, mounts, rows.Err()
}
