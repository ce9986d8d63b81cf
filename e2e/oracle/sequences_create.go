package oracle

// creates covers FSDirWriteFileOp.startFile. Everything but the name and the parameters is decided on the second hop.
var creates = []row{
	{"new file", "", `
		alice PUT {dir}/f?op=CREATE -> "hello"
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"empty file", "", `
		alice PUT {dir}/f?op=CREATE ->
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"several blocks", "", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:2097153
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"parents are made and copy their ancestor's mode", `
		root PUT {dir}/g?op=MKDIRS&permission=557
		root PUT {dir}/g?op=SETOWNER&owner=alice&group=team
		root PUT {dir}/g?op=SETPERMISSION&permission=755`, `
		alice PUT {dir}/g/a/b/f?op=CREATE&permission=600 -> "hello"
		alice GET {dir}/g/a?op=GETFILESTATUS
		alice GET {dir}/g/a/b?op=GETFILESTATUS
		alice GET {dir}/g/a/b/f?op=GETFILESTATUS`},
	{"without createparent", tree, `
		alice PUT {dir}/x/f?op=CREATE&createparent=false -> "hello"
		alice PUT {dir}/d/new?op=CREATE&createparent=false -> "hello"
		alice PUT {dir}/d/f/x?op=CREATE&createparent=false -> "hello"
		alice GET {dir}/x?op=GETFILESTATUS`},
	{"over an existing file", file, `
		alice PUT {dir}/f?op=CREATE -> "other"
		alice PUT {dir}/f?op=CREATE&overwrite=false -> "other"
		bob PUT {dir}/f?op=CREATE -> "other"
		alice GET {dir}/f?op=OPEN ->`},
	{"overwrite an own file", file + `
		alice PUT {dir}/f?op=SETPERMISSION&permission=600
		alice PUT {dir}/f?op=SETREPLICATION&replication=5`, `
		alice PUT {dir}/f?op=CREATE&overwrite=true -> "other text"
		alice GET {dir}/f?op=OPEN ->
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"overwrite another's file", file, `
		bob PUT {dir}/f?op=CREATE&overwrite=true -> "other"
		alice PUT {dir}/f?op=SETPERMISSION&permission=646
		bob PUT {dir}/f?op=CREATE&overwrite=true -> "other"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"overwrite in a directory without write", tree + `
		alice PUT {dir}/d/f?op=SETPERMISSION&permission=666`, `
		bob PUT {dir}/d/f?op=CREATE&overwrite=true -> "other"
		bob GET {dir}/d/f?op=OPEN ->`},
	{"overwrite another's file in a sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE&permission=666 -> "hello"`, `
		bob PUT {dir}/s/f?op=CREATE&overwrite=true -> "other"
		bob GET {dir}/s/f?op=GETFILESTATUS`},
	{"over a directory", tree, `
		alice PUT {dir}/d?op=CREATE -> "hello"
		alice PUT {dir}/d?op=CREATE&overwrite=true -> "hello"
		bob PUT {dir}/d?op=CREATE&overwrite=true -> "hello"
		root PUT {dir}/d?op=CREATE&overwrite=true -> "hello"`},
	{"under a file", file, `
		alice PUT {dir}/f/x?op=CREATE -> "hello"
		alice PUT {dir}/f/x/y?op=CREATE -> "hello"
		bob PUT {dir}/f/x?op=CREATE -> "hello"
		root PUT {dir}/f/x?op=CREATE -> "hello"`},
	{"without write on the ancestor", tree, `
		bob PUT {dir}/d/new?op=CREATE -> "hello"
		bob PUT {dir}/d/x/new?op=CREATE -> "hello"
		root PUT {dir}/d/new?op=CREATE -> "hello"
		alice GET {dir}/d/new?op=GETFILESTATUS`},
	{"behind a closed directory", private, `
		bob PUT {dir}/p/new?op=CREATE -> "hello"
		bob PUT {dir}/p/f?op=CREATE&overwrite=true -> "hello"`},
	{"the root", "", `
		alice PUT /?op=CREATE -> "hello"
		root PUT /?op=CREATE -> "hello"
		root PUT /?op=CREATE&overwrite=true -> "hello"`},
	{"reserved names", "", `
		root PUT /.reserved?op=CREATE -> "hello"
		root PUT /.reserved/x?op=CREATE -> "hello"
		alice PUT {dir}/.snapshot?op=CREATE -> "hello"
		alice PUT {dir}/.snapshot/x?op=CREATE -> "hello"`},
	{"a Location used twice", "", `
		alice PUT {dir}/f?op=CREATE -> "one" -> "two"
		alice PUT {dir}/g?op=CREATE&overwrite=true -> "one" -> "two"
		alice GET {dir}/g?op=OPEN ->`},
	{"group is the parent's", `
		root PUT {dir}/g?op=MKDIRS&permission=777
		root PUT {dir}/g?op=SETOWNER&group=team`, `
		carol PUT {dir}/g/f?op=CREATE -> "hello"
		carol GET {dir}/g/f?op=GETFILESTATUS`},
	{"first hop judges neither rights nor existence", tree, `
		bob PUT {dir}/d/f?op=CREATE
		bob PUT {dir}/d?op=CREATE
		alice PUT {dir}/d/f/x?op=CREATE
		alice GET {dir}/d?op=LISTSTATUS`},
	{"noredirect", "", try(`alice PUT {dir}/f?op=CREATE&noredirect={value}`, "true", "TRUE", "false", "yes", "null", "") + `
		alice PUT {dir}/f?op=CREATE&noRedirect=true`},
	{"a new file has the time of its making", "", `
		alice PUT {dir}/f?op=CREATE -> "hello"
		alice PUT {dir}/f?op=SETTIMES&modificationtime=5&accesstime=6
		alice PUT {dir}/f?op=CREATE&overwrite=true -> "again"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"rights change between the hops is seen on the second", "", `
		alice PUT {dir}/f?op=CREATE&permission=400 -> "hello"
		alice PUT {dir}/f?op=CREATE&overwrite=true -> "again"
		alice PUT {dir}/f?op=SETPERMISSION&permission=000
		alice GET {dir}/f?op=OPEN ->
		root GET {dir}/f?op=OPEN ->`},
}

// createParams covers CREATE's parameters at and beyond their bounds.
var createParams = []row{
	{"permission values", "", try(`alice PUT {dir}/f{n}?op=CREATE&permission={value} -> "x"`,
		"0", "600", "0600", "777", "1777", "null", "", "8", "1778", "2000", "-1", "rw-r--r--") +
		try(`root GET {dir}/f{n}?op=GETFILESTATUS`, "0", "1", "2", "3", "4", "5", "6")},
	{"unmaskedpermission without a default ACL", "", `
		alice PUT {dir}/f?op=CREATE&permission=640&unmaskedpermission=666 -> "x"
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/g?op=CREATE&unmaskedpermission=666 -> "x"
		alice GET {dir}/g?op=GETFILESTATUS
		alice PUT {dir}/h?op=CREATE&unmaskedpermission=9 -> "x"`},
	{"a sticky bit", tree + `
		alice PUT {dir}/d/sub?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx`, `
		alice PUT {dir}/d/a?op=CREATE&permission=1777 -> "x"
		alice PUT {dir}/d/b?op=CREATE&permission=1777&unmaskedpermission=750 -> "x"
		alice PUT {dir}/d/c?op=CREATE&permission=777&unmaskedpermission=1750 -> "x"
		alice PUT {dir}/d/sub/a?op=CREATE&permission=1777 -> "x"
		alice PUT {dir}/d/sub/b?op=CREATE&permission=1777&unmaskedpermission=750 -> "x"
		alice PUT {dir}/d/sub/c?op=CREATE&permission=777&unmaskedpermission=1750 -> "x"
		alice GET {dir}/d?op=LISTSTATUS
		alice GET {dir}/d/sub?op=LISTSTATUS`},
	{"a flag for memory", "", `
		alice PUT {dir}/f?op=CREATE&createflag=CREATE,LAZY_PERSIST -> "x"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"overwrite values", "", try(`alice PUT {dir}/f?op=CREATE&overwrite={value} -> "x"`,
		"TRUE", "True", "false", "null", "", "1", "yes", "%20true")},
	{"createparent values", "", try(`alice PUT {dir}/p{n}/f?op=CREATE&createparent={value} -> "x"`,
		"true", "FALSE", "null", "", "0")},
	{"blocksize values", "", try(`alice PUT {dir}/f{n}?op=CREATE&blocksize={value} -> "x"`,
		"1048576", "1048577", "1049088", "1048575", "512", "1", "0", "-1", "null", "", "1m", "9223372036854775807", "9223372036854775808", "0x100000") +
		try(`alice GET {dir}/f{n}?op=GETFILESTATUS`, "0", "1", "2") + `
		alice GET {dir}/f8?op=GETFILESTATUS`},
	{"replication values", "", try(`alice PUT {dir}/f{n}?op=CREATE&replication={value} -> "x"`,
		"2", "512", "513", "0", "-1", "32767", "32768", "null", "", "two") +
		try(`alice GET {dir}/f{n}?op=GETFILESTATUS`, "0", "1") + `
		alice GET {dir}/f7?op=GETFILESTATUS`},
	{"buffersize values", "", try(`alice PUT {dir}/f{n}?op=CREATE&buffersize={value} -> "x"`,
		"1", "65536", "0", "-1", "null", "", "4k", "2147483648")},
	{"createflag values on a missing file", "", try(`alice PUT {dir}/f{n}?op=CREATE&createflag={value} -> "x"`,
		"CREATE", "create", "OVERWRITE", "APPEND", "CREATE,OVERWRITE", "CREATE%2COVERWRITE", "CREATE,APPEND", "CREATE,LAZY_PERSIST", "FOO", "", "null", "CREATE,")},
	{"createflag values on an existing file", file, try(`alice PUT {dir}/f?op=CREATE&createflag={value} -> "{value}"`,
		"CREATE", "OVERWRITE", "APPEND", "CREATE,OVERWRITE", "CREATE,APPEND", "OVERWRITE,APPEND") + `
		alice PUT {dir}/f?op=CREATE&createflag=CREATE&overwrite=true -> "both"
		alice GET {dir}/f?op=OPEN ->`},
	{"repeated parameters", file, `
		alice PUT {dir}/f?op=CREATE&overwrite=true&overwrite=false -> "first"
		alice PUT {dir}/f?op=CREATE&overwrite=false&overwrite=true -> "second"
		alice PUT {dir}/f?op=CREATE&overwrite=true&overwrite=maybe -> "third"
		alice PUT {dir}/g?op=CREATE&op=MKDIRS -> "fourth"
		alice GET {dir}/f?op=OPEN ->`},
	{"names of parameters in capitals", file, `
		alice PUT {dir}/f?OP=CREATE&OverWrite=true&PERMISSION=600 -> "x"
		alice GET {dir}/f?Op=GetFileStatus`},
	{"excludedatanodes is a hint", "", `
		alice PUT {dir}/f?op=CREATE&excludedatanodes=10.0.0.1:9866 -> "x"
		alice GET {dir}/f?op=OPEN&excludedatanodes=10.0.0.1 ->`},
}
