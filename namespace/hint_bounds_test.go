package namespace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"granary/auth/perm"
)

// lies reports whether part lies in the memory of whole, which then is not freed before part is.
func lies(part, whole string) bool {
	if part == "" {
		return false
	}
	from, here := uintptr(unsafe.Pointer(unsafe.StringData(whole))), uintptr(unsafe.Pointer(unsafe.StringData(part))) //nolint:gosec // compared alone
	return here >= from && here < from+uintptr(len(whole))
}

// The keys of pages come from callers: they are bounded and weighed, and keep no request in memory.
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

// A hint holds a name, and not the path by which the inode was found.
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

// The weight of a page includes the ACLs of its entries.
func TestPagesWeighTheirACLs(t *testing.T) {
	acl, err := perm.ParseACL("user:" + strings.Repeat("n", 255) + ":r--,group::r--")
	must(t, err)
	plain := &Page{Entries: []Status{{Name: "a"}}}
	with := &Page{Entries: []Status{{Name: "a", Perms: perm.Perms{ACL: acl}}}}
	if more := with.weight() - plain.weight(); more < 2*255 {
		t.Errorf("an ACL weighs %d bytes", more)
	}
}

// heavyACL returns an ACL with as many entries and as long names as allowed, which a directory passes on.
func heavyACL(t *testing.T) perm.ACL {
	t.Helper()
	name := func(i int) string { return fmt.Sprintf("%0512d", i) }
	text := []string{"default:user::rwx", "default:group::r-x", "default:mask::r-x", "default:other::---"}
	for i := range 28 {
		text = slices.Insert(text, 1+i, "default:user:"+name(i)+":r-x")
	}
	dir, err := perm.ParseACL(strings.Join(text, ","))
	must(t, err)
	return perm.Inherit(perm.Perms{Mode: 0o755, ACL: dir}, 0o755, nil, true).ACL
}

// An inode's ACL may weigh more than everything else that is remembered of it, and all that is made in a directory may have the same
// one, so ACLs count, too.
func TestHintsAreBoundedByTheirACLs(t *testing.T) {
	const size = 1000
	heavy := heavyACL(t)
	light, err := perm.ParseACL("user:ada:r-x,group::r-x")
	must(t, err)
	h := newHints(size, 0, 0, time.Now)
	remember := func(i int, acl perm.ACL) {
		n := node{id: int64(i), perms: perm.Perms{ACL: acl}}
		h.remember(entry{key{0, 1}, fmt.Sprint(i)}, &hint{node: n, at: row{n.key(), firstXID}, since: time.Now()})
	}
	held := func() (sum int64) {
		for _, t := range h.entries.Values() {
			sum += int64(len(t.node.perms.ACL.String()))
		}
		return sum
	}
	known := func(from, to int) (n int) {
		for i := from; i < to; i++ {
			if h.at(entry{key{0, 1}, fmt.Sprint(i)}) != nil {
				n++
			}
		}
		return n
	}
	for i := range size {
		remember(i, light)
	}
	if n := known(0, size); n != size {
		t.Fatalf("of %d inodes with short ACLs %d are remembered", size, n)
	}
	// Half of them have no ACL, and are not forgotten in favour of those that come with long ones.
	for i := range size / 2 {
		remember(i, perm.ACL{})
	}
	for i := range 3 * size {
		at := size + i/2%(size/2)
		remember(at, heavy)
		if i%7 == 0 {
			h.entries.Remove(entry{key{0, 1}, fmt.Sprint(at)})
		}
		if i%20 != 0 {
			continue
		}
		if sum := held(); sum > size*hintBytes {
			t.Fatalf("ACLs of %d bytes are remembered", sum)
		}
	}
	if n := known(0, size/2); n != size/2 {
		t.Errorf("of %d inodes without ACLs %d are remembered", size/2, n)
	}
	if n := known(size, 2*size); n < 2 {
		t.Errorf("%d of those with long ones are remembered", n)
	}
	// What was looked up lately stays.
	for i := range 10 {
		remember(2*size, heavy)
		remember(2*size+1+i, heavy)
		if known(2*size, 2*size+1) != 1 {
			t.Error("what was looked at lately is forgotten")
		}
	}
	for i := range 3 * size {
		remember(i, perm.ACL{})
	}
	if n := h.entries.Len(); n != size || h.aclBytes != 0 || h.acls.Len() != 0 {
		t.Errorf("of %d inodes without ACLs %d are remembered, and %d ACLs, of %d bytes", size, n, h.acls.Len(), h.aclBytes)
	}
	remember(0, heavy)
	if h.purge(); h.aclBytes != 0 || h.acls.Len() != 0 {
		t.Errorf("nothing is remembered, and %d ACLs, of %d bytes", h.acls.Len(), h.aclBytes)
	}
}

// The bound on the bytes that a batch writes includes ACLs.
func TestABatchIsBoundedByItsACLs(t *testing.T) {
	heavy := heavyACL(t)
	c := committer{most: defaultCommitBatch}
	for i := range defaultCommitBatch {
		m := &mutation{effects: &effects{}}
		for j := range 10 {
			m.effects.born = append(m.effects.born, newborn{node: node{perms: perm.Perms{ACL: heavy}}, parent: key{int64(i), int64(j)}, name: "d"})
		}
		c.queue = append(c.queue, &queued{m: m})
	}
	batch, _ := c.take()
	if bytes := len(batch) * 10 * len(heavy.String()); bytes > commitBatchBytes+10*len(heavy.String()) || len(batch) < 2 {
		t.Errorf("%d mutations go together, with ACLs of %d bytes", len(batch), bytes)
	}
}
