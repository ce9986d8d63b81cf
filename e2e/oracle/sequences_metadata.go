package oracle

// xattrs covers FSDirXAttrOp and XAttrCodec.
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
	{"names of more than a line", file, try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a{value}b&xattr.value=0x01&flag=CREATE`, "%C2%85", "%E2%80%A8", "%E2%80%A9") + `
		alice GET {dir}/f?op=GETXATTRS&encoding=hex&xattr.name=user.a%E2%80%A8b
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.a%C2%85b
		alice PUT {dir}/f?op=SETTIMES&xattr.name=%E2%80%A9
		alice GET {dir}/f?op=LISTXATTRS`},
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
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=security.hdfs.unreadable.by.superuser
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
	{"on directories", tree, `
		alice PUT {dir}/d?op=SETXATTR&xattr.name=user.a&xattr.value=one&flag=CREATE
		alice GET {dir}/d?op=GETXATTRS&encoding=text
		alice GET {dir}/d/sub?op=LISTXATTRS
		alice PUT {dir}/d?op=REMOVEXATTR&xattr.name=USER.a
		bob PUT {dir}/d?op=SETXATTR&xattr.name=user.b&xattr.value=one&flag=CREATE
		alice GET {dir}/d?op=LISTXATTRS`},
	{"the root", "", `
		alice PUT /?op=SETXATTR&xattr.name=user.a&xattr.value=one&flag=CREATE
		alice GET /?op=LISTXATTRS
		alice PUT /?op=REMOVEXATTR&xattr.name=user.a`},
	{"too many", file + try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.x{n}&xattr.value=1&flag=CREATE`, make([]string, 31)...), `
		root PUT {dir}/f?op=SETXATTR&xattr.name=trusted.last&xattr.value=1&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.more&xattr.value=1&flag=CREATE
		root PUT {dir}/f?op=SETXATTR&xattr.name=trusted.more&xattr.value=1&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.x7&xattr.value=2&flag=REPLACE
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.x8
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.more&xattr.value=1&flag=CREATE
		alice GET {dir}/f?op=LISTXATTRS`},
	{"too big", file, `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.` + longName(200) + `&xattr.value=x&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.n&xattr.value=` + longName(16384) + `&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.n&xattr.value=` + longName(16383) + `&flag=CREATE
		alice GET {dir}/f?op=LISTXATTRS`},
	{"unreadable by the superuser", file + tree, `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=security.hdfs.unreadable.by.superuser&xattr.value=0x01&flag=CREATE
		alice PUT {dir}/d?op=SETXATTR&xattr.name=security.hdfs.unreadable.by.superuser&flag=CREATE
		alice PUT {dir}/f?op=SETXATTR&xattr.name=security.hdfs.unreadable.by.superuser&flag=CREATE
		alice GET {dir}/f?op=LISTXATTRS
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=security.hdfs.unreadable.by.superuser
		root GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"stay with the file", file + `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=one&flag=CREATE`, `
		alice PUT {dir}/f?op=RENAME&destination={dir}/g
		alice GET {dir}/g?op=GETXATTRS&encoding=text
		alice POST {dir}/g?op=APPEND -> "more"
		alice GET {dir}/g?op=LISTXATTRS
		alice PUT {dir}/g?op=CREATE&overwrite=true -> "new"
		alice GET {dir}/g?op=LISTXATTRS`},
	{"order after replacing and removing", file + try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.{value}&xattr.value={value}&flag=CREATE`, "a", "b", "c"), `
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=again&flag=REPLACE
		alice GET {dir}/f?op=LISTXATTRS
		alice PUT {dir}/f?op=REMOVEXATTR&xattr.name=user.b
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.b&xattr.value=new&flag=CREATE,REPLACE
		alice GET {dir}/f?op=GETXATTRS&encoding=text`},
	{"several names", file + try(`
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.{value}&xattr.value={value}&flag=CREATE`, "a", "b", "c"), try(`
		alice GET {dir}/f?op=GETXATTRS&encoding=text&{value}`, "xattr.name=user.c&xattr.name=user.a", "xattr.name=user.a&xattr.name=user.a",
		"xattr.name=user.a&xattr.name=user.missing", "xattr.name=user.a&xattr.name=", "xattr.name=", "XATTR.NAME=user.b", "xattr.name=USER.b",
		"xattr.name=bad", "xattr.name=user.a&xattr.name=trusted.x", "xattr.name=user.A")},
}

// byPolicy is a directory of alice's with two directories in it: one with DISK, which holds a file, and one with SSD.
const byPolicy = `
	alice PUT {dir}/d/disk?op=MKDIRS
	alice PUT {dir}/d/ssd?op=MKDIRS
	root PUT {dir}/d/ssd?op=SETSTORAGEPOLICY&storagepolicy=ALL_SSD
	alice PUT {dir}/d/disk/f?op=CREATE&replication=1&blocksize=1048576 -> bytes:1500`

// quotas covers FSDirAttrOp.setQuota, and the error of a directory that is full.
var quotas = []row{
	{"by type, moved to another policy", byPolicy + `
		root PUT {dir}/d/ssd?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1000`, `
		alice PUT {dir}/d/disk/f?op=RENAME&destination={dir}/d/ssd/f
		root PUT {dir}/d/ssd?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=2000
		alice PUT {dir}/d/disk/f?op=RENAME&destination={dir}/d/ssd/f
		alice GET {dir}/d/ssd?op=GETQUOTAUSAGE`},
	{"by type, moved to another policy inside the directory", byPolicy + `
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1000`, `
		alice PUT {dir}/d/disk/f?op=RENAME&destination={dir}/d/ssd/f
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
	{"by type, under another policy", byPolicy + `
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1000`, `
		root PUT {dir}/d/disk?op=SETSTORAGEPOLICY&storagepolicy=ALL_SSD
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
	{"by type in a content summary", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype=DISK&storagespacequota=1073741824
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=4096
		alice PUT {dir}/d/f?op=CREATE&replication=1&blocksize=1048576 -> "hello"`, `
		alice GET {dir}/d?op=GETCONTENTSUMMARY
		alice GET {dir}/d?op=GETQUOTAUSAGE
		alice GET {dir}/d/f?op=GETCONTENTSUMMARY
		alice GET {dir}?op=GETCONTENTSUMMARY`},
	{"by type: values", `
		alice PUT {dir}/d?op=MKDIRS`, try(`
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype={value}`, "SSD&storagespacequota=100", "archive&storagespacequota=100", "FOO&storagespacequota=1",
		"&storagespacequota=1", "null&storagespacequota=1", "%20SSD&storagespacequota=1", "PROVIDED&storagespacequota=1", "NVDIMM&storagespacequota=0",
		"SSD&storagespacequota=-1", "SSD&storagespacequota=-2", "SSD&storagespacequota=null", "DISK&storagespacequota=5&namespacequota=3") + `
		alice GET {dir}/d?op=GETQUOTAUSAGE` + try(`
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype={value}`, "RAM_DISK&storagespacequota=1", "SSD", "SSD&storagespacequota=", "SSD&storagespacequota=9223372036854775807") + `
		root PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagespacequota=1`},
	{"by type: what has none", file, `
		root PUT {dir}/f?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1
		root PUT {dir}/missing?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1
		root PUT {dir}/f/x?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1
		alice PUT {dir}/missing?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota=1
		alice PUT {dir}/missing?op=SETQUOTABYSTORAGETYPE&storagetype=FOO&storagespacequota=1`},
	{"by who may not", `
		alice PUT {dir}/d?op=MKDIRS`, try(`
		alice PUT {dir}/d?op=SETQUOTA{value}`, "", "&namespacequota=5", "&namespacequota=-1", "&storagespacequota=5", "&storagespacequota=-1",
		"&namespacequota=5&storagespacequota=5", "&namespacequota=-1&storagespacequota=-1", "&namespacequota=5&storagespacequota=-1",
		"&namespacequota=-1&storagespacequota=5", "&namespacequota=-2") + try(`
		alice PUT {dir}/d?op=SETQUOTABYSTORAGETYPE&storagetype=SSD&storagespacequota={value}`, "1", "-1")},
	{"no limit of names on the root", "", `
		root PUT /?op=SETQUOTA&namespacequota=-1
		alice PUT /?op=SETQUOTA&namespacequota=-1`},
	{"usage: rights", `
		alice PUT {dir}/p/sub?op=MKDIRS
		alice PUT {dir}/p/f?op=CREATE&replication=2 -> "hello"
		alice PUT {dir}/p/sub?op=SETPERMISSION&permission=700`, as(everyone, `GET {dir}/p?op=GETQUOTAUSAGE`) + `
		root PUT {dir}/p?op=SETQUOTA&namespacequota=100` + as(everyone, `GET {dir}/p?op=GETQUOTAUSAGE`) + `
		bob GET {dir}/p/f?op=GETQUOTAUSAGE
		bob GET {dir}/p/f/x?op=GETQUOTAUSAGE
		root GET {dir}/p/f/x?op=GETQUOTAUSAGE
		bob GET {dir}/p/sub/x?op=GETQUOTAUSAGE`},
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
		alice PUT {dir}/d/f?op=CREATE&replication=1 -> "x"
		alice PUT {dir}/d/g?op=CREATE -> "x"
		alice PUT {dir}/d/new?op=MKDIRS
		alice PUT {dir}/d/sub/a/b?op=MKDIRS
		alice PUT {dir}/other?op=RENAME&destination={dir}/d/moved
		alice PUT {dir}/other?op=RENAME&destination={dir}/d/moved&renameoptions=NONE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub/f
		alice GET {dir}/d?op=GETCONTENTSUMMARY
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
	{"too many names already", `
		alice PUT {dir}/d/a?op=CREATE&replication=2 -> "a"
		alice PUT {dir}/d/b?op=CREATE&replication=2 -> "b"
		root PUT {dir}/d?op=SETQUOTA&namespacequota=1`, `
		alice PUT {dir}/d/c?op=CREATE&replication=2&overwrite=true -> "c"
		alice POST {dir}/d/b?op=APPEND -> "more"
		alice PUT {dir}/d/b?op=RENAME&destination={dir}/d/c
		alice PUT {dir}/d/c?op=RENAME&destination={dir}/d/b&renameoptions=NONE
		alice PUT {dir}/d/b?op=SETREPLICATION&replication=4
		alice PUT {dir}/d/a?op=CREATE&replication=2&overwrite=true -> "again"
		alice GET {dir}/d/a?op=GETFILESTATUS`},
	{"too many names, of directories on the way to a file", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&namespacequota=2`, `
		alice PUT {dir}/d/x/y/f?op=CREATE&replication=1 -> "x"`},
	{"usage: below a sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		bob PUT {dir}/s/b?op=MKDIRS&permission=777`, as("alice bob root", `GET {dir}/s?op=GETQUOTAUSAGE`) + `
		alice GET {dir}?op=GETQUOTAUSAGE
		alice GET {dir}/s?op=GETCONTENTSUMMARY`},
	{"too many bytes, of a new file", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=1048576`, `
		alice PUT {dir}/d/f?op=CREATE&blocksize=1048576&replication=2 -> bytes:1000
		alice PUT {dir}/d/e?op=CREATE&blocksize=1048576&replication=2 ->
		alice GET {dir}/d?op=LISTSTATUS`},
	{"too many bytes, appended", `
		alice PUT {dir}/d/f?op=CREATE&blocksize=1048576&replication=1 -> bytes:10
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=1048576`, `
		alice POST {dir}/d/f?op=APPEND -> bytes:1048576
		alice GET {dir}/d/f?op=GETFILESTATUS`},
	{"too many bytes, truncated", `
		alice PUT {dir}/d/f?op=CREATE&blocksize=2097152&replication=1 -> bytes:1500000
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=1100000`, `
		alice POST {dir}/d/f?op=TRUNCATE&newlength=1048576`},
	{"too many bytes", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&storagespacequota=2097152
		alice PUT {dir}/big?op=CREATE&blocksize=1048576&replication=2 -> bytes:1500000`, `
		alice PUT {dir}/d/f?op=CREATE&blocksize=1048576&replication=2 -> bytes:1000
		alice PUT {dir}/big?op=RENAME&destination={dir}/d/big&renameoptions=NONE
		alice PUT {dir}/d/f?op=SETREPLICATION&replication=4
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
}
