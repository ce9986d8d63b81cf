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

// window is some files of a batch that were looked up together.
type window struct {
	files []BatchFile
	at    time.Time // before they were
	arena *[]byte   // holds the content of short files; nil: there is none
}

var batchArenas = sync.Pool{New: func() any {
	b := make([]byte, 0, batchBytes/2)
	return &b
}}

// release gives back what holds the contents.
func (w *window) release() {
	if w.arena != nil {
		batchArenas.Put(w.arena)
		w.arena = nil
	}
}

// batchSQL finds entries of directories, and with the files among them the one row that holds all of the content, if it is
// one. One statement is one snapshot, so the two belong together. Each entry is looked for by its key, whatever the planner
// thinks of how many there are: OFFSET keeps it from making a join of it.
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

// fetchBeside is fetch, for who runs beside the request.
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

// fetch looks files up and reads them, as far as it may hold them.
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
	// What cannot be read alone either is told of all; what is wrong with one of their directories is not.
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
		if f.ready || held >= batchBytes || ctx.Err() != nil {
			continue
		}
		f.readAlone(ctx, s)
		held += len(f.content)
	}
	b.measured(w)
	return w
}

// forget drops what was walked to: something of it has changed.
func (b *batchRead) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dirs = nil
}

// directories returns those of w's files, by path, that can be walked to; they are for s alone to use.
func (b *batchRead) directories(ctx context.Context, s *Session, w *window) (map[Path]*batchDir, error) {
	found, now := map[Path]*batchDir{}, s.fs.millis()
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
		if known == nil || known.epoch != s.p.Epoch || now-known.at >= rightsFor.Milliseconds() {
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
		err = errStale // what else was found was found for the principal as it was
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

// special reports whether f's path is none that is a name in a directory, or one so deep that it is not worth keeping.
func (f *BatchFile) special() bool {
	return f.Path.IsRoot() || strings.HasPrefix(f.Path.text, "/"+reserved) || strings.Count(f.Path.text, "/") > batchDepth
}

// there reports whether d is a directory that exists.
func (d *batchDir) there() bool {
	n := d.chain.node()
	return n != nil && n.dir()
}

// open makes room for the chain to a file in d.
func (d *batchDir) open() {
	if d.file == nil {
		c := *d.chain
		c.nodes = append(make([]node, 0, len(c.nodes)+1), c.nodes...)
		c.names = append(make([]string, 0, len(c.names)+1), c.names...)
		d.file = &c
	}
}

// along returns the chain to a file in d, as a walk finds it; file is nil if there is none. It is good until the next call.
func (d *batchDir) along(path Path, file *node) *chain {
	c := d.file
	c.path, c.names, c.nodes = path, append(c.names[:len(d.chain.names)], path.Name()), c.nodes[:len(d.chain.nodes)]
	if file != nil {
		c.nodes = append(c.nodes, *file)
	}
	return c
}

// fetchTogether reads those of w's files that are short, and refuses those that the principal may not read and those that
// are not there; the others are left for [BatchFile.readAlone]. The rights are decided on the directories as they were
// walked to, and it fails with errStale if that is not how they are when the files are read.
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
			continue // what it sealed is left to be read alone, and to fail alone
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
	if err := s.fs.sendPage(ctx, statements); err != nil {
		return err
	}
	// The rights are those of the directories from when they were walked to until the last statement. Rows are of a moment in between, and so
	// is what was recalled: it was so before the first statement and is now, or was compared.
	if !still || !s.fs.hints.confirm(known, changed, r.learned, &asked) {
		return errStale
	}
	r.recollect(ctx, known)
	r.settle(ctx)
	return nil
}

// include adds what other relies on, but for what seen holds already. It reports false if that is not the same: the two were
// found at different moments.
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
