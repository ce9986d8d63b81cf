package perm

import (
	"slices"
	"testing"
)

// in returns a caller with these groups.
func in(user string, groups ...string) Who {
	return Who{User: user, InGroup: func(group string) bool { return slices.Contains(groups, group) }}
}

// The callers and the first rows are those of Hadoop's TestFSPermissionChecker:
// the inode belongs to bruce, diana is in sales, clark is in execs.
func TestExplain(t *testing.T) {
	bruce, diana, clark := in("bruce"), in("diana", "sales"), in("clark", "execs")
	both := in("clark", "execs", "sales")
	for _, c := range []struct {
		perms   string
		who     Who
		group   string
		want    Action
		allowed bool
		by      string
	}{
		// Without an ACL one class decides, and no other one helps.
		{"640 -", bruce, "execs", ReadWrite, true, "owner"},
		{"077 -", bruce, "execs", Read, false, "owner"},
		{"640 -", clark, "execs", Read, true, "group"},
		{"607 -", clark, "execs", Execute, false, "group"},
		{"604 -", diana, "execs", Read, true, "other"},
		{"770 -", diana, "execs", Read, false, "other"},
		{"000 -", diana, "execs", None, true, "other"},
		{"640 -", Who{User: "eve"}, "execs", Read, false, "other"},
		{"1777 -", diana, "execs", All, true, "other"},
		// A default ACL plays no part.
		{"755 default:user::rwx,default:group::---,default:group:sales:---,default:mask::---,default:other::r-x", diana, "execs", Read, true, "other"},
		// The owner is above the ACL and the mask.
		{"640 group::r--", bruce, "execs", ReadWrite, true, "owner"},
		{"640 group::r--", bruce, "execs", Execute, false, "owner"},
		{"470 user:bruce:rwx,group::r--", bruce, "execs", Write, false, "owner"},
		// A named user gets the rights of their entry, under the mask, and no others.
		{"640 user:diana:r--,group::r--", diana, "execs", Read, true, "user:diana"},
		{"640 user:diana:r--,group::r--", diana, "execs", ReadWrite, false, "user:diana"},
		{"644 user:diana:---,group::r--", diana, "execs", Read, false, "user:diana"},
		{"644 user:diana:---,group::r--,group:sales:r--", diana, "execs", Read, false, "user:diana"},
		{"620 user:diana:r--,group::r--", diana, "execs", Read, false, "user:diana"},
		{"774 user:diana:rwx,group::rw-", diana, "sales", All, true, "user:diana"},
		{"774 user:diana:rwx,group::rw-", clark, "sales", Read, true, "other"},
		{"774 user:diana:rwx,group::rw-", clark, "sales", Write, false, "other"},
		// The owning group gets those of its entry, under the mask.
		{"640 group::r--", clark, "execs", Read, true, "group"},
		{"604 group::---", diana, "sales", Read, false, "group"},
		{"604 group::---", clark, "sales", Read, true, "other"},
		{"644 group::rw-", clark, "execs", Write, false, "group"},
		// So does a named group; one that covers the request is enough.
		{"640 group::r--,group:sales:r--", diana, "execs", Read, true, "group:sales"},
		{"644 group::r--,group:execs:---", clark, "sales", Read, false, "group:execs"},
		{"644 group::r--,group:sales:rw-", diana, "execs", Write, false, "group:sales"},
		{"670 group::r--,group:sales:rw-", both, "execs", ReadWrite, true, "group:sales"},
		// The rights of two groups do not add up.
		{"670 group::r--,group:sales:-w-", both, "execs", ReadWrite, false, "group"},
		{"677 group::rwx,group:execs:---,group:sales:-w-", both, "ops", Write, true, "group:sales"},
	} {
		p := written(t, c.perms)
		allowed, by := p.Explain(c.who, "bruce", c.group, c.want)
		if allowed != c.allowed || by != c.by {
			t.Errorf("%s: %v for %s: %v by %s, want %v by %s", c.perms, c.want, c.who.User, allowed, by, c.allowed, c.by)
		}
		if got := p.Allows(c.who, "bruce", c.group, c.want); got != c.allowed {
			t.Errorf("%s: Allows %v for %s: %v, want %v", c.perms, c.want, c.who.User, got, c.allowed)
		}
	}
}

func TestGranting(t *testing.T) {
	for _, c := range []struct {
		perms   string
		rights  Action
		who     Who
		want    Action
		allowed bool
		by      string
	}{
		{"750 -", ReadExecute, in("eve", "share"), ReadExecute, true, "group:share"},
		{"750 -", ReadExecute, in("eve"), ReadExecute, false, "other"},
		{"750 -", ReadExecute, in("eve", "share"), Write, false, "group:share"},
		{"750 -", All, in("eve", "share"), Write, false, "group:share"}, // the mask
		{"757 -", Read, in("eve", "share"), Write, false, "group:share"},
		{"750 -", None, in("eve", "share", "execs"), Read, true, "group"},
		{"770 user:eve:---,group::r-x", All, in("eve", "share"), Read, false, "user:eve"},
		{"770 group::r-x", All, in("eve", "share"), All, true, "group:share"},
		{"070 -", All, in("bruce", "share"), Read, false, "owner"},
	} {
		before := written(t, c.perms)
		p := before.Granting("share", c.rights)
		if allowed, by := p.Explain(c.who, "bruce", "execs", c.want); allowed != c.allowed || by != c.by {
			t.Errorf("%s and %v: %v for %s: %v by %s, want %v by %s",
				c.perms, c.rights, c.want, c.who.User, allowed, by, c.allowed, c.by)
		}
		if want := written(t, c.perms); state(before) != state(want) {
			t.Errorf("Granting changed %s to %s", c.perms, state(before))
		}
	}
}

// The entries of one ACL lie beside each other in memory; a grant must not write
// into what follows, be it the default scope or another grant.
func TestGrantingSharesNothing(t *testing.T) {
	p, err := written(t, "750 "+onlyDefault).Modify(specification(t, "user:bob:r--"), true)
	if err != nil {
		t.Fatal(err)
	}
	before := state(p)
	first := p.Granting("one", Read)
	p.Granting("two", Write)
	if !first.Allows(in("eve", "one"), "bruce", "execs", Read) {
		t.Errorf("the first grant became %s", state(first))
	}
	if state(p) != before {
		t.Errorf("%s became %s", before, state(p))
	}
}
