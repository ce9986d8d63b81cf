package perm

import (
	"errors"
	"strings"
	"testing"
)

// A changeCase starts from permissions written as "mode ACL", with "-" for no
// ACL, and wants such permissions or a refusal.
type changeCase struct {
	name   string
	op     string
	file   bool // not a directory
	before string
	spec   string
	want   string
	refuse string
}

// The expectations are those of Hadoop's FSAclBaseTest and TestAclTransformation,
// which were compared with setfacl on Linux.
var changeCases = []changeCase{
	// MODIFYACLENTRIES
	{
		name: "modify both scopes", op: "modify",
		before: "770 user:foo:rwx,group::r-x,default:user::rwx,default:user:foo:rwx,default:group::r-x,default:mask::rwx,default:other::---",
		spec:   "user:foo:r-x,default:user:foo:r-x",
		want:   "750 user:foo:r-x,group::r-x,default:user::rwx,default:user:foo:r-x,default:group::r-x,default:mask::r-x,default:other::---",
	},
	{
		name: "modify a minimal ACL", op: "modify", file: true,
		before: "640 -", spec: "user:foo:rw-", want: "660 user:foo:rw-,group::r--",
	},
	{
		name: "modify keeps a mask that is given", op: "modify", file: true,
		before: "640 -", spec: "user:foo:rwx,mask::---", want: "600 user:foo:rwx,group::r--",
	},
	{
		name: "modify adds a minimal default", op: "modify",
		before: "750 -", spec: "default:user::rwx,default:group::r-x,default:other::---",
		want: "750 default:user::rwx,default:group::r-x,default:other::---",
	},
	{
		name: "modify completes a default from the access scope", op: "modify",
		before: "751 -", spec: "default:user:foo:rw-",
		want: "751 default:user::rwx,default:user:foo:rw-,default:group::r-x,default:mask::rwx,default:other::--x",
	},
	{
		name: "modify keeps the sticky bit", op: "modify",
		before: "1750 -", spec: "user:foo:rwx", want: "1770 user:foo:rwx,group::r-x",
	},
	{
		name: "modify computes the mask anew over one that chmod set", op: "modify",
		before: "700 user:foo:rwx,group::r-x", spec: "user:bar:r--",
		want: "770 user:bar:r--,user:foo:rwx,group::r-x",
	},
	{
		name: "modify leaves the mask of a scope that it does not touch", op: "modify",
		before: "744 user:bruce:r--,user:diana:rw-,group::r--",
		spec:   "default:user:diana:r-x",
		want:   "744 user:bruce:r--,user:diana:rw-,group::r--,default:user::rwx,default:user:diana:r-x,default:group::r--,default:mask::r-x,default:other::r--",
	},
	{
		name: "modify changes owner, group and other", op: "modify",
		before: "777 -", spec: "other::---,user::r--,group::-w-", want: "420 -",
	},
	{
		name: "modify with a mask alone extends the ACL", op: "modify",
		before: "750 -", spec: "mask::r--", want: "740 group::r-x",
	},
	{
		name: "modify ignores a mask for defaults that are not there", op: "modify",
		before: "750 -", spec: "default:mask::r--", want: "750 -",
	},
	{
		name: "modify with nothing", op: "modify",
		before: "740 user:foo:rwx,group::r-x", spec: "", want: "740 user:foo:rwx,group::r-x",
	},
	{
		name: "modify ignores the second of two entries that replace one", op: "modify",
		before: "740 user:foo:rwx,group::r--", spec: "user:foo:r--,user:foo:-w-",
		want: "740 user:foo:r--,group::r--",
	},
	{
		name: "modify refuses new entries with one key", op: "modify",
		before: "740 -", spec: "user:bruce:rwx,user:diana:rw-,user:bruce:r-x",
		refuse: "Invalid ACL: multiple entries with same scope, type and name.",
	},
	{
		name: "modify refuses a mask with a name", op: "modify",
		before: "740 -", spec: "mask:bruce:r-x",
		refuse: "Invalid ACL: this entry type must not have a name: mask:bruce:r-x.",
	},
	{
		name: "modify refuses another with a name", op: "modify",
		before: "740 -", spec: "default:other:bruce:r-x",
		refuse: "Invalid ACL: this entry type must not have a name: default:other:bruce:r-x.",
	},
	{
		name: "modify refuses defaults on a file", op: "modify", file: true,
		before: "640 -", spec: "default:user:foo:rwx",
		refuse: "Invalid ACL: only directories may have a default ACL.",
	},
	{
		name: "modify refuses a specification that is too long", op: "modify",
		before: "740 -", spec: strings.Join(userEntries(33), ","),
		refuse: "Invalid ACL: ACL has 33 access entries, which exceeds maximum of 32.",
	},
	{
		name: "modify refuses defaults that are too many", op: "modify",
		before: "740 -", spec: "default:" + strings.Join(userEntries(33), ",default:"),
		refuse: "Invalid ACL: ACL has 33 default entries, which exceeds maximum of 32.",
	},
	{
		name: "modify takes as many as there may be", op: "modify",
		before: "740 -", spec: strings.Join(userEntries(28), ","),
		want: "740 " + strings.Join(userEntries(28), ",") + ",group::r--",
	},
	{
		name: "modify refuses a result that is too long", op: "modify",
		before: "740 " + strings.Join(userEntries(28), ",") + ",group::r--", spec: "user:bruce:r--",
		refuse: "Invalid ACL: ACL has 33 access entries, which exceeds maximum of 32.",
	},

	// SETACL
	{
		name: "replace both scopes", op: "replace",
		before: "750 -", spec: "user::rwx,user:foo:rwx,group::r-x,other::---,default:user:foo:rwx",
		want: "770 user:foo:rwx,group::r-x,default:user::rwx,default:user:foo:rwx,default:group::r-x,default:mask::rwx,default:other::---",
	},
	{
		name: "replace access on a file", op: "replace", file: true,
		before: "640 -", spec: "user::rw-,user:foo:r--,group::r--,other::---",
		want: "640 user:foo:r--,group::r--",
	},
	{
		name: "replace with a minimal ACL", op: "replace", file: true,
		before: "644 user:foo:r--,group::r--", spec: "user::rw-,group::r--,other::---", want: "640 -",
	},
	{
		name: "replace keeps a mask that is given", op: "replace", file: true,
		before: "640 -", spec: "user::rw-,user:foo:r--,group::r--,mask::rwx,other::---",
		want: "670 user:foo:r--,group::r--",
	},
	{
		name: "replace of defaults leaves the access scope and its mask", op: "replace",
		before: "744 user:bruce:r--,user:diana:rw-,group::r--,default:user::rwx,default:user:diana:rw-,default:group::r--,default:mask::rw-,default:other::---",
		spec:   "default:user::rwx,default:user:bruce:r--,default:group::r--,default:other::---",
		want:   "744 user:bruce:r--,user:diana:rw-,group::r--,default:user::rwx,default:user:bruce:r--,default:group::r--,default:mask::r--,default:other::---",
	},
	{
		name: "replace of the access scope leaves the defaults and their mask", op: "replace",
		before: "764 user:bruce:r--,user:diana:rw-,group::r--,default:user::rwx,default:user:diana:rwx,default:group::r--,default:mask::r--,default:other::---",
		spec:   "user::rwx,user:bruce:r--,user:diana:rw-,group::rwx,other::r--",
		want:   "774 user:bruce:r--,user:diana:rw-,group::rwx,default:user::rwx,default:user:diana:rwx,default:group::r--,default:mask::r--,default:other::---",
	},
	{
		name: "replace keeps the sticky bit", op: "replace",
		before: "1750 -", spec: "user::rwx,user:foo:rwx,group::r-x,other::---", want: "1770 user:foo:rwx,group::r-x",
	},
	{
		name: "replace with nothing removes the ACL", op: "replace",
		before: "770 user:foo:rwx,group::r-x", spec: "", want: "750 -",
	},
	{
		name: "replace refuses an access scope without its owner", op: "replace",
		before: "740 -", spec: "user:bruce:rw-,group::r-x,group:sales:rwx,mask::rwx,other::---",
		refuse: "Invalid ACL: the user, group and other entries are required.",
	},
	{
		name: "replace refuses an access scope without its group", op: "replace",
		before: "740 -", spec: "user::rwx,user:bruce:rw-,group:sales:rwx,mask::rwx,other::---",
		refuse: "Invalid ACL: the user, group and other entries are required.",
	},
	{
		name: "replace refuses an access scope without other", op: "replace",
		before: "740 -", spec: "user::rwx,user:bruce:rw-,group::r-x,group:sales:rwx,mask::rwx",
		refuse: "Invalid ACL: the user, group and other entries are required.",
	},
	{
		name: "replace refuses two entries with one key", op: "replace",
		before: "740 -", spec: "user::rwx,user:bruce:rwx,user:bruce:r-x,group::r--,other::---",
		refuse: "Invalid ACL: multiple entries with same scope, type and name.",
	},
	{
		name: "replace refuses defaults on a file", op: "replace", file: true,
		before: "640 -", spec: "default:user:foo:rwx",
		refuse: "Invalid ACL: only directories may have a default ACL.",
	},
	{
		name: "replace refuses a result that the mask makes too long", op: "replace",
		before: "740 -", spec: "user::rwx," + strings.Join(userEntries(29), ",") + ",group::r--,other::---",
		refuse: "Invalid ACL: ACL has 33 access entries, which exceeds maximum of 32.",
	},

	// REMOVEACLENTRIES
	{
		name: "remove from both scopes", op: "remove",
		before: "770 user:foo:rwx,group::r-x,default:user::rwx,default:user:foo:rwx,default:group::r-x,default:mask::rwx,default:other::---",
		spec:   "user:foo:---,default:user:foo:---",
		want:   "750 group::r-x,default:user::rwx,default:group::r-x,default:mask::r-x,default:other::---",
	},
	{
		name: "remove one of two", op: "remove", file: true,
		before: "770 user:bar:rw-,user:foo:rwx,group::rw-", spec: "user:foo:---",
		want: "760 user:bar:rw-,group::rw-",
	},
	{
		name: "remove the last with the mask", op: "remove", file: true,
		before: "770 user:foo:rwx,group::rw-", spec: "user:foo:---,mask::---", want: "760 -",
	},
	{
		name: "remove what is not there", op: "remove",
		before: "700 user:foo:rwx,group::r-x", spec: "user:clark:---,group:execs:---,default:user:foo:---",
		want: "700 user:foo:rwx,group::r-x",
	},
	{
		name: "remove a default owner, who comes back from the access scope", op: "remove",
		before: "744 default:user::rw-,default:user:bruce:r--,default:group::r--,default:mask::r--,default:other::---",
		spec:   "default:user::---",
		want:   "744 default:user::rwx,default:user:bruce:r--,default:group::r--,default:mask::r--,default:other::---",
	},
	{
		name: "remove every default", op: "remove",
		before: "744 default:user::rw-,default:user:bruce:r--,default:group::r--,default:mask::r--,default:other::---",
		spec:   "default:user::---,default:user:bruce:---,default:group::---,default:other::---", want: "744 -",
	},
	{
		name: "remove keeps the sticky bit", op: "remove",
		before: "1770 user:foo:rwx,group::r-x", spec: "user:foo:---", want: "1750 group::r-x",
	},
	{
		name: "remove refuses a mask that is needed", op: "remove",
		before: "770 user:bruce:r--,group::r--", spec: "mask::---",
		refuse: "Invalid ACL: mask is required and cannot be deleted.",
	},
	{
		name: "remove refuses a default mask that is needed", op: "remove",
		before: "740 default:user::rwx,default:user:bruce:r--,default:group::r--,default:mask::rwx,default:other::---",
		spec:   "default:mask::---",
		refuse: "Invalid ACL: mask is required and cannot be deleted.",
	},
	{
		name: "remove refuses the owner", op: "remove",
		before: "740 -", spec: "user::---",
		refuse: "Invalid ACL: the user, group and other entries are required.",
	},
	{
		name: "remove refuses a specification that is too long", op: "remove",
		before: "740 -", spec: strings.Join(userEntries(33), ","),
		refuse: "Invalid ACL: ACL has 33 access entries, which exceeds maximum of 32.",
	},
}

func TestChange(t *testing.T) {
	for _, c := range changeCases {
		t.Run(c.name, func(t *testing.T) {
			var spec []Entry
			for text := range strings.SplitSeq(c.spec, ",") {
				if c.spec == "" {
					break
				}
				e, err := parseStoredEntry(text)
				if err != nil {
					t.Fatal(err)
				}
				spec = append(spec, e)
			}
			got, err := change(written(t, c.before), c.op, spec, !c.file)
			if c.refuse != "" {
				var rule *ACLError
				if !errors.As(err, &rule) || err.Error() != c.refuse {
					t.Fatalf("%s, %v, want the ACLError %q", state(got), err, c.refuse)
				}
				return
			}
			if want := written(t, c.want); err != nil || state(got) != state(want) {
				t.Fatalf("%s, %v, want %s", state(got), err, state(want))
			}
		})
	}
}

// A name with a separator would be read back as entries other than those that were checked.
func TestChangeRefusesSeparatorsInNames(t *testing.T) {
	for _, name := range []string{"bob:rwx,user:eve", "a,b", "a:b", ":"} {
		for _, op := range []string{"modify", "replace", "remove"} {
			_, err := change(Perms{Mode: 0o750}, op, []Entry{{Access, User, name, Read}}, true)
			var rule *ACLError
			if !errors.As(err, &rule) || !strings.Contains(err.Error(), "must not contain") {
				t.Errorf("%s of the name %q: %v, want an ACLError", op, name, err)
			}
		}
	}
}

func TestErrDefaultOnFile(t *testing.T) {
	_, err := Perms{Mode: 0o640}.Modify([]Entry{{Default, User, "foo", All}}, false)
	if !errors.Is(err, ErrDefaultOnFile) {
		t.Errorf("%v is not ErrDefaultOnFile", err)
	}
}

// written reads permissions as the cases write them: "mode ACL", "-" for none.
func written(t testing.TB, text string) Perms {
	t.Helper()
	octal, stored, ok := strings.Cut(text, " ")
	if !ok {
		t.Fatalf("permissions %q: want a mode, a space and an ACL or -", text)
	}
	return perms(t, octal, strings.TrimPrefix(stored, "-"))
}

// The length of a name is bounded, and the refusal does not repeat all of a longer one.
func TestNamesHaveABound(t *testing.T) {
	for length, ok := range map[int]bool{maxName: true, maxName + 1: false} {
		spec := []Entry{{Type: User, Name: strings.Repeat("n", length), Perm: Read}}
		for what, change := range map[string]func([]Entry, bool) (Perms, error){"modify": Perms{Mode: 0o750}.Modify, "replace": Perms{Mode: 0o750}.Replace} {
			_, err := change(spec, true)
			var refused *ACLError
			switch {
			case ok && what == "modify" && err != nil:
				t.Errorf("%s with a name of %d bytes: %v", what, length, err)
			case !ok && (!errors.As(err, &refused) || len(refused.Reason) > 100+maxShown || !strings.Contains(refused.Reason, "513 bytes")):
				t.Errorf("%s with a name of %d bytes: %v", what, length, err)
			}
		}
	}
}
