package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
)

// extent is a range of a file that lies in a block.
type extent struct {
	off, len   int64
	block      blocks.ID
	blockOff   int64
	keyVersion int32
}

// placed is an extent that becomes the content of an inode.
type placed struct {
	inode key
	extent
	of int64 // bytes of content in the whole pack
}

// collected returns the error for an upload whose blocks another server has given up, because it took this one for dead.
func collected() error {
	return fail(Unavailable, "What had come of the content was collected while the rest came, since this server was taken for dead; nothing was written, try again")
}

// blockIsGone is the SQLSTATE with which packedSQL fails.
const blockIsGone = "GR002"

// openPackSQL is the part of a statement that opens pending packs when their first file is published. The rows p are the packs, with id,
// project_id and size.
const openPackSQL = `UPDATE blocks SET state = 'o', since = now(), project_id = p.project_id, size = p.size, live = p.size
	FROM p WHERE blocks.id = p.id AND blocks.state = 'p'`

// packedSQL makes ranges of packs the content of inodes. It fails with blockIsGone if a
// pack is closed or garbage by now. It is the database that checks this, even if nobody waits for the answer any more.
const packedSQL = `
WITH n AS MATERIALIZED (
	SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[], $7::int[], $8::bigint[])
		AS n (project_id, inode_id, off, len, block_id, block_off, key_version, size)
), held AS MATERIALIZED (
	SELECT id FROM blocks WHERE id = ANY($5) AND state IN ('p', 'o') ORDER BY id FOR UPDATE
), p AS (
	SELECT DISTINCT held.id, project_id, size FROM n JOIN held ON held.id = n.block_id
), opened AS (` + openPackSQL + `)
INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version)
SELECT n.project_id, n.inode_id, n.off, n.len, CASE WHEN held.id IS NULL THEN block_is_gone() ELSE held.id END, n.block_off, n.key_version
FROM n LEFT JOIN held ON held.id = n.block_id`

func queuePacked(batch *pgx.Batch, all []placed) {
	var (
		projects, inodes, offs, lens, blockOffs, sizes []int64
		ids                                            []blocks.ID
		versions                                       []int32
	)
	for _, p := range all {
		projects, inodes, offs, lens = append(projects, p.inode.project), append(inodes, p.inode.id), append(offs, p.off), append(lens, p.len)
		ids, blockOffs, versions = append(ids, p.block), append(blockOffs, p.blockOff), append(versions, p.keyVersion)
		sizes = append(sizes, p.of)
	}
	if len(ids) > 0 {
		batch.Queue(packedSQL, projects, inodes, offs, lens, ids, blockOffs, versions, sizes)
	}
}

// insertExtents turns pending blocks, which no other inode shares, into live ones, and makes them the inode's content from base on.
func (fs *FS) insertExtents(ctx context.Context, tx pgx.Tx, inode key, base int64, extents []extent) error {
	var (
		ids      = make([]blocks.ID, len(extents))
		offs     = make([]int64, len(extents))
		lens     = make([]int64, len(extents))
		versions = make([]int32, len(extents))
	)
	for i, e := range extents {
		ids[i], offs[i], lens[i], versions[i] = e.block, base+e.off, e.len, e.keyVersion
	}
	tag, err := tx.Exec(ctx, `UPDATE blocks b SET state = 'l', size = n.len, live = n.len, since = now()
		FROM unnest($1::uuid[], $2::bigint[]) AS n (id, len) WHERE b.id = n.id AND b.state = 'p'`, ids, lens)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != int64(len(extents)) {
		return collected()
	}
	_, err = tx.Exec(ctx, `INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version)
		SELECT $1, $2, n.off, n.len, n.id, 0, n.version
		FROM unnest($3::bigint[], $4::bigint[], $5::uuid[], $6::int[]) AS n (off, len, id, version)`,
		inode.project, inode.id, offs, lens, ids, versions)
	return err
}

// cutFromSQL ends a statement: it subtracts the rows (block_id, len) of cut from the live bytes of blocks. A live block without live bytes
// becomes garbage; an open pack does not, since further uploads may be published in it. Blocks are locked in the order of their ids.
const cutFromSQL = `, lost AS (SELECT block_id, sum(len)::bigint AS len FROM cut GROUP BY block_id),
	losers AS MATERIALIZED (SELECT b.id, lost.len FROM lost JOIN blocks b ON b.id = lost.block_id ORDER BY b.id FOR UPDATE OF b)
	UPDATE blocks b SET live = b.live - losers.len,
		state = CASE WHEN b.state = 'l' AND b.live <= losers.len THEN 'g' ELSE b.state END,
		since = CASE WHEN b.state = 'l' AND b.live <= losers.len THEN now() ELSE b.since END
	FROM losers WHERE b.id = losers.id`

// cutExtentsSQL shortens the file $2 of the project $1 to $3 bytes.
const cutExtentsSQL = `WITH beyond AS (DELETE FROM extents WHERE project_id = $1 AND inode_id = $2 AND off >= $3 RETURNING block_id, len),
	across AS MATERIALIZED (SELECT block_id, off, off + len - $3 AS len FROM extents WHERE project_id = $1 AND inode_id = $2 AND off < $3 AND off + len > $3),
	shortened AS (UPDATE extents e SET len = e.len - across.len FROM across WHERE project_id = $1 AND inode_id = $2 AND e.off = across.off),
	cut AS (SELECT block_id, len FROM beyond UNION ALL SELECT block_id, len FROM across)` + cutFromSQL

// settlePacks closes packs for which the outcome of every upload is known: their live bytes are now the sum of their extents, and a pack
// without any becomes garbage. The rows are locked in an earlier statement, so that the sums include what earlier holders of the locks did.
func settlePacks(ctx context.Context, tx pgx.Tx, ids []blocks.ID) error {
	slices.SortFunc(ids, func(a, b blocks.ID) int { return slices.Compare(a[:], b[:]) })
	if _, err := tx.Exec(ctx, `SELECT FROM blocks WHERE id = ANY($1) AND state IN ('p', 'o') ORDER BY id FOR UPDATE`, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE blocks b SET live = n.live, state = CASE WHEN n.live > 0 THEN 'l' ELSE 'g' END::"char",
			since = CASE WHEN n.live > 0 OR b.state = 'o' THEN now() ELSE '-infinity' END
		FROM unnest($1::uuid[]) AS k (id), LATERAL (SELECT coalesce(sum(len), 0)::bigint AS live FROM extents e WHERE e.block_id = k.id) n
		WHERE b.id = k.id AND b.state IN ('p', 'o')`, ids)
	return err
}
