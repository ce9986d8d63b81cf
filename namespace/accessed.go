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
