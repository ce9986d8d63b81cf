package namespace

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// DatasetInfo is the description of a dataset, and who may see it.
type DatasetInfo struct {
	Description string // at most MaxDescription bytes
	Public      bool   // everyone may read it
	Listed      bool   // anybody may find it and ask for a share
}

// Dataset is a directory that can be shared. It is named by its inode, so a share follows it when it is moved.
type Dataset struct {
	DatasetInfo
	ID      int64 // of its inode
	Path    Path
	Created time.Time
	Shares  int64 // how many were offered or accepted; 0 if the principal is not a member
}

// MakeDatasetOptions are the options of MakeDataset.
type MakeDatasetOptions struct {
	DatasetInfo
	Project string // the project in which the directory must lie; "": any
	Create  bool   // make the directory if it is missing, writable by the project's group
}

// datasetMode is the mode of directories that are made to be datasets.
const datasetMode perm.Mode = 0o770

// MakeDataset makes path, which must be a directory in a project, a dataset. If it is a dataset already, that is returned unchanged,
// provided that o says the same of it or nothing. Otherwise MakeDataset fails with Exist: somebody who happens to choose the same path must
// not end what was published. It is for the project's owners.
func (s *Session) MakeDataset(ctx context.Context, path Path, o MakeDatasetOptions) (Dataset, error) {
	const op = "make dataset"
	if err := o.check(); err != nil {
		return Dataset{}, s.dress(op, path, err)
	}
	if o.Project != "" && !path.under(projectPath(o.Project)) {
		return Dataset{}, s.dress(op, path, fail(InvalidArgument, "%s is not below %s: name a directory inside the project", path, projectPath(o.Project)))
	}
	if o.Create {
		// A principal who may not make the dataset must not make the directory either.
		err := steadily(ctx, func() error {
			names := path.names()
			if len(names) <= projectDepth || names[0] != ProjectsDir[1:] {
				return fail(InvalidArgument, "%s lies in no project: only directories of projects are shared", path)
			}
			w := &walker{ctx: ctx, s: s}
			c, err := w.walk(path, Need{Create: true})
			if err != nil {
				return err
			}
			project := names[1]
			if c.nodes[len(c.nodes)-1].project != 0 { // through a share, another project than the path says
				project = c.membership().name
			}
			_, err = w.manage(project)
			return err
		})
		if err != nil {
			return Dataset{}, s.dress(op, path, err)
		}
		if _, err := s.Mkdirs(unnamed(ctx), path, MkdirOptions{Mode: datasetMode}); err != nil {
			return Dataset{}, err
		}
	}
	id, err := act(ctx, s, op, path, func(w *walker) (int64, *mutation, error) {
		c, n, err := w.manageAt(path)
		if err != nil {
			return 0, nil, err
		}
		if err := c.inUse(Need{Change: true}); err != nil {
			return 0, nil, err
		}
		if n.use == useShared || len(c.names) <= projectDepth {
			return 0, nil, fail(InvalidArgument, "%s cannot be a dataset: name a directory inside a project", path)
		}
		w.relied.node(n, exclusive)
		return n.id, rule(n.project, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			was, err := datasetInfo(ctx, tx, n.key())
			switch {
			case err != nil:
				return nil, err
			case was != nil && (o.DatasetInfo == *was || o.DatasetInfo == DatasetInfo{}):
				return nil, nil
			case was != nil:
				return nil, fail(Exist, "%s is a dataset already, with another description or other access: change that, or choose another directory", c.path)
			}
			e := w.event(c, n)
			e.detail.Description, e.detail.Public, e.detail.Listed = &o.Description, &o.Public, &o.Listed
			return e, markDataset(ctx, tx, n.key(), o.DatasetInfo)
		}), nil
	})
	if err != nil {
		return Dataset{}, err
	}
	return s.Answering().Dataset(ctx, id)
}

func (i DatasetInfo) check() error {
	if len(i.Description) > MaxDescription {
		return fail(InvalidArgument, "the description has %d bytes: want at most %d", len(i.Description), MaxDescription)
	}
	return nil
}

// DatasetChange is what ChangeDataset changes; what is nil stays as it is.
type DatasetChange struct {
	Description    *string
	Public, Listed *bool
}

// gives reports whether the change does more than withdraw: withdrawing is allowed in an archived project, too.
func (d DatasetChange) gives() bool {
	return d.Description != nil || d.Public != nil && *d.Public || d.Listed != nil && *d.Listed
}

// ChangeDataset changes the description of a dataset, and who may see it. It is for the owners of its project.
func (s *Session) ChangeDataset(ctx context.Context, id int64, change DatasetChange) (Dataset, error) {
	const op = "change dataset"
	if change.Description != nil {
		if err := (DatasetInfo{Description: *change.Description}).check(); err != nil {
			return Dataset{}, s.dress(op, inodePath(id), err)
		}
	}
	_, err := act(ctx, s, op, inodePath(id), func(w *walker) (struct{}, *mutation, error) {
		c, n, err := w.manageDataset(id)
		if err == nil && change.gives() {
			err = c.inUse(Need{Change: true})
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, shared)
		return struct{}{}, rule(n.project, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			var was DatasetInfo
			if err := tx.QueryRow(ctx, `SELECT description, public, listed FROM datasets WHERE project_id = $1 AND inode_id = $2`, n.project, n.id).
				Scan(&was.Description, &was.Public, &was.Listed); err != nil {
				return nil, staleIfGone(err)
			}
			e := w.event(c, n)
			d := &e.detail
			d.Description, d.Public, d.Listed = other(change.Description, was.Description), other(change.Public, was.Public), other(change.Listed, was.Listed)
			if d.Description == nil && d.Public == nil && d.Listed == nil {
				e = nil
			}
			if d.Description != nil {
				if _, err := tx.Exec(ctx, `INSERT INTO unindexed VALUES ($1, $2)`, n.project, n.id); err != nil {
					return nil, err
				}
			}
			return e, one(tx.Exec(ctx, `UPDATE datasets SET description = coalesce($3, description), public = coalesce($4, public), listed = coalesce($5, listed)
				WHERE project_id = $1 AND inode_id = $2`, n.project, n.id, change.Description, change.Public, change.Listed))
		}), nil
	})
	if err != nil {
		return Dataset{}, err
	}
	return s.Answering().Dataset(ctx, id)
}

// projectDepth is the number of names in the path of a project's top directory.
const projectDepth = 2

// manageAt walks to a directory of a project that the principal may manage.
func (w *walker) manageAt(path Path) (*chain, *node, error) {
	c, err := w.walk(path, Need{})
	if err != nil {
		return nil, nil, err
	}
	n := c.node()
	switch {
	case n == nil:
		return nil, nil, fail(NotExist, "Directory does not exist: %s", path)
	case !n.dir():
		return nil, nil, fail(NotDirectory, "`%s': Is not a directory", path)
	case n.project == 0:
		return nil, nil, fail(InvalidArgument, "%s lies in no project: only directories of projects are shared", path)
	}
	if _, err := w.manage(c.membership().name); err != nil {
		return nil, nil, err
	}
	return c, n, nil
}

// datasetInfo returns the info of the dataset at a directory, nil if the directory is not a dataset.
func datasetInfo(ctx context.Context, tx pgx.Tx, dir key) (*DatasetInfo, error) {
	info := &DatasetInfo{}
	err := tx.QueryRow(ctx, `SELECT description, public, listed FROM datasets WHERE project_id = $1 AND inode_id = $2`, dir.project, dir.id).
		Scan(&info.Description, &info.Public, &info.Listed)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none
	}
	return info, err
}

// markDataset makes a directory a dataset.
func markDataset(ctx context.Context, tx pgx.Tx, dir key, info DatasetInfo) error {
	if err := one(tx.Exec(ctx, `UPDATE inodes SET use = 'd' WHERE project_id = $1 AND id = $2`, dir.project, dir.id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO datasets (project_id, inode_id, description, public, listed) VALUES ($1, $2, $3, $4, $5)`,
		dir.project, dir.id, info.Description, info.Public, info.Listed)
	return err
}

// EndDataset makes a dataset an ordinary directory again. Its shares end. It is for the project's owners.
func (s *Session) EndDataset(ctx context.Context, id int64) error {
	_, err := act(ctx, s, "end dataset", inodePath(id), func(w *walker) (struct{}, *mutation, error) {
		c, n, err := w.manageDataset(id)
		if err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, exclusive)
		return struct{}{}, rule(n.project, func(ctx context.Context, tx pgx.Tx) (*event, error) {
			if err := one(tx.Exec(ctx, `UPDATE inodes SET use = NULL WHERE project_id = $1 AND id = $2`, n.project, n.id)); err != nil {
				return nil, err
			}
			e := w.event(c, n)
			var err error
			e.told, err = dropDatasets(ctx, tx, n.project, []int64{n.id})
			return e, err
		}), nil
	})
	return err
}

// manageDataset walks to a dataset of a project that the principal may manage.
func (w *walker) manageDataset(id int64) (*chain, *node, error) {
	c, err := w.dataset(id)
	if err == nil {
		_, err = w.manage(c.membership().name)
	}
	if err != nil {
		return nil, nil, err
	}
	return c, c.node(), nil
}

// dataset walks to a dataset. One that the principal may not reach appears not to exist: its id is not secret, but its path
// may be.
func (w *walker) dataset(id int64) (*chain, error) {
	path, err := w.s.fs.pathOfDataset(w.ctx, id)
	if err != nil {
		return nil, err
	}
	if path == nil {
		return nil, noDataset(id)
	}
	asked := inodePath(id)
	w.asked = &asked
	c, err := w.walk(*path, Need{})
	w.asked = nil
	switch {
	case err != nil && KindOf(err) == AccessControl || err == nil && c.hidden:
		return nil, noDataset(id)
	case err != nil:
		return nil, err
	case c.node() == nil || c.node().id != id:
		return nil, errStale
	case c.node().use != useDataset:
		return nil, noDataset(id)
	}
	return c, nil
}

func noDataset(id int64) error { return fail(NotExist, "There is no dataset %d.", id) }

// Dataset returns a dataset that the principal may reach.
func (s *Session) Dataset(ctx context.Context, id int64) (Dataset, error) {
	const op = "describe dataset"
	d := Dataset{ID: id}
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s}).dataset(id)
		if err != nil {
			return err
		}
		n := c.node()
		d.Path = c.path
		batch := &pgx.Batch{}
		batch.Queue(`SELECT description, public, listed, created,
				(SELECT count(*) FROM shares s WHERE s.project_id = d.project_id AND s.inode_id = d.inode_id AND (s.expires IS NULL OR s.expires > now()))
			FROM datasets d WHERE project_id = $1 AND inode_id = $2`, n.project, n.id).QueryRow(func(row pgx.Row) error {
			return staleIfGone(row.Scan(&d.Description, &d.Public, &d.Listed, &d.Created, &d.Shares))
		})
		err = s.reading(ctx, op, c, batch)
		if c.membership().role == "" && !s.p.Superuser {
			d.Shares = 0
		}
		return err
	})
	return d, s.dress(op, inodePath(id), err)
}

// Datasets lists up to limit datasets of a project in the order of their ids, beginning after the id after: those that the principal
// may reach, as a member or not.
func (s *Session) Datasets(ctx context.Context, project string, after int64, limit int) ([]Dataset, error) {
	const op = "list datasets"
	var shown []Dataset
	for {
		ids, err := s.datasetIDs(ctx, project, after, limit)
		if err != nil {
			return nil, s.dress(op, projectPath(project), err)
		}
		for _, id := range ids {
			d, err := s.Dataset(ctx, id)
			switch kind := KindOf(err); {
			case err == nil:
				shown = append(shown, d)
			case kind == NotExist: // gone, or out of this principal's reach
			default:
				return nil, s.dress(op, projectPath(project), err)
			}
			if len(shown) == limit {
				return shown, nil
			}
		}
		if len(ids) < limit {
			return shown, nil
		}
		after = ids[len(ids)-1]
	}
}

// datasetIDs lists up to limit datasets of a project after the id after, whether or not the principal may reach them.
func (s *Session) datasetIDs(ctx context.Context, project string, after int64, limit int) (ids []int64, err error) {
	err = steadily(ctx, func() error {
		w := &walker{ctx: ctx, s: s}
		c, err := w.project(project)
		if err != nil {
			return err
		}
		if err := w.unlimited(project); err != nil {
			return err
		}
		rows, err := s.fs.db.Query(ctx, `SELECT inode_id FROM datasets WHERE project_id = $1 AND inode_id > $2 ORDER BY inode_id LIMIT $3`,
			c.node().project, after, limit)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	return ids, err
}

// dropDatasets removes datasets and ends their shares. It returns the events for the recipients' feeds.
func dropDatasets(ctx context.Context, tx pgx.Tx, project int64, ids []int64) ([]*event, error) {
	gone, err := dropShares(ctx, tx, `project_id = $1 AND inode_id = ANY($2)`, project, ids)
	if err != nil {
		return nil, err
	}
	for _, sql := range []string{ // in this order, since who requests access holds a lock on the dataset
		`DELETE FROM datasets WHERE project_id = $1 AND inode_id = ANY($2)`,
		`DELETE FROM access_requests WHERE project_id = $1 AND inode_id = ANY($2)`,
	} {
		if _, err := tx.Exec(ctx, sql, project, ids); err != nil {
			return nil, err
		}
	}
	return toldOfEnd(gone), nil
}

// dropDataset is [dropDatasetsBelow] for an empty directory. That hardly ever is a dataset; if not, this takes no statement.
func dropDataset(ctx context.Context, tx pgx.Tx, n *node) ([]*event, error) {
	if n.use != useDataset {
		return nil, nil
	}
	return dropDatasets(ctx, tx, n.project, []int64{n.id})
}

// dropDatasetsBelow removes the datasets at and below the directory n, which is about to be removed and is locked, so that
// nothing moves below it. It returns the events for the recipients of their shares.
func dropDatasetsBelow(ctx context.Context, tx pgx.Tx, n *node) ([]*event, error) {
	rows, err := tx.Query(ctx, `
		WITH RECURSIVE up AS (
			SELECT d.inode_id AS dataset, d.inode_id AS id FROM datasets d WHERE d.project_id = $1
			UNION
			SELECT up.dataset, i.parent_id FROM up JOIN inodes i ON i.project_id = $1 AND i.id = up.id WHERE up.id <> $2 AND i.parent_id > 0
		)
		SELECT dataset FROM up WHERE id = $2`, n.project, n.id)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return dropDatasets(ctx, tx, n.project, ids)
}
