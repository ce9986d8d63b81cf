package namespace

import (
	"context"
	"strconv"
	"strings"

	"granary/auth/perm"
)

// Reserved paths are HDFS's alternative paths (FSDirectory.resolvePath of Hadoop 3.4): /.reserved/raw/<path> is <path>, with the
// attributes of the namespace raw, and /.reserved/.inodes/<id>/<path> is <path> below the inode of that id. Operations that read
// accept both. Those that change something accept raw ones, from superusers only, and find nothing at the others.
const (
	reservedRaw    = "raw"
	reservedInodes = ".inodes"
	snapshots      = ".snapshot"
)

// resolve returns the path that path stands for, which is path itself unless it is a reserved one.
func (fs *FS) resolve(ctx context.Context, path Path) (Path, error) {
	rest, ok := strings.CutPrefix(path.text, "/"+reserved+"/")
	if !ok {
		return path, nil
	}
	if plain, raw := path.cutRaw(); raw {
		return plain, nil
	}
	if kind, below, _ := strings.Cut(rest, "/"); kind == reservedInodes && below != "" {
		return fs.resolveInode(ctx, path, below)
	}
	return path, nil
}

// inodePath returns the reserved path of an inode.
func inodePath(id int64) Path {
	return Path{"/" + reserved + "/" + reservedInodes + "/" + strconv.FormatInt(id, 10)}
}

// cutRaw returns the path that a raw path stands for, and whether p is one.
func (p Path) cutRaw() (plain Path, raw bool) {
	const prefix = "/" + reserved + "/" + reservedRaw
	below, ok := strings.CutPrefix(p.text, prefix)
	if !ok || below != "" && below[0] != '/' {
		return p, false
	}
	return Path{below}, true
}

// resolveRaw is resolve for operations that change something.
func (w *walker) resolveRaw(path Path) (Path, error) {
	plain, raw := path.cutRaw()
	if raw {
		return plain, w.s.privileged(w.ctx, func() error { return w.s.superuserFor(hdfsName(w.op)) })
	}
	return path, nil
}

// hdfsName returns HDFS's name of an operation, such as setXAttr for "set xattr". For a CREATE, where op is empty, HDFS has none
// and says "null".
func hdfsName(op string) string {
	if op == "" {
		return "null"
	}
	if op == modifyingACL {
		return "modifyAclEntries"
	}
	words := strings.Fields(op)
	for i, word := range words[1:] {
		switch word {
		case "xattr":
			word = "XAttr"
		case "ACL":
			word = "Acl"
		}
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// resolveInode resolves path, of which below is what follows /.reserved/.inodes/.
func (fs *FS) resolveInode(ctx context.Context, path Path, below string) (Path, error) {
	number, rest, found := strings.Cut(below, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return Path{}, fail(NotExist, "Invalid inode path: %s", path)
	}
	at, err := fs.pathOfID(ctx, id)
	if err != nil {
		return Path{}, err
	}
	if at == nil {
		return Path{}, noInode(path)
	}
	if found {
		return Path{at.text + "/" + rest}, nil
	}
	return *at, nil
}

// named fails with errStale if c, which was found along the path that [FS.resolve] returned for path, does not lead through the inode that
// path names: that may have been moved in between, and something else have taken its place.
func (c *chain) named(path Path) error {
	if !path.byInode() {
		return nil
	}
	const before = 3 // names in the path of an inode
	names := path.names()
	depth := len(c.names) - (len(names) - before)
	if id, err := strconv.ParseInt(names[before-1], 10, 64); err != nil || depth >= len(c.nodes) || c.nodes[depth].id != id {
		return errStale
	}
	return nil
}

// byInode reports whether p names something by its inode.
func (p Path) byInode() bool {
	return strings.HasPrefix(p.text, "/"+reserved+"/"+reservedInodes+"/")
}

func noInode(path Path) error {
	return fail(NotExist, "File for given inode path does not exist: %s", path)
}

// reservedStatus returns the status of path, and true, if path names a directory that has no inode: /.reserved, or the snapshots of
// the root.
func reservedStatus(path Path) (Status, bool) {
	switch path.text {
	case "/" + reserved:
		return Status{ID: -1, Dir: true, Perms: perm.Perms{Mode: 0o1770}}, true
	case "/" + snapshots:
		return Status{ID: -1, Dir: true, Perms: perm.Perms{Mode: 0o777}}, true
	}
	return Status{}, false
}

// reservedEntries lists a directory for which reservedStatus reports true.
func reservedEntries(path Path) []Status {
	if path.text != "/"+reserved {
		return nil
	}
	entry := Status{ID: -1, Dir: true, Group: SuperGroup, Perms: perm.Perms{Mode: 0o770}}
	inodes, raw := entry, entry
	inodes.Name, raw.Name = reservedInodes, reservedRaw
	return []Status{inodes, raw}
}

// absent returns the error of a listing for a path that does not exist. A path <dir>/.snapshot would list the snapshots of <dir>.
func absent(c *chain, path Path) error {
	if path.Name() != snapshots {
		return fail(NotExist, "File %s does not exist.", path)
	}
	if c.parent() == nil {
		return fail(NotExist, "Directory does not exist: %s", path.Parent())
	}
	return notSnapshottable(path.Parent())
}
