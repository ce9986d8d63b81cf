package namespace

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/auth"
)

// parked stops the jobs of a server at their n-th step, as if it had died there, until they are released or the test ends.
type parked struct {
	at      chan struct{} // closed when one has stopped
	goOn    chan struct{}
	release func()
}

func (fs *testFS) park(t *testing.T, n int) *parked {
	p := &parked{at: make(chan struct{}), goOn: make(chan struct{})}
	p.release = sync.OnceFunc(func() { close(p.goOn) })
	t.Cleanup(p.release)
	var mu sync.Mutex
	fs.jobs.reached = func(context.Context, uuid.UUID) {
		mu.Lock()
		n--
		stop := n == 0
		mu.Unlock()
		if stop {
			close(p.at)
			<-p.goOn
		}
	}
	return p
}

func (p *parked) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.at:
	case <-time.After(20 * time.Second):
		t.Fatal("no job has got so far")
	}
}

// bury makes a server look dead to the others from now on, as far as jobs are concerned.
func (fs *testFS) bury(t *testing.T) {
	t.Helper()
	_, err := fs.db.Exec(t.Context(), `UPDATE jobs SET server = gen_random_uuid() WHERE server = $1`, fs.server)
	must(t, err)
}

// idle waits until no job runs on the server.
func (fs *testFS) idle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); len(fs.jobs.running()) > 0; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("jobs run still")
		}
	}
}

// If a server dies in the middle of a job, another one continues it and makes nothing twice, and nothing changes if the first one
// comes back to life. At no time is half a result visible.
func TestJobIsTakenOver(t *testing.T) {
	for _, c := range []struct {
		kind  JobKind
		steps []int
	}{{JobCopy, []int{1, 4, 5}}, {JobZip, []int{1, 3}}, {JobUnzip, []int{1, 2, 3}}} {
		for _, step := range c.steps {
			t.Run(fmt.Sprintf("%s at step %d", c.kind, step), func(t *testing.T) { takeOver(t, c.kind, step) })
		}
	}
}

func takeOver(t *testing.T, kind JobKind, step int) {
	const top, files = "/Projects/vision", 22
	var config Config
	first := newFS(t, working, func(c *Config) { config = *c })
	first.furnishJobs(t)
	first.jobs.atOnce = 10
	bob := first.as(t, "bob")
	for i := range files {
		bob.put(t, fmt.Sprintf("%s/d/%d/f%d", top, i%3, i), []byte(fmt.Sprint("content of ", i)))
	}
	bob.put(t, top+"/d/long", pattern(100_000))
	if kind == JobUnzip {
		first.do(t, bob, JobZip, top+"/z", top+"/d").want(t, JobDone, "")
	}
	source, result := top+"/d", top+"/out"
	if kind == JobUnzip {
		source = top + "/z"
	}
	p := first.park(t, step)
	job := bob.start(t, kind, result, source)
	p.wait(t)
	if _, err := bob.Stat(t.Context(), at(result)); kindOf(err) != NotExist {
		t.Fatalf("half a result is to be seen: %v", err)
	}
	first.bury(t)
	second, err := Open(t.Context(), config)
	must(t, err)
	t.Cleanup(func() { second.Close() })
	done := first.ended(t, job.ID)
	done.want(t, JobDone, "")
	p.release() // the first server comes back to life, and goes on
	check := func() {
		t.Helper()
		dir := result
		switch kind {
		case JobZip:
			dir = top + "/unpacked"
			if _, err := bob.Stat(t.Context(), at(dir)); err != nil {
				first.do(t, bob, JobUnzip, dir, result).want(t, JobDone, "")
			}
			dir += "/d"
		case JobUnzip:
			dir += "/d"
		case JobCopy:
		}
		if got, want := strings.ReplaceAll(bob.tree(t, dir), dir, top+"/d"), bob.tree(t, top+"/d"); got != want {
			t.Fatal("the result is another tree")
		}
	}
	check()
	first.idle(t)
	check()
	if done.FilesDone != files+1 {
		t.Errorf("%d files are said to be done, want %d", done.FilesDone, files+1)
	}
	var events int
	must(t, first.db.QueryRow(t.Context(), `SELECT count(*) FROM events WHERE operation = $1`, job.ID).Scan(&events))
	if events != 1 {
		t.Errorf("the job made %d events", events)
	}
	_, err = first.db.Exec(t.Context(), `UPDATE blocks SET state = 'g', since = '-infinity' WHERE state = 'p'`) // of the dead server
	must(t, err)
	first.nothingStaged(t)
}

// A job that is ended in the middle, by whatever, ends with an explanation and leaves nothing.
func TestJobEndsInTheMiddle(t *testing.T) {
	const top = "/Projects/vision"
	for name, c := range map[string]struct {
		do    func(t *testing.T, fs *testFS, job Job)
		state JobState
		words string
	}{
		"it is cancelled": {func(t *testing.T, fs *testFS, job Job) {
			cancelled, err := fs.as(t, "bob").CancelJob(t.Context(), job.ID)
			must(t, err)
			cancelled.want(t, JobCancelled, "")
		}, JobCancelled, ""},
		"the membership ends": {func(t *testing.T, fs *testFS, _ Job) {
			must(t, fs.as(t, "ada").RemoveMember(t.Context(), "vision", "bob"))
			must(t, fs.as(t, superuser).SetPermission(t.Context(), at(top), 0o750))
		}, JobFailed, "/Projects/vision"},
		"a file is closed": {func(t *testing.T, fs *testFS, _ Job) {
			must(t, fs.as(t, superuser).SetOwner(t.Context(), at(top+"/d/f014"), "ada", ""))
			must(t, fs.as(t, superuser).SetPermission(t.Context(), at(top+"/d/f014"), 0o600))
		}, JobFailed, "Permission denied"},
		"the user is disabled": {func(t *testing.T, fs *testFS, _ Job) {
			must(t, fs.auth.Disable(t.Context(), "bob"))
		}, JobFailed, "disabled"},
		"a file is deleted": {func(t *testing.T, fs *testFS, _ Job) {
			ok, err := fs.as(t, "bob").Delete(t.Context(), at(top+"/d/f014"), false)
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
		}, JobFailed, "/d/f014 was there"},
		"the target is taken": {func(t *testing.T, fs *testFS, _ Job) {
			fs.as(t, "bob").put(t, top+"/out", []byte("first"))
		}, JobFailed, "already exists"},
		"the project is archived": {func(t *testing.T, fs *testFS, _ Job) {
			yes := true
			must(t, fs.as(t, "ada").ChangeProject(t.Context(), "vision", ProjectChange{Archived: &yes}))
		}, JobFailed, "is archived"},
		"the target's parent is deleted": {func(t *testing.T, fs *testFS, _ Job) {
			must(t, fs.as(t, "ada").DeleteProject(t.Context(), "vision"))
		}, JobFailed, ""},
	} {
		for _, kind := range []JobKind{JobCopy, JobZip} {
			t.Run(name+", "+string(kind), func(t *testing.T) {
				fs := jobsFS(t, func(c *Config) { c.Trash = time.Hour })
				fs.jobs.atOnce = 10
				bob := fs.as(t, "bob")
				for i := range 15 {
					bob.put(t, fmt.Sprintf("%s/d/f%03d", top, i), []byte("f"))
				}
				p := fs.park(t, 2) // the first step comes after the listing, the second after some files
				if kind == JobZip {
					p = fs.park(t, 1)
				}
				job := bob.start(t, kind, top+"/out", top+"/d")
				p.wait(t)
				c.do(t, fs, job)
				p.release()
				fs.ended(t, job.ID).want(t, c.state, c.words)
				if s, err := fs.as(t, superuser).Stat(t.Context(), at(top+"/out")); err == nil && s.Size != int64(len("first")) {
					t.Errorf("something was made: %+v", s)
				}
				fs.idle(t)
				fs.nothingStaged(t)
			})
		}
	}
}

// Revoking a token ends the jobs that were started with it, also in the middle of a long file.
func TestJobEndsWithItsToken(t *testing.T) {
	fs := jobsFS(t)
	fs.as(t, "bob").put(t, "/Projects/vision/d/f", []byte("f"))
	p := fs.park(t, 1)
	bob := fs.as(t, "bob")
	job := bob.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d")
	p.wait(t)
	fs.refresh = func(context.Context, auth.Principal) (auth.Principal, error) {
		return auth.Principal{}, &auth.Error{Kind: auth.Revoked, Msg: "the token was revoked; ask for a new one"}
	}
	_, err := fs.db.Exec(t.Context(), `UPDATE users SET epoch = epoch + 1 WHERE name = 'bob'`)
	must(t, err)
	p.release()
	fs.ended(t, job.ID).want(t, JobFailed, "the token was revoked")
}

// A server that stops releases its jobs, so that others go on with them at once.
func TestStoppingServerLetsJobsGo(t *testing.T) {
	var config Config
	first := newFS(t, working, func(c *Config) { config = *c })
	first.furnishJobs(t)
	first.jobs.atOnce = 10
	bob := first.as(t, "bob")
	for i := range 15 {
		bob.put(t, fmt.Sprintf("/Projects/vision/d/f%03d", i), []byte("f"))
	}
	p := first.park(t, 2)
	job := bob.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d")
	p.wait(t)
	closed := make(chan error, 1)
	go func() { closed <- first.Close() }()
	<-first.closing
	p.release()
	must(t, <-closed)
	if now, err := first.job(t.Context(), job.ID); err != nil || now.State != JobRunning || now.FilesDone == 0 {
		t.Fatalf("%+v, %v", now, err)
	}
	second, err := Open(t.Context(), config)
	must(t, err)
	t.Cleanup(func() { second.Close() })
	first.ended(t, job.ID).want(t, JobDone, "")
	if names := bob.names(t, "/Projects/vision/out"); len(names) != 15 {
		t.Errorf("%d files", len(names))
	}
}

// A user has no more jobs running at once than allowed, and those of others do not wait for them.
func TestJobsOfOneUserAtOnce(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running, c.Jobs.Each = 4, 1 })
	fs.as(t, "bob").put(t, "/Projects/vision/d/f", []byte("f"))
	p := fs.park(t, 1)
	bob, ada := fs.as(t, "bob"), fs.as(t, "ada")
	held := bob.start(t, JobCopy, "/Projects/vision/1", "/Projects/vision/d")
	p.wait(t)
	waiting := bob.start(t, JobCopy, "/Projects/vision/2", "/Projects/vision/d")
	fs.do(t, ada, JobCopy, "/Projects/vision/3", "/Projects/vision/d").want(t, JobDone, "")
	if job, err := bob.Job(t.Context(), waiting.ID); err != nil || job.State != JobQueued {
		t.Errorf("%+v, %v", job, err)
	}
	p.release()
	fs.ended(t, held.ID).want(t, JobDone, "")
	fs.ended(t, waiting.ID).want(t, JobDone, "")
}

// Jobs are deleted when their time is over.
func TestJobsAreForgotten(t *testing.T) {
	fs := jobsFS(t)
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	job := fs.do(t, bob, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	must(t, fs.Reap(t.Context()))
	if _, err := bob.Job(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	_, err := fs.db.Exec(t.Context(), `UPDATE jobs SET ended = ended - $1::interval`, JobsKept+time.Minute)
	must(t, err)
	must(t, fs.Reap(t.Context()))
	if _, err := bob.Job(t.Context(), job.ID); kindOf(err) != NotExist {
		t.Errorf("%v", err)
	}
}

// What a job has made so far is found by no search, and counted in no total of the project.
func TestStagedIsNotFound(t *testing.T) {
	fs := jobsFS(t)
	fs.jobs.atOnce = 10
	bob := fs.as(t, "bob")
	for i := range 15 {
		bob.put(t, fmt.Sprintf("/Projects/vision/d/needle%d", i), []byte("f"))
	}
	p := fs.park(t, 2)
	job := bob.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d")
	p.wait(t)
	found := func(want int) {
		t.Helper()
		page, err := fs.as(t, superuser).Search(t.Context(), SearchQuery{Text: "needle", Kind: "file", Limit: 100})
		must(t, err)
		if len(page.Hits) != want {
			t.Errorf("%d files are found, want %d", len(page.Hits), want)
		}
		if sum, err := bob.Summary(t.Context(), at("/Projects/vision")); err != nil || sum.Files != int64(want) {
			t.Errorf("the project holds %d files, want %d: %v", sum.Files, want, err)
		}
	}
	found(15)
	p.release()
	fs.ended(t, job.ID).want(t, JobDone, "")
	found(30)
}
