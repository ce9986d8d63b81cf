package namespace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"granary/auth/perm"
)

// TestTowersAreLookedThrough checks that looking through a deep subtree, or refusing to, needs no more of the database than a large
// one. Its connections may use 16 MB of temporary files; the paths of these directories would take 40.
func TestTowersAreLookedThrough(t *testing.T) {
	const (
		floor  = 900 // directories that are made at a time
		floors = 7
	)
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	top := "/user/ada/" + strings.Repeat("d/", floor-1) + "d"
	for i := range floors {
		must(t, ignore(ada.Mkdirs(t.Context(), path(t, top), MkdirOptions{Mode: 0o777})))
		if i == 0 {
			must(t, ignore(ada.Mkdirs(t.Context(), path(t, top+"/closed"), MkdirOptions{Mode: 0o700})))
			ada.put(t, top+"/closed/f", []byte("x"))
		} else {
			must(t, ada.Move(t.Context(), path(t, "/user/ada/below"), path(t, top+"/d"), MoveOptions{}))
		}
		must(t, ada.Move(t.Context(), path(t, "/user/ada/d"), path(t, "/user/ada/below"), MoveOptions{}))
	}
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, "/user/ada/tower"), MkdirOptions{Mode: 0o777})))
	must(t, ada.Move(t.Context(), path(t, "/user/ada/below"), path(t, "/user/ada/tower/d"), MoveOptions{}))
	must(t, ada.SetPermission(t.Context(), path(t, "/user/ada"), 0o777))

	bounded := fs.beside(t, func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["temp_file_limit"] = "16MB" })
	tower := at("/user/ada/tower")
	closed := `inode="` + tower.text + strings.Repeat("/d", floor*floors) + `/closed":ada:`
	bob, own := bounded.As(fs.as(t, "bob", "people").p), bounded.As(ada.p)
	refused := func(what string, err error, access string) {
		t.Helper()
		if kindOf(err) != AccessControl || !strings.Contains(err.Error(), "access="+access+", "+closed) {
			t.Errorf("%s: got %.200v, want that the directory in the cellar is closed", what, err)
		}
	}
	_, err := bob.Summary(t.Context(), tower)
	refused("bob's summary", err, "READ_EXECUTE")
	_, err = bob.QuotaUsage(t.Context(), tower)
	refused("bob's quota usage", err, "READ_EXECUTE")
	_, err = bob.Delete(t.Context(), tower, true)
	refused("bob's delete", err, "ALL")
	refused("bob's move to the trash", bob.Move(t.Context(), tower, at("/user/ada/t"), MoveOptions{ToTrash: true}), "ALL")
	sum, err := own.Summary(t.Context(), tower)
	if must(t, err); sum.Directories != floor*floors+2 || sum.Files != 1 {
		t.Errorf("%+v", sum)
	}
	done, err := own.Delete(t.Context(), tower, true)
	if must(t, err); !done {
		t.Error("the tower is still there")
	}
}

// TestTheFirstClosedDirectoryIsNamed checks that this is the first in the order of HDFS, in which what is in "a" comes before "a-b".
func TestTheFirstClosedDirectoryIsNamed(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	for _, closed := range []string{"/tmp/d/b", "/tmp/d/a-b", "/tmp/d/a/c"} {
		must(t, ignore(ada.Mkdirs(t.Context(), path(t, closed), MkdirOptions{Mode: 0o755})))
		must(t, ada.SetPermission(t.Context(), path(t, closed), 0o700))
	}
	_, err := bob.Summary(t.Context(), path(t, "/tmp/d"))
	wantKind(t, "bob's summary", err, AccessControl, `inode="/tmp/d/a/c":ada:`)
	must(t, ada.SetPermission(t.Context(), path(t, "/tmp/d/a"), 0o700))
	_, err = bob.Summary(t.Context(), path(t, "/tmp/d"))
	wantKind(t, "bob's summary", err, AccessControl, `inode="/tmp/d/a":ada:`)
}

// TestClosedDirectoriesBeyondCountingAreRefused has more closed directories than are compared.
func TestClosedDirectoriesBeyondCountingAreRefused(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	for i := range mostClosed + 5 {
		closed := fmt.Sprintf("/tmp/d/%03d", i)
		must(t, ignore(ada.Mkdirs(t.Context(), path(t, closed), MkdirOptions{Mode: 0o755})))
		must(t, ada.SetPermission(t.Context(), path(t, closed), 0o700))
	}
	_, err := fs.as(t, "bob", "people").Summary(t.Context(), path(t, "/tmp/d"))
	wantKind(t, "bob's summary", err, AccessControl, `inode="/tmp/d/0`)
}

// TestStickyDirectoriesBelowAreRespected checks that the first child of another user is named, in whichever directory it lies.
func TestStickyDirectoriesBelowAreRespected(t *testing.T) {
	fs := newFS(t)
	ada, bob := fs.as(t, "ada", "people"), fs.as(t, "bob", "people")
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, "/tmp/d"), MkdirOptions{Mode: 0o755})))
	must(t, ada.SetPermission(t.Context(), path(t, "/tmp/d"), 0o777))
	for _, name := range []string{"a", "b", "c"} {
		dir := "/tmp/d/" + name
		must(t, ignore(ada.Mkdirs(t.Context(), path(t, dir), MkdirOptions{Mode: 0o777})))
		must(t, ada.SetPermission(t.Context(), path(t, dir), 0o777|perm.Sticky))
		bob.put(t, dir+"/bobs", nil)
	}
	eve := fs.as(t, "eve", "people")
	must(t, ignore(eve.Mkdirs(t.Context(), path(t, "/tmp/eves"), MkdirOptions{Mode: 0o777})))
	must(t, eve.SetPermission(t.Context(), path(t, "/tmp/eves"), 0o777))
	must(t, ada.Move(t.Context(), path(t, "/tmp/d"), path(t, "/tmp/eves/d"), MoveOptions{}))
	_, err := eve.Delete(t.Context(), path(t, "/tmp/eves/d"), true)
	wantKind(t, "eve's delete", err, AccessControl, `sticky bit: user=eve, path="/tmp/eves/d/a/bobs":bob:`)
	_, err = bob.Delete(t.Context(), path(t, "/tmp/eves/d"), true)
	if err != nil {
		t.Errorf("all that lies in the sticky directories is bob's: %v", err)
	}
}
