package namespace

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/namespace/filesum"
)

// ContinueUpload adds the next part of an upload: content, of size bytes, below 0 if that is not known in advance. offset is where
// the part begins, which must be the offset of the upload. If a part is cut off, or there is no room for the rest of it, every
// complete block of 64 MiB is kept; if it is refused for another reason, what was part of the upload by then, which
// [Session.Upload] tells.
//
// The last part makes the file, and then the status is set. If that fails, for example because the condition does not hold, a part
// without content tries it again. Each part states its condition anew: a client that was told that there is a file, and wants to
// replace it, sends the last part, or an empty one, without a condition. The last part may be sent again if its answer was lost:
// nothing of it is read, and the status is the first one.
//
// It needs what Create needs, with each part.
func (s *Session) ContinueUpload(ctx context.Context, id uuid.UUID, offset, size int64, content io.Reader) (Upload, *Status, error) {
	u, status, err := s.findUpload(ctx, id)
	switch {
	case err != nil:
	case status == nil:
		if status, err = s.continueUpload(ctx, &u, offset, size, content); err != nil && KindOf(err) == NotExist {
			status, err = s.endedMeanwhile(ctx, &u, offset, size, err)
		}
	case !u.endsWith(offset, size):
		status, err = nil, u.goesOn(offset, size)
	}
	return u, status, s.dress(endingUpload, u.Path, err)
}

// endedMeanwhile returns the answer to the last part of u if another request brought that while this one was received: a client that has
// lost its connection sends the part again while the first one may still be under way. Otherwise it returns failure.
func (s *Session) endedMeanwhile(ctx context.Context, u *Upload, offset, size int64, failure error) (*Status, error) {
	now, status, err := s.findUpload(ctx, u.ID)
	if err != nil || status == nil || !now.endsWith(offset, size) {
		return nil, failure
	}
	*u = now
	return status, nil
}

// endsWith reports whether a part may be the last one of u.
func (u *Upload) endsWith(offset, size int64) bool {
	return offset <= u.Length && (size < 0 || size == u.Length-offset)
}

// goesOn refuses a part that does not begin at u's offset, or is longer than what is left of u.
func (u *Upload) goesOn(offset, size int64) error {
	if offset != u.Offset {
		return fail(IO, "The part begins at byte %d, and %d bytes have come; go on from there", offset, u.Offset)
	}
	if left := u.Length - u.Offset; size > left {
		return fail(InvalidArgument, "The part has %d bytes, and only %d are left of the %d that were announced", size, left, u.Length)
	}
	return nil
}

func (s *Session) continueUpload(ctx context.Context, u *Upload, offset, size int64, content io.Reader) (*Status, error) {
	if err := u.goesOn(offset, size); err != nil {
		return nil, err
	}
	part, left := size, u.Length-u.Offset
	if part < 0 {
		part = left
	}
	if err := s.placeUpload(ctx, u, part); err != nil {
		return nil, err
	}
	if size != 0 && left > 0 {
		if err := s.receivePart(ctx, u, size, content); err != nil {
			return nil, err
		}
	}
	if !u.Whole() {
		return nil, nil //nolint:nilnil // there is no file yet
	}
	return s.endWhole(ctx, u)
}

// endWhole makes a file of an upload, all of which has arrived.
func (s *Session) endWhole(ctx context.Context, u *Upload) (*Status, error) {
	status, err := act(WithOperation(ctx, u.ID), s, endingUpload, u.Path, func(w *walker) (Status, *mutation, error) { return w.reveal(u) })
	if err != nil {
		return nil, err
	}
	u.Expires = time.Time{}
	return &status, nil
}

// pieceSize is how many bytes of a part are added to its upload at a time, while the rest arrives.
const pieceSize = 4 * maxBlock

// partReader receives a part of an upload, block by block.
type partReader struct {
	s     *Session
	u     *Upload
	in    *bufio.Reader
	size  int64 // as announced; below 0: not known
	most  int64 // most bytes that may arrive
	got   int64
	sum   *filesum.Sum // of what has arrived of the whole file
	piece *body        // complete blocks that are not yet part of the upload
}

// receivePart makes what arrives durable and part of u, piece by piece: if the connection is lost, complete blocks are kept.
func (s *Session) receivePart(ctx context.Context, u *Upload, size int64, content io.Reader) error {
	sum, err := s.fs.savedSum(ctx, &node{project: u.file.project, id: u.file.id, blockSize: u.options.BlockSize})
	if err != nil {
		return err
	}
	if sum.Size() != u.Offset {
		return stalePart() // another part arrived meanwhile
	}
	p := &partReader{s: s, u: u, in: bufio.NewReaderSize(bodyReader{content}, 64<<10), size: size, most: size, sum: sum}
	if size < 0 {
		p.most = u.Length - u.Offset
	}
	p.begin()
	begun, short := u.Offset, min(ShortPart, u.Length-u.Offset) // a part with fewer bytes is short
	err = p.receive(ctx)
	if KindOf(err) == IO { // it differs from what was announced, or another part came first
		s.fs.discard(ctx, p.piece)
		return err
	}
	// Whatever failed, what arrived before that counts like a part that ended there.
	if failed := p.publish(ctx, p.got < short); failed != nil {
		return failed
	}
	var cut *bodyError
	if errors.As(err, &cut) && u.Offset > begun {
		return &Error{Kind: IO, Msg: fmt.Sprintf("The part ended before it was complete; %d bytes of the upload have come, go on from there", u.Offset), Err: cut.err}
	}
	return bodyFailure(err)
}

// begin begins another piece.
func (p *partReader) begin() {
	p.piece = &body{project: p.u.file.project, base: p.sum.Size(), sum: p.sum}
}

// receive reads the part to its end, and publishes each piece but the last.
func (p *partReader) receive(ctx context.Context) error {
	for p.got < p.most {
		if _, err := p.in.Peek(1); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if p.piece.size >= pieceSize {
			if err := p.publish(ctx, false); err != nil {
				return err
			}
		}
		if err := p.block(ctx); err != nil {
			return err
		}
	}
	if p.size >= 0 && p.got < p.size {
		return lengthFailure(p.got, p.size)
	}
	if _, err := p.in.Peek(1); err == nil {
		return overlong(p.most)
	} else if err != io.EOF {
		return err
	}
	return nil
}

// block adds the next block to the piece, or nothing if it does not arrive completely.
func (p *partReader) block(ctx context.Context) error {
	before, err := p.sum.MarshalBinary() // since it would also sum half a block
	if err != nil {
		return err
	}
	want := min(p.most-p.got, maxBlock)
	b, err := p.s.fs.write(ctx, p.u.file.project, io.LimitReader(p.in, want), blocks.SizeUnknown, p.sum)
	if err != nil {
		return cmp.Or(p.sum.UnmarshalBinary(before), err)
	}
	for _, e := range b.extents {
		e.off += p.piece.size
		p.piece.extents = append(p.piece.extents, e)
	}
	p.piece.size += b.size
	p.got += b.size
	return nil
}

// publish makes the piece part of the upload, whether or not the client is still connected.
func (p *partReader) publish(ctx context.Context, short bool) error {
	u, b := p.u, p.piece
	if b.size == 0 {
		return nil
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err := p.s.fs.aside(ending, func(tx pgx.Tx) error {
		var has int64
		err := tx.QueryRow(ending, `SELECT size FROM uploads WHERE id = $1 FOR UPDATE`, u.ID).Scan(&has)
		if errors.Is(err, pgx.ErrNoRows) {
			return noUpload(u.ID)
		}
		if err != nil {
			return err
		}
		if has != u.Offset {
			return stalePart()
		}
		if short {
			if err := u.fewParts(ending, tx); err != nil {
				return err
			}
		}
		if err := p.s.fs.publish(ending, tx, u.file, u.Offset, b); err != nil {
			return err
		}
		return tx.QueryRow(ending, `UPDATE uploads SET size = size + $2, touched = now() WHERE id = $1 RETURNING touched + $3::interval`,
			u.ID, b.size, UploadLife).Scan(&u.Expires)
	})
	p.begin()
	if err != nil {
		// If it was published after all, its blocks are no longer pending, and stay.
		p.s.fs.discard(ctx, b)
		return err
	}
	u.Offset += b.size
	return nil
}

// fewParts refuses another short part if the content of the upload has MaxShortParts rows already.
func (u *Upload) fewParts(ctx context.Context, tx pgx.Tx) error {
	var n int
	err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM contents WHERE project_id = $1 AND inode_id = $2) +
		(SELECT count(*) FROM extents WHERE project_id = $1 AND inode_id = $2)`, u.file.project, u.file.id).Scan(&n)
	if err == nil && n >= MaxShortParts {
		err = fail(InvalidArgument, "The upload has %d parts, as many as may be short; send at least %d bytes with each from here on, and with the last what is left", n, ShortPart)
	}
	return err
}

func stalePart() error {
	return fail(IO, "Another part of this upload came meanwhile; ask how far it is, and go on from there")
}

// reveal plans to make a file of u, all of which has arrived.
func (w *walker) reveal(u *Upload) (Status, *mutation, error) {
	o := u.options
	o.inode = u.file.id
	c, err := w.place(u.Path, o)
	if err != nil {
		return Status{}, nil, err
	}
	if c.nodes[len(c.nodes)-1].project != u.file.project {
		return Status{}, nil, stranded()
	}
	file, m, err := w.plan(c, o, u.Length)
	if err != nil {
		return Status{}, nil, err
	}
	file.gen++
	m.touches = &touched{} // nothing besides its effects
	m.effects.raised = []key{file.key()}
	m.apply = func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM uploads WHERE id = $1 AND size = length`, u.ID)
		if err == nil && tag.RowsAffected() != 1 {
			err = noUpload(u.ID)
		}
		return err
	}
	return file.status(""), m, nil
}
