package server

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"granary/auth/perm"
	"granary/namespace"
)

// The names of a zip's members are in memory until its end. They are counted again while it is sent, since the tree may have grown.
func TestTheNamesOfAZipAreBounded(t *testing.T) {
	for zipped, refused := range map[bool]bool{true: true, false: false} {
		full := survey{zipped: zipped, names: archiveZipNames, members: archiveZipMembers}
		one := &namespace.BelowEntry{Name: "one more"}
		p := &packing{again: full, held: &archiveHeld{limiter: newLimiter(Limits{}), use: &use{}}}
		if err := full.add(one); (err != nil) != refused {
			t.Errorf("looking at it, as a zip %t: %v", zipped, err)
		}
		if err := p.add(one); (err != nil) != refused {
			t.Errorf("sending it, as a zip %t: %v", zipped, err)
		}
	}
}

// What is counted for a member of a zip is about what it takes.
func TestAMemberOfAZipIsCounted(t *testing.T) {
	s := survey{zipped: true}
	z := newZipArchive(io.Discard)
	heap := func() int64 {
		var m runtime.MemStats
		for last := uint64(math.MaxUint64); ; last = m.HeapAlloc { // the garbage of other tests is collected in several rounds
			runtime.GC()
			if runtime.ReadMemStats(&m); m.HeapAlloc+64<<10 > last {
				return int64(m.HeapAlloc)
			}
		}
	}
	status := namespace.Status{Perms: perm.Perms{Mode: 0o644}, MTime: 1_700_000_000_000}
	_, err := z.file("first", status) // with a compressor
	must(t, err)
	before := heap()
	for i := range 50_000 {
		name := fmt.Sprintf("directory/%064d", i)
		_, err := z.file(name, status)
		must(t, err)
		must(t, s.add(&namespace.BelowEntry{Name: name}))
	}
	if held := heap() - before; held > s.holds || held < s.holds/2 {
		t.Errorf("%d bytes are held, and %d counted", held, s.holds)
	}
	must(t, z.close())
}

// An archive that grows beyond its survey is bounded like any other.
func TestAnArchiveThatGrows(t *testing.T) {
	l := newLimiter(Limits{})
	held := &archiveHeld{limiter: l, use: l.of("ada")}
	must(t, held.upTo(l.rooms[forArchives].little))
	if n := l.held[forArchives].Load(); n != 0 {
		t.Errorf("%d bytes are counted of little", n)
	}
	must(t, held.upTo(l.rooms[forArchives].each-2*heldOfArchives))
	must(t, held.upTo(l.rooms[forArchives].each-heldOfArchives))
	var refused *denial
	if err := held.upTo(l.rooms[forArchives].each + 1); !errors.As(err, &refused) || refused.api != 429 {
		t.Errorf("beyond what one user may: %v", err)
	}
	p := &packing{again: survey{zipped: true, holds: l.rooms[forArchives].each}, held: held}
	if err := p.add(&namespace.BelowEntry{Name: "one more"}); !errors.As(err, &refused) || refused.api != 429 {
		t.Errorf("a member beyond what one user may: %v", err)
	}
	if held.end(); l.held[forArchives].Load() != 0 || l.of("ada").held[forArchives].Load() != 0 {
		t.Errorf("%d bytes are held at the end", l.held[forArchives].Load())
	}
}

// TestArchivesHoldWithinBounds: what archives hold is bounded, for one user and for all.
func TestArchivesHoldWithinBounds(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	content := make([]byte, namespace.MaxBatchFile+1)
	_, _ = rand.NewChaCha8([32]byte{4}).Read(content)
	for i := range 6 { // seven members, with their directory
		h.do("PUT", fmt.Sprintf("/webhdfs/v1/example/large/%d?op=CREATE&data=true", i), string(content), h.as("ada")).want(t, 201, "")
	}
	const question = "/archive?path=/example/large&format="
	l := h.handler.(*Server).limits
	l.rooms[forArchives].little, l.rooms[forArchives].each, l.rooms[forArchives].all = 0, 2*7*perZipMember, 3*7*perZipMember // a little less than two and three such zips hold
	a, _ := h.archiveBegins("/example/large", "zip")
	if n := l.held[forArchives].Load(); n < 7*perZipMember || n > 8*perZipMember || l.of("bob").held[forArchives].Load() != n {
		t.Errorf("%d bytes are counted", n)
	}
	h.ask("bob", "GET", question+"zip", "", 429, nil).problem(t, 429, "ask for a tar")
	h.ask("bob", "HEAD", question+"zip", "", 429, nil)
	h.do("HEAD", restPrefix+question+"tar", "", h.as("bob")).want(t, 200, "")
	h.do("HEAD", restPrefix+question+"zip", "", h.as("ada")).want(t, 200, "")
	l.rooms[forArchives].all = l.rooms[forArchives].each
	h.ask("ada", "GET", question+"zip", "", 503, nil).problem(t, 503, "ask for a tar")
	_, err := io.Copy(io.Discard, a.Body)
	must(t, err)
	must(t, a.Body.Close())
	if n := l.held[forArchives].Load() + l.of("bob").held[forArchives].Load() + l.of("ada").held[forArchives].Load(); n != 0 {
		t.Errorf("%d bytes are held at the end", n)
	}
	h.do("HEAD", restPrefix+question+"zip", "", h.as("bob")).want(t, 200, "")
}
