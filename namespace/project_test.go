package namespace

import (
	"testing"
)

// Projects count against the limits of what they lie in, from when they are made until they are in the trash, and again when they come back.
func TestProjectsCountAgainstTheLimitsAboveThem(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Trash = 0 })
	root, ada := fs.as(t, superuser), fs.as(t, "ada", "staff")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "first", Owner: "ada"}))
	must(t, root.SetQuota(t.Context(), path(t, "/Projects"), QuotaChange{Names: pointer(6)}))
	must(t, root.SetQuota(t.Context(), path(t, "/"), QuotaChange{Names: pointer(1000)}))
	names := func(want int64) {
		t.Helper()
		usage, err := root.QuotaUsage(t.Context(), path(t, "/Projects"))
		must(t, err)
		if usage.Names != want {
			t.Errorf("/Projects holds %d names, want %d", usage.Names, want)
		}
		fs.clean(t) // what is counted for / is held against what there is, too
	}
	names(2)
	err := ada.CreateProject(t.Context(), NewProject{Name: "many", Owner: "ada", Datasets: []string{"a", "b", "c", "d"}})
	wantKind(t, "a project with more names than there is room for", err, QuotaNames, "")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "few", Owner: "ada", Datasets: []string{"a", "b"}}))
	names(5)
	ada.put(t, "/Projects/few/a/f", pattern(100))
	names(6)
	must(t, ada.DeleteProject(t.Context(), "few"))
	names(2)
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "other", Owner: "ada", Datasets: []string{"a"}}))
	names(4)
	wantKind(t, "a project that has no room any more", ada.RestoreProject(t.Context(), "few"), QuotaNames, "")
	must(t, ada.DeleteProject(t.Context(), "other"))
	must(t, ada.RestoreProject(t.Context(), "few"))
	names(6)
	must(t, ada.DeleteProject(t.Context(), "few"))
	fs.exec(t, `UPDATE projects SET drop_after = now() - interval '1 s' WHERE state = 'd'`)
	must(t, fs.Reap(t.Context()))
	names(2)
}

// A group that nobody is in yet, but the provider may put people into, is no name for a project: they would be its members.
func TestNoProjectIsNamedLikeAProvidersGroup(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.ProviderGroups = []string{"mlteam"} })
	ada := fs.as(t, "ada", "staff")
	wantKind(t, "a provider's group", ada.CreateProject(t.Context(), NewProject{Name: "mlteam", Owner: "ada"}), Exist, "is the name of a group")
	wantKind(t, "a group", ada.CreateProject(t.Context(), NewProject{Name: "staff", Owner: "ada"}), Exist, "is the name of a group")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "team", Owner: "ada"}))
}
