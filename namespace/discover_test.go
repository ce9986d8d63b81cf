package namespace

import (
	"slices"
	"sync"
	"testing"
)

// Who asks again for the same has one request, with the message that came last: owners who answer it by its id answer that.
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

// TestRequestsOfOneMomentAreOne: who is slower renews what who was faster has made.
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
