package namespace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth"
	"granary/auth/perm"
)

// fromBatch is what a batch returned for a file.
type fromBatch struct {
	content string
	status  Status
	err     error
}

// readBatch reads names in one batch.
func readBatch(ctx context.Context, s *Session, names ...string) (all []fromBatch, err error) {
	err = s.ReadBatch(ctx, names, func(f *BatchFile) error {
		if want := names[len(all)]; f.Name != want {
			return fmt.Errorf("%s comes in the place of %s", f.Name, want)
		}
		var b bytes.Buffer
		err := f.Err
		if err == nil {
			err = f.WriteContent(ctx, &b)
		}
		all = append(all, fromBatch{b.String(), f.Status, err})
		return nil
	})
	return all, err
}

// TestABatchReadsWhatOpenReads checks that a batch gives the content, the status and the refusals that Open gives, whoever reads.
func TestABatchReadsWhatOpenReads(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	root := x.as(t, superuser)
	names := []string{
		"/Projects/maps/deep/tiles/a", "/Projects/vision/Shared/maps.tiles/a", "/Projects/maps/deep/other", "/Projects/none/f", "/nothing", "/", "/user",
		"/Projects/maps", "/Projects/vision/Shared", "/Projects/vision/Shared/maps.tiles", "relative", "/a/../b", "/a\x00", "", "/Projects/maps/deep/other/below",
		"/user/sam/f", "/Projects/maps/deep/tiles//a", "/tmp/" + strings.Repeat("n", 300), "/.reserved/f", "/.reserved/raw/tmp/1", "/tmp/a:b", "/tmp/.snapshot",
	}
	for i, size := range []int{0, 1, 1000, InlineMax, InlineMax + 1, 1 << 20, MaxBatchFile + 1} {
		name := fmt.Sprintf("/tmp/%d", i)
		root.put(t, name, pattern(size))
		names = append(names, name)
	}
	for i, mode := range []perm.Mode{0o600, 0o640, 0o604, 0o000} {
		name := fmt.Sprintf("/tmp/modes/%d", i)
		root.put(t, name, pattern(10))
		must(t, root.SetOwner(t.Context(), path(t, name), "ada", "people"))
		must(t, root.SetPermission(t.Context(), path(t, name), mode))
		names = append(names, name)
	}
	root.put(t, "/tmp/shut/f", pattern(10))
	must(t, root.SetPermission(t.Context(), path(t, "/tmp/shut"), 0o700))
	root.put(t, "/tmp/log", pattern(10))
	must(t, root.Append(t.Context(), path(t, "/tmp/log"), -1, strings.NewReader("more")))
	root.put(t, "/tmp/hidden", pattern(10))
	must(t, root.SetXattr(t.Context(), path(t, "/tmp/hidden"), Xattr{Name: unreadable}, XattrFlags{Create: true}))
	status, err := root.Stat(t.Context(), path(t, "/Projects/maps/deep/tiles/a"))
	must(t, err)
	// Whoever is let in by a dataset as a group would be, but not past its mask, does not get the rights of others instead.
	must(t, root.SetPermission(t.Context(), path(t, "/Projects/maps"), 0o775))
	_, err = root.Mkdirs(t.Context(), path(t, "/Projects/maps/masked"), MkdirOptions{Mode: 0o717})
	must(t, err)
	must(t, root.SetPermission(t.Context(), path(t, "/Projects/maps/masked"), 0o717))
	_, err = root.MakeDataset(t.Context(), path(t, "/Projects/maps/masked"), MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}})
	must(t, err)
	names = append(names, "/Projects/maps/masked", "/tmp/shut/f", "/tmp/log", "/tmp/hidden", inodePath(status.ID).String(), "/tmp/1", "/tmp/1")
	deep, err := root.Stat(t.Context(), path(t, "/Projects/maps/deep"))
	must(t, err)

	readers := map[string]*Session{
		"root": root, "ada": x.ada, "bob": x.bob, "sam": x.sam, "otto": x.otto, "eve": x.eve, "nobody": x.as(t, "nobody"),
		"within": x.limited(t, "ada", auth.Scope{Root: deep.ID}), "adding": x.limited(t, "ada", auth.Scope{Verbs: auth.Add}),
		"root within": x.limited(t, superuser, auth.Scope{Root: deep.ID}),
	}
	allowed, refused := 0, map[Kind]int{}
	for who, s := range readers {
		all, err := readBatch(t.Context(), s, names...)
		must(t, err)
		for i, got := range all {
			var alone fromBatch
			var r *Reader
			p, err := ParsePath(names[i])
			if err == nil {
				r, err = s.Open(t.Context(), p, 0, -1)
			}
			if alone.err = err; err == nil {
				alone.status = r.Status()
				var b bytes.Buffer
				_, err := b.ReadFrom(r)
				must(t, errors.Join(err, r.Close()))
				alone.content = b.String()
			}
			switch {
			case len(alone.content) > MaxBatchFile:
				if kindOf(got.err) != IO || !strings.Contains(got.err.Error(), "read it by itself") {
					t.Errorf("%s reads %s: %v", who, names[i], got.err)
				}
			case fmt.Sprint(got.err) != fmt.Sprint(alone.err) || kindOf(got.err) != kindOf(alone.err):
				t.Errorf("%s reads %s: %v, alone %v", who, names[i], got.err, alone.err)
			case alone.err != nil:
				refused[kindOf(got.err)]++
			case got.content != alone.content || fmt.Sprint(got.status) != fmt.Sprint(alone.status):
				t.Errorf("%s reads %s: %d bytes, %+v; alone %d bytes, %+v", who, names[i], len(got.content), got.status, len(alone.content), alone.status)
			default:
				allowed++
			}
		}
	}
	if allowed < 50 || refused[AccessControl] < 50 || refused[NotExist] < 50 || refused[InvalidPath] < 20 {
		t.Errorf("%d readings and the refusals %v are too few to tell", allowed, refused)
	}
}

// crowdOf makes n small files in several directories, and returns their names with the directories mixed.
func (fs *testFS) crowdOf(t testing.TB, s *Session, top string, n int) (names []string) {
	t.Helper()
	const dirs = 8
	s.put(t, top+"/0/first", pattern(1))
	for i := range dirs {
		_, err := s.Mkdirs(t.Context(), path(t, fmt.Sprintf("%s/%d", top, i)), MkdirOptions{Mode: 0o755})
		must(t, err)
	}
	for i := range n {
		name := fmt.Sprintf("%s/%d/%d", top, i%dirs, i)
		s.put(t, name, pattern(i%500))
		names = append(names, name)
	}
	return names
}

// TestABatchAsksForManyAtOnce: one statement for each file would cost as much as reading them one by one.
func TestABatchAsksForManyAtOnce(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	names := slices.Repeat(fs.crowdOf(t, s, "/tmp/many", 100), 6)
	there := len(names)
	names = append(names, slices.Repeat([]string{"/tmp/many/0/none", "/tmp/many/none/f", "/tmp/many/1"}, 40)...)
	statements := &countedStatements{}
	counting := fs.beside(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = statements })
	p, err := fs.auth.Simple(t.Context(), superuser)
	must(t, err)
	all, err := readBatch(t.Context(), counting.As(p), names...)
	must(t, err)
	for i, got := range all {
		if i >= there {
			if kindOf(got.err) != NotExist {
				t.Fatalf("%s: %v", names[i], got.err)
			}
		} else if got.err != nil || got.content != string(pattern(i%100)) {
			t.Fatalf("%s: %d bytes, %v", names[i], len(got.content), got.err)
		}
	}
	// Five windows with a batch and a walk each, two statements for the key, and whatever else the server does meanwhile, which may
	// be much on a slow machine.
	if n := statements.n.Load(); n > int64(len(names)/6) {
		t.Errorf("%d statements for %d files", n, len(names))
	}
}

// TestABatchSeesWhatChanges checks that, though directories are walked once, what is revoked, renamed, replaced or written meanwhile
// counts for files that are not fetched yet, and for fetched ones that have waited for five seconds.
func TestABatchSeesWhatChanges(t *testing.T) {
	const last = "/Projects/vision/many/0/last"
	shut := func(fs *testFS, root *Session) error {
		return root.SetPermission(t.Context(), at("/Projects/vision/many"), 0o700)
	}
	for name, c := range map[string]struct {
		change func(fs *testFS, root *Session) error
		later  int64 // seconds
		want   Kind  // of the last file
		words  string
	}{
		"directory shut":                {shut, 0, AccessControl, "many"},
		"directory shut, seconds later": {shut, 6, AccessControl, "many"},
		"file shut":                     {func(_ *testFS, root *Session) error { return root.SetPermission(t.Context(), at(last), 0o600) }, 0, AccessControl, "last"},
		"membership ended":              {func(fs *testFS, _ *Session) error { return fs.dropMember(t.Context(), "vision", "bob") }, 0, NotExist, "last"},
		"user disabled":                 {func(fs *testFS, _ *Session) error { return fs.auth.Disable(t.Context(), "bob") }, 0, AccessControl, "disabled"},
		"moved away": {func(_ *testFS, root *Session) error {
			return ignore(root.Rename(t.Context(), at("/Projects/vision/many"), at("/Projects/vision/other")))
		}, 0, NotExist, "last"},
		"written anew": {func(_ *testFS, root *Session) error {
			o := CreateOptions{Overwrite: true, Mode: 0o644, Size: -1}
			return ignore(root.Create(t.Context(), at(last), o, strings.NewReader("anew")))
		}, 0, allowed, "anew"},
	} {
		t.Run(name, func(t *testing.T) {
			fs, clock := trashFS(t)
			for _, user := range []auth.User{{Name: "ada"}, {Name: "bob"}} {
				must(t, fs.auth.AddUser(t.Context(), user))
			}
			must(t, fs.makeProject(t.Context(), "vision", "ada"))
			must(t, fs.setMember(t.Context(), "vision", "bob", Scientist))
			root := fs.as(t, superuser)
			few := fs.crowdOf(t, root, "/Projects/vision/many", 20)
			root.put(t, last, []byte("as it was"))
			n, told := 0, ""
			names := slices.Concat(slices.Repeat(few, 60), []string{last})
			err := fs.as(t, "bob").ReadBatch(t.Context(), names, func(f *BatchFile) error {
				switch n++; {
				case n == 1:
					clock.Add(c.later)
					return errors.Join(f.Err, c.change(fs, root))
				case c.later > 0 && kindOf(f.Err) != c.want:
					return fmt.Errorf("file %d tells %s", n, fmt.Sprint(f.Err))
				case n < len(names):
					return nil
				case f.Err != nil:
					told = f.Err.Error()
				default:
					told = string(f.content)
				}
				if kindOf(f.Err) != c.want {
					return fmt.Errorf("the last file tells %s", fmt.Sprint(f.Err))
				}
				return nil
			})
			if err != nil || !strings.Contains(told, c.words) {
				t.Errorf("the last file tells %q, want %q: %v", told, c.words, err)
			}
		})
	}
}

// TestWhatABatchReliesOnIsOfOneMoment checks that a batch does not combine directories that were walked at different moments.
func TestWhatABatchReliesOnIsOfOneMoment(t *testing.T) {
	found := func(version, epoch int64, grants ...grant) *chain {
		return &chain{nodes: []node{{id: RootID, version: 1}, {id: 7, version: version, grants: grants}}, projects: map[int64]membership{0: {epoch: epoch}}}
	}
	for name, c := range map[string]struct {
		other *chain
		same  bool
	}{
		"the same":     {found(2, 3, grant{share: 1, epoch: 4}), true},
		"its version":  {found(5, 3, grant{share: 1, epoch: 4}), false},
		"its project":  {found(2, 5, grant{share: 1, epoch: 4}), false},
		"its share":    {found(2, 3, grant{share: 1, epoch: 5}), false},
		"its share is": {found(2, 3), false},
	} {
		union, seen := &chain{projects: map[int64]membership{}}, map[key]*node{}
		if !union.include(found(2, 3, grant{share: 1, epoch: 4}), seen) || union.include(c.other, seen) != c.same || len(union.nodes) != 2 {
			t.Errorf("%s: %+v", name, union)
		}
	}
}

// TestAWaitingBatchHoldsNothing checks that a slow reader leaves the only connection to others, and that each file is looked up anew.
func TestAWaitingBatchHoldsNothing(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	names := slices.Repeat(fs.crowdOf(t, s, "/tmp/many", 90), 10)
	narrow := fs.beside(t, func(c *pgxpool.Config) { c.MaxConns = 1 })
	p, err := fs.auth.Simple(t.Context(), superuser)
	must(t, err)
	n := 0
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	enough := errors.New("enough")
	err = narrow.As(p).ReadBatch(ctx, names, func(f *BatchFile) error {
		if n++; n%100 == 0 {
			if err := narrow.As(p).SetPermission(ctx, at("/tmp/many"), perm.Mode(0o700+n%8)); err != nil {
				t.Errorf("file %d: %v", n, err)
			}
		}
		if n == 800 {
			return enough
		}
		return f.Err
	})
	if !errors.Is(err, enough) || n != 800 {
		t.Errorf("ended at %d with %v", n, err)
	}
	gone, leave := context.WithCancel(t.Context())
	err = narrow.As(p).ReadBatch(gone, names, func(*BatchFile) error {
		leave()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after its caller left: %v", err)
	}
}

// TestALongFileOfABatchEndsWithTheRight checks that a reader who loses the right in the middle of a long file gets no more of it.
func TestALongFileOfABatchEndsWithTheRight(t *testing.T) {
	d := beginDownload(t)
	must(t, d.root.SetPermission(t.Context(), at(downloaded), 0o640))
	bob := d.fs.as(t, "bob")
	err := bob.ReadBatch(t.Context(), []string{downloaded}, func(f *BatchFile) error {
		must(t, f.Err)
		return f.WriteContent(t.Context(), writerFunc(func(p []byte) (int, error) {
			d.clock.Add(6)
			return len(p), d.root.SetPermission(t.Context(), at(downloaded), 0o600)
		}))
	})
	if kindOf(err) != AccessControl {
		t.Errorf("%v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// beside opens another server over the database of fs.
func (fs *testFS) beside(t testing.TB, change func(*pgxpool.Config)) *FS {
	t.Helper()
	pool := fs.db.Config()
	change(pool)
	db, err := pgxpool.NewWithConfig(t.Context(), pool)
	must(t, err)
	t.Cleanup(db.Close)
	other, err := Open(t.Context(), Config{DB: db, Store: fs.store, Root: fs.keys.root, Refresh: fs.auth.Refresh, Superuser: superuser})
	must(t, err)
	t.Cleanup(func() { must(t, other.Close()) })
	return other
}

// countedStatements is a tracer that counts statements.
type countedStatements struct{ n atomic.Int64 }

func (c *countedStatements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

func (*countedStatements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (*countedStatements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (c *countedStatements) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {
	c.n.Add(1)
}

func (*countedStatements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// A user who may know of a project only by a share gets the same refusals in a batch as by Open.
func TestABatchKnowsWhatShares(t *testing.T) {
	fs := newFS(t)
	ada, eve := fs.as(t, "ada", "staff"), fs.as(t, "eve", "other")
	must(t, fs.makeProject(t.Context(), "vision", "ada"))
	ada.put(t, "/Projects/vision/tiles/a", []byte("a"))
	ada.put(t, "/Projects/vision/own", []byte("b"))
	tiles, err := ada.MakeDataset(t.Context(), path(t, "/Projects/vision/tiles"), MakeDatasetOptions{})
	must(t, err)
	offer, err := ada.OfferShare(t.Context(), Offer{Dataset: tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	must(t, ignore(eve.AcceptShare(t.Context(), offer.ID, "")))
	for _, name := range []string{"/Projects/vision/tiles", "/Projects/vision/tiles/a", "/Projects/vision/tiles/none", "/Projects/vision/own", "/Projects/vision/none", "/Projects/vision"} {
		_, alone := eve.Open(t.Context(), path(t, name), 0, -1)
		got, err := readBatch(t.Context(), eve, name)
		must(t, err)
		if fmt.Sprint(got[0].err) != fmt.Sprint(alone) {
			t.Errorf("%s in a batch: %v, alone: %v", name, got[0].err, alone)
		}
	}
}
