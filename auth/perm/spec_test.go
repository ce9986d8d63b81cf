package perm

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseSpec(t *testing.T) {
	for _, c := range []struct {
		spec     string
		withPerm bool
		want     []Entry
	}{
		{"user::rwx", true, []Entry{{Access, User, "", All}}},
		{"user:bob:r-x", true, []Entry{{Access, User, "bob", ReadExecute}}},
		{"default:group:team:---", true, []Entry{{Default, Group, "team", None}}},
		{"mask::rw-,other::--x", true, []Entry{{Access, Mask, "", ReadWrite}, {Access, Other, "", Execute}}},
		// ParseSpec accepts a name in the wrong place; changes refuse it.
		{"other:bob:r--", true, []Entry{{Access, Other, "bob", Read}}},
		{"user:A-b.c_9:r--", true, []Entry{{Access, User, "A-b.c_9", Read}}},
		{"user:default:r--", true, []Entry{{Access, User, "default", Read}}},
		{"user:bob:r--,user:ann:r--,user:bob:rw-", true, []Entry{
			{Access, User, "bob", Read}, {Access, User, "ann", Read}, {Access, User, "bob", ReadWrite},
		}},
		{"user:bob:,default:mask::,group::", false, []Entry{
			{Access, User, "bob", None}, {Default, Mask, "", None}, {Access, Group, "", None},
		}},
	} {
		got, err := ParseSpec(c.spec, c.withPerm)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("ParseSpec(%q, %v) = %v, %v, want %v", c.spec, c.withPerm, got, err, c.want)
		}
	}
}

func TestParseSpecOutsideTheDomain(t *testing.T) {
	for _, spec := range []string{
		"", ",", "user", "user:", "user:bob", "bob:user:rwx", "USER::rwx", "User::rwx",
		"user:b ob:rwx", "user:bob@corp:rwx", `user:corp\bob:rwx`, "user:bob$:rwx", "user:böb:rwx",
		"user::rw", "user::rwxr", "user::RWX", "user::7", "user::rwx,", ",user::rwx", "user::rwx,,other::---",
		"user::rwx, other::---", "default:default:user::rwx", "default::rwx", "user:a:b:rwx", "user::rwx\n",
	} {
		for _, withPerm := range []bool{true, false} {
			_, err := ParseSpec(spec, withPerm)
			var domain *DomainError
			if !errors.As(err, &domain) {
				t.Errorf("ParseSpec(%q, %v): %v, want a DomainError", spec, withPerm, err)
			}
		}
	}
	_, err := ParseSpec("user:a@b:rwx", true)
	const want = `Invalid value: "user:a@b:rwx" does not belong to the domain ` +
		`^(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?` +
		`(,(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?)*$`
	if err == nil || err.Error() != want {
		t.Errorf("the refusal is %q, want %q", err, want)
	}
}

func TestParseSpecUnreadable(t *testing.T) {
	for _, c := range []struct {
		spec     string
		withPerm bool
		want     string
	}{
		{"user::", true, "Invalid <aclSpec> : user::"},
		{"user:bob:", true, "Invalid <aclSpec> : user:bob:"},
		{"user::rwx,group:team:", true, "Invalid <aclSpec> : group:team:"},
		{"default:mask::", true, "Invalid <aclSpec> : default:mask::"},
		{"user:bob:xwr", true, "Invalid permission in <aclSpec> : user:bob:xwr"},
		{"user::rrr", true, "Invalid permission in <aclSpec> : user::rrr"},
		{"user:bob:rwx", false, "Invalid <aclSpec> : user:bob:rwx"},
		{"user::rwx", false, "Invalid <aclSpec> : user::rwx"},
		{"group:team:,user:bob:xwr", false, "Invalid <aclSpec> : user:bob:xwr"},
	} {
		_, err := ParseSpec(c.spec, c.withPerm)
		var unreadable *SpecError
		if !errors.As(err, &unreadable) || err.Error() != c.want {
			t.Errorf("ParseSpec(%q, %v): %v, want the SpecError %q", c.spec, c.withPerm, err, c.want)
		}
	}
}

// An entry that cannot be read is refused as Hadoop refuses it, even one that the pattern of ParseSpec would not let through.
func TestEntriesThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"user:a:b:rwx":   "Invalid permission in <aclSpec> : user:a:b:rwx",
		"user:a:rwx:b:r": "Invalid <aclSpec> : user:a:rwx:b:r",
		"owner:b:rwx":    "Invalid type of acl in <aclSpec> :owner:b:rwx",
		"default":        "Invalid <aclSpec> : default",
		"::":             "Invalid <aclSpec> : ::",
	} {
		_, err := parseSpecEntry(text, true)
		var unreadable *SpecError
		if !errors.As(err, &unreadable) || err.Error() != want {
			t.Errorf("%q: %v, want the SpecError %q", text, err, want)
		}
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, spec := range []string{"user::rwx", "default:group:team:r-x,mask::---", "user:bob:", "user::rwx,", "other:a b:rwx"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		entries, err := ParseSpec(spec, true)
		if err == nil && join(entries) != spec {
			t.Fatalf("%q was read as %q", spec, join(entries))
		}
		keys, err := ParseSpec(spec, false)
		if err == nil && keysOnly(keys) != spec {
			t.Fatalf("%q was read as the keys of %q", spec, join(keys))
		}
		// Every specification that can be read must be either accepted or refused by a change, and survive storage.
		base := Perms{Mode: 0o750}
		for _, operation := range []string{"modify", "replace", "remove"} {
			after, err := change(base, operation, entries, true)
			var rule *ACLError
			switch {
			case errors.As(err, &rule):
			case err != nil:
				t.Fatalf("%s %q: %v, want an ACLError or none", operation, spec, err)
			default:
				checkStored(t, after)
			}
		}
	})
}

// checkStored fails unless the ACL is the same after it was stored and read.
func checkStored(t interface{ Fatalf(string, ...any) }, p Perms) {
	again, err := ParseACL(p.ACL.String())
	if err != nil {
		t.Fatalf("cannot read back what was stored: %v", err)
	}
	if !slices.Equal(again.Entries(), p.ACL.Entries()) {
		t.Fatalf("stored %q, read %q", p.ACL, again)
	}
}

// keysOnly writes entries as the specification of their removal.
func keysOnly(entries []Entry) string {
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = strings.TrimSuffix(e.String(), e.Perm.Symbol())
	}
	return strings.Join(texts, ",")
}
