package namespace

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// ProjectRecord is a project as superusers see it.
type ProjectRecord struct {
	Project             // Role is always ""
	Owners    []string  // by name
	Counted   bool      // its usage is kept up to date; otherwise Quota does not show it
	GoneAfter time.Time // when a deleted project may be dropped for good; zero for others
}

// ProjectsQuery chooses projects.
type ProjectsQuery struct {
	Holds   string // only those whose names contain this, ignoring case
	After   string // only those whose names follow this one
	Limit   int    // at most so many, 1 or more
	Deleted bool   // those in the trash, instead of the others
}

// AllProjects lists projects by name, whoever their members are. It is for superusers.
func (s *Session) AllProjects(ctx context.Context, q ProjectsQuery) ([]ProjectRecord, error) {
	const op = "list projects"
	path := Path{ProjectsDir}
	if err := s.stewards(ctx, "listAllProjects"); err != nil {
		return nil, s.dress(op, path, err)
	}
	rows, err := s.fs.db.Query(ctx, `SELECT p.name, p.description, p.state = 'r', p.listed, p.created, coalesce(t.quota_names, -1), coalesce(t.quota_space, -1),
			u.names IS NOT NULL, coalesce(u.names, 0), coalesce(u.space, 0), coalesce(p.drop_after, '-infinity'),
			ARRAY(SELECT users.name FROM members m JOIN users ON users.id = m.user_id WHERE m.project_id = p.id AND m.role = 'owner' ORDER BY 1)
		FROM projects p JOIN inodes t ON t.project_id = p.id AND t.id = p.root LEFT JOIN usage u ON u.project_id = p.id AND u.id = p.root
		WHERE p.id <> 0 AND (p.state = 'd') = $1 AND p.name > $2 AND p.name ILIKE $3 ORDER BY p.name LIMIT $4`,
		q.Deleted, q.After, "%"+likeEscaper.Replace(q.Holds)+"%", q.Limit)
	if err != nil {
		return nil, s.dress(op, path, err)
	}
	projects, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p ProjectRecord, err error) {
		var gone pgtype.Timestamptz
		err = row.Scan(&p.Name, &p.Description, &p.Archived, &p.Listed, &p.Created, &p.Quota.NamesQuota, &p.Quota.SpaceQuota,
			&p.Counted, &p.Quota.Names, &p.Quota.Space, &gone, &p.Owners)
		if gone.InfinityModifier == pgtype.Finite {
			p.GoneAfter = gone.Time
		}
		return p, err
	})
	return projects, s.dress(op, path, err)
}

// stewards fails unless the principal is still a superuser, and its token is not limited.
func (s *Session) stewards(ctx context.Context, operation string) error {
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return err
	}
	return s.superuserFor(operation)
}

// BlockCount is a number of blocks, and the bytes in them.
type BlockCount struct {
	Count, Bytes int64
	Oldest       time.Time // when the oldest got into its state; zero for live ones, and if there is none
}

// aliveFor is how long a server that was seen is shown as alive: a beat may be late. What it was writing is given up much later.
const aliveFor = 3 * beatEvery

// ServerSeen is a server, or a command that ran, that shares the database.
type ServerSeen struct {
	ID    uuid.UUID
	Seen  time.Time
	Alive bool // it was seen within aliveFor, and has not ended
	This  bool
}

// Upkeep is what the service holds, and what maintenance is left to be done.
type Upkeep struct {
	Servers                []ServerSeen // up to 100: this one, then the one seen last
	Live, Pending, Garbage BlockCount
	Detached               int64     // deleted directories whose content is not purged yet
	OldestDetached         time.Time // zero: there is none
	Jobs, Uploads, Leases  int64     // that are under way
}

// Upkeep counts what there is. It reads the whole table of blocks, and is for superusers.
func (s *Session) Upkeep(ctx context.Context) (Upkeep, error) {
	const op = "describe system"
	if err := s.stewards(ctx, "describeSystem"); err != nil {
		return Upkeep{}, s.dress(op, Path{}, err)
	}
	var u Upkeep
	err := s.fs.snapshot(ctx, func(tx pgx.Tx) error {
		u = Upkeep{}
		if err := u.countBlocks(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id, seen, seen > now() - $1::interval AND NOT ended, id = $2 FROM servers ORDER BY id <> $2, seen DESC, id LIMIT 100`, aliveFor, s.fs.server)
		if err != nil {
			return err
		}
		if u.Servers, err = pgx.CollectRows(rows, pgx.RowToStructByPos[ServerSeen]); err != nil {
			return err
		}
		var oldest *time.Time
		err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM detached), (SELECT min(since) FROM detached),
			(SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')), (SELECT count(*) FROM uploads), (SELECT count(*) FROM leases)`).
			Scan(&u.Detached, &oldest, &u.Jobs, &u.Uploads, &u.Leases)
		if oldest != nil {
			u.OldestDetached = *oldest
		}
		return err
	})
	return u, s.dress(op, Path{}, err)
}

func (u *Upkeep) countBlocks(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT CASE WHEN state IN ('l', 'g') THEN state::text ELSE 'p' END, count(*), coalesce(sum(size), 0)::bigint,
		min(least(since, now())) FILTER (WHERE since > '-infinity') FROM blocks GROUP BY 1`)
	if err != nil {
		return err
	}
	var (
		state string
		c     BlockCount
		since *time.Time // nil: none, or only discarded ones, which have no grace time
	)
	_, err = pgx.ForEachRow(rows, []any{&state, &c.Count, &c.Bytes, &since}, func() error {
		c.Oldest = time.Time{}
		if since != nil {
			c.Oldest = *since
		}
		switch state {
		case "l":
			u.Live = BlockCount{Count: c.Count, Bytes: c.Bytes}
		case "g":
			u.Garbage = c
		default:
			u.Pending = c
		}
		return nil
	})
	return err
}
