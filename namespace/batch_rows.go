package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"granary/auth/perm"
	"granary/blocks/seal"
)

// batchRows collects what is remembered of some files of a window, and what batchSQL finds of the others.
type batchRows struct {
	s       *Session
	w       *window
	dirs    map[Path]*batchDir
	asked   []int   // indexes of the files of w that are to be looked up
	entries []entry // their entries

	read    []batchContent
	learned []lookedUp
	spots   []spot
	stale   []staleAccess // whose access time is to be renewed
	absent  []*BatchFile  // that do not exist
	refused []batchRefusal
	found   []bool // which of asked exist
	key     seal.Key
}

// leave removes the known files from those to be looked up.
func (r *batchRows) leave(known []recalled, entries []entry) {
	if len(known) == 0 {
		r.entries = entries
		return
	}
	asked := r.asked
	r.asked = nil
	for i, file := range asked {
		if len(known) > 0 && known[0].file == file {
			known = known[1:]
			continue
		}
		r.asked, r.entries = append(r.asked, file), append(r.entries, entries[i])
	}
}

// batchRefusal is a file that is refused, and why.
type batchRefusal struct {
	file *BatchFile
	err  error
}

// batchContent is where in the arena a file's content lies.
type batchContent struct {
	file     *BatchFile
	from, to int
}

// begin prepares an empty arena for w.
func (r *batchRows) begin() {
	if r.w.arena == nil {
		r.w.arena = batchArenas.Get().(*[]byte) //nolint:forcetypeassert // of our own pool
	}
	*r.w.arena = (*r.w.arena)[:0]
}

// collect adds all rows. Sealed content lies in the driver's buffer and is overwritten by the next row, so it is opened at once.
func (r *batchRows) collect(ctx context.Context, rows pgx.Rows) error {
	defer rows.Close()
	var (
		n       node
		nth     int
		mode    int16
		acl     *string
		seen    uint32
		version int32
		sealed  pgtype.DriverBytes
		err     error
	)
	r.found = make([]bool, len(r.asked))
	into := []any{
		&nth, &n.id, &n.kind, &n.owner, &n.group, &mode, &acl, &n.version, &n.gen, &n.size, &n.mtime, &n.atime, &n.replication, &n.blockSize,
		&n.policy, &n.hasXattrs, &n.lease, &n.use, &seen, &version, &sealed,
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		r.found[nth-1] = true
		if n.perms, err = storedPerms(mode, acl); err != nil || n.kind != kindFile && n.kind != kindDir {
			continue
		}
		at := r.entries[nth-1]
		n.project, n.inherits = at.dir.project, false
		content := segment{extent: extent{len: n.size, keyVersion: version}, sealed: sealed}
		whole := n.size == 0 || sealed != nil
		r.add(ctx, r.asked[nth-1], n, whole, content)
		if n.kind == kindFile && n.use == useNone && whole {
			l := lookedUp{at: at, hint: hint{node: n, at: row{n.key(), seen}}}
			l.hint.node.limits = unlimited
			if n.size > 0 {
				content.sealed = slices.Clone(content.sealed)
				l.rows = []segment{content}
			}
			r.learned = append(r.learned, l)
		}
	}
	return rows.Err()
}

// recollect adds the remembered files.
func (r *batchRows) recollect(ctx context.Context, known []recalled) {
	for i := range known {
		r.add(ctx, known[i].file, known[i].hint.node, true, known[i].rows...)
	}
}

// add adds one file, or the reason why it may not be read. n has only its own storage policy; content is all of the file if whole.
func (r *batchRows) add(ctx context.Context, file int, n node, whole bool, content ...segment) {
	f := &r.w.files[file]
	d := r.dirs[f.Path.Parent()]
	if n.inherits = n.policy == 0; n.inherits {
		n.policy = d.chain.node().policy
	}
	if n.kind == kindDir {
		return // its grants are not read here, and a share can also take rights away: readAlone refuses it
	}
	c := d.along(f.Path, &n)
	if err := r.decide(ctx, c); err != nil {
		r.refused = append(r.refused, batchRefusal{f, err})
		return
	}
	if !whole || r.s.p.Superuser && n.hasXattrs {
		return
	}
	arena := *r.w.arena
	from := len(arena)
	if n.size > 0 {
		for i := range content {
			g := &content[i]
			if r.key.Project() != n.project || r.key.Version() != g.keyVersion {
				var known bool
				if r.key, known = r.s.fs.keys.known(n.project, g.keyVersion); !known {
					return // fetching it here would take a second connection while this one waits
				}
			}
			end := int64(len(arena)) + g.len
			var err error
			if arena, err = r.key.OpenRow(arena, g.sealed, seal.Row{Inode: n.id, Offset: g.off}); err != nil || int64(len(arena)) != end {
				return // readAlone reports the damage
			}
		}
	}
	*r.w.arena = arena
	f.node, f.Status = n, n.status("")
	r.read = append(r.read, batchContent{f, from, len(arena)})
	r.spots = append(r.spots, spotOf(c))
	if stale, ok := r.s.fs.stale(c); ok {
		r.stale = append(r.stale, stale)
	}
}

// decide fails as [Session.Open] does unless c leads to a file that the principal may read.
func (r *batchRows) decide(ctx context.Context, c *chain) error {
	err := (&walker{ctx: ctx, s: r.s}).check(c, Need{Node: perm.Read, File: true})
	if err == nil {
		_, err = fileAt(c)
	}
	return err
}

// settle assigns contents and errors to the files, and records the reads.
func (r *batchRows) settle(ctx context.Context) {
	for _, c := range r.read {
		c.file.content, c.file.ready = (*r.w.arena)[c.from:c.to:c.to], true
	}
	for i, found := range r.found {
		if !found {
			r.absent = append(r.absent, &r.w.files[r.asked[i]])
		}
	}
	for _, f := range r.absent {
		c := r.dirs[f.Path.Parent()].along(f.Path, nil)
		if r.s.lacking(c, Need{Node: perm.Read}) == nil {
			r.refused = append(r.refused, batchRefusal{f, r.decide(ctx, c)})
		}
	}
	r.s.concealed = nil // none of these refusals conceals anything; a former walk may have set it
	for _, f := range r.refused {
		f.file.Err, f.file.ready = r.s.dress("open", f.file.Path, f.err), true
	}
	r.s.fs.accessedTogether(ctx, r.stale)
	r.s.readTogether(ctx, "open", r.spots)
}
