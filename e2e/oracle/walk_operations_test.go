package oracle

import "slices"

// operations draw one kind of request each. What changes the tree comes several times, so that there is something to ask about.
var operations = slices.Concat(
	repeated(4, func(d *drawn) {
		d.method, d.op = "PUT", "MKDIRS"
		d.maybe(.3, "permission", d.mode())
		d.maybe(.15, "unmaskedpermission", d.mode())
	}),
	repeated(4, func(d *drawn) {
		d.method, d.op, d.body = "PUT", "CREATE", " -> "+d.one(`"hello"`, `"x"`, "bytes:1500", "", "bytes:1048577")
		d.maybe(1, "replication", "2") // the default is the server's own
		d.maybe(.5, "overwrite", "true", "true", "false")
		d.maybe(.3, "permission", d.mode())
		d.maybe(.15, "unmaskedpermission", d.mode())
		d.maybe(.15, "createparent", "true", "false")
		d.maybe(.15, "createflag", "create", "create,overwrite", "overwrite", "append", "create,append", "", "sync_block", "new_block", "CREATE")
		d.maybe(.15, "blocksize", "1048576", "2097152")
		d.maybe(.1, "buffersize", "1", "0", "4096", "-1")
		d.maybe(.05, "noredirect", "true", "false")
	}),
	repeated(2, func(d *drawn) {
		d.method, d.op, d.body = "POST", "APPEND", " -> "+d.one(`"more"`, "bytes:700", "")
		d.maybe(.1, "buffersize", "1", "0", "4096")
	}),
	repeated(2, func(d *drawn) {
		d.method, d.op = "POST", "TRUNCATE"
		d.maybe(.95, "newlength", "0", "0", "-1", "2000000")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "POST", "CONCAT"
		d.maybe(.95, "sources", d.several(d.path))
	}),
	repeated(4, func(d *drawn) {
		d.method, d.op = "PUT", "RENAME"
		d.maybe(.97, "destination", d.path())
		d.maybe(.4, "renameoptions", "NONE", "OVERWRITE", "OVERWRITE", "TO_TRASH", "none", "OVERWRITE,NONE", "")
	}),
	repeated(3, func(d *drawn) {
		d.method, d.op = "DELETE", "DELETE"
		d.maybe(.6, "recursive", "true", "true", "false")
	}),
	repeated(3, func(d *drawn) {
		d.method, d.op = "PUT", "SETPERMISSION"
		d.maybe(.95, "permission", d.mode())
	}),
	repeated(2, func(d *drawn) {
		d.method, d.op = "PUT", "SETOWNER"
		d.maybe(.6, "owner", "alice", "bob", "carol", "")
		d.maybe(.6, "group", "team", "groupY", "supergroup", "none", "")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "SETREPLICATION"
		d.maybe(1, "replication", "2", "4", "4", "0", "512", "513", "-1")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "SETTIMES"
		d.maybe(.8, "modificationtime", "-1", "1000", "0", "1700000000000")
		d.maybe(.8, "accesstime", "-1", "1000", "0", "1700000000000")
	}),
	repeated(2, func(d *drawn) {
		d.method, d.op = "PUT", "SETXATTR"
		d.maybe(.95, "xattr.name", d.attribute())
		d.maybe(.9, "xattr.value", "0x01", "%22text%22", "0sAAEC", "", "0xZZ", "plain", "0x", "%22%22")
		d.maybe(.9, "flag", "CREATE", "REPLACE", "CREATE,REPLACE", "", "CREATE", "REPLACE")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "GET", "GETXATTRS"
		d.maybe(.5, "xattr.name", d.attribute())
		d.maybe(.2, "xattr.name", d.attribute())
		d.maybe(1, "encoding", "hex", "text", "base64", "HEX")
	}),
	repeated(1, func(d *drawn) { d.method, d.op = "GET", "LISTXATTRS" }),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "REMOVEXATTR"
		d.maybe(.95, "xattr.name", d.attribute())
	}),
	repeated(4, func(d *drawn) {
		d.method, d.op = "PUT", d.one("SETACL", "MODIFYACLENTRIES")
		d.maybe(.97, "aclspec", d.list())
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "REMOVEACLENTRIES"
		d.maybe(.97, "aclspec", d.several(func() string { return d.entry(false) }))
	}),
	repeated(1, func(d *drawn) { d.method, d.op = "PUT", d.one("REMOVEDEFAULTACL", "REMOVEACL") }),
	repeated(3, func(d *drawn) {
		d.method, d.op = "GET", d.one("GETACLSTATUS", "GETFILESTATUS", "LISTSTATUS", "GETCONTENTSUMMARY", "GETQUOTAUSAGE", "GETFILECHECKSUM",
			"GETSTORAGEPOLICY", "GETFILELINKSTATUS", "GETLINKTARGET", "GETECPOLICY", "GETTRASHROOT")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "GET", "LISTSTATUS_BATCH"
		d.maybe(.6, "startAfter", "a", "b", "f", "", "zzz", "a/b", "A")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "SETQUOTA"
		d.maybe(.8, "namespacequota", "1", "100", "-1", "9223372036854775807", "0", "-2") // 2 would let HDFS make half of a path
		d.maybe(.5, "storagespacequota", "-1", "9223372036854775807", "-2")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "GET", "CHECKACCESS"
		d.maybe(.95, "fsaction", "r--", "rw-", "rwx", "-w-", "--x", "---", "x", "r", "READ", "")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op, d.body = "GET", "OPEN", " ->"
		d.maybe(.5, "offset", "0", "1", "5", "1500", "99999", "-1")
		d.maybe(.5, "length", "0", "1", "5", "1500", "99999", "-1")
	}),
	repeated(1, func(d *drawn) {
		d.method, d.op = "PUT", "SETSTORAGEPOLICY"
		d.maybe(.9, "storagepolicy", "HOT", "hot", "WARM", "ALL_SSD", "NOPE")
	}),
	repeated(1, func(d *drawn) {
		if d.method, d.op = "POST", "UNSETSTORAGEPOLICY"; d.chance(.5) {
			d.method, d.op = "PUT", "CREATESYMLINK"
			d.maybe(.9, "destination", d.path())
			d.maybe(.5, "createParent", "true", "false")
		}
	}),
)
