package namespace

import (
	"strings"
	"testing"

	"granary/auth/perm"
)

// sharing is two projects and their people: ada owns maps and shares /Projects/maps/deep/tiles; bob owns vision, sam is a
// scientist there and otto an observer; eve is in neither.
type sharing struct {
	*testFS
	ada, bob, sam, otto, eve *Session
	tiles                    Dataset
}

func newSharing(t *testing.T, change ...func(*Config)) *sharing {
	t.Helper()
	fs := newFS(t, change...)
	x := &sharing{testFS: fs}
	for name, s := range map[string]**Session{"ada": &x.ada, "bob": &x.bob, "sam": &x.sam, "otto": &x.otto, "eve": &x.eve} {
		*s = fs.as(t, name, "people")
	}
	must(t, x.ada.CreateProject(t.Context(), NewProject{Name: "maps"}))
	must(t, x.bob.CreateProject(t.Context(), NewProject{Name: "vision"}))
	must(t, x.bob.SetMember(t.Context(), "vision", "sam", Scientist))
	must(t, x.bob.SetMember(t.Context(), "vision", "otto", Observer))
	x.ada.put(t, "/Projects/maps/deep/tiles/a", []byte("tile"))
	x.ada.put(t, "/Projects/maps/deep/other", []byte("other"))
	for _, dir := range []string{"/Projects/maps/deep", "/Projects/maps/deep/tiles"} {
		must(t, x.ada.SetPermission(t.Context(), path(t, dir), 0o770))
	}
	must(t, x.ada.SetPermission(t.Context(), path(t, "/Projects/maps/deep/tiles/a"), 0o660))
	tiles, err := x.ada.MakeDataset(t.Context(), path(t, "/Projects/maps/deep/tiles"), MakeDatasetOptions{DatasetInfo: DatasetInfo{Description: "Tiles."}})
	must(t, err)
	x.tiles = tiles
	return x
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// share offers the tiles and accepts them.
func (x *sharing) share(t *testing.T, o Offer) Share {
	t.Helper()
	o.Dataset = x.tiles.ID
	s, err := x.ada.OfferShare(t.Context(), o)
	must(t, err)
	acceptor := x.bob
	if o.ToUser != "" {
		acceptor = x.as(t, o.ToUser)
	}
	s, err = acceptor.AcceptShare(t.Context(), s.ID, "")
	must(t, err)
	return s
}

// may returns in three letters what s may do with the tiles by the path of their directory: read one, write one, make one.
func may(t *testing.T, s *Session, dir string) string {
	t.Helper()
	b := []byte("---")
	if err := s.CheckAccess(t.Context(), path(t, dir+"/a"), perm.Read); err == nil {
		b[0] = 'r'
	}
	if err := s.CheckAccess(t.Context(), path(t, dir+"/a"), perm.Write); err == nil {
		b[1] = 'w'
	}
	if _, err := s.Create(t.Context(), path(t, dir+"/"+s.p.User), CreateOptions{Overwrite: true, Mode: 0o640, Size: -1}, strings.NewReader("x")); err == nil {
		b[2] = 'c'
		if _, err := s.Delete(t.Context(), path(t, dir+"/"+s.p.User), false); err != nil {
			t.Errorf("%s cannot delete what it made: %v", s.p.User, err)
		}
	}
	return string(b)
}

const (
	tilesOwn   = "/Projects/maps/deep/tiles"
	tilesShown = "/Projects/vision/Shared/maps.tiles"
)

// TestWhatSharesGive checks the truth table of DESIGN.md: who may do what, by both paths.
func TestWhatSharesGive(t *testing.T) {
	for name, tt := range map[string]struct {
		offer Offer
		may   map[string]string // by user; the same at both paths
		shown bool
	}{
		"read":           {Offer{ToProject: "vision", Level: Read}, map[string]string{"bob": "r--", "sam": "r--", "otto": "r--", "eve": "---"}, true},
		"edit":           {Offer{ToProject: "vision", Level: Edit}, map[string]string{"bob": "rwc", "sam": "rwc", "otto": "r--", "eve": "---"}, true},
		"edit by owners": {Offer{ToProject: "vision", Level: EditByOwners}, map[string]string{"bob": "rwc", "sam": "r--", "otto": "r--", "eve": "---"}, true},
		"with a person":  {Offer{ToUser: "eve", Level: Read}, map[string]string{"bob": "---", "sam": "---", "otto": "---", "eve": "r--"}, false},
		"person, edit":   {Offer{ToUser: "eve", Level: Edit}, map[string]string{"bob": "---", "eve": "rwc"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			x := newSharing(t)
			s := x.share(t, tt.offer)
			sessions := map[string]*Session{"bob": x.bob, "sam": x.sam, "otto": x.otto, "eve": x.eve}
			for user, want := range tt.may {
				if got := may(t, sessions[user], tilesOwn); got != want {
					t.Errorf("%s, own path: %s, want %s", user, got, want)
				}
				if want := want; tt.shown {
					if got := may(t, sessions[user], tilesShown); got != want {
						t.Errorf("%s, where it is shown: %s, want %s", user, got, want)
					}
				}
				// What lies beside the dataset stays closed, though the way to the dataset passes it.
				for _, beside := range []string{"/Projects/maps/deep/other", "/Projects/maps/deep/nothing"} {
					if _, err := sessions[user].Stat(t.Context(), path(t, beside)); err == nil || want != "---" && kindOf(err) != AccessControl {
						t.Errorf("%s sees %s: %v", user, beside, err)
					}
				}
				if err := sessions[user].List(t.Context(), path(t, "/Projects/maps/deep"), func(Status) error { return nil }); err == nil {
					t.Errorf("%s lists the directory above", user)
				}
			}
			// A client that copies ACLs does not copy the share.
			acl, err := x.ada.ACL(t.Context(), path(t, tilesOwn+"/a"))
			must(t, err)
			if entries := acl.Perms.Entries(); len(entries) > 0 {
				t.Errorf("the ACL has %v", entries)
			}
			// Either side can end the share, and then nothing is left of it.
			end := map[bool]*Session{true: x.ada, false: x.bob}[tt.offer.Level == Read]
			if tt.offer.ToUser != "" {
				end = x.eve
			}
			must(t, end.EndShare(t.Context(), s.ID))
			for user := range tt.may {
				for _, at := range []string{tilesOwn, tilesShown} {
					if got := may(t, sessions[user], at); got != "---" {
						t.Errorf("%s, after the end: %s at %s", user, got, at)
					}
				}
				if _, err := sessions[user].Stat(t.Context(), path(t, tilesOwn)); kindOf(err) != NotExist {
					t.Errorf("%s, after the end: %v; want that nothing is there", user, err)
				}
			}
			must(t, x.Reap(t.Context()))
			x.clean(t)
		})
	}
}

// TestTheMaskLimitsShares checks that a share is limited by the mask, as every group entry is.
func TestTheMaskLimitsShares(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	must(t, x.ada.SetPermission(t.Context(), path(t, tilesOwn), 0o750))
	must(t, x.ada.SetPermission(t.Context(), path(t, tilesOwn+"/a"), 0o640))
	if got := may(t, x.sam, tilesOwn); got != "r--" {
		t.Errorf("%s, want r--", got)
	}
	// A user entry comes before all groups.
	must(t, x.ada.ModifyACL(t.Context(), path(t, tilesOwn+"/a"), []perm.Entry{{Type: perm.User, Name: "sam"}}))
	if got := may(t, x.sam, tilesOwn); got != "---" {
		t.Errorf("with an entry of his own that gives nothing: %s", got)
	}
}

func TestPublicDatasets(t *testing.T) {
	x := newSharing(t)
	if got := may(t, x.eve, tilesOwn); got != "---" {
		t.Fatalf("before: %s", got)
	}
	public := true
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &public})))
	must(t, x.ada.SetPermission(t.Context(), path(t, tilesOwn+"/a"), 0o666))
	if got := may(t, x.eve, tilesOwn); got != "r--" {
		t.Errorf("published: %s, want r--, whatever the mode gives to others", got)
	}
	public = false
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Public: &public})))
	if _, err := x.eve.Stat(t.Context(), path(t, tilesOwn)); kindOf(err) != NotExist {
		t.Errorf("taken back: %v", err)
	}
}

// TestAnOfferGivesNothing checks that an offer gives nothing before it is accepted, or when it is rejected.
func TestAnOfferGivesNothing(t *testing.T) {
	x := newSharing(t)
	s, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Edit})
	must(t, err)
	if got := may(t, x.bob, tilesOwn); got != "---" {
		t.Errorf("offered: %s", got)
	}
	if s.Accepted || s.Path.String() != tilesOwn {
		t.Errorf("the offer is %+v", s)
	}
	seen, err := x.bob.Share(t.Context(), s.ID)
	must(t, err)
	if seen.Path != (Path{}) || seen.Project != "maps" || seen.Name != "tiles" {
		t.Errorf("bob sees %+v; want the names, not the path", seen)
	}
	for name, s2 := range map[string]*Session{"sam": x.sam, "eve": x.eve, "ada": x.ada} {
		if _, err := s2.AcceptShare(t.Context(), s.ID, ""); err == nil {
			t.Errorf("%s accepted it", name)
		}
	}
	if _, err := x.eve.Share(t.Context(), s.ID); kindOf(err) != NotExist {
		t.Errorf("eve sees the offer: %v", err)
	}
	must(t, x.bob.EndShare(t.Context(), s.ID))
	if _, err := x.bob.AcceptShare(t.Context(), s.ID, ""); kindOf(err) != NotExist {
		t.Errorf("accepted after it was rejected: %v", err)
	}
}

// TestOffersAreBounded checks the number of open offers: nobody asked for them, and their recipient can only answer.
func TestOffersAreBounded(t *testing.T) {
	x := newSharing(t)
	maps, err := x.ProjectID(t.Context(), "maps")
	must(t, err)
	for _, o := range []Offer{{ToProject: "vision", Level: Read}, {ToUser: "eve", Level: Read}} {
		o.Dataset = x.tiles.ID
		x.exec(t, `INSERT INTO shares (project_id, inode_id, to_project, to_user, level, offered_by)
			SELECT $1, 1000000 + n, (SELECT id FROM projects WHERE name = nullif($2, '')), (SELECT id FROM users WHERE name = $3), 'read', 'ada' FROM generate_series(1, $4) n`,
			maps, o.ToProject, o.ToUser, maxOffers)
		refused := func(what string) {
			t.Helper()
			if _, err := x.ada.OfferShare(t.Context(), o); kindOf(err) != IO || !strings.Contains(err.Error(), "not accepted") {
				t.Errorf("%s: %v", what, err)
			}
		}
		refused("one too many")
		must(t, ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "sam", Level: Read}))) // for another recipient
		x.exec(t, `UPDATE shares SET accepted = now() WHERE inode_id = 1000001`)
		s, err := x.ada.OfferShare(t.Context(), o)
		must(t, err)
		o.Level = Edit // there are as many as allowed, and one of them is changed
		must(t, ignore(x.ada.OfferShare(t.Context(), o)))
		must(t, x.ada.EndShare(t.Context(), s.ID))
		x.exec(t, `UPDATE shares SET accepted = NULL WHERE inode_id = 1000001`)
		refused("as many again")
		x.exec(t, `UPDATE shares SET expires = now() - interval '1 second' WHERE inode_id = 1000002`)
		must(t, ignore(x.ada.OfferShare(t.Context(), o)))
	}
}

// TestSharesFollowTheInode checks that a share is of the inode, and not of its name.
func TestSharesFollowTheInode(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	if _, err := x.ada.Rename(t.Context(), path(t, tilesOwn), path(t, "/Projects/maps/moved")); err != nil {
		t.Fatal(err)
	}
	x.ada.put(t, tilesOwn+"/a", []byte("another"))
	if got := may(t, x.sam, "/Projects/maps/moved"); got != "r--" {
		t.Errorf("at its new place: %s", got)
	}
	if got := may(t, x.sam, tilesOwn); got != "---" {
		t.Errorf("what took its name: %s", got)
	}
	if got := string(x.sam.get(t, tilesShown+"/a")); got != "tile" {
		t.Errorf("where it is shown: %q", got)
	}
}

// TestMountsStay checks that nobody removes, moves or replaces what shows shares, and that nothing of the dataset goes with it.
func TestMountsStay(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	for name, err := range map[string]error{
		"delete the mount":        ignore(x.bob.Delete(t.Context(), path(t, tilesShown), true)),
		"delete the folder":       ignore(x.bob.Delete(t.Context(), path(t, "/Projects/vision/Shared"), true)),
		"rename the mount":        ignore(x.bob.Rename(t.Context(), path(t, tilesShown), path(t, "/Projects/vision/mine"))),
		"rename the folder":       ignore(x.bob.Rename(t.Context(), path(t, "/Projects/vision/Shared"), path(t, "/Projects/vision/mine"))),
		"as the superuser":        ignore(x.steward().Delete(t.Context(), path(t, tilesShown), true)),
		"move a file out of it":   x.bob.Move(t.Context(), path(t, tilesShown+"/a"), path(t, "/Projects/vision/a"), MoveOptions{}),
		"make a dataset of it":    ignore(x.bob.MakeDataset(t.Context(), path(t, tilesShown), MakeDatasetOptions{DatasetInfo: DatasetInfo{}})),
		"make a dataset of those": ignore(x.bob.MakeDataset(t.Context(), path(t, "/Projects/vision/Shared"), MakeDatasetOptions{DatasetInfo: DatasetInfo{}})),
	} {
		if err == nil {
			t.Errorf("%s: done", name)
		}
	}
	if got := string(x.ada.get(t, tilesOwn+"/a")); got != "tile" {
		t.Errorf("the dataset holds %q", got)
	}
	if _, err := x.ada.Stat(t.Context(), path(t, "/Projects/maps")); err != nil {
		t.Errorf("the project of the dataset: %v", err)
	}
	// The whole project in which a share is shown can be deleted.
	must(t, x.bob.DeleteProject(t.Context(), "vision"))
	must(t, x.Reap(t.Context()))
	x.clean(t)
	x.ada.get(t, tilesOwn+"/a")
}

// TestSharesChargeTheirOwnProject checks that what recipients write counts against the limits above the dataset, and not against
// those of their own project.
func TestSharesChargeTheirOwnProject(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	names, none, space := int64(8), int64(3), int64(1<<40)
	must(t, x.steward().LimitProject(t.Context(), "maps", &names, &space))
	must(t, x.steward().LimitProject(t.Context(), "vision", &none, new(space+1)))
	must(t, x.steward().SetStoragePolicy(t.Context(), path(t, "/Projects/maps/deep"), "COLD"))
	create := func(name string) error {
		return ignore(x.sam.Create(t.Context(), path(t, tilesShown+"/"+name), CreateOptions{Size: -1, Mode: 0o640}, strings.NewReader("x")))
	}
	for _, name := range []string{"b", "c"} { // the others are maps, deep, tiles, a and other
		must(t, create(name))
	}
	must(t, x.sam.Append(t.Context(), path(t, tilesShown+"/b"), -1, strings.NewReader(strings.Repeat("x", 2*InlineMax))))
	must(t, ignore(x.sam.Truncate(t.Context(), path(t, tilesShown+"/b"), 7)))
	if _, err := x.sam.Rename(t.Context(), path(t, tilesShown+"/b"), path(t, tilesShown+"/d")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{tilesOwn, tilesShown} {
		if limit, _, ok, err := x.sam.Space(t.Context(), path(t, dir)); limit != space || !ok || err != nil {
			t.Errorf("there is room for %d at %s: %t, %v", limit, dir, ok, err)
		}
	}
	must(t, create("e"))
	if err := create("f"); kindOf(err) != QuotaNames {
		t.Errorf("beyond the limit of the dataset's project: %v", err)
	}
	if _, err := x.sam.Delete(t.Context(), path(t, tilesShown+"/d"), false); err != nil {
		t.Fatal(err)
	}
	must(t, create("f"))
	x.clean(t)
}

// TestTheOtherPathIsTheSame checks that a path through a share leads to the same inode as the other one, so that no directory gets
// below itself, and no file replaces itself.
func TestTheOtherPathIsTheSame(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	root := x.as(t, superuser)
	x.ada.put(t, tilesOwn+"/d/f", []byte("f"))
	must(t, x.ada.SetPermission(t.Context(), at(tilesOwn+"/d"), 0o770))
	for _, tt := range []struct {
		s        *Session
		src, dst string
		moved    bool // what Rename says
		kind     Kind // of what Move fails with
	}{
		{root, tilesOwn, tilesShown, false, Exist}, // into itself, or the same
		{root, tilesOwn, tilesShown + "/x", false, IO},
		{root, "/Projects/maps/deep", tilesShown + "/x", false, IO}, // which lies above the mount's dataset
		{root, "/Projects/maps/deep", tilesShown + "/d/x", false, IO},
		{x.sam, tilesOwn + "/d", tilesShown + "/d/x", false, IO},
		{x.sam, tilesShown + "/d", tilesOwn + "/d/x", false, IO},
		{x.sam, tilesOwn + "/a", tilesShown + "/a", true, Exist},
		{x.sam, tilesShown + "/a", tilesOwn + "/a", true, Exist},
		{x.sam, tilesOwn + "/d", tilesShown + "/d", false, Exist}, // into itself
	} {
		for _, overwrite := range []bool{false, true} {
			if err := tt.s.Move(t.Context(), at(tt.src), at(tt.dst), MoveOptions{Overwrite: overwrite}); kindOf(err) != tt.kind {
				t.Errorf("move %s to %s, overwriting %t: %v", tt.src, tt.dst, overwrite, err)
			}
		}
		if moved, err := tt.s.Rename(t.Context(), at(tt.src), at(tt.dst)); moved != tt.moved || err != nil {
			t.Errorf("rename %s to %s: %t, %v", tt.src, tt.dst, moved, err)
		}
		if err := tt.s.Replace(t.Context(), at(tt.src), at(tt.dst)); err == nil {
			t.Errorf("%s replaced by %s", tt.dst, tt.src)
		}
	}
	must(t, ignore(x.sam.Mkdirs(t.Context(), at(tilesOwn+"/d/e"), MkdirOptions{Mode: 0o770})))
	wantKind(t, "a directory replaced by what lies in it", x.sam.Replace(t.Context(), at(tilesOwn+"/d/e"), at(tilesShown+"/d")), IO, "move it out first")
	if got := string(x.sam.get(t, tilesOwn+"/a")) + string(x.sam.get(t, tilesShown+"/d/f")); got != "tilef" {
		t.Errorf("the files hold %q", got)
	}
	// Under another name, it is another entry.
	must(t, ignore(x.sam.Rename(t.Context(), at(tilesOwn+"/a"), at(tilesShown+"/d/b"))))
	must(t, x.sam.Move(t.Context(), at(tilesShown+"/d/b"), at(tilesOwn+"/a"), MoveOptions{}))
	x.clean(t)
}

// TestThePolicyOfAMountIsTheDatasets checks that a policy set by way of a mount is charged to the project of the dataset.
func TestThePolicyOfAMountIsTheDatasets(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Edit})
	many := int64(1 << 40)
	for _, project := range []string{"maps", "vision"} {
		must(t, x.steward().LimitProject(t.Context(), project, &many, &many))
		must(t, x.steward().SetQuota(t.Context(), at("/Projects/"+project), QuotaChange{Types: map[string]int64{"ARCHIVE": many}}))
	}
	must(t, x.steward().SetStoragePolicy(t.Context(), at("/Projects/vision"), "HOT"))
	must(t, x.steward().SetStoragePolicy(t.Context(), at("/Projects/maps/deep"), "COLD"))
	for _, policy := range []string{"HOT", "COLD", "HOT", ""} {
		must(t, x.sam.SetStoragePolicy(t.Context(), at(tilesShown), policy))
		x.clean(t)
	}
	for name, s := range map[string]*Session{tilesOwn: x.ada, tilesShown: x.sam, tilesShown + "/a": x.sam} {
		p, err := s.StoragePolicy(t.Context(), at(name))
		must(t, err)
		if p.Name != "COLD" {
			t.Errorf("the policy of %s is %s, and not the one of what it lies in", name, p.Name)
		}
	}
}
