package namespace

import (
	"context"
	"errors"
	"io/fs"
	stdpath "path"
	"strings"
)

// FilesQuery selects files of a directory.
type FilesQuery struct {
	Below   bool   // include the files of the directories below it
	Pattern string // that their names match, by [stdpath.Match]; "": all
	Most    int    // the largest number of files
	// Looked, if not nil, is called after every [FilesStep] entries looked at; its error ends the search.
	Looked func() error
}

// FilesStep is the number of entries between two calls of [FilesQuery.Looked].
const FilesStep = 100

// Bounds of a search for files.
const (
	filesSeen    = 10       // entries looked at, as a multiple of FilesQuery.Most
	filesBytes   = 32 << 20 // bytes of the paths of all files found
	filesWaiting = 64 << 20 // bytes of memory for directories that are found but not yet listed
	entryBytes   = 32       // bytes that an entry takes besides its name
)

// Files returns the paths of the files in dir. Each directory is in the byte order of its names, with the files below a
// subdirectory in its place. It needs read and execute on each directory, and fails at the first that refuses. Directories that
// are deleted meanwhile are skipped. It fails with [IO] if there are more than q.Most files or ten times as many entries, or if
// the paths or directories take too much memory. As in [Session.Below], the trash is left out, unless dir lies in it: what was deleted is
// no data, and each user's part of a project's trash is closed to the others.
func (s *Session) Files(ctx context.Context, dir Path, q FilesQuery) ([]Path, error) {
	if _, err := stdpath.Match(q.Pattern, ""); err != nil {
		return nil, s.dress("list", dir, fail(InvalidArgument, "The pattern %q is none: want a name with *, ? and [ranges]", q.Pattern))
	}
	status, err := s.Stat(ctx, dir)
	if err == nil && !status.Dir {
		err = s.dress("list", dir, fail(NotDirectory, "`%s': Is not a directory", dir))
	}
	if err != nil {
		return nil, err
	}
	at, err := s.fs.resolve(ctx, dir)
	if err != nil {
		return nil, s.dress("list", dir, err)
	}
	l := &filesLister{s: s, q: q, top: dir, at: at}
	err = l.list(ctx, dir)
	return l.files, s.dress("list", dir, err)
}

// filesLister collects files.
type filesLister struct {
	s     *Session
	q     FilesQuery
	top   Path // the directory that was asked for
	at    Path // where that is, if top is a reserved path
	files []Path
	seen  int
	found int // number of files, including those of the directory that is being listed
	bytes int // of their paths
	// waiting is how many bytes found directories take. Those in one directory count until the last of them is listed.
	waiting int
}

// fileEntry is what is kept of an entry until its directory is listed.
type fileEntry struct {
	name string
	dir  bool
}

func (l *filesLister) list(ctx context.Context, dir Path) error {
	var found []fileEntry // a directory is listed to its end before those in it, so that no two listings are open at once
	before := l.waiting
	defer func() { l.waiting = before }()
	here := Path{l.at.text + strings.TrimPrefix(dir.text, l.top.text)}
	err := l.s.List(ctx, dir, func(e Status) error {
		if l.seen++; l.seen > filesSeen*l.q.Most {
			return fail(IO, "There are more than %d entries to look through: name a directory further down", filesSeen*l.q.Most)
		}
		if l.q.Looked != nil && l.seen%FilesStep == 0 {
			if err := l.q.Looked(); err != nil {
				return err
			}
		}
		matches := l.q.Pattern == ""
		if !matches {
			matches, _ = stdpath.Match(l.q.Pattern, e.Name) // Files has checked the pattern
		}
		switch {
		case e.Dir && !l.q.Below || !e.Dir && !matches:
			return nil
		case e.Dir && !here.InTrash() && here.Join(e.Name).InTrash():
			return nil
		case !e.Dir:
			if l.found++; l.found > l.q.Most {
				return fail(IO, "There are more than %d files: name a directory further down, or a pattern", l.q.Most)
			}
			if l.bytes += len(dir.text) + 1 + len(e.Name); l.bytes > filesBytes {
				return fail(IO, "The paths of the files have more than %d bytes: name a directory further down, or a pattern", filesBytes)
			}
		default:
			if l.waiting += len(e.Name) + entryBytes; l.waiting > filesWaiting {
				return fail(IO, "The directories to look into take more than %d bytes: name one further down", filesWaiting)
			}
		}
		found = append(found, fileEntry{e.Name, e.Dir})
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range found {
		at := dir.Join(e.name)
		if !e.dir {
			l.files = append(l.files, at)
			continue
		}
		if err := l.list(ctx, at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
