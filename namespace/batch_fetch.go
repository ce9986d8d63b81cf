package namespace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// window is a group of files of a batch that are looked up together.
type window struct {
	files []BatchFile
	at    time.Time // before they were looked up
	arena *[]byte   // holds the content of short files, if not nil
}

var batchArenas = sync.Pool{New: func() any {
	b := make([]byte, 0, batchBytes/2)
	return &b
}}

// release returns the arena to the pool.
func (w *window) release() {
	if w.arena != nil {
		batchArenas.Put(w.arena)
		w.arena = nil
	}
}

// batchSQL finds entries of directories and, for files whose whole content is in one row, that row. One statement is one
// snapshot, so inode and content belong together. OFFSET 0 makes the planner look each entry up by its key, instead of
// choosing another kind of join by its estimates.
const batchSQL = `
SELECT k.nth, f.id, f.kind, f.owner, f.grp, f.mode, f.acl, f.version, f.gen, f.size, f.mtime, f.atime, f.replication, f.block_size,
	f.storage_policy, f.has_xattrs, f.lease, f.use, f.seen, coalesce(c.key_version, 0), c.sealed
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS k (project_id, parent_id, name, nth)
CROSS JOIN LATERAL (
	SELECT i.id, i.kind, i.owner, i.grp, i.mode, i.acl, i.version, i.gen, i.size, i.mtime, i.atime, i.replication, i.block_size,
		i.storage_policy, i.xattrs IS NOT NULL AS has_xattrs, coalesce(i.lease, 0) AS lease, coalesce(i.use, '-') AS use, i.xmin AS seen
	FROM inodes i WHERE i.project_id = k.project_id AND i.parent_id = k.parent_id AND i.name = k.name OFFSET 0
) f
LEFT JOIN LATERAL (
	SELECT key_version, sealed FROM contents
	WHERE project_id = k.project_id AND inode_id = f.id AND off = 0 AND len = f.size OFFSET 0
) c ON f.kind = 'f'`

// fetchBeside is fetch for a goroutine beside the request: it turns a panic into the error of each file.
func (b *batchRead) fetchBeside(ctx context.Context, names []string) (w *window) {
	err := sound(func() error {
		w = b.fetch(ctx, names)
		return nil
	})
	if err != nil {
		w = &window{files: make([]BatchFile, len(names)), at: b.session.fs.now()}
		for i, name := range names {
			w.files[i] = BatchFile{Name: name, Err: err, ready: true}
		}
	}
	return w
}

// fetch looks files up and reads them, as long as what it holds stays within batchBytes and is not too old when it is given out.
func (b *batchRead) fetch(ctx context.Context, names []string) *window {
	s := b.as()
	w := &window{files: make([]BatchFile, len(names)), at: s.fs.now()}
	for i, name := range names {
		f := &w.files[i]
		f.Name = name
		if f.Path, f.Err = ParsePath(name[:min(len(name), batchName)]); f.Err == nil && len(name) > batchName {
			f.Err = s.dress("open", f.Path, fail(InvalidPath, "Invalid path name %s: it has more than %d bytes", abbreviate(name), batchName))
		}
		if f.Err != nil {
			f.Path, f.ready, f.misnamed = Path{}, true, true
		}
	}
	err := steadily(ctx, func() error {
		if b.readPresent(ctx, s, w) {
			return nil
		}
		err := b.fetchTogether(ctx, s, w)
		if errors.Is(err, errStale) {
			b.forget()
		}
		return err
	})
	// An error that reading alone would meet, too, is reported for all files; one that concerns only a directory of theirs is not.
	if refused := (*auth.Error)(nil); err != nil && (ctx.Err() != nil || unavailable(err) || errors.As(err, &refused)) {
		for i := range w.files {
			if f := &w.files[i]; !f.ready {
				f.Err, f.ready = s.dress("open", f.Path, err), true
			}
		}
	}
	held := 0
	for i := range w.files {
		f := &w.files[i]
		if f.ready || held >= batchBytes || ctx.Err() != nil || s.fs.now().Sub(w.at) >= batchEarly {
			continue
		}
		b.readAlone(ctx, s, f)
		held += len(f.content)
	}
	b.measured(w)
	return w
}

// forget drops the directories that were walked to, since one of them has changed.
func (b *batchRead) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dirs = nil
}

// directories returns the directories of w's files that can be walked to, by path. The caller does not share them.
func (b *batchRead) directories(ctx context.Context, s *Session, w *window) (map[Path]*batchDir, error) {
	found, now := map[Path]*batchDir{}, s.fs.now()
	var unknown []Path
	b.mu.Lock()
	for i := range w.files {
		f := &w.files[i]
		if f.ready || f.special() {
			continue
		}
		at := f.Path.Parent()
		if _, ok := found[at]; ok {
			continue
		}
		known := b.dirs[at]
		if known == nil || known.epoch != s.p.Epoch || now.Sub(known.at).Abs() >= rightsFor {
			unknown, found[at] = append(unknown, at), nil
			continue
		}
		found[at] = &batchDir{chain: known.chain}
	}
	b.mu.Unlock()
	if len(unknown) == 0 {
		return found, nil
	}
	walker := &walker{ctx: ctx, s: s}
	epoch := s.p.Epoch
	chains, err := walker.find(unknown...)
	if err != nil {
		return nil, err
	}
	if s.p.Epoch != epoch {
		err = errStale // the chains known before were found with the principal's former rights
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.session.p = s.p
	if b.dirs == nil || len(b.dirs)+len(chains) > batchDirs {
		b.dirs = make(map[Path]*batchDir, len(chains))
	}
	for _, c := range chains {
		if c.hidden {
			delete(found, c.path)
			continue
		}
		found[c.path] = &batchDir{chain: c}
		if found[c.path].there() {
			b.dirs[c.path] = &batchDir{chain: c, epoch: s.p.Epoch, at: now}
		}
	}
	return found, err
}

// special reports whether f's path is not a plain entry of a directory, or is too deep to be looked up with others.
func (f *BatchFile) special() bool {
	return f.Path.IsRoot() || strings.HasPrefix(f.Path.text, "/"+reserved) || strings.Count(f.Path.text, "/") > batchDepth
}

// there reports whether d is a directory that exists.
func (d *batchDir) there() bool {
	n := d.chain.node()
	return n != nil && n.dir()
}

// open allocates the chain that along uses.
func (d *batchDir) open() {
	if d.file == nil {
		c := *d.chain
		c.nodes = append(make([]node, 0, len(c.nodes)+1), c.nodes...)
		c.names = append(make([]string, 0, len(c.names)+1), c.names...)
		d.file = &c
	}
}

// along returns the chain to a file in d, as a walk would find it; file is nil if there is none. The chain is valid until the next call.
func (d *batchDir) along(path Path, file *node) *chain {
	c := d.file
	c.path, c.names, c.nodes = path, append(c.names[:len(d.chain.names)], path.Name()), c.nodes[:len(d.chain.nodes)]
	if file != nil {
		c.nodes = append(c.nodes, *file)
	}
	return c
}

// fetchTogether reads those of w's files that are short, and refuses those that the principal may not read and those that
// do not exist; the others are left for [batchRead.readAlone]. Rights are decided on the directories as they were walked to;
// fetchTogether fails with errStale if these have changed by the time the files are read.
func (b *batchRead) fetchTogether(ctx context.Context, s *Session, w *window) error {
	dirs, err := b.directories(ctx, s, w)
	if err != nil {
		return err
	}
	r := &batchRows{s: s, w: w, dirs: dirs}
	r.begin()
	var (
		entries []entry
		union   = chain{projects: map[int64]membership{}}
		seen    = map[key]*node{}
	)
	for i := range w.files {
		f := &w.files[i]
		d := dirs[f.Path.Parent()]
		if f.ready || f.special() || d == nil {
			continue
		}
		if d.file == nil && !union.include(d.chain, seen) {
			return errStale
		}
		d.open()
		if !d.there() {
			r.absent = append(r.absent, f)
			continue
		}
		r.asked, entries = append(r.asked, i), append(entries, entry{d.chain.node().key(), f.Path.Name()})
	}
	for id := range union.projects {
		if err := s.fs.keys.load(ctx, id); err != nil {
			continue // files sealed with its keys are read alone, and fail alone
		}
	}
	known := s.fs.hints.recall(r.asked, entries)
	r.leave(known, entries)
	s.fs.decided("read batch", Path{})
	var (
		still   bool
		asked   askedMoment
		changed []*recalled
	)
	statements := &pgx.Batch{}
	asked.queue(statements)
	queueChanged(statements, known, &changed)
	if len(r.asked) > 0 {
		statements.Queue(batchSQL,
			column(r.entries, func(e entry) int64 { return e.dir.project }),
			column(r.entries, func(e entry) int64 { return e.dir.id }),
			column(r.entries, func(e entry) string { return e.name })).
			Query(func(rows pgx.Rows) error { return r.collect(ctx, rows) })
	}
	union.queueStill(statements, &s.p, &still)
	if err := s.sendPage(ctx, statements); err != nil {
		return err
	}
	// The directories were unchanged from the walk until the last statement, so the rights hold throughout. Rows were read in between. What
	// was recalled held then, too: it was proved before the first statement and still is, or it was compared.
	if !still || !s.fs.hints.confirm(known, changed, r.learned, &asked) {
		return errStale
	}
	r.recollect(ctx, known)
	r.settle(ctx)
	return nil
}

// include adds what other relies on to c, except what seen already holds. It reports false if the two differ in something,
// because they were found at different moments.
func (c *chain) include(other *chain, seen map[key]*node) bool {
	for i := range other.nodes {
		n := &other.nodes[i]
		if known := seen[n.key()]; known == nil {
			seen[n.key()] = n
			c.nodes = append(c.nodes, *n)
		} else if known.version != n.version || !slices.Equal(known.grants, n.grants) {
			return false
		}
	}
	for id, m := range other.projects {
		if known, ok := c.projects[id]; ok && known != m {
			return false
		}
		c.projects[id] = m
	}
	return true
}
