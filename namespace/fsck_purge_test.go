package namespace

import (
	"fmt"
	"testing"
	"time"
)

// TestFsckForgivesAPurgeOfLimits checks that a directory with limits that was deleted, and of which the reaper has purged a part, does not
// count as damaged, and neither does the top of a project that was dropped. Both were charged for when they were deleted.
func TestFsckForgivesAPurgeOfLimits(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Guest, c.Trash = true, time.Hour }) // so that nothing else purges
	root := fs.as(t, superuser)
	must(t, fs.makeProject(t.Context(), "maps", fs.as(t, "ada", "people").p.User))
	for _, dir := range []string{"/tmp/gone/limited", "/tmp/top", "/Projects/maps", "/tmp/kept"} {
		for i := range 3 {
			root.put(t, fmt.Sprintf("%s/d/%d", dir, i), []byte("x"))
		}
		if dir == "/tmp/top" { // which takes several transactions
			fs.exec(t, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime, block_size)
				SELECT 0, 1000000 + n, i.id, n, 'f', 493, 'a', 'g', 0, 1048576 FROM inodes i, generate_series(1, $1::int) n WHERE i.name = 'top'`, purgeBatch+500)
			fs.exec(t, `UPDATE dirs SET children = children + $1 WHERE id = (SELECT id FROM inodes WHERE name = 'top')`, purgeBatch+500)
		}
		must(t, root.SetQuota(t.Context(), path(t, dir), QuotaChange{Names: new(int64(100))}))
	}
	fs.clean(t)
	must(t, ignore(root.Delete(t.Context(), path(t, "/tmp/gone"), true)))
	must(t, ignore(root.Delete(t.Context(), path(t, "/tmp/top"), true)))
	must(t, root.DeleteProject(t.Context(), "maps"))
	fs.clean(t)
	fs.exec(t, `UPDATE projects SET drop_after = now() WHERE name = 'maps'`)
	must(t, fs.dropDeleted(t.Context()))
	calls, purged, after := 0, 1, map[key]string{}
	for ; purged > 0; calls++ {
		fs.clean(t)
		var err error
		purged, err = fs.purge(t.Context(), after)
		must(t, err)
	}
	fs.clean(t)
	if n := fs.count(t, `SELECT count(*) FROM usage`); n != 1 || calls < 4 {
		t.Errorf("%d directories are counted after %d calls; want one, after several", n, calls)
	}
	fs.exec(t, `UPDATE usage SET names = names + 1`)
	report, err := fs.Fsck(t.Context(), FsckOptions{})
	if err != nil || len(report.Problems) != 1 {
		t.Errorf("after a counter was changed: %v, %v", report.Problems, err)
	}
}
