package namespace

import (
	"strings"
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
	fs.removal.forget() // or it would not look for what has become older than what it has seen
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
	fs.removal.forget()
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
	fs.removal.forget()
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
	fs.exec(t, `INSERT INTO operations (id, at) SELECT gen_random_uuid(), now() - interval '25 hours' FROM generate_series(1, $1)`, rows)
	more, err := fs.reapRound(t.Context(), map[key]string{})
	must(t, err)
	for _, table := range []string{"accesses", "operations"} {
		if n := fs.count(t, `SELECT count(*) FROM `+table+` WHERE at < now() - interval '24 hours'`); !more || n != 1 {
			t.Errorf("after a round: more %v, %d %s are left; want true and 1", more, n, table)
		}
	}
	must(t, fs.Reap(t.Context()))
	for _, table := range []string{"accesses", "operations"} {
		if n := fs.count(t, `SELECT count(*) FROM `+table+` WHERE at < now() - interval '24 hours'`); n != 0 {
			t.Errorf("%d %s are left", n, table)
		}
	}
}

// What was removed, and is not vacuumed yet, costs neither the next removal anything nor those who follow a feed.
func TestWhatWasRemovedIsNotPassedAgain(t *testing.T) {
	fs := newFeedFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	fs.still()
	const many, pages = 30 * oldBatch, 60
	fs.exec(t, `ALTER TABLE accesses SET (autovacuum_enabled = false)`)
	fs.exec(t, `ALTER TABLE events SET (autovacuum_enabled = false)`)
	fs.exec(t, `INSERT INTO feeds VALUES (101, $1::bigint + 10)`, many)
	record := func(first, last int, age string) {
		t.Helper()
		fs.exec(t, `INSERT INTO events (project_id, seq, at, op, usr, credential, client, inode_id, path, detail)
			SELECT 101, n, now() - $3::interval + n * interval '1ms', 'create', 'u', '', '', 1, '/f', '{}' FROM generate_series($1::int, $2::int) n`, first, last, age)
		fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason)
			SELECT now() - $3::interval + n * interval '1ms', 'open', 'u', '', '', 101, 1, '/f', 'allowed', '' FROM generate_series($1::int, $2::int) n`, first, last, age)
	}
	record(1, many, "26 hours")
	record(many+1, many+10, "1 hour")
	must(t, fs.Reap(t.Context()))
	fs.exec(t, `UPDATE accesses SET at = now() - interval '25 hours' WHERE id = (SELECT min(id) FROM accesses)`)
	fs.exec(t, `UPDATE events SET at = now() - interval '25 hours' WHERE project_id = 101 AND seq = $1`, many+1)
	r := &fs.removal
	for name, n := range map[string]int{
		"whether events are old": fs.pages(t, oldEventsDueSQL, fs.auditKeep, r.due),
		"old events":             fs.pages(t, oldEventsSQL, fs.auditKeep, oldBatch, []int64{101}, []int64{r.events[101]}),
		"old accesses":           fs.pages(t, oldAccessesSQL, fs.auditKeep, oldBatch, r.times[oldAccessesSQL]),
		"follow":                 fs.pages(t, withinSQL, 101, many+5),
	} {
		t.Logf("%s: %d pages", name, n)
		if n > pages {
			t.Errorf("%s: %d pages are read, want at most %d", name, n, pages)
		}
	}
	if n := fs.count(t, `SELECT count(*) FROM events WHERE project_id = 101`); n != 9 {
		t.Errorf("%d events are left, want 9", n)
	}
}

// What a wrong clock has dated before all that is gone is removed after a while, too.
func TestRemovalBeginsAnew(t *testing.T) {
	now := time.Now()
	fs := newFeedFS(t, func(c *Config) {
		c.AuditKeep, c.Now = 24*time.Hour, func() time.Time { return now }
	})
	fs.still()
	old := func(age string) {
		t.Helper()
		fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason)
			VALUES (now() - $1::interval, 'open', 'u', '', '', 0, 1, '/f', 'allowed', '')`, age)
	}
	old("25 hours")
	must(t, fs.Reap(t.Context()))
	old("26 hours")
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM accesses WHERE at < now() - interval '24 hours'`); n != 1 {
		t.Fatalf("%d old accesses are left: this test does not show what it should", n)
	}
	now = now.Add(oldAnew)
	must(t, fs.Reap(t.Context()))
	if n := fs.count(t, `SELECT count(*) FROM accesses WHERE at < now() - interval '24 hours'`); n != 0 {
		t.Errorf("%d old accesses are left", n)
	}
}

// Old rows of one kind that cannot be removed do not keep those of others.
func TestOldRowsThatCannotBeRemovedDoNotKeepOthers(t *testing.T) {
	fs := newFeedFS(t, func(c *Config) { c.AuditKeep = 24 * time.Hour })
	fs.still()
	must(t, fs.record(t.Context()))
	fs.exec(t, `INSERT INTO accesses (at, op, usr, credential, client, project_id, inode_id, path, outcome, reason)
		VALUES (now(), 'open', 'u', '', '', 0, 1, '/f', 'allowed', '')`)
	for _, sql := range []string{
		`CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stays'; END $$`,
		`CREATE TRIGGER stays BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION stays()`,
		`UPDATE events SET at = now() - interval '25 hours'`,
		`UPDATE accesses SET at = now() - interval '25 hours'`,
	} {
		fs.exec(t, sql)
	}
	if err := fs.Reap(t.Context()); err == nil || !strings.Contains(err.Error(), "stays") {
		t.Errorf("the failure is not told: %v", err)
	}
	if n := fs.count(t, `SELECT count(*) FROM accesses`); n != 0 {
		t.Errorf("%d accesses are left", n)
	}
}
