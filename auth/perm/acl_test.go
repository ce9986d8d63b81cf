package perm

import (
	"strings"
	"testing"
)

func TestParseACL(t *testing.T) {
	for _, stored := range []string{
		"",
		"group::r-x",
		"user:bob:rw-,group::r-x",
		"user:ann:---,user:bob:rw-,group::r-x,group:ops:r--,group:web:rwx",
		"default:user::rwx,default:group::r-x,default:other::---",
		"default:user::rwx,default:group::r-x,default:mask::rwx,default:other::---",
		"user:bob:rw-,group::r-x,default:user::rwx,default:user:bob:r--,default:group::r-x,default:mask::r-x,default:other::---",
		"user:bob@corp:rw-,group::r-x",
	} {
		a, err := ParseACL(stored)
		if err != nil {
			t.Errorf("ParseACL(%q): %v", stored, err)
			continue
		}
		if a.String() != stored {
			t.Errorf("ParseACL(%q).String() = %q", stored, a.String())
		}
		if a.IsZero() != (stored == "") {
			t.Errorf("ParseACL(%q).IsZero() = %v", stored, a.IsZero())
		}
	}
}

func TestParseACLRefuses(t *testing.T) {
	tooMany := strings.TrimSuffix(strings.Join(userEntries(30), ","), ",")
	for _, c := range []struct{ stored, want string }{
		{",", "want [default:]type:name:perm"},
		{"group::r-x,", "want [default:]type:name:perm"},
		{"group:r-x", "want [default:]type:name:perm"},
		{"group:a:b:r-x", "want [default:]type:name:perm"},
		{"owner::r-x", "want user, group, mask or other"},
		{"group::", "want three letters"},
		{"group::xwr", "want three letters"},
		{"user:bob:rw-", "the user, group and other entries are required"},
		{"group:ops:rw-", "the user, group and other entries are required"},
		{"user::rwx,group::r-x", "multiple entries"},
		{"group::r-x,mask::r-x", "multiple entries"},
		{"group::r-x,other::r-x", "out of order"},
		{"group::r-x,group::r-x", "multiple entries"},
		{"group::r-x,user:bob:rw-", "out of order"},
		{"user:bob:rw-,user:ann:rw-,group::r-x", "out of order"},
		{"default:user::rwx,default:group::r-x,default:other::---,group::r-x", "out of order"},
		{"default:user::rwx,default:group::r-x", "Invalid default ACL"},
		{"default:user::rwx,default:user:bob:r--,default:group::r-x,default:other::---", "need a default mask"},
		{"default:user::rwx,default:group::r-x,default:mask:bob:r-x,default:other::---", "must not have a name"},
		{tooMany + ",group::r-x", "exceeds maximum of 32"},
	} {
		a, err := ParseACL(c.stored)
		if err == nil {
			t.Errorf("ParseACL(%q) = %q, want an error", c.stored, a)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "stored ACL") {
			t.Errorf("ParseACL(%q): %v, want it to say %q", c.stored, err, c.want)
		}
	}
}

// Entries returns a copy, which the caller may change.
func TestEntriesAreACopy(t *testing.T) {
	const stored = "user:bob:rw-,group::r-x"
	p := perms(t, "770", stored)
	p.ACL.Entries()[0].Perm = All
	if got := p.ACL.String(); got != stored {
		t.Errorf("the ACL became %q", got)
	}
}

func FuzzParseACL(f *testing.F) {
	f.Add("user:bob:rw-,group::r-x")
	f.Add("group::r-x,default:user::rwx,default:group::r-x,default:other::---")
	f.Add("default:user::rwx,default:group::r-x,default:mask::rwx,default:other::---")
	f.Fuzz(func(t *testing.T, stored string) {
		a, err := ParseACL(stored)
		if err != nil {
			return
		}
		if a.String() != stored {
			t.Fatalf("%q was read as %q", stored, a)
		}
		// An ACL that may be stored is one that a change may yield: an empty change keeps it.
		p := Perms{Mode: 0o750, ACL: a}
		same, err := p.Modify(nil, true)
		if err != nil || state(same) != state(p) {
			t.Fatalf("%q became %q, %v", state(p), state(same), err)
		}
	})
}

// userEntries returns n entries for users, in order.
func userEntries(n int) []string {
	entries := make([]string, n)
	for i := range entries {
		entries[i] = "user:u" + string(rune('A'+i)) + ":r--"
	}
	return entries
}
