package namespace

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"granary/blocks"
	"granary/blocks/blockstest"
)

// A job outlasts a store that is not available for hours, and tries again after pauses that grow to a minute. Until it gets further, whoever
// asks for it is told what it waits for.
func TestAJobOutlastsAnOutageOfTheStore(t *testing.T) {
	var away atomic.Bool
	fs := jobsFS(t, func(c *Config) {
		c.Jobs.Running = 0
		c.Store = blockstest.Faulty(c.Store, blockstest.Before(blockstest.OpOpen, blockstest.Every, func(context.Context) error {
			if away.Load() {
				return blocks.ErrUnavailable
			}
			return nil
		}))
	})
	bob := fs.as(t, "bob")
	bob.put(t, "/Projects/vision/f", pattern(3*InlineMax))
	bob.put(t, "/Projects/vision/z", archiveOf(t, packing{name: "f", content: strings.Repeat("x", 3*InlineMax), raw: true}))
	for kind, from := range map[JobKind]string{JobZip: "f", JobCopy: "f", JobUnzip: "z"} {
		job, pause := bob.start(t, kind, "/Projects/sound/"+string(kind), "/Projects/vision/"+from), time.Duration(0)
		attempt := func() {
			t.Helper()
			c, err := fs.claimJob(t.Context(), []uuid.UUID{})
			if err != nil || c == nil {
				t.Fatal(c, err)
			}
			fs.runJob(t.Context(), c)
			job, err = fs.job(t.Context(), job.ID)
			must(t, err)
			must(t, fs.db.QueryRow(t.Context(), `SELECT not_before - now() FROM jobs WHERE id = $1`, job.ID).Scan(&pause))
		}
		away.Store(true)
		for n := range 3 * jobAttempts {
			if attempt(); job.State != JobRunning || pause > time.Minute || n == 0 && pause > 10*time.Second {
				t.Fatalf("%s: %s after attempt %d, with a pause of %s: %v", kind, job.State, n, pause, job.Failure)
			}
			if w := job.Waits; w == nil || w.Kind != Unavailable || !strings.Contains(w.Msg, "block store") || job.Failure != nil {
				t.Fatalf("%s: it waits for %v, and failed with %v", kind, w, job.Failure)
			}
			fs.exec(t, `UPDATE jobs SET not_before = CASE WHEN $1 THEN not_before ELSE now() END`, n == 3*jobAttempts-1)
		}
		if c, err := fs.claimJob(t.Context(), []uuid.UUID{}); pause < 40*time.Second || c != nil || err != nil {
			t.Errorf("%s: the last pause is of %s, and %v is claimed: %v", kind, pause, c, err)
		}
		fs.exec(t, `UPDATE jobs SET not_before = now()`)
		c, err := fs.claimJob(t.Context(), []uuid.UUID{})
		must(t, err)
		for read, waits := range []bool{true, false} {
			must(t, c.tell(t.Context(), 0, int64(read)))
			if job, err := fs.job(t.Context(), job.ID); err != nil || (job.Waits != nil) != waits {
				t.Errorf("%s: after %d bytes in another attempt it waits for %v, %v", kind, read, job.Waits, err)
			}
		}
		must(t, c.release(t.Context()))
		away.Store(false)
		attempt()
		job.want(t, JobDone, "")
	}
}
