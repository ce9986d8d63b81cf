package namespace

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/auth"
)

// A job that is not allowed is refused at once or, if that could not be known, when it comes to what is not allowed.
func TestJobsAreRefused(t *testing.T) {
	fs := jobsFS(t)
	ada, bob, stranger := fs.as(t, "ada"), fs.as(t, "bob"), fs.as(t, "max")
	const top = "/Projects/vision"
	bob.put(t, top+"/d/f", []byte("f"))
	bob.put(t, top+"/e/f", []byte("f"))
	ada.put(t, top+"/d/secret/f", []byte("f"))
	must(t, ada.SetPermission(t.Context(), at(top+"/d/secret"), 0o700))
	ada.put(t, top+"/file/secret", []byte("f"))
	must(t, ada.SetPermission(t.Context(), at(top+"/file"), 0o755))
	must(t, ada.SetPermission(t.Context(), at(top+"/file/secret"), 0o600))
	bob.put(t, "/tmp/mine", []byte("f"))
	scoped := fs.as(t, "bob")
	must(t, fs.db.QueryRow(t.Context(), `SELECT id FROM projects WHERE name = 'vision'`).Scan(&scoped.p.Scope.Project))
	adding := fs.as(t, "bob")
	adding.p.Scope.Verbs = auth.Add
	for name, c := range map[string]struct {
		s              *Session
		kind           JobKind
		target, source string
		want           Kind
	}{
		"no source":             {bob, JobCopy, top + "/x", top + "/none", NotExist},
		"no parent":             {bob, JobCopy, top + "/none/x", top + "/d", NotExist},
		"target is there":       {bob, JobCopy, top + "/e", top + "/d", Exist},
		"target is a file":      {bob, JobZip, top + "/d/f", top + "/e", Exist},
		"into itself":           {bob, JobCopy, top + "/d/x", top + "/d", IO},
		"the root":              {bob, JobCopy, "/tmp/x", "/", IO},
		"all projects":          {bob, JobZip, "/tmp/x", "/Projects", IO},
		"no right to read":      {stranger, JobCopy, "/tmp/x", top + "/d/secret", AccessControl},
		"no right to write":     {bob, JobCopy, "/x", top + "/d", AccessControl},
		"a closed file":         {bob, JobCopy, "/tmp/x", top + "/file/secret", AccessControl},
		"a reader's token":      {fs.reader(t, "bob"), JobCopy, top + "/x", top + "/e", AccessControl},
		"a token for additions": {adding, JobCopy, top + "/x", top + "/e", AccessControl},
		"out of a token's":      {scoped, JobCopy, "/tmp/x", top + "/e", AccessControl},
		"into a token's":        {scoped, JobCopy, top + "/x", "/tmp/mine", AccessControl},
		"a directory to unzip":  {bob, JobUnzip, top + "/x", top + "/d", InvalidArgument},
		"a name that is none":   {bob, JobCopy, top + "/.snapshot", top + "/d", InvalidValue},
		"an unknown kind":       {bob, "move", top + "/x", top + "/d", InvalidArgument},
	} {
		_, err := c.s.StartJob(t.Context(), NewJob{c.kind, []Path{path(t, c.source)}, path(t, c.target)})
		if kindOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for name, sources := range map[string][]string{"two of one name": {top + "/d", top + "/e/../d"}, "none": {}} {
		j := NewJob{Kind: JobZip, Target: at("/tmp/x")}
		for _, s := range sources {
			j.Sources = append(j.Sources, at(strings.ReplaceAll(s, "e/../", "")))
		}
		if _, err := bob.StartJob(t.Context(), j); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if jobs, _, err := bob.Jobs(t.Context(), 0, 10); err != nil || len(jobs) > 0 {
		t.Errorf("what was refused is a job: %v %v", jobs, err)
	}
	// What cannot be known before it is found.
	for _, kind := range []JobKind{JobCopy, JobZip} {
		fs.do(t, bob, kind, "/tmp/x", top+"/d").want(t, JobFailed, `access=READ_EXECUTE, inode="/Projects/vision/d/secret"`)
		fs.do(t, bob, kind, "/tmp/x", top+"/file").want(t, JobFailed, `access=READ, inode="/Projects/vision/file/secret"`)
	}
	if _, err := bob.Stat(t.Context(), at("/tmp/x")); kindOf(err) != NotExist {
		t.Errorf("something was made: %v", err)
	}
	fs.nothingStaged(t)
}

// The paths that a job keeps in memory are bounded in bytes, too, and not only in number.
func TestThePathsOfAJobAreBounded(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Paths = 1000 })
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	for i := range 6 {
		bob.put(t, fmt.Sprintf("%s/many/%d%s/f", top, i, strings.Repeat("long", 50)), nil)
	}
	for _, kind := range []JobKind{JobZip, JobCopy} {
		fs.do(t, bob, kind, top+"/out", top+"/many").want(t, JobFailed, "come to more than 1000 bytes")
		fs.do(t, bob, kind, fmt.Sprint(top, "/", kind), top+"/many/0"+strings.Repeat("long", 50)).want(t, JobDone, "")
	}
	// A short name in an archive may imply many directories, whose paths are long in sum.
	for depth, words := range map[int]string{30: "", 60: "come to more than 1000 bytes"} {
		for name, entry := range map[string]string{"implied": strings.Repeat("d/", depth) + "f", "named": strings.Repeat("d/", depth)} {
			archive, state := fmt.Sprint(top, "/", name, depth), JobDone
			bob.put(t, archive, archiveOf(t, packing{name: entry}))
			if words != "" {
				state = JobFailed
			}
			fs.do(t, bob, JobUnzip, archive+" out", archive).want(t, state, words)
		}
	}
	fs.nothingStaged(t)
}

// The bytes of all paths, each of them whole, are known before they are recorded: a directory of many files may have a long path.
func TestNoMorePathsAreWrittenDownThanAJobMayTake(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Paths = 1000 })
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	deep := top + "/many/" + strings.Repeat("long", 50)
	for i := range 100 {
		bob.put(t, fmt.Sprintf("%s/%d", deep, i), nil)
	}
	for kind, words := range map[JobKind]string{JobZip: "come to more than 1000 bytes", JobCopy: "come to more than 16000 bytes"} {
		job := fs.do(t, bob, kind, top+"/out", top+"/many")
		job.want(t, JobFailed, words)
		var entries int
		must(t, fs.db.QueryRow(t.Context(), `SELECT entries FROM jobs WHERE id = $1`, job.ID).Scan(&entries))
		if entries > 2 {
			t.Errorf("%s: %d entries were written down", kind, entries)
		}
	}
	fs.do(t, bob, JobCopy, top+"/copy", deep).want(t, JobDone, "")
	fs.nothingStaged(t)
}

// Moving one tower of directories onto another may make paths too long for an archive: the job fails with words that say so.
func TestNamesThatNoArchiveHoldsAreRefused(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	floor := strings.Repeat("/"+strings.Repeat("\u65e5", 80), 97) // as long as a path may be, of three bytes for each character
	for i := range 4 {
		must(t, ignore(bob.Mkdirs(t.Context(), at(top+"/high"+floor), MkdirOptions{Mode: 0o775})))
		if i > 0 {
			must(t, bob.Move(t.Context(), at(top+"/low"), at(top+"/high"+floor+"/low"), MoveOptions{}))
		}
		must(t, bob.Move(t.Context(), at(top+"/high"), at(top+"/low"), MoveOptions{}))
	}
	fs.do(t, bob, JobZip, top+"/z", top+"/low").want(t, JobFailed, "lies so deep that its name in an archive")
	fs.do(t, bob, JobCopy, top+"/c", top+"/low").want(t, JobFailed, "Pathname too long")
	fs.nothingStaged(t)
}

// A job that finds something moved to where its user or token may not go does not reveal the new place.
func TestJobsDoNotTellOfWhereThingsWereMoved(t *testing.T) {
	fs := jobsFS(t)
	ada := fs.as(t, "ada")
	const top = "/Projects/vision"
	_, err := ada.Mkdirs(t.Context(), at(top+"/outer/secret plans"), MkdirOptions{Mode: 0o700})
	must(t, err)
	must(t, ada.SetPermission(t.Context(), at(top+"/outer"), 0o711))
	_, err = ada.Mkdirs(t.Context(), at(top+"/open/d"), MkdirOptions{Mode: 0o777})
	must(t, err)
	must(t, ada.SetPermission(t.Context(), at(top+"/open"), 0o777))
	open, err := ada.Stat(t.Context(), at(top+"/open"))
	must(t, err)
	for who, s := range map[string]*Session{
		"a user":          fs.as(t, "bob"),
		"a limited token": fs.limited(t, "ada", auth.Scope{Root: open.ID}),
	} {
		ada.put(t, top+"/open/d/f", []byte("f"))
		p := fs.park(t, 1)
		job := s.start(t, JobCopy, top+"/open/copy", top+"/open/d")
		p.wait(t)
		must(t, ignore(ada.Rename(t.Context(), at(top+"/open/d/f"), at(top+"/outer/secret plans/"+who))))
		p.release()
		job = fs.ended(t, job.ID)
		job.want(t, JobFailed, "may not go to where /Projects/vision/open/d/f was moved")
		if strings.Contains(job.Failure.Msg+job.Failure.Path, "secret") {
			t.Errorf("%s is told: %s", who, job.Failure.Msg)
		}
	}
	// Nor does starting a job reveal where an inode lies.
	hidden, err := ada.Stat(t.Context(), at(top+"/outer/secret plans"))
	must(t, err)
	source := at(fmt.Sprintf("/.reserved/.inodes/%d", hidden.ID))
	_, err = fs.limited(t, "ada", auth.Scope{Root: open.ID}).StartJob(t.Context(), NewJob{JobCopy, []Path{source}, at(top + "/open/copy")})
	if kindOf(err) != NotExist || strings.Contains(err.Error(), "secret") {
		t.Errorf("by its inode: %v", err)
	}
	fs.nothingStaged(t)
}

func TestJobsOfOneUser(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running, c.Jobs.Waiting = 0, 3 }) // no server runs them
	bob, ada := fs.as(t, "bob"), fs.as(t, "ada")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	var all []Job
	for i := range 3 {
		all = append(all, bob.start(t, JobCopy, fmt.Sprintf("/Projects/vision/c%d", i), "/Projects/vision/f"))
	}
	_, err := bob.StartJob(t.Context(), NewJob{JobCopy, []Path{at("/Projects/vision/f")}, at("/Projects/vision/g")})
	wantKind(t, "a fourth job", err, IO, "You have 3 jobs")
	foreign := ada.start(t, JobCopy, "/Projects/vision/c", "/Projects/vision/f")

	first, more, err := bob.Jobs(t.Context(), 0, 2)
	must(t, err)
	rest, left, err := bob.Jobs(t.Context(), first[1].Number, 2)
	must(t, err)
	if !more || left || len(first) != 2 || len(rest) != 1 || first[0].ID != all[2].ID || first[1].ID != all[1].ID || rest[0].ID != all[0].ID {
		t.Errorf("listed: %+v, then %+v", first, rest)
	}
	for name, err := range map[string]error{
		"another's job":    ignore(bob.Job(t.Context(), foreign.ID)),
		"one there is not": ignore(bob.Job(t.Context(), uuid.New())),
		"cancel another's": ignore(bob.CancelJob(t.Context(), foreign.ID)),
	} {
		if kindOf(err) != NotExist {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := fs.as(t, superuser).Job(t.Context(), foreign.ID); err != nil {
		t.Errorf("the superuser: %v", err)
	}
	// A limited token sees only jobs that it could have started.
	reader := fs.reader(t, "bob")
	if jobs, _, err := reader.Jobs(t.Context(), 0, 10); err != nil || len(jobs) > 0 {
		t.Errorf("a reader's token sees %d jobs, %v", len(jobs), err)
	}
	if _, err := reader.CancelJob(t.Context(), all[0].ID); kindOf(err) != NotExist {
		t.Errorf("a reader's token cancels: %v", err)
	}
	scoped := fs.as(t, "bob")
	must(t, fs.db.QueryRow(t.Context(), `SELECT id FROM projects WHERE name = 'vision'`).Scan(&scoped.p.Scope.Project))
	if _, err := scoped.Job(t.Context(), all[0].ID); kindOf(err) != NotExist {
		t.Errorf("a limited token sees a job without limits: %v", err)
	}
	for range 2 {
		job, err := bob.CancelJob(t.Context(), all[0].ID)
		must(t, err)
		job.want(t, JobCancelled, "")
	}
	own := scoped.start(t, JobCopy, "/Projects/vision/own", "/Projects/vision/f")
	if jobs, _, err := scoped.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 1 || jobs[0].ID != own.ID {
		t.Errorf("a limited token sees %+v, %v", jobs, err)
	}
}

// Jobs are charged, and refused, as writing by hand is.
func TestJobsAndQuotas(t *testing.T) {
	fs := jobsFS(t)
	ada, bob := fs.as(t, "ada"), fs.as(t, "bob")
	for i := range 5 {
		bob.put(t, fmt.Sprintf("/Projects/vision/d/f%d", i), pattern(1000))
	}
	_, err := bob.Mkdirs(t.Context(), at("/Projects/vision/box"), MkdirOptions{Mode: 0o775})
	must(t, err)
	root := fs.as(t, superuser)
	must(t, root.SetQuota(t.Context(), at("/Projects/vision/box"), QuotaChange{Names: pointer(7), Space: pointer(int64(100_000))}))
	fs.do(t, bob, JobCopy, "/Projects/vision/box/a", "/Projects/vision/d").want(t, JobDone, "")
	usage, err := ada.QuotaUsage(t.Context(), at("/Projects/vision/box"))
	must(t, err)
	if usage.Names != 7 || usage.Space != 5*3*1000 {
		t.Errorf("charged: %+v", usage)
	}
	refused := fs.do(t, bob, JobCopy, "/Projects/vision/box/b", "/Projects/vision/d")
	refused.want(t, JobFailed, "NameSpace quota")
	if refused.FilesDone != 0 {
		t.Errorf("%d files were copied that there was no room for", refused.FilesDone)
	}
	must(t, root.SetQuota(t.Context(), at("/Projects/vision/box"), QuotaChange{Names: pointer(100), Space: pointer(int64(25_000))}))
	fs.do(t, bob, JobCopy, "/Projects/vision/box/b", "/Projects/vision/d").want(t, JobFailed, "DiskSpace quota")
	fs.do(t, bob, JobZip, "/Projects/vision/box/z", "/Projects/vision/d").want(t, JobFailed, "DiskSpace quota") // a block counts in full
	// Room that was there when the job began may be gone at the end.
	must(t, root.SetQuota(t.Context(), at("/Projects/vision/box"), QuotaChange{Space: pointer(int64(40_000))}))
	var once sync.Once
	fs.jobs.reached = func(ctx context.Context, _ uuid.UUID) {
		once.Do(func() {
			must(t, root.SetQuota(context.WithoutCancel(ctx), at("/Projects/vision/box"), QuotaChange{Space: pointer(int64(16_000))}))
		})
	}
	fs.do(t, bob, JobCopy, "/Projects/vision/box/b", "/Projects/vision/d").want(t, JobFailed, "DiskSpace quota")
	if after, err := ada.QuotaUsage(t.Context(), at("/Projects/vision/box")); err != nil || after.Space != usage.Space || after.Names != usage.Names {
		t.Errorf("afterwards: %+v, %v", after, err)
	}
	fs.nothingStaged(t)
}

// A job whose result is charged to a directory with a limit first takes one of the few places for counting.
func TestAJobThatCountsTakesAPlace(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/d/f", pattern(1000))
	must(t, ignore(bob.Mkdirs(t.Context(), at("/Projects/vision/box"), MkdirOptions{Mode: 0o775})))
	must(t, fs.as(t, superuser).SetQuota(t.Context(), at("/Projects/vision/box"), QuotaChange{Names: pointer(7)}))
	for range cap(fs.singles.counts) {
		fs.singles.counts <- struct{}{}
	}
	job := bob.start(t, JobCopy, "/Projects/vision/box/a", "/Projects/vision/d")
	for watched := time.After(time.Second); ; {
		now, err := fs.job(t.Context(), job.ID)
		must(t, err)
		if now.State.Ended() {
			t.Fatalf("it took no place: %+v", now)
		}
		select {
		case <-time.After(10 * time.Millisecond):
			continue
		case <-watched:
		}
		break
	}
	for range cap(fs.singles.counts) {
		<-fs.singles.counts
	}
	if ended := fs.ended(t, job.ID); ended.State != JobDone {
		t.Errorf("%+v", ended)
	}
}

// The sources of a job may be long; a page then holds few jobs.
func TestLongPagesOfJobs(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	const all = 5
	for i := range all {
		bob.start(t, JobCopy, fmt.Sprint("/Projects/vision/c", i), "/Projects/vision/f")
	}
	fs.exec(t, `UPDATE jobs SET sources = (SELECT array_agg('/' || repeat('x', 1000) || n) FROM generate_series(1, 1000) n)`)
	seen, before := 0, int64(0)
	for more := true; more; {
		var (
			jobs []Job
			err  error
		)
		jobs, more, err = bob.Jobs(t.Context(), before, 10)
		must(t, err)
		if len(jobs) == 0 || len(jobs) > 3 {
			t.Fatalf("a page of %d jobs with a megabyte of sources each", len(jobs))
		}
		seen, before = seen+len(jobs), jobs[len(jobs)-1].Number
	}
	if seen != all {
		t.Errorf("%d jobs are on the pages, want %d", seen, all)
	}
}

// A source may be named by its inode, which is short, while its path is long.
func TestTheSourcesOfAJobAreBounded(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	deep := "/Projects/vision/" + strings.Repeat(strings.Repeat("d", 250)+"/", 24)
	j := NewJob{Kind: JobZip, Target: at("/Projects/vision/z")}
	for i := range 200 {
		name := fmt.Sprint(deep, i)
		bob.put(t, name, nil)
		f, err := bob.Stat(t.Context(), at(name))
		must(t, err)
		j.Sources = append(j.Sources, at(fmt.Sprintf("/.reserved/.inodes/%d", f.ID)))
	}
	_, err := bob.StartJob(t.Context(), j)
	wantKind(t, "sources of 1.2 MB", err, InvalidArgument, "come to more than 1048576 bytes")
	j.Sources = j.Sources[:100]
	must(t, ignore(bob.StartJob(t.Context(), j)))
}
