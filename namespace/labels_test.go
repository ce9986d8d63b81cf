package namespace

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"granary/auth"
)

// Labels belong to the inode: they are changed together, move with it, and are not copied.
func TestLabels(t *testing.T) {
	x := newSharing(t)
	ctx := t.Context()
	a := path(t, tilesOwn+"/a")
	got, err := x.ada.SetLabels(ctx, a, LabelChange{Set: map[string]string{"sensor": "lidar", "ok": ""}, Description: new("A tile.")})
	must(t, err)
	want := Labels{map[string]string{"sensor": "lidar", "ok": ""}, "A tile."}
	check := func(what string, at Path, got, want Labels) {
		t.Helper()
		if !maps.Equal(got.Tags, want.Tags) || got.Description != want.Description {
			t.Errorf("%s of %s: %+v, want %+v", what, at, got, want)
		}
	}
	check("set", a, got, want)
	read := func(at Path) Labels {
		t.Helper()
		got, err := x.ada.Labels(ctx, at)
		must(t, err)
		return got
	}
	check("read", a, read(a), want)
	got, err = x.ada.SetLabels(ctx, a, LabelChange{Set: map[string]string{"sensor": "camera"}, Remove: []string{"ok", "none"}, Description: new("")})
	must(t, err)
	want = Labels{map[string]string{"sensor": "camera"}, ""}
	check("changed", a, got, want)

	b := path(t, "/Projects/maps/b")
	_, err = x.ada.Rename(ctx, a, b)
	must(t, err)
	check("renamed", b, read(b), want)
	x.ada.put(t, b.String(), []byte("anew"))
	check("written anew", b, read(b), Labels{Tags: map[string]string{}})

	// The description of a dataset is the one that its owners have given it.
	tiles := path(t, tilesOwn)
	check("dataset", tiles, read(tiles), Labels{map[string]string{}, "Tiles."})
	if _, err := x.ada.SetLabels(ctx, tiles, LabelChange{Description: new("mine")}); kindOf(err) != InvalidArgument {
		t.Errorf("the description of a dataset: %v", err)
	}
	if _, err := x.ada.SetLabels(ctx, tiles, LabelChange{Set: map[string]string{"v": "1"}}); err != nil {
		t.Error(err)
	}
}

func TestLabelsBounds(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/f", nil)
	many := map[string]string{}
	for i := range MaxTags {
		many[fmt.Sprint("k", i)] = "v"
	}
	if _, err := s.SetLabels(t.Context(), path(t, "/f"), LabelChange{Set: many}); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]LabelChange{
		"at most 64":                {Set: map[string]string{"one-more": ""}},
		"no key":                    {Set: map[string]string{"": ""}},
		"key with blanks":           {Set: map[string]string{"a b": ""}},
		"key that looks like k":     {Set: map[string]string{"\u043a": ""}},
		"key with =":                {Set: map[string]string{"a=b": ""}},
		"long key":                  {Set: map[string]string{strings.Repeat("k", 65): ""}},
		"key to remove":             {Remove: []string{"a\nb"}},
		"long value":                {Set: map[string]string{"k": strings.Repeat("\u00e9", MaxTagValue+1)}},
		"two lines":                 {Set: map[string]string{"k": "a\nb"}},
		"value that is not UTF-8":   {Set: map[string]string{"k": "\xff"}},
		"set and remove":            {Set: map[string]string{"k": ""}, Remove: []string{"k"}},
		"long description":          {Description: new(strings.Repeat("d", MaxDescription+1))},
		"description with a NUL":    {Description: new("a\x00")},
		"description, not in UTF-8": {Description: new("\xff")},
	} {
		if _, err := s.SetLabels(t.Context(), path(t, "/f"), change); kindOf(err) != InvalidArgument || !strings.Contains(err.Error(), "want") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err := s.Labels(t.Context(), path(t, "/f")); err != nil || !maps.Equal(got.Tags, many) {
		t.Errorf("what was refused changed the tags: %v, %v", got, err)
	}
	// One label replaces another, just within the bounds.
	long := LabelChange{Remove: []string{"k0"}, Set: map[string]string{strings.Repeat("k", 64): strings.Repeat("\U0001f600", MaxTagValue)}, Description: new(strings.Repeat("d", MaxDescription))}
	if _, err := s.SetLabels(t.Context(), path(t, "/f"), long); err != nil {
		t.Error(err)
	}
	if _, err := fs.index(t.Context()); err != nil {
		t.Errorf("the longest labels cannot be indexed: %v", err)
	}
}

// Whoever may write may set labels, and whoever may know of the inode sees them.
func TestWhoMayLabel(t *testing.T) {
	x := newSharing(t)
	x.share(t, Offer{ToProject: "vision", Level: EditByOwners})
	change := LabelChange{Set: map[string]string{"k": "v"}}
	a := path(t, tilesOwn+"/a")
	for who, tt := range map[string]struct {
		s             *Session
		writes, reads bool
	}{
		"owner":                       {x.ada, true, true},
		"recipient who writes":        {x.bob, true, true},
		"recipient who reads":         {x.sam, false, true},
		"observer":                    {x.otto, false, true},
		"stranger":                    {x.eve, false, false},
		"owner's read-only token":     {x.limited(t, "ada", auth.Scope{Verbs: auth.Read}), false, true},
		"owner's token to add":        {x.limited(t, "ada", auth.Scope{Verbs: auth.Add}), false, false},
		"token for another directory": {x.limited(t, "ada", auth.Scope{Root: 1 << 40}), false, false},
	} {
		_, err := tt.s.SetLabels(t.Context(), a, change)
		if (err == nil) != tt.writes {
			t.Errorf("%s tags: %v", who, err)
		}
		if _, err := tt.s.Labels(t.Context(), a); (err == nil) != tt.reads {
			t.Errorf("%s reads tags: %v", who, err)
		}
	}
	if _, err := x.ada.ChangeDataset(t.Context(), x.tiles.ID, DatasetChange{Description: new("new")}); err != nil {
		t.Fatal(err)
	}
	must(t, x.ada.ChangeProject(t.Context(), "maps", ProjectChange{Archived: new(true)}))
	if _, err := x.ada.SetLabels(t.Context(), a, LabelChange{Remove: []string{"k"}}); kindOf(err) != AccessControl {
		t.Errorf("a tag in an archived project: %v", err)
	}
}

// When an inode is deleted, so are its labels and its name in the index.
func TestLabelsEndWithTheInode(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	for _, name := range []string{"/gone/f", "/gone/sub/f", "/file", "/stays"} {
		s.put(t, name, []byte("x"))
		_, err := s.SetLabels(t.Context(), path(t, name), LabelChange{Set: map[string]string{"k": "v"}, Description: new("d")})
		must(t, err)
	}
	fs.drain(t)
	for _, name := range []string{"/gone", "/file"} {
		_, err := s.Delete(t.Context(), path(t, name), true)
		must(t, err)
	}
	must(t, fs.Reap(t.Context()))
	fs.drain(t)
	for _, table := range []string{"tags", "descriptions"} {
		var rows int
		must(t, fs.db.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&rows))
		if rows != 1 {
			t.Errorf("%d rows are left in %s, want that of what stays", rows, table)
		}
	}
	fs.indexed(t)
}

// drain waits until the index is up to date.
func (fs *testFS) drain(t *testing.T) {
	t.Helper()
	for waiting := true; waiting; {
		_, err := fs.index(t.Context())
		must(t, err)
		must(t, fs.db.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM unindexed)`).Scan(&waiting))
	}
}

// indexed fails the test unless the index is right about every inode.
func (fs *testFS) indexed(t *testing.T) {
	t.Helper()
	fs.drain(t)
	rows, err := fs.db.Query(t.Context(), `SELECT coalesce(i.id, n.id), coalesce(i.name, ''), i.id IS NULL, n.id IS NULL, coalesce(n.name, '')
		FROM (SELECT * FROM inodes WHERE target_id IS NULL) i FULL JOIN names n ON n.project_id = i.project_id AND n.id = i.id`)
	must(t, err)
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var (
			id               int64
			name, spelled    string
			noInode, noIndex bool
		)
		must(t, rows.Scan(&id, &name, &noInode, &noIndex, &spelled))
		seen++
		if noInode || noIndex || spelled != spelledName(name) {
			t.Errorf("inode %d, %q: no inode %v, not in the index %v, there it is %q", id, name, noInode, noIndex, spelled)
		}
	}
	must(t, rows.Err())
	if seen == 0 {
		t.Error("nothing was compared")
	}
}

func TestReadme(t *testing.T) {
	x := newSharing(t)
	dir := path(t, tilesOwn)
	read := func(s *Session) Readme {
		t.Helper()
		r, err := s.Readme(t.Context(), dir)
		must(t, err)
		return r
	}
	if r := read(x.ada); r.Name != "" {
		t.Errorf("a directory without one says %+v", r)
	}
	for _, name := range slices.Backward(readmeNames) {
		x.ada.put(t, dir.Join(name).String(), []byte("# "+name+" \xff<script>"))
		if r := read(x.ada); r.Name != name || r.Text != "# "+name+" \uFFFD<script>" || !r.Whole || r.ID == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	x.ada.put(t, dir.Join("README.md").String(), []byte(strings.Repeat("x", MaxReadme+1)))
	if r := read(x.ada); len(r.Text) != MaxReadme || r.Whole {
		t.Errorf("a long one: %d bytes, whole %v", len(r.Text), r.Whole)
	}
	must(t, x.ada.SetPermission(t.Context(), dir.Join("README.md"), 0o640))
	if _, err := x.eve.Readme(t.Context(), dir); kindOf(err) != NotExist {
		t.Errorf("a stranger: %v", err)
	}
	x.share(t, Offer{ToUser: "eve", Level: Read})
	if r := read(x.eve); r.Name != "README.md" {
		t.Errorf("with whom it is shared: %+v", r)
	}
	must(t, x.ada.SetPermission(t.Context(), dir.Join("README.md"), 0o600))
	if _, err := x.eve.Readme(t.Context(), dir); kindOf(err) != AccessControl {
		t.Errorf("a README that is not for them: %v", err)
	}
	x.ada.put(t, "/user/ada/open/README", []byte("read me"))
	for _, dir := range []string{"/user/ada", "/user/ada/open"} {
		must(t, x.ada.SetPermission(t.Context(), path(t, dir), 0o711))
	}
	if _, err := x.eve.Readme(t.Context(), path(t, "/user/ada/open")); kindOf(err) != AccessControl {
		t.Errorf("of a directory that one may not list: %v", err)
	}
	if _, err := x.ada.Readme(t.Context(), dir.Join("a")); kindOf(err) != NotDirectory {
		t.Errorf("of a file: %v", err)
	}
}
