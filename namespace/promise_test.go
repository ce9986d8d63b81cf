package namespace

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"granary/auth"
	"granary/auth/perm"
)

func TestAPromisedFile(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, "alice", "team")
	mallory := fs.as(t, "mallory", "team")
	if _, err := fs.as(t, superuser).Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	if err := fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o777); err != nil {
		t.Fatal(err)
	}
	file := path(t, "/d/a/f")
	o := CreateOptions{CreateParent: true, Mode: 0o444, Replication: 2, BlockSize: 1 << 20, Size: -1}
	promise := func(t *testing.T) CreateOptions {
		t.Helper()
		o := o
		var err error
		if o.Lease, err = s.Promise(t.Context(), file, o); err != nil || o.Lease.IsZero() {
			t.Fatalf("promise: %v, %v", o.Lease, err)
		}
		return o
	}
	first := promise(t)
	status, err := mallory.Stat(t.Context(), file)
	if err != nil || status.Size != 0 || status.Perms.Mode != 0o444 || status.Replication != 2 || status.BlockSize != 1<<20 || status.Owner != "alice" || !status.Written {
		t.Errorf("a promised file looks like %+v, %v", status, err)
	}
	if got := s.get(t, "/d/a/f"); len(got) != 0 {
		t.Errorf("a promised file has %d bytes", len(got))
	}
	_, err = mallory.Create(t.Context(), file, CreateOptions{Mode: 0o644, Size: 1}, strings.NewReader("x"))
	wantKind(t, "another create", err, BeingWritten, "Failed to CREATE_FILE /d/a/f for mallory on localhost because this file lease is currently owned by alice on localhost")
	if l, err := mallory.Promise(t.Context(), file, o); kindOf(err) != BeingWritten {
		t.Errorf("a promise to somebody else: %v, %v", l, err)
	}
	stolen := first
	_, err = mallory.Create(t.Context(), file, stolen, strings.NewReader("x"))
	wantKind(t, "somebody else's content", err, BeingWritten, "promised to somebody else")
	if err := s.SetPermission(t.Context(), path(t, "/d/a"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = mallory.Create(t.Context(), file, stolen, strings.NewReader("x"))
	wantKind(t, "somebody else's content in a directory of alice's", err, AccessControl, "Permission denied: user=mallory")
	_, err = fs.As(readOnly(s)).Create(t.Context(), file, first, strings.NewReader("x"))
	wantKind(t, "content with a token that may only read", err, AccessControl, "")

	// Changes of the file that are made in the meantime stay.
	if err := s.SetPermission(t.Context(), file, 0o440); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Rename(t.Context(), file, path(t, "/d/moved")); !ok || err != nil {
		t.Fatal(ok, err)
	}
	status, err = s.Create(t.Context(), file, first, bytes.NewReader(pattern(3<<20)))
	if err != nil || status.Size != 3<<20 || status.ID != first.Lease.Inode || status.Perms.Mode != 0o440 {
		t.Fatalf("%+v, %v", status, err)
	}
	if got := s.get(t, "/d/moved"); !bytes.Equal(got, pattern(3<<20)) {
		t.Error("other content came back")
	}
	_, err = s.Create(t.Context(), file, first, strings.NewReader("again"))
	wantKind(t, "the same address again", err, NoLease, "File is not open for writing")

	// A promised file may come to be empty, too.
	second := promise(t)
	if status, err = s.Create(t.Context(), file, second, strings.NewReader("")); err != nil || status.Written {
		t.Fatal(status, err)
	}
	if l, err := s.Promise(t.Context(), file, CreateOptions{Overwrite: true, Mode: 0o644}); err == nil || !l.IsZero() {
		t.Errorf("a file without write permission was promised: %v, %v", l, err)
	}
	if err := s.SetPermission(t.Context(), file, 0o644); err != nil {
		t.Fatal(err)
	}
	if l, err := s.Promise(t.Context(), file, CreateOptions{Overwrite: true, Mode: 0o644}); err != nil || !l.IsZero() {
		t.Errorf("what is to be overwritten: got lease %v, %v; want it left alone", l, err)
	}
	fs.noLeases(t)
	fs.clean(t)
}

func TestAPromiseThatIsNotKept(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	file := path(t, "/d/f")
	o := CreateOptions{CreateParent: true, Mode: 0o644, BlockSize: 1 << 20, Replication: 1, Size: -1}
	begin := func() CreateOptions {
		o := o
		var err error
		if o.Lease, err = s.Promise(t.Context(), file, o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	isThere := func(want bool) {
		t.Helper()
		if _, err := s.Stat(t.Context(), file); (err == nil) != want || err != nil && kindOf(err) != NotExist {
			t.Errorf("%v, want the file there: %v", err, want)
		}
	}
	late := func() {
		t.Helper()
		if _, err := fs.db.Exec(t.Context(), `UPDATE leases SET since = since - interval '61 s'`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	names, space := int64(2), int64(1<<20)
	if err := s.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &names, Space: &space}); err != nil {
		t.Fatal(err)
	}

	// The client hangs up.
	content := newSlow()
	content.err = errors.New("hung up")
	close(content.more)
	_, err := s.Create(t.Context(), file, begin(), content)
	wantKind(t, "a client that hung up", err, IO, "nothing was written")
	isThere(false)

	// The content is more than a quota allows.
	_, err = s.Create(t.Context(), file, begin(), bytes.NewReader(pattern(1<<20+1)))
	wantKind(t, "content over the quota", err, QuotaSpace, "")
	isThere(false)

	// If the client never comes, the file is deleted, and not before its time.
	never := begin()
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	isThere(true)
	late()
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	isThere(false)
	_, err = s.Create(t.Context(), file, never, strings.NewReader("x"))
	wantKind(t, "a client that came too late", err, NotExist, "")

	// A promise that is over is in nobody's way, even before the file is deleted.
	begin()
	late()
	if _, err := s.Create(t.Context(), file, o, strings.NewReader("another's")); err != nil {
		t.Error(err)
	}
	if got := s.get(t, "/d/f"); string(got) != "another's" {
		t.Errorf("content %q", got)
	}
	if ok, err := s.Delete(t.Context(), file, false); !ok || err != nil {
		t.Fatal(ok, err)
	}

	// Nor is a promise broken to a client that comes at the last moment.
	last := begin()
	late()
	content = newSlow()
	went := make(chan error, 1)
	go func() {
		_, err := s.Create(context.WithoutCancel(t.Context()), file, last, content)
		went <- err
	}()
	<-content.begun
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	content.more <- []byte("in time")
	close(content.more)
	if err := <-went; err != nil {
		t.Error(err)
	}
	if got := s.get(t, "/d/f"); string(got) != "in time" {
		t.Errorf("content %q", got)
	}
	fs.noLeases(t)
	fs.clean(t)
}

// readOnly is s's principal with a token that may only read.
func readOnly(s *Session) auth.Principal {
	p := s.p
	p.Scope.Verbs = auth.Read
	return p
}

// The writer of a file comes between the decision of another to take it over and the act.
func TestAPromiseThatIsClaimedIsNotTakenOver(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	file := path(t, "/f")
	o := CreateOptions{Mode: 0o644, Size: -1}
	late := o
	var err error
	if late.Lease, err = s.Promise(t.Context(), file, late); err != nil {
		t.Fatal(err)
	}
	fs.exec(t, `UPDATE leases SET since = since - interval '61 s'`)
	content, went := newSlow(), make(chan error, 1)
	fs.decided = func(string, Path) {
		fs.decided = func(string, Path) {}
		go func() {
			_, err := fs.As(s.p).Create(context.WithoutCancel(t.Context()), file, late, content)
			went <- err
		}()
		<-content.begun
	}
	_, err = s.Create(t.Context(), file, o, strings.NewReader("another's"))
	wantKind(t, "who took it for left", err, BeingWritten, "CREATE_FILE")
	content.more <- []byte("late")
	close(content.more)
	if err := <-went; err != nil {
		t.Error(err)
	}
	if got := s.get(t, "/f"); string(got) != "late" {
		t.Errorf("content %q", got)
	}
	fs.noLeases(t)
	fs.clean(t)
}

// If the client has lost the right to write there when the content comes, nothing is left either; others cannot break the promise.
func TestAPromiseGoesWithTheRight(t *testing.T) {
	fs := newFS(t)
	root, s, mallory := fs.as(t, superuser), fs.as(t, "alice", "team"), fs.as(t, "mallory", "team")
	root.put(t, "/d/g", nil)
	mode := func(m perm.Mode) {
		t.Helper()
		if err := root.SetPermission(t.Context(), path(t, "/d"), m); err != nil {
			t.Fatal(err)
		}
	}
	mode(0o777)
	file, o := path(t, "/d/f"), CreateOptions{Mode: 0o644, Size: -1}
	var err error
	if o.Lease, err = s.Promise(t.Context(), file, o); err != nil {
		t.Fatal(err)
	}
	mode(0o755)
	for _, other := range []*Session{mallory, fs.As(readOnly(s))} {
		_, err = other.Create(t.Context(), file, o, strings.NewReader("x"))
		wantKind(t, "another's content", err, AccessControl, "Permission denied")
		if _, err := s.Stat(t.Context(), file); err != nil {
			t.Errorf("the promise was broken: %v", err)
		}
	}
	_, err = s.Create(t.Context(), file, o, strings.NewReader("x"))
	wantKind(t, "the content", err, AccessControl, "Permission denied: user=alice, access=WRITE")
	if _, err := s.Stat(t.Context(), file); kindOf(err) != NotExist {
		t.Errorf("the file that was promised: %v", err)
	}
	fs.noLeases(t)
	fs.clean(t)
}

func TestPromiseAsksForWhatCreateAsksFor(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/d/f", []byte("x"))
	s := fs.as(t, "eve", "nobodies")
	for name, want := range map[string]Kind{"/d/new": AccessControl, "/d/f": AccessControl, "/d/f/x": ParentNotDirectory} {
		if l, err := s.Promise(t.Context(), path(t, name), CreateOptions{Mode: 0o644, CreateParent: true}); kindOf(err) != want || !l.IsZero() {
			t.Errorf("%s: %v, %v; want %v", name, l, err, want)
		}
	}
	if l, err := fs.As(readOnly(s)).Promise(t.Context(), path(t, "/tmp/f"), CreateOptions{Mode: 0o644}); kindOf(err) != AccessControl {
		t.Errorf("with a token that may only read: %v, %v", l, err)
	}
	_, err := fs.as(t, superuser).Promise(t.Context(), path(t, "/d/f"), CreateOptions{Mode: 0o644})
	wantKind(t, "of what is there", err, Exist, "/d/f for client localhost already exists")
	_, err = fs.as(t, superuser).Promise(t.Context(), path(t, "/missing/f"), CreateOptions{Mode: 0o644})
	wantKind(t, "without its parent", err, NotExist, "Parent directory doesn't exist: /missing")
	fs.clean(t)
}

func TestAPromiseGoesWithItsDirectory(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	o := CreateOptions{CreateParent: true, Mode: 0o644, Size: -1}
	var err error
	if o.Lease, err = s.Promise(t.Context(), path(t, "/d/a/f"), o); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Delete(t.Context(), path(t, "/d"), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	_, err = s.Create(t.Context(), path(t, "/d/a/f"), o, strings.NewReader("too late"))
	wantKind(t, "content of what was deleted", err, NotExist, "Holder root does not have any open files.")
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	fs.noLeases(t)
	fs.clean(t)
}

// A client that repeats its first hop because it lost the answer is promised the file again. Only the later of the two leases is
// good, unless content under the first one is already on its way.
func TestAPromiseIsGivenAgain(t *testing.T) {
	fs := newFS(t)
	s, root := fs.as(t, "alice", "team"), fs.as(t, superuser)
	if _, err := root.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	if err := root.SetPermission(t.Context(), path(t, "/d"), 0o777); err != nil {
		t.Fatal(err)
	}
	names, space := int64(2), int64(1<<20)
	if err := root.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &names, Space: &space}); err != nil {
		t.Fatal(err)
	}
	file := path(t, "/d/f")
	for _, overwrite := range []bool{false, true} {
		o := CreateOptions{Overwrite: overwrite, Mode: 0o644, BlockSize: 1 << 20, Replication: 1, Size: -1}
		promise := func() CreateOptions {
			t.Helper()
			o := o
			var err error
			if o.Lease, err = s.Promise(t.Context(), file, o); err != nil || o.Lease.IsZero() {
				t.Fatalf("promise: %v, %v", o.Lease, err)
			}
			return o
		}
		first, second := promise(), promise()
		if first.Lease == second.Lease {
			t.Errorf("the same lease twice: %v", first.Lease)
		}
		_, err := s.Create(t.Context(), file, first, strings.NewReader("first"))
		wantKind(t, "the content of the first", err, NotExist, "does not have any open files")
		if _, err := s.Create(t.Context(), file, second, strings.NewReader("second")); err != nil {
			t.Fatal(err)
		}
		if got := s.get(t, "/d/f"); string(got) != "second" {
			t.Errorf("content %q", got)
		}
		if ok, err := s.Delete(t.Context(), file, false); !ok || err != nil {
			t.Fatal(ok, err)
		}

		// Content that is on its way keeps its lease.
		came, content, went := promise(), newSlow(), make(chan error, 1)
		go func() {
			_, err := fs.As(s.p).Create(context.WithoutCancel(t.Context()), file, came, content)
			went <- err
		}()
		<-content.begun
		if l, err := s.Promise(t.Context(), file, o); kindOf(err) != BeingWritten {
			t.Errorf("while the content comes: %v, %v", l, err)
		}
		close(content.more)
		if err := <-went; err != nil {
			t.Error(err)
		}
		if ok, err := s.Delete(t.Context(), file, false); !ok || err != nil {
			t.Fatal(ok, err)
		}

		// The content comes between the decision to promise the file again and the act.
		late, content := promise(), newSlow()
		fs.decided = func(string, Path) {
			fs.decided = func(string, Path) {}
			go func() {
				_, err := fs.As(s.p).Create(context.WithoutCancel(t.Context()), file, late, content)
				went <- err
			}()
			<-content.begun
		}
		if l, err := s.Promise(t.Context(), file, o); kindOf(err) != BeingWritten {
			t.Errorf("whose content came in between: %v, %v", l, err)
		}
		close(content.more)
		if err := <-went; err != nil {
			t.Error(err)
		}
		if ok, err := s.Delete(t.Context(), file, false); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	fs.noLeases(t)
	fs.clean(t)
}
