package namespace

import "context"

// keptSQL holds while somebody who was seen within $1 has all blocks kept.
const keptSQL = `EXISTS (SELECT FROM servers WHERE keeps AND NOT ended AND seen > now() - $1::interval)`

// KeepBlocks has every server keep all blocks, whatever their grace, until this file system is closed, or its process taken for dead. What is live
// at any moment from now on is in the store until then: for who copies the database first, and then the store, however long that takes.
func (fs *FS) KeepBlocks(ctx context.Context) error {
	fs.keeping.Store(true) // each beat says so again: one that comes after a long silence makes a row of its own
	return fs.beat(ctx)
}

// BlocksKept reports whether somebody has all blocks kept.
func (fs *FS) BlocksKept(ctx context.Context) (kept bool, err error) {
	return kept, fs.db.QueryRow(ctx, `SELECT `+keptSQL, deadAfter).Scan(&kept)
}
