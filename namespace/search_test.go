package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"granary/auth"
	"granary/auth/perm"
)

// found returns the paths of everything that s finds, over pages of limit hits.
func (s *Session) found(t *testing.T, q SearchQuery, limit int) (paths []string) {
	t.Helper()
	q.Limit = limit
	for range 1000 {
		page, err := s.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, hit := range page.Hits {
			paths = append(paths, hit.Path.String())
		}
		if len(page.Hits) > limit || len(page.Hits) < limit && page.Next != "" && !page.Partial || page.Next == "" && page.Partial {
			t.Errorf("%+v: a page of %d, partial %v, next %q", q, len(page.Hits), page.Partial, page.Next)
		}
		if q.After = page.Next; q.After == "" {
			return paths
		}
	}
	t.Fatalf("%+v: the pages have no end", q)
	return nil
}

// finds fails the test unless s finds these paths, in this order, in one page and in pages of one.
func (s *Session) finds(t *testing.T, what string, q SearchQuery, want ...string) {
	t.Helper()
	for _, limit := range []int{100, 1} {
		if got := s.found(t, q, limit); !slices.Equal(got, want) {
			t.Errorf("%s, %+v, in pages of %d: found %q, want %q", what, q, limit, got, want)
		}
	}
}

// Search finds names that equal the text, the newest first, and then names that contain it, the newest first.
func TestSearchFinds(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, name := range []string{
		"/d/model", "/d/model.pt", "/e/MODEL", "/e/my model", "/d/100%_sure", "/d/100xysure", `/d/back\slash`, "/d/caf\u00e9", "/d/CAFE\u0301",
		"/d/\u65e5\u672c\u8a9e.txt", "/d/\u0441\u0430\u0444\u0435", "/d/\uff4d\uff4f\uff44\uff45\uff4c", "/d/---", "/d/xe9", "/d/stra\u00dfe", "/d/fi\ufb01x",
	} {
		s.put(t, name, nil)
	}
	_, err := s.SetLabels(t.Context(), path(t, "/d/model.pt"), LabelChange{Set: map[string]string{"stage": "Production", "owner": ""}, Description: new("The\nbest  one.")})
	must(t, err)
	_, err = s.SetLabels(t.Context(), path(t, "/e"), LabelChange{Set: map[string]string{"stage": "model"}})
	must(t, err)
	for _, tt := range []struct {
		what string
		q    SearchQuery
		want []string
	}{
		{"names first that are equal", SearchQuery{Text: "Model"}, []string{"/d/\uff4d\uff4f\uff44\uff45\uff4c", "/e/MODEL", "/d/model", "/e/my model", "/e", "/d/model.pt"}},
		{"the middle", SearchQuery{Text: "odel.p"}, []string{"/d/model.pt"}},
		{"LIKE's wildcards stand for themselves", SearchQuery{Text: "100%_"}, []string{"/d/100%_sure"}},
		{"so does its escape", SearchQuery{Text: `ck\sl`}, []string{`/d/back\slash`}},
		{"nothing but wildcards", SearchQuery{Text: "%%%"}, nil},
		{"composed or not, capitals or not", SearchQuery{Text: "Caf\u00c9"}, []string{"/d/CAFE\u0301", "/d/caf\u00e9"}},
		{"other scripts look alike and are not", SearchQuery{Text: "\u0441\u0430\u0444\u0435"}, []string{"/d/\u0441\u0430\u0444\u0435"}},
		{"letters without capitals", SearchQuery{Text: "\u65e5\u672c\u8a9e"}, []string{"/d/\u65e5\u672c\u8a9e.txt"}},
		{"punctuation, which no index helps with", SearchQuery{Text: "---"}, []string{"/d/---"}},
		{"how it is spelled in the index is not what is found", SearchQuery{Text: "xe9"}, []string{"/d/xe9"}},
		{"sharp s", SearchQuery{Text: "STRASSE"}, []string{"/d/stra\u00dfe"}},
		{"ligature", SearchQuery{Text: "fifi"}, []string{"/d/fi\ufb01x"}},
		{"a tag's value", SearchQuery{Text: "product"}, []string{"/d/model.pt"}},
		{"a tag", SearchQuery{Text: "stage=prod"}, []string{"/d/model.pt"}},
		{"a description", SearchQuery{Text: "the best one"}, []string{"/d/model.pt"}},
		{"no text runs from one tag to the next", SearchQuery{Text: "owner=stage"}, nil},
		{"by tag", SearchQuery{Tag: "stage=Production"}, []string{"/d/model.pt"}},
		{"by a tag's key", SearchQuery{Tag: "stage"}, []string{"/e", "/d/model.pt"}},
		{"by an empty value", SearchQuery{Tag: "owner="}, []string{"/d/model.pt"}},
		{"values are compared as they are", SearchQuery{Tag: "stage=production"}, nil},
		{"by tag and text", SearchQuery{Tag: "stage", Text: "best"}, []string{"/d/model.pt"}},
		{"short, by tag", SearchQuery{Tag: "stage", Text: "e"}, []string{"/e"}},
		{"below a directory", SearchQuery{Text: "model", Path: path(t, "/e")}, []string{"/e/MODEL", "/e/my model", "/e"}},
		{"short: the beginning of a name", SearchQuery{Text: "mo", Path: path(t, "/e")}, []string{"/e/MODEL"}},
		{"directories", SearchQuery{Text: "model", Kind: "directory"}, []string{"/e"}},
		{"files", SearchQuery{Tag: "stage", Kind: "file"}, []string{"/d/model.pt"}},
		{"datasets", SearchQuery{Text: "model", Kind: "dataset"}, nil},
		{"nobody's", SearchQuery{Text: "model", Owner: "eve"}, nil},
		{"somebody's", SearchQuery{Text: "model.pt", Owner: superuser}, []string{"/d/model.pt"}},
		{"changed later", SearchQuery{Text: "model", From: time.Now().Add(time.Hour)}, nil},
		{"changed before", SearchQuery{Text: "model", To: time.Now().Add(-time.Hour)}, nil},
		{"changed meanwhile", SearchQuery{Text: "model.pt", From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}, []string{"/d/model.pt"}},
	} {
		s.finds(t, tt.what, tt.q, tt.want...)
	}
	page, err := s.Search(t.Context(), SearchQuery{Text: "best"})
	must(t, err)
	if h := page.Hits[0]; h.In != "description" || h.Tags["stage"] != "Production" || h.Owner != superuser || h.ID == 0 || h.MTime == 0 || h.Dir {
		t.Errorf("a hit: %+v", h)
	}

	// Moves and deletions count at once.
	_, err = s.Rename(t.Context(), path(t, "/d/model"), path(t, "/d/other"))
	must(t, err)
	_, err = s.Rename(t.Context(), path(t, "/e"), path(t, "/f"))
	must(t, err)
	_, err = s.Delete(t.Context(), path(t, "/d/model.pt"), false)
	must(t, err)
	s.finds(t, "after changes", SearchQuery{Text: "model"}, "/d/\uff4d\uff4f\uff44\uff45\uff4c", "/f/MODEL", "/f/my model", "/f")
	_, err = s.Delete(t.Context(), path(t, "/f"), true)
	must(t, err)
	s.finds(t, "after a recursive delete", SearchQuery{Text: "model"}, "/d/\uff4d\uff4f\uff44\uff45\uff4c")
	must(t, fs.Reap(t.Context()))
	fs.indexed(t)
}

func TestSearchRefuses(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", nil)
	for what, q := range map[string]SearchQuery{
		"nothing to search for":          {},
		"blank":                          {Text: " \t"},
		"want at least 3":                {Text: "ab"},
		"has more than 255":              {Text: strings.Repeat("x", 256)},
		"or is not UTF-8":                {Text: "abc\xff"},
		"want a key":                     {Tag: "=v"},
		`kind "link"`:                    {Text: "abc", Kind: "link"},
		"want one of them":               {Text: "abc", Project: "p", Path: path(t, "/f")},
		"want an end that is later":      {Text: "abc", From: time.Unix(2, 0), To: time.Unix(1, 0)},
		"limit=-1":                       {Text: "abc", Limit: -1},
		"limit=1001":                     {Text: "abc", Limit: 1001},
		"is not of this search":          {Text: "abc", After: "AAAA"},
		"is not of this search: give":    {Text: "abc", After: "?"},
		"key of the form":                {Tag: "\u0441"},
		`There is no project "nothing"`:  {Text: "abc", Project: "nothing"},
		"File /nothing does not exist":   {Text: "abc", Path: path(t, "/nothing")},
		"Is not a directory":             {Text: "abc", Path: path(t, "/f")},
		"File for given inode path does": {Text: "abc", Path: inodePath(1 << 40)},
	} {
		_, err := s.Search(t.Context(), q)
		if kind := kindOf(err); err == nil || !strings.Contains(err.Error(), what) || kind != InvalidArgument && kind != NotExist && kind != NotDirectory {
			t.Errorf("%+v: %v, want %q", q, err, what)
		}
	}
	// A cursor is good only for its search and its user.
	for i := range 3 {
		s.put(t, fmt.Sprintf("/name%d", i), nil)
	}
	q := SearchQuery{Text: "name", Limit: 1}
	page, err := s.Search(t.Context(), q)
	must(t, err)
	q.After = page.Next
	_, err = s.Search(t.Context(), q)
	must(t, err)
	other := q
	other.Text = "nam"
	if _, err := s.Search(t.Context(), other); kindOf(err) != InvalidArgument {
		t.Errorf("a cursor for another search: %v", err)
	}
	if _, err := fs.as(t, "eve", "people").Search(t.Context(), q); kindOf(err) != InvalidArgument {
		t.Errorf("somebody else's cursor: %v", err)
	}
}

// A search finds what listings show its user, and what is shared with them.
func TestSearchFindsWhatOneMayList(t *testing.T) {
	x := newSharing(t)
	ctx := t.Context()
	for _, name := range []string{"/sub/needle-in", "/needle-top"} {
		x.ada.put(t, tilesOwn+name, nil)
	}
	must(t, x.ada.SetPermission(ctx, path(t, tilesOwn+"/sub"), 0o770))
	x.ada.put(t, "/Projects/maps/needle-beside", nil)
	x.ada.put(t, "/Projects/maps/secret/needle-secret", nil)
	must(t, x.ada.SetPermission(ctx, path(t, "/Projects/maps/secret"), 0o700))
	_, err := x.ada.SetLabels(ctx, path(t, "/Projects/maps/secret/needle-secret"), LabelChange{Set: map[string]string{"needle": "1"}})
	must(t, err)
	_, err = x.ada.SetLabels(ctx, path(t, tilesOwn), LabelChange{Set: map[string]string{"needle": "1"}})
	must(t, err)
	must(t, x.ada.SetMember(ctx, "maps", "sam", Scientist))
	must(t, x.ada.SetMember(ctx, "maps", "otto", Observer))
	maps, err := x.ProjectID(ctx, "maps")
	must(t, err)
	vision, err := x.ProjectID(ctx, "vision")
	must(t, err)
	q, tag := SearchQuery{Text: "needle"}, SearchQuery{Tag: "needle"}
	const (
		beside, secret = "/Projects/maps/needle-beside", "/Projects/maps/secret/needle-secret"
		top, in        = tilesOwn + "/needle-top", tilesOwn + "/sub/needle-in"
	)
	inTiles, listed := []string{top, in, tilesOwn}, []string{beside, top, in, tilesOwn}
	all := []string{secret, beside, top, in, tilesOwn}
	nobody := []string(nil)
	x.ada.finds(t, "owner", q, all...)
	x.as(t, superuser).finds(t, "superuser", q, all...)
	x.sam.finds(t, "scientist", q, listed...)
	x.otto.finds(t, "observer", q, listed...)
	x.sam.finds(t, "scientist, by tag", tag, tilesOwn)
	x.ada.finds(t, "owner, by tag", tag, secret, tilesOwn)
	x.eve.finds(t, "stranger", q, nobody...)
	x.eve.finds(t, "stranger, by tag", tag, nobody...)
	x.limited(t, "ada", auth.Scope{Project: maps}).finds(t, "token for the project", q, all...)
	x.limited(t, "ada", auth.Scope{Project: vision}).finds(t, "token for another project", q, nobody...)
	x.limited(t, superuser, auth.Scope{Project: vision}).finds(t, "superuser's token for another project", q, nobody...)
	x.limited(t, "ada", auth.Scope{Project: maps, Root: x.tiles.ID}).finds(t, "token for the dataset", q, inTiles[:2]...)
	refusedBy(t, "token to write", ignore(x.limited(t, "ada", auth.Scope{Verbs: auth.Write}).Search(ctx, q)), "may not search")

	// Shares count from when they are accepted until they end.
	offer, err := x.ada.OfferShare(ctx, Offer{Dataset: x.tiles.ID, ToUser: "eve", Level: Read})
	must(t, err)
	x.eve.finds(t, "with an offer", q, nobody...)
	_, err = x.eve.AcceptShare(ctx, offer.ID, "")
	must(t, err)
	x.eve.finds(t, "person with a share", q, inTiles...)
	x.eve.finds(t, "person with a share, by tag", tag, tilesOwn)
	x.eve.finds(t, "below the dataset", SearchQuery{Text: "needle", Path: path(t, tilesOwn)}, inTiles...)
	refusedBy(t, "a directory that one may not list", ignore(x.eve.Search(ctx, SearchQuery{Text: "needle", Path: path(t, "/Projects/maps/deep")})), "Permission denied: user=eve")
	x.exec(t, `UPDATE shares SET expires = now() - interval '1 second' WHERE id = `+fmt.Sprint(offer.ID))
	x.eve.finds(t, "person whose share expired", q, nobody...)

	shared := x.share(t, Offer{ToProject: "vision", Level: Read})
	x.bob.finds(t, "project with a share", q, inTiles...)
	shown := []string{tilesShown + "/needle-top", tilesShown + "/sub/needle-in", tilesShown}
	x.bob.finds(t, "where it is shown", SearchQuery{Text: "needle", Path: path(t, tilesShown)}, shown...)
	x.limited(t, "bob", auth.Scope{Project: vision}).finds(t, "token for the project that it is shared with", q, shown...)
	must(t, x.ada.EndShare(ctx, shared.ID))
	x.bob.finds(t, "project whose share ended", q, nobody...)
	x.limited(t, "bob", auth.Scope{Project: vision}).finds(t, "token, the share ended", q, nobody...)

	_, err = x.ada.ChangeDataset(ctx, x.tiles.ID, DatasetChange{Public: new(true)})
	must(t, err)
	x.eve.finds(t, "anybody at what is published", q, inTiles...)
	_, err = x.ada.ChangeDataset(ctx, x.tiles.ID, DatasetChange{Public: new(false)})
	must(t, err)
	x.eve.finds(t, "what was published", q, nobody...)

	// Modes and ACLs count at once.
	must(t, x.ada.ModifyACL(ctx, path(t, "/Projects/maps/secret"), []perm.Entry{{Type: perm.User, Name: "sam", Perm: perm.ReadExecute}}))
	x.sam.finds(t, "let in by an ACL", q, all...)
	must(t, x.ada.ModifyACL(ctx, path(t, "/Projects/maps/secret"), []perm.Entry{{Type: perm.User, Name: "sam", Perm: perm.Execute}}))
	x.sam.finds(t, "who may go through and not list", q, listed...)
	refusedBy(t, "a directory that one may go through and not list", ignore(x.sam.Search(ctx, SearchQuery{Text: "needle", Path: path(t, "/Projects/maps/secret")})), "access=READ_EXECUTE")
	must(t, x.ada.RemoveMember(ctx, "maps", "sam"))
	x.sam.finds(t, "former member", q, nobody...)
	must(t, x.ada.DeleteProject(ctx, "maps"))
	x.ada.finds(t, "a deleted project", q, nobody...)
	x.as(t, superuser).finds(t, "a deleted project, superuser", q, nobody...)
}

// A search within a project, a directory or an id does not reveal that there is one, and its answer does not depend on
// what is hidden there.
func TestSearchTellsNothingOfWhatIsHidden(t *testing.T) {
	x := newSharing(t)
	ctx := t.Context()
	answer := func(s *Session, q SearchQuery) string {
		page, err := s.Search(ctx, q)
		return fmt.Sprintf("%+v, %v", page, err)
	}
	for what, q := range map[string][2]SearchQuery{
		"a project":     {{Text: "secret", Project: "maps"}, {Text: "secret", Project: "none"}},
		"its directory": {{Text: "secret", Path: path(t, "/Projects/maps/deep")}, {Text: "secret", Path: path(t, "/Projects/none/deep")}},
		"its id":        {{Text: "secret", Path: inodePath(x.tiles.ID)}, {Text: "secret", Path: inodePath(1 << 40)}},
	} {
		there, none := answer(x.eve, q[0]), answer(x.eve, q[1])
		if strings.NewReplacer("maps", "none", fmt.Sprint(x.tiles.ID), fmt.Sprint(1<<40)).Replace(there) != none {
			t.Errorf("%s: %s, but where there is none %s", what, there, none)
		}
	}
	// Hidden in a project that she may know of: the words of the answer do not depend on whether something is there.
	x.share(t, Offer{ToUser: "eve", Level: Read})
	before := map[string]string{}
	queries := map[string]SearchQuery{
		"name": {Text: "secret"}, "its beginning": {Text: "se", Project: "maps"}, "tag": {Tag: "secret"}, "value": {Tag: "k=secret"},
		"description": {Text: "undisclosed"}, "in the project": {Text: "secret", Project: "maps"}, "one": {Text: "secret", Limit: 1},
	}
	for what, q := range queries {
		before[what] = answer(x.eve, q)
	}
	for i := range 5 {
		name := fmt.Sprintf("/Projects/maps/deep/secret%d", i)
		x.ada.put(t, name, nil)
		_, err := x.ada.SetLabels(ctx, path(t, name), LabelChange{Set: map[string]string{"secret": "", "k": "secret"}, Description: new("undisclosed")})
		must(t, err)
	}
	for what, q := range queries {
		if after := answer(x.eve, q); after != before[what] {
			t.Errorf("%s: %s, but before there was any %s", what, after, before[what])
		}
	}
	// Nor does a full page reveal that hidden hits follow those that it shows.
	shown := tilesOwn + "/secret-shown"
	x.ada.put(t, shown, nil)
	_, err := x.ada.SetLabels(ctx, path(t, shown), LabelChange{Set: map[string]string{"secret": "", "k": "secret"}, Description: new("undisclosed")})
	must(t, err)
	for what, q := range queries {
		q.Limit = 1
		page, err := x.eve.Search(ctx, q)
		must(t, err)
		if len(page.Hits) != 1 || page.Hits[0].Path.String() != shown || page.Next != "" || page.Partial {
			t.Errorf("%s: a page of one is %+v", what, page)
		}
	}
}

// A page looks at a bounded number of names, says so, and the next one continues; names in projects that one may not know of
// do not count.
func TestSearchStopsShort(t *testing.T) {
	x := newSharing(t)
	ctx := t.Context()
	must(t, x.ada.SetMember(ctx, "maps", "sam", Scientist))
	x.ada.put(t, "/Projects/maps/wanted-first", nil)
	x.ada.put(t, "/Projects/maps/secret/f", nil)
	must(t, x.ada.SetPermission(ctx, path(t, "/Projects/maps/secret"), 0o700))
	secret, err := x.ada.Stat(ctx, path(t, "/Projects/maps/secret"))
	must(t, err)
	maps, err := x.ProjectID(ctx, "maps")
	must(t, err)
	x.exec(t, fmt.Sprintf(`INSERT INTO inodes (project_id, id, parent_id, name, kind, mode, owner, grp, mtime)
		SELECT %d, 1000000 + n, %d, 'wanted-' || n, 'f', 420, 'ada', 'maps', 0 FROM generate_series(1, %d) n`, maps, secret.ID, searchLooks+200))
	x.ada.put(t, "/Projects/maps/wanted-last", nil)
	x.exec(t, `UPDATE inodes SET id = 2000000, use = use WHERE name = 'wanted-last'`)
	x.drain(t)
	page, err := x.sam.Search(ctx, SearchQuery{Text: "wanted"})
	must(t, err)
	if len(page.Hits) != 1 || !page.Partial || page.Next == "" {
		t.Errorf("a page amid hidden names: %d hits, partial %v, next %q", len(page.Hits), page.Partial, page.Next)
	}
	x.sam.finds(t, "over the pages", SearchQuery{Text: "wanted"}, "/Projects/maps/wanted-last", "/Projects/maps/wanted-first")
	page, err = x.eve.Search(ctx, SearchQuery{Text: "wanted"})
	must(t, err)
	if len(page.Hits) != 0 || page.Partial || page.Next != "" {
		t.Errorf("to a stranger: %+v", page)
	}
	// If there are many hits, none is missing or repeated.
	got := x.ada.found(t, SearchQuery{Text: "wanted"}, 333)
	if len(got) != searchLooks+202 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
		t.Errorf("the owner finds %d", len(got))
	}
}

// A search below the directory of projects finds what is in them, though the database keeps it elsewhere.
func TestSearchBelowTheDirectoryOfProjects(t *testing.T) {
	x := newSharing(t)
	root := x.steward()
	root.put(t, "/tiles", nil)
	x.bob.put(t, "/Projects/vision/tiles of bob", nil)
	dir, err := root.Stat(t.Context(), path(t, ProjectsDir))
	must(t, err)
	for _, from := range []string{ProjectsDir, fmt.Sprintf("/.reserved/.inodes/%d", dir.ID)} {
		x.ada.finds(t, "ada's", SearchQuery{Text: "tiles", Path: path(t, from)}, tilesOwn)
		root.finds(t, "everybody's", SearchQuery{Text: "tiles", Path: path(t, from)}, tilesOwn, "/Projects/vision/tiles of bob")
	}
	everywhere := SearchQuery{Text: "tiles", Path: path(t, fmt.Sprintf("/.reserved/.inodes/%d", RootID))}
	root.finds(t, "by the root's inode", everywhere, "/tiles", tilesOwn, "/Projects/vision/tiles of bob")
}

// What was deleted is found in the trash only.
func TestSearchLeavesOutTheTrash(t *testing.T) {
	x := newSharing(t)
	at := func(name string) Path { return path(t, name) }
	x.ada.put(t, "/Projects/maps/old tiles", nil)
	x.ada.put(t, "/user/ada/tiles", nil)
	deleted := []string{"/user/ada/.Trash/Current/user/ada/tiles", "/Projects/maps/.Trash/ada/Current/Projects/maps/old tiles"}
	for i, name := range []string{"/user/ada/tiles", "/Projects/maps/old tiles"} {
		_, err := x.ada.Mkdirs(t.Context(), at(deleted[i]).Parent(), MkdirOptions{Mode: 0o755})
		must(t, err)
		must(t, x.ada.Move(t.Context(), at(name), at(deleted[i]), MoveOptions{ToTrash: true}))
	}
	for _, from := range []string{"/", "/Projects/maps", ProjectsDir} {
		x.ada.finds(t, "beside the trash", SearchQuery{Text: "tiles", Path: at(from)}, tilesOwn)
	}
	x.ada.finds(t, "in a project", SearchQuery{Text: "tiles", Project: "maps"}, tilesOwn)
	for _, name := range deleted {
		x.ada.finds(t, "in the trash", SearchQuery{Text: "tiles", Path: at(name).Parent()}, name)
	}
}
