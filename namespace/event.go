package namespace

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// Event is one change that was committed in a project or in the common ground.
type Event struct {
	Seq       int64     // 1, 2, 3… in the project, without gaps and in the order of commits
	At        time.Time // by the database's clock
	Op        string    // named like the Session's method: create, set ACL, add member
	User      string
	Inode     int64     // what was made, changed, moved or removed; for a concat, its target
	Path      Path      // of the inode at the time, before a move
	Target    Path      // of the inode after a move; the root, to which nothing moves: it was not a move
	Detail    Detail    // what changed
	Operation uuid.UUID // that the caller chose ([WithOperation]); zero: none
}

// Detail is what an event changed. What does not apply to an operation is left out.
type Detail struct {
	Dir         bool              `json:"dir,omitempty"`      // the inode is, or was, a directory
	Size        *int64            `json:"size,omitempty"`     // bytes of the file afterwards, or before it was deleted
	Added       *int64            `json:"added,omitempty"`    // bytes that an append added
	Replaced    int64             `json:"replaced,omitempty"` // the inode that was replaced
	Trash       string            `json:"trash,omitempty"`    // where the replaced inode is now; "": it was deleted
	Made        string            `json:"made,omitempty"`     // the topmost of the directories that were missing above the path
	Mode        string            `json:"mode,omitempty"`     // octal
	ACL         *string           `json:"acl,omitempty"`      // as perm.ParseACL reads it, "": none is left
	Owner       string            `json:"owner,omitempty"`    // if it changed
	Group       string            `json:"group,omitempty"`    // if it changed
	MTime       *int64            `json:"mtime,omitempty"`    // milliseconds since 1970
	ATime       *int64            `json:"atime,omitempty"`    // milliseconds since 1970
	Replication int               `json:"replication,omitempty"`
	Xattr       string            `json:"xattr,omitempty"`    // the name; values may be long, or secret
	Tags        map[string]string `json:"tags,omitempty"`     // that were set, with their values
	Untagged    []string          `json:"untagged,omitempty"` // keys of tags that were removed
	Policy      *string           `json:"policy,omitempty"`   // the storage policy, "": it is inherited
	Quota       *DetailQuota      `json:"quota,omitempty"`
	Sources     []string          `json:"sources,omitempty"` // paths of the sources of a concat or a job
	Project     string            `json:"project,omitempty"` // that was made or removed
	Member      string            `json:"member,omitempty"`  // whose role changed; the owner of a new project; who made a request that ended
	Role        Role              `json:"role,omitempty"`    // the member's new role
	Description *string           `json:"description,omitempty"`
	Listed      *bool             `json:"listed,omitempty"`   // anybody may find the project or dataset
	Public      *bool             `json:"public,omitempty"`   // everyone may read the dataset
	Archived    *bool             `json:"archived,omitempty"` // nobody may change files in the project
	Share       *DetailShare      `json:"share,omitempty"`

	// For what is done to users and credentials, which is in the audit and in no feed.
	User     string     `json:"user,omitempty"`     // the user concerned
	Token    string     `json:"token,omitempty"`    // the id of the token, session or link
	Kind     string     `json:"kind,omitempty"`     // of the token; "": one without a row
	Groups   *[]string  `json:"groups,omitempty"`   // that the user has now, or those from a provider
	Admin    *bool      `json:"admin,omitempty"`    // the user is a superuser
	Identity string     `json:"identity,omitempty"` // at a provider
	Expires  *time.Time `json:"expires,omitempty"`  // when the token ends
	Root     int64      `json:"root,omitempty"`     // the inode of the directory that the token is limited to
}

// DetailQuota is the limits that a directory has now, [NoQuota] for those that are not set.
type DetailQuota struct {
	Names int64            `json:"names"`
	Space int64            `json:"space"`
	Types map[string]int64 `json:"types,omitempty"` // by storage type
}

// DetailShare is a share that was offered, accepted or ended. Project and Dataset are set in the events of the recipients' project,
// which are about a dataset of another project.
type DetailShare struct {
	ID        int64      `json:"id"`
	Project   string     `json:"project,omitempty"` // whose dataset it is
	Dataset   string     `json:"dataset,omitempty"` // its name
	ToProject string     `json:"toProject,omitempty"`
	ToUser    string     `json:"toUser,omitempty"`
	Level     Level      `json:"level"`
	Expires   *time.Time `json:"expires,omitempty"`
}

// origin is who does something, with which credential, and from where.
type origin struct {
	user       string
	credential string // the id of the token; "": a name believed under simple authentication, or the server itself
	client     string // the host; "": the server itself
}

func (s *Session) origin() origin { return origin{s.p.User, s.p.Credential, s.client} }

// event is the event that a mutation records in the feed of a project.
type event struct {
	project      int64
	op           string
	inode        int64
	path, target Path
	detail       Detail
	// told are the events by which the feeds of other projects are told of the same. They are recorded with this one. The mutation's
	// apply may set told, and then does so each time that it runs.
	told []*event
}

// event returns a new event for w's operation on n, which c ends in.
func (w *walker) event(c *chain, n *node) *event {
	return &event{project: n.project, op: w.op, inode: n.id, path: c.placed(c.path), detail: Detail{Dir: n.dir()}}
}

// octal returns a mode as an event holds it.
func octal(mode perm.Mode) string { return "0" + mode.String() }

// Statements that write an event.
const (
	// claimOperationSQL claims an operation id, which yields no row if it was used before.
	claimOperationSQL = `INSERT INTO operations (id, answer, asker) VALUES ($1, $2, nullif($3, '')) ON CONFLICT DO NOTHING RETURNING id`

	// recordSQL numbers and writes an event, if claimed has a row. A transaction locks counters last, after the claim: that may
	// wait for another transaction, which may need the counter. The time is read under the lock, so that it follows the order
	// of the numbers.
	recordSQL = `
, numbered AS (
	INSERT INTO feeds (project_id, last) SELECT $4::bigint, 1 FROM claimed
	ON CONFLICT (project_id) DO UPDATE SET last = feeds.last + 1 RETURNING last
)
INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, target, detail, operation)
SELECT $4, last, clock_timestamp(), $5, $6, $7, $8, $9::bigint, $10, nullif($11, ''), $12::json, CASE WHEN $3 <> '' THEN $1::uuid END FROM numbered
RETURNING seq`
)

// numbered is the project and number of an event.
type numbered struct{ project, seq int64 }

func scanNumbered(row pgx.CollectableRow) (n numbered, err error) {
	return n, row.Scan(&n.project, &n.seq)
}

// seal does everything before the COMMIT of m's transaction: it claims the operation id, and records the event and those that
// tell other projects of it, in the order of projects, since each needs the lock on a counter. It returns their numbers. It
// fails with errRepeated if the id was used before.
func (fs *FS) seal(ctx context.Context, tx pgx.Tx, m *mutation) (places []numbered, err error) {
	var answer []byte
	if m.answer != nil {
		if answer, err = json.Marshal(m.answer); err != nil {
			return nil, err
		}
	}
	if m.event == nil || fs.unrecorded {
		return nil, claim(ctx, tx, m, answer)
	}
	if len(m.event.told) > 0 {
		return fs.sealTold(ctx, tx, m, answer)
	}
	e, place := m.event, numbered{project: m.event.project}
	err = tx.QueryRow(ctx, `WITH claimed AS (`+claimOperationSQL+`)`+recordSQL, m.id, answer, m.asker,
		e.project, e.op, m.by.user, m.by.credential, m.by.client, e.inode, e.path.String(), e.target.text, e.detail).Scan(&place.seq)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errRepeated
	}
	return []numbered{place}, err
}

// sealTold is seal for an event that other projects are told of, too. There may be many of them, and a transaction that holds their
// counters blocks all writers there, so it uses one statement.
func (fs *FS) sealTold(ctx context.Context, tx pgx.Tx, m *mutation, answer []byte) ([]numbered, error) {
	if err := claim(ctx, tx, m, answer); err != nil {
		return nil, err
	}
	events := []queuedEvent{{event: m.event, by: &m.by}}
	other := origin{user: m.by.user} // credential and host are of no concern to the owners of other projects
	for _, e := range m.event.told {
		events = append(events, queuedEvent{event: e, by: &other})
	}
	var operation *uuid.UUID
	if m.asker != "" {
		operation = &m.id
	}
	args, err := recordArgs(operation, events)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, recordToldSQL, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanNumbered)
}

// claim claims m's operation id. It fails with errRepeated if it was used before.
func claim(ctx context.Context, tx pgx.Tx, m *mutation, answer []byte) error {
	var id uuid.UUID
	err := tx.QueryRow(ctx, claimOperationSQL, m.id, answer, m.asker).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errRepeated
	}
	return err
}

// recorded runs change in a transaction and records the event that it returns, if not nil, as the server's own. It is for what
// the reaper does without a walk.
func (fs *FS) recorded(ctx context.Context, change func(tx pgx.Tx) (*event, error)) error {
	m := &mutation{by: fs.self().origin()}
	var places []numbered
	err := pgx.BeginFunc(ctx, fs.db, func(tx pgx.Tx) (err error) {
		if m.event, err = change(tx); err != nil {
			return err
		}
		if m.id, err = uuid.NewV7(); err != nil {
			return err
		}
		places, err = fs.seal(ctx, tx, m)
		return err
	})
	if err == nil {
		fs.feeds.advance(places)
	}
	return err
}
