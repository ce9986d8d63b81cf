package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// SharePlace is a position in the list of a project's shares, in which those of its datasets come before those with the project.
// The zero value is before all of them.
type SharePlace struct {
	Received bool // the share is with the project
	ID       int64
}

// Shares lists up to limit shares that follow after: those of a project's datasets, then those with the project, each in the order
// of their ids. It is for members.
func (s *Session) Shares(ctx context.Context, project string, after SharePlace, limit int) (given, received []Share, err error) {
	const op = "list shares"
	var from, with []storedShare
	err = steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).member(project)
		if err != nil {
			return err
		}
		from, with = nil, nil
		batch, first := &pgx.Batch{}, after.ID
		if !after.Received {
			queueShares(batch, sharesOf, c.node().project, after.ID, limit, &from)
			first = 0
		}
		queueShares(batch, sharesWithProject, c.node().project, first, limit, &with)
		return s.reading(ctx, op, c, batch)
	})
	if err == nil {
		given, err = s.placeShares(ctx, from)
	}
	if err == nil {
		received, err = s.placeShares(ctx, with[:min(len(with), limit-len(given))])
	}
	return given, received, s.dress(op, projectPath(project), err)
}

// SharesWithMe lists up to limit shares with the principal as a person, in the order of their ids, after the id after. A token that
// is limited to a project or a directory gets none.
func (s *Session) SharesWithMe(ctx context.Context, after int64, limit int) ([]Share, error) {
	const op = "list shares"
	if err := (&walker{ctx: ctx, s: s}).renewedReader(); err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	if s.p.Scope.Project != 0 || s.p.Scope.Root != 0 || s.p.UserID == 0 {
		return nil, nil
	}
	var with []storedShare
	batch := &pgx.Batch{}
	queueShares(batch, sharesWithUser, s.p.UserID, after, limit, &with)
	if err := s.fs.db.SendBatch(ctx, batch).Close(); err != nil {
		return nil, s.dress(op, Path{}, err)
	}
	shares, err := s.placeShares(ctx, with)
	return shares, s.dress(op, Path{}, err)
}

// Conditions for the shares of, or with, $1.
const (
	sharesOf          = `s.project_id = $1`
	sharesWithProject = `s.to_project = $1`
	sharesWithUser    = `s.to_user = $1`
)

// sharePage returns SQL that reads up to $3 shares of a list, after the share $2. They are chosen before anything is joined to
// them: the planner expects a join on a key of two columns to leave next to nothing, and would read the whole list.
func sharePage(whose string) string {
	return `SELECT ` + shareColumns + ` FROM (
			SELECT s.* FROM shares s JOIN projects p ON p.id = s.project_id
			WHERE ` + whose + ` AND ` + shareLives + ` AND s.id > $2 ORDER BY s.id LIMIT $3
		) s ` + shareJoins + ` ORDER BY s.id`
}

// queueShares adds to batch a query for up to limit shares that follow after.
func queueShares(batch *pgx.Batch, whose string, id, after int64, limit int, found *[]storedShare) {
	batch.Queue(sharePage(whose), id, after, limit).Query(func(rows pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(rows, scanShare)
		return err
	})
}

// placeShares returns shares as the principal may see them.
func (s *Session) placeShares(ctx context.Context, stored []storedShare) ([]Share, error) {
	all := make([]Share, len(stored))
	for i := range stored {
		all[i] = stored[i].Share
		if err := s.placeShare(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
