package namespace

import (
	"maps"
	"slices"

	"pgregory.net/rapid"

	"granary/auth/perm"
)

// modelDataset is what a directory is that can be shared, in the model with persons only.
type modelDataset struct {
	public bool
	shares map[string]modelShare // by user
}

type modelShare struct {
	id       int64
	level    Level
	accepted bool
}

// given is what the datasets at and above n give to user: one set of rights for each.
func (m *model) given(user string, n *modelNode) (rights []perm.Action) {
	for ; n != nil && n.inProject; n = n.parent {
		rights = append(rights, n.gives(user)...)
	}
	return rights
}

// gives is what n itself, if it is a dataset, gives to user.
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

// leadsToShare reports whether the i-th of what was found is above a dataset, on the way, that gives user anything.
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

// acceptShare is for the person that the share is with: superusers own the dataset's project, and others know of no share.
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
