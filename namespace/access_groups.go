package namespace

import "time"

// groupMost is how many readings one row of accesses holds at most.
const groupMost = 1000

// accessRow is a row of accesses.
type accessRow struct {
	access
	outcome Outcome
	lost    int64
	// names and inodes are what was read in the directory that path is; none: path itself was.
	names  []string
	inodes []int64
}

// accessGroup says which readings can be one row: those of files of one directory, within accessesEvery of the first.
type accessGroup struct {
	origin
	op      string
	project int64
	dir     Path
}

// groupedAccesses returns rows for accesses, in their order. Shares are told by what they are in their own project by now.
func groupedAccesses(all []access) []accessRow {
	rows := make([]accessRow, 0, len(all))
	open := map[accessGroup]int{} // the row that takes more
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

// takes reports whether r may hold one more, of this moment.
func (r *accessRow) takes(at time.Time) bool {
	return len(r.names) < groupMost && at.Sub(r.at).Abs() < accessesEvery
}

// take makes a part of r, which is about one file until then, or about several.
func (r *accessRow) take(a *access) {
	if len(r.names) == 0 {
		r.names, r.inodes = []string{r.path.Name()}, []int64{r.inode}
		r.path, r.inode = r.path.Parent(), 0
	}
	r.names, r.inodes = append(r.names, a.path.Name()), append(r.inodes, a.inode)
}
