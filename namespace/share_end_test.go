package namespace

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// TestSharesEndByThemselves checks that an expired share gives nothing before the reaper comes, and leaves nothing after.
func TestSharesEndByThemselves(t *testing.T) {
	x := newSharing(t)
	s := x.share(t, Offer{ToProject: "vision", Level: Edit, Expires: time.Now().Add(time.Hour)})
	if got := may(t, x.sam, tilesShown); got != "rwc" {
		t.Fatalf("before: %s", got)
	}
	_, err := x.db.Exec(t.Context(), `UPDATE shares SET expires = now() - interval '1 second' WHERE id = $1`, s.ID)
	must(t, err)
	for _, at := range []string{tilesOwn, tilesShown} {
		if _, err := x.sam.Stat(t.Context(), path(t, at)); kindOf(err) != NotExist {
			t.Errorf("expired, %s: %v", at, err)
		}
	}
	listed := func() (names []string) {
		must(t, x.bob.List(t.Context(), path(t, "/Projects/vision/Shared"), func(s Status) error { names = append(names, s.Name); return nil }))
		return names
	}
	if got := listed(); got != nil {
		t.Errorf("expired, and shown: %v", got)
	}
	if d, err := x.ada.Dataset(t.Context(), x.tiles.ID); err != nil || d.Shares != 0 {
		t.Errorf("expired, and counted: %d, %v", d.Shares, err)
	}
	must(t, x.Reap(t.Context()))
	x.clean(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	if got := listed(); !slices.Equal(got, []string{"maps.tiles"}) {
		t.Errorf("shared anew: %v", got)
	}
}

// TestSharesEndWithTheDataset checks that shares end when the dataset, or a directory above it, is deleted.
func TestSharesEndWithTheDataset(t *testing.T) {
	for _, top := range []string{tilesOwn, "/Projects/maps/deep"} {
		x := newSharing(t)
		x.share(t, Offer{ToProject: "vision", Level: Read})
		if _, err := x.ada.Delete(t.Context(), path(t, top), true); err != nil {
			t.Fatal(err)
		}
		// This holds before the reaper runs, too.
		if _, err := x.sam.Stat(t.Context(), path(t, tilesShown+"/a")); kindOf(err) != NotExist {
			t.Errorf("%s was deleted: %v", top, err)
		}
		must(t, x.Reap(t.Context()))
		x.clean(t)
		given, _, err := x.ada.Shares(t.Context(), "maps", SharePlace{}, 10)
		must(t, err)
		if len(given) > 0 {
			t.Errorf("shares are left: %+v", given)
		}
	}
}

// TestAnEmptyDirectoryIsNoReasonToClimb checks that only the directory itself is looked at as a dataset when an empty one goes.
func TestAnEmptyDirectoryIsNoReasonToClimb(t *testing.T) {
	seen := &statements{}
	x := newSharing(t, seen.watch(t))
	mkdir := func(at string) {
		t.Helper()
		must(t, ignore(x.ada.Mkdirs(t.Context(), path(t, at), MkdirOptions{Mode: 0o770})))
	}
	for name, remove := range map[string]func(at string) error{
		"delete": func(at string) error { return ignore(x.ada.Delete(t.Context(), path(t, at), true)) },
		"rename over": func(at string) error {
			mkdir("/Projects/maps/other")
			return x.ada.Move(t.Context(), path(t, "/Projects/maps/other"), path(t, at), MoveOptions{Overwrite: true})
		},
	} {
		for _, dataset := range []bool{false, true} {
			at := "/Projects/maps/empty"
			mkdir(at)
			if dataset {
				d, err := x.ada.MakeDataset(t.Context(), path(t, at), MakeDatasetOptions{})
				must(t, err)
				must(t, ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: d.ID, ToProject: "vision", Level: Read})))
			}
			for sql := range seen.of(func() { must(t, remove(at)) }) {
				if strings.Contains(sql, "RECURSIVE up") {
					t.Errorf("%s, a dataset: %v: it climbs from all datasets", name, dataset)
				}
			}
			var datasets, shares int
			must(t, x.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM datasets), (SELECT count(*) FROM shares)`).Scan(&datasets, &shares))
			if datasets != 1 || shares != 0 {
				t.Errorf("%s, a dataset: %v: left are %d datasets and %d shares", name, dataset, datasets, shares)
			}
			must(t, ignore(x.ada.Delete(t.Context(), path(t, at), true)))
		}
	}
	x.clean(t)
}

// The giver can see and end a share with a project in the trash; otherwise the share would be in force again when the project is
// restored.
func TestSharesWithADeletedProjectCanBeEnded(t *testing.T) {
	x := newSharing(t)
	x.still()
	s := x.share(t, Offer{ToProject: "vision", Level: Read})
	must(t, x.bob.DeleteProject(t.Context(), "vision"))
	given, _, err := x.ada.Shares(t.Context(), "maps", SharePlace{}, 10)
	must(t, err)
	if len(given) != 1 || given[0].ID != s.ID || given[0].ToProject != "vision" {
		t.Errorf("ada sees %+v", given)
	}
	if _, err := x.bob.Share(t.Context(), s.ID); kindOf(err) != NotExist {
		t.Errorf("bob sees it: %v", err)
	}
	must(t, x.ada.EndShare(t.Context(), s.ID))
	must(t, x.bob.RestoreProject(t.Context(), "vision"))
	if got := may(t, x.sam, tilesOwn); got != "---" {
		t.Errorf("restored: %s", got)
	}
	must(t, x.Reap(t.Context()))
	x.clean(t)
}

// Whether or not the reaper has come, an expired share does not come into force again by being offered again, and its mount blocks
// nobody.
func TestAnExpiredShareIsOfferedAnew(t *testing.T) {
	x := newSharing(t)
	o := Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read}
	x.share(t, o)
	x.exec(t, `UPDATE shares SET expires = now() - interval '1 second'`)
	again, err := x.ada.OfferShare(t.Context(), o)
	must(t, err)
	if got := may(t, x.sam, tilesOwn); again.Accepted || again.Mount != (Path{}) || got != "---" {
		t.Errorf("offered again: %+v, and sam may %s", again, got)
	}
	must(t, ignore(x.bob.AcceptShare(t.Context(), again.ID, "")))
	if got := may(t, x.sam, tilesShown); got != "r--" {
		t.Errorf("accepted again: %s", got)
	}
	must(t, x.Reap(t.Context()))
	x.clean(t)
	if got := may(t, x.sam, tilesShown); got != "r--" {
		t.Errorf("after the reaper: %s", got)
	}
}

// The mount of an expired share does not block that of another.
func TestTheMountOfAnExpiredShareGivesWay(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: Read})
	x.exec(t, `UPDATE shares SET expires = now() - interval '1 second'`)
	x.ada.put(t, "/Projects/maps/others/a", []byte("other"))
	others, err := x.ada.MakeDataset(t.Context(), path(t, "/Projects/maps/others"), MakeDatasetOptions{})
	must(t, err)
	s, err := x.ada.OfferShare(t.Context(), Offer{Dataset: others.ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, ignore(x.bob.AcceptShare(t.Context(), s.ID, "maps.tiles")))
	must(t, x.Reap(t.Context()))
	x.clean(t)
	if got := string(x.bob.get(t, tilesShown+"/a")); got != "other" {
		t.Errorf("the mount shows %q", got)
	}
}

// The mount of a share whose giver is in the trash shows nothing, but keeps its name, as the giver may come back; the error says so.
func TestTheMountOfAProjectInTheTrashIsKept(t *testing.T) {
	x := newSharing(t)
	x.still()
	share := x.share(t, Offer{ToProject: "vision", Level: Read})
	must(t, x.eve.CreateProject(t.Context(), NewProject{Name: "relief", Datasets: []string{"hills"}}))
	hills, err := x.eve.Datasets(t.Context(), "relief", 0, 1)
	must(t, err)
	other, err := x.eve.OfferShare(t.Context(), Offer{Dataset: hills[0].ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, x.ada.DeleteProject(t.Context(), "maps"))
	_, err = x.bob.AcceptShare(t.Context(), other.ID, "maps.tiles")
	wantKind(t, "a name that is kept", err, Exist, "is in the trash")
	must(t, x.ada.RestoreProject(t.Context(), "maps"))
	if got := may(t, x.sam, tilesShown); got != "r--" {
		t.Errorf("restored: %s", got)
	}
	must(t, x.ada.EndShare(t.Context(), share.ID))
	must(t, x.Reap(t.Context()))
	must(t, ignore(x.bob.AcceptShare(t.Context(), other.ID, "maps.tiles")))
	x.clean(t)
}

// TestASharedProjectGoesWhileAShareIsAccepted deletes the recipients' project after the principal was found to own it.
func TestASharedProjectGoesWhileAShareIsAccepted(t *testing.T) {
	x := newSharing(t)
	share, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	moment := &afterStatement{sql: walkSQL, then: func() { must(t, x.bob.DeleteProject(context.Background(), "vision")) }}
	other := x.beside(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = moment }).As(x.bob.p)
	_, err = other.AcceptShare(t.Context(), share.ID, "")
	wantKind(t, "accepting a share with a project that is gone", err, NotExist, "")
	if moment.then != nil {
		t.Error("the project was not deleted")
	}
}

// TestAShareIsAcceptedByWhoOwnsTheProjectAtTheEnd takes the mark of a superuser away after it has made the principal an owner of the
// recipients' project.
func TestAShareIsAcceptedByWhoOwnsTheProjectAtTheEnd(t *testing.T) {
	x := newSharing(t)
	share, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
	must(t, err)
	must(t, x.bob.SetMember(t.Context(), "vision", "eve", Scientist))
	must(t, x.auth.SetAdmin(t.Context(), "eve", true))
	moment := &afterStatement{sql: walkSQL, then: func() { must(t, x.auth.SetAdmin(context.Background(), "eve", false)) }}
	other := x.beside(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = moment }).As(x.as(t, "eve").p)
	_, err = other.AcceptShare(t.Context(), share.ID, "")
	wantKind(t, "accepting a share as a former superuser", err, NotExist, "")
	if share, err = x.ada.Share(t.Context(), share.ID); err != nil || share.Accepted || moment.then != nil {
		t.Errorf("afterwards the share is %+v, %v", share, err)
	}
}
