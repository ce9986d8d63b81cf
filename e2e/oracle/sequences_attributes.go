package oracle

// setPermissions covers FSDirAttrOp.setPermission, which only owners may do.
var setPermissions = []row{
	{"values", file, try(`
		alice PUT {dir}/f?op=SETPERMISSION&permission={value}
		alice GET {dir}/f?op=GETFILESTATUS`, "600", "0640", "0", "1777", "777", "null", "", "00000000644") + try(`
		alice PUT {dir}/f?op=SETPERMISSION&permission={value}`, "1778", "2755", "4755", "8", "-1", "0x1ff", "u=rw", "rw-r--r--", "+644", "6.0", "777777777777") + `
		alice PUT {dir}/f?op=SETPERMISSION
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"sticky", tree, `
		alice PUT {dir}/d?op=SETPERMISSION&permission=1755
		alice GET {dir}/d?op=GETFILESTATUS
		alice GET {dir}/d?op=GETACLSTATUS
		alice PUT {dir}/d/f?op=SETPERMISSION&permission=1644
		alice GET {dir}/d/f?op=GETFILESTATUS`},
	{"not the owner", file, as("bob carol super alice root", `PUT {dir}/f?op=SETPERMISSION&permission=666`)},
	{"missing and unreachable", private + file, `
		alice PUT {dir}/missing?op=SETPERMISSION&permission=644
		root PUT {dir}/missing?op=SETPERMISSION&permission=644
		alice PUT {dir}/missing/x?op=SETPERMISSION&permission=644
		alice PUT {dir}/f/x?op=SETPERMISSION&permission=644
		root PUT {dir}/f/x?op=SETPERMISSION&permission=644
		bob PUT {dir}/p/f?op=SETPERMISSION&permission=644
		bob PUT {dir}/p/missing?op=SETPERMISSION&permission=644`},
	{"reserved names", "", `
		root PUT /.reserved?op=SETPERMISSION&permission=755
		alice PUT /.reserved?op=SETPERMISSION&permission=755
		root PUT /.reserved/x?op=SETPERMISSION&permission=755
		alice PUT /?op=SETPERMISSION&permission=755`},
	{"leaves the times", file + `
		alice PUT {dir}/f?op=SETTIMES&modificationtime=1000&accesstime=2000`, `
		alice PUT {dir}/f?op=SETPERMISSION&permission=600
		alice GET {dir}/f?op=GETFILESTATUS`},
}

// setOwners covers FSDirAttrOp.setOwner. Only the superuser can give files away; an owner can choose among his own groups.
var setOwners = []row{
	{"by the superuser", file, `
		root PUT {dir}/f?op=SETOWNER&owner=bob
		root PUT {dir}/f?op=SETOWNER&group=groupY
		root PUT {dir}/f?op=SETOWNER&owner=nobody.knows&group=no-such-group
		root GET {dir}/f?op=GETFILESTATUS
		super PUT {dir}/f?op=SETOWNER&owner=alice&group=team
		root GET {dir}/f?op=GETFILESTATUS`},
	{"by the owner", file, `
		alice PUT {dir}/f?op=SETOWNER&owner=bob
		alice PUT {dir}/f?op=SETOWNER&owner=alice
		alice PUT {dir}/f?op=SETOWNER&group=team
		alice PUT {dir}/f?op=SETOWNER&group=groupY
		alice PUT {dir}/f?op=SETOWNER&owner=alice&group=team
		alice PUT {dir}/f?op=SETOWNER&owner=bob&group=team
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"by others", file, `
		bob PUT {dir}/f?op=SETOWNER&owner=bob
		bob PUT {dir}/f?op=SETOWNER&group=groupY
		bob PUT {dir}/f?op=SETOWNER&owner=alice
		bob PUT {dir}/f?op=SETOWNER&group=supergroup`},
	{"values", file, `
		alice PUT {dir}/f?op=SETOWNER
		alice PUT {dir}/f?op=SETOWNER&owner=&group=
		root PUT {dir}/f?op=SETOWNER&owner=&group=team
		root PUT {dir}/f?op=SETOWNER&owner=null
		root PUT {dir}/f?op=SETOWNER&owner=a@b
		root PUT {dir}/f?op=SETOWNER&group=a%20b
		root GET {dir}/f?op=GETFILESTATUS`},
	{"missing and unreachable", private + file, `
		alice PUT {dir}/missing?op=SETOWNER&owner=alice
		root PUT {dir}/missing?op=SETOWNER&owner=alice
		alice PUT {dir}/f/x?op=SETOWNER&owner=alice
		root PUT {dir}/f/x?op=SETOWNER&owner=alice
		bob PUT {dir}/p/f?op=SETOWNER&group=groupY
		root PUT /.reserved?op=SETOWNER&owner=alice`},
	{"a directory", tree, `
		root PUT {dir}/d?op=SETOWNER&owner=bob&group=team
		bob PUT {dir}/d/new?op=MKDIRS
		bob GET {dir}/d?op=LISTSTATUS`},
}

// setTimes covers FSDirAttrOp.setTimes, for users who may write.
var setTimes = []row{
	{"both, one, none", file, `
		alice PUT {dir}/f?op=SETTIMES&modificationtime=1000&accesstime=2000
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETTIMES&modificationtime=3000
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETTIMES&accesstime=4000
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETTIMES
		alice PUT {dir}/f?op=SETTIMES&modificationtime=-1&accesstime=-1
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"values", file, try(`
		alice PUT {dir}/f?op=SETTIMES&modificationtime={value}`, "0", "-2", "null", "", "now", "1.5", "9223372036854775808") + try(`
		alice PUT {dir}/f?op=SETTIMES&accesstime={value}`, "0", "-2", "null", "") + `
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETTIMES&modificationtime=9223372036854775807
		alice PUT {dir}/f?op=SETTIMES&modificationtime=7&accesstime=0
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"a directory", tree, `
		alice PUT {dir}/d?op=SETTIMES&modificationtime=1000&accesstime=2000
		alice GET {dir}/d?op=GETFILESTATUS`},
	{"rights", `
		alice PUT {dir}/f?op=CREATE&permission=644 -> "x"
		alice PUT {dir}/g?op=CREATE&permission=646 -> "x"`, as("bob super root", `PUT {dir}/f?op=SETTIMES&modificationtime=1000`) +
		as("bob carol", `PUT {dir}/g?op=SETTIMES&modificationtime=1000`) + `
		alice PUT {dir}/g?op=SETPERMISSION&permission=466
		alice PUT {dir}/g?op=SETTIMES&modificationtime=1000`},
	{"missing and unreachable", private + file, `
		alice PUT {dir}/missing?op=SETTIMES&modificationtime=1000
		root PUT {dir}/missing?op=SETTIMES&modificationtime=1000
		alice PUT {dir}/f/x?op=SETTIMES&modificationtime=1000
		root PUT {dir}/f/x?op=SETTIMES&modificationtime=1000
		bob PUT {dir}/p/f?op=SETTIMES&modificationtime=1000`},
	{"the root", "", `
		alice PUT /?op=SETTIMES&modificationtime=1000`},
}

// setReplications covers FSDirAttrOp.setReplication, which answers false for anything but a file.
var setReplications = []row{
	{"values", file, try(`
		alice PUT {dir}/f?op=SETREPLICATION&replication={value}`, "5", "512", "513", "0", "-1", "32768", "five", "2") + `
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETREPLICATION&replication=null
		alice GET {dir}/f?op=GETFILESTATUS
		alice PUT {dir}/f?op=SETREPLICATION&replication=4
		alice PUT {dir}/f?op=SETREPLICATION
		alice GET {dir}/f?op=GETFILESTATUS`},
	{"a directory", tree, `
		alice PUT {dir}/d?op=SETREPLICATION&replication=2
		alice PUT {dir}/d?op=SETREPLICATION&replication=513
		bob PUT {dir}/d?op=SETREPLICATION&replication=2
		root PUT /?op=SETREPLICATION&replication=2`},
	{"missing and unreachable", private + file, `
		alice PUT {dir}/missing?op=SETREPLICATION&replication=2
		root PUT {dir}/missing?op=SETREPLICATION&replication=2
		alice PUT {dir}/f/x?op=SETREPLICATION&replication=2
		root PUT {dir}/f/x?op=SETREPLICATION&replication=2
		bob PUT {dir}/p/f?op=SETREPLICATION&replication=2`},
	{"rights", file, as("bob super root", `PUT {dir}/f?op=SETREPLICATION&replication=2`) + `
		alice PUT {dir}/f?op=SETPERMISSION&permission=646
		bob PUT {dir}/f?op=SETREPLICATION&replication=3`},
}
