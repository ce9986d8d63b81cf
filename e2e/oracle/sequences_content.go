package oracle

// truncates covers FSDirTruncateOp. Inside a block HDFS truncates later, and says false until that is done.
var truncates = []row{
	{"to its own length and beyond", file, `
		alice POST {dir}/f?op=TRUNCATE&newlength=5
		alice POST {dir}/f?op=TRUNCATE&newlength=6
		alice POST {dir}/f?op=TRUNCATE&newlength=9223372036854775807
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"at a block's end", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:2097153`, `
		alice POST {dir}/f?op=TRUNCATE&newlength=1048576
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN&offset=1048570 ->
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->`},
	{"values", file, try(`
		alice POST {dir}/f?op=TRUNCATE&newlength={value}`, "-1", "null", "", "x", "1.0") + `
		alice POST {dir}/f?op=TRUNCATE
		alice GET {dir}/f?op=OPEN ->`},
	{"what is no file", tree + private, `
		alice POST {dir}/missing?op=TRUNCATE&newlength=0
		alice POST {dir}/d?op=TRUNCATE&newlength=0
		root POST /?op=TRUNCATE&newlength=0
		alice POST {dir}/d/f/x?op=TRUNCATE&newlength=0
		root POST {dir}/d/f/x?op=TRUNCATE&newlength=0
		bob POST {dir}/d/f?op=TRUNCATE&newlength=0
		bob POST {dir}/p/f?op=TRUNCATE&newlength=0`},
	{"another's directory", tree + private, as("bob super", `POST {dir}/d?op=TRUNCATE&newlength=0`) + `
		bob POST {dir}/p?op=TRUNCATE&newlength=0`},
}

// truncatesInside truncates inside a block, which HDFS reports as unfinished and Granary as done.
var truncatesInside = []row{
	{"inside a block", file, `
		alice POST {dir}/f?op=TRUNCATE&newlength=2`},
	{"to nothing", file, `
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN ->
		alice GET {dir}/f?op=GETFILECHECKSUM ->
		alice POST {dir}/f?op=TRUNCATE&newlength=1
		alice POST {dir}/f?op=APPEND -> "new"
		alice GET {dir}/f?op=OPEN ->`},
	{"at a block's end, then append", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:1500000`, `
		alice POST {dir}/f?op=TRUNCATE&newlength=1048576
		alice POST {dir}/f?op=APPEND -> bytes:700
		alice GET {dir}/f?op=GETFILESTATUS
		alice GET {dir}/f?op=OPEN&offset=1048000 ->
		alice GET {dir}/f?op=GETFILECHECKSUM ->
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS`},
	{"an empty file", `
		alice PUT {dir}/f?op=CREATE ->`, `
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice POST {dir}/f?op=TRUNCATE&newlength=1`},
	{"changes an mtime that is yet to come", file + yetToCome, `
		alice POST {dir}/f?op=TRUNCATE&newlength=5
		alice GET {dir}/f?op=GETFILESTATUS
		alice POST {dir}/f?op=TRUNCATE&newlength=0
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"reserved and odd paths", "", `
		root POST /.reserved?op=TRUNCATE&newlength=0
		alice POST {dir}/.snapshot?op=TRUNCATE&newlength=0
		alice POST {dir}/a:b?op=TRUNCATE&newlength=0`},
}

// parts are three files of alice's to concatenate.
const parts = `
	alice PUT {dir}/a?op=CREATE -> "one"
	alice PUT {dir}/b?op=CREATE -> "two"
	alice PUT {dir}/c?op=CREATE -> "three"`

// concats covers FSDirConcatOp.
var concats = []row{
	{"sources in their order", parts, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/c,{dir}/b
		alice GET {dir}/a?op=OPEN ->
		alice GET {dir}/a?op=GETFILECHECKSUM ->
		alice GET {dir}?op=LISTSTATUS`},
	{"blocks that are not full", `
		alice PUT {dir}/a?op=CREATE&blocksize=1048576 -> bytes:1048577
		alice PUT {dir}/b?op=CREATE&blocksize=1048576 -> bytes:700
		alice PUT {dir}/c?op=CREATE&blocksize=1048576 -> bytes:513`, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/b,{dir}/c
		alice GET {dir}/a?op=GETFILESTATUS
		alice GET {dir}/a?op=OPEN&offset=1048570 ->
		alice GET {dir}/a?op=GETFILECHECKSUM ->`},
	{"onto an empty file", parts + `
		alice PUT {dir}/e?op=CREATE ->`, `
		alice POST {dir}/e?op=CONCAT&sources={dir}/a
		alice GET {dir}/e?op=OPEN ->`},
	{"sources values", parts, try(`
		alice POST {dir}/a?op=CONCAT&sources={value}`, "", "null", "b", "{dir}/missing", "{dir}/a", "{dir}/b,{dir}/b", "{dir}/b,", "{dir}", "{dir}/b,{dir}/missing") + `
		alice POST {dir}/a?op=CONCAT
		alice GET {dir}?op=LISTSTATUS`},
	{"refused files", parts + tree + `
		alice PUT {dir}/e?op=CREATE ->
		alice PUT {dir}/big?op=CREATE&blocksize=1048576 -> "x"
		alice PUT {dir}/small?op=CREATE&blocksize=2097152 -> "x"`, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/e
		alice POST {dir}/a?op=CONCAT&sources={dir}/d/f
		alice POST {dir}/a?op=CONCAT&sources={dir}/d
		alice POST {dir}/big?op=CONCAT&sources={dir}/small
		alice POST {dir}/missing?op=CONCAT&sources={dir}/a
		alice POST {dir}/d?op=CONCAT&sources={dir}/a
		alice POST /?op=CONCAT&sources={dir}/a
		alice POST {dir}/a/x?op=CONCAT&sources={dir}/b`},
	{"rights", `
		alice PUT {dir}/d?op=MKDIRS&permission=755
		alice PUT {dir}/d/a?op=CREATE&permission=666 -> "one"
		alice PUT {dir}/d/b?op=CREATE&permission=666 -> "two"
		alice PUT {dir}/a?op=CREATE&permission=644 -> "one"
		alice PUT {dir}/b?op=CREATE&permission=600 -> "two"
		bob PUT {dir}/own?op=CREATE -> "mine"`, `
		bob POST {dir}/d/a?op=CONCAT&sources={dir}/d/b
		bob POST {dir}/a?op=CONCAT&sources={dir}/own
		bob POST {dir}/own?op=CONCAT&sources={dir}/b
		bob POST {dir}/own?op=CONCAT&sources={dir}/a
		bob GET {dir}/own?op=OPEN ->`},
	{"many small blocks", try(`
		alice PUT {dir}/{value}?op=CREATE&blocksize=1048576&replication=2 -> bytes:600`, "a", "b", "c", "d", "e"), `
		alice POST {dir}/a?op=CONCAT&sources={dir}/b,{dir}/c,{dir}/d,{dir}/e
		alice GET {dir}/a?op=GETFILECHECKSUM ->
		alice GET {dir}/a?op=OPEN&offset=1190&length=20 ->
		alice GET {dir}?op=GETCONTENTSUMMARY`},
	{"twice", parts, `
		alice POST {dir}/b?op=CONCAT&sources={dir}/c
		alice POST {dir}/a?op=CONCAT&sources={dir}/b
		alice GET {dir}/a?op=OPEN ->
		alice GET {dir}/a?op=GETFILECHECKSUM ->
		alice GET {dir}?op=LISTSTATUS`},
	{"then truncate at a block's end", parts, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/b,{dir}/c
		alice POST {dir}/a?op=TRUNCATE&newlength=6
		alice GET {dir}/a?op=OPEN ->
		alice GET {dir}/a?op=GETFILECHECKSUM ->`},
	{"keeps what the target has", parts + `
		alice PUT {dir}/a?op=SETPERMISSION&permission=600
		alice PUT {dir}/a?op=SETXATTR&xattr.name=user.a&xattr.value=x&flag=CREATE
		alice PUT {dir}/b?op=SETXATTR&xattr.name=user.b&xattr.value=x&flag=CREATE
		alice PUT {dir}/b?op=MODIFYACLENTRIES&aclspec=user:bob:r--`, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/b
		alice GET {dir}/a?op=GETFILESTATUS
		alice GET {dir}/a?op=LISTXATTRS
		alice GET {dir}/a?op=GETACLSTATUS
		alice GET {dir}/b?op=GETFILESTATUS`},
	{"changes an mtime that is yet to come", parts + file + yetToCome, `
		alice POST {dir}/f?op=CONCAT&sources={dir}/a
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"odd sources", parts, try(`
		alice POST {dir}/a?op=CONCAT&sources={value}`, ",{dir}/b", "{dir}/b,,{dir}/c", ",", "%20{dir}/b", "{dir}//b", "/", "{dir}/.snapshot")},
}
