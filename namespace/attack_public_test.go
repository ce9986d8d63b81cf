package namespace

import (
	"testing"

	"granary/auth/perm"
)

// A group name that comes to stand for everybody, as "Everyone" did elsewhere: publishing lets everybody read, and makes nobody a
// member of a group or project that is named public.
func TestAttackGroupCalledPublic(t *testing.T) {
	fs := newFS(t)
	ada, eve := fs.as(t, "ada", "people"), fs.as(t, "eve", "people")
	publish := func(dataset string) {
		t.Helper()
		ada.put(t, dataset+"/a", []byte("x"))
		must(t, ada.SetPermission(t.Context(), path(t, dataset), 0o770))
		must(t, ada.SetPermission(t.Context(), path(t, dataset+"/a"), 0o660))
		must(t, ignore(ada.MakeDataset(t.Context(), path(t, dataset), MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: true}})))
	}
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "public"})) // what is made in it belongs to the group public
	publish("/Projects/public/data")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	publish("/Projects/maps/data")
	entry := []perm.Entry{{Type: perm.Group, Name: "public", Perm: perm.All}}
	for _, p := range []string{"/Projects/maps/data", "/Projects/maps/data/a"} {
		must(t, ada.ModifyACL(t.Context(), path(t, p), entry))
	}
	for _, dataset := range []string{"/Projects/public/data", "/Projects/maps/data"} {
		if got := may(t, eve, dataset); got != "r--" {
			t.Errorf("in %s eve may %s", dataset, got)
		}
		for _, deed := range []Deed{ToRead, ToWrite} {
			e, err := eve.Explain(t.Context(), eve.p, path(t, dataset+"/a"), deed)
			must(t, err)
			if last := e.Steps[len(e.Steps)-1]; e.Allowed != (deed == ToRead) || last.By != "public" {
				t.Errorf("%s %s: %+v", deed, dataset, e)
			}
		}
	}
	kim := fs.as(t, "kim", "people").p
	fs.exec(t, `UPDATE users SET groups = '{public}', epoch = epoch + 1 WHERE name = 'kim'`) // as in data from before project names were reserved
	kim, err := fs.auth.Refresh(t.Context(), kim)
	must(t, err)
	if got := may(t, fs.As(kim), "/Projects/maps/data"); got != "rwc" {
		t.Errorf("who is in the group may %s", got)
	}
}
