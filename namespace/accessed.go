package namespace

import (
	"context"
	"time"
)

// accessPrecision is how old an access time may be before a reading renews it, HDFS's dfs.namenode.accesstime.precision.
// Most readings so write nothing.
const accessPrecision = time.Hour

// accessed notes that n was read. No right depends on it and the reading does not either, so a failure only shows in
// the log.
func (fs *FS) accessed(ctx context.Context, n *node) {
	now := fs.millis()
	stale := now - accessPrecision.Milliseconds()
	if n.atime >= stale {
		return
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := fs.db.Exec(ctx, `UPDATE inodes SET atime = $3 WHERE project_id = $1 AND id = $2 AND atime < $4`,
		n.project, n.id, now, stale); err != nil {
		fs.log.WarnContext(ctx, "the access time of a file could not be renewed", "inode", n.id, "error", err)
	}
}

// accessedTogether is accessed of several whose access time is too old. It waits for nobody: what somebody else changes is
// left for the next reading.
func (fs *FS) accessedTogether(ctx context.Context, files []key) {
	if len(files) == 0 {
		return
	}
	now := fs.millis()
	projects, ids := columns(files)
	ctx = context.WithoutCancel(ctx)
	if _, err := fs.db.Exec(ctx, `
		WITH due AS (
			SELECT i.project_id, i.id FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)
			JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id
			WHERE i.atime < $4 FOR NO KEY UPDATE OF i SKIP LOCKED
		)
		UPDATE inodes i SET atime = $3 FROM due WHERE i.project_id = due.project_id AND i.id = due.id`,
		projects, ids, now, now-accessPrecision.Milliseconds()); err != nil {
		fs.log.WarnContext(ctx, "the access times of files could not be renewed", "files", len(files), "error", err)
	}
}
