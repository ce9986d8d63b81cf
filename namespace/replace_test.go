package namespace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/auth"
)

// published is a file system with a trash and a project of ada's, with the scientists bob and max. Its clock stands still.
func published(t *testing.T) *testFS {
	t.Helper()
	fs, _ := trashFS(t)
	for _, user := range []string{"ada", "bob", "max", "eve"} {
		must(t, fs.auth.AddUser(t.Context(), auth.User{Name: user}))
	}
	must(t, fs.makeProject(t.Context(), "vision", "ada"))
	must(t, fs.setMember(t.Context(), "vision", "bob", Scientist))
	must(t, fs.setMember(t.Context(), "vision", "max", Scientist))
	must(t, fs.as(t, superuser).SetPermission(t.Context(), at("/Projects/vision"), 0o775))
	return fs
}

// tree lists all files below dir with what they hold.
func (s *Session) tree(t *testing.T, dir string) string {
	t.Helper()
	var files []string
	var walk func(dir Path)
	walk = func(dir Path) {
		must(t, s.List(t.Context(), dir, func(e Status) error {
			at := dir.Join(e.Name)
			if e.Dir {
				walk(at)
				return nil
			}
			files = append(files, at.String()+"="+string(s.get(t, at.String())))
			return nil
		}))
	}
	walk(path(t, dir))
	return strings.Join(files, " ")
}

func TestReplace(t *testing.T) {
	fs := published(t)
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	bob.put(t, top+"/model/a", []byte("old"))
	bob.put(t, top+"/new/a", []byte("new"))
	bob.put(t, top+"/new/deep/b", []byte("new"))
	was, err := bob.Stat(t.Context(), at(top+"/new"))
	must(t, err)
	must(t, bob.Replace(t.Context(), at(top+"/new"), at(top+"/model")))
	if got, want := bob.tree(t, top+"/model"), top+"/model/a=new "+top+"/model/deep/b=new"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if is, err := bob.Stat(t.Context(), at(top+"/model")); err != nil || is.ID != was.ID {
		t.Errorf("the target is inode %d, want the source's %d: %v", is.ID, was.ID, err)
	}
	const trash = top + "/.Trash/bob/Current"
	if got, want := bob.tree(t, trash), trash+top+"/model/a=old"; got != want {
		t.Errorf("in the trash: %s, want %s", got, want)
	}
	if s, err := bob.Stat(t.Context(), at(trash)); err != nil || s.Owner != "bob" || s.Perms.Mode != 0o700 {
		t.Errorf("the trash is %+v, %v", s, err)
	}
	if s, err := bob.Stat(t.Context(), at(top+"/.Trash")); err != nil || s.Owner != superuser || s.Perms.Mode != trashMode {
		t.Errorf("the project's trash is %+v, %v", s, err)
	}
	// A second one of the same name gets a number in the trash, as a file does.
	for _, content := range []string{"1", "2"} {
		bob.put(t, top+"/next", []byte(content))
		bob.put(t, top+"/dir/next", []byte(content))
		must(t, bob.Replace(t.Context(), at(top+"/dir"), at(top+"/model")))
		must(t, bob.Replace(t.Context(), at(top+"/next"), at(top+"/model/next")))
	}
	names := bob.names(t, trash+top)
	if want := fmt.Sprintf("model-%d", was.ID); len(names) != 3 || names[0] != "model" || !slices.Contains(names, want) {
		t.Errorf("in the trash: %q, want model and with it %s", names, want)
	}
	// If nothing is there to be replaced, it is a rename.
	must(t, bob.Replace(t.Context(), at(top+"/model"), at(top+"/final")))
	if got := bob.tree(t, top+"/final"); got != top+"/final/next=2" {
		t.Error(got)
	}
	// Outside of projects the trash is in the home directory, which is made if needed.
	for _, name := range []string{"a", "b"} {
		bob.put(t, "/tmp/bobs/"+name+"/f", []byte(name))
	}
	must(t, bob.Replace(t.Context(), at("/tmp/bobs/b"), at("/tmp/bobs/a")))
	if got := bob.tree(t, "/user/bob"); got != "/user/bob/.Trash/Current/tmp/bobs/a/f=a" {
		t.Error(got)
	}
	// What is replaced in the trash is gone for good.
	bob.put(t, "/tmp/bobs/c/f", []byte("c"))
	must(t, bob.Replace(t.Context(), at("/tmp/bobs/c"), at("/user/bob/.Trash/Current/tmp/bobs/a")))
	if got := bob.tree(t, "/user/bob"); got != "/user/bob/.Trash/Current/tmp/bobs/a/f=c" {
		t.Error(got)
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}

func TestReplaceIsRefused(t *testing.T) {
	fs := published(t)
	ada, bob, root := fs.as(t, "ada"), fs.as(t, "bob"), fs.as(t, superuser)
	const top = "/Projects/vision"
	must(t, fs.makeProject(t.Context(), "sound", "ada"))
	ada.put(t, "/Projects/sound/d/f", nil)
	bob.put(t, top+"/d/f", []byte("d"))
	bob.put(t, top+"/e/f", []byte("e"))
	bob.put(t, top+"/f", []byte("f"))
	ada.put(t, top+"/private/d/f", nil)
	must(t, ada.SetPermission(t.Context(), at(top+"/private"), 0o755))
	ada.put(t, top+"/sticky/f", nil)
	must(t, ada.SetPermission(t.Context(), at(top+"/sticky"), 0o1777))
	bob.put(t, top+"/deep/f", nil)
	ada.put(t, top+"/deep/adas/f", nil)
	must(t, ada.SetPermission(t.Context(), at(top+"/deep/adas"), 0o755))
	fs.as(t, "max").put(t, top+"/.Trash/max/Current/Projects", []byte("in the way"))
	before := root.tree(t, "/")
	for name, c := range map[string]struct {
		s              *Session
		source, target string
		want           Kind
	}{
		"no source":               {bob, top + "/none", top + "/d", NotExist},
		"no parent":               {bob, top + "/d", top + "/none/d", NotExist},
		"itself":                  {bob, top + "/d", top + "/d", Exist},
		"below itself":            {bob, top + "/d", top + "/d/e", IO},
		"what holds it":           {bob, top + "/d/f", top + "/d", IO},
		"what holds it, higher":   {ada, top + "/deep/adas", top + "/deep", IO},
		"file over directory":     {bob, top + "/f", top + "/d", IO},
		"directory over file":     {bob, top + "/d", top + "/f", IO},
		"root":                    {root, top + "/d", "/", IO},
		"of root":                 {root, "/", top + "/d", IO},
		"another project":         {ada, "/Projects/sound/d", top + "/d", IO},
		"into another project":    {ada, top + "/d", "/Projects/sound/new", IO},
		"a project":               {root, "/Projects/sound", "/Projects/vision", IO},
		"by a stranger":           {fs.as(t, "eve"), top + "/d", top + "/e", AccessControl},
		"out of a foreign":        {bob, top + "/private/d", top + "/d", AccessControl},
		"in a foreign":            {bob, top + "/d", top + "/private/d", AccessControl},
		"a foreign file":          {bob, top + "/f", top + "/sticky/f", AccessControl},
		"what holds a foreign":    {bob, top + "/d", top + "/deep", AccessControl},
		"by a reader":             {fs.reader(t, "bob"), top + "/d", top + "/e", AccessControl},
		"under a false condition": {fs.as(t, "bob").If(missing), top + "/d", top + "/e", Precondition},
		"something in the trash":  {fs.as(t, "max"), top + "/d", top + "/e", IO},
		"what holds the trash":    {root, "/tmp", "/user", IO},
	} {
		if err := c.s.Replace(t.Context(), path(t, c.source), path(t, c.target)); kindOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if after := root.tree(t, "/"); after != before {
		t.Errorf("what was refused has left\n%s\nof\n%s", after, before)
	}
	fs.clean(t)
}

// reader is a session of user with a token that may only read.
func (fs *testFS) reader(t *testing.T, user string) *Session {
	s := fs.as(t, user)
	s.p.Scope.Verbs = auth.Read
	return s
}

// A token that is limited to a directory may replace what is in it, although the trash is elsewhere.
func TestReplaceWithinAScope(t *testing.T) {
	fs := published(t)
	bob := fs.as(t, "bob")
	for _, name := range []string{"a", "b"} {
		bob.put(t, "/Projects/vision/mine/"+name+"/f", []byte(name))
	}
	dir, err := bob.Stat(t.Context(), at("/Projects/vision/mine"))
	must(t, err)
	other := fs.as(t, "bob")
	other.p.Scope = auth.Scope{Project: 1, Root: dir.ID}
	must(t, fs.db.QueryRow(t.Context(), `SELECT id FROM projects WHERE name = 'vision'`).Scan(&other.p.Scope.Project))
	must(t, other.Replace(t.Context(), at("/Projects/vision/mine/b"), at("/Projects/vision/mine/a")))
	if got := bob.tree(t, "/Projects/vision/.Trash"); got != "/Projects/vision/.Trash/bob/Current/Projects/vision/mine/a/f=a" {
		t.Error(got)
	}
	bob.put(t, "/Projects/vision/out/f", nil)
	for _, ends := range [][2]string{{"out", "mine/a"}, {"mine/a", "out"}, {"out", "mine"}} {
		err := other.Replace(t.Context(), at("/Projects/vision/"+ends[0]), at("/Projects/vision/"+ends[1]))
		if kindOf(err) != AccessControl {
			t.Errorf("%q out of the scope: %v", ends, err)
		}
	}
	fs.clean(t)
}

// Somebody who is not a member, and so has no trash in the project yet, loses nothing either.
func TestReplaceByAStranger(t *testing.T) {
	fs := published(t)
	eve := fs.as(t, "eve")
	must(t, fs.as(t, superuser).SetPermission(t.Context(), at("/Projects/vision"), 0o777))
	eve.put(t, "/Projects/vision/a", []byte("a"))
	eve.put(t, "/Projects/vision/b", []byte("b"))
	must(t, eve.Replace(t.Context(), at("/Projects/vision/b"), at("/Projects/vision/a")))
	if got := fs.as(t, "ada").tree(t, "/Projects/vision/.Trash"); got != "/Projects/vision/.Trash/eve/Current/Projects/vision/a=a" {
		t.Error(got)
	}
	fs.clean(t)
}

// Whoever may edit by a share replaces what is in it, by either path, and the owner finds the old one in the trash. The dataset
// itself stays, since the share is of it and not of its name.
func TestReplaceInAShare(t *testing.T) {
	x := newSharing(t, func(c *Config) { c.Trash = 24 * time.Hour })
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	for _, dir := range []string{tilesOwn, tilesShown} {
		x.sam.put(t, dir+"/new", []byte(dir))
		must(t, x.sam.Replace(t.Context(), at(dir+"/new"), at(dir+"/a")))
		if got := string(x.ada.get(t, tilesOwn+"/a")); got != dir {
			t.Errorf("it holds %q, want %q", got, dir)
		}
		x.sam.put(t, dir+"/d/f", nil)
		for _, s := range []*Session{x.sam, x.as(t, superuser)} {
			if err := s.Replace(t.Context(), at(dir+"/d"), at(dir)); kindOf(err) != IO && kindOf(err) != AccessControl {
				t.Errorf("the dataset at %s: %v", dir, err)
			}
		}
		x.ada.put(t, "/Projects/maps/tiles/f", nil)
		if err := x.ada.Replace(t.Context(), at("/Projects/maps/tiles"), at(tilesOwn)); kindOf(err) != IO {
			t.Errorf("the dataset by its owner: %v", err)
		}
	}
	const trash = "/Projects/maps/.Trash/sam/Current" + tilesOwn
	if got := x.ada.names(t, trash); len(got) != 2 || got[0] != "a" {
		t.Errorf("in the trash: %q", got)
	}
	if got := string(x.ada.get(t, trash+"/a")); got != "tile" {
		t.Errorf("the first in the trash is %q", got)
	}
	x.clean(t)
}

// Whoever makes a trash root for somebody else does not get what that one replaces, or moves to the trash.
// The trash may be emptied after it was decided where in it the old one goes.
// Without a trash what is replaced is deleted.
// The new one must fit into quotas, and what goes into the trash is charged there.
func TestReplaceUnderQuotas(t *testing.T) {
	fs := published(t)
	ada, root := fs.as(t, "ada"), fs.as(t, superuser)
	const top = "/Projects/vision"
	ada.put(t, top+"/small/in/f", []byte("12345"))
	ada.put(t, top+"/large/f", pattern(1000))
	ada.put(t, top+"/large/g", pattern(1000))
	must(t, root.SetQuota(t.Context(), at(top+"/small"), QuotaChange{Names: pointer(3), Space: pointer(int64(100))}))
	if err := ada.Replace(t.Context(), at(top+"/large"), at(top+"/small/in")); kindOf(err) != QuotaNames && kindOf(err) != QuotaSpace {
		t.Errorf("more than there is room for: %v", err)
	}
	must(t, root.SetQuota(t.Context(), at(top+"/small"), QuotaChange{Names: pointer(4), Space: pointer(int64(1 << 30))}))
	must(t, root.SetQuota(t.Context(), at(top), QuotaChange{Names: pointer(100), Space: pointer(int64(1 << 30))}))
	must(t, ada.SetStoragePolicy(t.Context(), at(top+"/small"), "COLD"))
	must(t, ada.Replace(t.Context(), at(top+"/large"), at(top+"/small/in")))
	usage, err := ada.QuotaUsage(t.Context(), at(top+"/small"))
	if err != nil || usage.Space != 6000 {
		t.Errorf("%+v, %v; want 6000 bytes", usage, err)
	}
	fs.clean(t) // which counts what all directories hold
}

func TestReplaceIsRepeatable(t *testing.T) {
	fs := published(t)
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/a/f", []byte("a"))
	bob.put(t, "/Projects/vision/b/f", []byte("b"))
	ctx := WithOperation(t.Context(), uuid.New())
	for range 2 {
		must(t, fs.as(t, "bob").Replace(ctx, at("/Projects/vision/b"), at("/Projects/vision/a")))
	}
	if err := bob.Replace(t.Context(), at("/Projects/vision/b"), at("/Projects/vision/a")); kindOf(err) != NotExist {
		t.Errorf("by another request: %v", err)
	}
}

// Many publish the same directory on two servers while others read it: readers see all files of one version, and there
// always is one.
func TestReplaceStorm(t *testing.T) {
	servers := newServers(t, 2, func(c *Config) { c.Trash = 24 * time.Hour })
	const publishers, each, files = 8, 6, 5
	s := servers[0].as(t, superuser)
	version := func(s *Session, dir, name string) {
		for i := range files {
			s.put(t, fmt.Sprintf("%s/%s.%d", dir, name, i), []byte(name))
		}
	}
	version(s, "/tmp/live", "first")
	reading, stop := context.WithCancel(t.Context())
	var seen, versions atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		crowd(4, func(i int) {
			s, last := servers[i%2].as(t, superuser), ""
			for reading.Err() == nil {
				var names []string
				if err := s.List(t.Context(), at("/tmp/live"), func(e Status) error { names = append(names, e.Name); return nil }); err != nil {
					t.Errorf("listing: %v", err)
					return
				}
				name, _, _ := strings.Cut(names[0], ".")
				for i, got := range names {
					if want := fmt.Sprintf("%s.%d", name, i); got != want {
						t.Errorf("a listing has %q, want %q", got, want)
					}
				}
				if len(names) != files {
					t.Errorf("a listing has %d of %d files", len(names), files)
				}
				if name != last {
					versions.Add(1)
				}
				last = name
				seen.Add(1)
			}
		})
	}()
	crowd(publishers, func(i int) {
		s := servers[i%2].as(t, superuser)
		for j := range each {
			name := fmt.Sprintf("v%d-%d", i, j)
			version(s, "/tmp/next-"+name, name)
			if err := s.Replace(t.Context(), at("/tmp/next-"+name), at("/tmp/live")); err != nil {
				t.Errorf("publishing: %v", err)
			}
		}
	})
	stop()
	<-done
	t.Logf("soak: %d versions of a directory published by %d on two servers; %d listings saw one version each, %d changes among them",
		publishers*each, publishers, seen.Load(), versions.Load())
	if seen.Load() < publishers*each || versions.Load() < publishers {
		t.Error("hardly anybody read; the storm proves little")
	}
	if got := s.names(t, "/tmp"); !slices.Equal(got, []string{"live"}) {
		t.Errorf("in the directory: %q", got)
	}
	if got := s.names(t, s.Home().String()+"/.Trash/Current/tmp"); len(got) != publishers*each {
		t.Errorf("%d of %d versions are in the trash", len(got), publishers*each)
	}
	servers[0].clean(t)
}

// What is replaced may have been appended to since it was looked up, and goes with all that it holds.
func TestWhatIsReplacedGoesWithWhatWasAppended(t *testing.T) {
	fs := newFS(t)
	s, other := fs.as(t, superuser), fs.as(t, superuser)
	s.put(t, "/tmp/new", []byte("new"))
	s.put(t, "/tmp/old", []byte("old"))
	appended := false
	fs.decided = func(string, Path) {
		if !appended {
			appended = true
			must(t, other.Append(t.Context(), path(t, "/tmp/old"), -1, strings.NewReader(" and more")))
		}
	}
	must(t, s.Replace(t.Context(), path(t, "/tmp/new"), path(t, "/tmp/old")))
	if got := s.get(t, "/tmp/old"); !appended || string(got) != "new" {
		t.Errorf("%q, appended to: %v", got, appended)
	}
	fs.clean(t)
}
