package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// endingShare is the operation that feeds record when a share ends, whatever ended it.
const endingShare = "end share"

// told returns the event of op on s in the feed of the project that s is with; a person has no feed. Its path is where the project
// shows the share or, if it does not, the project's top. Of what the other project has it names only the dataset.
func (s *storedShare) told(op string) []*event {
	if s.toProject == 0 {
		return nil
	}
	e := &event{project: s.toProject, op: op, inode: s.toRoot, path: projectPath(s.ToProject), detail: Detail{Dir: true, Share: s.detail()}}
	if !s.Mount.IsRoot() {
		e.inode, e.path = s.Dataset, s.Mount
	}
	e.detail.Share.Project, e.detail.Share.Dataset = s.Project, s.Name
	return []*event{e}
}

// dropShares ends the shares for whose rows the condition where holds. Their mounts show nothing any more, and the reaper removes
// them.
func dropShares(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]storedShare, error) {
	rows, err := tx.Query(ctx, `WITH s AS (DELETE FROM shares WHERE `+where+` RETURNING *)
		SELECT `+shareColumns+` FROM s `+shareJoins+` ORDER BY s.id`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanShare)
}

// toldOfEnd returns the events in the recipients' feeds for shares that ended with something else. There is none for a share that
// they had not accepted, since anybody can offer.
func toldOfEnd(gone []storedShare) (told []*event) {
	for i := range gone {
		if gone[i].Accepted {
			told = append(told, gone[i].told(endingShare)...)
		}
	}
	return told
}

// dropSharesOf ends all shares of a project's datasets and with the project, and returns the events for the feeds on the other
// side.
func dropSharesOf(ctx context.Context, tx pgx.Tx, project int64) (told []*event, err error) {
	given, err := dropShares(ctx, tx, `project_id = $1`, project)
	if err != nil {
		return nil, err
	}
	received, err := dropShares(ctx, tx, `to_project = $1`, project)
	if err != nil {
		return nil, err
	}
	told = toldOfEnd(given)
	for i := range received {
		s := &received[i]
		if !s.Accepted {
			continue
		}
		e := &event{project: s.project, op: endingShare, inode: s.Dataset, path: projectPath(s.Project), detail: Detail{Dir: true, Share: s.detail()}}
		path, err := pathOf(ctx, tx, key{s.project, s.Dataset})
		if err != nil {
			return nil, err
		}
		if path != nil { // else it lies in a deleted directory
			e.path = *path
		}
		told = append(told, e)
	}
	return told, nil
}
