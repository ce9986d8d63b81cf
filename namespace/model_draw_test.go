package namespace

import (
	"strings"

	"pgregory.net/rapid"

	"granary/auth/perm"
)

func (x *machine) user(t *rapid.T) string {
	return rapid.SampledFrom([]string{"alice", superuser, "bob", "alice", "bob", "carol", "dave"}).Draw(t, "user")
}

// What a drawn path mostly names.
const (
	aFile  = "file"
	anItem = "file or directory" // below the top directories
	aHole  = "nothing yet"
	aPlace = "any place"
)

// draw draws a path that mostly names what is wanted, sometimes what is not, and sometimes nothing.
func (x *machine) draw(t *rapid.T, want, label string) string {
	var all, files, items, dirs []string
	for _, top := range x.tops {
		all, dirs = append(all, top), append(dirs, top)
		if n := x.model.walk(top).node(); n != nil {
			n.below(top, func(path string, n *modelNode) {
				all = append(all, path)
				switch {
				case path == top:
					return
				case n.dir:
					dirs = append(dirs, path)
				default:
					files = append(files, path)
				}
				items = append(items, path)
			})
		}
	}
	odd := rapid.IntRange(0, 9).Draw(t, "odd") == 9
	switch {
	case odd || want == aPlace:
	case want == aFile && len(files) > 0:
		return rapid.SampledFrom(files).Draw(t, label)
	case want == anItem && len(items) > 0:
		return rapid.SampledFrom(items).Draw(t, label)
	case want == aHole:
		return rapid.SampledFrom(dirs).Draw(t, label) + x.deeper(t, 1)
	}
	return rapid.SampledFrom(all).Draw(t, label) + x.deeper(t, rapid.SampledFrom([]int{0, 0, 0, 1, 1, 1, 2, 3}).Draw(t, "deeper"))
}

// drawWhere draws a path whose node, if it has one, satisfies is, and sometimes any other.
func (x *machine) drawWhere(t *rapid.T, is func(n *modelNode) bool, label string) string {
	var all []string
	for _, top := range x.tops {
		if n := x.model.walk(top).node(); n != nil {
			n.below(top, func(path string, n *modelNode) {
				if is(n) {
					all = append(all, path)
				}
			})
		}
	}
	if len(all) == 0 || rapid.IntRange(0, 5).Draw(t, "not so") == 0 {
		return x.draw(t, aFile, label)
	}
	return rapid.SampledFrom(all).Draw(t, label)
}

// destination draws what a path to be made should name: nothing, or a file to replace, or anything.
func (x *machine) destination(t *rapid.T) string {
	return rapid.SampledFrom([]string{aHole, aHole, aFile, aPlace}).Draw(t, "kind of destination")
}

// deeper draws n more components.
func (x *machine) deeper(t *rapid.T, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString("/" + rapid.SampledFrom([]string{"a", "b", "c", "é", "x y", "Z"}).Draw(t, "name"))
	}
	return b.String()
}

func drawMode(t *rapid.T, label string) perm.Mode {
	return rapid.OneOf(
		rapid.SampledFrom([]perm.Mode{0o777, 0o777, 0o755, 0o775, 0o1777, 0o770, 0o750, 0o644, 0o664, 0o600, 0o711, 0o1775, 0}),
		rapid.Map(rapid.Uint16Range(0, 0o1777), func(m uint16) perm.Mode { return perm.Mode(m) }),
	).Draw(t, label)
}

func drawUnmasked(t *rapid.T) *perm.Mode {
	if !rapid.Bool().Draw(t, "unmasked") {
		return nil
	}
	m := drawMode(t, "unmasked mode")
	return &m
}

// drawContent draws up to 200 KB, mostly little, and often around the borders of chunks and of what is kept inline.
func drawContent(t *rapid.T) []byte {
	n := rapid.OneOf(
		rapid.IntRange(0, 700), rapid.IntRange(0, 700), rapid.IntRange(0, 9000),
		rapid.SampledFrom([]int{0, 1, 511, 512, 513, InlineMax - 1, InlineMax, InlineMax + 1, 100_000, 131_072, 200_000}),
	).Draw(t, "bytes")
	skip := rapid.IntRange(0, 255).Draw(t, "which")
	return pattern(n + skip)[skip:]
}

var drawRights = rapid.Map(rapid.Uint8Range(0, 7), func(a uint8) perm.Action { return perm.Action(a) })

// drawSpec draws entries of an ACL, no two with the same key.
func (x *machine) drawSpec(t *rapid.T) []perm.Entry {
	entry := rapid.Custom(func(t *rapid.T) perm.Entry {
		e := perm.Entry{Perm: drawRights.Draw(t, "rights")}
		if rapid.IntRange(0, 2).Draw(t, "scope") == 0 {
			e.Scope = perm.Default
		}
		e.Type = rapid.SampledFrom([]perm.Type{perm.User, perm.User, perm.Group, perm.Group, perm.Mask, perm.Other}).Draw(t, "type")
		switch e.Type {
		case perm.User:
			e.Name = rapid.SampledFrom([]string{"", "alice", "bob", "carol"}).Draw(t, "name")
		case perm.Group:
			e.Name = rapid.SampledFrom([]string{"", "team", "staff", "ops", x.tops[1][len(ProjectsDir)+1:]}).Draw(t, "name")
		case perm.Mask, perm.Other: // have no name
		}
		return e
	})
	key := func(e perm.Entry) perm.Entry { e.Perm = 0; return e }
	return rapid.SliceOfNDistinct(entry, 0, 6, key).Draw(t, "entries")
}
