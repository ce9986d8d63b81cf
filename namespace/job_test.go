package namespace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/auth"
	"granary/auth/perm"
)

// working lets servers run jobs, and look for them often.
func working(c *Config) { c.Jobs.Running = 2 }

// jobsFS is a server that runs jobs, with the projects vision, of ada's, and sound, of eve's, in which bob is a scientist.
func jobsFS(t *testing.T, change ...func(*Config)) *testFS {
	t.Helper()
	fs := newFS(t, append([]func(*Config){working}, change...)...)
	fs.furnishJobs(t)
	return fs
}

func (fs *testFS) furnishJobs(t *testing.T) {
	t.Helper()
	for _, user := range []string{superuser, "ada", "bob", "eve", "max"} {
		must(t, fs.auth.AddUser(t.Context(), auth.User{Name: user}))
	}
	for project, owner := range map[string]string{"vision": "ada", "sound": "eve"} {
		must(t, fs.makeProject(t.Context(), project, owner))
		must(t, fs.setMember(t.Context(), project, "bob", Scientist))
		must(t, fs.as(t, superuser).SetPermission(t.Context(), at("/Projects/"+project), 0o775))
	}
}

// start starts a job.
func (s *Session) start(t testing.TB, kind JobKind, target string, sources ...string) Job {
	t.Helper()
	j := NewJob{Kind: kind, Target: path(t, target)}
	for _, source := range sources {
		j.Sources = append(j.Sources, path(t, source))
	}
	job, err := s.StartJob(t.Context(), j)
	must(t, err)
	return job
}

// ended waits for a job's end.
func (fs *testFS) ended(t testing.TB, id uuid.UUID) Job {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		job, err := fs.job(t.Context(), id)
		must(t, err)
		if job.State.Ended() {
			return job
		}
		if time.Now().After(end) {
			t.Fatalf("the job has not ended: %+v", job)
		}
	}
}

// do runs a job to its end.
func (fs *testFS) do(t testing.TB, s *Session, kind JobKind, target string, sources ...string) Job {
	t.Helper()
	return fs.ended(t, s.start(t, kind, target, sources...).ID)
}

func (j Job) want(t testing.TB, state JobState, words string) {
	t.Helper()
	failure := ""
	if j.Failure != nil {
		failure = j.Failure.Error()
	}
	if j.State != state || words != "" && !strings.Contains(failure, words) {
		t.Fatalf("the job is %s: %s; want %s, %s", j.State, failure, state, words)
	}
}

// nothingStaged fails the test if anything of a job is left once all have ended. The servers' own reapers may be removing some of it, which
// another one leaves to them.
func (fs *testFS) nothingStaged(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		must(t, fs.Reap(context.WithoutCancel(t.Context())))
		var inodes, entries, pending int
		must(t, fs.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM inodes WHERE parent_id IS NULL), (SELECT count(*) FROM job_entries),
			(SELECT count(*) FROM blocks WHERE state = 'p')`).Scan(&inodes, &entries, &pending))
		if inodes+entries+pending == 0 {
			break
		}
		if time.Now().After(end) {
			t.Errorf("left of jobs: %d inodes, %d entries, %d pending blocks", inodes, entries, pending)
			break
		}
	}
	fs.clean(t)
}

func TestCopy(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	const from, to = "/Projects/vision/data", "/Projects/sound/data"
	long := pattern(maxBlock + 12345)
	bob.put(t, from+"/long", long)
	bob.put(t, from+"/short", []byte("short"))
	bob.put(t, from+"/empty", nil)
	bob.put(t, from+"/deep/er/f", []byte("deep"))
	_, err := bob.Mkdirs(t.Context(), at(from+"/bare"), MkdirOptions{Mode: 0o711})
	must(t, err)
	_, err = bob.Create(t.Context(), at(from+"/odd"), CreateOptions{Mode: 0o640, Replication: 2, BlockSize: 1 << 20, Size: -1}, strings.NewReader(strings.Repeat("x", 100<<10)))
	must(t, err)
	must(t, bob.SetXattr(t.Context(), at(from+"/short"), Xattr{XattrName{"user", "a"}, []byte("b")}, XattrFlags{Create: true}))
	must(t, bob.ModifyACL(t.Context(), at(from+"/short"), []perm.Entry{{Type: perm.User, Name: "max", Perm: perm.Read}}))
	must(t, fs.as(t, "eve").ModifyACL(t.Context(), at("/Projects/sound"), []perm.Entry{{Scope: perm.Default, Type: perm.User, Name: "max", Perm: perm.ReadExecute}}))

	job := bob.start(t, JobCopy, to, from)
	if job.State.Ended() || job.User != "bob" || job.Created.IsZero() {
		t.Errorf("at first: %+v", job)
	}
	job = fs.ended(t, job.ID)
	job.want(t, JobDone, "")
	if total := int64(len(long)) + 100<<10 + 9; job.Files != 5 || job.FilesDone != 5 || job.Bytes != total || job.BytesDone != total || job.Ended.IsZero() {
		t.Errorf("at the end: %+v, want 5 files and %d bytes", job, total)
	}
	if got, want := strings.ReplaceAll(bob.tree(t, to), to, from), bob.tree(t, from); got != want {
		t.Error("the copy holds something else")
	}
	for _, name := range []string{"", "/long", "/short", "/empty", "/deep", "/deep/er", "/deep/er/f", "/bare", "/odd"} {
		was, err := bob.Stat(t.Context(), at(from+name))
		must(t, err)
		is, err := bob.Stat(t.Context(), at(to+name))
		must(t, err)
		if is.Owner != "bob" || is.Group != "sound" || is.Size != was.Size || is.Replication != was.Replication || is.BlockSize != was.BlockSize ||
			is.Children != was.Children || is.ID == was.ID {
			t.Errorf("%s was %+v and is %+v", name, was, is)
		}
		if entries := strings.Join(is.Perms.Entries(), " "); !strings.Contains(entries, "user:max:r-x") {
			t.Errorf("%s has inherited %q", name, entries)
		}
		if !was.Dir {
			a, err := bob.Checksum(t.Context(), at(from+name))
			must(t, err)
			b, err := bob.Checksum(t.Context(), at(to+name))
			must(t, err)
			if a != b {
				t.Errorf("%s has another checksum", name)
			}
		}
	}
	if x, err := bob.Xattrs(t.Context(), at(to+"/short"), nil); err != nil || len(x) > 0 {
		t.Errorf("attributes were copied: %v %v", x, err)
	}
	// The keys differ, and so must the blocks.
	var shared int
	must(t, fs.db.QueryRow(t.Context(), `SELECT count(*) FROM (SELECT block_id FROM extents GROUP BY 1 HAVING count(DISTINCT project_id) > 1) AS twice`).Scan(&shared))
	if shared != 0 {
		t.Errorf("%d blocks are in both projects", shared)
	}
	events, err := fs.as(t, "eve").Events(t.Context(), "sound", 0, 0)
	must(t, err)
	last := events[len(events)-1]
	if last.Op != "copy" || last.Path != at(to) || last.User != "bob" || last.Operation != job.ID || !last.Detail.Dir {
		t.Errorf("the event is %+v", last)
	}
	if last.Detail.Sources != nil {
		t.Errorf("members of sound are told that there is %q in vision", last.Detail.Sources)
	}
	// One file, within a project.
	fs.do(t, bob, JobCopy, from+"/short2", from+"/short").want(t, JobDone, "")
	if got := string(bob.get(t, from+"/short2")); got != "short" {
		t.Errorf("%q", got)
	}
	events, err = fs.as(t, "ada").Events(t.Context(), "vision", 0, 0)
	must(t, err)
	if last := events[len(events)-1]; !slices.Equal(last.Detail.Sources, []string{from + "/short"}) {
		t.Errorf("the event is %+v", last)
	}
	fs.nothingStaged(t)
}

// The same request under the same id is the same job, also if it is sent many times at once; a different request is refused.
func TestJobIsStartedOnce(t *testing.T) {
	fs := jobsFS(t)
	fs.as(t, "bob").put(t, "/Projects/vision/f", []byte("f"))
	id := uuid.New()
	ctx := WithOperation(t.Context(), id)
	j := NewJob{JobCopy, []Path{at("/Projects/vision/f")}, at("/Projects/vision/g")}
	var sending sync.WaitGroup
	for range 8 {
		s := fs.as(t, "bob")
		sending.Go(func() {
			if job, err := s.StartJob(ctx, j); err != nil || job.ID != id {
				t.Error(job.ID, err)
			}
		})
	}
	sending.Wait()
	fs.ended(t, id).want(t, JobDone, "")
	bob := fs.as(t, "bob")
	if job, err := bob.StartJob(ctx, j); err != nil || job.State != JobDone {
		t.Errorf("asked again: %+v, %v", job, err)
	}
	if jobs, _, err := bob.Jobs(t.Context(), 0, 10); err != nil || len(jobs) != 1 {
		t.Errorf("%d jobs, %v", len(jobs), err)
	}
	f, err := bob.Stat(t.Context(), at("/Projects/vision/f"))
	must(t, err)
	byInode := NewJob{JobCopy, []Path{at(fmt.Sprintf("/.reserved/.inodes/%d", f.ID))}, at("/Projects/vision/k")}
	once := WithOperation(t.Context(), uuid.New())
	first, err := bob.StartJob(once, byInode)
	must(t, err)
	if job, err := bob.StartJob(once, byInode); err != nil || job.ID != first.ID {
		t.Errorf("asked again by the source's inode: %+v, %v", job, err)
	}
	j.Target = at("/Projects/vision/h")
	if _, err := bob.StartJob(ctx, j); kindOf(err) != IO {
		t.Errorf("another request under the id: %v", err)
	}
	j.Target = at("/Projects/vision/g")
	if _, err := fs.as(t, "ada").StartJob(ctx, j); kindOf(err) != IO {
		t.Errorf("somebody else's request under the id: %v", err)
	}
	other := WithOperation(t.Context(), uuid.New())
	_, err = bob.Mkdirs(other, at("/Projects/vision/made"), MkdirOptions{Mode: 0o755})
	must(t, err)
	j.Target = at("/Projects/vision/i")
	if _, err := bob.StartJob(other, j); kindOf(err) != IO {
		t.Errorf("under the id of another operation: %v", err)
	}
}

// A cancellation that has begun is completed, even if whoever asked for it leaves.
func TestACancellationOutlivesItsCaller(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	job := bob.start(t, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	tx, err := fs.db.Begin(t.Context())
	must(t, err)
	defer tx.Rollback(t.Context())
	must(t, ignore(tx.Exec(t.Context(), `SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE`, job.ID)))
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = bob.CancelJob(ctx, job.ID) // nobody hears of it
	}()
	for fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM jobs%'`) == 0 {
		<-time.After(time.Millisecond)
	}
	leave()
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
	must(t, tx.Rollback(t.Context()))
	<-done
	ended, err := bob.Job(t.Context(), job.ID)
	must(t, err)
	ended.want(t, JobCancelled, "")
}

// The remains of jobs that have ended are removed without even looking at those of running ones, since each reaper does this every few
// seconds.
func TestEntriesOfJobsAreForgotten(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	runs := bob.start(t, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	ended := bob.start(t, JobCopy, "/Projects/vision/h", "/Projects/vision/f")
	fs.exec(t, `INSERT INTO job_entries (job_id, n, root, path, kind, source, size, mode, replication, block_size, mtime, listed)
		SELECT j.id, n, 0, '/' || n, 'f', n, 0, 420, 1, 0, 0, true FROM jobs j, generate_series(1, 12000) n`)
	fs.exec(t, `ANALYZE job_entries`)
	if p := fs.plan(t, forgetEntriesSQL, ended.ID, keptAtOnce); strings.Contains(p, "Seq Scan on job_entries") {
		t.Errorf("entries of other jobs are read:\n%s", p)
	}
	_, err := bob.CancelJob(t.Context(), ended.ID)
	must(t, err)
	must(t, fs.forgetJobs(t.Context()))
	for job, want := range map[uuid.UUID]int{runs.ID: 12001, ended.ID: 0} {
		var left int
		must(t, fs.db.QueryRow(t.Context(), `SELECT count(*) FROM job_entries WHERE job_id = $1`, job).Scan(&left))
		if left != want {
			t.Errorf("%d entries are left, want %d", left, want)
		}
	}
}

// A panic in the code of a job ends the job, and not the server.
func TestAJobThatPanics(t *testing.T) {
	for _, kind := range []JobKind{JobCopy, JobZip} {
		fs := jobsFS(t)
		root := fs.as(t, superuser)
		root.put(t, "/d/f", []byte("x"))
		var failing atomic.Bool
		failing.Store(true)
		fs.jobs.reached = func(context.Context, uuid.UUID) {
			if failing.Load() {
				panic("a fault of the server")
			}
		}
		fs.do(t, root, kind, "/made", "/d").want(t, JobFailed, "")
		failing.Store(false)
		fs.do(t, root, kind, "/made", "/d").want(t, JobDone, "")
	}
}

// A paused job keeps no other job of its user from running.
func TestPausedJobsTakeNoPlaces(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running, c.Jobs.Each = 0, 2 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		bob.start(t, JobCopy, "/Projects/vision/"+name, "/Projects/vision/f")
	}
	running := []uuid.UUID{}
	claim := func() *claimed {
		c, err := fs.claimJob(t.Context(), running)
		must(t, err)
		if c != nil {
			running = append(running, c.ID)
		}
		return c
	}
	for range 2 {
		again, err := claim().retry(t.Context(), errStale)
		if err != nil || !again {
			t.Fatal(again, err)
		}
	}
	fs.exec(t, `UPDATE jobs SET not_before = now() + interval '30 seconds' WHERE not_before > now()`)
	for range 2 {
		if claim() == nil {
			t.Fatal("no job is claimed while two pause")
		}
	}
	if c := claim(); c != nil {
		t.Errorf("a third job runs: %+v", c.Job)
	}
}
