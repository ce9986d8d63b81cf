package oracle

// status asks for the status and the ACL of f after an ACL operation.
const status = `
	alice GET {dir}/f?op=GETACLSTATUS
	alice GET {dir}/f?op=GETFILESTATUS`

// dirStatus does the same for the directory d.
const dirStatus = `
	alice GET {dir}/d?op=GETACLSTATUS
	alice GET {dir}/d?op=GETFILESTATUS`

// aclEdits covers AclTransformation and FSDirAclOp: the ACLs that each operation leaves behind.
var aclEdits = []row{
	{"status without an ACL", file + tree, status + dirStatus + as("bob root", `GET {dir}/f?op=GETACLSTATUS`)},
	{"modify adds entries and computes the mask", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=group:groupY:--x,user:carol:r--` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:---` + status},
	{"modify with a mask", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,mask::r--` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:carol:rwx` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=mask::--x` + status},
	{"modify base entries only", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user::rwx,group::rw-,other::---` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=mask::r--` + status},
	{"modify base entries beside named ones", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user::rwx,other::r--` + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=group::rwx` + status},
	{"set replaces everything", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		alice PUT {dir}/f?op=SETACL&aclspec=user::rw-,user:carol:r--,group::r--,other::---` + status + `
		alice PUT {dir}/f?op=SETACL&aclspec=user::rw-,group::r--,other::r--` + status},
	{"set replaces one scope", tree, `
		alice PUT {dir}/d?op=SETACL&aclspec=user::rwx,user:bob:rwx,group::r-x,other::---
		alice PUT {dir}/d?op=SETACL&aclspec=default:user:carol:rwx` + dirStatus + `
		alice PUT {dir}/d?op=SETACL&aclspec=user::rwx,group::r-x,other::r-x` + dirStatus},
	{"remove entries", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,user:carol:r--,group:groupY:r-x
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=user:bob:` + status + `
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=user:nobody:,group:groupY:` + status + `
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=user:carol:` + status + `
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=mask::` + status},
	{"remove the mask", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,mask::r--
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=mask::` + status + `
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=user:bob:,mask::` + status},
	{"remove base entries", file, try(`
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec={value}`, "user::", "group::", "other::", "user:bob:r--") + status},
	{"remove all", file + tree, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,group::rw-
		alice PUT {dir}/f?op=REMOVEACL` + status + `
		alice PUT {dir}/f?op=REMOVEACL
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,default:user:bob:rwx
		alice PUT {dir}/d?op=REMOVEACL` + dirStatus},
	{"remove the default ACL", tree + file, `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=user:bob:rwx,default:user:bob:rwx
		alice PUT {dir}/d?op=REMOVEDEFAULTACL` + dirStatus + `
		alice PUT {dir}/d?op=REMOVEDEFAULTACL
		alice PUT {dir}/f?op=REMOVEDEFAULTACL`},
	{"default entries are completed", tree, `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx` + dirStatus + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:group::rwx,default:other::---` + dirStatus + `
		alice PUT {dir}/d?op=REMOVEACLENTRIES&aclspec=default:user:bob:` + dirStatus + `
		alice PUT {dir}/d?op=REMOVEACLENTRIES&aclspec=default:user::,default:group::,default:other::,default:mask::` + dirStatus},
	{"a minimal default ACL", tree, `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user::rwx,default:group::r--,default:other::---` + dirStatus + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:mask::rwx` + dirStatus},
	{"the order of entries", tree, `
		alice PUT {dir}/d?op=SETACL&aclspec=other::r--,group:groupY:r--,default:other::r--,user:carol:r--,group::r--,default:user:bob:r--,user:bob:r--,user::rwx,group:a:r--,default:group:b:r--,user:Zed:r--` + dirStatus},
	{"chmod sets the mask", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-,group::r--
		alice PUT {dir}/f?op=SETPERMISSION&permission=600` + status + `
		alice PUT {dir}/f?op=SETPERMISSION&permission=670` + status + `
		alice PUT {dir}/f?op=REMOVEACL` + status},
	{"chown keeps the ACL", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		root PUT {dir}/f?op=SETOWNER&owner=carol&group=team` + status},
	{"the sticky bit survives", tree, `
		alice PUT {dir}/d?op=SETPERMISSION&permission=1755
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=user:bob:rwx` + dirStatus + `
		alice PUT {dir}/d?op=SETACL&aclspec=user::rwx,group::---,other::---` + dirStatus + `
		alice PUT {dir}/d?op=REMOVEACL` + dirStatus},
	{"an overwritten file loses its ACL", file + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-`, `
		alice PUT {dir}/f?op=CREATE&overwrite=true -> "new"` + status},
	{"an ACL moves with its file", file + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		alice PUT {dir}/f?op=RENAME&destination={dir}/g
		alice PUT {dir}/g?op=RENAME&destination={dir}/f`, status},
}

// aclRefusals covers what AclEntry.parseAclSpec, the parameter's pattern and AclTransformation refuse.
var aclRefusals = []row{
	{"spec values for modify", file + tree, try(`
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec={value}`, aclSpecs...) + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES` + status},
	{"spec values for set", file, try(`
		alice PUT {dir}/f?op=SETACL&aclspec={value}`, append([]string{
		"user:bob:r--", "user::rw-,group::r--", "user::rw-,other::r--", "group::r--,other::r--",
		"user::rw-,group::r--,other::r--,mask::r--", "user::rw-,group::r--,other::r--",
	}, aclSpecs...)...) + `
		alice PUT {dir}/f?op=SETACL` + status},
	{"spec values for remove", file, try(`
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec={value}`, aclSpecs...) + `
		alice PUT {dir}/f?op=REMOVEACLENTRIES` + status},
	{"default entries on a file", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=default:user:bob:r--
		alice PUT {dir}/f?op=SETACL&aclspec=default:user:bob:r--
		alice PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=default:user:bob:
		alice PUT {dir}/f?op=SETACL&aclspec=user::rw-,group::r--,other::---,default:user:bob:r--` + status},
	{"32 entries and one more", file, `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=` + manyEntries("", 28) + status + `
		alice PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:last:r--
		alice PUT {dir}/f?op=SETACL&aclspec=user::rw-,group::r--,other::---,` + manyEntries("", 29)},
	{"32 default entries and one more", tree, `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=` + manyEntries("default:", 28) + `,` + manyEntries("", 28) + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:last:r--
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=` + manyEntries("default:", 33)},
	{"not the owner", file, `
		bob PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		bob PUT {dir}/f?op=SETACL&aclspec=user::rw-,group::r--,other::---
		bob PUT {dir}/f?op=REMOVEACLENTRIES&aclspec=user:bob:
		bob PUT {dir}/f?op=REMOVEACL
		bob PUT {dir}/f?op=REMOVEDEFAULTACL
		super PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		root PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:carol:rw-
		bob PUT {dir}/f?op=MODIFYACLENTRIES&aclspec=user:carol:rw-`},
	{"missing and unreachable", file + private, try(`
		alice PUT {dir}/{value}?op=MODIFYACLENTRIES&aclspec=user:bob:rw-
		alice PUT {dir}/{value}?op=SETACL&aclspec=user::rw-,group::r--,other::---
		alice PUT {dir}/{value}?op=REMOVEACLENTRIES&aclspec=user:bob:
		alice PUT {dir}/{value}?op=REMOVEACL
		alice PUT {dir}/{value}?op=REMOVEDEFAULTACL
		alice GET {dir}/{value}?op=GETACLSTATUS
		root PUT {dir}/{value}?op=REMOVEACL
		root GET {dir}/{value}?op=GETACLSTATUS`, "missing", "missing/x", "f/x") + `
		bob PUT {dir}/p/f?op=REMOVEACL
		bob GET {dir}/p/f?op=GETACLSTATUS
		bob GET {dir}/p?op=GETACLSTATUS`},
}

// aclInheritance covers INodeDirectory.copyINodeDefaultAcl, with and without the client's umask.
var aclInheritance = []row{
	{"inherited by files and directories", tree + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx,default:group:groupY:r-x,default:other::r-x`, `
		alice PUT {dir}/d/new?op=MKDIRS
		alice GET {dir}/d/new?op=GETACLSTATUS
		alice PUT {dir}/d/newf?op=CREATE -> "x"
		alice GET {dir}/d/newf?op=GETACLSTATUS
		alice PUT {dir}/d/a/b/c?op=CREATE -> "x"
		alice GET {dir}/d/a?op=GETACLSTATUS
		alice GET {dir}/d/a/b?op=GETACLSTATUS
		alice GET {dir}/d/a/b/c?op=GETACLSTATUS
		alice PUT {dir}/d/m/n/o?op=MKDIRS&permission=700
		alice GET {dir}/d/m?op=GETACLSTATUS
		alice GET {dir}/d/m/n/o?op=GETACLSTATUS
		alice GET {dir}/d/sub?op=GETACLSTATUS`},
	{"masked and unmasked modes", tree + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx,default:group::rwx,default:other::rwx`, `
		alice PUT {dir}/d/a?op=MKDIRS&permission=750
		alice GET {dir}/d/a?op=GETACLSTATUS
		alice PUT {dir}/d/b?op=MKDIRS&permission=750&unmaskedpermission=777
		alice GET {dir}/d/b?op=GETACLSTATUS
		alice PUT {dir}/d/c?op=CREATE&permission=640 -> "x"
		alice GET {dir}/d/c?op=GETACLSTATUS
		alice PUT {dir}/d/e?op=CREATE&permission=640&unmaskedpermission=666 -> "x"
		alice GET {dir}/d/e?op=GETACLSTATUS
		alice PUT {dir}/d/g?op=MKDIRS&unmaskedpermission=700
		alice GET {dir}/d/g?op=GETACLSTATUS
		alice PUT {dir}/d/p/q?op=MKDIRS&permission=500&unmaskedpermission=511
		alice GET {dir}/d/p?op=GETACLSTATUS
		alice GET {dir}/d/p/q?op=GETACLSTATUS`},
	{"a minimal default ACL is inherited into the mode", tree + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user::rwx,default:group::r-x,default:other::---`, `
		alice PUT {dir}/d/a?op=MKDIRS&permission=777
		alice GET {dir}/d/a?op=GETACLSTATUS
		alice PUT {dir}/d/f?op=CREATE&permission=666&overwrite=true -> "x"
		alice GET {dir}/d/f?op=GETACLSTATUS
		alice PUT {dir}/d/g?op=CREATE&permission=600&unmaskedpermission=666 -> "x"
		alice GET {dir}/d/g?op=GETACLSTATUS
		alice GET {dir}/d/g?op=GETFILESTATUS`},
	{"only created entries inherit", tree + file + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx`, `
		alice PUT {dir}/f?op=RENAME&destination={dir}/d/moved
		alice GET {dir}/d/moved?op=GETACLSTATUS
		alice GET {dir}/d/f?op=GETACLSTATUS`},
	{"an access ACL is not inherited", tree + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=user:bob:rwx`, `
		bob PUT {dir}/d/new?op=MKDIRS
		bob GET {dir}/d/new?op=GETACLSTATUS
		bob GET {dir}/d/new?op=GETFILESTATUS`},
	{"the sticky bit beside a default ACL", tree + `
		alice PUT {dir}/d?op=MODIFYACLENTRIES&aclspec=default:user:bob:rwx`, `
		alice PUT {dir}/d/s?op=MKDIRS&permission=1777
		alice GET {dir}/d/s?op=GETACLSTATUS`},
}
