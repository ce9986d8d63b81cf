package oracle

// renames covers FSDirRenameOp.renameTo without options: what cannot be moved is false, what may not be moved is an exception.
var renames = []row{
	{"to a new name", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/g
		alice GET {dir}/d?op=LISTSTATUS
		alice PUT {dir}/d?op=RENAME&destination={dir}/e
		alice GET {dir}/e/sub?op=LISTSTATUS`},
	{"into an existing directory", tree + file, `
		alice PUT {dir}/f?op=RENAME&destination={dir}/d/sub
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub
		alice GET {dir}/d/sub?op=LISTSTATUS
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}
		alice GET {dir}?op=LISTSTATUS`},
	{"onto an existing file", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub/g
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f
		alice GET {dir}/d/f?op=OPEN ->`},
	{"onto itself", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f
		alice PUT {dir}/d?op=RENAME&destination={dir}/d
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d
		alice PUT {dir}/missing?op=RENAME&destination={dir}/missing
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/d/f`},
	{"under itself", tree, `
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/sub
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/new
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/new/deeper
		alice PUT {dir}/d?op=RENAME&destination={dir}/dd
		alice GET {dir}/dd?op=LISTSTATUS`},
	{"missing source", tree, `
		alice PUT {dir}/missing?op=RENAME&destination={dir}/x
		alice PUT {dir}/missing/deeper?op=RENAME&destination={dir}/x
		bob PUT {dir}/d/missing?op=RENAME&destination={dir}/x
		root PUT {dir}/missing?op=RENAME&destination={dir}/x`},
	{"missing destination parent", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/missing/x
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/missing/x/y`},
	{"through a file", tree, `
		alice PUT {dir}/d/f/x?op=RENAME&destination={dir}/x
		root PUT {dir}/d/f/x?op=RENAME&destination={dir}/x
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f/x
		root PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f/x
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f/x/y`},
	{"root and its neighbours", tree, `
		alice PUT /?op=RENAME&destination={dir}/x
		root PUT /?op=RENAME&destination={dir}/x
		alice PUT {dir}/d/f?op=RENAME&destination=/
		root PUT {dir}/d/missing?op=RENAME&destination=/
		root PUT /.reserved?op=RENAME&destination={dir}/x
		root PUT {dir}/d/f?op=RENAME&destination=/.reserved
		root PUT {dir}/d/f?op=RENAME&destination=/.reserved/x
		root PUT {dir}/d/f?op=RENAME&destination={dir}/d/.snapshot`},
	{"without write on the source's parent", tree + `
		bob PUT {dir}/own?op=MKDIRS`, `
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/own
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/own/x
		root PUT {dir}/d/f?op=RENAME&destination={dir}/own/x`},
	{"without write on the destination's parent", tree + `
		bob PUT {dir}/own/f?op=CREATE -> "x"`, `
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/d
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/d/new
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/d/sub/missing/new
		bob PUT {dir}/own/missing?op=RENAME&destination={dir}/d/new`},
	{"behind closed directories", private + file, `
		bob PUT {dir}/p/f?op=RENAME&destination={dir}/x
		bob PUT {dir}/f?op=RENAME&destination={dir}/p/x
		bob PUT {dir}/f?op=RENAME&destination={dir}/g
		bob GET {dir}/g?op=GETFILESTATUS`},
	{"from a directory that one may not write, into a closed one", private + tree, `
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/p
		bob PUT {dir}/d/missing?op=RENAME&destination={dir}/p
		bob PUT {dir}/d?op=RENAME&destination={dir}/p
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/p/x`},
	{"in a sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE -> "hello"
		alice PUT {dir}/s/d/x?op=MKDIRS`, `
		bob PUT {dir}/s/f?op=RENAME&destination={dir}/x
		bob PUT {dir}/s/d?op=RENAME&destination={dir}/x
		bob PUT {dir}/s/d/x?op=RENAME&destination={dir}/x
		alice PUT {dir}/s/f?op=RENAME&destination={dir}/s/g
		root PUT {dir}/s/g?op=RENAME&destination={dir}/s/h`},
	{"destination values", file, `
		alice PUT {dir}/f?op=RENAME
		alice PUT {dir}/f?op=RENAME&destination=
		alice PUT {dir}/f?op=RENAME&destination=x
		alice PUT {dir}/f?op=RENAME&destination=null
		alice PUT {dir}/f?op=RENAME&destination={dir}//g/
		alice PUT {dir}/g?op=RENAME&destination={dir}/a:b
		alice PUT {dir}/g?op=RENAME&destination={dir}/a%20b+c
		alice PUT {dir}/g?op=RENAME&destination=hdfs://127.0.0.1:1{dir}/x
		alice GET {dir}?op=LISTSTATUS`},
	{"a destination as HttpFS's client sends it", file, `
		alice PUT {dir}/f?op=RENAME&destination=webhdfs://127.0.0.1:1{dir}/w
		alice PUT {dir}/f?op=RENAME&destination=webhdfs://127.0.0.1:1{dir}/w [User-Agent: Java/17]`},
	{"destination with dots", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/./d/f
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/../d/f
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/../x
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f/.
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f&renameoptions=NONE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/./d/f&renameoptions=NONE`},
	{"a name too long", file, `
		alice PUT {dir}/f?op=RENAME&destination={dir}/` + longName(255) + `
		alice PUT {dir}/` + longName(255) + `?op=RENAME&destination={dir}/` + longName(256)},
	{"times", `
		alice PUT {dir}/a/f?op=CREATE -> "x"
		alice PUT {dir}/b?op=MKDIRS
		alice PUT {dir}/a/f?op=SETTIMES&modificationtime=1000&accesstime=1000
		alice PUT {dir}/a?op=SETTIMES&modificationtime=1000
		alice PUT {dir}/b?op=SETTIMES&modificationtime=1000`, `
		alice PUT {dir}/a/f?op=RENAME&destination={dir}/b/f
		alice GET {dir}/a?op=GETFILESTATUS
		alice GET {dir}/b?op=GETFILESTATUS
		alice GET {dir}/b/f?op=GETFILESTATUS`},
	{"within a directory that has no execute", tree + `
		alice PUT {dir}/d?op=SETPERMISSION&permission=600`, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/x
		alice PUT {dir}/d?op=RENAME&destination={dir}/e`},
	{"a directory whose content one may not read", private, `
		bob PUT {dir}/p?op=RENAME&destination={dir}/q
		bob GET {dir}/q?op=GETFILESTATUS`},
}

// renameOptions covers renames with options, where every failure is an exception and a success has no body.
var renameOptions = []row{
	{"with options: to a new name", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/g&renameoptions=NONE
		alice PUT {dir}/d/g?op=RENAME&destination={dir}/d/h&renameoptions=OVERWRITE
		alice PUT {dir}/d/h?op=RENAME&destination={dir}/d/i&renameoptions=
		alice GET {dir}/d?op=LISTSTATUS`},
	{"with options: values", tree, try(`
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f&renameoptions={value}`,
		"none", "OVERWRITE,NONE", "NONE,", "FOO", "null", "OVERWRITE,OVERWRITE", "%20NONE")},
	{"with options: existing file", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub/g&renameoptions=NONE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub/g&renameoptions=OVERWRITE
		alice GET {dir}/d/sub/g?op=OPEN ->
		alice GET {dir}/d?op=LISTSTATUS`},
	{"with options: existing directory", tree + `
		alice PUT {dir}/e?op=MKDIRS`, `
		alice PUT {dir}/d?op=RENAME&destination={dir}/e&renameoptions=NONE
		alice PUT {dir}/e?op=RENAME&destination={dir}/d&renameoptions=OVERWRITE
		alice PUT {dir}/d?op=RENAME&destination={dir}/e&renameoptions=OVERWRITE
		alice GET {dir}/e?op=LISTSTATUS
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"with options: file and directory", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub&renameoptions=OVERWRITE
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f&renameoptions=OVERWRITE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/sub&renameoptions=NONE
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f&renameoptions=NONE`},
	{"with options: onto itself and under itself", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f&renameoptions=NONE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/f&renameoptions=OVERWRITE
		alice PUT {dir}/d?op=RENAME&destination={dir}/d&renameoptions=OVERWRITE
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/sub/x&renameoptions=NONE
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/sub&renameoptions=OVERWRITE`},
	{"with options: missing source", tree, `
		alice PUT {dir}/missing?op=RENAME&destination={dir}/x&renameoptions=NONE
		alice PUT {dir}/missing/x?op=RENAME&destination={dir}/x&renameoptions=NONE
		root PUT {dir}/missing?op=RENAME&destination={dir}/missing&renameoptions=NONE`},
	{"with options: missing destination parent", tree, `
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/missing/x&renameoptions=NONE
		root PUT {dir}/d/f?op=RENAME&destination={dir}/missing/x/y&renameoptions=OVERWRITE`},
	{"with options: through a file", tree, `
		alice PUT {dir}/d/f/x?op=RENAME&destination={dir}/x&renameoptions=NONE
		root PUT {dir}/d/f/x?op=RENAME&destination={dir}/x&renameoptions=NONE
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f/x&renameoptions=NONE
		root PUT {dir}/d/sub?op=RENAME&destination={dir}/d/f/x&renameoptions=OVERWRITE`},
	{"with options: root", tree, `
		root PUT /?op=RENAME&destination={dir}/x&renameoptions=NONE
		root PUT {dir}/d?op=RENAME&destination=/&renameoptions=NONE
		root PUT {dir}/d?op=RENAME&destination=/&renameoptions=OVERWRITE
		alice PUT {dir}/d?op=RENAME&destination=/&renameoptions=OVERWRITE
		root PUT {dir}/d?op=RENAME&destination=/.reserved&renameoptions=NONE`},
	{"with options: rights", tree + private + `
		bob PUT {dir}/own/f?op=CREATE -> "x"`, `
		bob PUT {dir}/d/f?op=RENAME&destination={dir}/own/x&renameoptions=NONE
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/d/new&renameoptions=NONE
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/d/f&renameoptions=OVERWRITE
		bob PUT {dir}/p/f?op=RENAME&destination={dir}/own/x&renameoptions=NONE
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/p/x&renameoptions=NONE`},
	{"with options: sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE&permission=666 -> "hello"
		bob PUT {dir}/own/f?op=CREATE -> "x"`, `
		bob PUT {dir}/s/f?op=RENAME&destination={dir}/x&renameoptions=NONE
		bob PUT {dir}/own/f?op=RENAME&destination={dir}/s/f&renameoptions=OVERWRITE
		bob GET {dir}/s/f?op=GETFILESTATUS`},
	{"with options: to trash", tree, `
		bob PUT {dir}/d?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH
		alice PUT {dir}/d?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH
		alice GET {dir}/x?op=LISTSTATUS`},
}
