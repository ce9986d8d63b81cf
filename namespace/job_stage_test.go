package namespace

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// All directories that a job makes inherit the same ACL, which may take 32 KiB. A server that continues the job does not hold it once for
// each of them.
func TestAJobHoldsAnInheritedACLOnce(t *testing.T) {
	fs := jobsFS(t, func(c *Config) { c.Jobs.Running = 0 })
	bob := fs.as(t, "bob")
	const top, dirs = "/Projects/vision", 400
	for _, dir := range []string{"/from", "/to"} {
		must(t, ignore(bob.Mkdirs(t.Context(), at(top+dir), MkdirOptions{Mode: 0o775})))
	}
	var long []perm.Entry
	for i := range 28 {
		long = append(long, perm.Entry{Scope: perm.Default, Type: perm.User, Name: fmt.Sprint(i, strings.Repeat("long", 100)), Perm: perm.Read})
	}
	must(t, bob.ModifyACL(t.Context(), at(top+"/to"), long))
	job := bob.start(t, JobCopy, top+"/to/copy", top+"/from")
	entries := make([]jobEntry, dirs)
	for i := range entries {
		entries[i] = jobEntry{kind: kindDir, path: fmt.Sprint("/", i), mode: 0o755, listed: true}
	}
	must(t, pgx.BeginFunc(t.Context(), fs.db, func(tx pgx.Tx) error { return addEntries(t.Context(), tx, job.ID, 1, entries) }))
	c, err := fs.claimJob(t.Context(), []uuid.UUID{})
	must(t, err)
	r := &run{claimed: c, fs: fs.FS, s: c.session}
	r.s.p = bob.p
	st, err := r.stage(t.Context())
	must(t, err)
	must(t, st.fill(t.Context(), nil))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	again, err := r.stage(t.Context())
	must(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / dirs; grown > 5000 || len(again.dirs) != dirs+2 { // the top, and its parent
		t.Errorf("%d directories take %d bytes each", len(again.dirs), grown)
	}
	for name, dir := range st.dirs {
		if is := again.dirs[name]; is.key != dir.key || is.perms.ACL.String() != dir.perms.ACL.String() || is.perms.Mode != dir.perms.Mode {
			t.Errorf("%q was made as %+v, and is found as %+v", name, dir, is)
		}
	}
	runtime.KeepAlive(again)
}
