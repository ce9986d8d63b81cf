package namespace

import (
	"strings"
	"testing"

	"granary/auth"
	"granary/auth/perm"
)

// TestScopesAndShares checks that a token for the recipients' project reaches a share where it is shown, and nowhere else.
func TestScopesAndShares(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	limited := x.limited(t, "sam", auth.Scope{Project: vision})
	if got := may(t, limited, tilesShown); got != "rwc" {
		t.Errorf("where it is shown: %s", got)
	}
	if got := may(t, limited, tilesOwn); got != "---" {
		t.Errorf("at its own path: %s", got)
	}
	// A long file is written by way of its inode, and must find the same way back.
	if _, err := limited.Create(t.Context(), path(t, tilesShown+"/long"), CreateOptions{Size: -1, Mode: 0o640}, strings.NewReader(strings.Repeat("x", 3*InlineMax))); err != nil {
		t.Errorf("a long file: %v", err)
	}
	if err := limited.Append(t.Context(), path(t, tilesShown+"/long"), -1, strings.NewReader(strings.Repeat("x", 3*InlineMax))); err != nil {
		t.Errorf("a long append: %v", err)
	}
}

// TestATokenForTheRecipientsIsNoMembersOfTheGiver checks that the token of a member of both projects counts as that of a member of
// its own project alone, and is refused what such a member is refused.
func TestATokenForTheRecipientsIsNoMembersOfTheGiver(t *testing.T) {
	x := newSharing(t)
	x.ada.put(t, tilesOwn+"/closed", nil)
	must(t, x.ada.SetPermission(t.Context(), path(t, tilesOwn+"/closed"), 0o600))
	closed := path(t, tilesShown+"/closed")
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	for _, tt := range []struct {
		level          Level
		role           Role
		whole, limited string
	}{
		{Read, Owner, "rwc", "r--"},
		{Read, Scientist, "rwc", "r--"},
		{Read, Observer, "r--", "r--"},
		{Edit, Owner, "rwc", "rwc"},
		{Edit, Observer, "r--", "r--"},
	} {
		x.share(t, Offer{ToProject: "vision", Level: tt.level})
		must(t, x.ada.SetMember(t.Context(), "maps", "sam", tt.role))
		limited := x.limited(t, "sam", auth.Scope{Project: vision})
		for range 2 { // found, and remembered
			if got := may(t, x.sam, tilesShown); got != tt.whole {
				t.Errorf("%v, without limits: %s", tt, got)
			}
			if got := may(t, limited, tilesShown); got != tt.limited {
				t.Errorf("%v, limited: %s", tt, got)
			}
		}
		for what, err := range map[string]error{
			"opens":              limited.CheckAccess(t.Context(), closed, perm.Read),
			"chmods":             limited.SetPermission(t.Context(), closed, 0o666),
			"gives the group of": limited.SetOwner(t.Context(), closed, "", "maps"),
			"deletes all with":   ignore(limited.Delete(t.Context(), path(t, tilesShown), true)),
			"asks who may open":  ignore(limited.EffectiveAccess(t.Context(), closed, x.auth.Principal)),
		} {
			if err == nil {
				t.Errorf("%v %s what is closed", tt, what)
			}
		}
		for _, deed := range []Deed{ToRead, ToWrite, ToManage} {
			if e, err := limited.Explain(t.Context(), limited.p, closed, deed); err != nil || e.Allowed {
				t.Errorf("%v: explained that it may %s: %+v, %v", tt, deed, e, err)
			}
		}
	}
}

// TestATokenForTheRecipientsIsNoSuperusersOfTheGiver checks that a superuser's token for a project changes in what is shared with it only
// what the share allows, by whatever operation.
func TestATokenForTheRecipientsIsNoSuperusersOfTheGiver(t *testing.T) {
	x := newSharing(t)
	x.as(t, "max", "people")
	must(t, x.auth.SetAdmin(t.Context(), "max", true))
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	limit, trusted := int64(100), Xattr{Name: XattrName{"trusted", "a"}}
	for _, tt := range []struct {
		level Level
		role  Role // of max in vision
		may   string
	}{
		{Read, "", "r--"},
		{Read, Owner, "r--"},
		{Edit, "", "r--"},
		{Edit, Observer, "r--"},
		{Edit, Scientist, "rwc"},
		{EditByOwners, Scientist, "r--"},
	} {
		x.share(t, Offer{ToProject: "vision", Level: tt.level})
		if tt.role != "" {
			must(t, x.bob.SetMember(t.Context(), "vision", "max", tt.role))
		}
		limited := x.limited(t, "max", auth.Scope{Project: vision})
		for range 2 { // found, and remembered
			if got := may(t, limited, tilesShown); got != tt.may {
				t.Errorf("%v: %s", tt, got)
			}
		}
		if tt.may == "r--" {
			for what, err := range map[string]error{
				"chmod": limited.SetPermission(t.Context(), path(t, tilesShown+"/a"), 0o666),
				"chown": limited.SetOwner(t.Context(), path(t, tilesShown+"/a"), "max", ""),
				"quota": limited.SetQuota(t.Context(), path(t, tilesShown), QuotaChange{Names: &limit}),
				"xattr": limited.SetXattr(t.Context(), path(t, tilesShown+"/a"), trusted, XattrFlags{Create: true}),
			} {
				refusedBy(t, what, err, "the token is limited to a project")
			}
		}
		limited.put(t, "/Projects/vision/own", nil)
		if tt.role != "" {
			must(t, x.bob.RemoveMember(t.Context(), "vision", "max"))
		}
	}
	if got := may(t, x.as(t, "max"), tilesShown); got != "rwc" {
		t.Errorf("without limits: %s", got)
	}
}

// What a job copies from a dataset that is shown in its project lies in another project, whose paths not everybody who follows
// the feed may know.
func TestJobsFromAMountNameNoSources(t *testing.T) {
	x := newSharing(t, working)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	x.do(t, x.bob, JobCopy, "/Projects/vision/copy", tilesShown).want(t, JobDone, "")
	events, err := x.bob.Events(t.Context(), "vision", 0, 0)
	must(t, err)
	if last := events[len(events)-1]; last.Op != string(JobCopy) || last.Detail.Sources != nil {
		t.Errorf("the event is %+v", last)
	}
}

// TestATokenForTheRecipientsHasNoOtherShares checks that shares with a third project, or with the user in person, add nothing to what
// the token's project was given.
func TestATokenForTheRecipientsHasNoOtherShares(t *testing.T) {
	x := newSharing(t)
	must(t, x.bob.CreateProject(t.Context(), NewProject{Name: "sound"}))
	must(t, x.bob.SetMember(t.Context(), "sound", "sam", Scientist))
	vision, err := x.ProjectID(t.Context(), "vision")
	must(t, err)
	maps, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	limited := x.limited(t, "sam", auth.Scope{Project: vision})
	x.share(t, Offer{ToProject: "vision", Level: Read})
	for _, other := range []Offer{{ToProject: "sound", Level: Edit}, {ToUser: "sam", Level: Edit}} {
		share := x.share(t, other)
		for range 2 { // found, and remembered
			if got := may(t, x.sam, tilesShown); got != "rwc" {
				t.Errorf("%+v, without limits: %s", other, got)
			}
			if got := may(t, limited, tilesShown); got != "r--" {
				t.Errorf("%+v, limited: %s", other, got)
			}
		}
		if e, err := limited.Explain(t.Context(), limited.p, path(t, tilesShown+"/a"), ToWrite); err != nil || e.Allowed {
			t.Errorf("%+v: explained that it may write: %+v, %v", other, e, err)
		}
		if got := may(t, x.limited(t, "sam", auth.Scope{Project: maps}), tilesOwn); got != "rwc" {
			t.Errorf("%+v, limited to the giver: %s", other, got)
		}
		must(t, x.ada.EndShare(t.Context(), share.ID))
	}
}
