package curves

import (
	"context"

	"granary/namespace"
)

// edition is a file since a moment. While it lasts, the file only grows.
type edition struct {
	id       int64 // of the inode
	database int64 // see [namespace.Session.Database]
	gen      int64 // at that moment
	version  int64 // for which it is known that the edition lasts
}

// editionOf is the edition of a file since it had this status, which came from this database.
func editionOf(status namespace.Status, database int64) edition {
	return edition{status.ID, database, status.Gen, status.Version}
}

// lasts reports whether path, where a file with this status was, still is of e. Versions change with long appends and changes of rights, too.
func (e *edition) lasts(ctx context.Context, session *namespace.Session, path namespace.Path, status namespace.Status) (bool, error) {
	if status.ID != e.id || session.Database() != e.database {
		return false, nil
	}
	if status.Version == e.version {
		return true, nil
	}
	id, cut, err := session.Cut(ctx, path)
	if err != nil || id != e.id || cut > e.gen || session.Database() != e.database {
		return false, err
	}
	e.version = status.Version
	return true, nil
}
