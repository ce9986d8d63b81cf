package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The published mix, in per cent, and the published sizes, in KiB and per cent. All numbers that can be drawn are drawn.
func TestMixIsThatOfSpotify(t *testing.T) {
	got := map[string]int{}
	for n := range mixTotal {
		got[mixAt(n).name]++
	}
	want := map[string]int{
		"read": 6873, "stat file": 1304, "stat dir": 396, "list dir": 852, "list file": 49, "create": 270, "rename": 130,
		"delete": 75, "chown dir": 32, "setReplication": 14, "chmod file": 2, "chmod dir": 1, "mkdir": 2,
	}
	if !maps.Equal(got, want) {
		t.Errorf("the mix is %v, want %v", got, want)
	}
	sizes := map[int64]int{}
	for n := range sizeTotal {
		sizes[sizeAt(n)>>10]++
	}
	if want := map[int64]int{0: 3, 1: 63, 2: 72, 3: 85, 4: 96, 5: 102, 6: 105, 7: 108, 8: 110, 16: 119, 32: 137}; !maps.Equal(sizes, want) {
		t.Errorf("the sizes are %v, want %v", sizes, want)
	}
}

// What is drawn has the shares that it should: chi-square over the operations, at one in a thousand.
func TestDrawnMix(t *testing.T) {
	const draws = 1_000_000
	rng := newTree("/t", 1, 0).rng
	got := map[string]int{}
	for range draws {
		got[mixAt(rng.IntN(mixTotal)).name]++
	}
	chi := 0.0
	for _, m := range mix {
		want := float64(m.share) * draws / mixTotal
		chi += (float64(got[m.name]) - want) * (float64(got[m.name]) - want) / want
	}
	if limit := 32.9; chi > limit { // 12 degrees of freedom
		t.Errorf("chi-square is %.1f, over %.1f: %v", chi, limit, got)
	}
}

func TestTreeHasTheShape(t *testing.T) {
	tree := newTree("/t", 1, 3)
	files, dirs := map[string]int{}, map[string]int{}
	for _, f := range tree.files {
		files[f.dir.path]++
	}
	for _, d := range tree.dirs[1:] {
		dirs[d.path[:strings.LastIndex(d.path, "/")]]++
	}
	for _, d := range tree.dirs[:treeFull] {
		if files[d.path] != 16 || dirs[d.path] != 2 || d.entries != 18 {
			t.Errorf("%s has %d files and %d directories, and believes in %d entries", d.path, files[d.path], dirs[d.path], d.entries)
		}
	}
}

// The same seed and number give the same work, and after a run the same again; others give other work.
func TestMixFollowsFromTheSeed(t *testing.T) {
	to := serving(t, "null", newNull())
	c := newClient(t.Context(), to, smallLimit)
	defer c.close()
	runs := 0
	work := func(seed uint64, worker int, again bool) string {
		runs++
		tree := newTree(fmt.Sprintf("/t%d", runs), seed, worker)
		grow(t, c, tree)
		if again {
			drive(t, c, tree, 100)
			if err := tree.tidy(c); err != nil {
				t.Fatal(err)
			}
		}
		return drive(t, c, tree, 300)
	}
	first := work(1, 0, false)
	if same := work(1, 0, false); same != first {
		t.Errorf("the same seed does\n%s and\n%s", first, same)
	}
	if after := work(1, 0, true); after != first {
		t.Errorf("after a run the same seed does\n%s and not\n%s", after, first)
	}
	if work(2, 0, false) == first || work(1, 1, false) == first {
		t.Error("another seed or client does the same")
	}
}

// grow puts a tree on a server.
func grow(t *testing.T, c *client, tree *tree) {
	t.Helper()
	for _, d := range tree.dirs {
		if err := c.mkdirs(d.path); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range tree.home {
		if err := c.create(f.path(), f.body); err != nil {
			t.Fatal(err)
		}
	}
}

// drive does n operations and says which, and on how large files.
func drive(t *testing.T, c *client, tree *tree, n int) string {
	t.Helper()
	var did strings.Builder
	for range n {
		m := mixAt(tree.rng.IntN(mixTotal))
		if err := m.do(tree, c); err != nil {
			t.Fatal(m.name, err)
		}
		fmt.Fprintf(&did, "%s %d; ", m.name, tree.files[len(tree.files)-1].body.size)
	}
	return did.String()
}

// everyMixed does each operation of the mix several times, however rare, on a tree of its own, and tidies up.
func everyMixed(t *testing.T, to *target) error {
	t.Helper()
	c := newClient(t.Context(), to, smallLimit)
	defer c.close()
	tree := newTree("/tmp/mixed", 1, 0)
	grow(t, c, tree)
	var errs []error
	for range 2 {
		for range 3 {
			for _, m := range mix {
				errs = append(errs, m.do(tree, c))
			}
		}
		errs = append(errs, tree.tidy(c))
	}
	for _, f := range tree.home {
		errs = append(errs, c.read(f.path(), f.body))
	}
	return errors.Join(append(errs, c.list(tree.dirs[0].path, treeFiles+treeDirs), c.remove(tree.dirs[0].path))...)
}

func TestEveryMixed(t *testing.T) {
	n := newNull()
	if err := everyMixed(t, serving(t, "null", n)); err != nil {
		t.Error(err)
	}
}

// A server that says yes and does nothing, or something else, is found out when the trees are tidied.
func TestTidyFindsLies(t *testing.T) {
	for name, test := range map[string]struct {
		op   string
		do   func(*tree, *client) error
		lie  string // what the server answers
		want string
	}{
		"create":      {"CREATE data", (*tree).create, "", "18 entries and should have 19"},
		"delete":      {"DELETE", (*tree).remove, `{"boolean":true}`, "18 entries and should have 17"},
		"rename":      {"RENAME", (*tree).rename, `{"boolean":true}`, "status 404"},
		"mkdir":       {"MKDIRS", (*tree).mkdir, `{"boolean":true}`, "18 entries and should have 19"},
		"chmod file":  {"SETPERMISSION", (*tree).chmodFile, "", `should say "permission":"640"`},
		"chmod dir":   {"SETPERMISSION", (*tree).chmodDir, "", `should say "permission":"750"`},
		"replication": {"SETREPLICATION", (*tree).setReplication, `{"boolean":true}`, `should say "replication":2`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := &spoiled{null: newNull(), op: test.op}
			bad.do = func(w http.ResponseWriter, _ *http.Request) {
				if test.op == "CREATE data" {
					w.WriteHeader(http.StatusCreated)
				}
				_, _ = w.Write([]byte(test.lie))
			}
			bad.left.Store(1 << 40)
			c := newClient(t.Context(), serving(t, "bad", bad), smallLimit)
			defer c.close()
			tree := newTree("/t", 1, 0)
			grow(t, c, tree)
			bad.left.Store(0)
			if err := test.do(tree, c); err != nil {
				t.Fatal(err)
			}
			bad.left.Store(1 << 40)
			if err := tree.tidy(c); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("tidying gives %v, want %q", err, test.want)
			}
		})
	}
}

// Ranges come from everywhere in the file, its end included.
func TestRangesOfContent(t *testing.T) {
	to := serving(t, "null", newNull())
	c := newClient(t.Context(), to, smallLimit)
	defer c.close()
	file := content{id: 5, size: 3*chunkSize + 77}
	if err := c.create("/f", file); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	places := []int64{0, 1, stampSize - 1, stampSize, chunkSize - 1, chunkSize, chunkSize + 1, file.size - 1, file.size}
	for range 50 {
		places = append(places, rng.Int64N(file.size+1))
	}
	whole := bytesOf(t, file)
	for _, from := range places {
		n := min(rng.Int64N(2*chunkSize), file.size-from)
		if err := c.readRange("/f", file, from, n); err != nil {
			t.Errorf("%d bytes from %d on: %v", n, from, err)
		}
		var b strings.Builder
		if _, err := file.writeRange(&b, from, from+n); err != nil || !slices.Equal([]byte(b.String()), whole[from:from+n]) {
			t.Errorf("the content has other bytes in the range of %d from %d on, %v", n, from, err)
		}
	}
	if err := c.readRange("/f", content{id: 6, size: file.size}, 100, 50); err == nil || !strings.Contains(err.Error(), "differs") {
		t.Errorf("the range of another file gives %v", err)
	}
}
