package namespace

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Asking for the same access again does not make a second request, but replaces the message of the one that owners answer by its id.
func TestARequestIsTheSameWhenItIsAskedAgain(t *testing.T) {
	x := newSharing(t)
	listed := true
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Listed: &listed}))
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Listed: &listed})))
	for name, dataset := range map[string]int64{"membership": 0, "a dataset": x.tiles.ID} {
		before := x.count(t, `SELECT count(*) FROM events WHERE op = 'request access'`)
		var first Request
		for i, message := range []string{"please", "please", "please, for my thesis", "please, for my thesis", ""} {
			r, err := x.eve.RequestAccess(t.Context(), "maps", dataset, message)
			must(t, err)
			if i == 0 {
				first = r
			}
			if r.ID != first.ID || !r.Created.Equal(first.Created) || r.Message != message {
				t.Errorf("%s, asked again by %q: %+v; want the request %d of %s", name, message, r, first.ID, first.Created)
			}
		}
		if n := x.count(t, `SELECT count(*) FROM events WHERE op = 'request access'`) - before; n != 3 {
			t.Errorf("%s: %d events, want one for each of three messages", name, n)
		}
		all, err := x.ada.Requests(t.Context(), "maps", 0, 10)
		must(t, err)
		if !slices.ContainsFunc(all, func(r Request) bool { return r.ID == first.ID && r.Dataset == dataset && r.Message == "" }) {
			t.Errorf("%s: the owner is told of %+v", name, all)
		}
		must(t, x.ada.EndRequest(t.Context(), first.ID))
		if r, err := x.eve.RequestAccess(t.Context(), "maps", dataset, ""); err != nil || r.ID == first.ID {
			t.Errorf("%s, asked again after it was denied: %+v, %v; want another request", name, r, err)
		}
	}
}

// TestRequestsOfOneMomentAreOne checks that the slower of two simultaneous requests renews the one that the faster has made.
func TestRequestsOfOneMomentAreOne(t *testing.T) {
	x := newSharing(t)
	listed := true
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Listed: &listed}))
	var (
		each sync.WaitGroup
		ids  [4]int64
		errs [4]error
	)
	for i := range ids {
		each.Go(func() {
			r, err := x.eve.RequestAccess(t.Context(), "maps", 0, "please"[:i])
			ids[i], errs[i] = r.ID, err
		})
	}
	each.Wait()
	for i := range ids {
		if errs[i] != nil || ids[i] != ids[0] {
			t.Errorf("the requests are %v, with %v; want one and the same", ids, errs)
		}
	}
}

// TestNobodyAsksForADatasetThatIsGone deletes a dataset with the directory above it while somebody asks for a share of it: before the request
// is recorded, and after that but before its commit.
func TestNobodyAsksForADatasetThatIsGone(t *testing.T) {
	x := newSharing(t)
	listed := true
	must(t, ignore(x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Listed: &listed})))
	left := func(when string) {
		t.Helper()
		if n := x.count(t, `SELECT count(*) FROM access_requests`); n != 0 {
			t.Errorf("%s: %d requests are left", when, n)
		}
	}
	x.between("request access", func() { must(t, ignore(x.ada.Delete(context.Background(), at("/Projects/maps/deep"), true))) })
	_, err := x.eve.RequestAccess(t.Context(), "maps", x.tiles.ID, "please")
	wantKind(t, "a request for a dataset that is gone", err, NotExist, "")
	left("before it was recorded")

	must(t, ignore(x.ada.Mkdirs(t.Context(), at("/Projects/maps/deep/trees"), MkdirOptions{Mode: 0o770})))
	trees, err := x.ada.MakeDataset(t.Context(), at("/Projects/maps/deep/trees"), MakeDatasetOptions{DatasetInfo: DatasetInfo{Listed: true}})
	must(t, err)
	tx, err := x.db.Begin(t.Context())
	must(t, err)
	defer tx.Rollback(t.Context())
	// This is what a request does before its commit.
	_, err = tx.Exec(t.Context(), `SELECT FROM datasets WHERE inode_id = $1 FOR KEY SHARE`, trees.ID)
	must(t, err)
	_, err = tx.Exec(t.Context(), `INSERT INTO access_requests (project_id, inode_id, user_id) SELECT d.project_id, d.inode_id, u.id FROM datasets d, users u
		WHERE d.inode_id = $1 AND u.name = 'eve'`, trees.ID)
	must(t, err)
	deleted := make(chan error, 1)
	go func() { deleted <- ignore(x.ada.Delete(t.Context(), at("/Projects/maps/deep"), true)) }()
	for x.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM datasets%'`) == 0 {
		<-time.After(time.Millisecond)
	}
	must(t, tx.Commit(t.Context()))
	must(t, <-deleted)
	left("before its commit")
}

// Case makes no difference in any alphabet.
func TestDiscoverFoldsLetters(t *testing.T) {
	x := newSharing(t)
	for project, text := range map[string]string{"maps": "\u00c4rger im Stra\u00dfenbau, 100%", "vision": "\u0414\u041e\u041c"} {
		x.exec(t, `UPDATE projects SET listed = true, description = $2 WHERE name = $1`, project, text)
	}
	for query, want := range map[string]string{
		"\u00e4rger": "maps", "a\u0308rger STRASSENBAU": "maps", "\u0434\u043e\u043c": "vision", "MAPS 100%": "maps", "\u00e4rger vision": "", "%": "maps", "": "maps vision",
	} {
		found, err := x.eve.Discover(t.Context(), query, Found{}, 10)
		must(t, err)
		var names []string
		for _, f := range found {
			names = append(names, f.Project)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	if found, err := x.eve.Discover(t.Context(), "", Found{}, 1); err != nil || len(found) != 1 {
		t.Errorf("a page of one: %+v, %v", found, err)
	}
}
