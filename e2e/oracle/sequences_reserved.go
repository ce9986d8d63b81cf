package oracle

// reservedPaths: FSDirectory.resolvePath, for operations that read.
var reservedPaths = []row{
	{"raw", tree + private, try(`
		alice GET /.reserved/raw{dir}/d/f?op={value}`, "GETFILESTATUS", "LISTSTATUS", "GETACLSTATUS", "CHECKACCESS&fsaction=r--",
		"LISTXATTRS", "GETSTORAGEPOLICY", "GETECPOLICY", "GETFILELINKSTATUS", "OPEN ->", "GETFILECHECKSUM ->") + `
		alice GET /.reserved/raw{dir}/d?op=LISTSTATUS
		alice GET /.reserved/raw{dir}/d?op=LISTSTATUS_BATCH
		alice GET /.reserved/raw?op=GETFILESTATUS
		alice GET /.reserved/raw/?op=GETFILESTATUS
		alice GET /.reserved/raw{dir}/missing?op=GETFILESTATUS
		alice GET /.reserved/raw{dir}/missing?op=OPEN
		bob GET /.reserved/raw{dir}/p?op=LISTSTATUS
		bob GET /.reserved/raw{dir}/p/f?op=OPEN`},
	{"inodes", "", `
		alice GET /.reserved/.inodes/16385{dir}?op=GETFILESTATUS
		alice GET /.reserved/.inodes/16385?op=GETACLSTATUS
		alice GET /.reserved/.inodes/16385{dir}/missing?op=GETFILESTATUS
		alice GET /.reserved/.inodes/16385{dir}?op=LISTSTATUS` + try(`
		alice GET /.reserved/.inodes{value}?op=GETFILESTATUS`, "", "/0", "/-1", "/9223372036854775807", "/9223372036854775808", "/1.5", "/16385x")},
	{"as names deeper down", "", `
		alice PUT {dir}/.reserved/raw?op=MKDIRS
		alice GET {dir}/.reserved?op=LISTSTATUS
		alice GET {dir}/.reserved/.inodes?op=GETFILESTATUS`},
	{"other names in it", "", try(`
		alice GET /.reserved/{value}?op=GETFILESTATUS`, "x", "RAW", "raw.", ".inode") + try(`
		alice GET /.reserved/{value}?op=LISTSTATUS`, "x", ".inodes") + `
		alice GET /.reserved?op=GETFILELINKSTATUS`},
}

// snapshots: FSDirSnapshotOp where no directory may have any.
var snapshots = []row{
	{"by everyone", tree, as(everyone, `PUT {dir}/d?op=CREATESNAPSHOT&snapshotname=s`) + as(everyone, `DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=s`) +
		as(everyone, `PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t`)},
	{"allowing", tree, as("alice bob eve", `PUT {dir}/d?op=ALLOWSNAPSHOT`) + as(everyone, `PUT {dir}/d?op=DISALLOWSNAPSHOT`) + as("super root", `PUT {dir}/d/f?op=ALLOWSNAPSHOT`) +
		as("alice root", `PUT {dir}/missing?op=ALLOWSNAPSHOT`) + as("alice root", `PUT {dir}/d/f/x?op=DISALLOWSNAPSHOT`) +
		as("root", `PUT {dir}/d/f?op=DISALLOWSNAPSHOT`)},
	{"of what is no directory", file, try(`
		alice {value}`, "PUT {dir}/f?op=CREATESNAPSHOT", "PUT {dir}/missing?op=CREATESNAPSHOT", "PUT {dir}/f/x?op=CREATESNAPSHOT",
		"DELETE {dir}/f?op=DELETESNAPSHOT&snapshotname=s", "PUT {dir}/f?op=RENAMESNAPSHOT&oldsnapshotname=s&snapshotname=t",
		"GET {dir}/f?op=GETSNAPSHOTLIST", "GET {dir}/missing?op=GETSNAPSHOTLIST", "GET {dir}/f/x?op=GETSNAPSHOTLIST",
		"GET {dir}/f?op=GETSNAPSHOTDIFF", "GET {dir}/missing?op=GETSNAPSHOTDIFF", "GET {dir}/f/x?op=GETSNAPSHOTDIFF",
		"GET {dir}/f?op=GETSNAPSHOTDIFFLISTING", "GET {dir}/missing?op=GETSNAPSHOTDIFFLISTING")},
	{"unreachable", private, try(`
		bob {value}`, "PUT {dir}/p?op=CREATESNAPSHOT", "GET {dir}/p?op=GETSNAPSHOTLIST", "GET {dir}/p/f?op=GETSNAPSHOTLIST", "GET {dir}/p/f?op=GETSNAPSHOTDIFF",
		"PUT {dir}/p/f?op=CREATESNAPSHOT")},
	{"parameters", tree, try(`
		alice {value}`, "PUT {dir}/d?op=RENAMESNAPSHOT", "PUT {dir}/d?op=RENAMESNAPSHOT&snapshotname=t", "PUT {dir}/d?op=RENAMESNAPSHOT&oldsnapshotname=t",
		"PUT {dir}/d?op=CREATESNAPSHOT", "DELETE {dir}/d?op=DELETESNAPSHOT&snapshotname=", "GET {dir}/d?op=GETSNAPSHOTDIFF&oldsnapshotname=s",
		"GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=x", "GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=-2",
		"GET {dir}/d?op=GETSNAPSHOTDIFFLISTING&snapshotdiffindex=0&snapshotdiffstartpath=a")},
	{"paths of snapshots", tree, try(`
		alice GET {dir}/{value}`, "d/.snapshot?op=LISTSTATUS", "d/.snapshot?op=LISTSTATUS_BATCH", "d/.snapshot/s?op=LISTSTATUS", "d/.snapshot/s?op=GETFILESTATUS",
		"d/f/.snapshot?op=LISTSTATUS", "missing/.snapshot?op=LISTSTATUS", "d/.snapshot?op=GETACLSTATUS", "d/.snapshot?op=GETCONTENTSUMMARY", "d/.snapshot/s?op=OPEN") + `
		alice PUT {dir}/d/.snapshot/s?op=MKDIRS
		alice PUT {dir}/d/.snapshot/s?op=CREATE -> "x"
		alice DELETE {dir}/d/.snapshot/s?op=DELETE
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/.snapshot/f
		alice PUT {dir}/d/f?op=RENAME&destination={dir}/d/.snapshot
		alice GET /.snapshot?op=LISTSTATUS
		alice GET /.snapshot?op=GETFILESTATUS`},
}
