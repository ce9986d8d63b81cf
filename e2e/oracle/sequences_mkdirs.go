package oracle

// mkdirs covers FSDirMkdirOp. Existing directories stay as they are; missing parents are always created.
var mkdirs = []row{
	{"new directory", "", `
		alice PUT {dir}/d?op=MKDIRS
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"existing directory keeps its mode", `
		alice PUT {dir}/d?op=MKDIRS&permission=700`, `
		alice PUT {dir}/d?op=MKDIRS&permission=777
		bob PUT {dir}/d?op=MKDIRS
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"parents get the mode and u+wx", "", `
		alice PUT {dir}/a/b/c?op=MKDIRS&permission=400
		alice GET {dir}/a?op=GETFILESTATUS
		alice GET {dir}/a/b?op=GETFILESTATUS
		alice GET {dir}/a/b/c?op=GETFILESTATUS`},
	{"group is the parent's", `
		root PUT {dir}/g?op=MKDIRS&permission=777
		root PUT {dir}/g?op=SETOWNER&group=team`, `
		carol PUT {dir}/g/x/y?op=MKDIRS
		carol GET {dir}/g/x?op=GETFILESTATUS
		carol GET {dir}/g/x/y?op=GETFILESTATUS`},
	{"over a file", file, `
		alice PUT {dir}/f?op=MKDIRS
		bob PUT {dir}/f?op=MKDIRS
		root PUT {dir}/f?op=MKDIRS`},
	{"under a file", file, `
		alice PUT {dir}/f/x?op=MKDIRS
		alice PUT {dir}/f/x/y?op=MKDIRS
		bob PUT {dir}/f/x?op=MKDIRS
		root PUT {dir}/f/x?op=MKDIRS`},
	{"without write on the ancestor", tree, `
		bob PUT {dir}/d/new?op=MKDIRS
		bob PUT {dir}/d/new/deeper?op=MKDIRS
		bob PUT {dir}/d/sub?op=MKDIRS
		root PUT {dir}/d/new?op=MKDIRS
		alice GET {dir}/d/new?op=GETFILESTATUS`},
	{"behind a closed directory", private, `
		bob PUT {dir}/p/x?op=MKDIRS
		bob PUT {dir}/p/x/y?op=MKDIRS
		bob PUT {dir}/p/f?op=MKDIRS`},
	{"root", "", `
		alice PUT /?op=MKDIRS
		root PUT /?op=MKDIRS&permission=700
		alice GET /?op=GETFILESTATUS`},
	{"permission values", "", try(`alice PUT {dir}/d{n}?op=MKDIRS&permission={value}`,
		"0", "777", "0777", "1777", "01777", "2000", "1778", "888", "-1", "null", "", "rwxr-xr-x", "u%2Bw", "%20755", "755%20", "99999999999") +
		try(`alice GET {dir}/d{n}?op=GETFILESTATUS`, "", "", "", "", "") + `
		alice GET {dir}/d9?op=GETFILESTATUS
		alice GET {dir}/d10?op=GETFILESTATUS`},
	{"unmasked permission without a default ACL", "", `
		alice PUT {dir}/d?op=MKDIRS&permission=750&unmaskedpermission=777
		alice GET {dir}/d?op=GETFILESTATUS
		alice PUT {dir}/e?op=MKDIRS&unmaskedpermission=777
		alice GET {dir}/e?op=GETFILESTATUS
		alice PUT {dir}/e?op=MKDIRS&unmaskedpermission=8`},
	{"parameters of other operations are ignored", "", `
		alice PUT {dir}/d?op=MKDIRS&overwrite=true&createparent=false&stray=1
		alice PUT {dir}/x/y?op=MKDIRS&createparent=false
		alice PUT {dir}/z?op=MKDIRS&overwrite=maybe
		alice PUT {dir}/z?op=MKDIRS&replication=0`},
	{"directory mtime changes with a child", `
		alice PUT {dir}/d?op=MKDIRS
		alice PUT {dir}/d?op=SETTIMES&modificationtime=1000`, `
		alice PUT {dir}/d?op=MKDIRS
		alice GET {dir}/d?op=GETFILESTATUS
		alice PUT {dir}/d/x?op=MKDIRS
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"directories above a name that cannot be", "", `
		alice PUT {dir}/a/b/.snapshot?op=MKDIRS
		alice GET {dir}?op=LISTSTATUS`},
	{"reserved names", "", `
		root PUT /.reserved?op=MKDIRS
		root PUT /.reserved/x?op=MKDIRS
		alice PUT /.reserved?op=MKDIRS
		alice PUT {dir}/.snapshot?op=MKDIRS
		alice PUT {dir}/.snapshot/x?op=MKDIRS
		alice PUT {dir}/.reserved?op=MKDIRS`},
}
