package namespace

import (
	"context"
	"iter"
	"math"
	"strings"

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

// queueEffects adds to batch what makes all. No directory may come to have more than most children; seen gets how many there
// are in each, and where its counter lies, unless it is nil. counters are where those lie as far as that is known; nil, or without seen: it is not.
func queueEffects(batch *pgx.Batch, all []*effects, most int64, seen func(dirCount), counters func([]visit) []tid) {
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
		batch.Queue(raisedSQL, projects, ids).Exec(exactly(len(raised)))
	}
	if visits := mergeVisits(all); len(visits) > 0 {
		queueVisits(batch, visits, most, seen, counters)
	}
}

// exactly turns a statement that must have changed n rows into errStale when it did not: who holds no lock on one may find it changed
// meanwhile. What is committed in the same message, and holds them, is told of a row that is not there by orNoneSQL.
func exactly(n int) func(pgconn.CommandTag) error {
	return func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != int64(n) {
			return errStale
		}
		return nil
	}
}

// orNoneSQL is the place of the row that the first of some subqueries finds. Without one the statement fails with the code notAsDecided: the
// database has to see that, since a batch's COMMIT is sent with it.
func orNoneSQL(subqueries ...string) string {
	return `LATERAL (SELECT coalesce(` + strings.Join(subqueries, ", ") + `, not_as_decided()::text::tid) AS ctid)`
}

// queueGone removes files and their content. Their blocks stay for readers that are under way until the reaper's grace has
// passed.
func queueGone(batch *pgx.Batch, all []*effects) {
	var (
		gone, small, full, leased []key
		places                    []tid
	)
	for _, e := range all {
		for _, n := range e.gone {
			gone, places = append(gone, n.key()), append(places, n.at)
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
	batch.Queue(goneSQL, projects, ids, places).Exec(exactly(len(gone)))
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

var (
	// goneSQL removes inodes.
	goneSQL = `DELETE FROM inodes USING ` + rowsSQL("k", 1, "project_id bigint", "id bigint", "at tid") + `,
		` + orNoneSQL(atPlaceSQL("ctid"), `(SELECT ctid FROM inodes i WHERE `+byKeySQL+`)`) + ` AS gone WHERE inodes.ctid = gone.ctid`

	// dropRowsSQL removes the content of files that is in one row. For the order see byKeySQL: the database planned it anew each time
	// otherwise.
	dropRowsSQL = `DELETE FROM contents USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		` + orNoneSQL(`(SELECT ctid FROM contents c WHERE c.project_id = k.project_id AND c.inode_id >= k.id AND c.inode_id <= k.id ORDER BY c.inode_id, c.off LIMIT 1)`) + ` AS gone
		WHERE contents.ctid = gone.ctid`

	// raisedSQL gives inodes the next gen.
	raisedSQL = `UPDATE inodes SET gen = gen + 1 FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		` + orNoneSQL(`(SELECT ctid FROM inodes i WHERE `+byKeySQL+`)`) + ` AS old WHERE inodes.ctid = old.ctid`

	// movedSQL gives inodes other entries than those in k.old_parent.
	movedSQL = `WITH moved AS (UPDATE inodes SET parent_id = k.parent_id, name = k.name, version = version + 1
		FROM ` + rowsSQL("k", 1, "project_id bigint", "id bigint", "old_parent bigint", "parent_id bigint", "name text", "at tid") + `,
			` + orNoneSQL(atPlaceSQL(fromSQL), `(SELECT `+fromSQL+` FROM inodes i WHERE `+byKeySQL+`)`) + ` AS old
		WHERE inodes.ctid = old.ctid RETURNING inodes.project_id, inodes.id)
		INSERT INTO unindexed SELECT project_id, id FROM moved`
)

// fromSQL is where the inode i lies if it is an entry of the directory k.old_parent.
const fromSQL = `CASE WHEN i.parent_id = k.old_parent THEN ctid END`

func queueMoved(batch *pgx.Batch, all []*effects) {
	var moved []*newPlace
	for _, e := range all {
		for i := range e.moved {
			moved = append(moved, &e.moved[i])
		}
	}
	if len(moved) == 0 {
		return
	}
	batch.Queue(movedSQL,
		column(moved, func(p *newPlace) int64 { return p.inode.project }),
		column(moved, func(p *newPlace) int64 { return p.inode.id }),
		column(moved, func(p *newPlace) int64 { return p.from }),
		column(moved, func(p *newPlace) int64 { return p.to }),
		column(moved, func(p *newPlace) string { return p.name }),
		column(moved, func(p *newPlace) tid { return p.inode.at })).Exec(exactly(len(moved)))
}

// bornSQL makes inodes. It fails with a unique violation if an entry is taken.
var bornSQL = `
INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, acl, size, mtime, atime, replication, block_size, lease)
SELECT project_id, id, parent_id, name, kind::"char", mode, owner, grp, acl, size, mtime, atime, replication, block_size, nullif(lease, 0)
FROM ` + rowsSQL("n", 1, "project_id bigint", "id bigint", "parent_id bigint", "name text", "kind text", "mode smallint", "owner text", "grp text",
	"acl text", "size bigint", "mtime bigint", "atime bigint", "replication smallint", "block_size bigint", "lease bigint") + `
RETURNING ctid`

func queueBorn(batch *pgx.Batch, all []*effects) {
	var born []*newborn
	for _, e := range all {
		for i := range e.born {
			born = append(born, &e.born[i])
		}
	}
	if len(born) == 0 {
		return
	}
	batch.Queue(bornSQL,
		column(born, func(b *newborn) int64 { return b.project }),
		column(born, func(b *newborn) int64 { return b.id }),
		column(born, func(b *newborn) int64 { return b.parent.id }),
		column(born, func(b *newborn) string { return b.name }),
		column(born, func(b *newborn) string { return string(rune(b.kind)) }),
		column(born, func(b *newborn) int16 { return int16(b.perms.Mode) }),
		column(born, func(b *newborn) string { return b.owner }),
		column(born, func(b *newborn) string { return b.group }),
		column(born, func(b *newborn) *string { return aclColumn(b.perms) }),
		column(born, func(b *newborn) int64 { return b.size }),
		column(born, func(b *newborn) int64 { return b.mtime }),
		column(born, func(b *newborn) int64 { return b.atime }),
		column(born, func(b *newborn) int16 { return int16(b.replication) }),
		column(born, func(b *newborn) int64 { return b.blockSize }),
		column(born, func(b *newborn) int64 { return b.lease })).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for i := 0; rows.Next(); i++ {
			if err := rows.Scan(&born[i].at); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// contentsSQL keeps content beside inodes.
var contentsSQL = `
INSERT INTO contents (project_id, inode_id, off, len, key_version, sealed)
SELECT project_id, inode_id, off, len, key_version, sealed
FROM ` + rowsSQL("r", 1, "project_id bigint", "inode_id bigint", "off bigint", "len int", "key_version int", "sealed bytea")

func queueRows(batch *pgx.Batch, all []*effects) {
	var rows []*sealedRow
	for _, e := range all {
		for i := range e.rows {
			rows = append(rows, &e.rows[i])
		}
	}
	if len(rows) == 0 {
		return
	}
	batch.Queue(contentsSQL,
		column(rows, func(r *sealedRow) int64 { return r.inode.project }),
		column(rows, func(r *sealedRow) int64 { return r.inode.id }),
		column(rows, func(r *sealedRow) int64 { return r.off }),
		column(rows, func(r *sealedRow) int32 { return int32(r.length) }),
		column(rows, func(r *sealedRow) int32 { return r.keyVersion }),
		column(rows, func(r *sealedRow) []byte { return r.sealed }))
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
	queueEffects(batch, []*effects{e}, math.MaxInt64, func(c dirCount) { children[c.dir] = c.children }, nil)
	err := tx.SendBatch(ctx, batch).Close()
	switch sqlState(err) {
	case blockIsGone:
		err = collected()
	case notAsDecided:
		err = errStale
	}
	return children, err
}

// make makes e, and says in the words for it which directory is full.
func (fs *FS) make(ctx context.Context, tx pgx.Tx, e *effects) error {
	fs.hints.forgetCounters(e.visits)
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
