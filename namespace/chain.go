package namespace

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth"
)

// membership is what a walk found out about a project and the principal's role in it.
type membership struct {
	name  string
	epoch int64
	role  Role
	bars  bool // the principal is an observer whose role a token for another project removed; they still never write
	state projectState
	known bool // the principal may know of it, whatever modes say
}

// observes reports whether the principal never writes, as an observer.
func (m membership) observes() bool { return m.role == Observer || m.bars }

// chain is the inodes along a path, from the root to the last component that exists.
type chain struct {
	path     Path
	asked    *Path // what the principal asked for, if not path: an id, for example, whose path may be secret
	names    []string
	nodes    []node // nodes[0] is the root; nodes[i+1] is names[i]
	projects map[int64]membership
	hidden   bool     // the chain was cut off in front of what the principal may not know of
	above    []charge // through a share: the directories with limits above the dataset
	handed   int16    // through a share: the storage policy of the directory that the dataset lies in

	// stem is how many names of path lead up to and through the mount of a share, 0 if there is none. They name what lies at own.
	stem int
	own  Path

	// server is the beginning of the database in which c was found. Another database may have given the same versions to something else.
	server time.Time

	// content is all of the small file that the path names, as of the same moment; nil if it was not asked for or is not available.
	content []segment
}

// node returns the inode that the path names, nil if there is none.
func (c *chain) node() *node {
	if len(c.nodes) == len(c.names)+1 {
		return &c.nodes[len(c.names)]
	}
	return nil
}

// parent returns the directory that holds or would hold the last component, nil for the root or if it is missing.
func (c *chain) parent() *node {
	if len(c.names) > 0 && len(c.nodes) >= len(c.names) {
		return &c.nodes[len(c.names)-1]
	}
	return nil
}

// ancestorDepth returns the depth of the deepest existing inode above the last component; for the root, 0.
func (c *chain) ancestorDepth() int {
	return max(min(len(c.nodes), len(c.names))-1, 0)
}

// pathOf returns the path of nodes[i].
func (c *chain) pathOf(i int) Path { return c.path.prefix(i) }

// dirs returns the inodes above the last component.
func (c *chain) dirs() []node { return c.nodes[:min(len(c.nodes), len(c.names))] }

// stillSQL reports whether inodes, projects and the principal are as a walk found them. Versions and epochs never repeat.
const stillSQL = `
SELECT NOT EXISTS (
		SELECT FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (project_id, id, version)
		LEFT JOIN LATERAL (SELECT version FROM inodes i WHERE ` + byKeySQL + `) i ON true WHERE i.version IS DISTINCT FROM k.version)
	AND NOT EXISTS (
		SELECT FROM unnest($4::bigint[], $5::bigint[]) AS k (id, epoch)
		LEFT JOIN projects p ON p.id = k.id WHERE p.access_epoch IS DISTINCT FROM k.epoch)
	AND coalesce((SELECT epoch FROM users WHERE id = $6), 0) = $7`

// still fails with errStale if c is not as p found it in the snapshot of tx.
func (c *chain) still(ctx context.Context, tx pgx.Tx, p *auth.Principal) error {
	var still bool
	batch := &pgx.Batch{}
	c.queueStill(batch, p, &still)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil || still {
		return err
	}
	return errStale
}

// listed is reading for a batch that lists the directory that c ends in, and records that.
func (s *Session) listed(ctx context.Context, c *chain, batch *pgx.Batch) error {
	err := s.reading(ctx, "list", c, batch)
	if err == nil {
		s.read("list", c)
	}
	return err
}

// reading runs batch, with which op reads more of what c ends in. It fails with errStale unless c is as it was found: somebody may have lost
// the right since, and what is read may be newer than that.
func (s *Session) reading(ctx context.Context, op string, c *chain, batch *pgx.Batch) error {
	s.fs.decided(op, c.path)
	var still bool
	c.queueStill(batch, &s.p, &still)
	if err := s.fs.db.SendBatch(ctx, batch).Close(); err != nil || still {
		return err
	}
	return errStale
}

// queueStill adds to batch the question whether c is as p found it.
func (c *chain) queueStill(batch *pgx.Batch, p *auth.Principal, still *bool) {
	var projects, ids, versions, entered, epochs []int64
	for i := range c.nodes {
		n := &c.nodes[i]
		projects, ids, versions = append(projects, n.project), append(ids, n.id), append(versions, n.version)
	}
	for id, epoch := range c.epochs() {
		entered, epochs = append(entered, id), append(epochs, epoch)
	}
	batch.Queue(stillSQL, projects, ids, versions, entered, epochs, p.UserID, p.Epoch).QueryRow(func(row pgx.Row) error {
		return row.Scan(still)
	})
}
