package namespace

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// sharedName is the directory of a project that shows what was shared with it.
const sharedName = "Shared"

// sharedMode lets members look. Entries are made there only by accepting a share.
const sharedMode perm.Mode = 0o550

// sharedPath is where a project shows what was shared with it.
func sharedPath(project string) Path { return projectPath(project).Join(sharedName) }

// sharePath stands for a share where an operation needs a path.
func sharePath(id int64) Path { return Path{"/shares/" + strconv.FormatInt(id, 10)} }

// AcceptShare accepts an offer. In a project, the share appears as Shared/<project>.<dataset>, or under the given name. It is for
// the owners of the project that the share was offered to, or for the person.
func (s *Session) AcceptShare(ctx context.Context, id int64, name string) (Share, error) {
	_, err := act(ctx, s, "accept share", sharePath(id), func(w *walker) (struct{}, *mutation, error) {
		share, err := s.fs.storedShare(ctx, id)
		if err != nil {
			return struct{}{}, nil, err
		}
		if err := w.answers(&share); err != nil {
			return struct{}{}, nil, err
		}
		if share.Accepted {
			return struct{}{}, nil, nil
		}
		if share.archived {
			return struct{}{}, nil, fail(AccessControl, "Permission denied: project %s is archived and shares nothing more", share.Project)
		}
		w.relied.project(share.project, share.epoch)
		e, err := w.shareEvent(&share)
		if err != nil {
			return struct{}{}, nil, err
		}
		accept := func(ctx context.Context, tx pgx.Tx, mount *int64) error {
			return one(tx.Exec(ctx, `UPDATE shares SET accepted = now(), mount = $2 WHERE id = $1 AND accepted IS NULL`, id, mount))
		}
		if share.toProject == 0 {
			return struct{}{}, rule(share.project, func(ctx context.Context, tx pgx.Tx) (*event, error) { return e, accept(ctx, tx, nil) }), nil
		}
		if name == "" {
			name = share.Project + "." + share.Name
		}
		mount, made, m, err := w.mount(&share, name)
		if err != nil {
			return struct{}{}, nil, err
		}
		shown := share
		shown.Mount = sharedPath(share.ToProject).Join(name)
		e.told = shown.told(w.op)
		e.told[0].detail.Made = made
		place := m.apply
		*m = mutation{event: e, rules: []int64{share.project}, charges: m.charges, apply: func(ctx context.Context, tx pgx.Tx) error {
			if err := accept(ctx, tx, &mount); err != nil {
				return err
			}
			if err := renew(ctx, tx, share.project); err != nil {
				return err
			}
			return place(ctx, tx)
		}}
		return struct{}{}, m, nil
	})
	if err != nil {
		return Share{}, err
	}
	return s.Answering().Share(ctx, id)
}

// answers fails unless the principal may answer a share.
func (w *walker) answers(share *storedShare) error {
	receives, err := w.receives(share)
	if err != nil {
		return err
	}
	if receives {
		return w.mayChange(share)
	}
	where, err := w.sideOf(share)
	if err == nil && where == giver {
		return fail(AccessControl, "Permission denied: user=%s may not accept share %d, which is for %s to do", w.s.p.User, share.ID, share.ToProject+share.ToUser)
	}
	if err == nil {
		err = noShare(share.ID)
	}
	return err
}

// mount plans the entry that shows a share in the recipients' project, and the directory of such entries if it is the first.
// It returns the entry's inode, and the path of the directory if that is made.
func (w *walker) mount(share *storedShare, name string) (id int64, made string, m *mutation, err error) {
	at := sharedPath(share.ToProject)
	path, err := ParsePath(at.Join(name).String())
	if err != nil || path.Parent() != at || path.Name() != name || path.creatable() != nil {
		return 0, "", nil, fail(InvalidArgument, "%q is no name for a directory", name)
	}
	c, err := w.walk(path, Need{})
	if err != nil {
		return 0, "", nil, err
	}
	if len(c.nodes) <= projectDepth {
		return 0, "", nil, errStale // the project was deleted since the principal was found to own it
	}
	top := &c.nodes[projectDepth]
	if c.projects[top.project].state == archived {
		return 0, "", nil, fail(AccessControl, "Permission denied: project %s is archived and receives nothing more", share.ToProject)
	}
	if c.parent() != nil && c.parent().use != useShared {
		return 0, "", nil, fail(Exist, "%s is a directory of its own, and would have to show what is shared: rename it first", at)
	}
	if c.node() != nil {
		return 0, "", nil, fail(Exist, "%s exists: choose another name for the share", path)
	}
	born, err := w.bear(c, kindDir, modes{mode: sharedMode}, modes{})
	if err != nil {
		return 0, "", nil, err
	}
	entry := &born[len(born)-1]
	w.relied.node(&c.nodes[len(c.nodes)-1], shared)
	dirs := born[:len(born)-1]
	m = &mutation{charges: chargedOneByOne(c.quotas(), amount{names: int64(len(dirs))})}
	m.apply = func(ctx context.Context, tx pgx.Tx) error {
		if len(dirs) > 0 {
			dirs[0].owner, dirs[0].perms = top.owner, perm.Perms{Mode: sharedMode}
			if err := w.s.fs.deliver(ctx, tx, dirs); err != nil {
				return err
			}
			if err := one(tx.Exec(ctx, `UPDATE inodes SET use = 's' WHERE project_id = $1 AND id = $2`, dirs[0].project, dirs[0].id)); err != nil {
				return err
			}
		}
		// The mount of a share that is over may still have this name.
		stale, err := tx.Exec(ctx, `DELETE FROM inodes i WHERE project_id = $1 AND parent_id = $2 AND name = $3 AND kind = 's'
			AND NOT EXISTS (SELECT FROM shares s WHERE s.to_project = i.project_id AND s.mount = i.id AND (s.expires IS NULL OR s.expires > now()))`,
			top.project, entry.parent.id, name)
		if err != nil {
			return err
		}
		var hidden bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM inodes i JOIN projects p ON p.id = i.target_project
			WHERE i.project_id = $1 AND i.parent_id = $2 AND i.name = $3 AND p.state = 'd')`, top.project, entry.parent.id, name).Scan(&hidden); err != nil {
			return err
		}
		if hidden {
			return fail(Exist, "%s is kept for a dataset of a project that is in the trash, and may come back: choose another name for the share", path)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, target_project, target_id)
			VALUES ($1, $2, $3, $4, 's', 0, $5, $6, $7, $8, $9)`, top.project, entry.id, entry.parent.id, name, top.owner, top.group,
			entry.mtime, share.project, share.Dataset); err != nil {
			return err
		}
		return w.s.fs.touchDir(ctx, tx, entry.parent, entry.mtime, 1-stale.RowsAffected())
	}
	if len(dirs) > 0 {
		made = at.String()
	}
	return entry.id, made, m, nil
}

// sharesEnded bounds the shares that one round of the reaper ends.
const sharesEnded = 1000

// endShares ends the shares that have expired, and removes the mounts of those that are over.
func (fs *FS) endShares(ctx context.Context) error {
	rows, err := fs.db.Query(ctx, `SELECT id, project_id, inode_id FROM shares WHERE expires < now() LIMIT $1`, sharesEnded)
	if err != nil {
		return err
	}
	var (
		expired []*event
		id      int64
		of      key
	)
	if _, err := pgx.ForEachRow(rows, []any{&id, &of.project, &of.id}, func() error {
		expired = append(expired, &event{project: of.project, op: endingShare, inode: of.id, detail: Detail{Dir: true, Share: &DetailShare{ID: id}}})
		return nil
	}); err != nil {
		return err
	}
	var failed []error
	for _, e := range expired {
		failed = append(failed, fs.endShare(ctx, e))
	}
	return errors.Join(append(failed, fs.dropMounts(ctx))...)
}

// endShare ends the share of e, and records that as e.
func (fs *FS) endShare(ctx context.Context, e *event) error {
	path, err := fs.pathOf(ctx, key{e.project, e.inode})
	if err != nil {
		return err
	}
	if path != nil { // else it lies in a deleted subtree
		e.path = *path
	}
	return fs.recorded(ctx, func(tx pgx.Tx) (*event, error) { return endExpired(ctx, tx, e) })
}

// endExpired ends the share of e, if it is still expired, and returns e with the share's details.
func endExpired(ctx context.Context, tx pgx.Tx, e *event) (*event, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM projects WHERE id = $1 FOR UPDATE`, e.project); err != nil {
		return nil, err
	}
	gone, err := dropShares(ctx, tx, `id = $1 AND expires < now()`, e.detail.Share.ID)
	if err != nil || len(gone) == 0 { // its end time was changed
		return nil, err
	}
	e.detail.Share, e.told = gone[0].detail(), toldOfEnd(gone)
	return e, renew(ctx, tx, e.project)
}

// dropMounts removes the mounts of shares that are over.
func (fs *FS) dropMounts(ctx context.Context) error {
	return pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `DELETE FROM inodes i WHERE kind = 's' AND parent_id IS NOT NULL
			AND NOT EXISTS (SELECT FROM shares s WHERE s.to_project = i.project_id AND s.mount = i.id) RETURNING project_id, parent_id`)
		if err != nil {
			return err
		}
		dirs, err := pgx.CollectRows(rows, scanKey)
		if err != nil {
			return err
		}
		gone := map[key]int64{}
		for _, dir := range dirs {
			gone[dir]--
		}
		for _, dir := range slices.SortedFunc(maps.Keys(gone), func(a, b key) int { return cmp.Compare(a.id, b.id) }) {
			if err := fs.touchDir(ctx, tx, dir, fs.millis(), gone[dir]); err != nil {
				return err
			}
		}
		return nil
	})
}
