package namespace

import (
	"testing"
	"time"

	"granary/auth"
)

// TestAProjectThatIsDeletedAnewIsKept checks that it stays in the trash for the whole time, though its time was over when the reaper
// looked, before it was restored and deleted again.
func TestAProjectThatIsDeletedAnewIsKept(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Trash = 24 * time.Hour })
	ada := fs.as(t, "ada", "people")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	ada.put(t, "/Projects/maps/f", []byte("x"))
	must(t, ada.DeleteProject(t.Context(), "maps"))
	again, err := fs.db.Begin(t.Context())
	must(t, err)
	defer again.Rollback(t.Context())
	fs.exec(t, `UPDATE projects SET drop_after = now() - interval '1 s' WHERE name = 'maps'`)
	_, err = again.Exec(t.Context(), `SELECT FROM projects WHERE name = 'maps' FOR UPDATE`)
	must(t, err)
	dropped := make(chan error, 1)
	go func() { dropped <- fs.dropDeleted(t.Context()) }()
	for fs.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM projects%FOR UPDATE'`) == 0 {
		<-time.After(time.Millisecond)
	}
	// This is what restoring the project and deleting it again leaves.
	_, err = again.Exec(t.Context(), `UPDATE projects SET drop_after = now() + interval '1 day' WHERE name = 'maps'`)
	must(t, err)
	must(t, again.Commit(t.Context()))
	must(t, <-dropped)
	must(t, ada.RestoreProject(t.Context(), "maps"))
	if got := ada.get(t, "/Projects/maps/f"); string(got) != "x" {
		t.Errorf("the project holds %q", got)
	}
	fs.clean(t)
}

// A token that is limited, to whatever it is, takes no project out of the trash, where its limits would not be found.
func TestALimitedTokenRestoresNoProject(t *testing.T) {
	x := newSharing(t)
	x.still()
	id, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	must(t, x.ada.DeleteProject(t.Context(), "maps"))
	for _, scope := range []auth.Scope{{Project: id}, {Verbs: auth.Manage | auth.Write}} {
		for _, user := range []string{"ada", superuser} {
			err := x.limited(t, user, scope).RestoreProject(t.Context(), "maps")
			wantKind(t, "restoring by a limited token", err, AccessControl, "the token is limited")
		}
	}
	must(t, x.ada.RestoreProject(t.Context(), "maps"))
}
