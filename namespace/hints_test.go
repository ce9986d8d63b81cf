package namespace

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// A lookup of what is remembered takes one statement and no other.
func TestWhatIsRememberedTakesOneStatement(t *testing.T) {
	fs, n := counted(t)
	alice := fs.as(t, "alice", "team")
	must(t, fs.makeProject(t.Context(), "vision", "alice"))
	alice.put(t, "/Projects/vision/d/f", []byte("content"))
	alice.put(t, "/Projects/vision/d/g", []byte("content"))
	alice.put(t, "/Projects/vision/d/large", pattern(InlineMax+1))
	root := fs.as(t, superuser)
	fs.endAheads()
	fs.stop() // or what it does in the background would be counted, too
	<-fs.done
	open := func(s *Session, name string) func() { return func() { s.get(t, "/Projects/vision/d/"+name) } }
	stat := func(s *Session, name string) func() {
		return func() {
			if _, err := s.Stat(t.Context(), path(t, name)); err != nil && kindOf(err) != NotExist {
				t.Error(err)
			}
		}
	}
	for _, tt := range []struct {
		name string
		do   func()
		want map[string]int
	}{
		{"where somebody wrote", stat(alice, "/Projects/vision/d"), map[string]int{"compare": 1}},
		{"above", stat(alice, "/Projects/vision"), map[string]int{"compare": 1}},
		{"the root", stat(alice, "/"), map[string]int{"compare": 1}},
		{"what this server wrote", stat(alice, "/Projects/vision/d/f"), map[string]int{"compare": 1}},
		{"below", stat(alice, "/Projects/vision/d/f"), map[string]int{"compare": 1}},
		{"what is missing", stat(alice, "/Projects/vision/d/none"), map[string]int{"inquire": 1}},
		{"what is missing again", stat(alice, "/Projects/vision/d/none"), map[string]int{"inquire": 1}},
		{"somebody else", stat(root, "/Projects/vision/d/f"), map[string]int{"walk": 1}},
		{"somebody else again", stat(root, "/Projects/vision/d/f"), map[string]int{"compare": 1}},
		{"reading", open(alice, "f"), map[string]int{"inquire": 1}},
		{"reading again", open(alice, "f"), map[string]int{"compare": 1}},
		{"reading as somebody else", open(root, "f"), map[string]int{"compare": 1}},
		{"reading what is not remembered", open(root, "g"), map[string]int{"inquire": 1}},
	} {
		if got := n.confirmed(tt.do); !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	// A listing needs no lookup first: these are the statements in addition to that of the entries.
	list := func(s *Session) func() {
		return func() {
			if entries, _, err := s.ListBatch(t.Context(), at("/Projects/vision/d"), "", 0); err != nil || len(entries) != 3 {
				t.Error(entries, err)
			}
		}
	}
	if got := n.of(list(alice)); len(got) != 0 {
		t.Errorf("a listing of what is remembered: %v", got)
	}
	eve := fs.as(t, "eve", "others")
	for range 2 {
		_, _, err := eve.ListBatch(t.Context(), at("/Projects/vision/d"), "", 0)
		if kindOf(err) != NotExist {
			t.Errorf("a listing by a stranger: %v", err)
		}
	}
	// What a share gives to whom is not remembered, so in a shared dataset no comparison is tried first.
	dataset, err := alice.MakeDataset(t.Context(), at("/Projects/vision/d"), MakeDatasetOptions{})
	must(t, err)
	stat(alice, "/Projects/vision/d")()
	for range 2 {
		if got := n.confirmed(stat(alice, "/Projects/vision/d/f")); !maps.Equal(got, map[string]int{"compare": 1}) {
			t.Errorf("in a dataset: %v", got)
		}
	}
	fs.as(t, "bob", "others")
	_, err = alice.OfferShare(t.Context(), Offer{Dataset: dataset.ID, ToUser: "bob", Level: Read})
	must(t, err)
	stat(alice, "/Projects/vision/d")()
	for _, name := range []string{"/Projects/vision/d", "/Projects/vision/d/f"} {
		if got := n.of(stat(alice, name)); !maps.Equal(got, map[string]int{"walk": 1}) {
			t.Errorf("%s, in a shared dataset: %v", name, got)
		}
	}
	must(t, alice.EndDataset(t.Context(), dataset.ID))
	if got := n.of(open(alice, "large")); got[segmentsSQL] != 1 {
		t.Errorf("the content of a large file is read by %v", got)
	}
}

// Hints are never believed, whether they are out of date or belong to something else.
func TestPoisonedHintsAreFoundOut(t *testing.T) {
	fs := newFS(t)
	alice, eve := fs.as(t, "alice", "team"), fs.as(t, "eve", "others")
	for _, name := range []string{"vision", "evil"} {
		must(t, fs.makeProject(t.Context(), name, "alice"))
		alice.put(t, "/Projects/"+name+"/d/f", []byte("content of "+name))
		alice.put(t, "/Projects/"+name+"/d/g", []byte("another of "+name))
		must(t, fs.As(alice.p).SetPermission(t.Context(), at("/Projects/"+name), 0o777))
	}
	must(t, alice.SetPermission(t.Context(), at("/Projects/vision/d"), 0o700))
	must(t, alice.SetPermission(t.Context(), at("/Projects/evil/d"), 0o777))
	look := func(s *Session) string { return seenBy(t.Context(), s, at("/Projects/vision/d/f")) }
	list := func(s *Session) string {
		entries, _, err := s.ListBatch(t.Context(), at("/Projects/vision/d"), "", 0)
		return fmt.Sprint(entries, err)
	}
	type want struct{ look, list string }
	wants := map[*Session]want{}
	warm := func() {
		for range 2 {
			for _, s := range []*Session{alice, eve} {
				wants[s] = want{look(s), list(s)}
				seenBy(t.Context(), s, at("/Projects/evil/d/f"))
			}
		}
	}
	warm()
	if right := maps.Clone(wants); !strings.Contains(right[eve].look, "Permission denied") || !strings.Contains(right[eve].list, "Permission denied") ||
		!strings.Contains(right[alice].look, "content of vision") {
		t.Fatal(right)
	}
	entries := map[string]entry{}
	find := func(name string) entry {
		c, _, known := fs.hints.trace(alice.p.UserID, false, path(t, name))
		if c.node() == nil && known < len(c.names)-1 {
			t.Fatalf("%s is not remembered", name)
		}
		if len(c.names) == 0 {
			return topEntry
		}
		return entry{c.nodes[len(c.names)-1].key(), c.names[len(c.names)-1]}
	}
	for _, name := range []string{"/", "/Projects", "/Projects/vision", "/Projects/vision/d", "/Projects/vision/d/f", "/Projects/evil", "/Projects/evil/d", "/Projects/evil/d/f"} {
		entries[name] = find(name)
	}
	get := func(name string) hint {
		h, ok := fs.hints.entries.Get(entries[name])
		if !ok {
			t.Fatalf("%s is not remembered", name)
		}
		return *h
	}
	set := func(name string, change func(h *hint)) {
		h := get(name)
		change(&h)
		h.era = 0
		fs.hints.entries.Add(entries[name], &h)
	}
	open := func(h *hint) { h.node.perms.Mode = 0o777 }
	users := []part{{get("/Projects/vision").node.project, alice.p.UserID}, {get("/Projects/vision").node.project, eve.p.UserID}}
	for name, poison := range map[string]func(){ // each is found out by a lookup and by a listing
		"an old version, with more rights": func() { set("/Projects/vision/d", func(h *hint) { open(h); h.at.seen-- }) },
		"a version to come":                func() { set("/Projects/vision/d", func(h *hint) { open(h); h.at.seen++ }) },
		"an old version of the top":        func() { set("/Projects/vision", func(h *hint) { open(h); h.target-- }) },
		"an old version of the mount":      func() { set("/Projects/vision", func(h *hint) { h.at.seen-- }) },
		"an old version of the root":       func() { set("/", func(h *hint) { h.at.seen-- }) },
		"an old version of the file":       func() { set("/Projects/vision/d/f", func(h *hint) { h.node.size, h.node.gen = 3, 7; h.at.seen-- }) },
		"another directory": func() {
			set("/Projects/vision/d", func(h *hint) { *h = get("/Projects/evil/d") })
		},
		"another file":    func() { set("/Projects/vision/d/f", func(h *hint) { *h = get("/Projects/evil/d/f") }) },
		"another project": func() { set("/Projects/vision", func(h *hint) { *h = get("/Projects/evil") }) },
		"an inode that is not there": func() {
			set("/Projects/vision/d", func(h *hint) { open(h); h.at.id, h.node.id = 7, 7 })
		},
		"another role, of an old version": func() {
			for _, p := range users {
				fs.hints.parts.Add(p, &partHint{membership: membership{role: Owner, known: true, state: active}, seen: 99, since: fs.hints.now()})
			}
		},
		"another epoch": func() { fs.hints.epochs.Add(eve.p.UserID, userHint{epoch: 99}) },
		"content of another state of the file": func() {
			f := get("/Projects/vision/d/f").node
			fs.hints.content.purge()
			fs.hints.content.add(revision{f.key(), f.gen + 1}, []segment{{extent: extent{len: f.size, keyVersion: 1}, sealed: []byte("nonsense")}})
		},
		"another database": func() {
			fs.hints.server = fs.hints.server.Add(-time.Hour)
			set("/Projects/vision/d", open)
		},
	} {
		right := maps.Clone(wants)
		for _, s := range []*Session{eve, alice} {
			poison()
			if got := look(s); got != right[s].look {
				t.Errorf("%s: %s sees %s, want %s", name, s.p.User, got, right[s].look)
			}
			warm()
			poison()
			if got := list(s); got != right[s].list {
				t.Errorf("%s: %s lists %s, want %s", name, s.p.User, got, right[s].list)
			}
			warm()
		}
	}
	// Content in memory that was tampered with does not open.
	f := get("/Projects/vision/d/f").node
	fs.hints.content.purge()
	fs.hints.content.add(revision{f.key(), f.gen}, []segment{{extent: extent{len: f.size, keyVersion: 1}, sealed: make([]byte, f.size+44)}})
	if got, err := read(t.Context(), alice, at("/Projects/vision/d/f")); err == nil {
		t.Errorf("content that was tampered with is read as %q", got)
	}
}

// Hints are not used once they are so old that numbers of transactions might recur.
func TestHintsGrowOld(t *testing.T) {
	now := time.Now()
	fs, n := counted(t, func(c *Config) { c.Now = func() time.Time { return now } })
	s := fs.as(t, superuser)
	fs.still() // or what it does in the background would be counted, too
	stat := func() {
		_, err := s.Stat(t.Context(), at("/tmp"))
		must(t, err)
	}
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{0, "walk"}, {0, "compare"}, {hintAge - time.Second, "compare"}, {2 * time.Second, "walk"}, {0, "compare"}} {
		now = now.Add(tt.after)
		if got := n.confirmed(stat); got[tt.want] != 1 || len(got) != 1 {
			t.Errorf("after %v: %v, want a %s", tt.after, got, tt.want)
		}
	}
}

// Hints are bounded, and what does not fit is still found.
func TestHintsAreBounded(t *testing.T) {
	fs := newFS(t, func(c *Config) { c.Hints, c.HintBytes = 10, 5_000 })
	s := fs.as(t, superuser)
	for i := range 30 {
		s.put(t, fmt.Sprintf("/d/f%d", i), pattern(1000+i))
	}
	for range 2 {
		for i := range 30 {
			if got := s.get(t, fmt.Sprintf("/d/f%d", i)); !slices.Equal(got, pattern(1000+i)) {
				t.Fatalf("f%d: %d bytes of other content", i, len(got))
			}
			held := int64(0)
			for _, c := range fs.hints.content.files.Values() {
				held += weight(c)
			}
			if held != fs.hints.content.held || held > 5_000 || held == 0 || fs.hints.entries.Len() > 10 {
				t.Fatalf("%d bytes are remembered, %d counted, of %d inodes", held, fs.hints.content.held, fs.hints.entries.Len())
			}
		}
	}
}

// A guess says what a walk would, as far as that is known, and only for the user who asked.
func TestGuesses(t *testing.T) {
	fs := newFS(t)
	alice := fs.as(t, "alice", "team")
	must(t, fs.makeProject(t.Context(), "vision", "alice"))
	must(t, fs.steward().SetQuota(t.Context(), at("/Projects/vision"), QuotaChange{Names: pointer(100)}))
	must(t, fs.steward().SetStoragePolicy(t.Context(), at("/Projects/vision"), "COLD"))
	alice.put(t, "/Projects/vision/d/f", []byte("content"))
	if _, _, ok := fs.hints.guess(alice.p.UserID, false, at("/Projects/vision/none/f")); ok {
		t.Error("guessed what nobody has seen")
	}
	for _, name := range []string{"/Projects/vision/d/f", "/Projects/vision/d/new", "/Projects/vision", "/"} {
		all, epoch, err := fs.lookup(t.Context(), fs.db, alice.p.UserID, path(t, name))
		must(t, err)
		want := all[0]
		got, guessed, ok := fs.hints.guess(alice.p.UserID, false, path(t, name))
		for i := range want.nodes { // what is kept in dirs is not part of a guess
			if n := &want.nodes[i]; ok && n.dir() {
				n.children, n.mtime = 0, got.nodes[i].mtime
			}
		}
		if ok {
			want.server = got.server
		}
		if !ok || guessed != epoch || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: guessed %+v, %d, %v; want %+v, %d", name, got, guessed, ok, want, epoch)
		}
		if ok {
			got.nodes[0].perms.Mode, got.nodes[0].policy = 0, 99
		}
		if again, _, _ := fs.hints.guess(alice.p.UserID, false, path(t, name)); again.nodes[0].policy == 99 {
			t.Error("a guess is shared with who asked before")
		}
		fs.hints.mu.Lock()
		fs.hints.entries.Remove(topEntry)
		fs.hints.mu.Unlock()
		if len(want.names) > 0 {
			if _, _, ok := fs.hints.guess(alice.p.UserID, false, path(t, name)); ok {
				t.Errorf("%s: guessed what was forgotten", name)
			}
		}
	}
}

// Only what is disproved is forgotten: others can use what lies above.
func TestOnlyWhatIsDisprovedIsForgotten(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/e/f", []byte("content"))
	_, err := s.Stat(t.Context(), at("/d/e/f"))
	must(t, err)
	fs.exec(t, `UPDATE inodes SET mtime = 1 WHERE name = 'e'`)
	h := fs.hints
	x := h.suppose(&s.p, at("/d/e/f"), false)
	x.proved = false // as it would be if another server had changed it and this one did not know yet
	a, err := fs.lanes.ask(t.Context(), x)
	must(t, err)
	if c, _, again, err := h.conclude(x, a); c != nil || again || err != nil {
		t.Fatalf("what has changed is taken for true: %v, %v, %v", c, again, err)
	}
	for _, tt := range []struct {
		path string
		want int // names that are known
	}{{"/d", 1}, {"/d/e", 1}, {"/d/e/f", 1}} {
		h.mu.Lock()
		if _, _, known := h.trace(s.p.UserID, true, at(tt.path)); known != tt.want {
			t.Errorf("%s: %d names are known, want %d", tt.path, known, tt.want)
		}
		h.mu.Unlock()
	}
}

// TestKeysOfAnotherDatabase checks that keys and ids are forgotten when another database takes the place of theirs.
func TestKeysOfAnotherDatabase(t *testing.T) {
	fs := newFS(t)
	fs.as(t, superuser).put(t, "/tmp/f", []byte("f"))
	if len(fs.keys.keys) == 0 || fs.ids.left == 0 {
		t.Fatal("nothing is remembered")
	}
	next := fs.ids.next
	fs.hints.mu.Lock()
	fs.hints.meet(time.Now())
	fs.hints.mu.Unlock()
	if len(fs.keys.keys)+len(fs.keys.newest) != 0 {
		t.Error("keys are still remembered")
	}
	if id, err := fs.ids.id(t.Context()); err != nil || id == next {
		t.Errorf("the next id is %d, of those taken before, %v", id, err)
	}
}

// TestWhatWasCommittedElsewhereIsNotRemembered checks that the outcome of a batch is not remembered if another database has taken the
// place of the one in which it was committed.
func TestWhatWasCommittedElsewhereIsNotRemembered(t *testing.T) {
	here, gone := time.UnixMicro(2), time.UnixMicro(1)
	at := entry{key{0, RootID}, "f"}
	held := []*mutation{{effects: &effects{born: []newborn{{node: node{id: 1}, parent: at.dir, name: at.name}}}}}
	counters := []dirCount{{dir: at.dir, at: tid{1, 1}}}
	for _, began := range []time.Time{here, gone} {
		h := newHints(8, 1<<10, 1<<10, time.Now)
		h.meet(here)
		h.own(held, &transaction{xid: firstXID, began: began.UnixMicro()}, counters)
		_, counted := h.counters.Peek(at.dir)
		if known := h.at(at) != nil; known != began.Equal(here) || counted != known {
			t.Errorf("committed at %s: it is remembered: %v, and where it is counted: %v", began, known, counted)
		}
	}
}
