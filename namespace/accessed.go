package namespace

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// accessPrecision is how old an access time may be before a reading renews it, HDFS's dfs.namenode.accesstime.precision.
// Because of it, most readings write nothing.
const accessPrecision = time.Hour

// staleAccess is a file whose access time is too old.
type staleAccess struct {
	key
	at entry // its entry, the only one under which it may be remembered; zero: there may be others
}

// stale returns the file that c ends in, if its access time is too old.
func (fs *FS) stale(c *chain) (s staleAccess, ok bool) {
	n := c.node()
	if n.atime >= fs.millis()-accessPrecision.Milliseconds() {
		return s, false
	}
	s.key = n.key()
	if t := c.touching(); t != nil {
		s.at = t.entries[0]
	}
	return s, true
}

// touchedBy returns what renewing the access times of files touches, nil if that is not known.
func touchedBy(files []staleAccess) *touched {
	t := &touched{}
	for i := range files {
		if files[i].at == (entry{}) {
			return nil
		}
		t.entries = append(t.entries, files[i].at)
	}
	return t
}

// accessed notes that the file that c ends in was read. Neither rights nor the reading itself depend on this, so a failure is only
// logged, and no lock is waited for: if the row is locked, the next reading renews the time.
func (fs *FS) accessed(ctx context.Context, c *chain) {
	if s, ok := fs.stale(c); ok {
		fs.renewAccess(ctx, []staleAccess{s})
	}
}

// accessedTogether is accessed for several files whose access times are too old.
func (fs *FS) accessedTogether(ctx context.Context, files []staleAccess) {
	if len(files) > 0 {
		fs.renewAccess(ctx, files)
	}
}

// renewAccess sets the access times of files that are still where they were. It locks them in the order of their keys.
func (fs *FS) renewAccess(ctx context.Context, files []staleAccess) {
	now := fs.millis()
	projects, ids := columns(column(files, func(s staleAccess) key { return s.key }))
	err := fs.touch(context.WithoutCancel(ctx), touchedBy(files), `
		WITH due AS (
			SELECT i.project_id, i.id FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS k (project_id, id, parent_id, name)
			JOIN inodes i ON i.project_id = k.project_id AND i.id = k.id
			WHERE i.atime < $6 AND (k.name = '' OR i.parent_id = k.parent_id AND i.name = k.name)
			ORDER BY 1, 2 FOR NO KEY UPDATE OF i SKIP LOCKED
		)
		UPDATE inodes i SET atime = $5 FROM due WHERE i.project_id = due.project_id AND i.id = due.id`,
		projects, ids, column(files, func(s staleAccess) int64 { return s.at.dir.id }), column(files, func(s staleAccess) string { return s.at.name }),
		now, now-accessPrecision.Milliseconds())
	if err != nil {
		fs.log.WarnContext(ctx, "the access times of files could not be renewed", "files", len(files), "first", files[0].id, "error", err)
	}
}

// touch runs a statement in a transaction of its own. Of what may be remembered it changes only what t lists; nil: not known.
func (fs *FS) touch(ctx context.Context, t *touched, sql string, args ...any) error {
	if t == nil {
		_, err := fs.db.Exec(ctx, sql, args...)
		return err
	}
	var flight *touched
	ctx = heralded(ctx)
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		xid, err := startBounded(ctx, tx)
		if err != nil {
			return err
		}
		flight = fs.hints.fly(xid, []*mutation{{touches: t}})
		_, err = tx.Exec(ctx, sql, args...)
		return err
	})
	if flight != nil {
		fs.hints.land(flight)
	}
	return err
}
