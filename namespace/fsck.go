package namespace

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/blocks/seal"
)

// Problem is something that Fsck found broken.
type Problem struct {
	Check string // which rule is broken
	What  string // the inode, block or row that breaks it
}

// String returns the rule that is broken, and where.
func (p Problem) String() string { return p.Check + ": " + p.What }

// Report is what Fsck found.
type Report struct {
	Directories int64
	Files       int64
	Blocks      int64 // live ones
	Garbage     int64 // blocks that wait for the reaper, and pending ones of running uploads
	BytesRead   int64 // bytes of content that was decrypted and compared with its checksum parts
	Orphans     int64 // blocks in the store without a row; an upload that died between two steps leaves some
	Problems    []Problem
}

// FsckOptions choose how deep Fsck looks.
type FsckOptions struct {
	ReadData bool // read and decrypt all content, and compare it with the stored checksum parts
	// Progress, if not nil, is called often while content is read, with the number of files and bytes read so far.
	Progress func(files, bytes int64)
}

// fsckChecks are rules that one statement can check. Each statement returns one text per violation.
var fsckChecks = []struct{ rule, sql string }{
	{"an inode's parent exists", `
		SELECT format('inode %s of project %s names parent %s', c.id, c.project_id, c.parent_id) FROM inodes c
		WHERE c.parent_id > 0 AND NOT EXISTS (SELECT 1 FROM inodes p WHERE p.project_id = c.project_id AND p.id = c.parent_id AND p.kind = 'd')`},
	{"an inode without a parent is the root of a project or waits for the reaper or for a job", `
		SELECT format('inode %s of project %s', i.id, i.project_id) FROM inodes i
		WHERE (i.parent_id = 0 AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = i.project_id AND p.root = i.id))
		OR (i.parent_id IS NULL AND NOT EXISTS (SELECT 1 FROM detached d WHERE d.project_id = i.project_id AND d.inode_id = i.id)
			AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.project_id = i.project_id AND j.staged = i.id AND j.state IN ('queued', 'running')))`},
	{"an entry has a name that a path can hold", `
		SELECT format('inode %s of project %s is called %L', id, project_id, left(name, 300)) FROM inodes
		WHERE parent_id > 0 AND (name IN ('', '.', '..') OR name LIKE '%/%' OR octet_length(name) > ` + strconv.Itoa(MaxName) + `)`},
	{"every inode can be reached", `
		WITH RECURSIVE reach AS (
			SELECT project_id, id FROM inodes WHERE parent_id = 0 OR parent_id IS NULL
			UNION
			SELECT c.project_id, c.id FROM reach r JOIN inodes c ON c.project_id = r.project_id AND c.parent_id = r.id
		)
		SELECT format('inode %s of project %s', id, project_id) FROM (SELECT project_id, id FROM inodes EXCEPT SELECT * FROM reach) AS lost`},
	{"a project has a root, a mount and a key", `
		SELECT format('project %s', p.id) FROM projects p
		WHERE NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = p.id AND i.id = p.root AND i.kind = 'd')
		OR (p.id <> 0 AND p.state <> 'd' AND (p.id, p.root) NOT IN (
			SELECT target_project, target_id FROM inodes WHERE kind = 'm' AND target_project IS NOT NULL AND target_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) = 1))
		OR NOT EXISTS (SELECT 1 FROM project_keys k WHERE k.project_id = p.id)`},
	{"a directory counts its children", `
		SELECT format('directory %s of project %s counts %s and has %s', i.id, i.project_id, coalesce(d.children, 0), n.n)
		FROM inodes i LEFT JOIN dirs d ON d.project_id = i.project_id AND d.id = i.id
		CROSS JOIN LATERAL (SELECT count(*) AS n FROM inodes c WHERE c.project_id = i.project_id AND c.parent_id = i.id) n
		WHERE i.kind = 'd' AND i.parent_id IS NOT NULL AND coalesce(d.children, 0) <> n.n`},
	{"counters belong to directories", `
		SELECT format('counters of %s in project %s', d.id, d.project_id) FROM dirs d
		WHERE NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = d.project_id AND i.id = d.id AND i.kind = 'd')`},
	{"a file's content covers it once and without gaps", `
		WITH parts AS (
			SELECT project_id, inode_id, off, len::bigint FROM contents
			UNION ALL SELECT project_id, inode_id, off, len FROM extents
		), placed AS (
			SELECT *, lag(off + len, 1, 0::bigint) OVER (PARTITION BY project_id, inode_id ORDER BY off) AS before FROM parts
		), whole AS (
			SELECT project_id, inode_id, max(off + len) AS size, bool_and(off = before AND len > 0) AS sound FROM placed GROUP BY 1, 2
		)
		SELECT format('file %s of project %s: %s bytes', i.id, i.project_id, i.size) FROM inodes i
		LEFT JOIN whole w ON w.project_id = i.project_id AND w.inode_id = i.id
		WHERE i.kind = 'f' AND (coalesce(w.size, 0) <> i.size OR NOT coalesce(w.sound, true))`},
	{"content belongs to a file", `
		SELECT format('content of inode %s in project %s', c.inode_id, c.project_id) FROM (
			SELECT project_id, inode_id FROM contents UNION SELECT project_id, inode_id FROM extents UNION SELECT project_id, inode_id FROM sums) c
		WHERE NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = c.project_id AND i.id = c.inode_id AND i.kind = 'f')
		AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.project_id = c.project_id AND u.inode_id = c.inode_id)`},
	{"what has come of an upload is there", `
		SELECT format('upload %s: %s bytes, extents have %s', u.id, u.size, n.len) FROM uploads u,
			LATERAL (SELECT coalesce(sum(len), 0) AS len FROM extents e WHERE e.project_id = u.project_id AND e.inode_id = u.inode_id) n
		WHERE u.size <> n.len OR EXISTS (SELECT FROM inodes i WHERE i.project_id = u.project_id AND i.id = u.inode_id)`},
	{"checksum parts cover no more than the file", `
		SELECT format('file %s of project %s', i.id, i.project_id) FROM sums s
		JOIN inodes i ON i.project_id = s.project_id AND i.id = s.inode_id WHERE s.size > i.size`},
	{"an extent lies in a live block of its project", `
		SELECT format('extent at %s of inode %s: block %s', e.off, e.inode_id, e.block_id) FROM extents e
		LEFT JOIN blocks b ON b.id = e.block_id
		WHERE b.id IS NULL OR b.state NOT IN ('o', 'l') OR b.project_id <> e.project_id OR e.block_off + e.len > b.size`},
	{"a block knows how much of it is used", `
		SELECT format('block %s: %s bytes, extents have %s', b.id, b.live, n.len) FROM blocks b,
			LATERAL (SELECT coalesce(sum(len), 0) AS len FROM extents e WHERE e.block_id = b.id) n
		WHERE b.state = 'l' AND b.live <> n.len OR b.state = 'o' AND b.live < n.len`},
	{"a live block is used", `
		SELECT format('block %s', b.id) FROM blocks b WHERE b.state = 'l' AND NOT EXISTS (SELECT 1 FROM extents e WHERE e.block_id = b.id)`},
	{"a lease and its file name each other", `
		SELECT format('lease %s of inode %s in project %s', l.id, l.inode_id, l.project_id) FROM leases l
		WHERE NOT EXISTS (SELECT 1 FROM inodes i WHERE i.project_id = l.project_id AND i.id = l.inode_id AND i.kind = 'f' AND i.lease = l.id)
		UNION ALL
		SELECT format('inode %s of project %s under lease %s', i.id, i.project_id, i.lease) FROM inodes i
		WHERE i.lease IS NOT NULL AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.project_id = i.project_id AND l.inode_id = i.id)`},
	{"the events of a project are numbered without gaps up to the last", `
		SELECT format('project %s: %s events from %s to %s, the last is %s', n.project_id, n.events, n.first, n.newest, coalesce(f.last, 0))
		FROM (SELECT project_id, count(*) AS events, min(seq) AS first, max(seq) AS newest FROM events GROUP BY 1) n
		LEFT JOIN feeds f ON f.project_id = n.project_id
		WHERE n.newest - n.first + 1 <> n.events OR n.newest IS DISTINCT FROM f.last`},
	{"a file is empty until its first content has come", `
		SELECT format('inode %s of project %s: %s bytes', i.id, i.project_id, i.size) FROM leases l
		JOIN inodes i ON i.project_id = l.project_id AND i.id = l.inode_id WHERE l.newborn AND i.size > 0`},
}

// fsckLimit bounds how many violations of one rule are reported.
const fsckLimit = 100

// Fsck checks the references between names, content and blocks, and that the store holds every live
// block. It changes nothing and may run at any time. Each rule is checked on a snapshot of its own: with one snapshot for all, which would
// last for minutes, the database would have to keep all versions of the rows that every commit changes.
func (fs *FS) Fsck(ctx context.Context, o FsckOptions) (Report, error) {
	var report Report
	err := checkNames(ctx, fs.db, &report)
	if err == nil {
		err = fs.checkUsage(ctx, &report)
	}
	if err == nil {
		err = fs.checkStored(ctx, &report)
	}
	if err != nil || !o.ReadData {
		return report, err
	}
	return report, fs.readAll(ctx, &report, o.Progress)
}

// checkNames applies fsckChecks.
func checkNames(ctx context.Context, db interface {
	querier
	rowQuerier
}, report *Report,
) error {
	if err := db.QueryRow(ctx, `SELECT count(*) FILTER (WHERE kind = 'd'), count(*) FILTER (WHERE kind = 'f') FROM inodes`).
		Scan(&report.Directories, &report.Files); err != nil {
		return err
	}
	for _, check := range fsckChecks {
		rows, err := db.Query(ctx, `SELECT * FROM (`+check.sql+`) AS violations LIMIT $1`, fsckLimit)
		if err != nil {
			return fmt.Errorf("check %q: %w", check.rule, err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("check %q: %w", check.rule, err)
		}
		for _, what := range found {
			report.Problems = append(report.Problems, Problem{check.rule, what})
		}
	}
	return nil
}

// stored lists what the store holds. It runs before the blocks' rows are read: a block that is stored in between is then only missing
// from the list, and such blocks are looked up one by one.
func (fs *FS) stored(ctx context.Context) (map[blocks.ID]int64, error) {
	stored := map[blocks.ID]int64{} // sizes
	for info, err := range fs.store.List(ctx) {
		if err != nil {
			return nil, err
		}
		stored[info.ID] = info.Size
	}
	return stored, nil
}

func (fs *FS) checkStored(ctx context.Context, report *Report) error {
	stored, err := fs.stored(ctx)
	if err != nil {
		return err
	}
	rows, err := fs.db.Query(ctx, `SELECT id, state, size FROM blocks`)
	if err != nil {
		return err
	}
	var (
		id      blocks.ID
		state   byte
		size    int64
		missing []blocks.ID
	)
	if _, err := pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &state, &size}, func() error {
		if state != 'l' && state != 'o' {
			report.Garbage++
		} else {
			report.Blocks++
			switch is, there := stored[id]; {
			case !there:
				missing = append(missing, id)
			case is != seal.SealedSize(size):
				report.Problems = append(report.Problems, Problem{"the store holds every live block", fmt.Sprintf("block %s: %d bytes are stored, and %d should be", id, is, seal.SealedSize(size))})
			}
		}
		delete(stored, id)
		return nil
	}); err != nil {
		return err
	}
	report.Orphans = int64(len(stored))
	for _, id := range missing {
		r, err := fs.store.Open(ctx, id, 0, 0)
		if errors.Is(err, blocks.ErrUnavailable) {
			return err
		}
		if err != nil {
			// It may have been deleted since, and its grace time have passed.
			var live bool
			if err := fs.db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM blocks WHERE id = $1 AND state IN ('o', 'l'))`, id).Scan(&live); err != nil {
				return err
			}
			if !live {
				continue
			}
			report.Problems = append(report.Problems, Problem{"the store holds every live block", fmt.Sprintf("block %s: %v", id, err)})
			continue
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}
