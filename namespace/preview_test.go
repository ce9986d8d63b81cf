package namespace

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"granary/auth"
	"granary/auth/perm"
)

// tried returns what a preview says of one user, as "before → after".
func tried(p AccessPreview, user string) string {
	show := func(a Access) string {
		if a.Manages {
			return a.May + "+"
		}
		return a.May
	}
	for _, b := range append(slices.Clone(p.Users), p.Everyone) {
		if b.Before.User == user {
			return show(b.Before) + " " + show(b.After)
		}
	}
	return "nobody"
}

// TestPreviewIsWhatComes previews changes, makes them, and compares the preview with the result: for everybody, with shares, roles
// and the directories above.
func TestPreviewIsWhatComes(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	x.bob.put(t, "/Projects/vision/f", []byte("x"))
	must(t, x.bob.SetPermission(t.Context(), path(t, "/Projects/vision/f"), 0o640))
	read := perm.Read
	everybody := []string{"ada", "bob", "sam", "otto", "eve", ""}
	for _, c := range []struct {
		what   string
		by     *Session
		path   string
		change AccessChange
		user   string
		want   string
	}{
		{"an entry", x.bob, "/Projects/vision/f", AccessChange{Amendment: perm.Amendment{Entries: []perm.Entry{{Type: perm.User, Name: "sam", Perm: perm.ReadWrite}}}}, "sam", "r-- rw-"},
		{"its mask", x.bob, "/Projects/vision/f", AccessChange{Amendment: perm.Amendment{Mask: &read}}, "sam", "rw- r--"},
		{"nothing for observers to write", x.bob, "/Projects/vision/f", AccessChange{Amendment: perm.Amendment{Entries: []perm.Entry{{Type: perm.User, Name: "otto", Perm: perm.All}}}}, "otto", "r-- r-x"},
		{"who may not go there", x.bob, "/Projects/vision/f", AccessChange{Amendment: perm.Amendment{Set: 0o006}}, "eve", "nobody"},
		{"the way there", x.bob, "/Projects/vision", AccessChange{Amendment: perm.Amendment{Set: 0o005}}, "", "--- r-x"},
		{"a share ends at the mask", x.ada, tilesOwn, AccessChange{Amendment: perm.Amendment{Clear: 0o077}}, "sam", "r-x ---"},
		{"a group", x.bob, "/Projects/vision/f", AccessChange{Group: "vision", Amendment: perm.Amendment{Clear: 0o040}}, "sam", "rw- rw-"},
	} {
		p := path(t, c.path)
		foretold, err := c.by.PreviewAccess(t.Context(), p, c.change, x.auth.Principal)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if got := tried(foretold, c.user); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		was, err := c.by.Access(t.Context(), p)
		must(t, err)
		if !reflect.DeepEqual(was, foretold.Before) {
			t.Errorf("%s: it was %+v, and the preview says %+v", c.what, was, foretold.Before)
		}
		must(t, ignore(c.by.ChangeAccess(t.Context(), p, c.change, was.Tag)))
		is, err := c.by.Access(t.Context(), p)
		must(t, err)
		if !reflect.DeepEqual(is, foretold.After) {
			t.Errorf("%s: it is %+v, and the preview said %+v", c.what, is, foretold.After)
		}
		now, err := c.by.EffectiveAccess(t.Context(), p, x.auth.Principal)
		must(t, err)
		for _, user := range everybody {
			var before, after Access
			for _, b := range append(foretold.Users, foretold.Everyone) {
				if b.Before.User == user && b.After.can() {
					before = b.After
				}
			}
			for _, a := range append(now.Users, now.Everyone) {
				if a.User == user && a.can() {
					after = a
				}
			}
			if before != after {
				t.Errorf("%s: for %q %+v was foretold, and %+v came", c.what, user, before, after)
			}
		}
	}
}

// Users who no longer have any access are left out, and the others are still listed: a service account that ended with its project,
// and users who are disabled while the question is answered. A share with a deleted project lets nobody in.
func TestAccessPassesOverThoseWhoMayNothing(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	must(t, x.auth.AddService(t.Context(), "svc-robot", vision))
	must(t, x.bob.SetMember(t.Context(), "vision", "svc-robot", Scientist)) // a service account may do nothing outside of its project
	must(t, x.ada.SetMember(t.Context(), "maps", "eve", Scientist))
	p := at(tilesOwn)
	who := func(as func(context.Context, string) (auth.Principal, error)) (all []string) {
		t.Helper()
		e, err := x.ada.EffectiveAccess(t.Context(), p, as)
		must(t, err)
		for _, a := range e.Users {
			all = append(all, a.User)
		}
		tried, err := x.ada.PreviewAccess(t.Context(), p, AccessChange{Amendment: perm.Amendment{Clear: 0o007}}, as)
		must(t, err)
		previewed := []string{}
		for _, b := range tried.Users {
			previewed = append(previewed, b.Before.User)
		}
		if !slices.Equal(all, previewed) {
			t.Errorf("%q have access, and the preview tells of %q", all, previewed)
		}
		return all
	}
	if got, want := who(x.auth.Principal), []string{"ada", "bob", "eve", "otto", "sam"}; !slices.Equal(got, want) {
		t.Errorf("%q have access; want %q", got, want)
	}
	asked := func(ctx context.Context, name string) (auth.Principal, error) {
		switch name {
		case "eve":
			return auth.Principal{}, &auth.Error{Kind: auth.Disabled, Msg: "eve was disabled meanwhile"}
		case "sam":
			return auth.Principal{}, &auth.Error{Kind: auth.UnknownUser, Msg: "sam was removed meanwhile"}
		}
		return x.auth.Principal(ctx, name)
	}
	if got, want := who(asked), []string{"ada", "bob", "otto"}; !slices.Equal(got, want) {
		t.Errorf("%q have access, when two were disabled meanwhile; want %q", got, want)
	}
	must(t, x.bob.DeleteProject(t.Context(), "vision"))
	strict := func(ctx context.Context, name string) (auth.Principal, error) {
		p, err := x.auth.Principal(ctx, name)
		if err != nil || name == "bob" || name == "otto" || name == "sam" {
			t.Errorf("%s was looked at, who has nothing to do with it: %v", name, err)
		}
		return p, err
	}
	if got, want := who(strict), []string{"ada", "eve"}; !slices.Equal(got, want) {
		t.Errorf("%q have access, when the project that it was shared with is deleted; want %q", got, want)
	}
	must(t, ignore(x.ada.ChangeAccess(t.Context(), p, AccessChange{Amendment: perm.Amendment{Entries: []perm.Entry{{Type: perm.User, Name: "svc-robot", Perm: perm.All}}}}, "")))
	if got, want := who(strict), []string{"ada", "eve"}; !slices.Equal(got, want) {
		t.Errorf("%q have access, when the ACL names a service account that has ended; want %q", got, want)
	}
}

// TestPreviewTellsNothing checks that those who may not change a path learn nothing of others, and that those who may, but own no
// project, learn only of themselves.
func TestPreviewTellsNothing(t *testing.T) {
	x := newSharing(t)
	x.sam.put(t, "/Projects/vision/own", []byte("x"))
	own := path(t, "/Projects/vision/own")
	p, err := x.sam.PreviewAccess(t.Context(), own, AccessChange{Amendment: perm.Amendment{Set: 0o777}}, x.auth.Principal)
	must(t, err)
	if p.All || len(p.Users) != 1 || p.Users[0].Before.User != "sam" {
		t.Errorf("sam is told of %+v", p)
	}
	for _, s := range []*Session{x.otto, x.eve} {
		if _, err := s.PreviewAccess(t.Context(), own, AccessChange{}, x.auth.Principal); kindOf(err) != AccessControl && kindOf(err) != NotExist {
			t.Errorf("%s: %v", s.p.User, err)
		}
	}
	// A superuser who is not a member is not listed, but may change the path all the same.
	p, err = x.as(t, superuser).PreviewAccess(t.Context(), own, AccessChange{}, x.auth.Principal)
	if must(t, err); !p.Before.Manages || !p.After.Manages {
		t.Errorf("a superuser is told %+v", p)
	}
	if _, err := x.sam.PreviewAccess(t.Context(), own, AccessChange{Owner: "eve"}, x.auth.Principal); kindOf(err) != AccessControl {
		t.Errorf("sam gives a file away: %v", err)
	}
}

// TestNothingIsOverwritten checks that a change is refused, and changes nothing, if somebody else has changed the same in the meantime,
// and that other changes do not matter.
func TestNothingIsOverwritten(t *testing.T) {
	x := newSharing(t)
	x.bob.put(t, "/Projects/vision/f", []byte("x"))
	f := path(t, "/Projects/vision/f")
	seen, err := x.bob.Access(t.Context(), f)
	must(t, err)
	must(t, x.bob.Append(t.Context(), f, -1, strings.NewReader("more")))
	give := AccessChange{Amendment: perm.Amendment{Entries: []perm.Entry{{Type: perm.User, Name: "sam", Perm: perm.Read}}}}
	must(t, ignore(x.bob.ChangeAccess(t.Context(), f, give, seen.Tag)))
	now, err := x.bob.Access(t.Context(), f)
	must(t, err)
	if _, err := x.bob.ChangeAccess(t.Context(), f, AccessChange{Amendment: perm.Amendment{Clear: 0o777, Bare: true}}, seen.Tag); kindOf(err) != Precondition {
		t.Errorf("it was changed meanwhile: %v", err)
	}
	if after, err := x.bob.Access(t.Context(), f); err != nil || !reflect.DeepEqual(after, now) {
		t.Errorf("it is %+v, %v; want %+v", after, err, now)
	}
}
