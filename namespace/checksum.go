package namespace

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// Checksum returns the file's checksum as HDFS computes it (MD5 of MD5 of CRC32C). It only reads bytes that lie in the
// database or in packs: the checksum parts of other blocks were stored when these were written. It needs read on the file.
func (s *Session) Checksum(ctx context.Context, path Path) (filesum.Checksum, error) {
	var sum *filesum.Sum
	err := s.look(ctx, path, Need{Node: perm.Read, File: true}, func(c *chain) error {
		n, err := fileAt(c)
		if err == nil {
			err = s.checkReadable(ctx, n)
		}
		if err == nil && n.lease != 0 {
			err = fail(IO, "Fail to get checksum, since file %s is under construction.", path)
		}
		if err == nil {
			sum, err = s.fs.sum(ctx, n)
		}
		if err == nil {
			s.fs.accessed(ctx, c)
			s.read("checksum", c)
		}
		return err
	})
	if err != nil {
		return filesum.Checksum{}, s.dress("checksum", path, err)
	}
	return sum.Checksum(), nil
}

// sumBefore returns the checksum of the present content of the file that is written under held, to which more is about to be
// appended. Nobody gets to see it, so it needs no right and is not recorded as an access.
func (s *Session) sumBefore(ctx context.Context, path Path, held Lease) (*filesum.Sum, error) {
	var sum *filesum.Sum
	err := steadily(ctx, func() error {
		_, n, err := (&walker{ctx: ctx, s: s}).written(path, held, Need{Change: true, Add: true})
		if err == nil {
			sum, err = s.fs.sum(ctx, n)
		}
		return err
	})
	return sum, err
}

// fileAt returns the file that c ends in, and fails in HDFS's words if there is none.
func fileAt(c *chain) (*node, error) {
	n := c.node()
	if n == nil {
		return nil, fail(NotExist, "File does not exist: %s", c.path)
	}
	if n.dir() {
		return nil, fail(NotExist, "Path is not a file: %s", c.path)
	}
	return n, nil
}

// sum returns the checksum of n's content: the stored parts, and the rest summed now.
func (fs *FS) sum(ctx context.Context, n *node) (*filesum.Sum, error) {
	s, err := fs.savedSum(ctx, n)
	if err != nil {
		return nil, err
	}
	if s.Size() > n.size {
		return nil, errStale // appended to since n was read
	}
	r, err := fs.reader(ctx, n, s.Size(), n.size)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	_, err = io.Copy(s, r)
	return s, err
}

// savedSum returns the stored checksum parts, which may cover none of the content.
func (fs *FS) savedSum(ctx context.Context, n *node) (*filesum.Sum, error) {
	var state []byte
	err := fs.db.QueryRow(ctx, `SELECT state FROM sums WHERE project_id = $1 AND inode_id = $2`, n.project, n.id).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return filesum.New(n.blockSize), nil
	}
	if err != nil {
		return nil, err
	}
	s := new(filesum.Sum)
	return s, s.UnmarshalBinary(state)
}
