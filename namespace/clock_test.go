package namespace

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// A job that was started while the database's clock was ahead does not wait until that time has come; one that pauses does wait.
func TestNoJobWaitsForAClockThatWasAhead(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", []byte("f"))
	job := bob.start(t, JobCopy, "/Projects/vision/g", "/Projects/vision/f")
	fs.exec(t, `UPDATE jobs SET not_before = now() + interval '30 seconds'`)
	if c, err := fs.claimJob(t.Context(), []uuid.UUID{}); c != nil || err != nil {
		t.Fatalf("it is begun during its pause: %v, %v", c, err)
	}
	fs.exec(t, `UPDATE jobs SET not_before = now() + interval '1 hour'`)
	c, err := fs.claimJob(t.Context(), []uuid.UUID{})
	if c == nil || err != nil {
		t.Fatal(c, err)
	}
	fs.runJob(t.Context(), c)
	fs.ended(t, job.ID).want(t, JobDone, "")
}

// A promise that was made while the database's clock was ahead is kept for as long as others.
func TestNoPromiseLastsAsLongAsAClockWasAhead(t *testing.T) {
	fs := newFS(t)
	s, o := fs.as(t, superuser), CreateOptions{Mode: 0o644, Size: -1}
	var err error
	o.Lease, err = s.Promise(t.Context(), at("/tmp/f"), o)
	must(t, err)
	fs.exec(t, `UPDATE leases SET since = now() + interval '1 day'`)
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM leases`); n != 1 {
		t.Error("it was over at once")
	}
	fs.exec(t, `UPDATE leases SET since = since - interval '61 s'`)
	must(t, fs.Reap(t.Context()))
	fs.noLeases(t)
	if _, err := s.Stat(t.Context(), at("/tmp/f")); kindOf(err) != NotExist {
		t.Errorf("the file for which nobody came: %v", err)
	}
}

// What was deleted while the database's clock was ahead is kept for the grace time from now on, and not until that time has come.
func TestNoGarbageWaitsForAClockThatWasAhead(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.GCGrace = time.Hour })
	s := fs.as(t, superuser)
	s.put(t, "/f", pattern(PackMax+1))
	if _, err := s.Delete(t.Context(), at("/f"), false); err != nil {
		t.Fatal(err)
	}
	fs.exec(t, `UPDATE blocks SET since = now() + interval '1 year' WHERE state = 'g'`)
	left := func(want int) {
		t.Helper()
		must(t, fs.Reap(t.Context()))
		if n := fs.count(t, `SELECT count(*) FROM blocks WHERE state = 'g'`); n != want {
			t.Errorf("%d blocks wait to be deleted, want %d", n, want)
		}
	}
	left(1)
	fs.exec(t, `UPDATE blocks SET since = since - interval '1 hour 1 second' WHERE state = 'g'`)
	left(0)
}

// An upload for which content last arrived while the database's clock was ahead is kept for a day from now on.
func TestNoUploadIsKeptAsLongAsAClockWasAhead(t *testing.T) {
	fs := newFS(t)
	must(t, ignore(fs.as(t, superuser).BeginUpload(t.Context(), at("/f"), CreateOptions{Mode: 0o644}, 1)))
	fs.exec(t, `UPDATE uploads SET touched = now() + interval '1 year'`)
	left := func(want int) {
		t.Helper()
		must(t, fs.Reap(t.Context()))
		if n := fs.count(t, `SELECT count(*) FROM uploads`); n != want {
			t.Errorf("%d uploads, want %d", n, want)
		}
	}
	left(1)
	fs.exec(t, `UPDATE uploads SET touched = touched - $1::interval - interval '1 second'`, UploadLife)
	left(0)
}

// If the clock of a server is set back while a batch is read, rights do not hold until the former time has come.
func TestABatchWalksAgainAfterTheClockWasSetBack(t *testing.T) {
	fs, clock := trashFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("x"))
	b, w := &batchRead{session: *s}, &window{files: []BatchFile{{Path: at("/d/f")}}}
	walked := func() *chain {
		t.Helper()
		dirs, err := b.directories(t.Context(), s, w)
		must(t, err)
		return dirs[at("/d")].chain
	}
	first := walked()
	clock.Add(4)
	if walked() != first {
		t.Error("it walks again within five seconds")
	}
	clock.Add(-3600)
	if walked() == first {
		t.Error("what was walked to an hour from now counts still")
	}
}
