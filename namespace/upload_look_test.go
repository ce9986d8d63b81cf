package namespace

import (
	"io"
	"strings"
	"testing"

	"granary/auth"
)

// Uploads belong to their user, who can end them whatever rights are left at the path: only a limited token has to reach it.
func TestWhoHasLeftEndsTheirUploads(t *testing.T) {
	x := newSharing(t)
	begin := func() Upload {
		u, err := x.sam.BeginUpload(t.Context(), at("/Projects/vision/f"), CreateOptions{Mode: 0o640}, 3)
		must(t, err)
		return u
	}
	first, second, third := begin(), begin(), begin()
	_, _, err := x.sam.ContinueUpload(t.Context(), first.ID, 0, 2, strings.NewReader("ab"))
	must(t, err)
	archived := true
	must(t, x.bob.ChangeProject(t.Context(), "vision", ProjectChange{Archived: &archived}))
	must(t, x.sam.EndUpload(t.Context(), first.ID))
	must(t, x.bob.RemoveMember(t.Context(), "vision", "sam"))
	maps, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	wantKind(t, "a token for another project", x.limited(t, "sam", auth.Scope{Project: maps}).EndUpload(t.Context(), second.ID), AccessControl, "")
	if _, err := x.sam.Upload(t.Context(), second.ID); err == nil {
		t.Error("who has left may go on with an upload")
	}
	must(t, x.sam.EndUpload(t.Context(), second.ID))
	must(t, x.auth.Disable(t.Context(), "sam"))
	if err := x.sam.EndUpload(t.Context(), third.ID); err == nil {
		t.Error("a user who is disabled ends an upload")
	}
}

// Asking how far an upload is replaces no file if the upload began under a condition against that; only a part can say otherwise.
func TestALookReplacesNothingThatWasNotToBe(t *testing.T) {
	fs := newFS(t)
	s := func() *Session { return fs.as(t, superuser) }
	u, err := s().If(noneThere).BeginUpload(t.Context(), at("/f"), CreateOptions{Mode: 0o640, Overwrite: true, CreateParent: true}, 3)
	must(t, err)
	quicker := readerOf(func() (int, error) {
		s().put(t, "/f", []byte("quicker"))
		return 0, io.EOF
	})
	_, _, err = s().If(noneThere).ContinueUpload(t.Context(), u.ID, 0, 3, io.MultiReader(strings.NewReader("new"), quicker))
	wantKind(t, "the last part", err, Precondition, "")
	for range 2 {
		_, err = s().Upload(t.Context(), u.ID)
		wantKind(t, "a look", err, Precondition, "")
		if got := string(s().get(t, "/f")); got != "quicker" {
			t.Fatalf("%q was replaced by a look", got)
		}
	}
	// If that file is gone again, asking is enough, and so is a part that says that it may be replaced.
	if ok, err := s().Delete(t.Context(), at("/f"), false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	u, err = s().Upload(t.Context(), u.ID)
	must(t, err)
	if got := string(s().get(t, "/f")); got != "new" || !u.Whole() || !u.Expires.IsZero() {
		t.Errorf("%q after an upload that says %+v", got, u)
	}
	// So is asking with the condition that what is there is to be replaced.
	asked, err := s().If(noneThere).BeginUpload(t.Context(), at("/h"), CreateOptions{Overwrite: true, CreateParent: true}, 3)
	must(t, err)
	quicker = readerOf(func() (int, error) {
		s().put(t, "/h", []byte("quicker"))
		return 0, io.EOF
	})
	_, _, err = s().If(noneThere).ContinueUpload(t.Context(), asked.ID, 0, 3, io.MultiReader(strings.NewReader("new"), quicker))
	wantKind(t, "the last part", err, Precondition, "")
	_, err = s().If(Condition{Match: &Revisions{Any: true}}).Upload(t.Context(), asked.ID)
	must(t, err)
	if got := string(s().get(t, "/h")); got != "new" {
		t.Errorf("%q is there after a look that was to replace it", got)
	}
	other, err := s().If(noneThere).BeginUpload(t.Context(), at("/g"), CreateOptions{Overwrite: true, CreateParent: true}, 3)
	must(t, err)
	s().put(t, "/g", []byte("there"))
	if _, status := s().part(t, other, []byte("new")); status == nil || string(s().get(t, "/g")) != "new" {
		t.Error("a part without the condition did not replace what was there")
	}
	must(t, fs.Reap(t.Context()))
	fs.clean(t)
}
