package namespace

import (
	"bytes"
	"strings"

	"pgregory.net/rapid"
)

func (x *machine) truncate(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aFile, "path")
	size := 0
	if n := x.model.walk(path).node(); n != nil {
		size = len(n.content)
	}
	size = rapid.OneOf(rapid.IntRange(0, size), rapid.IntRange(max(0, size-1000), size+1)).Draw(t, "size")
	got, err := x.as(user).Truncate(t.Context(), x.path(path), int64(size))
	x.hold(t, err, x.model.truncate(user, path, size), got, true)
}

func (x *machine) concat(t *rapid.T) {
	filled := func(n *modelNode) bool { return len(n.content) > 0 }
	user, target := x.user(t), x.drawWhere(t, filled, "target")
	to := x.model.walk(target).node()
	if to != nil && !to.dir && rapid.IntRange(0, 2).Draw(t, "file beside") > 0 {
		x.put(t, target[:strings.LastIndexByte(target, '/')]+x.deeper(t, 1))
	}
	source := rapid.Custom(func(t *rapid.T) string {
		return x.drawWhere(t, func(n *modelNode) bool { return filled(n) && to != nil && n != to && n.parent == to.parent }, "source")
	})
	sources := rapid.SliceOfN(source, 1, rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "most")).Draw(t, "sources")
	var paths []Path
	for _, s := range sources {
		paths = append(paths, x.path(s))
	}
	err := x.as(user).Concat(t.Context(), x.path(target), paths)
	x.hold(t, err, x.model.concat(user, target, sources))
}

// put makes a file, or replaces one, as the superuser.
func (x *machine) put(t *rapid.T, path string) {
	o := CreateOptions{Overwrite: true, Mode: 0o666, Replication: 1, BlockSize: 512, Size: -1}
	content := drawContent(t)
	_, err := x.as(superuser).Create(t.Context(), x.path(path), o, bytes.NewReader(content))
	_, kind := x.model.create(superuser, path, o, content)
	x.hold(t, err, kind)
}

func (x *machine) trash(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, aHole, "destination")
	o := MoveOptions{ToTrash: true, Overwrite: rapid.Bool().Draw(t, "overwrite")}
	err := x.as(user).Move(t.Context(), x.path(src), x.path(dst), o)
	x.hold(t, err, x.model.renameTo(user, src, dst, o))
}

// replace draws a target that exists as often as not.
func (x *machine) replace(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, x.destination(t), "target")
	err := x.as(user).Replace(t.Context(), x.path(src), x.path(dst))
	x.hold(t, err, x.model.replace(user, src, dst))
}

var drawXattrName = rapid.Map(rapid.SampledFrom([]string{"user.a", "user.a", "user.a", "user.b", "trusted.a", "security.a"}), func(text string) XattrName {
	space, local, _ := strings.Cut(text, ".")
	return XattrName{space, local}
})

func (x *machine) setXattr(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	attribute := Xattr{Name: drawXattrName.Draw(t, "name")}
	if n := rapid.SampledFrom([]int{-1, 0, 3, 3, 1024, 1025, 16<<10 - 1, 16 << 10}).Draw(t, "bytes"); n >= 0 {
		attribute.Value = pattern(n)
	}
	flags := rapid.SampledFrom([]XattrFlags{{true, true}, {true, true}, {true, false}, {false, true}, {}}).Draw(t, "flags")
	err := x.as(user).SetXattr(t.Context(), x.path(path), attribute, flags)
	x.hold(t, err, x.model.setXattr(user, path, attribute, flags))
}

func (x *machine) removeXattr(t *rapid.T) {
	labelled := func(n *modelNode) bool { return len(n.xattrs) > 0 }
	user, path, name := x.user(t), x.drawWhere(t, labelled, "path"), drawXattrName.Draw(t, "name")
	err := x.as(user).RemoveXattr(t.Context(), x.path(path), name)
	x.hold(t, err, x.model.removeXattr(user, path, name))
}

func (x *machine) xattrs(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	names := rapid.SliceOfN(drawXattrName, 0, 2).Draw(t, "names")
	got, err := x.as(user).Xattrs(t.Context(), x.path(path), names)
	want, kind := x.model.getXattrs(user, path, names)
	x.hold(t, err, kind)
	if kind == allowed && (len(got) > 0 || len(want) > 0) {
		x.hold(t, nil, allowed, got, want)
	}
}

func (x *machine) setPolicy(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	name := rapid.SampledFrom([]string{"HOT", "COLD", "cold", "WARM", "ALL_SSD", "ONE_SSD", "LAZY_PERSIST", "", "", "LUKEWARM"}).Draw(t, "policy")
	err := x.as(user).SetStoragePolicy(t.Context(), x.path(path), name)
	x.hold(t, err, x.model.setPolicy(user, path, name))
}

func (x *machine) policy(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	got, err := x.as(user).StoragePolicy(t.Context(), x.path(path))
	want, kind := x.model.getPolicy(user, path)
	x.hold(t, err, kind, got.Name, want)
}

// setQuota draws limits around what the directory holds, or takes some away.
func (x *machine) setQuota(t *rapid.T) {
	user := rapid.SampledFrom([]string{superuser, superuser, superuser, "alice"}).Draw(t, "user")
	path := x.draw(t, aPlace, "path")
	held := modelCost{}
	if n := x.model.walk(path).node(); n != nil {
		held = n.cost()
	}
	changed, change := modelCost{}, QuotaChange{Types: map[string]int64{}}
	for _, l := range limited {
		limit := NoQuota
		switch rapid.IntRange(0, 4).Draw(t, l.what) {
		case 0, 1:
			continue
		case 2: // none
		default:
			room := rapid.SampledFrom([]int64{0, 600, 100_000, 1 << 20, 1 << 40})
			if l.what == "names" {
				room = rapid.Int64Range(0, 5)
			}
			limit = max(0, held[l.what]+room.Draw(t, "room")-1)
		}
		changed[l.what] = limit
		switch l.what {
		case "names":
			change.Names = &limit
		case "space":
			change.Space = &limit
		default:
			change.Types[l.what] = limit
		}
	}
	err := x.as(user).SetQuota(t.Context(), x.path(path), change)
	x.hold(t, err, x.model.setQuota(user, path, changed))
}

func (x *machine) quotaUsage(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).QuotaUsage(t.Context(), x.path(path))
	want, kind := x.model.quotaUsage(user, path)
	x.hold(t, err, kind, got, want)
}
