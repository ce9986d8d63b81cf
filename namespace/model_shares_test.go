package namespace

import (
	"maps"
	"slices"

	"pgregory.net/rapid"

	"granary/auth/perm"
)

// modelDataset makes a directory a dataset, which the model shares only with persons.
type modelDataset struct {
	public bool
	shares map[string]modelShare // by user
}

type modelShare struct {
	id       int64
	level    Level
	accepted bool
}

// given returns what the datasets at and above n give to user: one set of rights for each.
func (m *model) given(user string, n *modelNode) (rights []perm.Action) {
	for ; n != nil && n.inProject; n = n.parent {
		rights = append(rights, n.gives(user)...)
	}
	return rights
}

// gives returns what n itself, if it is a dataset, gives to user.
func (n *modelNode) gives(user string) (rights []perm.Action) {
	if n.dataset == nil {
		return nil
	}
	if s := n.dataset.shares[user]; s.accepted {
		rights = append(rights, map[Level]perm.Action{Read: perm.ReadExecute, Edit: perm.All}[s.level])
	}
	if n.dataset.public {
		rights = append(rights, perm.ReadExecute)
	}
	return rights
}

// known reports whether something in the project with this top is public, or was offered to user.
func (n *modelNode) known(user string) (known bool) {
	n.below("", func(_ string, n *modelNode) {
		if n.dataset != nil {
			_, offered := n.dataset.shares[user]
			known = known || offered || n.dataset.public
		}
	})
	return known
}

// leadsToShare reports whether a dataset that gives user anything was found on the way below the i-th inode.
func (w modelWalk) leadsToShare(user string, i int) bool {
	return w.found[i].inProject && slices.ContainsFunc(w.found[i+1:], func(n *modelNode) bool { return len(n.gives(user)) > 0 })
}

// directories returns the paths of the project's directories that are datasets, or of those that are none.
func (x *machine) directories(datasets bool) (paths []string) {
	top := x.tops[1]
	x.model.walk(top).node().below(top, func(path string, n *modelNode) {
		if path != top && n.dir && (n.dataset != nil) == datasets {
			paths = append(paths, path)
		}
	})
	slices.Sort(paths)
	return paths
}

// drawDirectory draws a directory of the project and returns it with its inode.
func (x *machine) drawDirectory(t *rapid.T, datasets bool) (path string, n *modelNode, id int64) {
	if x.model.project == "" {
		t.Skip("the project is gone")
	}
	paths := x.directories(datasets)
	if len(paths) == 0 {
		t.Skip("there is none")
	}
	path = rapid.SampledFrom(paths).Draw(t, "directory")
	status, err := x.as(superuser).Stat(t.Context(), x.path(path))
	if err != nil {
		t.Fatal(err)
	}
	return path, x.model.walk(path).node(), status.ID
}

// shareAtFirst makes a dataset in the project with this top, and shares it with carol, who may edit it and may be no member then. It
// is also offered to bob.
func (x *machine) shareAtFirst(t *rapid.T, top *modelNode) {
	if rapid.IntRange(0, 2).Draw(t, "carol is no member") > 0 {
		if err := x.fs.dropMember(t.Context(), x.model.project, "carol"); err != nil {
			t.Fatal(err)
		}
		delete(x.model.roles, "carol")
	}
	path := x.tops[1] + "/b"
	if _, err := x.as(superuser).Mkdirs(t.Context(), x.path(path), MkdirOptions{Mode: 0o777}); err != nil {
		t.Fatal(err)
	}
	n := x.model.bear(superuser, top, "b", true, 0o777, nil)
	d, err := x.as(superuser).MakeDataset(t.Context(), x.path(path), MakeDatasetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n.dataset = &modelDataset{shares: map[string]modelShare{}}
	for _, user := range []string{"bob", "carol"} {
		s, err := x.as(superuser).OfferShare(t.Context(), Offer{Dataset: d.ID, ToUser: user, Level: Edit})
		if err == nil && user == "carol" {
			s, err = x.as(user).AcceptShare(t.Context(), s.ID, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		n.dataset.shares[user] = modelShare{s.ID, s.Level, s.Accepted}
	}
}

// recipients are whom datasets are shared with.
var recipients = []string{"alice", "bob", "carol"}

func (x *machine) makeDataset(t *rapid.T) {
	path, n, _ := x.drawDirectory(t, false)
	public := rapid.IntRange(0, 3).Draw(t, "public") == 0
	_, err := x.as(superuser).MakeDataset(t.Context(), x.path(path), MakeDatasetOptions{DatasetInfo: DatasetInfo{Public: public}})
	x.hold(t, err, allowed)
	n.dataset = &modelDataset{public: public, shares: map[string]modelShare{}}
}

func (x *machine) publishDataset(t *rapid.T) {
	_, n, id := x.drawDirectory(t, true)
	public := rapid.Bool().Draw(t, "public")
	_, err := x.as(superuser).ChangeDataset(t.Context(), id, DatasetChange{Public: &public})
	x.hold(t, err, allowed)
	n.dataset.public = public
}

func (x *machine) endDataset(t *rapid.T) {
	_, n, id := x.drawDirectory(t, true)
	x.hold(t, x.as(superuser).EndDataset(t.Context(), id), allowed)
	n.dataset = nil
}

func (x *machine) offerShare(t *rapid.T) {
	_, n, id := x.drawDirectory(t, true)
	user := rapid.SampledFrom(recipients).Draw(t, "recipient")
	level := rapid.SampledFrom([]Level{Read, Edit}).Draw(t, "level")
	s, err := x.as(superuser).OfferShare(t.Context(), Offer{Dataset: id, ToUser: user, Level: level})
	x.hold(t, err, allowed, s.Accepted, n.dataset.shares[user].accepted)
	n.dataset.shares[user] = modelShare{s.ID, level, s.Accepted}
}

// drawShare draws a share of a dataset.
func (x *machine) drawShare(t *rapid.T) (n *modelNode, user string) {
	_, n, _ = x.drawDirectory(t, true)
	users := slices.Sorted(maps.Keys(n.dataset.shares))
	if len(users) == 0 {
		t.Skip("it is shared with nobody")
	}
	return n, rapid.SampledFrom(users).Draw(t, "recipient")
}

// acceptShare is only for the recipient: superusers own the dataset's project, and others know of no share.
func (x *machine) acceptShare(t *rapid.T) {
	n, user := x.drawShare(t)
	s := n.dataset.shares[user]
	_, err := x.as(user).AcceptShare(t.Context(), s.id, "")
	x.hold(t, err, allowed)
	s.accepted = true
	n.dataset.shares[user] = s
}

func (x *machine) endShare(t *rapid.T) {
	n, user := x.drawShare(t)
	by := rapid.SampledFrom([]string{superuser, user}).Draw(t, "by")
	x.hold(t, x.as(by).EndShare(t.Context(), n.dataset.shares[user].id), allowed)
	delete(n.dataset.shares, user)
}

// drawShared draws whom a dataset is shared with, and a place at or below it, or one where nothing is yet.
func (x *machine) drawShared(t *rapid.T) (user, path string) {
	top, n, _ := x.drawDirectory(t, true)
	paths := []string{top}
	n.below(top, func(path string, _ *modelNode) { paths = append(paths, path) })
	slices.Sort(paths)
	user = rapid.SampledFrom(append(slices.Sorted(maps.Keys(n.dataset.shares)), "dave")).Draw(t, "recipient")
	return user, rapid.SampledFrom(paths).Draw(t, "path")
}

func (x *machine) checkShared(t *rapid.T) {
	user, path := x.drawShared(t)
	want := drawRights.Draw(t, "want")
	err := x.as(user).CheckAccess(t.Context(), x.path(path), want)
	_, kind := x.model.see(user, path, want)
	x.hold(t, err, kind)
}

func (x *machine) mkdirsShared(t *rapid.T) {
	user, path := x.drawShared(t)
	path, o := path+x.deeper(t, 1), MkdirOptions{Mode: drawMode(t, "mode")}
	got, err := x.as(user).Mkdirs(t.Context(), x.path(path), o)
	x.hold(t, err, x.model.mkdirs(user, path, o), got, true)
}

func (x *machine) deleteShared(t *rapid.T) {
	user, path := x.drawShared(t)
	got, err := x.as(user).Delete(t.Context(), x.path(path), true)
	want, kind := x.model.delete(user, path, true)
	x.hold(t, err, kind, got, want)
}
