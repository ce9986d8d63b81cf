package namespace

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// begunAhead is the number of the transaction that fs has begun ahead, or 0.
func (fs *testFS) begunAhead() uint64 {
	fs.aheads.mu.Lock()
	defer fs.aheads.mu.Unlock()
	if fs.aheads.next == nil {
		return 0
	}
	return fs.aheads.next.xid
}

// endAheads waits until no transaction that was begun ahead is open.
func (fs *testFS) endAheads() {
	fs.aheads.mu.Lock()
	t := fs.aheads.next
	fs.aheads.next = nil
	fs.aheads.mu.Unlock()
	if t != nil {
		fs.endAhead(t)
	}
}

// writerOf is the number of the transaction that wrote an inode.
func (fs *testFS) writerOf(t *testing.T, inode int64) uint64 {
	t.Helper()
	return uint64(fs.count(t, `SELECT xmin::text::bigint FROM inodes WHERE id = $1`, inode))
}

func TestABatchIsCommittedInTheTransactionBegunAhead(t *testing.T) {
	fs := newFS(t)
	fs.aheads.idle = time.Hour
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/first"), MkdirOptions{Mode: 0o755})))
	for _, name := range []string{"/tmp/second", "/tmp/third"} {
		ahead := fs.begunAhead()
		if ahead == 0 {
			t.Fatal("no transaction was begun behind the one before " + name)
		}
		must(t, ignore(s.Mkdirs(t.Context(), path(t, name), MkdirOptions{Mode: 0o755})))
		st, err := s.Stat(t.Context(), path(t, name))
		must(t, err)
		if by := fs.writerOf(t, st.ID); by != ahead {
			t.Errorf("%s was made by transaction %d, and %d was begun for it", name, by, ahead)
		}
	}
}

// If what a batch relies on has changed since it was decided, it is decided again, also in a transaction that was begun ahead.
func TestWhatWasBegunAheadIsHeldAgainstTheDatabase(t *testing.T) {
	deed := func(t *testing.T, do func(s *Session) error) func(s *Session) string {
		return func(s *Session) string {
			if err := do(s); err != nil {
				return err.Error()
			}
			return ""
		}
	}
	mkdirs := func(name string) func(s *Session) error {
		return func(s *Session) error {
			return ignore(s.Mkdirs(t.Context(), path(t, name), MkdirOptions{Mode: 0o755}))
		}
	}
	for name, c := range map[string]struct {
		op     string
		do     func(s *Session) error
		change func(t *testing.T, fs *testFS)
		want   string
		look   string // SQL: counts what must or must not be there
	}{
		"the directory was closed": {
			"mkdirs", mkdirs("/Projects/vision/d/new"),
			func(t *testing.T, fs *testFS) {
				must(t, fs.steward().SetPermission(context.Background(), mustPath("/Projects/vision/d"), 0o500))
			},
			"mkdirs /Projects/vision/d/new: Permission denied: user=bob, access=WRITE, inode=\"/Projects/vision/d\":bob:vision:dr-x------",
			`SELECT count(*) FROM inodes WHERE name = 'new'`,
		},
		"the directory was moved": {
			"mkdirs", mkdirs("/Projects/vision/d/new"),
			func(t *testing.T, fs *testFS) {
				must(t, ignore(fs.steward().Rename(context.Background(), mustPath("/Projects/vision/d"), mustPath("/Projects/vision/moved"))))
			},
			"", `SELECT count(*) FROM inodes i JOIN inodes p ON p.id = i.parent_id WHERE i.name = 'new' AND p.name = 'moved'`,
		},
		"the member was removed": {
			"mkdirs", mkdirs("/Projects/vision/d/new"),
			func(t *testing.T, fs *testFS) { must(t, fs.dropMember(context.Background(), "vision", "bob")) },
			"*", `SELECT count(*) FROM inodes WHERE name = 'new'`,
		},
		"the user has other groups": {
			"mkdirs", mkdirs("/tmp/grouped/new"),
			func(t *testing.T, fs *testFS) {
				fs.exec(t, `UPDATE users SET groups = '{}', epoch = epoch + 1 WHERE name = 'bob'`)
			},
			"*", `SELECT count(*) FROM inodes WHERE name = 'new'`,
		},
		"the file is another": {
			"delete", func(s *Session) error { return ignore(s.Delete(t.Context(), path(t, "/Projects/vision/d/f"), false)) },
			func(t *testing.T, fs *testFS) {
				must(t, fs.steward().Append(context.Background(), mustPath("/Projects/vision/d/f"), 10, bytes.NewReader(pattern(10))))
			},
			"", `SELECT count(*) FROM contents WHERE inode_id NOT IN (SELECT id FROM inodes)`,
		},
		"the file is gone": {
			"delete", func(s *Session) error { return ignore(s.Delete(t.Context(), path(t, "/Projects/vision/d/f"), false)) },
			func(t *testing.T, fs *testFS) {
				must(t, ignore(fs.steward().Delete(context.Background(), mustPath("/Projects/vision/d/f"), false)))
			},
			"", `SELECT count(*) - 1 FROM events WHERE op = 'delete'`,
		},
		"the name is taken": {
			"mkdirs", mkdirs("/Projects/vision/d/new"),
			func(t *testing.T, fs *testFS) {
				must(t, ignore(fs.steward().Mkdirs(context.Background(), mustPath("/Projects/vision/d/new"), MkdirOptions{Mode: 0o755})))
			},
			"", `SELECT count(*) - 1 FROM events WHERE op = 'mkdirs' AND path LIKE '%new'`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			servers := newServers(t, 2)
			fs, other := servers[0], servers[1]
			fs.as(t, "bob", "team")
			fs.as(t, "ada", "team")
			must(t, fs.makeProject(t.Context(), "vision", "ada"))
			must(t, fs.setMember(t.Context(), "vision", "bob", Scientist))
			bob := fs.as(t, "bob")
			bob.put(t, "/Projects/vision/d/f", []byte("f"))
			must(t, ignore(fs.as(t, superuser).Mkdirs(t.Context(), path(t, "/tmp/grouped"), MkdirOptions{Mode: 0o770})))
			must(t, fs.as(t, superuser).SetOwner(t.Context(), path(t, "/tmp/grouped"), "", "team"))
			must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/tmp/grouped"), 0o770))
			if err := mkdirs("/tmp/grouped/old")(bob); err != nil {
				t.Fatal(err)
			}
			if _, err := bob.Stat(t.Context(), path(t, "/Projects/vision/d/f")); err != nil {
				t.Fatal(err)
			}
			fs.aheads.idle = time.Hour
			must(t, mkdirs("/Projects/vision/d/warm")(bob))
			ahead := uint64(0)
			fs.between(c.op, func() {
				c.change(t, other)
				ahead = fs.begunAhead()
			})
			got := deed(t, c.do)(bob)
			if ahead == 0 {
				t.Error("nothing was begun ahead")
			}
			if c.want == "*" && got == "" || c.want != "*" && got != c.want {
				t.Errorf("it said %q, want %q", got, c.want)
			}
			if n := fs.count(t, c.look); n != 0 {
				t.Errorf("%d of what must not be: %s", n, c.look)
			}
			fs.clean(t)
		})
	}
}

// If somebody else has locked what a mutation relies on, it waits alone, and not in the transaction that was begun ahead.
func TestABatchDoesNotWaitInTheTransactionBegunAhead(t *testing.T) {
	given := lockTimeout
	t.Cleanup(func() { lockTimeout = given }) // runs after the server, which reads it, has ended
	lockTimeout = "3600000"                   // so that waiting in a batch would never end
	fs := newFS(t)
	fs.aheads.idle = time.Hour
	s := fs.as(t, superuser)
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/a/b"), MkdirOptions{Mode: 0o755})))
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/a/c"), MkdirOptions{Mode: 0o755})))
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM inodes WHERE name = 'b' FOR UPDATE`)
	must(t, err)
	if fs.begunAhead() == 0 {
		t.Fatal("nothing was begun ahead")
	}
	free, held, all := make(chan error, 1), make(chan error, 1), make(chan []error, 1)
	making := func(name string, made chan error) func() error {
		return func() error {
			err := ignore(fs.As(s.p).Mkdirs(t.Context(), mustPath(name), MkdirOptions{Mode: 0o755}))
			made <- err
			return err
		}
	}
	go func() { all <- fs.together(t, making("/tmp/a/b/new", held), making("/tmp/a/c/new", free)) }()
	select {
	case err := <-free:
		must(t, err)
	case err := <-held:
		t.Fatal("what is locked was changed", err)
	case <-time.After(30 * time.Second):
		t.Fatal("who needs nothing that is locked waits")
	}
	must(t, tx.Rollback(t.Context()))
	must(t, errors.Join(<-all...))
}

// A transaction that was begun ahead and is not needed ends soon, and one whose connection has died does no harm.
func TestWhatWasBegunAheadEnds(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	open := func() int {
		return fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`)
	}
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/a"), MkdirOptions{Mode: 0o755})))
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for open() > 0 {
		<-look.C
	}
	fs.still() // or one of its own may be open just now
	fs.aheads.idle = time.Hour
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/b"), MkdirOptions{Mode: 0o755})))
	if n := open(); n != 1 {
		t.Fatalf("%d transactions are open, want 1", n)
	}
	fs.aheads.mu.Lock()
	pid := fs.aheads.next.conn.Conn().PgConn().PID()
	fs.aheads.mu.Unlock()
	must(t, pgx.BeginFunc(t.Context(), fs.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT pg_terminate_backend($1, 10000)`, int64(pid))
		return err
	}))
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/c"), MkdirOptions{Mode: 0o755})))
	if n := fs.count(t, `SELECT count(*) FROM inodes WHERE name = 'c'`); n != 1 {
		t.Errorf("%d directories were made", n)
	}
	must(t, fs.Close()) // which would wait for its connection
	must(t, ignore(s.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	if n := open(); n != 0 {
		t.Errorf("%d transactions are open after the file system was closed", n)
	}
}
