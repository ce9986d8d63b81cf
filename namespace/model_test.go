package namespace

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"granary/auth"
	"granary/auth/perm"
	"granary/namespace/filesum"
)

// modelUsers act in the model test: the superuser, two users in overlapping groups, one in none, and one that is a mere
// name without a row.
var modelUsers = []string{superuser, "alice", "bob", "carol", "dave"}

const (
	modelSteps   = 100 // operations of one run, on average
	compareEvery = 20  // operations between two comparisons of the whole tree
)

// TestModel runs random operations on the file system and on a model of HDFS and compares every answer, and the whole
// tree time and again. GRANARY_MODEL_OPS says how many operations, and -rapid.seed repeats a run.
func TestModel(t *testing.T) {
	ops := 3000
	if text := os.Getenv("GRANARY_MODEL_OPS"); text != "" {
		var err error
		if ops, err = strconv.Atoi(text); err != nil {
			t.Fatalf("GRANARY_MODEL_OPS=%q: want a number of operations", text)
		}
	}
	seed := flag.Lookup("rapid.seed").Value.String()
	if seed == "0" {
		seed = strconv.FormatUint(rand.Uint64(), 10)
	}
	setFlags(t, map[string]string{
		"rapid.seed": seed, "rapid.nofailfile": "true", "rapid.steps": strconv.Itoa(modelSteps), "rapid.checks": strconv.Itoa((ops + modelSteps - 1) / modelSteps),
	})
	t.Logf("-rapid.seed=%s", seed)

	clock := time.UnixMilli(1_700_000_000_000)
	fs := newFS(t, func(c *Config) { c.Now = func() time.Time { return clock } })
	for _, user := range []string{"alice", "bob", "carol"} {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: user}); err != nil {
			t.Fatal(err)
		}
	}
	runs, counts := 0, &tally{map[string]int{}, map[string]int{}}
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		x := newMachine(rt, fs, runs, &clock, counts)
		rt.Repeat(x.actions())
		x.compareTree(rt)
	})
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	report := fs.clean(t)
	total := 0
	for name, n := range counts.done {
		total += n
		if counts.succeeded[name] == 0 && n >= 50 {
			t.Errorf("%s: none of %d succeeded; the test proves little", name, n)
		}
	}
	t.Logf("%d operations in %d runs: %v; succeeded: %v", total, runs, counts.done, counts.succeeded)
	t.Logf("%+v", report)
	if total < ops/2 {
		t.Errorf("only %d operations ran, wanted about %d", total, ops)
	}
}

// setFlags sets flags for the time of a test.
func setFlags(t *testing.T, values map[string]string) {
	for name, value := range values {
		old := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := flag.Set(name, old); err != nil {
				t.Error(err)
			}
		})
	}
}

// machine is one run: the model, and the file system's side of it below directories that no other run touches.
type machine struct {
	fs       *testFS
	model    *model
	sessions map[string]auth.Principal // as they were when the run began: the file system must notice that they are stale
	tops     []string
	clock    *time.Time
	steps    int
	seen     map[int64]bool // ids that were given out
	failures int
	*tally
}

// tally counts what all runs did.
type tally struct {
	done, succeeded map[string]int // by operation
}

func newMachine(t *rapid.T, fs *testFS, run int, clock *time.Time, counts *tally) *machine {
	ctx := t.Context()
	project := fmt.Sprintf("p%d", run)
	x := &machine{
		fs: fs, clock: clock, sessions: map[string]auth.Principal{}, seen: map[int64]bool{}, tally: counts,
		tops: []string{fmt.Sprintf("/m%d", run), ProjectsDir + "/" + project},
	}
	x.model = &model{
		groups: map[string][]string{"alice": {"team", "staff"}, "bob": {"team", "ops"}, "carol": nil}, project: project,
		roles: map[string]Role{"alice": Owner, "bob": Scientist, "carol": Observer},
		root:  newModelDir(superuser, SuperGroup, 0o755, 0),
	}
	for user, groups := range x.model.groups {
		if err := fs.auth.SetGroups(ctx, user, groups); err != nil {
			t.Fatal(err)
		}
	}
	for _, user := range modelUsers {
		p, err := fs.auth.Simple(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		x.sessions[user] = p
	}
	x.tick(time.Second)
	if err := fs.CreateProject(ctx, project, "alice"); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"bob", "carol"} {
		if err := fs.AddMember(ctx, project, user, x.model.roles[user]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.as(superuser).Mkdirs(ctx, x.path(x.tops[0]), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	top := newModelDir(superuser, SuperGroup, 0o777, x.model.now)
	x.model.root.children[x.tops[0][1:]] = top
	projects := newModelDir(superuser, SuperGroup, 0o755, x.model.now)
	x.model.root.children["Projects"] = projects
	inside := newModelDir("alice", project, 0o770, x.model.now)
	inside.inProject = true
	projects.children[project] = inside
	return x
}

func (x *machine) tick(d time.Duration) {
	*x.clock = x.clock.Add(d)
	x.model.now = x.clock.UnixMilli()
}

func (x *machine) as(user string) *Session { return x.fs.As(x.sessions[user]) }

func (x *machine) path(s string) Path {
	p, err := ParsePath(s)
	if err != nil {
		panic(err)
	}
	return p
}

// actions are what a run may do. Names that stand twice are done twice as often.
func (x *machine) actions() map[string]func(*rapid.T) {
	all := map[string]func(*rapid.T){
		"create": x.create, "create again": x.create, "append": x.append, "log": x.log, "mkdirs": x.mkdirs, "mkdirs again": x.mkdirs,
		"rename": x.rename, "rename again": x.rename, "move": x.move, "move again": x.move, "delete": x.delete,
		"set permission": x.setPermission, "set permission again": x.setPermission, "set owner": x.setOwner,
		"set times": x.setTimes, "set replication": x.setReplication,
		"modify ACL": x.modifyACL, "modify ACL again": x.modifyACL, "set ACL": x.setACL, "remove ACL entries": x.removeACLEntries,
		"remove default ACL": x.removeDefaultACL, "remove ACL": x.removeACL,
		"stat": x.stat, "get ACL": x.acl, "list": x.list, "list batch": x.listBatch, "open": x.open, "summary": x.summary,
		"checksum": x.checksum, "check access": x.checkAccess,
		"members": x.members, "groups": x.setGroups,
	}
	for name, action := range all {
		all[name] = func(t *rapid.T) {
			x.steps++
			name, failures := strings.TrimSuffix(name, " again"), x.failures
			x.tick(time.Duration(rapid.IntRange(0, 2000).Draw(t, "passed")) * time.Millisecond)
			action(t)
			x.done[name]++
			if x.failures == failures {
				x.succeeded[name]++
			}
			if x.steps%compareEvery == 0 {
				x.compareTree(t)
			}
		}
	}
	return all
}

// Drawing.

func (x *machine) user(t *rapid.T) string {
	return rapid.SampledFrom([]string{"alice", superuser, "bob", "alice", "bob", "carol", "dave"}).Draw(t, "user")
}

// What a drawn path mostly names.
const (
	aFile  = "file"
	anItem = "file or directory" // below the top directories
	aHole  = "nothing yet"
	aPlace = "any place"
)

// draw draws a path that mostly names what is wanted, sometimes what is not, and sometimes nothing.
func (x *machine) draw(t *rapid.T, want, label string) string {
	var all, files, items, dirs []string
	for _, top := range x.tops {
		all, dirs = append(all, top), append(dirs, top)
		if n := x.model.walk(top).node(); n != nil {
			n.below(top, func(path string, n *modelNode) {
				all = append(all, path)
				switch {
				case path == top:
					return
				case n.dir:
					dirs = append(dirs, path)
				default:
					files = append(files, path)
				}
				items = append(items, path)
			})
		}
	}
	odd := rapid.IntRange(0, 9).Draw(t, "odd") == 9
	switch {
	case odd || want == aPlace:
	case want == aFile && len(files) > 0:
		return rapid.SampledFrom(files).Draw(t, label)
	case want == anItem && len(items) > 0:
		return rapid.SampledFrom(items).Draw(t, label)
	case want == aHole:
		return rapid.SampledFrom(dirs).Draw(t, label) + x.deeper(t, 1)
	}
	return rapid.SampledFrom(all).Draw(t, label) + x.deeper(t, rapid.SampledFrom([]int{0, 0, 0, 1, 1, 1, 2, 3}).Draw(t, "deeper"))
}

// destination draws what a path to be made should name: nothing, or a file to replace, or anything.
func (x *machine) destination(t *rapid.T) string {
	return rapid.SampledFrom([]string{aHole, aHole, aFile, aPlace}).Draw(t, "kind of destination")
}

// deeper draws n more components.
func (x *machine) deeper(t *rapid.T, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString("/" + rapid.SampledFrom([]string{"a", "b", "c", "é", "x y", "Z"}).Draw(t, "name"))
	}
	return b.String()
}

func drawMode(t *rapid.T, label string) perm.Mode {
	return rapid.OneOf(
		rapid.SampledFrom([]perm.Mode{0o777, 0o777, 0o755, 0o775, 0o1777, 0o770, 0o750, 0o644, 0o664, 0o600, 0o711, 0o1775, 0}),
		rapid.Map(rapid.Uint16Range(0, 0o1777), func(m uint16) perm.Mode { return perm.Mode(m) }),
	).Draw(t, label)
}

func drawUnmasked(t *rapid.T) *perm.Mode {
	if !rapid.Bool().Draw(t, "unmasked") {
		return nil
	}
	m := drawMode(t, "unmasked mode")
	return &m
}

// drawContent draws up to 200 KB, mostly little, and often around the borders of chunks and of what is kept inline.
func drawContent(t *rapid.T) []byte {
	n := rapid.OneOf(
		rapid.IntRange(0, 700), rapid.IntRange(0, 700), rapid.IntRange(0, 9000),
		rapid.SampledFrom([]int{0, 1, 511, 512, 513, InlineMax - 1, InlineMax, InlineMax + 1, 100_000, 131_072, 200_000}),
	).Draw(t, "bytes")
	skip := rapid.IntRange(0, 255).Draw(t, "which")
	return pattern(n + skip)[skip:]
}

var drawRights = rapid.Map(rapid.Uint8Range(0, 7), func(a uint8) perm.Action { return perm.Action(a) })

// drawSpec draws entries of an ACL, no two with the same key.
func (x *machine) drawSpec(t *rapid.T) []perm.Entry {
	entry := rapid.Custom(func(t *rapid.T) perm.Entry {
		e := perm.Entry{Perm: drawRights.Draw(t, "rights")}
		if rapid.IntRange(0, 2).Draw(t, "scope") == 0 {
			e.Scope = perm.Default
		}
		e.Type = rapid.SampledFrom([]perm.Type{perm.User, perm.User, perm.Group, perm.Group, perm.Mask, perm.Other}).Draw(t, "type")
		switch e.Type {
		case perm.User:
			e.Name = rapid.SampledFrom([]string{"", "alice", "bob", "carol"}).Draw(t, "name")
		case perm.Group:
			e.Name = rapid.SampledFrom([]string{"", "team", "staff", "ops", x.tops[1][len(ProjectsDir)+1:]}).Draw(t, "name")
		}
		return e
	})
	key := func(e perm.Entry) perm.Entry { e.Perm = 0; return e }
	return rapid.SliceOfNDistinct(entry, 0, 6, key).Draw(t, "entries")
}

// Comparing.

// hold compares an answer with the model's.
func (x *machine) hold(t *rapid.T, err error, want Kind, answers ...any) {
	t.Helper()
	if got := kindOf(err); got != want {
		t.Fatalf("failed with %q (%v), want %q", kindText(got), err, kindText(want))
	}
	if want != allowed {
		x.failures++
		return
	}
	for i := 0; i < len(answers); i += 2 {
		if got, want := answers[i], answers[i+1]; !reflect.DeepEqual(got, want) {
			t.Fatalf("answered %+v, want %+v", got, want)
		}
	}
}

// kindOf returns the kind of a failure, allowed without one.
func kindOf(err error) Kind {
	if err == nil {
		return allowed
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

func kindText(k Kind) string {
	if k == allowed {
		return "nothing"
	}
	return k.String()
}

// shown is what of a status the model foretells.
type shown struct {
	Dir          bool
	Size         int64
	Owner, Group string
	Mode         string
	ACL          []string
	MTime, ATime int64
	Replication  int
	BlockSize    int64
	Children     int64
}

func showStatus(s Status) shown {
	return shown{s.Dir, s.Size, s.Owner, s.Group, s.Perms.Mode.String(), s.Perms.Entries(), s.MTime, s.ATime, s.Replication, s.BlockSize, s.Children}
}

func (n *modelNode) show() shown {
	return shown{
		n.dir, int64(len(n.content)), n.owner, n.group, n.mode().String(), n.entries(), n.mtime, n.atime, n.replication, n.blockSize,
		int64(len(n.children)),
	}
}

// same compares a status with the model's, and its id with the one that the inode has had so far.
func (x *machine) same(t *rapid.T, path string, got Status, n *modelNode) {
	t.Helper()
	if n == nil {
		t.Fatalf("%s: there, but not in the model", path)
	}
	if got, want := showStatus(got), n.show(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", path, got, want)
	}
	switch {
	case n.id == got.ID:
	case n.id != 0:
		t.Fatalf("%s: id %d became %d", path, n.id, got.ID)
	case x.seen[got.ID]:
		t.Fatalf("%s: id %d was another inode's", path, got.ID)
	}
	n.id = got.ID
	x.seen[got.ID] = true
}

// compareTree compares everything.
func (x *machine) compareTree(t *rapid.T) {
	t.Helper()
	s := x.as(superuser)
	for _, top := range x.tops {
		n := x.model.walk(top).node()
		if n == nil {
			if _, err := s.Stat(t.Context(), x.path(top)); kindOf(err) != NotExist {
				t.Fatalf("%s: should be gone: %v", top, err)
			}
			continue
		}
		status, err := s.Stat(t.Context(), x.path(top))
		if err != nil {
			t.Fatal(err)
		}
		x.same(t, top, status, n)
		x.compareBelow(t, s, top, n)
	}
}

func (x *machine) compareBelow(t *rapid.T, s *Session, path string, n *modelNode) {
	t.Helper()
	if !n.dir {
		if got := x.content(t, s, path); !bytes.Equal(got, n.content) {
			t.Fatalf("%s: its content (%d bytes) is not the model's (%d bytes)", path, len(got), len(n.content))
		}
		return
	}
	var names []string
	err := s.List(t.Context(), x.path(path), func(status Status) error {
		names = append(names, status.Name)
		x.same(t, path+"/"+status.Name, status, n.children[status.Name])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(n.children)); !slices.Equal(names, want) {
		t.Fatalf("%s: lists %q, want %q", path, names, want)
	}
	for _, name := range names {
		x.compareBelow(t, s, path+"/"+name, n.children[name])
	}
}

func (x *machine) content(t *rapid.T, s *Session, path string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), x.path(path), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return got
}

// Doing.

func (x *machine) create(t *rapid.T) {
	user, path, content := x.user(t), x.draw(t, x.destination(t), "path"), drawContent(t)
	o := CreateOptions{
		Overwrite: rapid.Bool().Draw(t, "overwrite"), CreateParent: rapid.Bool().Draw(t, "createparent"),
		MustExist: rapid.IntRange(0, 9).Draw(t, "must exist") == 0,
		Mode:      drawMode(t, "mode"), Unmasked: drawUnmasked(t),
		Replication: rapid.SampledFrom([]int{0, 0, 1, 2, 512, 513}).Draw(t, "replication"),
		BlockSize:   rapid.SampledFrom([]int64{0, 512, 1024, 65536, 1 << 20, 1000}).Draw(t, "block size"),
		Size:        rapid.SampledFrom([]int64{-1, int64(len(content))}).Draw(t, "size"),
	}
	got, err := x.as(user).Create(t.Context(), x.path(path), o, bytes.NewReader(content))
	n, kind := x.model.create(user, path, o, content)
	x.hold(t, err, kind)
	if kind == allowed {
		x.same(t, path, got, n)
	}
}

func (x *machine) append(t *rapid.T) {
	user, path, content := x.user(t), x.draw(t, aFile, "path"), drawContent(t)
	size := rapid.SampledFrom([]int64{-1, int64(len(content))}).Draw(t, "size")
	err := x.as(user).Append(t.Context(), x.path(path), size, bytes.NewReader(content))
	x.hold(t, err, x.model.append(user, path, content))
}

// log appends many pieces at once, enough to have them folded.
func (x *machine) log(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "really") != 0 {
		t.Skip("rarely")
	}
	user, path := x.user(t), x.draw(t, aFile, "path")
	size := rapid.SampledFrom([]int{300, 60_000}).Draw(t, "piece")
	for i := range rapid.IntRange(1, 20).Draw(t, "pieces") {
		piece := pattern(size + i)[i:]
		err := x.as(user).Append(t.Context(), x.path(path), int64(size), bytes.NewReader(piece))
		x.hold(t, err, x.model.append(user, path, piece))
	}
}

func (x *machine) mkdirs(t *rapid.T) {
	user, path, o := x.user(t), x.draw(t, aHole, "path"), MkdirOptions{Mode: drawMode(t, "mode"), Unmasked: drawUnmasked(t)}
	got, err := x.as(user).Mkdirs(t.Context(), x.path(path), o)
	x.hold(t, err, x.model.mkdirs(user, path, o), got, true)
}

func (x *machine) rename(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, x.destination(t), "destination")
	got, err := x.as(user).Rename(t.Context(), x.path(src), x.path(dst))
	want, kind := x.model.rename(user, src, dst)
	x.hold(t, err, kind, got, want)
}

func (x *machine) move(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, x.destination(t), "destination")
	overwrite := rapid.Bool().Draw(t, "overwrite")
	err := x.as(user).Move(t.Context(), x.path(src), x.path(dst), MoveOptions{Overwrite: overwrite})
	x.hold(t, err, x.model.renameTo(user, src, dst, overwrite))
}

func (x *machine) delete(t *rapid.T) {
	user, path, recursive := x.user(t), x.draw(t, anItem, "path"), rapid.Bool().Draw(t, "recursive")
	got, err := x.as(user).Delete(t.Context(), x.path(path), recursive)
	want, kind := x.model.delete(user, path, recursive)
	x.hold(t, err, kind, got, want)
}

func (x *machine) setPermission(t *rapid.T) {
	user, path, mode := x.user(t), x.draw(t, anItem, "path"), drawMode(t, "mode")
	err := x.as(user).SetPermission(t.Context(), x.path(path), mode)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.chmod(mode); return allowed }))
}

func (x *machine) setOwner(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	owner := rapid.SampledFrom([]string{"", "", "alice", "bob", "carol"}).Draw(t, "owner")
	group := rapid.SampledFrom([]string{"", "team", "staff", "ops", x.tops[1][len(ProjectsDir)+1:]}).Draw(t, "group")
	err := x.as(user).SetOwner(t.Context(), x.path(path), owner, group)
	x.hold(t, err, x.model.setOwner(user, path, owner, group))
}

func (x *machine) setTimes(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	times := rapid.SampledFrom([]int64{-1, -1, 0, 1, x.model.now, x.model.now - 5000, x.model.now + 5000})
	mtime, atime := times.Draw(t, "mtime"), times.Draw(t, "atime")
	err := x.as(user).SetTimes(t.Context(), x.path(path), mtime, atime)
	x.hold(t, err, x.model.setTimes(user, path, mtime, atime))
}

func (x *machine) setReplication(t *rapid.T) {
	user, path, n := x.user(t), x.draw(t, aFile, "path"), rapid.SampledFrom([]int{0, 1, 2, 7, 512, 513}).Draw(t, "replication")
	got, err := x.as(user).SetReplication(t.Context(), x.path(path), n)
	want, kind := x.model.setReplication(user, path, n)
	x.hold(t, err, kind, got, want)
}

func (x *machine) modifyACL(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	err := x.as(user).ModifyACL(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.modify(spec) }))
}

func (x *machine) setACL(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	if rapid.Bool().Draw(t, "complete") {
		spec = slices.DeleteFunc(spec, func(e perm.Entry) bool { return e.Scope == perm.Access && e.Name == "" && e.Type != perm.Mask })
		for _, of := range []perm.Type{perm.User, perm.Group, perm.Other} {
			spec = append(spec, perm.Entry{Type: of, Perm: drawRights.Draw(t, "base")})
		}
	}
	err := x.as(user).SetACL(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.replace(spec) }))
}

func (x *machine) removeACLEntries(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	err := x.as(user).RemoveACLEntries(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.remove(spec) }))
}

func (x *machine) removeDefaultACL(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	err := x.as(user).RemoveDefaultACL(t.Context(), x.path(path))
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.inherit = modelACL{}; return allowed }))
}

func (x *machine) removeACL(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	err := x.as(user).RemoveACL(t.Context(), x.path(path))
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.removeACL(); return allowed }))
}

func (x *machine) stat(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).Stat(t.Context(), x.path(path))
	n, kind := x.model.stat(user, path)
	x.hold(t, err, kind)
	if kind == allowed {
		x.same(t, path, got, n)
	}
}

func (x *machine) acl(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).ACL(t.Context(), x.path(path))
	n, kind := x.model.see(user, path, perm.None)
	x.hold(t, err, kind)
	if kind == allowed {
		x.hold(t, nil, allowed, got.Perms.Entries(), n.entries(), got.Perms.Mode, n.mode(), got.Owner, n.owner, got.Group, n.group)
	}
}

// listed is what a listing of n yields behind a name.
func (n *modelNode) listed(after string) (names []string, nodes []*modelNode) {
	if !n.dir {
		return []string{""}, []*modelNode{n}
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		if name > after {
			names, nodes = append(names, name), append(nodes, n.children[name])
		}
	}
	return names, nodes
}

func (x *machine) list(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	var got []Status
	err := x.as(user).List(t.Context(), x.path(path), func(s Status) error { got = append(got, s); return nil })
	n, kind := x.model.list(user, path)
	x.hold(t, err, kind)
	if kind == allowed {
		x.sameListing(t, n, "", got)
	}
}

func (x *machine) sameListing(t *rapid.T, n *modelNode, after string, got []Status) {
	t.Helper()
	names, nodes := n.listed(after)
	if len(got) > len(names) {
		t.Fatalf("%d entries, want %q", len(got), names)
	}
	for i, s := range got {
		if s.Name != names[i] {
			t.Fatalf("entry %d is %q, want %q", i, s.Name, names[i])
		}
		x.same(t, s.Name, s, nodes[i])
	}
}

func (x *machine) listBatch(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	after := rapid.SampledFrom([]string{"", "", "Z", "a", "b", "bb", "é"}).Draw(t, "after")
	limit := rapid.IntRange(0, 3).Draw(t, "limit")
	got, remaining, err := x.as(user).ListBatch(t.Context(), x.path(path), after, limit)
	n, kind := x.model.list(user, path)
	x.hold(t, err, kind)
	if kind != allowed {
		return
	}
	x.sameListing(t, n, after, got)
	names, _ := n.listed(after)
	if limit > 0 && n.dir {
		x.hold(t, nil, allowed, len(got), min(limit, len(names)))
	}
	x.hold(t, nil, allowed, len(got)+int(remaining), len(names))
}

func (x *machine) open(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aFile, "path")
	n, kind := x.model.file(user, path)
	size := 0
	if kind == allowed {
		size = len(n.content)
	}
	off := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, size), rapid.IntRange(size, size+2)).Draw(t, "offset")
	length := rapid.OneOf(rapid.Just(-1), rapid.IntRange(0, size+2)).Draw(t, "length")
	if kind == allowed && off > size {
		kind = PastEnd
	}
	r, err := x.as(user).Open(t.Context(), x.path(path), int64(off), int64(length))
	x.hold(t, err, kind)
	if kind != allowed {
		return
	}
	defer r.Close()
	want := n.content[off:]
	if length >= 0 {
		want = want[:min(length, len(want))]
	}
	x.hold(t, nil, allowed, r.Size(), int64(len(want)))
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s: %d bytes from %d on are %d others: %v", path, len(want), off, len(got), err)
	}
}

func (x *machine) summary(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).Summary(t.Context(), x.path(path))
	want, kind := x.model.summary(user, path)
	x.hold(t, err, kind, got, want)
}

func (x *machine) checksum(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aFile, "path")
	got, err := x.as(user).Checksum(t.Context(), x.path(path))
	n, kind := x.model.file(user, path)
	var want filesum.Checksum
	if kind == allowed {
		want = n.checksum()
	}
	x.hold(t, err, kind, got, want)
}

func (x *machine) checkAccess(t *rapid.T) {
	user, path, want := x.user(t), x.draw(t, aPlace, "path"), drawRights.Draw(t, "want")
	err := x.as(user).CheckAccess(t.Context(), x.path(path), want)
	_, kind := x.model.see(user, path, want)
	x.hold(t, err, kind)
}

func (x *machine) members(t *rapid.T) {
	if x.model.project == "" {
		t.Skip("the project is gone")
	}
	user := rapid.SampledFrom([]string{"alice", "bob", "carol"}).Draw(t, "user")
	role := rapid.SampledFrom([]Role{Owner, Scientist, Scientist, Observer, ""}).Draw(t, "role")
	if role != "" {
		x.hold(t, x.fs.AddMember(t.Context(), x.model.project, user, role), allowed)
		x.model.roles[user] = role
		return
	}
	want := allowed
	if x.model.roles[user] == "" {
		want = NotExist
	}
	x.hold(t, x.fs.RemoveMember(t.Context(), x.model.project, user), want)
	delete(x.model.roles, user)
}

func (x *machine) setGroups(t *rapid.T) {
	user := rapid.SampledFrom([]string{"alice", "bob", "carol"}).Draw(t, "user")
	groups := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"team", "staff", "ops"}), rapid.ID).Draw(t, "groups")
	if err := x.fs.auth.SetGroups(t.Context(), user, groups); err != nil {
		t.Fatal(err)
	}
	x.model.groups[user] = groups
}
