package perm

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	genAction = rapid.Custom(func(t *rapid.T) Action { return Action(rapid.IntRange(0, int(All)).Draw(t, "action")) })
	genMode   = rapid.Custom(func(t *rapid.T) Mode { return Mode(rapid.IntRange(0, int(MaxMode)).Draw(t, "mode")) })
	genEntry  = rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{
			Scope: rapid.SampledFrom(scopes[:]).Draw(t, "scope"),
			Type:  rapid.SampledFrom([]Type{User, User, Group, Group, Mask, Other}).Draw(t, "type"),
			Perm:  genAction.Draw(t, "perm"),
		}
		if e.Type == User || e.Type == Group {
			e.Name = rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "name")
		}
		return e
	})
	genSpec = rapid.SliceOfN(genEntry, 0, 8)
	// genPerms yields the permissions of a directory after a few changes, some of
	// which may have been refused.
	genPerms = rapid.Custom(func(t *rapid.T) Perms {
		p := Perms{Mode: genMode.Draw(t, "first mode")}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			op := rapid.SampledFrom([]string{"modify", "replace", "remove"}).Draw(t, "operation")
			if changed, err := change(p, op, genSpec.Draw(t, "spec"), true); err == nil {
				p = changed
			}
		}
		if rapid.Bool().Draw(t, "chmod") {
			p = p.Chmod(genMode.Draw(t, "last mode"))
		}
		return p
	})
)

func TestAccessModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPerms.Draw(t, "permissions")
		user := rapid.SampledFrom([]string{"owner", "a", "b", "eve"}).Draw(t, "user")
		groups := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"own", "a", "b", "c"}), rapid.ID[string]).Draw(t, "groups")
		want := genAction.Draw(t, "want")
		got := p.Allows(in(user, groups...), "owner", "own", want)
		if model := modelAllows(p, user, groups, want); got != model {
			t.Fatalf("%s: %v for %s in %v: %v, want %v", state(p), want, user, groups, got, model)
		}
	})
}

// modelAllows decides from what a client sees, the texts of mode and GETACLSTATUS,
// for an inode of owner and own: it collects the sets of rights that may be used,
// of which one must hold every letter wanted.
func modelAllows(p Perms, user string, groups []string, want Action) bool {
	letters := p.Mode.Symbolic()
	owner, middle, other := letters[0:3], letters[3:6], strings.ReplaceAll(letters[6:9], "t", "x")
	users, teams := map[string]string{}, map[string]string{"own": middle}
	for _, text := range p.Entries() {
		part := strings.Split(text, ":")
		switch part[0] {
		case "user":
			users[part[1]] = part[2]
		case "group":
			if part[1] == "" {
				part[1] = "own"
			}
			teams[part[1]] = part[2]
		}
	}
	var usable []string
	masked := true
	if user == "owner" {
		usable, masked = []string{owner}, false
	} else if rights, ok := users[user]; ok {
		usable = []string{rights}
	} else {
		for team, rights := range teams {
			if slices.Contains(groups, team) {
				usable = append(usable, rights)
			}
		}
		if len(usable) == 0 {
			usable, masked = []string{other}, false
		}
	}
	return slices.ContainsFunc(usable, func(rights string) bool {
		for _, letter := range strings.ReplaceAll(want.Symbol(), "-", "") {
			if !strings.ContainsRune(rights, letter) || masked && !strings.ContainsRune(middle, letter) {
				return false
			}
		}
		return true
	})
}

// A change modifies neither of its arguments, and yields an ACL that can be
// stored. On a file it is refused exactly if that ACL has defaults. Repeating a
// replacement changes nothing.
func TestChangeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPerms.Draw(t, "permissions")
		spec := genSpec.Draw(t, "spec")
		op := rapid.SampledFrom([]string{"modify", "replace", "remove"}).Draw(t, "operation")
		before, given := state(p), slices.Clone(spec)

		after, err := change(p, op, spec, true)
		if state(p) != before || !slices.Equal(spec, given) {
			t.Fatalf("%s changed its input: %s to %s, %v to %v", op, before, state(p), given, spec)
		}
		if err != nil {
			var rule *ACLError
			if !errors.As(err, &rule) {
				t.Fatalf("%v is not an ACLError", err)
			}
			return
		}
		checkStored(t, after)
		if after.Mode.Sticky() != p.Mode.Sticky() {
			t.Fatalf("%s changed the sticky bit of %s: %s", op, before, state(after))
		}
		if _, err := change(p, op, spec, false); errors.Is(err, ErrDefaultOnFile) != (len(after.ACL.inherit) > 0) {
			t.Fatalf("%s to %s, and on a file: %v", op, state(after), err)
		}
		if op != "replace" {
			return
		}
		if again, err := after.Replace(spec, true); err != nil || state(again) != state(after) {
			t.Fatalf("replace twice: %s, then %s, %v", state(after), state(again), err)
		}
	})
}

// If a change touches a scope without giving a mask, the mask becomes the union of
// the scope's group class.
func TestMaskIsTheUnionOfTheGroupClass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPerms.Draw(t, "permissions")
		spec := rapid.SliceOfN(genEntry.Filter(func(e Entry) bool { return e.Type != Mask }), 1, 6).Draw(t, "spec")
		after, err := p.Modify(spec, true)
		if err != nil {
			t.Skip("refused")
		}
		var union, mask [len(scopes)]Action
		var masked [len(scopes)]bool
		for _, e := range after.logical() {
			switch {
			case e.Type == Mask:
				mask[e.Scope], masked[e.Scope] = e.Perm, true
			case e.Type == Group, e.Name != "":
				union[e.Scope] |= e.Perm
			}
		}
		for _, e := range spec {
			if masked[e.Scope] && mask[e.Scope] != union[e.Scope] {
				t.Fatalf("%s and %v: the %v mask is %v, want %v", state(p), spec, e.Scope, mask[e.Scope], union[e.Scope])
			}
		}
	})
}

// Removing every entry that can be removed is the same as removing the ACL.
func TestRemoveOfEverythingIsRemoveAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPerms.Draw(t, "permissions")
		var spec []Entry
		for _, e := range p.logical() {
			if e.Scope == Default || e.Type == Mask || e.Name != "" {
				spec = append(spec, e)
			}
		}
		removed, err := p.Remove(rapid.Permutation(spec).Draw(t, "order"), true)
		if err != nil || state(removed) != state(p.RemoveAll()) {
			t.Fatalf("%s, %v, want %s", state(removed), err, state(p.RemoveAll()))
		}
		if p.RemoveAll().HasACL() {
			t.Fatalf("RemoveAll left %s", state(p.RemoveAll()))
		}
		if got := p.RemoveDefault(); len(got.ACL.inherit) > 0 || got.Mode != p.Mode || !slices.Equal(got.ACL.access, p.ACL.access) {
			t.Fatalf("RemoveDefault of %s left %s", state(p), state(got))
		}
	})
}

// A child can be stored, and gives no class more than the mode asked for.
func TestInheritProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent := genPerms.Draw(t, "parent")
		asked := genMode.Draw(t, "mode")
		dir := rapid.Bool().Draw(t, "dir")
		child := Inherit(parent, asked, nil, dir)
		checkStored(t, child)
		if child.Mode&^asked != 0 {
			t.Fatalf("mode %v became %s under %s", asked, state(child), state(parent))
		}
		inherited := len(parent.ACL.inherit) > 0
		if !inherited && child.Mode != asked {
			t.Fatalf("mode %v became %s under %s, without a default", asked, state(child), state(parent))
		}
		if (len(child.ACL.inherit) > 0) != (dir && inherited) {
			t.Fatalf("directory %v under %s has %s", dir, state(parent), state(child))
		}
	})
}
