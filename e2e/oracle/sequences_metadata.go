package oracle

// xattrs: FSDirXAttrOp and XAttrCodec.
var xattrs = []row{
	{"set, get and list", file, `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0x6162&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.b&xattr.value=%22text%22&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.c&flag=CREATE
		alice GET {dir}/f?op=GETXATTRS&encoding=hex
		alice GET {dir}/f?op=GETXATTRS&encoding=BASE64
		alice GET {dir}/f?op=GETXATTRS&xattr.name=user.a&encoding=text
		alice GET {dir}/f?op=GETXATTRS&xattr.name=user.b&xattr.name=user.a&encoding=text
		alice GET {dir}/f?op=LISTXATTRS
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"none", file, `
		alice GET {dir}/f?op=LISTXATTRS
		alice GET {dir}/f?op=GETXATTRS&encoding=hex
		alice GET {dir}/f?op=GETXATTRS&xattr.name=user.a&encoding=hex`},
	{"flags", file, try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0x0{n}&flag={value}`,
		"REPLACE", "CREATE", "CREATE", "REPLACE", "CREATE,REPLACE", "create", "", "FOO", "null") + `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.new&xattr.value=0x01
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.new&xattr.value=0x01&flag=CREATE,REPLACE
		alice GET {dir}/f?op=GETXATTRS&encoding=hex`},
	{"names", file, try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name={value}&xattr.value=0x01&flag=CREATE`,
		"user.x", "USER.y", "user.", "user", "a", "", "other.x", "trusted.x", "system.x", "security.x", "raw.x", "user.a.b", "user.é", "user.X") + `
		root PUT {dir}/f?op=SETXATTR&xattr.name=trusted.x&xattr.value=0x01&flag=CREATE
		alice GET {dir}/f?op=LISTXATTRS
		root GET {dir}/f?op=LISTXATTRS
		alice GET {dir}/f?op=GETXATTRS&xattr.name=trusted.x&encoding=hex
		alice PUT {dir}/f?op=SETXATTR&xattr.value=0x01&flag=CREATE`},
	{"values", file, try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.v{n}&xattr.value={value}&flag=CREATE`,
		"0x", "0X6A", "0x6", "0xzz", "0sYWI=", "0SYWI=", "0s!!", "%22%22", "%22", "plain", "é", "null", "") + `
		alice GET {dir}/f?op=GETXATTRS&encoding=hex
		alice GET {dir}/f?op=GETXATTRS&encoding=text`},
	{"encodings", file + `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0xc3&flag=CREATE`, try(`
		alice GET {dir}/f?op=GETXATTRS&encoding={value}`, "text", "HEX", "base64", "", "null", "utf8") + `
		alice GET {dir}/f?op=GETXATTRS`},
	{"remove", file + `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0x01&flag=CREATE`, `
		bob PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.a
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.missing
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.a
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.a
		alice PUT {dir}/f?op=REMOVEXATTR
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=trusted.x
		alice GET {dir}/f?op=LISTXATTRS`},
	{"missing and unreachable", file + private, `
		alice PUT {dir}/missing?op=SETXATTR&xattr.name=user.a&flag=CREATE
		alice GET {dir}/missing?op=GETXATTRS&encoding=hex
		alice GET {dir}/missing?op=LISTXATTRS
		alice PUT {dir}/missing?op=REMOVEXATTR&xattr.name=user.a
		alice GET {dir}/f/x?op=LISTXATTRS
		bob GET {dir}/p/f?op=LISTXATTRS
		bob GET {dir}/p?op=LISTXATTRS
		bob GET {dir}/p?op=GETXATTRS&encoding=hex`},
	{"rights", `
		alice PUT {dir}/f?op=CREATE&permission=640 -> "x"
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0x01&flag=CREATE
		root PUT {dir}/s?op=MKDIRS&permission=1777`, as("bob super", `GET {dir}/f?op=GETXATTRS&encoding=hex`) +
		as("bob super", `GET {dir}/f?op=LISTXATTRS`) + as("bob super", `PUT {dir}/f?op=SETXATTR&xattr.name=user.b&xattr.value=0x01&flag=CREATE`) +
		as("bob root", `PUT {dir}/s?op=SETXATTR&xattr.name=user.b&xattr.value=0x01&flag=CREATE`)},
}

// quotas: FSDirAttrOp.setQuota, and what a full directory says.
var quotas = []row{
	{"values", `
		alice PUT {dir}/d?op=MKDIRS`, try(`
		root PUT {dir}/d?op=SETQUOTA&namespacequota={value}`, "5", "0", "-1", "-2", "null", "", "x") + `
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=0
		root PUT {dir}/d?op=SETQUOTA
		root GET {dir}/d?op=GETQUOTAUSAGE
		alice PUT {dir}/d?op=SETQUOTA&namespacequota=5
		root PUT {dir}/missing?op=SETQUOTA&namespacequota=5`},
	{"on a file", file, `
		root PUT {dir}/f?op=SETQUOTA&namespacequota=5`},
	{"too many names", `
		alice PUT {dir}/d/sub?op=MKDIRS
		alice PUT {dir}/other/x/y?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&namespacequota=3`, `
		alice PUT {dir}/d/f?op=CREATE -> "x"
		alice PUT {dir}/d/g?op=CREATE -> "x"
		alice PUT {dir}/d/new?op=MKDIRS
		alice PUT {dir}/d/sub/a/b?op=MKDIRS
		alice PUT {dir}/other?op=RENAME&destination={dir}/d/moved
		alice PUT {dir}/other?op=RENAME&destination={dir}/d/moved&renameoptions=NONE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub/f
		alice GET {dir}/d?op=GETCONTENTSUMMARY
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
	{"too many bytes", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=2097152
		alice PUT {dir}/big?op=CREATE&blocksize=1048576&replication=2 -> bytes:1500000`, `
		alice PUT {dir}/d/f?op=CREATE&blocksize=1048576&replication=2 -> bytes:1000
		alice PUT {dir}/big?op=RENAME&destination={dir}/d/big&renameoptions=NONE
		alice PUT {dir}/d/f?op=SETREPLICATION&replication=4
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
}

// storage are operations about storage that Granary has only for compatibility: policies, erasure coding, snapshots.
var storage = []row{
	{"policies", file + tree, `
		alice GET /?op=GETALLSTORAGEPOLICY
		alice GET {dir}/f?op=GETSTORAGEPOLICY
		alice PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=COLD
		alice GET {dir}/d/f?op=GETSTORAGEPOLICY
		alice GET {dir}/d?op=GETFILESTATUS
		alice GET {dir}/d?op=LISTSTATUS
		alice POST {dir}/d?op=UNSETSTORAGEPOLICY
		alice GET {dir}/d?op=GETSTORAGEPOLICY
		alice PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=FOO
		alice PUT {dir}/d?op=SETSTORAGEPOLICY
		bob PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=HOT
		alice GET {dir}/missing?op=GETSTORAGEPOLICY
		alice PUT {dir}/missing?op=SETSTORAGEPOLICY&storagepolicy=HOT
		alice PUT {dir}/d?op=SATISFYSTORAGEPOLICY`},
	{"erasure coding", file, `
		alice GET {dir}/f?op=GETECPOLICY
		alice GET {dir}/missing?op=GETECPOLICY
		alice GET /?op=GETECCODECS
		alice PUT {dir}?op=SETECPOLICY&ecpolicy=RS-6-3-1024k
		alice PUT /?op=ENABLEECPOLICY&ecpolicy=RS-6-3-1024k
		alice POST {dir}?op=UNSETECPOLICY`},
	{"snapshots that are not allowed", tree, `
		alice PUT {dir}/d?op=ALLOWSNAPSHOT
		alice PUT {dir}/d?op=CREATESNAPSHOT&snapshotname=s
		alice DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=s
		alice DELETE {dir}/d?op=DELETESNAPSHOT
		alice PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t
		alice GET {dir}/d?op=GETSNAPSHOTDIFF&oldsnapshotname=s&snapshotname=t
		alice GET {dir}/d?op=GETSNAPSHOTLIST
		alice GET /?op=GETSNAPSHOTTABLEDIRECTORYLIST
		alice PUT {dir}/d?op=DISALLOWSNAPSHOT`},
	{"block locations", file + `
		alice PUT {dir}/e?op=CREATE ->`, `
		alice GET {dir}/missing?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}/e?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS&offset=100
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS&offset=-1
		alice GET {dir}/missing?op=GET_BLOCK_LOCATIONS
		alice GET {dir}?op=GET_BLOCK_LOCATIONS`},
}
