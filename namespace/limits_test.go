package namespace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// TestAnIdTellsNothing checks that the id of a dataset or an inode leads to no path that the caller may not go to, and does not
// reveal whether there is one.
func TestAnIdTellsNothing(t *testing.T) {
	x := newSharing(t)
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	const missing = 1 << 40
	for name, s := range map[string]*Session{
		"stranger": x.eve, "token for another project": x.limited(t, "ada", auth.Scope{Project: vision}),
		"superuser's token for another project": x.limited(t, superuser, auth.Scope{Project: vision}),
	} {
		for what, ask := range map[string]func(id int64) error{
			"describe": func(id int64) error { return ignore(s.Dataset(t.Context(), id)) },
			"change":   func(id int64) error { return ignore(s.ChangeDataset(t.Context(), id, DatasetChange{})) },
			"end":      func(id int64) error { return s.EndDataset(t.Context(), id) },
			"offer": func(id int64) error {
				return ignore(s.OfferShare(t.Context(), Offer{Dataset: id, ToUser: "sam", Level: Read}))
			},
			"stat":        func(id int64) error { return ignore(s.Stat(t.Context(), inodePath(id))) },
			"stat below":  func(id int64) error { return ignore(s.Stat(t.Context(), inodePath(id).Join("a"))) },
			"stat inside": func(id int64) error { return ignore(s.Stat(t.Context(), inodePath(id).Join("no"))) },
			"summary":     func(id int64) error { return ignore(s.Summary(t.Context(), inodePath(id))) },
		} {
			got, want := ask(x.tiles.ID), ask(missing)
			if kindOf(got) != NotExist || strings.ReplaceAll(got.Error(), sharePath(x.tiles.ID).Name(), sharePath(missing).Name()) != want.Error() {
				t.Errorf("%s, %s: %v, but of none %v", name, what, got, want)
			}
		}
	}
}

// TestReadOnlyTokensSeeShares checks that such tokens see shares that they may not answer or end.
func TestReadOnlyTokensSeeShares(t *testing.T) {
	x := newSharing(t)
	withVision, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	withEve, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	for user, share := range map[string]Share{"ada": withVision, "bob": withVision, "eve": withEve} {
		s := x.limited(t, user, auth.Scope{Verbs: auth.Read})
		if _, err := s.Share(t.Context(), share.ID); err != nil {
			t.Errorf("%s does not see the share: %v", user, err)
		}
		refusedBy(t, user+" ends it", s.EndShare(t.Context(), share.ID), "limited to read")
		if user != "ada" {
			refusedBy(t, user+" accepts it", ignore(s.AcceptShare(t.Context(), share.ID, "")), "limited to read")
		}
	}
	mine, err := x.limited(t, "eve", auth.Scope{Verbs: auth.Read}).SharesWithMe(t.Context(), 0, 10)
	if err != nil || len(mine) != 1 {
		t.Errorf("eve sees %+v, %v", mine, err)
	}
}

// TestArchivedProjectsGiveNothingMore checks that archived projects neither give nor receive; what was given can be taken back.
func TestArchivedProjectsGiveNothingMore(t *testing.T) {
	x := newSharing(t)
	x.still()
	yes, no := true, false
	words := "Published."
	offer, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, x.bob.ChangeProject(t.Context(), "vision", ProjectChange{Archived: &yes}))
	refusedBy(t, "accept into an archived project", ignore(x.bob.AcceptShare(t.Context(), offer.ID, "")), "archived")
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &yes})))
	toEve, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Archived: &yes}))
	refusedBy(t, "accept from an archived project", ignore(x.eve.AcceptShare(t.Context(), toEve.ID, "")), "archived")
	must(t, x.ada.EndShare(t.Context(), toEve.ID))
	for what, err := range map[string]error{
		"make a dataset": ignore(x.ada.MakeDataset(t.Context(), path(t, "/Projects/maps/deep"), MakeDatasetOptions{})),
		"publish":        ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &yes})),
		"list":           ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Listed: &yes})),
		"describe":       ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Description: &words})),
		"offer":          ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})),
	} {
		refusedBy(t, what, err, "archived")
	}
	must(t, x.ada.DeleteProject(t.Context(), "maps"))
	must(t, x.ada.RestoreProject(t.Context(), "maps"))
	refusedBy(t, "publish after it was in the trash", ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &yes})), "archived")
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &no})))
	must(t, x.ada.EndShare(t.Context(), offer.ID))
	must(t, x.ada.EndDataset(t.Context(), x.tiles.ID))
}

// TestWhoWasASuperuserIsNone checks that privileges end once their removal has been answered, whatever a session remembers.
func TestWhoWasASuperuserIsNone(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/d/f", []byte("x"))
	must(t, fs.as(t, superuser).SetPermission(t.Context(), path(t, "/d"), 0o777))
	fs.as(t, "max", "team")
	fs.as(t, "ann", "team")
	projects := 0
	limit, trusted, raw := int64(100), XattrName{"trusted", "a"}, XattrName{"raw", "a"}
	deeds := map[string]func(s *Session) error{
		"quota": func(s *Session) error { return s.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &limit}) },
		"xattr": func(s *Session) error {
			return s.SetXattr(t.Context(), path(t, "/d"), Xattr{trusted, nil}, XattrFlags{Create: true, Replace: true})
		},
		"raw xattr": func(s *Session) error {
			return s.SetXattr(t.Context(), path(t, "/.reserved/raw/d"), Xattr{raw, nil}, XattrFlags{Create: true, Replace: true})
		},
		"removal of a raw xattr": func(s *Session) error {
			must(t, fs.steward().SetXattr(t.Context(), path(t, "/.reserved/raw/d"), Xattr{raw, nil}, XattrFlags{Create: true, Replace: true}))
			return s.RemoveXattr(t.Context(), path(t, "/.reserved/raw/d"), raw)
		},
		"audit": func(s *Session) error {
			_, _, err := s.Audit(t.Context(), AuditQuery{User: superuser})
			return err
		},
		"all projects": func(s *Session) error { return ignore(s.Projects(t.Context(), "", 10, true)) },
		"a project for another": func(s *Session) error {
			projects++
			return s.CreateProject(t.Context(), NewProject{Name: fmt.Sprintf("p%d", projects), Owner: "ann"})
		},
		"owner": func(s *Session) error { return s.SetOwner(t.Context(), path(t, "/d"), "max", "") },
	}
	for name, do := range deeds {
		must(t, fs.auth.SetAdmin(t.Context(), "max", true))
		s := fs.as(t, "max")
		if name != "owner" {
			must(t, do(s))
			s = fs.as(t, "max")
		}
		must(t, fs.auth.SetAdmin(t.Context(), "max", false))
		if err := do(s); kindOf(err) != AccessControl {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhoBecameASuperuserIsOne checks that privileges begin once they were given, whatever a session remembers.
func TestWhoBecameASuperuserIsOne(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/d/f", []byte("x"))
	fs.as(t, "max", "team")
	fs.as(t, "ann", "team")
	limit, both := int64(100), XattrFlags{Create: true, Replace: true}
	for name, do := range map[string]func(s *Session) error{
		"quota": func(s *Session) error { return s.SetQuota(t.Context(), path(t, "/d"), QuotaChange{Names: &limit}) },
		"xattr": func(s *Session) error {
			return s.SetXattr(t.Context(), path(t, "/d"), Xattr{XattrName{"trusted", "a"}, nil}, both)
		},
		"reading of an xattr": func(s *Session) error {
			must(t, fs.steward().SetXattr(t.Context(), path(t, "/d"), Xattr{XattrName{"trusted", "b"}, nil}, both))
			return ignore(s.Xattrs(t.Context(), path(t, "/d"), []XattrName{{"trusted", "b"}}))
		},
		"raw path": func(s *Session) error { return s.SetPermission(t.Context(), path(t, "/.reserved/raw/d"), 0o755) },
		"raw source": func(s *Session) error {
			return ignore(s.Rename(t.Context(), path(t, "/.reserved/raw/d/f"), path(t, "/d/f")))
		},
		"raw target": func(s *Session) error {
			return ignore(s.Rename(t.Context(), path(t, "/d/f"), path(t, "/.reserved/raw/d/f")))
		},
		"snapshots":             func(s *Session) error { return s.DisallowSnapshots(t.Context(), path(t, "/d")) },
		"all projects":          func(s *Session) error { return ignore(s.Projects(t.Context(), "", 10, true)) },
		"a project for another": func(s *Session) error { return s.CreateProject(t.Context(), NewProject{Name: "p", Owner: "ann"}) },
	} {
		s := fs.as(t, "max")
		must(t, fs.auth.SetAdmin(t.Context(), "max", true))
		if err := do(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, fs.auth.SetAdmin(t.Context(), "max", false))
	}
}

// TestListsAreNotForWhoLeft checks that requests that walk no path look the principal up, too.
func TestListsAreNotForWhoLeft(t *testing.T) {
	x := newSharing(t)
	maps, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	inside, err := x.limited(t, "ada", auth.Scope{Project: maps, Root: x.tiles.ID}).Projects(t.Context(), "", 10, false)
	if err != nil || len(inside) != 0 {
		t.Errorf("a token for a directory lists %+v, %v", inside, err)
	}
	must(t, x.auth.Disable(t.Context(), "ada"))
	if all, err := x.ada.Projects(t.Context(), "", 10, false); kindOf(err) != AccessControl {
		t.Errorf("disabled: %+v, %v", all, err)
	}
	if all, err := x.ada.SharesWithMe(t.Context(), 0, 10); kindOf(err) != AccessControl {
		t.Errorf("disabled: %+v, %v", all, err)
	}
}

// TestListsKeepToATokensLimits checks that requests that walk no path are held to the limits of a token, too.
func TestListsKeepToATokensLimits(t *testing.T) {
	x := newSharing(t)
	maps, vision := mustID(t, x, "maps"), mustID(t, x, "vision")
	yes := true
	for project, owner := range map[string]*Session{"maps": x.ada, "vision": x.bob} {
		must(t, owner.ChangeProject(t.Context(), project, ProjectChange{Listed: &yes}))
		must(t, ignore(x.eve.RequestAccess(t.Context(), project, 0, "")))
	}
	must(t, x.ada.CreateProject(t.Context(), NewProject{Name: "third"}))
	must(t, x.ada.SetMember(t.Context(), "third", "eve", Observer))
	x.share(t, Offer{ToUser: "eve", Level: Read})
	root := x.as(t, superuser)
	for _, c := range []struct {
		user                       string
		scope                      auth.Scope
		requests, shares, projects string
		all                        string // for superusers
	}{
		{user: "eve", requests: "maps vision", shares: "maps", projects: "third", all: "refused"},
		{user: "eve", scope: auth.Scope{Verbs: auth.Read}, requests: "maps vision", shares: "maps", projects: "third", all: "refused"},
		{user: "eve", scope: auth.Scope{Verbs: auth.Add | auth.Write | auth.Manage}, requests: "refused", shares: "refused", projects: "refused", all: "refused"},
		{user: "eve", scope: auth.Scope{Project: vision}, requests: "vision", all: "refused"},
		{user: "eve", scope: auth.Scope{Project: maps, Root: x.tiles.ID}},
		{user: "eve", scope: auth.Scope{Root: x.tiles.ID}},
		{user: superuser, all: "maps third vision"},
		{user: superuser, scope: auth.Scope{Verbs: auth.Read}, all: "refused"},
		{user: superuser, scope: auth.Scope{Verbs: auth.Add}, requests: "refused", shares: "refused", projects: "refused", all: "refused"},
		{user: superuser, scope: auth.Scope{Project: maps}, all: "refused"},
	} {
		s := root
		if c.user != superuser || !c.scope.IsZero() {
			s = x.limited(t, c.user, c.scope)
		}
		names := func(all []string, err error) string {
			switch {
			case kindOf(err) == AccessControl:
				return "refused"
			case err != nil:
				return err.Error()
			}
			return strings.Join(all, " ")
		}
		requests, requestsErr := s.MyRequests(t.Context(), 0, 10)
		slices.SortFunc(requests, func(a, b Request) int { return strings.Compare(a.Project, b.Project) })
		shares, sharesErr := s.SharesWithMe(t.Context(), 0, 10)
		projects, projectsErr := s.Projects(t.Context(), "", 10, false)
		all, allErr := s.Projects(t.Context(), "", 10, true)
		name := func(p Project) string { return p.Name }
		for what, got := range map[string][2]string{
			"requests":     {names(column(requests, func(r Request) string { return r.Project }), requestsErr), c.requests},
			"shares":       {names(column(shares, func(s Share) string { return s.Project }), sharesErr), c.shares},
			"projects":     {names(column(projects, name), projectsErr), c.projects},
			"all projects": {names(column(all, name), allErr), c.all},
		} {
			if got[0] != got[1] {
				t.Errorf("%s, %+v: %s %q, want %q", c.user, c.scope, what, got[0], got[1])
			}
		}
	}
}

// TestALongListingIsForWhoMayListIt checks that the rights to list a directory are checked for each page.
func TestALongListingIsForWhoMayListIt(t *testing.T) {
	for name, end := range map[string]func(x *sharing){
		"no member any more": func(x *sharing) { must(t, x.bob.RemoveMember(t.Context(), "vision", "sam")) },
		"closed":             func(x *sharing) { must(t, x.bob.SetPermission(t.Context(), path(t, "/Projects/vision/long"), 0)) },
		"disabled":           func(x *sharing) { must(t, x.auth.Disable(t.Context(), "sam")) },
		"another one": func(x *sharing) {
			must(t, ignore(x.bob.Rename(t.Context(), path(t, "/Projects/vision/long"), path(t, "/Projects/vision/moved"))))
			must(t, ignore(x.bob.Mkdirs(t.Context(), path(t, "/Projects/vision/long"), MkdirOptions{Mode: 0o777})))
			x.bob.put(t, "/Projects/vision/long/zz", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newSharing(t)
			must(t, ignore(x.bob.Mkdirs(t.Context(), path(t, "/Projects/vision/long"), MkdirOptions{Mode: 0o770})))
			for i := range listPage + 1 {
				x.bob.put(t, fmt.Sprintf("/Projects/vision/long/%04d", i), nil)
			}
			var all, seen int
			must(t, x.sam.List(t.Context(), path(t, "/Projects/vision/long"), func(Status) error { all++; return nil }))
			err := x.sam.ListPages(t.Context(), path(t, "/Projects/vision/long"), func(p *Page) error {
				if seen += len(p.Entries); seen == listPage {
					end(x)
				}
				return nil
			})
			want := AccessControl
			if name == "another one" || name == "no member any more" { // others than members know of nothing there
				want = NotExist
			}
			if all != listPage+1 || seen != listPage || kindOf(err) != want {
				t.Errorf("%d of %d entries, %v", seen, all, err)
			}
		})
	}
}

// TestObserversChangeNothing checks that observers change neither the mode of what they made before they were, nor any attribute.
func TestObserversChangeNothing(t *testing.T) {
	x := newSharing(t)
	x.sam.put(t, "/Projects/vision/f", []byte("x"))
	must(t, x.sam.SetPermission(t.Context(), path(t, "/Projects/vision/f"), 0o666))
	must(t, x.bob.SetMember(t.Context(), "vision", "sam", Observer))
	changing, reading := calls(x.sam, path(t, "/Projects/vision/f"))
	changing["unreadable"] = func(ctx context.Context) error {
		return x.sam.SetXattr(ctx, path(t, "/Projects/vision/f"), Xattr{unreadable, nil}, XattrFlags{Create: true})
	}
	for name, do := range changing {
		if err := do(t.Context()); kindOf(err) != AccessControl {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, do := range reading {
		if err := do(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
