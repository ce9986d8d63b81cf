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
}

// filesSeen bounds the entries that a search for files looks at for each one that it may find.
const filesSeen = 10

// Files returns the paths of the files in dir, each directory in the byte order of its names and what is below a directory in
// its place. It needs read and execute on each directory, and fails for the first that refuses. Directories that are deleted
// while it lists are passed over. If there are more files than may be, or many more entries, it fails with [IO].
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
}

func (l *filesLister) list(ctx context.Context, dir Path) error {
	var found []Status // a directory at a time, since none is listed while another is
	err := l.s.List(ctx, dir, func(e Status) error {
		if l.seen++; l.seen > filesSeen*l.q.Most {
			return fail(IO, "There are more than %d entries to look through: name a directory further down", filesSeen*l.q.Most)
		}
		matches := l.q.Pattern == ""
		if !matches {
			matches, _ = stdpath.Match(l.q.Pattern, e.Name) // the pattern is one
		}
		if e.Dir && l.q.Below || !e.Dir && matches {
			found = append(found, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range found {
		at := dir.Join(e.Name)
		if !e.Dir {
			if len(l.files) == l.q.Most {
				return fail(IO, "There are more than %d files: name a directory further down, or a pattern", l.q.Most)
			}
			l.files = append(l.files, at)
			continue
		}
		if err := l.list(ctx, at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
