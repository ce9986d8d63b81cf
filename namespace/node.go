package namespace

import (
	"granary/auth/perm"
)

// RootID is the inode id of "/", the same as in HDFS.
const RootID = 16385

// Kinds of inodes, as stored.
const (
	kindFile = 'f'
	kindDir  = 'd'
)

// node is an inode as a walk saw it.
type node struct {
	project     int64
	id          int64
	at          tid  // of its row
	kind        byte // kindFile or kindDir: a walk steps through mounts
	owner       string
	group       string
	perms       perm.Perms
	version     int64
	gen         int64
	size        int64
	mtime       int64
	atime       int64
	replication int
	blockSize   int64
	children    int64
	lease       int64 // id of the lease that it is written under; 0: nobody writes it
	policy      int16 // storage policy: its own, or the nearest one above; 0: none
	inherits    bool  // the policy is from above
	hasXattrs   bool
	limits      limits
	use         byte    // useDataset, useShared, or unused
	shown       bool    // reached by the mount of a share, and not by its own path
	over        bool    // the share is over
	grants      []grant // of a dataset, to the principal
}

// What a directory is for besides holding files, as stored; useNone is how a walk sees NULL.
const (
	useNone    = '-'
	useDataset = 'd' // it can be shared
	useShared  = 's' // it shows what was shared with its project
)

func (n *node) dir() bool { return n.kind == kindDir }

// key identifies an inode among all projects.
type key struct {
	project, id int64
}

func (n *node) key() key { return key{n.project, n.id} }

// Status describes one inode, as the wire's FileStatus does.
type Status struct {
	Name        string // the entry's name in a listing; "" for what was asked for by its own path
	ID          int64
	Dir         bool
	Size        int64 // bytes; 0 for directories
	Owner       string
	Group       string
	Perms       perm.Perms
	MTime       int64 // milliseconds since 1970
	ATime       int64 // milliseconds since 1970; 0 when never set
	Replication int   // 0 for directories
	BlockSize   int64 // bytes; 0 for directories
	Children    int64 // direct children of a directory
	Policy      int   // id of the storage policy, set here or above; 0: none
	Gen         int64 // grows with each change of a file's content
	Version     int64 // while it is the same, the content only gets longer; truncation, long appends and changes of rights or place increase it (see [Session.Cut])
	Written     bool  // somebody is writing it; the rest is as it was before
}

func (n *node) status(name string) Status {
	return Status{
		Name: name, ID: n.id, Dir: n.dir(), Size: n.size, Owner: n.owner, Group: n.group, Perms: n.perms,
		MTime: n.mtime, ATime: n.atime, Replication: n.replication, BlockSize: n.blockSize, Children: n.children,
		Policy: int(n.policy), Gen: n.gen, Version: n.version, Written: n.lease != 0,
	}
}

// storedPerms reads the mode and acl columns of an inode.
func storedPerms(mode int16, acl *string) (perm.Perms, error) {
	p := perm.Perms{Mode: perm.Mode(mode)}
	if acl == nil {
		return p, nil
	}
	var err error
	p.ACL, err = perm.ParseACL(*acl)
	return p, err
}

// aclColumn returns what the acl column holds for p.
func aclColumn(p perm.Perms) *string {
	if p.ACL.IsZero() {
		return nil
	}
	text := p.ACL.String()
	return &text
}
