package namespace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// HDFS's clients move what they delete into a trash root, <root>/Current/<path>, and the server's emptier deletes it
// later. Since nothing moves between projects, each project has trash roots of its own, as HDFS's encryption zones have
// (DistributedFileSystem.getTrashRoot): <project>/.Trash/<user>. Outside projects the root is <home>/.Trash.
//
// Once per interval the emptier renames Current to a checkpoint named after that moment, and deletes the checkpoints that are an
// interval old, give or take the minute that it may be late. So the trash keeps what was deleted for at least an interval less a
// minute, and at most two intervals and a minute. It keeps it longer if no server ran when an interval began, and an hour more or
// less if clocks were set back or forward meanwhile: checkpoints are named after the local time, as HDFS's clients name and read
// them.
// Source: TrashPolicyDefault of Hadoop 3.4.
const (
	trashName    = ".Trash"
	trashCurrent = "Current"

	// trashMode lets the members of a project make their trash roots, and touch only their own.
	trashMode perm.Mode = 0o1770

	// checkpointName is TrashPolicyDefault's yyMMddHHmmss, in local time.
	checkpointName = "060102150405"

	// trashEvery is how often the emptier checks whether an interval is over, so it may be that much later in one interval than in
	// the next.
	trashEvery = time.Minute
	// trashSetting is the setting that holds when the emptier last ran, in seconds since 1970, by the database's clock.
	trashSetting = "trash emptied"
)

// TrashInterval returns the trash interval: what was deleted is kept for at least that long, less a minute. If it is 0, there is no
// trash, and clients delete at once.
func (fs *FS) TrashInterval() time.Duration { return fs.trash }

// TrashRoot returns the principal's trash root for what path names, which need not exist. It needs read on the directory
// above, if that exists (FSNamesystem.getEZForPath).
func (s *Session) TrashRoot(ctx context.Context, path Path) (Path, error) {
	root := s.Home().Join(trashName)
	err := s.look(ctx, path.Parent(), Need{Node: perm.Read}, func(c *chain) error {
		for i := range c.nodes {
			if c.nodes[i].project != 0 {
				root = c.pathOf(i).Join(trashName).Join(s.p.User)
				break
			}
		}
		return nil
	})
	return root, s.dress("trash root", path, err)
}

// TrashRoot is a trash root that exists.
type TrashRoot struct {
	Path   Path
	Status Status
}

// trashRootsAtOnce is how many trash roots are looked at in one statement.
const trashRootsAtOnce = 256

// TrashRoots returns the principal's trash roots that exist, or everybody's, as far as the principal may see them.
func (s *Session) TrashRoots(ctx context.Context, everybody bool) ([]TrashRoot, error) {
	roots, err := s.trashRootsSeen(ctx, everybody)
	return roots, s.dress("trash roots", Path{}, err)
}

func (s *Session) trashRootsSeen(ctx context.Context, everybody bool) (seen []TrashRoot, err error) {
	if err := (&walker{ctx: ctx, s: s}).renewed(); err != nil {
		return nil, err
	}
	paths, err := s.trashRoots(ctx, everybody)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(paths, trashRootsAtOnce) {
		var found []TrashRoot
		if err := steadily(ctx, func() error {
			found, err = s.lookAtTrash(ctx, some)
			return err
		}); err != nil {
			return nil, err
		}
		seen = append(seen, found...)
	}
	return seen, nil
}

// lookAtTrash returns the trash roots among paths that the principal may see and that still exist.
func (s *Session) lookAtTrash(ctx context.Context, paths []Path) (seen []TrashRoot, err error) {
	w := &walker{ctx: ctx, s: s}
	all, err := w.find(paths...)
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		err := w.settle(c, Need{})
		switch {
		case errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist): // it is left out
		case err != nil:
			return nil, err
		case c.node() != nil:
			seen = append(seen, TrashRoot{paths[i], c.node().status("")})
		}
	}
	return seen, nil
}

// trashRootsSQL returns SQL that finds the trash roots that exist, except those of archived and deleted projects, in the order of
// paths: of all users, or of the user $6. Unless the principal is a superuser ($7), it leaves out trash roots that they certainly
// may not reach, in homes and projects that they may not enter.
func trashRootsSQL(home, trash string) string {
	return `
SELECT $3 || '/' || h.name || '/' || $5 AS path
FROM inodes u
JOIN inodes h ON h.project_id = 0 AND h.parent_id = u.id` + home + ` AND ($7 OR ` + perhapsOpenSQL("h") + `)
JOIN inodes t ON t.project_id = 0 AND t.parent_id = h.id AND t.name = $5 AND t.kind = 'd'
WHERE u.project_id = 0 AND u.parent_id = $1 AND u.name = substr($3, 2)
UNION ALL
SELECT $4 || '/' || projects.name || '/' || $5 || '/' || t.name
FROM projects
JOIN inodes h ON h.project_id = projects.id AND h.id = projects.root
JOIN inodes d ON d.project_id = projects.id AND d.parent_id = projects.root AND d.name = $5 AND d.kind = 'd'
JOIN inodes t ON t.project_id = projects.id AND t.parent_id = d.id` + trash + ` AND t.kind = 'd'
WHERE projects.id <> 0 AND projects.state = 'a' AND ($7 OR ` + perhapsOpenSQL("h") + `
	OR EXISTS (SELECT FROM members m WHERE m.project_id = projects.id AND m.user_id = $2) OR ` + knownSQL + `)
ORDER BY path`
}

// perhapsOpenSQL returns an expression for whether mode or ACL might give the user $6, of the groups $8, a right on an inode.
func perhapsOpenSQL(inode string) string {
	return strings.ReplaceAll(`i.mode & 7 <> 0 OR i.acl IS NOT NULL OR i.owner = $6 OR i.grp = ANY($8)`, "i.", inode+".")
}

var (
	allTrashRootsSQL = trashRootsSQL("", "")
	ownTrashRootsSQL = trashRootsSQL(" AND h.name = $6", " AND t.name = $6")
)

// trashRoots returns the paths of trash roots, the principal's own or all, except some that the principal may not see.
func (s *Session) trashRoots(ctx context.Context, everybody bool) ([]Path, error) {
	sql := ownTrashRootsSQL
	if everybody {
		sql = allTrashRootsSQL
	}
	rows, err := s.fs.db.Query(ctx, sql, RootID, s.p.UserID, homesDir, ProjectsDir, trashName, s.p.User, s.p.Superuser, s.p.Groups)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (at Path, err error) {
		return at, row.Scan(&at.text)
	})
}

// lacksTrash reports whether c ended because its project has no directory for trash yet, and the principal may put
// something there.
func (s *Session) lacksTrash(c *chain) bool {
	const top = 2 // the depth of a project's top directory
	if len(c.nodes) != top+1 || len(c.names) <= top+1 || c.names[top] != trashName || c.names[top+1] != s.p.User {
		return false
	}
	project := c.nodes[top].project
	role := c.projects[project].role
	return project != 0 && (s.p.Superuser || role == Owner || role == Scientist) &&
		(&walker{s: s}).inScope(c, Need{Change: true}) == nil && c.inUse(Need{Change: true}) == nil
}

// ownsTrash fails if c leads into the principal's trash root in a project, and that belongs to somebody else: any member can make one, and
// directories in it, which would open what is put there to whomever its maker wants.
func (w *walker) ownsTrash(c *chain) error {
	const at = 4 // depth of a trash root
	if len(c.nodes) <= at || c.nodes[at].project == 0 || !c.path.InTrash() || c.names[at-1] != w.s.p.User {
		return nil
	}
	if owner := c.nodes[at].owner; owner != w.s.p.User && owner != w.s.fs.superuser {
		return fail(IO, "%s is in the way of your trash: it belongs to %s; remove it", c.path.prefix(at), owner)
	}
	return nil
}

// EmptyTrash begins new checkpoints and deletes old ones if an interval has passed since that was last done by any
// server; intervals are counted from 1970, so that they begin at round times. It may run any number of times at once.
//
// The database's clock counts: a server whose clock is ahead would empty everybody's trash, and record a time that binds all
// servers.
func (fs *FS) EmptyTrash(ctx context.Context) error {
	if fs.trash == 0 {
		return nil
	}
	now, last, err := fs.trashEmptied(ctx)
	if err != nil {
		return err
	}
	return fs.emptyTrash(ctx, now, last)
}

// emptyTrash is EmptyTrash at the moment now, after it was last done at the moment last, zero if it never was.
func (fs *FS) emptyTrash(ctx context.Context, now, last time.Time) error {
	var failed []error
	switch {
	case last.After(now):
		// It is not known when it was done, and what looks old may have been deleted a minute ago.
		fs.log.WarnContext(ctx, "the trash was last emptied in the future; nothing is deleted, and intervals are counted from now on", "emptied", last, "now", now)
	case last.IsZero():
	case !now.Truncate(fs.trash).After(last):
		return nil
	default:
		roots, err := fs.self().trashRoots(ctx, true)
		if err != nil {
			return err
		}
		// A root that cannot be emptied must not prevent the others from being emptied, nor make them begin a checkpoint each
		// minute.
		for _, root := range roots {
			if err := fs.emptyRoot(ctx, root, now); err != nil {
				failed = append(failed, fmt.Errorf("trash at %s: %w", root, err))
			}
		}
	}
	return errors.Join(append(failed, fs.aside(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			trashSetting, strconv.AppendInt(nil, now.Unix(), 10))
		return err
	}))...)
}

// trashEmptied returns what time it is, by the database's clock, and when the emptier last ran, zero if it never did.
func (fs *FS) trashEmptied(ctx context.Context) (now, last time.Time, err error) {
	var text []byte
	err = fs.db.QueryRow(ctx, `SELECT now(), (SELECT value FROM settings WHERE name = $1)`, trashSetting).Scan(&now, &text)
	if err != nil || text == nil {
		return now, last, err
	}
	seconds, err := strconv.ParseInt(string(text), 10, 64)
	return now, time.Unix(seconds, 0), err
}

// emptyRoot deletes the old checkpoints of one trash root and begins a new one.
func (fs *FS) emptyRoot(ctx context.Context, root Path, now time.Time) error {
	s := fs.self()
	var old []Path
	current := false
	early := min(trashEvery, fs.trash/2) // a checkpoint some seconds too young would stay for another interval
	err := s.List(ctx, root, func(entry Status) error {
		made, ok := checkpointTime(entry.Name)
		if ok && !made.Add(fs.trash-early).After(now) {
			old = append(old, root.Join(entry.Name))
		}
		current = current || entry.Name == trashCurrent
		return nil
	})
	if err != nil {
		return gone(err)
	}
	var failed []error
	for _, path := range old {
		_, err := s.Delete(ctx, path, true)
		failed = append(failed, err)
	}
	if current {
		failed = append(failed, gone(s.beginCheckpoint(ctx, root, now.Local().Format(checkpointName))))
	}
	return errors.Join(failed...)
}

// checkpointTries bounds the checkpoints of one second, as TrashPolicyDefault does.
const checkpointTries = 1000

// beginCheckpoint renames Current to name. If that is taken, a number is appended, as by HDFS's expunge.
func (s *Session) beginCheckpoint(ctx context.Context, root Path, name string) error {
	var err error
	for try := range checkpointTries {
		to := name
		if try > 0 {
			to += "-" + strconv.Itoa(try)
		}
		if err = s.Move(ctx, root.Join(trashCurrent), root.Join(to), MoveOptions{}); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return err
}

// gone ignores that something does not exist any more: its user, or another server, was faster.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// checkpointTime returns when a checkpoint was begun, and whether name is that of one.
func checkpointTime(name string) (time.Time, bool) {
	stamp, _, _ := strings.Cut(name, "-")
	made, err := time.ParseInLocation(checkpointName, stamp, time.Local)
	return made, err == nil
}
