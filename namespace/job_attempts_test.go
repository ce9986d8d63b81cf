package namespace

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
)

// A job that crashes every server that tries it is given up.
func TestJobIsGivenUp(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/d/f", []byte("f"))
	job := bob.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d")
	for range jobAttempts {
		c, err := fs.claimJob(t.Context(), []uuid.UUID{})
		if err != nil || c == nil {
			t.Fatal(c, err)
		}
	}
	c, err := fs.claimJob(t.Context(), []uuid.UUID{})
	must(t, err)
	fs.runJob(t.Context(), c)
	now, err := fs.job(t.Context(), job.ID)
	must(t, err)
	now.want(t, JobFailed, "begun 20 times without getting further")
	fs.nothingStaged(t)
}

// A long job may be interrupted any number of times while it gets further.
func TestAJobThatGetsFurtherIsNotGivenUp(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	fs.jobs.atOnce = 1
	bob := fs.as(t, "bob")
	for i := range jobAttempts + 5 {
		bob.put(t, fmt.Sprintf("/Projects/vision/d/f%02d", i), []byte("f"))
	}
	job, attempts := bob.start(t, JobCopy, "/Projects/vision/out", "/Projects/vision/d"), 0
	for !job.State.Ended() {
		c, err := fs.claimJob(t.Context(), []uuid.UUID{})
		if err != nil || c == nil {
			t.Fatal(c, err)
		}
		attempts++
		ctx, stop := context.WithCancel(t.Context())
		fs.jobs.reached = func(context.Context, uuid.UUID) { stop() }
		fs.runJob(ctx, c)
		stop()
		job, err = fs.job(t.Context(), job.ID)
		must(t, err)
	}
	if job.want(t, JobDone, ""); attempts <= jobAttempts {
		t.Errorf("%d attempts show nothing", attempts)
	}
}

// What fails for a while, as a full disk does, is tried again for a while.
func TestAJobThatIsInterruptedInVain(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	bob.start(t, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	for n := 1; n <= 2*jobAttempts; n++ {
		c, err := fs.claimJob(t.Context(), []uuid.UUID{})
		if err != nil || c == nil {
			t.Fatal(c, err)
		}
		if n == jobAttempts {
			must(t, c.tell(t.Context(), 1, 0)) // it gets further once
		}
		again, err := c.retry(t.Context(), errStale)
		if must(t, err); again != (n < 2*jobAttempts-1) {
			t.Fatalf("after attempt %d it is tried again: %t", n, again)
		}
		fs.exec(t, `UPDATE jobs SET not_before = now() WHERE server IS NULL`)
		if !again {
			return
		}
	}
}

// A deadlock is not the service's fault, and who waits for the job is not sent to the log.
func TestAJobThatMetAnotherChangeSaysSo(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	job := bob.start(t, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	c, err := fs.claimJob(t.Context(), []uuid.UUID{})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	if again, err := c.retry(t.Context(), &pgconn.PgError{Code: "40P01"}); err != nil || !again {
		t.Fatal(again, err)
	}
	job, err = bob.Job(t.Context(), job.ID)
	if err != nil || job.Waits == nil || job.Waits.Kind != Conflict {
		t.Errorf("it waits for %v, %v; want a conflict", job.Waits, err)
	}
}
