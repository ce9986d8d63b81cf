package namespace

import (
	"context"
	"errors"
	"io/fs"
	stdpath "path"
)

// FilesQuery says which files of a directory are wanted.
type FilesQuery struct {
	Below   bool   // those of the directories below it, too
	Pattern string // that their names match, as [stdpath.Match] does it; "": all
	Most    int    // how many there may be
	// Looked is called whenever [FilesStep] more entries have been looked at, and ends the search with its error; nil: it is not.
	Looked func() error
}

// FilesStep is after how many entries it is told that they were looked at.
const FilesStep = 100

// Bounds of a search for files.
const (
	filesSeen    = 10       // entries that are looked at for each one that may be found
	filesBytes   = 32 << 20 // of the paths of those that are found
	filesWaiting = 64 << 20 // bytes that the directories take that are found and not listed
	entryBytes   = 32       // that an entry takes beside its name
)

// Files returns the paths of the files in dir, each directory in the byte order of its names and what is below a directory in
// its place. It needs read and execute on each directory, and fails for the first that refuses. Directories that are deleted
// while it lists are passed over. If there are more files than may be, or many more entries, or the directories take too much memory, it fails with [IO].
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
	l := &filesLister{s: s, q: q}
	err = l.list(ctx, dir)
	return l.files, s.dress("list", dir, err)
}

// filesLister collects files.
type filesLister struct {
	s     *Session
	q     FilesQuery
	files []Path
	seen  int
	found int // of files, those of the directory that is being listed included
	bytes int // of their paths
	// waiting are the bytes that directories take, those of a whole directory until the last of them is listed.
	waiting int
}

// fileEntry is what is kept of an entry until its directory is listed.
type fileEntry struct {
	name string
	dir  bool
}

func (l *filesLister) list(ctx context.Context, dir Path) error {
	var found []fileEntry // a directory at a time, since none is listed while another is
	before := l.waiting
	defer func() { l.waiting = before }()
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
			matches, _ = stdpath.Match(l.q.Pattern, e.Name) // the pattern is one
		}
		switch {
		case e.Dir && !l.q.Below || !e.Dir && !matches:
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
