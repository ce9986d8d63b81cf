package namespace

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"granary/auth"
)

// modelUsers act in the model test: the superuser, two users in overlapping groups, one in none, and one that is a mere
// name without a row.
var modelUsers = []string{superuser, "alice", "bob", "carol", "dave"}

const (
	modelSteps   = 100     // choices in one run, on average; some four fifths of them are possible at that moment
	compareEvery = 20      // operations between two comparisons of the whole tree
	fullModel    = 100_000 // from which on all operations that were wanted must have run
)

// TestModel runs random operations on the file system and on a model of HDFS, and compares every answer, and now and then the
// whole tree. GRANARY_MODEL_OPS says how many operations, and -rapid.seed repeats a run.
func TestModel(t *testing.T) {
	ops := wanted(t, "GRANARY_MODEL_OPS", 3000)
	seed := flag.Lookup("rapid.seed").Value.String()
	if seed == "0" {
		seed = strconv.FormatUint(rand.Uint64(), 10)
	}
	checks := ops/modelSteps*11/10 + 1
	if ops >= fullModel {
		checks = ops / modelSteps * 14 / 10 // more than four fifths would require, because the lengths of runs vary
	}
	setFlags(t, map[string]string{
		"rapid.seed": seed, "rapid.nofailfile": "true", "rapid.steps": strconv.Itoa(modelSteps), "rapid.checks": strconv.Itoa(checks),
	})
	t.Logf("-rapid.seed=%s", seed)

	clock := time.UnixMilli(1_700_000_000_000)
	fs := newFS(t, func(c *Config) { c.Now = func() time.Time { return clock } })
	for _, user := range []string{"alice", "bob", "carol"} {
		if err := fs.auth.AddUser(t.Context(), auth.User{Name: user}); err != nil {
			t.Fatal(err)
		}
	}
	runs, counts := 0, &tally{map[string]int{}, map[string]int{}, map[string]int{}}
	tr := newTracer(t, fs)
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		x := newMachine(rt, fs, runs, &clock, counts)
		x.tracer = tr
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
		if counts.succeeded[name] == 0 && n >= 100 {
			t.Errorf("%s: none of %d succeeded; the test proves little", name, n)
		}
	}
	for _, kind := range []Kind{QuotaNames, QuotaSpace, QuotaType} {
		if counts.refused[kind.String()] == 0 && total >= 20_000 {
			t.Errorf("%s was never exceeded; the test proves little", kind)
		}
	}
	t.Logf("%d operations in %d runs: %v; succeeded: %v; refused: %v", total, runs, counts.done, counts.succeeded, counts.refused)
	t.Logf("%+v", report)
	least := ops / 4 // a few runs may come to few operations
	if ops >= fullModel {
		least = ops
	}
	if ops >= 1000 && total < least && !testing.Short() { // in short mode there are few
		t.Errorf("only %d operations ran, wanted %d", total, ops)
	}
}

// setFlags sets flags until the test ends.
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
	tracer   *tracer
	*tally
}

// tally counts what all runs did.
type tally struct {
	done, succeeded map[string]int // by operation
	refused         map[string]int // by the kind of failure
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
	if err := fs.makeProject(ctx, project, "alice"); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"bob", "carol"} {
		if err := fs.setMember(ctx, project, user, x.model.roles[user]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.as(superuser).Mkdirs(ctx, x.path(x.tops[0]), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	x.model.root.adopt(x.tops[0][1:], newModelDir(superuser, SuperGroup, 0o777, x.model.now))
	projects := x.model.root.adopt("Projects", newModelDir(superuser, SuperGroup, 0o755, x.model.now))
	top := projects.adopt(project, newModelDir("alice", project, 0o770, x.model.now))
	top.inProject = true
	x.shareAtFirst(t, top)
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
		"truncate": x.truncate, "concat": x.concat, "trash": x.trash, "replace": x.replace, "replace again": x.replace,
		"set xattr": x.setXattr, "set xattr again": x.setXattr, "remove xattr": x.removeXattr, "xattrs": x.xattrs,
		"set storage policy": x.setPolicy, "storage policy": x.policy,
		"set quota": x.setQuota, "set quota again": x.setQuota, "quota usage": x.quotaUsage,
		"members": x.members, "groups": x.setGroups,
		"make dataset": x.makeDataset, "publish dataset": x.publishDataset, "end dataset": x.endDataset,
		"offer share": x.offerShare, "offer share again": x.offerShare, "accept share": x.acceptShare,
		"end share": x.endShare, "check shared": x.checkShared, "check shared again": x.checkShared, "mkdirs shared": x.mkdirsShared,
		"mkdirs shared again": x.mkdirsShared, "delete shared": x.deleteShared,
	}
	for name, action := range all {
		all[name] = func(t *rapid.T) {
			x.steps++
			name, failures := strings.TrimSuffix(name, " again"), x.failures
			x.tick(time.Duration(rapid.IntRange(0, 2000).Draw(t, "passed")) * time.Millisecond)
			x.traces(t)
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
