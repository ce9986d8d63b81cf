package namespace

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Moments differ by the transactions that they show.
func TestMoments(t *testing.T) {
	read := func(text string) *moment {
		m, err := parseMoment(text)
		must(t, err)
		return &m
	}
	for _, tt := range []struct {
		before, now string
		ended       []uint64
	}{
		{"10:10:", "10:10:", nil},
		{"10:10:", "11:11:", []uint64{10}},
		{"11:11:", "10:10:", nil}, // the moment is the earlier one
		{"10:13:10,12", "12:13:12", []uint64{10}},
		{"10:13:12,10", "13:13:", []uint64{10, 12}},
		{"10:13:10,12", "10:16:10,14", []uint64{12, 13, 15}},
		{"10:16:10,14", "10:13:10,12", nil},
	} {
		now, before := read(tt.now), read(tt.before)
		if ended, ok := now.since(before); !ok || !slices.Equal(ended, tt.ended) {
			t.Errorf("since %s, %s shows %v more, want %v", tt.before, tt.now, ended, tt.ended)
		}
		if same := now.is(before); same != (tt.now == tt.before) {
			t.Errorf("%s is %s: %v", tt.now, tt.before, same)
		}
	}
	if _, ok := read("100000:100000:").since(read("10:10:")); ok {
		t.Error("a hundred thousand transactions are looked at one by one")
	}
	for _, text := range []string{"", "10:10", "x:10:", "10:10:x", "10:10:1:2"} {
		if m, err := parseMoment(text); err == nil {
			t.Errorf("%q is read as %v", text, m)
		}
	}
}

// looked reports whether do asked the database only for its moment.
func (s *statements) looked(do func()) bool {
	seen := s.of(do)
	return len(seen) == 1 && seen["look"] == 1
}

// lookCounted is counted, with lookups of what is proved counted apart from others.
func lookCounted(t *testing.T) (*testFS, *statements) {
	t.Helper()
	s := &statements{}
	tracer := lookTracer{s}
	return newFS(t, func(c *Config) {
		config := c.DB.Config()
		config.ConnConfig.Tracer = tracer
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, err)
		t.Cleanup(pool.Close)
		c.DB = pool
	}), s
}

type lookTracer struct{ *statements }

func (l lookTracer) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if data.SQL == lookingSQL {
		data.SQL = "look"
	}
	return l.statements.TraceQueryStart(ctx, conn, data)
}

func (l lookTracer) TraceBatchStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return l.statements.TraceQueryStart(ctx, conn, pgx.TraceQueryStartData{SQL: "batch"})
}

func (lookTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (lookTracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// eventually retries until ok, as foreign transactions, such as autovacuum's, may spoil an attempt.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	const long = 2 * time.Minute
	for began := time.Now(); time.Since(began) < long; {
		if ok() {
			return
		}
	}
	t.Errorf("never: %s", what)
}

// What is proved stays proved while nobody changes anything, and while this server changes something else. What it changes itself
// is compared again, and so is everything after a foreign transaction.
func TestWhatIsProvedIsNotCompared(t *testing.T) {
	fs, n := lookCounted(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	s.put(t, "/d/g", []byte("content"))
	s.put(t, "/e/f", []byte("content"))
	stat := func(name string) func() {
		return func() {
			_, err := s.Stat(t.Context(), path(t, name))
			must(t, err)
		}
	}
	// proved looks name up until a lookup of it compares nothing.
	proved := func(name string) {
		t.Helper()
		stat(name)()
		eventually(t, name+" is proved", func() bool { return n.looked(stat(name)) })
	}
	proved("/d")
	proved("/d/f")
	if !bytes.Equal(s.get(t, "/d/f"), []byte("content")) {
		t.Error("other content")
	}
	eventually(t, "a file is read by what is proved", func() bool { return n.looked(func() { s.get(t, "/d/f") }) })
	eventually(t, "a creation elsewhere disproves nothing", func() bool {
		stat("/d/f")()
		s.put(t, fmt.Sprint("/e/", time.Now().UnixNano()), []byte("x"))
		return n.looked(stat("/d/f"))
	})
	eventually(t, "a change of rights elsewhere, which is committed alone, disproves nothing", func() bool {
		stat("/d/f")()
		must(t, s.SetPermission(t.Context(), at("/e/f"), 0o600))
		return n.looked(stat("/d/f"))
	})
	eventually(t, "a creation disproves what its directory counts", func() bool {
		stat("/d")()
		before, err := s.Stat(t.Context(), at("/d"))
		must(t, err)
		s.put(t, fmt.Sprint("/d/", time.Now().UnixNano()), []byte("x"))
		var after Status
		looked := n.looked(func() { after, err = s.Stat(t.Context(), at("/d")) })
		must(t, err)
		if after.Children != before.Children+1 {
			t.Fatalf("%d children, and then %d", before.Children, after.Children)
		}
		return !looked
	})
	for i := range 20 { // since transactions of others may interfere
		other, want := []string{"/d/f", "/e/g"}, fmt.Sprint("content ", i)
		proved(other[0])
		s.put(t, other[0], []byte(want))
		if n.looked(func() {
			if got := string(s.get(t, other[0])); got != want {
				t.Errorf("read %q, want %q", got, want)
			}
		}) {
			t.Error("what was replaced is taken for proved")
		}
		proved("/d/g")
		_, err := fs.db.Exec(t.Context(), `UPDATE servers SET seen = now()`)
		must(t, err)
		if n.looked(stat("/d/g")) {
			t.Error("something is proved after a transaction of which nothing is known")
		}
	}
}

// A transaction that no server has announced may have changed anything.
func TestForeignTransactionsDisproveEverything(t *testing.T) {
	fs, _ := lookCounted(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	for i := range 10 {
		for range 3 {
			_, err := s.Stat(t.Context(), at("/d/f"))
			must(t, err)
		}
		_, err := fs.db.Exec(t.Context(), `UPDATE inodes SET mtime = $1 WHERE name = 'f'`, 1000+i)
		must(t, err)
		if status, err := s.Stat(t.Context(), at("/d/f")); err != nil || status.MTime != int64(1000+i) {
			t.Fatalf("modified at %d, want %d: %v", status.MTime, 1000+i, err)
		}
		_, err = fs.db.Exec(t.Context(), `UPDATE dirs SET mtime = $1 WHERE id = (SELECT id FROM inodes WHERE name = 'd')`, int64(4e12)+int64(i))
		must(t, err)
		if status, err := s.Stat(t.Context(), at("/d")); err != nil || status.MTime != int64(4e12)+int64(i) {
			t.Fatalf("the directory was modified at %d, want %d: %v", status.MTime, int64(4e12)+int64(i), err)
		}
	}
}

// This server's transactions that no lookup has met do not pile up, and what they changed does not count as proved.
func TestOwnTransactionsAreForgotten(t *testing.T) {
	h := newHints(0, 0, 0, time.Now)
	h.advance(&moment{first: 10, next: 10})
	at := entry{key{0, 1}, "f"}
	h.remember(at, &hint{at: row{key{0, 2}, 9}, era: h.era})
	changed := []*mutation{{effects: &effects{left: []entry{at}}}}
	h.begun(10)
	h.willTouch(10, changed...)
	for xid := uint64(11); xid < 3*mostOurs; xid++ {
		h.begun(xid)
	}
	if len(h.ours) > mostOurs {
		t.Errorf("%d transactions are kept in mind", len(h.ours))
	}
	h.advance(&moment{first: 3 * mostOurs, next: 3 * mostOurs})
	if known, _ := h.entries.Peek(at); known.era == h.era {
		t.Error("what a forgotten transaction changed is taken for proved")
	}
	if len(h.ours) != 0 {
		t.Errorf("%d transactions are kept in mind that have ended", len(h.ours))
	}
}

// Transactions that touch more are forgotten sooner, and of what they touch only names are kept.
func TestLargeTransactionsAreForgottenSooner(t *testing.T) {
	h := newHints(0, 0, 0, time.Now)
	h.advance(&moment{first: 10, next: 10})
	const each = 1000
	path := strings.Repeat("/a long path", 100)
	m := &mutation{effects: &effects{left: []entry{{key{0, 0}, path[len(path)-4:]}}, visits: []visit{{dir: key{0, 0}}}}}
	for i := range int64(each) {
		m.effects.born = append(m.effects.born, newborn{parent: key{0, i}, name: path[len(path)-4:]})
	}
	for xid := uint64(10); xid < mostOurs; xid++ {
		h.land(h.fly(xid, []*mutation{m}))
		sum := 0
		for _, t := range h.ours {
			sum += len(t.entries) + len(t.dirs)
		}
		if sum != h.touching || sum > mostTouched+2*each {
			t.Fatalf("%d entries and directories are kept in mind, and %d counted", sum, h.touching)
		}
	}
	for _, kept := range h.ours {
		if lies(kept.entries[0].name, path) || lies(kept.entries[each].name, path) {
			t.Fatal("a path is kept in mind")
		}
	}
	h.advance(&moment{first: mostOurs, next: mostOurs})
	if len(h.ours) != 0 || h.touching != 0 || len(h.flying.entries) != 0 {
		t.Errorf("%d transactions, %d entries and directories and %d that are flying are kept in mind when all have ended", len(h.ours), h.touching, len(h.flying.entries))
	}
}

// What was true in an earlier moment than the latest is not proved, and what a transaction touches no longer is once it is shown.
func TestProofsAreOfTheLatestMoment(t *testing.T) {
	h := newHints(0, 0, 0, time.Now)
	at, other := entry{key{0, 1}, "f"}, entry{key{0, 1}, "g"}
	learn := func(m moment) {
		h.learn(&lesson{moment: m, entries: []taught{{at, hint{at: row{key{0, 2}, 9}}}, {other, hint{at: row{key{0, 3}, 9}}}}})
	}
	proved := func(e entry) bool {
		known, _ := h.entries.Peek(e)
		return known.era == h.era
	}
	learn(moment{first: 10, next: 10})
	if !proved(at) || !proved(other) {
		t.Error("what was just found is not proved")
	}
	h.willTouch(10, &mutation{effects: &effects{left: []entry{at}}})
	h.advance(&moment{first: 10, next: 11, running: []uint64{10}})
	if !proved(at) {
		t.Error("a transaction that is not shown disproves something")
	}
	h.advance(&moment{first: 11, next: 11})
	if proved(at) || !proved(other) {
		t.Errorf("after a transaction that touched one of two: %v, %v", proved(at), proved(other))
	}
	learn(moment{first: 10, next: 11, running: []uint64{10}})
	if proved(at) || proved(other) {
		t.Error("what was found in an earlier moment is proved")
	}
}

// What was read before a transaction of this server committed is not proved if it is remembered after the commit was answered.
func TestWhatWasReadBeforeACommitIsNotProved(t *testing.T) {
	const xid = 10
	before, after := moment{first: xid, next: xid + 1, running: []uint64{xid}}, moment{first: xid + 1, next: xid + 1}
	dir := key{0, 1}
	at, other := entry{dir, "f"}, entry{key{0, 5}, "g"}
	for name, tt := range map[string]struct {
		then   func(h *hints, land func())
		others bool // what else was read is proved
	}{
		"committed":        {func(_ *hints, land func()) { land() }, true},
		"not heard of yet": {func(*hints, func()) {}, true},
		"a second attempt": {func(h *hints, land func()) {
			land()
			h.land(h.fly(xid, []*mutation{{touches: &touched{entries: []entry{at}, dirs: []key{dir}}}}))
		}, true},
		"all was forgotten": {func(h *hints, land func()) {
			h.purge()
			h.advance(&before)
			land()
		}, false},
		"many more are committed": {func(h *hints, land func()) {
			land()
			for i := range uint64(mostOurs + 10) {
				h.begun(xid + 1 + i)
			}
		}, false},
	} {
		h := newHints(0, 0, 0, time.Now)
		h.advance(&before)
		flight := h.fly(xid, []*mutation{{touches: &touched{entries: []entry{at}, dirs: []key{dir}}}})
		landed := false
		tt.then(h, func() {
			landed = true
			h.land(flight)
		})
		takeIn := func(m moment) {
			h.learn(&lesson{moment: m, entries: []taught{{at, hint{at: row{key{0, 2}, 9}}}, {other, hint{at: row{key{0, 3}, 9}}}}})
			if era := h.provedAt(&m); era != 0 {
				h.proveDir(dir, dirHint{era: era})
			}
			h.keepPage(dir, pageKey{}, &Page{}, &m)
		}
		proved := func() (leaf, dirs, page, others bool) {
			is := func(e entry) bool {
				known, _ := h.entries.Peek(e)
				return known.era == h.era
			}
			return is(at), h.dirs.Contains(dir), h.listed.get(dir, pageKey{}, h.era) != nil, is(other)
		}
		takeIn(before)
		if leaf, dirs, page, others := proved(); leaf || dirs || page || others != tt.others {
			t.Errorf("%s: proved are the file %t, the directory %t, its page %t, and something else %t", name, leaf, dirs, page, others)
		}
		if !landed {
			h.land(flight)
		}
		last := after
		if !tt.others {
			last = moment{first: xid + 2*mostOurs, next: xid + 2*mostOurs}
		}
		h.advance(&last)
		takeIn(last)
		if leaf, dirs, page, others := proved(); !leaf || !dirs || !page || !others {
			t.Errorf("%s: once a moment shows it, proved are the file %t, the directory %t, its page %t, and something else %t", name, leaf, dirs, page, others)
		}
		if f := &h.flying; len(f.entries)+len(f.in)+len(f.dirs)+len(f.air) != 0 {
			t.Errorf("%s: in the end %+v flies", name, f)
		}
	}
}

// What a mount leads to is proved in the state in which it was compared, and not in that which a slow walk found earlier.
func TestAnEarlierWalkIsNotProved(t *testing.T) {
	fs := newFS(t)
	fs.as(t, "ada", "staff")
	must(t, fs.makeProject(t.Context(), "p", "ada"))
	s, h := fs.as(t, superuser), fs.hints
	proved := func(meanwhile func(mount entry, known *hint)) bool {
		t.Helper()
		must(t, ignore(s.Stat(t.Context(), at("/Projects/p"))))
		h.mu.Lock()
		h.turn()
		x := h.supposeFor(s.p.UserID, s.p.Superuser, at("/Projects/p"), false)
		h.mu.Unlock()
		a, err := fs.lanes.ask(t.Context(), x)
		must(t, err)
		h.mu.Lock()
		mount := x.hops[len(x.hops)-1].entry
		known, _ := h.entries.Peek(mount)
		meanwhile(mount, known)
		h.mu.Unlock()
		c, _, _, err := h.conclude(x, a)
		if c == nil || err != nil {
			t.Fatalf("the project is not found: %v", err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		known, _ = h.entries.Peek(mount)
		return known.era == h.era
	}
	eventually(t, "what is remembered is proved", func() bool { return proved(func(entry, *hint) {}) })
	for range 10 { // since transactions of others may interfere
		if proved(func(mount entry, known *hint) {
			earlier := *known
			earlier.target--
			h.remember(mount, &earlier)
		}) {
			t.Fatal("what was not compared is proved")
		}
	}
}
