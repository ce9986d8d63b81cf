package perm_test

import (
	"fmt"

	"granary/auth/perm"
)

func ExamplePerms_Modify() {
	p := perm.Perms{Mode: 0o640}
	spec, err := perm.ParseSpec("user:bob:rw-,group:team:r-x", true)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err = p.Modify(spec, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Mode.Symbolic(), p.Entries())

	// The group bits are the mask now.
	p = p.Chmod(0o640)
	fmt.Println(p.Mode.Symbolic(), p.Entries())
	// Output:
	// rw-rwx--- [user:bob:rw- group::r-- group:team:r-x]
	// rw-r----- [user:bob:rw- group::r-- group:team:r-x]
}

func ExamplePerms_Explain() {
	acl, err := perm.ParseACL("user:bob:rw-,group::r--,group:team:r-x")
	if err != nil {
		fmt.Println(err)
		return
	}
	p := perm.Perms{Mode: 0o640, ACL: acl}
	inTeam := func(group string) bool { return group == "team" }
	fmt.Println(p.Explain(perm.Who{User: "bob", InGroup: inTeam}, "ann", "staff", perm.Write))
	fmt.Println(p.Explain(perm.Who{User: "eve", InGroup: inTeam}, "ann", "staff", perm.Read))
	fmt.Println(p.Explain(perm.Who{User: "kim"}, "ann", "staff", perm.Read))
	// Output:
	// false user:bob
	// true group:team
	// false other
}
