package namespace

import (
	"fmt"
	"testing"
	"time"
)

// TestABatchIsInTheAudit checks that each file read is recorded once a minute, and each refusal always, however many there are.
func TestABatchIsInTheAudit(t *testing.T) {
	fs := newFS(t)
	fs.still()
	root := fs.as(t, superuser)
	names := fs.crowdOf(t, root, "/tmp/many", 40)
	must(t, root.SetPermission(t.Context(), at(names[3]), 0o600))
	eve := fs.as(t, "eve").From("10.0.0.1")
	for range 2 {
		_, err := readBatch(t.Context(), eve, names...)
		must(t, err)
	}
	must(t, fs.record(t.Context()))
	entries, _, err := root.Audit(t.Context(), AuditQuery{Reads: true, User: "eve"})
	must(t, err)
	read, refused := map[string]bool{}, 0
	for _, e := range entries {
		switch {
		case e.Op != "open" || e.Client != "10.0.0.1":
		case e.Outcome == Denied && e.Path.text == names[3]:
			refused++
		case e.Outcome == Allowed && !read[e.Path.text] && e.Inode != 0:
			read[e.Path.text] = true
		default:
			t.Errorf("%+v", e)
		}
	}
	if len(read) != len(names)-1 || refused != 2 {
		t.Errorf("the audit has %d readings and %d refusals", len(read), refused)
	}
	if rows := fs.count(t, `SELECT count(*) FROM accesses WHERE outcome = 'allowed'`); rows > 8 {
		t.Errorf("%d readings are %d rows", len(read), rows)
	}

	r := &recorder{full: make(chan struct{}, 1)}
	spots := make([]spot, 3*accessesWait)
	for i := range spots {
		spots[i].inode = int64(i)
	}
	recorded := make(chan int)
	go func() {
		n := 0
		for range r.full {
			for batch, _ := r.take(); len(batch) > 0; batch, _ = r.take() {
				n += len(batch)
			}
		}
		recorded <- n
	}()
	r.addAll(t.Context(), origin{}, "open", spots, time.Now())
	close(r.full)
	n := <-recorded
	for batch, _ := r.take(); len(batch) > 0; batch, _ = r.take() {
		n += len(batch)
	}
	if n != len(spots) || len(r.lost) != 0 || len(r.each) != 0 {
		t.Errorf("%d of %d readings are recorded, %v lost, %v wait", n, len(spots), r.lost, r.each)
	}
}

// TestABatchRenewsAccessTimes checks that a batch does so as single reads do.
func TestABatchRenewsAccessTimes(t *testing.T) {
	fs, clock := trashFS(t)
	root := fs.as(t, superuser)
	names := fs.crowdOf(t, root, "/tmp/many", 20)
	clock.Add(2 * 3600)
	_, err := readBatch(t.Context(), root, names...)
	must(t, err)
	for _, name := range names {
		if status, err := root.Stat(t.Context(), at(name)); err != nil || status.ATime != clock.Load()*1000 {
			t.Fatalf("%s was read at %d, %v", name, status.ATime, err)
		}
	}
}

// A file that is no longer where it was found keeps its access time, as it may be remembered elsewhere: the next read renews it.
func TestWhatWasMovedKeepsItsAccessTime(t *testing.T) {
	fs, clock := trashFS(t)
	root := fs.as(t, superuser)
	root.put(t, "/d/f", []byte("x"))
	clock.Add(2 * 3600)
	atime := func() int { return fs.count(t, `SELECT atime FROM inodes WHERE name = 'f'`) }
	before := atime()
	file := staleAccess{
		key{0, int64(fs.count(t, `SELECT id FROM inodes WHERE name = 'f'`))},
		entry{key{0, int64(fs.count(t, `SELECT parent_id FROM inodes WHERE name = 'f'`))}, "elsewhere"},
	}
	fs.accessedTogether(t.Context(), []staleAccess{file})
	if got := atime(); got != before {
		t.Errorf("it was read at %d, %d before", got, before)
	}
	file.at.name = "f"
	fs.accessedTogether(t.Context(), []staleAccess{file})
	if got := atime(); got != int(clock.Load()*1000) {
		t.Errorf("it was read at %d", got)
	}
}

// While nothing can be written, since the database takes no changes, what is lost is counted by user, but only for so many: where names are
// believed, there may be any number of them.
func TestLostEntriesAreCountedForFewUsers(t *testing.T) {
	r := &recorder{full: make(chan struct{}, 1)}
	const most = accessesWait + 3*accessesUsers
	for i := range most {
		r.add(access{origin: origin{user: fmt.Sprint("user ", i)}, op: "open"})
	}
	sum := int64(len(r.waiting))
	for _, n := range r.lost {
		sum += n
	}
	if len(r.lost) != accessesUsers+1 || r.lost["user 0"] != 1 || sum != most {
		t.Errorf("what %d users lost is counted, of %d entries %d wait or are lost", len(r.lost), most, sum)
	}
}
