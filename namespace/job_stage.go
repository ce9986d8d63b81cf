package namespace

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Bounds of what one transaction of a job makes.
const (
	stagedAtOnce = 200     // files and directories
	stagedBytes  = 4 << 20 // of content that is stored in rows
)

// stagedDir is a directory of a result that is being made.
type stagedDir struct {
	key   key
	perms perm.Perms
	group string
}

// staging is a result that is being made where nobody finds it: below an inode without a parent.
type staging struct {
	*run
	dirs  map[string]stagedDir  // by their path in the result
	perms map[string]perm.Perms // of dirs, by mode and ACL: there may be a million, and an ACL that all inherit may take 32 KiB
	batch []stagedEntry
	short int64 // bytes of content in batch that is in memory
}

// stagedEntry is a file or directory that is ready to be made, with its content.
type stagedEntry struct {
	*newborn
	entry *jobEntry
	body  *body // nil for a directory
}

// parentOfTop is the key of the directory that the result will be put into, among the dirs of a [staging].
const parentOfTop = "\x00"

// stage begins to make r's result, or continues. It checks whether the result may be put at the target, and whether quotas have
// room for it; both are checked again at the end.
func (r *run) stage(ctx context.Context) (*staging, error) {
	st := &staging{run: r, dirs: map[string]stagedDir{}, perms: map[string]perm.Perms{}}
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: r.s, op: string(r.Kind)}).vacancy(r.Target)
		if err != nil {
			return err
		}
		parent := c.parent()
		if r.staged != 0 && parent.project != r.project {
			return stranded()
		}
		r.project = parent.project
		st.dirs[parentOfTop] = stagedDir{key: key{parent.project, 0}, perms: parent.perms, group: parent.group}
		return r.fits(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return st, st.resume(ctx)
}

// fits refuses a job if the quotas above its target have no room for the result now.
func (r *run) fits(ctx context.Context, c *chain) error {
	quotas := c.quotas()
	if len(quotas) == 0 {
		return nil
	}
	rows, err := r.fs.db.Query(ctx, `SELECT replication, count(*), coalesce(sum(size) FILTER (WHERE kind = 'f'), 0)::bigint FROM job_entries
		WHERE job_id = $1 GROUP BY replication`, r.ID)
	if err != nil {
		return err
	}
	var (
		cost        amount
		replication int
		names, size int64
	)
	if _, err := pgx.ForEachRow(rows, []any{&replication, &names, &size}, func() error {
		a := bytesOf(size, replication, c.parent().policy)
		a.names = names
		cost.add(a)
		return nil
	}); err != nil {
		return err
	}
	return r.fs.room(ctx, charged(quotas, cost, amount{}))
}

// resume finds the directories that were made before, and the size of the files that were.
func (st *staging) resume(ctx context.Context) error {
	var made int64
	if err := st.fs.db.QueryRow(ctx, `SELECT coalesce(sum(size), 0)::bigint FROM job_entries WHERE job_id = $1 AND kind = 'f' AND made IS NOT NULL`, st.ID).
		Scan(&made); err != nil {
		return err
	}
	st.content.Store(made)
	rows, err := st.fs.db.Query(ctx, `SELECT e.path, i.id, i.mode, i.acl, i.grp FROM job_entries e
		JOIN inodes i ON i.project_id = $2 AND i.id = e.made WHERE e.job_id = $1 AND e.kind = 'd' AND e.made IS NOT NULL`, st.ID, st.project)
	if err != nil {
		return err
	}
	var (
		path string
		id   int64
		mode int16
		acl  *string
		dir  stagedDir
	)
	_, err = pgx.ForEachRow(rows, []any{&path, &id, &mode, &acl, &dir.group}, func() error {
		perms, err := storedPerms(mode, acl)
		dir.key, dir.perms = key{st.project, id}, st.shared(perms)
		st.dirs[path] = dir
		return err
	})
	return err
}

// shared returns p, or what is equal to it and was remembered for another directory.
func (st *staging) shared(p perm.Perms) perm.Perms {
	if p.ACL.IsZero() {
		return p
	}
	text := strconv.Itoa(int(p.Mode)) + " " + p.ACL.String()
	if known, ok := st.perms[text]; ok {
		return known
	}
	st.perms[text] = p
	return p
}

// fill makes what is missing in the result. content opens the content of a file.
func (st *staging) fill(ctx context.Context, content func(ctx context.Context, e *jobEntry) (source io.ReadCloser, size int64, err error)) (err error) {
	defer func() {
		for _, e := range st.batch { // what was not made
			st.fs.discard(ctx, e.body)
		}
	}()
	after := int64(-1)
	for {
		entries, err := st.entries(ctx, `made IS NULL`, after, entriesAtOnce)
		if err != nil {
			return err
		}
		for i := range entries {
			e := &entries[i]
			after = e.n
			if err := st.add(ctx, e, content); err != nil {
				return err
			}
			if len(st.batch) >= st.fs.jobs.atOnce || st.short >= stagedBytes {
				if err := st.flush(ctx); err != nil {
					return err
				}
			}
		}
		if len(entries) == 0 {
			return st.flush(ctx)
		}
	}
}

// add prepares e.
func (st *staging) add(ctx context.Context, e *jobEntry, content func(context.Context, *jobEntry) (io.ReadCloser, int64, error)) error {
	b, err := st.bear(ctx, e)
	if err != nil {
		return err
	}
	made := stagedEntry{newborn: b, entry: e}
	if e.kind == kindFile {
		if made.body, err = st.receive(ctx, e, content); err != nil {
			return err
		}
		b.size, b.atime, b.replication, b.blockSize, b.gen = made.body.size, b.mtime, e.replication, e.blockSize, firstGen
		st.short += int64(len(made.body.short))
	} else {
		b.perms = st.shared(b.perms)
		st.dirs[e.path] = stagedDir{key: b.key(), perms: b.perms, group: b.group}
	}
	st.batch = append(st.batch, made)
	if made.body != nil && made.body.short == nil && made.body.size > 0 {
		return st.flush(ctx) // so that what took long is not done again
	}
	return nil
}

// bear plans the inode of e as if it were made there by hand: its owner is the principal, and its group is that of its
// directory, from which it also inherits a default ACL.
func (st *staging) bear(ctx context.Context, e *jobEntry) (*newborn, error) {
	id, err := st.fs.ids.id(ctx)
	if err != nil {
		return nil, err
	}
	above := parentOfTop
	if e.path != "" {
		above = (Path{e.path}).Parent().text
	}
	parent, ok := st.dirs[above]
	if !ok {
		return nil, errors.New("a job has an entry whose directory was not made: " + e.path)
	}
	b := &newborn{parent: parent.key, name: (Path{e.path}).Name()}
	b.node = node{project: st.project, id: id, kind: e.kind, owner: st.s.p.User, group: parent.group, mtime: st.fs.millis()}
	mode := e.mode
	if e.kind == kindFile {
		mode &^= perm.Sticky
	}
	b.perms = perm.Inherit(parent.perms, mode, &mode, e.kind == kindDir)
	return b, nil
}

// receive makes a body of the content of e.
func (st *staging) receive(ctx context.Context, e *jobEntry, content func(context.Context, *jobEntry) (io.ReadCloser, int64, error)) (*body, error) {
	source, size, err := content(ctx, e)
	if err != nil {
		return nil, err
	}
	w := &witness{r: source, read: &st.content}
	b, err := st.fs.receive(ctx, st.project, w, size, func() (*filesum.Sum, error) { return filesum.New(e.blockSize), nil })
	closed := source.Close()
	if err == nil {
		err = closed
	}
	if w.err != nil { // it says more than that the content ended early
		err = w.err
	}
	if err != nil {
		st.fs.discard(ctx, b)
		return nil, err
	}
	return b, nil
}

// flush makes what is prepared, in one transaction that also records it, so that nothing is made twice.
func (st *staging) flush(ctx context.Context) error {
	if len(st.batch) == 0 {
		return nil
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err := pgx.BeginFunc(ending, st.fs.db, func(tx pgx.Tx) error { return st.make(ending, tx) })
	if err != nil {
		return err
	}
	st.batch, st.short = st.batch[:0], 0
	st.step(ctx)
	return ctx.Err()
}

// make makes the batch.
func (st *staging) make(ctx context.Context, tx pgx.Tx) error {
	if err := st.hold(ctx, tx); err != nil {
		return err
	}
	children, paths := map[key]int64{}, map[key]Path{}
	numbers, ids := make([]int64, len(st.batch)), make([]int64, len(st.batch))
	files := 0
	for i, e := range st.batch {
		numbers[i], ids[i] = e.entry.n, e.id
		if e.entry.path == "" {
			if err := st.makeTop(ctx, tx, e.newborn); err != nil {
				return err
			}
		} else {
			if err := insertInode(ctx, tx, e.node, e.parent.id, e.name); err != nil {
				return err
			}
			children[e.parent]++
			paths[e.parent] = Path{st.Target.text + (Path{e.entry.path}).Parent().text}
		}
		if e.body == nil {
			continue
		}
		files++
		if err := st.fs.publish(ctx, tx, e.key(), 0, e.body); err != nil {
			return err
		}
	}
	for _, dir := range slices.SortedFunc(maps.Keys(children), func(a, b key) int { return cmp.Compare(a.id, b.id) }) {
		if err := st.fs.adoptMany(ctx, tx, dir, paths[dir], st.fs.millis(), children[dir]); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE job_entries e SET made = m.id FROM unnest($2::bigint[], $3::bigint[]) AS m (n, id)
		WHERE e.job_id = $1 AND e.n = m.n`, st.ID, numbers, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE jobs SET files_done = files_done + $2, attempts = least(attempts, 1), failure = NULL WHERE id = $1`, st.ID, files)
	return err
}

// makeTop makes the top of the result, without a parent or a name.
func (st *staging) makeTop(ctx context.Context, tx pgx.Tx, b *newborn) error {
	// For a moment it is an entry of itself, which no other inode can have.
	if err := insertInode(ctx, tx, b.node, b.id, ""); err != nil {
		return err
	}
	if err := one(tx.Exec(ctx, `UPDATE inodes SET parent_id = NULL WHERE project_id = $1 AND id = $2`, b.project, b.id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE jobs SET project_id = $2, staged = $3 WHERE id = $1`, st.ID, b.project, b.id)
	st.staged = b.id
	return err
}

// reveal gives the staged result its name, and ends the job, in one act that is decided like every other.
func (r *run) reveal(ctx context.Context) error {
	_, err := act(WithOperation(ctx, r.ID), r.s, string(r.Kind), r.Target, func(w *walker) (struct{}, *mutation, error) {
		var none struct{}
		c, err := w.vacancy(r.Target)
		if err != nil {
			return none, nil, err
		}
		parent := c.parent()
		if parent.project != r.project {
			return none, nil, stranded()
		}
		n := node{project: r.project, id: r.staged, policy: parent.policy, limits: unlimited}
		if err := r.fs.db.QueryRow(ctx, `SELECT kind, size, replication, block_size FROM inodes WHERE project_id = $1 AND id = $2`, n.project, n.id).
			Scan(&n.kind, &n.size, &n.replication, &n.blockSize); err != nil {
			return none, nil, err
		}
		m := &mutation{event: w.event(c, &n)}
		m.event.detail.Sources = r.sources(c)
		if !n.dir() {
			m.event.detail.Size = &n.size
		}
		enters := c.quotas()
		m.counts = n.dir() && len(enters) > 0
		m.apply = func(ctx context.Context, tx pgx.Tx) error {
			if err := r.hold(ctx, tx); err != nil {
				return err
			}
			cost, err := weigh(ctx, tx, &n, enters)
			if err != nil {
				return err
			}
			m.charges = charged(enters, cost, amount{})
			if err := one(tx.Exec(ctx, `WITH named AS (UPDATE inodes SET parent_id = $3, name = $4, version = version + 1
				WHERE project_id = $1 AND id = $2 AND parent_id IS NULL RETURNING project_id, id)
				INSERT INTO unindexed SELECT project_id, id FROM named`, n.project, n.id, parent.id, c.path.Name())); err != nil {
				return err
			}
			if err := r.fs.adopt(ctx, tx, parent.key(), c.path.Parent(), r.fs.millis()); err != nil {
				return err
			}
			return r.finish(ctx, tx, r.content.Load())
		}
		return none, m, nil
	})
	return err
}

// sources returns the paths of those of r's sources that the feed of the target's project may name: the project's own; on the common
// ground, whose feed is for superusers, all. Members may not know of what lies elsewhere, and what Shared shows lies elsewhere, too.
func (r *run) sources(target *chain) (paths []string) {
	project := target.parent().project
	for _, p := range r.Sources {
		name := target.projects[project].name
		top, shown := projectPath(name), sharedPath(name)
		if project == 0 || p == top || p.under(top) && p != shown && !p.under(shown) {
			paths = append(paths, p.String())
		}
	}
	return paths
}
