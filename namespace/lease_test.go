package namespace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// leaseDeeds are the deeds of the pairs that hold a lease from one act to another.
func leaseDeeds() []deed {
	return []deed{
		leased(byBob("create what was promised", func(ctx context.Context, s *Session, sc *scene) (Status, error) {
			o := CreateOptions{Mode: 0o664, Size: -1}
			var err error
			if o.Lease, err = s.Promise(ctx, sc.path("d/new"), o); err != nil {
				return Status{}, err
			}
			return s.Create(ctx, sc.path("d/new"), o, strings.NewReader("created"))
		})),
	}
}

func leased(d deed) deed {
	d.leased = true
	return d
}

// slow is content that arrives when the test sends it.
type slow struct {
	begun chan struct{} // closed when it is read from
	more  chan []byte   // what comes; closed at the end
	err   error         // how the content ends; nil: without an error
	left  []byte
}

func newSlow() *slow { return &slow{begun: make(chan struct{}), more: make(chan []byte, 10)} }

func (s *slow) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		select {
		case <-s.begun:
		default:
			close(s.begun)
		}
		next, ok := <-s.more
		if !ok {
			if s.err != nil {
				return 0, s.err
			}
			return 0, io.EOF
		}
		s.left = next
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

// appendSlowly begins to append a large content and returns once it has the lease; the channel yields the outcome.
func appendSlowly(t *testing.T, s *Session, name string, content *slow) <-chan error {
	t.Helper()
	content.more <- pattern(InlineMax + 1)
	went := make(chan error, 1)
	writer := *s // A session serves one request.
	go func() { went <- writer.Append(context.WithoutCancel(t.Context()), path(t, name), -1, content) }()
	for end := time.Now().Add(10 * time.Second); ; {
		if status, err := s.Stat(t.Context(), path(t, name)); err == nil && status.Written {
			return went
		}
		if time.Now().After(end) {
			t.Fatal("a long append took no lease within 10 s")
		}
	}
}

func wantKind(t *testing.T, what string, err error, want Kind, words string) {
	t.Helper()
	if kindOf(err) != want || err != nil && !strings.Contains(err.Error(), words) {
		t.Errorf("%s: got %v, want %v with %q", what, err, want, words)
	}
}

func TestOneWriter(t *testing.T) {
	fs := newFS(t)
	s, other := fs.as(t, superuser), fs.as(t, "alice", SuperGroup)
	s.put(t, "/d/f", []byte("before"))
	s.put(t, "/d/g", []byte("beside"))
	file := path(t, "/d/f")
	content := newSlow()
	went := appendSlowly(t, s, "/d/f", content)

	short := func() error { return other.Append(t.Context(), file, 1, strings.NewReader("x")) }
	wantKind(t, "a short append", short(), BeingWritten, "Failed to APPEND_FILE /d/f for alice on localhost because this file lease is currently owned by root on localhost")
	wantKind(t, "a long append", other.Append(t.Context(), file, -1, bytes.NewReader(pattern(1<<20))), BeingWritten, "APPEND_FILE")
	_, err := other.Truncate(t.Context(), file, 3)
	wantKind(t, "truncate", err, BeingWritten, "TRUNCATE_FILE")
	_, err = other.Create(t.Context(), file, CreateOptions{Mode: 0o644, Size: 1}, strings.NewReader("x"))
	wantKind(t, "create", err, BeingWritten, "CREATE_FILE")
	wantKind(t, "concat of it", other.Concat(t.Context(), path(t, "/d/g"), []Path{file}), InvalidValue, "underConstruction")
	wantKind(t, "concat to it", other.Concat(t.Context(), file, []Path{path(t, "/d/g")}), InvalidValue, "under construction")
	_, err = other.Checksum(t.Context(), file)
	wantKind(t, "checksum", err, IO, "under construction")
	if got := other.get(t, "/d/f"); string(got) != "before" {
		t.Errorf("a reader sees %d bytes of what is being written", len(got))
	}
	// Changes that do not touch the content go on.
	if err := other.SetPermission(t.Context(), file, 0o600); err != nil {
		t.Error(err)
	}
	if ok, err := other.Rename(t.Context(), file, path(t, "/d/moved")); !ok || err != nil {
		t.Error(ok, err)
	}
	close(content.more)
	if err := <-went; err != nil {
		t.Fatal(err)
	}
	want := append([]byte("before"), pattern(InlineMax+1)...)
	if got := s.get(t, "/d/moved"); !bytes.Equal(got, want) {
		t.Errorf("%d bytes after the append, want %d", len(got), len(want))
	}
	file = path(t, "/d/moved")
	if err := short(); err != nil {
		t.Errorf("an append after the lease was given back: %v", err)
	}
	fs.noLeases(t)
	fs.clean(t)
}

// noLeases fails the test if a lease is left.
func (fs *testFS) noLeases(t *testing.T) {
	t.Helper()
	var rows, inodes int
	if err := fs.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM leases), (SELECT count(*) FROM inodes WHERE lease IS NOT NULL)`).Scan(&rows, &inodes); err != nil {
		t.Fatal(err)
	}
	if rows != 0 || inodes != 0 {
		t.Errorf("%d leases are left, %d inodes name one", rows, inodes)
	}
}

func TestALeaseEndsWithItsWriter(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", []byte("before"))
	content := newSlow()
	content.err = errors.New("hung up")
	went := appendSlowly(t, s, "/f", content)
	close(content.more)
	wantKind(t, "the append of a client that hung up", <-went, IO, "nothing was written")
	if got := s.get(t, "/f"); string(got) != "before" {
		t.Errorf("content %q", got)
	}
	fs.noLeases(t)

	content = newSlow()
	went = appendSlowly(t, s, "/f", content)
	if ok, err := s.Delete(t.Context(), path(t, "/f"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	close(content.more)
	wantKind(t, "the append to a file that was deleted", <-went, NotExist, "Holder root does not have any open files.")
	fs.noLeases(t)
	fs.clean(t)
}

// dying is content whose reading panics.
type dying struct{ before io.Reader }

func (d dying) Read(p []byte) (int, error) {
	n, err := d.before.Read(p)
	if err == io.EOF {
		panic("a fault of the server")
	}
	return n, err
}

// A server that lives on clears what its requests leave behind.
func TestALeaseEndsWithItsRequest(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", []byte("before"))
	o := CreateOptions{Mode: 0o644, Size: -1}
	var err error
	if o.Lease, err = s.Promise(t.Context(), path(t, "/new"), o); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(content io.Reader) error{
		"append": func(content io.Reader) error { return s.Append(t.Context(), path(t, "/f"), -1, content) },
		"create": func(content io.Reader) error {
			_, err := s.Create(t.Context(), path(t, "/new"), o, content)
			return err
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", name)
				}
			}()
			_ = write(dying{bytes.NewReader(pattern(InlineMax + 1))})
		}()
	}
	content := newSlow()
	s.put(t, "/going on", []byte("before"))
	went := appendSlowly(t, s, "/going on", content)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), path(t, "/f"), -1, strings.NewReader(" after")); err != nil {
		t.Error(err)
	}
	if _, err := s.Stat(t.Context(), path(t, "/new")); kindOf(err) != NotExist {
		t.Errorf("the file whose content did not come: %v", err)
	}
	close(content.more)
	if err := <-went; err != nil {
		t.Errorf("the writer that goes on: %v", err)
	}
	fs.noLeases(t)
	fs.clean(t)
}

// A lease that cannot be ended holds up nothing else that the reaper does.
func TestAReaperGoesOnWithoutALease(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/gone", pattern(InlineMax+1))
	if _, err := s.Mkdirs(t.Context(), path(t, "/d"), MkdirOptions{Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	names := int64(9)
	if err := s.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &names}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Promise(t.Context(), path(t, "/d/f"), CreateOptions{Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	fs.exec(t, `UPDATE leases SET since = since - interval '61 s'`)
	fs.exec(t, `DELETE FROM usage`)
	if ok, err := s.Delete(t.Context(), path(t, "/gone"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := fs.Reap(t.Context()); err == nil {
		t.Error("the reaper says nothing of a lease that it could not end")
	}
	if n := fs.count(t, `SELECT count(*) FROM blocks`); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
}

// succession is a server that receives an append to /f, whose content is "before", and another server that follows it.
type succession struct {
	fs      *testFS
	first   *Session
	config  Config
	content *slow
	went    <-chan error
}

func newSuccession(t *testing.T) *succession {
	t.Helper()
	a := &succession{content: newSlow()}
	a.fs = newFS(t, func(c *Config) { a.config = *c })
	a.first = a.fs.as(t, superuser)
	a.first.put(t, "/f", []byte("before"))
	a.went = appendSlowly(t, a.first, "/f", a.content)
	return a
}

// second opens the other server.
func (a *succession) second(t *testing.T, alone bool) *Session {
	t.Helper()
	a.config.Alone = alone
	fs, err := Open(t.Context(), a.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fs.Close() })
	return fs.As(a.first.p)
}

// takeOver appends as heir, which must succeed, and ends the first append, which must fail.
func (a *succession) takeOver(t *testing.T, heir *Session) {
	t.Helper()
	if err := heir.Append(t.Context(), path(t, "/f"), 6, strings.NewReader(" after")); err != nil {
		t.Fatal(err)
	}
	close(a.content.more)
	wantKind(t, "the former writer", <-a.went, NoLease, "File is not open for writing")
	if got := a.first.get(t, "/f"); string(got) != "before after" {
		t.Errorf("content %q", got)
	}
	a.fs.noLeases(t)
	a.fs.clean(t)
}

func TestALeaseIsTakenOverFromADeadServer(t *testing.T) {
	a := newSuccession(t)
	heir := a.second(t, false)
	wantKind(t, "while its server lives", heir.Append(t.Context(), path(t, "/f"), 1, strings.NewReader("x")), BeingWritten, "")
	// The first server was last seen longer ago than the limit. It goes on all the same, without knowing that.
	a.fs.exec(t, `UPDATE servers SET seen = now() - interval '61 s' WHERE id = $1`, a.fs.server)
	a.takeOver(t, heir)
}

// A server that is the only one of its database knows that its predecessor is gone, and makes nobody wait for it.
func TestASoleServerWaitsForNobody(t *testing.T) {
	a := newSuccession(t)
	o := CreateOptions{Mode: 0o644, Size: -1}
	var err error
	if o.Lease, err = a.first.Promise(t.Context(), path(t, "/promised"), o); err != nil {
		t.Fatal(err)
	}
	heir := a.second(t, true)
	if _, err := heir.Create(t.Context(), path(t, "/promised"), o, strings.NewReader("kept")); err != nil {
		t.Errorf("what the former server promised: %v", err)
	}
	a.takeOver(t, heir)
}

// A server whose heartbeat was silent, as where the machine slept, does not take its own writers for dead.
func TestASilentServerKeepsItsOwnLeases(t *testing.T) {
	fs := newFS(t)
	fs.still()
	s, content := fs.as(t, superuser), newSlow()
	s.put(t, "/f", []byte("x"))
	went := appendSlowly(t, s, "/f", content)
	fs.exec(t, `UPDATE servers SET seen = now() - interval '2 minutes'`)
	wantKind(t, "another append", fs.as(t, superuser).Append(t.Context(), path(t, "/f"), 1, strings.NewReader("x")), BeingWritten, "")
	must(t, fs.Reap(t.Context()))
	close(content.more)
	must(t, <-went)
	fs.noLeases(t)
}

func TestLeaseText(t *testing.T) {
	l := Lease{16400, 77}
	if back, err := ParseLease(l.String()); err != nil || back != l {
		t.Errorf("%s came back as %v, %v", l, back, err)
	}
	for _, text := range []string{"", "1", "1.", ".1", "0.1", "1.0", "-1.1", "1.2.3", "1.9223372036854775808", "a.b", "1.1 ", "+1.1"} {
		if l, err := ParseLease(text); kindOf(err) != InvalidArgument {
			t.Errorf("%q: %v, %v", text, l, err)
		}
	}
}

// A retry may wait for long until the first request is over, and asks the database again and again meanwhile.
func TestARetryAsksEverMoreSeldom(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	asked := 0
	err := inTurn(ctx, func() error {
		asked++
		return &Error{Kind: Conflict, Err: errInFlight}
	})
	if !errors.Is(err, context.DeadlineExceeded) || asked > 10 {
		t.Errorf("it asked %d times within two seconds, and ended with %v", asked, err)
	}
}
