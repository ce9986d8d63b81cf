package namespace

import (
	"testing"
	"time"
)

// A feed says which events are no longer kept, and the rest of it has no gap.
func TestRetention(t *testing.T) {
	fs := newFeedFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	fs.still()
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
	// A clock that ran backwards for a moment leaves no gap, and deletes nothing early: what follows a young event stays.
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours' WHERE seq IN (1, 2, 4)`)
	fs.exec(t, `UPDATE events SET at = '2000-01-01' WHERE seq = 7`)
	fs.exec(t, `UPDATE accesses SET at = now() - interval '25 hours'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = s.Events(t.Context(), "p", 1, 0)
	wantKind(t, "what is gone", err, Gone, "The events of project p up to 2 are not kept any more: look at what is there now, and go on after 7")
	left, err := s.Events(t.Context(), "p", 2, 0)
	if err != nil || len(left) != 5 || left[0].Seq != 3 {
		t.Errorf("left: %+v, %v", left, err)
	}
	if n := fs.count(t, `SELECT count(*) FROM accesses`); n != 0 {
		t.Errorf("%d accesses are left", n)
	}
	fs.clean(t)
	// Numbers continue after all events are gone.
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours'`)
	if err := fs.Reap(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = s.Events(t.Context(), "p", 6, 0)
	wantKind(t, "what is gone", err, Gone, "up to 7")
	if left, err := s.Events(t.Context(), "p", 7, 0); err != nil || len(left) != 0 {
		t.Errorf("left: %+v, %v", left, err)
	}
	if left, newest, err := s.EventsBefore(t.Context(), "p", 0, 0); err != nil || len(left) != 0 || newest != 7 {
		t.Errorf("left: %+v, up to %d, %v", left, newest, err)
	}
	s.put(t, "/Projects/p/f", []byte("z"))
	if left, err := s.Events(t.Context(), "p", 7, 0); err != nil || len(left) != 1 || left[0].Seq != 8 {
		t.Errorf("after that: %+v, %v", left, err)
	}
	// The feed of a deleted project goes with its last event.
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

// More events than one transaction deletes are deleted, of several projects, and in each up to the first young one.
func TestRetentionOfMany(t *testing.T) {
	fs := newFeedFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	const many, young = 2*oldBatch + 500, oldBatch + 300
	for _, sql := range []string{
		`INSERT INTO feeds SELECT p, $1 FROM generate_series(101, 103) p`,
		`INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, detail)
			SELECT p, n, now() - interval '25 hours', 'create', 'u', '', '', 1, '/f', '{}' FROM generate_series(101, 103) p, generate_series(1, $1::int) n`,
	} {
		fs.exec(t, sql, many)
	}
	fs.exec(t, `UPDATE events SET at = now() WHERE project_id = 102 AND seq = $1`, young)
	must(t, fs.Reap(t.Context()))
	if n, first := fs.count(t, `SELECT count(*) FROM events WHERE project_id > 100`), fs.count(t, `SELECT min(seq) FROM events WHERE project_id = 102`); n != many-young+1 || first != young {
		t.Errorf("%d events are left, from %d on; want %d, from %d on", n, first, many-young+1, young)
	}
}

// A server that was not told how long events are kept deletes none: another one may know.
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

// The other steps of the reaper do not wait until everything old is gone.
func TestARoundRemovesABoundedNumberOfOldRows(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	fs.still()
	const rows = 64*oldBatch + 1
	fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason, lost)
		SELECT now() - interval '25 hours', 'open', 'alice', '', '', 0, 1, '/f', 'allowed', '', 0 FROM generate_series(1, $1)`, rows)
	more, err := fs.reapRound(t.Context(), map[key]string{})
	must(t, err)
	if n := fs.count(t, `SELECT count(*) FROM accesses`); !more || n != 1 {
		t.Errorf("after a round: more %v, %d accesses are left; want true and 1", more, n)
	}
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM accesses`); n != 0 {
		t.Errorf("%d accesses are left", n)
	}
}
