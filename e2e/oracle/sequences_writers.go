package oracle

// java marks a request as one of a Hadoop client, whose new files exist as soon as it has begun to write them.
const java = " [X-Hadoop-Accept-EZ: true]"

// writers covers what others get while a file is being written (FSNamesystem.recoverLeaseInternal), and what its writer gets
// when it is finished.
var writers = []row{
	{"create while another creates", "", `
		alice PUT {dir}/f?op=CREATE&permission=640` + java + ` -> open "hello"
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}?op=LISTSTATUS
		alice GET {dir}/f?op=OPEN ->
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}?op=GETCONTENTSUMMARY
		alice PUT {dir}/f?op=CREATE -> "x"
		alice PUT {dir}/f?op=CREATE` + java + ` -> "x"
		bob PUT {dir}/f?op=CREATE -> "x"
		finish
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"other writers while one creates", `
		alice PUT {dir}/g?op=CREATE -> "g"`, `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice POST {dir}/f?op=APPEND -> "x"
		root POST {dir}/f?op=APPEND -> "x"
		bob POST {dir}/f?op=APPEND -> "x"
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice POST {dir}/f?op=TRUNCATE&newlength=10
		alice POST {dir}/g?op=CONCAT&sources={dir}/f
		alice POST {dir}/f?op=CONCAT&sources={dir}/g
		alice GET {dir}/f?op=GETFILECHECKSUM ->
		finish
		alice GET {dir}/f?op=OPEN ->`},
	{"other writers while one appends", file + `
		alice PUT {dir}/g?op=CREATE -> "g"`, `
		alice POST {dir}/f?op=APPEND -> open bytes:100000
		alice POST {dir}/f?op=APPEND -> "x"
		root POST {dir}/f?op=APPEND -> "x"
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice POST {dir}/f?op=TRUNCATE&newlength=1000000
		alice PUT {dir}/f?op=CREATE -> "x"
		alice POST {dir}/g?op=CONCAT&sources={dir}/f
		alice POST {dir}/f?op=CONCAT&sources={dir}/g
		alice GET {dir}/f?op=GETFILECHECKSUM ->
		finish
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"attributes while one writes", "", `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice PUT {dir}/f?op=SETPERMISSION&permission=600
		alice PUT {dir}/f?op=SETREPLICATION&replication=2
		alice PUT {dir}/f?op=SETTIMES&modificationtime=1000&accesstime=2000
		alice PUT {dir}/f?op=SETXATTR&xattr.name=user.a&xattr.value=0x01&flag=CREATE
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:r--
		finish
		alice GET {dir}/f?op=GETACLSTATUS
		alice GET {dir}/f?op=GETXATTRS&encoding=hex
		bob GET {dir}/f?op=OPEN ->`},
	{"deleted while being written", "", `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice DELETE {dir}/f?op=DELETE
		alice GET {dir}/f?op=GETFILESTATUS
		finish
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"a directory deleted while being written in", tree, `
		alice PUT {dir}/d/new?op=CREATE` + java + ` -> open "hello"
		alice DELETE {dir}/d?op=DELETE&recursive=true
		finish
		alice GET {dir}/d/new?op=GETFILESTATUS`},
	{"renamed while being written", "", `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice PUT {dir}/f?op=RENAME&destination={dir}/g
		finish
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/g?op=OPEN ->`},
	{"a directory renamed while being written in", tree, `
		alice PUT {dir}/d/new?op=CREATE` + java + ` -> open "hello"
		alice PUT {dir}/d?op=RENAME&destination={dir}/z
		finish
		alice GET {dir}/z/new?op=OPEN ->`},
	{"overwritten while being written", "", `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice PUT {dir}/f?op=CREATE&overwrite=true -> "another's"
		finish
		alice GET {dir}/f?op=OPEN ->`},
	{"given an mtime that is yet to come while being written", "", `
		alice PUT {dir}/f?op=CREATE` + java + ` -> open "hello"
		alice PUT {dir}/f?op=SETTIMES&modificationtime=4000000000000
		finish
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"closed to the writer while being written", file, `
		bob POST {dir}/f?op=APPEND -> "x"
		alice PUT {dir}/f?op=SETPERMISSION&permission=666
		bob POST {dir}/f?op=APPEND -> open bytes:100000
		alice PUT {dir}/f?op=SETPERMISSION&permission=644
		finish`},
}
