package namespace

import (
	"errors"
	"testing"

	"granary/auth"
)

// An offer is for another project than the dataset's, and for none that nobody can find.
func TestOffersForProjectsThatCannotHaveThem(t *testing.T) {
	x := newSharing(t)
	x.still()
	offer := func(project string) error {
		return ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: project, Level: Read}))
	}
	wantKind(t, "for the dataset's own project", offer("maps"), InvalidArgument, "has the dataset already")
	wantKind(t, "for no project", offer("none"), NotExist, `"none"`)
	must(t, x.bob.DeleteProject(t.Context(), "vision"))
	wantKind(t, "for a project in the trash", offer("vision"), NotExist, `"vision"`)
	must(t, x.bob.RestoreProject(t.Context(), "vision"))
	must(t, offer("vision"))
}

// What is shared with a person lies in no project of theirs, so a token for a project neither sees nor answers it.
func TestATokenForAProjectAnswersForNoPerson(t *testing.T) {
	x := newSharing(t)
	must(t, x.eve.CreateProject(t.Context(), NewProject{Name: "own"}))
	id, err := x.ProjectID(t.Context(), "own")
	must(t, err)
	limited := x.limited(t, "eve", auth.Scope{Project: id})
	offer, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	_, err = limited.Share(t.Context(), offer.ID)
	wantKind(t, "a look", err, NotExist, "")
	wantKind(t, "an acceptance", ignore(limited.AcceptShare(t.Context(), offer.ID, "")), NotExist, "")
	wantKind(t, "an end", limited.EndShare(t.Context(), offer.ID), NotExist, "")
	must(t, ignore(x.eve.AcceptShare(t.Context(), offer.ID, "")))
}

// Whoever may leave a project does not leave it by a token that is limited, as to reading or to that project.
func TestALimitedTokenLeavesNoProject(t *testing.T) {
	x := newSharing(t)
	id, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	for _, scope := range []auth.Scope{{Verbs: auth.Read}, {Verbs: auth.Manage}, {Project: id}} {
		wantKind(t, "leaving by a limited token", x.limited(t, "sam", scope).RemoveMember(t.Context(), "vision", "sam"), AccessControl, "")
	}
	must(t, x.sam.RemoveMember(t.Context(), "vision", "sam"))
}

// A directory that a project has made itself under the name Shared shows no shares: copies would leave out what is in it.
func TestSharesAreNotShownInAnOrdinaryDirectory(t *testing.T) {
	x := newSharing(t)
	x.bob.put(t, "/Projects/vision/Shared/own", []byte("own"))
	offer, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	wantKind(t, "an acceptance", ignore(x.bob.AcceptShare(t.Context(), offer.ID, "")), Exist, "rename it first")
	must(t, ignore(x.bob.Rename(t.Context(), path(t, "/Projects/vision/Shared"), path(t, "/Projects/vision/Mine"))))
	must(t, ignore(x.bob.AcceptShare(t.Context(), offer.ID, "")))
}

// With how many others a dataset is shared is for the members of its project.
func TestWhoADatasetIsSharedWithKnowsNothingOfOthers(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	x.share(t, Offer{ToUser: "eve", Level: Read})
	for s, want := range map[*Session]int64{x.ada: 2, x.bob: 0, x.eve: 0} {
		if d, err := s.Dataset(t.Context(), x.tiles.ID); err != nil || d.Shares != want {
			t.Errorf("%s is told of %d shares, %v; want %d", s.p.User, d.Shares, err, want)
		}
	}
}

// Neither a whole project nor what it shows of others is a dataset, or a share would give what nobody meant to give.
func TestWhatIsNoDataset(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	for _, at := range []string{"/Projects/vision", "/Projects/vision/Shared"} {
		err := ignore(x.bob.MakeDataset(t.Context(), path(t, at), MakeDatasetOptions{}))
		wantKind(t, at, err, InvalidArgument, "cannot be a dataset")
	}
}

// A project that goes to the trash between the two looks of an acceptance is looked for again.
func TestAcceptingForAProjectThatGoes(t *testing.T) {
	x := newSharing(t)
	offer, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	share, err := x.storedShare(t.Context(), offer.ID)
	must(t, err)
	w := &walker{ctx: t.Context(), s: x.bob, op: "accept share"}
	must(t, w.answers(&share))
	must(t, x.bob.DeleteProject(t.Context(), "vision"))
	if _, _, _, err := w.mount(&share, "tiles"); !errors.Is(err, errStale) {
		t.Errorf("the place for the share: %v, want another look", err)
	}
	wantKind(t, "the acceptance", ignore(x.bob.AcceptShare(t.Context(), offer.ID, "")), NotExist, "There is no share")
}
