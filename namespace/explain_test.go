package namespace

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"granary/auth"
	"granary/auth/perm"
)

// TestWhy checks the reason given for every kind of decision: what decided, and the words of a refusal.
func TestWhy(t *testing.T) {
	x := newSharing(t)
	share := x.share(t, Offer{ToProject: "vision", Level: Read})
	root := x.as(t, superuser)
	must(t, root.SetPermission(t.Context(), path(t, "/tmp"), 0o1777))
	x.bob.put(t, "/Projects/vision/f", []byte("x"))
	must(t, x.bob.SetPermission(t.Context(), path(t, "/Projects/vision/f"), 0o640))
	x.sam.put(t, "/Projects/vision/own", []byte("x"))
	must(t, x.sam.SetPermission(t.Context(), path(t, "/Projects/vision/own"), 0o400))
	x.bob.put(t, "/tmp/entries", []byte("x"))
	must(t, x.bob.SetPermission(t.Context(), path(t, "/tmp/entries"), 0o640))
	must(t, x.bob.ModifyACL(t.Context(), path(t, "/tmp/entries"), []perm.Entry{
		{Type: perm.User, Name: "sam", Perm: perm.ReadWrite}, {Type: perm.Group, Name: "people", Perm: perm.Read}, {Type: perm.Mask, Perm: perm.Read},
	}))
	x.bob.put(t, "/tmp/plain", []byte("x"))
	published := x.as(t, "ann", "nobody")
	must(t, published.CreateProject(t.Context(), NewProject{Name: "open", Datasets: []string{"all"}}))
	published.put(t, "/Projects/open/all/f", []byte("x"))
	all, err := published.MakeDataset(t.Context(), path(t, "/Projects/open/all"), MakeDatasetOptions{})
	must(t, err)
	public := true
	must(t, ignore(published.ChangeDataset(t.Context(), all.ID, DatasetChange{Public: &public})))
	must(t, published.SetPermission(t.Context(), path(t, "/Projects/open/all/f"), 0o640))
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	sharing := fmt.Sprint("share:", share.ID)
	for _, c := range []struct {
		who     *Session
		deed    Deed
		path    string
		allowed bool
		by      string // of the last step; "": not checked
		reason  string // a part of it
	}{
		{x.bob, ToRead, "/Projects/vision/own", true, "role:owner", ""},
		{x.bob, ToManage, "/Projects/vision/own", true, "role:owner", ""},
		{x.otto, ToWrite, "/Projects/vision/f", false, "role:observer", "access=WRITE"},
		{x.otto, ToCreate, "/Projects/vision/new", false, "role:observer", "access=WRITE"},
		{x.otto, ToRead, "/Projects/vision/f", true, "group", ""},
		{x.sam, ToRead, "/Projects/vision/own", true, "owner", ""},
		{x.sam, ToWrite, "/Projects/vision/own", false, "owner", "access=WRITE"},
		{x.sam, ToManage, "/Projects/vision/own", true, "owner", ""},
		{x.sam, ToManage, "/Projects/vision/f", false, "owner", "is not the owner"},
		{x.sam, ToRead, "/Projects/vision/f", true, "group", ""},
		{x.sam, ToRead, "/tmp/entries", true, "user:sam", ""},
		{x.sam, ToWrite, "/tmp/entries", false, "user:sam", "access=WRITE"}, // by the mask,
		{x.eve, ToRead, "/tmp/entries", true, "group:people", ""},
		{x.eve, ToRead, "/tmp/plain", true, "other", ""},
		{x.eve, ToWrite, "/tmp/plain", false, "other", "access=WRITE"},
		{x.eve, ToCreate, "/tmp/new", true, "other", ""},
		{x.eve, ToDelete, "/tmp/plain", false, "sticky bit", "sticky bit"},
		{x.bob, ToDelete, "/tmp/plain", true, "other", ""},
		{x.sam, ToRead, tilesOwn + "/a", true, sharing, ""},
		{x.sam, ToWrite, tilesOwn + "/a", false, sharing, "access=WRITE"},
		{x.sam, ToRead, tilesShown + "/a", true, sharing, ""},
		{x.sam, ToRead, "/Projects/maps/deep", false, "other", "access=EXECUTE"},
		{x.bob, ToDelete, tilesShown, false, "shown", "end the share instead"},
		{x.eve, ToRead, "/Projects/open/all/f", true, "public", ""},
		{x.eve, ToWrite, "/Projects/open/all/f", false, "public", "access=WRITE"},
		{root, ToWrite, tilesOwn + "/a", true, "superuser", ""},
		{root, ToManage, "/tmp/plain", true, "superuser", ""},
		{x.bob, ToRead, "/Projects/vision/none", false, "", "File does not exist: /Projects/vision/none"},
		{x.eve, ToRead, tilesOwn + "/a", false, "", "File does not exist: " + tilesOwn + "/a"},
		{x.eve, ToRead, "/tmp/plain/below", false, "", "is not a directory"},
		{x.limited(t, "bob", auth.Scope{Project: vision, Verbs: auth.Read}), ToWrite, "/Projects/vision/f", false, "token", "read-only"},
		{x.limited(t, "bob", auth.Scope{Project: vision, Verbs: auth.Read}), ToRead, "/Projects/vision/f", true, "role:owner", ""},
	} {
		what := fmt.Sprintf("may %s %s %s", c.who.p.User, c.deed, c.path)
		e, err := c.who.Explain(t.Context(), c.who.p, path(t, c.path), c.deed)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if e.Allowed != c.allowed || !strings.Contains(e.Reason, c.reason) || (e.Reason == "") != c.allowed {
			t.Errorf("%s: %v, because %q; want %v, %q", what, e.Allowed, e.Reason, c.allowed, c.reason)
		}
		if c.by == "" {
			continue
		}
		if last := e.Steps[len(e.Steps)-1]; last.By != c.by || last.Allowed != c.allowed {
			t.Errorf("%s: %+v decided, want %s", what, last, c.by)
		}
	}
	for name, masked := range map[string]bool{"/tmp/entries": true, "/tmp/plain": false} {
		e, err := x.sam.Explain(t.Context(), x.sam.p, path(t, name), ToWrite)
		if last := e.Steps[len(e.Steps)-1]; err != nil || e.Allowed || last.Masked != masked {
			t.Errorf("writing %s is refused by %+v, %v; by the mask: %v", name, last, err, masked)
		}
	}
	way, err := x.sam.Explain(t.Context(), x.sam.p, path(t, tilesOwn+"/a"), ToRead)
	must(t, err)
	var by []string
	for _, step := range way.Steps {
		by = append(by, step.By)
	}
	if want := []string{"other", "other", "way to a share", "way to a share", sharing, sharing}; !reflect.DeepEqual(by, want) {
		t.Errorf("the way to the tiles: %v, want %v", by, want)
	}
	yes := true
	must(t, x.bob.ChangeProject(t.Context(), "vision", ProjectChange{Archived: &yes}))
	e, err := x.bob.Explain(t.Context(), x.bob.p, path(t, "/Projects/vision/f"), ToWrite)
	if err != nil || e.Allowed || e.Steps[len(e.Steps)-1].By != "archived" {
		t.Errorf("in an archived project: %+v, %v", e, err)
	}
}

// TestWhyTellsNothing checks that below a directory that one may not enter, existing and missing names are explained alike, and that
// only those who manage the project may ask about others.
func TestWhyTellsNothing(t *testing.T) {
	x := newSharing(t)
	yes := true
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Listed: &yes}))
	for _, s := range []*Session{x.eve, x.bob} {
		for _, deed := range Deeds {
			there, err := s.Explain(t.Context(), s.p, path(t, "/Projects/maps/deep/other"), deed)
			must(t, err)
			missing, err := s.Explain(t.Context(), s.p, path(t, "/Projects/maps/deep/nothing"), deed)
			must(t, err)
			missing.Path = there.Path
			if there.Allowed || !reflect.DeepEqual(there, missing) {
				t.Errorf("%s, %s: %+v, but of what is not there %+v", s.p.User, deed, there, missing)
			}
		}
		if _, err := s.Explain(t.Context(), x.sam.p, path(t, tilesOwn), ToRead); kindOf(err) != AccessControl {
			t.Errorf("%s asks about sam: %v", s.p.User, err)
		}
		_, err := s.EffectiveAccess(t.Context(), path(t, tilesOwn), x.auth.Principal)
		wantKind(t, s.p.User+" asks about all", err, AccessControl, "may not ask what others may do with "+tilesOwn)
	}
	if _, err := x.ada.Explain(t.Context(), x.sam.p, path(t, tilesOwn), ToRead); err != nil {
		t.Errorf("ada asks about sam: %v", err)
	}
}

// TestExplainAgreesWithTheDeed draws trees and callers, explains what they may do, and compares that with what happens.
func TestExplainAgreesWithTheDeed(t *testing.T) {
	fs := newFS(t)
	root := fs.steward()
	people := []string{"olga", "ann", "ben", "cat"}
	for _, name := range people {
		groups := []string{"staff"}
		if name == "ann" || name == "cat" {
			groups = append(groups, "team")
		}
		fs.as(t, name, groups...)
	}
	must(t, fs.makeProject(t.Context(), "p", "olga"))
	must(t, fs.setMember(t.Context(), "p", "ann", Scientist))
	must(t, fs.setMember(t.Context(), "p", "ben", Observer))
	must(t, root.SetPermission(t.Context(), path(t, "/Projects/p"), 0o777))
	must(t, ignore(root.Mkdirs(t.Context(), path(t, "/common"), MkdirOptions{Mode: 0o777})))
	drawn, agreed := 0, map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		drawn++
		base := fmt.Sprintf("%s/x%d", rapid.SampledFrom([]string{"/Projects/p", "/common"}).Draw(t, "base"), drawn)
		furnish := func(name string, dir bool) {
			p := mustPath(name)
			if dir {
				must2(t, ignore(root.Mkdirs(t.Context(), p, MkdirOptions{Mode: 0o755})))
			} else {
				must2(t, ignore(root.Create(t.Context(), p, CreateOptions{Mode: 0o644, Size: -1}, strings.NewReader("x"))))
			}
			bits := rapid.SampledFrom([]int{0o777, 0o770, 0o750, 0o755, 0o700, 0o711, 0o440, 0o1777, 0o070, 0o007}).Draw(t, "mode of "+name)
			must2(t, root.SetOwner(t.Context(), p, rapid.SampledFrom(people).Draw(t, "owner"), rapid.SampledFrom([]string{"p", "team", "none"}).Draw(t, "group")))
			must2(t, root.SetPermission(t.Context(), p, perm.Mode(bits)))
			if rapid.Bool().Draw(t, "entry") {
				entry := perm.Entry{Type: perm.User, Name: rapid.SampledFrom(people).Draw(t, "for"), Perm: perm.Action(rapid.IntRange(0, 7).Draw(t, "rights"))}
				must2(t, root.ModifyACL(t.Context(), p, []perm.Entry{entry}))
			}
		}
		furnish(base, true)
		furnish(base+"/d", true)
		furnish(base+"/d/f", false)
		furnish(base+"/d/e", true)
		furnish(base+"/d/e/g", false)
		name := base + rapid.SampledFrom([]string{"/d", "/d/f", "/d/e", "/d/e/g", "/none", "/d/none", "/d/none/none", "/d/f/none"}).Draw(t, "target")
		deed := rapid.SampledFrom(Deeds).Draw(t, "deed")
		p, err := fs.auth.Simple(t.Context(), rapid.SampledFrom(append(people, superuser)).Draw(t, "user"))
		must2(t, err)
		s := fs.As(p)
		why, err := s.Explain(t.Context(), p, mustPath(name), deed)
		must2(t, err)
		if (why.Reason == "") != why.Allowed {
			t.Fatalf("allowed %v, because %q", why.Allowed, why.Reason)
		}
		err = s.do(t, deed, name)
		switch kindOf(err) {
		case allowed, AccessControl, ParentNotDirectory, NotExist:
		case Exist: // a directory exists, of which only those who may create something here are told
			err = nil
		default:
			t.Fatalf("%s: %v", deed, err)
		}
		if why.Allowed != (err == nil) {
			t.Fatalf("%s may %s %s: explained as %v (%s), %+v; and done: %v", p.User, deed, name, why.Allowed, why.Reason, why.Steps, err)
		}
		agreed[why.Allowed]++
	})
	if agreed[true] == 0 || agreed[false] == 0 {
		t.Errorf("all were alike: %v", agreed)
	}
	t.Logf("soak: %d explanations were as what came of it, %d of them refusals", drawn, agreed[false])
}

func must2(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do does the deed.
func (s *Session) do(t *rapid.T, deed Deed, name string) error {
	ctx, p := t.Context(), mustPath(name)
	status, missing := s.fs.steward().Stat(ctx, p)
	switch deed {
	case ToRead:
		if missing == nil && status.Dir {
			return s.List(ctx, p, func(Status) error { return nil })
		}
		r, err := s.Open(ctx, p, 0, -1)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		r.Close()
		return err
	case ToWrite:
		if missing == nil && status.Dir {
			return ignore(s.Create(ctx, p.Join("made"), CreateOptions{Mode: 0o644, Size: -1}, strings.NewReader("x")))
		}
		return s.Append(ctx, p, -1, strings.NewReader("x"))
	case ToCreate:
		return ignore(s.Create(ctx, p, CreateOptions{Overwrite: true, CreateParent: true, Mode: 0o644, Size: -1}, strings.NewReader("x")))
	case ToDelete:
		done, err := s.Delete(ctx, p, true)
		if err == nil && !done {
			return fail(NotExist, "there was nothing")
		}
		return err
	default:
		return s.SetPermission(ctx, p, 0o755)
	}
}
