package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// aclSpecs are ACL specifications, valid and invalid in various ways.
var aclSpecs = []string{
	"", "null", "user:bob:", "user:bob:rw", "user:bob:rwxr", "user:bob:RWX", "user:bob:xwr", "user:bob:7", "user:bob", "user", ":",
	"user:bob:r--,", ",user:bob:r--", "user:bob:r--,,user:carol:r--", "user:bob:r--%20", "user:a@b:r--", "user:a%20b:r--",
	"user:é:r--", "user:1:r--", "user:-x:r--", "USER:bob:r--", "mask:bob:r--", "other:bob:r--", "owner:bob:r--",
	"user:bob:r--,user:bob:rw-", "group::r--,group::rw-", "mask::r--,mask::rw-", "default:user:bob:r--,default:user:bob:rw-",
	"access:user:bob:r--", "default:default:user:bob:r--", "default::", "user:bob:r--:x", "group:groupY:---", "user:" + longName(300) + ":r--",
}

// manyEntries returns a specification of n named users, each with a read entry in the scope that the prefix names.
func manyEntries(scope string, n int) string {
	entries := make([]string, n)
	for i := range entries {
		entries[i] = fmt.Sprintf("%suser:u%02d:r--", scope, i)
	}
	return strings.Join(entries, ",")
}

// acls are ACLs that are each subtle to evaluate. They are set on a file and on a directory of alice's, with group team and mode
// 750; bob is in team and groupY, and carol, eve and dr.who are in no group.
var acls = []struct{ name, spec string }{
	{"a named user", "user:carol:rwx"},
	{"a named user under the mask", "user:carol:rwx,mask::r--"},
	{"an empty mask", "user:carol:rwx,mask::---"},
	{"a named user denied though in the group", "user:bob:---"},
	{"a named user with less than his group", "user:bob:r--,group::rwx"},
	{"a named group beside a closed owning group", "group::---,group:groupY:rwx"},
	{"two groups that add up", "group::r--,group:groupY:-wx"},
	{"a group denied, others allowed", "group::---,other::rwx"},
	{"a named group denied, others allowed", "group:groupY:---,group::---,other::rwx"},
	{"the owner as a named user", "user::---,user:alice:rwx"},
	{"the owner denied as a named user", "user:alice:---"},
	{"a stranger denied, others allowed", "user:eve:---,other::rwx"},
	{"others beyond the mask", "user:carol:r--,mask::r--,other::rwx"},
	{"traverse only", "user:carol:--x,user:eve:-wx"},
}

// fileRequests and directoryRequests are what each user tries. {user} keeps the users from interfering with each other.
var (
	fileRequests = []string{
		`GET {dir}/d/f?op=OPEN ->`,
		`POST {dir}/d/f?op=APPEND -> "x"`,
		`GET {dir}/d/f?op=CHECKACCESS&fsaction=r-x`,
		`PUT {dir}/d/f?op=SETTIMES&modificationtime=1000`,
		`PUT {dir}/d/f?op=SETREPLICATION&replication=2`,
		`GET {dir}/d/f?op=GETFILECHECKSUM ->`,
		`PUT {dir}/d/f?op=SETPERMISSION&permission=700`,
	}
	directoryRequests = []string{
		`GET {dir}/d?op=LISTSTATUS`,
		`GET {dir}/d/f?op=GETFILESTATUS`,
		`GET {dir}/d?op=GETCONTENTSUMMARY`,
		`PUT {dir}/d/new-{user}?op=MKDIRS`,
		`PUT {dir}/d/file-{user}?op=CREATE -> "x"`,
		`PUT {dir}/d/{user}?op=RENAME&destination={dir}/d/moved-{user}`,
		`DELETE {dir}/d/moved-{user}?op=DELETE&recursive=true`,
		`DELETE {dir}/d/sub-{user}?op=DELETE&recursive=true`,
	}
)

// lesserFileRequests and lesserDirectoryRequests are tried only with plain modes.
var (
	lesserFileRequests = []string{
		`GET {dir}/d/f?op=LISTXATTRS`,
		`GET {dir}/d/f?op=GETXATTRS&encoding=hex`,
		`PUT {dir}/d/f?op=SETXATTR&xattr.name=user.{user}&xattr.value=x&flag=CREATE`,
		`PUT {dir}/d/f?op=REMOVEXATTR&xattr.name=user.missing`,
		`POST {dir}/d/f?op=TRUNCATE&newlength=0`,
		`POST {dir}/d/f?op=CONCAT&sources={dir}/d/{user}`,
		`GET {dir}/d/f?op=GETFILEBLOCKLOCATIONS`,
		`GET {dir}/d/f?op=GETSTORAGEPOLICY`,
		`PUT {dir}/d/f?op=SETSTORAGEPOLICY&storagepolicy=COLD`,
		`GET {dir}/d/f?op=GETECPOLICY`,
		`POST {dir}/d/f?op=UNSETECPOLICY`,
		`GET {dir}/d/f?op=GETLINKTARGET`,
	}
	lesserDirectoryRequests = []string{
		`GET {dir}/d?op=LISTXATTRS`,
		`PUT {dir}/d?op=SETXATTR&xattr.name=user.{user}&xattr.value=x&flag=CREATE`,
		`POST {dir}/d?op=UNSETSTORAGEPOLICY`,
		`PUT {dir}/d?op=CREATESNAPSHOT&snapshotname=s`,
		`GET {dir}/d?op=GETSNAPSHOTLIST`,
		`PUT {dir}/d/sub-{user}?op=RENAME&destination={dir}/d/t-{user}&renameoptions=TO_TRASH`,
		`POST {dir}/d/{user}?op=CONCAT&sources={dir}/d/f`,
	}
)

// shared is a directory of alice's with the group team. It has a file, and for each user a file and two directories to move and
// delete. What is tried gets its modes and ACLs later. The files have an explicit replication, for summaries.
var shared = `
	alice PUT {dir}/d/f?op=CREATE&permission=777&replication=2 -> "hello"` +
	try(`
	alice PUT {dir}/d/{value}?op=CREATE&permission=777&replication=2 -> "x"
	alice PUT {dir}/d/sub-{value}/inner?op=MKDIRS&permission=777`, strings.Fields(everyone)...) + `
	root PUT {dir}/d?op=SETOWNER&group=team
	root PUT {dir}/d/f?op=SETOWNER&group=team`

// aclRights tries what everyone may do to a file, and in a directory, with each of acls.
func aclRights() []row {
	var all []row
	for _, a := range acls {
		var onFile, onDirectory strings.Builder
		for _, r := range fileRequests {
			onFile.WriteString(as(everyone, r))
		}
		for _, r := range directoryRequests {
			onDirectory.WriteString(as(everyone, r))
		}
		set := `
			alice PUT {dir}/%[1]s?op=SETPERMISSION&permission=750
			alice PUT {dir}/%[1]s?op=MODIFYACLENTRIES&aclspec=%[2]s`
		all = append(all,
			row{"on a file: " + a.name, shared + fmt.Sprintf(set, "d/f", a.spec), onFile.String()},
			row{"on a directory: " + a.name, shared + fmt.Sprintf(set, "d", a.spec), onDirectory.String()})
	}
	return all
}

// rights tries the same with plain modes, one sequence for each request.
func rights() []row {
	var all []row
	ask := func(where, path string, requests []string, modes ...string) {
		for _, mode := range modes {
			for _, r := range requests {
				op, _, _ := strings.Cut(r[strings.Index(r, "op=")+len("op="):], "&")
				op, _, _ = strings.Cut(op, " ")
				name := fmt.Sprintf("%s of mode %s: %s", where, mode, op)
				if strings.Contains(r, "/sub-") {
					name += " of a directory"
				}
				all = append(all, row{name, shared + "\nalice PUT {dir}/" + path + "?op=SETPERMISSION&permission=" + mode, as(everyone, r)})
			}
		}
	}
	ask("file", "d/f", slices.Concat(fileRequests, lesserFileRequests), "400", "240", "124", "007", "070", "777")
	ask("directory", "d", slices.Concat(directoryRequests, lesserDirectoryRequests), "500", "050", "355", "771", "774", "1777")
	return all
}
