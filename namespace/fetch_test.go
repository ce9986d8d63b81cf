package namespace

import (
	"maps"
	"strings"
	"testing"
)

// fetching returns the supposition about a file of which everything but the content is proved.
func (fs *testFS) fetching(t *testing.T, s *Session, path Path) (x *supposition) {
	t.Helper()
	eventually(t, "a file whose content is to be fetched", func() bool {
		_, err := s.Stat(t.Context(), path)
		must(t, err)
		fs.hints.mu.Lock()
		fs.hints.content.purge()
		fs.hints.mu.Unlock()
		x = fs.hints.suppose(&s.p, path, true)
		return x != nil && x.fetch
	})
	return x
}

// If everything but the content of a small file is proved, reading it compares nothing, and asks for its rows by its inode.
func TestContentOfWhatIsProvedIsFetched(t *testing.T) {
	fs, n := lookCounted(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	s.put(t, "/d/empty", nil)
	eventually(t, "content that is fetched", func() bool {
		fs.fetching(t, s, at("/d/f"))
		seen := n.of(func() {
			if got := string(s.get(t, "/d/f")); got != "content" {
				t.Fatalf("it is %q", got)
			}
		})
		return maps.Equal(seen, map[string]int{"fetch": 1})
	})
	if got := s.get(t, "/d/empty"); len(got) != 0 {
		t.Errorf("an empty file has %q", got)
	}
	// Beside a comparison, the content is asked for in the same statement.
	eventually(t, "content beside a comparison", func() bool {
		x := fs.fetching(t, s, at("/d/f"))
		q, other := &inquiry{}, fs.hints.suppose(&s.p, at("/d"), false)
		other.proved = false
		q.add(x)
		q.add(other)
		if q.form() != inquiring {
			t.Fatalf("it is the form %d", q.form())
		}
		a, err := q.ask(t.Context(), fs.db, x.server)
		must(t, err)
		c, _, _, err := fs.hints.conclude(x, a)
		must(t, err)
		return c != nil && len(c.content) == 1
	})
}

// Rows that were fetched for one state of a file are not used for a later one.
func TestFetchedContentIsOfItsRevision(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("first state"))
	for what, change := range map[string]func(){
		"as long as before": func() {
			_, err := s.Truncate(t.Context(), at("/d/f"), 6)
			must(t, err)
			must(t, s.Append(t.Context(), at("/d/f"), -1, strings.NewReader("other")))
		},
		"another file": func() { s.put(t, "/d/f", []byte("a new state")) },
	} {
		x := fs.fetching(t, s, at("/d/f"))
		a, err := fs.lanes.ask(t.Context(), x)
		must(t, err)
		change()
		want := string(s.get(t, "/d/f"))
		fs.fetching(t, s, at("/d/f"))
		if c, _, again, err := fs.hints.conclude(x, a); c != nil || !again || err != nil {
			t.Errorf("%s: rows of before are taken: %v, %v", what, again, err)
		}
		if got := string(s.get(t, "/d/f")); got != want {
			t.Errorf("%s: it is read as %q, and is %q", what, got, want)
		}
	}
}

// Content is given out under the rights at the time it is given out, and not under those at the time it was asked for.
func TestFetchedContentIsUnderTheRightsOfNow(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	x := fs.fetching(t, s, at("/d/f"))
	a, err := fs.lanes.ask(t.Context(), x)
	must(t, err)
	must(t, s.SetPermission(t.Context(), at("/d/f"), 0o600))
	fs.fetching(t, s, at("/d/f"))
	c, _, _, err := fs.hints.conclude(x, a)
	must(t, err)
	if c != nil && c.node().perms.Mode != 0o600 { // else it is asked again
		t.Errorf("the mode is %o", c.node().perms.Mode)
	}
}
