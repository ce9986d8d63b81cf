package namespace

import (
	"fmt"
	"slices"
	"testing"
)

// endedShares returns what the audit tells s of the shares that s ended, the newest first.
func endedShares(t *testing.T, s *Session, q AuditQuery) (all []string) {
	t.Helper()
	entries, _, err := s.Audit(t.Context(), q)
	must(t, err)
	for _, e := range entries {
		if e.Op == endingShare {
			all = append(all, fmt.Sprintf("%s in %q", e.Path, e.Project))
		}
	}
	return all
}

// Who rejects an offer is not told where the dataset lies, not even by the audit of what they did.
func TestARejectionDoesNotTellWhereTheDatasetLies(t *testing.T) {
	x := newSharing(t)
	for what, o := range map[string]Offer{"a person": {ToUser: "eve"}, "a project": {ToProject: "vision"}} {
		o.Dataset, o.Level = x.tiles.ID, Read
		offer, err := x.ada.OfferShare(t.Context(), o)
		must(t, err)
		who, want := x.eve, []string{`/Projects/maps in "maps"`}
		if o.ToProject != "" {
			who, want = x.bob, []string{`/Projects/vision in "vision"`, `/Projects/maps in "maps"`}
		}
		must(t, who.EndShare(t.Context(), offer.ID))
		got := endedShares(t, who, AuditQuery{})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s rejected, and is told %q, want %q", what, got, want)
		}
		if got := endedShares(t, who, AuditQuery{Path: path(t, "/Projects/maps/deep")}); got != nil {
			t.Errorf("%s: asking by the path finds %q", what, got)
		}
	}
	want := []string{tilesOwn + ` in "maps"`, tilesOwn + ` in "maps"`}
	if got := endedShares(t, x.ada, AuditQuery{Project: "maps"}); !slices.Equal(got, want) {
		t.Errorf("the dataset's owner is told %q, want %q", got, want)
	}
}

// Who deletes a dataset is not told of projects that they may not know of, with which it was shared.
func TestADeletionDoesNotTellWithWhomSomethingWasShared(t *testing.T) {
	x := newSharing(t)
	must(t, ignore(x.ada.Mkdirs(t.Context(), path(t, tilesOwn+"/inner"), MkdirOptions{Mode: 0o770})))
	inner, err := x.ada.MakeDataset(t.Context(), path(t, tilesOwn+"/inner"), MakeDatasetOptions{})
	must(t, err)
	offer, err := x.ada.OfferShare(t.Context(), Offer{Dataset: inner.ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, ignore(x.bob.AcceptShare(t.Context(), offer.ID, "innermost")))
	x.share(t, Offer{ToUser: "eve", Level: Edit})
	must(t, ignore(x.eve.Delete(t.Context(), path(t, tilesOwn+"/inner"), true)))
	if got := endedShares(t, x.eve, AuditQuery{}); got != nil {
		t.Errorf("who deleted it is told %q", got)
	}
	want := []string{`/Projects/vision/Shared/innermost in "vision"`}
	if got := endedShares(t, x.bob, AuditQuery{Project: "vision"}); !slices.Equal(got, want) {
		t.Errorf("the recipients are told %q, want %q", got, want)
	}
}
