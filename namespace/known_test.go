package namespace

import (
	"slices"
	"testing"
)

// TestKnownUsers checks that nobody, owners of projects included, is told of users whom they could not look up anyway.
func TestKnownUsers(t *testing.T) {
	x := newSharing(t)
	told := func(s *Session, prefix string) []string {
		names, err := s.KnownUsers(t.Context(), prefix, 100)
		must(t, err)
		return names
	}
	if got, want := told(x.bob, ""), []string{"bob", "otto", "sam"}; !slices.Equal(got, want) {
		t.Errorf("bob, who owns vision, is told of %q, want %q", got, want)
	}
	if got := told(x.ada, "eve"); len(got) != 0 {
		t.Errorf("ada is told of %q, who has nothing to do with her", got)
	}
	if _, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read}); err != nil {
		t.Fatal(err)
	}
	if got, want := told(x.ada, "EV"), []string{"eve"}; !slices.Equal(got, want) {
		t.Errorf("ada, who offered eve a dataset, is told of %q, want %q", got, want)
	}
	for _, prefix := range []string{"%", "_", `\`} {
		if got := told(x.bob, prefix); len(got) != 0 {
			t.Errorf("%q finds %q", prefix, got)
		}
	}
	if got := told(x.as(t, superuser), "e"); !slices.Contains(got, "eve") {
		t.Errorf("the superuser is told of %q", got)
	}
	must(t, x.bob.RemoveMember(t.Context(), "vision", "sam"))
	if got := told(x.sam, ""); slices.Contains(got, "bob") {
		t.Errorf("sam, who left, is told of %q", got)
	}
}
