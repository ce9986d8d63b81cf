package namespace

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// entriesAtOnce is how many entries of a job are looked up in one statement.
const entriesAtOnce = 500

// jobEntry is a file or a directory that a job is about.
type jobEntry struct {
	n           int64
	root        int    // which of the sources it belongs to
	path        string // in the result; "" for its top
	kind        byte
	source      int64 // the inode; of an archive, the index in its central directory
	size        int64
	mode        perm.Mode
	replication int
	blockSize   int64
	mtime       int64
	listed      bool // its children were found; always true for a file
}

// rootEntry is the entry of the i-th source.
func rootEntry(j *NewJob, i int, n *node) jobEntry {
	e := entryOf(n)
	e.root = i
	if j.Kind == JobZip {
		e.path = "/" + j.Sources[i].Name()
	}
	return e
}

func entryOf(n *node) jobEntry {
	return jobEntry{
		kind: n.kind, source: n.id, size: n.size, mode: n.perms.Mode, replication: n.replication, blockSize: n.blockSize, mtime: n.mtime, listed: !n.dir(),
	}
}

// from is where e lay when it was found.
func (j *Job) from(e *jobEntry) Path {
	source := j.Sources[e.root]
	if j.Kind == JobZip {
		source = source.Parent()
	}
	return Path{source.text + e.path}
}

// addEntries records entries, numbered from first on, and counts them.
func addEntries(ctx context.Context, tx pgx.Tx, id uuid.UUID, first int64, entries []jobEntry) error {
	var files, bytes int64
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"job_entries"},
		[]string{"job_id", "n", "root", "path", "kind", "source", "size", "mode", "replication", "block_size", "mtime", "listed"},
		pgx.CopyFromSlice(len(entries), func(i int) ([]any, error) {
			e := &entries[i]
			if e.kind == kindFile {
				files, bytes = files+1, bytes+e.size
			}
			return []any{
				id, first + int64(i), int32(e.root), e.path, e.kind, e.source, e.size, int16(e.mode), int16(e.replication), e.blockSize, e.mtime, e.listed,
			}, nil
		}))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE jobs SET entries = entries + $2, files = files + $3, bytes = bytes + $4, attempts = least(attempts, 1) WHERE id = $1`, id, len(entries), files, bytes)
	return err
}

// entriesSQL finds up to $3 entries of the job $1 with numbers above $2 for which a condition holds.
const entriesSQL = `SELECT n, root, path, kind, source, size, mode, replication, block_size, mtime, listed FROM job_entries WHERE job_id = $1 AND n > $2 AND `

func (r *run) entries(ctx context.Context, condition string, after int64, limit int) ([]jobEntry, error) {
	rows, err := r.fs.db.Query(ctx, entriesSQL+condition+` ORDER BY n LIMIT $3`, r.ID, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e jobEntry, err error) {
		var mode int16
		err = row.Scan(&e.n, &e.root, &e.path, &e.kind, &e.source, &e.size, &mode, &e.replication, &e.blockSize, &e.mtime, &e.listed)
		e.mode = perm.Mode(mode)
		return e, err
	})
}

// list finds everything below the sources, directory by directory. A server that continues the job continues with the
// directories that were not listed.
func (r *run) list(ctx context.Context) error {
	if r.planned {
		return nil
	}
	if err := r.fs.db.QueryRow(ctx, `SELECT coalesce(sum(octet_length(path)), 0)::bigint, coalesce(sum(octet_length(path)) FILTER (WHERE kind = 'd'), 0)::bigint
		FROM job_entries WHERE job_id = $1`, r.ID).Scan(&r.paths, &r.dirPaths); err != nil {
		return err
	}
	for {
		dirs, err := r.entries(ctx, `NOT listed`, -1, entriesAtOnce)
		if err != nil {
			return err
		}
		for i := range dirs {
			if err := r.listDir(ctx, &dirs[i]); err != nil {
				return err
			}
			r.step(ctx)
		}
		if len(dirs) == 0 {
			return r.plan(ctx)
		}
	}
}

// pathsBesides is how many times as many bytes of paths a job may have in the database as in memory.
const pathsBesides = 16

// bounded fails if the paths of what was found are too long in sum: those of an archive, or of directories, have to fit into memory, and
// all are in the database. It is called for each entry, since a directory of a million files may itself have a long path.
func (r *run) bounded() error {
	inMemory, limit := r.dirPaths, r.fs.jobs.limits.Paths
	if r.Kind == JobZip {
		inMemory = r.paths
	}
	if inMemory > limit {
		return fail(IO, "The paths of what is to be taken come to more than %d bytes, as many as one job may take; use several for parts of it", limit)
	}
	if limit *= pathsBesides; r.paths > limit {
		return fail(IO, "The paths of the files come to more than %d bytes, as many as one job may take; copy directories further down, or use several for parts of it", limit)
	}
	return nil
}

// plan records that all entries were found.
func (r *run) plan(ctx context.Context) error {
	if err := r.bounded(); err != nil {
		return err
	}
	tag, err := r.fs.db.Exec(ctx, `UPDATE jobs SET planned = true WHERE id = $1 AND epoch = $2 AND state = 'running'`, r.ID, r.epoch)
	if err == nil && tag.RowsAffected() == 0 {
		return errFenced
	}
	r.planned = err == nil
	return err
}

// listDir finds the children of the directory e, and records them. It uses one connection: as many jobs as there are connections might
// otherwise each hold one while they wait for another.
func (r *run) listDir(ctx context.Context, e *jobEntry) error {
	at := r.from(e)
	return steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: r.s}).walkTo(at, e.source, Need{Node: perm.ReadExecute})
		switch {
		case errors.Is(err, errStale):
			return err
		case err == nil && c == nil:
			err = vanished(at)
		}
		if err != nil {
			return r.s.dress("list", at, err)
		}
		return pgx.BeginFunc(ctx, r.fs.db, func(tx pgx.Tx) error { return r.addChildren(ctx, tx, at, e, c) })
	})
}

// addChildren records the children of the directory e, which lay at a path and to which c leads.
func (r *run) addChildren(ctx context.Context, tx pgx.Tx, at Path, e *jobEntry, c *chain) error {
	if err := r.hold(ctx, tx); err != nil {
		return err
	}
	var entries int64
	if err := tx.QueryRow(ctx, `SELECT entries FROM jobs WHERE id = $1`, r.ID).Scan(&entries); err != nil {
		return err
	}
	limit := r.fs.jobs.limits.Entries
	if r.Kind == JobZip {
		limit = r.fs.jobs.limits.Packed
	}
	dir := c.node()
	if _, err := tx.Exec(ctx, declareChildrenSQL, dir.project, dir.id); err != nil {
		return err
	}
	// The cursor shows one moment, and c was true then if it still is now.
	if err := c.still(ctx, tx, &r.s.p); err != nil {
		return err
	}
	r.s.read("list", c)
	for {
		some, seen, err := fetchChildren(ctx, tx, c.path)
		if err != nil {
			return r.s.dress("list", at, err)
		}
		if seen == 0 {
			break
		}
		if entries+int64(len(some)) > limit {
			return fail(IO, "There are more than %d files and directories, as many as one job may take; use several for parts of them", limit)
		}
		for i := range some {
			if err := r.take(at, e, &some[i]); err != nil {
				return err
			}
		}
		if err := addEntries(ctx, tx, r.ID, entries, some); err != nil {
			return err
		}
		entries += int64(len(some))
	}
	_, err := tx.Exec(ctx, `UPDATE job_entries SET listed = true WHERE job_id = $1 AND n = $2`, r.ID, e.n)
	return err
}

// take makes c, a child of the directory e, an entry of the job, and refuses what cannot be one.
func (r *run) take(at Path, e, c *jobEntry) error {
	name := c.path
	c.root, c.path = e.root, e.path+name
	r.paths += int64(len(c.path))
	if c.kind == kindDir {
		r.dirPaths += int64(len(c.path))
	}
	if err := r.bounded(); err != nil {
		return err
	}
	if r.Kind == JobZip {
		if len(c.path) > MaxZipName {
			return fail(IO, "%s lies so deep that its name in an archive would have more than %d bytes; pack what is further down, or download a tar", abbreviate(at.text+name), MaxZipName)
		}
		return zippable(Path{at.text + name})
	}
	return (Path{r.Target.text + c.path}).creatable()
}

// vanished is the failure of a job if something that it has to read is gone.
func vanished(path Path) error {
	return fail(NotExist, "%s was there when the job looked for what it is about, and is not any more; start it again", path)
}

// The entries of a directory are read by a cursor, childrenAtOnce at a time, since there may be a million. What jobs leave out is among
// them, so only [run.addChildren] knows when they are too many. The cursor ends with its transaction.
const (
	childrenAtOnce     = 1000
	declareChildrenSQL = `DECLARE children NO SCROLL CURSOR FOR SELECT name, id, kind, coalesce(use, '-'), mode, size, replication, block_size, mtime
		FROM inodes WHERE project_id = $1 AND parent_id = $2 ORDER BY name`
)

var fetchChildrenSQL = `FETCH ` + strconv.Itoa(childrenAtOnce) + ` FROM children`

// fetchChildren returns the next entries of a directory, without what jobs leave out: mounts, the trash, and what is shared with the
// project. Their paths are only a slash and their names. seen is how many were looked at, 0 after the last.
func fetchChildren(ctx context.Context, tx pgx.Tx, dir Path) (children []jobEntry, seen int, err error) {
	rows, err := tx.Query(ctx, fetchChildrenSQL)
	if err != nil {
		return nil, 0, err
	}
	var (
		n       node
		name    string
		mode    int16
		inTrash = dir.InTrash()
	)
	_, err = pgx.ForEachRow(rows, []any{&name, &n.id, &n.kind, &n.use, &mode, &n.size, &n.replication, &n.blockSize, &n.mtime}, func() error {
		seen++
		if n.kind != kindFile && n.kind != kindDir || n.use == useShared || !inTrash && name == trashName && dir.Join(name).InTrash() {
			return nil
		}
		n.perms.Mode = perm.Mode(mode)
		e := entryOf(&n)
		e.path = "/" + name
		children = append(children, e)
		return nil
	})
	return children, seen, err
}

// openEntry opens a file, which lay at path, for reading, wherever it lies now.
func (s *Session) openEntry(ctx context.Context, path Path, inode int64) (r *Reader, err error) {
	err = steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).walkTo(path, inode, Need{Node: perm.Read})
		if err != nil {
			return err
		}
		if c == nil {
			return vanished(path)
		}
		file, err := fileAt(c)
		if err != nil {
			return err
		}
		if err := s.checkReadable(ctx, file); err != nil {
			return err
		}
		if r, err = s.fs.reader(ctx, file, 0, file.size); err == nil {
			r.admission = s.admit(c.path)
			s.fs.accessed(ctx, c)
			s.read("open", c)
		}
		return err
	})
	return r, s.dress("open", path, err)
}
