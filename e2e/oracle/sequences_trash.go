package oracle

// trash covers where HDFS's clients move what they delete, and which permissions that takes.
var trash = []row{
	{"roots of everyone", file, as(everyone+" dr.who nobody-knows", `GET {dir}/f?op=GETTRASHROOT`) + `
		- GET {dir}/f?op=GETTRASHROOT`},
	{"roots of paths", private, try(`
		alice GET {value}?op=GETTRASHROOT`, "/", "/user", "/user/alice", "/user/bob", "/tmp", "{dir}/missing/x", "{dir}/p/f", "/.reserved", "/.reserved/raw/x") + `
		bob GET {dir}/p/f?op=GETTRASHROOT`},
	{"roots of none", "", try(`
		alice GET /?op=GETTRASHROOTS{value}`, "", "&allusers=false", "&allusers=true", "&allusers=TRUE", "&allusers=", "&allusers=yes", "&allusers=null") + `
		alice GET {dir}/missing?op=GETTRASHROOTS`},
	{"by others", tree + `
		alice PUT {dir}/d?op=SETPERMISSION&permission=777`, as("bob super", `PUT {dir}/d?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH`) + `
		alice GET {dir}?op=LISTSTATUS`},
	{"a closed directory inside", tree + `
		alice PUT {dir}/d?op=SETPERMISSION&permission=777
		alice PUT {dir}/d/sub?op=SETPERMISSION&permission=755`, as("bob alice", `PUT {dir}/d?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH`)},
	{"an empty closed directory", `
		alice PUT {dir}/d?op=MKDIRS&permission=700`, as("bob", `PUT {dir}/d?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH`)},
	{"a file of another's", file, `
		bob PUT {dir}/f?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH
		alice GET {dir}?op=LISTSTATUS`},
	{"from a sticky directory", `
		root PUT {dir}/s?op=MKDIRS&permission=1777
		alice PUT {dir}/s/f?op=CREATE&permission=666 -> "x"`, as("bob alice", `PUT {dir}/s/f?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH`)},
	{"options beside it", file + `
		alice PUT {dir}/g?op=CREATE -> "g"`, try(`
		alice PUT {dir}/f?op=RENAME&destination={dir}/g&renameoptions={value}`, "TO_TRASH", "to_trash,none", "NONE,TO_TRASH", "TO_TRASH,OVERWRITE") + `
		alice GET {dir}/g?op=OPEN ->`},
	{"what cannot be", tree, `
		alice PUT {dir}/missing?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH
		alice PUT {dir}/d?op=RENAME&destination={dir}/d/x&renameoptions=TO_TRASH
		alice PUT {dir}/d?op=RENAME&destination={dir}/no/x&renameoptions=TO_TRASH
		alice PUT {dir}/d?op=RENAME&destination={dir}/d&renameoptions=TO_TRASH
		alice PUT /?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH
		root PUT /?op=RENAME&destination={dir}/x&renameoptions=TO_TRASH`},
	{"rights before all else", tree + `
		alice PUT {dir}/e/x?op=MKDIRS
		alice PUT {dir}/p?op=MKDIRS&permission=700`, try(`
		bob PUT {dir}/d?op=RENAME&destination={dir}/{value}&renameoptions=TO_TRASH`, "d", "e", "d/x", "no/x", "d/f", "p/x", "e/x") + `
		bob PUT {dir}/d?op=RENAME&destination={dir}/e&renameoptions=OVERWRITE,TO_TRASH
		bob PUT {dir}/d/sub?op=RENAME&destination={dir}/d/sub&renameoptions=TO_TRASH
		bob PUT {dir}/missing?op=RENAME&destination={dir}/e&renameoptions=TO_TRASH
		alice PUT {dir}/d?op=RENAME&destination={dir}/e&renameoptions=TO_TRASH`},
	{"as clients do it", tree, `
		alice PUT {dir}/.Trash/Current{dir}?op=MKDIRS&permission=700
		alice PUT {dir}/d?op=RENAME&destination={dir}/.Trash/Current{dir}/d&renameoptions=TO_TRASH
		alice GET {dir}/.Trash/Current{dir}?op=LISTSTATUS
		alice PUT {dir}/.Trash/Current?op=RENAME&destination={dir}/.Trash/260101000000&renameoptions=NONE
		alice DELETE {dir}/.Trash/260101000000?op=DELETE&recursive=true
		alice GET {dir}/.Trash?op=LISTSTATUS`},
}
