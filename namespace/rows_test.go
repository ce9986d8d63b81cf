package namespace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
)

// rowsTaken is a tracer that notes the most rows of content that a statement removed and returned.
type rowsTaken struct{ most int64 }

type takesRows struct{}

func (r *rowsTaken) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.Contains(data.SQL, "FROM contents") && strings.Contains(data.SQL, "RETURNING") && strings.Contains(data.SQL, "sealed") {
		return context.WithValue(ctx, takesRows{}, true)
	}
	return ctx
}

func (r *rowsTaken) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	if ctx.Value(takesRows{}) != nil {
		r.most = max(r.most, data.CommandTag.RowsAffected())
	}
}

// A file may have any number of rows: if it was joined from small files, or could not be folded. They are not all in memory at once.
func TestRowsAreTakenSomeAtATime(t *testing.T) {
	taken := &rowsTaken{}
	fs := newFS(t, func(c *Config) {
		config := c.DB.Config()
		config.ConnConfig.Tracer = taken
		db, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, err)
		t.Cleanup(db.Close)
		c.DB = db
	})
	s := fs.as(t, superuser)
	fs.folds.close()
	want := pattern(100)
	s.put(t, "/d/to", want)
	for _, name := range []string{"/d/one", "/d/two"} {
		s.put(t, name, nil)
		for i := range 2*plannedRows + 5 {
			piece := pattern(1000 + i)
			must(t, s.Append(t.Context(), path(t, name), -1, bytes.NewReader(piece)))
			want = append(want, piece...)
		}
	}
	must(t, s.Concat(t.Context(), path(t, "/d/to"), []Path{path(t, "/d/one"), path(t, "/d/two")}))
	if taken.most == 0 || taken.most > plannedRows {
		t.Errorf("CONCAT takes %d rows at once, want %d at most", taken.most, plannedRows)
	}
	if got := s.get(t, "/d/to"); !bytes.Equal(got, want) {
		t.Errorf("other content, of %d bytes", len(got))
	}
	fs.clean(t)
	for _, c := range []struct{ size, rows int64 }{{100 + 1000 + 1001 + 500, 1}, {100 + 1000, 0}, {0, 0}} {
		taken.most = 0
		must(t, ignore(s.Truncate(t.Context(), path(t, "/d/to"), c.size)))
		if taken.most != c.rows {
			t.Errorf("TRUNCATE to %d bytes takes %d rows, want %d: the one that is shortened", c.size, taken.most, c.rows)
		}
		if got := s.get(t, "/d/to"); !bytes.Equal(got, want[:c.size]) {
			t.Errorf("other content, of %d bytes", len(got))
		}
		fs.clean(t)
	}
}

// If the length of a row in the database is not that of its sealed content, every access finds it damaged.
func TestARowIsAsLongAsItSays(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, by := range []int{10, -10} {
		s.put(t, "/d/f", pattern(100))
		s.put(t, "/d/other", []byte("x"))
		fs.exec(t, `UPDATE inodes SET size = size + $1 WHERE name = 'f'`, by)
		fs.exec(t, `UPDATE contents SET len = len + $1 WHERE inode_id = (SELECT id FROM inodes WHERE name = 'f')`, by)
		for _, off := range []int64{0, 50, int64(100+by) - 5} {
			r, err := s.Open(t.Context(), path(t, "/d/f"), off, -1)
			must(t, err)
			if got, err := io.ReadAll(r); !errors.Is(err, blocks.ErrCorrupt) || len(got) > 0 {
				t.Errorf("%+d bytes, from %d on: %d bytes are read, %v", by, off, len(got), err)
			}
		}
		all, err := readBatch(t.Context(), s, "/d/f", "/d/other")
		must(t, err)
		if !errors.Is(all[0].err, blocks.ErrCorrupt) || all[1].content != "x" {
			t.Errorf("%+d bytes, in a batch: %+v", by, all)
		}
		_, err = s.Truncate(t.Context(), path(t, "/d/f"), int64(100+by)-5)
		if !errors.Is(err, blocks.ErrCorrupt) {
			t.Errorf("%+d bytes, truncated: %v", by, err)
		}
		if err := s.Concat(t.Context(), path(t, "/d/other"), []Path{path(t, "/d/f")}); !errors.Is(err, blocks.ErrCorrupt) {
			t.Errorf("%+d bytes, concatenated: %v", by, err)
		}
		report, err := fs.Fsck(t.Context(), FsckOptions{ReadData: true})
		must(t, err)
		if !slices.ContainsFunc(report.Problems, func(p Problem) bool { return p.Check == "content can be read" }) {
			t.Errorf("%+d bytes: fsck finds %v", by, report.Problems)
		}
	}
}

// A slow reader holds little of a file in memory, also if its rows are long.
func TestAReaderHoldsFewLongRows(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	fs.folds.close()
	s.put(t, "/d/f", nil)
	var want []byte
	for i := range plannedRows {
		n := InlineMax
		if i%9 == 5 {
			n++ // in a block
		}
		piece := pattern(n)
		must(t, s.Append(t.Context(), path(t, "/d/f"), -1, bytes.NewReader(piece)))
		want = append(want, piece...)
	}
	for _, off := range []int{0, 1, InlineMax, 3*InlineMax + 5, 5*InlineMax + 1, len(want) / 2, len(want) - 1} {
		r, err := s.Open(t.Context(), path(t, "/d/f"), int64(off), -1)
		must(t, err)
		got := make([]byte, 0, len(want)-off)
		for most := plannedBytes + 2*InlineMax; len(got) < len(want)-off; {
			held := 0
			for _, g := range r.plan {
				held += len(g.sealed)
			}
			if held > most {
				t.Fatalf("from %d: %d bytes of rows are held, want %d at most", off, held, most)
			}
			n, err := r.Read(got[len(got):min(len(got)+10_000, len(want)-off)])
			must(t, err)
			got = got[:len(got)+n]
		}
		if _, err := r.Read(make([]byte, 1)); !bytes.Equal(got, want[off:]) || err != io.EOF {
			t.Errorf("from %d: other bytes, %v", off, err)
		}
		must(t, r.Close())
	}
}
