package namespace

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/blocks/seal"
	"granary/namespace/filesum"
)

// maxBlock is the most content, in bytes, that one block holds: small enough to copy and repair in one go, large
// enough that a file of a terabyte has only some sixteen thousand blocks.
const maxBlock = 64 << 20

// body is content that was received for a file in project but does not belong to it yet. It is either short and in
// memory, or already durable, in pending blocks or in a pack.
type body struct {
	project int64
	size    int64
	short   []byte
	key     seal.Key     // seals short
	extents []extent     // their off counts from the start of the body
	pack    *pack        // the pack that its only extent lies in; nil: not packed
	base    int64        // the file's size before the body, for sum
	sum     *filesum.Sum // of the file including the body; nil for a short or packed one
	late    bool         // it was not written, and one of its blocks may be in the store later
}

// bodyError wraps a failure of a client's stream, above all io.ErrUnexpectedEOF: unwrapped, readers that fill a buffer
// would take that for the regular end of the content.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "the content ended early: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

// bodyReader reads a client's stream and wraps its failures in bodyError, but not the refusals of a [quotaReader].
type bodyReader struct{ r io.Reader }

func (b bodyReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if full := (*noRoomError)(nil); err != nil && err != io.EOF && !errors.As(err, &full) {
		err = &bodyError{err}
	}
	return n, err
}

var shortBuffers = sync.Pool{New: func() any { return new([InlineMax + 1]byte) }}

// stranded refuses to publish a body in another project than the one whose key sealed it.
func stranded() error {
	return fail(Conflict, "The path came to lie in another project while its content was received; nothing was written, try again")
}

// receive reads r to its end. size is the length that the client announced, or blocks.SizeUnknown. If the body does not stay
// in memory, start is called for the checksum of what precedes it in the file. On failure nothing is left but blocks marked
// as garbage.
func (fs *FS) receive(ctx context.Context, project int64, r io.Reader, size int64, start func() (*filesum.Sum, error)) (*body, error) {
	source := bodyReader{r}
	buffer := shortBuffers.Get().(*[InlineMax + 1]byte)
	defer shortBuffers.Put(buffer)
	n, err := fill(source, buffer[:])
	if err != nil {
		return nil, bodyFailure(err)
	}
	if n <= InlineMax {
		if size >= 0 && int64(n) != size {
			return nil, lengthFailure(int64(n), size)
		}
		return fs.shortBody(ctx, project, bytes.Clone(buffer[:n]))
	}
	sum, err := start()
	if err != nil {
		return nil, err
	}
	b, err := fs.write(ctx, project, io.MultiReader(bytes.NewReader(buffer[:n]), source), size, sum)
	return b, bodyFailure(err)
}

// shortBody makes a body of content that stays in memory. It fetches the key now, because a transaction that did so would
// need a second connection while it holds locks; if all connections did that, they would deadlock.
func (fs *FS) shortBody(ctx context.Context, project int64, p []byte) (*body, error) {
	key, err := fs.keys.current(ctx, project)
	if err != nil {
		return nil, err
	}
	return &body{project: project, size: int64(len(p)), short: p, key: key}, nil
}

// fill reads until p is full or r ends; neither is an error.
func fill(r io.Reader, p []byte) (int, error) {
	n := 0
	for n < len(p) {
		m, err := r.Read(p[n:])
		n += m
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func bodyFailure(err error) error {
	var (
		full *noRoomError
		cut  *bodyError
	)
	switch {
	case errors.As(err, &full):
		return full.err
	case errors.As(err, &cut):
		return &Error{Kind: IO, Msg: "The content ended before it was complete; nothing was written", Err: cut.err}
	}
	return err
}

func lengthFailure(got, want int64) error {
	return fail(IO, "The content has %d bytes and %d were announced; nothing was written", got, want)
}

func overlong(want int64) error {
	return fail(IO, "The content goes on after the %d bytes that were announced; nothing was written", want)
}

// write stores r as sealed pending blocks of at most maxBlock bytes each, and adds it to sum. On failure its blocks are
// marked as garbage.
func (fs *FS) write(ctx context.Context, project int64, r io.Reader, size int64, sum *filesum.Sum) (*body, error) {
	b := &body{project: project, base: sum.Size(), sum: sum}
	if err := fs.writeBlocks(ctx, b, r, size); err != nil {
		fs.discard(ctx, b)
		return nil, err
	}
	return b, nil
}

func (fs *FS) writeBlocks(ctx context.Context, b *body, r io.Reader, size int64) error {
	key, err := fs.keys.current(ctx, b.project)
	if err != nil {
		return err
	}
	sealed := seal.Store(fs.store, key)
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		if _, err := in.Peek(1); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		want := blocks.SizeUnknown
		if size >= 0 {
			want = min(size-b.size, maxBlock)
		}
		e := extent{off: b.size, block: blocks.NewID(), keyVersion: key.Version()}
		intended := fs.intend(ctx, b.project, e.block, 0)
		b.extents = append(b.extents, e)
		counted := &counter{r: io.LimitReader(in, maxBlock)}
		err := sealed.Put(ctx, e.block, &held{r: io.TeeReader(counted, b.sum), left: want, until: intended}, want)
		if failed := intended(); err == nil {
			err = failed
		}
		if err != nil {
			b.late = errors.Is(err, blocks.ErrUndecided)
			switch {
			case errors.Is(err, blocks.ErrShort):
				return lengthFailure(b.size+counted.n, size)
			case errors.Is(err, blocks.ErrLong):
				return overlong(size)
			}
			return err
		}
		b.extents[len(b.extents)-1].len = counted.n
		b.size += counted.n
		if size >= 0 && b.size == size {
			if _, err := in.Peek(1); err != io.EOF {
				if err != nil {
					return err
				}
				return overlong(size)
			}
		}
	}
	if size >= 0 && b.size != size {
		return lengthFailure(b.size, size)
	}
	return nil
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

const intendSQL = `INSERT INTO blocks (id, project_id, size, live, state, writer) VALUES ($1, $2, $3, $3, 'p', $4)`

// intend begins to record durably that a block may come to exist, with its size in bytes, 0 if unknown. The function that it returns waits
// until that is done; it must be called before the block is stored completely.
func (fs *FS) intend(ctx context.Context, project int64, id blocks.ID, size int64) (wait func() error) {
	// If the caller's ctx ends meanwhile, the caller gets that error, and not one of recording the block.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	done := make(chan struct{})
	var err error
	go func() {
		defer close(done)
		defer cancel()
		err = sound(func() error {
			return fs.aside(ctx, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, intendSQL, id, project, size, fs.server)
				return err
			})
		})
	}()
	return func() error {
		<-done
		return err
	}
}

// held is a reader that holds back the end of r until the function until has returned. left is how many bytes r has left.
type held struct {
	r     io.Reader
	left  int64 // negative: not known
	until func() error
}

func (h *held) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	if h.left >= 0 {
		h.left = max(0, h.left-int64(n))
	}
	if err == io.EOF || h.left == 0 {
		if failed := h.until(); failed != nil {
			return 0, failed
		}
	}
	return n, err
}

// release gives up an upload's hold on b after it was published, or failed with err.
func (fs *FS) release(ctx context.Context, b *body, err error) {
	switch {
	case b == nil:
	case b.pack == nil:
		if err != nil || repeatable(ctx) {
			fs.discard(ctx, b)
		}
	default: // even if b may still be published: that locks the pack's row, so it is counted, or finds the pack closed and fails
		fs.packer.end(b.pack)
	}
}

func (b *body) blockIDs() []blocks.ID {
	ids := make([]blocks.ID, len(b.extents))
	for i, e := range b.extents {
		ids[i] = e.block
	}
	return ids
}

// publish makes b the content of inode from offset off on.
func (fs *FS) publish(ctx context.Context, tx pgx.Tx, inode key, off int64, b *body) error {
	if b.size == 0 {
		return nil
	}
	if b.short != nil {
		return insertRow(ctx, tx, inode, off, b.short, b.key)
	}
	if b.pack != nil {
		e := effects{packed: []placed{b.packed(inode, off)}}
		return e.run(ctx, tx)
	}
	if err := fs.insertExtents(ctx, tx, inode, off, b.extents); err != nil {
		return err
	}
	return saveSum(ctx, tx, inode, b.sum)
}

// packed returns b's extent as the content of inode from off on.
func (b *body) packed(inode key, off int64) placed {
	e := b.extents[0]
	e.off += off
	return placed{inode, e, b.pack.size}
}

// insertRow seals p with k and stores it in a row, as the content of inode from off on.
func insertRow(ctx context.Context, tx pgx.Tx, inode key, off int64, p []byte, k seal.Key) error {
	e := effects{rows: []sealedRow{sealRow(inode, off, p, k)}}
	return e.run(ctx, tx)
}

// saveSum stores the checksum parts of the inode's first s.Size() bytes.
func saveSum(ctx context.Context, tx pgx.Tx, inode key, s *filesum.Sum) error {
	state, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO sums (project_id, inode_id, size, state) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project_id, inode_id) DO UPDATE SET size = excluded.size, state = excluded.state`,
		inode.project, inode.id, s.Size(), state)
	return err
}

// queueDropContent removes the content of files. Their blocks stay for readers in progress until the grace time has passed.
func queueDropContent(batch *pgx.Batch, files []key) {
	projects, ids := columns(files)
	const gone = `unnest($1::bigint[], $2::bigint[]) AS gone (project_id, id) WHERE t.project_id = gone.project_id AND t.inode_id = gone.id`
	batch.Queue(`DELETE FROM contents t USING `+gone, projects, ids)
	batch.Queue(`DELETE FROM sums t USING `+gone, projects, ids)
	batch.Queue(`WITH cut AS (DELETE FROM extents t USING `+gone+` RETURNING t.block_id, t.len)`+cutFromSQL, projects, ids)
}

// takeRows deletes the rows of n for which condition holds, whose parameters begin at $3, and returns them. It must not hold for many,
// since all are in memory.
func takeRows(ctx context.Context, tx pgx.Tx, n *node, condition string, args ...any) ([]segment, error) {
	rows, err := tx.Query(ctx, `DELETE FROM contents WHERE project_id = $1 AND inode_id = $2 AND `+condition+` RETURNING off, len, key_version, sealed`,
		append([]any{n.project, n.id}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (g segment, err error) {
		return g, row.Scan(&g.off, &g.len, &g.keyVersion, &g.sealed)
	})
}

// openRow returns the content of a row of n, and the key with which it is sealed.
func (fs *FS) openRow(ctx context.Context, n *node, g *segment) (plain []byte, key seal.Key, err error) {
	if key, err = fs.keys.get(ctx, n.project, g.keyVersion); err != nil {
		return nil, key, err
	}
	plain, err = g.open(n.id, key)
	return plain, key, err
}

// open returns the content of a row of inode, and checks that it is as long as the row says.
func (g *segment) open(inode int64, key seal.Key) ([]byte, error) {
	plain, err := key.OpenRow(nil, g.sealed, seal.Row{Inode: inode, Offset: g.off})
	if err == nil && int64(len(plain)) != g.len {
		err = fmt.Errorf("row of inode %d at %d: %w: it has %d bytes and is said to have %d", inode, g.off, blocks.ErrCorrupt, len(plain), g.len)
	}
	return plain, err
}
