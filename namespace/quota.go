package namespace

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// NoQuota is the limit of a directory that has none.
const NoQuota int64 = -1

// QuotaChange says which limits SetQuota changes. A nil one stays; NoQuota removes the limit.
type QuotaChange struct {
	Names *int64
	Space *int64
	Types map[string]int64 // by storage type
}

// hdfsName is HDFS's name of the change, which a refusal quotes (FSNamesystem.getQuotaCommand). It takes a limit by storage type for one
// of space.
func (q QuotaChange) hdfsName() string {
	space := q.Space
	for _, limit := range q.Types {
		space = &limit
	}
	cleared := func(limit *int64) bool { return limit != nil && *limit == NoQuota }
	switch {
	case space == nil && cleared(q.Names):
		return "clearQuota"
	case space == nil:
		return "setQuota"
	case q.Names == nil && cleared(space):
		return "clearSpaceQuota"
	}
	return "setSpaceQuota"
}

// SetQuota sets limits of a directory. Limits below what the directory holds are allowed; nothing is then added until
// it shrinks. It is for superusers. Source: FSDirAttrOp.setQuota of Hadoop 3.4.
func (s *Session) SetQuota(ctx context.Context, path Path, change QuotaChange) error {
	const op = "set quota"
	forbidden := func() error { return s.mayLimit(change) }
	if err := s.privileged(ctx, forbidden); err != nil { // HDFS checks this before it looks at the path
		return s.dress(op, path, err)
	}
	_, err := act(ctx, s, op, path, func(w *walker) (struct{}, *mutation, error) {
		c, err := w.walk(path, Need{Change: true})
		if err == nil {
			err = forbidden() // the principal may have been a superuser before the walk, and not now
		}
		if err != nil {
			return struct{}{}, nil, err
		}
		n := c.node()
		switch {
		case n == nil:
			return struct{}{}, nil, fail(NotExist, "Directory does not exist: %s", path)
		case !n.dir():
			return struct{}{}, nil, fail(NotDirectory, "`%s': Is not a directory", path)
		}
		l, err := change.apply(n.limits)
		if err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(n, exclusive)
		e := w.event(c, n)
		e.detail.Quota = l.detail()
		if l == n.limits {
			e = nil
		}
		return struct{}{}, &mutation{event: e, apply: func(ctx context.Context, tx pgx.Tx) error { return setLimits(ctx, tx, n, l) }}, nil
	})
	return err
}

// mayLimit fails unless the principal is a superuser.
func (s *Session) mayLimit(change QuotaChange) error {
	if s.p.Superuser {
		return nil
	}
	return fail(AccessControl, "Access denied for user %s. Superuser privilege is required for operation %s", s.p.User, change.hdfsName())
}

func (q QuotaChange) apply(l limits) (limits, error) {
	if q.Names != nil {
		l.names = *q.Names
	}
	if q.Space != nil {
		l.space = *q.Space
	}
	for name, limit := range q.Types {
		i := slices.Index(storageTypes, name)
		if i < 0 {
			return l, fail(InvalidValue, "Quota for storage type %s is not supported", name)
		}
		l.types[i] = limit
	}
	return l, nil
}

// detail returns l in the form that events have.
func (l limits) detail() *DetailQuota {
	d := &DetailQuota{Names: l.names, Space: l.space}
	for i, limit := range l.types {
		if limit != NoQuota {
			if d.Types == nil {
				d.Types = map[string]int64{}
			}
			d.Types[storageTypes[i]] = limit
		}
	}
	return d
}

// setLimits replaces the limits of n and starts, or ends, counting. n is locked, so nothing below it changes while it is
// counted.
func setLimits(ctx context.Context, tx pgx.Tx, n *node, l limits) error {
	column := func(limit int64) *int64 {
		if limit == NoQuota {
			return nil
		}
		return &limit
	}
	var types []int64
	if l.byType() {
		types = l.types[:]
	}
	if err := one(tx.Exec(ctx, `UPDATE inodes SET quota_names = $3, quota_space = $4, quota_types = $5, version = version + 1
		WHERE project_id = $1 AND id = $2`, n.project, n.id, column(l.names), column(l.space), types)); err != nil {
		return err
	}
	if !l.any() {
		_, err := tx.Exec(ctx, `DELETE FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id)
		return err
	}
	return recount(ctx, tx, n)
}

// recount writes what n holds into its usage. n must be locked.
func recount(ctx context.Context, tx pgx.Tx, n *node) error {
	a, err := count(ctx, tx, n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO usage (project_id, id, names, space, types) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (project_id, id) DO UPDATE SET names = excluded.names, space = excluded.space, types = excluded.types`,
		n.project, n.id, a.names, a.space, a.types[:])
	return err
}

// recountBelow counts again what n, whose policy has changed, and the directories below it hold, if they have limits. n must
// be locked, and with it all that lies below.
func recountBelow(ctx context.Context, tx pgx.Tx, n *node) error {
	var limited bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM usage)`).Scan(&limited)
	if err != nil || !limited || !n.dir() {
		return err
	}
	rows, err := tx.Query(ctx, policiesSQL+`
		SELECT t.project_id, t.id, t.policy FROM tree t JOIN usage u ON u.project_id = t.project_id AND u.id = t.id ORDER BY t.id`,
		n.project, n.id, n.policy, nil)
	if err != nil {
		return err
	}
	dirs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (node, error) {
		d := node{kind: kindDir}
		return d, row.Scan(&d.project, &d.id, &d.policy)
	})
	for i := range dirs {
		if err := recount(ctx, tx, &dirs[i]); err != nil {
			return err
		}
	}
	return err
}

// QuotaUsage is what a directory holds and may hold; of a file, what it costs.
type QuotaUsage struct {
	Names, NamesQuota int64 // NoQuota: no limit
	Space, SpaceQuota int64 // bytes, replicas counted
	Types             []TypeUsage
}

// TypeUsage is the usage of a storage type that has a limit.
type TypeUsage struct {
	Type            string
	Quota, Consumed int64
}

// typeUsage returns the usage of those storage types that have a limit.
func (l limits) typeUsage(held amount) []TypeUsage {
	var all []TypeUsage
	for i, limit := range l.types {
		if limit != NoQuota {
			all = append(all, TypeUsage{storageTypes[i], limit, held.types[i]})
		}
	}
	return all
}

// QuotaUsage returns the usage of path. It needs read and execute on every directory at and below it. Projects that the principal may
// not know of only count where a limit binds them, too.
// Source: FSDirStatAndListingOp.getQuotaUsage of Hadoop 3.4.
func (s *Session) QuotaUsage(ctx context.Context, path Path) (QuotaUsage, error) {
	var usage QuotaUsage
	err := s.look(ctx, path, Need{}, func(c *chain) error {
		n := c.node()
		if n == nil {
			return fail(NotExist, "File/Directory does not exist: %s", path)
		}
		look := s.fs.snapshot
		if n.dir() && (!n.limits.any() || !s.p.Superuser) { // else it is known, and nothing below is checked
			look = s.survey
		}
		return look(ctx, func(tx pgx.Tx) error {
			if err := c.still(ctx, tx, &s.p); err != nil {
				return err
			}
			var known []int64
			if n.dir() && !s.p.Superuser {
				var err error
				if known, err = s.knownProjects(ctx, tx, n); err == nil {
					err = (&walker{ctx: ctx, s: s}).checkTree(tx, c, n, known)
				}
				if err != nil {
					return err
				}
			}
			var (
				a   amount
				err error
			)
			if n.limits.any() { // which all projects below share
				a, err = usageOf(ctx, tx, n)
			} else {
				a, err = countAmong(ctx, tx, n, known)
			}
			if err != nil {
				return limitGone(err)
			}
			usage = QuotaUsage{Names: a.names, NamesQuota: n.limits.names, Space: a.space, SpaceQuota: n.limits.space}
			if c.path.IsRoot() && usage.NamesQuota == NoQuota {
				usage.NamesQuota = math.MaxInt64
			}
			usage.Types = n.limits.typeUsage(a)
			return nil
		})
	})
	return usage, s.dress("quota usage", path, err)
}

// usageOf returns what n holds: from usage if n has a limit, else by counting now.
func usageOf(ctx context.Context, tx pgx.Tx, n *node) (amount, error) {
	if !n.limits.any() {
		return count(ctx, tx, n)
	}
	var (
		a     amount
		types []int64
	)
	err := tx.QueryRow(ctx, `SELECT names, space, types FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id).
		Scan(&a.names, &a.space, &types)
	copy(a.types[:], types)
	return a, err
}

// limitGone returns errStale if a read of usage failed for want of a row: the limits were removed since the walk.
func limitGone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errStale
	}
	return err
}

// Space returns the nearest limit of space at or above path and how much of it is used, in bytes, for clients that ask
// how much room there is; ok is false where no limit applies. Through a share, limits above the dataset count. It needs read on path.
func (s *Session) Space(ctx context.Context, path Path) (limit, used int64, ok bool, err error) {
	err = s.look(ctx, path, Need{Node: perm.Read}, func(c *chain) error {
		limit, used, ok = 0, 0, false
		above, err := s.withAbove(ctx, c)
		if err != nil {
			return err
		}
		for i := len(above) - 1; i >= 0; i-- {
			n := &above[i]
			if n.limits.space == NoQuota {
				continue
			}
			limit, ok = n.limits.space, true
			return limitGone(s.fs.db.QueryRow(ctx, `SELECT space FROM usage WHERE project_id = $1 AND id = $2`, n.project, n.id).Scan(&used))
		}
		return nil
	})
	return limit, used, ok, s.dress("space", path, err)
}
