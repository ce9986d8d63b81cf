package namespace

import (
	"context"

	"granary/auth/perm"
)

// There are no snapshots, and no directory may have any. These operations answer as HDFS does for such a directory.
// Source: FSDirSnapshotOp and SnapshotManager of Hadoop 3.4.

// AllowSnapshots always fails, for a superuser and a directory with [Unsupported].
func (s *Session) AllowSnapshots(ctx context.Context, path Path) error {
	err := s.privileged(ctx, func() error { return s.superuserFor("allowSnapshot") })
	if err == nil {
		err = s.lookDir(ctx, path, Need{Create: true, Change: true}, func() error {
			return fail(Unsupported, "Snapshots are not offered: %s cannot have any", path)
		})
	}
	return s.dress("allow snapshots", path, err)
}

// DisallowSnapshots has no effect. It needs a superuser and a directory.
func (s *Session) DisallowSnapshots(ctx context.Context, path Path) error {
	err := s.privileged(ctx, func() error { return s.superuserFor("disallowSnapshot") })
	if err == nil {
		err = s.lookDir(ctx, path, Need{Create: true, Change: true}, func() error { return nil })
	}
	return s.dress("disallow snapshots", path, err)
}

// ChangeSnapshots fails: path is not a directory of which snapshots could be made, renamed or deleted. It needs ownership.
func (s *Session) ChangeSnapshots(ctx context.Context, path Path) error {
	err := s.lookDir(ctx, path, Need{Owner: true, Change: true}, func() error { return notSnapshottable(path) })
	return s.dress("change snapshots", path, err)
}

// ListSnapshots fails: path is not a directory that has snapshots. It needs read.
func (s *Session) ListSnapshots(ctx context.Context, path Path) error {
	err := s.lookDir(ctx, path, Need{Node: perm.Read, Create: true}, func() error { return notSnapshottable(path) })
	return s.dress("list snapshots", path, err)
}

// CompareSnapshots fails: nothing above path has snapshots. In every HDFS the root may have them, even if it has none, so a path in
// it is refused because it does not exist.
func (s *Session) CompareSnapshots(ctx context.Context, path Path) error {
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		switch {
		case n == nil && c.parent() == nil:
			return fail(NotExist, "Directory does not exist: %s", path.Parent())
		case n == nil && path.Parent().IsRoot():
			return fail(NotExist, "Directory does not exist: %s", path)
		}
		return fail(NotSnapshottable, "The path %s is neither snapshottable nor under a snapshot root!", path)
	})
	return s.dress("compare snapshots", path, err)
}

// lookDir calls then if path is a directory on which the principal has need. With Need.Create, a file above path results in
// ParentNotDirectory.
func (s *Session) lookDir(ctx context.Context, path Path, need Need, then func() error) error {
	return s.look(ctx, path, need, func(c *chain) error {
		n := c.node()
		switch {
		case n == nil:
			return fail(NotExist, "Directory does not exist: %s", path)
		case !n.dir():
			return fail(NotDirectory, "`%s': Is not a directory", path)
		}
		return then()
	})
}

func notSnapshottable(path Path) error {
	return fail(NotSnapshottable, "Directory is not a snapshottable directory: %s", path)
}
