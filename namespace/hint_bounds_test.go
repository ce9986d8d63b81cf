package namespace

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
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
	fs, _ := lookCounted(t)
	s := fs.as(t, superuser)
	s.put(t, "/d/f", []byte("content"))
	for _, length := range []int{10, MaxName, MaxName + 1, 60_000} {
		for i := range 20 {
			after := fmt.Sprintf("%0*d", length, i)
			for range 2 {
				_, _, err := s.ListBatch(t.Context(), at("/d"), after, 0)
				must(t, err)
			}
			for _, d := range fs.hints.listed.dirs.Values() {
				for k := range d.pages {
					if lies(k.after, after) {
						t.Fatalf("a page holds what was asked for, %d bytes long", length)
					}
				}
			}
		}
	}
	pages, bytes := 0, int64(0)
	for _, d := range fs.hints.listed.dirs.Values() {
		for k, p := range d.pages {
			pages, bytes = pages+1, bytes+int64(len(k.after))+p.weight()
		}
	}
	if held := fs.hints.listed.held; pages < 40 || bytes != held || bytes > 80*(MaxName+overhead) {
		t.Errorf("%d pages of %d bytes, counted as %d", pages, bytes, held)
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
