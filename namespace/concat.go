package namespace

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Concat appends the files sources, in their order, to the file target and removes them. No block is read or written for
// this: extents only get another inode. All files must lie in one directory; no source may be empty or have larger HDFS
// blocks than the target, whose inode stays.
//
// It needs write on the target, read on each source and write on their directory.
// Source: FSDirConcatOp of Hadoop 3.4.
func (s *Session) Concat(ctx context.Context, target Path, sources []Path) error {
	const op = "concat"
	for _, path := range append([]Path{target}, sources...) {
		if _, raw := path.cutRaw(); raw {
			return s.dress(op, target, fail(IO, "Concat operation doesn't support %s relative path : %s", reserved, path))
		}
	}
	_, err := act(ctx, s, op, target, func(w *walker) (struct{}, *mutation, error) {
		all, err := w.find(append([]Path{target}, sources...)...)
		if err != nil {
			return struct{}{}, nil, err
		}
		c := all[0]
		if err := w.settle(c, Need{Change: true}); err != nil {
			return struct{}{}, nil, err
		}
		if err := w.check(c, Need{Node: perm.Write, Change: true}); err != nil {
			return struct{}{}, nil, err
		}
		to, err := fileAt(c)
		if err != nil {
			return struct{}{}, nil, err
		}
		if to.lease != 0 {
			return struct{}{}, nil, fail(InvalidValue, "concat: target file %s is under construction", target)
		}
		if err := w.holds(target, to); err != nil {
			return struct{}{}, nil, err
		}
		w.relied.node(to, exclusive)
		var from []*node
		for _, source := range all[1:] {
			n, err := w.concatSource(source, c, to)
			if err != nil {
				return struct{}{}, nil, err
			}
			from = append(from, n)
		}
		for i, n := range from {
			if slices.ContainsFunc(from[:i], func(other *node) bool { return other.id == n.id }) {
				return struct{}{}, nil, fail(InvalidValue, "concat: at least two of the source files are the same")
			}
		}
		m, err := w.concat(c.parent(), to, from)
		if err == nil {
			m.event = w.event(c, to)
			size := to.size
			for i, n := range from {
				size += n.size
				m.event.detail.Sources = append(m.event.detail.Sources, all[1+i].placed(all[1+i].path).String())
			}
			m.event.detail.Size = &size
			m.charges = charged(c.quotas(), concatCost(to, from), amount{})
		}
		return struct{}{}, m, err
	})
	return err
}

// concatCost returns the change in the usage of their directory when from's content becomes to's: fewer names, and bytes
// that count by the target's replication and policy.
func concatCost(to *node, from []*node) amount {
	var total amount
	for _, n := range from {
		total.add(costOf(n).negative())
		total.add(bytesOf(n.size, to.replication, to.policy))
	}
	return total
}

// concatSource returns the source that c leads to, and refuses what cannot be one.
func (w *walker) concatSource(c, target *chain, to *node) (*node, error) {
	path := c.path
	if err := w.settle(c, Need{Change: true}); err != nil {
		return nil, err
	}
	if err := w.check(c, Need{Node: perm.Read, Change: true}); err != nil {
		return nil, err
	}
	if err := w.check(c, Need{Parent: perm.Write, Change: true}); err != nil {
		return nil, err
	}
	n, err := fileAt(c)
	switch {
	case err != nil:
		return nil, err
	case c.parent().id != target.parent().id:
		return nil, fail(InvalidValue, "Source file %s is not in the same directory with the target %s", path, target.path)
	case n.id == to.id:
		return nil, fail(InvalidValue, "concat: the src file %s is the same with the target file %s", path, target.path)
	case n.size == 0 || n.lease != 0:
		return nil, fail(InvalidValue, "concat: source file %s is invalid or empty or underConstruction", path)
	case n.blockSize > to.blockSize:
		return nil, fail(InvalidValue, "concat: source file %s has preferred block size %d which is greater than the target file's preferred block size %d",
			path, n.blockSize, to.blockSize)
	}
	w.relied.node(n, exclusive)
	// The target may be open to the superuser.
	if err := w.s.checkReadable(w.ctx, n); err != nil {
		return nil, err
	}
	return n, nil
}

// concat plans a mutation that appends the content of from to that of to.
func (w *walker) concat(parent, to *node, from []*node) (*mutation, error) {
	fs := w.s.fs
	sum, err := fs.sum(w.ctx, to)
	if err != nil {
		return nil, err
	}
	for _, n := range from {
		more, err := fs.sum(w.ctx, n)
		if err != nil {
			return nil, err
		}
		if err := sum.Concat(more); err != nil {
			return nil, err
		}
	}
	// Load the keys now: the transaction must not wait for another connection while it holds locks.
	if err := fs.keys.load(w.ctx, to.project); err != nil {
		return nil, err
	}
	return &mutation{apply: func(ctx context.Context, tx pgx.Tx) error {
		size, now := to.size, fs.millis()
		for _, n := range from {
			if err := fs.graft(ctx, tx, to, size, n); err != nil {
				return err
			}
			size += n.size
		}
		if err := one(tx.Exec(ctx, `UPDATE inodes SET size = $4, gen = gen + 1, mtime = $5
			WHERE project_id = $1 AND id = $2 AND gen = $3`, to.project, to.id, to.gen, size, now)); err != nil {
			return err
		}
		if err := saveSum(ctx, tx, to.key(), sum); err != nil {
			return err
		}
		return fs.touchDir(ctx, tx, parent.key(), now, -int64(len(from)))
	}}, nil
}

// graft moves n's content to the file to, where it begins at offset base, and removes n.
func (fs *FS) graft(ctx context.Context, tx pgx.Tx, to *node, base int64, n *node) error {
	if err := one(tx.Exec(ctx, `DELETE FROM inodes WHERE project_id = $1 AND id = $2 AND gen = $3`, n.project, n.id, n.gen)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE extents SET inode_id = $3, off = off + $4 WHERE project_id = $1 AND inode_id = $2`,
		n.project, n.id, to.id, base); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sums WHERE project_id = $1 AND inode_id = $2`, n.project, n.id); err != nil {
		return err
	}
	return fs.graftRows(ctx, tx, to, base, n)
}

// firstRowsSQL is the condition for the first $4 rows from offset $3 on.
const firstRowsSQL = `off = ANY (ARRAY(SELECT off FROM contents WHERE project_id = $1 AND inode_id = $2 AND off >= $3 ORDER BY off LIMIT $4))`

// graftRows moves n's rows to the file to, where they begin at offset base, plannedRows at a time: a file that was concatenated from
// small ones may have any number. Each row is sealed for its inode and offset, so it has to be sealed again.
func (fs *FS) graftRows(ctx context.Context, tx pgx.Tx, to *node, base int64, n *node) error {
	for from := int64(0); ; {
		taken, err := takeRows(ctx, tx, n, firstRowsSQL, from, plannedRows)
		if err != nil || len(taken) == 0 {
			return err
		}
		var e effects
		for i := range taken {
			g := &taken[i]
			plain, key, err := fs.openRow(ctx, n, g)
			if err != nil {
				return err
			}
			e.rows = append(e.rows, sealRow(to.key(), base+g.off, plain, key))
			from = max(from, g.end())
		}
		if err := e.run(ctx, tx); err != nil {
			return err
		}
	}
}

// Blocks returns the lengths of the HDFS blocks of a file, in order, by which clients plan their reads, and the file's
// status. It needs read.
func (s *Session) Blocks(ctx context.Context, path Path) (Status, []int64, error) {
	var (
		status  Status
		lengths []int64
	)
	err := s.look(ctx, path, Need{Node: perm.Read, File: true}, func(c *chain) error {
		n, err := fileAt(c)
		if err != nil {
			return err
		}
		if lengths, err = s.fs.blockLengths(ctx, n); err != nil {
			return err
		}
		status = n.status("")
		s.fs.accessed(ctx, c)
		return nil
	})
	return status, lengths, s.dress("blocks", path, err)
}

// blockLengths returns the lengths of n's HDFS blocks.
func (fs *FS) blockLengths(ctx context.Context, n *node) ([]int64, error) {
	kept, err := fs.savedSum(ctx, n)
	if err != nil {
		return nil, err
	}
	if kept.Size() > n.size {
		return nil, errStale // appended to since n was read
	}
	return blockLengths(kept, n.size), nil
}

// blockLengths returns the lengths of the HDFS blocks of a file of size bytes, of which kept covers the first.
func blockLengths(kept *filesum.Sum, size int64) []int64 {
	var lengths []int64
	for _, b := range kept.Blocks() {
		lengths = append(lengths, b.Length)
	}
	for left := size - kept.Size(); left > 0; {
		if len(lengths) > 0 && lengths[len(lengths)-1] < kept.BlockSize() {
			last := &lengths[len(lengths)-1]
			more := min(left, kept.BlockSize()-*last)
			*last, left = *last+more, left-more
			continue
		}
		more := min(left, kept.BlockSize())
		lengths, left = append(lengths, more), left-more
	}
	return lengths
}
