package namespace

import "context"

// keptSQL is true while a process that was seen within $1 asks for all blocks to be kept.
const keptSQL = `EXISTS (SELECT FROM servers WHERE keeps AND NOT ended AND seen > now() - $1::interval)`

// KeepBlocks makes every server keep all blocks, even after their grace time, until this file system is closed or its process is taken
// for dead. Until then, whatever is live at any moment from now on stays in the store: a backup copies the database first, and then
// the store, however long that takes.
func (fs *FS) KeepBlocks(ctx context.Context) error {
	fs.keeping.Store(true) // every beat repeats it, since one that comes after a long silence inserts a new row
	return fs.beat(ctx)
}

// BlocksKept reports whether any process asks for all blocks to be kept.
func (fs *FS) BlocksKept(ctx context.Context) (kept bool, err error) {
	return kept, fs.db.QueryRow(ctx, `SELECT `+keptSQL, deadAfter).Scan(&kept)
}
