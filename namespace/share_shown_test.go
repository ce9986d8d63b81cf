package namespace

import (
	"strings"
	"testing"

	"granary/auth/perm"
)

// Nothing gets into Shared except by accepting a share, whoever tries: copies leave that directory out.
func TestNothingIsMadeInShared(t *testing.T) {
	x := newSharing(t)
	const shared = "/Projects/vision/Shared"
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	x.bob.put(t, "/Projects/vision/mine", []byte("mine"))
	must(t, ignore(x.bob.Mkdirs(t.Context(), at("/Projects/vision/dir"), MkdirOptions{Mode: 0o750})))
	file := CreateOptions{Mode: 0o640, Size: -1, CreateParent: true}
	for name, s := range map[string]*Session{"owner": x.bob, "superuser": x.as(t, superuser)} {
		for what, err := range map[string]error{
			"create":       ignore(s.Create(t.Context(), at(shared+"/x"), file, strings.NewReader("x"))),
			"create below": ignore(s.Create(t.Context(), at(shared+"/a/x"), file, strings.NewReader("x"))),
			"long create":  ignore(s.Create(t.Context(), at(shared+"/x"), file, strings.NewReader(strings.Repeat("x", 3*InlineMax)))),
			"mkdirs":       ignore(s.Mkdirs(t.Context(), at(shared+"/x/y"), MkdirOptions{Mode: 0o750})),
			"rename":       ignore(s.Rename(t.Context(), at("/Projects/vision/mine"), at(shared+"/x"))),
			"move":         ignore(s.Rename(t.Context(), at("/Projects/vision/dir"), at(shared+"/x"))),
			"replace":      s.Replace(t.Context(), at("/Projects/vision/mine"), at(shared+"/x")),
			"upload":       ignore(s.BeginUpload(t.Context(), at(shared+"/x"), file, 3)),
			"copy":         ignore(s.StartJob(t.Context(), NewJob{Kind: JobCopy, Sources: []Path{at("/Projects/vision/mine")}, Target: at(shared + "/x")})),
		} {
			wantKind(t, name+": "+what, err, AccessControl, "by accepting a share")
		}
	}
	if e, err := x.bob.Explain(t.Context(), x.bob.p, at(shared+"/x"), ToCreate); err != nil || e.Allowed {
		t.Errorf("explained: %+v, %v", e, err)
	}
	if got := may(t, x.bob, tilesShown); got != "rwc" {
		t.Errorf("in what is shared: %s", got)
	}
	must(t, x.bob.CheckAccess(t.Context(), at(tilesShown+"/a"), perm.Read))
}

// TestAListingShowsOnlyTheSharesThatOneMayKnowOf opens the directory that shows shares to everybody: what lies in other projects stays as
// hidden in its listing as it is by its path.
func TestAListingShowsOnlyTheSharesThatOneMayKnowOf(t *testing.T) {
	x := newSharing(t)
	shared := at("/Projects/vision/Shared")
	x.share(t, Offer{ToProject: "vision", Level: Read})
	must(t, x.bob.SetPermission(t.Context(), at("/Projects/vision"), 0o775))
	must(t, x.bob.SetPermission(t.Context(), shared, 0o555))
	root := x.as(t, superuser)
	lists := func(when string, s *Session, shows bool) {
		t.Helper()
		page, remaining, err := s.ListBatch(t.Context(), shared, "", 1)
		must(t, err)
		dirs, more, err := s.Directories(t.Context(), shared, "", 10)
		must(t, err)
		if _, err := s.Stat(t.Context(), at(tilesShown)); (err == nil) != shows {
			t.Errorf("%s: %s by its path: %v", when, s.p.User, err)
		}
		if (len(page) == 1) != shows || (len(dirs) == 1) != shows || remaining != 0 || more {
			t.Errorf("%s: %s is shown %d entries, %d directories and %d more", when, s.p.User, len(page), len(dirs), remaining)
		}
	}
	for _, s := range []*Session{x.ada, x.bob, x.sam, x.otto, root} {
		lists("shared with a project", s, true)
	}
	lists("shared with a project", x.eve, false)
	personal := x.share(t, Offer{ToUser: "eve", Level: Read})
	lists("shared with eve, too", x.eve, true)
	must(t, x.ada.EndShare(t.Context(), personal.ID))
	lists("shared with eve no more", x.eve, false)
	public := true
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &public})))
	lists("published", x.eve, true)
}

// TestANameInSharedIsTakenWhateverHasIt accepts a share under the name of one whose project is archived.
func TestANameInSharedIsTakenWhateverHasIt(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	must(t, x.eve.CreateProject(t.Context(), NewProject{Name: "third", Datasets: []string{"d"}}))
	d, err := x.eve.Stat(t.Context(), at("/Projects/third/d"))
	must(t, err)
	share, err := x.eve.OfferShare(t.Context(), Offer{Dataset: d.ID, ToProject: "vision", Level: Read})
	must(t, err)
	archived := true
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Archived: &archived}))
	_, err = x.bob.AcceptShare(t.Context(), share.ID, "maps.tiles")
	wantKind(t, "a name that is taken", err, Exist, "choose another name")
	must(t, x.bob.ChangeProject(t.Context(), "vision", ProjectChange{Archived: &archived}))
	_, err = x.bob.AcceptShare(t.Context(), share.ID, "maps.tiles")
	wantKind(t, "a project that is archived", err, AccessControl, "project vision is archived")
}
