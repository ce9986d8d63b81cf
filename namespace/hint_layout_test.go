package namespace

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/blocks"
)

func lying(block byte, off, n int64) segment {
	return segment{extent: extent{off: off, len: n, block: blocks.ID{block}}}
}

func TestLayouts(t *testing.T) {
	l, began := newLayouts(1<<20), time.Unix(1000, 0)
	r := revision{key{1, 2}, 3}
	l.add(r, []segment{lying(1, 0, 10), lying(2, 10, 10)}, began)
	l.add(r, []segment{lying(4, 30, 10)}, began)
	for _, tt := range []struct {
		off, end int64
		blocks   string
	}{
		{0, 10, "1"},
		{0, 1, "1"},
		{9, 10, "1"},
		{9, 11, "12"},
		{10, 20, "2"},
		{0, 20, "12"},
		{35, 40, "4"},
		{0, 21, ""},
		{20, 30, ""},
		{25, 35, ""},
		{19, 31, ""},
		{39, 41, ""},
		{40, 41, ""},
	} {
		got := ""
		for _, g := range l.find(r, tt.off, tt.end, began) {
			got += string('0' + rune(g.block[0]))
		}
		if got != tt.blocks {
			t.Errorf("[%d, %d) lies in %q, want %q", tt.off, tt.end, got, tt.blocks)
		}
	}
	if l.find(revision{key{1, 2}, 4}, 0, 10, began) != nil {
		t.Error("another revision lies in the blocks of this one")
	}

	l.add(r, []segment{lying(3, 5, 30)}, began) // folded
	if got := l.find(r, 0, 10, began); got != nil {
		t.Errorf("[0, 10) lies in %v", got)
	}
	if got := l.find(r, 5, 35, began); len(got) != 1 || got[0].block != (blocks.ID{3}) {
		t.Errorf("[5, 35) lies in %v", got)
	}

	l.add(r, []segment{lying(5, 100, 10), {extent: extent{off: 110, len: 10}, sealed: []byte("row")}}, began)
	if got := l.find(r, 100, 110, began); got != nil {
		t.Errorf("what was found with a row is remembered: %v", got)
	}
}

// TestLayoutsEndWithTheirBlocks checks that no segment of a layout is used for longer than the one that was found first.
func TestLayoutsEndWithTheirBlocks(t *testing.T) {
	l, began := newLayouts(1<<20), time.Unix(1000, 0)
	r := revision{key{1, 2}, 3}
	l.add(r, []segment{lying(1, 0, 10)}, began)
	l.add(r, []segment{lying(2, 10, 10)}, began.Add(time.Hour))
	if l.find(r, 10, 20, began) == nil {
		t.Error("what is good still is not remembered")
	}
	if got := l.find(r, 10, 20, began.Add(1)); got != nil {
		t.Errorf("it lies in %v, as was found too long ago", got)
	}
	if l.held != 0 {
		t.Errorf("%d bytes are held of nothing", l.held)
	}
	l.add(r, []segment{lying(3, 0, 10)}, began.Add(2*time.Hour))
	if l.find(r, 0, 10, began.Add(2*time.Hour)) == nil {
		t.Error("what was found anew is not remembered")
	}
}

func TestLayoutsAreBounded(t *testing.T) {
	const most = 100 * overhead
	l, began := newLayouts(most), time.Unix(1000, 0)
	for i := range int64(1000) {
		r := revision{key{1, i % 300}, 1}
		l.add(r, []segment{lying(1, i*10, 10)}, began)
		if l.find(r, i*10, i*10+10, began) == nil {
			t.Fatalf("the %d. layout is not remembered", i)
		}
		held := int64(0)
		for _, s := range l.files.Values() {
			held += weight(s.segments)
		}
		if held != l.held || held > most {
			t.Fatalf("%d of at most %d bytes are held, and %d counted", held, most, l.held)
		}
	}
	many := make([]segment, most/overhead*3)
	for i := range many {
		many[i] = lying(1, int64(i), 1)
	}
	l.add(revision{key{2, 2}, 1}, many, began)
	if l.held > most || l.files.Len() == 0 {
		t.Errorf("a layout that is too large left %d, with %d bytes", l.files.Len(), l.held)
	}
}

// Whoever reads parts of a long file adds a few segments at a time, while everybody waits for the hints; so that must not copy what is
// known already.
func TestALayoutGrowsInPlace(t *testing.T) {
	const many = 8_000
	l, began := newLayouts(many*overhead), time.Unix(1000, 0)
	r := revision{key{1, 2}, 3}
	order := rand.New(rand.NewPCG(1, 2)).Perm(many)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, i := range order {
		l.add(r, []segment{lying(byte(i), int64(i)*10, 10)}, began)
	}
	runtime.ReadMemStats(&after)
	if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 100 {
		t.Errorf("%d segments took %d MiB to remember", many, mib)
	}
	if got := l.find(r, 0, plannedExtents*10, began); len(got) != plannedExtents {
		t.Fatalf("%d segments are remembered in order", len(got))
	}
	at, _ := l.files.Get(r)
	for i, g := range at.segments {
		if g.off != int64(i)*10 || g.block != (blocks.ID{byte(i)}) {
			t.Fatalf("segment %d lies at %d in %v", i, g.off, g.block)
		}
	}
}

// planners counts statements that look up segments.
type planners struct{ asked int }

func (p *planners) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if data.SQL == segmentsSQL {
		p.asked++
	}
	return ctx
}

func (*planners) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func partOf(t *testing.T, s *Session, name string, off, n int64) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), path(t, name), off, n)
	must(t, err)
	defer r.Close()
	got, err := io.ReadAll(r)
	must(t, err)
	return got
}

// The layout of a file is looked up once, until it changes.
func TestALayoutIsAskedForOnce(t *testing.T) {
	p := &planners{}
	fs := newFS(t, func(c *Config) {
		pool := c.DB.Config()
		pool.ConnConfig.Tracer = p
		db, err := pgxpool.NewWithConfig(t.Context(), pool)
		must(t, err)
		t.Cleanup(db.Close)
		c.DB = db
	})
	s := fs.as(t, superuser)
	content := pattern(RowMax + 5000)
	s.put(t, "/tmp/f", content)
	asks := func(want int, off, n int64) {
		t.Helper()
		p.asked = 0
		if got := partOf(t, s, "/tmp/f", off, n); !bytes.Equal(got, content[off:off+n]) {
			t.Errorf("%d other bytes from %d on", len(got), off)
		}
		if p.asked != want {
			t.Errorf("%d bytes from %d: asked %d times where they lie, want %d", n, off, p.asked, want)
		}
	}
	asks(1, 100, 50)
	asks(0, 0, int64(len(content)))
	asks(0, 20000, 100)
	must(t, s.Append(t.Context(), path(t, "/tmp/f"), -1, strings.NewReader("more")))
	content = append(slices.Clone(content), "more"...)
	asks(1, 0, int64(len(content)))
	content = pattern(RowMax + 7000)[7:]
	s.put(t, "/tmp/f", content)
	asks(1, 0, int64(len(content)))
	asks(0, 0, int64(len(content)))
}

// However many pieces a file has, a reader holds only a part of its layout, though all of it is remembered for those who come later.
func TestAReaderHoldsAPartOfALayout(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s := fs.as(t, superuser)
	const piece, pieces = 8, plannedExtents + 1000
	content := pattern(piece * pieces)
	s.put(t, "/tmp/f", content)
	must(t, fs.packer.settle(t.Context())) // or it might be while the file has more extents than content, and count them
	fs.exec(t, `INSERT INTO extents (project_id, inode_id, off, len, block_id, block_off, key_version)
		SELECT project_id, inode_id, n * $1, $1, block_id, block_off + n * $1, key_version FROM extents, generate_series(1, $2::int) n`, int64(piece), pieces-1)
	fs.exec(t, `UPDATE extents SET len = $1`, int64(piece))
	for _, off := range []int64{0, piece * (plannedExtents + 1)} { // what is looked up is remembered
		partOf(t, s, "/tmp/f", off, piece)
		r, err := s.Open(t.Context(), path(t, "/tmp/f"), off, -1)
		must(t, err)
		must(t, r.Close())
	}
	r, err := s.Open(t.Context(), path(t, "/tmp/f"), 0, -1)
	must(t, err)
	defer r.Close()
	for _, all := range fs.hints.layoutsOf() {
		if len(all) != pieces {
			t.Errorf("%d pieces are remembered of %d", len(all), pieces)
		}
	}
	if n := len(r.plan); n > plannedExtents+1 {
		t.Errorf("a reader holds where %d pieces lie, want %d at most", n, plannedExtents+1)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d other bytes, %v", len(got), err)
	}
	fs.clean(t)
}

// A layout that is wrong, or no longer right, costs another lookup, but gives out no wrong byte.
func TestAPoisonedLayout(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	content := pattern(RowMax + 5000)
	s.put(t, "/tmp/f", content)
	partOf(t, s, "/tmp/f", 0, 10)
	for r, all := range fs.hints.layoutsOf() {
		for i := range all {
			all[i].block = blocks.NewID()
		}
		fs.hints.layouts.add(r, all, time.Now())
	}
	for range 2 {
		if got := partOf(t, s, "/tmp/f", 100, 20000); !bytes.Equal(got, content[100:20100]) {
			t.Errorf("%d other bytes", len(got))
		}
	}
	for _, all := range fs.hints.layoutsOf() {
		if n := fs.count(t, `SELECT count(*) FROM extents WHERE block_id = '`+all[0].block.String()+`'`); n != 1 {
			t.Error("the poisoned layout is remembered")
		}
	}
}

// layoutsOf returns all layouts that are remembered.
func (h *hints) layoutsOf() map[revision][]segment {
	all := map[revision][]segment{}
	for _, r := range h.layouts.files.Keys() {
		s, _ := h.layouts.files.Peek(r)
		all[r] = slices.Clone(s.segments)
	}
	return all
}
