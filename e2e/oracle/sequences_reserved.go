package oracle

// reservedPaths covers FSDirectory.resolvePath.
var reservedPaths = []row{
	{"raw", tree + private, try(`
		alice GET /.reserved/raw{dir}/d/f?op={value}`, "GETFILESTATUS", "LISTSTATUS", "GETACLSTATUS", "CHECKACCESS&fsaction=r--",
		"LISTXATTRS", "GETSTORAGEPOLICY", "GETECPOLICY", "GETFILELINKSTATUS", "OPEN ->", "GETFILECHECKSUM ->") + `
		alice GET /.reserved/raw{dir}/d?op=LISTSTATUS
		alice GET /.reserved/raw{dir}/d?op=LISTSTATUS_BATCH
		alice GET /.reserved/raw?op=GETFILESTATUS
		alice GET /.reserved/raw/?op=GETFILESTATUS
		alice GET /.reserved/raw{dir}/missing?op=GETFILESTATUS
		alice GET /.reserved/raw{dir}/missing?op=OPEN
		bob GET /.reserved/raw{dir}/p?op=LISTSTATUS
		bob GET /.reserved/raw{dir}/p/f?op=OPEN`},
	{"raw, changed by its owner", tree, try(`
		alice {value}`, "PUT /.reserved/raw{dir}/d/n?op=MKDIRS", "PUT /.reserved/raw{dir}/d?op=MKDIRS", `PUT /.reserved/raw{dir}/d/n?op=CREATE -> "x"`, `POST /.reserved/raw{dir}/d/f?op=APPEND -> "x"`,
		"DELETE /.reserved/raw{dir}/d/f?op=DELETE", "DELETE /.reserved/raw{dir}/missing?op=DELETE", "PUT /.reserved/raw{dir}/d/f?op=RENAME&destination={dir}/d/n",
		"PUT {dir}/d/f?op=RENAME&destination=/.reserved/raw{dir}/d/n", "POST /.reserved/raw{dir}/d/f?op=TRUNCATE&newlength=0", "PUT /.reserved/raw{dir}/d?op=SETPERMISSION&permission=700",
		"PUT /.reserved/raw{dir}/d?op=SETXATTR&xattr.name=user.a&flag=CREATE", "PUT /.reserved/raw{dir}/d?op=SETXATTR&xattr.name=raw.a&flag=CREATE",
		"POST /.reserved/raw{dir}/d/f?op=CONCAT&sources={dir}/d/sub/g", "PUT /.reserved/raw{dir}/d/f?op=MODIFYACLENTRIES&aclspec=user:bob:r--", "PUT /.reserved/raw{dir}/d/f?op=REMOVEDEFAULTACL",
		"PUT /.reserved/raw{dir}/d/f?op=SETSTORAGEPOLICY&storagepolicy=COLD") + `
		alice GET {dir}/d?op=LISTSTATUS`},
	{"raw, changed by a superuser", tree, try(`
		root {value}`, "PUT /.reserved/raw{dir}/d/n/m?op=MKDIRS", "PUT /.reserved/raw{dir}/d?op=MKDIRS", `PUT /.reserved/raw{dir}/d/new?op=CREATE -> "x"`, `PUT /.reserved/raw{dir}/d/new?op=CREATE -> "x"`,
		`PUT /.reserved/raw{dir}/missing/new?op=CREATE&createparent=false -> "x"`, `POST /.reserved/raw{dir}/d/f?op=APPEND -> "x"`, `POST /.reserved/raw{dir}/d/missing?op=APPEND -> "x"`,
		"PUT /.reserved/raw{dir}/d/new?op=RENAME&destination={dir}/d/moved", "PUT {dir}/d/moved?op=RENAME&destination=/.reserved/raw{dir}/d/n", "PUT /.reserved/raw{dir}/d?op=RENAME&destination={dir}/d/n",
		"PUT /.reserved/raw{dir}/d/f?op=RENAME&destination={dir}/d/f", "PUT /.reserved/raw{dir}/d/f?op=RENAME&destination={dir}/d/f&renameoptions=NONE",
		"PUT /.reserved/raw{dir}/d?op=SETPERMISSION&permission=750", "PUT /.reserved/raw{dir}/missing?op=SETPERMISSION&permission=750", "PUT /.reserved/raw{dir}/d/f?op=SETOWNER&owner=bob",
		"PUT /.reserved/raw{dir}/d/f?op=SETTIMES&modificationtime=1", "PUT /.reserved/raw{dir}/d/f?op=SETREPLICATION&replication=2", "POST /.reserved/raw{dir}/d/f?op=TRUNCATE&newlength=9",
		"POST /.reserved/raw{dir}/d/f?op=CONCAT&sources={dir}/d/sub/g", "POST {dir}/d/f?op=CONCAT&sources=/.reserved/raw{dir}/d/sub/g", "POST {dir}/d/f?op=CONCAT&sources=/.reserved/raw{dir}/d/missing",
		"DELETE /.reserved/raw{dir}/d/sub?op=DELETE", "DELETE /.reserved/raw{dir}/d/sub?op=DELETE&recursive=true", "DELETE /.reserved/raw{dir}/missing?op=DELETE", "PUT /.reserved/raw?op=MKDIRS",
		`PUT /.reserved/raw?op=CREATE -> "x"`, "PUT /.reserved/raw/.reserved/x?op=MKDIRS", "PUT /.reserved/rawer?op=MKDIRS", "DELETE /.reserved/rawer?op=DELETE") + `
		root GET {dir}/d?op=LISTSTATUS
		root GET {dir}/d/n?op=LISTSTATUS`},
	{"attributes of raw paths", tree, try(`
		root {value}`, "PUT {dir}/d?op=SETXATTR&xattr.name=raw.a&xattr.value=0x01&flag=CREATE", "PUT /.reserved/raw{dir}/d?op=SETXATTR&xattr.name=raw.a&xattr.value=0x01&flag=CREATE",
		"PUT /.reserved/raw{dir}/d?op=SETXATTR&xattr.name=user.b&xattr.value=0x02&flag=CREATE", "PUT /.reserved/raw{dir}/d?op=SETXATTR&xattr.name=system.c&flag=CREATE",
		"PUT /.reserved/raw{dir}/missing?op=SETXATTR&xattr.name=raw.a&flag=CREATE") + try(`
		{value} GET {dir}/d?op=GETXATTRS&encoding=hex`, "alice", "root") + try(`
		{value} GET /.reserved/raw{dir}/d?op=GETXATTRS&encoding=hex`, "alice", "bob", "root") + try(`
		{value} GET /.reserved/raw{dir}/d?op=LISTXATTRS`, "alice", "bob", "root") + `
		bob GET {dir}/d?op=LISTXATTRS
		bob GET {dir}/d?op=GETXATTRS&xattr.name=raw.a&encoding=hex
		bob GET /.reserved/raw{dir}/d?op=GETXATTRS&xattr.name=raw.a&encoding=hex
		alice PUT {dir}/d?op=REMOVEXATTR&xattr.name=raw.a
		alice PUT /.reserved/raw{dir}/d?op=REMOVEXATTR&xattr.name=raw.a
		root PUT {dir}/d?op=REMOVEXATTR&xattr.name=raw.a
		root PUT /.reserved/raw{dir}/d?op=REMOVEXATTR&xattr.name=raw.a
		root PUT /.reserved/raw{dir}/d?op=REMOVEXATTR&xattr.name=raw.a`},
	{"inodes", "", `
		alice GET /.reserved/.inodes/16385{dir}?op=GETFILESTATUS
		alice GET /.reserved/.inodes/16385?op=GETACLSTATUS
		alice GET /.reserved/.inodes/16385{dir}/missing?op=GETFILESTATUS
		alice GET /.reserved/.inodes/16385{dir}?op=LISTSTATUS` + try(`
		alice GET /.reserved/.inodes{value}?op=GETFILESTATUS`, "", "/0", "/-1", "/9223372036854775807", "/9223372036854775808", "/1.5", "/16385x")},
	{"inodes, changed", tree, try(`
		root {value}`, "PUT /.reserved/.inodes/16385{dir}/d/new?op=MKDIRS", `PUT /.reserved/.inodes/16385{dir}/d/file?op=CREATE -> "x"`, `POST /.reserved/.inodes/16385{dir}/d/f?op=APPEND -> "x"`,
		"PUT /.reserved/.inodes/16385{dir}/d/f?op=SETPERMISSION&permission=600", "PUT /.reserved/.inodes/16385{dir}/d/f?op=RENAME&destination={dir}/d/n",
		"PUT {dir}/d/f?op=RENAME&destination=/.reserved/.inodes/16385{dir}/d/n", "DELETE /.reserved/.inodes/16385{dir}/d/sub?op=DELETE&recursive=true") + `
		root GET {dir}/d?op=LISTSTATUS`},
	{"as names deeper down", "", `
		alice PUT {dir}/.reserved/raw?op=MKDIRS
		alice GET {dir}/.reserved?op=LISTSTATUS
		alice GET {dir}/.reserved/.inodes?op=GETFILESTATUS`},
	{"other names in it", "", try(`
		alice GET /.reserved/{value}?op=GETFILESTATUS`, "x", "RAW", "raw.", ".inode") + try(`
		alice GET /.reserved/{value}?op=LISTSTATUS`, "x", ".inodes") + `
		alice GET /.reserved?op=GETFILELINKSTATUS`},
}

// snapshots covers FSDirSnapshotOp where no directory allows snapshots.
var snapshots = []row{
	{"by everyone", tree, as(everyone, `PUT {dir}/d?op=CREATESNAPSHOT&snapshotname=s`) + as(everyone, `DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=s`) +
		as(everyone, `PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t`)},
	{"allowing", tree, as("alice bob eve", `PUT {dir}/d?op=ALLOWSNAPSHOT`) + as(everyone, `PUT {dir}/d?op=DISALLOWSNAPSHOT`) + as("super root", `PUT {dir}/d/f?op=ALLOWSNAPSHOT`) +
		as("alice root", `PUT {dir}/missing?op=ALLOWSNAPSHOT`) + as("alice root", `PUT {dir}/d/f/x?op=DISALLOWSNAPSHOT`) +
		as("root", `PUT {dir}/d/f?op=DISALLOWSNAPSHOT`)},
	{"by who may allow them", tree, `
		root PUT {dir}/d?op=ALLOWSNAPSHOT
		root PUT {dir}/d?op=DISALLOWSNAPSHOT`},
	{"of what is no directory", file, try(`
		alice {value}`, "PUT {dir}/f?op=CREATESNAPSHOT", "PUT {dir}/missing?op=CREATESNAPSHOT", "PUT {dir}/f/x?op=CREATESNAPSHOT",
		"DELETE {dir}/f?op=DELETESNAPSHOT&snapshotname=s", "PUT {dir}/f?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t",
		"GET {dir}/f?op=GETSNAPSHOTLIST", "GET {dir}/missing?op=GETSNAPSHOTLIST", "GET {dir}/f/x?op=GETSNAPSHOTLIST",
		"GET {dir}/f?op=GETSNAPSHOTDIFF", "GET {dir}/missing?op=GETSNAPSHOTDIFF", "GET {dir}/f/x?op=GETSNAPSHOTDIFF",
		"GET {dir}/f?op=GETSNAPSHOTDIFFLISTING", "GET {dir}/missing?op=GETSNAPSHOTDIFFLISTING")},
	{"unreachable", private, try(`
		bob {value}`, "PUT {dir}/p?op=CREATESNAPSHOT", "GET {dir}/p?op=GETSNAPSHOTLIST", "GET {dir}/p/f?op=GETSNAPSHOTLIST", "GET {dir}/p/f?op=GETSNAPSHOTDIFF",
		"PUT {dir}/p/f?op=CREATESNAPSHOT")},
	{"parameters", tree, try(`
		alice {value}`, "PUT {dir}/d?op=RENAMESNAPSHOT", "PUT {dir}/d?op=RENAMESNAPSHOT&snapshotname=t", "PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=t",
		"PUT {dir}/d?op=CREATESNAPSHOT", "DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=", "GET {dir}/d?op=GETSNAPSHOTDIFF&oldsnapshotname=s",
		"GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=x", "GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=-2",
		"GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=0&snapshotdiffstartpath=a")},
	{"paths of snapshots", tree, try(`
		alice GET {dir}/{value}`, "d/.snapshot?op=LISTSTATUS", "d/.snapshot?op=LISTSTATUS_BATCH", "d/.snapshot/s?op=LISTSTATUS", "d/.snapshot/s?op=GETFILESTATUS",
		"d/f/.snapshot?op=LISTSTATUS", "missing/.snapshot?op=LISTSTATUS", "d/.snapshot?op=GETACLSTATUS", "d/.snapshot?op=GETCONTENTSUMMARY", "d/.snapshot/s?op=OPEN") + `
		alice PUT {dir}/d/.snapshot/s?op=MKDIRS
		alice PUT {dir}/d/.snapshot/s?op=CREATE -> "x"
		alice DELETE {dir}/d/.snapshot/s?op=DELETE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/.snapshot/f
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/.snapshot
		alice GET /.snapshot?op=LISTSTATUS
		alice GET /.snapshot?op=GETFILESTATUS`},
}
