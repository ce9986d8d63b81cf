package oracle

// noErasure disables the only erasure coding policy that a new HDFS enables: Granary has none.
const noErasure = `
	root PUT /?op=DISABLEECPOLICY&ecpolicy=RS-6-3-1024k`

// storage covers operations that Granary has only for compatibility: storage policies, erasure coding, snapshots.
var storage = []row{
	{"policies", file + tree, `
		alice GET /?op=GETALLSTORAGEPOLICY
		alice GET {dir}/f?op=GETSTORAGEPOLICY
		alice PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=COLD
		alice GET {dir}/d/f?op=GETSTORAGEPOLICY
		alice GET {dir}/d?op=GETFILESTATUS
		alice GET {dir}/d?op=LISTSTATUS
		alice POST {dir}/d?op=UNSETSTORAGEPOLICY
		alice GET {dir}/d?op=GETSTORAGEPOLICY
		alice PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=FOO
		alice PUT {dir}/d?op=SETSTORAGEPOLICY
		bob PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=HOT
		alice GET {dir}/missing?op=GETSTORAGEPOLICY
		alice PUT {dir}/missing?op=SETSTORAGEPOLICY&storagepolicy=HOT
		alice PUT {dir}/d?op=SATISFYSTORAGEPOLICY`},
	{"erasure coding", file + noErasure, `
		alice GET {dir}/f?op=GETECPOLICY
		alice GET {dir}/missing?op=GETECPOLICY
		alice GET /?op=GETECCODECS
		alice PUT {dir}?op=SETECPOLICY&ecpolicy=RS-6-3-1024k
		alice PUT /?op=ENABLEECPOLICY&ecpolicy=RS-6-3-1024k
		alice POST {dir}?op=UNSETECPOLICY`},
	{"snapshots that are not allowed", tree, `
		alice PUT {dir}/d?op=ALLOWSNAPSHOT
		alice PUT {dir}/d?op=CREATESNAPSHOT&snapshotname=s
		alice DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=s
		alice DELETE {dir}/d?op=DELETESNAPSHOT
		alice PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t
		alice GET {dir}/d?op=GETSNAPSHOTDIFF&oldsnapshotname=s&snapshotname=t
		alice GET {dir}/d?op=GETSNAPSHOTLIST
		alice GET /?op=GETSNAPSHOTTABLEDIRECTORYLIST
		alice PUT {dir}/d?op=DISALLOWSNAPSHOT`},
	{"block locations", file + `
		alice PUT {dir}/e?op=CREATE ->`, `
		alice GET {dir}/missing?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}/e?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS&offset=100
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS&offset=-1
		alice GET {dir}/missing?op=GET_BLOCK_LOCATIONS
		alice GET {dir}?op=GET_BLOCK_LOCATIONS`},
	{"policies by name", file, try(`
		alice PUT {dir}/f?op=SETSTORAGEPOLICY&storagepolicy={value}
		alice GET {dir}/f?op=GETSTORAGEPOLICY
		alice GET {dir}/f?op=GETFILESTATUS`, "PROVIDED", "COLD", "WARM", "HOT", "ONE_SSD", "ALL_SSD", "ALL_NVDIMM", "LAZY_PERSIST", "cold", "null", "7")},
	{"policies are inherited", tree, `
		alice PUT {dir}/d?op=SETSTORAGEPOLICY&storagepolicy=WARM
		alice GET {dir}/d/sub?op=LISTSTATUS
		alice GET {dir}/d/sub/g?op=GETFILESTATUS
		alice PUT {dir}/d/sub?op=SETSTORAGEPOLICY&storagepolicy=ALL_SSD
		alice GET {dir}/d/sub/g?op=GETSTORAGEPOLICY
		alice GET {dir}/d?op=LISTSTATUS_BATCH
		alice POST {dir}/d/sub?op=UNSETSTORAGEPOLICY
		alice GET {dir}/d/sub/g?op=GETSTORAGEPOLICY
		alice PUT {dir}/d/sub/new?op=MKDIRS
		alice GET {dir}/d/sub/new?op=GETSTORAGEPOLICY
		alice PUT {dir}/d/sub?op=RENAME&destination={dir}/away
		alice GET {dir}/away/g?op=GETSTORAGEPOLICY`},
	{"policies stay with what they were set on", file, `
		alice PUT {dir}/f?op=SETSTORAGEPOLICY&storagepolicy=COLD
		alice PUT {dir}/f?op=RENAME&destination={dir}/g
		alice GET {dir}/g?op=GETSTORAGEPOLICY
		alice PUT {dir}/g?op=CREATE&overwrite=true -> "new"
		alice GET {dir}/g?op=GETSTORAGEPOLICY`},
	{"policies: missing and unreachable", private + file, as("alice bob root", `GET {dir}/p/f?op=GETSTORAGEPOLICY`) + `
		alice GET {dir}/f/x?op=GETSTORAGEPOLICY
		root GET {dir}/f/x?op=GETSTORAGEPOLICY
		alice PUT {dir}/f/x?op=SETSTORAGEPOLICY&storagepolicy=HOT
		bob PUT {dir}/p/f?op=SETSTORAGEPOLICY&storagepolicy=HOT
		alice POST {dir}/missing?op=UNSETSTORAGEPOLICY
		bob POST {dir}/f?op=UNSETSTORAGEPOLICY
		alice POST {dir}/f?op=UNSETSTORAGEPOLICY
		alice PUT {dir}/f?op=SETSTORAGEPOLICY&storagepolicy=
		bob PUT {dir}/missing?op=SETSTORAGEPOLICY&storagepolicy=FOO
		bob PUT {dir}/missing?op=SATISFYSTORAGEPOLICY`},
	{"erasure coding without a policy", tree + noErasure, `
		alice GET /?op=GETECPOLICIES
		alice GET {dir}/missing?op=GETECPOLICIES
		alice GET {dir}/d?op=GETECPOLICY` + try(`
		bob PUT {dir}/{value}?op=SETECPOLICY&ecpolicy=RS-6-3-1024k`, "d", "d/f", "missing") + try(`
		alice PUT {dir}/d?op=SETECPOLICY&ecpolicy={value}`, "", "null", "XOR-2-1-1024k", "rs-6-3-1024k") + try(`
		alice POST {dir}/{value}?op=UNSETECPOLICY`, "d", "d/f", "missing", "d/f/x") + `
		bob POST {dir}/d?op=UNSETECPOLICY`},
	{"erasure coding: replication is a policy, too", tree + private + noErasure, try(`
		bob PUT {dir}/{value}?op=SETECPOLICY&ecpolicy=replication`, "d", "d/f", "missing", "d/f/x", "p/f", "p/missing") + try(`
		alice PUT {dir}/{value}?op=SETECPOLICY&ecpolicy=replication`, "d", "d/f", "missing", "d/f/x") + `
		root PUT {dir}/d/sub?op=SETECPOLICY&ecpolicy=Replication
		alice GET {dir}/d?op=GETECPOLICY
		alice GET {dir}/d?op=GETFILESTATUS
		root GET {dir}/d?op=LISTXATTRS
		alice PUT {dir}/d/new?op=CREATE -> "x"
		alice GET {dir}/d?op=LISTSTATUS
		alice POST {dir}/d?op=UNSETECPOLICY` + try(`
		root PUT /?op={value}`, "ENABLEECPOLICY&ecpolicy=replication", "DISABLEECPOLICY&ecpolicy=replication")},
	{"erasure coding: administration", noErasure, as("alice super root", `PUT /?op=DISABLEECPOLICY&ecpolicy=RS-3-2-1024k`) +
		as("alice super root", `PUT /?op=DISABLEECPOLICY&ecpolicy=FOO`) + as("alice root", `PUT /?op=ENABLEECPOLICY&ecpolicy=FOO`) + `
		root PUT /?op=ENABLEECPOLICY
		root PUT /?op=DISABLEECPOLICY
		root PUT /?op=ENABLEECPOLICY&ecpolicy=RS-6-3-1024k`},
	{"block locations of ranges", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:2500000`, try(`
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS{value}`, "", "&offset=0&length=1", "&offset=1048575&length=1", "&offset=1048575&length=2",
		"&offset=1048576", "&offset=1048576&length=0", "&offset=2499999", "&offset=2500000", "&length=1048576", "&length=1048577",
		"&length=9223372036854775807", "&offset=1&length=9223372036854775807", "&length=-1", "&length=null", "&offset=x")},
	{"block locations after an append", `
		alice PUT {dir}/f?op=CREATE&blocksize=1048576 -> bytes:1048000
		alice POST {dir}/f?op=APPEND -> bytes:1000`, `
		alice GET {dir}/f?op=GETFILEBLOCKLOCATIONS`},
	{"block locations after a concatenation", parts, `
		alice POST {dir}/a?op=CONCAT&sources={dir}/b,{dir}/c
		alice GET {dir}/a?op=GETFILEBLOCKLOCATIONS
		alice GET {dir}/a?op=GETFILEBLOCKLOCATIONS&offset=4&length=1`},
	{"block locations: behind a closed directory", private, `
		bob GET {dir}/p/missing?op=GETFILEBLOCKLOCATIONS
		bob GET {dir}/p/f/x?op=GETFILEBLOCKLOCATIONS
		bob GET {dir}/p/missing?op=GET_BLOCK_LOCATIONS
		bob GET {dir}/p/f?op=GET_BLOCK_LOCATIONS`},
	{"block locations: rights", private + file, as("alice bob carol root", `GET {dir}/p/f?op=GETFILEBLOCKLOCATIONS&offset=9`) + `
		alice PUT {dir}/f?op=SETPERMISSION&permission=640` + as("bob super", `GET {dir}/f?op=GETFILEBLOCKLOCATIONS&offset=9`) + `
		alice GET {dir}/f/x?op=GETFILEBLOCKLOCATIONS
		root GET {dir}/f/x?op=GETFILEBLOCKLOCATIONS
		bob GET {dir}/f?op=GET_BLOCK_LOCATIONS`},
}
