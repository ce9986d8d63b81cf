package oracle

// appends covers FSDirAppendOp; everything but the name is decided on the second hop.
var appends = []row{
	{"to a file", file, `
		alice POST {dir}/f?op=APPEND -> " world"
		alice POST {dir}/f?op=APPEND ->
		alice GET {dir}/f?op=OPEN ->`},
	{"a Location used several times", file, `
		alice POST {dir}/f?op=APPEND -> "1" -> "2" -> "3"
		alice GET {dir}/f?op=OPEN ->`},
	{"to an empty file", `
		alice PUT {dir}/f?op=CREATE ->`, `
		alice POST {dir}/f?op=APPEND -> "hello"
		alice GET {dir}/f?op=OPEN ->`},
	{"across a block", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:1048570`, `
		alice POST {dir}/f?op=APPEND -> bytes:20
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN&offset=1048565 ->`},
	{"to a missing file", "", `
		alice POST {dir}/missing?op=APPEND -> "x"
		alice POST {dir}/missing/deeper?op=APPEND -> "x"
		root POST {dir}/missing?op=APPEND -> "x"`},
	{"to a directory", tree, `
		alice POST {dir}/d?op=APPEND -> "x"
		bob POST {dir}/d?op=APPEND -> "x"
		root POST {dir}/d?op=APPEND -> "x"
		root POST /?op=APPEND -> "x"`},
	{"under a file", file, `
		alice POST {dir}/f/x?op=APPEND -> "x"
		root POST {dir}/f/x?op=APPEND -> "x"`},
	{"without write", file + private, `
		bob POST {dir}/f?op=APPEND -> "x"
		bob POST {dir}/p/f?op=APPEND -> "x"
		root POST {dir}/f?op=APPEND -> "x"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"write on the file is enough", `
		alice PUT {dir}/d/f?op=CREATE&permission=622 -> "hello"
		alice PUT {dir}/d?op=SETPERMISSION&permission=711`, `
		bob POST {dir}/d/f?op=APPEND -> "x"
		bob GET {dir}/d/f?op=OPEN ->
		alice GET {dir}/d/f?op=OPEN ->`},
	{"keeps mode, owner and replication, changes mtime", `
		alice PUT {dir}/f?op=CREATE&permission=606&replication=2 -> "hello"
		alice PUT {dir}/f?op=SETTIMES&modificationtime=1000&accesstime=2000`, `
		bob POST {dir}/f?op=APPEND -> "x"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"changes an mtime that is yet to come", file + yetToCome, `
		alice POST {dir}/f?op=APPEND -> "x"
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"of much changes an mtime that is yet to come", file + yetToCome, `
		alice POST {dir}/f?op=APPEND -> bytes:200000
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"parameters", file, try(`
		alice POST {dir}/f?op=APPEND&buffersize={value} -> "x"`, "1", "0", "null") + `
		alice POST {dir}/f?op=APPEND&noredirect=true
		alice POST {dir}/f?op=APPEND&blocksize=5 -> "x"
		alice GET {dir}/f?op=OPEN ->`},
}
