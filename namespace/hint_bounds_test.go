package namespace

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"granary/auth/perm"
)

// lies reports whether part is in whole's memory, which stays as long as part does then.
func lies(part, whole string) bool {
	if part == "" {
		return false
	}
	from, here := uintptr(unsafe.Pointer(unsafe.StringData(whole))), uintptr(unsafe.Pointer(unsafe.StringData(part))) //nolint:gosec // compared alone
	return here >= from && here < from+uintptr(len(whole))
}

// What pages are kept under is the callers': it is bounded, weighed, and no part of their requests.
func TestListingsWeighWhatTheyAreKeptUnder(t *testing.T) {
	l, dir := newListings(1<<30), key{0, 1}
	for _, length := range []int{1, MaxName, MaxName + 1, 60_000} {
		for i := range 10 {
			after := fmt.Sprintf("%0*d", length, i)
			before := l.held
			l.keep(dir, pageKey{after: after}, &Page{}, 1)
			known, _ := l.dirs.Peek(dir)
			for at := range known.pages {
				if lies(at.after, after) {
					t.Fatalf("a page holds what was asked for, %d bytes long", length)
				}
			}
			want := int64(0)
			if length <= MaxName {
				want = (&Page{}).weight() + int64(length)
			}
			if grown := l.held - before; grown != want || l.held != known.bytes {
				t.Errorf("a page behind %d bytes weighs %d, want %d", length, grown, want)
			}
		}
	}
	if l.drop(dir); l.held != 0 {
		t.Errorf("%d bytes are held, and no page", l.held)
	}
}

// A hint holds a name, and not the path that somebody found it by.
func TestHintsHoldNamesAlone(t *testing.T) {
	fs := newFS(t)
	s := fs.as(t, superuser)
	dir := "/" + strings.Repeat("deep/", 20)
	asked := map[string]string{}
	for _, name := range []string{"f", "made", "g", "nothing"} {
		asked[name] = dir + name
	}
	s.put(t, asked["f"], []byte("content"))
	_, err := s.Mkdirs(t.Context(), at(asked["made"]), MkdirOptions{Mode: 0o755})
	must(t, err)
	_, err = s.Rename(t.Context(), at(asked["f"]), at(asked["g"]))
	must(t, err)
	inside := func() {
		fs.hints.mu.Lock()
		defer fs.hints.mu.Unlock()
		found := 0
		for _, e := range fs.hints.entries.Keys() {
			for _, path := range asked {
				if lies(e.name, path) {
					t.Errorf("the hint of %q holds %q", e.name, path)
				}
			}
			found++
		}
		if found == 0 {
			t.Error("nothing is remembered")
		}
	}
	inside()
	for _, path := range asked {
		_, _ = s.Stat(t.Context(), at(path))
	}
	inside()
	fs.hints.mu.Lock()
	fs.hints.purge()
	fs.hints.mu.Unlock()
	_, err = readBatch(t.Context(), s, asked["g"])
	must(t, err)
	inside()
}

// A page weighs the ACLs of its entries, too.
func TestPagesWeighTheirACLs(t *testing.T) {
	acl, err := perm.ParseACL("user:" + strings.Repeat("n", 255) + ":r--,group::r--")
	must(t, err)
	plain := &Page{Entries: []Status{{Name: "a"}}}
	with := &Page{Entries: []Status{{Name: "a", Perms: perm.Perms{ACL: acl}}}}
	if more := with.weight() - plain.weight(); more < 2*255 {
		t.Errorf("an ACL weighs %d bytes", more)
	}
}
