package namespace

import (
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"granary/auth"
	"granary/auth/perm"
)

// trashFS keeps deleted files for a day, by a clock that the test moves. The emptier has run once.
func trashFS(t *testing.T) (*testFS, *atomic.Int64) {
	t.Helper()
	clock := new(atomic.Int64)
	clock.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Unix())
	fs := newFS(t, func(c *Config) {
		c.Trash = 24 * time.Hour
		c.Now = func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	empty(t, fs, clock)
	return fs, clock
}

// empty runs the emptier at the time of the clock.
func empty(t *testing.T, fs *testFS, clock *atomic.Int64) {
	t.Helper()
	_, last, err := fs.trashEmptied(t.Context())
	must(t, err)
	must(t, fs.emptyTrash(t.Context(), time.Unix(clock.Load(), 0), last))
}

// names returns the names in a directory.
func (s *Session) names(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	if err := s.List(t.Context(), path(t, dir), func(e Status) error {
		names = append(names, e.Name)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTrashIsKeptForOneToTwoIntervals(t *testing.T) {
	fs, clock := trashFS(t)
	ada := fs.as(t, "ada", "staff")
	const root = "/user/ada/.Trash"
	day := func(n int) string { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC).Local().Format(checkpointName) }
	at := func(d, hour int) { clock.Store(time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC).Unix()) }

	ada.put(t, root+"/Current/user/ada/f", []byte("x"))
	ada.put(t, root+"/notes", []byte("not the emptier's"))
	at(1, 23)
	empty(t, fs, clock)
	if got := ada.names(t, root); !slices.Equal(got, []string{"Current", "notes"}) {
		t.Errorf("within the interval: %q", got)
	}
	at(2, 0)
	empty(t, fs, clock)
	ada.put(t, root+"/Current/user/ada/g", []byte("y"))
	empty(t, fs, clock) // a second run does nothing
	if got := ada.names(t, root); !slices.Equal(got, []string{day(2), "Current", "notes"}) {
		t.Errorf("after the first interval: %q; want a checkpoint and what came after it", got)
	}
	at(3, 0)
	empty(t, fs, clock)
	if got := ada.names(t, root); !slices.Equal(got, []string{day(3), "notes"}) {
		t.Errorf("after the second interval: %q; want the first checkpoint gone", got)
	}
	at(4, 0)
	empty(t, fs, clock)
	if got := ada.names(t, root); !slices.Equal(got, []string{"notes"}) {
		t.Errorf("after the third interval: %q; want the checkpoints gone", got)
	}
	fs.clean(t)
}

// The emptier runs at any second of the minute in which an interval begins, and users make checkpoints at any time: in neither case
// is anything kept for a third interval, or deleted before its time.
func TestTrashGoesInTheMinuteInWhichItsTimeIsOver(t *testing.T) {
	fs, clock := trashFS(t)
	ada := fs.as(t, "ada", "staff")
	const root = "/user/ada/.Trash"
	moment := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, 3, day, hour, minute, second, 0, time.UTC)
	}
	name := func(of time.Time) string { return of.Local().Format(checkpointName) }
	run := func(of time.Time, want ...string) {
		t.Helper()
		clock.Store(of.Unix())
		empty(t, fs, clock)
		if got := ada.names(t, root); !slices.Equal(got, want) {
			t.Errorf("%s: %q; want %q", of, got, want)
		}
	}
	late, expunged, tooYoung := moment(2, 0, 0, 59), moment(2, 20, 0, 0), moment(2, 0, 1, 1)
	ada.put(t, root+"/Current/user/ada/f", []byte("x"))
	run(late, name(late))
	for _, of := range []time.Time{expunged, tooYoung} {
		ada.put(t, root+"/"+name(of)+"/user/ada/g", []byte("y"))
	}
	run(moment(3, 0, 0, 0), name(tooYoung), name(expunged))
	run(moment(3, 23, 59, 59), name(tooYoung), name(expunged)) // nothing before the next interval
	run(moment(4, 0, 0, 30))
}

// logged collects what was logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A walk through a trash root that is missing makes none in an archived project, in which nothing changes.
func TestNoTrashRootIsMadeInAnArchivedProject(t *testing.T) {
	x := newSharing(t)
	yes := true
	must(t, x.bob.ChangeProject(t.Context(), "vision", ProjectChange{Archived: &yes}))
	before, err := x.bob.LastEvent(t.Context(), "vision")
	must(t, err)
	for who, s := range map[string]*Session{"a scientist": x.sam, "an owner": x.bob, "a superuser": x.as(t, superuser)} {
		root := path(t, "/Projects/vision/.Trash/"+s.p.User)
		refusedBy(t, who, ignore(s.Mkdirs(t.Context(), root, MkdirOptions{Mode: 0o700})), "archived")
		refusedBy(t, who, ignore(s.Create(t.Context(), root.Join("f"), CreateOptions{CreateParent: true, Size: -1}, strings.NewReader(""))), "archived")
	}
	if _, err := x.bob.Stat(t.Context(), path(t, "/Projects/vision/.Trash")); kindOf(err) != NotExist {
		t.Errorf("there is trash: %v", err)
	}
	if after, err := x.bob.LastEvent(t.Context(), "vision"); err != nil || after != before {
		t.Errorf("%d events are told of, %v", after-before, err)
	}
}

// A server whose clock is wrong empties nobody's trash, and leaves nothing behind that keeps other servers from doing so.
func TestTrashGoesByTheDatabasesClock(t *testing.T) {
	var log logged
	fs := newFS(t, func(c *Config) {
		c.Trash = 24 * time.Hour
		c.Now = func() time.Time { return time.Now().AddDate(1, 0, 0) }
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	ada := fs.as(t, "ada", "staff")
	const root = "/user/ada/.Trash"
	recent, current := time.Now().Add(-time.Minute).Format(checkpointName), root+"/Current"
	done := func(when time.Time) {
		t.Helper()
		fs.exec(t, `INSERT INTO settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			trashSetting, []byte(strconv.FormatInt(when.Unix(), 10)))
	}
	just := func() {
		t.Helper()
		now, last, err := fs.trashEmptied(t.Context())
		if must(t, err); now.Sub(last) > time.Minute || last.After(now) {
			t.Errorf("the emptier says that it ran at %s; it is %s", last, now)
		}
	}
	ada.put(t, root+"/"+recent+"/f", []byte("x"))
	ada.put(t, current+"/f", []byte("x"))
	done(time.Now().AddDate(1, 0, 0)) // as a server before this one might have left
	must(t, fs.EmptyTrash(t.Context()))
	if got := ada.names(t, root); !slices.Equal(got, []string{recent, trashCurrent}) {
		t.Errorf("where it is not known when it was done: %q", got)
	}
	just()
	if !strings.Contains(log.String(), "in the future") {
		t.Errorf("the log says %q", log.String())
	}
	done(time.Now().Add(-25 * time.Hour))
	must(t, fs.EmptyTrash(t.Context()))
	if got := ada.names(t, root); len(got) != 2 || got[0] != recent || got[1] > time.Now().Add(time.Minute).Format(checkpointName) {
		t.Errorf("after an interval: %q; want the checkpoint of a minute ago, and one of now", got)
	}
	just()
}

// What cannot be emptied is reported, and the rest is emptied once.
func TestTrashThatCannotBeEmptied(t *testing.T) {
	fs, clock := trashFS(t)
	ada, bob := fs.as(t, "ada", "staff"), fs.as(t, "bob", "staff")
	for _, s := range []*Session{ada, bob} {
		s.put(t, "/user/"+s.p.User+"/.Trash/Current/f", []byte("x"))
	}
	fs.exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END'`)
	fs.exec(t, `CREATE TRIGGER refuse BEFORE UPDATE OF name ON inodes FOR EACH ROW WHEN (OLD.owner = 'bob') EXECUTE FUNCTION refuse()`)
	clock.Add(24 * 3600)
	_, last, err := fs.trashEmptied(t.Context())
	must(t, err)
	if err := fs.emptyTrash(t.Context(), time.Unix(clock.Load(), 0), last); err == nil || !strings.Contains(err.Error(), "trash at /user/bob/.Trash") {
		t.Errorf("%v; want an error that names what was not emptied", err)
	}
	ada.put(t, "/user/ada/.Trash/Current/g", []byte("x"))
	clock.Add(60)
	empty(t, fs, clock)
	if got := ada.names(t, "/user/ada/.Trash"); len(got) != 2 || got[1] != trashCurrent {
		t.Errorf("a minute later: %q; want one checkpoint, and what came after it", got)
	}
}

func TestTrashCheckpointsOfOneSecond(t *testing.T) {
	fs, clock := trashFS(t)
	ada := fs.as(t, "ada", "staff")
	clock.Add(24 * 3600)
	name := time.Unix(clock.Load(), 0).Format(checkpointName)
	ada.put(t, "/user/ada/.Trash/"+name+"/f", []byte("by hand"))
	ada.put(t, "/user/ada/.Trash/Current/f", []byte("x"))
	empty(t, fs, clock)
	if got := ada.names(t, "/user/ada/.Trash"); !slices.Equal(got, []string{name, name + "-1"}) {
		t.Errorf("%q; want a number behind the name that was taken", got)
	}
	clock.Add(49 * 3600)
	empty(t, fs, clock)
	if got := ada.names(t, "/user/ada/.Trash"); len(got) != 0 {
		t.Errorf("%q are left; checkpoints with a number are old as well", got)
	}
}

func TestTrashOfProjects(t *testing.T) {
	fs, clock := trashFS(t)
	ada, bob, eve := fs.as(t, "ada", "staff"), fs.as(t, "bob", "staff"), fs.as(t, "eve", "staff")
	for _, err := range []error{
		fs.makeProject(t.Context(), "vision", "ada"), fs.setMember(t.Context(), "vision", "bob", Scientist),
		fs.setMember(t.Context(), "vision", "eve", Observer),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root := func(s *Session, of string) string {
		p, err := s.TrashRoot(t.Context(), path(t, of))
		if err != nil {
			t.Fatal(err)
		}
		return p.String()
	}
	for of, want := range map[string]string{
		"/Projects/vision/d/f":   "/Projects/vision/.Trash/bob",
		"/Projects/vision/no/no": "/Projects/vision/.Trash/bob",
		"/Projects/vision":       "/user/bob/.Trash",
		"/Projects/none/f":       "/user/bob/.Trash",
		"/tmp/f":                 "/user/bob/.Trash",
		"/":                      "/user/bob/.Trash",
	} {
		if got := root(bob, of); got != want {
			t.Errorf("the trash of %s is %s; want %s", of, got, want)
		}
	}

	// As Hadoop's client does it: Current is made with its parents, and is private, but .Trash is shared all the same.
	for _, s := range []*Session{bob, ada} {
		name := "/Projects/vision/of-" + s.p.User
		s.put(t, name, []byte("x"))
		current := path(t, root(s, name)+"/Current/Projects/vision")
		if _, err := s.Mkdirs(t.Context(), current, MkdirOptions{Mode: 0o700}); err != nil {
			t.Fatal(err)
		}
		if err := s.Move(t.Context(), path(t, name), current.Join("f"), MoveOptions{ToTrash: true}); err != nil {
			t.Fatal(err)
		}
	}
	shared, err := bob.Stat(t.Context(), path(t, "/Projects/vision/.Trash"))
	if err != nil || shared.Perms.Mode != trashMode || shared.Owner != superuser || shared.Group != "vision" {
		t.Errorf("%+v, %v; want a sticky directory of the superuser and the project", shared, err)
	}
	if _, err := bob.Delete(t.Context(), path(t, "/Projects/vision/.Trash/ada"), true); !errors.Is(err, errPermission) {
		t.Errorf("bob deletes ada's trash: %v", err)
	}
	if _, err := eve.Mkdirs(t.Context(), path(t, "/Projects/vision/.Trash/eve/Current"), MkdirOptions{Mode: 0o700}); !errors.Is(err, errPermission) {
		t.Errorf("an observer has trash: %v", err)
	}

	own, err := bob.TrashRoots(t.Context(), false)
	if err != nil || len(own) != 1 || own[0].Path.String() != "/Projects/vision/.Trash/bob" {
		t.Errorf("bob's trash: %v, %v", own, err)
	}
	all, err := fs.as(t, superuser).TrashRoots(t.Context(), true)
	if err != nil || len(all) != 2 {
		t.Errorf("everybody's trash: %v, %v; want that of ada and bob", all, err)
	}
	clock.Add(24 * 3600)
	empty(t, fs, clock)
	clock.Add(49 * 3600)
	empty(t, fs, clock)
	for _, name := range []string{"ada", "bob"} {
		if got := fs.as(t, superuser).names(t, "/Projects/vision/.Trash/"+name); len(got) != 0 {
			t.Errorf("the trash of %s still holds %q", name, got)
		}
	}
	fs.clean(t)
}

// Errors of package fs, whose name the tests use for file systems.
var (
	errPermission = fs.ErrPermission
	errNotExist   = fs.ErrNotExist
)

func TestTrashIsMadeForWhomItServes(t *testing.T) {
	fs, _ := trashFS(t)
	fs.as(t, "ada", "staff")
	if err := fs.makeProject(t.Context(), "vision", "ada"); err != nil {
		t.Fatal(err)
	}
	id, err := fs.ProjectID(t.Context(), "vision")
	if err != nil {
		t.Fatal(err)
	}
	ada, err := fs.auth.Principal(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := fs.as(t, "ada").put(t, "/Projects/vision/d/f", nil)
	target := path(t, "/Projects/vision/.Trash/ada/Current")
	for name, scope := range map[string]auth.Scope{
		"reading": {Verbs: auth.Read}, "another project": {Project: id + 1}, "a directory": {Project: id, Root: elsewhere.ID},
	} {
		p := ada
		p.Scope = scope
		if _, err := fs.As(p).Mkdirs(t.Context(), target, MkdirOptions{Mode: 0o700}); !errors.Is(err, errPermission) {
			t.Errorf("with a token for %s: %v; want a refusal", name, err)
		}
	}
	eve := fs.as(t, "eve", "staff")
	must(t, fs.As(ada).SetMember(t.Context(), "vision", "eve", Observer))
	if _, err := eve.Mkdirs(t.Context(), path(t, "/Projects/vision/.Trash/eve/Current"), MkdirOptions{Mode: 0o700}); !errors.Is(err, errPermission) {
		t.Errorf("for an observer: %v; want a refusal", err)
	}
	if _, err := fs.As(ada).Stat(t.Context(), target); !errors.Is(err, errNotExist) {
		t.Errorf("a look made the trash: %v", err)
	}
	if _, err := fs.As(ada).Stat(t.Context(), target.Parent().Parent()); !errors.Is(err, errNotExist) {
		t.Errorf("a refusal made the trash: %v", err)
	}
	ada.Scope.Project = id
	if made, err := fs.As(ada).Mkdirs(t.Context(), target, MkdirOptions{Mode: 0o700}); err != nil || !made {
		t.Errorf("with a token for the project: %v, %v", made, err)
	}
}

// TestToTrashNeedsWhatDeleteNeeds compares the two on the same tree.
func TestToTrashNeedsWhatDeleteNeeds(t *testing.T) {
	fs := newFS(t)
	root, bob := fs.as(t, superuser), fs.as(t, "bob", "staff")
	for name, mode := range map[string]perm.Mode{"open": 0o777, "closed": 0o755} {
		root.put(t, "/d/"+name+"/inner/f", []byte("x"))
		for dir, m := range map[string]perm.Mode{"/d": 0o777, "/d/" + name: 0o777, "/d/" + name + "/inner": mode} {
			if err := root.SetPermission(t.Context(), path(t, dir), m); err != nil {
				t.Fatal(err)
			}
		}
		moved := bob.Move(t.Context(), path(t, "/d/"+name), path(t, "/d/moved"), MoveOptions{ToTrash: true})
		if (moved == nil) != (mode == 0o777) {
			t.Errorf("%s: to the trash: %v", name, moved)
		}
		where := "/d/" + name
		if moved == nil {
			where = "/d/moved"
		}
		if _, err := bob.Delete(t.Context(), path(t, where), true); (err == nil) != (moved == nil) {
			t.Errorf("%s: delete says %v and the trash %v", name, err, moved)
		}
	}
}
