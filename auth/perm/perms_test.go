package perm

import (
	"encoding/json"
	"testing"
)

const bothScopes = "user:foo:rwx,group::r-x,default:user::rwx,default:user:foo:rwx,default:group::r-x,default:mask::rwx,default:other::---"

const onlyDefault = "default:user::rwx,default:group::r-x,default:other::---"

// The rows are those of FSAclBaseTest for REMOVEACL, REMOVEDEFAULTACL and
// SETPERMISSION.
func TestRemoveAndChmod(t *testing.T) {
	removeAll := Perms.RemoveAll
	removeDefault := Perms.RemoveDefault
	chmod700 := func(p Perms) Perms { return p.Chmod(0o700) }
	for _, c := range []struct {
		name         string
		do           func(Perms) Perms
		before, want string
	}{
		{"RemoveAll of both scopes", removeAll, "770 " + bothScopes, "750 -"},
		{"RemoveAll of a default", removeAll, "770 " + onlyDefault, "770 -"},
		{"RemoveAll of none", removeAll, "640 -", "640 -"},
		{"RemoveAll keeps the sticky bit", removeAll, "1770 " + bothScopes, "1750 -"},
		{"RemoveAll forgets a mask below the group", removeAll, "700 user:foo:rwx,group::r-x", "750 -"},
		{"RemoveDefault of both scopes", removeDefault, "770 " + bothScopes, "770 user:foo:rwx,group::r-x"},
		{"RemoveDefault of access only", removeDefault, "770 user:foo:rwx,group::r-x", "770 user:foo:rwx,group::r-x"},
		{"RemoveDefault of a default", removeDefault, "1750 " + onlyDefault, "1750 -"},
		{"RemoveDefault of none", removeDefault, "750 -", "750 -"},
		{"Chmod sets the mask", chmod700, "1770 " + bothScopes, "700 " + bothScopes},
		{"Chmod beside a default", chmod700, "750 " + onlyDefault, "700 " + onlyDefault},
		{"Chmod of none", chmod700, "1777 -", "700 -"},
	} {
		if got, want := c.do(written(t, c.before)), written(t, c.want); state(got) != state(want) {
			t.Errorf("%s: %q, want %q", c.name, state(got), state(want))
		}
	}
}

func TestEntries(t *testing.T) {
	for _, c := range []struct {
		perms  string
		hasACL bool
		want   string // as the reply of GETACLSTATUS
	}{
		{"640 -", false, `[]`},
		{"750 " + onlyDefault, true, `["default:user::rwx","default:group::r-x","default:other::---"]`},
		{"640 user:bob:rw-,group::r-x", true, `["user:bob:rw-","group::r-x"]`},
		{"750 " + bothScopes, true, `["user:foo:rwx","group::r-x","default:user::rwx","default:user:foo:rwx",` +
			`"default:group::r-x","default:mask::rwx","default:other::---"]`},
	} {
		p := written(t, c.perms)
		got, err := json.Marshal(p.Entries())
		if err != nil || string(got) != c.want {
			t.Errorf("entries of %s are %s, %v, want %s", c.perms, got, err, c.want)
		}
		if p.HasACL() != c.hasACL {
			t.Errorf("HasACL of %s is %v", c.perms, p.HasACL())
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Access.String(), "access"},
		{Default.String(), "default"},
		{Scope(2).String(), "Scope(2)"},
		{User.String(), "user"},
		{Group.String(), "group"},
		{Mask.String(), "mask"},
		{Other.String(), "other"},
		{Type(4).String(), "Type(4)"},
		{Entry{Access, User, "bob", ReadWrite}.String(), "user:bob:rw-"},
		{Entry{Default, User, "bob", ReadWrite}.String(), "default:user:bob:rw-"},
		{Entry{Default, Group, "", None}.String(), "default:group::---"},
		{Entry{Access, Mask, "", All}.String(), "mask::rwx"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
