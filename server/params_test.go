package server

import (
	"fmt"
	"testing"

	"granary/auth/perm"
)

// TestParams reads values as a real HDFS does and refuses them in its words.
func TestParams(t *testing.T) {
	for _, c := range []struct {
		param parameter
		text  string
		want  string // of the value, printed
		fails string // the cause
	}{
		{offset, "0", "0", ""},
		{offset, "9223372036854775807", "9223372036854775807", ""},
		{offset, "9223372036854775808", "", `Failed to parse "9223372036854775808" as a radix-10 long integer.`},
		{offset, "-1", "", "Invalid parameter range: offset = -1 < 0"},
		{offset, "abc", "", `Failed to parse "abc" as a radix-10 long integer.`},
		{offset, "a\"\u2028", "", "Failed to parse \"a\"\u2028\" as a radix-10 long integer."}, // unescaped, as in HDFS
		{offset, "0x10", "", `Failed to parse "0x10" as a radix-10 long integer.`},
		{offset, "1_000", "", `Failed to parse "1_000" as a radix-10 long integer.`},
		{offset, "null", "<nil>", ""},
		{length, "null", "<nil>", ""},
		{bufferSize, "0", "", "Invalid parameter range: buffersize = 0 < 1"},
		{bufferSize, "x", "", `Failed to parse "x" as a radix-10 integer.`},
		{bufferSize, "2147483648", "", `Failed to parse "2147483648" as a radix-10 integer.`},
		{replication, "0", "", "Invalid parameter range: replication = 0 < 1"},
		{replication, "99999", "", `Failed to parse "99999" as a radix-10 short integer.`},
		{mtime, "-1", "-1", ""},
		{mtime, "-2", "", "Invalid parameter range: modificationtime = -2 < -1"},
		{filePermission, "644", "644", ""},
		{filePermission, "00000644", "644", ""},
		{filePermission, "1777", "1777", ""},
		{filePermission, "2000", "", "Invalid parameter range: permission = 2000 > 1777"},
		{filePermission, "888", "", `Failed to parse "888" as a radix-8 short integer.`},
		{filePermission, "-1", "", "Invalid parameter range: permission = -1 < 0"},
		{filePermission, "null", "<nil>", ""},
		{overwrite, "TRUE", "true", ""},
		{overwrite, "False", "false", ""},
		{overwrite, "null", "", `Failed to parse "null" to Boolean.`},
		{overwrite, "1", "", `Failed to parse "1" to Boolean.`},
		{createFlag, "create, overwrite", "[CREATE OVERWRITE]", ""},
		{createFlag, "foo", "", "No enum constant org.apache.hadoop.fs.CreateFlag.FOO"},
		{createFlag, "CREATE,", "", "No enum constant org.apache.hadoop.fs.CreateFlag."},
		{renameOptions, "null", "", "No enum constant org.apache.hadoop.fs.Options.Rename.NULL"},
		{renameOptions, "none", "[NONE]", ""},
		{destination, "/a//b/", "/a/b", ""},
		{destination, "a", "", `Invalid parameter value: destination = "a" is not an absolute path.`},
		{fsAction, "r-x", "READ_EXECUTE", ""},
		{fsAction, "---", "NONE", ""},
		{fsAction, "null", "<nil>", ""},
		{fsAction, "foo", "", `Invalid value: "foo" does not belong to the domain [r-][w-][x-]`},
		{aclSpec, "user:bob:rwx,default:group::r--", "user:bob:rwx,default:group::r--", ""},
		{aclSpec, "user:bob:", "user:bob:", ""},
		{aclSpec, "foo", "", `Invalid value: "foo" does not belong to the domain ^(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?(,(default:)?(user|group|mask|other):[[A-Za-z_][A-Za-z0-9._-]]*:([rwx-]{3})?)*$`},
		{owner, "null", "null", ""},
	} {
		name := c.param.spec().Name
		value, err := c.param.read(c.text)
		switch {
		case c.fails != "":
			if err == nil || err.Error() != c.fails {
				t.Errorf("%s=%s: %v, %v; want %s", name, c.text, value, err, c.fails)
				continue
			}
			want := fmt.Sprintf("Invalid value for webhdfs parameter %q: %s", name, c.fails)
			if got := explain(invalid(name, err)); got.msg != want || got.class != "java.lang.IllegalArgumentException" {
				t.Errorf("%s=%s: %s %s; want %s", name, c.text, got.class, got.msg, want)
			}
		case err != nil || fmt.Sprint(value) != c.want:
			t.Errorf("%s=%s: %v, %v; want %s", name, c.text, value, err, c.want)
		}
	}
	mode, err := unmaskedPermission.read("777")
	if got := mode.(*perm.Mode); err != nil || *got != 0o777 {
		t.Errorf("unmaskedpermission=777: %v, %v", mode, err)
	}
	if _, err := destination.read("/a/../b"); explain(invalid("destination", err)).class != "org.apache.hadoop.fs.InvalidPathException" {
		t.Errorf("destination=/a/../b: %v; want an InvalidPathException", err)
	}
}

// TestDefaults checks what an absent parameter means; HDFS's clients leave them out.
func TestDefaults(t *testing.T) {
	c := &call{}
	for name, got := range map[string]any{
		"offset 0": offset.of(c), "length -1": length.of(c), "overwrite false": overwrite.of(c), "createparent true": createParent.of(c),
		"recursive false": recursive.of(c), "noredirect false": noRedirect.of(c), "file 644": filePermission.of(c),
		"dir 755": dirPermission.of(c), "mtime -1": mtime.of(c), "atime -1": atime.of(c), "replication 0": replication.of(c),
		"blocksize 0": blockSize.of(c),
	} {
		var label, want string
		if _, err := fmt.Sscan(name, &label, &want); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v (%v)", name, got, err)
		}
	}
	if unmaskedPermission.of(c) != nil || renameOptions.given(c) {
		t.Error("an absent parameter has a value")
	}
}
