package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWhatLiesDeepMakesNoSearchDear: checking the way to a hit costs as much as the way is long, and others may have made it long. So
// a page ends when it has gone far enough, and the next ones find the rest.
func TestWhatLiesDeepMakesNoSearchDear(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	const needles = 30
	deep := "/user/ada" + strings.Repeat("/d", MaxDepth-10)
	var want []string
	for i := range needles {
		at := fmt.Sprintf("%s/%d/needle", deep, i)
		must(t, ignore(ada.Mkdirs(t.Context(), path(t, at), MkdirOptions{Mode: 0o777})))
		want = append([]string{at}, want...) // the newest come first
	}
	page, err := ada.Search(t.Context(), SearchQuery{Text: "needle"})
	must(t, err)
	if n := len(page.Hits); !page.Partial || n < searchFirst || n == needles {
		t.Errorf("a page of %d that is partial: %v", n, page.Partial)
	}
	if got := ada.found(t, SearchQuery{Text: "needle"}, 100); !slices.Equal(got, want) {
		t.Errorf("found %d on all pages, want %d, the newest first", len(got), needles)
	}
}

// TestSearchPassesOverTheCellarsOfTowers checks that a search skips what is deeper than any path can be, unless it begins there.
func TestSearchPassesOverTheCellarsOfTowers(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	half := strings.Repeat("/d", MaxDepth/2)
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, "/user/ada/below"+half+"/needle"), MkdirOptions{Mode: 0o777})))
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, "/user/ada/tower"+half+"/needle"), MkdirOptions{Mode: 0o777})))
	must(t, ada.Move(t.Context(), path(t, "/user/ada/below"), path(t, "/user/ada/tower"+half+"/below"), MoveOptions{}))
	ada.finds(t, "all", SearchQuery{Text: "needle"}, "/user/ada/tower"+half+"/needle")
	ada.finds(t, "below the tower", SearchQuery{Text: "needle", Path: at("/user/ada/tower/d")}, "/user/ada/tower"+half+"/needle", "/user/ada/tower"+half+"/below"+half+"/needle")
}

// TestManyLongPathsAreLookedUpInParts, all of one moment, since to find a name in a statement the database passes those before it.
func TestManyLongPathsAreLookedUpInParts(t *testing.T) {
	fs := newFS(t)
	ada := fs.as(t, "ada", "people")
	const depth = 300
	deep := "/user/ada" + strings.Repeat("/d", depth)
	must(t, ignore(ada.Mkdirs(t.Context(), path(t, deep+"/e"), MkdirOptions{Mode: 0o777})))
	var paths []Path
	var chains []*chain
	for i := range 20 {
		paths = append(paths, path(t, strings.TrimSuffix(deep, strings.Repeat("/d", i))))
		chains = append(chains, newChain(paths[i]))
	}
	for rest := chains; len(rest) > 0; {
		n, names := inOneStatement(rest), 0
		for _, c := range rest[:n] {
			names += len(c.names)
		}
		if names > lookupRows {
			t.Errorf("%d names in one statement", names)
		}
		rest = rest[n:]
	}
	if n := inOneStatement([]*chain{newChain(at("/d" + strings.Repeat("/d", 2*lookupRows)))}); n != 1 {
		t.Errorf("%d statements of one long path", n)
	}
	all, epoch, err := fs.lookup(t.Context(), fs.db, ada.p.UserID, paths...)
	must(t, err)
	for i, c := range all {
		if c.path != paths[i] || c.node() == nil || epoch != ada.p.Epoch {
			t.Errorf("the %dth of %d paths: %d of %d names, epoch %d", i, len(paths), len(c.nodes)-1, len(c.names), epoch)
		}
	}
}
