package namespace

import (
	"bytes"
	"io"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

func (x *machine) create(t *rapid.T) {
	user, path, content := x.user(t), x.draw(t, x.destination(t), "path"), drawContent(t)
	o := CreateOptions{
		Overwrite: rapid.Bool().Draw(t, "overwrite"), CreateParent: rapid.Bool().Draw(t, "createparent"),
		MustExist: rapid.IntRange(0, 9).Draw(t, "must exist") == 0,
		Mode:      drawMode(t, "mode"), Unmasked: drawUnmasked(t),
		Replication: rapid.SampledFrom([]int{0, 0, 1, 2, 512, 513}).Draw(t, "replication"),
		BlockSize:   rapid.SampledFrom([]int64{0, 512, 1024, 65536, 1 << 20, 1000}).Draw(t, "block size"),
		Size:        rapid.SampledFrom([]int64{-1, int64(len(content))}).Draw(t, "size"),
	}
	got, err := x.as(user).Create(t.Context(), x.path(path), o, bytes.NewReader(content))
	n, kind := x.model.create(user, path, o, content)
	x.hold(t, err, kind)
	if kind == allowed {
		x.same(t, path, got, n)
	}
}

func (x *machine) append(t *rapid.T) {
	user, path, content := x.user(t), x.draw(t, aFile, "path"), drawContent(t)
	size := rapid.SampledFrom([]int64{-1, int64(len(content))}).Draw(t, "size")
	err := x.as(user).Append(t.Context(), x.path(path), size, bytes.NewReader(content))
	x.hold(t, err, x.model.append(user, path, content))
}

// log appends many pieces at once, enough to have them folded.
func (x *machine) log(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "really") != 0 {
		t.Skip("rarely")
	}
	user, path := x.user(t), x.draw(t, aFile, "path")
	size := rapid.SampledFrom([]int{300, 60_000}).Draw(t, "piece")
	for i := range rapid.IntRange(1, 20).Draw(t, "pieces") {
		piece := pattern(size + i)[i:]
		err := x.as(user).Append(t.Context(), x.path(path), int64(size), bytes.NewReader(piece))
		x.hold(t, err, x.model.append(user, path, piece))
	}
}

func (x *machine) mkdirs(t *rapid.T) {
	user, path, o := x.user(t), x.draw(t, aHole, "path"), MkdirOptions{Mode: drawMode(t, "mode"), Unmasked: drawUnmasked(t)}
	got, err := x.as(user).Mkdirs(t.Context(), x.path(path), o)
	x.hold(t, err, x.model.mkdirs(user, path, o), got, true)
}

func (x *machine) rename(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, x.destination(t), "destination")
	got, err := x.as(user).Rename(t.Context(), x.path(src), x.path(dst))
	want, kind := x.model.rename(user, src, dst)
	x.hold(t, err, kind, got, want)
}

func (x *machine) move(t *rapid.T) {
	user, src, dst := x.user(t), x.draw(t, anItem, "source"), x.draw(t, x.destination(t), "destination")
	o := MoveOptions{Overwrite: rapid.Bool().Draw(t, "overwrite")}
	err := x.as(user).Move(t.Context(), x.path(src), x.path(dst), o)
	x.hold(t, err, x.model.renameTo(user, src, dst, o))
}

func (x *machine) delete(t *rapid.T) {
	user, path, recursive := x.user(t), x.draw(t, anItem, "path"), rapid.Bool().Draw(t, "recursive")
	got, err := x.as(user).Delete(t.Context(), x.path(path), recursive)
	want, kind := x.model.delete(user, path, recursive)
	x.hold(t, err, kind, got, want)
}

func (x *machine) setPermission(t *rapid.T) {
	user, path, mode := x.user(t), x.draw(t, anItem, "path"), drawMode(t, "mode")
	err := x.as(user).SetPermission(t.Context(), x.path(path), mode)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.chmod(mode); return allowed }))
}

func (x *machine) setOwner(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	owner := rapid.SampledFrom([]string{"", "", "alice", "bob", "carol"}).Draw(t, "owner")
	group := rapid.SampledFrom([]string{"", "team", "staff", "ops", x.tops[1][len(ProjectsDir)+1:]}).Draw(t, "group")
	err := x.as(user).SetOwner(t.Context(), x.path(path), owner, group)
	x.hold(t, err, x.model.setOwner(user, path, owner, group))
}

func (x *machine) setTimes(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	times := rapid.SampledFrom([]int64{-1, -1, 0, 1, x.model.now, x.model.now - 5000, x.model.now + 5000})
	mtime, atime := times.Draw(t, "mtime"), times.Draw(t, "atime")
	err := x.as(user).SetTimes(t.Context(), x.path(path), mtime, atime)
	x.hold(t, err, x.model.setTimes(user, path, mtime, atime))
}

func (x *machine) setReplication(t *rapid.T) {
	user, path, n := x.user(t), x.draw(t, aFile, "path"), rapid.SampledFrom([]int{0, 1, 2, 7, 512, 513}).Draw(t, "replication")
	got, err := x.as(user).SetReplication(t.Context(), x.path(path), n)
	want, kind := x.model.setReplication(user, path, n)
	x.hold(t, err, kind, got, want)
}

func (x *machine) modifyACL(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	err := x.as(user).ModifyACL(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.modify(spec) }))
}

func (x *machine) setACL(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	if rapid.Bool().Draw(t, "complete") {
		spec = slices.DeleteFunc(spec, func(e perm.Entry) bool { return e.Scope == perm.Access && e.Name == "" && e.Type != perm.Mask })
		for _, of := range []perm.Type{perm.User, perm.Group, perm.Other} {
			spec = append(spec, perm.Entry{Type: of, Perm: drawRights.Draw(t, "base")})
		}
	}
	err := x.as(user).SetACL(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.replace(spec) }))
}

func (x *machine) removeACLEntries(t *rapid.T) {
	user, path, spec := x.user(t), x.draw(t, anItem, "path"), x.drawSpec(t)
	err := x.as(user).RemoveACLEntries(t.Context(), x.path(path), spec)
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { return n.remove(spec) }))
}

func (x *machine) removeDefaultACL(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	err := x.as(user).RemoveDefaultACL(t.Context(), x.path(path))
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.inherit = modelACL{}; return allowed }))
}

func (x *machine) removeACL(t *rapid.T) {
	user, path := x.user(t), x.draw(t, anItem, "path")
	err := x.as(user).RemoveACL(t.Context(), x.path(path))
	x.hold(t, err, x.model.setACL(user, path, func(n *modelNode) Kind { n.removeACL(); return allowed }))
}

func (x *machine) stat(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).Stat(t.Context(), x.path(path))
	n, kind := x.model.stat(user, path)
	x.hold(t, err, kind)
	if kind == allowed {
		x.same(t, path, got, n)
	}
}

func (x *machine) acl(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).ACL(t.Context(), x.path(path))
	n, kind := x.model.see(user, path, perm.None)
	x.hold(t, err, kind)
	if kind == allowed {
		x.hold(t, nil, allowed, got.Perms.Entries(), n.entries(), got.Perms.Mode, n.mode(), got.Owner, n.owner, got.Group, n.group)
	}
}

// listed is what a listing of n by user yields behind a name.
func (m *model) listed(user string, n *modelNode, after string) (names []string, nodes []*modelNode) {
	if !n.dir {
		return []string{""}, []*modelNode{n}
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		if name > after && m.sees(user, n.children[name]) {
			names, nodes = append(names, name), append(nodes, n.children[name])
		}
	}
	return names, nodes
}

func (x *machine) list(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	var got []Status
	err := x.as(user).List(t.Context(), x.path(path), func(s Status) error { got = append(got, s); return nil })
	n, kind := x.model.list(user, path)
	x.hold(t, err, kind)
	if kind == allowed {
		x.sameListing(t, user, n, "", got)
	}
}

func (x *machine) sameListing(t *rapid.T, user string, n *modelNode, after string, got []Status) {
	t.Helper()
	names, nodes := x.model.listed(user, n, after)
	if len(got) > len(names) {
		t.Fatalf("%d entries, want %q", len(got), names)
	}
	for i, s := range got {
		if s.Name != names[i] {
			t.Fatalf("entry %d is %q, want %q", i, s.Name, names[i])
		}
		x.same(t, s.Name, s, nodes[i])
	}
}

func (x *machine) listBatch(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	after := rapid.SampledFrom([]string{"", "", "Z", "a", "b", "bb", "é"}).Draw(t, "after")
	limit := rapid.IntRange(0, 3).Draw(t, "limit")
	got, remaining, err := x.as(user).ListBatch(t.Context(), x.path(path), after, limit)
	n, kind := x.model.list(user, path)
	x.hold(t, err, kind)
	if kind != allowed {
		return
	}
	x.sameListing(t, user, n, after, got)
	names, _ := x.model.listed(user, n, after)
	if limit > 0 && n.dir {
		x.hold(t, nil, allowed, len(got), min(limit, len(names)))
	}
	x.hold(t, nil, allowed, len(got)+int(remaining), len(names))
}

func (x *machine) open(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aFile, "path")
	n, kind := x.model.file(user, path)
	if rapid.Bool().Draw(t, "in a batch") {
		got, err := readBatch(t.Context(), x.as(user), x.path(path).String())
		if err != nil {
			t.Fatal(err)
		}
		if kind == allowed {
			x.model.read(n)
			x.hold(t, got[0].err, kind, got[0].content, string(n.content))
			return
		}
		x.hold(t, got[0].err, kind)
		return
	}
	size := 0
	if kind == allowed {
		size = len(n.content)
	}
	off := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, size), rapid.IntRange(size, size+2)).Draw(t, "offset")
	length := rapid.OneOf(rapid.Just(-1), rapid.IntRange(0, size+2)).Draw(t, "length")
	if kind == allowed && off > size {
		kind = PastEnd
	}
	r, err := x.as(user).Open(t.Context(), x.path(path), int64(off), int64(length))
	x.hold(t, err, kind)
	if kind != allowed {
		return
	}
	x.model.read(n)
	defer r.Close()
	want := n.content[off:]
	if length >= 0 {
		want = want[:min(length, len(want))]
	}
	x.hold(t, nil, allowed, r.Size(), int64(len(want)))
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%s: %d bytes from %d on are %d others: %v", path, len(want), off, len(got), err)
	}
}

func (x *machine) summary(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aPlace, "path")
	got, err := x.as(user).Summary(t.Context(), x.path(path))
	want, kind := x.model.summary(user, path)
	x.hold(t, err, kind, got, want)
}

func (x *machine) checksum(t *rapid.T) {
	user, path := x.user(t), x.draw(t, aFile, "path")
	got, err := x.as(user).Checksum(t.Context(), x.path(path))
	n, kind := x.model.file(user, path)
	var want filesum.Checksum
	if kind == allowed {
		want = n.checksum()
		x.model.read(n)
	}
	x.hold(t, err, kind, got, want)
}

func (x *machine) checkAccess(t *rapid.T) {
	user, path, want := x.user(t), x.draw(t, aPlace, "path"), drawRights.Draw(t, "want")
	err := x.as(user).CheckAccess(t.Context(), x.path(path), want)
	_, kind := x.model.see(user, path, want)
	x.hold(t, err, kind)
}

func (x *machine) members(t *rapid.T) {
	if x.model.project == "" {
		t.Skip("the project is gone")
	}
	user := rapid.SampledFrom([]string{"alice", "bob", "carol"}).Draw(t, "user")
	role := rapid.SampledFrom([]Role{Owner, Scientist, Scientist, Observer, ""}).Draw(t, "role")
	after, want := maps.Clone(x.model.roles), allowed
	after[user] = role
	change := func() error { return x.fs.setMember(t.Context(), x.model.project, user, role) }
	if role == "" {
		delete(after, user)
		change = func() error { return x.fs.dropMember(t.Context(), x.model.project, user) }
		if x.model.roles[user] == "" {
			want = NotExist
		}
	}
	if want == allowed && !slices.Contains(slices.Collect(maps.Values(after)), Owner) {
		want = IO // somebody must own it
	}
	x.hold(t, change(), want)
	if want == allowed {
		x.model.roles = after
	}
}

func (x *machine) setGroups(t *rapid.T) {
	user := rapid.SampledFrom([]string{"alice", "bob", "carol"}).Draw(t, "user")
	groups := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"team", "staff", "ops"}), rapid.ID).Draw(t, "groups")
	if err := x.fs.auth.SetGroups(t.Context(), user, groups); err != nil {
		t.Fatal(err)
	}
	x.model.groups[user] = groups
}
