package namespace

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
	"granary/blocks"
	"granary/blocks/mem"
	"granary/blocks/seal"
	"granary/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.MainAlone(m) }

// testFS is a file system over a fresh database, with an authority beside it.
type testFS struct {
	*FS
	auth  *auth.Authority
	store blocks.Store
}

// superuser owns / in tests.
const superuser = "root"

func newFS(t testing.TB, change ...func(*Config)) *testFS {
	t.Helper()
	return newFSOver(t, pgtest.New(t), change...)
}

// newFSOver is newFS over a given database.
func newFSOver(t testing.TB, fresh *pgxpool.Pool, change ...func(*Config)) *testFS {
	t.Helper()
	ctx := t.Context()
	root, err := seal.LoadRoot(filepath.Join(t.TempDir(), "root.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	db, writes := watched(t, fresh)
	authority, err := auth.Open(ctx, auth.Config{
		DB: db, Issuer: "test", Seal: root.WrapSecret, Unseal: root.UnwrapSecret, Superuser: superuser, Simple: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := Config{DB: db, Store: mem.New(), Root: root, Refresh: authority.Refresh, Superuser: superuser, Writes: writes}
	for _, f := range change {
		f(&c)
	}
	if c.DB.Config().ConnConfig.Tracer != db.Config().ConnConfig.Tracer {
		c.Writes = nil // it does not see what happens there
	}
	fs, err := Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fs.Close() })
	made := &testFS{fs, authority, c.Store}
	made.hurry(0) // so that no test counts blocks that were recorded ahead
	return made
}

// watched connects to the database of a pool, and returns a Writes that sees all that happens there.
func watched(t testing.TB, pool *pgxpool.Pool) (*pgxpool.Pool, *Writes) {
	t.Helper()
	config, writes := pool.Config(), &Writes{}
	writes.Watch(config.ConnConfig)
	db, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, writes
}

// still ends what the server does by itself. While it has begun to write, settle or remove something, a test that asks for the same finds
// nothing to do, and does not wait for it; and after five seconds, without a trash interval, it removes projects that were just deleted.
func (fs *testFS) still() {
	fs.stop()
	<-fs.done
}

// as returns a session of a user, who is created if missing.
func (fs *testFS) as(t testing.TB, user string, groups ...string) *Session {
	t.Helper()
	if len(groups) > 0 {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: user, Groups: groups}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := fs.auth.Simple(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return fs.As(p)
}

func path(t testing.TB, s string) Path {
	t.Helper()
	p, err := ParsePath(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *Session) put(t testing.TB, name string, content []byte) Status {
	t.Helper()
	st, err := s.Create(t.Context(), path(t, name), CreateOptions{Overwrite: true, CreateParent: true, Mode: 0o644, Size: -1}, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (s *Session) get(t testing.TB, name string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), path(t, name), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pattern returns n bytes that differ at every offset at which a block or row could be cut.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i*31 + i>>8 + i>>16)
	}
	return p
}

// clean fails the test unless fsck finds nothing wrong and everything can be read.
func (fs *testFS) clean(t testing.TB) Report {
	t.Helper()
	report, err := fs.Fsck(context.Background(), FsckOptions{ReadData: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		t.Errorf("fsck: %s", p)
	}
	return report
}

func TestContentComesBack(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, size := range []int{0, 1, 511, 512, InlineMax - 1, InlineMax, InlineMax + 1, 1 << 20, 3<<20 + 17} {
		want := pattern(size)
		s.put(t, "/data/a/f", want)
		if got := s.get(t, "/data/a/f"); !bytes.Equal(got, want) {
			t.Fatalf("%d bytes: other content came back (%d bytes)", size, len(got))
		}
		for _, cut := range [][2]int{{0, 1}, {size / 2, size / 3}, {size - 1, 1}, {size, 0}, {size / 3, size}} {
			off, n := cut[0], cut[1]
			if off < 0 || off > size {
				continue
			}
			r, err := s.Open(t.Context(), path(t, "/data/a/f"), int64(off), int64(n))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if want := want[off:min(off+n, size)]; !bytes.Equal(got, want) {
				t.Fatalf("%d bytes, range %d+%d: got %d bytes", size, off, n, len(got))
			}
			r.Close()
		}
	}
	fs.clean(t)
}

func TestAppendsOfEverySize(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/log", nil)
	var want []byte
	for i, n := range []int{1, 300, 0, 511, 70_000, 300, 13, InlineMax, InlineMax + 1, 5, 1 << 20, 1} {
		p := pattern(n + i)[i:]
		if err := s.Append(t.Context(), path(t, "/log"), -1, bytes.NewReader(p)); err != nil {
			t.Fatal(err)
		}
		want = append(want, p...)
		if got := s.get(t, "/log"); !bytes.Equal(got, want) {
			t.Fatalf("after append %d of %d bytes: content differs (%d bytes, want %d)", i, n, len(got), len(want))
		}
	}
	for range 3 * foldRows {
		if err := s.Append(t.Context(), path(t, "/log"), 3, bytes.NewReader([]byte("abc"))); err != nil {
			t.Fatal(err)
		}
		want = append(want, "abc"...)
	}
	if got := s.get(t, "/log"); !bytes.Equal(got, want) {
		t.Fatal("content differs after folds")
	}
	fs.folded()
	var rows int
	if err := fs.db.QueryRow(t.Context(), `SELECT count(*) FROM contents`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if rows > foldRows+12 {
		t.Errorf("%d rows are left after folds", rows)
	}
	fs.clean(t)
}

func TestTree(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/a/b/c", []byte("x"))
	if ok, err := s.Rename(t.Context(), path(t, "/a"), path(t, "/z")); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := s.get(t, "/z/b/c"); string(got) != "x" {
		t.Fatal(string(got))
	}
	if ok, err := s.Rename(t.Context(), path(t, "/z"), path(t, "/z/b")); ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := s.Delete(t.Context(), path(t, "/z"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	alice := fs.as(t, "alice", "team")
	alice.put(t, "/user/alice/x", []byte("1"))
	if err := fs.makeProject(t.Context(), "vision", "alice"); err != nil {
		t.Fatal(err)
	}
	alice.put(t, "/Projects/vision/d/x", pattern(100_000))
	if _, err := fs.as(t, "eve").Stat(t.Context(), path(t, "/Projects/vision/d/x")); err == nil {
		t.Fatal("a stranger sees into the project")
	}
	sum, err := s.Summary(t.Context(), path(t, "/"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", sum)
	if _, err := s.Rename(t.Context(), path(t, "/Projects/vision/d/x"), path(t, "/tmp/x")); err == nil {
		t.Fatal("a file left its project")
	}
	for _, name := range []string{"/Projects", "/user", "/tmp"} {
		if ok, err := s.Delete(t.Context(), path(t, name), true); !ok || err != nil {
			t.Fatal(name, ok, err)
		}
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := fs.clean(t)
	t.Logf("%+v", r)
}

// steward is a session of the superuser, who has no row.
func (fs *FS) steward() *Session { return fs.As(auth.Principal{User: superuser, Superuser: true}) }

func (fs *FS) makeProject(ctx context.Context, name, owner string) error {
	return fs.steward().CreateProject(ctx, NewProject{Name: name, Owner: owner})
}

func (fs *FS) setMember(ctx context.Context, project, user string, role Role) error {
	return fs.steward().SetMember(ctx, project, user, role)
}

func (fs *FS) dropMember(ctx context.Context, project, user string) error {
	return fs.steward().RemoveMember(ctx, project, user)
}
