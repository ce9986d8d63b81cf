package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// since returns what the feed of a project says after a number, in short, and the newest number.
func (x *sharing) since(t *testing.T, project string, after int64) (said []string, last int64) {
	t.Helper()
	last = after
	events, err := x.as(t, superuser).Events(t.Context(), project, after, 0)
	must(t, err)
	for _, e := range events {
		line := e.Op + " " + e.Path.String()
		if s := e.Detail.Share; s != nil {
			line += fmt.Sprintf(" %s/%s to %s, %s", s.Project, s.Dataset, s.ToProject+s.ToUser, s.Level)
		}
		if e.Detail.Made != "" {
			line += ", made " + e.Detail.Made
		}
		said, last = append(said, line), e.Seq
	}
	return said, last
}

// Whatever happens to a share is in the feeds of both projects: in the one with its own paths, in the other with what is shown to it.
// A share with a person is in no other project's feed.
func TestBothProjectsAreToldOfAShare(t *testing.T) {
	x := newSharing(t)
	must(t, x.auth.SetGroups(t.Context(), "eve", []string{"others"}))
	_, maps := x.since(t, "maps", 0)
	_, vision := x.since(t, "vision", 0)
	told := func(what string, inMaps, inVision []string) {
		t.Helper()
		var said []string
		if said, maps = x.since(t, "maps", maps); !slices.Equal(said, inMaps) {
			t.Errorf("%s: maps tells %q, want %q", what, said, inMaps)
		}
		if said, vision = x.since(t, "vision", vision); !slices.Equal(said, inVision) {
			t.Errorf("%s: vision tells %q, want %q", what, said, inVision)
		}
	}
	const (
		tiles, top, mount = "/Projects/maps/deep/tiles", "/Projects/vision", "/Projects/vision/Shared/maps.tiles"
		mine, theirs      = " / to vision, read", " maps/tiles to vision, read"
	)
	offer := func() int64 {
		t.Helper()
		s, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})
		must(t, err)
		return s.ID
	}
	accept := func(id int64) {
		t.Helper()
		_, err := x.bob.AcceptShare(t.Context(), id, "")
		must(t, err)
	}
	id := offer()
	told("offered", []string{"offer share " + tiles + mine}, []string{"offer share " + top + theirs})
	must(t, x.bob.EndShare(t.Context(), id))
	told("rejected", []string{"end share " + tiles + mine}, []string{"end share " + top + theirs})
	id = offer()
	accept(id)
	told("accepted", []string{"offer share " + tiles + mine, "accept share " + tiles + mine},
		[]string{"offer share " + top + theirs, "accept share " + mount + theirs + ", made /Projects/vision/Shared"})
	must(t, x.ada.EndShare(t.Context(), id))
	told("ended", []string{"end share " + tiles + mine}, []string{"end share " + mount + theirs})

	again := func() {
		t.Helper()
		accept(offer())
		told("accepted again", []string{"offer share " + tiles + mine, "accept share " + tiles + mine},
			[]string{"offer share " + top + theirs, "accept share " + mount + theirs})
	}
	again()
	x.exec(t, `UPDATE shares SET expires = now() - interval '1 second'`)
	must(t, x.Reap(t.Context()))
	told("expired", []string{"end share " + tiles + mine}, []string{"end share " + mount + theirs})
	again()
	must(t, x.ada.EndDataset(t.Context(), x.tiles.ID))
	told("the dataset ended", []string{"end dataset " + tiles}, []string{"end share " + mount + theirs})
	_, err := x.ada.MakeDataset(t.Context(), path(t, tiles), MakeDatasetOptions{})
	must(t, err)
	told("made again", []string{"make dataset " + tiles}, nil)

	with, err := x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	_, err = x.eve.AcceptShare(t.Context(), with.ID, "")
	must(t, err)
	told("with a person", []string{"offer share " + tiles + " / to eve, read", "accept share " + tiles + " / to eve, read"}, nil)

	again()
	gone := path(t, tiles)
	done, err := x.ada.Delete(t.Context(), gone, true)
	if must(t, err); !done {
		t.Fatal("nothing was deleted")
	}
	told("deleted", []string{"delete " + tiles}, []string{"end share " + mount + theirs})
	x.clean(t)
}

// Anybody can offer something to a project, so its feed does not report offers that end because something else does.
func TestNobodyIsToldOfTheEndOfAnOffer(t *testing.T) {
	var x *sharing
	for what, end := range map[string]func() error{
		"expired": func() error {
			x.exec(t, `UPDATE shares SET expires = now() - interval '1 second'`)
			return x.Reap(t.Context())
		},
		"the dataset ended": func() error { return x.ada.EndDataset(t.Context(), x.tiles.ID) },
		"deleted":           func() error { return ignore(x.ada.Delete(t.Context(), path(t, "/Projects/maps/deep"), true)) },
		"the project is gone": func() error {
			return ignore(x.as(t, superuser).Delete(t.Context(), path(t, "/Projects/maps"), true))
		},
	} {
		t.Run(what, func(t *testing.T) {
			x = newSharing(t)
			must(t, ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})))
			_, vision := x.since(t, "vision", 0)
			must(t, end())
			if said, _ := x.since(t, "vision", vision); len(said) > 0 {
				t.Errorf("vision tells %q", said)
			}
		})
	}
	x = newSharing(t)
	must(t, ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read})))
	_, maps := x.since(t, "maps", 0)
	must(t, ignore(x.as(t, superuser).Delete(t.Context(), path(t, "/Projects/vision"), true)))
	if said, _ := x.since(t, "maps", maps); len(said) > 0 {
		t.Errorf("maps tells %q", said)
	}
}

// Many events of one change are written in one statement, as counters are locked for that long.
func TestManyAreToldInOneStatement(t *testing.T) {
	seen := &statements{}
	x := newSharing(t, seen.watch(t))
	x.ada.put(t, "/Projects/maps/deep/more/a", nil)
	more, err := x.ada.MakeDataset(t.Context(), path(t, "/Projects/maps/deep/more"), MakeDatasetOptions{})
	must(t, err)
	recipients := []string{"vision"}
	for i := range 5 {
		name := fmt.Sprint("other", i)
		must(t, x.bob.CreateProject(t.Context(), NewProject{Name: name}))
		recipients = append(recipients, name)
	}
	newest := map[string]int64{}
	for _, project := range recipients {
		for _, dataset := range []int64{x.tiles.ID, more.ID} {
			s, err := x.ada.OfferShare(t.Context(), Offer{Dataset: dataset, ToProject: project, Level: Read})
			must(t, err)
			must(t, ignore(x.bob.AcceptShare(t.Context(), s.ID, "")))
		}
		_, newest[project] = x.since(t, project, 0)
	}
	_, newest["maps"] = x.since(t, "maps", 0)
	told, alone := 0, 0
	for sql, n := range seen.of(func() { must(t, ignore(x.ada.Delete(t.Context(), path(t, "/Projects/maps/deep"), true))) }) {
		switch {
		case sql == recordToldSQL:
			told += n
		case strings.Contains(sql, "INSERT INTO events"):
			alone += n
		}
	}
	if told != 1 || alone != 0 {
		t.Errorf("%d statements for all and %d for one", told, alone)
	}
	for _, project := range append(recipients, "maps") {
		want := 2
		if project == "maps" {
			want = 1
		}
		if said, last := x.since(t, project, newest[project]); len(said) != want || last != newest[project]+int64(want) {
			t.Errorf("%s tells %q up to %d, behind %d", project, said, last, newest[project])
		}
	}
	x.clean(t)
}

// A project that is deleted for good ends the shares of it and with it, and the other projects are told.
func TestOthersAreToldWhenAProjectGoes(t *testing.T) {
	for _, goes := range []string{"maps", "vision"} {
		x := newSharing(t)
		x.share(t, Offer{ToProject: "vision", Level: Edit})
		stays := map[string]string{"maps": "vision", "vision": "maps"}[goes]
		_, before := x.since(t, stays, 0)
		_, err := x.as(t, superuser).Delete(t.Context(), path(t, "/Projects/"+goes), true)
		must(t, err)
		want := map[string]string{
			"maps":   "end share /Projects/vision/Shared/maps.tiles maps/tiles to vision, edit",
			"vision": "end share /Projects/maps/deep/tiles / to vision, edit",
		}[goes]
		if said, _ := x.since(t, stays, before); !slices.Equal(said, []string{want}) {
			t.Errorf("when %s goes, %s tells %q, want %q", goes, stays, said, want)
		}
	}
}

// The other project's owners learn who did something, but neither from where nor with what.
func TestNobodyIsToldHowTheOtherProjectWasReached(t *testing.T) {
	x := newSharing(t)
	if _, err := x.ada.From("192.0.2.7").OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read}); err != nil {
		t.Fatal(err)
	}
	for project, host := range map[string]string{"maps": "192.0.2.7", "vision": ""} {
		var user, client string
		must(t, x.db.QueryRow(t.Context(), `SELECT usr, client FROM events WHERE op = 'offer share' AND project_id = (SELECT id FROM projects WHERE name = $1)`, project).
			Scan(&user, &client))
		if user != "ada" || client != host {
			t.Errorf("%s is told of %s at %q", project, user, client)
		}
	}
}

// Whoever shares with whom, counters are locked in the order of projects; otherwise two projects that share with each other would
// deadlock.
func TestCountersAreTakenInOrder(t *testing.T) {
	x := newSharing(t)
	x.bob.put(t, "/Projects/vision/shapes/a", nil)
	shapes, err := x.bob.MakeDataset(t.Context(), path(t, "/Projects/vision/shapes"), MakeDatasetOptions{})
	must(t, err)
	var low, high int64
	must(t, x.db.QueryRow(t.Context(), `SELECT min(id), max(id) FROM projects WHERE name IN ('maps', 'vision')`).Scan(&low, &high))
	for name, offer := range map[string]func() error{
		"maps with vision": func() error {
			return ignore(x.ada.OfferShare(t.Context(), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read}))
		},
		"vision with maps": func() error {
			return ignore(x.bob.OfferShare(t.Context(), Offer{Dataset: shapes.ID, ToProject: "maps", Level: Read}))
		},
	} {
		tx, err := x.db.Begin(t.Context())
		must(t, err)
		_, err = tx.Exec(t.Context(), `SELECT FROM feeds WHERE project_id = $1 FOR UPDATE`, high)
		must(t, err)
		offered := make(chan error, 1)
		go func() { offered <- offer() }()
		for waiter := x.awaitWaiter(t); ; waiter = x.awaitWaiter(t) {
			free := x.count(t, `SELECT count(*) FROM (SELECT FROM feeds WHERE project_id = $1 FOR UPDATE SKIP LOCKED) f`, low)
			if still := x.awaitWaiter(t); free == 0 || still == waiter { // else it has let go of everything meanwhile, to try again
				if free != 0 {
					t.Errorf("%s: the counter of project %d is free while that of %d is waited for", name, low, high)
				}
				break
			}
		}
		must(t, tx.Rollback(t.Context()))
		must(t, <-offered)
	}
}

// awaitWaiter returns when somebody waits for an event counter, with the transaction that does.
func (fs *testFS) awaitWaiter(t *testing.T) (transaction string) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(time.Minute)
	for {
		must(t, fs.db.QueryRow(t.Context(), `SELECT coalesce(min(xact_start::text), '') FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INTO feeds%'`).Scan(&transaction))
		if transaction != "" {
			return transaction
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatal("nobody waits")
		}
	}
}

// If the owners of two projects share with each other at once, on two servers, and end it again, all events and no errors come of it.
func TestSharingWithEachOther(t *testing.T) {
	const each = 40
	x := newSharing(t)
	x.bob.put(t, "/Projects/vision/shapes/a", nil)
	shapes, err := x.bob.MakeDataset(t.Context(), path(t, "/Projects/vision/shapes"), MakeDatasetOptions{})
	must(t, err)
	crowd(4, func(i int) {
		s, o := x.as(t, "ada"), Offer{Dataset: x.tiles.ID, ToProject: "vision", Level: Read}
		if i%2 == 1 {
			s, o = x.as(t, "bob"), Offer{Dataset: shapes.ID, ToProject: "maps", Level: Read}
		}
		for range each {
			made, err := s.OfferShare(t.Context(), o)
			if err == nil {
				err = s.EndShare(t.Context(), made.ID)
			}
			if err != nil && KindOf(err) != NotExist { // the other one of the same side was quicker
				t.Error(err)
			}
		}
	})
	for _, project := range []string{"maps", "vision"} {
		said, _ := x.since(t, project, 0)
		offered := 0
		for _, line := range said {
			if strings.HasPrefix(line, "offer share") {
				offered++
			}
		}
		if offered != 4*each {
			t.Errorf("%s tells of %d offers, and there were %d", project, offered, 4*each)
		}
	}
	x.clean(t)
}
