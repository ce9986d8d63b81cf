package perm

import "testing"

// The rows are those of FSAclBaseTest for new files and directories.
func TestInherit(t *testing.T) {
	const fooDefault = "default:user::rwx,default:user:foo:rwx,default:group::r-x,default:mask::rwx,default:other::---"
	const fooGroupDefault = "default:user::rwx,default:user:foo:rwx,default:group::rw-,default:mask::rwx,default:other::---"
	for _, c := range []struct {
		name     string
		parent   string
		dir      bool
		mode     Mode
		unmasked string // "" if the client did not say
		want     string
	}{
		{"file, no ACL", "750 -", false, 0o644, "666", "644 -"},
		{"directory, no ACL", "1777 -", true, 0o1755, "1777", "1755 -"},
		{"file, access ACL only", "770 user:foo:rwx,group::r-x", false, 0o644, "666", "644 -"},
		{"directory, access ACL only", "770 user:foo:rwx,group::r-x", true, 0o755, "777", "755 -"},
		{"file", "750 " + fooDefault, false, 0o644, "666", "660 user:foo:rwx,group::r-x"},
		{"file, an old client", "750 " + fooDefault, false, 0o644, "", "640 user:foo:rwx,group::r-x"},
		{"file, umask 027", "750 " + fooGroupDefault, false, 0o640, "666", "660 user:foo:rwx,group::rw-"},
		{"file, umask 027, an old client", "750 " + fooGroupDefault, false, 0o640, "", "640 user:foo:rwx,group::rw-"},
		{"file, with a mode", "755 " + fooDefault, false, 0o740, "740", "740 user:foo:rwx,group::r-x"},
		{"file, minimal default", "750 " + onlyDefault, false, 0o644, "666", "640 -"},
		{"directory", "750 " + fooDefault, true, 0o755, "777", "770 user:foo:rwx,group::r-x," + fooDefault},
		{"directory, with a mode", "755 " + fooDefault, true, 0o740, "740", "740 user:foo:rwx,group::r-x," + fooDefault},
		{"directory, minimal default", "750 " + onlyDefault, true, 0o755, "777", "750 " + onlyDefault},
		{"directory, sticky", "750 " + onlyDefault, true, 0o1755, "1777", "1750 " + onlyDefault},
		{
			"file, mask without names", "750 default:user::rwx,default:group::r-x,default:mask::rwx,default:other::---",
			false, 0o644, "666", "660 group::r-x",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var unmasked *Mode
			if c.unmasked != "" {
				m := mode(t, c.unmasked)
				unmasked = &m
			}
			got, want := Inherit(written(t, c.parent), c.mode, unmasked, c.dir), written(t, c.want)
			if state(got) != state(want) {
				t.Errorf("%q, want %q", state(got), state(want))
			}
		})
	}
}
