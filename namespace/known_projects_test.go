package namespace

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// The projects that a user may know of are the same in pages as in one list, whatever lies between them.
func TestProjectsAreListedInPages(t *testing.T) {
	fs := newFS(t)
	ada, eve := fs.as(t, "ada", "staff"), fs.as(t, "eve", "people")
	listed := true
	for i := range 40 {
		name := fmt.Sprintf("p%02d", i)
		must(t, ada.CreateProject(t.Context(), NewProject{Name: name}))
		if i%10 > 6 { // she knows of some in a row, and not of many others
			must(t, ada.ChangeProject(t.Context(), name, ProjectChange{Listed: &listed}))
		}
	}
	at := path(t, ProjectsDir)
	for who, s := range map[string]*Session{"ada": ada, "eve": eve, "root": fs.as(t, superuser)} {
		var whole []string
		must(t, s.List(t.Context(), at, func(e Status) error {
			whole = append(whole, e.Name)
			return nil
		}))
		if want := map[string]int{"ada": 40, "eve": 12, "root": 40}[who]; len(whole) != want {
			t.Errorf("%s is shown %q, want %d", who, whole, want)
		}
		for limit := range 14 {
			if limit == 0 {
				continue
			}
			var names, dirs []string
			for after, left := "", int64(1); left > 0; {
				entries, remaining, err := s.ListBatch(t.Context(), at, after, limit)
				must(t, err)
				for _, e := range entries {
					names, after = append(names, e.Name), e.Name
				}
				if left = remaining; left != int64(len(whole)-len(names)) {
					t.Fatalf("%s, %d at a time: %d are left behind %q", who, limit, left, names)
				}
			}
			for after, more := "", true; more; {
				var some []Status
				var err error
				some, more, err = s.Directories(t.Context(), at, after, limit)
				must(t, err)
				for _, e := range some {
					dirs, after = append(dirs, e.Name), e.Name
				}
			}
			if !slices.Equal(names, whole) || !slices.Equal(dirs, whole) {
				t.Errorf("%s, %d at a time: %q and %q, want %q", who, limit, names, dirs, whole)
			}
		}
	}
}

// What a directory holds is counted without projects that the caller may not know of.
func TestWhatIsCountedHidesProjects(t *testing.T) {
	fs := newFS(t)
	ada, eve := fs.as(t, "ada", "staff"), fs.as(t, "eve", "people")
	must(t, eve.CreateProject(t.Context(), NewProject{Name: "eves"}))
	eve.put(t, "/Projects/eves/f", pattern(100))
	for _, dir := range []string{ProjectsDir, "/"} {
		count := func() (held [2]int64) {
			usage, err := eve.QuotaUsage(t.Context(), path(t, dir))
			must(t, err)
			sum, err := eve.Summary(t.Context(), path(t, dir))
			must(t, err)
			if usage.Names != sum.Files+sum.Directories || usage.Space != sum.SpaceConsumed {
				t.Errorf("%s holds %+v, but in sum %+v", dir, usage, sum)
			}
			return [2]int64{usage.Names, usage.Space}
		}
		before := count()
		name := fmt.Sprintf("hidden%d", len(dir))
		must(t, ada.CreateProject(t.Context(), NewProject{Name: name}))
		ada.put(t, ProjectsDir+"/"+name+"/f", pattern(1000))
		if after := count(); after != before {
			t.Errorf("%s held %v, and with a project that eve may not know of %v", dir, before, after)
		}
	}
}

// pages returns how many pages of the database a statement reads.
func (fs *testFS) pages(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var text []byte
	must(t, fs.db.QueryRow(t.Context(), `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `+sql, args...).Scan(&text))
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	must(t, json.Unmarshal(text, &plans))
	return plans[0].Plan.Hit + plans[0].Plan.Read
}

// A page of projects costs what it shows, and finding out what a user may know of a project does not depend on its size.
func TestAPageOfProjectsCostsWhatItShows(t *testing.T) {
	fs := newFS(t)
	eve := fs.as(t, "eve", "people")
	fs.exec(t, `INSERT INTO projects (id, name, root, listed) SELECT n, 'p' || n, 1000000 + n, true FROM generate_series(100000, 103000) n`)
	fs.exec(t, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime) SELECT id, root, 0, '', 'd', 0, 'a', 'g', 0 FROM projects WHERE id >= 100000`)
	fs.exec(t, `INSERT INTO projects (id, name, root) VALUES (104000, 'r', 1104000)`)
	fs.exec(t, `INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime) VALUES (104000, 1104000, 0, '', 'd', 0, 'a', 'g', 0)`)
	fs.exec(t, `INSERT INTO datasets (project_id, inode_id) SELECT 104000, n FROM generate_series(1, 20000) n`)
	fs.exec(t, `ANALYZE`)
	known, err := eve.knownBehind(t.Context(), fs.db, "p101000", 11)
	must(t, err)
	if len(known) != 11 || known[0] != 101001 || known[10] != 101011 {
		t.Errorf("%d are known, the first are %v", len(known), known[:min(len(known), 11)])
	}
	if n := fs.pages(t, knownProjectsSQL, "q", eve.p.UserID, 11); n > 60 {
		t.Errorf("%d pages are read for a project of many datasets, none of which is listed", n)
	}
}
