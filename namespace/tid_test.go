package namespace

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lies returns where the database has the row of an inode in a table.
func (fs *testFS) lies(t *testing.T, table string, id int64) (at tid) {
	t.Helper()
	must(t, fs.db.QueryRow(t.Context(), `SELECT ctid FROM `+table+` WHERE id = $1`, id).Scan(&at))
	return at
}

// lay returns where fs thinks that the row of an inode lies, and its row in dirs.
func (fs *testFS) lay(t *testing.T, s *Session, name string) (id int64, inode, counter tid) {
	t.Helper()
	fs.hints.mu.Lock()
	defer fs.hints.mu.Unlock()
	c, _, known := fs.hints.trace(s.p.UserID, s.p.Superuser, path(t, name))
	if c == nil || known < len(c.names) {
		t.Fatalf("%s is not remembered", name)
	}
	n := c.node()
	counter, _ = fs.hints.counters.Peek(n.key())
	return n.id, n.at, counter
}

// batched counts the statements of batches.
type batched struct {
	mu   sync.Mutex
	seen map[string]int
}

func (b *batched) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (b *batched) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (b *batched) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (b *batched) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
func (b *batched) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen[data.SQL]++; data.Err != nil {
		b.seen[sqlState(data.Err)]++
	}
}

// loneBatched opens a server that is the only one, counts its batches, and returns the Config to open others with.
func loneBatched(t *testing.T, changes ...func(*Config)) (fs *testFS, b *batched, c Config) {
	t.Helper()
	first := newFS(t, func(given *Config) { c = *given })
	must(t, first.Close())
	for _, change := range changes {
		change(&c)
	}
	b = &batched{seen: map[string]int{}}
	only, _ := leasing(t, c, b)
	return &testFS{only, first.auth, c.Store}, b, c
}

// take returns how many statements and errors of each kind were seen since the last call.
func (b *batched) take() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := b.seen
	b.seen = map[string]int{}
	return seen
}

// The place of a row that was found, made or counted is known, until the row has moved.
func TestWhereRowsLieIsKnown(t *testing.T) {
	fs, _, _ := lone(t)
	s := fs.as(t, superuser)
	takesLease(t, fs.FS, s, at("/tmp")) // so it knows that it is alone
	s.put(t, "/d/f", []byte("content"))
	for _, name := range []string{"/d", "/d/f"} {
		id, at, counter := fs.lay(t, s, name)
		if at != fs.lies(t, "inodes", id) {
			t.Errorf("%s, that was made, lies at %v and not at %v", name, fs.lies(t, "inodes", id), at)
		}
		if name == "/d" && counter != fs.lies(t, "dirs", id) {
			t.Errorf("its counter lies at %v and not at %v", fs.lies(t, "dirs", id), counter)
		}
	}
	must(t, s.SetPermission(t.Context(), at("/d"), 0o700))
	takesLease(t, fs.FS, s, at("/d/f"))
	if id, at, _ := fs.lay(t, s, "/d"); at != fs.lies(t, "inodes", id) {
		t.Errorf("what was written lies at %v and not at %v", fs.lies(t, "inodes", id), at)
	}
	_, err := s.Rename(t.Context(), at("/d/f"), at("/d/g"))
	must(t, err)
	if _, at, _ := fs.lay(t, s, "/d/g"); at != (tid{}) {
		t.Errorf("what was moved still lies at %v", at)
	}
}

// A lone server updates counters of children by their place, without going down the index; next to another server, which moves
// them, by their key.
func TestCountersAreFoundWhereTheyLie(t *testing.T) {
	fs, b, c := loneBatched(t)
	s := fs.as(t, superuser)
	make10 := func(prefix string, before func(i int)) (seen map[string]int) {
		b.take()
		for i := range 10 {
			before(i)
			_, err := s.Mkdirs(t.Context(), at(fmt.Sprintf("/d/%s%d", prefix, i)), MkdirOptions{Mode: 0o755})
			must(t, err)
		}
		return b.take()
	}
	nothing := func(int) {}
	make10("first", nothing)
	takesLease(t, fs.FS, s, at("/d"))
	for when, before := range map[string]func(i int){"alone": nothing, "after a pause": func(int) { fs.endAheads() }} {
		if seen := make10(when, before); seen[visitsAtSQL] < 8 || seen[notAsDecided] > 2 {
			t.Errorf("%s: %d of 10 counts where the counter lies, %d by its key, %d refused", when, seen[visitsAtSQL], seen[countedSQL], seen[notAsDecided])
		}
	}
	for when, before := range map[string]func(i int){
		// A directory is moved in a transaction of its own, which moves the row of the counter of the directory that it leaves.
		"after a move": func(i int) {
			_, err := s.Rename(t.Context(), at(fmt.Sprintf("/d/first%d", i)), at(fmt.Sprintf("/d/moved%d", i)))
			must(t, err)
		},
		"after new times": func(i int) { must(t, s.SetTimes(t.Context(), at("/d"), int64(i), -1)) },
	} {
		if seen := make10(when, before); seen[notAsDecided] > 2 {
			t.Errorf("%s: %d of 10 counts where the counter lay, %d refused", when, seen[visitsAtSQL], seen[notAsDecided])
		}
	}
	other, _ := leasing(t, c)
	eventually(t, "company", func() bool {
		_, err := s.Stat(t.Context(), at("/d"))
		must(t, err)
		return fs.hints.company()
	})
	if seen := make10("beside", nothing); seen[visitsSQL] != 10 {
		t.Errorf("beside another server: %d of 10 counts by the counter's key", seen[visitsSQL])
	}
	must(t, other.Close())
	fs.clean(t)
}

// A counter that is updated by its place keeps the rules: no more children than allowed, and no time that runs backwards.
func TestCountersWhereTheyLieKeepTheRules(t *testing.T) {
	const most = 4
	fs, b, _ := loneBatched(t, func(c *Config) { c.MaxChildren = most })
	s := fs.as(t, superuser)
	s.put(t, "/d/first", nil)
	takesLease(t, fs.FS, s, at("/d"))
	future := fs.millis() + 1_000_000
	_, err := fs.db.Exec(t.Context(), `UPDATE dirs SET mtime = $1 WHERE id = (SELECT id FROM inodes WHERE name = 'd')`, future)
	must(t, err)
	for i := range most {
		b.take()
		_, err := s.Mkdirs(t.Context(), at(fmt.Sprintf("/d/%d", i)), MkdirOptions{Mode: 0o755})
		status, failed := s.Stat(t.Context(), at("/d"))
		must(t, failed)
		if (err == nil) != (i+2 <= most) || status.Children != int64(min(i+2, most)) || status.MTime != future || err != nil && kindOf(err) != TooManyChildren {
			t.Errorf("%d more: %v, %d children, changed at %d", i+1, err, status.Children, status.MTime)
		}
		if seen := b.take(); i > 0 && seen[visitsAtSQL] == 0 {
			t.Errorf("%d more: it was not counted where the counter lies", i+1)
		}
	}
	fs.clean(t)
}

// Whoever waits for another who is writing a counter counts after that one, whether it was committed or not.
func TestCountersAreWaitedFor(t *testing.T) {
	for name, end := range map[string]string{"written": `COMMIT`, "left": `ROLLBACK`} {
		fs, b, _ := loneBatched(t)
		s := fs.as(t, superuser)
		s.put(t, "/d/f", nil)
		takesLease(t, fs.FS, s, at("/d"))
		s.put(t, "/d/g", nil) // so that it is known where the counter lies
		b.take()
		tx, err := fs.db.Begin(t.Context())
		must(t, err)
		var before int
		must(t, tx.QueryRow(t.Context(), `UPDATE dirs SET mtime = mtime WHERE id = (SELECT id FROM inodes WHERE name = 'd') RETURNING children`).Scan(&before))
		made := make(chan error)
		go func() {
			_, err := s.Mkdirs(t.Context(), at("/d/sub"), MkdirOptions{Mode: 0o755})
			made <- err
		}()
		for fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%dirs%'`) == 0 {
			<-time.After(time.Millisecond)
		}
		_, err = tx.Exec(t.Context(), end)
		must(t, err)
		must(t, <-made)
		must(t, tx.Rollback(t.Context()))
		status, err := s.Stat(t.Context(), at("/d"))
		must(t, err)
		if seen := b.take(); status.Children != int64(before)+1 || seen[visitsAtSQL] == 0 {
			t.Errorf("%s: %d children after %d, counted where the counter lies: %d", name, status.Children, before, seen[visitsAtSQL])
		}
		fs.clean(t)
	}
}

// Remembered places of rows are never believed: whatever lies there, another row or none, the right row is changed.
func TestWrongPlacesOfRowsAreFoundOut(t *testing.T) {
	fs, b, _ := loneBatched(t)
	s := fs.as(t, superuser)
	s.put(t, "/other/f", []byte("another"))
	_, file, _ := fs.lay(t, s, "/other/f")
	_, dir, counter := fs.lay(t, s, "/other")
	wrongs := map[string]struct{ inode, counter tid }{
		"nowhere":       {},
		"no such page":  {tid{1 << 30, 1}, tid{1 << 30, 1}},
		"no such item":  {tid{0, 4000}, tid{0, 4000}},
		"a file":        {file, counter},
		"a directory":   {dir, counter},
		"another table": {counter, dir},
	}
	both := map[bool]string{false: "at once", true: "after a pause"}
	for name, wrong := range wrongs {
		for pause, when := range both {
			name := name + ", " + when
			fs.misled(t, b, s, name, pause, wrong.inode, wrong.counter)
			if got := string(s.get(t, "/other/f")); got != "another" {
				t.Errorf("%s: the other file is %q", name, got)
			}
		}
	}
	fs.clean(t)
}

// misled makes, moves and deletes what fs thinks to lie at inode and counter.
func (fs *testFS) misled(t *testing.T, b *batched, s *Session, name string, pause bool, inode, counter tid) {
	t.Helper()
	top := "/" + strings.ReplaceAll(name, " ", "-")
	poison := func(counters bool) {
		t.Helper()
		takesLease(t, fs.FS, s, at(top+"/g"))
		if pause {
			fs.endAheads()
		}
		fs.hints.mu.Lock()
		defer fs.hints.mu.Unlock()
		for _, e := range fs.hints.entries.Keys() {
			h, _ := fs.hints.entries.Peek(e)
			poisoned := *h
			poisoned.node.at = inode
			fs.hints.entries.Add(e, &poisoned)
		}
		for _, k := range fs.hints.counters.Keys() {
			if counters {
				fs.hints.counters.Add(k, counter)
			}
		}
	}
	s.put(t, top+"/f", []byte("content"))
	s.put(t, top+"/g", []byte("content"))
	poison(false)
	b.take()
	_, err := s.Mkdirs(t.Context(), at(top+"/first"), MkdirOptions{Mode: 0o755})
	must(t, err)
	if seen := b.take(); seen[asDecidedSQL] == 1 && seen[notAsDecided] > 0 {
		t.Errorf("%s: inodes are not looked up by their keys", name)
	}
	poison(true)
	_, err = s.Mkdirs(t.Context(), at(top+"/sub"), MkdirOptions{Mode: 0o755})
	must(t, err)
	switch seen := b.take(); {
	case seen[visitsAtSQL] > 0 && seen[notAsDecided] == 0:
		t.Errorf("%s: a counter was found there", name)
	case pause && seen[visitsAtSQL] > 0 && seen[lockManySQL] != 2:
		t.Errorf("%s: it was not looked up by its key at once: %d locks", name, seen[lockManySQL])
	}
	poison(true)
	if done, err := s.Rename(t.Context(), at(top+"/f"), at(top+"/sub/f")); !done || err != nil {
		t.Errorf("%s: rename: %v, %v", name, done, err)
	}
	poison(true)
	if done, err := s.Delete(t.Context(), at(top+"/g"), false); !done || err != nil {
		t.Errorf("%s: delete: %v, %v", name, done, err)
	}
	if got := string(s.get(t, top+"/sub/f")); got != "content" {
		t.Errorf("%s: %q", name, got)
	}
	if st, err := s.Stat(t.Context(), at(top)); err != nil || st.Children != 2 {
		t.Errorf("%s: %d children, %v", name, st.Children, err)
	}
}

func TestTIDs(t *testing.T) {
	fs := newFS(t)
	all := []tid{{}, {1, 2}, {1<<32 - 1, 1<<16 - 1}}
	for name, db := range map[string]*pgxpool.Pool{"pgx": fs.db, "fast": fs.byKeys} {
		var got []tid
		rows, err := db.Query(t.Context(), `SELECT unnest($1::tid[])`, all)
		must(t, err)
		got, err = pgx.CollectRows(rows, pgx.RowTo[tid])
		must(t, err)
		if fmt.Sprint(got) != fmt.Sprint(all) {
			t.Errorf("%s: %v came back as %v", name, all, got)
		}
	}
	if err := new(tid).ScanTID(pgtype.TID{}); err == nil {
		t.Error("NULL is taken for a place")
	}
}
