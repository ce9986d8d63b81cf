package namespace

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"

	"granary/auth/perm"
	"granary/namespace/filesum"
)

// CreateOptions are the parameters of CREATE.
type CreateOptions struct {
	Overwrite    bool       // replace an existing file
	MustExist    bool       // only overwrite, and make no new file: HDFS's createflag without CREATE
	CreateParent bool       // make missing directories above the file
	Mode         perm.Mode  // with the client's umask applied; the server applies none
	Unmasked     *perm.Mode // without the umask, for directories with a default ACL; nil if the client did not send it
	Replication  int        // 1 to MaxReplication; 0: DefaultReplication
	BlockSize    int64      // bytes, a multiple of 512 and at least the configured minimum; 0: DefaultBlockSize
	Size         int64      // length of the content in bytes; negative: not known before its end
	Lease        Lease      // from Promise, if the file was promised; the options that describe the file are then those of the promise

	inode int64 // the id under which its content is stored already; 0: none
}

// Create makes the file path with the given content and returns its status. The file appears as a whole, in one step,
// when all of it is durable; until then, and after a failure, there is no file, or the one that was there before.
// HDFS, in contrast, leaves a short file when a client disconnects. An overwritten file gets a new inode, as in HDFS.
//
// A file that was promised ([Session.Promise]) gets its content; if that fails, the file is removed.
//
// It needs write on the nearest existing ancestor and, to overwrite, on the file.
// Source: FSDirWriteFileOp of Hadoop 3.4.
func (s *Session) Create(ctx context.Context, path Path, o CreateOptions, content io.Reader) (Status, error) {
	const op = "create"
	if err := s.fs.completeOptions(path, s.client, &o); err != nil {
		return Status{}, s.dress(op, path, err)
	}
	if status, done, err := recall[Status](ctx, s, op, path); err != nil || done {
		return status, s.dress(op, path, err)
	}
	if !o.Lease.IsZero() {
		return s.keepPromise(ctx, path, o, content)
	}
	var project int64
	hasty := !s.fs.unlocked // refuse early only what is certain; the decision is made again when the content is there
	err := steadily(ctx, func() error {
		at, err := (&walker{ctx: ctx, s: s, hasty: hasty}).place(path, o)
		if err != nil && hasty {
			hasty, err = false, errStale
		}
		if err == nil {
			project = at.nodes[len(at.nodes)-1].project
		}
		return err
	})
	if err != nil {
		return firstAnswer(ctx, s, op, path, Status{}, s.dress(op, path, err))
	}
	content = s.withinQuotas(ctx, content, o.Size, roomForNew(path, o))
	b, err := s.fs.receiveNew(ctx, project, content, o.Size, func() (*filesum.Sum, error) { return filesum.New(o.BlockSize), nil })
	if err != nil {
		return Status{}, s.dress(op, path, err)
	}
	var status Status
	defer func() { s.fs.release(ctx, b, err) }()
	status, err = act(ctx, s, op, path, func(w *walker) (Status, *mutation, error) { return w.create(path, o, b) })
	return status, err
}

// completeOptions fills in defaults and refuses what HDFS refuses.
func (fs *FS) completeOptions(path Path, client string, o *CreateOptions) error {
	if o.BlockSize == 0 {
		o.BlockSize = DefaultBlockSize
	}
	if o.BlockSize < fs.minBlock {
		return fail(IO, "Specified block size %d is less than configured minimum value dfs.namenode.fs-limits.min-block-size=%d",
			o.BlockSize, fs.minBlock)
	}
	if o.BlockSize < 1 || o.BlockSize%filesum.ChunkSize != 0 {
		return fail(InvalidValue, "Invalid values: dfs.bytes-per-checksum (=%d) must divide block size (=%d).", filesum.ChunkSize, o.BlockSize)
	}
	if o.Replication == 0 {
		o.Replication = DefaultReplication
	}
	return checkReplication(path, o.Replication, ", clientName="+client)
}

// place finds where path would be created, and fails if it may not be.
func (w *walker) place(path Path, o CreateOptions) (*chain, error) {
	if !o.Overwrite {
		w.vacant = path
	}
	c, err := w.walk(path, Need{Ancestor: perm.Write, Create: true, Change: true, Add: true})
	if err != nil {
		return nil, err
	}
	n := c.node()
	switch {
	case n == nil && len(c.nodes) < len(c.names) && !o.CreateParent:
		return nil, fail(NotExist, "Parent directory doesn't exist: %s", c.path.Parent())
	case n == nil && o.MustExist:
		return nil, fail(NotExist, "Can't overwrite non-existent %s", c.path)
	case n == nil:
		return c, w.holds(c.path, nil)
	case n.dir():
		return nil, fail(Exist, "%s already exists as a directory", c.path)
	case w.s.condition.absent(), !o.Overwrite && w.s.condition.Match == nil:
		// A file whose writer is gone without having brought its first content counts as absent, even before the reaper removes it.
		newborn, err := w.free(c.path, n, createFile)
		switch {
		case err != nil:
			return nil, err
		case newborn:
			return c, w.holds(c.path, nil)
		case w.s.condition.absent():
			return nil, w.holds(c.path, n)
		}
		return nil, fail(Exist, "%s for client %s already exists", c.path, w.s.client)
	}
	if err := w.check(c, Need{Node: perm.Write, Create: true, Change: true}); err != nil {
		return nil, err
	}
	return c, w.holds(c.path, n)
}

// create plans the publication of b as path.
func (w *walker) create(path Path, o CreateOptions, b *body) (Status, *mutation, error) {
	c, err := w.place(path, o)
	if err != nil {
		return Status{}, nil, err
	}
	if c.nodes[len(c.nodes)-1].project != b.project {
		return Status{}, nil, stranded()
	}
	file, m, err := w.plan(c, o, b.size)
	if err != nil {
		return Status{}, nil, err
	}
	switch {
	case b.size == 0:
	case b.short != nil:
		m.effects.rows = []sealedRow{sealRow(file.key(), 0, b.short, b.key)}
	case b.pack != nil:
		m.effects.packed = []placed{b.packed(file.key(), 0)}
	default:
		m.touches = &touched{} // nothing besides its effects
		m.apply = func(ctx context.Context, tx pgx.Tx) error { return w.s.fs.publish(ctx, tx, file.key(), 0, b) }
	}
	return file.status(""), m, nil
}

// plan plans a new file of size bytes at the end of c, in place of an existing one. The caller adds its content.
func (w *walker) plan(c *chain, o CreateOptions, size int64) (*newborn, *mutation, error) {
	old := c.node()
	if old != nil {
		w.relied.content(old)
		c.nodes = c.nodes[:len(c.names)] // the new file takes the place of the old
	}
	deepest := &c.nodes[len(c.nodes)-1]
	last := modes{o.Mode, o.Unmasked}
	if o.Unmasked == nil { // HDFS then masks the mode itself, with nothing, which drops a sticky bit (FsCreateModes.applyUMask)
		last = modes{o.Mode &^ perm.Sticky, &o.Mode}
	}
	born, err := w.bear(c, kindFile, modes{mode: deepest.perms.Mode}.traversable(), last)
	if err != nil {
		return nil, nil, err
	}
	file := &born[len(born)-1]
	file.size, file.atime, file.replication, file.blockSize = size, file.mtime, o.Replication, o.BlockSize
	file.policy, file.lease, file.gen = deepest.policy, o.Lease.ID, firstGen
	if o.inode != 0 {
		file.id = o.inode
	}
	cost := bytesOf(file.size, file.replication, file.policy)
	cost.names = int64(len(born))
	if old != nil {
		cost.add(costOf(old).negative())
	}
	e := w.event(c, &file.node)
	e.detail.Size, e.detail.Made = &file.size, madeAbove(c, born)
	if old != nil {
		e.detail.Replaced = old.id
	}
	m := &mutation{event: e, charges: charged(c.quotas(), cost, newBlocks(&file.node, 0, size)), effects: births(born)}
	for i := range m.charges {
		m.charges[i].oneByOne = len(born) > 1 // HDFS makes the directories first, one by one
	}
	if old != nil {
		m.effects.gone = []*node{old}
		m.effects.visits = []visit{{dir: file.parent, mtime: file.mtime}}
	}
	return file, m, nil
}
