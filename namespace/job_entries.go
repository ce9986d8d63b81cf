package namespace

import (
	"context"

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
	source      int64 // the inode; of an archive, the place in its directory
	size        int64
	mode        perm.Mode
	replication int
	blockSize   int64
	mtime       int64
	listed      bool // or there is nothing in it
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

// addEntries writes entries down, the first as number first, and counts them. next returns one after the other, nil behind the last: there may be a
// million, and they are never in memory together.
func addEntries(ctx context.Context, tx pgx.Tx, id uuid.UUID, first int64, next func() (*jobEntry, error)) error {
	var (
		n, files, bytes int64
		failed          error // which the database would only quote
	)
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"job_entries"},
		[]string{"job_id", "n", "root", "path", "kind", "source", "size", "mode", "replication", "block_size", "mtime", "listed"},
		pgx.CopyFromFunc(func() ([]any, error) {
			e, err := next()
			if e == nil || err != nil {
				failed = err
				return nil, err
			}
			if e.kind == kindFile {
				files, bytes = files+1, bytes+e.size
			}
			n++
			return []any{
				id, first + n - 1, int32(e.root), e.path, e.kind, e.source, e.size, int16(e.mode), int16(e.replication), e.blockSize, e.mtime, e.listed,
			}, nil
		}))
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE jobs SET entries = entries + $2, files = files + $3, bytes = bytes + $4 WHERE id = $1`, id, n, files, bytes)
	return err
}

// oneByOne returns what returns entries one after the other.
func oneByOne(entries []jobEntry) func() (*jobEntry, error) {
	return func() (e *jobEntry, _ error) {
		if len(entries) > 0 {
			e, entries = &entries[0], entries[1:]
		}
		return e, nil
	}
}

// entriesSQL finds the entries of the job $1 behind the number $2 for which a condition holds, up to $3.
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

// list finds all that lies below the sources, directory by directory. Whoever goes on with the job goes on with those that
// were not looked at.
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

// pathsBesides is how many times as many bytes of paths the database may hold for a job as memory may.
const pathsBesides = 16

// bounded fails if the paths of what was found come to too much: those of an archive, or of directories, are to be in memory, and all are in the
// database. A directory of a million files may have a long path itself, so it is asked for each.
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

// plan notes that all entries were found.
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

// listDir finds what lies in the directory of e, and writes it down.
func (r *run) listDir(ctx context.Context, e *jobEntry) error {
	at, limit := r.from(e), r.fs.jobs.limits.Entries
	if r.Kind == JobZip {
		limit = r.fs.jobs.limits.Packed
	}
	var failed error // what is no fault of the listing's
	err := r.s.children(ctx, at, e.source, limit, func(next func() (*jobEntry, error)) error {
		failed = pgx.BeginFunc(ctx, r.fs.db, func(tx pgx.Tx) error { return r.addChildren(ctx, tx, at, e, limit, next) })
		return failed
	})
	if failed != nil {
		return failed
	}
	return r.s.dress("list", at, err)
}

// addChildren writes down what lies in the directory of e, which lies at a path, where no more than limit entries are then.
func (r *run) addChildren(ctx context.Context, tx pgx.Tx, at Path, e *jobEntry, limit int64, next func() (*jobEntry, error)) error {
	if err := r.hold(ctx, tx); err != nil {
		return err
	}
	var first int64
	if err := tx.QueryRow(ctx, `SELECT entries FROM jobs WHERE id = $1`, r.ID).Scan(&first); err != nil {
		return err
	}
	entries := first
	if err := addEntries(ctx, tx, r.ID, first, func() (*jobEntry, error) {
		c, err := next()
		if c == nil || err != nil {
			return nil, r.s.dress("list", at, err)
		}
		if entries++; entries > limit {
			return nil, fail(IO, "There are more than %d files and directories, as many as one job may take; use several for parts of them", limit)
		}
		return c, r.take(at, e, c)
	}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE job_entries SET listed = true WHERE job_id = $1 AND n = $2`, r.ID, e.n)
	return err
}

// take makes c, which lies in the directory of e, an entry of r's, and refuses what cannot be one.
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

// vanished is the failure of a job that finds something gone which it was to read.
func vanished(path Path) error {
	return fail(NotExist, "%s was there when the job looked for what it is about, and is not any more; start it again", path)
}

// childrenSQL finds the entries of a directory; what shows projects or shares is among them.
const childrenSQL = `SELECT name, id, kind, coalesce(use, '-'), mode, size, replication, block_size, mtime FROM inodes
	WHERE project_id = $1 AND parent_id = $2 ORDER BY name LIMIT $3`

// children has read get what a job is to take along of a directory, which lay at path: not the trash, and not what is shared
// with the project. It is as of one moment, and next returns one after the other, nil behind the last. Their paths are only their names, with a slash. There may be one more than limit, and no more.
func (s *Session) children(ctx context.Context, path Path, inode, limit int64, read func(next func() (*jobEntry, error)) error) error {
	return s.present(ctx, func(w *walker) (*chain, error) {
		c, err := w.walkTo(path, inode, Need{Node: perm.ReadExecute})
		if err == nil && c == nil {
			err = vanished(path)
		}
		return c, err
	}, func(tx pgx.Tx, c *chain) error {
		dir := c.node()
		rows, err := tx.Query(ctx, childrenSQL, dir.project, dir.id, limit+1)
		if err != nil {
			return err
		}
		defer rows.Close()
		s.read("list", c)
		return read(nextChild(rows, c.path))
	})
}

// nextChild returns what returns the entries of a directory that rows are, without those that jobs leave out.
func nextChild(rows pgx.Rows, dir Path) func() (*jobEntry, error) {
	inTrash := dir.InTrash()
	return func() (*jobEntry, error) {
		for rows.Next() {
			var (
				n    node
				name string
				mode int16
			)
			if err := rows.Scan(&name, &n.id, &n.kind, &n.use, &mode, &n.size, &n.replication, &n.blockSize, &n.mtime); err != nil {
				return nil, err
			}
			if n.kind != kindFile && n.kind != kindDir || n.use == useShared || !inTrash && name == trashName && dir.Join(name).InTrash() {
				continue
			}
			n.perms.Mode = perm.Mode(mode)
			e := entryOf(&n)
			e.path = "/" + name
			return &e, nil
		}
		return nil, rows.Err()
	}
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
