package oracle

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// row is one sequence in an operation's table.
type row struct{ name, setup, script string }

// tables has all sequences, by the name of the golden file.
var tables = map[string][]row{
	"acl":               slices.Concat(aclEdits, aclRefusals, aclInheritance, aclRights()),
	"append":            appends,
	"checkaccess":       checkAccess,
	"concat":            concats,
	"create":            slices.Concat(creates, createParams),
	"delete":            deletes,
	"getcontentsummary": contentSummaries,
	"getfilechecksum":   fileChecksums,
	"getfilestatus":     fileStatuses,
	"liststatus":        listings,
	"mkdirs":            mkdirs,
	"names":             names,
	"open":              opens,
	"protocol":          slices.Concat(protocol, proxies, knownEverywhere()),
	"reserved":          reservedPaths,
	"snapshot":          snapshots,
	"quota":             quotas,
	"rename":            slices.Concat(renames, renameOptions),
	"rights":            rights(),
	"setowner":          setOwners,
	"setpermission":     setPermissions,
	"setreplication":    setReplications,
	"settimes":          setTimes,
	"storage":           storage,
	"truncate":          slices.Concat(truncates, truncatesInside),
	"trash":             trash,
	"xattr":             xattrs,
	"writers":           writers,
}

// Setups that many sequences share.
const (
	// file is a file of alice's that everybody can read and only she can write.
	file = `
		alice PUT {dir}/f?op=CREATE -> "hello"`
	// yetToCome gives f a time after that of every clock.
	yetToCome = `
		alice PUT {dir}/f?op=SETTIMES&modificationtime=4000000000000`
	// tree is a directory of alice's that everybody can read, with a file and a directory that holds a file.
	tree = `
		alice PUT {dir}/d/sub?op=MKDIRS
		alice PUT {dir}/d/f?op=CREATE -> "hello"
		alice PUT {dir}/d/sub/g?op=CREATE -> "g"`
	// private is a directory of alice's that nobody else can enter, with a file in it.
	private = `
		alice PUT {dir}/p?op=MKDIRS&permission=700
		alice PUT {dir}/p/f?op=CREATE -> "hello"`
)

// Sequences returns every sequence, sorted by operation and then in the order of the table.
func Sequences() []Sequence {
	var all []Sequence
	for _, op := range Ops() {
		for _, r := range tables[op] {
			all = append(all, Sequence{Op: op, Name: r.name, Setup: r.setup, Script: r.script})
		}
	}
	return all
}

// Ops returns the names of the tables, sorted.
func Ops() []string { return slices.Sorted(maps.Keys(tables)) }

// everyone lists the users in the matrices: the owner, a member of the group team, two strangers (one of them named in ACLs), a
// member of HDFS's supergroup, and the superuser.
const everyone = "alice bob carol eve super root"

// as repeats a request, written without its user, for each of the users; {user} in it is replaced by the name.
func as(users, line string) string {
	var b strings.Builder
	for _, u := range strings.Fields(users) {
		b.WriteString("\n" + u + " " + strings.ReplaceAll(line, "{user}", u))
	}
	return b.String()
}

// try repeats a line for each of the values, which replaces {value} in it; {n} is replaced by the value's index.
func try(line string, values ...string) string {
	var b strings.Builder
	for n, v := range values {
		b.WriteString("\n" + strings.NewReplacer("{value}", v, "{n}", strconv.Itoa(n)).Replace(line))
	}
	return b.String()
}
