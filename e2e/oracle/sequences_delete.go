package oracle

// deletes covers FSDirDeleteOp. For a missing path the reply is false, whoever asks and whatever is above it.
var deletes = []row{
	{"a file", file, `
		alice DELETE {dir}/f?op=DELETE
		alice DELETE {dir}/f?op=DELETE
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"an empty directory", `
		alice PUT {dir}/d?op=MKDIRS`, `
		alice DELETE {dir}/d?op=DELETE
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"a directory that is not empty", tree, `
		alice DELETE {dir}/d?op=DELETE
		bob DELETE {dir}/d?op=DELETE
		alice DELETE {dir}/d?op=DELETE&recursive=false
		alice DELETE {dir}/d?op=DELETE&recursive=true
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"missing", file, `
		alice DELETE {dir}/missing?op=DELETE
		alice DELETE {dir}/missing/deeper?op=DELETE
		root DELETE {dir}/missing?op=DELETE&recursive=true`},
	{"under a file", file, `
		alice DELETE {dir}/f/x?op=DELETE
		bob DELETE {dir}/f/x?op=DELETE
		root DELETE {dir}/f/x?op=DELETE`},
	{"the root", "", `
		alice DELETE /?op=DELETE
		alice DELETE /?op=DELETE&recursive=true
		root DELETE /?op=DELETE
		root DELETE /?op=DELETE&recursive=true`},
	{"reserved names", "", `
		root DELETE /.reserved?op=DELETE
		alice DELETE /.reserved?op=DELETE&recursive=true
		root DELETE /.reserved/x?op=DELETE
		alice DELETE {dir}/.snapshot?op=DELETE`},
	{"without write on the parent", tree, `
		bob DELETE {dir}/d/f?op=DELETE
		bob DELETE {dir}/d/missing?op=DELETE
		bob DELETE {dir}/d/sub?op=DELETE&recursive=true
		root DELETE {dir}/d/f?op=DELETE`},
	{"behind a closed directory", private, `
		bob DELETE {dir}/p/f?op=DELETE
		bob DELETE {dir}/p/missing?op=DELETE`},
	{"another's file where one may write", file, `
		bob DELETE {dir}/f?op=DELETE
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"another's directories", `
		alice PUT {dir}/empty?op=MKDIRS&permission=700
		alice PUT {dir}/full?op=MKDIRS
		alice PUT {dir}/full/x?op=CREATE -> "x"
		alice PUT {dir}/nested/empty?op=MKDIRS
		alice PUT {dir}/nested?op=SETPERMISSION&permission=777
		alice PUT {dir}/deep/a/b?op=MKDIRS
		alice PUT {dir}/deep/a/b/f?op=CREATE -> "x"
		alice PUT {dir}/deep?op=SETPERMISSION&permission=777
		alice PUT {dir}/deep/a?op=SETPERMISSION&permission=777`, as("bob super", `DELETE {dir}/empty?op=DELETE&recursive=true`) +
		as("bob super", `DELETE {dir}/full?op=DELETE&recursive=true`) + as("bob super", `DELETE {dir}/nested?op=DELETE&recursive=true`) +
		as("bob super", `DELETE {dir}/deep?op=DELETE&recursive=true`)},
	{"an own directory that holds a closed one", `
		alice PUT {dir}/d?op=MKDIRS&permission=777
		bob PUT {dir}/d/bobs/f?op=CREATE -> "x"
		bob PUT {dir}/d/bobs?op=SETPERMISSION&permission=700`, `
		alice DELETE {dir}/d?op=DELETE&recursive=true
		alice GET {dir}/d?op=GETFILESTATUS
		bob GET {dir}/d/bobs/f?op=OPEN ->`},
	{"in a sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE&permission=666 -> "x"
		alice PUT {dir}/s/d?op=MKDIRS&permission=777
		alice PUT {dir}/s/d/f?op=CREATE -> "x"`, `
		bob DELETE {dir}/s/f?op=DELETE
		bob DELETE {dir}/s/d?op=DELETE&recursive=true
		bob DELETE {dir}/s/d/f?op=DELETE
		alice DELETE {dir}/s/f?op=DELETE
		root DELETE {dir}/s/d?op=DELETE`},
	{"a sticky directory's owner", `
		bob PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE -> "x"
		alice PUT {dir}/s/g?op=CREATE -> "x"`, `
		bob DELETE {dir}/s/f?op=DELETE
		carol DELETE {dir}/s/g?op=DELETE
		carol DELETE {dir}/s?op=DELETE&recursive=true`},
	{"sticky inside the subtree", `
		alice PUT {dir}/d/s?op=MKDIRS&permission=777
		alice PUT {dir}/d/s?op=SETPERMISSION&permission=1777
		alice PUT {dir}/d/s/f?op=CREATE -> "x"
		alice PUT {dir}/d?op=SETPERMISSION&permission=777`, `
		bob DELETE {dir}/d/s?op=DELETE&recursive=true
		bob DELETE {dir}/d?op=DELETE&recursive=true`},
	{"recursive values", tree, try(`
		alice DELETE {dir}/d?op=DELETE&recursive={value}`, "FALSE", "null", "", "yes", "1", "TRUE")},
	{"parent mtime", tree + `
		alice PUT {dir}/d?op=SETTIMES&modificationtime=1000`, `
		alice DELETE {dir}/d/f?op=DELETE
		alice GET {dir}/d?op=GETFILESTATUS`},
}
