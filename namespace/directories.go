package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Directories returns up to limit directories in the directory path whose names follow after, in the byte order of their names. The files
// beside them are not read, however many there are. Rights are those of [Session.List].
func (s *Session) Directories(ctx context.Context, path Path, after string, limit int) (dirs []Status, more bool, err error) {
	err = s.look(ctx, path, Need{}, func(c *chain) error {
		n, err := s.listable(ctx, c, path)
		if err != nil {
			return err
		}
		var known []int64
		if c.path.text == ProjectsDir { // as in queuePage
			if known, err = s.knownBehind(ctx, s.fs.db, after, limit+1); err != nil {
				return err
			}
		}
		var (
			page  *Page
			batch = &pgx.Batch{}
		)
		user, narrowed := s.viewer()
		batch.Queue(directoriesSQL, n.project, n.id, after, limit+1, known, user, narrowed).Query(func(rows pgx.Rows) (err error) {
			if page, _, err = collectPage(rows, n, limit); err == nil && page.lacks(limit, known) {
				err = errStale
			}
			return err
		})
		if err := s.listed(ctx, c, batch); err != nil {
			return err
		}
		dirs, more = page.Entries, page.More
		return nil
	})
	return dirs, more, s.dress("list", path, err)
}
