package main

import (
	"slices"
	"strings"
	"testing"
)

// place of a node, as each yields it.
type placed struct {
	node
	path string
}

// all is what a tree yields, by path.
func all(t *testing.T, tr *tree) map[string]placed {
	t.Helper()
	byID, byPath := map[int64]placed{tr.top: {}}, map[string]placed{}
	var last node
	tr.each(func(n *node) bool {
		above, known := byID[n.parent]
		if !known {
			t.Fatalf("inode %d, %s, comes before its directory %d", n.id, n.name, n.parent)
		}
		if n.id <= last.id {
			t.Fatalf("inode %d comes behind %d", n.id, last.id)
		}
		p := placed{*n, above.path + "/" + string(n.name)}
		p.name = slices.Clone(n.name)
		if _, taken := byPath[p.path]; taken {
			t.Fatalf("%s is there twice", p.path)
		}
		byID[n.id], byPath[p.path], last = p, p, *n
		return true
	})
	return byPath
}

func TestATreeIsWhatItSays(t *testing.T) {
	for _, n := range []int64{5000, 10_000, 23_456} {
		tr, err := newTree(n, n/10)
		must(t, err)
		tr.base, tr.top = 1000, 7
		nodes := all(t, tr)
		if int64(len(nodes)) != tr.total() || tr.total() < n-leafFiles || tr.total() > n+leafFiles {
			t.Errorf("%d inodes were wanted, it says %d and has %d", n, tr.total(), len(nodes))
		}
		children := map[int64]int64{}
		for _, p := range nodes {
			children[p.parent]++
		}
		for path, p := range nodes {
			if p.dir && children[p.id] != p.children {
				t.Errorf("%s says that it has %d children, and has %d", path, p.children, children[p.id])
			}
		}
		if children[tr.top] != tr.aboveDirs()+3 {
			t.Errorf("the top has %d children", children[tr.top])
		}
		for turn := range 3 {
			for _, path := range tr.scattered(40, turn) {
				if p, there := nodes[path]; !there || p.size != fullSize {
					t.Fatalf("%s is there: %t, with %d bytes", path, there, p.size)
				}
			}
		}
		deep := chain(deepLevels) + "/f00"
		if p, there := nodes[deep]; !there || p.size != fullSize || strings.Count(deep, "/") != deepLevels+1 {
			t.Errorf("%s is there: %t", deep, there)
		}
	}
}

func TestATreeThatIsTooSmallIsRefused(t *testing.T) {
	if _, err := newTree(2000, 200); err == nil || !strings.Contains(err.Error(), "2000 inodes are too few") {
		t.Error(err)
	}
}
