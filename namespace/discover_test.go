package namespace

import (
	"slices"
	"strings"
	"sync"
	"testing"
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
