package namespace

import "time"

// groupMost is the largest number of readings in one row of accesses.
const groupMost = 1000

// accessRow is a row of accesses.
type accessRow struct {
	access
	outcome Outcome
	lost    int64
	// names and inodes are those of the files that were read in the directory path. If there are none, path itself was read.
	names  []string
	inodes []int64
}

// accessGroup is what readings that share a row have in common. They also lie within accessesEvery of the first one.
type accessGroup struct {
	origin
	op      string
	project int64
	dir     Path
}

// groupedAccesses returns rows for accesses, in their order. Paths through shares must already have been replaced (see tellOwn).
func groupedAccesses(all []access) []accessRow {
	rows := make([]accessRow, 0, len(all))
	open := map[accessGroup]int{} // index of the row to which more readings may be added
	for i := range all {
		a := &all[i]
		outcome := Allowed
		if a.denied {
			outcome = Denied
		}
		dir := a.path.Parent()
		if a.denied || a.project == byPath || dir.IsRoot() {
			rows = append(rows, accessRow{access: *a, outcome: outcome})
			continue
		}
		g := accessGroup{a.origin, a.op, a.project, dir}
		if at, ok := open[g]; ok && rows[at].takes(a.at) {
			rows[at].take(a)
			continue
		}
		open[g] = len(rows)
		rows = append(rows, accessRow{access: *a, outcome: outcome})
	}
	return rows
}

// takes reports whether a reading at the given time may be added to r.
func (r *accessRow) takes(at time.Time) bool {
	return len(r.names) < groupMost && at.Sub(r.at).Abs() < accessesEvery
}

// take adds a to r, which was about one file or about several.
func (r *accessRow) take(a *access) {
	if len(r.names) == 0 {
		r.names, r.inodes = []string{r.path.Name()}, []int64{r.inode}
		r.path, r.inode = r.path.Parent(), 0
	}
	r.names, r.inodes = append(r.names, a.path.Name()), append(r.inodes, a.inode)
}
