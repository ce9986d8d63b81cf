package namespace

import (
	"context"
	"errors"

	"granary/auth/perm"
)

// look runs a reading operation: it walks path, which may be a reserved one, checks need, and calls read with what it
// found. It does so again if read finds that the inode has changed meanwhile.
func (s *Session) look(ctx context.Context, path Path, need Need, read func(c *chain) error) error {
	return s.lookAt(ctx, path, false, need, read)
}

// lookAt is look, and also asks for the content of a small file if content is set.
func (s *Session) lookAt(ctx context.Context, path Path, content bool, need Need, read func(c *chain) error) error {
	return steadily(ctx, func() error {
		at, err := s.fs.resolve(ctx, path)
		if err != nil {
			return err
		}
		w := &walker{ctx: ctx, s: s, content: content}
		if path.byInode() {
			w.asked = &path
		}
		c, err := w.walk(at, need)
		if path.byInode() && (err == nil && c.hidden || err != nil && KindOf(err) == AccessControl && !s.p.Scope.IsZero()) {
			// Ids are no secret, but their paths are, for callers who may not go there.
			return noInode(path)
		}
		if err == nil {
			err = c.named(path)
		}
		if err != nil {
			return err
		}
		return read(c)
	})
}

// steadily runs read, which consists of several queries, until nothing changes between them, at most decideLimit times.
func steadily(ctx context.Context, read func() error) error {
	for range decideLimit {
		if err := read(); !errors.Is(err, errStale) || ctx.Err() != nil {
			return err
		}
	}
	return errStale
}

// Stat describes what path names. It only needs to traverse the directories above.
func (s *Session) Stat(ctx context.Context, path Path) (Status, error) {
	status, err := s.stat(ctx, path)
	return status, s.dress("stat", path, err)
}

func (s *Session) stat(ctx context.Context, path Path) (Status, error) {
	if status, ok := reservedStatus(path); ok {
		return status, nil
	}
	var status Status
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File does not exist: %s", path)
		}
		status = n.status("")
		return nil
	})
	if s.throughFile(err) {
		err = fail(NotExist, "File does not exist: %s", path)
	}
	return status, err
}

// Locate makes the checks that HDFS makes before it redirects a client to the bytes of a file
// (NamenodeWebHdfsMethods.chooseDatanode): the path exists, off lies inside the file, and the principal may read it; for
// an empty file only the first. off is where the client would read from; 0 if it does not say. It returns the file's
// inode.
func (s *Session) Locate(ctx context.Context, path Path, off int64) (inode int64, err error) {
	err = path.Valid()
	if err == nil {
		err = s.look(ctx, path, Need{}, func(c *chain) error {
			n := c.node()
			if n != nil {
				inode = n.id
			}
			switch {
			case n == nil:
				return fail(NotExist, "File %s not found.", path)
			case n.size == 0:
				return nil
			case off >= n.size:
				return fail(IO, "Offset=%d out of the range [0, %d); OPEN, path=%s", off, n.size, path)
			}
			err := (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.Read})
			if err == nil && !n.dir() {
				s.fs.accessed(ctx, c)
			}
			return err
		})
	}
	if s.throughFile(err) {
		err = fail(NotExist, "File %s not found.", path)
	}
	return inode, s.dress("locate", path, err)
}

// Find returns the path of an inode. It only needs to traverse the directories above.
func (s *Session) Find(ctx context.Context, inode int64) (found Path, err error) {
	asked := inodePath(inode)
	err = steadily(ctx, func() error {
		at, err := s.fs.pathOfID(ctx, inode)
		if err != nil {
			return err
		}
		if at == nil {
			return fail(NotExist, "There is no file with the id %d", inode)
		}
		c, err := (&walker{ctx: ctx, s: s, asked: &asked}).walk(*at, Need{})
		switch {
		case KindOf(err) == AccessControl: // worded so as not to tell where it lies
			refused := fail(AccessControl, "Permission denied: user=%s may not go to the file with the id %d", s.p.User, inode)
			var e *Error
			if errors.As(err, &e) {
				refused.at = e.at // for the audit log
			}
			return refused
		case err != nil:
			return err
		case c.hidden:
			return fail(NotExist, "There is no file with the id %d", inode)
		case c.node() == nil || c.node().id != inode:
			return errStale
		}
		found = c.path
		return nil
	})
	return found, s.dress("find", asked, err)
}

// Readable returns the project and the inode of a file that the principal may read. It needs read on the file.
func (s *Session) Readable(ctx context.Context, path Path) (project, inode int64, err error) {
	err = s.look(ctx, path, Need{Node: perm.Read}, func(c *chain) error {
		file, err := fileAt(c)
		if err != nil {
			return err
		}
		project, inode = file.project, file.id
		return s.checkReadable(ctx, file)
	})
	return project, inode, s.dress("look up", path, err)
}

// throughFile reports whether err tells the superuser that the path leads through a file. HDFS's getFileInfo says instead
// that nothing is there.
func (s *Session) throughFile(err error) bool {
	var e *Error
	return s.p.Superuser && errors.As(err, &e) && e.Kind == AccessControl && s.p.Scope.IsZero()
}
