package namespace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

const (
	// UploadLife is how long an upload is kept after content last arrived.
	UploadLife = 24 * time.Hour
	// MaxUploads is how many uploads of one user may be under way.
	MaxUploads = 256
	// MaxShortParts is how many parts of an upload may be shorter than ShortPart, apart from the last.
	MaxShortParts = 10_000
	// ShortPart is the length, in bytes, from which on a part is not short.
	ShortPart = 1 << 20
)

// Upload is a file whose content arrives in parts, each in a request of its own, in order. Nothing of it is visible until all of it
// has arrived: then the file appears as a whole, by one act that is decided like every other.
type Upload struct {
	ID      uuid.UUID
	Path    Path
	Length  int64     // of the whole file, in bytes
	Offset  int64     // how many bytes have arrived and are durable
	Expires time.Time // when it is dropped if nothing arrives; zero once the file is there
	file    key       // key of the future inode, to which its content belongs
	options CreateOptions
	absent  bool // it was begun under the condition that there is no file
}

// Whole reports whether all content has arrived.
func (u *Upload) Whole() bool { return u.Offset == u.Length }

// BeginUpload begins an upload of a file of length bytes, at least one, to path. It refuses what Create would refuse now, and what
// the quotas have no room for; both are checked again at the end. The session's condition may demand that nothing be replaced. Each
// part states its condition anew; a request that only asks for the offset later is held to the one stated here.
//
// It needs what Create needs.
func (s *Session) BeginUpload(ctx context.Context, path Path, o CreateOptions, length int64) (Upload, error) {
	const op = "begin upload"
	u, err := s.beginUpload(ctx, op, path, o, length)
	return u, s.dress(op, path, err)
}

func (s *Session) beginUpload(ctx context.Context, op string, path Path, o CreateOptions, length int64) (Upload, error) {
	if length < 1 {
		return Upload{}, fail(InvalidArgument, "An upload has at least one byte, and this has %d; an empty file is made by a CREATE", length)
	}
	if err := s.fs.completeOptions(path, s.client, &o); err != nil {
		return Upload{}, err
	}
	u, placed := Upload{Path: path, Length: length, options: o, absent: s.condition.absent()}, path
	err := steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s, op: op}).place(path, o)
		if err != nil {
			return err
		}
		deepest := &c.nodes[len(c.nodes)-1]
		u.file.project, placed = deepest.project, c.ownPath(path)
		cost := bytesOf(length, o.Replication, deepest.policy)
		cost.names = int64(len(c.names) + 1 - len(c.nodes))
		if old := c.node(); old != nil {
			cost.names = 0
			cost.add(costOf(old).negative())
		}
		whole := node{replication: o.Replication, policy: deepest.policy, blockSize: o.BlockSize}
		return s.uploadRoom(ctx, c, &u, cost, newBlocks(&whole, 0, length))
	})
	if err != nil {
		return Upload{}, err
	}
	if u.file.id, err = s.fs.ids.id(ctx); err != nil {
		return Upload{}, err
	}
	if u.ID, err = uuid.NewRandom(); err != nil {
		return Upload{}, err
	}
	leave, err := s.fs.beginnings.Enter(ctx, s.p.User)
	if err != nil {
		return Upload{}, err
	}
	defer leave()
	err = s.fs.aside(ctx, func(tx pgx.Tx) error {
		// Otherwise, many that are begun at once would all find room.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, int32(lockUploads), s.p.User); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM uploads WHERE usr = $1`, s.p.User).Scan(&open); err != nil {
			return err
		}
		if open >= MaxUploads {
			return fail(IO, "You have %d uploads that are not complete, as many as one user may; finish some of them, or end them", open)
		}
		return tx.QueryRow(ctx, `INSERT INTO uploads (id, usr, path, project_id, inode_id, length, mode, replication, block_size, placed, absent)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12) RETURNING touched + $10::interval`,
			u.ID, s.p.User, path.String(), u.file.project, u.file.id, length, int16(o.Mode), int16(o.Replication), o.BlockSize, UploadLife, placed.String(), u.absent).Scan(&u.Expires)
	})
	return u, err
}

// Upload returns the state of an upload of the principal's. If all content has arrived and there is no file yet, since the last act
// failed or was not begun, it is tried now: clients consider an upload that is as long as its file to be done. If the session has
// no condition, the one applies that the upload was begun under: asking does not mean that what has appeared meanwhile may be
// replaced.
func (s *Session) Upload(ctx context.Context, id uuid.UUID) (Upload, error) {
	const op = "upload"
	u, status, err := s.findUpload(ctx, id)
	if err == nil {
		err = s.reachUpload(ctx, &u)
	}
	if err == nil && status == nil && u.Whole() {
		if s.condition.IsZero() && u.absent {
			s.If(Condition{NoneMatch: &Revisions{Any: true}})
		}
		_, err = s.endWhole(ctx, &u)
	}
	return u, s.dress(op, u.Path, err)
}

// reachUpload refuses a principal that could not continue u, whatever is at its path now: one with a limited token, or a former
// member.
func (s *Session) reachUpload(ctx context.Context, u *Upload) error {
	err := s.placeUpload(ctx, u, 0)
	if kind := KindOf(err); kind == AccessControl || kind == NotExist {
		return err
	}
	return nil
}

// uploadRoom refuses what the quotas above c have no room for beside what has arrived of other uploads. Nothing of an upload is
// charged before it is a file; without this check, each of many uploads could bring as much as there is room for.
func (s *Session) uploadRoom(ctx context.Context, c *chain, u *Upload, cost, peak amount) error {
	charges := charged(c.quotas(), cost, peak)
	for i := range charges {
		var others int64
		err := s.fs.db.QueryRow(ctx, `SELECT coalesce(sum(size * replication), 0)::bigint FROM uploads WHERE project_id = $1 AND starts_with(coalesce(placed, path), $2) AND id <> $3`,
			u.file.project, strings.TrimSuffix(c.ownPath(charges[i].path).String(), "/")+"/", u.ID).Scan(&others)
		if err != nil {
			return err
		}
		charges[i].amount.add(bytesOf(others, 1, c.nodes[len(c.nodes)-1].policy))
	}
	return s.fs.room(ctx, charges)
}

// placeUpload refuses u if a Create would be refused, or if there is no room for a next part of that many bytes.
func (s *Session) placeUpload(ctx context.Context, u *Upload, part int64) error {
	u.options.Overwrite, u.options.CreateParent = true, true // unless the condition forbids it
	return steadily(ctx, func() error {
		c, err := (&walker{ctx: ctx, s: s, op: endingUpload}).place(u.Path, u.options)
		if err == nil && u.file.project != c.nodes[len(c.nodes)-1].project && u.file.id != 0 {
			err = fail(IO, "%s lies in another project now than when the upload began; begin it anew", u.Path)
		}
		if err != nil || part == 0 {
			return err
		}
		return s.uploadRoom(ctx, c, u, bytesOf(u.Offset+part, u.options.Replication, c.nodes[len(c.nodes)-1].policy), amount{})
	})
}

// noUpload refuses an id that is not of an upload of the caller's.
func noUpload(id uuid.UUID) error {
	return fail(NotExist, "You have no upload %s: it was ended, or nothing came for %s", id, UploadLife)
}

// findUpload finds an upload of the principal's; status is set if it is complete.
func (s *Session) findUpload(ctx context.Context, id uuid.UUID) (u Upload, status *Status, err error) {
	u.ID = id
	var (
		path              string
		mode, replication int16
	)
	err = s.fs.db.QueryRow(ctx, `SELECT path, project_id, inode_id, length, size, mode, replication, block_size, touched + $3::interval, absent
		FROM uploads WHERE id = $1 AND usr = $2`, id, s.p.User, UploadLife).
		Scan(&path, &u.file.project, &u.file.id, &u.Length, &u.Offset, &mode, &replication, &u.options.BlockSize, &u.Expires, &u.absent)
	if err == nil {
		u.Path, err = ParsePath(path)
		u.options.Mode, u.options.Replication = perm.Mode(mode), int(replication)
		return u, nil, err
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return u, nil, err
	}
	// The last act leaves its answer for a day, like every act with an operation id.
	var (
		kept  []byte
		asker *string
	)
	err = s.fs.db.QueryRow(ctx, `SELECT answer, asker FROM operations WHERE id = $1`, id).Scan(&kept, &asker)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && asker == nil {
		return u, nil, noUpload(id)
	}
	if err != nil {
		return u, nil, err
	}
	path, ours := strings.CutPrefix(*asker, s.p.User+" "+endingUpload+" ")
	if !ours {
		return u, nil, noUpload(id)
	}
	if u.Path, err = ParsePath(path); err != nil {
		return u, nil, err
	}
	status = new(Status)
	if err := json.Unmarshal(kept, status); err != nil {
		return u, nil, err
	}
	u.Length, u.Offset = status.Size, status.Size
	return u, status, nil
}

// endingUpload is the operation that makes a file of an upload.
const endingUpload = "create"

// EndUpload drops an upload of the principal's that is not complete. A limited token must reach its path.
func (s *Session) EndUpload(ctx context.Context, id uuid.UUID) error {
	const op = "end upload"
	u, status, err := s.findUpload(ctx, id)
	if err == nil && status != nil {
		err = fail(IO, "The upload is complete, and the file %s is there: delete that, if it is not wanted", u.Path)
	}
	switch {
	case err != nil:
	case s.p.Scope.IsZero(): // users may drop what never became a file, since it counts as theirs, whatever they may do at its path by now
		err = (&walker{ctx: ctx, s: s}).renewed()
	default:
		err = s.reachUpload(ctx, &u)
	}
	if err != nil {
		return s.dress(op, u.Path, err)
	}
	err = s.fs.aside(ctx, func(tx pgx.Tx) error {
		n, err := dropUploads(ctx, tx, `id = $1 AND usr = $2`, id, s.p.User)
		if err == nil && n == 0 {
			err = noUpload(id)
		}
		return err
	})
	return s.dress(op, Path{}, err)
}

// dropUploads deletes uploads for which condition holds, and the content that has arrived.
func dropUploads(ctx context.Context, tx pgx.Tx, condition string, args ...any) (int, error) {
	rows, err := tx.Query(ctx, `DELETE FROM uploads WHERE `+condition+` RETURNING project_id, inode_id`, args...)
	if err != nil {
		return 0, err
	}
	files, err := pgx.CollectRows(rows, scanKey)
	if err != nil || len(files) == 0 {
		return 0, err
	}
	batch := &pgx.Batch{}
	queueDropContent(batch, files)
	return len(files), tx.SendBatch(ctx, batch).Close()
}

// forgetUploads drops uploads for which nothing has arrived for UploadLife, and those to projects that are gone.
func (fs *FS) forgetUploads(ctx context.Context) error {
	err := fs.aside(ctx, func(tx pgx.Tx) error {
		_, err := dropUploads(ctx, tx, `id IN (SELECT u.id FROM uploads u WHERE u.touched < now() - $1::interval
			OR NOT EXISTS (SELECT FROM projects p WHERE p.id = u.project_id AND p.state <> 'd') ORDER BY u.id LIMIT 1000 FOR UPDATE SKIP LOCKED)`, UploadLife)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget uploads: %w", err)
	}
	return nil
}
