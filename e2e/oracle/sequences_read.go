package oracle

// opens covers NamenodeWebHdfsMethods.redirectURI on the first hop and DFSInputStream on the second.
var opens = []row{
	{"whole file", file, `
		alice GET {dir}/f?op=OPEN ->
		bob GET {dir}/f?op=OPEN ->`},
	{"missing", "", `
		alice GET {dir}/missing?op=OPEN ->
		alice GET {dir}/missing/deeper?op=OPEN ->
		root GET {dir}/missing?op=OPEN ->`},
	{"a directory", tree, `
		alice GET {dir}/d?op=OPEN ->
		root GET /?op=OPEN ->
		alice GET {dir}/d?op=OPEN&offset=3 ->`},
	{"a directory that one may not read", private, try(`
		bob GET {dir}/p?op={value}`, "OPEN ->", "GETFILECHECKSUM ->", "GETFILEBLOCKLOCATIONS", "GET_BLOCK_LOCATIONS", "OPEN&offset=3 ->") + `
		bob GET {dir}/p?op=OPEN [User-Agent: Java/17] ->`},
	{"under a file", file, `
		alice GET {dir}/f/x?op=OPEN ->
		root GET {dir}/f/x?op=OPEN ->`},
	{"not readable", `
		alice PUT {dir}/f?op=CREATE&permission=600 -> "hello"`, `
		bob GET {dir}/f?op=OPEN ->
		root GET {dir}/f?op=OPEN ->
		super GET {dir}/f?op=OPEN ->`},
	{"behind a closed directory", private, `
		bob GET {dir}/p/f?op=OPEN ->
		bob GET {dir}/p/missing?op=OPEN ->`},
	{"offset", file, try(`alice GET {dir}/f?op=OPEN&offset={value} ->`,
		"0", "1", "4", "5", "6", "100", "-1", "null", "", "one", "1.5", "9223372036854775807", "9223372036854775808")},
	{"length", file, try(`alice GET {dir}/f?op=OPEN&length={value} ->`,
		"0", "1", "5", "6", "1000", "-1", "null", "", "all", "9223372036854775807")},
	{"offset and length", file, `
		alice GET {dir}/f?op=OPEN&offset=1&length=3 ->
		alice GET {dir}/f?op=OPEN&offset=3&length=3 ->
		alice GET {dir}/f?op=OPEN&offset=5&length=1 ->
		alice GET {dir}/f?op=OPEN&offset=1&length=0 ->
		alice GET {dir}/f?op=OPEN&offset=1&length=9223372036854775807 ->`},
	{"offset in an empty file", `
		alice PUT {dir}/f?op=CREATE ->`, try(`alice GET {dir}/f?op=OPEN&offset={value} ->`, "0", "1")},
	{"offset appended to the Location", file, `
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> +offset=1 -> +offset=4 -> +offset=5 -> +offset=6
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> +offset=-1
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> +length=2
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> +offset=2&length=2
		alice GET {dir}/f?op=OPEN&offset=1 [User-Agent: Java/17] -> +offset=3`},
	{"offset put into the Location", file, `
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> =offset=1 -> =offset=4 -> =offset=5 -> =offset=6 -> =offset=0
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> =offset=-1
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> =offset=2&length=2
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> =offset=1&length=0
		alice GET {dir}/f?op=OPEN&offset=1&length=2 [User-Agent: Java/17] -> =offset=2
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] -> +user.name=alice&op=OPEN`},
	{"across blocks", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:2097153`, `
		alice GET {dir}/f?op=OPEN&offset=1048575&length=2 ->
		alice GET {dir}/f?op=OPEN&offset=2097152 ->
		alice GET {dir}/f?op=OPEN&offset=1000000&length=1000000 ->
		alice GET {dir}/f?op=OPEN&offset=2097153 ->`},
	{"HTTP Range is not spoken", file, `
		alice GET {dir}/f?op=OPEN [Range: bytes=1-2] ->`},
	{"noredirect", tree, try(`alice GET {dir}/d/f?op=OPEN&noredirect={value}`, "true", "no") + `
		alice GET {dir}/d/f?op=OPEN&noredirect=false ->
		alice GET {dir}/d/missing?op=OPEN&noredirect=true`},
	{"buffersize", file, try(`alice GET {dir}/f?op=OPEN&buffersize={value} ->`, "1", "0", "null")},
	{"by Java", file + `
		alice PUT {dir}/e?op=CREATE ->
		alice PUT {dir}/secret?op=CREATE&permission=600 -> "hello"`, `
		alice GET {dir}/f?op=OPEN [User-Agent: Java/17] ->
		alice GET {dir}/f?op=OPEN&offset=1&length=3 [X-Hadoop-Accept-EZ: true] ->
		alice GET {dir}/f?op=OPEN&offset=5 [User-Agent: Java/17] ->
		alice GET {dir}/e?op=OPEN&offset=1 [User-Agent: Java/17] ->
		alice GET {dir}?op=OPEN [User-Agent: Java/17] ->
		alice GET {dir}/missing?op=OPEN [User-Agent: Java/17] ->
		bob GET {dir}/secret?op=OPEN [User-Agent: Java/17] ->
		alice GET {dir}/a:b?op=OPEN [User-Agent: Java/17] ->
		alice GET {dir}/f?op=GETFILECHECKSUM [User-Agent: Java/17] ->
		alice GET {dir}?op=GETFILECHECKSUM [User-Agent: Java/17] ->`},
	{"by HEAD", file, `
		alice HEAD {dir}/f?op=OPEN
		alice HEAD {dir}/f?op=OPEN [User-Agent: Java/17]
		alice HEAD {dir}/missing?op=OPEN`},
	{"a Location outlives the file", file, `
		alice GET {dir}/f?op=OPEN ->
		alice DELETE {dir}/f?op=DELETE
		alice GET {dir}/f?op=OPEN ->`},
	{"reading renews an old access time", file + `
		alice PUT {dir}/f?op=SETTIMES&accesstime=1000`, `
		alice GET {dir}/f?op=OPEN ->
		alice GET {dir}/f?op=GETFILESTATUS`},
}

// fileStatuses covers FSDirStatAndListingOp.getFileInfo. The permission of the last component does not matter.
var fileStatuses = []row{
	{"file", file, as(everyone, `GET {dir}/f?op=GETFILESTATUS`)},
	{"directory", tree, `
		alice GET {dir}/d?op=GETFILESTATUS
		bob GET {dir}/d/?op=GETFILESTATUS`},
	{"the root", "", `
		alice GET /?op=GETFILESTATUS
		alice HEAD /?op=GETFILESTATUS`},
	{"missing", "", `
		alice GET {dir}/missing?op=GETFILESTATUS
		alice GET {dir}/missing/deeper?op=GETFILESTATUS
		root GET {dir}/missing?op=GETFILESTATUS
		alice HEAD {dir}/missing?op=GETFILESTATUS`},
	{"under a file", file, `
		alice GET {dir}/f/x?op=GETFILESTATUS
		bob GET {dir}/f/x?op=GETFILESTATUS
		root GET {dir}/f/x?op=GETFILESTATUS
		super GET {dir}/f/x?op=GETFILESTATUS
		alice GET {dir}/f/x/y?op=GETFILESTATUS
		root GET {dir}/f/x/y?op=GETFILESTATUS`},
	{"behind a closed directory", private, as(everyone, `GET {dir}/p/f?op=GETFILESTATUS`) + `
		bob GET {dir}/p?op=GETFILESTATUS
		bob GET {dir}/p/missing?op=GETFILESTATUS
		bob GET {dir}/p/f/x?op=GETFILESTATUS`},
	{"of a directory without read", `
		alice PUT {dir}/d/e?op=MKDIRS
		alice PUT {dir}/d?op=SETPERMISSION&permission=711`, `
		bob GET {dir}/d?op=GETFILESTATUS
		bob GET {dir}/d/e?op=GETFILESTATUS`},
	{"reserved paths", "", `
		alice GET /.reserved?op=GETFILESTATUS
		alice GET /.reserved/raw{dir}?op=GETFILESTATUS
		root GET /.reserved/raw{dir}?op=GETFILESTATUS
		alice GET /.reserved/.inodes/16385?op=GETFILESTATUS
		alice GET /.reserved/.inodes/1?op=GETFILESTATUS
		alice GET /.reserved/.inodes/x?op=GETFILESTATUS
		alice GET /.reserved/x?op=GETFILESTATUS
		alice GET {dir}/.snapshot?op=GETFILESTATUS`},
}

// listings covers LISTSTATUS and LISTSTATUS_BATCH, in byte order.
var listings = []row{
	{"directory", tree, `
		alice GET {dir}/d?op=LISTSTATUS
		bob GET {dir}/d/?op=LISTSTATUS
		alice GET {dir}/d?op=LISTSTATUS_BATCH`},
	{"empty directory", "", `
		alice GET {dir}?op=LISTSTATUS
		alice GET {dir}?op=LISTSTATUS_BATCH`},
	{"a file", file, `
		alice GET {dir}/f?op=LISTSTATUS
		bob GET {dir}/f?op=LISTSTATUS
		alice GET {dir}/f?op=LISTSTATUS_BATCH
		alice GET {dir}/f?op=LISTSTATUS_BATCH&startafter=a`},
	{"a file that cannot be read", `
		alice PUT {dir}/f?op=CREATE&permission=000 -> "hello"`, `
		bob GET {dir}/f?op=LISTSTATUS
		bob GET {dir}/f?op=LISTSTATUS_BATCH`},
	{"missing", "", `
		alice GET {dir}/missing?op=LISTSTATUS
		alice GET {dir}/missing?op=LISTSTATUS_BATCH
		root GET {dir}/missing/deeper?op=LISTSTATUS`},
	{"under a file", file, `
		alice GET {dir}/f/x?op=LISTSTATUS
		root GET {dir}/f/x?op=LISTSTATUS
		alice GET {dir}/f/x?op=LISTSTATUS_BATCH
		root GET {dir}/f/x?op=LISTSTATUS_BATCH`},
	{"without read or execute", `
		alice PUT {dir}/r/x?op=MKDIRS
		alice PUT {dir}/r?op=SETPERMISSION&permission=744
		alice PUT {dir}/x/x?op=MKDIRS
		alice PUT {dir}/x?op=SETPERMISSION&permission=711
		alice PUT {dir}/n?op=MKDIRS&permission=700`, as("alice bob root", `GET {dir}/r?op=LISTSTATUS`) +
		as("alice bob root", `GET {dir}/x?op=LISTSTATUS`) + as("alice bob root", `GET {dir}/n?op=LISTSTATUS_BATCH`)},
	{"order is that of bytes", try(`
		alice PUT {dir}/{value}?op=MKDIRS`, "b", "B", "a", "aa", "a.b", "a-b", "_", "10", "9", "é", "z", "日本", "%F0%9F%98%80", "a+b", "~"), `
		alice GET {dir}?op=LISTSTATUS
		alice GET {dir}?op=LISTSTATUS_BATCH`},
	{"startafter", try(`
		alice PUT {dir}/{value}?op=MKDIRS`, "a", "b", "c", "d", "é", "x%20y"), try(`
		alice GET {dir}?op=LISTSTATUS_BATCH&startafter={value}`, "", "a", "b", "bb", "d", "é", "%C3%A9", "x%20y", "x+y", "zzz", "/a", "null", "a/b", ".", "..") + `
		alice GET {dir}?op=LISTSTATUS_BATCH&startAfter=c
		alice GET {dir}?op=LISTSTATUS&startafter=c`},
	{"status bits of the entries", `
		alice PUT {dir}/d/acl?op=CREATE -> "x"
		alice PUT {dir}/d/acl?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		alice PUT {dir}/d/dir/x?op=MKDIRS
		alice PUT {dir}/d/dir?op=MODIFYACLENTRIES&aclspec=default:user:bob:rw-
		alice PUT {dir}/d/plain?op=CREATE&permission=0&replication=2&blocksize=1048576 -> "x"`, `
		alice GET {dir}/d?op=LISTSTATUS`},
	{"the trailing slashes", tree, `
		alice GET {dir}/d//?op=LISTSTATUS
		alice GET {dir}//d?op=LISTSTATUS
		alice GET //{dir}/d?op=LISTSTATUS
		alice GET {dir}/d/f/?op=LISTSTATUS`},
}

// contentSummaries covers INode.computeContentSummary. The files have an explicit replication, since spaceConsumed depends on it.
var contentSummaries = []row{
	{"of a tree", `
		alice PUT {dir}/d/sub/empty?op=MKDIRS
		alice PUT {dir}/d/f?op=CREATE&replication=2 -> "hello"
		alice PUT {dir}/d/sub/g?op=CREATE&replication=3 -> bytes:1000`, `
		alice GET {dir}/d?op=GETCONTENTSUMMARY
		alice GET {dir}/d/sub?op=GETCONTENTSUMMARY
		alice GET {dir}/d/sub/empty?op=GETCONTENTSUMMARY
		alice GET {dir}/d/f?op=GETCONTENTSUMMARY
		alice GET {dir}/d?op=GETQUOTAUSAGE`},
	{"missing", `
		alice PUT {dir}/f?op=CREATE&replication=2 -> "hello"`, `
		alice GET {dir}/missing?op=GETCONTENTSUMMARY
		root GET {dir}/missing?op=GETCONTENTSUMMARY
		alice GET {dir}/f/x?op=GETCONTENTSUMMARY
		root GET {dir}/f/x?op=GETCONTENTSUMMARY
		alice GET {dir}/missing?op=GETQUOTAUSAGE
		alice GET {dir}/f?op=GETQUOTAUSAGE`},
	{"a closed directory inside", private + `
		alice PUT {dir}/o/p?op=MKDIRS&permission=755
		alice PUT {dir}/o/p?op=SETPERMISSION&permission=700`, `
		bob GET {dir}/o?op=GETCONTENTSUMMARY
		bob GET {dir}/p?op=GETCONTENTSUMMARY
		bob GET {dir}/p/f?op=GETCONTENTSUMMARY
		bob GET {dir}?op=GETCONTENTSUMMARY
		bob GET {dir}/o?op=GETQUOTAUSAGE`},
	{"read without execute", `
		alice PUT {dir}/d/e?op=MKDIRS
		alice PUT {dir}/d?op=SETPERMISSION&permission=744`, `
		bob GET {dir}/d?op=GETCONTENTSUMMARY
		alice PUT {dir}/d?op=SETPERMISSION&permission=711
		bob GET {dir}/d?op=GETCONTENTSUMMARY`},
	{"with quotas", `
		alice PUT {dir}/d?op=MKDIRS
		root PUT {dir}/d?op=SETQUOTA&namespacequota=10&storagespacequota=1073741824`, `
		alice GET {dir}/d?op=GETCONTENTSUMMARY
		alice GET {dir}/d?op=GETQUOTAUSAGE
		root PUT {dir}/d?op=SETQUOTA&namespacequota=-1&storagespacequota=-1
		alice GET {dir}/d?op=GETCONTENTSUMMARY`},
}

// fileChecksums covers DFSClient.getFileChecksumWithCombineMode on the second hop. The values are in checksums.json.
var fileChecksums = []row{
	{"small and empty", file + `
		alice PUT {dir}/e?op=CREATE ->`, `
		alice GET {dir}/f?op=GETFILECHECKSUM ->
		alice GET {dir}/e?op=GETFILECHECKSUM ->
		alice GET {dir}/f?op=GETFILECHECKSUM&noredirect=true`},
	{"missing", file, `
		alice GET {dir}/missing?op=GETFILECHECKSUM ->
		root GET {dir}/missing?op=GETFILECHECKSUM ->
		alice GET {dir}/f/x?op=GETFILECHECKSUM ->
		root GET {dir}/f/x?op=GETFILECHECKSUM ->`},
	{"a directory", tree, `
		alice GET {dir}/d?op=GETFILECHECKSUM ->
		root GET /?op=GETFILECHECKSUM ->`},
	{"not readable", private + `
		alice PUT {dir}/f?op=CREATE&permission=600 -> "hello"`, `
		bob GET {dir}/f?op=GETFILECHECKSUM ->
		bob GET {dir}/p/f?op=GETFILECHECKSUM ->
		root GET {dir}/f?op=GETFILECHECKSUM ->`},
	{"stray range parameters", file, `
		alice GET {dir}/f?op=GETFILECHECKSUM&length=2 ->
		alice GET {dir}/f?op=GETFILECHECKSUM&offset=9 ->
		alice GET {dir}/f?op=GETFILECHECKSUM -> +length=2`},
}

// checkAccess covers FSNamesystem.checkAccess.
var checkAccess = []row{
	{"actions on a file", `
		alice PUT {dir}/f?op=CREATE&permission=640 -> "hello"`, try(`
		alice GET {dir}/f?op=CHECKACCESS&fsaction={value}`, "---", "r--", "-w-", "rw-", "--x", "rwx") + try(`
		bob GET {dir}/f?op=CHECKACCESS&fsaction={value}`, "---", "r--", "-w-", "r-x", "-wx", "rw-", "--x", "rwx") + `
		root GET {dir}/f?op=CHECKACCESS&fsaction=rwx`},
	{"action values", file, try(`
		alice GET {dir}/f?op=CHECKACCESS&fsaction={value}`, "", "r", "rw", "RWX", "xwr", "wrx", "7", "null", "rwxr", "READ", "r-X", "rwt") + `
		alice GET {dir}/f?op=CHECKACCESS`},
	{"missing and unreachable", private + file, `
		alice GET {dir}/missing?op=CHECKACCESS&fsaction=---
		alice GET {dir}/missing?op=CHECKACCESS&fsaction=r--
		root GET {dir}/missing?op=CHECKACCESS&fsaction=r--
		bob GET {dir}/p/f?op=CHECKACCESS&fsaction=---
		bob GET {dir}/p?op=CHECKACCESS&fsaction=---
		bob GET {dir}/p/missing?op=CHECKACCESS&fsaction=---
		alice GET {dir}/f/x?op=CHECKACCESS&fsaction=---
		root GET {dir}/f/x?op=CHECKACCESS&fsaction=---`},
	{"directories", tree, as(everyone, `GET {dir}/d?op=CHECKACCESS&fsaction=rwx`) + `
		bob GET {dir}/d?op=CHECKACCESS&fsaction=r-x`},
}
