package namespace

import (
	"bytes"
	"context"
	"io"
	"strings"

	"granary/auth/perm"
)

// MaxReadme bounds the text of [Readme], in bytes.
const MaxReadme = 256 << 10

// readmeNames are the names of readme files. The first one that is a file counts.
var readmeNames = []string{"README.md", "README", "README.txt"}

// Readme is the readme file of a directory.
type Readme struct {
	Name  string // of the file; "": there is none
	ID    int64  // of its inode
	Text  string // the first MaxReadme bytes; invalid UTF-8 is replaced
	Whole bool   // Text is the whole file
}

// Readme returns the text of README.md, README or README.txt in a directory. It needs read and execute on the directory, and
// read on the file.
func (s *Session) Readme(ctx context.Context, dir Path) (Readme, error) {
	const op = "readme"
	var readme Readme
	var at Path
	err := s.look(ctx, dir, Need{}, func(c *chain) error {
		n := c.node()
		switch {
		case n == nil:
			return fail(NotExist, "File does not exist: %s", dir)
		case !n.dir():
			return fail(NotDirectory, "`%s': Is not a directory", dir)
		}
		at = c.path
		return (&walker{ctx: ctx, s: s}).check(c, Need{Node: perm.ReadExecute})
	})
	if err != nil {
		return readme, s.dress(op, dir, err)
	}
	for _, name := range readmeNames {
		status, err := s.Stat(ctx, at.Join(name))
		switch {
		case err == nil && !status.Dir:
			return s.readme(ctx, at.Join(name), status.ID)
		case err != nil && KindOf(err) != NotExist:
			return readme, s.dress(op, dir, err)
		}
	}
	return readme, nil
}

// readme reads the beginning of a file.
func (s *Session) readme(ctx context.Context, path Path, id int64) (Readme, error) {
	r, err := s.Open(ctx, path, 0, -1)
	if err != nil {
		return Readme{}, err
	}
	defer r.Close()
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, MaxReadme+1))
	if err != nil {
		return Readme{}, s.dress("readme", path, err)
	}
	text := b.Bytes()[:min(n, MaxReadme)]
	return Readme{Name: path.Name(), ID: id, Text: strings.ToValidUTF8(string(text), "\uFFFD"), Whole: n <= MaxReadme}, nil
}
