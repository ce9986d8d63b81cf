package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jackc/pgx/v5"

	"granary/blocks"
	"granary/namespace/filesum"
)

// readAll reads every file and compares it with its stored checksum parts.
func (fs *FS) readAll(ctx context.Context, report *Report, progress func(files, bytes int64)) error {
	c := &contentCheck{fs: fs, report: report, progress: progress}
	var after key
	for {
		files, err := fs.files(ctx, filesPageSQL, after)
		if err != nil || len(files) == 0 {
			return err
		}
		for i := range files {
			if err := c.readCurrent(ctx, files[i]); err != nil {
				return err
			}
			c.files++
			c.tell()
			after = files[i].key()
		}
	}
}

const (
	selectFiles  = `SELECT project_id, id, size, block_size, gen FROM inodes WHERE kind = 'f'`
	filesPageSQL = selectFiles + ` AND (project_id, id) > ($1, $2) ORDER BY project_id, id LIMIT 1000` // by the primary key
	fileSQL      = selectFiles + ` AND project_id = $1 AND id = $2`
)

// files returns the files that one of the statements above finds.
func (fs *FS) files(ctx context.Context, sql string, at key) ([]node, error) {
	rows, err := fs.db.Query(ctx, sql, at.project, at.id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (node, error) {
		n := node{kind: kindFile}
		return n, row.Scan(&n.project, &n.id, &n.size, &n.blockSize, &n.gen)
	})
}

// contentCheck counts what has been read so far, and collects problems.
type contentCheck struct {
	fs       *FS
	report   *Report
	files    int64
	progress func(files, bytes int64)
}

func (c *contentCheck) tell() {
	if c.progress != nil {
		c.progress(c.files, c.report.BytesRead)
	}
}

// readAttempts is how often a file is read whose rows cannot be had for now.
const readAttempts = 3

// readCurrent reads n, again if it was changed meanwhile, or if the database or the whole store, and not the content, was the reason
// why it could not be read: that one of them is away is not damage. It reports a problem if n cannot be read although its content was
// not changed or deleted.
func (c *contentCheck) readCurrent(ctx context.Context, n node) error {
	for attempt := 1; ; attempt++ {
		problem := c.readFile(ctx, &n)
		if problem == nil {
			return nil
		}
		now, err := c.fs.files(ctx, fileSQL, n.key())
		switch {
		case err != nil:
			return err
		case len(now) == 0:
			return nil
		case errors.Is(problem, blocks.ErrUnavailable) && attempt == readAttempts:
			return fmt.Errorf("read file %d: %w", n.id, problem)
		case (unavailable(problem) || errors.Is(problem, blocks.ErrUnavailable)) && !Damaged(problem) && attempt < readAttempts:
		case now[0].gen == n.gen:
			called, err := c.called(ctx, n.key())
			c.report.Problems = append(c.report.Problems, Problem{"content can be read", fmt.Sprintf("%s: %v", called, problem)})
			return err
		}
		n = now[0]
	}
}

// called names a file by its id, and by its path, in quotes since somebody else has chosen it. A file that waits to be purged has none, nor
// has one in a project that is in the trash.
func (c *contentCheck) called(ctx context.Context, file key) (string, error) {
	called := fmt.Sprintf("file %d", file.id)
	paths, err := pathsOf(ctx, c.fs.db, []key{file})
	if at, ok := paths[file]; ok {
		called += ", " + strconv.Quote(at.String())
	}
	return called, err
}

func (c *contentCheck) readFile(ctx context.Context, n *node) error {
	kept, err := c.fs.savedSum(ctx, n)
	if err != nil {
		return err
	}
	r, err := c.fs.reader(ctx, n, 0, n.size)
	if err != nil {
		return err
	}
	defer r.Close()
	if kept.Size() <= n.size {
		for _, b := range kept.Blocks() {
			again := filesum.New(b.Length)
			if _, err := io.CopyN(again, r, b.Length); err != nil {
				return err
			}
			c.report.BytesRead += b.Length
			c.tell()
			if again.Blocks()[0] != b {
				return fmt.Errorf("its content does not match the checksum parts kept of it: %w", blocks.ErrCorrupt)
			}
		}
	}
	left, err := io.Copy(io.Discard, r)
	c.report.BytesRead += left
	return err
}
