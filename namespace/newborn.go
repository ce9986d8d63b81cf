package namespace

import (
	"context"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
)

// newborn is an inode that a mutation is about to make.
type newborn struct {
	node
	parent key
	dir    Path // of the parent
	name   string
}

// bear plans the inodes that are missing on c's path: directories on the way, with modes above, and the last one, with modes
// last and of this kind. Each belongs to the principal and to its parent's group (the BSD rule of HDFS), and inherits a default ACL.
func (w *walker) bear(c *chain, kind byte, above, last modes) ([]newborn, error) {
	deepest := &c.nodes[len(c.nodes)-1]
	if err := c.path.checkNames(len(c.nodes) - 1); err != nil {
		return nil, err
	}
	parent, parentPerms, group := deepest.key(), deepest.perms, deepest.group
	now := w.s.fs.millis()
	born := make([]newborn, 0, len(c.names)+1-len(c.nodes))
	for i := len(c.nodes) - 1; i < len(c.names); i++ {
		id, err := w.s.fs.ids.id(w.ctx)
		if err != nil {
			return nil, err
		}
		b := newborn{parent: parent, dir: c.pathOf(i), name: c.names[i]}
		b.node = node{project: deepest.project, id: id, kind: kindDir, owner: w.s.p.User, group: group, mtime: now}
		mode := above
		if i == len(c.names)-1 {
			b.kind, mode = kind, last
		}
		b.perms = perm.Inherit(parentPerms, mode.mode, mode.unmasked, b.kind == kindDir)
		born = append(born, b)
		parent, parentPerms = b.key(), b.perms
	}
	return born, nil
}

// madeAbove returns the topmost of the directories that are made above the last of born, "" if there are none.
func madeAbove(c *chain, born []newborn) string {
	if len(born) == 1 {
		return ""
	}
	return c.placed(born[0].dir.Join(born[0].name)).String()
}

// modes is what a client asked for: the mode with its umask applied and, if it sent that, the mode without.
type modes struct {
	mode     perm.Mode
	unmasked *perm.Mode
}

// traversable adds what HDFS adds to directories made on the way (FSDirMkdirOp.addImplicitUwx): write and execute for
// the owner, who could not finish otherwise. The sticky bit is not passed on.
func (m modes) traversable() modes {
	return modes{m.mode&0o777 | 0o300, m.unmasked}
}

// deliver makes the planned inodes and counts them in their directories.
func (fs *FS) deliver(ctx context.Context, tx pgx.Tx, born []newborn) error {
	return fs.make(ctx, tx, births(born))
}

// births are the effects of making a path's inodes and counting them in their directories.
func births(born []newborn) *effects {
	e := &effects{born: born}
	for i, b := range born {
		e.visits = append(e.visits, visit{dir: b.parent, path: b.dir, mtime: b.mtime, delta: 1, limited: i == 0})
	}
	return e
}

// adopt counts one more child in dir, at path, unless the directory is full. Source: FSDirectory.verifyMaxDirItems of
// Hadoop 3.4.
func (fs *FS) adopt(ctx context.Context, tx pgx.Tx, dir key, path Path, mtime int64) error {
	return fs.adoptMany(ctx, tx, dir, path, mtime, 1)
}

// adoptMany is adopt for n children at once.
func (fs *FS) adoptMany(ctx context.Context, tx pgx.Tx, dir key, path Path, mtime, n int64) error {
	return fs.make(ctx, tx, &effects{visits: []visit{{dir: dir, path: path, mtime: mtime, delta: n, limited: true}}})
}
