package namespace

import (
	"context"
	"iter"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"granary/blocks/seal"
)

// effects are changes of rows, said as data, so that those of several mutations are made by the same few statements. All
// that they touch is locked and verified by then.
type effects struct {
	gone   []*node    // files that end, with their content; their gen is relied on, or 0
	left   []entry    // entries that end, or lead elsewhere, without anything in their place
	moved  []newPlace // inodes that get another entry
	born   []newborn  // inodes that are made
	rows   []sealedRow
	packed []placed
	raised []key // of born, whose gen is another than that of content that a file came with
	visits []visit
}

// entries yields those that e makes.
func (e *effects) entries() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for i := range e.born {
			if !yield(entry{e.born[i].parent, e.born[i].name}) {
				return
			}
		}
		for _, p := range e.moved {
			if !yield(entry{key{p.inode.project, p.to}, p.name}) {
				return
			}
		}
	}
}

// newPlace gives an inode, which is an entry of the directory from, another one.
type newPlace struct {
	inode    *node
	from, to int64
	name     string
}

// sealedRow is content that is kept beside its inode.
type sealedRow struct {
	inode      key
	off        int64
	length     int
	keyVersion int32
	sealed     []byte
}

// sealRow seals p, the content of inode from offset off on.
func sealRow(inode key, off int64, p []byte, k seal.Key) sealedRow {
	return sealedRow{inode, off, len(p), k.Version(), k.SealRow(nil, p, seal.Row{Inode: inode.id, Offset: off})}
}

// visit records that children of dir came (delta above 0), went, or were exchanged.
type visit struct {
	dir     key
	path    Path // for a refusal
	mtime   int64
	delta   int64
	limited bool // it is refused if the directory would have more children than it may
}

// visitsSQL counts children in directories, in the order in which they are given. Time never
// runs backwards, as in HDFS's INode.updateModificationTime. Where more came than went and there would be more than $5, it
// fails with the code GR001.
var visitsSQL = `
INSERT INTO dirs (project_id, id, mtime, children)
SELECT project_id, id, mtime, CASE WHEN delta > $5 THEN too_many_children() ELSE delta END
FROM ` + rowsSQL("v", 1, "project_id bigint", "id bigint", "mtime bigint", "delta bigint") + `
ON CONFLICT (project_id, id) DO UPDATE SET mtime = greatest(dirs.mtime, excluded.mtime),
	children = CASE WHEN excluded.children > 0 AND dirs.children + excluded.children > $5 THEN too_many_children()
		ELSE dirs.children + excluded.children END`

// queueEffects adds to batch what makes all. No directory may come to have more than most children; seen gets how many there
// are in each, unless it is nil.
func queueEffects(batch *pgx.Batch, all []*effects, most int64, seen func(dir key, children int64)) {
	var packed []placed
	queueGone(batch, all)
	queueMoved(batch, all)
	queueBorn(batch, all)
	queueRows(batch, all)
	var raised []key
	for _, e := range all {
		packed, raised = append(packed, e.packed...), append(raised, e.raised...)
	}
	queuePacked(batch, packed)
	if len(raised) > 0 {
		projects, ids := columns(raised)
		batch.Queue(`UPDATE inodes i SET gen = gen + 1 FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id)
			WHERE i.project_id = k.project_id AND i.id = k.id`, projects, ids).Exec(exactly(len(raised)))
	}
	visits := mergeVisits(all)
	if len(visits) == 0 {
		return
	}
	var projects, ids, times, deltas []int64
	for _, v := range visits {
		projects, ids, times, deltas = append(projects, v.dir.project), append(ids, v.dir.id), append(times, v.mtime), append(deltas, v.delta)
	}
	if seen == nil {
		batch.Queue(visitsSQL, projects, ids, times, deltas, most)
		return
	}
	batch.Queue(visitsSQL+` RETURNING project_id, id, children`, projects, ids, times, deltas, most).Query(func(rows pgx.Rows) error {
		var (
			dir      key
			children int64
		)
		_, err := pgx.ForEachRow(rows, []any{&dir.project, &dir.id, &children}, func() error {
			seen(dir, children)
			return nil
		})
		return err
	})
}

// mergeVisits returns one visit for each directory, in the order of ids, in which rows of dirs are locked.
func mergeVisits(all []*effects) []visit {
	at := map[key]int{}
	var merged []visit
	for _, e := range all {
		for _, v := range e.visits {
			i, ok := at[v.dir]
			if !ok {
				at[v.dir] = len(merged)
				merged = append(merged, v)
				continue
			}
			merged[i].delta += v.delta
			merged[i].mtime = max(merged[i].mtime, v.mtime)
		}
	}
	slices.SortFunc(merged, func(a, b visit) int {
		if a.dir.id < b.dir.id {
			return -1
		}
		return 1
	})
	return merged
}

// exactly turns a statement that must have changed n rows into errStale when it did not.
func exactly(n int) func(pgconn.CommandTag) error {
	return func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != int64(n) {
			return errStale
		}
		return nil
	}
}

// queueGone removes files and their content. Their blocks stay for readers that are under way until the reaper's grace has
// passed.
func queueGone(batch *pgx.Batch, all []*effects) {
	var gone, small, full, leased []key
	for _, e := range all {
		for _, n := range e.gone {
			gone = append(gone, n.key())
			switch {
			case n.gen == firstGen && n.size == 0: // it never had content
			case n.gen == firstGen && n.size <= RowMax: // that it came with, in one row
				small = append(small, n.key())
			default:
				full = append(full, n.key())
			}
			if n.lease != 0 {
				leased = append(leased, n.key())
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	projects, ids := columns(gone)
	batch.Queue(`DELETE FROM inodes USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		LATERAL (SELECT ctid FROM inodes i WHERE `+byKeySQL+`) AS gone WHERE inodes.ctid = gone.ctid`, projects, ids).Exec(exactly(len(gone)))
	if len(leased) > 0 {
		projects, ids := columns(leased)
		batch.Queue(`DELETE FROM leases l USING unnest($1::bigint[], $2::bigint[]) AS gone (project_id, id)
			WHERE l.project_id = gone.project_id AND l.inode_id = gone.id`, projects, ids)
	}
	if len(small) > 0 {
		projects, ids := columns(small)
		batch.Queue(dropRowsSQL, projects, ids).Exec(exactly(len(small)))
	}
	if len(full) > 0 {
		queueDropContent(batch, full)
	}
}

// dropRowsSQL removes the content of files that is in one row. For the order see byKeySQL: the database planned it anew each time
// otherwise.
const dropRowsSQL = `DELETE FROM contents USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
	LATERAL (SELECT ctid FROM contents c WHERE c.project_id = k.project_id AND c.inode_id >= k.id AND c.inode_id <= k.id ORDER BY c.inode_id, c.off LIMIT 1) AS gone
	WHERE contents.ctid = gone.ctid`

func queueMoved(batch *pgx.Batch, all []*effects) {
	var (
		projects, ids, from, to []int64
		names                   []string
	)
	for _, e := range all {
		for _, p := range e.moved {
			projects, ids = append(projects, p.inode.project), append(ids, p.inode.id)
			from, to, names = append(from, p.from), append(to, p.to), append(names, p.name)
		}
	}
	if len(ids) == 0 {
		return
	}
	batch.Queue(`WITH moved AS (UPDATE inodes SET parent_id = k.parent_id, name = k.name, version = version + 1
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS k (project_id, id, old_parent, parent_id, name),
			LATERAL (SELECT ctid FROM inodes i WHERE `+byKeySQL+`) AS old
		WHERE inodes.ctid = old.ctid AND inodes.parent_id = k.old_parent RETURNING inodes.project_id, inodes.id)
		INSERT INTO unindexed SELECT project_id, id FROM moved`,
		projects, ids, from, to, names).Exec(exactly(len(ids)))
}

// bornSQL makes inodes. It fails with a unique violation if an entry is taken.
var bornSQL = `
INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, acl, size, mtime, atime, replication, block_size, lease)
SELECT project_id, id, parent_id, name, kind::"char", mode, owner, grp, acl, size, mtime, atime, replication, block_size, nullif(lease, 0)
FROM ` + rowsSQL("n", 1, "project_id bigint", "id bigint", "parent_id bigint", "name text", "kind text", "mode smallint", "owner text", "grp text",
	"acl text", "size bigint", "mtime bigint", "atime bigint", "replication smallint", "block_size bigint", "lease bigint")

func queueBorn(batch *pgx.Batch, all []*effects) {
	var (
		projects, ids, parents, sizes, mtimes, atimes, blockSizes, leases []int64
		names, owners, groups                                             []string
		kinds                                                             []string
		modes, replications                                               []int16
		acls                                                              []*string
	)
	for _, e := range all {
		for i := range e.born {
			b := &e.born[i]
			projects, ids, parents, names = append(projects, b.project), append(ids, b.id), append(parents, b.parent.id), append(names, b.name)
			kinds, modes, owners, groups = append(kinds, string(rune(b.kind))), append(modes, int16(b.perms.Mode)), append(owners, b.owner), append(groups, b.group)
			acls, sizes, mtimes, atimes = append(acls, aclColumn(b.perms)), append(sizes, b.size), append(mtimes, b.mtime), append(atimes, b.atime)
			replications, blockSizes, leases = append(replications, int16(b.replication)), append(blockSizes, b.blockSize), append(leases, b.lease)
		}
	}
	if len(ids) > 0 {
		batch.Queue(bornSQL, projects, ids, parents, names, kinds, modes, owners, groups, acls, sizes, mtimes, atimes, replications, blockSizes, leases)
	}
}

// contentsSQL keeps content beside inodes.
var contentsSQL = `
INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed)
SELECT project_id, inode_id, off, len, key_version, sealed
FROM ` + rowsSQL("r", 1, "project_id bigint", "inode_id bigint", "off bigint", "len int", "key_version int", "sealed bytea")

func queueRows(batch *pgx.Batch, all []*effects) {
	var (
		projects, ids, offs []int64
		lengths, versions   []int32
		sealed              [][]byte
	)
	for _, e := range all {
		for i := range e.rows {
			r := &e.rows[i]
			projects, ids, offs = append(projects, r.inode.project), append(ids, r.inode.id), append(offs, r.off)
			lengths, versions, sealed = append(lengths, int32(r.length)), append(versions, r.keyVersion), append(sealed, r.sealed)
		}
	}
	if len(ids) > 0 {
		batch.Queue(contentsSQL, projects, ids, offs, lengths, versions, sealed)
	}
}

// run makes e, whatever number of children that gives directories.
func (e *effects) run(ctx context.Context, tx pgx.Tx) error {
	_, err := e.count(ctx, tx)
	return err
}

// count is run, and returns how many children the directories have that e visits.
func (e *effects) count(ctx context.Context, tx pgx.Tx) (map[key]int64, error) {
	children := map[key]int64{}
	batch := &pgx.Batch{}
	queueEffects(batch, []*effects{e}, math.MaxInt64, func(dir key, n int64) { children[dir] = n })
	err := tx.SendBatch(ctx, batch).Close()
	if sqlState(err) == blockIsGone {
		err = collected()
	}
	return children, err
}

// make makes e, and says in the words for it which directory is full.
func (fs *FS) make(ctx context.Context, tx pgx.Tx, e *effects) error {
	children, err := e.count(ctx, tx)
	if err != nil {
		return err
	}
	for _, v := range e.visits {
		if v.limited && children[v.dir] > fs.maxChildren {
			return tooManyChildren(v.path, fs.maxChildren, children[v.dir]-v.delta)
		}
	}
	return nil
}

// tooManyChildren refuses more children of the directory dir, which has n. Source: FSDirectory.verifyMaxDirItems of Hadoop 3.4.
func tooManyChildren(dir Path, most, n int64) error {
	return fail(TooManyChildren, "The directory item limit of %s is exceeded: limit=%d items=%d", dir, most, n)
}
