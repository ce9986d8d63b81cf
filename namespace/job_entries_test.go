package namespace

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A job needs one connection at a time: otherwise jobs that hold all of them would wait for each other, and everybody for them.
func TestAJobNeedsOneConnection(t *testing.T) {
	fs := jobsFS(t, connections(t, 4))
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	bob.put(t, top+"/d/e/f", []byte("content"))
	bob.put(t, top+"/z.zip", archiveOf(t, packing{name: "d/f", content: "content"}))
	var taken []*pgxpool.Conn
	for range fs.db.Config().MaxConns - 1 {
		conn, err := fs.db.Acquire(t.Context())
		must(t, err)
		taken = append(taken, conn)
	}
	for kind, source := range map[JobKind]string{JobCopy: top + "/d", JobZip: top + "/d", JobUnzip: top + "/z.zip"} {
		job := bob.start(t, kind, fmt.Sprint(top, "/", kind), source)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		for state := JobQueued; !state.Ended(); {
			must(t, fs.byKeys.QueryRow(ctx, `SELECT state FROM jobs WHERE id = $1`, job.ID).Scan(&state)) // by another pool
		}
		cancel()
		fs.ended(t, job.ID).want(t, JobDone, "")
	}
	for _, conn := range taken {
		conn.Release()
	}
	fs.nothingStaged(t) // as compaction needs two connections
}

// A long directory is listed in parts of one moment, with no entry missing, repeated, or beyond what a job may take.
func TestJobsTakeLongDirectories(t *testing.T) {
	const files = 2*childrenAtOnce + 1
	fs := jobsFS(t, func(c *Config) { c.Jobs.Entries = files + 1 }) // and the directory
	bob := fs.as(t, "bob")
	const top = "/Projects/vision"
	_, err := bob.Mkdirs(t.Context(), at(top+"/d"), MkdirOptions{Mode: 0o775})
	must(t, err)
	fs.exec(t, fmt.Sprintf(`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, replication, block_size)
		SELECT project_id, 1000000 + n, id, n::text, 'f', 420, 'bob', 'vision', 0, 1, 1048576 FROM inodes, generate_series(1, %d) n WHERE name = 'd'`, files))
	fs.exec(t, fmt.Sprintf(`INSERT INTO dirs (project_id, id, mtime, children) SELECT project_id, id, 0, %d FROM inodes WHERE name = 'd'`, files))
	p := fs.park(t, 1) // when it is listed
	job := bob.start(t, JobCopy, top+"/c", top+"/d")
	p.wait(t)
	var found, names, counted int
	must(t, fs.db.QueryRow(t.Context(), `SELECT count(*), count(DISTINCT path), (SELECT entries FROM jobs) FROM job_entries WHERE kind = 'f'`).Scan(&found, &names, &counted))
	if found != files || names != files || counted != files+1 {
		t.Errorf("of %d files %d were found, with %d names, and %d entries counted", files, found, names, counted)
	}
	must(t, ignore(bob.CancelJob(t.Context(), job.ID)))
	p.release()
	fs.idle(t)
	bob.put(t, top+"/d/one more", nil)
	fs.do(t, bob, JobCopy, top+"/more", top+"/d").want(t, JobFailed, fmt.Sprintf("more than %d files and directories", files+1))
	fs.nothingStaged(t)
}

// What a job leaves out counts for nothing, and what is there beside it is not left out with it: the job copies everything, or fails.
func TestWhatAJobLeavesOutHidesNothingElse(t *testing.T) {
	const most = 8
	fs := jobsFS(t, func(c *Config) { c.Jobs.Entries, c.Jobs.Packed = most, most })
	ada, bob, eve := fs.as(t, "ada"), fs.as(t, "bob"), fs.as(t, "eve")
	const top = "/Projects/vision"
	d, err := eve.MakeDataset(t.Context(), at("/Projects/sound/set"), MakeDatasetOptions{Create: true})
	must(t, err)
	share, err := eve.OfferShare(t.Context(), Offer{Dataset: d.ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, ignore(ada.AcceptShare(t.Context(), share.ID, "")))
	must(t, ignore(ada.Mkdirs(t.Context(), at(top+"/.Trash"), MkdirOptions{Mode: 0o775})))
	for i := range most - 1 { // with the top itself there are as many as a job may take
		bob.put(t, fmt.Sprint(top, "/f", i), nil)
	}
	for _, kind := range []JobKind{JobZip, JobCopy} {
		fs.do(t, bob, kind, "/tmp/"+string(kind), top).want(t, JobDone, "")
	}
	if copied, err := bob.Stat(t.Context(), at("/tmp/copy")); err != nil || copied.Children != most-1 {
		t.Errorf("%d files were copied, want %d: %v", copied.Children, most-1, err)
	}
	bob.put(t, fmt.Sprint(top, "/f", most), nil)
	for _, kind := range []JobKind{JobZip, JobCopy} {
		fs.do(t, bob, kind, "/tmp/more"+string(kind), top).want(t, JobFailed, "There are more than 8 files and directories")
	}
	fs.nothingStaged(t)
}
