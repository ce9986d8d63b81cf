package namespace

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// belowWaiting and belowBytes bound the directories that [Session.Below] has found but not listed yet: their number, and the bytes of
// their paths and names.
const (
	belowWaiting = 100_000
	belowBytes   = 64 << 20
)

// BelowEntry is a file or a directory that [Session.Below] yields.
type BelowEntry struct {
	Path   Path
	Name   string // the path from the name of the top on, as in "run/7/log.txt"
	Status Status
	// Refused is why the principal may not read the file, or list the directory; nil: they may.
	Refused error
}

// Below yields top, which may be a file, and everything below it: each directory before its entries, files before directories, both in
// the byte order of their names. As in jobs, the trash and what is shared with a project are left out, unless top lies in them. Each page
// of a directory is as of a moment of its own, and a directory that is gone when its turn comes is left out. While yield runs, no
// connection to the database is held. An error from yield ends the walk and is returned.
//
// A refusal is an error only for top. Below it, what the principal may not read or list is yielded with the refusal.
func (s *Session) Below(ctx context.Context, top Path, yield func(*BelowEntry) error) error {
	status, err := s.Stat(ctx, top)
	at := top
	if err == nil {
		at, err = s.fs.resolve(ctx, top)
		err = s.dress("list", top, err)
	}
	// Only now, since Stat has checked that the principal may ask about the path at all.
	if (at.IsRoot() || at.text == ProjectsDir) && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		return s.dress("list", top, fail(IO, "%s cannot be read as a whole; name what is in it", top))
	}
	if err != nil {
		return err
	}
	b := &below{s: s, yield: yield, inTrash: at.InTrash()}
	if !status.Dir {
		_, _, err := s.Readable(ctx, top)
		if err == nil {
			err = yield(&BelowEntry{Path: top, Name: top.Name(), Status: status})
		}
		return err
	}
	b.waiting, b.bytes = []*foundDir{{path: top, name: top.Name(), status: status}}, len(top.text)+len(top.Name())
	for len(b.waiting) > 0 {
		last := len(b.waiting) - 1
		next := b.waiting[last]
		b.waiting = b.waiting[:last]
		b.bytes -= len(next.path.text) + len(next.name)
		if err := b.list(ctx, next, next.path == top); err != nil {
			return s.dress("list", next.path, err)
		}
	}
	return nil
}

// below is the state of [Session.Below].
type below struct {
	s       *Session
	yield   func(*BelowEntry) error
	inTrash bool
	waiting []*foundDir // a stack: the next one is the last
	bytes   int         // of their paths and names
}

// foundDir is a directory that was found but not listed yet.
type foundDir struct {
	path   Path
	name   string
	status Status
}

// list yields a directory and the files in it, and adds the directories in it to b.waiting.
func (b *below) list(ctx context.Context, dir *foundDir, top bool) error {
	var (
		first  = len(b.waiting)
		after  = ""
		listed = false
	)
	for {
		entries, last, more, err := b.page(ctx, dir, after)
		if !listed {
			found := &BelowEntry{Path: dir.path, Name: dir.name, Status: dir.status}
			switch {
			case err == nil:
			case !top && errors.Is(err, fs.ErrNotExist):
				return nil
			case !top && KindOf(err) == AccessControl:
				found.Refused = b.s.dress("list", dir.path, err)
				return b.yield(found)
			default:
				return err
			}
			if err := b.yield(found); err != nil {
				return err
			}
			listed = true
		}
		if err != nil {
			return err
		}
		for i := range entries {
			if err := b.take(&entries[i]); err != nil {
				return err
			}
		}
		if !more {
			slices.Reverse(b.waiting[first:])
			return nil
		}
		after = last
	}
}

// take yields a file, or adds a directory to b.waiting.
func (b *below) take(f *BelowEntry) error {
	if f.Status.Dir {
		if len(b.waiting) == belowWaiting {
			return fail(IO, "There are more than %d directories to look into: name one further down", belowWaiting)
		}
		if b.bytes += len(f.Path.text) + len(f.Name); b.bytes > belowBytes {
			return fail(IO, "The directories to look into have paths of more than %d bytes: name one further down", belowBytes)
		}
		b.waiting = append(b.waiting, &foundDir{f.Path, f.Name, f.Status})
		return nil
	}
	return b.yield(f)
}

// page reads the entries of dir after the name after, and decides which of its files the principal may read. last is the name with which
// it ends; if there is more, the next page begins after it.
func (b *below) page(ctx context.Context, dir *foundDir, after string) (entries []BelowEntry, last string, more bool, err error) {
	s := b.s
	err = s.look(ctx, dir.path, Need{}, func(c *chain) error {
		n := c.node()
		switch {
		case n == nil:
			return absent(c, dir.path)
		case !n.dir():
			return fail(NotExist, "%s is no directory any more", dir.path)
		}
		w := &walker{ctx: ctx, s: s}
		if err := w.check(c, Need{Node: perm.ReadExecute}); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		read, err := s.queuePage(ctx, batch, c, after, listPage)
		if err != nil {
			return err
		}
		closed := s.queueUnreadable(batch, n, after)
		var shows int64 // the directory that shows what is shared; one that merely has its name is like any other
		if n.project != 0 && len(c.names) == projectDepth {
			batch.Queue(`SELECT coalesce((SELECT id FROM inodes WHERE project_id = $1 AND parent_id = $2 AND name = $3 AND use = 's'), 0)`, n.project, n.id, sharedName).
				QueryRow(func(row pgx.Row) error { return row.Scan(&shows) })
		}
		if err := s.listed(ctx, c, batch); err != nil {
			return err
		}
		at := c.standing(len(c.nodes) - 1)
		entries, more = entries[:0], read.page.More
		for _, e := range read.page.Entries {
			path := dir.path.Join(e.Name)
			last = e.Name
			if e.Dir && (!b.inTrash && c.path.Join(e.Name).InTrash() || e.ID == shows) {
				continue
			}
			f := BelowEntry{Path: path, Name: dir.name + "/" + e.Name, Status: e}
			file := node{project: n.project, id: e.ID, kind: kindFile, owner: e.Owner, group: e.Group, perms: e.Perms}
			switch {
			case e.Dir:
			case !w.allows(at, &file, perm.Read):
				f.Refused = s.dress("open", path, w.denied(perm.Read, path, &file))
			case slices.Contains(*closed, e.ID):
				f.Refused = s.dress("open", path, s.deniedAsSuperuser())
			}
			entries = append(entries, f)
		}
		return nil
	})
	return entries, last, more, err
}
