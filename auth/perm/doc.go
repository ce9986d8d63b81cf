// Package perm is the algebra of permissions: modes, access control lists, and
// the question "may this caller do that here?". It does no I/O and knows no
// path, no database and no superuser; the caller brings the owner, the group
// and the group memberships.
//
// An inode's permissions are a [Perms]: nine mode bits and a sticky bit
// ([Mode]), and beside them an [ACL] that is empty for most inodes. The two are
// read together, as in POSIX.1e and in HDFS:
//
//   - Without access entries in the ACL, the mode's three classes are the rights
//     of the owner, the owning group and everyone else.
//   - With access entries (an extended ACL), the mode's group bits are the mask:
//     the most that any named user, named group or the owning group can get. The
//     owning group's own rights are then an entry of the ACL ("group::r-x").
//   - Default entries ("default:user:bob:rw-") decide nothing about the directory
//     that holds them. They are what its new children start from ([Inherit]).
//
// The logical ACL of an inode is thus spread over both places, as HDFS spreads
// it: owner, mask and other live in the mode, the rest in the ACL. The changes
// ([Perms.Modify], [Perms.Replace], [Perms.Remove]) gather it, change it, check
// it, and spread it again.
//
// The rules, their order and the wording of their refusals follow Apache Hadoop
// 3.4: AclTransformation and AclStorage (changes, storage, inheritance),
// FSPermissionChecker (evaluation), AclEntry and AclPermissionParam (the text
// form). testdata/hadoop holds answers recorded from those classes.
//
// Every value here is immutable once made: operations return new values and may
// be used from any number of goroutines.
package perm
