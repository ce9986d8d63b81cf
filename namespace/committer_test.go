package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// together runs the mutations of deeds in as few transactions as possible: none begins before all are decided.
func (fs *testFS) together(t *testing.T, deeds ...func() error) []error {
	t.Helper()
	c := &fs.committer
	c.mu.Lock()
	c.active += commitLanes
	c.mu.Unlock()
	outcomes := make([]error, len(deeds))
	done := make(chan struct{})
	go func() {
		defer close(done)
		crowd(len(deeds), func(i int) { outcomes[i] = deeds[i]() })
	}()
	for waiting := 0; waiting < len(deeds); {
		select {
		case <-t.Context().Done():
			t.Fatal("the mutations never came to be committed")
		case <-time.After(time.Millisecond):
		}
		c.mu.Lock()
		waiting = len(c.queue)
		c.mu.Unlock()
	}
	c.mu.Lock()
	c.active -= commitLanes - 1
	c.mu.Unlock()
	c.drain()
	<-done
	return outcomes
}

// creating returns a deed that makes a file of n bytes.
func (fs *testFS) creating(t *testing.T, s *Session, name string, n int) func() error {
	return func() error {
		_, err := s.Create(t.Context(), path(t, name), CreateOptions{Mode: 0o644, Size: int64(n)}, bytes.NewReader(pattern(n)))
		return err
	}
}

// transactions returns how many transactions of fs have committed events in the common ground or claimed an id.
func (fs *testFS) transactions(t *testing.T) (n int) {
	t.Helper()
	if err := fs.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM operations) + count(batch) FROM events WHERE project_id = 0`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMutationsAreCommittedTogether(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	root.put(t, "/tmp/old", []byte("old"))
	root.put(t, "/tmp/gone", []byte("gone"))
	root.put(t, "/tmp/here", []byte("here"))
	deeds := []func() error{
		func() error {
			_, err := fs.as(t, superuser).Create(t.Context(), path(t, "/tmp/old"), CreateOptions{Overwrite: true, Mode: 0o600, Size: -1}, bytes.NewReader([]byte("new")))
			return err
		},
		func() error {
			_, err := fs.as(t, superuser).Delete(t.Context(), path(t, "/tmp/gone"), false)
			return err
		},
		func() error {
			_, err := fs.as(t, superuser).Rename(t.Context(), path(t, "/tmp/here"), path(t, "/tmp/there"))
			return err
		},
		func() error {
			_, err := fs.as(t, superuser).Mkdirs(t.Context(), path(t, "/tmp/a/b/c"), MkdirOptions{Mode: 0o755})
			return err
		},
	}
	for i := range 20 {
		deeds = append(deeds, fs.creating(t, fs.as(t, superuser), fmt.Sprintf("/tmp/%d", i), i*100))
	}
	before := fs.transactions(t)
	for i, err := range fs.together(t, deeds...) {
		if err != nil {
			t.Error(i, err)
		}
	}
	if n := fs.transactions(t) - before; n != 1 {
		t.Errorf("%d transactions, want 1", n)
	}
	if got := root.get(t, "/tmp/old"); string(got) != "new" {
		t.Errorf("/tmp/old holds %q", got)
	}
	if got := root.get(t, "/tmp/there"); string(got) != "here" {
		t.Errorf("/tmp/there holds %q", got)
	}
	for i := range 20 {
		if got := root.get(t, fmt.Sprintf("/tmp/%d", i)); !bytes.Equal(got, pattern(i*100)) {
			t.Errorf("/tmp/%d holds %d other bytes", i, len(got))
		}
	}
	if st, err := root.Stat(t.Context(), path(t, "/tmp")); err != nil || st.Children != 23 {
		t.Errorf("/tmp has %d children (%v), want 23", st.Children, err)
	}
	rows, err := fs.db.Query(t.Context(), `SELECT seq - row_number() OVER (ORDER BY seq) = min(seq) OVER () - 1 AND at >= lag(at, 1, at) OVER (ORDER BY seq) FROM events WHERE project_id = 0`)
	if err != nil {
		t.Fatal(err)
	}
	inOrder, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	if err != nil || len(inOrder) != 3+24 {
		t.Errorf("%d events (%v), want 27", len(inOrder), err)
	}
	for _, ok := range inOrder {
		if !ok {
			t.Fatal("the events are not numbered in their order, without gaps")
		}
	}
	fs.clean(t)
}

// A mutation that fails in a batch fails alone, and in the same words as by itself.
func TestOneOfABatchFailsAlone(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.MaxChildren = 4 })
	root, ada := fs.as(t, superuser), fs.as(t, "ada", "staff")
	for _, dir := range []string{"/tmp/full", "/tmp/small", "/tmp/open", "/tmp/closed"} {
		if _, err := root.Mkdirs(t.Context(), path(t, dir), MkdirOptions{Mode: 0o777}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		root.put(t, fmt.Sprintf("/tmp/full/%d", i), nil)
	}
	if err := root.SetQuota(t.Context(), path(t, "/tmp/small"), QuotaChange{Names: new(int64(3))}); err != nil {
		t.Fatal(err)
	}
	before := fs.transactions(t)
	outcomes := fs.together(t,
		fs.creating(t, fs.as(t, superuser), "/tmp/full/a", 10),
		fs.creating(t, fs.as(t, superuser), "/tmp/full/b", 10),
		fs.creating(t, fs.as(t, superuser), "/tmp/small/a", 10),
		fs.creating(t, fs.as(t, superuser), "/tmp/small/b", 10),
		fs.creating(t, fs.as(t, superuser), "/tmp/small/c", 10),
		fs.creating(t, ada, "/tmp/open/same", 10),
		fs.creating(t, fs.as(t, superuser), "/tmp/open/same", 20),
	)
	for kind, want := range map[Kind]string{
		TooManyChildren: "The directory item limit of /tmp/full is exceeded: limit=4 items=4",
		QuotaNames:      "The NameSpace quota (directories and files) of directory /tmp/small is exceeded: quota=3 file count=4",
		Exist:           "/tmp/open/same for client localhost already exists",
	} {
		n := 0
		for _, err := range outcomes {
			var e *Error
			if errors.As(err, &e) && e.Kind == kind {
				n++
				if e.Msg != want {
					t.Errorf("%q, want %q", e.Msg, want)
				}
			}
		}
		if n != 1 {
			t.Errorf("%d of %v failed with %s, want 1", n, outcomes, kind)
		}
	}
	if fs.transactions(t) == before {
		t.Error("nothing was committed")
	}
	fs.clean(t)
}

// A mutation that was decided on stale state is decided again, and does not hold up the others of its batch.
func TestOneOfABatchIsStale(t *testing.T) {
	fs := newFS(t)
	root, ada := fs.as(t, superuser), fs.as(t, "ada", "staff")
	if _, err := root.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	closed := false
	fs.decided = func(op string, p Path) {
		if op == "create" && p.String() == "/tmp/d/ada" && !closed {
			closed = true
			if err := root.SetPermission(t.Context(), path(t, "/tmp/d"), perm.Mode(0o700)); err != nil {
				t.Error(err)
			}
		}
	}
	outcomes := fs.together(t, fs.creating(t, ada, "/tmp/d/ada", 10), fs.creating(t, fs.as(t, superuser), "/tmp/root", 10))
	if kindOf(outcomes[0]) != AccessControl || outcomes[1] != nil {
		t.Error(outcomes)
	}
}

// A lock that is held for long holds up only those who need it.
func TestNobodyWaitsBehindABatch(t *testing.T) {
	t.Parallel()
	const file, other = "/tmp/held/f", "/Projects/held/f"
	for name, tt := range map[string]struct{ at, lock string }{
		"an inode":           {file, `SELECT FROM inodes WHERE name = 'held' FOR UPDATE`},
		"a directory's row":  {file, `SELECT FROM dirs WHERE id = (SELECT id FROM inodes WHERE name = 'held' AND kind = 'd') FOR UPDATE`},
		"an entry to be":     {file, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime) SELECT 0, -1, id, 'f', 'f', 0, '', '', 0 FROM inodes WHERE name = 'held' AND kind = 'd'`},
		"a project's rules":  {other, `SELECT FROM projects WHERE name = 'held' FOR UPDATE`},
		"a project's events": {other, `UPDATE feeds SET last = last WHERE project_id = (SELECT id FROM projects WHERE name = 'held')`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fs := newFS(t)
			root := fs.as(t, superuser)
			fs.as(t, "ada", "staff")
			if err := fs.makeProject(t.Context(), "held", "ada"); err != nil {
				t.Fatal(err)
			}
			for _, dir := range []string{"/tmp/held", "/tmp/free"} {
				root.put(t, dir+"/first", nil)
			}
			root.put(t, "/Projects/held/first", nil)
			tx, err := fs.db.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback(context.WithoutCancel(t.Context()))
			if _, err := tx.Exec(t.Context(), tt.lock); err != nil {
				t.Fatal(err)
			}
			free := make(chan error, 1)
			outcomes := make(chan []error, 1)
			go func() {
				outcomes <- fs.together(t, fs.creating(t, fs.as(t, superuser), tt.at, 10), func() error {
					err := fs.creating(t, fs.as(t, superuser), "/tmp/free/f", 10)()
					free <- err
					return err
				})
			}()
			if err := <-free; err != nil { // the lock is held still
				t.Fatal(err)
			}
			if err := fs.creating(t, fs.as(t, superuser), "/tmp/free/g", 10)(); err != nil {
				t.Fatal(err)
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, err := range <-outcomes {
				if err != nil {
					t.Error(err)
				}
			}
			fs.clean(t)
		})
	}
}

// TestABatchIsBoundedInRows checks that mutations of many rows share a batch with few others, and one of too many goes alone.
func TestABatchIsBoundedInRows(t *testing.T) {
	making := func(project int64, names int) *queued {
		m := &mutation{effects: &effects{}}
		for i := range names {
			m.effects.born = append(m.effects.born, newborn{parent: key{project, int64(i)}, name: "d"})
		}
		return &queued{m: m}
	}
	for _, tt := range []struct{ mutations, names, together int }{
		{100, 5, 100}, {100, commitBatchRows / 4, 4}, {100, commitBatchRows/4 + 1, 4}, {3, commitBatchRows + 1, 1},
	} {
		c := committer{most: defaultCommitBatch}
		for i := range tt.mutations {
			c.queue = append(c.queue, making(int64(i), tt.names))
		}
		if batch, rivals := c.take(); len(batch) != tt.together || len(rivals) != 0 || len(c.queue) != tt.mutations-tt.together {
			t.Errorf("of %d mutations of %d names %d go together and %d are left, want %d", tt.mutations, tt.names, len(batch), len(c.queue), tt.together)
		}
	}
}

// A mutation whose caller gives up before it is begun never happens.
func TestMutationLeavesTheQueue(t *testing.T) {
	c := committer{most: 1, active: commitLanes, run: func(context.Context, []*mutation) []error {
		t.Error("it was begun")
		return []error{nil}
	}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.commit(ctx, &mutation{effects: &effects{}}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	c.drain()
}

// TestEventsAreInTheOrderOfWhatHappened checks that what makes an entry and what ends it are not in one batch, since a batch ends
// entries before it makes others, whatever the order in which that was requested.
func TestEventsAreInTheOrderOfWhatHappened(t *testing.T) {
	x := entry{key{0, 1}, "x"}
	makes := func(e entry) *queued {
		return &queued{m: &mutation{effects: &effects{born: []newborn{{parent: e.dir, name: e.name}}}}}
	}
	ends := func(e entry) *queued { return &queued{m: &mutation{effects: &effects{left: []entry{e}}}} }
	for name, queue := range map[string][]*queued{
		"made, then ended": {makes(x), ends(x)},
		"ended, then made": {ends(x), makes(x)},
	} {
		c := committer{most: defaultCommitBatch}
		c.queue = queue
		if batch, rivals := c.take(); len(batch) != 1 || len(rivals) != 0 || len(c.queue) != 1 {
			t.Errorf("%s: %d are taken, %d are rivals, %d wait", name, len(batch), len(rivals), len(c.queue))
		}
	}
	c := committer{most: defaultCommitBatch}
	c.queue = []*queued{makes(x), ends(entry{key{0, 2}, "x"})}
	if batch, _ := c.take(); len(batch) != 2 {
		t.Errorf("%d of two that have nothing to do with each other are taken", len(batch))
	}
}

// TestABatchThatFindsLessCommitsNothing checks that a batch that finds fewer rows than it should is not committed, though its COMMIT
// has been sent by then.
func TestABatchThatFindsLessCommitsNothing(t *testing.T) {
	fs := newFS(t)
	root := fs.as(t, superuser)
	root.put(t, "/tmp/a", []byte("a"))
	a, err := root.Stat(t.Context(), at("/tmp/a"))
	must(t, err)
	tmp, err := root.Stat(t.Context(), at("/tmp"))
	must(t, err)
	last := func() (n int64) {
		must(t, fs.db.QueryRow(t.Context(), `SELECT coalesce(max(seq), 0) FROM events WHERE project_id = 0`).Scan(&n))
		return n
	}
	before := last()
	there, none := &node{id: a.ID, kind: kindFile, size: 1, gen: firstGen}, &node{id: 1 << 40, kind: kindFile, gen: firstGen}
	for name, e := range map[string]*effects{
		"no such inode":   {gone: []*node{none}},
		"no content":      {gone: []*node{{id: a.ID, kind: kindFile, size: 1, gen: firstGen}, none}},
		"moved from else": {moved: []newPlace{{there, tmp.ID + 1, tmp.ID, "b"}}},
		"raised":          {raised: []key{none.key()}},
	} {
		m := &mutation{effects: e, event: &event{op: "test", path: at("/tmp/a")}}
		if err := fs.commitBatch(t.Context(), []*mutation{m})[0]; err == nil {
			t.Errorf("%s: it is said to have happened", name)
		}
		if last() != before {
			t.Errorf("%s: it was committed", name)
		}
	}
	if got := string(root.get(t, "/tmp/a")); got != "a" {
		t.Errorf("the file holds %q", got)
	}
	fs.clean(t)
}
