package oracle

import "strings"

// proxies covers doas: root may act for everybody, and nobody else for anybody.
var proxies = []row{
	{"doas of a proxy: rights", private + file, try(`
		root {value}`, "GET {dir}/p?op=LISTSTATUS&doas=bob", "GET {dir}/p?op=LISTSTATUS&doas=alice", "GET {dir}/p/f?op=OPEN&doas=bob ->", "GET {dir}/p/f?op=OPEN&doas=alice ->",
		"GET {dir}/f?op=CHECKACCESS&fsaction=-w-&doas=bob", "GET {dir}/f?op=CHECKACCESS&fsaction=-w-&doas=alice", "DELETE {dir}/p?op=DELETE&recursive=true&doas=eve",
		"PUT {dir}/f?op=SETPERMISSION&permission=600&doas=bob", "PUT {dir}/f?op=SETOWNER&owner=bob&doas=alice", "GET {dir}/p/f?op=GETFILECHECKSUM&doas=bob",
		"PUT {dir}/f?op=SETOWNER&group=team&doas=alice", "PUT {dir}/f?op=SETXATTR&xattr.name=trusted.x&flag=CREATE&doas=alice")},
	{"doas of a proxy: what is made", "", `
		root PUT {dir}/d?op=MKDIRS&doas=bob
		root PUT {dir}/d/f?op=CREATE&doas=bob -> "x"
		root POST {dir}/d/f?op=APPEND&doas=bob -> "y"
		root POST {dir}/d/f?op=APPEND&doas=alice -> "y"
		root GET {dir}/d?op=LISTSTATUS
		root GET {dir}/d/f?op=OPEN&doas=eve ->
		root GET /?op=GETTRASHROOT&doas=bob`},
	{"doas by others", "", as("alice bob super", `GET /?op=GETHOMEDIRECTORY&doas=carol`) + as("alice super", `GET /?op=GETHOMEDIRECTORY&doas=root`) + `
		root GET /?op=GETHOMEDIRECTORY&doas=root
		root GET /?op=GETHOMEDIRECTORY&doas=alice&doas=bob
		root GET /?op=GETHOMEDIRECTORY&doas=nobody-knows
		- GET /?op=GETHOMEDIRECTORY&doas=dr.who
		alice PUT {dir}/x?op=CREATE&doas=bob`},
	{"tokens where names are believed", "", try(`
		alice GET /?op=GETDELEGATIONTOKEN{value}`, "&renewer=", "&renewer=bob", "&delegation=abc", "&delegation=") + `
		root GET {dir}/missing?op=GETDELEGATIONTOKEN&doas=alice
		alice PUT /?op=RENEWDELEGATIONTOKEN&token=
		alice PUT /?op=CANCELDELEGATIONTOKEN&token=`},
}

// knownEverywhere sends one operation of each method with a bad value for each parameter that the method knows, even though
// the operation does not use it.
func knownEverywhere() []row {
	bad := map[string]string{
		"GET": "offset=-1 offset=x length=-1 buffersize=0 encoding=utf8 encoding=null fsaction=rwx- fsaction=x allusers=1 noredirect=no " +
			"snapshotdiffindex=-2 xattr.name=bad startafter=%2F oldsnapshotname= renewer=a@b",
		"PUT": "permission=9 permission=2000 unmaskedpermission=x overwrite=2 recursive=x replication=0 blocksize=0 buffersize=x modificationtime=-2 " +
			"accesstime=x createparent=x createflag=FOO renameoptions=FOO destination=x aclspec=bad flag=FOO storagepolicy= ecpolicy= xattr.value=0x1 noredirect=x",
		"POST":   "newlength=-1 newlength=x buffersize=0 sources=x noredirect=x",
		"DELETE": "recursive=1 recursive=null snapshotname=",
	}
	requests := []struct{ method, line string }{
		{"GET", "GET {dir}/f?op=GETFILESTATUS"},
		{"PUT", "PUT {dir}/d?op=MKDIRS"},
		{"POST", "POST {dir}/f?op=UNSETSTORAGEPOLICY"},
		{"DELETE", "DELETE {dir}/missing?op=DELETE"},
	}
	var all []row
	for _, r := range requests {
		all = append(all, row{"bad values on " + r.method, file, try("\nalice "+r.line+"&{value}", strings.Fields(bad[r.method])...)})
	}
	return all
}
