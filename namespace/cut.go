package namespace

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Cut returns the id of the file path, and the Gen that it got when it was last truncated, 0 if it never was. Since any later Gen it has only
// become longer. It needs read on the file.
func (s *Session) Cut(ctx context.Context, path Path) (inode, cut int64, err error) {
	err = s.look(ctx, path, Need{Node: perm.Read, File: true}, func(c *chain) error {
		file, err := fileAt(c)
		if err != nil {
			return err
		}
		inode = file.id
		err = s.fs.db.QueryRow(ctx, `SELECT coalesce(cut, 0) FROM inodes WHERE project_id = $1 AND id >= $2 AND id <= $2 ORDER BY id LIMIT 1`, // as byKeySQL
			file.project, file.id).Scan(&cut)
		if errors.Is(err, pgx.ErrNoRows) {
			return errStale
		}
		return err
	})
	return inode, cut, s.dress("open", path, err)
}
