package perm

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAmend(t *testing.T) {
	entry := func(text string) Entry {
		e, err := parseStoredEntry(text)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	read := Read
	for _, c := range []struct {
		name       string
		mode       Mode
		acl        string
		a          Amendment
		file       bool
		want       Mode
		wantACL    string
		refusedFor *ACLError
	}{
		{name: "bits are added and taken", mode: 0o640, a: Amendment{Set: 0o004, Clear: 0o040}, want: 0o604},
		{name: "what is set wins", mode: 0o640, a: Amendment{Set: 0o020, Clear: 0o060}, want: 0o620},
		{name: "the mask stays if only others change", mode: 0o640, acl: "user:bob:rw-,group::r--", a: Amendment{Set: 0o004}, want: 0o644, wantACL: "user:bob:rw-,group::r--"},
		{name: "the group's bits are its entry", mode: 0o640, acl: "user:bob:r--,group::r--", a: Amendment{Set: 0o020}, want: 0o660, wantACL: "user:bob:r--,group::rw-"},
		{name: "an entry makes a mask", mode: 0o640, a: Amendment{Entries: []Entry{entry("user:bob:rw-")}}, want: 0o660, wantACL: "user:bob:rw-,group::r--"},
		{name: "an entry under a mask", mode: 0o640, a: Amendment{Entries: []Entry{entry("user:bob:rw-")}, Mask: &read}, want: 0o640, wantACL: "user:bob:rw-,group::r--"},
		{name: "a mask where there is no ACL", mode: 0o660, a: Amendment{Mask: &read}, want: 0o660},
		{
			name: "with the last name the mask goes", mode: 0o770, acl: "user:bob:rwx,group::r-x", a: Amendment{Remove: []Entry{entry("user:bob:---")}},
			want: 0o750,
		},
		{
			name: "one of two goes", mode: 0o770, acl: "user:bob:rwx,user:eve:r--,group::r-x", a: Amendment{Remove: []Entry{entry("user:bob:---"), entry("user:zoe:---")}},
			want: 0o750, wantACL: "user:eve:r--,group::r-x",
		},
		{name: "all names go", mode: 0o770, acl: "user:bob:rwx,group::r-x,group:team:r--", a: Amendment{Bare: true}, want: 0o750},
		{
			name: "all names go and one comes", mode: 0o770, acl: "user:bob:rwx,group::r--", a: Amendment{Bare: true, Entries: []Entry{entry("user:eve:r--")}},
			want: 0o740, wantACL: "user:eve:r--,group::r--",
		},
		{
			name: "defaults take what they lack", mode: 0o750, a: Amendment{Entries: []Entry{entry("default:user:bob:r-x")}}, want: 0o750,
			wantACL: "default:user::rwx,default:user:bob:r-x,default:group::r-x,default:mask::r-x,default:other::---",
		},
		{name: "a file has no defaults and no sticky bit", mode: 0o640, file: true, a: Amendment{Set: Sticky, Entries: []Entry{entry("default:user:bob:r-x")}}, want: 0o640},
		{
			name: "defaults go", mode: 0o750, acl: "user:eve:r--,group::r-x,default:user::rwx,default:group::r-x,default:other::---", a: Amendment{DropDefault: true},
			want: 0o750, wantACL: "user:eve:r--,group::r-x",
		},
		{
			name: "execute is for directories", mode: 0o640, file: true, a: Amendment{Set: 0o055, Entries: []Entry{entry("user:bob:r-x")}, Search: true},
			want: 0o644, wantACL: "user:bob:r--,group::r--",
		},
		{
			name: "a file that can be executed stays so", mode: 0o754, acl: "user:bob:r-x,group::r--", file: true,
			a: Amendment{Clear: 0o100, Entries: []Entry{entry("user:bob:rw-")}, Search: true}, want: 0o774, wantACL: "user:bob:rwx,group::r--",
		},
		{name: "a directory gets execute", mode: 0o700, a: Amendment{Set: 0o055, Search: true}, want: 0o755},
		{name: "twice the same", mode: 0o700, a: Amendment{Entries: []Entry{entry("user:bob:r--"), entry("user:bob:rw-")}}, refusedFor: &ACLError{}},
	} {
		acl, err := ParseACL(c.acl)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Perms{Mode: c.mode, ACL: acl}.Amend(c.a, !c.file)
		if c.refusedFor != nil {
			if err == nil {
				t.Errorf("%s: %v, want a refusal", c.name, got)
			}
			continue
		}
		if err != nil || got.Mode != c.want || got.ACL.String() != c.wantACL {
			t.Errorf("%s: %v %q, %v; want %v %q", c.name, got.Mode, got.ACL, err, c.want, c.wantACL)
		}
	}
}

// TestAmendTouchesNothingElse: what an amendment does not mention decides as before, and a repeated amendment changes nothing.
func TestAmendTouchesNothingElse(t *testing.T) {
	names := []string{"bob", "eve", "zoe"}
	rapid.Check(t, func(t *rapid.T) {
		entries := func(label string, scope Scope) (out []Entry) {
			for _, name := range names {
				if rapid.Bool().Draw(t, label+" "+name) {
					out = append(out, Entry{Scope: scope, Type: User, Name: name, Perm: Action(rapid.IntRange(0, 7).Draw(t, "rights"))})
				}
			}
			return out
		}
		dir := rapid.Bool().Draw(t, "directory")
		p := Perms{Mode: Mode(rapid.IntRange(0, int(MaxMode)).Draw(t, "mode"))}
		var err error
		if has := entries("has", Access); len(has) > 0 {
			if p, err = p.Modify(has, dir); err != nil {
				t.Fatal(err)
			}
		}
		a := Amendment{
			Set: Mode(rapid.IntRange(0, int(MaxMode)).Draw(t, "set")), Clear: Mode(rapid.IntRange(0, int(MaxMode)).Draw(t, "clear")),
			Entries: entries("gets", Access), Remove: entries("loses", Access), Search: rapid.Bool().Draw(t, "search"),
		}
		once, err := p.Amend(a, dir)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := once.Amend(a, dir); err != nil || again.Mode != once.Mode || again.ACL.String() != once.ACL.String() {
			t.Fatalf("again: %v %v, %v; at first %v %v", again.Mode, again.ACL, err, once.Mode, once.ACL)
		}
		if _, err := ParseACL(once.ACL.String()); err != nil {
			t.Fatalf("%v cannot be stored: %v", once.ACL, err)
		}
		for _, name := range names {
			key := Entry{Type: User, Name: name}
			touched := func(entries []Entry) bool { _, ok := find(entries, key); return ok }
			before, had := find(p.ACL.access, key)
			after, has := find(once.ACL.access, key)
			switch {
			case touched(a.Entries):
				if !has {
					t.Fatalf("%s has no entry", name)
				}
			case touched(a.Remove):
				if has {
					t.Fatalf("%s has an entry still", name)
				}
			case had != has || before != after:
				t.Fatalf("%s had %v, and has %v", name, before, after)
			}
		}
	})
}
