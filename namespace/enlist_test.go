package namespace

import (
	"context"
	"sync"
	"testing"
)

// A server that was suspended for so long that its row is gone may go on with a request before its heartbeat does. What it changes,
// a server that has counted itself alone since then shows at once.
func TestAServerThatWasTakenForGoneChangesNothingUnseen(t *testing.T) {
	fs, _, c := lone(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	other, _ := leasing(t, c)
	back, from, to := other.As(s.p), at("/d/f"), at("/d/g")
	var reading sync.WaitGroup
	defer reading.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader := fs.as(t, superuser)
	reading.Go(func() { // which keeps the lease
		for ctx.Err() == nil {
			_, _ = reader.Stat(t.Context(), at("/d"))
		}
	})
	for i := range 6 {
		fs.exec(t, `UPDATE servers SET seen = now() - interval '11 minutes' WHERE id = $1`, other.server)
		must(t, fs.Reap(t.Context()))
		if n := fs.count(t, `SELECT count(*) FROM servers WHERE NOT ended`); n != 1 {
			t.Fatalf("%d servers count, want 1", n)
		}
		takesLease(t, fs.FS, s, from)
		if i%2 == 0 { // a mutation that is committed alone
			must(t, back.SetTimes(t.Context(), from, int64(i+1), -1))
			if status, err := s.Stat(t.Context(), from); err != nil || status.MTime != int64(i+1) {
				t.Errorf("the time is %d, want %d: %v", status.MTime, i+1, err)
			}
		} else { // one that others may join
			must(t, ignore(back.Rename(t.Context(), from, to)))
			if _, err := s.Stat(t.Context(), from); kindOf(err) != NotExist {
				t.Errorf("what was moved away: %v", err)
			}
			from, to = to, from
		}
		if hasLease(fs.FS) {
			t.Error("there are two servers, and one has a lease")
		}
	}
}
