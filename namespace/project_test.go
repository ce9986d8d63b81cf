package namespace

import (
	"strings"
	"testing"

	"granary/auth"
)

// Projects count against the limits above them, except while they are in the trash.
func TestProjectsCountAgainstTheLimitsAboveThem(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Trash = 0 })
	fs.still()
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
		fs.clean(t) // compares the counts of / with what is there, too
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

// A group that the provider may put people into later must not share its name with a project, as they would be members of that.
func TestNoProjectIsNamedLikeAProvidersGroup(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.ProviderGroups = []string{"mlteam"} })
	ada := fs.as(t, "ada", "staff")
	wantKind(t, "a provider's group", ada.CreateProject(t.Context(), NewProject{Name: "mlteam", Owner: "ada"}), Exist, "is the name of a group")
	for _, name := range []string{"supergroup", "SuperGroup", "supergr0up"} { // nobody is in it
		wantKind(t, name, ada.CreateProject(t.Context(), NewProject{Name: name, Owner: "ada"}), Exist, "the group of superusers")
	}
	wantKind(t, "a group", ada.CreateProject(t.Context(), NewProject{Name: "staff", Owner: "ada"}), Exist, "is the name of a group")
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "team", Owner: "ada"}))
}

// Nor can a group and a project of one name be made at the same moment: if both were told that the name is free, the later one is
// checked again.
func TestNoProjectIsNamedLikeAGroupOfTheSameMoment(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "staff")
	fs.as(t, "bob", "staff")
	for name, c := range map[string]struct {
		first string
		then  func() error
	}{
		"maps": {`UPDATE users SET groups = '{staff,maps}', epoch = epoch + 1 WHERE name = 'bob'`, func() error {
			return ada.CreateProject(t.Context(), NewProject{Name: "maps", Owner: "ada"})
		}},
		"team": {`INSERT INTO projects (id, name, root) VALUES (nextval('project_ids'), 'team', 1)`, func() error {
			return fs.auth.SetGroups(t.Context(), "bob", []string{"staff", "team"})
		}},
	} {
		tx, err := fs.db.Begin(t.Context())
		must(t, err)
		must(t, auth.LockNames(t.Context(), tx))
		_, err = tx.Exec(t.Context(), c.first)
		must(t, err)
		ended := make(chan error, 1)
		go func() { ended <- c.then() }()
		for waiting := 0; waiting == 0 && len(ended) == 0; {
			must(t, tx.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&waiting))
		}
		must(t, tx.Commit(t.Context()))
		if err := <-ended; err == nil {
			t.Errorf("there is a group and a project %s", name)
		} else if kindOf(err) != Exist && auth.KindOf(err) != auth.Exists {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Datasets of a new project have names that its members can use in paths, and that the project does not reserve.
func TestDatasetsHaveNamesOfDirectories(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "staff")
	for _, names := range [][]string{
		{".."},
		{"a", "."},
		{""},
		{"a/b"},
		{"a/"},
		{"a:b"},
		{"a\x00b"},
		{"a\xff"},
		{snapshots},
		{sharedName},
		{trashName},
		{strings.Repeat("n", 300)},
		{strings.Repeat("n", 9000)},
		{"twice", "once", "twice"},
	} {
		err := ada.CreateProject(t.Context(), NewProject{Name: "maps", Datasets: names})
		switch kindOf(err) {
		case InvalidArgument, InvalidPath, InvalidValue, IO, NameTooLong, Exist:
		default:
			t.Errorf("datasets %.100q: %v", names, err)
		}
	}
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps", Datasets: []string{"Größe 1", "shared", strings.Repeat("n", 255)}}))
}

// Whoever may not make a dataset makes no directory for it either, not even through a share.
func TestNoDirectoryIsMadeForADatasetOfAnothersProject(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	if _, err := x.bob.MakeDataset(t.Context(), path(t, tilesShown+"/new/one"), MakeDatasetOptions{Create: true}); kindOf(err) != AccessControl {
		t.Errorf("bob makes a dataset of maps: %v", err)
	}
	if _, err := x.ada.Stat(t.Context(), path(t, tilesOwn+"/new")); kindOf(err) != NotExist {
		t.Errorf("its directory is there: %v", err)
	}
	if _, err := x.eve.MakeDataset(t.Context(), path(t, "/Projects/maps/new"), MakeDatasetOptions{Create: true}); kindOf(err) != NotExist {
		t.Errorf("eve makes a dataset of what she may not know of: %v", err)
	}
	must(t, ignore(x.bob.MakeDataset(t.Context(), path(t, "/Projects/vision/new/one"), MakeDatasetOptions{Create: true})))
}

// A project is not restored to a place that is taken, and the error says so.
func TestProjectIsNotRestoredOverAnotherEntry(t *testing.T) {
	fs := newFS(t)
	fs.still()
	ada, root := fs.as(t, "ada", "staff"), fs.as(t, superuser)
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	must(t, ada.DeleteProject(t.Context(), "maps"))
	_, err := root.Mkdirs(t.Context(), path(t, "/Projects/maps"), MkdirOptions{Mode: 0o755})
	must(t, err)
	wantKind(t, "a project whose place is taken", ada.RestoreProject(t.Context(), "maps"), Exist, "/Projects/maps exists: move that away first")
	_, err = root.Rename(t.Context(), path(t, "/Projects/maps"), path(t, "/Projects/other"))
	must(t, err)
	must(t, ada.RestoreProject(t.Context(), "maps"))
}

// /Projects stays where it is, and is replaced by nothing: projects are found nowhere else.
func TestTheDirectoryOfProjectsStays(t *testing.T) {
	fs := newFS(t)
	fs.still()
	ada, root := fs.as(t, "ada", "staff"), fs.as(t, superuser)
	must(t, ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	for _, dir := range []string{"/old", "/user/root"} {
		must(t, ignore(root.Mkdirs(t.Context(), path(t, dir), MkdirOptions{Mode: 0o755})))
	}
	projects, old := path(t, ProjectsDir), path(t, "/old")
	for what, move := range map[string]func() error{
		"into a directory":   func() error { return ignore(root.Rename(t.Context(), projects, old)) },
		"under another name": func() error { return ignore(root.Rename(t.Context(), projects, path(t, "/new"))) },
		"into the trash": func() error {
			return root.Move(t.Context(), projects, path(t, "/user/root/gone"), MoveOptions{ToTrash: true})
		},
		"by a raw path": func() error {
			return root.Move(t.Context(), path(t, "/.reserved/raw/Projects"), path(t, "/new"), MoveOptions{})
		},
		"over a directory":  func() error { return root.Move(t.Context(), projects, old, MoveOptions{Overwrite: true}) },
		"replacing another": func() error { return root.Replace(t.Context(), projects, old) },
		"replaced":          func() error { return root.Replace(t.Context(), old, projects) },
	} {
		refusedBy(t, what, move(), "/Projects holds the projects, and stays where it is")
	}
	must(t, ignore(ada.Stat(t.Context(), path(t, "/Projects/maps"))))
	must(t, ada.DeleteProject(t.Context(), "maps"))
	refusedBy(t, "replaced while it is empty", root.Move(t.Context(), old, projects, MoveOptions{Overwrite: true}), "stays where it is")
	must(t, ada.RestoreProject(t.Context(), "maps"))
	fs.clean(t)
}

// Making a dataset of a directory that already is one does not change its description.
func TestADatasetThatIsThereIsNotMadeAnew(t *testing.T) {
	x := newSharing(t)
	is := func(want DatasetInfo) {
		t.Helper()
		d, err := x.ada.Dataset(t.Context(), x.tiles.ID)
		must(t, err)
		if d.DatasetInfo != want {
			t.Errorf("it says %+v, want %+v", d.DatasetInfo, want)
		}
	}
	public, listed := true, true
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &public, Listed: &listed})))
	said := DatasetInfo{Description: "Tiles.", Public: true, Listed: true}
	before, err := x.ada.LastEvent(t.Context(), "maps")
	must(t, err)
	for what, info := range map[string]DatasetInfo{"nothing": {}, "the same": said} {
		d, err := x.ada.MakeDataset(t.Context(), path(t, tilesOwn), MakeDatasetOptions{DatasetInfo: info, Create: true})
		if err != nil || d.ID != x.tiles.ID || d.DatasetInfo != said {
			t.Errorf("%s: %+v, %v", what, d, err)
		}
		is(said)
	}
	for _, info := range []DatasetInfo{{Description: "Others."}, {Public: true}, {Description: "Tiles."}} {
		_, err := x.ada.MakeDataset(t.Context(), path(t, tilesOwn), MakeDatasetOptions{DatasetInfo: info, Create: true})
		wantKind(t, "another one of its name", err, Exist, "is a dataset already")
		is(said)
	}
	if after, err := x.ada.LastEvent(t.Context(), "maps"); err != nil || after != before {
		t.Errorf("%d events are told of, %v", after-before, err)
	}
}
