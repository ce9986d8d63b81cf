package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"granary/auth/perm"
	"granary/blocks"
	"granary/blocks/seal"
)

// Reader yields a range of a file's content as it was when it was opened, or fails; it never ends early. It fails with
// [AccessControl] within ten seconds after its principal has lost the right to read the file. If the file is deleted, it reads on
// as far as the content was located by then: to the end, except for files of many rows or thousands of blocks.
type Reader struct {
	ctx    context.Context
	fs     *FS
	node   node
	status Status
	begin  int64
	pos    int64
	end    int64
	plan   []segment
	cur    io.ReadCloser // of plan[0]; nil: to be opened
	first  [1]byte       // what Begin has read, up to pos
	ahead  []byte        // the part of first that was not returned yet
	// admission of the principal that reads; nil: the file system itself reads
	admission *admission
	outage    *outage // of the store; nil: the store is asked, whatever others have met
}

// Open opens the n bytes from offset off of the file path for reading; n below 0, or above what there is, means all up
// to the end. An offset at the end yields nothing; one beyond it is an error. It needs read on the file.
func (s *Session) Open(ctx context.Context, path Path, off, n int64) (*Reader, error) {
	return s.OpenPart(ctx, path, func(Status) (int64, int64, error) { return off, n, nil })
}

// OpenPart is Open for the part of the file that choose asks for, given the file's status. choose may be called again if the
// file changes meanwhile, and its error is returned.
func (s *Session) OpenPart(ctx context.Context, path Path, choose func(Status) (off, n int64, err error)) (*Reader, error) {
	var r *Reader
	err := s.lookAt(ctx, path, true, Need{Node: perm.Read, File: true}, func(c *chain) error {
		file, err := fileAt(c)
		if err != nil {
			return err
		}
		if err := s.condition.check(path, file); err != nil {
			return err
		}
		off, n, err := choose(file.status(""))
		if err != nil {
			return err
		}
		if off < 0 || off > file.size {
			return fail(PastEnd, "Cannot seek after EOF")
		}
		if err := s.checkReadable(ctx, file); err != nil {
			return err
		}
		end := file.size
		if n >= 0 && n < end-off {
			end = off + n
		}
		if r, err = s.fs.readerOf(ctx, c, off, end); err == nil {
			r.admission = s.admit(c.path)
			s.fs.accessed(ctx, c)
			s.read("open", c)
		}
		return err
	})
	if err != nil {
		return nil, s.dress("open", path, err)
	}
	return r, nil
}

// reader opens [off, end) of n. It fails with errStale if n's content is not what n says any more.
func (fs *FS) reader(ctx context.Context, n *node, off, end int64) (*Reader, error) {
	r := &Reader{ctx: ctx, fs: fs, node: *n, status: n.status(""), begin: off, pos: off, end: end}
	if r.pos == r.end {
		return r, nil
	}
	return r, r.refill(n.version)
}

// readerOf opens [off, end) of the file that c ends in.
func (fs *FS) readerOf(ctx context.Context, c *chain, off, end int64) (*Reader, error) {
	n := c.node()
	if off == end {
		return fs.reader(ctx, n, off, end)
	}
	var plan []segment
	if c.content != nil {
		plan = slices.DeleteFunc(slices.Clone(c.content), func(g segment) bool { return g.end() <= off || g.off >= end })
	} else if plan = fs.hints.layout(n, off, end); plan == nil {
		return fs.reader(ctx, n, off, end)
	}
	return &Reader{ctx: ctx, fs: fs, node: *n, status: n.status(""), begin: off, pos: off, end: end, plan: plan}, nil
}

// Begin reads the next byte ahead, and with it the piece of content that is sealed as one, so that a caller that is about to
// announce the content learns before that if it is damaged, or gone.
func (r *Reader) Begin() error {
	for r.pos < r.end && len(r.ahead) == 0 {
		n, err := r.read(r.first[:])
		r.ahead = r.first[:n]
		if err == nil || n > 0 {
			continue
		}
		if errors.Is(err, errStale) {
			err = fail(Conflict, "The file was changed while it was opened; try again")
		}
		return r.dress(err)
	}
	return nil
}

// dress makes err one of the operation that opened the file.
func (r *Reader) dress(err error) error {
	var path Path
	if r.admission != nil {
		path = r.admission.path
	}
	return dress("open", path, err)
}

// Size returns how many bytes are still to come.
func (r *Reader) Size() int64 { return r.end - r.pos + int64(len(r.ahead)) }

// Status describes the file that is read.
func (r *Reader) Status() Status { return r.status }

// Read reads the next bytes. A reader that a [Session] has opened fails with an [Error], as its other operations do.
func (r *Reader) Read(p []byte) (int, error) {
	n := copy(p, r.ahead)
	if r.ahead = r.ahead[n:]; len(r.ahead) > 0 || n > 0 && (n == len(p) || r.pos == r.end) {
		return n, nil
	}
	m, err := r.read(p[n:])
	if r.admission != nil && err != io.EOF { // the file system itself looks for what an Error leaves out
		err = r.dress(err)
	}
	return n + m, err
}

func (r *Reader) read(p []byte) (int, error) {
	for {
		if r.pos == r.end {
			return 0, io.EOF
		}
		if len(p) == 0 {
			return 0, nil
		}
		if r.admission != nil {
			if err := r.admission.ended(r.ctx, &r.node); err != nil {
				return 0, err
			}
		}
		if r.cur == nil {
			if err := r.next(); err != nil {
				return 0, err
			}
		}
		n, err := r.cur.Read(p[:min(int64(len(p)), min(r.plan[0].end(), r.end)-r.pos)])
		if n > 0 && r.admission != nil { // a store may have taken minutes
			if ended := r.admission.ended(r.ctx, &r.node); ended != nil {
				return 0, errors.Join(ended, r.shut())
			}
		}
		r.pos += int64(n)
		if errors.Is(err, blocks.ErrNotExist) { // a store may reopen a block while it is being read
			if err = r.elsewhere(err); err == nil {
				if n > 0 {
					return n, nil
				}
				continue
			}
		}
		if err == io.EOF && r.pos < min(r.plan[0].end(), r.end) {
			return n, fmt.Errorf("inode %d at %d: %w", r.node.id, r.pos, blocks.ErrShort)
		}
		if err != nil && err != io.EOF {
			return n, err
		}
		if r.pos == r.end || r.pos == r.plan[0].end() {
			r.plan[0] = segment{} // or its sealed content would be held as long as the rest
			r.plan = r.plan[1:]
			if err := r.shut(); err != nil {
				return n, err
			}
		}
		if n > 0 {
			return n, nil
		}
	}
}

// Rewind makes the next Read begin where the first one did, with the same bytes.
func (r *Reader) Rewind() error {
	r.pos, r.plan, r.ahead = r.begin, nil, nil
	return r.shut()
}

// Close releases what the reader holds.
func (r *Reader) Close() error {
	r.pos, r.ahead = r.end, nil
	return r.shut()
}

func (r *Reader) shut() error {
	if r.cur == nil {
		return nil
	}
	err := r.cur.Close()
	r.cur = nil
	return err
}

// next opens the segment at pos.
func (r *Reader) next() error {
	if len(r.plan) == 0 {
		// From now on, of all that changes the file, only a truncation concerns the reader.
		if err := r.refill(0); err != nil {
			return err
		}
	}
	g := &r.plan[0]
	skip := r.pos - g.off
	key, err := r.fs.keys.get(r.ctx, r.node.project, g.keyVersion)
	if err != nil {
		return err
	}
	if g.sealed == nil {
		if err := r.outage.met(); err != nil {
			return err
		}
		r.cur, err = seal.Store(r.fs.store, key).Open(r.ctx, g.block, g.blockOff+skip, min(g.len, r.end-g.off)-skip)
		if errors.Is(err, blocks.ErrNotExist) {
			if err = r.elsewhere(err); err == nil {
				return r.next()
			}
		}
		return err
	}
	plain, err := g.open(r.node.id, key)
	if err != nil {
		return fmt.Errorf("inode %d at %d: %w", r.node.id, g.off, err)
	}
	r.cur = &memory{plain[skip:]}
	return nil
}

// elsewhere looks up again where the content from pos on lies, since plan[0]'s block is gone: its content may have been moved to another
// block longer ago than the reaper's grace time. It fails with gone if the content still lies in that block.
func (r *Reader) elsewhere(gone error) error {
	was := r.plan[0].block
	r.fs.hints.dropLayout(&r.node)
	if err := r.shut(); err != nil {
		return err
	}
	if err := r.refill(0); err != nil {
		return err
	}
	if r.plan[0].block == was {
		return gone
	}
	return nil
}

// memory is content that was unsealed as a whole.
type memory struct{ left []byte }

func (m *memory) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}

func (m *memory) Close() error { return nil }

// segment is a piece of a file's content: a sealed row, or an extent.
type segment struct {
	extent
	sealed []byte // of a row; nil for an extent
}

func (g *segment) end() int64 { return g.off + g.len }

// How much a reader looks up at a time, which bounds what it holds in memory while its caller is slow: 32 rows, a little more than 256 KiB
// of them, and where 4,096 extents lie. For what is beyond, it looks again, and finds nothing if the file was deleted meanwhile.
const (
	plannedRows    = 32
	plannedBytes   = 256 << 10
	plannedExtents = 4096
)

// segmentsSQL finds the segments that hold [$3, $4), of rows only those that begin before $9, in one statement, so that a fold, which
// moves bytes from rows to a block, is seen completely or not at all. A segment may begin before $3. It finds none if the inode does not
// have the version $6 or, if $6 is 0, if it was truncated since the gen $7: an append may have put other bytes in the same places.
const segmentsSQL = `
WITH known AS MATERIALIZED (SELECT 1 WHERE (SELECT CASE WHEN $6::bigint = 0 THEN coalesce(cut, 0) <= $7 ELSE version = $6 END
	FROM inodes WHERE project_id = $1 AND id >= $2 AND id <= $2 ORDER BY id LIMIT 1)) -- as byKeySQL
(SELECT off, len, key_version, sealed, NULL::uuid, 0::bigint FROM known, contents
WHERE project_id = $1 AND inode_id = $2 AND off < $9
	AND off >= coalesce((SELECT max(off) FROM contents WHERE project_id = $1 AND inode_id = $2 AND off <= $3), 0)
ORDER BY off LIMIT $5)
UNION ALL
(SELECT off, len, key_version, NULL, block_id, block_off FROM known, extents
WHERE project_id = $1 AND inode_id = $2 AND off < $4
	AND off >= coalesce((SELECT max(off) FROM extents WHERE project_id = $1 AND inode_id = $2 AND off <= $3), 0)
ORDER BY off LIMIT $8)
ORDER BY off`

// refill plans the segments from pos on if the inode has this version or, with 0, if it was not truncated since the reader opened it.
func (r *Reader) refill(version int64) error {
	purges := r.fs.hints.purges()
	// The first row and the first extent of the answer may end before pos.
	const mostRows, mostExtents = plannedRows + 1, plannedExtents + 1
	rowsEnd := min(r.end, r.pos+plannedBytes)
	rows, err := r.fs.db.Query(r.ctx, segmentsSQL, r.node.project, r.node.id, r.pos, r.end, mostRows, version, r.node.gen, mostExtents, rowsEnd)
	if err != nil {
		return err
	}
	defer rows.Close()
	r.plan = r.plan[:0]
	var (
		at          = r.pos
		contents    = 0
		extents     = 0
		interrupted = false
	)
	for rows.Next() {
		var (
			g     segment
			block *blocks.ID
		)
		if err := rows.Scan(&g.off, &g.len, &g.keyVersion, &g.sealed, &block, &g.blockOff); err != nil {
			return err
		}
		if block != nil {
			g.block = *block
			extents++
		} else {
			contents++
		}
		if interrupted = interrupted || g.off > at && len(r.plan) > 0; interrupted || g.end() <= at {
			continue
		}
		if g.off > at || (g.off < at && len(r.plan) > 0) {
			return fmt.Errorf("inode %d: its content has a gap or an overlap at %d: %w", r.node.id, at, errStale)
		}
		r.plan = append(r.plan, g)
		at = g.end()
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if interrupted && at < rowsEnd && contents < mostRows && extents < mostExtents { // and not because of a limit
		return fmt.Errorf("inode %d: its content has a gap at %d: %w", r.node.id, at, errStale)
	}
	if len(r.plan) == 0 {
		return fmt.Errorf("inode %d: its content is gone at %d: %w", r.node.id, at, errStale)
	}
	if version != 0 {
		r.fs.hints.keepLayout(&r.node, r.plan, purges)
	}
	return nil
}
