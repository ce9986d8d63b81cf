package namespace

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// Share is a dataset of one project, offered to another project or to one person, or accepted by them.
type Share struct {
	ID        int64
	Project   string // whose dataset it is
	Dataset   int64  // its inode
	Path      Path   // of the dataset; empty for those who only received an offer
	Name      string // of the dataset
	ToProject string // "" if it is with a person
	ToUser    string // "" if it is with a project
	Level     Level
	Accepted  bool
	Mount     Path // where the recipients' project shows it; empty for a person
	OfferedBy string
	Created   time.Time
	Expires   time.Time // zero: never
}

// Offer says what to share with whom.
type Offer struct {
	Dataset   int64 // its inode
	ToProject string
	ToUser    string
	Level     Level
	Expires   time.Time // zero: never
}

// check refuses an offer that makes no sense.
func (o Offer) check(now time.Time) error {
	switch {
	case (o.ToProject == "") == (o.ToUser == ""):
		return fail(InvalidArgument, "a dataset is shared with a project or with one person: name one of the two")
	case !slices.Contains([]Level{Read, Edit, EditByOwners}, o.Level):
		return fail(InvalidArgument, "level %q: want read, edit or edit-by-owners", o.Level)
	case o.ToUser != "" && o.Level == EditByOwners:
		return fail(InvalidArgument, "level edit-by-owners is for shares with a project: a person owns no part of one")
	case o.Expires.UTC().Year() > 9999: // which RFC 3339 cannot write
		return fail(InvalidArgument, "the share would end after the year 9999: want an earlier end, or none")
	case !o.Expires.IsZero() && !o.Expires.After(now):
		return fail(InvalidArgument, "the share would have expired at %s: want a time to come", o.Expires.UTC().Format(time.RFC3339))
	}
	return nil
}

// maxOffers bounds the unanswered offers of one project to one recipient, who did not ask for them.
const maxOffers = 100

// OfferShare offers a dataset to a project or a person, who then accepts or rejects. A second offer to the same recipient changes
// the level and the end of the first one, accepted or not, and is a new offer if that has expired. It is for the owners of the
// dataset's project. It fails with IO if [maxOffers] offers of the project wait for the same recipient.
func (s *Session) OfferShare(ctx context.Context, o Offer) (Share, error) {
	const op = "offer share"
	at := inodePath(o.Dataset)
	if err := o.check(s.fs.now()); err != nil {
		return Share{}, s.dress(op, at, err)
	}
	id, err := act(ctx, s, op, at.Join(o.ToProject+o.ToUser), func(w *walker) (int64, *mutation, error) {
		c, n, err := w.manageDataset(o.Dataset)
		if err != nil {
			return 0, nil, err
		}
		if c.membership().state == archived {
			return 0, nil, fail(AccessControl, "Permission denied: project %s is archived and shares nothing more", c.membership().name)
		}
		if o.ToProject == c.membership().name {
			return 0, nil, fail(InvalidArgument, "project %s has the dataset already", o.ToProject)
		}
		// The recipients must exist when the share is made. Knowing a name is enough to offer something to it.
		project, root, user, err := w.recipients(o)
		if err != nil {
			return 0, nil, err
		}
		// The id is allocated now, because it is the answer.
		var id int64
		if err := s.fs.db.QueryRow(ctx, `SELECT coalesce(
				(SELECT id FROM shares WHERE project_id = $1 AND inode_id = $2 AND (to_project = $3 OR to_user = $4)),
				nextval(pg_get_serial_sequence('shares', 'id')))`, n.project, n.id, project, user).Scan(&id); err != nil {
			return 0, nil, err
		}
		w.relied.node(n, shared)
		e := w.event(c, n)
		made := storedShare{Share: Share{ID: id, Project: c.membership().name, Dataset: n.id, Name: c.path.Name(), ToProject: o.ToProject, ToUser: o.ToUser, Level: o.Level, Expires: o.Expires}}
		if project != nil {
			made.toProject, made.toRoot = *project, root
		}
		e.detail.Share, e.told = made.detail(), made.told(w.op)
		return id, rule(n.project, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			if user != nil { // who may have requested access
				if _, err := tx.Exec(ctx, `DELETE FROM access_requests WHERE project_id = $1 AND inode_id = $2 AND user_id = $3`, n.project, n.id, user); err != nil {
					return nil, err
				}
			}
			if err := mayOffer(ctx, tx, &made, n.project, project, user); err != nil {
				return nil, err
			}
			return e, one(tx.Exec(ctx, `INSERT INTO shares (id, project_id, inode_id, to_project, to_user, level, expires, offered_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT (id) DO UPDATE SET level = excluded.level, expires = excluded.expires, offered_by = excluded.offered_by,
					accepted = CASE WHEN shares.expires <= now() THEN NULL ELSE shares.accepted END,
					mount = CASE WHEN shares.expires <= now() THEN NULL ELSE shares.mount END`,
				id, n.project, n.id, project, user, o.Level, timeColumn(o.Expires), s.p.User))
		}), nil
	})
	if err != nil {
		return Share{}, err
	}
	return s.Answering().Share(ctx, id)
}

// mayOffer fails if too many offers of a project, which tx has locked, wait for the recipient of a share, unless the share exists
// already.
func mayOffer(ctx context.Context, tx pgx.Tx, share *storedShare, from int64, project, user *int64) error {
	var open int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM shares WHERE project_id = $1 AND coalesce(to_project, 0) = coalesce($2::bigint, 0) AND coalesce(to_user, 0) = coalesce($3::bigint, 0)
		AND accepted IS NULL AND (expires IS NULL OR expires > now()) AND NOT EXISTS (SELECT FROM shares o WHERE o.id = $4 AND (o.expires IS NULL OR o.expires > now()))`, from, project, user, share.ID).Scan(&open)
	if err == nil && open >= maxOffers {
		err = fail(IO, "%d datasets of project %s are offered to %s and not accepted: more can be when some of these are answered, or taken back",
			open, share.Project, share.ToProject+share.ToUser)
	}
	return err
}

// recipients returns the recipient of an offer, a project and its top or a person, and relies on the project.
func (w *walker) recipients(o Offer) (project *int64, root int64, user *int64, err error) {
	if o.ToUser != "" {
		id, err := userID(w.ctx, w.s.fs.db, o.ToUser)
		return nil, 0, &id, err
	}
	var id, epoch int64
	err = w.s.fs.db.QueryRow(w.ctx, `SELECT id, root, access_epoch FROM projects WHERE name = $1 AND id <> 0 AND state <> 'd'`, o.ToProject).Scan(&id, &root, &epoch)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, 0, nil, noProject(o.ToProject)
	}
	w.relied.project(id, epoch)
	return &id, root, nil, err
}

// timeColumn returns the value of a column for a time, NULL if it is zero.
func timeColumn(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// storedShare is a share as stored in its row.
type storedShare struct {
	archived bool // the dataset's project is
	Share
	project   int64
	epoch     int64 // of the dataset's project
	toProject int64 // 0: it is with a person
	toRoot    int64 // the inode of that project's top
	toUser    int64
}

// What scanShare reads for rows s of shares, and shareSQL, which finds shares that have not ended.
const (
	shareColumns = `s.id, s.project_id, p.access_epoch, p.name, s.inode_id, d.name, coalesce(s.to_project, 0), coalesce(q.root, 0),
		coalesce(q.name, ''), coalesce(s.to_user, 0), coalesce(u.name, ''), s.level, s.accepted IS NOT NULL, coalesce(m.name, ''),
		s.offered_by, s.created, s.expires, p.state = 'r'`
	shareJoins = `JOIN projects p ON p.id = s.project_id
		JOIN inodes d ON d.project_id = s.project_id AND d.id = s.inode_id
		LEFT JOIN projects q ON q.id = s.to_project LEFT JOIN users u ON u.id = s.to_user
		LEFT JOIN inodes m ON m.project_id = s.to_project AND m.id = s.mount`
	// If the recipients' project is in the trash, its members are shown nothing, but the giver must still see, and be able to end,
	// a share that will be in force again once that project is restored.
	shareLives = `p.state <> 'd' AND (s.expires IS NULL OR s.expires > now())`
	shareSQL   = `SELECT ` + shareColumns + ` FROM shares s ` + shareJoins + ` WHERE ` + shareLives + ` AND `
)

func scanShare(row pgx.CollectableRow) (s storedShare, err error) {
	var (
		mount   string
		expires *time.Time
	)
	err = row.Scan(&s.ID, &s.project, &s.epoch, &s.Project, &s.Dataset, &s.Name, &s.toProject, &s.toRoot, &s.ToProject, &s.toUser, &s.ToUser,
		&s.Level, &s.Accepted, &mount, &s.OfferedBy, &s.Created, &expires, &s.archived)
	if expires != nil {
		s.Expires = *expires
	}
	if mount != "" {
		s.Mount = sharedPath(s.ToProject).Join(mount)
	}
	return s, err
}

// storedShare finds a share.
func (fs *FS) storedShare(ctx context.Context, id int64) (storedShare, error) {
	rows, err := fs.db.Query(ctx, shareSQL+`s.id = $1`, id)
	if err != nil {
		return storedShare{}, err
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanShare)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, noShare(id)
	}
	return s, err
}

func noShare(id int64) error { return fail(NotExist, "There is no share %d.", id) }

// side is the relation of the principal to a share.
type side uint8

const (
	stranger  side = iota
	giver          // owns the dataset's project
	recipient      // is the person, or owns the project, that it is with
)

// shareEvent returns the event of an operation on a share, in the dataset's project and in the recipients'.
func (w *walker) shareEvent(share *storedShare) (*event, error) {
	path, err := w.s.fs.pathOf(w.ctx, key{share.project, share.Dataset})
	if err != nil {
		return nil, err
	}
	e := &event{project: share.project, op: w.op, inode: share.Dataset, detail: Detail{Dir: true, Share: share.detail()}, told: share.told(w.op)}
	if path == nil { // the dataset lies in a deleted directory
		e.path = projectPath(share.Project)
	} else {
		e.path = *path
	}
	return e, nil
}

// detail returns the share as an event records it.
func (s *storedShare) detail() *DetailShare {
	return &DetailShare{ID: s.ID, ToProject: s.ToProject, ToUser: s.ToUser, Level: s.Level, Expires: timeColumn(s.Expires)}
}

// sideOf returns the side of a share that the principal is on, giver if it is on both. It relies on what decides that.
func (w *walker) sideOf(share *storedShare) (side, error) {
	if owns, err := w.owns(share.Project); err != nil || owns {
		return giver, err
	}
	if receives, err := w.receives(share); err != nil || receives {
		return recipient, err
	}
	return stranger, nil
}

// receives reports whether the principal is the person that a share is with, or owns the project that it is with.
func (w *walker) receives(share *storedShare) (bool, error) {
	if share.toUser != 0 {
		if err := w.renewed(); err != nil {
			return false, err
		}
		return share.toUser == w.s.p.UserID && w.s.p.Scope.Project == 0, nil
	}
	return w.owns(share.ToProject)
}

// owns reports whether the principal owns a project.
func (w *walker) owns(project string) (bool, error) {
	_, err := w.owned(project)
	if err != nil && (KindOf(err) == AccessControl || KindOf(err) == NotExist) {
		return false, nil
	}
	return err == nil, err
}

// mayChange refuses tokens that do not allow managing.
func (w *walker) mayChange(share *storedShare) error {
	if scope := w.s.p.Scope; !scope.Verbs.Allow(auth.Manage) {
		return fail(AccessControl, "Permission denied: user=%s, the token is limited to %s and may not change share %d", w.s.p.User, scope.Verbs, share.ID)
	}
	return nil
}

// Share describes a share to those on either side of it.
func (s *Session) Share(ctx context.Context, id int64) (Share, error) {
	var share storedShare
	err := steadily(ctx, func() (err error) {
		if share, err = s.fs.storedShare(ctx, id); err != nil {
			return err
		}
		where, err := (&walker{ctx: ctx, s: s}).sideOf(&share)
		if err != nil {
			return err
		}
		if where == stranger {
			return noShare(id)
		}
		return s.placeShare(ctx, &share.Share)
	})
	return share.Share, s.dress("describe share", Path{}, err)
}

// placeShare fills in the dataset's path if the principal may go there.
func (s *Session) placeShare(ctx context.Context, share *Share) error {
	d, err := s.Dataset(ctx, share.Dataset)
	if err != nil && KindOf(err) == NotExist {
		return nil
	}
	share.Path = d.Path
	return err
}

// EndShare ends a share, or an offer of one, which either side may do. Nothing that is decided afterwards relies on it.
func (s *Session) EndShare(ctx context.Context, id int64) error {
	_, err := act(ctx, s, endingShare, sharePath(id), func(w *walker) (struct{}, *mutation, error) {
		share, err := s.fs.storedShare(ctx, id)
		if err != nil {
			return struct{}{}, nil, err
		}
		where, err := w.sideOf(&share)
		if err != nil {
			return struct{}{}, nil, err
		}
		if where == stranger {
			return struct{}{}, nil, noShare(id)
		}
		if err := w.mayChange(&share); err != nil {
			return struct{}{}, nil, err
		}
		w.relied.project(share.project, share.epoch)
		e, err := w.shareEvent(&share)
		if err != nil {
			return struct{}{}, nil, err
		}
		return struct{}{}, rule(share.project, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			// The reaper removes the mount, which shows nothing without its share.
			return e, one(tx.Exec(ctx, `DELETE FROM shares WHERE id = $1`, id))
		}), nil
	})
	return err
}
