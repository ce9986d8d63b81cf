package namespace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"granary/auth/perm"
)

// A sentence says what a user does and what the answer is. The answers of HDFS 3.4.2 are in e2e/oracle/testdata; these are
// the ones that are decided in this package, in one scene for all of them.
type sentence struct {
	as   string
	do   call
	want any // an answer, or how it is refused
}

// call is an operation with its arguments.
type call struct {
	words string
	run   func(ctx context.Context, s *Session) (any, error)
}

// refusal is a failure of a kind with a message.
type refusal struct {
	kind Kind
	msg  string
}

func (r refusal) String() string { return r.kind.String() + ": " + r.msg }

// done is the answer of operations that return nothing.
const done = "done"

func quietly(err error) (any, error) { return done, err }

func mustPath(s string) Path {
	p, err := ParsePath(s)
	if err != nil {
		panic(err)
	}
	return p
}

func rename(src, dst string) call {
	return call{"rename " + src + " " + dst, func(ctx context.Context, s *Session) (any, error) { return s.Rename(ctx, mustPath(src), mustPath(dst)) }}
}

func move(src, dst string, overwrite bool) call {
	return call{fmt.Sprint("move ", src, " ", dst, " ", overwrite), func(ctx context.Context, s *Session) (any, error) {
		return quietly(s.Move(ctx, mustPath(src), mustPath(dst), MoveOptions{Overwrite: overwrite}))
	}}
}

func del(name string, recursive bool) call {
	return call{fmt.Sprint("delete ", name, " ", recursive), func(ctx context.Context, s *Session) (any, error) { return s.Delete(ctx, mustPath(name), recursive) }}
}

func mkdirs(name string) call {
	return call{"mkdirs " + name, func(ctx context.Context, s *Session) (any, error) {
		return s.Mkdirs(ctx, mustPath(name), MkdirOptions{Mode: 0o755})
	}}
}

func create(name string, change ...func(*CreateOptions)) call {
	return call{"create " + name, func(ctx context.Context, s *Session) (any, error) {
		o := CreateOptions{CreateParent: true, Mode: 0o644, Size: -1}
		for _, f := range change {
			f(&o)
		}
		_, err := s.From("10.0.0.9").Create(ctx, mustPath(name), o, strings.NewReader("new"))
		return quietly(err)
	}}
}

func appendTo(name string) call {
	return call{"append " + name, func(ctx context.Context, s *Session) (any, error) {
		return quietly(s.From("10.0.0.9").Append(ctx, mustPath(name), -1, strings.NewReader("more")))
	}}
}

func open(name string, off int64) call {
	return call{fmt.Sprint("open ", name, " ", off), func(ctx context.Context, s *Session) (any, error) {
		r, err := s.Open(ctx, mustPath(name), off, -1)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		p, err := io.ReadAll(r)
		return string(p), err
	}}
}

func locate(name string, off int64) call {
	return call{fmt.Sprint("locate ", name, " ", off), func(ctx context.Context, s *Session) (any, error) {
		_, err := s.Locate(ctx, mustPath(name), off)
		return quietly(err)
	}}
}

// on makes a call of an operation that returns nothing.
func on(words, name string, f func(ctx context.Context, s *Session, p Path) error) call {
	return call{words + " " + name, func(ctx context.Context, s *Session) (any, error) { return quietly(f(ctx, s, mustPath(name))) }}
}

func stat(name string) call {
	return on("stat", name, func(ctx context.Context, s *Session, p Path) error { _, err := s.Stat(ctx, p); return err })
}

func list(name string) call {
	return on("list", name, func(ctx context.Context, s *Session, p Path) error {
		return s.List(ctx, p, func(Status) error { return nil })
	})
}

func summarize(name string) call {
	return on("summary", name, func(ctx context.Context, s *Session, p Path) error { _, err := s.Summary(ctx, p); return err })
}

func getACL(name string) call {
	return on("ACL", name, func(ctx context.Context, s *Session, p Path) error { _, err := s.ACL(ctx, p); return err })
}

func checkAccess(name string, want perm.Action) call {
	return on("check access", name, func(ctx context.Context, s *Session, p Path) error { return s.CheckAccess(ctx, p, want) })
}

func setMode(name string) call {
	return on("set permission", name, func(ctx context.Context, s *Session, p Path) error { return s.SetPermission(ctx, p, 0o644) })
}

func setOwner(name, owner, group string) call {
	return on("set owner", name, func(ctx context.Context, s *Session, p Path) error { return s.SetOwner(ctx, p, owner, group) })
}

func setTimes(name string) call {
	return on("set times", name, func(ctx context.Context, s *Session, p Path) error { return s.SetTimes(ctx, p, 1, 1) })
}

func setCopies(name string, n int) call {
	return call{fmt.Sprint("set replication ", name, " ", n), func(ctx context.Context, s *Session) (any, error) {
		return s.SetReplication(ctx, mustPath(name), n)
	}}
}

func modifyACL(name string, entries ...perm.Entry) call {
	return on("modify ACL", name, func(ctx context.Context, s *Session, p Path) error { return s.ModifyACL(ctx, p, entries) })
}

// denied is HDFS's refusal by the mode of an inode.
func denied(user, access, inode string) refusal {
	return refusal{AccessControl, "Permission denied: user=" + user + ", access=" + access + ", inode=" + inode}
}

// The scene. Nothing in the table below changes it, so that the sentences are independent of each other.
func sentenceFS(t *testing.T) *testFS {
	fs := newFS(t, func(c *Config) { c.MinBlockSize = 1 << 20 })
	root := fs.as(t, superuser)
	fs.as(t, "alice", "team")
	fs.as(t, "bob", "team")
	for _, dir := range []struct {
		name, owner string
		mode        perm.Mode
	}{
		{"/t", superuser, 0o777},
		{"/t/d", "alice", 0o755},
		{"/t/d/sub", "alice", 0o755},
		{"/t/closed", "alice", 0o700},
		{"/t/own", "bob", 0o755},
		{"/t/sticky", superuser, 0o1777},
		{"/t/full", "alice", 0o777},
		{"/t/full/bobs", "bob", 0o700},
		{"/t/empty", "alice", 0o700},
	} {
		if _, err := root.Mkdirs(t.Context(), path(t, dir.name), MkdirOptions{Mode: dir.mode}); err != nil {
			t.Fatal(err)
		}
		if err := root.SetOwner(t.Context(), path(t, dir.name), dir.owner, ""); err != nil {
			t.Fatal(err)
		}
	}
	for name, owner := range map[string]string{
		"/t/f": "alice", "/t/d/f": "alice", "/t/closed/f": "alice", "/t/own/f": "bob", "/t/sticky/f": "alice", "/t/full/bobs/f": "bob",
	} {
		root.put(t, name, []byte("hello"))
		if err := root.SetOwner(t.Context(), path(t, name), owner, ""); err != nil {
			t.Fatal(err)
		}
	}
	root.put(t, "/t/none", nil)
	return fs
}

func TestSentences(t *testing.T) {
	const (
		slash  = `"/":root:supergroup:drwxr-xr-x`
		dirD   = `"/t/d":alice:supergroup:drwxr-xr-x`
		closed = `"/t/closed":alice:supergroup:drwx------`
		fileF  = `"/t/f":alice:supergroup:-rw-r--r--`
		sticky = `path="/t/sticky/f":alice:supergroup:-rw-r--r--, parent="/t/sticky":root:supergroup:drwxrwxrwt`
	)
	notDir := refusal{AccessControl, "/t/f (is not a directory)"}
	parentNotDir := refusal{ParentNotDirectory, "/t/f (is not a directory)"}
	deniedBySticky := refusal{AccessControl, "Permission denied by sticky bit: user=bob, " + sticky}
	overwrite := func(o *CreateOptions) { o.Overwrite = true }
	named := func(scope perm.Scope, kind perm.Type, name string) perm.Entry {
		return perm.Entry{Scope: scope, Type: kind, Name: name, Perm: perm.Read}
	}
	scene := sentenceFS(t)
	tr := newTracer(t, scene)
	for _, is := range []sentence{
		// Looking.
		{"alice", stat("/t/missing"), refusal{NotExist, "File does not exist: /t/missing"}},
		{"alice", stat("/t/f/x"), notDir},
		{superuser, stat("/t/f/x"), refusal{NotExist, "File does not exist: /t/f/x"}},
		{"bob", stat("/t/closed"), done},
		{"bob", stat("/t/closed/f"), denied("bob", "EXECUTE", closed)},
		{"bob", stat("/t/closed/missing"), denied("bob", "EXECUTE", closed)},
		{"alice", list("/t/missing"), refusal{NotExist, "File /t/missing does not exist."}},
		{"bob", list("/t/closed"), denied("bob", "READ_EXECUTE", closed)},
		{"bob", list("/t/closed/f"), denied("bob", "EXECUTE", closed)},
		{superuser, list("/t/f/x"), notDir},
		{"alice", summarize("/t/missing"), refusal{NotExist, "File does not exist: /t/missing"}},
		{"bob", summarize("/t"), denied("bob", "READ_EXECUTE", closed)},
		{"alice", getACL("/t/missing"), refusal{NotExist, "cannot find /t/missing"}},
		{superuser, getACL("/t/f/x"), notDir},
		{"alice", checkAccess("/t/missing", perm.None), refusal{NotExist, "Path not found: /t/missing"}},
		{"bob", checkAccess("/t/f", perm.None), done},
		{"bob", checkAccess("/t/f", perm.Read), done},
		{"bob", checkAccess("/t/f", perm.ReadWrite), denied("bob", "READ_WRITE", fileF)},
		{superuser, checkAccess("/t/f", perm.All), done},
		{"alice", open("/t/missing", 0), refusal{NotExist, "File does not exist: /t/missing"}},
		{"alice", open("/t/d", 0), refusal{NotExist, "Path is not a file: /t/d"}},
		{"bob", open("/t/closed/f", 0), denied("bob", "EXECUTE", closed)},
		{"alice", open("/t/f", 2), "llo"},
		{"alice", open("/t/f", 5), ""},
		{"alice", open("/t/f", 6), refusal{PastEnd, "Cannot seek after EOF"}},
		{"alice", open("/t/none", 1), refusal{PastEnd, "Cannot seek after EOF"}},
		{"alice", locate("/t/missing", 0), refusal{NotExist, "File /t/missing not found."}},
		{"alice", locate("/t/f", 5), refusal{IO, "Offset=5 out of the range [0, 5); OPEN, path=/t/f"}},
		{superuser, locate("/t/f/x", 0), refusal{NotExist, "File /t/f/x not found."}},
		{"alice", locate("/t/f/x", 0), notDir},
		{"alice", locate("/t/a:b", 0), refusal{InvalidPath, "Invalid path name /t/a:b"}},

		// Making.
		{"alice", mkdirs("/t/d"), true},
		{"bob", mkdirs("/"), true},
		{"bob", mkdirs("/t/d/new/deep"), denied("bob", "WRITE", dirD)},
		{"alice", mkdirs("/new"), denied("alice", "WRITE", slash)},
		{"alice", mkdirs("/t/f"), refusal{Exist, "Path is not a directory: /t/f"}},
		{superuser, mkdirs("/t/f/x"), parentNotDir},
		{"alice", mkdirs("/t/a:b"), refusal{InvalidPath, "Invalid path name Invalid file name: /t/a:b"}},
		{"alice", create("/t/d"), refusal{Exist, "/t/d already exists as a directory"}},
		{"alice", create("/t/f"), refusal{Exist, "/t/f for client 10.0.0.9 already exists"}},
		{"bob", create("/t/f"), refusal{Exist, "/t/f for client 10.0.0.9 already exists"}},
		{"bob", create("/t/f", overwrite), denied("bob", "WRITE", fileF)},
		{"bob", create("/t/d/new"), denied("bob", "WRITE", dirD)},
		{"bob", create("/t/d/new/deep"), denied("bob", "WRITE", dirD)},
		{"alice", create("/t/f/x"), parentNotDir},
		{
			"alice", create("/t/missing/f", func(o *CreateOptions) { o.CreateParent = false }),
			refusal{NotExist, "Parent directory doesn't exist: /t/missing"},
		},
		{"alice", create("/t/missing", func(o *CreateOptions) { o.MustExist = true }), refusal{NotExist, "Can't overwrite non-existent /t/missing"}},
		{"alice", create("/t/new", func(o *CreateOptions) { o.BlockSize = 1<<20 - 512 }), refusal{
			IO,
			"Specified block size 1048064 is less than configured minimum value dfs.namenode.fs-limits.min-block-size=1048576",
		}},
		{"alice", create("/t/new", func(o *CreateOptions) { o.BlockSize = 1<<20 + 1 }), refusal{
			InvalidValue,
			"Invalid values: dfs.bytes-per-checksum (=512) must divide block size (=1048577).",
		}},
		{"alice", create("/t/new", func(o *CreateOptions) { o.Replication = 513 }), refusal{
			IO,
			"Requested replication factor of 513 exceeds maximum of 512 for /t/new, clientName=10.0.0.9",
		}},
		{"alice", appendTo("/t/missing"), refusal{NotExist, "Failed to append to non-existent file /t/missing for client 10.0.0.9"}},
		{"bob", appendTo("/t/d"), refusal{Exist, "Cannot append to directory /t/d; already exists as a directory."}},
		{"bob", appendTo("/t/f"), denied("bob", "WRITE", fileF)},

		// Renaming, without options: what is impossible returns false.
		{"alice", rename("/t/missing", "/t/x"), false},
		{"alice", rename("/t/f", "/t/f"), true},
		{"alice", rename("/t/d", "/t/d"), false},
		{"alice", rename("/t/d/f", "/t/d"), true},
		{"alice", rename("/t/d", "/t/d/sub"), false},
		{"alice", rename("/t/d/f", "/t/f"), false},
		{"alice", rename("/t/f", "/t/missing/x"), false},
		{"alice", rename("/", "/t/x"), false},
		{superuser, rename("/t/missing", "/"), false},
		{"alice", rename("/t/d/f", "/"), denied("alice", "WRITE", slash)},
		{"bob", rename("/t/d/missing", "/t/x"), denied("bob", "WRITE", dirD)},
		{"bob", rename("/t/d/f", "/t/d/f"), denied("bob", "WRITE", dirD)},
		{"bob", rename("/t/own/f", "/t/d"), denied("bob", "WRITE", dirD)},
		{"bob", rename("/t/own/f", "/t/d/new"), denied("bob", "WRITE", dirD)},
		{"bob", rename("/t/closed/f", "/t/x"), denied("bob", "EXECUTE", closed)},
		{"bob", rename("/t/f", "/t/closed/x"), denied("bob", "EXECUTE", closed)},
		{"bob", rename("/t/sticky/f", "/t/x"), deniedBySticky},
		{superuser, rename("/t/f/x", "/t/x"), notDir},
		{"alice", rename("/t/d", "/t/f/x"), parentNotDir},
		{superuser, rename("/t/d", "/.reserved"), refusal{InvalidPath, "Invalid path name Cannot rename to or from /.reserved"}},
		{superuser, rename("/t/d", "/t/.snapshot"), refusal{InvalidValue, `".snapshot" is a reserved name.`}},

		// Renaming, with options: what is impossible is an error.
		{superuser, move("/", "/t/x", false), refusal{IO, "rename source cannot be the root"}},
		{superuser, move("/t/d", "/", true), refusal{IO, "rename destination cannot be the root"}},
		{"alice", move("/t/missing", "/t/missing", false), refusal{NotExist, "rename source /t/missing is not found."}},
		{"alice", move("/t/f", "/t/f", true), refusal{Exist, "The source /t/f and destination /t/f are the same"}},
		{"alice", move("/t/d", "/t/d/sub/x", false), refusal{IO, "Rename destination /t/d/sub/x is a directory or file under source /t/d"}},
		{"alice", move("/t/d/f", "/t/f", false), refusal{Exist, "rename destination /t/f already exists"}},
		{"alice", move("/t/f", "/t/d", false), refusal{IO, "Source /t/f and destination /t/d must both be directories"}},
		{"alice", move("/t/d", "/t/f", true), refusal{IO, "Source /t/d and destination /t/f must both be directories"}},
		{"alice", move("/t/empty", "/t/d", true), refusal{IO, "rename destination directory is not empty: /t/d"}},
		{"alice", move("/t/f", "/t/missing/x", false), refusal{NotExist, "rename destination parent /t/missing/x not found."}},
		{"bob", move("/t/own/f", "/t/d/f", true), denied("bob", "WRITE", dirD)},
		{"bob", move("/t/sticky/f", "/t/x", false), deniedBySticky},
		{superuser, move("/t/f/x", "/t/x", false), notDir},

		// Deleting.
		{"alice", del("/t/missing", false), false},
		{"alice", del("/t/d", false), refusal{NotEmpty, "`/t/d is non empty': Directory is not empty"}},
		{"bob", del("/t/d", false), denied("bob", "ALL", dirD)},
		{"bob", del("/t/d/missing", false), denied("bob", "WRITE", dirD)},
		{"bob", del("/t/closed/missing", false), denied("bob", "EXECUTE", closed)},
		{"bob", del("/t/sticky/f", false), deniedBySticky},
		{"alice", del("/t/full", true), denied("alice", "ALL", `"/t/full/bobs":bob:supergroup:drwx------`)},
		{superuser, del("/t/f/x", true), notDir},
		{superuser, del("/", true), false},
		{superuser, del("/", false), refusal{NotEmpty, "`/ is non empty': Directory is not empty"}},
		{"alice", del("/", true), denied("alice", "ALL", slash)},
		{superuser, del("/.reserved", true), refusal{InvalidPath, "Invalid path name /.reserved"}},
		{superuser, del("/.reserved/x", true), false},

		// Attributes.
		{"alice", setMode("/t/missing"), refusal{NotExist, "Directory/File does not exist /t/missing"}},
		{"bob", setMode("/t/f"), refusal{AccessControl, "Permission denied. user=bob is not the owner of inode=/t/f"}},
		{superuser, setMode("/t/f/x"), notDir},
		{"alice", setOwner("/t/f", "", ""), refusal{InvalidArgument, "Both owner and group are empty."}},
		{"alice", setOwner("/t/f", "bob", ""), refusal{AccessControl, "User alice is not a super user (non-super user cannot change owner)."}},
		{"alice", setOwner("/t/f", "alice", "ops"), refusal{AccessControl, "User alice does not belong to ops"}},
		{"bob", setOwner("/t/f", "bob", ""), refusal{AccessControl, "Permission denied. user=bob is not the owner of inode=/t/f"}},
		{"alice", setTimes("/t/missing"), refusal{NotExist, "File/Directory /t/missing does not exist."}},
		{"bob", setTimes("/t/f"), denied("bob", "WRITE", fileF)},
		{"alice", setCopies("/t/missing", 2), false},
		{"alice", setCopies("/t/d", 2), false},
		{"alice", setCopies("/t/d", 513), refusal{IO, "Requested replication factor of 513 exceeds maximum of 512 for /t/d"}},
		{"bob", setCopies("/t/f", 2), denied("bob", "WRITE", fileF)},
		{"alice", modifyACL("/t/f", named(perm.Default, perm.User, "bob")), refusal{
			InvalidACL,
			"Invalid ACL: only directories may have a default ACL. Path: /t/f Path: /t/f",
		}},
		{"alice", modifyACL("/t/d", named(perm.Access, perm.Mask, "bob")), refusal{
			InvalidACL,
			"Invalid ACL: this entry type must not have a name: mask:bob:r--. Path: /t/d",
		}},
		{"alice", modifyACL("/t/d", named(perm.Access, perm.User, "bob"), named(perm.Access, perm.User, "bob")), refusal{
			InvalidACL,
			"Invalid ACL: multiple entries with same scope, type and name. Path: /t/d",
		}},
	} {
		got, err := is.do.run(t.Context(), scene.as(t, is.as))
		var e *Error
		if errors.As(err, &e) {
			got = refusal{e.Kind, e.Msg}
		} else if err != nil {
			got = err
		}
		if got != is.want {
			t.Errorf("%s: %s:\n got %v\nwant %v", is.as, is.do.words, got, is.want)
		}
		if left, err := tr.traces(t.Context()); err != nil || len(left) > 0 {
			t.Errorf("%s: %s: it left %q, %v", is.as, is.do.words, left, err)
		}
	}
	scene.clean(t)
}

func TestKindsAreGoErrors(t *testing.T) {
	is := map[Kind]error{
		NotExist: fs.ErrNotExist, Exist: fs.ErrExist, NotEmpty: fs.ErrExist, AccessControl: fs.ErrPermission, InvalidPath: fs.ErrInvalid,
		InvalidArgument: fs.ErrInvalid, InvalidACL: fs.ErrInvalid, InvalidValue: fs.ErrInvalid, PastEnd: fs.ErrInvalid,
	}
	for _, kind := range Kinds() {
		if strings.HasPrefix(kind.String(), "Kind(") || kind.String() == "" {
			t.Errorf("kind %d has no name", uint8(kind))
		}
		for _, target := range []error{fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, fs.ErrInvalid} {
			if got, want := errors.Is(&Error{Kind: kind}, target), is[kind] == target; got != want { //nolint:errorlint // which sentinel, not whether
				t.Errorf("%s is %v: %v, want %v", kind, target, got, want)
			}
		}
	}
	if got := Kind(200).String(); got != "Kind(200)" {
		t.Error(got)
	}
}
