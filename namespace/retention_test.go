package namespace

import (
	"testing"
	"time"
)

// What is not kept any more is said, and what is left of a feed has no gap.
func TestRetention(t *testing.T) {
	fs := newFeedFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	s := fs.as(t, "alice")
	for range 5 {
		s.put(t, "/Projects/p/f", []byte("y"))
	}
	if got := s.get(t, "/Projects/p/f"); len(got) != 1 {
		t.Fatal(got)
	}
	if err := fs.record(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := s.Events(t.Context(), "p", 0, 0)
	if err != nil || len(all) != 7 {
		t.Fatalf("%d events are left of what is young: %v", len(all), err)
	}
	// A clock that ran backwards for a moment leaves no gap: what is before an old event is old.
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours' WHERE seq IN (1, 2, 4)`)
	fs.exec(t, `UPDATE accesses SET at = now() - interval '25 hours'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = s.Events(t.Context(), "p", 3, 0)
	wantKind(t, "what is gone", err, Gone, "The events of project p up to 4 are not kept any more: look at what is there now, and go on after 7")
	left, err := s.Events(t.Context(), "p", 4, 0)
	if err != nil || len(left) != 3 || left[0].Seq != 5 {
		t.Errorf("left: %+v, %v", left, err)
	}
	if n := fs.count(t, `SELECT count(*) FROM accesses`); n != 0 {
		t.Errorf("%d accesses are left", n)
	}
	fs.clean(t)
	// Numbers go on where everything is gone.
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = s.Events(t.Context(), "p", 6, 0)
	wantKind(t, "what is gone", err, Gone, "up to 7")
	if left, err := s.Events(t.Context(), "p", 7, 0); err != nil || len(left) != 0 {
		t.Errorf("left: %+v, %v", left, err)
	}
	s.put(t, "/Projects/p/f", []byte("z"))
	if left, err := s.Events(t.Context(), "p", 7, 0); err != nil || len(left) != 1 || left[0].Seq != 8 {
		t.Errorf("after that: %+v, %v", left, err)
	}
	// The feed of a project that is gone goes with its last event.
	if _, err := s.Delete(t.Context(), path(t, "/Projects/p"), true); kindOf(err) != AccessControl {
		t.Fatal(err)
	}
	if _, err := fs.as(t, superuser).Delete(t.Context(), path(t, "/Projects/p"), true); err != nil {
		t.Fatal(err)
	}
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	feeds := `SELECT count(*) FROM feeds WHERE project_id <> 0`
	before := fs.count(t, feeds)
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := fs.count(t, feeds); after != before-1 {
		t.Errorf("%d feeds of projects, of %d before", after, before)
	}
	fs.clean(t)
}

// A server that was not told how long events are kept removes none: another may know.
func TestWithoutALimitNothingIsRemoved(t *testing.T) {
	fs := newFeedFS(t)
	fs.exec(t, `UPDATE events SET at = '-infinity'`)
	before := fs.count(t, `SELECT count(*) FROM events`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := fs.count(t, `SELECT count(*) FROM events`); after != before || before == 0 {
		t.Errorf("%d events of %d are left", after, before)
	}
}
