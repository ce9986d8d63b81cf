package oracle

// protocol covers what all operations share: how the operation and the user are named, and the method and path.
var protocol = []row{
	{"unknown operations", file, try(`
		alice {value} {dir}/f?op=FOO`, "GET", "PUT", "POST", "DELETE", "HEAD") + try(`
		alice GET {dir}/f?op={value}`, "", "null", "NULL", "Null", "GETFILESTATUS%20", "%20GETFILESTATUS", "GETFILESTATUS,OPEN", "GETDELEGATIONTOKENS", "INSTRUMENTATION")},
	{"operations by the wrong method", file, `
		alice GET {dir}/f?op=CREATE
		alice GET {dir}/f?op=DELETE
		alice GET {dir}/f?op=APPEND
		alice PUT {dir}/f?op=OPEN
		alice PUT {dir}/f?op=APPEND
		alice PUT {dir}/f?op=DELETE
		alice POST {dir}/f?op=CREATE
		alice POST {dir}/f?op=OPEN
		alice POST {dir}/f?op=MKDIRS
		alice DELETE {dir}/f?op=OPEN
		alice DELETE {dir}/f?op=MKDIRS
		alice HEAD {dir}/f?op=CREATE
		alice PATCH {dir}/f?op=CREATE
		alice OPTIONS {dir}/f?op=GETFILESTATUS
		alice TRACE {dir}/f?op=GETFILESTATUS
		alice FROB {dir}/f?op=GETFILESTATUS`},
	{"no operation", file, try(`
		alice {value} {dir}/f`, "GET", "PUT", "POST", "DELETE")},
	{"operation in other letters", file, `
		alice GET {dir}/f?op=getfilestatus
		alice GET {dir}/f?OP=GetFileStatus
		alice GET {dir}/f?oP=GETFILESTATUS`},
	{"the first of two operations", file, `
		alice GET {dir}/f?op=GETHOMEDIRECTORY&op=GETFILESTATUS
		alice GET {dir}/f?op=GETHOMEDIRECTORY&OP=GETFILESTATUS
		alice GET {dir}/f?OP=GETFILESTATUS&op=GETHOMEDIRECTORY`},
	{"home directory", "", `
		alice GET /?op=GETHOMEDIRECTORY
		alice GET ?op=GETHOMEDIRECTORY
		alice GET {dir}/missing?op=GETHOMEDIRECTORY
		root GET /?op=GETHOMEDIRECTORY
		- GET /?op=GETHOMEDIRECTORY
		nobody-knows GET /?op=GETHOMEDIRECTORY`},
	{"without a user", file, `
		- GET {dir}/f?op=GETFILESTATUS
		- PUT {dir}/new?op=MKDIRS
		- GET {dir}/new?op=GETFILESTATUS
		- PUT {dir}/g?op=CREATE -> "x"
		- GET {dir}/g?op=GETFILESTATUS
		- GET {dir}/f?op=OPEN ->`},
	{"names of users", "", try(`
		- GET /?op=GETHOMEDIRECTORY&user.name={value}`, "alice", "", "null", "a@b", "a.b-c_d", "1abc", "a$", "a$b", "%20alice", "a%2Fb", "é", "A", "user/host@REALM") + `
		- GET /?op=GETHOMEDIRECTORY&User.Name=alice
		- GET /?op=GETHOMEDIRECTORY&user.name=alice&user.name=bob`},
	{"doas", "", `
		root GET /?op=GETHOMEDIRECTORY&doas=alice
		alice GET /?op=GETHOMEDIRECTORY&doas=bob
		alice GET /?op=GETHOMEDIRECTORY&doas=alice
		root GET /?op=GETHOMEDIRECTORY&doas=
		root GET /?op=GETHOMEDIRECTORY&DoAs=alice
		root PUT {dir}/d?op=MKDIRS&doas=alice
		root GET {dir}/d?op=GETFILESTATUS
		- GET /?op=GETHOMEDIRECTORY&doas=alice
		root PUT {dir}/f?op=CREATE&doas=alice -> "x"
		root GET {dir}/f?op=GETFILESTATUS`},
	{"delegation tokens without security", "", `
		alice GET /?op=GETDELEGATIONTOKEN&renewer=alice
		alice GET /?op=GETDELEGATIONTOKEN
		alice GET /?op=GETHOMEDIRECTORY&delegation=
		alice PUT /?op=RENEWDELEGATIONTOKEN
		alice PUT /?op=CANCELDELEGATIONTOKEN`},
	{"paths outside", "", `
		alice GET /..?op=GETFILESTATUS
		alice GET /../..?op=GETFILESTATUS
		alice GET /{dir}?op=GETFILESTATUS
		alice GET //?op=GETHOMEDIRECTORY`},
	{"a query with odd separators", file, `
		alice GET {dir}/f?op=GETFILESTATUS;x=y
		alice GET {dir}/f?x=y;op=GETFILESTATUS
		alice GET {dir}/f?op=GETFILESTATUS&&
		alice GET {dir}/f?&op=GETFILESTATUS
		alice GET {dir}/f?op=GETFILESTATUS&x=%zz
		alice GET {dir}/f?op=GETFILESTATUS&=x
		alice GET {dir}/f?op=GETFILESTATUS&x
		alice GET {dir}/f?op%3DGETFILESTATUS
		alice GET {dir}/f?op=%47ETFILESTATUS
		alice GET {dir}/f?op=GETFILESTATUS?x=y`},
	{"query values: plus and UTF-8", `
		alice PUT {dir}/a%20b?op=MKDIRS
		alice PUT {dir}/c%2Bd?op=MKDIRS`, `
		alice PUT {dir}/a%20b?op=RENAME&destination={dir}/x+y
		alice PUT {dir}/c+d?op=RENAME&destination={dir}/x%2By
		alice PUT {dir}/x+y?op=RENAME&destination={dir}/né
		alice PUT {dir}/x%20y?op=RENAME&destination={dir}/n%C3%A8
		alice GET {dir}?op=LISTSTATUS`},
	{"servers' defaults", "", `
		alice GET /?op=GETSERVERDEFAULTS
		alice GET {dir}/missing?op=GETSERVERDEFAULTS`},
	{"trash roots", file, `
		alice GET {dir}/f?op=GETTRASHROOT
		alice GET {dir}/missing?op=GETTRASHROOT
		alice GET /?op=GETTRASHROOTS
		root GET /?op=GETTRASHROOTS&allusers=true`},
	{"symbolic links are off", file, `
		alice PUT {dir}/l?op=CREATESYMLINK&destination={dir}/f
		alice PUT {dir}/l?op=CREATESYMLINK
		alice GET {dir}/f?op=GETLINKTARGET
		alice GET {dir}/missing?op=GETLINKTARGET
		alice GET {dir}/f?op=GETFILELINKSTATUS
		alice GET {dir}/missing?op=GETFILELINKSTATUS`},
	{"browsers and cross-site requests", file, `
		alice GET {dir}/f?op=GETFILESTATUS [Origin: http://elsewhere.example]
		alice PUT {dir}/d?op=MKDIRS [User-Agent: Mozilla/5.0] [Origin: http://elsewhere.example]
		alice GET {dir}/f?op=GETFILESTATUS [Accept: text/html]
		alice GET {dir}/f?op=GETFILESTATUS [Accept-Encoding: gzip]
		alice GET {dir}/f?op=GETFILESTATUS [X-Hadoop-Accept-EZ: true]
		alice GET {dir}/f?op=OPEN [X-Hadoop-Accept-EZ: true] ->`},
}
