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

// effects are changes of rows, expressed as data so that the same few statements make those of several mutations. Everything
// that they touch has been locked and verified by then.
type effects struct {
	gone   []*node    // files to remove, with their content; their gen is relied on, or 0
	left   []entry    // entries that are removed and not replaced
	moved  []newPlace // inodes that get another entry
	born   []newborn  // inodes to make
	rows   []sealedRow
	packed []placed
	raised []key // those of born whose gen is incremented: firstGen and a short length would mean that the content is in one row
	visits []visit
}

// entries yields the entries that e makes.
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

// newPlace moves an inode from the directory from to an entry of the directory to.
type newPlace struct {
	inode    *node
	from, to int64
	name     string
}

// sealedRow is content that is stored in the database, in a row of contents.
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

// queueEffects adds to batch the statements that make all. No directory may get more than most children. seen, unless nil, gets for each
// directory the number of its children and where its counter lies. counters, unless nil, returns where counters are believed to lie; it
// is only used together with seen.
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

// exactly fails with errStale if a statement has not changed n rows, which happens to callers that hold no locks on them. Batches, which
// hold the locks but send COMMIT in the same message, rely on orNoneSQL instead.
func exactly(n int) func(pgconn.CommandTag) error {
	return func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != int64(n) {
			return errStale
		}
		return nil
	}
}

// orNoneSQL returns the ctid of the row that the first successful one of some subqueries finds. If there is none, the statement fails with
// notAsDecided: the failure has to occur in the database, since a batch's COMMIT is sent in the same message.
func orNoneSQL(subqueries ...string) string {
	return `LATERAL (SELECT coalesce(` + strings.Join(subqueries, ", ") + `, not_as_decided()::text::tid) AS ctid)`
}

// queueGone removes files and their content. Their blocks stay for readers in progress until the grace time has passed.
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
			case n.gen == firstGen && n.size <= RowMax: // it has the content that it was made with, in one row
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

	// dropRowsSQL removes the content of files that have one row. The order is explained at byKeySQL; without it, the database planned
	// the statement anew each time.
	dropRowsSQL = `DELETE FROM contents USING unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		` + orNoneSQL(`(SELECT ctid FROM contents c WHERE c.project_id = k.project_id AND c.inode_id >= k.id AND c.inode_id <= k.id ORDER BY c.inode_id, c.off LIMIT 1)`) + ` AS gone
		WHERE contents.ctid = gone.ctid`

	// raisedSQL increments the gen of inodes.
	raisedSQL = `UPDATE inodes SET gen = gen + 1 FROM unnest($1::bigint[], $2::bigint[]) AS k (project_id, id),
		` + orNoneSQL(`(SELECT ctid FROM inodes i WHERE `+byKeySQL+`)`) + ` AS old WHERE inodes.ctid = old.ctid`

	// movedSQL gives inodes new entries in place of those in k.old_parent.
	movedSQL = `WITH moved AS (UPDATE inodes SET parent_id = k.parent_id, name = k.name, version = version + 1
		FROM ` + rowsSQL("k", 1, "project_id bigint", "id bigint", "old_parent bigint", "parent_id bigint", "name text", "at tid") + `,
			` + orNoneSQL(atPlaceSQL(fromSQL), `(SELECT `+fromSQL+` FROM inodes i WHERE `+byKeySQL+`)`) + ` AS old
		WHERE inodes.ctid = old.ctid RETURNING inodes.project_id, inodes.id)
		INSERT INTO unindexed SELECT project_id, id FROM moved`
)

// fromSQL is the ctid of the inode i if it is an entry of the directory k.old_parent.
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

// contentsSQL inserts rows of content.
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

// run makes e, without a limit on the number of children of directories.
func (e *effects) run(ctx context.Context, tx pgx.Tx) error {
	_, err := e.count(ctx, tx)
	return err
}

// count is run, and returns the numbers of children of the directories that e visits.
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

// make makes e. If a directory has too many children, it fails with the error for that.
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

// tooManyChildren returns the refusal of more children in dir, which has n. Source: FSDirectory.verifyMaxDirItems of Hadoop 3.4.
func tooManyChildren(dir Path, most, n int64) error {
	return fail(TooManyChildren, "The directory item limit of %s is exceeded: limit=%d items=%d", dir, most, n)
}
