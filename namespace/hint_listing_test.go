package namespace

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// listedNow lists a directory and reports whether that asked only for the moment.
func listedNow(t *testing.T, n *statements, s *Session, dir string) (names []string, children map[string]int64, remembered bool) {
	t.Helper()
	children = map[string]int64{}
	remembered = n.looked(func() {
		must(t, s.List(t.Context(), path(t, dir), func(e Status) error {
			names, children[e.Name] = append(names, e.Name), e.Children
			return nil
		}))
	})
	return names, children, remembered
}

// A remembered listing is reused while nothing in it changes, and never after something has: an entry that comes, goes, moves
// or changes, or the number of children of a directory in it.
func TestListingsAreRemembered(t *testing.T) {
	fs, n := lookCounted(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	s.put(t, "/d/sub/g", []byte("content"))
	s.put(t, "/e/f", []byte("content"))
	known := func() {
		t.Helper()
		eventually(t, "a listing is remembered", func() bool {
			_, _, remembered := listedNow(t, n, s, "/d")
			return remembered
		})
	}
	known()
	eventually(t, "what happens elsewhere disproves no listing", func() bool {
		known()
		s.put(t, fmt.Sprint("/e/", time.Now().UnixNano()), []byte("x"))
		_, _, remembered := listedNow(t, n, s, "/d")
		return remembered
	})
	rename := func(from, to string) {
		ok, err := s.Rename(t.Context(), path(t, from), path(t, to))
		if err != nil || !ok {
			t.Fatal(from, to, ok, err)
		}
	}
	for _, tt := range []struct {
		what  string
		do    func()
		names string
		below int64 // children of sub
	}{
		{"a new file", func() { s.put(t, "/d/new", []byte("x")) }, "[f new sub]", 1},
		{"a file below", func() { s.put(t, "/d/sub/new", []byte("x")) }, "[f new sub]", 2},
		{"a move inside", func() { rename("/d/new", "/d/old") }, "[f old sub]", 2},
		{"a move away", func() { rename("/d/old", "/e/old") }, "[f sub]", 2},
		{"a move to where it is counted", func() { rename("/e/old", "/d/sub/old") }, "[f sub]", 3},
		{"a directory that comes", func() { rename("/e", "/d/e") }, "[e f sub]", 3},
		{"a directory that goes", func() { rename("/d/e", "/e") }, "[f sub]", 3},
		{"a deletion below", func() { _, err := s.Delete(t.Context(), at("/d/sub/old"), false); must(t, err) }, "[f sub]", 2},
		{"a deletion", func() { _, err := s.Delete(t.Context(), at("/d/f"), false); must(t, err) }, "[sub]", 2},
		{"a deletion of much", func() { _, err := s.Delete(t.Context(), at("/d/sub"), true); must(t, err) }, "[]", 0},
	} {
		known()
		tt.do()
		names, children, remembered := listedNow(t, n, s, "/d")
		if fmt.Sprint(names) != tt.names || children["sub"] != tt.below || remembered {
			t.Errorf("%s: %v, %d below, remembered: %v; want %s, %d, read anew", tt.what, names, children["sub"], remembered, tt.names, tt.below)
		}
	}
}

// What others have listed is not given to those who may not list the directory, or no longer may.
func TestListingsAreForWhoMayList(t *testing.T) {
	fs, n := lookCounted(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve")
	root.put(t, "/d/f", []byte("content"))
	list := func(s *Session) error {
		_, _, err := s.ListBatch(t.Context(), at("/d"), "", 0)
		return err
	}
	for i := range 10 {
		must(t, root.SetPermission(t.Context(), at("/d"), 0o755))
		eventually(t, "eve lists what is remembered", func() bool {
			return n.looked(func() { must(t, list(eve)) })
		})
		must(t, root.SetPermission(t.Context(), at("/d"), 0o700))
		if err := list(eve); kindOf(err) != AccessControl {
			t.Fatalf("round %d: %v", i, err)
		}
		must(t, list(root))
		if err := list(eve); kindOf(err) != AccessControl {
			t.Fatalf("round %d, after root has listed it: %v", i, err)
		}
	}
}

// The memory for pages is bounded.
func TestListingsAreBounded(t *testing.T) {
	l := newListings(10_000)
	page := func(n int) *Page {
		p := &Page{}
		for i := range n {
			p.Entries = append(p.Entries, Status{Name: fmt.Sprint(i), ID: int64(i), Dir: true})
		}
		return p
	}
	held := func() (sum int64) {
		for _, d := range l.dirs.Values() {
			for _, p := range d.pages {
				sum += p.weight()
			}
		}
		return sum
	}
	for i := range 200 {
		dir := key{int64(i), 1}
		l.keep(dir, pageKey{limit: 1}, page(i%20), 1)
		l.keep(dir, pageKey{limit: 2}, page(3), uint64(1+i%2))
		if held() != l.held || l.held > 10_000 {
			t.Fatalf("%d bytes are held, %d counted", held(), l.held)
		}
		listed := 0
		for _, d := range l.dirs.Keys() {
			if known, _ := l.dirs.Peek(d); known != nil {
				seen := map[int64]bool{}
				for _, p := range known.pages {
					for i := range p.Entries {
						seen[p.Entries[i].ID] = true
					}
				}
				listed += len(seen)
			}
		}
		if len(l.above) != listed {
			t.Fatalf("%d directories are known to be listed, and %d are", len(l.above), listed)
		}
	}
	if l.keep(key{1, 1}, pageKey{limit: 9}, page(100), 1); l.get(key{1, 1}, pageKey{limit: 9}, 1) != nil {
		t.Error("a page is remembered that is larger than all that may be")
	}
	l.purge()
	if l.held != 0 || len(l.above) != 0 {
		t.Errorf("%d bytes and %d directories are left", l.held, len(l.above))
	}
}

// The rendered form of a page is remembered with it, where a name may take up six times its length.
func TestAPageWeighsWhatIsRenderedOfIt(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("n", MaxName), strings.Repeat("\x01", MaxName), strings.Repeat(`\`, MaxName), strings.Repeat("\u2028", MaxName/3), strings.Repeat("\u65e5", MaxName/3),
	} {
		rendered, err := json.Marshal(name)
		must(t, err)
		nothing := (&Page{Entries: make([]Status, 1)}).weight()
		for what, entry := range map[string]Status{"name": {Name: name}, "owner": {Owner: name}, "group": {Group: name}} {
			more := (&Page{Entries: []Status{entry}}).weight() - nothing
			if least := int64(len(name) + len(rendered) - len(`""`)); more < least {
				t.Errorf("the %s %.20q weighs %d, and takes %d", what, name, more, least)
			}
		}
	}
}

// A page is given out only if its directory, and the right to list it, were there all the while; and it is kept for no other one,
// since a lone server does not compare it.
func TestAPageIsOfWhatWasThere(t *testing.T) {
	fs, _, _ := lone(t)
	root, eve := fs.as(t, superuser), fs.as(t, "eve")
	proved := func() {
		t.Helper()
		eventually(t, "/d is proved", func() bool {
			_, err := eve.Stat(t.Context(), at("/d"))
			must(t, err)
			x := fs.hints.suppose(&eve.p, at("/d"), false)
			return x != nil && x.proved && !fs.hints.company()
		})
	}
	list := func() (names []string, err error) {
		err = eve.List(t.Context(), at("/d"), func(e Status) error {
			names = append(names, e.Name)
			return nil
		})
		return names, err
	}
	for name, tt := range map[string]struct {
		change func()
		want   string
		kind   Kind
	}{
		"another directory": {func() {
			for _, move := range [][2]string{{"/d", "/moved"}, {"/other", "/d"}} {
				_, err := root.Rename(t.Context(), at(move[0]), at(move[1]))
				must(t, err)
			}
		}, "[new]", allowed},
		"rights": {func() {
			must(t, root.SetPermission(t.Context(), at("/d"), 0o700))
			root.put(t, "/d/secret", nil)
		}, "[]", AccessControl},
		"nothing": {func() { root.put(t, "/elsewhere", nil) }, "[old]", allowed},
	} {
		for _, dir := range []string{"/d", "/other", "/moved"} {
			_, err := root.Delete(t.Context(), at(dir), true)
			must(t, err)
		}
		root.put(t, "/d/old", nil)
		root.put(t, "/other/new", nil)
		proved()
		changed := false
		fs.decided = func(op string, _ Path) {
			if op == "list" && !changed {
				changed = true
				tt.change()
				proved()
			}
		}
		names, err := list()
		fs.decided = func(string, Path) {}
		if fmt.Sprint(names) != tt.want || kindOf(err) != tt.kind || !changed {
			t.Errorf("%s: %v, %v", name, names, err)
		}
		if names, err = list(); fmt.Sprint(names) != tt.want || kindOf(err) != tt.kind {
			t.Errorf("%s, afterwards: %v, %v", name, names, err)
		}
	}
}
