package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// endingShare is the operation that the feeds tell of whenever a share ends, whatever ended it.
const endingShare = "end share"

// told is what the feed of the project that s is with tells of what is done with s; a person has no feed. It happens where
// the project shows the share, and at its top where it does not, and names nothing of the other project's but the dataset.
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

// dropShares ends the shares that where, a condition on their rows, names. Their mounts show nothing any more, and the
// reaper takes them away.
func dropShares(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]storedShare, error) {
	rows, err := tx.Query(ctx, `WITH s AS (DELETE FROM shares WHERE `+where+` RETURNING *)
		SELECT `+shareColumns+` FROM s `+shareJoins+` ORDER BY s.id`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanShare)
}

// toldOfEnd is what the recipients' feeds tell of the end of shares that ended with something else: nothing where they had not accepted, since
// anybody can offer.
func toldOfEnd(gone []storedShare) (told []*event) {
	for i := range gone {
		if gone[i].Accepted {
			told = append(told, gone[i].told(endingShare)...)
		}
	}
	return told
}

// dropSharesOf ends all shares of a project and with it, and returns what the feeds on the other side of them tell.
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
		if path != nil { // else it lies in what was deleted
			e.path = *path
		}
		told = append(told, e)
	}
	return told, nil
}
